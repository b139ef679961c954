"""A list of a million readers: imported, imported again, and a segment of it counted."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.result import Result
from newsletter.audience.audience import count_audience
from newsletter.audience.csv_import import import_csv
from newsletter.audience.segments.segment import Segment
from newsletter.database.engine import Database

READERS = 1_000_000


def a_million() -> Iterator[Result]:
    """Seconds for each; peak memory of the import is among the results of ``memory``."""
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        path = Path(folder) / "readers.csv"
        with path.open("w") as file:
            file.write("email,name,language,city\n")
            file.writelines(
                f"reader{n}@example.org,Reader {n},{'en' if n % 3 else 'uk'},Sampletown\n"
                for n in range(READERS)
            )
        database = Database.open(Path(folder) / "newsletter.db")
        for what in ("import", "import again"):
            seconds = _seconds(lambda: import_csv(database, path))
            yield Result(f"{what} of {READERS:,} readers", 60, "s", [seconds])
        segment = Segment.parse('language == "uk" and city == "Sampletown"')
        samples = [_seconds(lambda: count_audience(database, segment=segment)) for _ in range(5)]
        yield Result(f"count of a segment of {READERS:,} readers", 1, "s", samples)
        database.close()


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
