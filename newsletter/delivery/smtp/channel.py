"""A channel of messages to one of the relays: a series of connections, one at a time."""

from __future__ import annotations

from newsletter.delivery.smtp.connection import Connection
from newsletter.delivery.smtp.pool import Pool
from newsletter.delivery.transports.base import Feed
from newsletter.errors import TransportConfigurationError, TransportError


class SmtpChannel:
    """Hands messages to whichever relay is its turn.

    Args:
        pool: The relays, and what all channels know about them.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self, feed: Feed) -> None:
        """Hand messages over until the feed ends, or the relay wishes to begin anew.

        While there is nothing to send, no connection is kept for longer than a minute. To stop
        without leaving anything in doubt, let the feed end; or cancel once and wait.

        Raises:
            TransportError: No relay is in reach and ready.
            TransportConfigurationError: Encryption, login or sender are refused.
        """
        while await feed.wait():
            number = self._pool.choose()
            if number is None:
                await self._pool.room()
                continue
            connection = Connection(self._pool.relays[number], self._pool, feed)
            try:
                nothing_to_send = await connection.run()
            except TransportConfigurationError:
                raise  # somebody must know, even if another relay would do
            except TransportError:
                if not self._pool.pass_over(number):
                    raise
                nothing_to_send = True  # go on with another relay
            finally:
                try:
                    await connection.close()
                finally:
                    self._pool.release(number)
            if not nothing_to_send:
                return
