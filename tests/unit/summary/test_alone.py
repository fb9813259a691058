"""Which sentences minutes may show by themselves, and how a task is written down."""

from __future__ import annotations

import pytest

from core.summary import Request, offline
from core.summary.alone import is_impersonal, repeats, stands_alone
from core.summary.deeds import as_deed
from core.summary.sentences import Sentence, Text, content_words, split
from core.values import Section
from tests.benchmarks import rouge
from tests.conftest import finished


def sentence(text: str) -> Sentence:
    (one,) = split(Text(rouge.spoken([("", text)])))
    return one


@pytest.mark.parametrize(
    "text",
    [
        "We planned 20,000 euros for advertising, and so far we have spent 12,000.",
        "The printer needs the text by the first of April, or it costs double.",
        "There are fifty-three people on the waiting list, some for four years.",
        "The deer come through the fence because it is too low.",
        "This year the council pays for the coach.",
        "The last working day before Christmas is a Tuesday.",
    ],
)
def test_english_sentences_that_stand_alone(text: str) -> None:
    assert stands_alone(sentence(text), "en")


@pytest.mark.parametrize(
    "text",
    [
        "The last one is on the payment page, and it needs a few more days of work.",
        "It needs a few more days of work.",
        "That would take a weight off the volunteers.",
        "So that is what the council wants from the school.",
        "And they want the big lens insured for forty thousand pounds.",
        "We cannot do this with three people.",
        "Other schools have asked for it.",
        "The website is not ready either.",
        "The other three come from the store.",
        "Most of them came by train.",
        "Because nobody could open the gate.",
        "The problem is that nobody answers.",
        "He wants to talk to a human before the summer.",
        "We did that for the school last year, so the council knows about it.",
    ],
)
def test_english_sentences_that_lean_on_what_was_said_before(text: str) -> None:
    assert not stands_alone(sentence(text), "en")


@pytest.mark.parametrize(
    "text",
    [
        "Les patins de frein ont pris trente pour cent en un an, et on les vend toujours au même prix.",
        "La mairie récupère la grange fin juin.",
        "Il y a quatre-vingts mètres carrés et une vraie porte.",
        "L'audience du vendredi est la plus faible de la semaine.",
        "C'est la mairie qui paie le car des enfants.",
        "Donc la console a douze ans et le dépanneur ne trouve plus de pièces.",
    ],
)
def test_french_sentences_that_stand_alone(text: str) -> None:
    assert stands_alone(sentence(text), "fr")


@pytest.mark.parametrize(
    "text",
    [
        "Le dernier est sur la page de paiement, et il demande encore quelques jours.",
        "Elle demande encore quelques jours de travail.",
        "Ça tombera avec la nouvelle grille de septembre.",
        "On en a encore quarante paniers.",
        "On l'a montée en trois jours.",
        "Les autres viennent du magasin.",
        "C'est plus sage pour les enfants.",
        "Parce que personne ne pouvait ouvrir le portail.",
        "On leur écrit demain matin.",
        "Le site n'est pas prêt non plus.",
        "Ils devaient se prononcer en février.",
    ],
)
def test_french_sentences_that_lean_on_what_was_said_before(text: str) -> None:
    assert not stands_alone(sentence(text), "fr")


@pytest.mark.parametrize(
    ("text", "language", "impersonal"),
    [
        ("The gate of the park is locked at eight.", "en", True),
        ("I would not feel comfortable with the first of April.", "en", False),
        ("Can you hear the music from the park?", "en", False),
        ("Maybe the school pays for the coach.", "en", False),
        ("La grille du parc ferme à vingt heures.", "fr", True),
        ("Je ne suis pas à l'aise avec le premier avril.", "fr", False),
        ("Vous entendez la musique du parc.", "fr", False),
        ("Et si l'école payait le car ?", "fr", False),
    ],
)
def test_what_tells_of_the_matter_and_not_of_those_who_talk(
    text: str, language: str, impersonal: bool
) -> None:
    assert is_impersonal(sentence(text), language) is impersonal


def test_a_recap_of_several_lines_repeats_them() -> None:
    told = [
        content_words(one, "en")
        for one in (
            "We will move the release to the 15th of April.",
            "We will skip the exhibition this year and spend the money on the online campaign.",
            "We have decided to hire one more person for the support team.",
        )
    ]
    recap = "The release moves to the 15th of April, we skip the exhibition, and we hire one more person for support."
    assert repeats(content_words(recap, "en"), told)
    news = "The exhibition in Berlin would cost another six thousand euros."
    assert not repeats(content_words(news, "en"), told)


