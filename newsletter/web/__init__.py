"""Public pages for readers: the archive, subscribing, unsubscribing."""
