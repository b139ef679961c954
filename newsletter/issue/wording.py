"""What is said about a value that an issue cannot have: (rule, message, hint).

A hint is given only where it is sure to be right: a wrong one costs more than none.
"""

from __future__ import annotations

import datetime
import re

from pydantic_core import ErrorDetails

from newsletter.issue.fields import MARKDOWN, how_to_quote
from newsletter.issue.manuscript import Where
from newsletter.issue.model import (
    SECTION_KINDS,
    Bullet,
    Correction,
    Image,
    Issue,
    LinkItem,
    Part,
)
from newsletter.issue.nodes import Tree, Value
from newsletter.issue.problems import nearest, shorten

Said = tuple[str, str, str]

_NOUNS: dict[type[Part], str] = {
    Issue: "the issue",
    Bullet: "the bullet",
    Image: "the picture",
    LinkItem: "the link",
    Correction: "the correction",
    **{
        SECTION_KINDS[kind]: noun
        for kind, noun in {
            "story": "the story",
            "text": "the text section",
            "picture": "the picture section",
            "quote": "the quote",
            "links": "the list of links",
            "button": "the button",
            "sponsor": "the sponsor section",
            "divider": "the divider",
        }.items()
    },
}

# What editors write for what; only used where the right key exists and is not there.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": ("headline",),
    "heading": ("headline", "title"),
    "text": ("body",),
    "content": ("body",),
    "url": ("link", "src"),
    "link": ("url",),
    "href": ("url", "link"),
    "author": ("byline", "source"),
    "type": ("kind",),
    "description": ("alt", "note"),
    "lang": ("language",),
    "photo": ("image",),
    "picture": ("image",),
}

_TO_ADD = {
    "date": 'Add "date: 2026-11-20".',
    "sections": 'Add "sections:" with at least one story below it.',
    "image": 'Add "image:" with "src:" and "alt:" below it, indented.',
    "items": 'Add "items:" with at least one link below it: "- title: …" and "url: …".',
    "alt": 'Add "alt: …" with what it shows, or alt: "" if it is only decoration.',
}

# Keys that only one kind of section has together.
_TELLING: dict[str, set[str]] = {
    "picture": {"image"},
    "quote": {"text", "source"},
    "links": {"title", "items"},
    "button": {"label", "url"},
}

_DATES = (
    *("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%Y-%m-%d"),
    *("%d %B %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y", "%b %d, %Y"),
)


def part_at(tree: Tree, where: Where) -> type[Part]:
    """The model of the mapping at a place."""
    match where:
        case ("summary", int(), *_):
            return Bullet
        case (*_, "image"):
            return Image
        case ("sections", int(), "items", int()):
            return LinkItem
        case ("corrections", int(), *_):
            return Correction
        case ("sections", int()):
            kind = tree.get((*where, "kind")) or "story"
            return SECTION_KINDS.get(str(kind), SECTION_KINDS["story"])
    return Issue


def _noun(tree: Tree, where: Where) -> str:
    return _NOUNS[part_at(tree, where)]


def _key(where: Where) -> str:
    return str(next((step for step in reversed(where) if isinstance(step, str)), ""))


def missing(tree: Tree, where: Where) -> Said:
    """A key that must be there is not."""
    key = _key(where)
    message = f'{_noun(tree, where[:-1])} has no "{key}"'
    if where[0] == "sections" and key == "headline" and len(where) == 3:
        hint = 'Add "headline: …", or "kind: text" if it is text without a headline.'
        given = tree.get((*where[:-1], "kind"))
        return "missing-key", message, 'Add "headline: …" to it.' if given else hint
    return "missing-key", message, _TO_ADD.get(key, f'Add "{key}: …" to it.')


def empty(tree: Tree, where: Where) -> Said:
    """A key has nothing behind it."""
    key = _key(where)
    message = f'"{key}" of {_noun(tree, where[:-1])} is empty'
    span = tree.keys.get(where)
    if span and re.match(r"[\"']?\s*:[ \t]+#\S", tree.text[span.end : span.end + 200]):
        return "empty-value", message, 'A "#" starts a comment: put quotes around the text.'
    value = tree.spans.get(where)
    if value and tree.text[value.start : value.start + 1] in ("|", ">"):
        return "empty-value", message, f'Indent the text below it deeper than "{key}".'
    if key == "alt":
        hint = 'Write what the picture shows, or alt: "" if it is only decoration.'
        return "empty-value", message, hint
    is_required = part_at(tree, where[:-1]).model_fields[key].is_required()
    hint = "Write something behind it." if is_required else "Write something, or take it out."
    return "empty-value", message, hint


