"""Addresses that count a reader before they lead on.

As they were known in 2026; the list is not complete.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from newsletter.lint.addresses import is_host_of


class Redirector(NamedTuple):
    """Who counts, and whether that is sure or only likely."""

    name: str
    is_sure: bool


_GOOGLE = ("com", "de", "fr", "pl", "it", "es", "nl", "at", "ch", "co.uk", "com.ua", "ru", "by")

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
    # What a search engine or a network made of an address that was copied from its pages.
    *((f"google.{domain}", "/url?", "Google") for domain in _GOOGLE),
    ("l.facebook.com", "/l.php?", "Facebook"),
    ("lm.facebook.com", "/l.php?", "Facebook"),
    ("l.instagram.com", "/?", "Instagram"),
    ("l.messenger.com", "/l.php?", "Facebook"),
    ("youtube.com", "/redirect?", "YouTube"),
    # What a mail filter made of an address in somebody's own mailbox.
    ("safelinks.protection.outlook.com", "", "Microsoft Safe Links"),
    ("urldefense.com", "/v", "Proofpoint"),
    ("urldefense.proofpoint.com", "/v", "Proofpoint"),
    ("linkprotect.cudasvc.com", "", "Barracuda"),
    ("protect.mimecast.com", "/s/", "Mimecast"),
)

_READABLE = {
    "Google": ("q", "url"),
    "Facebook": ("u",),
    "Instagram": ("u",),
    "YouTube": ("q",),
    "Microsoft Safe Links": ("url",),
}
"""The parameter that holds the address that a service leads on to, for those that show it."""

_WEB = re.compile(r"(?i)https?://[^\s/?#@:\[\]]+\.[^\s/?#@:\[\]]+(?::\d+)?(?:[/?#]\S*)?")
# What would end an address in Markdown, or mean something else there.
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\()\[\]{}|`*]")

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


def destination(url: str) -> str | None:
    """Where a redirector leads, if its address shows it; safe to be written into Markdown.

    Args:
        url: An address.

    Returns:
        An ``http:`` or ``https:`` address; None if ``url`` is of no redirector that shows one, or
        what it shows could be read in more than one way.
    """
    who = redirector(url)
    names = _READABLE.get(who.name, ()) if who is not None and who.is_sure else ()
    if not names:
        return None
    try:
        said = parse_qs(urlsplit(url).query)
    except ValueError:  # "http://[": no address
        return None
    found = [target for name in names for target in said.get(name, ())]
    if len(found) != 1 or not _WEB.fullmatch(found[0]) or re.search(r"&#?\w+;", found[0]):
        return None
    return _UNSAFE.sub(lambda sign: quote(sign[0], safe=""), found[0])
