"""Making the messages: what all readers get is encoded once, what is one's own each time."""
