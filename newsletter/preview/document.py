"""A letter's HTML and a message's source, made ready to be looked at."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from newsletter.preview.mail import Picture
from newsletter.preview.view import digest_of

# Where a letter shows a part of its own message (RFC 2392): src="cid:…", url(cid:…).
_CID = re.compile(r"(?i)([\"'(=]\s*)cid:([^\"'()<>\s]+)")


# A picture in base64 (RFC 2045 §6.8) is thousands of lines that nobody reads.
_BASE64 = re.compile(r"((?:^[A-Za-z0-9+/]{60,76}\n){3})((?:^[A-Za-z0-9+/=]{1,76}\n){20,})", re.M)


def with_pictures(letter: str, pictures: Mapping[str, Picture], folder: str) -> str:
    """The letter byte for byte, but for ``cid:`` addresses, which lead to ``folder``.

    Args:
        letter: HTML.
        pictures: What travels with it, by Content-ID. Others stay ``cid:`` and so stay broken.
        folder: Path on this server, without a slash at the end.
    """

    def address(match: re.Match[str]) -> str:
        cid = unquote(html.unescape(match[2]))
        if cid not in pictures:
            return match[0]
        return f"{match[1]}{folder}/{quote(cid, safe='')}?v={digest_of(pictures[cid].data)}"

    return _CID.sub(address, letter)


def without_long_base64(source: str) -> str:
    """The source of a message; of each embedded file only the beginning, and how much is left."""

    def shortened(match: re.Match[str]) -> str:
        return f"{match[1]}[{match[2].count(chr(10)):,} more lines of this file]\n"

    return _BASE64.sub(shortened, source)
