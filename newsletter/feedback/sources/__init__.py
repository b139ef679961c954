"""Where mail that came back is read from: one file a kind of place."""
