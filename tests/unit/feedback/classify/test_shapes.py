"""Messages in the shapes that mail systems, providers and people send, and what each means."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from newsletter.feedback.classify import classify

MAIL = Path(__file__).parent / "mail"


class Example(NamedTuple):
    """A message and what it should be understood as: `hard!` is hard, and proves it."""

    kind: str
    expected: list[tuple[str, str]]
    message: bytes


def examples() -> list[object]:
    found: list[object] = []
    for path in sorted(MAIL.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
            first, _, message = block.partition("\n")
            name, kind, *rest = (cell.strip() for cell in first.split("|"))
            expected = list(zip(rest[1::2], rest[::2], strict=True))
            example = Example(kind, expected, message.encode())
            found.append(pytest.param(example, id=f"{path.stem}: {name}"))
    return found


@pytest.mark.parametrize("example", examples())
def test_a_message_is_understood(example: Example) -> None:
    report = classify(example.message)
    understood = [
        (recipient.address, recipient.verdict + "!" * recipient.suppresses)
        for recipient in report.recipients
    ]
    assert (report.kind, understood) == (example.kind, example.expected)


@pytest.mark.parametrize("example", examples())
def test_it_is_understood_with_the_line_ends_of_the_network(example: Example) -> None:
    lined = example.message.replace(b"\n", b"\r\n")
    assert classify(lined) == classify(example.message)
