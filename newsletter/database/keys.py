"""The keys of a newsletter: secrets that are kept apart from its database.

Whoever has the database alone can neither make a link that works nor find out whether an address
stands among the suppressed ones.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from newsletter.errors import ConfigurationError
from newsletter.files import write_atomically

_SIZE = 32
"""Bytes of a key."""

_TEXT = """\
# The keys of this newsletter. Keep this file secret, out of git, and apart from the database's
# backups; and keep a copy: without it, links in letters that were sent stop working, and
# suppressed addresses are not known any more.

# Turns addresses into what is kept of them for good. It must never change.
addresses = "{addresses}"

# Seal the readers' links: new ones with the first key; the others open older links.
links = [
{links}
]
"""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one newsletter; all programs that use its database need the same.

    Attributes:
        addresses: Hashes addresses; never changes.
        links: Seal links, 32 bytes each, the newest first.
    """

    addresses: bytes = field(repr=False)
    links: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Fresh random keys."""
        return cls(secrets.token_bytes(_SIZE), (secrets.token_bytes(_SIZE),))

    @classmethod
    def load(cls, path: Path) -> Self:
        """The keys in a file; if there is none, new ones, written there for their owner only.

        Raises:
            ConfigurationError: The file cannot be read or made, or does not hold keys.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls._make(path)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"cannot read the keys in {path}", "See that this user may read the file."
            ) from error
        try:
            values = tomllib.loads(text)
            newest, *older = map(_key, values["links"])
            return cls(_key(values["addresses"]), (newest, *older))
        except (KeyError, TypeError, ValueError):  # TOMLDecodeError is a ValueError
            # What stands there is not shown: it may be a key that was damaged.
            raise ConfigurationError(
                f"{path} does not hold the keys of a newsletter",
                "Put back the copy that was kept of it; new keys would break readers' links.",
            ) from None

    @classmethod
    def _make(cls, path: Path) -> Self:
        keys = cls.new()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Linked, not renamed: of two programs that begin together, both get the same keys.
            draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
            write_atomically(draft, keys.dump(), mode=0o600)
            try:
                os.link(draft, path)
            except FileExistsError:
                return cls.load(path)
            finally:
                draft.unlink()
        except OSError as error:
            raise ConfigurationError(
                f"cannot write keys to {path}: {error.strerror}",
                "See that this user may write there, or name another file in keys_file.",
            ) from error
        return keys

    def dump(self) -> str:
        """The text of their file."""
        links = "\n".join(f'    "{key.hex()}",' for key in self.links)
        return _TEXT.format(addresses=self.addresses.hex(), links=links)

    def with_new_link_key(self) -> Keys:
        """The same, with a fresh key before those that seal links until now."""
        return Keys(self.addresses, (secrets.token_bytes(_SIZE), *self.links))

    def hash(self, email_key: str) -> str:
        """What is kept of an address for good: HMAC-SHA-256, its first 128 bits in hex.

        RFC 2104 §5 allows to cut it to half its length.

        Args:
            email_key: The address as it is compared, ``Address.key``.
        """
        return hmac.digest(self.addresses, email_key.encode(), "sha256")[:16].hex()

    @property
    def fingerprint(self) -> str:
        """Tells these keys from others without giving them away; the same after a new link key."""
        mark = hmac.digest(self.addresses, b"which keys are these?", "sha256")
        return hashlib.sha256(mark).hexdigest()[:32]


def _key(text: str) -> bytes:
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * _SIZE}}}", text):
        raise ValueError
    return bytes.fromhex(text)
