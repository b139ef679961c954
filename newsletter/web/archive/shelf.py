"""Articles that were made already, kept in memory up to a bound."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from newsletter.web.archive.article import Article

MOST_BYTES = 96 * 1024 * 1024
"""What issues and their pictures may take in memory; about two hundred issues with pictures."""


class Shelf:
    """Articles by all that they were made of; what was asked for longest ago goes first.

    Several archives may use one after another: an article that is made of the same is the same.
    Threads may ask it at the same time.

    Args:
        most: Bytes that it holds, but for the last article.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._articles: OrderedDict[str, Article] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def kept(self, key: str) -> Article | None:
        """An article that is there."""
        with self._lock:
            if key not in self._articles:
                return None
            self._articles.move_to_end(key)
            return self._articles[key]

    def get(self, key: str, make: Callable[[], Article]) -> Article:
        """An article, made if it is not there."""
        kept = self.kept(key)
        if kept is not None:
            return kept
        article = make()  # without the lock: it takes its time
        with self._lock:
            if key not in self._articles:
                self._articles[key] = article
                self._size += article.size
                while self._size > self._most and len(self._articles) > 1:
                    self._size -= self._articles.popitem(last=False)[1].size
        return article
