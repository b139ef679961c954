r"""Plain text as Markdown that shows exactly that text.

Only what Markdown would read as a sign gets a backslash, so that an editor who opens the issue
finds her own words: ``5 * 3``, ``snake_case`` and ``[sic]`` stay as they are, ``*5*`` does not.
Web addresses stay links; what they say may not be touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from newsletter.issue.bare_links import BareLinks

_SIGN = re.compile(
    r"""(?P<always>[\\`])
      | (?P<star>\*)
      | (?P<underscore>_+)
      | (?P<tilde>~{2,}|\A~|~\Z)
      | (?P<bracket>[\[\]])
      | (?P<angle><(?=[A-Za-z/!?]))
      | (?P<entity>&(?=\#?\w+;))""",
    re.VERBOSE,
)
# "[sic]" is safe where nothing behind it makes a link, a definition or a footnote of it.
_BRACKETS = re.compile(r"(?<!\^)\[(?!\^)[^\[\]\\`*_~<&]*\](?![(\[:])")
_BLOCK = re.compile(
    r"""(?P<mark>>|\#{1,6}(?=[ \t]|$)|[-+*](?=[ \t]|$)|[-=:|](?=[-=:|\ \t]*$))
      | \d{1,9}(?P<dot>[.)](?=[ \t]|$))""",
    re.VERBOSE,
)
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f<>\\|]")
_UNBALANCED = re.compile(r"[\s\x00-\x20\x7f<>\\|()]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LONGEST = 2_048  # of an address; browsers and mail clients cut longer ones
_TOKEN = re.compile(rf"\S{{1,{_LONGEST + 1}}}")
_ADDRESS = re.compile(r"(?i)(?<![a-z0-9.+-])https?://|(?<![\w./@-])www\.")


def escape(text: str, *, in_link: bool = False) -> str:
    r"""Markdown that shows ``text``.

    Args:
        text: Plain text of one or more lines. Each line is taken for the start of a block, so a
            leading ``#``, ``-``, ``>`` or ``1.`` is escaped. Spaces around lines, which Markdown
            would read as code or as a line break, go.
        in_link: Whether it is to stand in the brackets of a link, where addresses are no links.

    Returns:
        The text, to be put into Markdown as it is. ``|`` is only escaped where it could begin a
        table; cells of tables need ``replace("|", r"\|")`` besides.
    """
    lines = (line.strip(" \t") for line in text.split("\n"))
    return "\n".join(
        escape_piece(line, is_start=True) if in_link else _with_links(line) for line in lines
    )


def escape_piece(text: str, *, is_start: bool = False) -> str:
    """As ``escape``, for a piece of a line without addresses; spaces at its ends stay.

    Args:
        text: Plain text without line breaks.
        is_start: Whether it begins a line.
    """
    block = _BLOCK.match(text) if is_start else None
    if not block:
        return _signs(text)
    at = block.start("mark") if block["mark"] else block.start("dot")
    return f"{text[:at]}\\{text[at]}{_signs(text[at + 1 :])}"


def _with_links(line: str) -> str:
    pieces: list[str] = []
    end = 0
    for start, stop in addresses(line):
        pieces += escape_piece(line[end:start], is_start=not end), line[start:stop]
        end = stop
    pieces.append(escape_piece(line[end:], is_start=not end))
    for index in range(1, len(pieces), 2):
        behind = pieces[index + 1]
        # A sign behind an address would be read as part of it.
        is_fenced = behind[:1] in {"\\", "&", "*", "_", "~", "<"}
        pieces[index] = escape_address(pieces[index], is_fenced=is_fenced)
        if pieces[index].startswith("["):
            pieces[index - 1] = before_bracket(pieces[index - 1])
    return "".join(pieces)


def escape_address(address: str, *, is_fenced: bool = True) -> str:
    """An address of ``addresses`` as Markdown that shows it and leads there.

    Args:
        address: ``https://…`` or ``www.…``.
        is_fenced: Whether signs may stand beside it.
    """
    if address[0] in "wW":
        written = _signs(f"{address};")[:-1]  # with what may stand behind it: "&lt" and ";"
        if written == address and not is_fenced:
            return address
        return f"[{written}]({destination('https://' + address)})"
    return f"<{address}>" if is_fenced else address


def is_address(text: str) -> bool:
    """Whether the whole text is a web address that Markdown makes a link of."""
    return text[:4].lower() == "http" and next(addresses(text), None) == (0, len(text))


def destination(url: str) -> str:
    """A web address for the round brackets of a link: what would end it is percent-encoded."""
    unsafe = _UNBALANCED if _is_unbalanced(url) else _UNSAFE
    return _ENTITY.sub("&amp;", unsafe.sub(lambda found: quote(found[0], safe=""), url))


def _is_unbalanced(url: str) -> bool:
    depth = 0
    for sign in re.findall(r"[()]", url):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            return True
    return depth > 0


def before_bracket(markdown: str) -> str:
    r"""Markdown that may stand before ``[``: ``!`` would make a picture of a link, ``^`` a note."""
    return f"{markdown[:-1]}\\{markdown[-1]}" if markdown.endswith(("!", "^")) else markdown


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each web address of a text that Markdown makes a link of."""
    end = 0
    for found in _ADDRESS.finditer(text):
        start = found.start()
        token = _TOKEN.match(text, start)
        if start < end or not token or len(token[0]) > _LONGEST:
            continue
        if found[0][0] in "wW":
            matches = _links().match(token[0]) or []
            match = next((m for m in matches if m.index == 0), None)
        else:
            match = _links().match_at_start(token[0])
        if match:
            end = start + len(match.text.rstrip("*"))
            yield start, end


def _links() -> BareLinks:
    from newsletter.issue.bare_links import bare_links  # only drafts with addresses pay for it

    return bare_links()


def _signs(text: str) -> str:
    plain = [found.span() for found in _BRACKETS.finditer(text)] if "[" in text else []
    safe = {at for start, end in plain for at in (start, end - 1)}

    def escaped(found: re.Match[str]) -> str:
        start, end = found.span()
        before, behind = text[start - 1 : start], text[end : end + 1]
        if found["star"] and before.isspace() and behind.isspace():
            return found[0]
        if found["underscore"] and before.isalnum() and behind.isalnum():
            return found[0]
        if found["bracket"] and start in safe:
            return found[0]
        return "".join(f"\\{sign}" for sign in found[0])

    return _SIGN.sub(escaped, text)
