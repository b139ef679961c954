from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("[a](timetable.html)", '"timetable.html" is not a web address'),
        ("[a](www.example.org)", '"www.example.org" is not a web address'),
        ("[a](htps://example.org)", '"htps://example.org" is not a web address'),
        ("[a](https://exmaple,org/a)", '"https://exmaple,org/a" names no possible host'),
        ("[a](#nowhere)", 'no section has the id "nowhere"'),
        ("[a](http://localhost:8000/x)", "on this machine"),
        ("[a](javascript:alert(1))", "is not a web address"),
    ],
)
def test_a_link_that_leads_nowhere_is_an_error(findings: Findings, link: str, said: str) -> None:
    (found,) = findings("link-address", f"intro: |\n  See {link}, please.")
    assert said in found.message
    assert (found.line, found.column) == (2, 11)


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://example.org/a?b=c#d) [b](<https://example.org>) [c](mailto:a@example.org)",
        "[кава](https://пошта.укр/кава) [d](https://user@example.org:8443/)",
        "[e](#ferry) `[f](nowhere)` \\[g](nowhere) ![h](pictures/harbour.jpg)",
        "[i]({{ unsubscribe_url }}) [j](https://example.org/?u={{ city | town }})",
        "He said [sic] (really), and a note[^1].",
    ],
)
def test_other_links_are_fine(findings: Findings, text: str) -> None:
    story = "sections: [{headline: Ferry, id: ferry, body: It sails again.}]"
    assert findings("link-address", f"intro: |\n  {text}\n{story}") == []
