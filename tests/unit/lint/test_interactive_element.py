from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<video src="a.mp4"></video>', "<video> element does not work in Gmail, "),
        ("<form></form>", "<form> element does not work in "),
        ('<input type="email">', '<input type="text"> element does not work in '),
        ("<select></select>", "<select> element does not work in "),
        ("<script>1</script>", "<script> works in no mail program"),
        ('<iframe src="https://example.com"></iframe>', "<iframe> works in no mail program"),
    ],
)
def test_what_a_letter_cannot_do_is_a_warning_once_for_each_kind(
    findings: Findings, html: str, said: str
) -> None:
    (found,) = findings("interactive-element", html=f"<p>a</p>{html}{html}")
    assert found.severity == "warning"
    assert found.message.startswith(said)


def test_pictures_and_links_are_fine(findings: Findings) -> None:
    html = '<a href="https://example.com/a.mp4"><img src="a.gif" alt="Watch it"></a>'
    assert findings("interactive-element", html=html) == []


def test_a_program_that_plays_films_does_not_mind_them(findings: Findings) -> None:
    html = '<video src="a.mp4"></video>'
    options = {"clients": ["thunderbird"]}
    assert findings("interactive-element", html=html, options=options) == []
