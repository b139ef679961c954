"""Delivery status notifications (RFC 3464, RFC 6533), also those whose shape is broken."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newsletter.feedback.classify import addresses
from newsletter.feedback.classify.codes import CODE
from newsletter.feedback.classify.mime import Message
from newsletter.feedback.classify.report import Action

MOST_RECIPIENTS = 500
STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_FIELD = re.compile(
    r"[>\s]{0,3}((?:X-)?[A-Z][A-Za-z0-9-]{2,60})[ \t]{0,5}:[ \t]{0,20}(.*)", re.IGNORECASE
)
_IN_TEXT = re.compile(r"^[ \t>]{0,8}(?:final|original)-recipient[ \t]{0,3}:", re.I | re.M)
_NAMING = {"original-recipient", "final-recipient", "x-actual-recipient"}
_ABOUT_ONE = _NAMING | {"action", "status", "diagnostic-code", "remote-mta", "last-attempt-date"}


@dataclass(slots=True)
class Group:
    """The fields about one recipient."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Whom we wrote to: the original recipient where it is an address, else the final one."""
        for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
            if found := addresses.in_field(self.fields.get(name, "")):
                if name == "original-recipient":  # some leave it as it came at RCPT (RFC 3461 §4)
                    found = found.replace("+2B", "+").replace("+3D", "=")
                return found
        return ""

    @property
    def action(self) -> Action | None:
        """The action; None where it is absent or no word that is known."""
        word = self.fields.get("action", "").strip().lower()
        return next((action for action in Action if word.startswith(action.value[:4])), None)

    @property
    def status(self) -> str:
        """The status code; empty where there is none."""
        found = CODE.search(self.fields.get("status", ""))
        return ".".join(found.groups()) if found else ""

    @property
    def diagnostic(self) -> str:
        """What the remote server said, without the type that stands before it."""
        value = self.fields.get("diagnostic-code", "")
        kind, semicolon, rest = value.partition(";")
        value = rest if semicolon and len(kind) < 30 and "." not in kind else value
        extra = " ".join(
            self.fields.get(name, "")
            for name in ("x-supplementary-info", "x400-supplementary-info", "x-notes", "x-error")
        )
        comment = self.fields.get("status", "").partition("(")[2]
        return " ".join(f"{value} {extra} {comment}".split())


@dataclass(frozen=True, slots=True)
class Status:
    """What a delivery status part says."""

    groups: tuple[Group, ...]
    reporting_mta: str = ""
    envelope_id: str = ""


def read(message: Message, text: str) -> Status | None:
    """The delivery status of a message; None where it has none that names anybody.

    Args:
        message: The report.
        text: Its text, looked at where the status is no part of its own.
    """
    parts = [part for part in message.parts if part.type in STATUS_TYPES]
    for part in parts:
        status = _parsed(part.text)
        if status.groups:
            return status
    if _IN_TEXT.search(text):
        status = _parsed(text)
        if any(group.action for group in status.groups):
            return status
    return None


def _parsed(text: str) -> Status:
    """Fields to groups. A new recipient begins after an empty line or where a field recurs."""
    whole: dict[str, str] = {}
    groups: list[Group] = []
    current: dict[str, str] = {}
    last = ""
    for line in [*text.split("\n")[:20000], ""]:
        if not line.strip():
            current, last = _closed(current, groups, whole), ""
            continue
        match = _FIELD.match(line)
        if line[0] in " \t" and last and not (match and match[1].lower() in _ABOUT_ONE):
            if len(current[last]) < 4000:
                current[last] += " " + line.strip()
            continue
        if match is None:
            if last and len(current[last]) < 4000:
                current[last] += " " + line.strip()
            continue
        name = match[1].lower()
        if name in current and name in _ABOUT_ONE and name != "x-actual-recipient":
            current = _closed(current, groups, whole)
        current[name] = match[2].strip()
        last = name
        if len(groups) >= MOST_RECIPIENTS:
            break
    mta = whole.get("reporting-mta", "").partition(";")[2] or whole.get("reporting-mta", "")
    return Status(tuple(groups), mta.strip()[:255], whole.get("original-envelope-id", "")[:300])


def _closed(current: dict[str, str], groups: list[Group], whole: dict[str, str]) -> dict[str, str]:
    """Put a finished group where it belongs; a stray rest goes to the group before it."""
    if _NAMING & current.keys() or ("action" in current and "status" in current):
        groups.append(Group(current))
        for name in ("reporting-mta", "original-envelope-id"):
            if name in current:
                whole.setdefault(name, current[name])
    elif groups and _ABOUT_ONE & current.keys():
        for name, value in current.items():
            groups[-1].fields.setdefault(name, value)
    else:
        for name, value in current.items():
            whole.setdefault(name, value)
    return {}
