"""The words of the archive's own pages, by language; everything else is written by editors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArchiveWords:
    """What lists and the ways between pages say in one language.

    Attributes:
        archive: Name of the list of all issues.
        headlines: Name of the list of all headlines.
        search: On the button, and name of the page.
        find: How to search where no server answers.
        found: How many issues were found, with ``{number}`` in it.
        nothing: Nothing was found.
        empty: There is no issue yet.
        older: Link to the issue before.
        newer: Link to the issue after.
        languages: Name of the links to other languages.
        pages: Name of the links between pages.
        follow: Before the names of feeds.
        earlier_results: Link to the page of results before.
        more_results: Link to the page of results after.
    """

    archive: str
    headlines: str
    search: str
    find: str
    found: str
    nothing: str
    empty: str
    older: str
    newer: str
    languages: str
    pages: str
    follow: str
    earlier_results: str
    more_results: str


_WORDS = {
    "ar": ArchiveWords(
        archive="كل الأعداد",
        headlines="كل العناوين",
        search="بحث",
        find="هنا كل العناوين في صفحة واحدة: ابحث فيها بأداة البحث في متصفحك (Ctrl+F).",
        found="عدد النتائج: {number}",
        nothing="لم يُعثر على شيء. جرّب كلمات أقل أو كلمات أخرى.",
        empty="لم يُنشر أي عدد بعد.",
        older="العدد السابق",
        newer="العدد التالي",
        languages="بلغات أخرى",
        pages="صفحات",
        follow="للمتابعة بقارئ الخلاصات",
        earlier_results="النتائج السابقة",
        more_results="نتائج أخرى",
    ),
    "be": ArchiveWords(
        archive="Усе выпускі",
        headlines="Усе загалоўкі",
        search="Шукаць",
        find="Тут усе загалоўкі на адной старонцы: шукайце праз пошук браўзера (Ctrl+F).",
        found="Знойдзена выпускаў: {number}",
        nothing="Нічога не знойдзена. Паспрабуйце менш слоў або іншыя словы.",
        empty="Яшчэ няма ніводнага выпуску.",
        older="Папярэдні выпуск",
        newer="Наступны выпуск",
        languages="На іншых мовах",
        pages="Старонкі",
        follow="Сачыць праз чытач стужак",
        earlier_results="Папярэднія вынікі",
        more_results="Яшчэ вынікі",
    ),
    "de": ArchiveWords(
        archive="Alle Ausgaben",
        headlines="Alle Überschriften",
        search="Suchen",
        find="Hier stehen alle Überschriften auf einer Seite: Suchen Sie mit Ihrem Browser "
        "(Strg+F).",
        found="Gefundene Ausgaben: {number}",
        nothing="Nichts gefunden. Versuchen Sie es mit weniger oder anderen Wörtern.",
        empty="Es ist noch keine Ausgabe erschienen.",
        older="Vorige Ausgabe",
        newer="Nächste Ausgabe",
        languages="In anderen Sprachen",
        pages="Seiten",
        follow="Im Feedreader folgen",
        earlier_results="Vorige Ergebnisse",
        more_results="Weitere Ergebnisse",
    ),
    "en": ArchiveWords(
        archive="All issues",
        headlines="All headlines",
        search="Search",
        find="All headlines are on this one page: look for words with your browser (Ctrl+F).",
        found="Issues found: {number}",
        nothing="Nothing was found. Try fewer words, or others.",
        empty="No issue has been published yet.",
        older="Earlier issue",
        newer="Later issue",
        languages="In other languages",
        pages="Pages",
        follow="Follow in a feed reader",
        earlier_results="Earlier results",
        more_results="More results",
    ),
    "es": ArchiveWords(
        archive="Todos los números",
        headlines="Todos los titulares",
        search="Buscar",
        find="Todos los titulares están en esta página: busque con su navegador (Ctrl+F).",
        found="Números encontrados: {number}",
        nothing="No se ha encontrado nada. Pruebe con menos palabras o con otras.",
        empty="Todavía no se ha publicado ningún número.",
        older="Número anterior",
        newer="Número siguiente",
        languages="En otros idiomas",
        pages="Páginas",
        follow="Seguir con un lector de canales",
        earlier_results="Resultados anteriores",
        more_results="Más resultados",
    ),
    "fr": ArchiveWords(
        archive="Tous les numéros",
        headlines="Tous les titres",
        search="Chercher",
        find="Tous les titres sont sur cette page\N{NO-BREAK SPACE}: cherchez avec votre "
        "navigateur (Ctrl+F).",
        found="Numéros trouvés\N{NO-BREAK SPACE}: {number}",
        nothing="Rien n’a été trouvé. Essayez avec moins de mots, ou d’autres.",
        empty="Aucun numéro n’est encore paru.",
        older="Numéro précédent",
        newer="Numéro suivant",
        languages="Dans d’autres langues",
        pages="Pages",
        follow="Suivre dans un lecteur de flux",
        earlier_results="Résultats précédents",
        more_results="Autres résultats",
    ),
    "he": ArchiveWords(
        archive="כל הגיליונות",
        headlines="כל הכותרות",
        search="חיפוש",
        find="כל הכותרות נמצאות בדף הזה: חפשו בו בעזרת הדפדפן (Ctrl+F).",
        found="גיליונות שנמצאו: {number}",
        nothing="לא נמצא דבר. נסו פחות מילים או מילים אחרות.",
        empty="עדיין לא פורסם אף גיליון.",
        older="הגיליון הקודם",
        newer="הגיליון הבא",
        languages="בשפות אחרות",
        pages="דפים",
        follow="מעקב בקורא עדכונים",
        earlier_results="התוצאות הקודמות",
        more_results="תוצאות נוספות",
    ),
    "pl": ArchiveWords(
        archive="Wszystkie numery",
        headlines="Wszystkie nagłówki",
        search="Szukaj",
        find="Wszystkie nagłówki są na tej stronie: szukaj w przeglądarce (Ctrl+F).",
        found="Znalezione numery: {number}",
        nothing="Nic nie znaleziono. Spróbuj mniej słów albo innych.",
        empty="Nie ukazał się jeszcze żaden numer.",
        older="Poprzedni numer",
        newer="Następny numer",
        languages="W innych językach",
        pages="Strony",
        follow="Śledź w czytniku kanałów",
        earlier_results="Poprzednie wyniki",
        more_results="Więcej wyników",
    ),
    "ru": ArchiveWords(
        archive="Все выпуски",
        headlines="Все заголовки",
        search="Искать",
        find="Здесь все заголовки на одной странице: ищите поиском браузера (Ctrl+F).",
        found="Найдено выпусков: {number}",
        nothing="Ничего не найдено. Попробуйте меньше слов или другие слова.",
        empty="Ещё нет ни одного выпуска.",
        older="Предыдущий выпуск",
        newer="Следующий выпуск",
        languages="На других языках",
        pages="Страницы",
        follow="Читать через агрегатор лент",
        earlier_results="Предыдущие результаты",
        more_results="Ещё результаты",
    ),
    "uk": ArchiveWords(
        archive="Усі випуски",
        headlines="Усі заголовки",
        search="Шукати",
        find="Тут усі заголовки на одній сторінці: шукайте через пошук браузера (Ctrl+F).",
        found="Знайдено випусків: {number}",
        nothing="Нічого не знайдено. Спробуйте менше слів або інші слова.",
        empty="Ще немає жодного випуску.",
        older="Попередній випуск",
        newer="Наступний випуск",
        languages="Іншими мовами",
        pages="Сторінки",
        follow="Стежити через читач стрічок",
        earlier_results="Попередні результати",
        more_results="Ще результати",
    ),
}


def archive_words(language: str) -> ArchiveWords:
    """The words for a BCP 47 tag, by its first part; English for languages not in the table."""
    return _WORDS.get(language.lower().split("-")[0], _WORDS["en"])


def language_name(language: str) -> str:
    """What a language calls itself; its tag if nobody knows."""
    # Imported here: 20-40 ms, and only archives in several languages need it.
    from babel.core import Locale, UnknownLocaleError

    for tag in (language, language.split("-")[0]):
        try:
            # Without its country: "English", not "English (United Kingdom)".
            locale = Locale.parse(tag, sep="-")
            name = Locale(locale.language, script=locale.script).get_display_name()
        except (UnknownLocaleError, ValueError):
            continue
        if name:
            return name[:1].upper() + name[1:]
    return language
