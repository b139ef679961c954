"""Messages in the outbox, as they are asked for one by one."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

KEY = "1700000000.M5P1Q1.host"
HOSTILE = '<script>alert(1)</script>"\u202e'


@pytest.fixture(scope="module")
def root(make_project: Any, tmp_path_factory: Any) -> Path:
    root: Path = make_project(tmp_path_factory.mktemp("outbox") / "letter")
    mail = EmailMessage()
    mail["From"] = "The Harbour Letter <letter@example.org>"
    mail["To"] = "Zoë Sample <zoe@example.com>"
    mail["Subject"] = HOSTILE
    mail.set_content(f"The letter as text. {HOSTILE}")
    mail.add_alternative(
        '<h1>As sent</h1><img src="cid:pic@x"><img src="cid:svg@x">', subtype="html"
    )
    html = mail.get_payload()[1]  # type: ignore[index]
    html.add_related(b"GIF89a", "image", "gif", cid="<pic@x>")  # type: ignore[union-attr]
    html.add_related(b"<svg onload=alert(1)/>", "image", "svg+xml", cid="<svg@x>")  # type: ignore[union-attr]
    mailbox.Maildir(root / "outbox", create=True)
    (root / "outbox" / "new" / KEY).write_bytes(mail.as_bytes())
    (root / "outbox" / "new" / "junk").write_bytes(b"\x00\xff\xfe")
    return root


@pytest.fixture(scope="module")
def running(root: Path, serve_project: Any) -> Iterator[Any]:
    with serve_project(root) as server:
        yield server


@pytest.mark.parametrize("part", ["html", "text", "headers", "source", "none", "%00"])
@pytest.mark.parametrize("key", [f"/{KEY}", "/junk", ""])
def test_every_part_of_a_message_is_shown_as_text(running: Any, part: str, key: str) -> None:
    page = running.get(f"outbox{key}?part={part}&q=")
    assert page.status == 200
    assert "<script>alert" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("search", ["zo%C3%AB", "%3Cscript%3E", "nobody", "%00", "%25", "x" * 5000])
def test_a_search_is_answered_and_stays_text(running: Any, search: str) -> None:
    page = running.get(f"outbox?q={search}")
    assert page.status == 200
    assert "<script>" not in page.text


def test_the_html_part_runs_no_script_and_fetches_nothing(running: Any) -> None:
    letter = running.get(f"outbox/{KEY}/letter.html?remote=1")
    policy = letter.headers["content-security-policy"]
    assert "script-src 'none'" in policy
    assert "img-src 'self' data:;" in policy
    assert f"/outbox/{KEY}/picture/pic%40x" in letter.text
    assert 'src="cid:svg@x"' in letter.text


def test_only_pictures_of_the_message_are_served(running: Any) -> None:
    picture = running.get(f"outbox/{KEY}/picture/{quote('pic@x')}")
    assert (picture.status, picture.body) == (200, b"GIF89a")
    assert picture.headers["content-type"] == "image/gif"
    for name in ("svg@x", "none", "..%2f..%2fjunk", "%00"):
        assert running.get(f"outbox/{KEY}/picture/{name}").status == 404


def test_a_message_that_is_not_there_has_no_page(running: Any) -> None:
    for path in ("outbox/none", "outbox/none/letter.html", "outbox/none/picture/x"):
        assert running.get(path).status == 404


def test_every_page_knows_how_to_find_the_preview_again(running: Any) -> None:
    def key_in(path: str) -> str:
        return running.get(path).text.partition('data-key="')[2].partition('"')[0]  # type: ignore[no-any-return]

    keys = {key_in(path) for path in ("", "issue/2026-11-20", "outbox", f"outbox/{KEY}", "none")}
    assert len(keys) == 1
    assert KEY not in keys


def test_an_empty_outbox_is_said_and_not_made(folder: Path, serve_project: Any) -> None:
    with serve_project(folder) as server:
        page = server.get("outbox")
        assert page.status == 200
        assert "The outbox is empty" in page.text
    assert not (folder / "outbox").exists()
