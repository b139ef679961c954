import stat
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.files import write_atomically


def test_a_file_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "letter.html"
    write_atomically(path, "<p>Добрий день</p>\n")
    assert path.read_text(encoding="utf-8") == "<p>Добрий день</p>\n"


def test_permissions_are_those_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_atomically(path, b"x", mode=0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_failed_write_keeps_the_old_file_and_leaves_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "letter.html"
    target.mkdir()
    with pytest.raises(NewsletterError, match=r"cannot write .*letter\.html"):
        write_atomically(target, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.html"]


def test_a_file_where_a_folder_should_be_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(NewsletterError) as caught:
        write_atomically(tmp_path / "out" / "letter.html", "x")
    assert caught.value.hint
