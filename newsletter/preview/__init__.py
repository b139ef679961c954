"""The proofing desk: local pages for editors."""
