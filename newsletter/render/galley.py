"""The galley: an edition together with where everything in its HTML comes from.

A galley is to an edition what a printer's galley proof is to the paper: the same words, with notes
in the margin. Only the edition is sent.

The places are found by a second run of the template in which every value of the manuscript has a
mark in front. The marks never come near the edition: its HTML is made from values without any. Both
runs give the same elements, so what is marked in the second tells where each element of the first
comes from. Where a template makes other elements of marked values (because it measures or cuts
what a block of it has put out), the galley has no places; the edition is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.render.edition import Edition, EmbeddedImage
from newsletter.render.merge import Merged

PLACE = "data-place"
"""Attribute of annotated HTML: where an element's text comes from, as ``Place`` writes it
(``sections.2.body:120``). Where the value of another attribute comes from stands in ``data-place-``
and its name: ``data-place-alt``, ``data-place-href``."""


@dataclass(frozen=True)
class Galley:
    """An edition and, when somebody asks, its annotated HTML.

    Attributes:
        edition: What readers get.
        annotate: Makes ``annotated``; None for a galley without places.
        files: The project's pictures that the letter shows, whether they travel inside it
            (``edition.images``) or are hosted.
    """

    edition: Edition
    annotate: Callable[[], Merged] | None = field(default=None, compare=False, repr=False)
    files: tuple[EmbeddedImage, ...] = ()

    @cached_property
    def annotated(self) -> Merged:
        """``edition.html`` with ``data-place`` attributes, and otherwise the same; never sent.

        Made when it is first asked for (15 ms): most letters have nothing wrong in their HTML.
        """
        return self.annotate() if self.annotate else self.edition.html
