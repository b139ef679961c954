"""Full-text search in a file of its own: SQLite's FTS5, and nothing about readers."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from newsletter.errors import DatabaseError
from newsletter.web.archive import names
from newsletter.web.archive.query import BREAK, match_expression, spread, words

PAGE = 20
"""Results on a page."""

MOST_PAGES = 50

_VERSION = 1
"""Of what is in the file; another one is thrown away."""

# Marks of vowels belong to words (Hindi, for one), and accents do not count: "cafe" finds "café".
_TOKENS = "unicode61 remove_diacritics 2 categories 'L* N* M*'"
_START, _STOP = "\x02", "\x03"  # in no issue: control characters are taken out of texts
_AROUND = 24  # words of an excerpt

Part = tuple[str, bool]
"""A piece of an excerpt, and whether it is what was looked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An issue that was found.

    Attributes:
        slug: The issue.
        parts: An excerpt, plain text.
    """

    slug: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results.

    Attributes:
        total: How many issues were found.
        hits: Those on this page, the best first.
        earlier: Relative link to the page before, or empty.
        more: Relative link to the page after, or empty.
    """

    total: int
    hits: tuple[Hit, ...]
    earlier: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What is indexed of an issue.

    Attributes:
        slug: The issue.
        digest: Changes when the issue does.
        title: Its headline.
        body: Gives its words; asked only if they are not indexed yet.
    """

    slug: str
    digest: str
    title: str
    body: Callable[[], str]


class Index:
    """The search index of an archive.

    Args:
        file: In a folder of caches: it may be deleted at any time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def update(self, texts: Iterable[Text]) -> None:
        """Index what changed, and forget what is not among the texts any more.

        Raises:
            DatabaseError: The file cannot be written.
        """
        wanted = {text.slug: text for text in texts}
        try:
            self._update(wanted)
        except sqlite3.DatabaseError:  # damaged, or of another program: it is only a cache
            with self._errors():
                for ending in ("", "-journal", "-wal", "-shm"):
                    Path(f"{self._file}{ending}").unlink(missing_ok=True)
                self._update(wanted)

    def find(self, typed: str, page: int = 1) -> Found:
        """The issues that hold all words of a question.

        Args:
            typed: What somebody typed; whatever it is, it is only words.
            page: From 1; beyond the last there are no hits.

        Raises:
            DatabaseError: The file cannot be read.
        """
        asked = words(typed)
        if not asked or not self._file.exists():
            return Found(0, ())
        page = min(max(page, 1), MOST_PAGES)
        expression = match_expression(asked)
        with self._errors(), self._open() as connection:
            total: int = connection.execute(_COUNT, (expression,)).fetchone()[0]
            rows = connection.execute(
                _FIND, (_START, _STOP, _AROUND, expression, PAGE, (page - 1) * PAGE)
            ).fetchall()
        hits = tuple(Hit(slug, tuple(_parts(excerpt))) for slug, excerpt in rows)
        has_more = page * PAGE < total and page < MOST_PAGES
        return Found(
            total,
            hits,
            _address(asked, page - 1) if page > 1 else "",
            _address(asked, page + 1) if has_more else "",
        )

    def _update(self, wanted: dict[str, Text]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                connection.executescript(_SCHEMA)
            known = dict(connection.execute("SELECT slug, digest FROM issues"))
            gone = [slug for slug in known if slug not in wanted]
            changed = [t for slug, t in wanted.items() if known.get(slug) != t.digest]
            if not gone and not changed:
                return
            new = [(t.slug, t.digest, spread(t.title), spread(t.body())) for t in changed]
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                old = [(slug,) for slug in (*gone, *(text.slug for text in changed))]
                connection.executemany("DELETE FROM words WHERE slug = ?", old)
                connection.executemany("DELETE FROM issues WHERE slug = ?", old)
                for slug, digest, title, body in new:
                    connection.execute("INSERT INTO issues VALUES (?, ?)", (slug, digest))
                    connection.execute("INSERT INTO words VALUES (?, ?, ?)", (slug, title, body))

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._file, timeout=10, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(
                f"the search index {self._file} cannot be used: {error}",
                "It is a cache: delete it, then try again.",
            ) from error


_SCHEMA = f"""
DROP TABLE IF EXISTS issues;
DROP TABLE IF EXISTS words;
CREATE TABLE issues (slug TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
  slug UNINDEXED, title, body, prefix = '3 4', tokenize = "{_TOKENS}"
);
PRAGMA user_version = {_VERSION};
"""

_COUNT = "SELECT count(*) FROM words WHERE words MATCH ?"

# A word in the title counts ten times; of equal ones the newest issue stands first.
_FIND = """
SELECT slug, snippet(words, 2, ?, ?, '…', ?) FROM words WHERE words MATCH ?
ORDER BY bm25(words, 0, 10, 1), slug DESC LIMIT ? OFFSET ?
"""


def _parts(excerpt: str) -> Iterator[Part]:
    for number, piece in enumerate(excerpt.replace(BREAK, "").split(_START)):
        marked, stop, rest = piece.partition(_STOP) if number else ("", "", piece)
        if stop:
            yield marked, True
        elif marked:
            yield marked, False
        if rest:
            yield rest, False


def _address(asked: tuple[str, ...], page: int) -> str:
    return f"{names.SEARCH}?{urlencode({'q': ' '.join(asked), 'page': page})}"
