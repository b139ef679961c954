"""The JSON Schema of issue files, for completion and checking while an editor types.

Dialect: JSON Schema draft 2020-12. Sections are told apart with ``if``/``then``, so that a language
server names the one wrong key instead of saying that no kind of section fits.
"""

from __future__ import annotations

from typing import Any

from newsletter.issue.model import SECTION_KINDS, Issue

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def json_schema() -> Schema:
    """The schema of an issue file; every key in it has a description."""
    schema = _tidy(Issue.model_json_schema())
    definitions = schema.pop("$defs")
    schema["properties"]["sections"]["items"] = _section(definitions)
    return {
        "$schema": DIALECT,
        "title": "Newsletter issue",
        **schema,
        "$defs": definitions,
    }


def _section(definitions: Schema) -> Schema:
    """One of the kinds, by its ``kind``; a section without one is a story."""
    kinds = {"enum": list(SECTION_KINDS), "default": "story"}
    about = "What this section is; a section without `kind` is a story. " + " ".join(
        f"`{kind}`: {_about(definitions[model.__name__])}" for kind, model in SECTION_KINDS.items()
    )
    return {
        "description": "One part of the issue.",
        "type": "object",
        "properties": {"kind": {"description": about, **kinds}},
        "allOf": [
            {"if": _is(kind), "then": {"$ref": f"#/$defs/{model.__name__}"}}
            for kind, model in SECTION_KINDS.items()
        ],
    }


def _about(definition: Schema) -> str:
    text = str(definition["description"])
    return text[0].lower() + text[1:]


def _is(kind: str) -> Schema:
    test: Schema = {"properties": {"kind": {"const": kind}}}
    return test if kind == "story" else {**test, "required": ["kind"]}


def _tidy(schema: Any) -> Any:
    """Without what pydantic adds for programs: titles, nulls, discriminators."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {
        key: {name: _tidy(item) for name, item in value.items()}
        if key in ("properties", "$defs")
        else _tidy(value)
        for key, value in schema.items()
        if key not in ("title", "discriminator") and not (key == "default" and value in (None, []))
    }
    options = tidy.get("anyOf")
    if options and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        del tidy["anyOf"]
        tidy = {**rest[0], **tidy} if len(rest) == 1 else {"anyOf": rest, **tidy}
    return tidy
