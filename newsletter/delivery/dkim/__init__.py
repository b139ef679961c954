"""Signing messages, so that receivers know whose they are and that nothing in them was changed."""
