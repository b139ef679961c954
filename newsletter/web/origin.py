"""Whether a form was sent from one of our own pages.

Nobody is logged in here, and there are no cookies that another site could make use of: what a form
may do is what the token in its address may do, and that another site does not know. So this is a
second lock. A browser says where a form came from in Sec-Fetch-Site (all since 2023); before that,
in Origin. Under our Referrer-Policy, no-referrer, it says ``Origin: null`` even of our own forms
(Fetch standard, "append a request Origin header"), so that alone proves nothing and forbids
nothing. A browser that sends neither is let in.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers


def from_elsewhere(headers: Headers, base_url: str) -> bool:
    """Whether a browser says that another site sent the form.

    Args:
        headers: Of the request.
        base_url: Where readers' pages are. An address beside it (.onion) is known by ``Host``.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None or origin == "null":
        return False
    try:
        host = urlsplit(origin).netloc.lower()
    except ValueError:
        return True
    return host not in {urlsplit(base_url).netloc.lower(), headers.get("host", "").lower()}
