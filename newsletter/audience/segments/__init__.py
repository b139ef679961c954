"""Which readers of a list: a small expression over what is known of them."""
