from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.summary import agenda
from core.summary.actions import action_items
from core.summary.decisions import decisions as found_decisions
from core.summary.found import Found
from core.summary.questions import open_questions as found_questions
from core.summary.sentences import Sentence, Text, split
from core.values import Segment

TOLD = date(2025, 11, 18)  # a Tuesday


def said(*turns: str, speakers: tuple[str, ...] = ()) -> tuple[Sentence, ...]:
    segments = (
        Segment(10.0 * n, 10.0 * n + 8, turn, id=n + 1, speaker=speakers[n] if speakers else "")
        for n, turn in enumerate(turns)
    )
    return split(Text(segments))


def decisions(language: str, *turns: str) -> list[str]:
    return [found.text for found in found_decisions(said(*turns), language)]


def actions(language: str, *turns: str) -> list[Found]:
    return action_items(said(*turns), language, TOLD)


def questions(language: str, *turns: str) -> list[str]:
    return [found.text for found in found_questions(said(*turns), language)]


EN_DECISIONS = [
    "So we decided to move the launch to March.",
    "We have decided to hire one more person for support.",
    "we've decided to keep the old supplier for another year",
    "Okay, so we decide: no wait, we have decided to keep the blue logo.",
    "Decision: the newsletter goes out every second Tuesday.",
    "The decision is to rent the larger hall.",
    "We agreed that the budget stays at 5,000 euros.",
    "We all agreed on the second design.",
    "Let's go with the second option.",
    "Okay, let's go with the vegetarian menu then.",
    "We'll go with the cheaper printer.",
    "We're going with plan B for the opening.",
    "It is decided that the office closes on Fridays.",
    "It's agreed, the workshop moves to Lyon.",
    "So it's settled, the fair takes place in June.",
    "Agreed, we cancel the autumn trip.",
    "Then we will move the release to Wednesday.",
    "Everyone agreed to postpone the survey.",
    "The board has approved the new budget.",
    "The proposal is accepted with two changes.",
    "We're agreed on the price of the tickets.",
    "Let's stick with the current format for the report.",
    "Let's postpone the survey until the summer.",
    "Final decision: the museum visit replaces the dinner.",
    "We voted against the price increase.",
]
EN_NO_DECISIONS = [
    "We haven't decided on the venue yet.",
    "We need to decide on a venue.",
    "Should we go with the second option?",
    "If we decided to move, it would cost a lot.",
    "Did we agree on the price?",
    "We could go with the cheaper printer.",
    "Maybe we'll go with the red one.",
    "Let's move on to the next item.",
    "Let's talk about the budget.",
    "Let's see what the numbers say.",
    "Before we decided anything the client left.",
    "We can't decide that today.",
    "We had agreed on something else last year.",
    "As we agreed last time, the minutes are short.",
    "I agree with Daniel about the website.",
    "They decide everything in Paris.",
    "It was a difficult decision for the whole department.",
    "We still have to decide who speaks first.",
    "The decision is yours to make.",
    "Once it's decided I'll tell you more about it.",
    "Unless we agree on a price there is no deal.",
    "Let's go for lunch at the corner.",
    "That is not settled at all.",
    "I wish we had decided to leave earlier.",
    "The team was happy with the results.",
]
FR_DECISIONS = [
    "On a décidé de reporter la sortie au mois de mars.",
    "On décide de garder le même fournisseur.",
    "Nous avons décidé que la réunion aurait lieu le lundi.",
    "Nous décidons de louer la grande salle.",
    "Donc c'est décidé, on ouvre le samedi matin.",
    "C'est acté, le budget passe à cinq mille euros.",
    "C'est validé pour la nouvelle affiche.",
    "C'est entendu, la fête aura lieu au parc.",
    "Il est convenu que chacun paie son billet.",
    "Il a été décidé de fermer le bureau en août.",
    "Décision : la lettre d'information paraît le mardi.",
    "La décision est prise, on change de banque.",
    "On part sur la deuxième proposition.",
    "On part donc sur le menu végétarien.",
    "On retient la deuxième maquette.",
    "On est d'accord pour annuler le voyage.",
    "Nous sommes tous d'accord pour augmenter le prix des billets.",
    "On s'est mis d'accord sur le prix du repas.",
    "Nous avons choisi le traiteur de Lyon.",
    "On valide le devis de l'imprimeur.",
    "On reporte la visite du musée au printemps.",
    "Nous retenons la salle des fêtes pour le concert.",
    "Le budget est adopté à l'unanimité.",
    "On opte pour le train plutôt que l'avion.",
    "Restons donc sur la date du douze juin.",
]
FR_NO_DECISIONS = [
    "On n'a pas encore décidé du lieu.",
    "Il faut décider du lieu aujourd'hui.",
    "Si on décide de partir, cela coûtera cher.",
    "Est-ce qu'on a décidé du prix ?",
    "On pourrait partir sur la première idée.",
    "Peut-être qu'on a choisi trop vite le traiteur.",
    "Passons au point suivant.",
    "On va décider de la date la semaine prochaine.",
    "La semaine dernière on avait décidé autre chose.",
    "Rien n'est décidé pour le moment.",
    "Je suis d'accord avec Paul sur le site.",
    "Ce n'est pas validé par la direction.",
    "Avant de décider, regardons les chiffres.",
    "C'était une décision difficile pour le service.",
    "On garde ça en tête pour plus tard.",
    "Nous devons trancher entre deux salles.",
    "On part dans cinq minutes.",
    "Ils décident de tout à Paris.",
    "Quand on aura décidé, je vous le dirai.",
    "On ne valide rien sans le comité.",
    "Parlons du budget maintenant.",
    "Comme convenu la dernière fois, la réunion est courte.",
    "Nous ne sommes pas d'accord sur le prix.",
    "On verra bien ce que dit le maire.",
    "Le site avait beaucoup de visites en mars.",
]


