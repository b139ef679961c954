"""The same letter by aiosmtplib and the standard library's EmailMessage: 20 connections.

python -m benchmarks.peers.aiosmtplib_sender PORT READERS
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import time
from email.message import EmailMessage
from email.policy import SMTP

from benchmarks.delivery_letter import letter

CONNECTIONS = 20
aiosmtplib = importlib.import_module("aiosmtplib")  # not among what the project needs


async def main(port: int, readers: int) -> None:
    """Send and print messages a second."""
    edition = letter()
    numbers = iter(range(readers))

    async def work() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        for number in numbers:
            values = {
                "name": f"Ada Sample {number}",
                "unsubscribe_url": f"https://letter.example.org/unsubscribe/{number:032x}",
            }
            message = EmailMessage(SMTP)
            message["From"] = "The Harbour Letter <letter@example.org>"
            message["To"] = f"reader{number}@example.com"
            message["Subject"] = edition.subject.fill(values)
            message.set_content(edition.text.fill(values), cte="quoted-printable")
            message.add_alternative(edition.html.fill(values), subtype="html")
            await client.send_message(message)
        await client.quit()

    began = time.perf_counter()
    await asyncio.gather(*[work() for _ in range(CONNECTIONS)])
    print(readers / (time.perf_counter() - began))


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
