from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from newsletter.render import merge
from newsletter.render.merge import Context, Slot, Tokens


def test_fields_become_tokens_and_slots_again() -> None:
    tokens = Tokens("")
    hidden = tokens.hide("Dear {{ name | reader }}, {{name|reader}}: {{ city }}")
    assert "{" not in hidden
    merged = tokens.cut(hidden, Context.HTML)
    assert merged.slots == (
        Slot("name", "reader", Context.HTML),
        Slot("name", "reader", Context.HTML),
        Slot("city", "", Context.HTML),
    )
    assert merged.fill({"name": "Zoë & Ada"}) == "Dear Zoë &amp; Ada, Zoë &amp; Ada: "
    assert merged.fill({"name": "  "}).startswith("Dear reader,")


@pytest.mark.parametrize("text", ["{{7*7}}", "{{ Name }}", "{% if x %}", "${HOME}", "{{ a.b }}"])
def test_what_is_no_field_stays_as_it_is(text: str) -> None:
    assert Tokens("").hide(text) == text


@pytest.mark.parametrize("name", ["{{7*7}}", "${7*7}", "<%= 7*7 %>", "{{ unsubscribe_url }}"])
def test_a_readers_name_is_never_evaluated(name: str) -> None:
    tokens = Tokens("")
    merged = tokens.cut(tokens.hide("Dear {{ name }}"), Context.TEXT)
    assert merged.fill({"name": name, "unsubscribe_url": "x"}) == f"Dear {name}"


def test_a_text_that_looks_like_a_token_stays_text() -> None:
    source = "mergefield0x0000z and {{ name }}"
    tokens = Tokens(source)
    merged = tokens.cut(tokens.hide(source), Context.TEXT)
    assert merged.fill({"name": "Ada"}) == "mergefield0x0000z and Ada"


@pytest.mark.parametrize(
    ("html", "context"),
    [
        ("<p>{{ name }}</p>", Context.HTML),
        ('<a href="https://example.com/?n={{ name }}">', Context.URL),
        ("<a href='https://example.com/?n={{ name }}'>", Context.URL),
        ('<img alt="x" SRC = "https://example.com/{{ name }}">', Context.URL),
        ('<a href="{{ name }}">', Context.URL),
        ('<a href="https://example.com">say "{{ name }}', Context.HTML),
        ('<p title="{{ name }}">', Context.HTML),
        ('<a href="{{ unsubscribe_url }}">', Context.HTML),
        ('<a href="https://example.com/share?u={{ view_url }}">', Context.URL),
    ],
)
def test_a_value_is_escaped_for_where_it_stands_in_html(html: str, context: Context) -> None:
    tokens = Tokens("")
    (slot,) = tokens.cut(tokens.hide(html), Context.HTML).slots
    assert slot.context is context


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Dear {{ name }}", Context.TEXT),
        ("[1] https://example.com/?n={{ name }}", Context.URL),
        ("https://example.com\n{{ name }}", Context.TEXT),
        ("https://example.com {{ name }}", Context.TEXT),
        ("{{ unsubscribe_url }}", Context.TEXT),
    ],
)
def test_a_value_is_escaped_for_where_it_stands_in_text(text: str, context: Context) -> None:
    tokens = Tokens("")
    (slot,) = tokens.cut(tokens.hide(text), Context.TEXT).slots
    assert slot.context is context


def test_control_characters_of_a_value_become_spaces() -> None:
    slot = Slot("name", "", Context.TEXT)
    assert slot.fill({"name": "Ada\r\nBcc: x@example.com\x00"}) == "Ada Bcc: x@example.com "


def test_a_field_that_is_an_address_takes_no_default() -> None:
    tokens = Tokens("")
    hidden = tokens.hide("[x]({{ view_url | javascript:alert(1) }})")
    assert "javascript" not in tokens.cut(hidden, Context.TEXT).fill({})


def test_what_only_looks_like_a_token_stays_text() -> None:
    tokens = Tokens("")
    token = tokens.token("name", "friend")
    stray = token.replace("0000z", "9999z")
    assert tokens.cut(f"{stray} {token}", Context.TEXT).fill({}) == f"{stray} friend"


def test_what_comes_from_a_text_with_fields_is_found_in_it() -> None:
    text = "a {{ name }} b {{ city | Exampleton }}{{x}} c"
    tokens = Tokens(text)
    hidden = tokens.hide(text)
    origins = list(map(tokens.origins(text), range(len(hidden) + 1)))
    assert [text[origins[hidden.index(said)] :][: len(said)] for said in ("a ", " b ", " c")] == [
        "a ",
        " b ",
        " c",
    ]
    named = [("name", ""), ("city", "Exampleton"), ("x", "")]
    fields = [text.index(field) for field in ("{{ name", "{{ city", "{{x")]
    assert [origins[hidden.index(tokens.token(n, d))] for n, d in named] == fields
    assert origins == sorted(origins)
    assert origins[-1] == len(text)


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ('<a href="https://example.org/?n={{ name }}&amp;c={{ city }}">', Context.HTML, "uu"),
        ("<a href='{{ name }}'>{{ name }}</a>", Context.HTML, "uh"),
        ('<a href="{{ view_url }}" title="{{ name }}">', Context.HTML, "hh"),
        ('<a href="{{ view_url }}?n={{ name }}">', Context.HTML, "hu"),
        ('<p>href="a <b>{{ name }}</b>', Context.HTML, "h"),
        ("see https://example.org/{{ name }}, {{ name }}", Context.TEXT, "ut"),
        ("mailto:{{ email }}\n{{ email }}", Context.TEXT, "ut"),
    ],
)
def test_a_field_is_escaped_for_the_place_in_which_it_stands(
    text: str, context: Context, expected: str
) -> None:
    tokens = Tokens("")
    slots = tokens.cut(tokens.hide(text), context).slots
    assert "".join(slot.context.value[0] for slot in slots) == expected


def test_a_text_is_read_once_however_often_its_origins_are_asked_for() -> None:
    text = "Dear {{ name }} of {{ city | Exampleton }}. " * 500
    tokens = Tokens(text)
    length = len(tokens.hide(text))
    read: list[str] = []

    class Counting(Tokens):
        def hide(self, text: str) -> str:
            read.append(text)
            return super().hide(text)

    origin = Counting(text).origins(text)
    assert origin(length) == len(text)
    assert [origin(offset) for offset in range(0, length, 7)]
    assert len(read) == 1000


@pytest.mark.parametrize("context", [Context.HTML, Context.TEXT])
def test_a_text_is_searched_once_however_many_fields_it_has(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[int] = []

    class Counting:
        def __init__(self, pattern: re.Pattern[str]) -> None:
            self._pattern = pattern

        def finditer(self, text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
            searched.append(stop - start)
            return self._pattern.finditer(text, start, stop)

    counting = {known: Counting(pattern) for known, pattern in merge._ADDRESS.items()}
    monkeypatch.setattr(merge, "_ADDRESS", counting)
    tokens = Tokens("")
    hidden = tokens.hide("<p>" + "{{ name }} https://example.org/{{ city }} " * 500)
    assert len(tokens.cut(hidden, context).slots) == 1000
    assert searched == [len(hidden)]
