"""A letter's HTML and a message's source, made ready to be looked at."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

from newsletter.preview.mail import Picture
from newsletter.preview.view import digest_of

# Where a letter shows a part of its own message (RFC 2392): src="cid:…", url(cid:…).
_CID = re.compile(r"(?i)([\"'(=]\s*)cid:([^\"'()<>\s]+)")

_REMOTE = re.compile(r"""(?i)<(?:img|source)\b[^>]*?\ssrc(?:set)?=["']?(https?://[^"'\s>]+)""")

# A picture in base64 (RFC 2045 §6.8) is thousands of lines that nobody reads.
_BASE64 = re.compile(r"((?:^[A-Za-z0-9+/]{60,76}\n){3})((?:^[A-Za-z0-9+/=]{1,76}\n){20,})", re.M)


def with_pictures(
    letter: str, pictures: Mapping[str, Picture], folder: str, assets_url: str = ""
) -> str:
    """The letter byte for byte, but for the addresses of its pictures, which lead to ``folder``.

    Args:
        letter: HTML.
        pictures: The project's pictures in it, by Content-ID, or by name if they are hosted. Others
            keep their address, and so are not shown.
        folder: Path on this server, without a slash at the end.
        assets_url: Where the hosted ones are for readers, without a slash at the end.
    """

    def address(match: re.Match[str]) -> str:
        name = unquote(html.unescape(match[2]))
        if name not in pictures:
            return match[0]
        return f"{match[1]}{folder}/{quote(name, safe='')}?v={digest_of(pictures[name].data)}"

    letter = _CID.sub(address, letter)
    if assets_url:
        hosted = re.compile(rf"([\"'(=]\s*){re.escape(html.escape(assets_url))}/([\w.-]+)")
        letter = hosted.sub(address, letter)
    return letter


def remote_pictures(letter: str, assets_url: str, hosted: Iterable[str]) -> int:
    """How many pictures a letter would fetch from elsewhere than the project.

    Args:
        letter: HTML.
        assets_url: Where the project's own are hosted.
        hosted: The names of those.
    """
    sources = {html.unescape(found) for found in _REMOTE.findall(letter)}
    own = {f"{assets_url}/{name}" for name in hosted} if assets_url else set()
    return len(sources - own)


def without_long_base64(source: str) -> str:
    """The source of a message; of each embedded file only the beginning, and how much is left."""

    def shortened(match: re.Match[str]) -> str:
        return f"{match[1]}[{match[2].count(chr(10)):,} more lines of this file]\n"

    return _BASE64.sub(shortened, source)
