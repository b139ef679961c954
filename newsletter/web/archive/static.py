"""The archive as files that need no server: to be put anywhere, mirrored, or opened from a disk."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsletter.errors import NewsletterError
from newsletter.files import write_atomically
from newsletter.web.archive.place import not_among_strangers
from newsletter.web.archive.site import Site

MANIFEST = ".newsletter-archive.json"
"""Lists what the program has made in a folder, so that it takes away nothing else."""

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a folder.

    Attributes:
        written: Files that were made or changed, relative to the folder.
        same: How many stood there already as they should.
        removed: Files of an earlier build that are not part of the archive any more.
        kept: Such files that somebody has changed since; they stay.
    """

    written: tuple[str, ...]
    same: int
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def build(site: Site, folder: Path, *, remove: bool = True) -> Built:
    """Write an archive as files. Equal archives give equal bytes.

    Pictures are written before the pages that show them, and each file whole or not at all. Links
    among the folder's own subfolders are not followed.

    Args:
        site: The archive.
        folder: Where it goes; it is made, or holds an earlier build.
        remove: Take away what an earlier build made and this one does not.

    Raises:
        TemplateError: A template is wrong; nothing was written.
        NewsletterError: A file cannot be written, something else stands in its place, or the
            folder holds files and no build has made any of them.
    """
    not_among_strangers(folder, MANIFEST)
    # Digests first, bytes when they are written: ten years of pictures do not fit into memory.
    digests = dict(contents(site))
    before = _read_manifest(folder)
    foreign = [
        name for name in digests if name not in before and _is_foreign(folder, name, digests[name])
    ]
    if foreign:
        raise NewsletterError(
            f"{folder / foreign[0]} is there already, and was not made by this command",
            "Choose an empty folder, or move that file away.",
        )
    # What is about to be written counts as the program's own also if it is killed meanwhile.
    _write_manifest(folder, {**before, **digests})
    written, same = [], 0
    for name, digest in digests.items():
        path = _inside(folder, name)
        if _digest_of(path) == digest:
            same += 1
            continue
        resource = site.get(name)
        if resource is not None:
            write_atomically(path, resource.body)
            written.append(name)
    removed, kept = [], []
    stale = {name: digest for name, digest in before.items() if name not in digests}
    for name, digest in stale.items() if remove else ():
        path = _inside(folder, name)
        now = _digest_of(path)
        if now is None:
            continue
        if now == digest:
            path.unlink()
            removed.append(name)
            _prune(folder, path.parent)
        else:
            kept.append(name)
    _write_manifest(folder, digests if remove else {**before, **digests})
    return Built(tuple(written), same, tuple(removed), tuple(kept))


def contents(site: Site) -> Iterator[tuple[str, str]]:
    """Every file of an archive: its name, and SHA-256 in hex of its bytes.

    Pictures come before the pages that show them, lists and feeds last.

    Raises:
        TemplateError: A template is wrong.
    """
    for entry in site.collection.entries:
        article = site.article(entry)
        pictures = sorted(article.pictures.items())
        for name, resource in (*pictures, (f"{entry.slug}.html", article.page)):
            yield name, hashlib.sha256(resource.body).hexdigest()
    for name in site.own_names():
        page = site.get(name)
        if page is not None:
            yield name, hashlib.sha256(page.body).hexdigest()


def _read_manifest(folder: Path) -> Mapping[str, str]:
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        files = said["files"]
        if said["version"] == _VERSION and all(_is_name(n, d) for n, d in files.items()):
            return {str(name): str(digest) for name, digest in files.items()}
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        pass
    raise NewsletterError(
        f"{path} is not a list of files that this command wrote",
        "Choose another folder, or delete that file: then nothing in the folder is taken away.",
    )


def _is_name(name: object, digest: object) -> bool:
    """Whether a name stays inside of the folder, whatever somebody wrote into the manifest."""
    if not isinstance(name, str) or not isinstance(digest, str) or "\0" in name:
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and name != ""


def _write_manifest(folder: Path, digests: Mapping[str, str]) -> None:
    said = {"version": _VERSION, "files": dict(sorted(digests.items()))}
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    path = folder / MANIFEST
    if _digest_of(path) != hashlib.sha256(text.encode()).hexdigest():
        write_atomically(path, text)


def _inside(folder: Path, name: str) -> Path:
    """The path of a file; a link below the folder must not lead out of it."""
    path = folder / name
    for above in path.parents:
        if above == folder:
            break
        if above.is_symlink():
            raise NewsletterError(
                f"{above} is a link", "Take it away: files must not land outside of the folder."
            )
    return path


def _is_foreign(folder: Path, name: str, digest: str) -> bool:
    path = folder / name
    return os.path.lexists(path) and _digest_of(path) != digest


def _digest_of(path: Path) -> str | None:
    """SHA-256 of a regular file; None if there is none."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _prune(folder: Path, empty: Path) -> None:
    """Take away folders that have become empty, but not the archive's own."""
    while empty != folder:
        try:
            empty.rmdir()
        except OSError:
            return
        empty = empty.parent
