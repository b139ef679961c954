"""Whether a message is a notice of a mail system, and whom it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from newsletter.feedback.classify import addresses, auto_reply, phrases, prose
from newsletter.feedback.classify.case import Case
from newsletter.feedback.classify.codes import CODE, REPLY
from newsletter.feedback.classify.dsn import STATUS_TYPES, Group, Status
from newsletter.feedback.classify.original import RETURNED, RETURNED_HEADERS
from newsletter.feedback.classify.report import GRAVITY, Action, Kind, Recipient, Verdict
from newsletter.feedback.classify.verdict import judge, said
from newsletter.feedback.classify.wording import Words

LONGEST_REPLY = 500
_EXPANDED_WITHIN = 6000
_FORWARDED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|enc|doorst|vs|pd|пересл)\s*[:：]", re.IGNORECASE)
_ANSWERED = re.compile(r"^\s*(?:re|aw|sv|odp|antw|ответ)\s*[:：]", re.IGNORECASE)
_QUOTED = re.compile(r"^>|\bwrote:$", re.MULTILINE)
_REFUSAL = re.compile(r"^[ \t]{0,9}[45]\d\d[ -]", re.MULTILINE)
_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of a mail system."""

    kind: Kind
    recipients: tuple[Recipient, ...]


def read(case: Case) -> Notice | None:
    """The notice that a message is; None where it is none."""
    if case.status is not None and _is_first_hand(case):
        recipients = _from_status(case, case.status)
    elif _evidence(case) >= _ENOUGH:
        recipients = _from_prose(case)
    else:
        return None
    if case.message.headers.get("x-spasign").strip().upper() == "NG":  # filtered, says au (Japan)
        recipients = tuple(
            replace(each, verdict=Verdict.POLICY, suppresses=False) for each in recipients
        )
    actions = {recipient.action for recipient in recipients}
    kind = Kind.BOUNCE if actions & {Action.FAILED, Action.DELAYED} else Kind.RECEIPT
    return Notice(kind, recipients)


def _is_first_hand(case: Case) -> bool:
    """A status that somebody forwards or quotes, with a word of their own, is no notice."""
    if case.from_daemon:
        return True
    quoted = not any(part.type in STATUS_TYPES for part in case.message.parts)
    return not (
        _FORWARDED.match(case.subject) or (quoted and _ANSWERED.match(case.subject) is not None)
    )


def _evidence(case: Case) -> int:
    """How much speaks for a notice in prose; _ENOUGH makes it one."""
    headers = case.message.headers
    notice_subject = phrases.BOUNCE_SUBJECTS.found_in(Words(case.subject))
    notice_words = phrases.BOUNCE_WORDS.found_in(case.words)
    points = 2 * case.from_daemon + 2 * notice_subject + 2 * notice_words
    kinds = RETURNED | RETURNED_HEADERS
    beginning = case.text[:6000]
    traces = (  # of a machine, each with its weight
        headers.get("return-path").strip() in {"<>", "<MAILER-DAEMON>"},
        3 * ("x-failed-recipients" in headers),
        2 * (case.message.report_type == "delivery-status"),
        bool(case.returned) or any(part.type in kinds for part in case.message.parts),
        bool(CODE.search(beginning) or REPLY.search(beginning)),
    )
    points += sum(traces)
    if not traces[-1]:
        points += said(beginning[:4000]) is not None
    if _FORWARDED.match(case.subject):
        points -= 4
    elif _ANSWERED.match(case.subject) and not _answers_like_a_machine(case):
        points -= 1 if notice_subject else 3
    if not case.from_daemon:
        points -= _by_hand(case, notice_subject=notice_subject)
        if not any(traces) and not any(passage.score >= 3 for passage in case.passages):
            points -= 2  # people write about mail that did not arrive, too
    if phrases.CHALLENGES.found_in(case.words) and "x-failed-recipients" not in headers:
        points -= 1 if notice_subject else 3
    if points == _ENOUGH - 1 and any(passage.score >= 3 for passage in case.passages):
        points += 1
    return points


