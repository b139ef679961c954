"""Later evidence of deliveries that are unknown: the relay's log, and bounces."""