def other_kind(tree: Tree, section: Where) -> Said | None:
    """A section without a kind that is no story but has the keys of one other kind."""
    value = tree.get(section)
    if len(section) != 2 or not isinstance(value, dict) or {"kind", "body"} & value.keys():
        return None
    fitting = [
        kind
        for kind, keys in _TELLING.items()
        if keys <= value.keys() <= SECTION_KINDS[kind].model_fields.keys()
    ]
    if len(fitting) != 1:
        return None
    noun = _NOUNS[SECTION_KINDS[fitting[0]]].replace("the ", "a ", 1)
    hint = f'Add "kind: {fitting[0]}" if it is {noun}.'
    return "missing-key", 'this section has no "headline" and no "kind"', hint


def unknown_key(tree: Tree, where: Where) -> tuple[Said, set[Where]]:
    """A key that does not exist there; and the places whose problems it explains."""
    *parent, _ = where
    key = str(where[-1])
    part = part_at(tree, tuple(parent))
    mapping = tree.get(tuple(parent))
    present = mapping.keys() if isinstance(mapping, dict) else set()
    fields = [name for name in part.model_fields if name != "kind" or part is not Issue]
    message = f'unknown key "{shorten(key)}"'
    if "image" in fields and key in Image.model_fields:
        hint = 'It belongs to a picture: put it below "image:", indented.'
        return ("unknown-key", message, hint), {(*parent, "image", key)}
    if part is Bullet and not present & set(fields) and (key != key.lower() or " " in key):
        return _with_colon(tree, tuple(parent)), {tuple(parent)}
    free = (name for name in _SYNONYMS.get(key.lower(), ()) if name in fields)
    meant = next((name for name in free if name not in present), None) or nearest(key, fields)
    if meant:
        return ("unknown-key", message, f'Did you mean "{meant}"?'), {(*parent, meant)}
    if "\xa0" in key:
        message = f'non-breaking spaces stand in the key "{shorten(key)}"'
        return ("unknown-key", message, "Type ordinary spaces instead."), set()
    if " " in key:
        hint = "If it belongs to the text above, indent it like that text."
        return ("unknown-key", message, hint), set()
    hint = f"{_NOUNS[part].capitalize()} takes: {', '.join(fields)}."
    return ("unknown-key", message, hint), set()


def _with_colon(tree: Tree, bullet: Where) -> Said:
    """``- Storm: the harbour closes`` is a mapping in YAML."""
    span = tree.spans[bullet]
    text = tree.text[span.start : span.end].removeprefix("-").strip()
    hint = how_to_quote(None, text) if "\n" not in text else "Put quotes around the whole text."
    return "colon", "text with a colon has no quotes around it", hint


def wrong_value(tree: Tree, where: Where, item: ErrorDetails) -> tuple[Where, Said]:
    """A value that its key does not take, and the place to say it at."""
    kind, key, value = item["type"], _key(where), tree.get(where)
    name = "a bullet" if where[:1] == ("summary",) and len(where) == 2 else f'"{key}"'
    if kind in ("union_tag_invalid", "union_tag_not_found") or where[-1:] == ("kind",):
        return _kind(tree, where)
    if value is None:
        return where, (
            "empty-value",
            "this entry is empty",
            'Take out the "-", or write behind it.',
        )
    if kind in ("string_too_short", "too_short"):
        return where, empty(tree, where) if where in tree.keys else _empty_entry()
    if kind == "string_type":
        return where, _not_text(tree, where, value)
    if kind == "model_type":
        return where, _not_a_part(tree, where, value)
    if kind == "tuple_type":
        hint = 'Begin each entry on a line of its own with "- ".'
        return where, ("wrong-type", f"{name} must be a list", hint)
    if not isinstance(value, str):
        return where, ("wrong-type", f"{name} must be one value, not {_what(value)}", "")
    if kind == "line_break":
        return where, ("line-break", f"{name} must be on one line", "Join its lines into one.")
    if kind == "web_address":
        return where, _web_address(name, value)
    if kind.startswith("date") or kind == "iso_date":
        return where, _date(key, value)
    if kind.startswith("bool"):
        message = f'{name} must be true or false, not "{shorten(value)}"'
        return where, ("wrong-type", message, f"Write {key}: true or {key}: false.")
    if kind.startswith("int") or "than_equal" in kind:
        return where, _number(key, value, kind, item)
    if kind == "string_pattern_mismatch":
        return where, _pattern(key, value)
    if kind == "literal_error":
        said = str(item.get("ctx", {}).get("expected", "")).replace("'", "")
        message = f'"{shorten(value)}" cannot be the "{key}"'
        return where, ("bad-value", message, f"Write one of these: {said}.")
    return where, ("bad-value", f"{name}: {item['msg']}", "")


def _empty_entry() -> Said:
    return "empty-value", "this entry is empty", "Take it out, or write something."


def _what(value: Value) -> str:
    return "a list" if isinstance(value, list) else "keys with values"


