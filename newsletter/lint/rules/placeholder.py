r"""Words that stand in for words to come.

What: ``TK`` and ``TKTK`` ("to come"), ``TODO``, ``FIXME``, "lorem ipsum", ``[link]``, ``INSERT …
HERE`` as whole words; ``XXX`` only warns, since it is also the Roman numeral 30. Code and web
addresses are not looked at.

Why: they go out to every reader, under the newsroom's name.

Source: copy editors' marks; proselint's check of annotations left in a text.

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

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Problem, Target
from newsletter.lint.text import texts, without_addresses, without_code

ID = "placeholder"
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

_CERTAIN = re.compile(
    # TK Maxx and TK Elevator are firms; TK 1952 is a flight, TK 500 an amount in taka.
    r"(?<![\w.&-])(?:TK)+(?!\w|-?\d| ?\d| Maxx\b| Elevator\b)"
    # A to-do list and a to-do app are things to write about.
    r"|(?<![\w.#-])(?:TODO|TO-DO:|FIXME)(?![\w.]\w| lists?\b| apps?\b| items?\b)\b"
    r"|(?i:\blorem ipsum\b)"
    # "[link](…)", "[link][1]" and "[link]: …" are Markdown.
    r"|(?i:\[(?:link|links|url)(?: (?:tk|to come|here|to \w+))?\](?![(\[:]))"
    r"|\bINSERT (?:[A-Z]+ ){0,3}HERE\b"
    r"|(?i:[\[<(]insert [^\])>\n]{1,60}[\])>])",
)
_LIKELY = re.compile(r"(?<![\w.-])X{3,}(?![\w.-])")

_TODO_IS_A_WORD = frozenset({"ast", "es", "gl", "pt"})
"""Languages in which an upper-case headline may well say TODO, "everything"."""


def check(context: Context) -> Iterator[Problem]:
    """A problem for each placeholder in any text that readers read."""
    language = (context.issue.language or context.publication.language).split("-")[0].lower()
    for text in texts(context.issue):
        words = without_code(text.value) if text.markdown else text.value
        words = without_addresses(words)
        for match in _CERTAIN.finditer(words):
            if (
                match[0] == "TODO"
                and language in _TODO_IS_A_WORD
                and not words.startswith(":", match.end())
            ):
                continue
            yield Problem(f'"{match[0]}" is a placeholder', _HINT, text.where, match.start())
        for match in _LIKELY.finditer(words):
            yield Problem(
                f'"{match[0]}" looks like a placeholder',
                _HINT,
                text.where,
                match.start(),
                Severity.WARNING,
            )


_HINT = "Write what belongs there, or take it out."
