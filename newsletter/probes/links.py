"""Links that lead nowhere, and remote pictures that nobody will see.

``check_links`` asks the web servers themselves, which tells each of them this machine's address and
that somebody looks at the page. So it runs when it is asked to, never by itself.
"""

from __future__ import annotations

import asyncio
import datetime
import ssl
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.findings import Finding, Severity, in_reading_order
from newsletter.issue.manuscript import Manuscript
from newsletter.probes.addresses import IPAddress, is_public
from newsletter.probes.answer import Answer, Failure, State
from newsletter.probes.cache import Cache
from newsletter.probes.gate import Clock, Gate, Manners
from newsletter.probes.names import LookUp, look_up
from newsletter.probes.places import Place, Target, places
from newsletter.probes.url import RefusedError
from newsletter.probes.verdict import judge

LINK = "link-reachable"
PICTURE = "image-reachable"
"""The slugs of the findings."""

Progress = Callable[[int, int], None]
"""Is told how many are done, and of how many."""

_NO_NETWORK = frozenset({Failure.NAME_TROUBLE, Failure.UNREACHABLE})

ALWAYS_THERE = "example.com"
"""A name that the DNS always knows (RFC 6761, section 6.5), if it knows any."""


@dataclass(frozen=True, slots=True)
class Network:
    """What is outside.

    Attributes:
        look_up: From a host's name to all its addresses.
        is_allowed: Whether an address may be connected to.
        tls: How certificates are verified; None for Mozilla's list of authorities (certifi),
            which comes closest to what readers' browsers trust.
    """

    look_up: LookUp = look_up
    is_allowed: Callable[[IPAddress], bool] = is_public
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in numbers.

    Attributes:
        links: Different addresses of links and pictures.
        asked: Of these, asked now.
        cached: Known from an earlier run.
        dead: Dead for certain.
        unchecked: Asked, but nobody knows.
        left_out: Not asked, since there were too many.
        seconds: How long it took.
    """

    links: int
    asked: int
    cached: int
    dead: int
    unchecked: int
    left_out: int
    seconds: float

    def __str__(self) -> str:
        """One line for an editor."""
        if not self.links:
            return "No links to check."
        if self.asked and self.unchecked == self.asked and not self.cached:
            left = f"; {self.left_out} were not asked" * bool(self.left_out)
            what = f"any of {self.asked} links" if self.asked > 1 else "the only link"
            return f"could not check {what}{left}"
        said = [f"{self.asked} asked in {self.seconds:.1f} s"]
        said += [f"{self.cached} known from before"] * bool(self.cached)
        said += [f"{self.dead} dead"] * bool(self.dead)
        said += [f"{self.unchecked} could not be checked"] * bool(self.unchecked)
        said += [f"{self.left_out} left out: run it again for them"] * bool(self.left_out)
        return f"{self.links} link{'s' * (self.links != 1)}: {', '.join(said)}"


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What came of checking links: findings in reading order, and the run in numbers."""

    findings: tuple[Finding, ...]
    summary: Summary


def now() -> datetime.datetime:
    """The time."""
    return datetime.datetime.now(datetime.UTC)


