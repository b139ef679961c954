"""Addresses that count a reader before they lead on.

As they were known in 2026; the list is not complete.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from newsletter.lint.addresses import is_host_of


class Redirector(NamedTuple):
    """Who counts, and whether that is sure or only likely."""

    name: str
    is_sure: bool


# Host or the domain above it; how the path begins, if other pages are there, too; who it is.
_SERVICES = (
    ("list-manage.com", "/track/click", "Mailchimp"),
    ("mandrillapp.com", "/track/click", "Mailchimp"),
    ("sendgrid.net", "", "SendGrid"),
    ("pstmrk.it", "", "Postmark"),
    ("awstrack.me", "", "Amazon SES"),
    ("mailgun.org", "/c/", "Mailgun"),
    ("hubspotlinks.com", "", "HubSpot"),
    ("hubspotemail.net", "/e2t/", "HubSpot"),
    ("hubspotstarter.net", "", "HubSpot"),
    ("sidekickopen.com", "", "HubSpot"),
    ("rs6.net", "", "Constant Contact"),
    ("exct.net", "", "Salesforce"),
    ("exacttarget.com", "", "Salesforce"),
    ("createsend1.com", "/t/", "Campaign Monitor"),
    ("createsend4.com", "/t/", "Campaign Monitor"),
    ("cmail19.com", "", "Campaign Monitor"),
    ("cmail20.com", "", "Campaign Monitor"),
    ("convertkit-mail.com", "", "Kit"),
    ("convertkit-mail2.com", "", "Kit"),
    ("convertkit-mail4.com", "", "Kit"),
    ("kit-mail3.com", "", "Kit"),
    ("kit-mail6.com", "", "Kit"),
    ("klclick.com", "", "Klaviyo"),
    ("klclick1.com", "", "Klaviyo"),
    ("klclick2.com", "", "Klaviyo"),
    ("klclick3.com", "", "Klaviyo"),
    ("link.mail.beehiiv.com", "", "beehiiv"),
    ("substack.com", "/redirect/", "Substack"),
    ("sbstck.com", "", "Substack"),
    ("mlsend.com", "", "MailerLite"),
    ("mlsend2.com", "", "MailerLite"),
    ("clicks.aweber.com", "", "AWeber"),
    ("clicks.mlsend.com", "", "MailerLite"),
    ("click.icptrack.com", "", "iContact"),
    ("dripemail2.com", "", "Drip"),
    ("activehosted.com", "/lt.php", "ActiveCampaign"),
    ("acemlna.com", "", "ActiveCampaign"),
    ("acemlnb.com", "", "ActiveCampaign"),
    ("acemlnc.com", "", "ActiveCampaign"),
    ("emlnk.com", "", "ActiveCampaign"),
    ("emlnk1.com", "", "ActiveCampaign"),
    ("sendibt2.com", "", "Brevo"),
    ("sendibt3.com", "", "Brevo"),
    ("sendibm1.com", "", "Brevo"),
    ("sendibm3.com", "", "Brevo"),
    ("mjt.lu", "", "Mailjet"),
    ("stat-pulse.com", "", "SendPulse"),
    ("pulselinks.com", "", "SendPulse"),
    ("esclick.me", "", "eSputnik"),
    ("unisender.com", "/ru/mail_link_tracker", "Unisender"),
    ("dmsubscribe.ru", "", "DashaMail"),
    ("cdn-cm.freshmail.pl", "", "FreshMail"),
    ("govdelivery.com", "/CL0/", "GovDelivery"),
    ("lnks.gd", "", "GovDelivery"),
    ("go.pardot.com", "/e/", "Salesforce"),
    # What a mail filter made of an address in somebody's own mailbox.
    ("safelinks.protection.outlook.com", "", "Microsoft Safe Links"),
    ("urldefense.com", "/v", "Proofpoint"),
    ("urldefense.proofpoint.com", "/v", "Proofpoint"),
    ("linkprotect.cudasvc.com", "", "Barracuda"),
    ("protect.mimecast.com", "/s/", "Mimecast"),
)

_LIKELY = re.compile(
    r"/ls/click\?upn=|/track/click(?:[/?]|$)|/wf/click\?|/CL0/https?[:%]|/e2t/[ct]c?/|/lt\.php\?"
    r"|/e/c/[\w=-]{40,}|/c/eJ[\w-]{40,}|/r/[0-9a-f]{6,}\?m=[0-9a-f-]{36}|/tn\.jsp\?"
    r"|/(?:emailclick|clicktracker|click\.php|linkclick\.aspx)(?:[/?]|$)",
    re.IGNORECASE,
)
"""Paths of such services under a newsletter's own name."""

_ADDRESS = re.compile(r"(?i)https?://(?:[^/?#@]*@)?([^/?#:]+)(?::\d+)?(.*)", re.DOTALL)


def redirector(url: str) -> Redirector | None:
    """Who counts the readers that follow an address; None if nobody is known to."""
    found = _ADDRESS.match(url)
    if found is None:
        return None
    host, rest = found[1].lower(), found[2]
    for domain, path, name in _SERVICES:
        if is_host_of(host, domain) and rest.startswith(path):
            return Redirector(name, is_sure=True)
    return Redirector(host, is_sure=False) if _LIKELY.search(rest) else None
