"""What a reader gets: seen and changed with a link that comes by mail."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.audience import address, requests
from newsletter.audience.certificates import keep_certificate
from newsletter.audience.lists import Encryption
from newsletter.audience.personal_data import personal_data
from newsletter.audience.preferences import (
    Preferences,
    change_preferences,
    leave_everything,
    read_preferences,
)
from newsletter.audience.requests import Wish
from newsletter.audience.text import clean
from newsletter.audience.tokens import Purpose, unseal
from newsletter.delivery.openpgp.certificate import LARGEST as LARGEST_KEY
from newsletter.delivery.openpgp.certificate import parse_certificate
from newsletter.delivery.openpgp.errors import CertificateError, SecretKeyError
from newsletter.errors import AudienceError
from newsletter.web.caps import network_of
from newsletter.web.dead_link import dead_preferences_link
from newsletter.web.forms import LARGEST, Form, read_form
from newsletter.web.origin import from_elsewhere
from newsletter.web.routes.confirm import is_old
from newsletter.web.routes.subscribe import (
    consent,
    form_problem,
    sent,
    take_down,
    typed_address,
    wording,
)
from newsletter.web.site import Choice, Site

VALID = datetime.timedelta(days=1)
"""How long a link to preferences works; it is easy to get a new one."""

_LONGEST_NAME = 200
_LARGEST_WITH_KEY = 3 * LARGEST_KEY // 2  # some characters of a key take three in a form
_SHOWN = "preferences"


def routes(site: Site) -> list[Route]:
    """``/preferences``, ``/preferences/TOKEN`` and ``/preferences/TOKEN/data``."""
    encrypts = any_list_encrypts(site)

    def ask_page(request: Request, problem: str = "", typed: str = "") -> Response:
        texts = site.texts_for(request)
        return site.page(
            request,
            "ask",
            "preferences",
            texts,
            status=400 if problem else 200,
            title=texts("Change your subscription"),
            problem=problem,
            typed=typed,
            stamp=site.stamps.make(_SHOWN, site.now()),
        )

    async def show_ask(request: Request) -> Response:
        return ask_page(request)

    async def ask(request: Request) -> Response:
        if from_elsewhere(request.headers, site.settings.base_url):
            return site.sorry(request, 403)
        form = await read_form(request)
        if problem := form_problem(site, form, _SHOWN):
            return ask_page(request, problem, typed_address(form))
        texts = site.texts_for(request)
        await take_down(site, request, form, Wish.PREFERENCES, language=texts.language)
        return sent(site, request, texts)

    async def show(request: Request) -> Response:
        known = await _reader(site, request)
        return known if isinstance(known, Response) else _page(site, request, known[1])

    async def change(request: Request) -> Response:
        known = await _reader(site, request)
        if isinstance(known, Response):
            return known
        if from_elsewhere(request.headers, site.settings.base_url):
            return site.sorry(request, 403)
        number, reader = known
        form = await read_form(request, _LARGEST_WITH_KEY if encrypts else LARGEST)
        what = form.text("do")
        if what == "key" and encrypts:
            return await _keep_key(site, request, number, reader, form)
        if what == "leave":
            return await _leave(site, request, number)
        if what == "move":
            return await _move(site, request, number, reader, form)
        if what == "save":
            return await _save(site, request, number, reader, form)
        return site.sorry(request, 400)  # an empty form must not be read as "nothing any more"

    async def data(request: Request) -> Response:
        known = await _reader(site, request)
        if isinstance(known, Response):
            return known
        held = await site.run(personal_data, site.database, known[1].email)
        return Response(
            json.dumps(held, ensure_ascii=False, indent=2),
            media_type="application/json",
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": 'attachment; filename="data.json"',
            },
        )

    return [
        Route("/preferences", show_ask, methods=["GET"]),
        Route("/preferences", ask, methods=["POST"]),
        Route("/preferences/{token}", show, methods=["GET"]),
        Route("/preferences/{token}", change, methods=["POST"]),
        Route("/preferences/{token}/data", data, methods=["GET"]),
    ]


async def _reader(site: Site, request: Request) -> Response | tuple[int, Preferences]:
    """The reader whom the link is of, or the page for whoever has no such link."""
    numbers = unseal(site.database.keys, Purpose.PREFERENCES, request.path_params["token"])
    below = request.url.path.endswith("/data")
    if numbers is None:
        return dead_preferences_link(site, request, below=below)
    reader = await site.run(read_preferences, site.database, numbers[0])
    if reader is None or is_old(site, numbers[1], VALID):
        texts = site.texts_for(request)
        return site.message(
            request,
            "old-preferences-below" if below else "old-preferences",
            texts,
            texts("This link is too old"),
            texts("Please ask for a new one."),
            links=[
                (
                    f"{'../..' if below else '..'}/preferences?lang={texts.language}",
                    texts("Change your subscription"),
                )
            ],
        )
    return numbers[0], reader


def _page(
    site: Site,
    request: Request,
    reader: Preferences,
    *,
    saved: bool = False,
    problem: str = "",
    typed: str = "",
    ticked: Collection[str] | None = None,
) -> Response:
    texts = site.texts_for(request, reader.language)
    checked = reader.lists if ticked is None else ticked
    choices = site.choices(sorted(checked))
    public = {choice.name for choice in choices}
    choices += [
        Choice(name, each.title, each.description, checked=name in checked)
        for name, each in site.lists.items()
        if name in reader.lists and name not in public
    ]
    token = request.path_params["token"]
    return site.page(
        request,
        "preferences",
        "preferences",
        texts,
        status=400 if problem else 200,
        title=texts("Your subscription"),
        lists=choices,
        reader=reader,
        saved=saved,
        problem=problem,
        typed=typed,
        consent=consent(texts),
        encrypts=any_list_encrypts(site),
        data=f"{token}/data",
    )


async def _save(
    site: Site, request: Request, number: int, reader: Preferences, form: Form
) -> Response:
    language = form.text("language")
    if language not in site.texts:
        language = reader.language
    try:
        name = clean(form.text("name"), "name")
        is_wrong = len(name) > _LONGEST_NAME
    except AudienceError:
        name, is_wrong = "", True
    if is_wrong:
        # As it was filled in, but for characters that a name must not have; nothing is kept of it.
        typed_name = form.again("name", _LONGEST_NAME)
        filled_in = dataclasses.replace(reader, name=typed_name, language=language)
        return _page(site, request, filled_in, problem="name", ticked=form.all("list"))
    texts = site.texts_for(request, reader.language)
    await site.run(
        change_preferences,
        site.database,
        number,
        # A list that is not in newsletter.toml any more is not on the page: it stays as it is.
        [*form.all("list"), *(each for each in reader.lists if each not in site.lists)],
        site.lists,
        name=name,
        language=language,
        wording=wording(site, texts),
        now=site.now(),
    )
    changed = await site.run(read_preferences, site.database, number)
    return _page(site, request, changed or reader, saved=True)


def any_list_encrypts(site: Site) -> bool:
    """Whether readers' OpenPGP keys are of any use."""
    return any(each.openpgp is not Encryption.OFF for each in site.lists.values())


