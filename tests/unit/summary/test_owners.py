from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.summary.owners import Owner, owned, refuses
from core.values import Evidence, Line, Section, Segment

SAID = (
    ("Helen", "Fine, we'll postpone the minibus. Priya, can you get the insurance figures before Christmas?"),
    ("Priya", "I can't, I'm away until the 4th. Tom could."),
    ("Tom", "Okay, I'll get them by the 18th of December."),
    ("Marcus", "I already sent the auditor the ledgers on Monday, so that is done."),
    ("Helen", "Great. Then the slides. Marcus, could you send them to Priya?"),
    ("Marcus", "Sure, tonight."),
    ("Tom", "I'll sign the contract with them by next Tuesday."),
    ("Helen", "Thank you. We have not decided anything about the roof yet."),
    ("Helen", "So we take Bennett off the list, and Tom looks for two further quotes by mid January."),
    ("Tom", "Will do."),
    ("Helen", "The hall needs paint. Somebody should ask Samira, she knows a painter."),
)
VOICES = {"Helen": 1, "Priya": 2, "Tom": 3, "Marcus": 4}
PEOPLE = (*VOICES, "Samira", "Bennett")


def meeting(*said: tuple[str, str]) -> tuple[Segment, ...]:
    return tuple(
        Segment(10.0 * at, 10.0 * at + 8, text, id=at, speaker=who, speaker_id=VOICES.get(who, 0))
        for at, (who, text) in enumerate(said)
    )


def task(owner: str, at: int, quote: str = "", said: tuple[tuple[str, str], ...] = SAID) -> Line:
    """The line with this owner and what segment `at` says as evidence, as it comes out of the check."""
    segments = meeting(*said)
    proof = Evidence((at,), 10.0 * at, 10.0 * at + 8, quote or said[at][1])
    line = Line(Section.ACTION_ITEMS, "Get it done", (proof,), owner=owner)
    return owned(line, Owner(owner, {VOICES[owner]} if owner in VOICES else ()), segments, PEOPLE)


@pytest.mark.parametrize(
    ("owner", "at", "taken"),
    [
        ("Tom", 2, 2),
        ("Marcus", 4, 5),
        ("Tom", 6, 6),
        ("Tom", 8, 9),
        ("Samira", 10, None),
        ("the board", 2, None),
    ],
)
def test_an_owner_is_borne_by_a_promise_an_answer_or_a_name(owner: str, at: int, taken: int | None) -> None:
    line = task(owner, at)
    assert line.unverified == ()
    found = None if line.taken is None else line.evidence[line.taken].segment_ids
    assert found == (None if taken is None else (taken,))


@pytest.mark.parametrize(
    ("owner", "at"),
    [
        ("Marcus", 2),
        ("Priya", 2),
        ("Priya", 1),
        ("Marcus", 3),
        ("Helen", 6),
        ("Helen", 8),
        ("Helen", 0),
        ("Priya", 0),
    ],
)
def test_an_owner_whom_nothing_bears_is_one_to_check_and_gets_no_evidence(owner: str, at: int) -> None:
    line = task(owner, at)
    assert (line.unverified, line.taken, len(line.evidence)) == ((owner,), None, 1)


def test_without_speakers_only_names_tell() -> None:
    nobody = tuple(("", text) for _who, text in SAID)
    assert task("Tom", 8, said=nobody).unverified == ()
    assert task("Marcus", 8, said=nobody).unverified == ("Marcus",)


def test_a_voice_without_a_name_that_refuses_takes_nothing_on() -> None:
    segments = meeting(*SAID)
    proof = Evidence((0,), 0.0, 8.0, SAID[0][1])
    line = Line(Section.ACTION_ITEMS, "Get the figures", (proof,), due=date(2026, 12, 24))
    assert owned(line, Owner("", {2}), segments, PEOPLE) == line
    agreed = owned(line, Owner("", {3}), segments, PEOPLE)
    assert (agreed.taken, agreed.evidence[-1].segment_ids) == (1, (2,))
    decision = replace(line, section=Section.DECISIONS)
    assert owned(decision, Owner("Tom", {3}), segments, PEOPLE) == decision


REFUSALS = """
I can't, I'm away until the 4th.|I already sent the auditor the ledgers on Monday|Then I won't sign anything.
I don't have time for that|I did that last week.|Je ne peux pas, je suis absente jusqu'au 4.
J'ai déjà envoyé la lettre.
Je l'ai fait la semaine dernière.|Je peux pas, demande à Tom
Ich kann das leider nicht machen.|Das habe ich nicht, ich bin weg
No puedo, estoy de viaje|Non posso, sono via|Não posso, estou fora|Dat kan ik niet
"""


@pytest.mark.parametrize("said", [one for row in REFUSALS.split("\n") for one in row.split("|") if one])
def test_what_refuses_or_is_done_already_is_known(said: str) -> None:
    assert refuses(said)


@pytest.mark.parametrize(
    "said",
    [
        "I'll get them by the 18th of December.",
        "I can't today, but I'll do it on Friday.",
        "I already have two offers, I'll send them tonight.",
        "Je m'en occupe.",
        "Je ne peux pas lundi, mais je le fais mardi.",
        "Ich mache das bis Freitag.",
        "Avec plaisir, j'ai déjà plein d'idées.",
        "Oui oui, je l'ai dimanche à déjeuner.",
        "We can't wait any longer.",
    ],
)
def test_what_takes_a_task_on_refuses_nothing(said: str) -> None:
    assert not refuses(said)
