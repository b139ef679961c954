"""The words of the letter's frame, by language; everything else is written by editors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What the frame says in one language.

    Attributes:
        summary: Above the summary bullets.
        number: Before the number of the issue, with ``{number}`` in it.
        read_in_full: Link to a whole story, with ``{headline}`` in it.
        view: Link to the web version.
        unsubscribe: Link that ends the subscription.
        reason: Why the reader gets this letter, with ``{name}`` of the newsletter in it.
        picture: Before a picture's description in the text part.
    """

    summary: str
    number: str
    read_in_full: str
    view: str
    unsubscribe: str
    reason: str
    picture: str


_WORDS = {
    "ar": Words(
        summary="في هذا العدد",
        number="العدد {number}",
        read_in_full="القصة كاملة: {headline}",
        view="اعرض هذه الرسالة في المتصفح",
        unsubscribe="إلغاء الاشتراك",
        reason="تصلك هذه الرسالة لأنك اشتركت في {name}.",
        picture="صورة",
    ),
    "be": Words(
        summary="У гэтым выпуску",
        number="№ {number}",
        read_in_full="Чытаць цалкам: {headline}",
        view="Адкрыць гэты ліст у браўзеры",
        unsubscribe="Адпісацца",
        reason="Вы атрымалі гэты ліст, бо падпісаліся на рассылку «{name}».",
        picture="Фота",
    ),
    "de": Words(
        summary="In dieser Ausgabe",
        number="Nr. {number}",
        read_in_full="Ganz lesen: {headline}",
        view="Diesen Brief im Browser lesen",
        unsubscribe="Abbestellen",
        reason="Sie erhalten diesen Brief, weil Sie „{name}“ abonniert haben.",
        picture="Bild",
    ),
    "en": Words(
        summary="In this issue",
        number="No. {number}",
        read_in_full="Read in full: {headline}",
        view="Read this letter in your browser",
        unsubscribe="Unsubscribe",
        reason="You receive this letter because you subscribed to {name}.",
        picture="Picture",
    ),
    "es": Words(
        summary="En este número",
        number="N.º {number}",
        read_in_full="Leer completo: {headline}",
        view="Leer esta carta en el navegador",
        unsubscribe="Darse de baja",
        reason="Recibe esta carta porque se suscribió a «{name}».",
        picture="Imagen",
    ),
    "fr": Words(
        summary="Dans ce numéro",
        number="Nº\N{NO-BREAK SPACE}{number}",
        read_in_full="Lire en entier\N{NO-BREAK SPACE}: {headline}",
        view="Lire cette lettre dans le navigateur",
        unsubscribe="Se désabonner",
        reason=(
            "Vous recevez cette lettre parce que vous êtes abonné à "
            "«\N{NO-BREAK SPACE}{name}\N{NO-BREAK SPACE}»."
        ),
        picture="Image",
    ),
    "he": Words(
        summary="בגיליון הזה",
        number="גיליון {number}",
        read_in_full="לכתבה המלאה: {headline}",
        view="לקריאת המכתב בדפדפן",
        unsubscribe="הסרה מרשימת התפוצה",
        reason="המכתב הזה נשלח אליך כי נרשמת אל {name}.",
        picture="תמונה",
    ),
    "pl": Words(
        summary="W tym numerze",
        number="Nr {number}",
        read_in_full="Czytaj całość: {headline}",
        view="Przeczytaj ten list w przeglądarce",
        unsubscribe="Wypisz się",
        reason="Otrzymujesz ten list, ponieważ subskrybujesz „{name}”.",
        picture="Zdjęcie",
    ),
    "ru": Words(
        summary="В этом выпуске",
        number="№ {number}",
        read_in_full="Читать полностью: {headline}",
        view="Открыть это письмо в браузере",
        unsubscribe="Отписаться",
        reason="Вы получили это письмо, потому что подписались на рассылку «{name}».",
        picture="Фото",
    ),
    "uk": Words(
        summary="У цьому випуску",
        number="№ {number}",
        read_in_full="Читати повністю: {headline}",
        view="Відкрити цей лист у браузері",
        unsubscribe="Відписатися",
        reason="Ви отримали цей лист, бо підписалися на розсилку «{name}».",
        picture="Фото",
    ),
}


def words(language: str) -> Words:
    """The words for a BCP 47 tag, by its first part; English for languages not in the table."""
    return _WORDS.get(language.lower().split("-")[0], _WORDS["en"])
