"""Letters that only their reader can open: OpenPGP (RFC 9580) inside PGP/MIME (RFC 3156)."""
