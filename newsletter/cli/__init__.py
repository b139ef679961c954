"""The command line: one command a file, options in, one call, one print."""
