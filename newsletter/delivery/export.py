"""An edition as files: a page, a text and a message, to look at or to pass on."""

from __future__ import annotations

import base64
from pathlib import Path

from newsletter.delivery.message import Sender
from newsletter.delivery.sample import sample_message, sample_reader
from newsletter.files import write_atomically
from newsletter.render.edition import Edition


def write_files(edition: Edition, sender: Sender, folder: Path) -> tuple[Path, ...]:
    """Write ``SLUG.html``, ``SLUG.txt`` and ``SLUG.eml`` as the sample reader would get them.

    The message is written byte for byte as it would be sent. In the page, pictures that travel
    inside the message are embedded as ``data:`` addresses, so that the one file shows everything.

    Raises:
        NewsletterError: A file cannot be written; those written before it are whole.
    """
    message = sample_message(edition, sender)
    reader = sample_reader(edition)
    values = reader.merge_values(edition, sender)
    page = edition.html.fill(values)
    for image in edition.images:
        data = base64.b64encode(image.data).decode()
        page = page.replace(f"cid:{image.cid}", f"data:{image.content_type};base64,{data}")
    files: dict[Path, str | bytes] = {
        folder / f"{edition.slug}.html": page,
        folder / f"{edition.slug}.txt": edition.text.fill(values),
        folder / f"{edition.slug}.eml": message.data,
    }
    for path, content in files.items():
        write_atomically(path, content)
    return tuple(files)
