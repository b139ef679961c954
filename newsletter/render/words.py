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
        correction: Above what was corrected.
        clicks: That links are counted, if a project counts them.
    """

    summary: str
    number: str
    read_in_full: str
    view: str
    unsubscribe: str
    reason: str
    picture: str
    correction: str
    clicks: str


_WORDS = {
    "ar": Words(
        summary="في هذا العدد",
        number="العدد {number}",
        read_in_full="القصة كاملة: {headline}",
        view="اعرض هذه الرسالة في المتصفح",
        unsubscribe="إلغاء الاشتراك",
        reason="تصلك هذه الرسالة لأنك اشتركت في {name}.",
        picture="صورة",
        correction="تصحيح",
        clicks="نعدّ مرات فتح الروابط، ولا نعرف من فتحها.",
    ),
    "be": Words(
        summary="У гэтым выпуску",
        number="№ {number}",
        read_in_full="Чытаць цалкам: {headline}",
        view="Адкрыць гэты ліст у браўзеры",
        unsubscribe="Адпісацца",
        reason="Вы атрымалі гэты ліст, бо падпісаліся на рассылку «{name}».",
        picture="Фота",
        correction="Выпраўленне",
        clicks="Мы лічым, колькі разоў адкрываюць спасылкі, але не ведаем хто.",
    ),
    "de": Words(
        summary="In dieser Ausgabe",
        number="Nr. {number}",
        read_in_full="Ganz lesen: {headline}",
        view="Diesen Brief im Browser lesen",
        unsubscribe="Abbestellen",
        reason="Sie erhalten diesen Brief, weil Sie „{name}“ abonniert haben.",
        picture="Bild",
        correction="Berichtigung",
        clicks="Wir zählen, wie oft Links geöffnet werden, aber nicht von wem.",
    ),
    "en": Words(
        summary="In this issue",
        number="No. {number}",
        read_in_full="Read in full: {headline}",
        view="Read this letter in your browser",
        unsubscribe="Unsubscribe",
        reason="You receive this letter because you subscribed to {name}.",
        picture="Picture",
        correction="Correction",
        clicks="We count how often links are opened, but not by whom.",
    ),
    "es": Words(
        summary="En este número",
        number="N.º {number}",
        read_in_full="Leer completo: {headline}",
        view="Leer esta carta en el navegador",
        unsubscribe="Darse de baja",
        reason="Recibe esta carta porque se suscribió a «{name}».",
        picture="Imagen",
        correction="Corrección",
        clicks="Contamos cuántas veces se abren los enlaces, pero no quién los abre.",
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
        correction="Correction",
        clicks="Nous comptons combien de fois les liens sont ouverts, mais pas par qui.",
    ),
    "he": Words(
        summary="בגיליון הזה",
        number="גיליון {number}",
        read_in_full="לכתבה המלאה: {headline}",
        view="לקריאת המכתב בדפדפן",
        unsubscribe="הסרה מרשימת התפוצה",
        reason="המכתב הזה נשלח אליך כי נרשמת אל {name}.",
        picture="תמונה",
        correction="תיקון",
        clicks="אנחנו סופרים כמה פעמים נפתחים קישורים, אך לא יודעים מי פתח אותם.",
    ),
    "pl": Words(
        summary="W tym numerze",
        number="Nr {number}",
        read_in_full="Czytaj całość: {headline}",
        view="Przeczytaj ten list w przeglądarce",
        unsubscribe="Wypisz się",
        reason="Otrzymujesz ten list, ponieważ subskrybujesz „{name}”.",
        picture="Zdjęcie",
        correction="Sprostowanie",
        clicks="Liczymy, ile razy otwierane są linki, ale nie wiemy przez kogo.",
    ),
    "ru": Words(
        summary="В этом выпуске",
        number="№ {number}",
        read_in_full="Читать полностью: {headline}",
        view="Открыть это письмо в браузере",
        unsubscribe="Отписаться",
        reason="Вы получили это письмо, потому что подписались на рассылку «{name}».",
        picture="Фото",
        correction="Исправление",
        clicks="Мы считаем, сколько раз открывают ссылки, но не знаем кто.",
    ),
    "uk": Words(
        summary="У цьому випуску",
        number="№ {number}",
        read_in_full="Читати повністю: {headline}",
        view="Відкрити цей лист у браузері",
        unsubscribe="Відписатися",
        reason="Ви отримали цей лист, бо підписалися на розсилку «{name}».",
        picture="Фото",
        correction="Виправлення",
        clicks="Ми рахуємо, скільки разів відкривають посилання, але не знаємо хто.",
    ),
}


def words(language: str) -> Words:
    """The words for a BCP 47 tag, by its first part; English for languages not in the table."""
    return _WORDS.get(language.lower().split("-")[0], _WORDS["en"])
