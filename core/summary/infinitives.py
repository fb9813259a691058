"""French verbs back to their infinitives: "j'envoie" and "j'enverrai" are "envoyer". Pure.

A task is written down in the infinitive. Only what is certain is turned round: verbs in -er by their rules, of the
others those that are listed.
"""

from __future__ import annotations

import re
from functools import cache

# The infinitive, then the forms of it that its rule does not give.
_IRREGULAR = """
envoyer enverrai, renvoyer renverrai, faire fais ferai, refaire refais referai, défaire défais déferai,
voir vois verrai, revoir revois reverrai, aller irai, tenir tiens tiendrai,
prévenir préviens préviendrai, revenir reviens reviendrai, venir viens viendrai, obtenir obtiens obtiendrai,
maintenir maintiens maintiendrai, retenir retiens retiendrai, appeler appelle appellerai,
rappeler rappelle rappellerai, renouveler renouvelle renouvellerai, jeter jette jetterai,
projeter projette projetterai, acheter achète achèterai, amener amène amènerai, ramener ramène ramènerai,
emmener emmène emmènerai, mener mène mènerai, relever relève relèverai, lever lève lèverai,
enlever enlève enlèverai, peser pèse pèserai, compléter complète complèterai, régler règle règlerai,
répéter répète répèterai, gérer gère gèrerai, récupérer récupère récupèrerai,
transférer transfère transfèrerai, intégrer intègre intègrerai, écrire écris, décrire décris, inscrire inscris,
lire lis, relire relis, dire dis, redire redis, finir finis, fournir fournis, établir établis, choisir choisis,
remplir remplis, réunir réunis, définir définis, avertir avertis, réfléchir réfléchis, transmettre transmets,
mettre mets, remettre remets, promettre promets, soumettre soumets, prendre prends, reprendre reprends,
apprendre apprends, répondre réponds, vendre vends, rendre rends, attendre attends, descendre descends,
produire produis, traduire traduis, construire construis, conduire conduis, réduire réduis,
concevoir conçois concevrai, recevoir reçois recevrai, ouvrir ouvre, couvrir couvre, recouvrir recouvre,
offrir offre, découvrir découvre, souffrir souffre, accueillir accueille accueillerai,
recueillir recueille recueillerai, peindre peins, repeindre repeins, joindre joins, rejoindre rejoins,
éteindre éteins, servir sers, sortir sors, partir pars, tondre tonds, coudre couds, cuire cuis, battre bats
"""
_BY_FORM = {form: verb for verb, *forms in (one.split() for one in _IRREGULAR.split(",")) for form in forms}
_IN_RE = {
    infinitive.removesuffix("e"): infinitive for infinitive in _BY_FORM.values() if infinitive.endswith("re")
}
_NO_VERBS = (
    "suis serai ai aurai vais dois devrai peux pourrai veux voudrai sais saurai crois croirai reste resterai"
)
"""Forms that say how somebody is, not what they do, or that need another verb."""
_DOUBTFUL = re.compile(r"(?:è[^aeiouy]{1,2}|ell|ett)er?$")
"""The end of verbs that change their stem, which only a list tells."""


@cache
def infinitive(form: str) -> str:
    """The infinitive of a verb in the first person singular of the present or the future, or in the imperative; ''
    where that is not certain. Accents are taken over."""
    said = form.lower()
    if said in _NO_VERBS.split() or not said.isalpha():
        return ""
    if said in _BY_FORM:
        return _BY_FORM[said]
    if said.endswith("rai") and len(said) > 5:
        said = said.removesuffix("ai")
        if said in _IN_RE:
            return _IN_RE[said]
    elif said.endswith("e") and len(said) > 3:
        said += "r"
    else:
        return ""
    if not said.endswith(("er", "ir")) or _DOUBTFUL.search(said):
        return ""
    # "Je nettoie" and "je nettoierai"
    return re.sub(r"(?<=[aou])ier$", "yer", said)
