"""Tasks that go to another than was asked, and days that are put right at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.summary import Request, offline
from core.summary.evidence import Checker
from core.summary.sentences import Text
from core.values import Line, Section, Segment
from tests.conftest import finished

WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=UTC)


def made(*said: str) -> tuple[Line, ...]:
    """The offline minutes of turns such as "Ivo: Hello."."""
    turns = [one.partition(": ") for one in said]
    segments = tuple(
        Segment(5.0 * at, 5.0 * at + 4, text, id=at + 1, speaker=who)
        for at, (who, _colon, text) in enumerate(turns)
    )
    lines: tuple[Line, ...] = finished(offline.summarise(Request(segments, "Untitled", WEDNESDAY, ""))).lines
    return lines


def tasks(*said: str) -> list[tuple[str, str, str]]:
    """Text, owner and day of the tasks; none of what was said may be a decision."""
    lines = made(*said)
    assert not [one.text for one in lines if one.section is Section.DECISIONS]
    return [(one.text, one.owner, str(one.due or "")) for one in lines if one.section is Section.ACTION_ITEMS]


ORDER = "Ivo: Lena, could you order the projector by Thursday?"
PROJECTOR = "Order the projector by Thursday."


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            (ORDER, "Lena: I'm swamped until then. Sami, could you?", "Sami: Yes, I'll order it."),
            [(PROJECTOR, "Sami", "2026-11-26")],
        ),
        (
            (ORDER, "Lena: I'd love to, but I have no time.", "Ivo: Sami?", "Sami: Fine, I'll order it."),
            [(PROJECTOR, "Sami", "2026-11-26")],
        ),
        ((ORDER, "Lena: I'm swamped until then. Sami, could you?", "Sami: No, sorry."), []),
        ((ORDER, "Lena: Yes, I'll order it.", "Sami: Good."), [(PROJECTOR, "Lena", "2026-11-26")]),
        (
            (
                "Paul: Nora, tu peux commander le projecteur avant jeudi ?",
                "Nora: Je suis en congés cette semaine. Karim, tu peux le faire ?",
                "Karim: Oui, je le commande.",
            ),
            [("Commander le projecteur avant jeudi.", "Karim", "2026-11-26")],
        ),
        (
            ("Ivo: I'll paint the fence on Friday.", "Lena: No, leave it, I'll paint it.", "Ivo: Thanks."),
            [("Paint the fence on Friday.", "Lena", "2026-11-27")],
        ),
    ],
)
def test_a_task_is_of_the_one_who_takes_it(said: tuple[str, ...], found: list[tuple[str, str, str]]) -> None:
    assert tasks(*said) == found


def test_nobody_is_called_by_an_interjection() -> None:
    said = (
        "Paul: Allez, bonne route.",
        "Nora: Tu peux m'envoyer les photos ce soir ?",
        "Paul: Oui, sans faute.",
    )
    assert [owner for _text, owner, _day in tasks(*said)] == ["Paul"]


INVOICE = "Ivo: Lena, could you send the invoice by Monday?"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ((INVOICE, "Lena: Sure. No, sorry, Tuesday."), [("Send the invoice.", "Lena", "2026-12-01")]),
        ((INVOICE, "Lena: Tuesday, not Monday."), [("Send the invoice.", "Lena", "2026-12-01")]),
        (
            ("Ivo: I'll send the invoice tonight. Or rather tomorrow, the printer is broken.",),
            [("Send the invoice.", "Ivo", "2026-11-26")],
        ),
        (
            (
                "Paul: Je rédige le rapport pour jeudi.",
                "Nora: Pas jeudi. Vendredi.",
                "Paul: Vendredi, entendu.",
            ),
            [("Rédiger le rapport.", "Paul", "2026-11-27")],
        ),
        (
            (
                "Ivo: Okay, we hire the dimmers. Lena, please arrange that with the hire company by Thursday.",
                "Lena: Thursday's tight. Make it Friday?",
                "Ivo: Friday then.",
                "Sami: Great. Next, the curtains.",
            ),
            [("We hire the dimmers. Arrange that with the hire company.", "Lena", "2026-11-27")],
        ),
        (
            (
                "Paul: Nora, est-ce que tu veux bien faire l'affiche pour samedi ?",
                "Nora: Samedi c'est court. Je l'aurai pour mardi.",
                "Paul: Va pour mardi.",
            ),
            [("Nora, est-ce que tu veux bien faire l'affiche ?", "Nora", "2026-12-01")],
        ),
        (
            ("Ivo: I'll ring the supplier.", "Lena: By when?", "Ivo: End of next week."),
            [("Ring the supplier.", "Ivo", "2026-12-04")],
        ),
        # A day that answers another question puts nothing right.
        (
            (INVOICE, "Lena: Sure.", "Ivo: And when is the summer fair?", "Lena: Friday."),
            [("Send the invoice by Monday.", "Lena", "2026-11-30")],
        ),
    ],
)
def test_of_a_day_that_is_put_right_the_last_counts(
    said: tuple[str, ...], found: list[tuple[str, str, str]]
) -> None:
    assert tasks(*said) == found


def test_a_french_word_that_asks_is_no_name() -> None:
    heard = (Segment(0.0, 4.0, "How much does the hosting cost?", id=1),)
    checker = Checker(Text(heard), "fr", spoken="en")
    for text in ("Combien coûte l'hébergement ?", "Qui paie ?", "Quand paie-t-on ?", "Lequel est payé ?"):
        assert checker.unverified(Line(Section.OPEN_QUESTIONS, text)) == ()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            ("Ivo: Does the ferry take bicycles?", "Lena: I honestly don't know. I'll find out."),
            [("Does the ferry take bicycles? I'll find out.", "Lena")],
        ),
        (
            ("Ivo: Who will ring the plumber?", "Lena: I can't, sorry.", "Sami: I'll ring them tomorrow."),
            [("Who will ring the plumber? Ring them tomorrow.", "Sami")],
        ),
        (
            ("Paul: Il faudrait que quelqu'un répare le portail.", "Nora: Je peux m'en charger."),
            [("Il faudrait que quelqu'un répare le portail.", "Nora")],
        ),
    ],
)
def test_a_task_that_says_little_brings_what_it_answers(
    said: tuple[str, ...], found: list[tuple[str, str]]
) -> None:
    assert [(text, owner) for text, owner, _day in tasks(*said)] == found