def check_links(
    manuscripts: Sequence[Manuscript],
    cache_file: Path,
    *,
    network: Network | None = None,
    manners: Manners | None = None,
    clock: Clock = now,
    progress: Progress | None = None,
) -> LinkReport:
    """Ask for every link and remote picture of some issues, each once.

    Args:
        manuscripts: The issues.
        cache_file: Where answers are kept; ``.newsletter/cache/links.json``.
        network: What is outside; None for the internet.
        manners: How politely; None for the usual.
        clock: Tells the time.
        progress: Is called after each one that was asked.

    Returns:
        A finding for every place of every address of which there is something to say. On Ctrl-C,
        ``KeyboardInterrupt`` is raised at once and what was learnt is kept.
    """
    began = time.monotonic()
    manners = manners or Manners()
    found = places(manuscripts)
    cache = Cache(cache_file, clock())
    answers = {target: known for target in found if (known := cache.get(target))}
    unknown = [target for target in found if target not in answers]
    chosen = unknown[: manners.links]
    cached = len(answers)
    if chosen:
        try:
            asking = _ask(chosen, answers, cache, network or Network(), manners, clock, progress)
            asyncio.run(asking)
        finally:
            cache.write()
    summary = Summary(
        links=len(found),
        asked=len(chosen),
        cached=cached,
        dead=_count(answers, State.DEAD),
        unchecked=_count(answers, State.UNCHECKED),
        left_out=len(unknown) - len(chosen),
        seconds=time.monotonic() - began,
    )
    asked = [answers[target] for target in chosen]
    is_offline = len(asked) > 1 and all(answer.failure in _NO_NETWORK for answer in asked)
    silent = set(chosen) if is_offline else set()
    findings = _findings(found, answers, silent)
    if is_offline:
        findings += [_offline(manuscript, len(chosen)) for manuscript in manuscripts[:1]]
    return LinkReport(tuple(in_reading_order(findings)), summary)


async def _ask(
    targets: Sequence[Target],
    answers: dict[Target, Answer],
    cache: Cache,
    network: Network,
    manners: Manners,
    clock: Clock,
    progress: Progress | None,
) -> None:
    # Imported late: 0.2 s that only this check needs.
    import httpcore

    from newsletter.probes.connect import JudgedBackend
    from newsletter.probes.http import Asker

    gate = Gate(manners, cache.waits, clock)
    async with httpcore.AsyncConnectionPool(
        ssl_context=network.tls,
        max_connections=2 * manners.at_once,
        max_keepalive_connections=manners.at_once,
        network_backend=JudgedBackend(network.look_up, network.is_allowed),
    ) as pool:
        asker = Asker(pool, gate, manners)
        done = 0

        async def ask(target: Target) -> None:
            nonlocal done
            answers[target] = await asker.ask(target)
            if answers[target].failure is not Failure.NO_SUCH_HOST:
                cache.put(target, answers[target], clock())
            cache.waits.update(gate.waits)
            done += 1
            if progress is not None:
                progress(done, len(targets))

        await asyncio.gather(*(ask(target) for target in targets))
    await _settle_names({target: answers[target] for target in targets}, answers, network)
    for target in targets:
        if answers[target].failure is Failure.NO_SUCH_HOST:
            cache.put(target, answers[target], clock())


async def _settle_names(
    asked: Mapping[Target, Answer], answers: dict[Target, Answer], network: Network
) -> None:
    """Believe that there are no such names only of a DNS that knows any.

    Without a connection many networks (hotels, containers) say of every name that there is none.
    """
    unknown = [t for t, answer in asked.items() if answer.failure is Failure.NO_SUCH_HOST]
    if not unknown or any(answer.status or answer.hops for answer in asked.values()):
        return
    try:
        await network.look_up(ALWAYS_THERE)
    except RefusedError:
        for target in unknown:
            answers[target] = replace(asked[target], failure=Failure.NAME_TROUBLE)


def _findings(
    found: Mapping[Target, Sequence[Place]],
    answers: Mapping[Target, Answer],
    silent: Collection[Target],
) -> list[Finding]:
    findings = []
    for target, answer in answers.items():
        verdict = judge(answer, is_picture=target.is_picture)
        if verdict is None or target in silent:
            continue
        findings += [
            place.manuscript.finding(
                PICTURE if target.is_picture else LINK,
                verdict.severity,
                verdict.message,
                verdict.hint,
                where=place.where,
                offset=place.offset,
            )
            for place in found[target]
        ]
    return findings


def _offline(manuscript: Manuscript, count: int) -> Finding:
    return manuscript.finding(
        LINK,
        Severity.INFO,
        f"none of {count} links could be checked: this machine seems to have no connection",
        "Check the connection, then run it again.",
    )


def _count(answers: Mapping[Target, Answer], state: State) -> int:
    return sum(answer.state is state for answer in answers.values())
