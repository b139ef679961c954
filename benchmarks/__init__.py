"""What the program must reach, measured on this machine: ``make bench``."""
