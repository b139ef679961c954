"""Lists as other programs export them, known by the names of their columns."""
