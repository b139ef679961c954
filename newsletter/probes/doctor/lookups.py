"""Asking the DNS, each question once, and knowing a "no" from silence."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self

from newsletter.probes.addresses import IPAddress
from newsletter.probes.answer import Failure
from newsletter.probes.links import ALWAYS_THERE
from newsletter.probes.url import RefusedError

if TYPE_CHECKING:
    from dns.resolver import NoNameservers, Resolver

SECONDS = 5.0
"""How long one question may take, over all tries and name servers."""

PATIENCE = 2
"""So many questions in a row without any answer, and no more are asked: there is no network."""


class NoAnswerError(Exception):
    """The DNS did not say.

    Args:
        reason: Why not, a clause.
        is_silence: Whether nobody answered at all: the network may not be there.
    """

    def __init__(self, reason: str, *, is_silence: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_silence = is_silence


@dataclass(frozen=True, slots=True)
class Answered:
    """What the DNS says of a name.

    Attributes:
        values: The records, as text: of TXT its strings joined, of MX ``10 mail.example.org``;
            names in lower case without the dot at the end.
        exists: Whether there is such a name at all (no NXDOMAIN, RFC 8020).
        has_zone: Whether the answer names the zone that the name is in (SOA, RFC 2308 section 3).
    """

    values: tuple[str, ...] = ()
    exists: bool = True
    has_zone: bool = False


class LookUps:
    """The DNS.

    Args:
        resolver: Whom to ask; None for nobody, which is silence.
        seconds: How long one question may take; None for ``SECONDS``.
        proof: A name that must exist before "there is no such name" is believed: behind some
            dead connections sits a name server that denies everything. Empty to believe at once.
    """

    def __init__(
        self, resolver: Resolver | None, *, seconds: float | None = None, proof: str = ALWAYS_THERE
    ) -> None:
        self._resolver = resolver
        self._seconds = SECONDS if seconds is None else seconds
        self._known: dict[tuple[str, str], Answered | NoAnswerError] = {}
        self._silences = 0
        self._proof = proof

    @classmethod
    def at(cls, nameserver: str = "", *, seconds: float | None = None) -> Self:
        """The DNS as one name server knows it, or those that this machine is set up with.

        Args:
            nameserver: ``IP``, ``IP:PORT`` or ``[IPv6]:PORT``; empty for the machine's own.
            seconds: How long one question may take; None for ``SECONDS``.

        Raises:
            ValueError: That is not such an address.
        """
        import dns.resolver

        if not nameserver:
            try:
                return cls(dns.resolver.Resolver(), seconds=seconds)
            except dns.resolver.NoResolverConfiguration:
                return cls(None, seconds=seconds)
        host, port = parse_nameserver(nameserver)
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [host]
        resolver.port = port
        return cls(resolver, seconds=seconds, proof="")

    def ask(self, name: str, kind: str) -> Answered:
        """The records of one kind.

        Args:
            name: In ASCII; taken as it is, nothing is put behind it.
            kind: ``TXT``, ``A``, ``MX`` …

        Raises:
            NoAnswerError: The DNS does not say.
        """
        key = (name.lower().removesuffix("."), kind)
        if key not in self._known:
            try:
                self._known[key] = self._ask(*key)
            except NoAnswerError as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, NoAnswerError):
            raise known
        return known

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records.

        Raises:
            NoAnswerError: The DNS does not say.
        """
        return self.ask(name, "TXT").values

    def addresses(self, name: str) -> tuple[IPAddress, ...]:
        """All addresses of a host, IPv4 first; none if it has none.

        Raises:
            NoAnswerError: The DNS does not say, and no address is known either.
        """
        found: list[IPAddress] = []
        trouble: NoAnswerError | None = None
        for kind in ("A", "AAAA"):
            try:
                found.extend(map(ip_address, self.ask(name, kind).values))
            except NoAnswerError as error:
                trouble = error
        if trouble and not found:
            raise trouble
        return tuple(found)

    def exchanges(self, name: str) -> tuple[str, ...]:
        """The hosts that take mail for a domain; ``""`` stands for "none, and never" (RFC 7505).

        Raises:
            NoAnswerError: The DNS does not say.
        """
        return tuple(value.partition(" ")[2] for value in self.ask(name, "MX").values)

    async def look_up(self, host: str) -> tuple[IPAddress, ...]:
        """All addresses of a host, as the other probes want them.

        Raises:
            RefusedError: There is no such name, or the DNS does not say.
        """
        try:
            found = self.addresses(host)
        except NoAnswerError as error:
            raise RefusedError(Failure.NAME_TROUBLE) from error
        if not found:
            raise RefusedError(Failure.NO_SUCH_HOST)
        return found

    def _ask(self, name: str, kind: str) -> Answered:
        import dns.exception
        import dns.name
        import dns.rdatatype
        import dns.resolver

        if self._resolver is None or not self._resolver.nameservers:
            raise NoAnswerError("this machine knows no name server", is_silence=True)
        if self._silences >= PATIENCE:
            raise NoAnswerError("no name server answers", is_silence=True)
        try:
            question = dns.name.from_text(f"{name}.")
        except dns.exception.DNSException:
            return Answered(exists=False)  # nobody can own a name like that
        try:
            answer = self._resolver.resolve(
                question, kind, lifetime=self._seconds, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            self._silences = 0
            self._believe(name)
            return Answered(exists=False)
        except dns.resolver.NoNameservers as error:
            raise self._trouble(name, _codes(error)) from error
        except (dns.exception.DNSException, OSError) as error:
            raise self._trouble(name, "") from error
        self._silences, self._proof = 0, ""
        sections = (answer.response.answer, answer.response.authority)
        has_zone = any(s.rdtype == dns.rdatatype.SOA for part in sections for s in part)
        values = tuple(_text(record, kind) for record in answer.rrset or ())
        return Answered(values, has_zone=has_zone)

    def _believe(self, name: str) -> None:
        """Ask once for a name that is always there.

        Raises:
            NoAnswerError: That is denied, too.
        """
        if self._proof and not (name != self._proof and self.ask(self._proof, "SOA").exists):
            raise NoAnswerError("the name server here denies every name", is_silence=True)

    def _trouble(self, name: str, codes: str) -> NoAnswerError:
        if codes:
            self._silences = 0
            return NoAnswerError(f"the DNS answers {codes} for {name}", is_silence=False)
        self._silences += 1
        return NoAnswerError("no name server answers", is_silence=True)


def parse_nameserver(text: str) -> tuple[str, int]:
    """Address and port of a name server.

    Raises:
        ValueError: It is not written ``IP``, ``IP:PORT`` or ``[IPv6]:PORT``.
    """
    host, port = text, "53"
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{port!r} is not a port")
    return str(ip_address(host)), int(port)


def _codes(error: NoNameservers) -> str:
    """What name servers answered instead of records; empty if none did answer."""
    import dns.rcode

    told = [entry[4] for entry in error.kwargs.get("errors", ()) if entry[4] is not None]
    return ", ".join(sorted({dns.rcode.to_text(response.rcode()) for response in told}))


def _text(record: object, kind: str) -> str:
    if kind == "TXT":
        strings: tuple[bytes, ...] = record.strings  # type: ignore[attr-defined]
        return b"".join(strings).decode("utf-8", "replace")
    text = str(record)
    return text.lower().removesuffix(".") if kind in {"MX", "PTR", "NS"} else text