async def _keep_key(
    site: Site, request: Request, number: int, reader: Preferences, form: Form
) -> Response:
    typed = form.text("key").strip()
    certificate = None
    if typed:
        try:
            given = await site.run(parse_certificate, typed)
        except (CertificateError, SecretKeyError):
            return _page(site, request, reader, problem="key")
        if not given.can_encrypt:
            return _page(site, request, reader, problem="key")
        certificate = given.data
    await site.run(keep_certificate, site.database, reader.email, certificate)
    changed = await site.run(read_preferences, site.database, number)
    return _page(site, request, changed or reader, saved=True)


async def _leave(site: Site, request: Request, number: int) -> Response:
    await site.run(leave_everything, site.database, number, site.now())
    site.metrics.count("unsubscribe", "everything")
    texts = site.texts_for(request)
    return site.message(
        request,
        "left",
        texts,
        texts("You are unsubscribed"),
        texts("No more letters will come."),
    )


async def _move(
    site: Site, request: Request, number: int, reader: Preferences, form: Form
) -> Response:
    try:
        new = address.parse(form.text("email")).email
    except AudienceError:
        return _page(site, request, reader, problem="address", typed=typed_address(form))
    texts = site.texts_for(request, reader.language)
    if site.caps.take(network_of(request.scope)):
        content = {"email": new, "subscriber": number, "language": texts.language}
        await site.run(requests.ask, site.database, Wish.CHANGE_ADDRESS, content, site.now())
        site.wake()
    return site.message(
        request,
        "moving",
        texts,
        texts("Look into both mailboxes"),
        texts("When the links in both were used, your letters go to the new address."),
    )
