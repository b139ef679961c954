from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError, SendRefusedError
from newsletter.sending import ssh
from newsletter.sending.approval import check_approval, no_approval_needed, verdict
from newsletter.sending.plan import Plan
from newsletter.sending.signature import Signature, signatures_beside
from tests.unit.sending.desk import Desk, People, needs_ssh_keygen
from tests.unit.sending.test_plan import make_plan

pytestmark = needs_ssh_keygen

TWO = "[approval]\nrequired = 2\n"


def signed(people: People, *names: str, plan: Plan | None = None) -> list[Signature]:
    """The signatures of some people under a plan, as files beside it would hold them."""
    document = (plan or make_plan()).dump()
    return [
        Signature(f"plan.json.{number}.sig", ssh.sign(document, people.key(name)))
        for number, name in enumerate(names)
    ]


@pytest.fixture
def two(desk: Desk, people: People) -> Desk:
    """A project in which two of Ann, Ben and Cleo must say yes."""
    desk.configure(TWO)
    people.allow("ann", "ben", "cleo")
    return desk


def test_two_of_two_are_enough(two: Desk, people: People) -> None:
    found = check_approval(two.open(), make_plan(), signed(people, "ben", "cleo"))
    assert found.approvers == ("ben@example.org", "cleo@example.org")
    assert found.rejected == ()


@pytest.mark.parametrize("names", [(), ("ben",)], ids=["nobody", "one"])
def test_fewer_are_not(two: Desk, people: People, names: tuple[str, ...]) -> None:
    with pytest.raises(SendRefusedError, match=f"^{len(names)} of 2 have approved"):
        check_approval(two.open(), make_plan(), signed(people, *names))


def test_one_who_signs_twice_counts_once(two: Desk, people: People) -> None:
    with pytest.raises(SendRefusedError, match=r"ben@example\.org has signed already"):
        check_approval(two.open(), make_plan(), signed(people, "ben", "ben"))


def test_one_with_two_keys_counts_once(two: Desk, people: People) -> None:
    laptop, phone = (people.key(name).with_suffix(".pub").read_text() for name in ("one", "two"))
    people.root.joinpath("signers.allowed").write_text(
        f"ben@example.org {laptop}ben@example.org {phone}"
    )
    with pytest.raises(SendRefusedError, match=r"ben@example\.org has signed already"):
        check_approval(two.open(), make_plan(), signed(people, "one", "two"))


def test_a_key_with_two_names_counts_once(two: Desk, people: People) -> None:
    public = people.key("ben").with_suffix(".pub").read_text()
    people.root.joinpath("signers.allowed").write_text(
        f"ben@example.org,benjamin@example.org {public}"
    )
    with pytest.raises(SendRefusedError, match=r"^1 of 2"):
        check_approval(two.open(), make_plan(), signed(people, "ben", "ben"))


def test_a_signature_of_another_plan_does_not_count(two: Desk, people: People) -> None:
    other = make_plan(subject="Another letter")
    signatures = [*signed(people, "ben"), *signed(people, "cleo", plan=other)]
    with pytest.raises(SendRefusedError, match="it is not a signature of this plan"):
        check_approval(two.open(), make_plan(), signatures)


def test_a_signature_for_another_purpose_does_not_count(
    two: Desk, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "NAMESPACE", "git")
    for_git = signed(people, "ben", "cleo")
    monkeypatch.undo()
    assert verdict(two.open(), make_plan(), for_git).approvers == ()


def test_an_unknown_key_does_not_count(two: Desk, people: People) -> None:
    found = verdict(two.open(), make_plan(), signed(people, "ben", "mallory"))
    assert found.approvers == ("ben@example.org",)
    assert found.rejected == ("plan.json.1.sig: its key does not stand in signers.allowed",)


def test_a_key_that_is_out_of_its_time_does_not_count(two: Desk, people: People) -> None:
    people.allow("ben", options='valid-before="20250101" ')
    assert verdict(two.open(), make_plan(), signed(people, "ben")).approvers == ()
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
    people.allow("ben", options=f'valid-before="{tomorrow:%Y%m%d}" ')
    assert verdict(two.open(), make_plan(), signed(people, "ben")).approvers


