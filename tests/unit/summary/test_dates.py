from __future__ import annotations

from datetime import date

import pytest

from core.summary.dates import find

TOLD = date(2025, 11, 18)  # a Tuesday

ENGLISH = [
    ("send it by Friday", "by Friday", date(2025, 11, 21)),
    ("by Tuesday", "by Tuesday", date(2025, 11, 25)),
    ("before December 3rd please", "before December 3rd", date(2025, 12, 3)),
    ("by the fifth of December", "by the fifth of December", date(2025, 12, 5)),
    ("on December the third", "on December the third", date(2025, 12, 3)),
    ("by the twenty third of November", "by the twenty third of November", date(2025, 11, 23)),
    ("by January 5, 2027", "by January 5, 2027", date(2027, 1, 5)),
    ("by the 2nd of March", "by the 2nd of March", date(2026, 3, 2)),
    ("until next Monday", "until next Monday", date(2025, 11, 24)),
    ("Friday next week", "Friday next week", date(2025, 11, 28)),
    ("tomorrow morning", "tomorrow morning", date(2025, 11, 19)),
    ("the day after tomorrow", "the day after tomorrow", date(2025, 11, 20)),
    ("by the end of the week", "by the end of the week", date(2025, 11, 21)),
    ("sometime next week", "next week", date(2025, 11, 28)),
    ("by the end of the month", "by the end of the month", date(2025, 11, 30)),
    ("by the end of January", "by the end of January", date(2026, 1, 31)),
    ("by the end of next month", "by the end of next month", date(2025, 12, 31)),
    ("this weekend", "this weekend", date(2025, 11, 23)),
    ("within two weeks", "within two weeks", date(2025, 12, 2)),
    ("by the 28th", "by the 28th", date(2025, 11, 28)),
    ("by the 3rd", "by the 3rd", date(2025, 12, 3)),
    ("before the next meeting", "before the next meeting", None),
    ("On Monday we said by Thursday", "by Thursday", date(2025, 11, 20)),
]
FRENCH = [
    ("avant le 3 décembre", "avant le 3 décembre", date(2025, 12, 3)),
    ("avant le cinq décembre", "avant le cinq décembre", date(2025, 12, 5)),
    ("le premier décembre", "le premier décembre", date(2025, 12, 1)),
    ("le 1er mars 2027", "le 1er mars 2027", date(2027, 3, 1)),
    ("ce week-end", "ce week-end", date(2025, 11, 23)),
    ("pour vendredi", "pour vendredi", date(2025, 11, 21)),
    ("lundi prochain", "lundi prochain", date(2025, 11, 24)),
    ("jeudi de la semaine prochaine", "jeudi de la semaine prochaine", date(2025, 11, 27)),
    ("demain matin", "demain matin", date(2025, 11, 19)),
    ("après-demain", "après-demain", date(2025, 11, 20)),
    ("d'ici la fin du mois", "d'ici la fin du mois", date(2025, 11, 30)),
    ("à la fin de la semaine", "à la fin de la semaine", date(2025, 11, 21)),
    ("la semaine prochaine", "la semaine prochaine", date(2025, 11, 28)),
    ("dans deux semaines", "dans deux semaines", date(2025, 12, 2)),
    ("pour le 28", "pour le 28", date(2025, 11, 28)),
    ("au plus tard jeudi", "au plus tard jeudi", date(2025, 11, 20)),
    ("d’ici fin janvier", "d’ici fin janvier", date(2026, 1, 31)),
]


@pytest.mark.parametrize(("text", "said", "day"), ENGLISH)
def test_english(text: str, said: str, day: date | None) -> None:
    found = find(text, "en", TOLD)
    assert found is not None
    assert (found.said, found.day, text[found.start : found.stop]) == (said, day, said)


@pytest.mark.parametrize(("text", "said", "day"), FRENCH)
def test_french(text: str, said: str, day: date | None) -> None:
    found = find(text, "fr", TOLD)
    assert found is not None
    assert (found.said, found.day) == (said, day)


@pytest.mark.parametrize(
    "text", ["may we begin", "for the second draft", "the first point", "by hand", "sundae"]
)
def test_no_english_date(text: str) -> None:
    assert find(text, "en", TOLD) is None


@pytest.mark.parametrize("text", ["le 28 % du prix", "pour le deuxième point", "un devis", "le marché"])
def test_no_french_date(text: str) -> None:
    assert find(text, "fr", TOLD) is None


def test_a_day_that_does_not_exist_is_said_but_no_date() -> None:
    found = find("by February 30th", "en", TOLD)
    assert found is not None
    assert found.day is None


def test_month_ends_in_december() -> None:
    found = find("by the end of next month", "en", date(2025, 12, 10))
    assert found is not None
    assert found.day == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I'll start on it, but not before next week.", "en"),
        ("I'll post it, but not until the 9th of December.", "en"),
        ("Je le fais, mais pas avant la semaine prochaine.", "fr"),
    ],
)
def test_before_when_not_is_no_due_date(text: str, language: str) -> None:
    assert find(text, language, TOLD) is None


def test_a_day_that_is_ruled_out_is_not_the_end_of_the_week() -> None:
    due = find("I'll ring them next week, not on Friday.", "en", TOLD)
    assert due is not None
    assert (due.said, due.day) == ("next week", None)
