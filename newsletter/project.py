"""A newsletter project: the folder with ``newsletter.toml``, and the parts put together.

This is the composition root: nothing else decides which database, templates or transport are used.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.environment import ENVIRONMENT
from newsletter.errors import ConfigurationError, ManuscriptError, NewsletterError, NotFoundError
from newsletter.settings import FILE_NAME, Settings, read_settings
from newsletter.suggestion import did_you_mean

if TYPE_CHECKING:
    from newsletter.database.encryption import DatabaseKey
    from newsletter.database.engine import Database
    from newsletter.delivery.dkim.keys import SigningKey
    from newsletter.delivery.dkim.signer import Signer
    from newsletter.delivery.message import Sender
    from newsletter.delivery.transports.base import Transport
    from newsletter.findings import Finding
    from newsletter.issue.archive import Archive
    from newsletter.issue.drafts.importing import Draft, Imported
    from newsletter.issue.manuscript import Manuscript
    from newsletter.lint.context import Context
    from newsletter.lint.engine import Diagnosis
    from newsletter.lint.rule import Rule
    from newsletter.render.edition import EmbeddedImage
    from newsletter.render.galley import Galley
    from newsletter.render.picture_cache import PictureCache
    from newsletter.render.publication import Publication
    from newsletter.render.web import WebPage

STATE_FOLDER = ".newsletter"
"""Holds the database, locks and caches; never in git."""


class Project:
    """A newsletter: its folder, its settings, and the way from an issue to its readers."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.settings = settings

    @classmethod
    def open(
        cls, folder: Path | None = None, environment: Mapping[str, str] = ENVIRONMENT
    ) -> Project:
        """The project in ``folder``, or without one the nearest from the working directory up.

        Raises:
            NotFoundError: There is no ``newsletter.toml``.
            ConfigurationError: It is not TOML, or says something that it must not.
        """
        root = _find_root(folder)
        return cls(root, read_settings(root / FILE_NAME, environment))

    def issues(self) -> list[Path]:
        """All issue files, the newest first."""
        from newsletter.issue.catalogue import all_issues

        return all_issues(self.issues_folder)

    def next_issue(self, today: datetime.date) -> tuple[datetime.date, int | None]:
        """Day and number of the issue to come.

        Args:
            today: The day in the editor's time zone.

        Returns:
            A week after the latest issue (the first such day that is not past), or today for the
            first issue; the next number, None if the latest issue has none.
        """
        from newsletter.issue.manuscript import Manuscript

        read = (self.read(path) for path in self.issues())
        latest = next((m.issue for m in read if isinstance(m, Manuscript)), None)
        if latest is None:
            return today, 1
        date = latest.date
        while date <= latest.date or date < today:
            date += datetime.timedelta(weeks=1)
        return date, None if latest.number is None else latest.number + 1

    @property
    def issues_folder(self) -> Path:
        """Where the issues are."""
        return self.root / "issues"

    @property
    def state_folder(self) -> Path:
        """Database, locks, caches; not in git."""
        return self.root / STATE_FOLDER

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """The project's own templates before the built-in ones."""
        from newsletter.render.templates import BUILT_IN

        return (self.root / "templates", BUILT_IN)

    @property
    def picture_cache(self) -> PictureCache:
        """Pictures made ready for readers; the folder may be deleted at any time."""
        from newsletter.render.picture_cache import PictureCache

        return PictureCache(self.state_folder / "cache" / "pictures")

    @property
    def publication(self) -> Publication:
        """What a template may show of the newsletter."""
        from newsletter.render.publication import Publication

        s = self.settings
        return Publication(
            name=s.name,
            language=s.language,
            tagline=s.tagline,
            postal_address=s.postal_address,
            reason=s.reason,
            archive_url=s.archive_url,
            assets_url=s.assets_url,
            clicks_url=f"{s.base_url}/go" if s.count_clicks and s.base_url else "",
            accent=s.accent,
        )

    @property
    def sender(self) -> Sender:
        """Who the letter is from, as headers need it.

        Raises:
            ConfigurationError: An address in ``newsletter.toml`` is not one.
        """
        from newsletter.delivery.message import Sender

        s = self.settings
        return Sender.parse(
            from_=s.from_,
            reply_to=s.reply_to,
            bounce_address=s.bounce_address,
            unsubscribe_address=s.unsubscribe_address,
            list_id=s.list_id,
            list_name="" if s.must_not_reveal else s.name,
            base_url=s.base_url,
            outer_subject=s.outer_subject,
            disguised=bool(s.must_not_reveal),
        )

    def shown(self, path: Path) -> Path:
        """A path as the user would type it: relative to the working directory if below it."""
        here = Path.cwd()
        return path.relative_to(here) if path.is_relative_to(here) else path

    def write_schema(self) -> None:
        """Put the JSON Schema where the first line of every issue points, for editors."""
        import json

        from newsletter.files import write_atomically
        from newsletter.issue.schema import json_schema

        schema = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
        write_atomically(self.state_folder / "issue.schema.json", schema)

    def find(self, reference: str | None = None) -> Path:
        """The file of an issue: a slug, a path, or without either the latest by date.

        Raises:
            NotFoundError: There is no such issue.
        """
        from newsletter.issue.catalogue import find

        return find(self.issues_folder, reference, self.settings.language)

    def find_own(self, reference: str | None = None) -> Path:
        """Like ``find``, but only an issue of this project: one that stands in its folder.

        Campaigns and pages are named by the slug alone, which means nothing elsewhere.

        Raises:
            NotFoundError: There is no such issue, or it is somewhere else.
        """
        path = self.find(reference)
        if path.resolve().parent != self.issues_folder.resolve():
            raise NotFoundError(
                f"{path} is not in {self.shown(self.issues_folder)}",
                "Copy it there first; check and render take files from anywhere.",
            )
        return path

    def read(self, path: Path) -> Manuscript | tuple[Finding, ...]:
        """An issue file as a manuscript, or everything that is wrong with it."""
        return self.archive.read(path)

    def manuscript(self, path: Path) -> Manuscript:
        """An issue file as a manuscript.

        Raises:
            ManuscriptError: It is not a valid issue; the findings say why.
        """
        read = self.read(path)
        if isinstance(read, tuple):
            raise ManuscriptError(
                f"{path.name} is not a valid issue: {len(read)} problem{'s' * (len(read) != 1)}",
                read,
                "Mend the lines named above, then run it again.",
            )
        return read

    def import_draft(
        self, draft: Draft, *, day: datetime.date | None = None, folder: Path | None = None
    ) -> Imported:
        """Make an issue of a draft. Nothing is written.

        Args:
            draft: What a reporter handed in.
            day: The day of the issue; without one, the draft's own, or that of the issue to come.
            folder: Where the issue will be, if not with the others.

        Raises:
            NewsletterError: The draft cannot be read, or makes an issue that is too large.
        """
        from newsletter.issue.drafts.importing import Place, import_draft

        next_date, number = self.next_issue(today())
        place = Place(
            folder or self.issues_folder,
            self.state_folder / "issue.schema.json",
            next_date,
            day,
            number,
            self.settings.language,
        )
        return import_draft(draft, place)

    def write_imported(self, made: Imported, path: Path, *, over: bool = False) -> None:
        """Write what was made of a draft: the issue, its pictures, and the schema for editors.

        Args:
            made: From ``import_draft``.
            path: The new file.
            over: Whether a file that exists may be written over.

        Raises:
            NewsletterError: The file exists, or one cannot be written.
        """
        from newsletter.issue.drafts.importing import write

        if not over and os.path.lexists(path):
            raise NewsletterError(f"{self.shown(path)} exists", "Choose another date or file.")
        write(made, path)
        self.write_schema()

    def render(self, manuscript: Manuscript) -> Galley:
        """The galley of an issue: its edition, and where everything in it comes from.

        Raises:
            TemplateError: The template is missing or wrong.
        """
        from newsletter.render.issue import render

        return render(
            manuscript,
            self.publication,
            self.template_folders,
            root=self.root,
            picture_cache=self.picture_cache,
        )

    def render_web(
        self,
        manuscript: Manuscript,
        *,
        picture_url: Callable[[EmbeddedImage], str] | None = None,
    ) -> WebPage:
        """The web version of an issue; nobody's data is in it.

        Args:
            manuscript: The issue.
            picture_url: Gives the address of a picture that is not hosted; without it, its place
                in the folder ``pictures`` beside the page.

        Raises:
            TemplateError: The template is wrong.
        """
        from newsletter.render.web import beside_the_page, render_web

        return render_web(
            manuscript,
            self.publication,
            self.template_folders,
            root=self.root,
            picture_url=picture_url or beside_the_page,
            picture_cache=self.picture_cache,
        )

    def check(self, path: Path) -> tuple[Finding, ...]:
        """Everything that is wrong with an issue file: schema first, then the lint rules.

        A template that is missing or wrong is a finding, too.

        Raises:
            ConfigurationError: The settings name a rule that does not exist, or a rule of the
                project's own is none.
        """
        from newsletter.errors import TemplateError
        from newsletter.findings import Finding, Severity

        read = self.read(path)
        if isinstance(read, tuple):
            return read
        try:
            galley = self.render(read)
        except TemplateError as error:
            line, column = read.place(("template",))
            at = (error.path, error.line or 1, error.column or 1)
            place = at if error.path else (read.name, line, column)
            return (Finding(*place, "template", Severity.ERROR, error.problem, error.hint),)
        return self.lint(read, galley)

    def lint(self, manuscript: Manuscript, galley: Galley) -> tuple[Finding, ...]:
        """What the lint rules say of a manuscript and its galley.

        Raises:
            ConfigurationError: The settings name a rule that does not exist, or a rule of the
                project's own is none.
        """
        from newsletter.findings import in_reading_order

        said = (diagnosis.finding for diagnosis in self.examine(manuscript, galley))
        return tuple(in_reading_order(list(said)))

    def examine(self, manuscript: Manuscript, galley: Galley) -> Iterator[Diagnosis]:
        """The same, each with what is known of its repair, in the order of the rules."""
        from newsletter.lint.engine import examine

        return examine(self.lint_context(manuscript, galley), self.rules)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The lint rules: those of the program, then the project's own.

        Raises:
            ConfigurationError: The settings name a rule that does not exist, or a rule of the
                project's own is none.
        """
        from newsletter.lint.own import own_rules
        from newsletter.lint.registry import find, rules
        from newsletter.probes.rules import RULES

        known = (*rules(), *RULES, *own_rules(self.root))
        for name in self.settings.lint.rules:
            if find(name, known) is None:
                raise ConfigurationError(
                    f"{self.shown(self.root / FILE_NAME)}: lint.rules: there is no rule {name}",
                    did_you_mean(name, [rule.slug for rule in known])
                    or "All rules: newsletter rules",
                )
        return known

    def lint_context(self, manuscript: Manuscript, galley: Galley) -> Context:
        """Everything that lint rules may look at."""
        from newsletter.lint.context import Context

        s = self.settings
        return Context(
            manuscript,
            galley,
            self.publication,
            self.root,
            s.lint,
            headers={
                "from": s.from_,
                "reply_to": s.reply_to,
                "list_id": s.list_id,
                "base_url": s.base_url,
            },
            lists=tuple(s.all_lists),
            recall=lambda: self.archive.before(
                manuscript, limit=s.lint.memory, usual_language=s.language
            ),
            translated=lambda: self.siblings(manuscript),
        )

    def siblings(self, manuscript: Manuscript) -> list[Manuscript]:
        """The same issue in other languages, as far as their files are valid issues."""
        from newsletter.issue.manuscript import Manuscript
        from newsletter.issue.siblings import siblings

        here = manuscript.path.resolve()
        others = (path for path in siblings(manuscript.path).values() if path.resolve() != here)
        read = (self.read(path) for path in others)
        return [other for other in read if isinstance(other, Manuscript)]

    @cached_property
    def archive(self) -> Archive:
        """All issues, each read once as long as its file stays the same."""
        from newsletter.issue.archive import Archive

        return Archive(self.issues_folder)

    @cached_property
    def database(self) -> Database:
        """The project's database, made or migrated at first use.

        Raises:
            ConfigurationError: The setting is not the URL of a PostgreSQL database.
            DatabaseError: It cannot be opened or is of a newer version.
        """
        from newsletter.database.engine import Database
        from newsletter.database.keys import Keys

        keys = Keys.load(self.root / self.settings.keys_file)
        place = self.settings.database or self.database_file
        return Database.open(
            place, self.settings.database_password, keys=keys, database_key=self.database_key
        )

    @cached_property
    def database_key(self) -> DatabaseKey | None:
        """What encrypts the database's file; None if it is not encrypted.

        Raises:
            ConfigurationError: There is no key where the settings say, it is unsafe, or git would
                take it in.
        """
        from newsletter.database.encryption import find_key

        s = self.settings
        file = self.root / s.database_key_file if s.database_key_file else None
        if file is not None and not s.database_key:
            from newsletter.audience.git import could_be_committed

            if could_be_committed(file.resolve()):
                raise ConfigurationError(
                    f"{file}: git tracks the key of the database, or would take it in",
                    "Move it out of the project. If it was ever committed, change it with: "
                    "newsletter database rekey",
                )
        return find_key(s.database_key, file, s.database_keyring)

    @property
    def keys_file(self) -> Path:
        """Where the keys are that belong to the database; perhaps not made yet."""
        return self.root / self.settings.keys_file

    @property
    def database_file(self) -> Path:
        """Where the database is if the settings name no server; perhaps not made yet."""
        return self.state_folder / "newsletter.db"

    @property
    def has_database(self) -> bool:
        """Whether there is a database already, so that looking into it makes none."""
        return bool(self.settings.database) or self.database_file.exists()

    def close(self) -> None:
        """Close the database, if it was opened."""
        if "database" in self.__dict__:
            self.database.close()

    def signing_keys(self) -> tuple[SigningKey, ...]:
        """The keys that sign messages (DKIM); none if the settings name none.

        Raises:
            ConfigurationError: A key is missing, unsafe or wrong, or its domain does not belong to
                the ``From`` address.
        """
        from newsletter.delivery.dkim.configured import configured_keys

        return configured_keys(self.settings.dkim, from_domain=self.sender.domain, root=self.root)

    def signer(self) -> Signer | None:
        """Who signs messages (DKIM); None if the settings name no key.

        Raises:
            ConfigurationError: As for ``signing_keys``.
        """
        from newsletter.delivery.dkim.signer import Signer

        keys = self.signing_keys()
        return Signer(keys) if keys else None

    def transport(self) -> Transport:
        """The transport that the settings name.

        Raises:
            TransportConfigurationError: The address of the transport is wrong, or unsafe.
        """
        from newsletter.delivery.transports import open_transport

        s = self.settings
        password = s.transport_password
        if not password and s.transport_password_file:
            password = _secret(self.root / s.transport_password_file)
        return open_transport(
            s.transport,
            root=self.root,
            password=password,
            hello=self.sender.domain,
            allow_plaintext=s.allow_plaintext,
        )


def today() -> datetime.date:
    """The day in the editor's own time zone."""
    return datetime.datetime.now().astimezone().date()


def _find_root(folder: Path | None) -> Path:
    start = (folder or Path.cwd()).resolve()
    candidates: Sequence[Path] = [start] if folder else [start, *start.parents]
    for candidate in candidates:
        if (candidate / FILE_NAME).is_file():
            return candidate
    raise NotFoundError(
        f"no {FILE_NAME} in {start}" + ("" if folder else " or any folder above it"),
        "Make a project with: newsletter init my-newsletter",
    )


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"cannot read transport_password_file {path}",
            "Put the password, and nothing else, into that file; for several relays a line for "
            "each: its host, a space, its password.",
        ) from error
