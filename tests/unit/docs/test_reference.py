"""The reference pages say what the code says, and the documentation holds together."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[3] / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_pages_are_up_to_date() -> None:
    made = _generator().pages()
    stand = {path.name: path.read_text("utf-8") for path in (DOCS / "reference").glob("*.md")}
    old = sorted(name for name in made | stand if made.get(name) != stand.get(name))
    assert not old, f"write them anew with: python docs/generate.py (out of date: {old})"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_links_lead_to_pages_that_exist(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_can_be_reached_from_the_index() -> None:
    seen, todo = set(), [DOCS / "README.md"]
    while todo:
        page = todo.pop().resolve()
        if page in seen:
            continue
        seen.add(page)
        targets = re.findall(r"\]\(([^)#:]+\.md)", page.read_text("utf-8"))
        todo += [page.parent / target for target in targets]
    assert [page for page in PAGES if page.resolve() not in seen] == []


def test_commands_and_options_in_the_guides_exist() -> None:
    reference = (DOCS / "reference" / "commands.md").read_text("utf-8")
    helps: dict[str, str] = dict(
        re.findall(r"^#+ (newsletter[a-z -]*)\n\n```text\n(.*?)```", reference, re.M | re.S)
    )
    wrong = []
    for page in PAGES:
        for line in re.findall(r"(?:\$ |`)(newsletter [^`\n]*)", page.read_text("utf-8")):
            words = line.split()
            names = (" ".join(words[:length]) for length in (3, 2, 1))
            command = next(name for name in names if name in helps)
            unknown = [
                word for word in words if word.startswith("--") and word not in helps[command]
            ]
            if unknown or (command == "newsletter" and words[1].isalpha()):
                wrong.append(f"{page.name}: {line}")
    assert wrong == []


def test_every_file_of_the_template_is_named_in_its_guide() -> None:
    guide = (DOCS / "how-to" / "change-the-template.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([^`]+)` \|", guide, re.MULTILINE))
    templates = DOCS.parent / "templates"
    files = {path.relative_to(templates).as_posix() for path in templates.rglob("*.*")}
    kinds = {name for name in files if name.startswith("sections/")}
    assert named == files - kinds | {"sections/KIND.mjml.j2"}
