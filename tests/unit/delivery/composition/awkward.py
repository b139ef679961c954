"""Readers and letters that are hard to put into a message."""

from __future__ import annotations

import dataclasses
import datetime

from hypothesis import strategies as st

from newsletter.delivery.message import Recipient
from newsletter.render.edition import Edition, EmbeddedImage
from newsletter.render.merge import Context, Merged, Slot
from tests.unit.delivery.kit import NOON, make_edition

_CHUNKS = [
    "Ada Sample",
    "Ada  Sample",
    "Ada ",
    "x",
    "Олена Прикладна",
    "José",
    "مرحبا بكم",
    "👩‍👩‍👧‍👦",
    "e\u0301",
    "שלום",
    ".",
    "From ",
    "=",
    "=?utf-8?q?x?=",
    " ",
    "  ",
    "\t",
    "\r\n",
    "\n.\r\n",
    "\r",
    "\0",
    "\x85",
    "\u2028",
    "\xa0",
    "\u200f",
    "&",
    "<b>",
    "'\"",
    "{{ name }}",
    "%",
    "/?#",
    "donaudampfschifffahrt",
    "--=_alternative--",
]
_LENGTHS = [1, 2, 24, 25, 26, 74, 75, 76, 77, 150, 800]

values = st.one_of(
    st.sampled_from(_CHUNKS),
    st.text(max_size=90),
    st.lists(st.sampled_from(_CHUNKS), max_size=12).map("".join),
    st.builds(
        lambda chunk, times: (chunk * times)[:5000],
        st.sampled_from(_CHUNKS),
        st.sampled_from(_LENGTHS),
    ),
    st.sampled_from(["Ada\ud800", "\udfff"]),
)
"""What may stand in a reader's record."""

_FIELDS = ("name", "city", "email", "unsubscribe_url", "view_url")

readers = st.builds(
    Recipient,
    st.sampled_from(
        ["ada@example.com", "пример@example.org", "ada@bücher.example.com", "A.B@x.org"]
    ),
    st.one_of(st.sampled_from(["t0ken", "x" * 43]), st.text(min_size=1, max_size=60)),
    st.dictionaries(st.sampled_from(_FIELDS), values, max_size=4),
)

_slots = st.builds(
    Slot,
    st.sampled_from(_FIELDS),
    st.sampled_from(["", "reader", "друже", "Käfer & Co.", ".", "x" * 80]),
    st.sampled_from(Context),
)
_stretches = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60),
    st.builds(
        lambda chunk, times: (chunk * times)[:5000].replace("\r", ""),
        st.sampled_from([*_CHUNKS, "\n", "a\n", " \n"]),
        st.sampled_from(_LENGTHS),
    ),
)
merged = st.lists(st.one_of(_slots, _stretches, _slots), max_size=9).map(
    lambda parts: Merged(tuple(parts))
)
"""Texts cut at their merge fields; a place may stand first, last, or beside another."""

_subjects = st.one_of(
    st.just(Merged(("Ferry to run all winter",))),
    st.builds(lambda slot: Merged(("News for ", slot)), _slots),
)
_images = st.sampled_from(
    [
        (),
        (EmbeddedImage("ferry@letter", "фото «ferry».jpg", "image/jpeg", bytes(range(256)) * 3),),
        (
            EmbeddedImage("1@letter", 'a "b" \\ c.png', "image/png", b"\x89PNG" * 50),
            EmbeddedImage("2@letter", "empty.gif", "image/gif", b""),
        ),
    ]
)


def _edition(
    subject: Merged, text: Merged, html: Merged, images: tuple[EmbeddedImage, ...], view_url: str
) -> Edition:
    return dataclasses.replace(
        make_edition(), subject=subject, text=text, html=html, images=images, view_url=view_url
    )


editions = st.builds(
    _edition,
    _subjects,
    merged,
    merged,
    _images,
    st.sampled_from(["", "https://letter.example.org/2026-11-20"]),
)

dates = st.datetimes(
    datetime.datetime(1999, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
    datetime.datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([datetime.UTC, datetime.timezone(datetime.timedelta(hours=5.5))]),
) | st.just(NOON)