@pytest.mark.parametrize("turn", EN_DECISIONS)
def test_english_decisions_are_found(turn: str) -> None:
    assert len(decisions("en", "Good morning everybody.", turn)) == 1


@pytest.mark.parametrize("turn", EN_NO_DECISIONS)
def test_no_english_decision_is_invented(turn: str) -> None:
    assert decisions("en", "Good morning everybody.", turn) == []


@pytest.mark.parametrize("turn", FR_DECISIONS)
def test_french_decisions_are_found(turn: str) -> None:
    assert len(decisions("fr", "Bonjour à tous.", turn)) == 1


@pytest.mark.parametrize("turn", FR_NO_DECISIONS)
def test_no_french_decision_is_invented(turn: str) -> None:
    assert decisions("fr", "Bonjour à tous.", turn) == []


def test_a_bare_agreement_brings_its_proposal() -> None:
    assert decisions("en", "I propose moving the fair to June.", "Agreed.") == ["Moving the fair to June."]
    assert decisions("fr", "Je propose de déplacer la fête en juin.", "C'est acté.") == [
        "Déplacer la fête en juin."
    ]
    assert decisions("en", "It rained all day on Sunday.", "Agreed.") == []


def test_a_heading_brings_the_sentence_after_it() -> None:
    assert decisions("en", "Decision.", "The fair moves to the park.") == ["The fair moves to the park."]


def test_a_decision_said_twice_is_one_line_with_two_places() -> None:
    found = found_decisions(
        said(
            "We decided to move the fair to the park.",
            "Fine.",
            "So we decided to move the fair to the park in June.",
        ),
        "en",
    )
    assert [len(one.sentences) for one in found] == [2]


