"""Proof that nobody is lost and nobody is mailed twice: a relay that misbehaves, and kills."""
