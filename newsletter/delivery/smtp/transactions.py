"""One mail transaction after another: MAIL, RCPT, DATA, the message, its dot (RFC 5321 §3.3).

Where the server offers PIPELINING (RFC 2920), one write holds the message, its final dot and the
commands of the next message, so that a message costs one round trip and not four. The answers come
in the order of the commands; each waiting answer stands in a queue with what is to be done with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from newsletter.delivery.outcome import Accepted, Failed, Outcome, Unknown
from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import Broken, Stage, classify
from newsletter.delivery.smtp.capabilities import Capabilities
from newsletter.delivery.smtp.envelope import CommandMaker, Commands
from newsletter.delivery.smtp.events import Answered, Event, Over, Returned
from newsletter.delivery.smtp.outbox import Outbox
from newsletter.delivery.smtp.relay import Relay, stopped
from newsletter.delivery.transports.base import Message
from newsletter.errors import TransportError

DATA = b"DATA\r\n"
DOT = b".\r\n"


@dataclass(eq=False, slots=True)
class _Transaction:
    """A message on its way.

    Attributes:
        message: The message.
        commands: What begins it.
        dot_sent: Whether the write that holds its final dot was begun.
        answered: Whether its outcome was told.
    """

    message: Message
    commands: Commands
    dot_sent: bool = False
    answered: bool = False

    def dot_leaves(self) -> None:
        self.dot_sent = True


Lines = Sequence[bytes]


_Awaited = tuple[Callable[[Lines], None], float]
"""What to do with an answer that is to come, and how long it may take, in seconds."""


class Transactions:
    """The transactions of one session.

    Args:
        relay: The server.
        offers: What it offers.
        outbox: Takes what is to be sent.

    Attributes:
        events: What happened since the driver last looked.
        over: Whether the session has ended.
    """

    def __init__(self, relay: Relay, offers: Capabilities, outbox: Outbox) -> None:
        self.events: list[Event] = []
        self.over = False
        self._relay = relay
        self._times = relay.timeouts
        self._outbox = outbox
        self._maker = CommandMaker(relay, offers)
        self._pipelining = "PIPELINING" in offers
        self._awaited: deque[_Awaited] = deque()
        self._in_hand: list[_Transaction] = []  # without an outcome; at most two
        self._last_complete = False  # everything of the last transaction is in the outbox
        self._begun = 0
        self._answers = 0
        self._ending = False

    # ── what the driver asks ──────────────────────────────────────────────────────────────────

    @property
    def free(self) -> bool:
        """Whether another message may be begun now."""
        if self._ending or self.over or self.worn_out:
            return False
        if not self._awaited:
            return True
        return self._pipelining and self._last_complete and len(self._awaited) == 1

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._awaited and not self.over

    @property
    def worn_out(self) -> bool:
        """Whether this session has carried as many messages as it may."""
        return 0 < self._relay.messages <= self._begun

    @property
    def seconds(self) -> float | None:
        """How long the next answer may take; None if none is awaited."""
        return self._awaited[0][1] if self._awaited else None

    # ── what the driver does ──────────────────────────────────────────────────────────────────

    def begin(self, message: Message) -> Failed | None:
        """Begin the transaction of a message.

        Returns:
            Why nothing of it can even be said, or None.
        """
        commands = self._maker.commands(message)
        if isinstance(commands, Failed):
            return commands
        transaction = _Transaction(message, commands)
        self._begun += 1
        self._in_hand.append(transaction)
        self._last_complete = False
        self._await(partial(self._after_mail, transaction), self._times.command)
        if self._pipelining:
            self._outbox.put((commands.mail, commands.rcpt, DATA))
            self._await(partial(self._after_rcpt, transaction), self._times.command)
            self._await(partial(self._after_data, transaction), self._times.data)
        else:
            self._outbox.put((commands.mail,))
        return None

    def quit(self) -> None:
        """Say goodbye; only when idle."""
        self._ending = True
        self._say(b"QUIT\r\n", lambda _: self._end(), self._times.quit)

    def wind_up(self) -> None:
        """Begin nothing more, give back what was not sent, await the answers to what was."""
        self._ending = True
        self._give_back("the sending was stopped", blameless=True)
        if self._in_hand:
            self._outbox.clear()  # the commands of the next message
            del self._in_hand[1:]
            while len(self._awaited) > 1:
                self._awaited.pop()
        else:
            self._end()

    def answer(self, lines: Lines) -> None:
        """Take the server's next reply."""
        if self.over:
            return
        if not self._awaited:  # nobody asked; most likely 421, it closes
            self._end()
            return
        handle, _ = self._awaited.popleft()
        handle(lines)
        if self._ending and not self._awaited:
            self._end()

    def lost(self, why: str) -> None:
        """The connection is gone, or an answer did not come in time."""
        for transaction in list(self._in_hand):
            if transaction.dot_sent:
                self._tell(transaction, Unknown(f"the whole message was sent, then: {why}"))
        self._give_back(why, blameless=self._answers > 0)
        self._end()

    # ── the dialogue ──────────────────────────────────────────────────────────────────────────

    def _await(self, handle: Callable[[Lines], None], seconds: float) -> None:
        self._awaited.append((handle, seconds))

    def _say(self, command: bytes, handle: Callable[[Lines], None], seconds: float) -> None:
        self._outbox.put((command,))
        self._await(handle, seconds)

    def _after_mail(self, transaction: _Transaction, lines: Lines) -> None:
        if not _begins(lines, b"2"):
            self._refused(Stage.MAIL, transaction, lines)
        elif not self._pipelining:
            after_rcpt = partial(self._after_rcpt, transaction)
            self._say(transaction.commands.rcpt, after_rcpt, self._times.command)

    def _after_rcpt(self, transaction: _Transaction, lines: Lines) -> None:
        if not _begins(lines, b"2"):
            self._refused(Stage.RCPT, transaction, lines)
        elif not self._pipelining:
            self._say(DATA, partial(self._after_data, transaction), self._times.data)

    def _after_data(self, transaction: _Transaction, lines: Lines) -> None:
        if not _begins(lines, b"3"):
            self._refused(Stage.DATA, transaction, lines)
            return
        if transaction.answered:
            # Refused, and yet asked for: an empty message, to nobody (RFC 2920 §3.1).
            self._outbox.put((DOT,))
        else:
            self._outbox.put(transaction.message.stuffed)
            self._outbox.put((DOT,), transaction.dot_leaves)
        self._last_complete = True
        self._await(partial(self._after_dot, transaction), self._times.end)

    def _after_dot(self, transaction: _Transaction, lines: Lines) -> None:
        reply = Reply.parse(lines)
        if transaction.answered:
            if reply.code == 421:
                self._end()
            return
        if reply.code // 100 == 2 and transaction.dot_sent:
            self._tell(transaction, Accepted(reply.told(transaction.message.envelope.rcpt_to)))
            return
        if reply.code // 100 not in {4, 5} and not transaction.dot_sent:
            self.lost("the server answered before it had the message")
            return
        whole = transaction.dot_sent
        answer = self._classified(Stage.END, transaction, reply)
        if isinstance(answer, Unknown):
            self.lost("the answer made no sense")
        elif not whole and not self.over:
            self._end()  # in the middle of a message no command would be understood

    def _refused(self, stage: Stage, transaction: _Transaction, lines: Lines) -> None:
        reply = Reply.parse(lines)
        if not transaction.answered:
            self._classified(stage, transaction, reply)
        elif reply.code == 421 or reply.code // 100 not in {4, 5}:
            self._end()
        if not self.over and (stage is Stage.DATA or not self._pipelining):
            self._say(b"RSET\r\n", self._after_reset, self._times.command)

    def _after_reset(self, lines: Lines) -> None:
        if not _begins(lines, b"2"):
            self._end()

    def _classified(
        self, stage: Stage, transaction: _Transaction, reply: Reply
    ) -> Outcome | Broken:
        answer = classify(stage, reply, transaction.message.envelope.rcpt_to)
        if not isinstance(answer, Broken):
            self._tell(transaction, answer)
            return answer
        transaction.dot_sent = False  # if it was: refused, which is certain (RFC 5321 §4.2.5)
        self._give_back(answer.reason, blameless=True)
        # Many servers close a connection after a number of messages or errors, some with 421.
        welcome = answer.busy and self._answers > 0
        self._end(None if welcome else stopped(self._relay, answer))
        return answer

    # ── what the driver is told ───────────────────────────────────────────────────────────────

    def _tell(self, transaction: _Transaction, outcome: Outcome) -> None:
        transaction.answered = True
        self._answers += 1
        self._in_hand.remove(transaction)
        self.events.append(Answered(transaction.message, outcome))

    def _give_back(self, why: str, *, blameless: bool) -> None:
        for transaction in self._in_hand:
            if not transaction.dot_sent:
                self.events.append(Returned(transaction.message, blameless, why))
        self._in_hand = [transaction for transaction in self._in_hand if transaction.dot_sent]

    def _end(self, error: TransportError | None = None) -> None:
        if self.over:
            return
        self.over = True
        self._awaited.clear()
        self._outbox.clear()
        # An ordinary end has nothing in hand; whatever is left was certainly not taken.
        self._give_back("the session ended", blameless=True)
        self.events.append(Over(error))


def _begins(lines: Lines, digit: bytes) -> bool:
    return lines[-1].startswith(digit) and lines[-1][:3].isdigit()
