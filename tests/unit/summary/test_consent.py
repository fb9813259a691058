"""What a group settles between its members, and what meets doubt, however they say it."""

from __future__ import annotations

import re

import pytest

from core.summary.actions import action_items
from core.summary.decisions import decisions
from core.summary.questions import open_questions
from core.summary.sentences import Text, split
from tests.benchmarks import recall, rouge

SETTLED = [
    (
        "en",
        "A: We paint the hall in spring. Everybody happy with that? B: Yes.",
        "We paint the hall in spring.",
    ),
    ("en", "A: The keys stay with Ana. Any objections? B: No, fine.", "The keys stay with Ana."),
    ("en", "A: So members pay on the first of the month. Good.", "Members pay on the first of the month."),
    ("en", "A: Okay, then we print two hundred copies.", "We print two hundred copies."),
    ("en", "B: What about the blue one? A: The blue one it is.", "The blue one it is."),
    (
        "fr",
        "A: On repeint la salle au printemps. Ça va pour tout le monde ? B: Oui.",
        "On repeint la salle au printemps.",
    ),
    ("fr", "A: Les clés restent chez Ana. Pas d'objection ? B: Non, non.", "Les clés restent chez Ana."),
    ("fr", "A: Donc les cours commencent à dix heures à partir de lundi. B: Parfait.", ""),
    ("fr", "A: Bon, va pour le bleu.", ""),
    ("fr", "A: D'accord, alors on imprime deux cents affiches.", ""),
]
NOT_SETTLED = [
    ("en", "A: We paint the hall in spring. Everybody happy with that? B: Hang on, who pays for it?"),
    ("en", "A: We paint the hall in spring. Everybody happy with that? B: No, not really."),
    ("en", "A: The keys stay with Ana. Any objections? B: Well, yes. C: But she is away a lot."),
    ("en", "A: Maybe we paint the hall in spring. Would that work for everyone? B: Yes."),
    ("en", "A: Okay, then we had a long talk about it."),
    ("en", "A: I am not sure what the rest of it is."),
    ("fr", "A: On repeint la salle au printemps. Ça va pour tout le monde ? B: Attends, qui paie ?"),
    ("fr", "A: On repeint la salle au printemps. Tout le monde est d'accord ? B: Non, pas moi."),
    ("fr", "A: Bon, alors on avait parlé du Jura."),
    ("fr", "A: Allez, on ouvre."),
]
OPEN = [
    ("en", "A: Who owns the old sheds? They stand on plot nine. B: Hm. No idea, honestly.", 1),
    ("en", "A: Will the hospital be ready by June? B: I can't really say.", 1),
    ("en", "A: Who owns the sheds on plot nine? B: The council does.", 0),
    ("en", "A: Where is that? B: I don't know.", 0),
    (
        "fr",
        "A: Est-ce que les vieilles adresses marchent encore ? B: Normalement. Mais je préfère ne pas promettre.",
        1,
    ),
    ("fr", "A: Qui garde la boutique en août ? B: Moi, je pars. A: Bon, on ne va pas le régler ce matin.", 1),
]


def said(language: str, turns: str) -> tuple[Text, str]:
    """ "A: one. B: two." as a meeting in which people are named."""
    spoken = re.split(r" (?=[ABC]: )", turns)
    parts = (one.partition(": ") for one in spoken)
    return Text(rouge.spoken((who, what) for who, _, what in parts)), language


@pytest.mark.parametrize(("language", "turns", "text"), SETTLED)
def test_what_all_agree_on_is_decided(language: str, turns: str, text: str) -> None:
    whole, code = said(language, turns)
    (found,) = decisions(split(whole), code)
    assert not text or found.text == text


@pytest.mark.parametrize(("language", "turns"), NOT_SETTLED)
def test_what_somebody_objects_to_supposes_or_tells_is_not(language: str, turns: str) -> None:
    whole, code = said(language, turns)
    assert not decisions(split(whole), code)


@pytest.mark.parametrize(("language", "turns", "count"), OPEN)
def test_a_question_is_open_where_its_answer_is_doubt(language: str, turns: str, count: int) -> None:
    whole, code = said(language, turns)
    assert len(open_questions(split(whole), code)) == count


