"""An edition goes to its audience, and the outcome for each reader is recorded."""
