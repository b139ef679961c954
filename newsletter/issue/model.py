"""What an issue is: the fields an editor may write, with the words that explain them.

The models are both the parser's target and the JSON Schema that editors complete from, so every
description is written for somebody who does not program.

All scalars arrive as the text that was typed; the field's type decides what they mean. So
``headline: no`` is the word "no", and ``draft: no`` is false.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

from newsletter.issue.docstrings import attribute_docstrings

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

IDENTIFIER = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
LANGUAGE = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"  # the shapes of BCP 47 that newsrooms use


def _one_line(value: str) -> str:
    # A line break in a subject would end its header (RFC 5322, section 2.2).
    if len(value.splitlines()) > 1:
        raise PydanticCustomError("line_break", "must be on one line")
    return value


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_one_line)
]
"""A short text on one line: a headline, a label, a name."""

Body = Annotated[str, StringConstraints(min_length=1)]
"""Markdown: paragraphs, links, lists, tables, footnotes; no raw HTML."""

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]


def _web_address(value: Any) -> Any:
    if isinstance(value, str) and not re.match(
        r"(?i)(https?://[^\s/]+|mailto:[^\s@]+@[^\s@]+)", value
    ):
        raise PydanticCustomError("web_address", "not a web address")
    return value


WebAddress = Annotated[
    Line,
    BeforeValidator(_web_address),
    Field(json_schema_extra={"pattern": r"^([Hh][Tt][Tt][Pp][Ss]?://|[Mm][Aa][Ii][Ll][Tt][Oo]:)"}),
]
"""``https://…`` (or ``http://``, ``mailto:``); other schemes are refused."""


def _iso_date(value: Any) -> Any:
    # pydantic would also read "20261120" as seconds since 1970.
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise PydanticCustomError("iso_date", "not a date like 2026-11-20")
    return value.strip() if isinstance(value, str) else value


