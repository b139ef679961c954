"""The table of all lint rules. A new rule is a file in ``rules/`` and a line here."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import cast

from newsletter.lint.rule import Rule

RULES: dict[str, str] = {
    "empty-section": "newsletter.lint.rules.empty_section",
    "html-size": "newsletter.lint.rules.html_size",
    "image-alt": "newsletter.lint.rules.image_alt",
    "image-file": "newsletter.lint.rules.image_file",
    "link-address": "newsletter.lint.rules.link_address",
    "merge-field": "newsletter.lint.rules.merge_field",
    "placeholder": "newsletter.lint.rules.placeholder",
    "preheader-length": "newsletter.lint.rules.preheader_length",
    "preheader-repeats-subject": "newsletter.lint.rules.preheader_repeats_subject",
    "raw-html": "newsletter.lint.rules.raw_html",
    "subject-length": "newsletter.lint.rules.subject_length",
    "summary-story": "newsletter.lint.rules.summary_story",
    "unsubscribe-link": "newsletter.lint.rules.unsubscribe_link",
}
"""Slug → module. Modules are imported when somebody lints, not before."""


def rules() -> Iterator[Rule]:
    """Every rule, imported now."""
    for module in RULES.values():
        yield cast("Rule", importlib.import_module(module))
