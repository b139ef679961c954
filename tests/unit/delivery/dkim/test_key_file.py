from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from newsletter.delivery.dkim.key_file import read_key_file, write_key_file
from newsletter.errors import ConfigurationError, NewsletterError


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("secret/\n")
    return tmp_path


def key_file(path: Path, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a key")
    path.chmod(mode)
    return path


def test_a_key_file_is_written_for_its_owner_alone_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "key.pem"
    write_key_file(path, b"a key")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key_file(path) == b"a key"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("there", ["a file", "a link to nowhere"])
def test_a_key_is_never_written_over_what_is_there(tmp_path: Path, there: str) -> None:
    path = tmp_path / "key.pem"
    if there == "a file":
        path.write_bytes(b"the old key")
    else:
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(NewsletterError, match="exists"):
        write_key_file(path, b"a new key")
    assert list(tmp_path.iterdir()) == [path]
    assert path.is_symlink() or path.read_bytes() == b"the old key"


@pytest.mark.parametrize("place", ["key.pem", "new folder/key.pem"])
def test_a_key_is_not_written_where_git_would_take_it_in(repository: Path, place: str) -> None:
    with pytest.raises(NewsletterError, match="git would take") as caught:
        write_key_file(repository / place, b"a key")
    assert ".gitignore" in caught.value.hint
    assert not (repository / place).exists()


def test_a_key_is_written_and_read_where_git_ignores_it(repository: Path) -> None:
    write_key_file(repository / "secret" / "key.pem", b"a key")
    assert read_key_file(repository / "secret" / "key.pem") == b"a key"


def test_a_key_that_git_could_take_in_is_not_read(repository: Path) -> None:
    with pytest.raises(ConfigurationError, match="git tracks"):
        read_key_file(key_file(repository / "key.pem"))


def test_a_key_that_git_tracks_is_not_read_although_it_is_ignored_now(repository: Path) -> None:
    path = key_file(repository / "secret" / "key.pem")
    subprocess.run(["git", "-C", str(repository), "add", "-f", str(path)], check=True)
    with pytest.raises(ConfigurationError, match="git tracks"):
        read_key_file(path)


def test_a_link_out_of_the_repository_leads_to_a_key_that_is_safe(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = key_file(tmp_path_factory.mktemp("outside") / "key.pem")
    (repository / "key.pem").symlink_to(outside)
    assert read_key_file(repository / "key.pem") == b"a key"


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o601, 0o620])
def test_a_key_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    path = key_file(tmp_path / "key.pem", mode)
    with pytest.raises(ConfigurationError, match="others on this machine") as caught:
        read_key_file(path)
    assert f"chmod 600 {path}" in caught.value.hint


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640])
def test_a_key_that_its_owner_or_a_group_of_his_reads_is_taken(tmp_path: Path, mode: int) -> None:
    assert read_key_file(key_file(tmp_path / "key.pem", mode)) == b"a key"


def test_a_key_file_that_is_not_there_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file") as caught:
        read_key_file(tmp_path / "key.pem")
    assert "newsletter dkim keygen" in caught.value.hint


def test_a_folder_that_cannot_be_made_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NewsletterError, match="cannot write"):
        write_key_file(tmp_path / "file" / "key.pem", b"a key")
