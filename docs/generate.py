"""Writes the reference pages from the code: ``python docs/generate.py``.

What they say stands where it is used: in the models of the issue file and the settings, in the
docstrings of the lint rules and of what templates are given, and in the help of the commands. A
test fails when a page is old.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import click

REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Made by docs/generate.py from the code. Change the code, not this page. -->"


def pages() -> dict[str, str]:
    """Each reference page by its file name, as it should be."""
    made = {
        "issue-file.md": issue_file(),
        "settings.md": settings(),
        "rules.md": rules(),
        "template-values.md": template_values(),
        "commands.md": commands(),
    }
    return {name: f"{MADE}\n\n{text.strip()}\n" for name, text in made.items()}


def issue_file() -> str:
    """The issue file, from its JSON Schema."""
    from newsletter.issue.model import SECTION_KINDS
    from newsletter.issue.schema import json_schema

    schema = json_schema()
    parts: Mapping[str, Any] = schema["$defs"]
    kinds = {model.__name__: kind for kind, model in SECTION_KINDS.items()}
    chapters = [ISSUE_FILE, "## The issue", *_keys(schema), "## Sections", SECTIONS]
    for name in kinds:
        chapters += [f"### `kind: {kinds[name]}`", parts[name]["description"], *_keys(parts[name])]
    chapters.append("## Parts of these")
    for name in parts:
        if name not in kinds:
            chapters += [f"### {_title(name)}", parts[name]["description"], *_keys(parts[name])]
    return "\n\n".join(chapters)


ISSUE_FILE = """\
# The issue file

An issue is a YAML file in the folder `issues`. Its name without `.yaml` is the issue's slug.

- A key that is not named here is an error; so is a required key that is missing.
- Every value is taken as it is typed: `headline: No` is the word "No", `number: 012` is 12, and
  `12:30` stays `12:30`.
- "Markdown" means CommonMark with tables, footnotes and bare links. Raw HTML is refused. Straight
  quotes become the quotation marks of the issue's language.
- `{{ name | neighbour }}` is a merge field: the reader's name, or "neighbour" without one. It can
  stand in the subject, the preheader and every text. Fields are `name`, `email`,
  `unsubscribe_url`, `view_url` and every column of the imported list.
