"""An SMTP client: a protocol core without a network, and asyncio around it."""