IsoDate = Annotated[
    datetime.date,
    BeforeValidator(_iso_date),
    Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
"""``2026-11-20``."""

_MOMENT = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?"


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    wrong = PydanticCustomError(
        "moment", "not a date like 2026-11-27, or a date and time like 2026-11-27T18:00+02:00"
    )
    if not re.fullmatch(_MOMENT, value.strip()):
        raise wrong
    try:
        date_time = datetime.datetime.fromisoformat(value.strip())
    except ValueError:
        raise wrong from None
    return date_time if ":" in value else date_time.date()


Expires = Annotated[
    datetime.datetime | datetime.date,
    PlainValidator(_moment, json_schema_input_type=str),
    Field(json_schema_extra={"pattern": f"^{_MOMENT}$"}),
]
"""``2026-11-27`` (the end of that day) or ``2026-11-27T18:00+02:00``."""


class Part(BaseModel):
    """Base of everything in an issue: immutable, and no key that we do not know."""

    # Checks are made when the first issue is read, and only those of an issue (15 ms); what stands
    # below the fields is read when the schema is asked for (15 ms).
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema with the words below each field as its description."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema)["properties"]
        for name, description in attribute_docstrings(cls).items():
            properties[name]["description"] = description
        return schema


class Image(Part):
    """A picture: a file beside the issue, or an https address."""

    src: Line
    """File beside the issue (`pictures/harbour.jpg`) or an https:// address. JPEG, PNG or GIF."""
    alt: str
    """What the picture shows, for readers who do not see it. `""` if it is only decoration."""
    credit: Line | None = None
    """Who made the picture: `Photo: Ada Sample / The Harbour Letter`."""
    caption: Line | None = None
    """The line under the picture."""
    width: Annotated[int, Field(ge=1, le=2000)] | None = None
    """Shown width in pixels, if narrower than the letter."""


class Bullet(Part):
    """One line of the summary."""

    text: Line
    """One sentence."""
    story: Identifier | None = None
    """The `id` of the story that this bullet announces; the bullet then links to it."""


def _bullet(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class Story(Part):
    """A headlined story, the usual section."""

    kind: Literal["story"] = "story"
    """What this section is; a section without `kind` is a story."""
    headline: Line
    """The headline of the story."""
    id: Identifier | None = None
    """A short name that summary bullets refer to: lower-case letters, digits and hyphens."""
    body: Body
    """The text, in Markdown: a blank line between paragraphs, `[words](https://…)` for links."""
    image: Image | None = None
    """The picture above the text."""
    byline: Line | None = None
    """Who wrote it: `By Ada Sample`."""
    link: WebAddress | None = None
    """Where the story can be read in full."""


class TextSection(Part):
    """Text without a headline."""

    kind: Literal["text"]
    """What this section is."""
    body: Body
    """The text, in Markdown."""
    id: Identifier | None = None
    """A short name that summary bullets refer to."""


class Picture(Part):
    """A picture that stands by itself."""

    kind: Literal["picture"]
    """What this section is."""
    image: Image
    """The picture."""
    id: Identifier | None = None
    """A short name that summary bullets refer to."""


class Quote(Part):
    """A quotation, set large."""

    kind: Literal["quote"]
    """What this section is."""
    text: Body
    """The words that were said, without quotation marks around them."""
    source: Line | None = None
    """Who said them."""
    id: Identifier | None = None
    """A short name that summary bullets refer to."""


class LinkItem(Part):
    """One entry of a list of links."""

    title: Line
    """The words of the link."""
    url: WebAddress
    """Where it leads."""
    note: Line | None = None
    """A sentence about it."""


class Links(Part):
    """A list of links, such as further reading."""

    kind: Literal["links"]
    """What this section is."""
    title: Line
    """The headline of the list."""
    items: Annotated[tuple[LinkItem, ...], Field(min_length=1)]
    """The links."""
    id: Identifier | None = None
    """A short name that summary bullets refer to."""


class Button(Part):
    """One large link."""

    kind: Literal["button"]
    """What this section is."""
    label: Line
    """The words on the button: say what happens, `Read the report`."""
    url: WebAddress
    """Where it leads."""


class Sponsor(Part):
    """A paid message, told apart from the news."""

    kind: Literal["sponsor"]
    """What this section is."""
    label: Line
    """The words that mark it as paid: `Sponsored by Example Bakery`."""
    body: Body
    """The text, in Markdown."""
    image: Image | None = None
    """A picture or logo."""
    url: WebAddress | None = None
    """Where the label and the picture lead."""


class Divider(Part):
    """A line between sections."""

    kind: Literal["divider"]
    """What this section is."""


def _kind(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("kind", "story")
    return getattr(value, "kind", None)


Section = Annotated[
    Annotated[Story, Tag("story")]
    | Annotated[TextSection, Tag("text")]
    | Annotated[Picture, Tag("picture")]
    | Annotated[Quote, Tag("quote")]
    | Annotated[Links, Tag("links")]
    | Annotated[Button, Tag("button")]
    | Annotated[Sponsor, Tag("sponsor")]
    | Annotated[Divider, Tag("divider")],
    Discriminator(_kind),
]

SECTION_KINDS: dict[str, type[Part]] = {
    "story": Story,
    "text": TextSection,
    "picture": Picture,
    "quote": Quote,
    "links": Links,
    "button": Button,
    "sponsor": Sponsor,
    "divider": Divider,
}


class Correction(Part):
    """What was wrong in an issue that readers have got, and what is right."""

    date: IsoDate
    """The day on which it was corrected: 2026-11-23."""
    note: Line
    """What is right now, and what it said before: `The ferry leaves at 8, not at 9.`"""


class Issue(Part):
    """One edition of the newsletter, as its editor wrote it."""

    subject: Line
    """The subject line of the email. Say the point in the first 33 characters."""
    preheader: Line
    """The line that the inbox shows behind the subject. Do not repeat the subject."""
    date: IsoDate
    """The day of the issue: 2026-11-20."""
    title: Line | None = None
    """The headline of the issue; without it, the newsletter's name."""
    number: Annotated[int, Field(ge=0)] | None = None
    """The number of the issue."""
    language: Annotated[str, StringConstraints(pattern=LANGUAGE)] | None = None
    """The language of the issue (BCP 47: `en`, `uk`, `pt-BR`); without it, the newsletter's."""
    template: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")] = "default"
    """The name of the template: `special` means `templates/special.mjml.j2`."""
    draft: bool = False
    """`true` while the issue must not be sent."""
    visibility: Literal["public", "unlisted", "private"] = "public"
    """Who finds it in the archive after it was sent: everybody (`public`), who knows its address
    (`unlisted`), nobody (`private`)."""
    lists: tuple[Identifier, ...] = ()
    """The lists that it goes to, by their names in newsletter.toml: `[weekly]`; without them, the
    newsletter's only list."""
    expires: Expires | None = None
    """When the news is stale: 2026-11-27 (the end of that day) or 2026-11-27T18:00+02:00. Who has
    not got it by then does not get it any more."""
    intro: Body | None = None
    """A greeting or a note before the summary, in Markdown."""
    summary: tuple[
        Annotated[Bullet, BeforeValidator(_bullet, json_schema_input_type=str | Bullet)], ...
    ] = ()
    """The issue in a few one-sentence bullets."""
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    """The stories, pictures, quotes and so on, from top to bottom."""
    outro: Body | None = None
    """A closing note, in Markdown."""
    corrections: tuple[Correction, ...] = ()
    """What was corrected after it was sent, shown above the issue on the web: `newsletter correct`
    writes them."""