- `newsletter schema` prints all of this as a JSON Schema, for editors that complete keys."""

SECTIONS = """\
`sections` is a list. Each entry has a `kind` that says what it is; without one it is a story."""


def settings() -> str:
    """``newsletter.toml``, from its model."""
    from newsletter.audience.lists import ListOptions
    from newsletter.audience.retention_options import RetentionOptions
    from newsletter.audience.web_options import WebOptions
    from newsletter.delivery.approval import ApprovalOptions
    from newsletter.delivery.dkim.options import DkimOptions
    from newsletter.delivery.pace_options import PaceOptions
    from newsletter.feedback.options import FeedbackOptions
    from newsletter.lint.options import Options
    from newsletter.settings import FILE_NAME, Settings

    return "\n\n".join(
        [
            f"# Settings: {FILE_NAME}",
            "The file stands at the root of a project. It holds no secrets. Every setting can also "
            "come from the environment, which wins: `base_url` is `NEWSLETTER_BASE_URL`, `from` is "
            "`NEWSLETTER_FROM`.",
            _settings_table(Settings),
            "## The table `[approval]`",
            "Who must have said yes before an issue goes out; see [have it approved]"
            "(../how-to/approve.md). It stands behind all settings above. The environment has no "
            "say in it.",
            _settings_table(ApprovalOptions),
            "## The table `[dkim]`",
            "How messages are signed; see [sign with DKIM](../how-to/sign-with-dkim.md). It stands "
            "behind all settings above. In the environment, `selector` is "
            "`NEWSLETTER_DKIM_SELECTOR`.",
            _settings_table(DkimOptions),
            "## The table `[sending]`",
            "When and how fast it is sent; see [how fast]"
            "(../how-to/send-through-your-relay.md#how-fast). It stands behind all settings above. "
            "The environment has no say in it.",
            _settings_table(PaceOptions),
            "## The tables `[lists.NAME]`",
            "What readers can be on, a table for each list; see [what is known of readers]"
            "(../concepts/readers.md#lists-and-segments). They stand behind all settings above. "
            "The environment has no say in them.",
            _settings_table(ListOptions),
            "## The table `[web]`",
            "The pages for readers; see [serve the pages](../how-to/serve.md). It stands behind "
            "all settings above. The environment has no say in it.",
            _settings_table(WebOptions),
            "## The table `[feedback]`",
            "What comes back; see [bounces and complaints](../how-to/bounces.md). It stands behind "
            "all settings above.",
            _settings_table(FeedbackOptions),
            "## The table `[retention]`",
            "How long what is known of readers is kept; see [what is known of readers]"
            "(../concepts/readers.md). It stands behind all settings above. The environment has no "
            "say in it.",
            _settings_table(RetentionOptions),
            "## The table `[lint]`",
            "What `newsletter check` looks for. It stands behind all other settings, and "
            "`[lint.rules]` behind it.",
            _settings_table(Options),
        ]
    )


def _settings_table(model: Any) -> str:
    rows = ["| Setting | Default | Meaning |", "|---|---|---|"]
    from newsletter.issue.docstrings import attribute_docstrings

    meanings = attribute_docstrings(model)
    names = {field.alias or name: name for name, field in model.model_fields.items()}
    for key, value in model.model_json_schema(by_alias=True)["properties"].items():
        if "$ref" in value:  # a table with a chapter of its own
            continue
        default = "required"
        if value.get("type") == "object":
            default = "`{}`"
        elif "default" in value:
            default = "" if value["default"] is None else f"`{_toml(value['default'])}`"
        rows.append(f"| `{key}` | {default} | {_cell(meanings[names[key]])} |")
    return "\n".join(rows)


def rules() -> str:
    """The lint rules, from their docstrings, group by group."""
    from newsletter.lint.registry import rules as all_rules
    from newsletter.lint.rule import Group

    known = sorted(all_rules(), key=lambda rule: rule.id)
    chapters = ["# Rules", RULES]
    for group in Group:
        of_group = [rule for rule in known if rule.group is group]
        rows = [
            f"| {rule.id} | [{rule.slug}](#{_anchor(rule)}) | {rule.severity} | {rule.title} |"
            for rule in of_group
        ]
        chapters += [
            f"## {group.value.capitalize()}",
            "\n".join(["| No. | Rule | Level | What it finds |", "|---|---|---|---|", *rows]),
        ]
        for rule in of_group:
            chapters += [f"### {rule.id} {rule.slug}", f"*{rule.severity.value.capitalize()}.*"]
            chapters += _from_docstring(rule.documentation)
    return "\n\n".join(chapters)


RULES = """\
What `newsletter check` looks for beside mistakes in the file itself. The name of a rule stands in
brackets at the end of a finding; `newsletter rules NAME` explains it in the terminal. Errors block
`newsletter send`; warnings and notes do not (`newsletter check --notes` shows notes). Below, a
rule's text says where its findings are not all of one level.

- For one place: `# lint: disable=image-credit` at the end of the line, or on a line of its own
  above the value or the entry.
- For one issue: `# lint: disable-file=image-credit`.
- For the project, in `newsletter.toml`: `image-credit = "off"` below `[lint.rules]`; or `"error"`,
  `"warning"`, `"info"`."""


def _anchor(rule: Any) -> str:
    return f"{rule.id.lower()}-{rule.slug}"


def template_values() -> str:
    """What a template may show, from the docstrings of its values."""
    from newsletter.render import context
    from newsletter.render.publication import Publication
    from newsletter.render.words import Words

    chapters = ["# What a template may show", TEMPLATE_VALUES]
    for name, model in (("issue", context.Letter), ("publication", Publication), ("words", Words)):
        chapters += [f"## `{name}`", *_attributes(model)]
    chapters += ["## `summary`", "A list of bullets.", *_attributes(context.Bullet)]
    chapters += ["## `corrections`", "A list, in web versions.", *_attributes(context.Correction)]
    chapters += ["## `sections`", "A list; each section is one of these."]
    for section in get_args(context.SectionView):
        chapters += [f"### `kind` is `{section.kind}`", *_attributes(section)]
    chapters += ["## Parts of sections"]
    for name, part in (("A picture", context.Image), ("An entry of `links`", context.LinkItem)):
        chapters += [f"### {name}", *_attributes(part)]
    return "\n\n".join(chapters)


TEMPLATE_VALUES = """\
Between double braces in a template: `{{ issue.title }}`, `{{ section.headline }}`. A name that
does not exist is an error that names the line. Text is escaped; what was Markdown in the issue
(intro, outro, bodies, bullets, captions, notes) has become HTML and is shown as it is.

