"""The three feeds, held against what their formats ask for."""

from __future__ import annotations

import datetime
import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from newsletter.project import Project
from newsletter.web.archive.addresses import Addresses
from newsletter.web.archive.feed import LENGTH
from newsletter.web.archive.gather import gather
from newsletter.web.archive.site import Site
from tests.unit.web.archive.kit import (
    body,
    draw_picture,
    in_three_languages,
    make_project,
    site_of,
    write_issue,
)

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
HERE = "https://example.org/letter/archive"

# What jsonfeed.org's text of version 1.1 asks for, as far as this program writes it.
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "pattern": "^https://"},
        "feed_url": {"type": "string", "pattern": "^https://"},
        "description": {"type": "string"},
        "language": {"type": "string"},
        "authors": {"type": "array", "items": {"required": ["name"]}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string", "pattern": "^https://"},
                    "date_published": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                    "date_modified": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                },
            },
        },
    },
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path, 'tagline = "News & <tides>"')


def parsed(site: Site, name: str) -> Any:
    """The root of a feed: a parser that mends nothing has read it."""
    resource = site.get(name)
    assert resource is not None
    return etree.fromstring(resource.body, etree.XMLParser(resolve_entities=False))


def one(parent: Any, name: str) -> Any:
    found = parent.findall(name)
    assert len(found) == 1, (name, len(found))
    return found[0]


def check_atom(feed: Any) -> None:
    """RFC 4287, section 4.1."""
    assert feed.tag == f"{ATOM}feed"
    ids = []
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        ids.append(one(part, f"{ATOM}id").text)
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ids[-1])
        assert one(part, f"{ATOM}title").text
        moment(one(part, f"{ATOM}updated").text)
    assert len(set(ids)) == len(ids)
    assert one(one(feed, f"{ATOM}author"), f"{ATOM}name").text
    rels = [link.get("rel") for link in feed.findall(f"{ATOM}link")]
    assert rels == ["self", "alternate"]
    for entry in feed.findall(f"{ATOM}entry"):
        moment(one(entry, f"{ATOM}published").text)
        assert one(entry, f"{ATOM}link").get("href").startswith("https://")
        assert one(entry, f"{ATOM}content").get("type") == "html"


def moment(text: str) -> datetime.datetime:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)
    return datetime.datetime.fromisoformat(text)


def test_atom_has_what_its_rfc_asks_for_and_the_whole_issue(project: Project) -> None:
    image = draw_picture(project)
    write_issue(project, "2026-11-13")
    write_issue(
        project,
        "2026-11-20",
        title="Boats & <tides>",
        summary=[{"text": "The ferry.", "story": "ferry"}],
        sections=[{"id": "ferry", "headline": "A", "body": "Whole text.", "image": image}],
    )
    site = site_of(project)
    feed = parsed(site, "atom.xml")
    check_atom(feed)
    assert feed.get(f"{XML}lang") == "en"
    assert one(feed, f"{ATOM}subtitle").text == "News & <tides>"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link")] == [
        f"{HERE}/atom.xml",
        f"{HERE}/",
    ]
    entry = feed.findall(f"{ATOM}entry")[0]
    assert one(entry, f"{ATOM}title").text == "Boats & <tides>"
    assert one(entry, f"{ATOM}link").get("href") == f"{HERE}/2026-11-20"
    content = one(entry, f"{ATOM}content").text
    assert "Whole text." in content
    assert f'href="{HERE}/2026-11-20#ferry"' in content
    assert f'src="{HERE}/pictures/2026-11-20/' in content
    assert "<h1" not in content  # the title says it
    assert not re.search(r'(?:src|href)="(?!https://)', content)


def test_the_times_of_atom_grow_with_each_correction_and_ids_stay(project: Project) -> None:
    write_issue(project, "2026-11-13")
    plain = parsed(site_of(project), "atom.xml")
    corrections = [{"date": "2026-11-14", "note": "Eight, not nine."}]
    write_issue(project, "2026-11-13", corrections=corrections)
    once = parsed(site_of(project), "atom.xml")
    corrections.append({"date": "2026-11-14", "note": "And a name."})
    write_issue(project, "2026-11-13", corrections=corrections)
    twice = parsed(site_of(project), "atom.xml")
    entries = [one(feed, f"{ATOM}entry") for feed in (plain, once, twice)]
    updated = [moment(one(entry, f"{ATOM}updated").text) for entry in entries]
    assert updated[0] < updated[1] < updated[2]
    assert updated[1].date() == datetime.date(2026, 11, 14)
    assert len({one(entry, f"{ATOM}id").text for entry in entries}) == 1
    assert len({one(entry, f"{ATOM}published").text for entry in entries}) == 1
    assert moment(one(twice, f"{ATOM}updated").text) == updated[2]
    assert "Eight, not nine." in one(entries[2], f"{ATOM}content").text


def test_a_correction_on_the_day_of_sending_is_later_than_the_sending(project: Project) -> None:
    corrections = [{"date": "2026-11-13", "note": "Eight, not nine."}]
    write_issue(project, "2026-11-13", corrections=corrections)
    at = datetime.datetime(2026, 11, 13, 18, 0, tzinfo=datetime.UTC)
    entry = gather(project, {"2026-11-13": at}).collection.entries[0]
    assert at < entry.updated


