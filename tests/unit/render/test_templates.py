from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from newsletter.errors import TemplateError
from newsletter.render.publication import Publication
from newsletter.render.templates import BUILT_IN, Templates
from tests.privileges import unprivileged

PUBLICATION = Publication("The Harbour Letter")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "templates").mkdir()
    return tmp_path / "templates"


def render(folder: Path, source: str) -> str:
    (folder / "default.mjml.j2").write_text(source, encoding="utf-8")
    return Templates([folder, BUILT_IN]).render("default", {"publication": PUBLICATION})


def error(folder: Path, source: str) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        render(folder, source)
    return caught.value


def test_values_are_escaped(folder: Path) -> None:
    (folder / "default.mjml.j2").write_text("{{ publication.name }}")
    evil = Publication('<b>"{{ 7*7 }}')
    rendered = Templates([folder]).render("default", {"publication": evil})
    assert rendered == "&lt;b&gt;&#34;{{ 7*7 }}"


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        (
            "\n{{ publicaton.name }}",
            'templates/default.mjml.j2:2: there is no "publicaton"',
            'Did you mean "publication"?',
        ),
        (
            "\n\n{{ publication.nam }}",
            'templates/default.mjml.j2:3: there is no "nam" in Publication',
            'Did you mean "name"?',
        ),
        ("{{ zzz }}", 'there is no "zzz"', "There are: publication."),
        ("{% if publication.zzz %}{% endif %}", 'there is no "zzz" in Publication', "There are:"),
        ("a\n{% if %}", "templates/default.mjml.j2:2: Expected an expression", ""),
        ("{% if publication %}", "Unexpected end of template", "A block is not closed"),
        ("{% include 'parts/foter.mjml.j2' %}", "default.mjml.j2:1: there is no file", "footer"),
        ("{% include 'zzz' %}", "there is no file zzz", "Templates are looked for in templates or"),
        ("{{ 1 / 0 }}", "templates/default.mjml.j2:1: division by zero", ""),
        ("{{ 'red'|readable_on('#ffffff') }}", '"red" is not a colour', ""),
        ("{% include 'default.mjml.j2' %}", "without end", "Break the circle."),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "without end", "Break the circle."),
    ],
)
def test_a_mistake_is_told_at_its_line(folder: Path, source: str, message: str, hint: str) -> None:
    told = error(folder, source)
    assert message in told.message
    assert hint in told.hint


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ publication.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ ''|attr('__class__') }}",
        "{{ 'x'.format.__self__.__class__ }}",
        "{{ '{0.__class__}'.format(publication) }}",
        "{{ ('{0.__class__}'|attr('format'))(publication) }}",
        "{% set f = '{0.__class__}'.format %}{{ f(publication) }}",
        "{% include '/etc/passwd' %}",
        "{% include '../secret' %}",
        "{{ environ }}",
        "{{ self._TemplateReference__context.environment.loader }}",
    ],
)
def test_the_sandbox_holds(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "yellow-bird")
    (folder.parent / "secret").write_text("yellow-bird")
    told = error(folder, source)
    assert "yellow-bird" not in told.message + told.hint
    assert "object at 0x" not in told.message


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ ('a' * 90000) * 90000 }}",
        "{{ 1000000000 * [1] }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a'|center(999999999) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(90000) %}" + "x" * 100 + "{% endfor %}",
    ],
)
def test_a_template_bomb_is_an_error(folder: Path, source: str) -> None:
    assert "default.mjml.j2" in error(folder, source).message


def test_a_template_that_is_not_there_has_a_neighbour(folder: Path) -> None:
    with pytest.raises(TemplateError) as caught:
        Templates([folder, BUILT_IN]).render("defalt", {})
    assert caught.value.message == 'there is no template "defalt"'
    assert caught.value.hint == 'Did you mean "default"?'


def test_a_template_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "default.mjml.j2").write_bytes("Гавань".encode("cp1251"))
    with pytest.raises(TemplateError, match=r"^templates/default\.mjml\.j2:1: not UTF-8$"):
        Templates([folder, BUILT_IN]).render("default", {})


def test_a_template_that_cannot_be_read_is_named() -> None:
    # Not below tmp_path, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "templates"
        folder.mkdir(0o755)
        (folder / "default.mjml.j2").touch(0o000)
        with unprivileged(), pytest.raises(TemplateError, match=r"cannot read .*default\.mjml\.j2"):
            Templates([folder]).render("default", {})


def test_a_new_or_changed_file_of_the_project_counts_at_once(folder: Path) -> None:
    built_in = folder.parent / "built-in"
    (built_in / "parts").mkdir(parents=True)
    (built_in / "default.mjml.j2").write_text("{% include 'parts/a.j2' %}")
    (built_in / "parts" / "a.j2").write_text("built in")
    templates = Templates([folder, built_in])
    assert templates.render("default", {}) == "built in"
    (folder / "parts").mkdir()
    (folder / "parts" / "a.j2").write_text("own")
    assert templates.render("default", {}) == "own"
    (folder / "parts" / "a.j2").unlink()
    assert templates.render("default", {}) == "built in"


def test_a_link_out_of_the_templates_is_not_followed(folder: Path) -> None:
    (folder.parent / "outside.txt").write_text("canary")
    (folder / "leak.txt").symlink_to(folder.parent / "outside.txt")
    (folder / "default.mjml.j2").write_text("{% include 'leak.txt' %}")
    with pytest.raises(TemplateError, match="leads out of its folder"):
        Templates([folder]).render("default", {})