`{{ publication.accent|readable_on("#ffffff") }}` is the accent colour, changed until it can be read
on that background."""


def _attributes(model: type[Any]) -> Iterator[str]:
    said, _, attributes = (model.__doc__ or "").partition("Attributes:")
    yield _ticks(" ".join(said.split()))
    entries = re.findall(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", attributes, re.MULTILINE)
    meanings = {name: " ".join(text.split()) for name, text in entries}
    lines = [
        f"- `{field.name}`: {_ticks(meanings[field.name])}"
        if field.name in meanings
        else f"- `{field.name}`"
        for field in dataclasses.fields(model)
    ]
    if lines:
        yield "\n".join(lines)


def commands() -> str:
    """The commands, from their help."""
    from newsletter.cli.main import COMMANDS, cli

    top = click.Context(cli, info_name="newsletter", terminal_width=80, **cli.context_settings)
    chapters = [
        "# Commands",
        "An issue is a slug (`2026-11-20`), a path, or left out for the latest. `--help` after any "
        "command says what stands here.",
        EXIT_CODES,
        *_help(cli, top, "## newsletter"),
    ]
    for name in COMMANDS:
        command = cli.get_command(top, name)
        if command is None:
            raise LookupError(name)
        chapters += _helps(command, top, name, level=2)
    return "\n\n".join(chapters)


EXIT_CODES = """\
| Exit code | Meaning |
|---|---|
| 0 | Done. |
| 1 | The answer is no: errors were found, or a send failed or was refused. |
| 2 | Wrong usage: an option, a setting, or a name that does not exist. |
| 3 | Incomplete: some deliveries are still open or unknown, or rows of an import were left out. |
| 130 | Interrupted. Run it again to go on. |"""


def _helps(command: click.Command, parent: click.Context, name: str, level: int) -> Iterator[str]:
    context = click.Context(command, parent=parent, info_name=name, terminal_width=80)
    yield from _help(command, context, f"{'#' * level} {context.command_path}")
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _helps(found, context, child, level + 1)


def _help(command: click.Command, context: click.Context, heading: str) -> Iterator[str]:
    yield heading
    yield f"```text\n{command.get_help(context)}\n```"


def _keys(schema: Mapping[str, Any]) -> Iterator[str]:
    rows = ["| Key | | What it is |", "|---|---|---|"]
    for key, value in schema["properties"].items():
        need = "required" if key in schema.get("required", ()) else _otherwise(value)
        rows.append(f"| `{key}` | {need} | {_cell(_what(value))} |")
    yield "\n".join(rows)


def _otherwise(value: Mapping[str, Any]) -> str:
    default = value.get("default")
    return "" if default in (None, [], ()) else f"default `{_toml(default)}`"


def _what(value: Mapping[str, Any]) -> str:
    limits = [value, *value.get("anyOf", ())]
    low = next((part["minimum"] for part in limits if "minimum" in part), None)
    high = next((part["maximum"] for part in limits if "maximum" in part), None)
    said = str(value.get("description", ""))
    if low is not None and high is not None:
        said += f" A whole number from {low} to {high}."
    elif low is not None:
        said += f" A whole number from {low}."
    return said


def _from_docstring(text: str) -> Iterator[str]:
    """Paragraphs of a rule's docstring as Markdown: labels bold, examples as YAML."""
    for block in re.split(r"\n\n(?=\S)", text.strip()):
        label, example = re.match(r"(?:(\w+)::\n\n)?(.*)", block, re.DOTALL).groups()  # type: ignore[union-attr]
        if label:
            lines = [line.removeprefix("    ") for line in example.rstrip().split("\n")]
            yield f"{label}:"
            yield "\n".join(["```yaml", *lines, "```"])
        else:
            yield re.sub(r"^(What|Why|Source):", r"**\1:**", _ticks(example), count=1)


def _ticks(text: str) -> str:
    return text.replace("``", "`")


def _title(name: str) -> str:
    return {"LinkItem": "Items of a list of links", "Bullet": "Bullets of the summary"}.get(
        name, name
    )


def _toml(value: object) -> str:
    if isinstance(value, list | tuple | dict | int) and not isinstance(value, bool):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def _cell(text: str) -> str:
    return _ticks(text).replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the pages."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
