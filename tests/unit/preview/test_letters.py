"""The documents in the frames: no scripts, and nothing from elsewhere until it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.preview.appearances import Appearance

HERE = "issue/2026-11-20"


@pytest.fixture(scope="module")
def root(make_project: Any, tmp_path_factory: Any) -> Path:
    root: Path = make_project(tmp_path_factory.mktemp("letters") / "letter")
    return root


@pytest.fixture(scope="module")
def running(root: Path, serve_project: Any) -> Iterator[Any]:
    with serve_project(root) as server:
        yield server


def directives(policy: str) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: values for name, _, values in pairs}


def policy_of(running: Any, path: str) -> dict[str, str]:
    answer = running.get(path)
    assert answer.status == 200
    return directives(answer.headers["content-security-policy"])


@pytest.mark.parametrize(
    "path",
    [f"{HERE}/web.html", *(f"{HERE}/letter.html?as={kind.value}" for kind in Appearance)],
)
def test_no_letter_runs_a_script_or_talks_to_anybody(running: Any, path: str) -> None:
    policy = policy_of(running, path)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert "allow-scripts" not in policy["sandbox"]
    assert "allow-forms" not in policy["sandbox"]
    assert "allow-top-navigation" not in policy["sandbox"]
    assert "connect-src" not in policy
    assert "http" not in policy["img-src"]


def test_pictures_of_other_hosts_come_only_when_asked_for(running: Any) -> None:
    for name in ("letter.html", "web.html"):
        assert policy_of(running, f"{HERE}/{name}?remote=1")["img-src"] == "'self' data: https:"
        for wrong in ("remote=0", "remote=yes", "remote=", "remote=11", "Remote=1"):
            assert policy_of(running, f"{HERE}/{name}?{wrong}")["img-src"] == "'self' data:"


def test_a_reader_who_blocks_pictures_gets_none_even_if_asked_for(running: Any) -> None:
    blocking = [kind.value for kind in Appearance if kind.blocks_images]
    assert blocking
    for kind in blocking:
        path = f"{HERE}/letter.html?as={kind}&remote=1"
        assert policy_of(running, path)["img-src"] == "'none'"


def test_an_unknown_appearance_is_the_letter_as_sent(running: Any) -> None:
    usual = running.get(f"{HERE}/letter.html")
    assert running.get(f"{HERE}/letter.html?as=../../x").body == usual.body
    assert len(usual.headers["newsletter-digest"]) == 16


def test_the_letter_shows_its_pictures_from_here(running: Any) -> None:
    html = running.get(f"{HERE}/letter.html").text
    assert "cid:" not in html
    (source,) = set(re.findall(r'src="([^"]+)"', html))
    assert source.startswith(f"{running.prefix}/{HERE}/picture/")
    picture = running.ask(source)
    assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
    assert directives(picture.headers["content-security-policy"])["default-src"] == "'none'"
    assert picture.body.startswith(b"\x89PNG")


def test_the_web_version_shows_its_pictures_from_here(running: Any) -> None:
    page = running.get(f"{HERE}/web.html")
    assert page.headers["newsletter-digest"]
    sources = [s for s in re.findall(r'src="([^"]+)"', page.text) if "web-picture" in s]
    assert sources
    assert running.ask(sources[0]).body.startswith(b"\x89PNG")


def test_the_marked_letter_can_do_nothing_at_all(running: Any) -> None:
    answer = running.get(f"{HERE}/marked.html")
    assert 'data-place="' in answer.text
    policy = directives(answer.headers["content-security-policy"])
    assert policy == {"default-src": "'none'", "sandbox": ""}


def test_somebody_made_up_is_text_in_every_document(running: Any) -> None:
    query = "?with.name=%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE&with.email=zoe@example.com"
    for name in ("letter.html", "marked.html", ""):
        answer = running.get(f"{HERE}{'/' if name else ''}{name}{query}")
        assert answer.status == 200
        assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in running.get(f"{HERE}/letter.html{query}").text


def test_an_unknown_reader_is_said_and_makes_no_database(running: Any, root: Path) -> None:
    page = running.get(f"{HERE}?reader=7")
    assert page.status == 200
    assert "no subscribers yet" in page.text
    for name in ("letter.html", "marked.html", "picture/x"):
        assert running.get(f"{HERE}/{name}?reader=7").status == 404
    assert not list(root.glob("**/*.db*"))


@pytest.mark.parametrize(
    "query",
    [
        "show=" + "letter-375,dark-375,web-500,text,inbox,html",
        "show=message&side=none",
        "show=%00,<x>&side=x&reader=x&remote=x",
        "with.=x&with.email=no+address",
        "with.email=a%0d%0aBcc:b@example.com",
        "&".join(f"with.f{number}=x" for number in range(200)),
    ],
)
def test_whatever_the_address_says_a_page_is_shown(running: Any, query: str) -> None:
    answer = running.get(f"{HERE}?{query}")
    assert answer.status == 200
    assert "Traceback" not in answer.text
    assert "Bcc: b@" not in answer.text


@pytest.mark.parametrize("path", ["issue/none", "issue/none/letter.html", "nothing", "issue/"])
def test_what_is_not_there_is_said_in_a_page(running: Any, path: str) -> None:
    answer = running.get(path)
    assert answer.status in (404, 403)
    assert "There is no such page" in answer.text
    assert f"{running.prefix}/issue/2026-11-20" in answer.text


def test_a_broken_web_template_takes_only_the_web_version_away(
    folder: Path, serve_project: Any
) -> None:
    own = folder / "templates" / "web" / "default.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ 1 / 0 }}")
    with serve_project(folder) as running:
        answer = running.get(f"{HERE}/web.html")
        assert answer.status == 404
        assert "Traceback" not in answer.text
        assert running.get(f"{HERE}/letter.html").status == 200


def test_an_issue_without_a_letter_has_a_page_that_says_so(
    folder: Path, issue: Path, serve_project: Any
) -> None:
    issue.write_text("subject: [")
    with serve_project(folder) as running:
        page = running.get(HERE)
        assert page.status == 200
        assert "No letter yet" in page.text
        assert "<mark>" in page.text
        for name in ("letter.html", "web.html", "picture/x", "web-picture/x"):
            assert running.get(f"{HERE}/{name}").status == 404


def test_the_source_of_the_message_says_who_signs(running: Any) -> None:
    page = running.get(f"{HERE}?show=message").text
    assert "Not signed: no DKIM key is set up here. Perhaps the relay signs." in page
