"""The pages in a real browser: on a phone, from right to left, for people who do not see them."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from newsletter.audience.tokens import Purpose, seal
from tests.unit.web.conftest import Serve, Served

pytestmark = pytest.mark.browser


@pytest.fixture
def paths(pages: Served) -> list[str]:
    """A page of each kind."""
    pages.confirmed("ann@example.com")
    keys, now = pages.database.keys, int(pages.clock().timestamp())
    return [
        "/",
        "/subscribe",
        "/preferences",
        f"/preferences/{seal(keys, Purpose.PREFERENCES, 1, now)}",
        f"/confirm/{seal(keys, Purpose.CONFIRM, 1, now)}",
        f"/unsubscribe/{seal(keys, Purpose.UNSUBSCRIBE, 1, 1)}",
        "/unsubscribe/proof",
        "/nothing",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_pages(
    browser: Browser, pages: Served, paths: list[str], scheme: str
) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    for path in paths:
        page.goto(f"http://127.0.0.1:{pages.port}/letter{path}?lang=en")
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
    context.close()


@pytest.mark.parametrize("language", ["ar", "de", "en", "uk"])
def test_no_page_is_wider_than_a_small_phone(
    browser: Browser, pages: Served, paths: list[str], language: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 600})
    page = context.new_page()
    for path in paths:
        page.goto(f"http://127.0.0.1:{pages.port}/letter{path}?lang={language}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, path
    context.close()


def test_arabic_runs_from_right_to_left(browser: Browser, pages: Served) -> None:
    context = browser.new_context(locale="ar", viewport={"width": 800, "height": 600})
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{pages.port}/letter/")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    heading, button = page.locator("h1"), page.locator("main button")
    assert heading.inner_text() == "اشترك"
    main = box(page, "main")
    placed = button.bounding_box()
    assert placed is not None
    assert placed["x"] + placed["width"] == pytest.approx(main["x"] + main["width"], abs=1)
    ticked = box(page, "#list-main")
    assert ticked["x"] > box(page, "label[for=list-main]")["x"]
    context.close()


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found is not None
    return {"x": found["x"], "width": found["width"]}


def test_the_trap_is_seen_and_heard_by_nobody(browser: Browser, pages: Served) -> None:
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{pages.port}/subscribe?lang=en")
    assert "Leave this empty" not in page.locator("main").aria_snapshot()
    trap = page.locator("#website").bounding_box()
    assert trap is not None
    assert trap["x"] + trap["width"] <= 0
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "website"
    page.close()


def test_a_form_of_another_site_is_refused_by_what_the_browser_says(
    browser: Browser, serve: Serve
) -> None:
    with serve() as pages:
        pages.confirmed("ann@example.com")
        path = f"/unsubscribe/{seal(pages.database.keys, Purpose.UNSUBSCRIBE, 1, 1)}"
        page = browser.new_page()
        page.set_content(
            f'<form method="post" action="http://127.0.0.1:{pages.port}{path}">'
            "<button>Win</button></form>"
        )
        with page.expect_navigation():
            page.get_by_role("button").click()
        assert "another site" in page.locator("main").inner_text()
        assert pages.rows("subscriptions")[0].status == "confirmed"
        page.close()
