"""Does what readers asked for, and mails them: a thread beside the pages.

At least once, never half: a wish is erased only when its mails were taken. Whoever is killed in
between sends the same message again, with the same Message-ID.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from newsletter.audience import requests, retention
from newsletter.audience.requests import Request
from newsletter.audience.signup import Answer, settle
from newsletter.delivery.outcome import About, Accepted, Failed, Outcome
from newsletter.delivery.reply import scrub
from newsletter.delivery.transports.base import Transport
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.errors import DatabaseError, NewsletterError, TransportError
from newsletter.web.holding import holding
from newsletter.web.log import Log
from newsletter.web.mails import Mails
from newsletter.web.metrics import Metrics
from newsletter.web.texts import Texts

if TYPE_CHECKING:
    from newsletter.database.engine import Database
    from newsletter.report.clicks import Clicks
    from newsletter.settings import Settings

_LOOK = 2.0
"""Seconds after which is looked for what others wrote down, or what is due again."""

_BROKEN = 2.0
_ERASE = datetime.timedelta(hours=1)


class Postman:
    """Takes one wish after the other.

    Args:
        database: Where they are.
        settings: Of the newsletter.
        transport: Takes the mails.
        mails: Makes them.
        texts_in: The words for a language.
        new_message_id: Makes a Message-ID.
        now: Tells the time.
        log: Where is written what goes wrong.
        metrics: Where mails are counted.
        clicks: What counts links, to be written down now and then; None if nothing does.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        transport: Transport,
        mails: Mails,
        texts_in: Callable[[str], Texts],
        new_message_id: Callable[[], str],
        now: Callable[[], datetime.datetime],
        log: Log,
        metrics: Metrics,
        clicks: Clicks | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._transport = transport
        self._mails = mails
        self._texts_in = texts_in
        self._new_message_id = new_message_id
        self._now = now
        self._log = log
        self._metrics = metrics
        self._clicks = clicks
        self._erased_at = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        self._woken = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="postman", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to do."""
        self._woken.set()

    def stop(self) -> None:
        """Finish the mail in hand, and end; what is left is done by the next who starts."""
        self._stopping = True
        self._woken.set()
        self._thread.join()

    def step(self) -> bool:
        """Do one thing that is due; False if there is nothing.

        Raises:
            DatabaseError: The database cannot be read or written.
        """
        wish = requests.take(self._database, self._now())
        if wish is None:
            return False
        with holding(self._database, wish, self._now):
            answers = settle(self._database, wish, self._settings.all_lists, self._new_message_id)
            is_done = self._mail(wish, answers)
        if is_done:
            requests.done(self._database, wish)
        elif not requests.postpone(self._database, wish, self._now()):
            self._metrics.count("mail", "given up")
            self._log.event("mail given up", wish=wish.wish.value)
        return True

    def erase(self) -> None:
        """Erase what was never confirmed, and what else is older than the settings allow.

        Raises:
            DatabaseError: The database cannot be written.
        """
        retention.erase(self._database, self._settings.retention, self._now())

    def _work(self) -> None:
        self._go_on()
        self._write_down()

    def _write_down(self) -> None:
        """Add what was counted since the last time."""
        if self._clicks is not None:
            try:
                self._clicks.write_down()
            except DatabaseError as error:
                self._log.defect("database", error)

    def _go_on(self) -> None:
        while not self._stopping:
            self._woken.clear()
            self._write_down()
            try:
                if self._now() - self._erased_at >= _ERASE:
                    self.erase()
                    self._erased_at = self._now()
                while not self._stopping and self.step():
                    pass
            except DatabaseError as error:
                self._log.defect("database", error)
                self._woken.wait(_BROKEN)
            except Exception as error:  # noqa: BLE001 - a mistake must not end the thread
                self._log.defect("defect", error)
                self._woken.wait(_BROKEN)
            else:
                self._woken.wait(_LOOK)

    def _mail(self, wish: Request, answers: tuple[Answer, ...]) -> bool:
        """Hand the mails over; True if nothing is left to do."""
        if not answers:
            return True
        try:
            messages = [
                self._mails.message(answer, self._texts_in(answer.language), wish.created_at)
                for answer in answers
            ]
        except ValueError:  # an address that cannot be mailed
            self._metrics.count("mail", "failed")
            return True
        try:
            outcomes = hand_over(self._transport, messages)
        except NewsletterError as error:
            self._metrics.count("mail", "deferred")
            kind = "transport" if isinstance(error, TransportError) else "mail"
            self._log.event(kind, error=scrub(error.message), hint=error.hint)
            return False
        settled = [self._is_settled(outcome) for outcome in outcomes]  # each is counted
        return all(settled)

    def _is_settled(self, outcome: Outcome) -> bool:
        if isinstance(outcome, Accepted):
            self._metrics.count("mail", "accepted")
            return True
        if isinstance(outcome, Failed) and outcome.about is not About.SITE:
            self._metrics.count("mail", "failed")
            return True
        self._metrics.count("mail", "deferred")
        return False
