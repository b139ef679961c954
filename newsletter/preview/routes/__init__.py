"""What the preview answers, one noun a file; each has ``routes(site)``."""
