# ruff: noqa: E501  a pattern reads best whole
"""What one takes on or asks for: the verbs of tasks, and their forms, in English and French, as parts of patterns."""

from __future__ import annotations

import re

_VERBS = {
    "en": """
send email mail forward prepare write draft update finish complete finalise finalize book organise organize
arrange schedule call contact phone order buy purchase deliver submit review proofread fix implement deploy
test design create build document collect gather invite publish post print circulate distribute compile
translate rewrite revise negotiate register reserve install migrate recruit hire investigate analyse analyze
research clean repair replace upload handle notify inform sign file pay renew cancel measure produce provide
hand bring coordinate set_up follow_up look_into find_out reach_out work_on take_care own lead chair design
check_with talk_to speak_to speak_with talk_with get_back come_back report_back get_in_touch put_together
draw_up write_up sort_out type_up pick_up set_out make_sure take_the_lead take_the_action take_that
take_this take_on do_that do_it ring chase ping nudge text message
    """,
    "fr": """
envoyer transmettre preparer rediger ecrire finir terminer finaliser reserver organiser planifier appeler
contacter commander acheter livrer soumettre relire corriger reparer tester concevoir creer construire
documenter rassembler recueillir inviter publier imprimer diffuser distribuer compiler traduire reviser
negocier inscrire installer migrer recruter embaucher analyser nettoyer remplacer informer prevenir relancer
signer payer renouveler annuler mesurer produire fournir apporter coordonner chiffrer valider mettre_a_jour
faire_un faire_une faire_le faire_la faire_les se_renseigner prendre_contact prendre_rendez
prendre_en_charge s'occuper se_charger s'en_occuper s'en_charger etablir actualiser remettre deposer poster
telephoner rechercher completer boucler collecter lister estimer
    """,
}
# With these a commitment counts only together with a due date: "I'll check" may be done on the spot.
_WEAK_VERBS = {
    "en": "check present report remind summarise summarize confirm brief compare explain read ask see share do make get give put start try talk speak find add look take show meet decide think have bring come choose visit move go",
    "fr": "presenter confirmer rappeler repondre afficher demander verifier partager comparer expliquer lire voir faire donner mettre essayer parler trouver ajouter regarder prendre montrer rencontrer reflechir passer choisir aller proposer avoir tenir",
}


def _alternatives(words: str) -> str:
    return "|".join(word.replace("_", " ") for word in sorted(words.split(), key=len, reverse=True))


def _futures(infinitives: str) -> str:
    """The future stems of regular French infinitives, and of the irregular ones used here."""
    irregular = {
        "envoyer": "enverr",
        "faire": "fer",
        "voir": "verr",
        "avoir": "aur",
        "aller": "ir",
        "tenir": "tiendr",
        "prevenir": "previendr",
    }
    irregular |= {
        "appeler": "appeller",
        "rappeler": "rappeller",
        "renouveler": "renouveller",
        "payer": "paier",
    }
    stems: list[str] = []
    for phrase in infinitives.split():
        if "'" in phrase or phrase.startswith("se_"):
            continue
        verb, *rest = phrase.split("_")
        stem = irregular.get(verb, verb.removesuffix("e"))
        stems.append(" ".join([stem + "(?:ai|a|ons|ez|as|ont)", *rest]))
    return "|".join(sorted(stems, key=len, reverse=True))


def _presents(infinitives: str) -> str:
    """The singular present of regular -er and the listed irregular French verbs: 'envoie', 'finit'."""
    irregular = {
        "envoyer": "envoie",
        "faire": "fai[st]",
        "ecrire": "ecri[st]",
        "finir": "fini[st]",
        "transmettre": "transmets?",
        "prevenir": "previen[st]",
        "inscrire": "inscri[st]",
        "traduire": "tradui[st]",
    }
    irregular |= {
        "appeler": "appelle",
        "rappeler": "rappelle",
        "relire": "reli[st]",
        "prendre": "prends?",
        "mettre": "mets?",
        "remettre": "remets?",
        "soumettre": "soumets?",
        "repondre": "reponds?",
    }
    forms = []
    for phrase in infinitives.split():
        verb, *rest = phrase.split("_")
        if "'" in verb or verb == "se" or not (verb in irregular or verb.endswith("er")):
            continue
        forms.append(" ".join([irregular.get(verb, verb.removesuffix("r")), *rest]))
    return "|".join(sorted(forms, key=len, reverse=True))


STRONG_FUTURES_FR, WEAK_FUTURES_FR = _futures(_VERBS["fr"]), _futures(_WEAK_VERBS["fr"])
STRONG_PRESENTS_FR, WEAK_PRESENTS_FR = _presents(_VERBS["fr"]), _presents(_WEAK_VERBS["fr"])
PRESENTS_FR = f"{STRONG_PRESENTS_FR}|{WEAK_PRESENTS_FR}"
"""How French verbs of those stand in the singular of the present, and as an order."""


STRONG_EN, WEAK_EN = _alternatives(_VERBS["en"]), _alternatives(_WEAK_VERBS["en"])
STRONG_FR, WEAK_FR = _alternatives(_VERBS["fr"]), _alternatives(_WEAK_VERBS["fr"])
VERBS = {"en": f"{STRONG_EN}|{WEAK_EN}", "fr": f"{STRONG_FR}|{WEAK_FR}"}
"""What one takes on or is asked for, as alternatives of a pattern."""
ING = (
    r"(?:"
    + "|".join(re.sub("e$", "", verb) + "(?:t)?ing" for verb in _VERBS["en"].split() if "_" not in verb)
    + ")"
)
"""The "-ing" of English verbs of tasks."""
