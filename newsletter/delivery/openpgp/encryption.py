"""Encrypting one reader's letter: to their key and no other."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from newsletter.delivery.openpgp.errors import NotEncryptedError
from newsletter.delivery.openpgp.library import failing_as, must_be_installed
from newsletter.delivery.openpgp.policy import Policy, must_encrypt
from newsletter.delivery.openpgp.usable import CANNOT, usable_part
from newsletter.errors import ConfigurationError


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Encryption:
    """Encrypts letters as a policy wants it; may be used by several threads at once.

    Args:
        policy: Who gets an encrypted letter.
        signing_key: The newsletter's own private key, if letters are to be signed inside.
        password: Of that key.
        clock: Tells the time, to find keys that have expired.

    Raises:
        ConfigurationError: The library is not installed, or the signing key cannot sign.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        signing_key: bytes = b"",
        password: str = "",
        clock: Callable[[], datetime.datetime] = _now,
    ) -> None:
        self.policy = policy
        self._clock = clock
        self._signer = None
        if policy is not Policy.OFF:
            must_be_installed()
        if signing_key:
            must_be_installed()
            from pysequoia import Tsk

            with failing_as(_cannot_sign):
                self._signer = Tsk.from_bytes(signing_key).signer(password or None)

    def wanted(self, certificate: bytes) -> bool:
        """Whether the letter of a reader with this key, or with none, must be encrypted."""
        return must_encrypt(self.policy, has_key=bool(certificate))

    def encrypt(self, letter: bytes, certificate: bytes) -> bytes:
        """A letter that one reader can open.

        No two encryptions of a letter are the same.

        Args:
            letter: A MIME part, headers and body.
            certificate: The reader's key as ``Certificate.data`` has it; empty for none.

        Returns:
            An armoured message (RFC 9580 §6.2), lines ended by CRLF, the last one, too.

        Raises:
            NotEncryptedError: There is no key, or it must not or cannot be used now.
        """
        if not certificate:
            raise NotEncryptedError("the list asks for an OpenPGP key, and this reader has none")
        from pysequoia import encrypt

        cert = usable_part(certificate, self._clock())
        with failing_as(lambda: NotEncryptedError(CANNOT)):
            armoured = encrypt(letter, recipients=[cert], signer=self._signer)
        return armoured.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def _cannot_sign() -> ConfigurationError:
    return ConfigurationError(
        "the OpenPGP key that letters are to be signed with cannot sign",
        "It must be a private key with a part for signatures; if it has a password, give that, "
        "too.",
    )
