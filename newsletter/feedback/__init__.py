"""What comes back: bounces, complaints, replies by machines, events of providers."""