# (turns, owner, due date or None): exactly one action item is expected
EN_ACTIONS: list[tuple[tuple[str, ...], str, date | None]] = [
    (("Ana will send the revised figures by Friday.",), "Ana", date(2025, 11, 21)),
    (("So Ana will prepare the slides.",), "Ana", None),
    (
        ("Marc, can you book the room?", "Yes, I will do it by the third of December."),
        "Marc",
        date(2025, 12, 3),
    ),
    (("Marc, could you please call the printer?", "Sure."), "Marc", None),
    (("Can you write the report, Ana?", "Of course."), "Ana", None),
    (("Daniel, please send us the test report by Friday.",), "Daniel", date(2025, 11, 21)),
    (("I'll take care of the catering.",), "", None),
    (("Ana, where are we with the catering?", "I'll call the caterer tomorrow."), "Ana", date(2025, 11, 19)),
    (("I will update the budget by next Monday.", "Thank you, Robert."), "Robert", date(2025, 11, 24)),
    (("Action item for Ana: collect the signatures.",), "Ana", None),
    (("Action item: Marc to book the hotel by December 3rd.",), "Marc", date(2025, 12, 3)),
    (("Action point, Lisa will draft the contract.",), "Lisa", None),
    (("Marc has to renew the insurance before the end of the month.",), "Marc", date(2025, 11, 30)),
    (("Ana is going to contact the three suppliers.",), "Ana", None),
    (("Paul takes care of the parking permits.",), "Paul", None),
    (("Lisa is responsible for the posters.",), "Lisa", None),
    (("Someone has to book the bus for the trip.", "I'll do it."), "", None),
    (("Ana and Marc will prepare the workshop by Thursday.",), "Ana and Marc", date(2025, 11, 20)),
    (("We need to sign the contract by Friday.",), "", date(2025, 11, 21)),
    (("The design team will prepare three drafts.",), "The design team", None),
    (("I'll check the prices by Wednesday.",), "", date(2025, 11, 19)),
    (("Marc should look at the pricing page before Friday.",), "Marc", date(2025, 11, 21)),
    (("Leo agreed to review the contract.",), "Leo", None),
    (("Ana, will you order the badges by the 28th?", "Okay."), "Ana", date(2025, 11, 28)),
    (("I'll follow up with the city about the permit.",), "", None),
    (("Marc, would you be able to fix the projector?", "No problem."), "Marc", None),
    (("Leo'll send the invoice tomorrow.",), "Leo", date(2025, 11, 19)),
]
EN_NO_ACTIONS = [
    ("I'll run the marathon on Sunday.",),
    ("I'll work from home tomorrow.",),
    ("I'm going to sell my car this weekend.",),
    ("Marc, can you hear me?", "Yes, I can."),
    ("Ana, can you see my screen?", "Yes."),
    ("Marc, can you book the room?", "No, I'm afraid I can't."),
    ("Can you send the report?", "Sorry, that is impossible."),
    ("It will be cold in December.",),
    ("This will take a while.",),
    ("They will send the invoice when they want.",),
    ("I'll be honest with you about the figures.",),
    ("I will start with the budget.",),
    ("Let me see the second slide.",),
    ("I'll show you the numbers.",),
    ("If Ana will send the figures we can start.",),
    ("Will Ana send the figures?",),
    ("Ana sent the figures on Friday.",),
    ("Marc will not send the report.",),
    ("London will be busy on Friday.",),
    ("We should think about the colours.",),
    ("Maybe I will write something about it.",),
    ("I can do that too.",),
    ("Thank you, Robert.",),
    ("The exhibition would cost us another 6,000 euros.",),
    ("Next topic, the budget.", "Robert, where are we?", "We planned 20,000 euros."),
    ("The train will arrive on Friday.",),
    ("What will you do on Friday?", "I will sleep."),
    ("Everybody will send flowers.",),
    ("It needs a few more days of work.",),
]
FR_ACTIONS: list[tuple[tuple[str, ...], str, date | None]] = [
    (("Ana va envoyer les chiffres avant vendredi.",), "Ana", date(2025, 11, 21)),
    (("Marc doit envoyer le devis avant le 3 décembre.",), "Marc", date(2025, 12, 3)),
    (("Sophie s'occupe de la salle pour vendredi.",), "Sophie", date(2025, 11, 21)),
    (("Paul se charge du traiteur.",), "Paul", None),
    (("Marc, tu peux réserver la salle ?", "Oui, je m'en charge."), "Marc", None),
    (("Sophie, pourrais-tu rédiger le compte rendu ?", "D'accord."), "Sophie", None),
    (("Peux-tu appeler le traiteur, Paul ?", "Oui, je le ferai demain."), "Paul", date(2025, 11, 19)),
    (("Je m'occupe de l'affiche.",), "", None),
    (("Je peins le portail samedi.",), "", date(2025, 11, 22)),
    (("Je repasse voir le gardien mardi.",), "", date(2025, 11, 25)),
    (("Qui pourrait la remplacer ?", "Aucune idée.", "Je vais en parler autour de moi."), "", None),
    (("Je vais préparer le budget pour lundi.", "Merci, Claire."), "Claire", date(2025, 11, 24)),
    (("Claire, où en est le budget ?", "Je vais envoyer le tableau demain."), "Claire", date(2025, 11, 19)),
    (("Action pour Marc : relancer le fournisseur.",), "Marc", None),
    (("Action : Sophie doit imprimer les tracts.",), "Sophie", None),
    (("Julie enverra la liste d'ici la fin du mois.",), "Julie", date(2025, 11, 30)),
    (("Il faut signer le contrat avant jeudi.",), "", date(2025, 11, 20)),
    (("On doit commander les badges avant la fin de la semaine.",), "", date(2025, 11, 21)),
    (("Qui peut réserver le car ?", "Je m'en occupe."), "", None),
    (("Luc prépare les affiches pour lundi.",), "Luc", date(2025, 11, 24)),
    (("Vous pouvez relire le contrat, Hélène ?", "Bien sûr."), "Hélène", None),
    (("Hélène est chargée de contacter la mairie.",), "Hélène", None),
    (("J'enverrai le document cet après-midi.",), "", TOLD),
    (("Je me charge des invitations.",), "", None),
    (("Ana et Marc vont préparer l'atelier.",), "Ana et Marc", None),
    (("Paul, il faut que tu prépares la salle.", "Paul doit préparer la salle."), "Paul", None),
    (("Élodie prendra contact avec le maire.",), "Élodie", None),
    (("L'équipe technique va installer les micros.",), "L'équipe technique", None),
    (("À faire : réserver le parking.",), "", None),
]
FR_NO_ACTIONS = [
    ("Marc, tu m'entends ?", "Oui, très bien."),
    ("Sophie, tu peux réserver la salle ?", "Non, désolée."),
    ("Marc, tu peux appeler le traiteur ?", "Je ne peux pas cette semaine."),
    ("Il va faire froid en décembre.",),
    ("Ça va prendre du temps.",),
    ("Je vais commencer par le budget.",),
    ("Je vais vous montrer les chiffres.",),
    ("Ana a envoyé les chiffres vendredi.",),
    ("Si Paul envoie le devis, on pourra commencer.",),
    ("Est-ce que Marc va envoyer le devis ?",),
    ("Marc ne va pas envoyer le devis.",),
    ("Peut-être que je vais écrire au maire.",),
    ("On va parler du budget.",),
    ("Merci, Claire.",),
    ("Paris va accueillir les jeux.",),
    ("Les gens vont envoyer des fleurs.",),
    ("Je suis d'accord avec toi.",),
    ("Nous avons reçu trois devis lundi.",),
    ("Le train arrive vendredi.",),
    ("Je ne pense pas que ça marche.",),
    ("C'est Paul qui avait préparé la salle.",),
    ("Tu vois mon écran ?", "Oui."),
    ("L'affiche est très belle.",),
    ("Je crois que j'envoie trop de messages le lundi.",),
    ("Je viendrais volontiers, mais je travaille le mardi.",),
    ("Le quatre décembre, je note.",),
    ("On a acté que le carrelage serait posé en diagonale, je le rappelle pour le compte rendu.",),
    ("Je déménage à Lyon le mois prochain.",),
    ("Je change de téléphone lundi.",),
    ("Je passe mon permis jeudi.",),
    ("Je joue au tennis samedi.",),
    ("Je prends le train de huit heures demain.",),
    ("Je travaille à la maison demain.",),
    ("Je visite un appartement samedi.",),
    ("Je garde ma nièce mercredi.",),
    ("Je regarde le match samedi.",),
    ("Je pars demain.",),
    ("Tu entends la musique ?", "Oui, très bien."),
    ("Bonjour, on commence demain.",),
    ("La mairie nous a donné son accord.",),
]


@pytest.mark.parametrize(("turns", "owner", "due"), EN_ACTIONS)
def test_english_action_items(turns: tuple[str, ...], owner: str, due: date | None) -> None:
    assert [(one.owner, one.due) for one in actions("en", *turns)] == [(owner, due)]


@pytest.mark.parametrize("turns", EN_NO_ACTIONS)
def test_no_english_action_is_invented(turns: tuple[str, ...]) -> None:
    assert actions("en", *turns) == []


