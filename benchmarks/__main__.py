"""Run every benchmark and print one table. Nothing here gates a test.

python -m benchmarks            all
python -m benchmarks render     those whose name contains a word
"""

from __future__ import annotations

import sys

from benchmarks import (
    delivery,
    drafts,
    feedback,
    first_message,
    linting,
    memory,
    no_oracle,
    one_click,
    pictures,
    preview,
    processes,
    readers,
    rendering,
    start_page,
)


def main(words: list[str]) -> None:
    """Measure and print."""
    benchmarks = [
        ("help", processes.help_text),
        ("check", processes.check),
        ("lint", linting.offline_rules),
        ("archive", linting.archive),
        ("render", rendering.render_warm),
        ("size", rendering.size),
        ("import", drafts.import_warm),
        ("pictures", pictures.pictures),
        ("preview-ready", preview.ready),
        ("preview-save", preview.save_to_screen),
        ("preview-start", start_page.start_page),
        ("preview-day", preview.a_working_day),
        ("memory", memory.a_million_readers),
        ("readers", readers.a_million),
        ("first-message", first_message.first_message),
        ("one-click", one_click.alone),
        ("one-click-sending", one_click.during_a_send),
        ("oracle", no_oracle.oracle),
        ("feedback", feedback.from_a_maildir),
        ("delivery", delivery.against_smtp_source),
        ("delivery-postfix", delivery.over_starttls_to_postfix),
        ("delivery-peers", delivery.against_peers),
    ]
    print(f"{'what':<58} {'limit':>10} {'measured':>10}  range")
    for name, benchmark in benchmarks:
        if not words or any(word in name for word in words):
            for result in benchmark():
                print(result, flush=True)


main(sys.argv[1:])
