from __future__ import annotations

import pytest

from newsletter.errors import SendRefusedError
from newsletter.sending.approval import no_approval_needed
from tests.unit.sending.desk import SLUG, SOUND, Desk, People, needs_git, needs_ssh_keygen

pytestmark = [needs_git, needs_ssh_keygen]


@pytest.fixture
def tagged(desk: Desk, people: People) -> Desk:
    """A project that wants tags, with a good one by Ann."""
    desk.configure("[approval]\ntags = true\n")
    people.allow("ann")
    desk.commit()
    sign(desk, people, "ann")
    return desk


def sign(desk: Desk, people: People, who: str, name: str = f"send/{SLUG}") -> None:
    ssh = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={people.key(who)}")
    desk.git(*ssh, "tag", "--sign", "--force", name, "--message", "Send it")


def test_a_tag_signed_by_somebody_who_may_is_enough(tagged: Desk) -> None:
    no_approval_needed(tagged.open(), SLUG)


def test_without_a_tag_nothing_goes_out(tagged: Desk) -> None:
    tagged.git("tag", "--delete", f"send/{SLUG}")
    with pytest.raises(SendRefusedError, match="no signed git tag send/2026-11-20"):
        no_approval_needed(tagged.open(), SLUG)


@pytest.mark.parametrize("options", [(), ("--annotate", "--message", "Send it")])
def test_a_tag_that_is_not_signed_does_not_count(tagged: Desk, options: tuple[str, ...]) -> None:
    tagged.git("tag", "--force", *options, f"send/{SLUG}")
    with pytest.raises(SendRefusedError, match="signed"):
        no_approval_needed(tagged.open(), SLUG)


def test_a_tag_by_an_unknown_key_does_not_count(tagged: Desk, people: People) -> None:
    sign(tagged, people, "mallory")
    with pytest.raises(SendRefusedError, match="not signed by anybody who may approve"):
        no_approval_needed(tagged.open(), SLUG)


def test_the_repositorys_own_settings_do_not_say_who_may(tagged: Desk, people: People) -> None:
    sign(tagged, people, "mallory")
    others = tagged.root / "keys" / "others"
    others.write_text(f"mallory@example.org {people.key('mallory.pub').read_text()}")
    tagged.git("config", "gpg.ssh.allowedSignersFile", str(others))
    tagged.git("config", "gpg.ssh.program", "true")
    with pytest.raises(SendRefusedError, match="not signed by anybody who may approve"):
        no_approval_needed(tagged.open(), SLUG)


def test_the_tag_of_another_issue_does_not_count_under_this_name(
    tagged: Desk, people: People
) -> None:
    sign(tagged, people, "ann", name="send/2026-11-13")
    other = tagged.git("rev-parse", "refs/tags/send/2026-11-13")
    tagged.git("update-ref", f"refs/tags/send/{SLUG}", other)
    with pytest.raises(SendRefusedError, match="made under another name"):
        no_approval_needed(tagged.open(), SLUG)


def test_a_later_commit_is_not_what_was_tagged(tagged: Desk) -> None:
    tagged.issue(SOUND.replace("Friday", "Sunday"))
    tagged.commit()
    with pytest.raises(SendRefusedError, match="is checked out"):
        no_approval_needed(tagged.open(), SLUG)


def test_a_file_that_was_changed_since_is_named(tagged: Desk) -> None:
    tagged.issue(SOUND.replace("Friday", "Sunday"))
    with pytest.raises(SendRefusedError, match=r"issues/2026-11-20\.yaml: not as in the commit"):
        no_approval_needed(tagged.open(), SLUG)


def test_a_file_that_git_does_not_know_is_named(tagged: Desk) -> None:
    (tagged.root / "templates").mkdir()
    (tagged.root / "templates/default.mjml.j2").write_text("<mjml/>")
    with pytest.raises(SendRefusedError, match=r"templates/default\.mjml\.j2"):
        no_approval_needed(tagged.open(), SLUG)