@pytest.mark.parametrize(("turns", "owner", "due"), FR_ACTIONS)
def test_french_action_items(turns: tuple[str, ...], owner: str, due: date | None) -> None:
    assert [(one.owner, one.due) for one in actions("fr", *turns)] == [(owner, due)]


@pytest.mark.parametrize("turns", FR_NO_ACTIONS)
def test_no_french_action_is_invented(turns: tuple[str, ...]) -> None:
    assert actions("fr", *turns) == []


def test_who_asks_does_not_accept_though_nobody_has_a_name() -> None:
    turns = ("Marc, can you book the room?", "Yes, I will do that.")
    segments = [Segment(10.0 * n, 10.0 * n + 8, turn, id=n + 1) for n, turn in enumerate(turns)]

    def answered(*speakers: int) -> bool:
        by_voice = [replace(one, speaker_id=who) for one, who in zip(segments, speakers, strict=True)]
        found = action_items(split(Text(by_voice)), "en", TOLD)
        return any(len(one.sentences) == 2 for one in found)

    assert answered(1, 2)
    assert not answered(1, 1)


def test_a_task_knows_the_words_by_which_it_was_taken_on() -> None:
    turns = ("Can you book the hall by Friday?", "Yes, I will do that.", "I'll write the report by Monday.")
    segments = [
        Segment(10.0 * n, 10.0 * n + 8, turn, id=n + 1, speaker_id=who)
        for n, (turn, who) in enumerate(zip(turns, (1, 2, 1), strict=True))
    ]
    found = action_items(split(Text(segments)), "en", TOLD)
    assert [(one.owner, one.taken.index) for one in found if one.taken] == [("", 1), ("", 2)]


def test_the_same_words_of_two_voices_are_two_tasks() -> None:
    segments = [
        Segment(10.0 * n, 10.0 * n + 8, "I'll send the budget report by Monday.", id=n + 1, speaker_id=who)
        for n, who in enumerate((1, 2, 2))
    ]
    found = action_items(split(Text(segments)), "en", TOLD)
    assert [len(one.sentences) for one in found] == [1, 2]


def test_a_label_says_who_i_is() -> None:
    sentences = said("Who books the hall?", "I'll book the hall by Friday.", speakers=("Ana", "Marc"))
    assert [one.owner for one in action_items(sentences, "en", TOLD)] == ["Marc"]


def test_a_recap_adds_a_place_and_the_owner_not_a_line() -> None:
    found = actions(
        "en",
        "I will update the budget and send it to the finance team by next Monday.",
        "Anything else about money?",
        "No.",
        "Robert will send the new budget to the finance team by next Monday.",
    )
    assert [(one.owner, len(one.sentences)) for one in found] == [("Robert", 2)]


EN_QUESTIONS = [
    ("We still don't know whether the hall is free.",),
    ("Open question: who pays for the buses?",),
    ("It remains to be seen whether the city agrees to the tent.",),
    ("Who will answer the phone on Saturdays?", "I don't know yet."),
    ("Do we need a second stage?", "Good question, let's come back to that."),
    ("How much does the insurance cost?", "That's still open."),
    ("We haven't decided who speaks at the opening.",),
    ("We still need to find out which permit the fair needs.",),
    ("The question is whether the museum opens on Sunday.",),
    ("It's not clear yet whether the sponsor stays.",),
]
EN_NO_QUESTIONS = [
    ("Is the hall free?", "Yes, I called them yesterday."),
    ("Can you hear me?", "I don't know."),
    ("Are there any open questions?", "No."),
    ("We know what the sponsor wants.",),
    ("How are you?", "Fine."),
    ("We still don't know whether the hall is free.", "Actually it is, I called yesterday."),
    ("What time is the train?", "At nine."),
    ("There are no open questions left.",),
    ("I don't know if that makes sense.",),
    ("The shop is open on Sunday.",),
]
FR_QUESTIONS = [
    ("Il reste à savoir si la mairie accepte.",),
    ("On ne sait pas encore si la salle est libre.",),
    ("Question ouverte : qui paie les cars ?",),
    ("Qui va répondre au téléphone le samedi ?", "Je ne sais pas encore."),
    ("Combien coûte l'assurance ?", "Bonne question, on en reparle."),
    ("On n'a pas encore décidé du prix des billets.",),
    ("La question est de savoir si le musée ouvre le dimanche.",),
    ("Reste à définir le nombre de bénévoles.",),
    ("Personne ne sait combien de gens viendront.",),
    ("Le prix des billets, ça reste à définir.",),
]
FR_NO_QUESTIONS = [
    ("La salle est libre ?", "Oui, j'ai appelé hier."),
    ("Il n'y a plus de questions ouvertes.",),
    ("Tu m'entends ?", "Je ne sais pas."),
    ("On ne sait pas encore si la salle est libre.", "En fait, elle est libre."),
    ("Je ne sais pas si tu as vu mon message.",),
    ("À quelle heure part le train ?", "À neuf heures."),
    ("Le magasin est ouvert le dimanche.",),
    ("Ça va ?", "Oui."),
    ("Avez-vous d'autres questions ?", "Non."),
    ("On sait ce que veut la mairie.",),
]


@pytest.mark.parametrize("turns", EN_QUESTIONS)
def test_english_open_questions(turns: tuple[str, ...]) -> None:
    assert len(questions("en", *turns)) == 1


@pytest.mark.parametrize("turns", EN_NO_QUESTIONS)
def test_answered_english_questions_are_not_open(turns: tuple[str, ...]) -> None:
    assert questions("en", *turns) == []


@pytest.mark.parametrize("turns", FR_QUESTIONS)
def test_french_open_questions(turns: tuple[str, ...]) -> None:
    assert len(questions("fr", *turns)) == 1


