"""What became of an issue: sent, accepted, come back, complained about."""
