"""Where the archive stands on the web, and by which names its pages find one another."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from newsletter.settings import Settings

SLUG = "{slug}"
FOLDER = "archive/"
"""Where the archive is below ``base_url`` while no ``archive_url`` says it."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Whole addresses, for feeds and search engines; links inside pages are relative.

    Attributes:
        root: The folder of the archive, with a slash at its end; empty if it has no address yet.
        pattern: Address of an issue with ``{slug}`` in it; empty without a root.
        ending: What follows an issue's slug in links between pages: ``.html`` or nothing.
    """

    root: str = ""
    pattern: str = ""
    ending: str = ".html"

    @classmethod
    def of(cls, settings: Settings) -> Addresses:
        """Those of a newsletter whose pages are served by this program."""
        pattern = settings.archive_url
        if not pattern and settings.base_url:
            pattern = f"{settings.base_url}/{FOLDER}{SLUG}"
        if not pattern:
            return cls()
        before, _, behind = pattern.partition(SLUG)
        if "?" in before or "#" in before or not before.endswith("/"):
            # The address of an issue tells no folder: https://example.org/letter?issue={slug}
            base = settings.base_url or "{0.scheme}://{0.netloc}".format(urlsplit(pattern))
            return cls(f"{base}/{FOLDER}", pattern)
        return cls(before, pattern, "" if behind in ("", "/") else ".html")

    @classmethod
    def of_files(cls, settings: Settings, base_url: str = "") -> Addresses:
        """Those of an archive in files, which a plain web server shows.

        Args:
            settings: Of the newsletter.
            base_url: Where the files will stand, if not at ``archive_url``: a mirror.
        """
        if base_url:
            root = f"{base_url.rstrip('/')}/"
            return cls(root, f"{root}{SLUG}.html")
        own = cls.of(settings)
        return (
            cls(own.root, own.pattern if settings.archive_url else f"{own.root}{SLUG}.html")
            if (own.root)
            else own
        )

    def issue(self, slug: str) -> str:
        """Whole address of an issue; empty if the archive has none."""
        return self.pattern.replace(SLUG, quote(slug, safe=""))

    def at(self, name: str) -> str:
        """Whole address of another page; empty if the archive has none."""
        name = "" if name == "index.html" else name
        return f"{self.root}{quote(name)}" if self.root else ""

    def href(self, slug: str) -> str:
        """How another page of the archive links to an issue."""
        return f"{quote(slug, safe='')}{self.ending}"


def mount_path(settings: Settings) -> str:
    """Path below ``base_url`` that the archive is served at, with slashes around it."""
    root = Addresses.of(settings).root
    base = f"{settings.base_url}/" if settings.base_url else ""
    if base and root.startswith(base):
        return f"/{root.removeprefix(base)}"
    if not base and root:
        return urlsplit(root).path
    return f"/{FOLDER}"