CLOSED = [
    (
        "en",
        "A: We could meet on Thursdays. B: Thursdays suit me. A: Thursdays, then.",
        "Thursdays suit me. Thursdays, then.",
    ),
    ("en", "A: Nobody reads the blog. B: I'd stop it. A: Right, so we drop the blog from May. B: Fine.", ""),
    ("en", "A: What if we paint it ourselves? B: We have the ladder. C: Let's do that.", ""),
    ("en", "A: Ana asks us to lend her the projector. B: She's careful. C: Granted.", ""),
    ("fr", "A: On pourrait se voir le jeudi. B: Le jeudi me va. A: Bon, le jeudi, alors.", ""),
    (
        "fr",
        "A: Plus personne ne lit le blog. B: Moi, je l'arrêterais. A: Bon, on ferme le blog en mai. B: D'accord.",
        "",
    ),
    ("fr", "A: Et si on repeignait nous-mêmes ? B: On a l'échelle. C: Allez, on fait ça.", ""),
]
NOT_CLOSED = [
    ("en", "A: We could meet on Thursdays. B: Thursdays suit me. A: If Ana can, Thursdays then."),
    ("en", "A: So last year we dropped the blog in May. B: Fine."),
    ("en", "A: Okay, so we go through the list first. B: Fine."),
    ("en", "A: What if we paint it ourselves? B: No, I fell off last time. C: Let's do that."),
    ("en", "A: How was the fair? B: Two cups and a plate, then. A: Great."),
    ("en", "A: Let's leave that open until May. B: Fine."),
    ("en", "A: Let's go with the flow, as they say. B: Fine."),
    (
        "en",
        "A: In the film the team decides to rob a bank. B: They said that they have decided to close the plant.",
    ),
    ("en", "A: We agreed that the food was awful, nothing else. B: Yes."),
    (
        "fr",
        "A: Dans le film, l'équipe a décidé de fuir. B: Ils ont dit, je cite, nous avons décidé de fermer.",
    ),
    ("fr", "A: Bon, alors on regarde la liste. B: D'accord."),
    ("fr", "A: Donc à Lyon ils avaient fermé le blog en mai. B: D'accord."),
    ("fr", "A: Et si on fermait le blog ? B: Un jour, peut-être. A: Bon."),
    ("fr", "A: Allez, on range les chaises. B: Oui."),
]


@pytest.mark.parametrize(("language", "turns", "text"), CLOSED)
def test_what_closes_a_matter_decides_without_a_word_for_it(language: str, turns: str, text: str) -> None:
    whole, code = said(language, turns)
    (found,) = decisions(split(whole), code)
    assert not text or found.text == text


@pytest.mark.parametrize(("language", "turns"), NOT_CLOSED)
def test_a_shape_without_its_signs_decides_nothing(language: str, turns: str) -> None:
    whole, code = said(language, turns)
    assert not decisions(split(whole), code)


@pytest.mark.parametrize("name", recall.FACTS)
def test_meetings_in_peoples_own_ways_lose_little_and_nothing_is_invented(name: str) -> None:
    for section, count in recall.counted(name).items():
        assert not count.invented, section
        if not recall.FACTS[name]["kept_apart"]:
            assert not count.missed, section


@pytest.mark.parametrize(
    ("language", "turns", "owner"),
    [
        ("en", "A: I can take the old boxes to the tip. B: Brilliant, thanks.", "A"),
        ("en", "A: I can hear the old boxes in the cellar. B: Brilliant, thanks.", None),
        ("en", "A: I'll fill in the long form on Monday.", "A"),
        ("en", "A: I'll probably be on holiday on Monday.", None),
        ("en", "A: Somebody needs to sort out the tombola. B: Well. B: Go on then. B: I'll do it.", "B"),
        ("en", "A: Who tells the head? B: Me, I see her on Monday.", "B"),
        ("en", "A: The stamps are still missing. B: That's on me.", "B"),
        ("en", "A: Tom, the contract, would you add a line? B: Yeah, will do.", "Tom"),
        ("en", "A: Tom, can you hear us? B: Yeah.", None),
        ("en", "A: Minister, would you like to comment? B: Of course.", None),
        ("en", "A: I'll grab a coffee first.", None),
        ("en", "A: They won't like it, but I'll break the news today.", "A"),
        ("en", "A: Tom, get a locksmith in, please. B: Okay.", "Tom"),
        ("en", "A: I'll send my kids to their grandparents on Saturday.", None),
        ("fr", "A: Tom, tu t'inscris, et tu me transmets la facture. B: Entendu.", "Tom"),
        ("fr", "A: Ma cousine part en Espagne, elle appellera le loueur vendredi.", None),
        ("fr", "A: Vous pourrez quitter le test. B: En ce moment, je travaille à un corpus.", None),
        ("fr", "A: J'enverrai mes enfants chez leurs grands-parents samedi.", None),
        ("fr", "A: Qui prévient la mairie ? B: Moi, je connais le secrétaire.", "B"),
        ("fr", "A: Tu me dis quand tu sais ? B: Oui, je te dis.", "B"),
        ("fr", "A: Tu fermes la porte ? B: Oui.", None),
        ("fr", "A: Je mettrai un mot dans le bulletin.", "A"),
        ("fr", "A: Je serai dans le train toute la semaine.", None),
        ("fr", "A: Je peux apporter les vieilles chaises. B: Merci beaucoup.", "A"),
        ("fr", "A: Tu ne voudrais pas relancer la mairie ? B: Si, si, je le ferai.", "B"),
    ],
)
def test_what_somebody_offers_or_promises_in_any_words_is_theirs(
    language: str, turns: str, owner: str | None
) -> None:
    whole, code = said(language, turns)
    found = action_items(split(whole), code, rouge.TOLD.date())
    assert [one.owner for one in found] == ([owner] if owner else [])
