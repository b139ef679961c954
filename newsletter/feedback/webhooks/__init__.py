"""Events that providers send us over HTTP: one file a provider, and what they have in common."""
