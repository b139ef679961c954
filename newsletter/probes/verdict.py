"""From an answer to what an editor is told. Nothing here asks anybody anything."""

from __future__ import annotations

import http
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.findings import Severity
from newsletter.probes.answer import Answer, Failure, State

LARGE_PICTURE = 1024 * 1024
"""Bytes; a heavier picture makes readers on a phone wait, and pay."""

_SHOWN = frozenset({"image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/gif"})
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an editor is told of a link or a picture.

    Attributes:
        severity: Error if it is dead, warning if a reader would be stopped or misled, info if it
            could not be checked or leads on to another address.
        message: What is wrong, without a full stop.
        hint: What to do.
    """

    severity: Severity
    message: str
    hint: str


def judge(answer: Answer, *, is_picture: bool) -> Verdict | None:
    """What to say of an answer; None if everything is fine.

    Args:
        answer: What came of asking.
        is_picture: Whether it is the address of a picture.
    """
    noun = "picture" if is_picture else "link"
    if answer.state is State.DEAD:
        return _dead(answer, noun)
    if answer.failure in _CERTIFICATES:
        return Verdict(
            Severity.WARNING,
            f"the certificate of {_host(answer.last)} {_CERTIFICATES[answer.failure]}",
            "Browsers stop readers with a warning. Tell whoever runs that site, or link elsewhere.",
        )
    if answer.state is State.UNCHECKED:
        return _unchecked(answer, noun)
    if is_picture and (verdict := _picture(answer)):
        return verdict
    return _redirected(answer, noun)


_CERTIFICATES = {
    Failure.EXPIRED_CERTIFICATE: "has expired",
    Failure.FOREIGN_CERTIFICATE: "belongs to another site",
}


def _dead(answer: Answer, noun: str) -> Verdict:
    host = _host(answer.last)
    leads = f"this {noun} leads on to {_short(answer.last)}, and " if answer.hops else ""
    if answer.failure is Failure.NO_SUCH_HOST:
        said = f'{leads}there is no website "{host}"'
        return Verdict(Severity.ERROR, said, "Look for a typing mistake in the address.")
    what = "picture" if noun == "picture" else "page"
    said = f"{leads or f'this {noun} is dead: '}{host} has no such {what} ({_status(answer)})"
    return Verdict(Severity.ERROR, said, f"Look for the {what}’s new address, or take it out.")


_REASONS = {
    Failure.NAME_TROUBLE: "the name {host} could not be looked up",
    Failure.UNREACHABLE: "{host} took no connection",
    Failure.TIMED_OUT: "{host} did not answer in time",
    Failure.BROKEN: "{host} gave an answer that is not HTTP, or broke it off",
    Failure.TLS: "the encrypted connection to {host} failed",
    Failure.TOO_MANY_REDIRECTS: "it is redirected again and again",
    Failure.NOT_A_WEB_ADDRESS: "it is not written like a web address that can be asked",
    Failure.HAS_USER: "it holds a user name or a password, which is sent to nobody",
    Failure.NOT_PUBLIC: "{host} is not on the public internet",
    Failure.ASKED_TO_WAIT: "{host} wants no more requests for now",
}
_OPEN_IT = "Open it in a browser."
_HINTS = {
    Failure.NAME_TROUBLE: "Check your connection and try again.",
    Failure.NOT_A_WEB_ADDRESS: "Look for a typing mistake in it.",
    Failure.HAS_USER: "Take out what stands before the @.",
    Failure.NOT_PUBLIC: "If readers cannot open it, name an address that they can.",
    Failure.ASKED_TO_WAIT: "Try again later, or open it in a browser.",
}


def _unchecked(answer: Answer, noun: str) -> Verdict:
    host = _host(answer.last)
    if answer.failure is None:
        reason = f"{host} answered {_status(answer)}"
        if answer.status in {401, 403, 429}:
            reason += ", perhaps because a program asked"
        hint = _OPEN_IT
    else:
        reason = _REASONS[answer.failure].format(host=host)
        hint = _HINTS.get(answer.failure, _OPEN_IT)
    through = f" (it leads on to {_short(answer.last)})" if answer.hops else ""
    return Verdict(Severity.INFO, f"could not check this {noun}: {reason}{through}", hint)


def _picture(answer: Answer) -> Verdict | None:
    kind = answer.content_type
    if kind in _UNSAID:
        return Verdict(
            Severity.WARNING,
            f"{_host(answer.last)} does not say that this is a picture",
            "Some mail programs will not show it. Let the server send its type (image/jpeg).",
        )
    if not kind.startswith("image/"):
        said = f"this is not a picture: {_host(answer.last)} sends {kind}"
        return Verdict(Severity.ERROR, said, "Name the address of the picture itself, not a page.")
    if kind not in _SHOWN:
        name = kind.removeprefix("image/").removesuffix("+xml").upper()
        said = f"this picture is of type {name}, which many mail programs do not show"
        return Verdict(Severity.WARNING, said, "Use a JPEG, PNG or GIF.")
    if answer.size is not None and answer.size > LARGE_PICTURE:
        said = f"this picture has {answer.size / 1024 / 1024:.1f} MB"
        return Verdict(Severity.WARNING, said, "Make it smaller: 1200 pixels across are enough.")
    return None


def _redirected(answer: Answer, noun: str) -> Verdict | None:
    if not answer.hops:
        return None
    if noun == "link" and _is_deep(answer.address) and _is_start(answer.last):
        return Verdict(
            Severity.WARNING,
            f"this link leads to the start page of {_host(answer.last)}: the page may be gone",
            "Open it, and look for the page’s new address.",
        )
    moved = answer.address
    for hop in answer.hops:
        if not hop.is_permanent:
            break
        moved = hop.address
    if _folded(moved) != _folded(answer.address):
        said = f"this {noun} has moved for good to {_short(moved)}"
        return Verdict(Severity.INFO, said, "Write the new address.")
    if _site(answer.last) != _site(answer.address):
        said = f"this {noun} leads on to {_short(answer.last)}"
        return Verdict(Severity.INFO, said, "Write that address, unless the detour is meant.")
    return None


def _is_deep(address: str) -> bool:
    """Whether an address means one page: two steps down, or words with hyphens between them.

    ``/shop`` and the codes of link shorteners may well lead to a start page.
    """
    steps = [step for step in urlsplit(address).path.split("/") if step]
    if steps and re.fullmatch(r"(?i)(?:index|home|default|start)(?:\.\w+)?", steps[-1]):
        return False
    return len(steps) > 1 or any("-" in step for step in steps)


def _is_start(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in {"", "/"} and not parts.query


def _folded(address: str) -> str:
    """An address without a difference that means nothing: a slash at its end."""
    return address.removesuffix("/")


def _site(address: str) -> str:
    return _host(address).removeprefix("www.")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or _short(address)
    except ValueError:
        return _short(address)


def _status(answer: Answer) -> str:
    status = answer.status or 0
    try:
        return f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _short(address: str) -> str:
    return address if len(address) <= 120 else f"{address[:119]}…"