@pytest.mark.parametrize("turns", FR_NO_QUESTIONS)
def test_answered_french_questions_are_not_open(turns: tuple[str, ...]) -> None:
    assert questions("fr", *turns) == []


@pytest.mark.parametrize(
    ("language", "turns"),
    [
        ("en", ("Agreed, we will fund request number 7.", "Agreed, we will fund request number 8.")),
        ("en", ("We decided to buy 12 lamps for the stage.", "We decided to buy 12 lamps for the foyer.")),
        ("en", ("We decided to let the cellar to the club.", "We decided not to let the attic to the club.")),
        ("fr", ("C'est décidé, on retient l'offre numéro 3.", "C'est décidé, on rejette l'offre numéro 4.")),
        ("fr", ("On a décidé de payer 80 euros au clown.", "On a décidé de payer 80 euros au magicien.")),
    ],
)
def test_decisions_that_only_sound_alike_stay_apart(language: str, turns: tuple[str, ...]) -> None:
    found = found_decisions(said(*turns), language)
    assert [[one.index for one in decision.sentences] for decision in found] == [[0], [1]]


def test_tasks_that_only_sound_alike_stay_apart() -> None:
    found = actions(
        "en", "I'll ring the printer in Bath tomorrow.", "I'll ring the printer in Hull tomorrow."
    )
    assert len(found) == 2


def test_a_task_is_for_the_day_that_was_named_last() -> None:
    turns = ("I'll order the wood by Thursday.", "Hm.", "I'll order the wood by Monday.")
    found = action_items(said(*turns, speakers=("Ana", "Marc", "Ana")), "en", TOLD)
    assert [one.due for one in found] == [date(2025, 11, 24)]


OWN_TASKS = [
    (
        "en",
        ("Nora, could you warn the tenants?", "Yes. I will also sell the piano by the end of the month."),
        [("Warn the tenants.", None), ("Sell the piano by the end of the month.", date(2025, 11, 30))],
    ),
    (
        "en",
        ("Nora, can you print the cards by Friday?", "Sure, and I'll rent the tent for the 9th of December."),
        [
            ("Print the cards by Friday.", date(2025, 11, 21)),
            ("Rent the tent for the 9th of December.", date(2025, 12, 9)),
        ],
    ),
    (
        "fr",
        ("Nora, tu peux appeler le plombier ?", "Oui, et je réserve la grue pour le 9 décembre."),
        [("Appeler le plombier.", None), ("Réserver la grue pour le 9 décembre.", date(2025, 12, 9))],
    ),
]


@pytest.mark.parametrize(("language", "turns", "tasks"), OWN_TASKS)
def test_who_agrees_and_takes_on_something_else_has_two_tasks(
    language: str, turns: tuple[str, ...], tasks: list[tuple[str, date | None]]
) -> None:
    found = action_items(said(*turns, speakers=("Ida", "Nora")), language, TOLD)
    assert [(one.text, one.due) for one in found] == tasks
    assert {one.owner for one in found} == {"Nora"}


def test_a_sentence_with_two_tasks_gives_two() -> None:
    found = actions(
        "en", "Omar will clean the fence by Thursday, and Lea will repair the heating by next Monday."
    )
    assert [(one.owner, one.due) for one in found] == [
        ("Omar", date(2025, 11, 20)),
        ("Lea", date(2025, 11, 24)),
    ]


def test_what_one_misses_is_no_task_of_whoever_speaks_next() -> None:
    turns = ("Il nous faut un nouveau four.", "Je prépare deux affiches d'ici vendredi.")
    found = action_items(said(*turns, speakers=("Ida", "Omar")), "fr", TOLD)
    assert [(one.owner, one.text) for one in found] == [("Omar", "Préparer deux affiches d'ici vendredi.")]


TAKEN_BACK = [
    (
        "en",
        ("We decided to rent the barn from Miller.", "No wait, we decided not to rent the barn from Miller."),
        [(1, "No wait, we decided not to rent the barn from Miller.")],
    ),
    (
        "en",
        ("Agreed, we will name it Compass.", "Oh.", "Then forget Compass, we will name it Anchor instead."),
        [(2, "Forget Compass, we will name it Anchor instead.")],
    ),
    (
        "en",
        (
            "We decided to meet on the first Tuesday of the month.",
            "Let's meet on Thursdays instead of Tuesdays.",
        ),
        [(1, "Let's meet on Thursdays instead of Tuesdays.")],
    ),
    (
        "fr",
        (
            "C'est décidé, on l'appelle Le Moulin.",
            "Alors on laisse tomber Le Moulin, on l'appelle La Source.",
        ),
        [(1, "On laisse tomber Le Moulin, on l'appelle La Source.")],
    ),
    (
        "fr",
        (
            "On a décidé de faire le bal le samedi 12 juin.",
            "On garde l'orchestre de Tours, c'est acté.",
            "Finalement, pour le bal, le 12 c'est pris, donc on le décale au 19 juin.",
        ),
        [
            (1, "On garde l'orchestre de Tours, c'est acté."),
            (2, "Finalement, pour le bal, le 12 c'est pris, donc on le décale au 19 juin."),
        ],
    ),
]


@pytest.mark.parametrize(("language", "turns", "left"), TAKEN_BACK)
def test_a_decision_that_is_taken_back_gives_way(
    language: str, turns: tuple[str, ...], left: list[tuple[int, str]]
) -> None:
    found = found_decisions(said(*turns), language)
    assert [(one.sentences[0].index, one.text) for one in found] == left


