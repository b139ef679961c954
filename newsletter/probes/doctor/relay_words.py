"""What went wrong with a relay, in words: the network's errors, TLS, and its own answers."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl

from newsletter.probes.doctor.checkup import Level
from newsletter.probes.doctor.lookups import LookUps, NoAnswerError

Told = tuple[Level, str, str]
"""Level, what was found, what to do."""

_LONGEST = 200

# OpenSSL's numbers of what is wrong with a certificate (x509_vfy.h).
_REASONS = {
    10: "has expired",
    9: "is not valid yet; is this machine's clock right?",
    18: "is signed by nobody but itself",
    19: "is signed by an authority that this machine does not know",
    20: "is signed by an authority that this machine does not know",
    21: "is signed by an authority that this machine does not know",
    62: "is for another name",
    64: "is for another address",
}
_UNKNOWN_AUTHORITY = frozenset({18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})


def trouble(relay: str, host: str, error: ssl.SSLError) -> Told:
    """What to say of a connection that could not be encrypted.

    Args:
        relay: Host and port.
        host: Whom the certificate should be for.
        error: What the TLS library says.
    """
    if not isinstance(error, ssl.SSLCertVerificationError):
        said = f"the encrypted connection to {relay} failed ({error.reason or 'TLS'})"
        hint = "Is that the right port? smtps:// goes with 465, smtp:// with 587."
        return Level.ERROR, said, hint
    reason = _REASONS.get(error.verify_code, f"is not valid: {error.verify_message}")
    hint = "Nothing is sent to it. Whoever runs the relay has to renew its certificate."
    if error.verify_code in _OTHER_NAME:
        hint = "Write the name that the certificate has into transport, in newsletter.toml."
    elif error.verify_code in _UNKNOWN_AUTHORITY:
        hint = "If the authority is your own, name its file: smtp://user@host:587?ca=authority.pem"
    return Level.ERROR, f"the certificate of {host} {reason}", hint


def unreachable(
    host: str, port: int, error: OSError | ValueError, lookups: LookUps, seconds: float
) -> Told:
    """What to say when there is no connection; only a clear "no" is an error.

    Args:
        host: The relay's host.
        port: Its port.
        error: What the operating system says.
        lookups: The DNS, to tell a name that does not exist from a network that is down.
        seconds: How long was waited.
    """
    network = "Is this machine on the network? Does a firewall close the port?"
    if isinstance(error, ConnectionRefusedError):
        said = f"nothing takes connections at {host}, port {port}"
        return Level.ERROR, said, "Look at host and port of transport in newsletter.toml."
    if isinstance(error, (socket.gaierror, ValueError)):
        try:
            is_known = bool(lookups.addresses(host))
        except NoAnswerError as silence:
            said = f"the name {host} could not be looked up: {silence.reason}"
            return Level.UNCHECKED, said, network
        if is_known:
            said = f"the DNS knows {host}, but this machine does not find it"
            return Level.UNCHECKED, said, "Look at the name servers that this machine asks."
        said = f"there is no host {host}"
        return Level.ERROR, said, "Look for a typing mistake in transport, in newsletter.toml."
    if isinstance(error, TimeoutError):
        said = f"{host}, port {port}, did not answer within {seconds:.0f} s"
    elif isinstance(error, ConnectionError):
        said = f"{host}, port {port}, broke off the connection"
    else:
        said = f"there is no way to {host}, port {port} ({error.strerror or error})"
    return Level.UNCHECKED, said, network


def refused(error: smtplib.SMTPResponseException, user: str, password: str) -> str:
    """A relay's answer on one line, without the password if it repeats it."""
    raw = error.smtp_error
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    if password:
        plain = f"\0{user}\0{password}"
        secrets = (password, *(base64.b64encode(s.encode()).decode() for s in (plain, password)))
        for secret in secrets:
            text = text.replace(secret, "…")
    printable = "".join(c if c.isprintable() else " " for c in text)
    return f"{error.smtp_code} {' '.join(printable.split())}"[:_LONGEST].strip()
