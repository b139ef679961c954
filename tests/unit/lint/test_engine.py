from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from newsletter.findings import Finding

ISSUE = """
# Comments come first.
subject: The ferry is back
preheader: The ferry is back
summary:
  - text: The ferry is back.
    story: fery
sections:
  - headline: TK
    id: ferry
    body: Back <b>again</b>.
"""


def test_findings_come_from_top_to_bottom_the_worst_of_a_place_first(
    everything: Callable[..., list[Finding]],
) -> None:
    assert [f"{f.line}:{f.column} {f.severity} {f.rule}" for f in everything(ISSUE)] == [
        "3:12 error preheader-repeats-subject",
        "3:12 warning preheader-length",
        "6:12 error summary-story",
        "8:15 error placeholder",
        "10:16 error raw-html",
    ]


def test_a_sound_issue_has_no_findings(everything: Callable[..., list[Finding]]) -> None:
    assert everything("") == []


def test_what_concerns_the_whole_letter_stands_where_the_issue_begins(
    everything: Callable[..., list[Finding]],
) -> None:
    (found,) = everything("subject: The ferry is back", text="Bye.")
    assert (found.line, found.column, found.rule) == (1, 1, "unsubscribe-link")


def test_a_full_issue_in_other_scripts_has_no_findings(
    everything: Callable[..., list[Finding]],
) -> None:
    """Curly and angled quotes, dashes, numerals, abbreviations, right-to-left text."""
    assert (
        everything("""
        subject: «Паром» возвращается — с пятницы
        preheader: А ещё библиотека, открытая до десяти, и рынок, который ищет имя
        language: ru
        intro: |
          Добрый день, {{ name | друг }}!

          По новому ТК — шаг вперёд: «отпуск „длиннее“», т. е. 30 дней в XXI в.
        sections:
          - headline: "«So,» she said: «it’s „back“» & 100 % on time"
            body: |
              He paid $5 < $6 [sic], see [the list](https://example.com/a_(b)?x=1&y=2).[^1]

              * one — *two*
              * **three**

              | Fare | Price |
              |------|------:|
              | one  | 1,50  |

              [^1]: A note.
          - kind: quote
            text: |
              שלום לכולם, המעבורת חזרה! العبّارة عادت.
            source: دانا
          - kind: divider
        """)
        == []
    )


def test_no_rule_is_imported_before_somebody_lints() -> None:
    code = (
        "import sys, newsletter.lint.engine;"
        "assert not [m for m in sys.modules if m.startswith('newsletter.lint.rules.')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path.cwd())
