"""What a letter uses that some of the readers' mail programs do not have."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.lint.caniemail.features import Use, features
from newsletter.lint.caniemail.judgement import HARMLESS, is_beside_the_point
from newsletter.lint.caniemail.names import names
from newsletter.lint.caniemail.support import ClientResult, Feature, Value, support

if TYPE_CHECKING:
    from lxml.etree import Element


@dataclass(frozen=True, slots=True)
class Lack:
    """A feature of a letter, and the mail programs that lack it.

    Attributes:
        feature: The feature.
        results: The programs of the chosen families that lack it or know only part of it, and
            come to a place where it is used.
        elements: Where one of them comes to it; the first is the first in the letter.
    """

    feature: Feature
    results: tuple[ClientResult, ...]
    elements: tuple[Element, ...]

    @property
    def missing(self) -> tuple[ClientResult, ...]:
        """Those that do not have it at all."""
        return tuple(result for result in self.results if result.value is Value.NO)

    @property
    def worst(self) -> tuple[ClientResult, ...]:
        """Those that do not have it at all; if there is none, those that know part of it."""
        return self.missing or self.results

    @property
    def where(self) -> str:
        """The worst, when that was tested: ``Gmail on iOS (tested 2021-11)``."""
        programs = names(self.worst, self.feature.results)
        return f"{programs} (tested {self.feature.tested[:7]})"

    @property
    def note(self) -> str:
        """What caniemail says of the worst, without a full stop; may be empty."""
        notes = dict.fromkeys(note for result in self.worst for note in result.notes)
        return " ".join(notes).rstrip(".")


@functools.lru_cache(maxsize=1)  # several rules ask in turn, for one letter
def lacks(root: Element, clients: tuple[str, ...]) -> dict[str, Lack]:
    """By caniemail's name, each feature that matters and that some of the programs do not have.

    Args:
        root: ``<html>`` of the letter.
        clients: Families of mail programs: ``("gmail", "outlook")``.
    """
    used: dict[str, list[Use]] = {}
    for use in features(root):
        if use.slug not in HARMLESS:
            used.setdefault(use.slug, []).append(use)
    found = {}
    for slug, uses in sorted(used.items()):
        feature = support().lookup(slug)
        lacking = [
            result
            for result in feature.without(clients)
            if not (result.value is Value.PARTLY and is_beside_the_point(slug, result.notes))
        ]
        results = tuple(r for r in lacking if any(_comes_to(r, use) for use in uses))
        if results:
            met = (use for use in uses if any(_comes_to(result, use) for result in results))
            elements = tuple(element for use in met for element in use.elements)
            found[slug] = Lack(feature, results, elements)
    return found


def _comes_to(result: ClientResult, use: Use) -> bool:
    if not use.outlook and (result.client, result.platform) == ("outlook", "windows"):
        return False
    return not any(_is_missing(need, result.client, result.platform) for need in use.needs)


@functools.cache
def _is_missing(slug: str, client: str, platform: str) -> bool:
    return any(
        (result.client, result.platform, result.value) == (client, platform, Value.NO)
        for result in support().lookup(slug).results
    )
