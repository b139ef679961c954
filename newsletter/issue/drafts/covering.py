"""What a mail has besides the draft that it brings: a note to the editor, and a signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.issue.drafts.blocks import Block, BlockKind
from newsletter.issue.drafts.lines import Line

_DELIMITER = "--"  # RFC 3676, section 4.3; its space behind is often lost
_LONGEST_SIGNATURE = 12  # lines
_LONGEST_NOTE = 8  # lines
_GREETING = re.compile(
    r"(?i)(?:hi|hello|hey|dear|hallo|liebe[rs]?|moin|bonjour|salut|ch(?:er|ère)|hola|cześć|"
    r"szanown\w+|привіт|вітаю|добрий день|привет|здравствуйте|добры дзень)\b"
)
_TO_READERS = re.compile(
    r"(?i)reader|neighbo|subscriber|friend|member|leser|abonnent|nachbar|freund|lecteur|lector|"
    r"czytelni|читат|чытач|підписни|подписчи|сусід|сосед|друзі|друзья"
)
_OF_DRAFT = re.compile(
    r"(?i)\b(?:(?:my|the|a|our|this week[’']s|first|second|final|new) (?:draft|copy|piece|text)\b"
    r"(?= (?:for|of|below|from|is|that|you|we|as)\b|[.,:;!]|$)|drafts? (?:for|below|attached)|"
    r"(?:is|are) attached|attached (?:is|are)|please find|send(?:ing)? you|"
    r"(?:mein|der|ein|unser|hier) (?:text|entwurf)|anbei|mon (?:texte|brouillon)|ci-joint|"
    r"mi (?:texto|borrador)|mój (?:tekst|szkic)|мій (?:текст|матеріал)|чернетк\w+|надсилаю|"
    r"мой (?:текст|материал)|черновик\w*|высылаю|чарнавік\w*|дасылаю)"
)
_CLOSING = re.compile(
    r"(?i)(?:best|thanks|thank you|cheers|regards|kind regards|yours|love|lg|vg|viele grüße|danke|"
    r"merci|gracias|dzięki|дякую|спасибо|дзякуй)\b"
)


def taken(lines: Sequence[Line]) -> tuple[list[Block], list[Line], list[Block]]:
    """The note to the editor above a draft, the draft, and the signature below it.

    Both are fields that have no place in an issue, so that they are shown to the editor.
    """
    note = _note(lines)
    end = _signature(lines)
    above = [_block("note", lines[:note])] if note else []
    below = [_block("signature", lines[end + 1 :])] if end < len(lines) else []
    return above, list(lines[note:end]), below


def _block(key: str, lines: Sequence[Line]) -> Block:
    text = " ".join(line.text for line in lines)
    return Block(BlockKind.FIELD, text, lines[0].number, key=key)


def _note(lines: Sequence[Line]) -> int:
    """How many lines are a note; it greets somebody, and speaks of the draft."""
    if not lines or not _GREETING.match(lines[0].text) or _TO_READERS.search(lines[0].text):
        return 0
    end = _paragraph(lines, 0)
    if end == 1 and lines[0].text[-1] in ",!:" and len(lines[0].text) < 60:
        end = _paragraph(lines, 1)
    said = " ".join(line.text for line in lines[:end])
    if end >= len(lines) or end > _LONGEST_NOTE or not _OF_DRAFT.search(said):
        return 0
    closing = _paragraph(lines, end)
    is_closing = closing - end <= 3 and len(lines[end].text) < 40 and closing < len(lines)
    return closing if is_closing and _CLOSING.match(lines[end].text) else end


def _paragraph(lines: Sequence[Line], start: int) -> int:
    """Where the paragraph that begins at a line ends: before the next blank line."""
    behind = range(start + 1, len(lines))
    return next((index for index in behind if lines[index].blanks), len(lines))


def _signature(lines: Sequence[Line]) -> int:
    """The line that a signature begins with; the number of lines if there is none."""
    found = [index for index, line in enumerate(lines) if line.text == _DELIMITER]
    if not found or not 0 < len(lines) - found[-1] - 1 <= _LONGEST_SIGNATURE:
        return len(lines)
    return found[-1]