@pytest.mark.parametrize("word", ["aussi ", ""])
def test_another_decision_takes_nothing_back(word: str) -> None:
    turns = (
        "On a décidé de donner 300 euros au judo.",
        f"Finalement, on a décidé de donner {word}200 euros à la danse.",
    )
    assert len(found_decisions(said(*turns), "fr")) == 2


@pytest.mark.parametrize(("answer", "left"), [("Fine.", [2]), ("No, brown is dull.", [0])])
def test_what_is_taken_back_by_itself_counts_where_nobody_objects(answer: str, left: list[int]) -> None:
    turns = ("We decided to paint the porch red.", "Hm.", "No wait, let's paint the porch brown.", answer)
    found = found_decisions(said(*turns, speakers=("Nora", "Omar", "Nora", "Omar")), "en")
    assert [one.sentences[0].index for one in found] == left


@pytest.mark.parametrize(
    ("language", "turns", "owners"),
    [
        ("en", ("I'll sign the lease by Monday.", "Then I won't sign anything."), []),
        ("en", ("I'll sign the lease by Monday.", "I can't reach the bank today."), ["Ana"]),
        ("fr", ("Je vais rédiger le rapport.", "Finalement je ne peux pas rédiger le rapport."), []),
    ],
)
def test_a_task_that_is_given_back_is_none(language: str, turns: tuple[str, ...], owners: list[str]) -> None:
    found = action_items(said(*turns, speakers=("Ana", "Ana")), language, TOLD)
    assert [one.owner for one in found] == owners


@pytest.mark.parametrize(
    ("language", "turns", "text"),
    [
        (
            "en",
            ("I move that we lock the gate at nine.", "Five for, none against.", "The motion is carried."),
            "We lock the gate at nine.",
        ),
        (
            "fr",
            ("Je propose de fermer le gymnase le 2 mai.", "La proposition est adoptée."),
            "Fermer le gymnase le 2 mai.",
        ),
        (
            "fr",
            (
                "Les coureurs veulent dix maillots.",
                "Je propose six maillots.",
                "Pour.",
                "Adopté à l'unanimité.",
            ),
            "Les coureurs veulent dix maillots. Six maillots.",
        ),
        (
            "en",
            ("I'd like to propose that we paint the shed green.", "All in favour?", "Aye.", "Carried."),
            "We paint the shed green.",
        ),
    ],
)
def test_a_motion_that_is_carried_decides_what_it_says(
    language: str, turns: tuple[str, ...], text: str
) -> None:
    assert decisions(language, *turns) == [text]
    speakers = ("Ana", "Marc", "Lea", "Ana")[: len(turns)]
    assert action_items(said(*turns, speakers=speakers), language, TOLD) == []


@pytest.mark.parametrize(
    ("language", "turns", "texts"),
    [
        (
            "en",
            (
                "I move that we lock the gate at nine.",
                "All in favour?",
                "Aye.",
                "Two for, so the motion is lost.",
            ),
            ["I move that we lock the gate at nine. Two for, so the motion is lost."],
        ),
        (
            "fr",
            (
                "Je propose de fermer le gymnase le 2 mai.",
                "La motion est rejetée par cinq voix contre trois.",
            ),
            ["Je propose de fermer le gymnase le 2 mai. La motion est rejetée par cinq voix contre trois."],
        ),
        (
            "fr",
            ("Je propose de fermer le gymnase le 2 mai.", "La proposition n'est pas adoptée."),
            ["Je propose de fermer le gymnase le 2 mai. La proposition n'est pas adoptée."],
        ),
        (
            "en",
            (
                "We decided to hold the fair in April.",
                "I move that we hold the fair in May instead of April.",
                "The motion is defeated.",
            ),
            [
                "We decided to hold the fair in April.",
                "I move that we hold the fair in May instead of April. The motion is defeated.",
            ],
        ),
        (
            "fr",
            ("Je propose cinq euros le mètre.", "Rejeté.", "Je propose trois euros le mètre.", "Adopté."),
            ["Je propose cinq euros le mètre. Rejeté.", "Trois euros le mètre."],
        ),
        ("en", ("I move that we sell the piano.", "It was lost by one vote last year."), []),
        ("en", ("I suggest we look for the key.", "If it's lost, we need a new one."), []),
        ("en", ("I propose we use the old key.", "It's lost."), []),
    ],
)
def test_a_motion_that_is_lost_says_so_and_decides_nothing(
    language: str, turns: tuple[str, ...], texts: list[str]
) -> None:
    assert decisions(language, *turns) == texts


def test_a_verdict_needs_nothing_before_it() -> None:
    turns = ("Le dossier 24 concerne la terrasse du café.", "C'est décidé, on accepte le dossier numéro 24.")
    assert decisions("fr", *turns) == ["C'est décidé, on accepte le dossier numéro 24."]


