"""An issue becomes an edition: HTML and text with merge fields still open. No network."""
