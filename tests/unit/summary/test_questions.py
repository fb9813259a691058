# ruff: noqa: E501  what is said in one meeting reads best in one line
from __future__ import annotations

import pytest

from core.summary.questions import open_questions
from core.summary.sentences import Text, split
from core.values import Segment


def left_open(language: str, *turns: str) -> list[str]:
    said = (turn.partition(": ") for turn in turns)
    segments = (
        Segment(9.0 * n, 9.0 * n + 8, what, id=n + 1, speaker=who) for n, (who, _, what) in enumerate(said)
    )
    return [found.text for found in open_questions(split(Text(segments)), language)]


@pytest.mark.parametrize(
    ("language", "turns"),
    [
        ("fr", ("Ada: Qui arrose les plantes du hall ?", "Ben: Pas moi.", "Cléo: Je les arrose samedi.")),
        ("fr", ("Ada: Qui représente le club à Dijon ?", "Ben: Pas moi.", "Cléo: J'irai, s'il le faut.")),
        ("fr", ("Ada: Qui range la réserve ?", "Ben: Pas moi cette fois.", "Cléo: Bon, je m'en occupe.")),
        ("fr", ("Ada: Qui ouvre la salle lundi ?", "Ben: Je ne sais pas. Cléo ?", "Cléo: Moi, je l'ouvre.")),
        ("en", ("Ada: Who waters the plants in the hall?", "Ben: Not me.", "Cleo: Fine, I'll do it.")),
    ],
)
def test_what_another_takes_on_after_a_refusal_is_not_open(language: str, turns: tuple[str, ...]) -> None:
    assert left_open(language, *turns) == []


@pytest.mark.parametrize(
    ("language", "turns"),
    [
        ("fr", ("Ada: Qui arrose les plantes du hall ?", "Ben: Pas moi.", "Cléo: Je ne peux pas non plus.")),
        ("fr", ("Ada: Qui arrose les plantes du hall ?", "Ben: Aucune idée.", "Cléo: Je vais demander à Dan.")),
        ("en", ("Ada: Who waters the plants in the hall?", "Ben: No idea.", "Cleo: I'll ask around.")),
        ("en", ("Ada: Who waters the plants in the hall?", "Ben: I don't know yet.", "Ada: Fine. Let me sum up the rest.")),
        # The question that was asked, not the name of whoever is asked next.
        ("fr", ("Ada: Combien vaut la vieille presse ?", "Ben: Je n'en sais rien. Cléo ?", "Cléo: Aucune idée.", "Ada: On en reparle à la prochaine réunion.")),
        ("fr", ("Ada: Combien vaut la vieille presse ?", "Ada: Cléo ?", "Cléo: Je n'en sais rien.")),
        ("en", ("Ada: What is the old press worth today?", "Ben: Cleo?", "Cleo: No idea.")),
    ],
)  # fmt: skip
def test_what_nobody_takes_on_or_knows_stays_open_as_it_was_asked(
    language: str, turns: tuple[str, ...]
) -> None:
    assert left_open(language, *turns) == [turns[0].partition(": ")[2]]
