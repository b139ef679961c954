"""The archive as it is now: kept in memory, made anew when a file or a sending says so."""

from __future__ import annotations

import datetime
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.issue.endings import ENDINGS
from newsletter.settings import FILE_NAME
from newsletter.web.archive import names
from newsletter.web.archive.addresses import Addresses
from newsletter.web.archive.collection import Collection
from newsletter.web.archive.entry import Entry
from newsletter.web.archive.gather import gather
from newsletter.web.archive.resource import Resource
from newsletter.web.archive.search import Index, Text
from newsletter.web.archive.sent import Sent
from newsletter.web.archive.shelf import Shelf
from newsletter.web.archive.site import Site

if TYPE_CHECKING:
    from newsletter.project import Project

INTERVAL = 2.0
"""Seconds for which nobody looks whether something changed."""

_State = tuple[tuple[str, int, int], ...]  # files with their time of change and size


class LiveArchive:
    """The archive that a server shows. Threads may ask it at the same time.

    Args:
        project: The newsletter.
        all_issues: Show issues that were never sent, too; drafts stay hidden all the same.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        project: Project,
        *,
        all_issues: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._project = project
        self._all = all_issues
        self._clock = clock
        self._sent = Sent(project)
        self._index = Index(project.state_folder / "cache" / "archive" / "search.db")
        self._shelf = Shelf()
        self._lock = threading.Lock()
        self._index_lock = threading.Lock()
        self._looked_at = float("-inf")
        self._state: tuple[_State, Mapping[str, datetime.datetime] | None] | None = None
        self._site: Site | None = None
        self._indexed: Site | None = None
        self._last_good: dict[Path, Entry] = {}

    def kept(self, path: str) -> Resource | None:
        """What is at a path if that is known without looking at any file; it takes no time."""
        if self._site is None or self._clock() - self._looked_at > INTERVAL:
            return None
        return next(filter(None, map(self._site.kept, _names(path))), None)

    def get(self, path: str) -> Resource | None:
        """What is at a path below the archive; None if there is nothing.

        Args:
            path: As asked for, percent-decoded, without a slash before it: ``2026-11-20``,
                ``2026-11-20.html``, ``atom.xml`` …; empty for the list of all issues.

        Raises:
            TemplateError: A template is wrong.
        """
        return next(filter(None, map(self.site().get, _names(path))), None)

    def find(self, typed: str, page: int = 1) -> Resource:
        """The page that searches.

        Args:
            typed: What somebody typed; whatever it is, it is only words.
            page: Of the results, from 1.

        Raises:
            DatabaseError: The index cannot be read or written.
        """
        site = self.site()
        if not typed.strip():
            return site.lists.found(None)
        self._update_index(site)
        return site.lists.found(self._index.find(typed, page))

    def site(self) -> Site:
        """The archive of this moment.

        Raises:
            DatabaseError: It cannot be read what was sent, and nothing is known from before.
        """
        with self._lock:
            if self._site is not None and self._clock() - self._looked_at <= INTERVAL:
                return self._site
            sent = None if self._all else self._look()
            state = _state(self._project), sent
            if self._site is None or state != self._state:
                self._site = self._make(sent, state[0])
                self._state = state
            self._looked_at = self._clock()
            return self._site

    def warm(self) -> None:
        """Make every page and the search index, so that the first reader need not wait."""
        site = self.site()
        for name in site.all_names():
            with suppress(NewsletterError):  # it is told to whoever asks for that page
                site.get(name)
        with suppress(NewsletterError):
            self._update_index(site)

    def _look(self) -> Mapping[str, datetime.datetime]:
        try:
            return self._sent.look()
        except NewsletterError:
            # The database is out of reach for a moment: what was public stays so.
            if self._state is None or self._state[1] is None:
                raise
            return self._state[1]

    def _make(self, sent: Mapping[str, datetime.datetime] | None, state: _State) -> Site:
        gathered = gather(self._project, sent)
        entries = {entry.manuscript.path: entry for entry in gathered.collection.entries}
        # A file that somebody is just working on, and that is no issue for now, stays as it was.
        kept = (self._last_good.get(path) for path in gathered.broken)
        everything = [*entries.values(), *(entry for entry in kept if entry is not None)]
        self._last_good = {entry.manuscript.path: entry for entry in everything}
        settings = self._project.settings
        now = datetime.datetime.now(datetime.UTC)
        if self._site is None:
            newest = max((changed for _, changed, _ in state), default=0)
            modified = min(now, datetime.datetime.fromtimestamp(newest / 1e9, datetime.UTC))
        else:
            modified = now  # also if a file was taken away, or an issue began to go out
        return Site(
            self._project,
            Collection(everything, settings.language),
            Addresses.of(settings),
            search=True,
            modified=modified,
            shelf=self._shelf,
            look=repr([file for file in state if not file[0].endswith(ENDINGS)]),
        )

    def _update_index(self, site: Site) -> None:
        if self._indexed is site:
            return
        with self._index_lock:
            if self._indexed is not site:
                self._index.update(_text(site, entry) for entry in site.collection.listed)
                self._indexed = site


def _text(site: Site, entry: Entry) -> Text:
    return Text(entry.slug, entry.digest, entry.title, lambda: site.article(entry).text)


def _names(path: str) -> tuple[str, ...]:
    """What a path may mean among the names of pages; .html may be left out."""
    return (path, f"{path}.html") if path else (names.index(),)


def _state(project: Project) -> _State:
    """Everything that pages are made of, as far as a look at the files tells."""
    folders = (project.issues_folder, project.root / "templates")
    files = [file for folder in folders for file in _files(str(folder))]
    with suppress(OSError):
        stat = (project.root / FILE_NAME).stat()
        files.append((FILE_NAME, stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(files))


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    # os.scandir: a look at 1,000 files takes 3 ms, with Path.rglob 20 ms (2026-11).
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        with suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                stat = entry.stat()
                yield entry.path, stat.st_mtime_ns, stat.st_size
