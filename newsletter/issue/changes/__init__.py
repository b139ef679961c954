"""What changed in words between two versions of an issue."""
