"""The file that a backup is: a tar of a manifest, the database and, if asked for, the keys.

A plain tar without compression, so that its parts can be had with other programs. Reading takes
nothing from it but the bytes of the members that a backup has, in their order: what they are
called in there never becomes a path.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from newsletter.database.exchange import new_file, sync_folder
from newsletter.errors import DatabaseError, NotFoundError

MANIFEST = "manifest.json"
DATABASE = "newsletter.db"
KEYS = "keys"

_FORMAT = 1
_CHUNK = 1 << 20
_LARGEST_TEXT = 1 << 20
"""Bytes of a manifest or of the keys, at most."""

# What tarfile and json raise at what somebody else has written.
_BROKEN = (
    tarfile.TarError,
    ValueError,
    OverflowError,
    EOFError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        made_at: When the copy was made, UTC.
        schema: Revision of the database.
        encrypted: Whether the database is; if so, with the key it had then.
        rows: How many rows each table has.
        sizes: Bytes of each member.
        digests: SHA-256 of each member, hex.
    """

    made_at: datetime.datetime
    schema: str
    encrypted: bool
    rows: Mapping[str, int]
    sizes: Mapping[str, int]
    digests: Mapping[str, str]

    @property
    def has_keys(self) -> bool:
        """Whether the keys are in it, too."""
        return KEYS in self.digests

    def dump(self) -> bytes:
        """The text of the first member."""
        content = {
            "format": _FORMAT,
            "made_at": self.made_at.isoformat(),
            "schema": self.schema,
            "encrypted": self.encrypted,
            "rows": dict(self.rows),
            "files": {
                name: {"size": self.sizes[name], "sha256": digest}
                for name, digest in self.digests.items()
            },
        }
        return json.dumps(content, indent=2).encode() + b"\n"

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """The manifest in a text.

        Raises:
            ValueError: It is none (KeyError, TypeError and AttributeError, too).
        """
        content = json.loads(text)
        if content["format"] != _FORMAT:
            raise ValueError(f"format {content['format']}")
        files = {
            str(name): (int(f["size"]), str(f["sha256"])) for name, f in content["files"].items()
        }
        return cls(
            made_at=datetime.datetime.fromisoformat(content["made_at"]).astimezone(datetime.UTC),
            schema=str(content["schema"]),
            encrypted=bool(content["encrypted"]),
            rows={str(name): int(rows) for name, rows in content["rows"].items()},
            sizes={name: size for name, (size, _) in files.items()},
            digests={name: digest for name, (_, digest) in files.items()},
        )


def digest(path: Path) -> str:
    """SHA-256 of a file, hex.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(target: Path, manifest: Manifest, members: Mapping[str, Path]) -> None:
    """Write a backup, whole or not at all, for its owner only.

    Raises:
        OSError: It cannot be written, or exists (FileExistsError).
    """
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)  # of an earlier attempt that was killed
    try:
        with new_file(part) as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                _add(tar, MANIFEST, io.BytesIO(text := manifest.dump()), len(text), manifest)
                for name, path in members.items():
                    with path.open("rb") as content:
                        _add(tar, name, content, manifest.sizes[name], manifest)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, target)  # unlike a rename, never over a file that is there
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


class Archive:
    """A backup that is being read; its members are checked against its manifest as they come."""

    def __init__(self, path: Path, members: Mapping[str, tarfile.TarInfo], file: IO[bytes]) -> None:
        self._path, self._members, self._file = path, members, file
        try:
            self.manifest = Manifest.parse(self._read(MANIFEST))
        except _BROKEN as error:
            raise _no_backup(path) from error
        sizes = {name: member.size for name, member in members.items() if name != MANIFEST}
        if sizes != dict(self.manifest.sizes) or DATABASE not in sizes:
            raise _no_backup(path)

    def copy(self, name: str, target: Path) -> None:
        """Write a member to a new file.

        Raises:
            DatabaseError: It is not as the manifest has it.
            OSError: It cannot be written, or exists.
        """
        member, hashed = self._members[name], hashlib.sha256()
        self._file.seek(member.offset_data)
        left = member.size
        with new_file(target) as file:
            while left > 0 and (chunk := self._file.read(min(left, _CHUNK))):
                hashed.update(chunk)
                file.write(chunk)
                left -= len(chunk)
            file.flush()
            os.fsync(file.fileno())
        if hashed.hexdigest() != self.manifest.digests[name]:
            raise DatabaseError(
                f"{self._path} is damaged: {name} in it is not as it was written",
                "Take another backup; nothing was changed.",
            )

    def read_keys(self) -> bytes:
        """The text of the keys.

        Raises:
            DatabaseError: They are not as the manifest has them.
        """
        text = self._read(KEYS)
        if hashlib.sha256(text).hexdigest() != self.manifest.digests[KEYS]:
            raise DatabaseError(
                f"{self._path} is damaged: the keys in it are not as they were written",
                "Take another backup; nothing was changed.",
            )
        return text

    def _read(self, name: str) -> bytes:
        member = self._members[name]
        self._file.seek(member.offset_data)
        return self._file.read(member.size)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup to read it.

    Raises:
        NotFoundError: There is no such file.
        DatabaseError: It is not a backup.
        OSError: It cannot be read.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no backup {path}", "Name the file that backup has written.")
    with path.open("rb") as file:
        try:
            members = _members(file)
        except _BROKEN as error:
            raise _no_backup(path) from error
        yield Archive(path, members, file)


def _members(file: IO[bytes]) -> dict[str, tarfile.TarInfo]:
    length = os.fstat(file.fileno()).st_size
    found: dict[str, tarfile.TarInfo] = {}
    with tarfile.open(fileobj=file, mode="r:") as tar:
        for member in tar:
            expected = (MANIFEST, DATABASE, KEYS)[len(found)] if len(found) < 3 else ""
            # A plain file, all of whose bytes are here: no link, no device, no holes.
            if (
                member.name != expected
                or member.type != tarfile.REGTYPE
                or member.sparse is not None
                or not 0 <= member.size <= length - member.offset_data
                or (member.name != DATABASE and member.size > _LARGEST_TEXT)
            ):
                raise ValueError(expected)
            found[expected] = member
    if DATABASE not in found:
        raise ValueError(DATABASE)
    return found


def _add(tar: tarfile.TarFile, name: str, content: Any, size: int, manifest: Manifest) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    member.mtime = int(manifest.made_at.timestamp())
    tar.addfile(member, content)


def _no_backup(path: Path) -> DatabaseError:
    return DatabaseError(
        f"{path} is not a backup of a newsletter, or it is damaged",
        "Take a file that newsletter backup has written; nothing was changed.",
    )
