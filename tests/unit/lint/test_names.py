from __future__ import annotations

import pytest

from newsletter.issue.passages import Passage, PassageKind
from newsletter.lint.names import Name, is_variant, names, pairs, sound


def passages(*texts: str, kind: PassageKind = PassageKind.PARAGRAPH) -> list[Passage]:
    return [
        Passage(("sections", n, "body"), kind, n, text, range(len(text) + 1))
        for n, text in enumerate(texts)
    ]


def found(*texts: str, language: str = "en") -> list[tuple[str, str]]:
    said = names(passages(*texts), language)
    return [(usual.text, rare.text) for usual, rare in pairs(said, language)]


def test_a_name_knows_its_neighbours_but_no_titles_and_no_small_words() -> None:
    said = names(passages("Later Ines Okafor met Councillor Okafor’s dog on Monday."), "en")
    by_text = {name.text: name for name in said}
    assert sorted(by_text) == ["Ines", "Okafor"]
    assert by_text["Okafor"].before == {"ines"}
    assert len(by_text["Okafor"].places) == 2


def test_a_word_that_is_also_written_small_is_no_name() -> None:
    assert names(passages("The Council met. The council left."), "en") == []


def test_capitals_of_a_headline_say_nothing() -> None:
    title = passages("Councillors Keep Island Ferry Going", kind=PassageKind.HEADLINE)
    assert not any(name.is_sure or name.before for name in names(title, "en"))


@pytest.mark.parametrize(
    "spellings",
    [
        ("Zelensky", "Zelenskyy", "Zelenskiy", "Zelenskyi"),
        ("Müller", "Mueller", "Muller"),
        ("Sofia", "Sophia", "Sofiya"),
        ("Tsikhanouskaya", "Tikhanovskaya"),
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: tuple[str, ...]) -> None:
    assert len({sound(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Kiev", "Kyiv"),
        ("Kharkov", "Kharkiv"),
        ("Lvov", "Lviv"),
        ("Odessa", "Odesa"),
        ("Chernobyl", "Chornobyl"),
        ("Zaporizhia", "Zaporizhzhia"),
        ("Lukashenko", "Lukashenka"),
        ("Tikhanovskaya", "Tsikhanouskaya"),
    ],
)
def test_a_spelling_that_the_house_does_not_use_is_a_variant(name: str, listed: str) -> None:
    assert is_variant(Name(name, is_sure=True), listed, "en")


@pytest.mark.parametrize(
    ("name", "listed", "language"),
    [
        ("Kyiv", "Kyiv", "en"),
        ("Kyivans", "Kyiv", "en"),
        ("Marie", "Maria", "en"),
        ("Mario", "Maria", "en"),
        ("Zelenska", "Zelenskyy", "en"),
        ("Запоріжжі", "Запоріжжя", "uk"),
        ("Києва", "Київ", "uk"),
        ("Krakowie", "Kraków", "pl"),
        ("Paris", "Kyiv", "en"),
    ],
)
def test_other_names_and_other_cases_are_no_variants(name: str, listed: str, language: str) -> None:
    assert not is_variant(Name(name, is_sure=True), listed, language)


@pytest.mark.parametrize(
    ("language", "texts", "pair"),
    [
        ("en", ["Councillor Ines Okafor came. Then Okafar left."], ("Okafor", "Okafar")),
        ("en", ["Volodymyr Zelenskyy spoke.", "Later Zelensky left."], ("Zelenskyy", "Zelensky")),
        ("en", ["We saw Marta Nowak and Martha Nowak."], ("Marta", "Martha")),
        (
            "en",
            ["We asked Lukashenko. Then Lukashenko smiled.", "But Lukashenka left."],
            ("Lukashenko", "Lukashenka"),
        ),
        ("en", ["In Hawser Lane we met.", "On Hawzer Lane we parted."], ("Hawser", "Hawzer")),
        (
            "uk",
            ["Грала Олена Береговська. Олена Берегівська пішла."],
            ("Береговська", "Берегівська"),
        ),
        ("de", ["Gestern sprach Anna Müller. Danach ging Mueller."], ("Müller", "Mueller")),
        ("fr", ["Ici Hélène Lefèvre parle. Puis Hélène Lefevre part."], ("Lefèvre", "Lefevre")),
        ("pl", ["Mówił Jan Wiśniewski. Potem Jan Wiszniewski."], ("Wiśniewski", "Wiszniewski")),
    ],
)
def test_one_name_in_two_spellings_is_found(
    language: str, texts: list[str], pair: tuple[str, str]
) -> None:
    assert found(*texts, language=language) == [pair]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We met John Smith and Jon Smith."),
        ("en", "We met Ulf Petersen and Jonas Peterson."),
        ("en", "Here Alexander Petrov met Aleksandr Orlov."),
        ("en", "He met Volodymyr Zelenskyy and Olena Zelenska."),
        ("en", "In Belarus the Belarusian Belarusians; in Ukraine a Ukrainian."),
        ("en", "A Korean from South Korea met the Koreans; Germans of Germany, Berliners."),
        ("en", "The Petersens met Petersen’s dog, and Mr Petersen left."),
        ("en", "World Health Organization, Organisation for Peace; Pearl Harbor, Harbour."),
        ("en", "She met Daniel Berg and Daniela Berg, Mario Rossi and Maria Rossi."),
        ("en", "See www.okafor.example.org and okafar@example.org; Ines Okafor left."),
        ("en", "Austria and Australia, Slovakia and Slovenia, Iran and Iraq, Zambia and Gambia."),
        ("en", "A Conservative councillor of the Conservation Trust; the Minister of a Ministry."),
        ("uk", "У Мінську, з Мінська; Київ, Києва; Львів і Львова; Ганна, Ганни, Ганною."),
        ("uk", "Олександр Петренко та Олександра Петренко; Береговський і Береговська."),
        ("ru", "В Минске и из Минска; Алексей, Алексея; Достоевский, Достоевского."),
        ("pl", "W Krakowie, Kraków, Krakowa; Kowalski i Kowalska; Wałęsa i Wałęsie."),
        ("de", "Die Sitzung, die Satzung, Leitung, Leistung, Klöster und Kloster, Vater, Väter."),
        ("de", "Am Montag kam der Betriebsrat wegen des Betriebsrats der Gemeinde und Gemeinden."),
        ("fr", "Le Français et la Française, un Parisien et une Parisienne, les Parisiens."),
        ("ar", "أم يوسف وأم يوسف في شارع الزيتون"),
    ],
)  # fmt: skip
def test_look_alikes_are_not_one_name(language: str, text: str) -> None:
    assert found(text, language=language) == []
