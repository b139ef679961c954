"""Peak memory against the number of readers: import, export, and a send.

Each step is a process of its own. The send goes to a transport that throws messages away.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import ROOT
from benchmarks.result import Result

READERS = (10_000, 1_000_000)

_PREAMBLE = """
    import datetime, sys
    from pathlib import Path
    from newsletter.project import Project
    project = Project.open(Path(sys.argv[1]), environment={})
"""

_STEPS = {
    "import": """
        from newsletter.audience.csv_import import import_csv
        import_csv(project.database, Path(sys.argv[1]) / "readers.csv")
    """,
    "export": """
        from newsletter.audience.csv_export import export_csv
        export_csv(project.database, Path(sys.argv[1]) / "export.csv")
    """,
    "send": """
        from newsletter.delivery.campaigns import Campaigns
        from newsletter.delivery.ledger import Ledger
        from newsletter.delivery.outcome import Accepted
        from newsletter.delivery.sender import deliver

        class Nowhere:
            leaves_machine = False
            def describe(self): return "nowhere"
            connections = 10
            def channel(self): return self
            async def run(self, feed):
                while await feed.wait():
                    while message := feed.take(): feed.done(message, Accepted())

        clock = lambda: datetime.datetime.now(datetime.UTC)
        edition = project.render(project.manuscript(project.find())).edition
        campaign = Campaigns(project.database).start(
            edition, project.sender, "nowhere", clock()
        )
        ledger = Ledger(project.database, campaign)
        summary = deliver(ledger, edition, project.sender, Nowhere(), clock=clock)
        assert summary.finished, summary
    """,
}

# Not ru_maxrss: Linux hands the parent's peak on to a child.
_EPILOGUE = """
    status = Path("/proc/self/status").read_text()
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""


def a_million_readers() -> Iterator[Result]:
    """Peak resident memory of each step, at ten thousand and at a million readers."""
    for number in READERS:
        with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
            root = Path(folder)
            for name in ("newsletter.toml", "issues"):
                (root / name).symlink_to(ROOT / name)
            with (root / "readers.csv").open("w") as file:
                file.write("email,name,language,city\n")
                file.writelines(
                    f"reader{n}@example.org,Reader {n},en,Sampletown\n" for n in range(number)
                )
            for step, code in _STEPS.items():
                peak = _peak(root, code)
                yield Result(f"{step}, {number:,} readers, peak memory", 120, "MB", [peak])


def _peak(root: Path, code: str) -> float:
    script = "\n".join(textwrap.dedent(part) for part in (_PREAMBLE, code, _EPILOGUE))
    done = subprocess.run(
        [sys.executable, "-c", script, root],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return float(done.stdout)
