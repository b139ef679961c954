"""The proof: one file that shows an issue as its readers get it, for the desk to sign off."""
