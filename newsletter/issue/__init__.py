"""The manuscript: an issue as its editor wrote it, with the place of every value."""