@pytest.mark.parametrize(
    ("language", "turns", "left"),
    [
        (
            "en",
            ("We decided to hold the fair in April.", "Hm.", "We'll postpone it until May."),
            ["We decided to hold the fair in April. We'll postpone it until May."],
        ),
        (
            "en",
            (
                "We decided to hold the fair in April.",
                "The newsletter is late.",
                "We'll postpone it until May.",
            ),
            ["We decided to hold the fair in April."],
        ),
        (
            "en",
            (
                "We decided that the fair is on the 4th of April.",
                "We decided to hold the fair on the 11th of April.",
            ),
            ["We decided to hold the fair on the 11th of April."],
        ),
        (
            "fr",
            (
                "On a décidé de payer l'orchestre 300 euros.",
                "Finalement, on a décidé de payer l'orchestre 400 euros.",
            ),
            ["Finalement, on a décidé de payer l'orchestre 400 euros."],
        ),
        (
            "en",
            (
                "We decided to hold the review on Tuesday.",
                "Lena is away.",
                "Okay, the review is on Wednesday, then.",
            ),
            ["The review is on Wednesday, then."],
        ),
        (
            "fr",
            ("On a décidé que la réunion est mardi.", "Bon, la réunion est mercredi, alors."),
            ["La réunion est mercredi, alors."],
        ),
        (
            "en",
            ("We decided to open the shop on Tuesday.", "We decided to open the shop on Wednesday."),
            ["We decided to open the shop on Tuesday.", "We decided to open the shop on Wednesday."],
        ),
        (
            "en",
            ("We decided to hold the review on Tuesday.", "So Lena is at the review on Wednesday."),
            ["We decided to hold the review on Tuesday."],
        ),
        (
            "en",
            ("We decided to pay the band 300 pounds.", "We decided to pay the choir 400 pounds."),
            ["We decided to pay the band 300 pounds.", "We decided to pay the choir 400 pounds."],
        ),
        (
            "en",
            ("We decided to fund the request number 7.", "We decided to fund the request number 8."),
            ["We decided to fund the request number 7.", "We decided to fund the request number 8."],
        ),
        (
            "en",
            ("We decided to close the pool on 24 December.", "We decided to close the pool on 31 December."),
            ["We decided to close the pool on 24 December.", "We decided to close the pool on 31 December."],
        ),
        (
            "en",
            ("We decided to hold a talk on the 4th of May.", "We decided to hold a talk on the 9th of May."),
            ["We decided to hold a talk on the 4th of May.", "We decided to hold a talk on the 9th of May."],
        ),
        (
            "en",
            (
                "We decided to pay the first bill of 300 pounds.",
                "We decided to pay the last bill of 400 pounds.",
            ),
            [
                "We decided to pay the first bill of 300 pounds.",
                "We decided to pay the last bill of 400 pounds.",
            ],
        ),
    ],
)
def test_of_the_same_thing_settled_twice_the_last_counts(
    language: str, turns: tuple[str, ...], left: list[str]
) -> None:
    assert decisions(language, *turns) == left


THINGS = [
    ("en", ("Priya, can you get the insurance figures?", "I can't, I'm away.", "I'll get them by Friday."),
     "The insurance figures. Get them by Friday."),
    ("en", ("Then the slides.", "Omar, could you send them to Nora by Friday?", "Sure."),
     "The slides. Send them to Nora by Friday."),
    ("fr", ("Il faut demander les chiffres de l'assurance.", "Bon.", "Je les demande d'ici vendredi."),
     "Les chiffres de l'assurance. Les demander d'ici vendredi."),
    ("en", ("Can you get the key?", "I can't.", "I'll get them by Friday."), "Get them by Friday."),
    ("en", ("Can you give the report to the bank?", "I can't.", "I'll do it by Friday."), "I'll do it by Friday."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "turns", "text"), THINGS)
def test_a_task_names_what_it_calls_them(language: str, turns: tuple[str, ...], text: str) -> None:
    found = action_items(said(*turns, speakers=("Nora", "Nora", "Omar")), language, TOLD)
    assert [one.text for one in found][-1] == text


@pytest.mark.parametrize(
    ("language", "turns", "texts"),
    [
        (
            "en",
            ("Omar, send the figures to the bank by Friday and call the insurer.", "Will do."),
            [("Send the figures to the bank by Friday.", date(2025, 11, 21)), ("Call the insurer.", None)],
        ),
        (
            "en",
            ("Could you print the cards and book the hall, Omar?", "Sure."),
            [("Print the cards.", None), ("Book the hall.", None)],
        ),
        (
            "en",
            ("Omar, ring the caretaker and book the hall, would you?", "Will do."),
            [("Ring the caretaker.", None), ("Book the hall.", None)],
        ),
        (
            "en",
            ("Omar, send the slides and book the room by Friday.", "Will do."),
            [
                ("Send the slides by Friday.", date(2025, 11, 21)),
                ("Book the room by Friday.", date(2025, 11, 21)),
            ],
        ),
        (
            "en",
            ("Omar, send the slides and book the room for Friday.", "Will do."),
            [("Send the slides.", None), ("Book the room for Friday.", date(2025, 11, 21))],
        ),
        (
            "fr",
            ("Omar, envoie les chiffres et appelle la banque avant jeudi.", "Ça marche."),
            [
                ("Envoyer les chiffres avant jeudi.", date(2025, 11, 20)),
                ("Appeler la banque avant jeudi.", date(2025, 11, 20)),
            ],
        ),
        (
            "en",
            ("Omar, print the cards and send them.", "Will do."),
            [("Print the cards and send them.", None)],
        ),
        (
            "fr",
            ("Omar, envoie les chiffres et appelle la banque.", "Ça marche."),
            [("Envoyer les chiffres.", None), ("Appeler la banque.", None)],
        ),
        (
            "fr",
            ("Tu peux imprimer les cartes et réserver la salle, Omar ?", "Bien sûr."),
            [("Imprimer les cartes.", None), ("Réserver la salle.", None)],
        ),
    ],
)
def test_two_requests_in_one_sentence_are_two_tasks(
    language: str, turns: tuple[str, ...], texts: list[tuple[str, date | None]]
) -> None:
    found = action_items(said(*turns, speakers=("Nora", "Omar")), language, TOLD)
    assert [(one.text, one.due) for one in found] == texts
    assert {one.owner for one in found} == {"Omar"}


