"""What mail programs call each list: a ``List-Id`` of its own, so that filters tell them apart.

One list keeps the newsletter's own name for good: readers have filters for it (RFC 2919 section 3
wants a name that never changes).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from newsletter.audience.lists import MAIN, Encryption, ListOptions


def list_headers(
    list_id: str, lists: Mapping[str, ListOptions], names: Collection[str], *, is_neutral: bool
) -> dict[str, dict[str, str]]:
    """The lists whose header is not the newsletter's own: ``list_id`` and ``list_name`` of each.

    The list ``main``, or else the first of the file, keeps the newsletter's. The name of another
    takes the place of the first label in it: ``letter.example.org`` gives ``alerts.example.org``.
    It does not if that could tell something: if there are words that must not be revealed, or all
    letters of the list are encrypted, the name stays the newsletter's until ``list_id`` says
    another.

    Args:
        list_id: The newsletter's own.
        lists: All lists, in the order of the settings.
        names: Those that are wanted.
        is_neutral: Whether there are words that must not be revealed.
    """
    first = MAIN if MAIN in lists else next(iter(lists), MAIN)
    found = {}
    for name in names:
        options = lists.get(name)
        if options is None:
            continue
        said = options.list_id
        may_tell = not is_neutral and options.openpgp is not Encryption.REQUIRE
        if not said and may_tell and name != first:
            said = f"{name}.{_namespace(list_id)}"
        if said:
            found[name] = {"list_id": said, "list_name": options.title if may_tell else ""}
    return found


def _namespace(list_id: str) -> str:
    """What stands behind a list's label: a domain, so at least two labels."""
    behind = list_id.partition(".")[2]
    return behind if "." in behind else list_id