def test_a_pattern_is_no_person(two: Desk, people: People) -> None:
    public = people.key("ben").with_suffix(".pub").read_text()
    people.root.joinpath("signers.allowed").write_text(f"*@example.org {public}")
    assert verdict(two.open(), make_plan(), signed(people, "ben")).approvers == ()


@pytest.mark.parametrize("text", ["", "yes, of course", "-----BEGIN SSH SIGNATURE-----\nAAAA\n"])
def test_what_is_no_signature_does_not_count(two: Desk, text: str) -> None:
    found = verdict(two.open(), make_plan(), [Signature("plan.json.x.sig", text)])
    assert found.approvers == ()
    assert len(found.rejected) == 1


def test_the_author_may_be_left_out(two: Desk, people: People) -> None:
    two.configure(TWO + "not_author = true\n")
    with pytest.raises(SendRefusedError, match=r"ann@example\.org made the plan"):
        check_approval(two.open(), make_plan(), signed(people, "ann", "ben"))
    assert check_approval(two.open(), make_plan(), signed(people, "ben", "cleo"))
    nobodys = make_plan(author="")
    with pytest.raises(SendRefusedError, match="does not say who made it"):
        check_approval(two.open(), nobodys, signed(people, "ben", "cleo", plan=nobodys))


def test_without_a_list_of_signers_nothing_can_be_approved(two: Desk, people: People) -> None:
    signatures = signed(people, "ben", "cleo")
    (two.root / "signers.allowed").unlink()
    with pytest.raises(SendRefusedError, match=r"no file signers\.allowed"):
        check_approval(two.open(), make_plan(), signatures)


def test_who_wants_no_approval_needs_none(desk: Desk) -> None:
    no_approval_needed(desk.open(), "2026-11-20")
    assert check_approval(desk.open(), make_plan(), []).approvers == ()


def test_who_wants_it_is_told_the_way(two: Desk) -> None:
    with pytest.raises(SendRefusedError, match="needs 2 approvals") as refused:
        no_approval_needed(two.open(), "2026-11-20")
    assert "--plan" in refused.value.hint


def test_only_files_beside_the_plan_are_its_signatures(tmp_path: Path) -> None:
    plan = tmp_path / "2026-11-20-abc.json"
    for name in ("2026-11-20-abc.json.ben.sig", "2026-11-20-abc.json.cleo.asc", "other.json.x.sig"):
        (tmp_path / name).write_text(name)
    plan.write_text("{}")
    assert [signature.name for signature in signatures_beside(plan)] == [
        "2026-11-20-abc.json.ben.sig",
        "2026-11-20-abc.json.cleo.asc",
    ]


def test_ones_own_key_is_the_one_that_stands_among_the_signers(
    two: Desk, people: People, tmp_path: Path
) -> None:
    home, signers = tmp_path / "home", two.root / "signers.allowed"
    (home / ".ssh").mkdir(parents=True)
    for name in ("ben", "mallory"):
        for suffix in ("", ".pub"):
            text = people.key(name).with_suffix(suffix).read_text()
            (home / ".ssh" / f"id_{name}{suffix}").write_text(text)
    assert ssh.own_key(signers, home, tmp_path) == home / ".ssh/id_ben"
    people.allow("cleo")
    with pytest.raises(NewsletterError, match="no key of yours"):
        ssh.own_key(signers, home, tmp_path)


def test_a_key_that_is_not_there_cannot_sign(tmp_path: Path) -> None:
    with pytest.raises(NewsletterError, match="there is no key"):
        ssh.sign(b"plan", tmp_path / "id_ed25519")
    (tmp_path / "broken").write_text("no key")
    (tmp_path / "broken").chmod(0o600)
    with pytest.raises(NewsletterError, match="cannot sign"):
        ssh.sign(b"plan", tmp_path / "broken")