@pytest.mark.parametrize(
    ("promise", "task"),
    [
        ("J'envoie le devis vendredi.", "Envoyer le devis vendredi."),
        ("Je réserve la salle demain.", "Réserver la salle demain."),
        ("Je vous transmets les photos d'ici lundi.", "Transmettre les photos d'ici lundi."),
        ("Je finirai le rapport d'ici lundi.", "Finir le rapport d'ici lundi."),
        ("J'enverrai le devis vendredi.", "Envoyer le devis vendredi."),
        ("Je nettoie la scène lundi.", "Nettoyer la scène lundi."),
        ("Je complète le dossier lundi.", "Compléter le dossier lundi."),
        ("Je m'occupe des badges.", "S'occuper des badges."),
        ("Je préviens la mairie demain.", "Prévenir la mairie demain."),
        ("Je vous appelle lundi.", "Je vous appelle lundi."),
        ("J'envoie mon rapport lundi.", "J'envoie mon rapport lundi."),
    ],
)
def test_a_french_promise_is_written_in_the_infinitive_where_that_is_certain(promise: str, task: str) -> None:
    (found,) = action_items(said(promise, speakers=("Luc",)), "fr", TOLD)
    assert (found.owner, found.text) == ("Luc", task)


def test_what_another_will_do_is_a_task_with_its_day_and_the_yes_belongs_to_it() -> None:
    turns = ("Marc repeindra la barrière avant le 10 décembre.", "Oui, je la fais en vert.")
    found = action_items(said(*turns, speakers=("Ana", "Marc")), "fr", TOLD)
    assert [(one.owner, one.due, len(one.sentences)) for one in found] == [("Marc", date(2025, 12, 10), 2)]


@pytest.mark.parametrize(
    ("turns", "open_ones"),
    [
        (
            ("Should we rent or buy the projector?", "I don't think we can settle that today."),
            ["Should we rent or buy the projector?"],
        ),
        (
            ("What shall we do with the broken benches?", "Let's talk about that next time."),
            ["What shall we do with the broken benches?"],
        ),
        (("What about the boiler?", "I got three offers.", "The fourth firm never answered my letter."), []),
    ],
)
def test_what_is_put_off_is_open_and_what_is_answered_is_not(
    turns: tuple[str, ...], open_ones: list[str]
) -> None:
    assert questions("en", *turns) == open_ones


@pytest.mark.parametrize(
    ("language", "turns", "text"),
    [
        (
            "en",
            (
                "I'll write the speech by Monday.",
                "I can't write the speech after all, I'm away. Nora, can you do it?",
                "Yes, I'll do it, by Thursday.",
            ),
            "Write the speech.",
        ),
        (
            "fr",
            (
                "Je rédige le discours d'ici lundi.",
                "Finalement je ne peux pas rédiger le discours. Nora, tu peux t'en charger ?",
                "Oui, je m'en charge, d'ici jeudi.",
            ),
            "Rédiger le discours.",
        ),
    ],
)
def test_a_task_that_is_handed_over_keeps_its_words(language: str, turns: tuple[str, ...], text: str) -> None:
    found = action_items(said(*turns, speakers=("Omar", "Omar", "Nora")), language, TOLD)
    assert [(one.owner, one.text, one.due) for one in found] == [("Nora", text, date(2025, 11, 20))]


def test_what_one_takes_on_by_will_do_is_theirs() -> None:
    turns = ("So we close the shed, and Omar asks three builders by mid March.", "Will do.")
    found = action_items(said(*turns, speakers=("Nora", "Omar")), "en", TOLD)
    assert [(one.owner, one.text) for one in found] == [("Omar", "Omar asks three builders by mid March.")]
    assert action_items(said(*turns, speakers=("Nora", "Ida")), "en", TOLD) == []


@pytest.mark.parametrize(
    ("language", "turns", "text"),
    [
        (
            "en",
            ("We rent the barn from Miller, is everybody okay with that?", "Yes."),
            "We rent the barn from Miller.",
        ),
        (
            "fr",
            ("Bon, on loue la grange de Martin, tout le monde est d'accord ?", "Oui."),
            "On loue la grange de Martin.",
        ),
    ],
)
def test_a_question_that_says_what_it_asks_consent_for_is_decided_by_yes(
    language: str, turns: tuple[str, ...], text: str
) -> None:
    def of(*said_: str) -> list[str]:
        return [one.text for one in found_decisions(said(*said_, speakers=("Nora", "Omar")), language)]

    assert of(*turns) == [text]
    assert of(turns[0], {"en": "No, it's too far.", "fr": "Non, c'est trop loin."}[language]) == []


def test_a_decision_that_leans_on_another_is_a_line_of_its_own() -> None:
    turns = ("We decided to send the letter on Monday.", "We decided to send it by courier to the bank.")
    assert [len(one.sentences) for one in found_decisions(said(*turns), "en")] == [1, 1]


def test_a_day_of_something_else_in_the_answer_is_not_the_day_of_what_was_asked() -> None:
    turns = ("Omar, please book the room.", "I'll do that and print the badges by Monday.")
    found = action_items(said(*turns, speakers=("Nora", "Omar")), "en", TOLD)
    assert [(one.text, one.due) for one in found] == [("Book the room.", None)]


@pytest.mark.parametrize(
    ("language", "turn", "tells"),
    [
        ("en", "We have three topics today, the roof, the budget and the new site.", True),
        ("fr", "Nous avons trois sujets aujourd'hui, le toit, le budget et le nouveau site.", True),
        ("en", "There are two things, I think we should all go home now.", False),
    ],
)
def test_the_topics_are_told_in_one_sentence_also_without_a_colon(
    language: str, turn: str, tells: bool
) -> None:
    sentences = said(turn, *["And so it goes on."] * 6)
    assert agenda.programme(sentences, language) == (sentences[0] if tells else None)
