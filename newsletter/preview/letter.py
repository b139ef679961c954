"""An issue as one reader would get it."""

from __future__ import annotations

from newsletter.delivery.message import Recipient
from newsletter.delivery.sample import sample_date, sample_message
from newsletter.issue.manuscript import Manuscript
from newsletter.preview.document import remote_pictures
from newsletter.preview.mail import Picture, open_mail
from newsletter.preview.signature import sign
from newsletter.preview.view import Letter
from newsletter.project import Project
from newsletter.render.galley import Galley
from newsletter.sending.sender import sample_sender


def make_letter(
    project: Project, manuscript: Manuscript, galley: Galley, reader: Recipient
) -> Letter:
    """The letter of one reader.

    The message is taken apart again as a mail program does it. Nothing that is shown comes from
    anywhere else, so it cannot differ from what is sent.
    """
    edition, sender = galley.edition, sample_sender(project, manuscript.issue)
    mail = open_mail(sample_message(edition, sender, reader).data)
    source, date = mail.source, sample_date(edition)
    assets_url = project.settings.assets_url
    hosted = {
        file.filename: Picture(file.content_type, file.data)
        for file in (galley.files if assets_url else ())
    }
    return Letter(
        mail=mail,
        preheader=edition.preheader.fill(reader.merge_values(edition, sender)),
        reader=reader,
        issue=manuscript.issue,
        language=edition.language,
        remote=remote_pictures(mail.html, assets_url, hosted),
        pictures={**mail.pictures, **hosted},
        assets_url=assets_url,
        sign=lambda: sign(project, source, date),
    )


def marked_html(project: Project, galley: Galley, reader: Recipient) -> str:
    """The HTML of one reader's letter with ``data-place`` attributes, see ``render.galley``."""
    edition = galley.edition
    return galley.annotated.fill(reader.merge_values(edition, project.sender))
