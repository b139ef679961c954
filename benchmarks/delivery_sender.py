"""One sending in a process of its own, measured from inside: run by ``benchmarks.delivery``.

python -m benchmarks.delivery_sender FOLDER URL none|ed25519|rsa
"""

from __future__ import annotations

import datetime
import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.delivery_letter import letter, sender
from newsletter.database.engine import Database
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.sender import deliver
from newsletter.delivery.transports import open_transport
from newsletter.memory import collect_seldom


def main(folder: Path, url: str, kind: str) -> None:
    """Send to everybody in the folder's database and print what it took."""
    collect_seldom()  # as the command does
    signer = None
    if kind != "none":
        from newsletter.delivery.dkim.keys import new_key
        from newsletter.delivery.dkim.signer import Signer

        signer = Signer([new_key("example.org", "bench", is_ed25519=kind == "ed25519")])
    database = Database.open(folder / "newsletter.db")
    edition, from_ = letter(), sender()
    campaign = Campaigns(database).start(edition, from_, url, _now())
    transport = open_transport(url, root=folder, hello="example.org")
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    summary = deliver(
        Ledger(database, campaign), edition, from_, transport, clock=_now, signer=signer
    )
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    accepted = summary.states.get("accepted", 0)
    print(
        json.dumps(
            {
                "accepted": accepted,
                "rate": accepted / seconds,
                "cpu": cpu / accepted * 1000,
                "memory": _peak(),
            }
        )
    )


def _peak() -> float:
    """Peak resident memory in MB; not ru_maxrss, which Linux hands on from parent to child."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
