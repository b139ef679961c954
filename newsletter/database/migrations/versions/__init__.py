"""One migration a file, oldest first; a released one is never changed."""
