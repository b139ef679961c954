"""What is public, and how the pages of the archive find one another."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from newsletter.project import Project
from newsletter.web.archive.addresses import Addresses, mount_path
from newsletter.web.archive.gather import gather
from newsletter.web.archive.shelf import Shelf
from newsletter.web.archive.site import Site
from tests.unit.web.archive.kit import (
    USUAL,
    body,
    draw_picture,
    in_three_languages,
    make_project,
    site_of,
    write_issue,
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def links(html: str) -> set[str]:
    return set(re.findall(r'(?:href|src|action)="([^"]*)"', html))


def test_drafts_and_private_issues_have_no_page(project: Project) -> None:
    write_issue(project, "2026-11-13")
    write_issue(project, "2026-11-20", draft="true")
    write_issue(project, "2026-11-27", visibility="private")
    site = site_of(project)
    assert site.get("2026-11-13.html")
    assert site.get("2026-11-20.html") is None
    assert site.get("2026-11-27.html") is None
    everything = "".join(body(site, name) for name in site.all_names())
    assert "2026-11-20" not in everything
    assert "2026-11-27" not in everything


def test_an_unlisted_issue_has_a_page_that_nothing_leads_to(project: Project) -> None:
    write_issue(project, "2026-11-13")
    write_issue(project, "2026-11-20", visibility="unlisted", title="Only for you")
    site = site_of(project, search=True)
    page = body(site, "2026-11-20.html")
    assert '<meta name="robots" content="noindex">' in page
    assert "noindex" not in body(site, "2026-11-13.html")
    for name in site.all_names():
        if name != "2026-11-20.html":
            assert "2026-11-20" not in body(site, name)
            assert "Only for you" not in body(site, name)


def test_only_what_was_sent_counts_where_that_is_known(project: Project) -> None:
    in_three_languages(project)
    at = datetime.datetime(2026, 11, 20, 6, 30, 1, 5, tzinfo=datetime.UTC)
    found = gather(project, {"2026-11-20.uk": at}).collection
    assert [entry.slug for entry in found.entries] == ["2026-11-20.uk"]
    assert found.entries[0].published == at.replace(microsecond=0)
    # One campaign may have carried all languages under the name that they share.
    found = gather(project, {"2026-11-20": at}).collection
    assert {entry.slug for entry in found.entries} == {
        *("2026-11-20", "2026-11-20.ar", "2026-11-20.uk"),
    }
    assert gather(project, {}).collection.entries == ()


def test_a_file_that_is_no_issue_is_named_and_the_others_are_shown(project: Project) -> None:
    write_issue(project, "2026-11-13")
    (project.issues_folder / "2026-11-20.yaml").write_text("subject: [")
    write_issue(project, "index.2026", date="2026-11-27")
    gathered = gather(project, None)
    assert [entry.slug for entry in gathered.collection.entries] == ["2026-11-13"]
    assert [path.name for path in gathered.broken] == ["2026-11-20.yaml"]
    assert gathered.misnamed == ("index.2026",)


def test_the_index_has_each_issue_once_below_its_year_the_newest_first(project: Project) -> None:
    in_three_languages(project)
    write_issue(project, "2025-12-05", title="A year ago")
    html = body(site_of(project), "index.html")
    years = re.findall(r'<h2 class="year" id="y(\d+)">', html)
    titles = re.findall(r"<h3><a[^>]*>([^<]*)</a></h3>", html)
    assert years == ["2026", "2025"]
    assert titles == ["The boat sails on", "After the high water", "A year ago"]
    # The other languages of an issue stand with it.
    assert '<a href="2026-11-20.uk" lang="uk" dir="ltr" hreflang="uk">Паром іде далі</a>' in html


def test_each_further_language_has_lists_of_its_own_in_its_own_words(project: Project) -> None:
    in_three_languages(project)
    site = site_of(project)
    html = body(site, "index.ar.html")
    assert '<html lang="ar" dir="rtl">' in html
    assert "<h1>كل الأعداد</h1>" in html
    assert "2026-11-20.ar" in html
    assert "2026-11-13" not in html
    assert {"index.html", "index.uk.html", "atom.ar.xml"} <= links(html)
    assert site.get("index.en.html") is None
    assert site.get("index.de.html") is None


def test_an_issue_leads_to_its_other_languages_and_to_its_neighbours(project: Project) -> None:
    in_three_languages(project)
    write_issue(project, "2026-11-27", title="The week after")
    site = site_of(project)
    html = body(site, "2026-11-20.html")
    assert '<link rel="alternate" hreflang="uk" href="2026-11-20.uk">' in html
    assert re.search(r'href="2026-11-13" rel="prev"[^>]*>After the high water<', html)
    assert re.search(r'href="2026-11-27" rel="next"[^>]*>The week after<', html)
    assert 'hreflang="en"' in body(site, "2026-11-20.uk.html")
    assert 'rel="prev"' not in body(site, "2026-11-20.uk.html")


def test_links_inside_pages_are_relative_and_each_leads_somewhere(project: Project) -> None:
    in_three_languages(project)
    image = draw_picture(project)
    write_issue(project, "2026-11-27", sections=[{"headline": "A", "body": "b", "image": image}])
    site = site_of(project)
    for name in site.all_names():
        if not name.endswith(".html"):
            continue
        html = body(site, name)
        html = re.sub(r'<link rel="canonical"[^>]*>', "", html)
        for link in links(html):
            if link.startswith("#"):
                assert f'id="{link[1:]}"' in html
                continue
            assert not re.match(r"(?i)[a-z]+:|/", link), (name, link)
            assert site.get(link) or site.get(f"{link}.html"), (name, link)


def test_whole_addresses_stand_where_a_format_wants_them(project: Project) -> None:
    image = draw_picture(project)
    write_issue(project, "2026-11-20", sections=[{"headline": "A", "body": "b", "image": image}])
    site = site_of(project)
    html = body(site, "2026-11-20.html")
    here = "https://example.org/letter/archive"
    picture = next(iter(site.article(site.collection.entries[0]).pictures))
    assert f'<link rel="canonical" href="{here}/2026-11-20">' in html
    assert f'<meta property="og:image" content="{here}/{picture}">' in html
    assert f"<loc>{here}/2026-11-20</loc>" in body(site, "sitemap.xml")
    assert f"<loc>{here}/</loc>" in body(site, "sitemap.xml")
    assert body(site, "robots.txt") == (
        f"User-agent: *\nDisallow:\n\nSitemap: {here}/sitemap.xml\n"
    )


def test_without_an_address_there_are_pages_and_no_feeds(tmp_path: Path) -> None:
    project = make_project(tmp_path, usual=USUAL[:2])
    write_issue(project, "2026-11-20")
    site = site_of(project)
    assert set(site.all_names()) == {
        *("index.html", "headlines.html", "robots.txt", "2026-11-20.html"),
    }
    assert "://" not in body(site, "2026-11-20.html")


@pytest.mark.parametrize(
    ("archive_url", "root", "issue", "path", "href"),
    [
        ("", "https://example.org/letter/archive/", "2026", "/archive/", "2026"),
        ("https://example.org/letter/{slug}", "https://example.org/letter/", "2026", "/", "2026"),
        (
            "https://example.org/letter/a/{slug}.html",
            "https://example.org/letter/a/",
            "2026.html",
            "/a/",
            "2026.html",
        ),
        (
            "https://example.org/letter/a/{slug}/",
            "https://example.org/letter/a/",
            "2026/",
            "/a/",
            "2026",
        ),
    ],
)
def test_the_archive_stands_where_archive_url_says(
    tmp_path: Path, archive_url: str, root: str, issue: str, path: str, href: str
) -> None:
    settings = make_project(tmp_path, f'archive_url = "{archive_url}"', usual=USUAL[:4]).settings
    addresses = Addresses.of(settings)
    assert addresses.root == root
    assert addresses.issue("2026") == root + issue
    assert mount_path(settings) == path
    assert addresses.href("2026") == href


def test_an_address_without_a_folder_gets_one(tmp_path: Path) -> None:
    query = 'archive_url = "https://example.org/read?issue={slug}"'
    settings = make_project(tmp_path, query, usual=USUAL[:4]).settings
    addresses = Addresses.of(settings)
    assert addresses.issue("a b") == "https://example.org/read?issue=a%20b"
    assert addresses.root == "https://example.org/letter/archive/"


def test_a_picture_on_another_host_is_a_link_with_its_description(tmp_path: Path) -> None:
    project = make_project(tmp_path, "[lint]", 'own_hosts = ["images.example.org"]')
    text = (
        "![A map](https://pictures.example.com/map.png) "
        "![Our own](https://images.example.org/own.png) [there](https://example.net/)"
    )
    write_issue(project, "2026-11-20", sections=[{"kind": "text", "body": text}])
    site = site_of(project)
    page = site.get("2026-11-20.html")
    assert page is not None
    html = page.body.decode()
    assert 'src="https://pictures' not in html
    assert re.search(r'<a class="elsewhere" href="https://pictures[^>]*>A map</a>', html)
    assert 'src="https://images.example.org/own.png"' in html
    assert "img-src 'self' data: https://images.example.org;" in page.policy
    assert '<a href="https://example.net/" rel="noopener noreferrer">' in html


def test_pictures_stand_below_the_archive_also_if_letters_load_them_elsewhere(
    tmp_path: Path,
) -> None:
    project = make_project(tmp_path, 'assets_url = "https://cdn.example.net/a"')
    image = draw_picture(project)
    write_issue(project, "2026-11-20", sections=[{"headline": "A", "body": "b", "image": image}])
    site = site_of(project)
    assert "cdn.example.net" not in body(site, "2026-11-20.html")
    name = next(iter(site.article(site.collection.entries[0]).pictures))
    picture = site.get(name)
    assert picture is not None
    assert picture.content_type == "image/jpeg"
    assert "immutable" in picture.cache
    assert site.get(name.replace("2026-11-20", "2026-11-13")) is None


def test_nobody_is_known_on_a_page(project: Project) -> None:
    write_issue(
        project,
        "2026-11-20",
        subject="Good morning {{ name | neighbour }}",
        intro="Dear {{ name }}, [leave]({{ unsubscribe_url }}).",
    )
    site = site_of(project)
    everything = "".join(body(site, name) for name in site.all_names())
    assert "Good morning neighbour" in body(site, "index.html")
    assert "{{" not in everything
    assert "mergefield" not in everything
    assert "unsubscribe" not in everything


def test_a_correction_stands_above_the_issue_with_its_day(project: Project) -> None:
    note = 'The ferry leaves at 8, not at 9: [timetable](https://example.org/t) "now".'
    write_issue(project, "2026-11-20", corrections=[{"date": "2026-11-23", "note": note}])
    html = body(site_of(project), "2026-11-20.html")
    assert html.index('class="correction"') < html.index('class="story"')
    assert 'Correction, <time datetime="2026-11-23">Monday, November 23, 2026</time>:' in html
    assert '<a href="https://example.org/t" rel="noopener noreferrer">timetable</a> “now”.' in html
    letter = project.render(project.manuscript(project.find("2026-11-20"))).edition
    assert "timetable" not in letter.html.fill({})
    assert "timetable" not in letter.text.fill({})


def test_what_an_issue_says_stays_text_in_lists_and_feeds(project: Project) -> None:
    hostile = "</style></title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    write_issue(
        project,
        "2026-11-20",
        title=hostile,
        subject=hostile,
        preheader=hostile,
        corrections=[{"date": "2026-11-21", "note": hostile}],
        sections=[{"headline": hostile, "body": hostile}],
    )
    write_issue(project, "2026-11-13", subject="]]> &amp; mergefield0x0000z")
    site = site_of(project)
    for name in site.all_names():
        said = body(site, name)
        if name.endswith(".html"):
            assert "<script" not in said
            assert "<img" not in said
        if name.endswith(".xml"):
            assert "<script" not in said
            assert "<img" not in said


def test_the_search_gets_words_as_they_stand(project: Project) -> None:
    text = "See the [timetable](https://example.org/t). It is *very* long.\n\n- One\n- Two"
    write_issue(project, "2026-11-20", sections=[{"headline": "Boats", "body": text}])
    site = site_of(project)
    words = site.article(site.collection.entries[0]).text
    assert "Boats See the timetable. It is very long. One Two" in words


def test_equal_issues_give_equal_bytes(project: Project) -> None:
    in_three_languages(project)
    first, second = site_of(project), site_of(project)
    for name in first.all_names():
        assert body(first, name) == body(second, name)


def test_what_was_kept_and_forgotten_is_made_again(project: Project) -> None:
    in_three_languages(project)
    whole = site_of(project)
    site = Site(project, whole.collection, whole.addresses, shelf=Shelf(most=1))
    first = body(site, "2026-11-20.html")
    assert site.kept("2026-11-20.html")
    body(site, "2026-11-13.html")
    assert site.kept("2026-11-20.html") is None
    assert body(site, "2026-11-20.html") == first


def test_a_project_may_bring_its_own_list(project: Project) -> None:
    write_issue(project, "2026-11-20")
    own = project.root / "templates" / "web" / "archive" / "index.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("<html><head><title>x</title></head><body>{{ years[0][0] }}</body></html>")
    site = site_of(project)
    page = site.get("index.html")
    assert page is not None
    assert "<body>2026</body>" in page.body.decode()
    assert "default-src 'none'" in page.policy


def test_an_empty_archive_says_so(project: Project) -> None:
    site = site_of(project)
    assert "No issue has been published yet." in body(site, "index.html")


def test_a_drawing_that_may_hold_scripts_and_a_file_of_somebody_else_are_not_served(
    project: Project,
) -> None:
    pictures = project.issues_folder / "pictures"
    (pictures / "map.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
    outside = project.root.parent / f"{project.root.name}-outside.jpg"
    draw_picture(project, "inside.jpg")
    (pictures / "inside.jpg").rename(outside)
    (pictures / "link.jpg").symlink_to(outside)
    sections = [
        {"kind": "picture", "image": {"src": f"pictures/{name}", "alt": f"About {name}"}}
        for name in ("map.svg", "link.jpg")
    ]
    write_issue(project, "2026-11-20", sections=sections)
    site = site_of(project)
    html = body(site, "2026-11-20.html")
    assert "<img" not in html
    assert "About map.svg" in html
    assert site.article(site.collection.entries[0]).pictures == {}


def test_a_language_that_is_unlisted_is_named_by_no_other(project: Project) -> None:
    in_three_languages(project)
    write_issue(project, "2026-11-20.uk", title="Тихо", language="uk", visibility="unlisted")
    site = site_of(project)
    assert "2026-11-20.uk" not in body(site, "2026-11-20.html")
    assert "2026-11-20.uk" not in body(site, "index.html")
    assert 'href="2026-11-20.ar"' in body(site, "2026-11-20.uk.html")
    assert site.get("index.uk.html") is None
