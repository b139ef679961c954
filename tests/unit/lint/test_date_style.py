from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("language", "text", "rare"),
    [
        ("en", "On 20 August, on 27 August and on Sept. 3.", "Sept. 3"),
        ("en", "On Aug. 20, on Sept. 27 and on October 3.", "October 3"),
        ("en", "On August 20, on September 27 and on 3 October.", "3 October"),
        ("en", "On August 20, on September 27 and on 8/20.", "8/20"),
        ("en", "On August 20, on September 27 and on 2026-08-20.", "2026-08-20"),
        ("de", "Am 20. August, am 27. August und am 20.08.2026.", "20.08.2026"),
        ("en", "At 7.30 pm, at 8.30 pm and at 7:30 pm.", "7:30 pm"),
        ("en", "At 7 pm, at 8 pm and at 7 p.m. in all.", "7 p.m."),
        ("en", "At 7 pm, at 8 pm and at 7 PM.", "7 PM"),
        ("en", "At 7 pm, at 8 pm and at 7pm.", "7pm"),
        ("en", "At 7 pm, at 8 pm and at 19:00.", "19:00"),
        ("de", "Um 17.30 Uhr, um 18.30 Uhr und um 19:30 Uhr.", "19:30"),
        ("fr", "À 19h30, à 20h30 et à 21:30.", "21:30"),
        ("en", "With 1,000 of 2,000 and 3\u202f000 people.", "3 000"),
        ("uk", "Було 1 000 і 2 000, а стало 1.000.000.", "1.000.000"),
        ("en", "It is 5%, then 6% and 7 per cent.", "7 per cent"),
        ("en", "It is 5 percent, then 6 percent and 7 per cent.", "7 per cent"),
        ("de", "Es sind 5 Prozent, dann 6 Prozent und 7 %.", "7 %"),
        ("uk", "Це 5 відсотків, тоді 6 відсотків і 7 %.", "7 %"),
    ],
)
def test_the_rarer_way_is_told_of_once(
    findings: Findings, language: str, text: str, rare: str
) -> None:
    found = findings("date-style", f"intro: |\n  {text}", language=language)
    assert [(f.line, str(f.severity)) for f in found] == [(2, "warning")]
    assert f'"{rare}"' in found[0].message
    at = text.replace("\u202f", " ").index(rare) + 3
    assert found[0].column == at or rare.startswith("7 %")


def test_the_finding_says_both_ways(findings: Findings) -> None:
    [found] = findings("date-style", "intro: On 20 August, on 27 August and on August 3.")
    assert found.message == (
        'days and months are mixed: "August 3" here, "20 August" 2 times elsewhere'
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On 20 August and 3 September; on 3 May, in June 2020; “August 4,” he said."),
        ("en", "On Aug. 20, on March 3, May 4 and Sept. 5 (as AP has it)."),
        ("en", "Open 24/7 since 9/11; 1/2 of 3/4; 2019/20; a score of 3:2, verse 12:5, in 2:45."),
        ("en", "In 2026 300 people; 1,000 of 2,500; room 12 300; call 01632 960177; v1.000"),
        ("de", "Es waren 1.000 von 2.600 Euro und 4,2 Prozent; um 17.30 Uhr; 0561 4990-112."),
        ("fr", "Le 20 novembre à 19h30, 1 000 personnes, 4,2 %."),
        ("uk", "20 листопада, о 14:20; 186 400 гривень, 4 112 листівок у 2026 році 300 людей"),
        ("en", "The 5th and the 6th. May I come on May 4 or may 5 people? March 3 miles."),
        ("en", "At noon, at 7.30 pm and at 8 pm; 5% and five per cent."),
        ("en", "The issue of 20 August.\n\n  - 8/20\n  - Aug. 20, 7:30 PM\n\n  At 7.30 pm."),
    ],
)
def test_what_is_written_one_way_is_not_found(places: Places, language: str, text: str) -> None:
    assert places("date-style", f"intro: |\n  {text}", language=language) == []
