"""HTML → blocks: Word's "save as web page", a Google Docs export, a published page."""

from __future__ import annotations

from collections import Counter

from newsletter.issue.drafts import article, footnotes, google_docs, office_html
from newsletter.issue.drafts.blocks import Reading, Remark
from newsletter.issue.drafts.html_blocks import Walk
from newsletter.issue.drafts.sanitise import clean, parse


def read(text: str) -> Reading:
    """Read a page.

    Of a published page only the article is taken; what was left out is said.

    Args:
        text: The HTML, whole or a part of a page.

    Raises:
        NewsletterError: It is too large, is nested too deeply, or there is nothing in it.
    """
    root = parse(text)
    head = article.head(root)
    styles = google_docs.styles(root)
    left, remarks = clean(root)
    if google_docs.is_export(root):
        remarks += google_docs.prepare(root, styles)
        page = article.Article(root)
    elif office_html.is_export(root):
        remarks += office_html.prepare(root)
        page = article.Article(root)
    else:
        page = article.find(root, head)
    footnotes.gather(page.root)
    walk = Walk(base=head.address)
    walk.run(page.root)
    left += page.left
    if +left:
        remarks.append(_left_out(left))
    remarks += walk.remarks
    blocks = (*page.blocks, *walk.blocks)
    return Reading(blocks, tuple(sorted(remarks, key=lambda remark: remark.line)))


def _left_out(left: Counter[str]) -> Remark:
    said = ", ".join(sorted(label for label, count in left.items() if count))
    hint = "Compare with the page if something is missing."
    return Remark(1, "left-out", f"left out of the page: {said}", hint)
