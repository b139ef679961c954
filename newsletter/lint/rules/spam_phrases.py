"""Phrases by which filters know spam.

What: at least three different ones of a list of phrases, in the words of the issue. Single words
are not on it: "free" and "winner" are what news is made of.

Why: one such phrase is nothing, many add up. An advertisement in a letter often brings them along.

Source: SpamAssassin's rules for bodies; the list of Inky, which also counts from three.

Bad::

    intro: Act now! This limited time offer is 100% free, no credit card required.

Good::

    intro: The museum is free on Sundays. Act one begins at seven.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "P01"
GROUP = Group.SPAM
SEVERITY = Severity.INFO
TARGET = Target.ISSUE

ENOUGH = 3

_PHRASES = tuple(
    phrase
    for line in """
act now|apply now|buy now|order now|call now|click below|limited time offer|offer expires
while supplies last|don't delete|100% free|100% guaranteed|absolutely free|no credit card required
risk free|risk-free|money back guarantee|money-back guarantee|satisfaction guaranteed|free trial
get it now|special promotion|exclusive deal|extra income|earn extra cash|make money fast
double your income|work from home and earn|be your own boss|financial freedom|no strings attached
no obligation|this is not spam|you have been selected|you are a winner|congratulations, you
claim your prize|claim your reward|lowest price|best price guaranteed|online pharmacy|lose weight
miracle cure|dear friend,|as seen on|once in a lifetime|urgent response|wire transfer fee
jetzt kaufen|jetzt bestellen|jetzt zugreifen|nur für kurze zeit|100 % gratis|100% gratis
ohne risiko|garantiert kostenlos|sie haben gewonnen|schnell geld verdienen|exklusives angebot
geld-zurück-garantie|unverbindlich testen|solange der vorrat reicht|völlig kostenlos
achetez maintenant|commandez maintenant|offre limitée|offre à durée limitée|100% gratuit
100 % gratuit|sans engagement|vous avez gagné|satisfait ou remboursé|gagnez de l'argent
profitez-en vite|dernière chance
compra ahora|oferta limitada|oferta por tiempo limitado|totalmente gratis|has ganado|gana dinero
sin compromiso|última oportunidad
kup teraz|zamów teraz|oferta ograniczona czasowo|całkowicie za darmo|wygrałeś|zarabiaj w domu
bez zobowiązań|gwarancja zwrotu pieniędzy|ostatnia szansa|nie przegap okazji
купуйте зараз|замовляйте зараз|тільки сьогодні|обмежена пропозиція|100% безкоштовно
абсолютно безкоштовно|ви виграли|швидкий заробіток|без ризику|гарантія повернення грошей
купите сейчас|закажите сейчас|только сегодня|ограниченное предложение|100% бесплатно
абсолютно бесплатно|вы выиграли|быстрый заработок|заработок в интернете|без риска
гарантия возврата денег|успейте купить|количество ограничено
اشتر الآن|اطلب الآن|عرض محدود|مجانا تماما|لقد ربحت|بدون مخاطر|ضمان استرداد
קנה עכשיו|קנו עכשיו|הזמינו עכשיו|מבצע לזמן מוגבל|חינם לגמרי|זכית בפרס|ללא התחייבות
""".strip().split("\n")
    for phrase in line.split("|")
)
_ENDS = r"(?<!\w){}(?!\w)"


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first phrase."""
    pieces = [_plain(passage.text) for passage in context.passages]
    whole = "\n".join(pieces)
    candidates = [phrase for phrase in _PHRASES if phrase in whole]
    if len(candidates) < ENOUGH:
        return
    found = []
    for phrase in candidates:
        pattern = re.compile(_ENDS.format(re.escape(phrase)))
        for number, piece in enumerate(pieces):
            if match := pattern.search(piece):
                found.append((number, match.start(), phrase))
                break
    if len(found) < ENOUGH:
        return
    found.sort()
    passage = context.passages[found[0][0]]
    said = ", ".join(f'"{phrase}"' for _, _, phrase in found)
    yield Problem(
        f"{len(found)} phrases are ones by which filters know spam: {said}",
        "Say it in your own words, if it need not be said like this.",
        passage.where,
        passage.at(found[0][1]),
    )


def _plain(text: str) -> str:
    """Lower case, with one kind of apostrophe and of space; offsets stay."""
    small = text.lower()
    return (small if len(small) == len(text) else text).translate(_SAME)


_SAME = str.maketrans("’\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "'   ")