def test_ids_are_the_same_on_a_mirror(project: Project) -> None:
    in_three_languages(project)
    own = site_of(project)
    there = Addresses.of_files(project.settings, "http://letterexample.onion/x/")
    mirror = Site(project, own.collection, there)
    for name in ("atom.xml", "atom.uk.xml", "atom.ar.xml"):
        feeds = parsed(own, name), parsed(mirror, name)
        ids = [[e.text for e in feed.iter(f"{ATOM}id")] for feed in feeds]
        assert ids[0] == ids[1]
    hrefs = [link.get("href") for link in parsed(mirror, "atom.xml").iter(f"{ATOM}link")]
    assert all(href.startswith("http://letterexample.onion/x/") for href in hrefs)
    assert "http://letterexample.onion/x/2026-11-20.html" in hrefs
    for name in mirror.all_names():
        assert "example.org/letter" not in body(mirror, name), name


def test_rss_has_what_its_specification_asks_for(project: Project) -> None:
    write_issue(project, "2026-11-13")
    write_issue(project, "2026-11-20")
    rss = parsed(site_of(project), "rss.xml")
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    channel = one(rss, "channel")
    for name in ("title", "link", "description"):
        assert one(channel, name).text
    assert parsedate_to_datetime(one(channel, "lastBuildDate").text).utcoffset() is not None
    items = channel.findall("item")
    assert [one(item, "link").text for item in items] == [
        f"{HERE}/2026-11-20",
        f"{HERE}/2026-11-13",
    ]
    for item in items:
        assert one(item, "guid").get("isPermaLink") == "false"
        assert parsedate_to_datetime(one(item, "pubDate").text).hour == 12
        assert "Every morning." in one(item, CONTENT).text


def test_json_feed_has_what_its_specification_asks_for(project: Project) -> None:
    corrections = [{"date": "2026-11-23", "note": "Eight, not nine."}]
    write_issue(project, "2026-11-13")
    write_issue(project, "2026-11-20", corrections=corrections)
    feed = json.loads(body(site_of(project), "feed.json"))
    jsonschema.validate(feed, JSON_FEED)
    assert "date_modified" in feed["items"][0]
    assert "date_modified" not in feed["items"][1]
    assert feed["items"][0]["language"] == "en"


def test_each_language_has_its_own_feeds(project: Project) -> None:
    in_three_languages(project)
    site = site_of(project)
    titles = {
        name: [e.findtext(f"{ATOM}title") for e in parsed(site, name).iter(f"{ATOM}entry")]
        for name in ("atom.xml", "atom.uk.xml")
    }
    assert titles["atom.xml"] == ["The boat sails on", "After the high water"]
    assert titles["atom.uk.xml"] == ["Паром іде далі"]
    check_atom(parsed(site, "atom.uk.xml"))
    assert parsed(site, "atom.uk.xml").get(f"{XML}lang") == "uk"
    assert json.loads(body(site, "feed.ar.json"))["language"] == "ar"


def test_all_three_say_the_same(project: Project) -> None:
    in_three_languages(project)
    site = site_of(project)
    atom, rss = parsed(site, "atom.xml"), parsed(site, "rss.xml")
    items = json.loads(body(site, "feed.json"))["items"]
    assert [e.text for e in atom.iterfind(f"{ATOM}entry/{ATOM}content")] == [
        item["content_html"] for item in items
    ]
    assert [e.text for e in rss.iter(CONTENT)] == [item["content_html"] for item in items]
    assert [e.text for e in rss.iter("guid")] == [item["id"] for item in items]


def test_a_feed_ends_where_old_issues_begin(project: Project) -> None:
    for day in range(1, LENGTH + 6):
        write_issue(project, f"2026-10-{day:02}")
    feed = parsed(site_of(project), "atom.xml")
    found = [link.get("href")[-10:] for link in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert len(found) == LENGTH
    assert found[0] == f"2026-10-{LENGTH + 5:02}"


def test_what_xml_cannot_hold_does_not_break_a_feed(project: Project) -> None:
    text = "A bell&#7; and a half&#xD800; and &#xFFFE;"
    write_issue(project, "2026-11-20", sections=[{"headline": "A", "body": text}])
    feed = parsed(site_of(project), "atom.xml")
    assert "A bell" in one(one(feed, f"{ATOM}entry"), f"{ATOM}content").text


def test_a_feed_without_issues_is_one(project: Project) -> None:
    site = site_of(project)
    check_atom(parsed(site, "atom.xml"))
    jsonschema.validate(json.loads(body(site, "feed.json")), JSON_FEED)
    assert one(one(parsed(site, "rss.xml"), "channel"), "title").text


def test_the_sitemap_names_every_public_page_with_its_languages(project: Project) -> None:
    in_three_languages(project)
    write_issue(project, "2026-11-06", visibility="unlisted")
    root = parsed(site_of(project), "sitemap.xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    locs = [loc.text.removeprefix(f"{HERE}/") for loc in root.iter(f"{space}loc")]
    issues = ["2026-11-13", "2026-11-20", "2026-11-20.ar", "2026-11-20.uk"]
    assert sorted(locs) == ["", *issues, "index.ar.html", "index.uk.html"]
    url = next(url for url in root if url.findtext(f"{space}loc").endswith("11-20.uk"))
    ways = {link.get("hreflang") for link in url.iter("{http://www.w3.org/1999/xhtml}link")}
    assert ways == {"en", "uk", "ar"}
    moment(url.findtext(f"{space}lastmod"))
