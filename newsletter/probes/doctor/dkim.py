"""DKIM: whether the public key that receivers look for is there, and is ours (RFC 6376)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.tags import TagError, parse_tags

LEAST_BITS = 1024
"""Fewer, and receivers must not count the signature (RFC 8301 section 3.2)."""
GOOD_BITS = 2048

_ED25519_OCTETS = 32


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key that letters are signed with.

    Attributes:
        domain: ``d=`` of the signature.
        selector: ``s=`` of the signature.
        public: ``p=`` that belongs to our private key, in base64; empty if somebody else signs.
    """

    domain: str
    selector: str
    public: str = ""

    @property
    def name(self) -> str:
        """Where its public half stands in the DNS."""
        return f"{self.selector}._domainkey.{self.domain}"


def check_dkim(key: DkimKey, lookups: LookUps) -> list[Checkup]:
    """Look at the public key in the DNS.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    what = f"DKIM key {key.selector} of {key.domain}"
    show = "newsletter dkim show prints the record." if key.public else "Ask whoever signs for it."
    texts = lookups.texts(key.name)
    if not texts:
        said = f"there is no public key at {key.name}, so no signature can be verified"
        return [Checkup(what, Level.ERROR, said, f"Add that TXT record. {show}")]
    if len(texts) > 1:
        said = f"there are {len(texts)} TXT records at {key.name}; only one may be"
        return [Checkup(what, Level.ERROR, said, "Take out all but the one with the key.")]
    try:
        tags = parse_tags(texts[0])
        problem = _unusable(tags)
        bits = 0 if problem else _bits(tags["p"], tags.get("k", "rsa"))
        problem = problem or _other_key(key, tags["p"])
    except (TagError, ValueError) as error:
        problem, bits = str(error), 0
    if problem:
        return [Checkup(what, Level.ERROR, f"the record at {key.name}: {problem}", show)]
    return _strength(what, bits, tags.get("k", "rsa"), "y" in _listed(tags.get("t", "")))


def _unusable(tags: Mapping[str, str]) -> str:
    version = tags.get("v")
    if version is not None and (version != "DKIM1" or next(iter(tags)) != "v"):
        return "it does not begin with v=DKIM1"
    if "p" not in tags:
        return "it holds no key (p=)"
    if not tags["p"]:
        return "the key has been revoked: p= is empty"
    if tags.get("k", "rsa") not in {"rsa", "ed25519"}:
        return f"k={tags['k']} is not a kind of key that receivers know"
    if "h" in tags and "sha256" not in _listed(tags["h"]):
        return f"h={tags['h']} forbids sha256, which signatures are made with"
    if "s" in tags and not {"*", "email"} & set(_listed(tags["s"])):
        return f"s={tags['s']} says that the key is not for mail"
    return ""


def _other_key(key: DkimKey, published: str) -> str:
    if not key.public or _octets(key.public) == _octets(published):
        return ""
    return "the key there is not the one that belongs to your private key"


def _strength(what: str, bits: int, kind: str, is_test: bool) -> list[Checkup]:  # noqa: FBT001
    if kind == "ed25519":
        checkup = Checkup(what, Level.OK, "the public key is there (Ed25519)")
    elif bits < LEAST_BITS:
        said = f"the key has {bits} bits; receivers ignore keys of fewer than {LEAST_BITS}"
        hint = f"Make a new key of {GOOD_BITS} bits under another selector."
        return [Checkup(what, Level.ERROR, said, hint)]
    elif bits < GOOD_BITS:
        said = f"the key has only {bits} bits"
        hint = f"Make a new key of {GOOD_BITS} bits under another selector."
        checkup = Checkup(what, Level.WARNING, said, hint)
    else:
        checkup = Checkup(what, Level.OK, f"the public key is there ({bits} bits)")
    if not is_test:
        return [checkup]
    said = "the record says t=y, a test: receivers may treat letters as not signed"
    return [checkup, Checkup(what, Level.WARNING, said, "Take t=y out when signatures verify.")]


def _bits(public: str, kind: str) -> int:
    """Length of an RSA key; 0 for Ed25519.

    Raises:
        ValueError: It is not such a key.
    """
    octets = _octets(public)
    if kind == "ed25519":
        if len(octets) != _ED25519_OCTETS:
            raise ValueError("p= is not an Ed25519 key")
        return 0
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        loaded = load_der_public_key(octets)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("p= is not an RSA key; perhaps a part of it was lost") from error
    if not isinstance(loaded, RSAPublicKey):
        raise ValueError("p= is not an RSA key")  # noqa: TRY004 - of a value, not of a caller
    return loaded.key_size


def _octets(public: str) -> bytes:
    """What base64 stands for; white space in it does not count (RFC 6376 section 3.6.1).

    Raises:
        ValueError: It is not base64.
    """
    try:
        return base64.b64decode("".join(public.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("p= is not base64; perhaps a part of it was lost") from error


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(":")]
