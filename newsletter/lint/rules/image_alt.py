"""Alt text that does not say what a picture shows.

What: an alt text that is a file name, a word like "photo", or a single character; an alt text
that repeats the caption.

Why: readers who do not see a picture hear its alt text instead, and many inboxes block pictures
and show it in their place. "IMG_2041.jpg" tells them nothing; the caption is read to them anyway.

Source: W3C WAI, Images Tutorial, Tips and Tricks; WCAG 2.2, failure F30 (text alternatives that
are not alternatives, such as file names or placeholder text).

Bad::

    sections:
      - kind: picture
        image:
          src: https://example.com/harbour.jpg
          alt: IMG_2041.jpg

Good::

    sections:
      - kind: picture
        image:
          src: https://example.com/harbour.jpg
          alt: A white ferry leaves the harbour at dusk
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.markdown import pictures
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import folded, images, length, texts

ID = "A15"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_FILE_NAME = re.compile(
    r".+\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?|bmp)|(?:img|dsc[fn]?|pxl|image)[-_]?\d[\w-]*",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:an? |the )?(?:image|img|photo|photograph|picture|pic|icon|graphic|graphics|illustration|"
    r"logo|banner|screenshot|bild|foto|imagen|imagem|immagine|zdjęcie|obraz|"
    r"фото|фотография|фотографія|фотаздымак|изображение|зображення|картинка|выява)"
    r"(?: ?\d+)?"
)


def check(context: Context) -> Iterator[Problem]:
    """Problems of every picture; an empty alt text marks decoration, but for one inside a text."""
    for where, image in images(context.issue):
        if image.alt and (wrong := _wrong(image.alt.strip(), image.caption or "")):
            yield Problem(*wrong, (*where, "alt"))
    for text in texts(context.issue):
        for picture in pictures(text.value) if text.markdown else ():
            if wrong := _wrong(picture.alt.strip(), ""):
                yield Problem(*wrong, text.where, picture.offset)


def _wrong(alt: str, caption: str) -> tuple[str, str] | None:
    if not alt:
        return "the picture has no alt text", "Say what it shows: ![A ferry at dusk](ferry.jpg)"
    if _FILE_NAME.fullmatch(alt):
        return f'the alt text "{alt}" is a file name', _HINT
    if _GENERIC.fullmatch(folded(alt)) or length(alt) == 1:
        return f'the alt text "{alt}" does not say what is shown', _HINT
    if folded(alt) == folded(caption):
        return (
            "the alt text repeats the caption",
            "Readers who do not see the picture get both: say in alt what the caption leaves out.",
        )
    return None


_HINT = "Say in one sentence what the picture shows."
