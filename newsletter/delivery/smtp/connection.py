"""A session on a network: asyncio brings the bytes, watches the time, and encrypts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import cast

from newsletter.delivery.smtp.alarm import Alarm
from newsletter.delivery.smtp.dial import dial
from newsletter.delivery.smtp.events import Answered, EncryptNow, Event, Over, Ready, Returned
from newsletter.delivery.smtp.pool import Pool
from newsletter.delivery.smtp.relay import LATER, Relay, out_of_reach, why
from newsletter.delivery.smtp.session import Session
from newsletter.delivery.transports.base import Feed
from newsletter.errors import TransportError

REST = 0.02
"""Seconds without anything to send after which the feed is asked whether more will come."""


class Connection(asyncio.BufferedProtocol):
    """One connection to a relay.

    Messages are taken from the feed and answered in the same turn of the loop in which a reply
    comes in; no task is woken for a message.

    Args:
        relay: The server.
        pool: Remembers which messages connections broke with.
        feed: Where messages come from.
    """

    def __init__(self, relay: Relay, pool: Pool, feed: Feed) -> None:
        self._relay = relay
        self._pool = pool
        self._feed = feed
        self._loop = asyncio.get_running_loop()
        self._session = Session(relay)
        self._transport: asyncio.Transport | None = None
        self._gone: asyncio.Future[None] = self._loop.create_future()  # the connection
        self._ended: asyncio.Future[None] = self._loop.create_future()  # the session
        self._news: asyncio.Future[None] | None = None
        self._buffer = memoryview(bytearray(8192))
        self._encrypt_now = False
        self._opened = False
        self._paused = False
        self._error: BaseException | None = None
        self._alarm = Alarm(self._time_is_up)
        self._steps = -1
        self._resting = self._rested = False

    # ── for the channel ───────────────────────────────────────────────────────────────────────

    async def run(self) -> bool:
        """Connect, introduce ourselves, encrypt, log in, and hand over messages.

        Cancelled once, it gives back what was not sent and awaits the answers to what was, which
        may take as long as an answer to the final dot may take. Cancelled again, it does not wait.

        Returns:
            Whether we ended the session because there was nothing to send; else the server wishes
            to begin anew, or has carried as many messages as it may.

        Raises:
            TransportError: The relay is out of reach, asks for a pause, or breaks off twice with
                the same message.
            TransportConfigurationError: Encryption or login fail, or something is to be changed.
        """
        try:
            await self._open()
            self._feed.listen(self._more)
            return await self._serve()
        except asyncio.CancelledError:
            self._handle(self._session.wind_up())
            try:
                await asyncio.wait([self._ended])
            finally:
                self._handle(self._session.lost("the program was stopped"))
            raise

    async def close(self) -> None:
        """Close the connection; whatever is still on its way is answered for."""
        self._feed.listen(None)
        self._handle(self._session.lost("the connection was closed"))
        if not self._transport:
            return
        self._transport.close()
        await asyncio.wait([self._gone], timeout=self._relay.timeouts.quit)
        if not self._gone.done():
            self._transport.abort()
            await asyncio.wait([self._gone], timeout=self._relay.timeouts.quit)

    # ── for asyncio ───────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Everything is ready to be read and written."""
        self._use(cast("asyncio.Transport", transport))
        self._turn()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - replies are short
        """Where to put what the server says: always the same place, replies are short."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """The server said something."""
        self._handle(self._session.receive(bytes(self._buffer[:nbytes])))

    def eof_received(self) -> None:
        """The server will say nothing more, so it is of no use to go on writing."""
        self._handle(self._session.lost(why(None)))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed, by us or by the server."""
        self._handle(self._session.lost(why(exc)))
        self._settle(self._gone)

    def pause_writing(self) -> None:
        """The server does not take all that was written."""
        self._paused = True

    def resume_writing(self) -> None:
        """It has taken it."""
        self._paused = False
        self._session.steps += 1
        self._turn()

    # ── the turn of events ────────────────────────────────────────────────────────────────────

    def _more(self) -> None:
        """The feed has more; if it cannot be begun now, it will be when the server answers."""
        if self._session.free:
            self._turn()

    def _handle(self, events: Iterable[Event]) -> None:
        for event in events:
            try:
                self._tell(event)
            except Exception as error:  # noqa: BLE001 - asyncio would only log it; run() raises it
                self._failed(error)
        self._turn()

    def _tell(self, event: Event) -> None:
        match event:
            case Answered():
                self._pool.absolve(event.message.message_id)
                self._feed.done(event.message, event.outcome)
            case Returned():
                self._feed.back(event.message)
                if not event.blameless and self._pool.blame(event.message.message_id):
                    message = f"{self._relay} broke off twice before it had the message"
                    raise TransportError(f"{message}: {event.why}", LATER)
            case Ready():
                self._fill()
            case EncryptNow():
                self._encrypt_now = True
            case Over():
                self._error = self._error or event.error

    def _turn(self) -> None:
        """Begin what can be begun, write what can be written, set the alarm."""
        session, transport = self._session, self._transport
        try:
            self._fill()
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)
        if transport:
            # A write that fails closes the transport; what was not written was not sent.
            while not (self._paused or transport.is_closing()) and (block := session.outgoing()):
                # Joined: asyncio's TLS would make a record, and several copies, of each piece. As
                # a view: what the server does not take at once is not copied once more.
                transport.write(memoryview(b"".join(block)))
        if session.over:
            self._settle(self._ended)
            if transport:
                transport.abort() if self._paused else transport.close()
        self._set_the_alarm()
        opened = session.ready and not self._opened
        if self._news and (session.over or self._at_rest or opened or self._encrypt_now):
            self._settle(self._news)

    def _fill(self) -> None:
        while self._session.free and (message := self._feed.take()):
            try:
                refused = self._session.begin(message)
            except Exception:
                self._feed.back(message)
                raise
            if refused:
                self._feed.done(message, refused)

    def _failed(self, error: Exception) -> None:
        self._error = self._error or error
        for event in self._session.wind_up():
            with contextlib.suppress(Exception):  # the first failure is the one to tell
                self._tell(event)

    def _set_the_alarm(self) -> None:
        session = self._session
        seconds = self._relay.timeouts.block if self._paused else session.seconds
        if session.over:
            self._alarm.stop()
        elif session.idle:
            if not self._resting:
                self._alarm.set(REST)
            self._resting = True
            return
        elif seconds is None:
            self._alarm.pause()
        elif session.steps != self._steps:  # else time runs on: bytes are no reply yet
            self._steps = session.steps
            self._alarm.set(seconds)
        self._resting = self._rested = False

    @property
    def _at_rest(self) -> bool:
        """Whether there is nothing on its way, and was not for a moment, or must not be again."""
        return self._session.idle and (self._rested or self._session.worn_out)

    def _time_is_up(self) -> None:
        if self._session.idle:
            self._rested = True
            if self._news:
                self._settle(self._news)
            return
        self._handle(self._session.lost(why(TimeoutError())))
        if self._transport:
            self._transport.abort()

    # ── the steps of run() ────────────────────────────────────────────────────────────────────

    async def _open(self) -> None:
        try:
            await dial(self._relay, self)
            while not (self._session.over or self._session.ready):
                await self._change()
                if self._encrypt_now:
                    await self._encrypt()
        except OSError as error:
            raise out_of_reach(self._relay, error) from error
        self._opened = True

    async def _encrypt(self) -> None:
        self._encrypt_now = False
        if not (self._transport and self._relay.tls):
            return
        try:
            transport = await self._loop.start_tls(
                self._transport,
                self,
                self._relay.tls,
                server_hostname=self._relay.host,
                ssl_handshake_timeout=self._relay.timeouts.connect,
                ssl_shutdown_timeout=self._relay.timeouts.quit,
            )
        except BaseException:
            self._settle(self._gone)  # asyncio does not say so after a handshake that failed
            raise
        if not transport:
            raise ConnectionResetError
        self._use(transport)
        self._session.encrypted()
        self._turn()

    async def _serve(self) -> bool:
        while not self._session.over:
            if not self._at_rest:
                await self._change()
            elif self._session.worn_out:
                await self._quit()
            elif not await self._something_to_send():
                await self._quit()
                self._raise()
                return True
        self._raise()
        return False

    async def _something_to_send(self) -> bool:
        """Whether there was anything to do within the time that a connection may rest."""
        steps = self._session.steps
        waiting = asyncio.ensure_future(self._feed.wait())
        either: list[asyncio.Future[bool] | asyncio.Future[None]] = [waiting, self._ended]
        try:
            await asyncio.wait(
                either,
                timeout=self._relay.timeouts.idle,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self._ended.done():
                return True
            if waiting.done() and waiting.result():
                self._turn()
                return True
        finally:
            waiting.cancel()
        # A message may have come and been begun at once, without waking whoever waits for it; it
        # may be on its way still, and QUIT would then become a part of it.
        return self._session.steps != steps or not self._session.idle

    async def _quit(self) -> None:
        self._session.quit()
        self._turn()
        await asyncio.wait([self._ended])

    async def _change(self) -> None:
        """Wait until the session is ready, idle or over, or must be encrypted."""
        self._news = self._loop.create_future()
        try:
            await self._news
        finally:
            self._news = None

    def _use(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        # Paused as soon as the server does not take everything: only so is it seen that it stopped.
        # Not 0: under TLS, asyncio would then pause and resume without end.
        transport.set_write_buffer_limits(high=1, low=0)

    def _raise(self) -> None:
        if self._error:
            raise self._error

    @staticmethod
    def _settle(future: asyncio.Future[None]) -> None:
        if not future.done():
            future.set_result(None)
