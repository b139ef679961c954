"""Words of a link that do not say where it leads.

What: a link, a button or an entry of a list of links whose words are only "click here", "read
more", "here", "link" and the like, in English, German, French, Spanish, Portuguese, Italian,
Polish, Czech, Ukrainian, Belarusian, Russian, Arabic and Hebrew.

Why: people who listen to a letter go through its links one by one and hear "here, here, more".
Everybody else looks for the underlined words first.

Source: WCAG 2.2, 2.4.4 and 2.4.9; Email Markup Consortium, Accessibility Report 2025: 18% of
letters; the lists of Lighthouse and remark-lint.

Bad::

    intro: The winter timetable is out. [Click here](https://example.com/timetable)!

Good::

    intro: The [winter timetable](https://example.com/timetable) is out.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.manuscript import Where
from newsletter.issue.model import Button, LinkItem
from newsletter.lint.plain import primary
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import folded, parts

ID = "A10"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_SAID = {
    "ar": "اضغط هنا, انقر هنا, هنا, من هنا, الرابط, رابط, هذا الرابط, المزيد, اقرأ المزيد, للمزيد, "
    "اقرأ أكثر, لقراءة المزيد, تابع القراءة, التفاصيل",
    "be": "націсніце тут, націсніце сюды, тут, вось тут, па спасылцы, спасылка, падрабязней, "
    "больш, чытаць далей, чытаць больш, чытаць, далей, даведацца больш, сюды",
    "cs": "klikněte zde, klikněte sem, zde, tady, více, číst dále, číst více, více informací, "
    "odkaz",
    "de": "klicken sie hier, klicke hier, klick hier, hier klicken, hier, hier lesen, zum link, "
    "dieser link, mehr, mehr lesen, mehr erfahren, mehr infos, mehr informationen, weitere infos, "
    "weitere informationen, weiterlesen, weiter, lesen, lesen sie mehr, lesen sie hier weiter, "
    "erfahren sie mehr, mehr dazu, siehe hier, jetzt lesen",
    "en": "click here, click, click this, click this link, click the link, click to read, here, "
    "right here, see here, link, this link, the link, follow this link, more, read more, "
    "learn more, see more, find out more, know more, more here, read more here, read on, continue, "
    "continue reading, keep reading, more info, more information, further information, details, "
    "more details, see details, read, read this, read here, read it here, this, this page, "
    "tap here, full story here, go here, check it out, check it out here, discover more",
    "es": "haz clic aquí, haga clic aquí, clic aquí, pincha aquí, aquí, enlace, este enlace, más, "
    "leer más, ver más, saber más, más información, sigue leyendo, seguir leyendo, leer aquí",
    "fr": "cliquez ici, cliquer ici, clique ici, ici, par ici, lien, ce lien, le lien, "
    "en savoir plus, en savoir, lire la suite, la suite, lire plus, lire, voir plus, plus, suite, "
    "plus d'infos, plus d'informations, plus d’infos, plus d’informations, voir, à lire ici",
    "he": "לחצו כאן, לחץ כאן, לחצי כאן, כאן, קישור, לינק, עוד, קרא עוד, קראו עוד, לקריאה, "
    "לקריאה נוספת, המשך קריאה, להמשך קריאה, למידע נוסף, לפרטים, לפרטים נוספים",
    "it": "clicca qui, qui, leggi di più, leggi tutto, scopri di più, continua a leggere, "
    "per saperne di più, continua, di più",
    "pl": "kliknij tutaj, kliknij, kliknij tu, tutaj, tu, więcej, czytaj więcej, czytaj dalej, "
    "czytaj, dowiedz się więcej, więcej informacji, zobacz więcej, zobacz, przeczytaj, szczegóły",
    "pt": "clique aqui, aqui, ligação, saiba mais, leia mais, ler mais, ver mais, mais, "
    "mais informações",
    "ru": "нажмите здесь, нажмите сюда, кликните здесь, кликните сюда, жмите сюда, здесь, тут, "
    "вот тут, сюда, по ссылке, по этой ссылке, ссылка, ссылке, подробнее, подробности, больше, "
    "ещё, еще, читать, читать далее, читать дальше, читать ещё, читать еще, далее, дальше, "
    "узнать больше, читайте здесь, линк",
    "uk": "натисніть тут, натисніть сюди, клікніть тут, тут, ось тут, за посиланням, посилання, "
    "за цим посиланням, детальніше, докладніше, більше, читати далі, читати більше, читати, далі, "
    "читайте тут, дізнатися більше, дізнатись більше, подробиці, сюди, лінк",
}

_SAYS_NOTHING = frozenset(folded(one) for said in _SAID.values() for one in said.split(","))

_SAYS_MORE = {"en": {"plus"}, "es": {"qui"}, "fr": {"hier", "mais", "qui", "tu"}, "it": {"tu"}}
"""Words of one language that mean something in another: "hier" is "yesterday" in French."""


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such link, at its words."""
    fine = _SAYS_MORE.get(primary(context.language), set())
    for words, where, offset in _links(context):
        if (said := folded(words)) in _SAYS_NOTHING and said not in fine:
            yield Problem(
                f'the words of this link, "{words.strip()}", do not say where it leads',
                "Let the link stand on the words that name what is there.",
                where,
                offset,
            )


def _links(context: Context) -> Iterator[tuple[str, Where, int | None]]:
    for where, part in parts(context.issue):
        if isinstance(part, Button):
            yield part.label, (*where, "label"), None
        elif isinstance(part, LinkItem):
            yield part.title, (*where, "title"), None
    for passage in context.passages:
        for link in passage.links:
            if not link.is_bare:
                yield passage.text[link.start : link.end], passage.where, link.at
