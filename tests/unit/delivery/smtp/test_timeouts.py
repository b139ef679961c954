from __future__ import annotations

from newsletter.delivery.smtp.timeouts import Timeouts


def test_no_answer_is_given_up_sooner_than_the_standard_allows() -> None:
    minutes = Timeouts()
    assert minutes.greeting >= 5 * 60
    assert minutes.command >= 5 * 60
    assert minutes.data >= 2 * 60
    assert minutes.block >= 3 * 60
    assert minutes.end >= 10 * 60, "RFC 5321 §4.5.3.2.6; who waits less makes duplicates"