def _not_text(tree: Tree, where: Where, value: Value) -> Said:
    key = _key(where)
    span = tree.spans[where]
    source = tree.text[span.start : span.end]
    if source[:1] in ("[", "{"):
        message = f'text that begins with "{source[0]}" has no quotes around it'
        hint = "Put quotes around the whole text." if "\n" in source else how_to_quote(key, source)
        return "leading-sign", message, hint
    has_sentence = isinstance(value, dict) and any(" " in name for name in value)
    if key in MARKDOWN or has_sentence:
        hint = f'Write "{key}: |" and the text on the lines below it, indented.'
        if key not in MARKDOWN:
            hint = "Put quotes around the whole text."
        return "wrong-type", f'"{key}" must be text; YAML takes this for {_what(value)}', hint
    return "wrong-type", f'"{key}" must be text, not {_what(value)}', ""


def _not_a_part(tree: Tree, where: Where, value: Value) -> Said:
    part = part_at(tree, where)
    if part is Bullet:
        return "wrong-type", "a bullet is one sentence, not a list", "Write one sentence behind - ."
    required = [name for name, field in part.model_fields.items() if field.is_required()]
    keys = " and ".join(f'"{name}: …"' for name in required)
    if part is Image and isinstance(value, str):
        hint = f'Put below "image:", indented: "src: {shorten(value)}" and "alt: …".'
    else:
        hint = f"Write {keys}, each on a line of its own."
    what = "text" if isinstance(value, str) else "a list"
    return "wrong-type", f"{_NOUNS[part]} must be keys with values, not {what}", hint


def _kind(tree: Tree, where: Where) -> tuple[Where, Said]:
    section = tree.get(where)
    kinds = ", ".join(SECTION_KINDS)
    if section is None:
        hint = 'Take out the "-", or write a section behind it.'
        return where, ("empty-value", "this section is empty", hint)
    if not isinstance(section, dict):
        what = "text" if isinstance(section, str) else "a list"
        hint = 'A story begins with "- headline: …".'
        return where, ("wrong-type", f"a section must be keys with values, not {what}", hint)
    value = section.get("kind")
    place = (*where, "kind")
    if not isinstance(value, str):
        return place, ("wrong-type", '"kind" must be one word', f"Kinds: {kinds}.")
    meant = nearest(value, SECTION_KINDS)
    hint = f'Did you mean "{meant}"?' if meant else f"Kinds: {kinds}."
    return place, ("unknown-kind", f'there is no kind of section "{shorten(value)}"', hint)


def _web_address(name: str, value: str) -> Said:
    text = value.strip()
    hint = "It begins with https:// ."
    in_markdown = re.fullmatch(r"\[[^\]]*\]\((https?://\S+)\)", text)
    if in_markdown:
        hint = f"Write only the address: {in_markdown[1]}"
    elif re.fullmatch(r"www\.[\w-]+(\.[\w-]+)+(/\S*)?", text):
        hint = f"Write https://{text}"
    elif re.fullmatch(r"[^\s@/:]+@[\w-]+(\.[\w-]+)+", text):
        hint = f"Write mailto:{text}"
    return "bad-value", f'{name} is not a web address: "{shorten(text)}"', hint


def _date(key: str, value: str) -> Said:
    text = value.strip()
    message = f'"{shorten(text)}" is not a date'
    for form in _DATES:
        try:
            date = datetime.datetime.strptime(text, form)  # noqa: DTZ007 - only its day is used
        except ValueError:
            continue
        return "bad-date", message + " as YYYY-MM-DD", f"Write {key}: {date:%Y-%m-%d}"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return "bad-date", f'there is no day "{text}"', "Year, month and day: 2026-11-20."
    return "bad-date", message, f"Write year, month and day: {key}: 2026-11-20"


def _number(key: str, value: str, kind: str, item: ErrorDetails) -> Said:
    context = item.get("ctx", {})
    if kind == "greater_than_equal":
        return "bad-value", f'"{key}" must be at least {context["ge"]}', ""
    if kind == "less_than_equal":
        return "bad-value", f'"{key}" must be at most {context["le"]}', ""
    message = f'"{key}" must be a whole number, not "{shorten(value)}"'
    digits = re.fullmatch(r"(\d{1,9})\s*px", value.strip())
    return "wrong-type", message, f"Write {key}: {digits[1]}" if digits else ""


def _pattern(key: str, value: str) -> Said:
    message = f'"{shorten(value)}" cannot be the "{key}"'
    if key in ("id", "story", "lists"):
        name = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        hint = "Use lower-case letters a to z, digits and hyphens"
        is_plain = value.isascii() and name
        return "bad-value", message, f"{hint}: {name}" if is_plain else f"{hint}."
    if key == "language":
        return "bad-value", message, "Write a language code, such as en, uk or pt-BR."
    hint = "Use the file's name before .mjml.j2: letters, digits, hyphens and underscores."
    return "bad-value", message, hint
