"""When an issue may go out, and the way from a command to its campaign."""
