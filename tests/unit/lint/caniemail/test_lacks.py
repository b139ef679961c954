from __future__ import annotations

from newsletter.lint.caniemail.lacks import Lack, lacks
from newsletter.lint.caniemail.names import names
from newsletter.lint.caniemail.support import support
from newsletter.lint.document import Document

ALL = ("apple-mail", "gmail", "outlook", "yahoo")


def found(html: str, clients: tuple[str, ...] = ALL) -> dict[str, Lack]:
    return lacks(Document.of(f"<body>{html}").root, clients)


def programs(html: str, slug: str, clients: tuple[str, ...] = ALL) -> set[tuple[str, str]]:
    lack = found(html, clients).get(slug)
    return {(result.client, result.platform) for result in lack.results} if lack else set()


def test_only_the_chosen_programs_count() -> None:
    html = '<p style="display:flex">a</p>'
    assert programs(html, "css-display-flex") == {("outlook", "windows")}
    assert programs(html, "css-display-flex", ("gmail", "apple-mail")) == set()


def test_the_gmail_app_with_other_accounts_is_not_told_of_for_each_feature() -> None:
    feature = support().lookup("css-display-flex")
    assert any(result.client == "gmail" for result in feature.without({"gmail"}))
    assert "css-display-flex" not in found('<p style="display:flex">a</p>', ("gmail",))


def test_a_program_that_does_not_read_media_queries_misses_nothing_in_them() -> None:
    inside = "<style>@media screen { p { display: flex } }</style><p>a</p>"
    outside = "<style>p { display: flex }</style><p>a</p>"
    assert programs(inside, "css-display-flex") == set()
    assert programs(outside, "css-display-flex") == {("outlook", "windows")}


def test_what_is_read_at_one_place_counts_even_if_another_is_hidden() -> None:
    hidden = "<!--[if !mso]><!--><p style='display:flex'>a</p><!--<![endif]-->"
    assert programs(hidden, "css-display-flex") == set()
    assert programs(hidden + "<b style='display:flex'>b</b>", "css-display-flex") == {
        ("outlook", "windows")
    }


def test_the_place_is_one_that_the_program_reads() -> None:
    html = (
        "<!--[if !mso]><!--><p style='display:flex'>a</p><!--<![endif]-->"
        "<b style='display:flex'>b</b>"
    )
    assert found(html)["css-display-flex"].elements[0].tag == "b"


def test_what_does_no_harm_is_left_out() -> None:
    assert "css-text-shadow" not in found('<p style="text-shadow:1px 1px red">a</p>')


def test_a_lack_says_who_when_and_why() -> None:
    lack = found('<p style="background-image:url(a.png)">a</p>')["css-background-image"]
    assert lack.where == "classic Outlook for Windows (tested 2023-07)"
    assert lack.note.startswith("Background images can be used in VML")
    assert not lack.note.endswith(".")
    assert [element.tag for element in lack.elements] == ["p"]


def test_a_family_is_one_name_if_all_of_it_is_meant_and_else_the_platforms_are_named() -> None:
    feature = support().lookup("css-position")

    def said(*chosen: str) -> str:
        results = [r for r in feature.results if f"{r.client}.{r.platform}" in chosen]
        return names(results, feature.results)

    gmail = ("gmail.android", "gmail.desktop-webmail", "gmail.ios", "gmail.mobile-webmail")
    assert said(*gmail) == "Gmail"
    assert said("gmail.ios", "gmail.android") == "Gmail (Android, iOS)"
    assert (
        said(*gmail, "outlook.windows", "outlook.outlook-com", "outlook.ios", "yahoo.ios")
        == "Gmail, Outlook.com, classic Outlook for Windows, Outlook (iOS) and Yahoo! Mail (iOS)"
    )


def test_every_program_has_a_name_that_people_know() -> None:
    for slug in support():
        results = support().lookup(slug).results
        for result in results:
            said = names([result], results)
            assert said[0].isupper() or said[0].isdigit() or said.startswith("classic "), said
            assert result.client not in said.split()