@pytest.mark.parametrize(
    ("text", "owner", "language", "deed"),
    [
        ("Daniel, please send us the test report by Friday.", "Daniel", "en", "Send us the test report by Friday."),
        ("Robert, will you write the description?", "Robert", "en", "Write the description."),
        ("Can you ask for two quotes, Jonah, before May?", "Jonah", "en", "Ask for two quotes before May."),
        ("I will update the budget by next Monday.", "Robert", "en", "Update the budget by next Monday."),
        ("Daniel will send the test report by Friday.", "Daniel", "en", "Send the test report by Friday."),
        ("Yves, tu peux demander à Tours leurs conditions ?", "Yves", "fr", "Demander à Tours leurs conditions."),
        ("Je vais appeler le plombier demain.", "Karim", "fr", "Appeler le plombier demain."),
        ("Karim doit réserver la salle avant mardi.", "Karim", "fr", "Réserver la salle avant mardi."),
        ("You've a good eye, could you cut Bea's draft to a page?", "Raj", "en", "Cut Bea's draft to a page."),
        ("Somebody needs to tell the regulars, mind.", "Tom", "en", "Tell the regulars."),
        ("Get the cover for the lens, Raj.", "Raj", "en", "Get the cover for the lens."),
        ("Tom, get a locksmith in, please.", "Tom", "en", "Get a locksmith in."),
        ("Could you ask your brother for posts?", "Dev", "en", "Ask your brother for posts."),
        ("Il faudrait prévenir les parents.", "Nadia", "fr", "Prévenir les parents."),
        # What a reader would not understand, or nobody is known to have taken on, stays as it was said.
        ("I will update the budget by next Monday.", "", "en", "I will update the budget by next Monday."),
        ("I'll send you the report.", "Priya", "en", "I'll send you the report."),
        ("I'll ask my sister on Monday.", "Priya", "en", "I'll ask my sister on Monday."),
        ("Marc will send the report.", "Ana", "en", "Marc will send the report."),
        ("J'appelle le propriétaire lundi.", "Sandra", "fr", "Appeler le propriétaire lundi."),
        ("Tom knows it, could you ring him?", "Owen", "en", "Tom knows it, could you ring him?"),
        ("Tu peux m'envoyer le fichier ?", "Léo", "fr", "Tu peux m'envoyer le fichier ?"),
    ],
)  # fmt: skip
def test_a_task_is_written_as_what_is_to_be_done(text: str, owner: str, language: str, deed: str) -> None:
    assert as_deed(text, owner, language) == deed


def test_what_a_task_or_a_decision_leans_on_stands_before_it_and_gives_it_no_date() -> None:
    turns = (
        ("Ana", "The old oak cases come from the store on Monday."),
        ("Ana", "Bea, can you measure them up for the glazier?"),
        ("Bea", "Sure, no problem."),
    )
    request = Request(rouge.spoken(turns), "Untitled", rouge.TOLD, language="en", participants=("Ana", "Bea"))
    (task,) = [
        one for one in finished(offline.summarise(request)).lines if one.section is Section.ACTION_ITEMS
    ]
    context, deed = "The old oak cases come from the store on Monday.", "Measure them up for the glazier."
    assert (task.text, task.owner, task.due_said, task.due) == (f"{context} {deed}", "Bea", "", None)
    assert context in [found.quote for found in task.evidence]


@pytest.mark.parametrize("name", ["script.txt", *rouge.FACTS])
def test_an_overview_stands_alone_and_repeats_no_decision_and_no_task(name: str) -> None:
    language = rouge.FACTS[name]["language"]
    lines = finished(
        offline.summarise(Request(rouge.script(name), "Untitled", rouge.TOLD, language=language))
    ).lines
    first, *rest = [line for line in lines if line.section is Section.OVERVIEW]
    assert first.text
    for line in rest:
        (found,) = line.evidence
        assert stands_alone(sentence(found.quote), language)
        assert is_impersonal(sentence(found.quote), language)
    quotes = {
        found.quote for line in lines if line.section is not Section.OVERVIEW for found in line.evidence
    }
    assert all(found.quote not in quotes for line in rest for found in line.evidence)
