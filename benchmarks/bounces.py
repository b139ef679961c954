"""How well the classifier understands a folder of messages, and how fast.

python -m benchmarks.bounces FOLDER LABELS

FOLDER holds one message a file. LABELS is a JSON object: to each file name it gives what the
message is (`bounce`, `complaint`, `auto_reply` …) and, of a bounce, its recipients, each `hard`
or `soft`:

{"one.eml": {"kind": "bounce", "recipients": {"reader@example.org": "hard"}}}

No corpus is part of this project: real bounces carry the addresses of real people.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from newsletter.feedback.classify import classify
from newsletter.feedback.classify.report import Kind, Report, Verdict

_SECONDS = 2.0  # of measuring the speed


def count(report: Report, label: dict[str, Any]) -> Counter[str]:
    """What there is to count in one message, and how much of it is right."""
    seen: Counter[str] = Counter()
    if label["kind"] != Kind.BOUNCE:
        seen["no bounces"] += 1
        seen["no bounces, counted as bounces"] += report.kind is Kind.BOUNCE
        return seen
    seen["bounces"] += 1
    found = {each.address.casefold(): each for each in report.recipients}
    if report.kind is not Kind.BOUNCE:
        found = {}
    for address, what in label["recipients"].items():
        each = found.get(address.casefold())
        seen["recipients"] += 1
        seen["recipients, found"] += each is not None
        seen[what] += 1
        if each is not None:
            seen[f"{what}, seen as hard"] += each.verdict is Verdict.HARD
            seen[f"{what}, suppressing"] += each.suppresses
    return seen


def measure(folder: Path, labels: dict[str, dict[str, Any]]) -> tuple[Counter[str], float]:
    """The counts over a folder, and the messages read in a second on one core."""
    messages = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    messages = {name: message for name, message in messages.items() if name in labels}
    counts: Counter[str] = Counter()
    for name, message in messages.items():
        counts += count(classify(message), labels[name])
    done, began = 0, time.process_time()
    while messages and time.process_time() - began < _SECONDS:
        for message in messages.values():
            classify(message)
        done += len(messages)
    return counts, done / (time.process_time() - began) if done else 0.0


def main(folder: str, labels: str) -> None:
    """Measure and print."""
    counts, speed = measure(Path(folder), json.loads(Path(labels).read_text(encoding="utf-8")))
    for part, whole, bar in (
        ("recipients, found", "recipients", "at least 95 %"),
        ("hard, seen as hard", "hard", "at least 95 %"),
        ("hard, suppressing", "hard", ""),
        ("soft, seen as hard", "soft", ""),
        ("soft, suppressing", "soft", "at most 10 %"),
        ("no bounces, counted as bounces", "no bounces", "none"),
    ):
        share = counts[part] / counts[whole] if counts[whole] else 0.0
        print(f"{part:<32} {counts[part]:>4} of {counts[whole]:>4}  {share:>6.1%}  {bar}")
    print(f"{'messages a second':<32} {speed:>12.0f}          at least 300")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Say which folder and which labels: python -m benchmarks.bounces FOLDER LABELS")
    main(sys.argv[1], sys.argv[2])
