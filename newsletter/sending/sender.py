"""Who a letter is from, as the readers of its lists see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from newsletter.audience.lists import Encryption
from newsletter.delivery.list_headers import list_headers
from newsletter.delivery.message import Sender
from newsletter.issue.model import Issue
from newsletter.project import Project


def sender_for(project: Project, lists: Collection[str]) -> Sender:
    """Who a letter to some lists is from, what each is called, and how its letters are encrypted.

    Raises:
        ConfigurationError: An address in ``newsletter.toml`` is not one.
    """
    known = project.settings.all_lists
    policies = {name: known[name].openpgp for name in lists if name in known}
    encryption = {
        name: policy.value for name, policy in policies.items() if policy is not Encryption.OFF
    }
    sender = project.sender
    headers = list_headers(
        sender.list_id, known, lists, is_neutral=bool(project.settings.must_not_reveal)
    )
    return dataclasses.replace(sender, encryption=encryption, of_lists=headers)


def sample_sender(project: Project, issue: Issue) -> Sender:
    """The same for what is only looked at: a preview, a proof; its list is the first of the issue.

    Raises:
        ConfigurationError: An address in ``newsletter.toml`` is not one.
    """
    name = next(iter(issue.lists or project.settings.all_lists))
    return sender_for(project, [name]).for_list(name)
