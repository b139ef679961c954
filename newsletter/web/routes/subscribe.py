"""Asking for letters. The answer is given before the address is looked up: all get the same."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.audience import address, requests
from newsletter.audience.requests import Wish
from newsletter.errors import AudienceError
from newsletter.web.caps import network_of
from newsletter.web.forms import Form, read_form
from newsletter.web.origin import from_elsewhere
from newsletter.web.site import Site
from newsletter.web.stamps import Stamp
from newsletter.web.texts import Texts

SOURCE = "form"

LONGEST_ADDRESS = 254
"""Characters that fields for addresses take (RFC 5321 section 4.5.3.1.3)."""


def routes(site: Site) -> list[Route]:
    """``/subscribe``."""

    async def show(request: Request) -> Response:
        return form_page(site, request, "subscribe")

    async def send(request: Request) -> Response:
        if from_elsewhere(request.headers, site.settings.base_url):
            return site.sorry(request, 403)
        form = await read_form(request)
        texts = site.texts_for(request)
        names = [choice.name for choice in site.choices() if choice.name in form.all("list")]
        problem = form_problem(site, form, wording(site, texts))
        if not problem and not names:
            problem = "lists"
        if problem:
            return form_page(site, request, "subscribe", problem, names, typed_address(form))
        await take_down(
            site,
            request,
            form,
            Wish.SUBSCRIBE,
            lists=names,
            language=texts.language,
            wording=wording(site, texts),
            source=f"{SOURCE} ({texts.language})",
        )
        return sent(site, request, texts)

    return [
        Route("/subscribe", show, methods=["GET"]),
        Route("/subscribe", send, methods=["POST"]),
    ]


def form_page(
    site: Site,
    request: Request,
    name: str,
    problem: str = "",
    checked: Sequence[str] | None = None,
    typed: str = "",
) -> Response:
    """The page with the form. Which it is depends on the form alone, not on whose address it is.

    Args:
        site: The pages.
        request: What it answers.
        name: ``start`` or ``subscribe``.
        problem: What was wrong with the form as it was sent.
        checked: Lists that are ticked.
        typed: The address as it was typed, so that nobody has to type it twice.
    """
    asked = request.query_params.getlist("list")
    choices = site.choices(checked if problem else asked or None)
    texts = site.texts_for(request, *(site.lists[c.name].language for c in choices if asked))
    return site.page(
        request,
        "subscribe",
        name,
        texts,
        status=400 if problem else 200,
        title=texts("Subscribe"),
        problem=problem,
        typed=typed,
        lists=choices,
        stamp=site.stamps.make(wording(site, texts), site.now()),
        consent=consent(texts),
        privacy_url=site.settings.web.privacy_url,
        archive=site.archive,
    )


def consent(texts: Texts) -> str:
    """What readers agree to."""
    return texts(
        "I want to get these letters by mail. My address is used for nothing else, and I can leave "
        "at any time by a link in every letter."
    )


def wording(site: Site, texts: Texts) -> str:
    """All that a form shows of what readers agree to; the text of it is kept."""
    shown = [f"{choice.title}: {choice.description}" for choice in site.choices()]
    return "\n".join([*shown, consent(texts), site.settings.web.privacy_url]).strip()


def typed_address(form: Form) -> str:
    """The address in a form as a page may show it again, right or wrong."""
    return form.again("email", LONGEST_ADDRESS)


def form_problem(site: Site, form: Form, shown: str) -> str:
    """What is wrong with a form by itself, whoever's address is in it; empty if nothing is."""
    if site.stamps.read(form.text("stamp"), shown, site.now()) is Stamp.AGAIN:
        return "again"
    try:
        address.parse(form.text("email"))
    except AudienceError:
        return "address"
    return ""


async def take_down(
    site: Site, request: Request, form: Form, wish: Wish, **content: object
) -> None:
    """Write down what a form asks for, unless it is one too many or a program filled it in."""
    if form.text("website"):
        site.metrics.count("form", "trapped")
    elif not site.caps.take(network_of(request.scope)):
        site.metrics.count("form", "too many")
    else:
        email = address.parse(form.text("email")).email
        await site.run(requests.ask, site.database, wish, {"email": email, **content}, site.now())
        site.metrics.count("form", "taken")
        site.wake()


def sent(site: Site, request: Request, texts: Texts) -> Response:
    """The answer to every form that asks for a mail: the same bytes, whoever asked."""
    return site.message(
        request,
        "sent",
        texts,
        texts("Look into your mailbox"),
        texts("If a mail can be sent to this address, it is on its way. There is a link in it."),
        texts(
            "Nothing there after some minutes? Look into the spam folder. An address gets one such "
            "mail a day, so that nobody can be pestered with them."
        ),
    )
