# ruff: noqa: E501  a pattern reads best whole
"""Tasks taken on by no word of tasks: a first person who will do something, weighed by the signs that others count on it.

"I'll grab those. — Perfect." is a task after "Could somebody export them?", and "I'll say it again" never is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.summary.phrases import Rules
from core.summary.sentences import Sentence, content_words
from core.summary.verbs import VERBS

ENOUGH = 3
"""Weight of shape and signs together from which somebody took something on; a shape has 1 or 2."""
BACK = 3
"""So many sentences before it stands what it answers, so many after it somebody welcomes it."""
LONGEST = 32
"""Words over which a sentence tells rather than promises."""


@dataclass(frozen=True, slots=True)
class _Language:
    """The words of one language."""

    promises: re.Pattern[str]
    """A first person, and what that person is about to do to something."""
    takes: re.Pattern[str]
    """The person makes the matter their own, which may have been told before."""
    deed: re.Pattern[str]
    """What one does to something, or will do; "Je déménage le mois prochain." only tells of oneself."""
    offers: re.Pattern[str]
    """The person could do it: counts only where somebody was wanted or others welcome it."""
    vetoed: re.Pattern[str]
    commits: re.Pattern[str]
    """The word given for it."""
    refers: re.Pattern[str]
    """What or whom the others know already."""
    wanted: re.Pattern[str]
    """That somebody is to do something."""
    welcomed: re.Pattern[str]
    asks: re.Pattern[str]
    """Asks the one spoken to, who then has to take it on."""
    asks_what: re.Pattern[str]
    """Asks to be told something, and no more."""
    firm: re.Pattern[str]
    """Takes on what was asked, which a mere "yeah" may not."""
    answers: re.Pattern[str]
    """A short answer to who does it."""


# What a person does in the meeting itself, or not at all.
_IDLE_EN = (
    r"(?:be|might|may|have(?! (?:him|her|them|it|someone|somebody)\b)|say|tell (?:you|ya)|see|think|know|mean|never|not|admit|bet|need|want|miss|like|love|hate|always|done|start|begin|stop|go (?:on|through|over|back|first|next|ahead)|come back|repeat|move on"
    r"|hear|show|explain|share|read|hand over|open|close|keep (?:going|it (?:short|brief))|put it|put that|give you|give (?:an|the) example|take (?:a seat|questions|that|it as)|pass|finish|use|buy one|add|answer|call (?:us|it|that|the meeting)|hope|guess|assume|suppose|remember|forget"
    r"|understand|agree|try to (?:be|explain|say)|let you|leave (?:it|that) (?:there|at)|get (?:back|to|into|on)|turn|ask (?:you|that|another|the minister)|wait|wonder|speak|talk|quote|mention|skip|assure|give that|pursue|comment|respond|clarify|elaborate|confirm that|give (?:that|you|the) (?:assurance|example)|go home|sleep|relax|eat|drink|celebrate|laugh|cry|just|only|probably|maybe|actually|simply|describe|present|summari[sz]e|return|end|conclude|focus|first|\w+ly)\b"
)
_IDLE_FR = (
    r"(?:suis|serai|etais|ai|aurai|avais|vais|irai|allais|dis|dirai|pense|crois|sais|saurai|vois|verrai|veux|voudrai|peux|pourrai|dois|devrai|comprends|trouve|trouverai|aime|aimerai|deteste|entends|parle|parlerai|parlais|commence\w*|continue\w*|repete\w*|"
    r"finis|termine|pars|partirai|rentre\w*|demenage\w*|passe (?:la parole|a|au)|rappelle (?:que|juste|quand)|rappelle\b(?! (?:le|la|les|l))|ferme|ouvre|reviens|reviendrai|ecoute|attends|attendais|propose|suppose|imagine|souhaite|espere|me (?:demande|souviens|disais|rappelle|doute|dis)|ne|n'|connais|sens|reste|resterai|precise|"
    r"note que|vous (?:ecoute|entends|laisse|rappelle|remercie|propose|dis)|te (?:dis que|rappelle|entends|ecoute|suis|remercie|jure)|remercie|mens|plaisante|rigole|reflechis\w*|voulais|faisais|savais|prefere|milite|promets|viens|venais|tiens a|hurle\w*|partage|montre|explique|dirais|lis|resume|cite|dor\w*|mangerai|boirai|pleure\w*|savoure\w*|jure|vote\w*|regrette|doute|rends|ris|arrive|gere pas|bois|mange|"
    r"\w{2,}ais)(?![\w'])"
)

# What a person does for themselves.
_OF_ONESELF_FR = r"(?:cour|jou|visit|quitt|fet|din|dejeun|voyag|emmenag|entr|reprends? le (?:travail|boulot))"

# What a person who is spoken to does at once, or is or thinks.
_ON_THE_SPOT_FR = r"as\b|es\b|avez|etais|etiez|avais|aviez|va[s]?\b|allez|peux\b|pouvez|dois|devez|repete|parl|commenc|continu|arret|finis|remerci|attend|regard|ecout|etes|fermes?\b|fermez|ouvre|vois\b(?! (?:ca|avec|cela))|voyez|entend|pens(?:es|ez)\b(?! a )|crois|croyez|sais|savez|veux\b|voulez\b|connais|dis\b(?! (?:quand|si|ce que|a ))|dites|comprend|imagin|trouv|aim|prefer|viens|venez|pass|bois|prends (?:un|du)|rigol|plaisant|te souv|inventes|en es|en etes|pos|devais|voulais"

_EN = _Language(
    promises=re.compile(
        rf"\bi(?:'ll| will|'m going to|'m gonna| shall|'d better|'ve got to| have to| need to| must)(?: (?:also|then|just|definitely|gladly|happily|personally))* (?!{_IDLE_EN})[a-z]+ [a-z0-9']+"
        r"|\bi(?: can|'ll| will) have (?:the|a|an|it|that|this|them|those|your|our) ?|\bi'm (?:writing|sending|calling|ringing|booking|ordering|doing) (?:the|them|him|her|it|that|this|to)\b.{0,30}\b(?:today|tonight|tomorrow|later|after)\b"
    ),
    takes=re.compile(
        r"\b(?:leave (?:it|that|this|them|those)(?: one)? (?:with|to) me|give (?:it|that|this|them|those) to me|that(?:'s| is| one's) (?:on me|mine|my job)|i'm on (?:it|that)\b|^(?:\w+,? ){0,2}on it(?=[.!,]|$)|i've got (?:this|that one|it covered|that covered)(?=[.!,]|$)|i'll (?:take|handle|do|sort|see to|deal with|get) (?:it|that|this|those|them|that one|this one)(?=[.!,]|$| (?:on|up|over|from|by|for|with|to|tomorrow|tonight|today)\b)|count on me)"
    ),
    deed=re.compile(""),
    offers=re.compile(
        rf"\bi (?:can|could)(?: (?:also|then|just|easily|always))* (?!{_IDLE_EN}|only\b|hear\b|imagine\b|hardly\b|think\b|live\b)[a-z]+ [a-z0-9']+|\bi (?:don't|wouldn't) mind \w+ing\b|\bhappy to (?!{_IDLE_EN})\w+ \w+|\blet me (?!know|see|say|tell|explain|start|begin|finish|think|ask|be|just|put|add|give|show|have|try|go|get|share|check|read|remind)\w+ \w+"
    ),
    vetoed=re.compile(
        r"(?<!see )(?<!check )(?<!ask )(?<!out )\bif\b|\b(?:(?:was|were|be|is|'s|i'm) like|unless|maybe|perhaps|might|would|i'd(?! better)|not sure|don't|didn't|can't|won't|never|i'll be honest|as i said|otherwise|some ?day|last (?:time|week|month|year)|told me|in (?:a|one) (?:second|minute|moment)|before i (?:start|begin)|mr\.? chair|madam|minister|first slide|question)\b"
    ),
    commits=re.compile(r"\b(?:i promise|promised|without fail|keep you (?:posted|informed)|let you know)\b"),
    refers=re.compile(r"\b(?:it|that|this|them|those|these|him|her|they|one)\b"),
    wanted=re.compile(
        r"\b(?:who(?: \w+s\b|'s| is| will| wants| can| could| does| would| has|'ll)\b|(?:can|could|would|will) (?:someone|somebody|anyone|anybody|one of (?:you|us))|(?:someone|somebody|one of us) (?:has|needs|should|must|ought|will have)|(?<!do )(?<!if )(?:we|it|that|this|they)(?:'ll| will)? (?:need|needs|have|has|ought|must)\b|needs? (?:doing|to be)|any volunteers|wants? (?:a|an|the|us)|still (?:has|have|needs?) to)"
    ),
    welcomed=re.compile(
        r"^(?:oh,? |ah,? |ooh,? |okay,? |ok,? |yes,? |that's |you're |you are )*(?:thanks|thank you|cheers|great|perfect|brilliant|lovely|excellent|please|wonderful|amazing|bless|(?:an? )?(?:star|angel|legend|hero|saint|lifesaver|treasure|gem)|much obliged|good (?:luck|man|stuff|woman|idea)|super|fantastic|appreciated|ideal|splendid|marvellous|terrific|would you)\b"
    ),
    asks=re.compile(
        r"\bcan i (?:leave|trust|give|hand|pass) (?:it|that|this|you|them)\b|\b(?:leave|up) (?:it |that |this )?to you to\b|\byou(?:'ll|'d)? (?:need|have|ought) to (?!have\b|be\b|see\b|know\b|understand|remember|think|say)\w+ \w+"
        rf"|\byou'll (?!{_IDLE_EN}|find\b|get\b|like\b|notice\b|recall\b|hear\b)\w+ \w+[^?]*\?|\b(?:would|could|can|will) you (?!{_IDLE_EN})\w+ \w+|\b(?:would you like|do you want|are you (?:able|okay|ok|happy)) to (?!{_IDLE_EN})\w+ \w+"
        rf"|^(?:[\w'-]+, )?you (?!{_IDLE_EN}|know|had|did|were|are|have)\w+ (?:it|that|this|the|them)\b[^?]*\?|^(?:{VERBS['en']}|get) (?:a|an|the|them|it|that|this|your|our|two|three|some)\b[^?]*, [a-z][\w'-]+[.! ]*$|^[\w'-]+, (?:please )?(?:{VERBS['en']}) (?:a|an|the|them|it|him|her|us|that|this|your|my|me)\b"
        r"|\bi(?:'d| would) (?:love|like) you to\b|\bi'm (?:counting|relying) on you\b|\bhow about you \w+"
    ),
    asks_what=re.compile(
        r"^(?:\w+,? ){0,2}(?:what|where|when|how|why|which|who|whose)\b(?! about)|\byou (?:please |like to |just |briefly )*(?:comment|answer|respond|clarify|elaborate|assure|give (?:the|us|me|an|a) \w+ (?:an |a )?(?:assurance|answer|example)|provide (?:a|an) \w+ (?:response|answer))\b"
    ),
    firm=re.compile(
        r"\b(?:no problem|no worries|with pleasure|will do|can do|on it|happy to|happily|gladly|consider it|i shall|of course|certainly|leave it|absolutely|i'll (?:do|try|see|ask|get|sort))\b"
    ),
    answers=re.compile(
        r"^(?:oh,? |well,? |okay,? |yeah,? )*(?:me|i (?:can|could|will|do|shall)|i'll|i'm|i know|that's me|happy to|leave)\b"
    ),
)

_FR = _Language(
    promises=re.compile(
        rf"\b(?:je |j')(?:(?:vous|te|leur|lui|les?|la|en|y|m'en) |[tl]'){{0,2}}(?!{_IDLE_FR}|(?:vous|te|leur|lui|le|la|les|en|y|me|nous|m|ne|n|t|l)\b)[a-z]+[a-z](?: |,|\.|$)"
        r"|\bje vais (?:(?:vous|te|t'|leur|lui|le|la|les|l'|en|y) ?){0,2}(?!(?:vous |te )?(?:dire|parler(?! (?:autour|avec|au(?!jourd)x? |a (?!la fin|la suite|propos|present|l'instant)))|etre|avoir|voir|commencer|continuer|finir|partager|montrer|expliquer|essayer d'etre|faire (?:court|vite)|passer|repeter|laisser|pas|peut-etre|presenter|lire|resumer)\b)\w+(?:er|ir|re)\b"
    ),
    takes=re.compile(
        r"\bje (?:peux|veux bien) m'en (?:occuper|charger)\b|\bje m'(?:en (?:occupe|charge)(?:rai)?|y (?:colle|mets)|occupe(?:rai)? d)|\bc'est (?:pour|a) (?:moi|ma pomme)\b(?! de)|\bje (?:prends|gere) (?:ca|ca|la suite)\b|\blaisse[sz]?[- ]moi (?:ca|faire)\b|\b(?:compte|comptez) sur moi\b|\bje (?:le|la|les) (?:fais|prends|gere|boucle)\b"
    ),
    deed=re.compile(
        rf"\b(?:je |j')(?:(?:vous|te|leur|lui|les?|la|en|y) |[tl]')|\bje vais \w|\b(?:je |j')\w+rai\b|\b(?:je |j')(?!{_OF_ONESELF_FR})[a-z]+(?: (?:aussi|donc|alors|encore|bien|tout de suite))*(?: \w+(?:er|ir|re))? (?:(?:les?|la|ce|cet|cette|ces|une?|des|deux|trois|quatre|cinq|nos|notre|vos|votre|leurs?|tous?|toutes?|quelques) |l')(?!(?:mois|week-?end|an|annee|semaine|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|premier|\d)\b)"
    ),
    offers=re.compile(
        r"\bje (?:peux|pourrais|veux bien)(?: aussi| bien| toujours)? (?:(?:vous|te|t'|leur|lui|le|la|les|l'|en|y|m'en|m'y) ?){0,2}(?!(?:pas|imaginer|comprendre|dire|voir|entendre|vivre|croire|essayer d'imaginer|me tromper|etre|avoir)\b)[\w']+(?:er|ir|re)\b"
    ),
    vetoed=re.compile(
        r"\b(?:si (?:on|nous|c'est|jamais|vous|tu|j'|je|la|le|les|il|elle)|s'ils?|peut-etre|aurai[st]|je ne |je n'|j'sais|sais pas|je te jure|je vous jure|(?:je|j') ?\w+ (?:pas|plus|rien|jamais)\b|un jour|deja|en ce moment|actuellement|souvent|d'habitude|la derniere fois|l'an (?:dernier|passe)|la semaine derniere|quand j'|m'a dit|avant que je|monsieur le president|question)\b"
    ),
    commits=re.compile(r"\b(?:promis|sans faute|(?:tiens|tiendrai) au courant|comptez? sur moi)\b"),
    refers=re.compile(
        r"\b(?:je |j'|vais |peux )(?:te |vous |t')?(?:le|la|les|lui|leur|en|y|l')\b|\b(?:ca|celui|celle|ceux)\b|\bl'(?=[a-z])"
    ),
    wanted=re.compile(
        r"\bqui (?:peut|pourrait|veut|va|s'|se|prend|fait|appelle|ecrit|envoie|previent|contacte|apporte|amene|commande|reserve)\b|\bquelqu'un (?:peut|doit|pourrait|veut|devrait|se)\b|\bil (?:faut|faudra|faudrait|manque|reste)\b|\bon (?:doit|devrait|a besoin)\b|\bpersonne pour\b|\b(?:demande|veut|voudrait|attend) (?:un|une|la|le|les|des)\b|\bun volontaire\b"
    ),
    welcomed=re.compile(
        r"^(?:ah,? |oh,? |bon,? |ok,? |oui,? |ca c'est )*(?:merci|parfait|super|genial|tres bien|excellent|volontiers|formidable|bon(?:ne)? (?:courage|idee)|top|nickel|impec\w*|chouette|tu (?:me sauves|es (?:un|une|adorable|super|gentil))|vous etes|courage|chapeau|je veux bien|adorable|cool)\b"
    ),
    asks=re.compile(
        rf"\b(?:tu|vous) (?:(?:me|nous|leur|lui|te|vous|les?|la|en|y) |[mtl]'){{0,2}}(?!{_ON_THE_SPOT_FR})\w{{3,}}[^?]*\?"
        rf"|^[\w-]+, (?:tu|vous) (?:(?:me|nous|leur|lui|te|vous|les?|la|en|y) |[mtl]'){{0,2}}(?!{_ON_THE_SPOT_FR})\w{{3,}}(?<!ais)(?<!iez)\b(?! (?:raison|tort|besoin))"
        r"|\b(?:il (?:me|nous) (?:faut|faudrait|faudra)|(?:je te|je vous) laisse \w+(?:er|ir|re)\b|je compte sur (?:toi|vous)|(?:ca|cela) (?:t'|te |vous )(?:embete|ennuie|derange)|(?:tu|vous) (?:veux|voulez) bien|a toi de|(?:tu|vous) (?:pourras|pourrez|pourriez|pourrais|peux|pouvez)(?=[^?]*\?))\b"
    ),
    asks_what=re.compile(
        r"^(?:[\w']+,? ){0,2}(?:qu'est-ce|que|quoi|ou|quand|comment|pourquoi|quel(?:le)?s?|combien|qui)\b|\b(?:quoi|comment|pourquoi|combien) ?\?"
    ),
    firm=re.compile(
        r"\b(?:volontiers|pas de (?:souci|probleme)|sans probleme|aucun probleme|ca roule|avec plaisir|je m'(?:y|en)|promis|bien sur|entendu|largement|je (?:te|vous) (?:dis|tiens|fais|envoie)|compte sur)\b"
    ),
    answers=re.compile(
        r"^(?:ah,? |bon,? |ben,? |ok,? |euh,? |oui,? )*(?:moi\b(?! non)|je (?:peux|m'|le|la|les|connais|vais)|c'est moi|j'y)"
    ),
)

_LANGUAGES = {"en": _EN, "fr": _FR}


def taken_on(
    says: Rules,
    sentence: Sentence,
    sentences: Sequence[Sentence],
    language: str,
    has_due: Callable[[Sentence], bool],
    decided: frozenset[int],
) -> tuple[Sentence, ...]:
    """What is to be done, then the other sentences that show that who says `sentence` does it; () where nobody does.

    `decided` are the places of sentences in which something was decided.
    """
    words = _LANGUAGES[language]
    said = sentence.folded
    if sentence.is_question or len(said.split()) > LONGEST:
        return ()
    takes, promise = words.takes.search(said), _promising(words, said)
    if not takes and (words.vetoed.search(promise) or says.no_action.search(promise)):
        return ()
    before = sentences[max(0, sentence.index - BACK) : sentence.index]
    need = next((one for one in reversed(before) if _wants(says, words, one)), None)
    asked = need is not None and not need.is_by_speaker_of(sentence)
    shape = 2 if takes else int(bool(words.promises.search(said)))
    offer = words.offers.search(said) or (asked and need and need.is_question and words.answers.search(said))
    after = sentences[sentence.index + 1 : sentence.index + 1 + BACK]
    answer = next((one for one in after if not one.is_by_speaker_of(sentence)), None)
    welcome = answer is not None and bool(words.welcomed.search(answer.folded))
    if not shape and not (offer and (asked or welcome)):
        return ()
    commits = bool(words.commits.search(said))
    if not (takes or offer or asked or welcome or commits or words.deed.search(promise)):
        return ()
    if answer is not None and (says.refuses.search(answer.folded) or says.objects.search(answer.folded)):
        return ()
    follows = any(one.index in decided for one in before) + (
        sentence.index - 1 in decided and sentence.is_by_speaker_of(before[-1])
    )
    named = re.search(r"(?<=\w )[A-Z][a-z]+", sentence.text) is not None
    refers = named or bool(words.refers.search(said))
    due = has_due(sentence)
    signs = 2 * (asked + due + welcome + commits) + follows + refers
    if max(1, shape) + signs < ENOUGH:
        return ()
    what = sentence
    if len(content_words(words.takes.sub("", said) if takes else said, language)) < 1 + bool(takes):
        matter = need or next(
            (one for one in reversed(before) if len(content_words(one.text, language)) > 1), None
        )
        if matter is None:
            return ()
        what = matter
    elif asked and need and need.is_question and offer and not shape:
        what = need
    shown = (what, sentence) if what is not sentence else (sentence,)
    return (*shown, answer) if welcome and answer else shown


def _promising(words: _Language, said: str) -> str:
    """The part of "They won't love it, but I'll tell them." in which something is promised; all where none is."""
    parts = re.split(r",? (?:but|mais) ", said)
    return next((one for one in parts if words.promises.search(one)), said)


def _wants(says: Rules, words: _Language, sentence: Sentence) -> bool:
    """Whether it says that somebody is to do something."""
    return bool(words.wanted.search(sentence.folded)) or _asks(says, words, sentence.folded)


def asks(says: Rules, sentence: Sentence, language: str) -> bool:
    """Whether it asks something of the one spoken to, in whatever words."""
    return _asks(says, _LANGUAGES[language], sentence.folded)


def _asks(says: Rules, words: _Language, said: str) -> bool:
    if says.request_strong.search(said):
        return True
    listed = says.request.search(said) or words.asks.search(said)
    return bool(listed) and not words.asks_what.search(said)


def is_firm(sentence: Sentence, language: str) -> bool:
    """Whether it takes on what was asked beyond doubt."""
    return bool(_LANGUAGES[language].firm.search(sentence.folded))


def refers(sentence: Sentence, language: str) -> bool:
    """Whether it speaks of something the others know already."""
    return bool(_LANGUAGES[language].refers.search(sentence.folded))