def _answers_like_a_machine(case: Case) -> bool:
    """Whether a "Re:" is nobody's answer: some carriers put it before what they return."""
    if not case.from_daemon or _QUOTED.search(case.text) or not _REFUSAL.search(case.text):
        return False
    return any(passage.score >= 3 for passage in case.passages)


def _by_hand(case: Case, *, notice_subject: bool) -> int:
    """How much speaks for a person, or for a person's automatic answer."""
    against = 0
    if not notice_subject:
        against += "in-reply-to" in case.message.headers
        against += 2 * auto_reply.declared(case.message)
    if auto_reply.said_in_subject(case.message):
        against += 2 if notice_subject else 5
    return against


def _from_status(case: Case, status: Status) -> tuple[Recipient, ...]:
    alone = len(status.groups) == 1
    found = []
    for group in status.groups:
        final = addresses.in_field(group.fields.get("final-recipient", ""))
        address = group.address or (next(iter(case.known), "") if alone else "")
        if alone and "original-recipient" not in group.fields:
            address = prose.forwarded_from(case.text[:_EXPANDED_WITHIN]) or address
        names = [name for name in (address, final) if name]
        passage = "\n".join(prose.about(name, case.text) for name in names)
        action = group.action or _action(group, case)
        judged = judge(action, group.status, group.diagnostic, passage, case.text if alone else "")
        found.append(
            Recipient(
                address,
                judged.verdict,
                judged.suppresses,
                action,
                judged.status,
                (group.diagnostic or _reply_line(passage or case.text))[:LONGEST_REPLY],
                "" if addresses.same(final, address) else final,
            )
        )
    return _each_once(found)


def _action(group: Group, case: Case) -> Action:
    """The action of a group that does not say it."""
    if group.status.startswith("2"):
        return Action.DELIVERED
    if group.status.startswith("4") and phrases.STILL_TRYING.found_in(case.words):
        return Action.DELAYED
    return Action.FAILED


def _from_prose(case: Case) -> tuple[Recipient, ...]:
    if phrases.DELIVERED.found_in(case.words) and said(case.text) is None:
        action = Action.DELIVERED
    elif phrases.STILL_TRYING.found_in(case.words):
        action = Action.DELAYED
    else:
        action = Action.FAILED
    about = {passage.address.casefold(): passage for passage in case.passages}
    named = list(dict.fromkeys(case.known)) or [""]
    subject = case.subject if said(case.subject) is not None else ""
    alone = len(named) == 1
    shared = not alone and all(said(passage.text) is None for passage in case.passages)
    around = f"{case.text}\n{subject}" if alone or shared else subject
    found = []
    for address in named:
        known = about.get(address.casefold())
        passage = known.text if known else prose.about(address, case.text) if address else ""
        written_to = known.written_to if known else ""
        judged = judge(action, "", "", passage, around)
        found.append(
            Recipient(
                written_to or address,
                judged.verdict,
                judged.suppresses and not shared,  # who of them it is about, nobody says
                action,
                judged.status,
                _reply_line(passage or case.text)[:LONGEST_REPLY],
                address if written_to and not addresses.same(written_to, address) else "",
            )
        )
    return _each_once(found)


def _each_once(recipients: list[Recipient]) -> tuple[Recipient, ...]:
    """One entry an address, the gravest where a report repeats it."""
    kept: dict[str, Recipient] = {}
    for each in recipients:
        key = each.address.casefold()
        if key not in kept or GRAVITY.index(each.verdict) < GRAVITY.index(kept[key].verdict):
            kept[key] = each
    return tuple(kept.values())


def _reply_line(text: str) -> str:
    """The line of a notice that says most, with those that continue it."""
    lines = [line.strip() for line in text[:8000].split("\n")]
    for number, line in enumerate(lines):
        if REPLY.search(line) or CODE.search(line):
            return " ".join(" ".join(lines[number : number + 3]).split())
    for line in lines[:60]:
        if line and said(line) is not None:
            return " ".join(line.split())
    return ""
