"""Words that stand in for words to come.

What: ``TK`` and ``TKTK`` ("to come"), ``TODO``, ``FIXME``, "lorem ipsum", ``[link]``,
``[name tk]``, ``INSERT … HERE``, merge fields of other programs (``*|FNAME|*``, ``%%name%%``,
``{name}``, ``[[name]]``), "To be placed" where a draft was brought in, and the newsroom's own
``placeholders``. ``XXX``, which is also the Roman numeral 30, ``???`` by itself, and empty
brackets only warn. Code and web addresses are not looked at.

Why: they go out to every reader, under the newsroom's name.

Source: copy editors' marks; proselint's check of annotations left in a text; the merge fields of
Mailchimp, Salesforce, Campaign Monitor, Mailgun and Brevo.

Bad::

    sections:
      - headline: Ferry returns
        body: The fare is TK roubles.

Good::

    sections:
      - headline: TK Maxx opens at the ferry port
        body: The fare is two roubles.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.drafts.blocks import TO_BE_PLACED
from newsletter.issue.merge_field import FIELD
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import Text, texts, without_addresses, without_code

ID = "N07"
GROUP = Group.EDITORIAL
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

_CERTAIN = re.compile(
    # TK Maxx and TK Elevator are firms; TK 1952 is a flight, TK 500 an amount in taka.
    r"(?<![\w.&-])(?:TK)+(?!\w|-?\d| ?\d| Maxx\b| Elevator\b)"
    # A to-do list and a to-do app are things to write about.
    r"|(?<![\w.#-])(?:TODO|TO-DO:|FIXME)(?![\w.]\w| lists?\b| apps?\b| items?\b)\b"
    r"|\b[Ll](?:orem ipsum|OREM IPSUM)\b"
    r"|\bINSERT (?:[A-Z]+ ){0,3}HERE\b"
)
# Written small only where nothing else can be meant.
_TO_COME = re.compile(r"(?i)(?<!\w)tktk(?:tk)*(?!\w)|[$£€]tk\b|\(tk\)")
_BRACKETED = re.compile(
    # "[link](…)", "[link][1]" and "[link]: …" are Markdown.
    r"(?i)(?<!\[)\[(?:link|links|url|image|photo|picture|name|date|headline|caption|credit|quote|source)"
    r"(?: (?:tk|to come|here|to \w+))?\](?![(\[:])"
    r"|[\[<(]insert [^\])>\n]{1,60}[\])>]"
    r"|\[(?:[^\]\[\n]{0,60}\s)?tk(?:\s[^\]\[\n]{0,60})?\](?![(\[:])"
    # "[PHOTO: ferry.jpg, credit Ada]": a note to whoever makes up the page.
    r"|\[(?:photo|picture|pic|image|foto|bild|фото|світлина|caption|graphic|chart|map|video)\s*\d*\s*"
    r":[^\]\n]{0,200}\](?![(\[:])"
    r"|\[(?:your|first|last|company|full)[ _-]?(?:name|email|link|text)[^\],\n]{0,20}\](?![(\[:])"
)
_LIKELY = re.compile(r"(?<![\w.-])X{3,}(?![\w.-])|(?<![\w?!)\]”\"»’'])\?{3,}(?![\w?!”\"»])")
# Behind a word "()" belongs to a function, behind "]" or "!" brackets are Markdown.
_EMPTY = re.compile(r"(?<![\w\])!(\[])(?:\([ \t]*\)|\[\](?![(\[:]))")

_READERS = (
    r"(?:f|l|first|last|full|user|reader|subscriber|recipient|contact|member)?[ _.-]?name|e-?mail|"
    r"(?:subscriber|recipient|contact|user|member|customer|profile)[._][\w.]+|"
    r"vorname|nachname|anrede|pr[eé]nom|nombre|imi[eę]|имя|ім['’]?я|unsubscribe\w*"
)
_FOREIGN_FIELDS = re.compile(
    r"\*\|[\w:. /-]+\|\*"
    r"|%%[A-Za-z_][\w .=-]*%%"
    r"|%(?:recipient|subscriber|user|contact)[._][\w.]+%"
    rf"|(?i:(?<!\{{)[$#]?\{{ ?(?:{_READERS}) ?\}}(?!\}}))"
    rf"|(?i:\[\[ ?(?:{_READERS}) ?\]\])"
    rf"|(?i:<<? ?(?:{_READERS}) ?>>?)"
    rf"|(?i:\[(?:{_READERS}),\s?fallback=[^\]\n]*\])"
)
_NAMED = re.compile(r"(?i)name|vorname|pr[eé]nom|nombre|imi[eę]|имя|ім['’]?я")

_TODO_IS_A_WORD = frozenset({"ast", "es", "gl", "pt"})
"""Languages in which an upper-case headline may well say TODO, "everything"."""


def check(context: Context) -> Iterator[Problem]:
    """A problem for each placeholder in any text that readers read."""
    language = context.language.split("-")[0].lower()
    own = _own(context.options.placeholders)
    for text in texts(context.issue):
        words = text.value
        if text.markdown and "`" in words:
            words = without_code(words)
        if "](" in words or "://" in words or "www." in words.lower():
            words = without_addresses(words)
        for match in _certain(words, own):
            if (
                match[0] == "TODO"
                and language in _TODO_IS_A_WORD
                and not words.startswith(":", match.end())
            ):
                continue
            yield Problem(f'"{match[0]}" is a placeholder', _HINT, text.where, match.start())
        if "{" in words or "|*" in words or "%" in words or "[" in words or "<" in words:
            yield from _fields(text, words)
        yield from _to_be_placed(text)
        yield from _likely(text, words)


_HINT = "Write what belongs there, or take it out."


def _certain(words: str, own: re.Pattern[str] | None) -> Iterator[re.Match[str]]:
    # Most texts have no sign of any; asking for it first takes a tenth of the time.
    folded = words.lower()
    if any(sign in folded for sign in ("tk", "todo", "to-do:", "fixme", "lorem", "insert")):
        yield from _CERTAIN.finditer(words)
        yield from (m for m in _TO_COME.finditer(words) if not m[0].isupper() or "(" in m[0])
    if "[" in words or "insert" in folded:
        yield from (m for m in _BRACKETED.finditer(words) if not _CERTAIN.search(m[0]))
    if own:
        yield from own.finditer(words)


@functools.lru_cache(maxsize=8)
def _own(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """The newsroom's own placeholders as whole words, in capitals or not."""
    if not any(word.strip() for word in words):
        return None
    either = "|".join(re.escape(word.strip()) for word in words if word.strip())
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def _fields(text: Text, words: str) -> Iterator[Problem]:
    rest = FIELD.sub(lambda field: " " * len(field[0]), words)
    for match in _FOREIGN_FIELDS.finditer(rest):
        named = "{{ name | friend }}" if _NAMED.search(match[0]) or "NAME" in match[0] else ""
        yield Problem(
            f'"{match[0]}" is no merge field here: readers would see it as it stands',
            f"Write {named}, with the words for readers whose name is not known."
            if named
            else "A merge field is a name and what stands in without it: {{ name | friend }}",
            text.where,
            match.start(),
        )


def _to_be_placed(text: Text) -> Iterator[Problem]:
    at = text.value.find(TO_BE_PLACED)
    if at >= 0:
        yield Problem(
            "what stands from here on has no place yet",
            'Move each part to where it belongs, and take "To be placed" out.',
            text.where,
            at,
        )


def _likely(text: Text, words: str) -> Iterator[Problem]:
    if "XXX" in words or "???" in words:
        for match in _LIKELY.finditer(words):
            said = f'"{match[0]}" looks like a placeholder'
            yield Problem(said, _HINT, text.where, match.start(), Severity.WARNING)
    if "(" in words or "[]" in words:
        for match in _EMPTY.finditer(words):
            said = f'nothing stands in the brackets "{match[0]}"'
            yield Problem(said, _HINT, text.where, match.start(), Severity.WARNING)
