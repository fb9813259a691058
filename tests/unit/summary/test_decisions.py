# ruff: noqa: E501  what is said in one meeting reads best in one line
from __future__ import annotations

import pytest

from core.summary import agenda
from core.summary.decisions import decisions
from core.summary.sentences import Sentence, Text, is_foreign, split
from core.values import Segment


def heard(*turns: str) -> tuple[Sentence, ...]:
    """'Who: what' as sentences."""
    said = (turn.partition(": ") for turn in turns)
    return split(
        Text(
            Segment(9.0 * n, 9.0 * n + 8, what, id=n + 1, speaker=who)
            for n, (who, _, what) in enumerate(said)
        )
    )


def decided(language: str, *turns: str) -> list[str]:
    return [found.text for found in decisions(heard(*turns), language)]


@pytest.mark.parametrize(
    ("language", "turns"),
    [
        ("en", ("Ada: In 2011 we agreed to rent the barn.", "Ben: Yes, I remember.")),
        ("en", ("Ada: Back in 2018 the committee voted to close the kiosk.", "Ben: Right.")),
        ("en", ("Ada: We decided in 2020 to merge the choirs.",)),
        ("en", ("Ada: Last summer we decided to paint the fence.",)),
        ("fr", ("Ada: En 2015 on a décidé de louer la grange.", "Ben: Oui.")),
        ("fr", ("Ada: L'été dernier, on a décidé de repeindre la clôture.",)),
        ("fr", ("Ada: En 2015 on avait décidé de garder le kiosque.",)),
        # What stands in the way is agreed to, not decided.
        ("en", ("Ada: Let's meet on Thursday.", "Ben: Actually the caretaker is out on Thursday.", "Ada: Right.")),
        ("en", ("Ada: Then Thursday is a public holiday, and the hall is out.", "Ben: Right.")),
        ("fr", ("Ada: En fait jeudi c'est férié, la salle reste fermée.", "Ben: D'accord.")),
        # Nobody can tell what it is about.
        ("en", ("Ada: Ben, could you mend the pump by Tuesday?", "Ben: Thursday maybe.", "Ada: Thursday then.")),
        ("en", ("Ada: Could you pay the printer by Monday?", "Ben: Tuesday, not Monday.", "Ada: Okay.")),
    ],
)  # fmt: skip
def test_no_decision_is_told_of_the_past_of_an_obstacle_or_of_a_bare_day(
    language: str, turns: tuple[str, ...]
) -> None:
    assert decided(language, *turns) == []


@pytest.mark.parametrize(
    ("language", "turns", "told"),
    [
        ("en", ("Ada: We agreed to move to the new barn in 2031.",), "We agreed to move to the new barn in 2031."),
        (
            "en",
            ("Ada: How much do we pay for the lamps, two or three thousand?", "Ben: Two.", "Ada: Two thousand it is."),
            "How much do we pay for the lamps, two or three thousand? Two thousand it is.",
        ),
        (
            "en",
            ("Ada: The apple tree was to be cut in October, but the wood is wet.", "Ben: November it is."),
            "The apple tree was to be cut in October, but the wood is wet. November it is.",
        ),
        # "No." ends a sentence where no number follows.
        (
            "en",
            ("Ada: And the concert stays in May?", "Ben: No. Let's move the concert to the tenth of June.", "Ada: Fine by me."),
            "Let's move the concert to the tenth of June.",
        ),
        (
            "fr",
            ("Ada: Je mets aux voix le goudronnage de la cour.", "Ben: Pour ? Six. Contre ? Un. Adopté par six voix contre une."),
            "Le goudronnage de la cour. Adopté par six voix contre une.",
        ),
        (
            "fr",
            ("Ada: La nouvelle charte est mise aux voix. Pour ? Sept. Contre ? Deux. Adoptée.",),
            "La nouvelle charte est mise aux voix. Adoptée.",
        ),
        (
            "fr",
            (
                "Ada: Ouverture de la buvette à midi seulement, ça va à tout le monde ?",
                "Ben: Ça me va.",
                "Cléo: Oui.",
                "Dan: Oui, très bien.",
                "Ada: Alors c'est acté.",
            ),
            "Ouverture de la buvette à midi seulement.",
        ),
    ],
)  # fmt: skip
def test_what_is_decided_in_few_words_says_what_it_is_about(
    language: str, turns: tuple[str, ...], told: str
) -> None:
    assert decided(language, *turns) == [told]


def test_the_next_week_is_no_item_of_the_agenda() -> None:
    said = heard("Ada: Next, the pond. It leaks.", "Ada: Next month's fine. Let's mend it then.")
    assert [topic.name for topic in agenda.announced(said, "en")] == ["pond"]


def test_markup_in_a_text_does_not_make_it_foreign() -> None:
    link = '<img src="https://example.org/a/b/c/d/e/f.png" alt="xylem zygote quark" onerror="stop(1)">'
    said = f"We decided to use {link} for the budget and [this form](https://example.org/q/w/e/r/t/y) for the rest."
    assert not is_foreign(f"{said} And the {link} is what I will send to you by Friday. {link} {link}")
    assert is_foreign("Wir haben beschlossen, den alten Schuppen hinter dem Haus im Mai abzureissen. " * 4)
