from __future__ import annotations

import pytest

from newsletter.errors import ConfigurationError
from tests.unit.sending.desk import Desk


def test_without_the_table_nobody_need_say_yes(desk: Desk) -> None:
    options = desk.open().settings.approval
    assert not options.wanted
    assert options.signers == "signers.allowed"
    assert options.exact_audience


@pytest.mark.parametrize("line", ["required = 1", "tags = true"])
def test_either_makes_it_wanted(desk: Desk, line: str) -> None:
    desk.configure(f"[approval]\n{line}\n")
    assert desk.open().settings.approval.wanted


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("require = 2", "approval.require: is not a setting"),
        ("required = -1", "approval.required: "),
        ('tags = "perhaps"', "approval.tags: "),
    ],
)
def test_what_is_no_such_setting_is_named_with_its_line(desk: Desk, line: str, said: str) -> None:
    desk.configure(f"[approval]\n{line}\n")
    with pytest.raises(ConfigurationError) as wrong:
        desk.open()
    assert said in wrong.value.message
    assert "newsletter.toml:6" in wrong.value.message


def test_a_misspelt_setting_gets_a_suggestion(desk: Desk) -> None:
    desk.configure("[approval]\nrequire = 2\n")
    with pytest.raises(ConfigurationError) as wrong:
        desk.open()
    assert "required" in wrong.value.hint
