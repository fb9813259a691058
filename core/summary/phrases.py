# ruff: noqa: E501  a pattern reads best whole
"""How people announce tasks, open questions and topics, in English and French, and all rules of a language together.

Decisions are in `deciding`, the verbs of tasks in `verbs`. Patterns meet folded text (lower case, no accents, straight
apostrophes); those with a name in them meet text that keeps its capitals, which is how a name is told from other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from core.summary.deciding import AGREEMENT, DECISION, LEAD_EN, LEAD_FR, NO_DECISION, PAST, PROPOSAL, settling
from core.summary.verbs import (
    ING,
    STRONG_EN,
    STRONG_FR,
    STRONG_FUTURES_FR,
    STRONG_PRESENTS_FR,
    WEAK_EN,
    WEAK_FR,
    WEAK_FUTURES_FR,
    WEAK_PRESENTS_FR,
)

_QUICKLY_EN = r"(?: (?:also|then|just|please|personally|definitely|gladly|now|go and|try to|have to|need to|be|go ahead and))*"
_QUICKLY_FR = r"(?: (?:donc|aussi|alors|bien|egalement|tout de suite))*(?: (?:lui|leur|vous|te|t'|l'|le|la|les|y|en|nous))?"

NAME = r"(?P<name>\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)?(?: (?:and|et) [A-Z][\w'-]+)?)"
_NO_NAMES = """
i it we you he she they this that these those there the who what which everyone everybody someone somebody
nobody anyone others people so okay ok well and but or if then yes no now maybe perhaps also please all our my your
his her their let lets one january february march april may june july august september october november
december monday tuesday wednesday thursday friday saturday sunday today tomorrow action decision next
because when where how why item point great good thanks thank right sure just here a an at on in to for both
either neither as of after before since until while once last first second third finally right nothing
something everything anything hopefully probably otherwise hello hi hey on il elle ils elles nous vous je tu
ca cela ce c'est qui que quoi tout toute tous chacun personne quelqu'un alors donc bon bien et mais ou si
oui non peut-etre aussi merci le la les un une des notre nos mon ma mes votre vos leur leurs son sa ses
lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout
septembre octobre novembre decembre demain ensuite enfin voila parfait super tres d'accord euh pour dans
avec quand comme apres avant puis bonjour entendu action decision point actions j'ai qu'est-ce est-ce rien
combien comment pourquoi lequel laquelle lesquels lesquelles quel quelle quels quelles allez tiens dis dites ecoute ecoutez
attends attendez regarde regardez bref ben bah oh ah eh hein hum ouais desole desolee pardon salut bonsoir coucou
listen look wait anyway cheers lovely brilliant perfect fine yeah yep nope gosh wow alright sorry excuse actually
"""
NO_NAMES = frozenset(_NO_NAMES.split())


# How a new topic is announced, and a meeting named when it begins.
TURNS = {
    "en": r"\b(?:next (?:topic|item|point|subject|on the agenda)|let's (?:move on|talk about|turn to|start with|get started with)"
    r"|moving on|(?:the )?(?:last|first|second|third|final|next) (?:topic|item|point)|on to the)\b",
    "fr": r"\b(?:point suivant|sujet suivant|passons a|on passe a|(?:premier|deuxieme|troisieme|dernier|prochain) (?:point|sujet)"
    r"|parlons (?:de|du|des)|commencons par|on commence par|a l'ordre du jour)\b",
}
NAMED = {
    "en": r"(?:welcome to|this is|start|begin|open)(?: with)? (?:the|our|this|today's) ((?:[\w'’-]+ ){1,4}?(?:meeting|review|stand-up|standup|workshop|retrospective|kick-off|call|committee))\b",
    "fr": r"(?:bienvenue (?:a|dans)|c'est|commence|commencons|ouvre)(?: donc)? (?:la|notre|cette|le) ((?:reunion|revue|point|atelier|comite|conseil|seance)(?: (?!de|du|des|sur)[\w'’-]+)?(?: (?:de|du|des|d'|sur)(?: la| le| l'|)? ?[\w'’-]+){1,2})",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled patterns of one language."""

    decision: re.Pattern[str]
    no_decision: re.Pattern[str]
    consent: re.Pattern[str]
    objection: re.Pattern[str]
    no: re.Pattern[str]
    yes: re.Pattern[str]
    objects: re.Pattern[str]
    qualifies: re.Pattern[str]
    ruled: re.Pattern[str]
    assents: re.Pattern[str]
    closing: re.Pattern[str]
    tentative: re.Pattern[str]
    drawn: re.Pattern[str]
    lasting: re.Pattern[str]
    course: re.Pattern[str]
    postponed: re.Pattern[str]
    gives_in: re.Pattern[str]
    plan: re.Pattern[str]
    agreement: re.Pattern[str]
    heading: re.Pattern[str]
    task_heading: re.Pattern[str]
    proposal: re.Pattern[str]
    first_person: re.Pattern[str]
    first_person_weak: re.Pattern[str]
    first_person_short: re.Pattern[str]
    third_person: re.Pattern[str]
    third_person_weak: re.Pattern[str]
    third_person_due: re.Pattern[str]
    third_person_now: re.Pattern[str]
    team: re.Pattern[str]
    nobody: re.Pattern[str]
    labelled: re.Pattern[str]
    request: re.Pattern[str]
    request_strong: re.Pattern[str]
    needs_somebody: re.Pattern[str]
    no_action: re.Pattern[str]
    accepts: re.Pattern[str]
    refuses: re.Pattern[str]
    open: re.Pattern[str]
    declared: re.Pattern[str]
    no_open: re.Pattern[str]
    open_back: re.Pattern[str]
    uncertain: re.Pattern[str]
    answered: re.Pattern[str]
    wh: re.Pattern[str]
    thanks: re.Pattern[str]
    offer: re.Pattern[str]
    welcome: re.Pattern[str]
    lead: re.Pattern[str]


def _union(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_WILL_EN = r"(?:will|'ll|is going to|is gonna|has to|needs to|must|is to|has agreed to|agreed to|promised to|has offered to|offered to|volunteered to)"
_IS_ON_IT_EN = r"(?:will take care of|takes care of|is responsible for|will be in charge of|will be responsible for|is taking care of|takes on|will take)"
_IS_ON_IT_FR = (
    r"(?:s'occupe(?:ra)? (?:de|du|des|d')|s'en (?:occupe|charge)(?:ra)?|se charge(?:ra)? (?:de|du|des|d')|prend(?:ra)? en charge"
    r"|est charge[e]? (?:de|du|des|d')|est responsable (?:de|du|des|d')|va s'occuper (?:de|du|des|d')|va se charger (?:de|du|des|d'))"
)


# "You write to them, will you?", "the release notes, that's you again, right?"
_NO_ASKING_EN = r"(?:hear|see|imagine|believe|repeat|say|tell|explain|remember|go on|wait|speak|move|hold|guess|mute|come|stop|think|be|have|know|like|might)\b"
_NO_ASKING_FR = r"(?:repeter|parler|entendre|m'entendre|voir|dire|me dire|expliquer|attendre|arreter|imaginer|croire|comprendre|couper|etre|avoir)\b"
_NO_DEED_EN = (
    r"(?:be|have|say|see|never|not|admit|bet|tell you|need|want|know|miss|like|love|always|done|\w+ly)\b"
)
_OFFER_EN = rf"\bi (?:can|could){_QUICKLY_EN} (?!{_NO_DEED_EN}|(?:only|hear|understand|imagine|remember|think|live|hardly|just)\b)\w+ \w+"
_OFFER_FR = rf"\bje (?:peux|pourrais){_QUICKLY_FR} ?(?!(?:pas|imaginer|comprendre|dire|voir|entendre|vivre)\b)[\w']+(?:er|ir|re)\b"
_YOURS_EN = rf"\byou(?:'ll)? (?:{STRONG_EN}|{WEAK_EN})\b[^?]*, (?:will|would|can|could) you\b|\bwould you mind \w+ing\b|\b(?:couldn't|wouldn't|won't) you (?:{STRONG_EN})\b|\b(?:that's|it's|is that) (?:you|yours|on you|for you)(?: again)?(?:, right)? ?\?"
_YOURS_FR = rf"\b(?:tu|vous) ne (?:veux|voudrais|peux|pourrais|voulez|voudriez|pouvez|pourriez) pas{_QUICKLY_FR} ?(?:{STRONG_FR})\b|\bc'est (?:pour|a) (?:toi|vous) ?\?|\bc'est toi ?\?|\btu (?:t'en occupes|t'en charges|veux bien t'en (?:occuper|charger)) ?\?"


def _english() -> Rules:
    return Rules(
        decision=_union(DECISION["en"]),
        no_decision=_union((NO_DECISION["en"], PAST["en"])),
        **settling("en"),
        agreement=re.compile(AGREEMENT["en"]),
        heading=re.compile(
            rf"^{LEAD_EN}(?:(?:the |our |another |next |final )*decisions?(?: (?:number )?\w+)?|let'?s decide (?:that|this|it)(?: then)?(?: now)?) ?[:.,!]*$"
        ),
        task_heading=re.compile(
            rf"^{LEAD_EN}(?:the |an |another |next |new )*action (?:item|point)s?(?: (?:number )?\w+)? ?[:.,!]*$"
        ),
        proposal=re.compile(PROPOSAL["en"]),
        first_person=re.compile(
            rf"\bi(?:'ll| will|'m going to| am going to|'m gonna| shall){_QUICKLY_EN} (?P<verb>{STRONG_EN})\b(?! (?:down )?here\b)"
            rf"|\bi (?:volunteer|promise|agree) to (?:{STRONG_EN})\b|\blet me (?:take care of|handle|look into)\b"
            r"|\bi'll be (?:in charge|responsible)\b"
            rf"|\bi(?:'ll| will|'m going to| can){_QUICKLY_EN} (?:have a look|give \w+ a (?:ring|call|shout|nudge)|drop \w+ a (?:line|note|mail)|have a word with|bug \w+)\b"
        ),
        first_person_weak=re.compile(
            rf"\bi(?:'ll| will|'m going to| am going to){_QUICKLY_EN} (?!{_NO_DEED_EN})\w+"
        ),
        first_person_short=re.compile(
            r"\b(?:leave (?:it|that|this)(?: one)? (?:with|to) me|i(?:'ll| will| can) (?:do|take|handle|take care of) (?:it|that|this|that one)|i'm on it|i'll take care of)\b"
        ),
        third_person=re.compile(
            rf"{NAME}(?i:,?(?: (?:also|then|here|from \w+))? ?(?:{_WILL_EN}{_QUICKLY_EN} (?:{STRONG_EN})|{_IS_ON_IT_EN})\b)"
        ),
        third_person_weak=re.compile(
            rf"{NAME}(?i:,?(?: (?:also|then))? ?(?:{_WILL_EN}|should|can|could){_QUICKLY_EN} (?:{STRONG_EN}|{WEAK_EN})\b)"
        ),
        third_person_due=re.compile(
            rf"{NAME}(?i: (?:will|is going to)(?: (?:also|then))? (?!{_NO_DEED_EN}|arrive\b|leave\b|come\b|join\b|start\b|begin\b|retire\b)\w+ \w+)"
        ),
        third_person_now=re.compile(
            rf"(?:^|, |\band |\bso ){NAME} (?!(?:is|was|has|says|does|needs|wants|thinks|knows|likes|seems)\b)[a-z]+s [a-z]+"
        ),
        team=re.compile(
            rf"\b(?P<name>(?:the )?(?:\w+ )?(?:team|department|committee)) (?:will|is going to|has to|needs to|must) (?:{STRONG_EN})\b"
        ),
        nobody=re.compile(
            rf"\b(?:we|someone|somebody) (?:will|'ll|need to|needs to|have to|has to|must|should|are going to)(?: (?:also|all))? (?:{STRONG_EN})\b|\bwe'll (?:{STRONG_EN})\b"
        ),
        labelled=re.compile(
            rf"^{LEAD_EN}(?:(?:the |an |one |another |next |first |second |last |new )*action(?: (?:item|point|number))?s?(?: \w+)?|to[- ]?do(?=[:.,-]| for\b| is\b))"
            r"(?: is)?(?:,? (?:for|on|goes to|is on|is for) (?P<owner>[\w'-]+)(?: (?:is )?to\b)?)? ?[:.,-]* ?(?=\w)"
        ),
        request=re.compile(
            rf"\b(?:can|could|would|will) you(?: please| maybe| perhaps| also| then| kindly)*(?: be able to| mind)? (?:{STRONG_EN}|{WEAK_EN}|{ING})\b"
            rf"|(?:^|, )please (?:{STRONG_EN})\b|\bi(?:'d| would) (?:like|need|want) you to (?:{STRONG_EN})\b|\bi need you to (?:{STRONG_EN})\b"
            rf"|{_YOURS_EN}"
            rf"|\b(?:can|could|would|will) you(?: please| maybe| then| kindly)* (?!{_NO_ASKING_EN})\w+ \w+"
        ),
        request_strong=re.compile(
            rf"\b(?:can|could|would|will) you(?: please| maybe| perhaps| also| then| kindly)*(?: be able to| mind)? (?:{STRONG_EN}|{ING})\b"
            rf"|(?:^|, )please (?:{STRONG_EN})\b|\bi(?:'d| would) (?:like|need|want) you to (?:{STRONG_EN})\b|\bi need you to (?:{STRONG_EN})\b"
            rf"|{_YOURS_EN}"
        ),
        needs_somebody=re.compile(
            r"\b(?:who (?:can|could|will|wants to|is going to|\w+s\b(?<!is)(?<!was)(?<!has))|(?:someone|somebody|anyone) (?:has|needs|should|must|will|can)|(?:can|could|would) (?:someone|somebody|anyone)|we (?:need|have) (?:to|someone|somebody))\b"
        ),
        no_action=re.compile(
            r"\b(?:(?<!ask )(?<!see )(?<!check )(?<!him )(?<!her )(?<!them )(?<!out )if (?:i|we|you|he|she|they|it|[a-z]+) |unless|maybe i|perhaps|i'm not sure|i don't know|i don't think|i can't|i won't|won't|will not|will never"
            r"|not going to|would have|i (?:think|guess|suppose|bet) (?:that )?i(?:'ll|'m)|hopefully|hop(?:e|ing)\b|(?:what|say|says|like) i(?:'m|'ll|'d)|i(?:'ll|'m going to|'m gonna) (?:just )?(?:start|begin|finish up|act as|buy it)|has to be done by|(?:that|this|it)'s what i|pick up on (?:that|this|it|what)|save (?:you|him|her|them|us) |for my \w+(?=[.!]*$)|talk to you (?:about|more|later)|in a (?:second|sec|moment|minute)|take (?:this|the) opportunity|i'll be honest|call (?:us|the meeting|it)|used to|otherwise|hear me|see me|see my screen|as i (?:said|say))\b|\bif\b.*\bi'(?:d|ll)\b"
            r"|(?<!ask )\bmy (?:kids?|children|son|daughter|wife|husband|parents|mum|mom|dad|mother|father|niece|nephew|dog|cat)\b|\b(?:sell|buy|wash|service|insure) my (?:car|flat|house|bike|apartment)\b|\b(?:run|running) (?:the|a|my) (?:\w+ )?(?:marathon|half marathon)\b|\bwork(?:ing)? from home\b|\bplay(?:ing)? (?:tennis|golf|football|chess|cards)\b|\b(?:take|catch|get) (?:the|a|an|my) (?:\w+ )?(?:train|plane|flight|bus|ferry|tram|day off)\b|\bturn(?:ing)? (?:thirty|forty|fifty|sixty|seventy|eighty|\d\d)\b|\bin (?:the|a|that|this) (?:film|movie|book|novel|series|story)\b"
        ),
        accepts=re.compile(
            r"^(?:well,? |okay,? |oh,? |um,? |and )*(?:yes|yeah|yep|sure|of course|okay|ok|no problem|will do|absolutely|certainly|gladly|i will|i'll|i can|happy to|with pleasure|if [^,]+, (?:yes|sure|ok|okay|fine|of course|no problem|i can|i'll)"
            r"|consider it done|i shall|on it|can do|happily|no worries|not a problem|you got it|yup|ha|fine|all right|alright|right|great|good|definitely|i'm on it|got it|understood|that works|leave it)\b"
        ),
        refuses=re.compile(
            r"\b(?:no,|i can't|i cannot|i'm afraid|i won't|sorry|impossible|i don't think|not possible|someone else|i'd rather not|already (?:done|did|sent))\b|^no\b(?! problem)"
        ),
        open=re.compile(
            r"\bopen (?:question|issue|point)\b|\b(?:haven't got|have|has) (?:a|no) (?:clue|idea) (?:whether|if|who|what|when|how|where|which)\b|\b(?:we|they) still (?:don't|do not) have (?:a|an|any) \w+\b|\bwhat (?:i|we)(?: still| really)* (?:don't|do not) know(?: yet)? is\b"
            r"|\bwe(?: still| really| just)? (?:don't|do not|can't)(?: yet| really| still)? (?:know|say)(?: yet| for sure)?,? (?:whether|if|who|what|when|how|where|which)\b"
            r"|\b(?:nobody|no one)(?: really| yet)? knows(?: yet)? (?:whether|if|who|what|when|how|where|which)\b"
            r"|\bit remains to be (?:seen|decided|determined|confirmed|checked)\b|\bremains (?:open|unclear|unresolved|undecided)\b|\b(?:is|are|it's|that's) still (?:open|unclear|undecided|unresolved|to be (?:decided|confirmed))\b"
            r"|\bwe(?: still)? (?:haven't|have not)(?: yet| really)? (?:decided|agreed|settled|figured out|worked out)\b"
            r"|\bwe still (?:need|have) to (?:decide|figure out|find out|work out|clarify|determine|agree)\b"
            r"|\bthe (?:big |remaining |only |main )?question is (?:whether|if|who|what|when|how|where|which)\b|\bquestion remains\b|\b(?:nobody|no one) (?:has |have |yet )*(?:told us|knows|said|decided|confirmed)(?: yet)? (?:whether|if|who|what|when|how|where|which)\b"
            r"|\bit(?:'s| is)(?: still)? not (?:yet )?(?:clear|known|decided|certain)\b|\bunresolved\b|\bleave (?:that|this|the) (?:question |one |point )?open\b"
        ),
        declared=re.compile(
            rf"^{LEAD_EN}(?:an? |the |one |another |next |last )*open (?:question|issue|point)(?: (?:is|here))*[:.,!-]*(?: |$)"
        ),
        no_open=re.compile(
            r"\bopen questions? (?:from|of) last\b|\b(?:no|any) (?:more |other |further )?open (?:questions?|issues?|points?)\b|^(?:\w+,? )?(?:can|could|may) i\b|\bif we (?:still )?don't know\b"
        ),
        open_back=re.compile(
            r"\b(?:that|this|it|which)(?:'s| is| remains| stays| leaves)? ?(?:still |also |remains |stays |left |one )*(?:an? |the )?(?:open|unclear|unresolved|undecided)"
            r"|\b(?:we|i) (?:still )?don't know(?: that)?(?: yet)?(?:[.,!]|$)|\bleave (?:that|this|it) (?:question |one |point )?open\b"
        ),
        uncertain=re.compile(
            r"\b(?:i|we)(?: still| really| honestly)? (?:don't|do not) know\b|\bnot sure\b|\bgood question\b|\bwe'll (?:have to )?see\b|\b(?:no|any) (?:idea|clue)\b|\bdunno\b|\bwho knows\b|\b(?:can't|cannot|couldn't|could not)(?: \w+)? (?:tell|say)\b|\b(?:i|we)(?:'d| would|'ll| will)? have to (?:ask|check|hear)\b|\bneed to (?:ask|hear)\b|\bhaven't heard\b|\bno news\b|^not me\b|\bdon't ask me\b|\bbeats me\b|\b(?:nobody|no one)(?:'s| has| was| is) (?:been )?able to\b|\b(?:don't|doesn't|didn't|hasn't|haven't|won't|nobody|never|not) (?:know|said|say|tell|told|answered|replied|heard)\b|\b(?:still|yet) (?:waiting|to hear)\b|\bdepends on\b|\bi should know\b|\bmystery\b|\bcan't decide (?:that|this|it)\b|\bnobody knows\b|\bnot (?:yet )?(?:clear|decided)\b"
            r"|\b(?:we )?(?:will )?(?:come|get) back to (?:that|this|it)\b|\bleave (?:that|this|it) open\b|\bopen question\b|\bstill open\b|\bremains open\b|\btake (?:that|this|it) offline\b|\bhaven't decided\b"
        ),
        answered=re.compile(
            r"^(?:(?:oh|well|um),? )*(?:actually|yes[, ]+(?:it|we|they|he|she|that)\b|no[, ]+(?:it|we|they|he|she|that)\b|in fact|it is,|it's confirmed|i (?:just )?(?:checked|asked|called))"
        ),
        wh=re.compile(
            rf"^{LEAD_EN}(?:who|who's|whose|when|where|which|how (?:many|much|long))\b(?: \S+){{3,}}"
        ),
        thanks=re.compile(
            rf"^(?i:(?:thank you|thanks|great|perfect|good|excellent|wonderful)(?: very much| a lot)?),? {NAME}\s*[.!]?$"
        ),
        offer=re.compile(_OFFER_EN),
        welcome=re.compile(
            r"^(?:oh,? )*(?:thanks|thank you|great|perfect|brilliant|lovely|excellent|please do|that would be|that'd be|wonderful|(?:what a )?(?:good|great|excellent) idea)\b"
        ),
        lead=re.compile(
            rf"^{LEAD_EN}(?:(?:very well|lovely|brilliant|cheers|in that case|by the way),? )?(?:then |so )?"
        ),
    )


def _french() -> Rules:
    must = r"(?:va|doit|devra|vont|doivent|accepte de|propose de|a accepte de|a promis de|s'engage a)"
    mine = r"(?:je vais|je dois|je me propose de|je m'engage a|je peux)"
    return Rules(
        decision=_union(DECISION["fr"]),
        no_decision=_union((NO_DECISION["fr"], PAST["fr"])),
        **settling("fr"),
        agreement=re.compile(AGREEMENT["fr"]),
        heading=re.compile(
            rf"^{LEAD_FR}(?:(?:la |notre |une |autre |premiere |deuxieme |derniere )*decisions?(?: \w+)?|decidons(?:-le)?(?: maintenant)?|on tranche(?: maintenant)?) ?[:.,!]*$"
        ),
        task_heading=re.compile(
            rf"^{LEAD_FR}(?:l'|une |autre |prochaine )*(?:actions?|taches?)(?: suivante| numero \w+)? ?[:.,!]*$"
        ),
        proposal=re.compile(PROPOSAL["fr"]),
        first_person=re.compile(
            rf"\b{mine}{_QUICKLY_FR} ?(?:{STRONG_FR})\b|\bj(?:e |')(?:(?:vous|te|leur|lui|le|la|les|l'|t') ?)?(?:{STRONG_FUTURES_FR})\b"
            r"|\bje (?:(?:vous|te|leur|lui|le|la|les|en|y) |l'|t'){0,2}(?!(?:se|au|ver|di|sau|pour|dev|voud|aime|pense|croi|pren?d|reste)rai)\w{2,}rai\b(?= \w)(?! (?:pas|jamais|plus|mieux|bien))"
            r"|\bj(?:e |')(?:\w+ )?\w+(?:e|s)\b[^,?]{0,60}, (?:alors|du coup)[.!]*$"
            r"|\bje (?:(?:leur|lui|les?|la) |l')(?:ecri[st]|demande|reponds?|telephone|appelle|rappelle|relance|envoie|propose|transmets?|passe un (?:coup de fil|message|mail))\b(?! (?:pourquoi|si|ce qu|et (?:ils?|elles?)))"
            r"|\bje m'(?:en )?(?:occupe|charge)(?:rai)?\b|\bje me charge(?:rai)? (?:de|du|des|d')|\bc'est moi qui (?:m'en |vais |fais|m')|\bje prends(?: ca)? en charge\b"
        ),
        first_person_weak=re.compile(
            rf"\b{mine}{_QUICKLY_FR} ?(?:{WEAK_FR})\b|\bj(?:e |')(?:(?:vous|te|leur|lui|le|la|les|l'|t'|en|y) ?){{0,2}}(?:{WEAK_FUTURES_FR}|{STRONG_PRESENTS_FR}|{WEAK_PRESENTS_FR})\b"
        ),
        first_person_short=re.compile(
            r"\bje m'en (?:occupe|charge)(?:rai)?\b|\bje (?:le |la |les )?ferai\b|\bje vais le faire\b|\bc'est moi qui m'en\b|\bje prends ca\b"
        ),
        third_person=re.compile(
            rf"(?<!\ben )(?<!\ba )(?<!\bau )(?<!\bde ){NAME}(?i:(?:,? (?:qui|elle|il))?(?: (?:donc|aussi))? (?:{must}{_QUICKLY_FR} ?(?:{STRONG_FR})|{_IS_ON_IT_FR}|(?:(?:nous|vous|leur|lui|le|la|les) |l')?(?:{STRONG_FUTURES_FR}))(?!\w))"
        ),
        third_person_weak=re.compile(
            rf"(?<!\ben )(?<!\ba )(?<!\bau )(?<!\bde ){NAME}(?i:(?:,? (?:qui|elle|il))?(?: (?:donc|aussi))? (?:(?:{must}|devrait|peut){_QUICKLY_FR} ?(?:{STRONG_FR}|{WEAK_FR})|(?:(?:nous|vous|leur|lui|le|la|les) |l')?(?:{WEAK_FUTURES_FR}|{STRONG_PRESENTS_FR}))(?!\w))"
        ),
        third_person_due=re.compile(
            rf"(?<!\ben )(?<!\ba )(?<!\bau )(?<!\bde ){NAME}(?i:(?: (?:donc|aussi))? (?:(?:nous|vous|leur|lui|le|la|les|en|y) |l')?(?!(?:sera|aura|pourra|devra|voudra|viendra|reviendra|saura|partira|arrivera|commencera|restera|quittera)\b)\w{{2,}}ra\b)"
        ),
        third_person_now=re.compile(
            rf"(?:^|, |\bet |\bdonc ){NAME} (?!(?:est|etait|a|avait|dit|veut|pense|sait|aime|semble)\b)[a-z]+[et] [a-z]+"
        ),
        team=re.compile(
            rf"\b(?P<name>(?:l'equipe|le service|le comite)(?: \w+)?) (?:{must} (?:{STRONG_FR})|{_IS_ON_IT_FR})\b"
        ),
        nobody=re.compile(
            rf"\b(?:on|nous|quelqu'un) (?:doit|devons|va|allons|devra)(?: tous| encore)? (?:{STRONG_FR})\b|\bil (?:faut|faudra|faudrait)(?: encore| absolument)? (?:{STRONG_FR})\b"
        ),
        labelled=re.compile(
            rf"^{LEAD_FR}(?:(?:l'|une |autre |prochaine |premiere |deuxieme |derniere )*actions?(?: (?:suivante|numero \w+))?|a faire|tache)"
            r"(?: (?:pour|de) (?P<owner>[\w'-]+))? ?(?:[:.,-]+ ?|(?<=\w) (?:de|est de) )(?=\w)"
        ),
        request=re.compile(
            rf"\b(?:(?:est-ce que )?(?:tu|vous) (?:peux|pourrais|pouvez|pourriez|veux|voulez)|(?:peux|pourrais|veux)[- ]tu|(?:pouvez|pourriez|voulez)[- ]vous)"
            rf"(?: s'il te plait| s'il vous plait| aussi| bien| donc|,)*{_QUICKLY_FR} ?(?:{STRONG_FR}|{WEAK_FR})\b"
            rf"|\bje (?:te|vous) (?:demande|charge) de (?:{STRONG_FR})\b|\b(?:merci|il faudrait que tu|il faut que tu|j'aimerais que tu) (?:de )?(?:{STRONG_FR})\b"
            rf"|\btu (?:t'occupes|te charges|t'en occupes|t'en charges)\b|\bvous (?:vous occupez|vous chargez)\b|\btu (?:{STRONG_FUTURES_FR})\b|^[\w-]+, (?:s'il te plait,? )?(?:{STRONG_PRESENTS_FR})\b(?! pas)"
            rf"|{_YOURS_FR}"
            rf"|\b(?:tu|vous) (?:peux|pourrais|pouvez|pourriez|veux bien|voulez bien){_QUICKLY_FR} ?(?!{_NO_ASKING_FR})\w+(?:er|ir|re)\b"
            rf"|\btu (?:(?:nous|me|leur|lui) )?(?:l'|les? |la )(?:{STRONG_PRESENTS_FR})s?\b"
        ),
        request_strong=re.compile(
            rf"\b(?:(?:est-ce que )?(?:tu|vous) (?:peux|pourrais|pouvez|pourriez|veux|voulez)|(?:peux|pourrais|veux)[- ]tu|(?:pouvez|pourriez|voulez)[- ]vous)"
            rf"(?: s'il te plait| s'il vous plait| aussi| bien| donc|,)*{_QUICKLY_FR} ?(?:{STRONG_FR})\b"
            rf"|\bje (?:te|vous) (?:demande|charge) de (?:{STRONG_FR})\b|\b(?:merci|il faudrait que tu|il faut que tu|j'aimerais que tu) (?:de )?(?:{STRONG_FR})\b"
            rf"|\btu (?:t'occupes|te charges|t'en occupes|t'en charges)\b|\bvous (?:vous occupez|vous chargez)\b|\btu (?:{STRONG_FUTURES_FR})\b|^[\w-]+, (?:s'il te plait,? )?(?:{STRONG_PRESENTS_FR})\b(?! pas)"
            rf"|{_YOURS_FR}"
        ),
        needs_somebody=re.compile(
            r"^(?:(?:et|alors|bon|donc|du coup|sinon|ensuite),? )*qui (?!est|etait|a\b|sont|ont|dit|sait|sera|veut dire)[\w']+ [^?]*\?$|\b(?:qui (?:peut|pourrait|veut|va|s'occupe|s'en occupe|prend|se charge)|quelqu'un (?:peut|doit|pourrait|veut)|il (?:faut|faudra|faudrait)|on (?:doit|devrait)|nous devons)\b"
        ),
        no_action=re.compile(
            r"^(?!.*\b(?:demand|regard|verifi|sav)\w*\b.* s(?:i|'ils?) )(?:.*\bsi [a-z']+ |.*\bs'ils? (?!te plait|vous plait))|\b(?:peut-etre|je (?:crois|pense|suppose|parie) (?:que je|que j'|qu'on)|regarde (?:le match|la tele|un film|une serie)|je ne (?:sais|pense|vais|peux|crois)|ne (?:va|doit|vais|peut|fera|pourra) pas|n'est pas|ne (?:s'occupe|sera)|j'aurais|avait|aurait)\b"
            r"|\bje (?:vous |te )?le (?:rappelle (?:pour|ici|au passage)|repete|precise|redis)\b|\b(?:tu|vous) m'enten|(?<!a )\b(?:mes|ma|mon) (?:enfants?|fille|fils|femme|mari|parents|mere|pere|nieces?|neveux?|chien|chat|permis|anniversaire|demenagement|mariage|dentiste|medecin|(?:\w+ )?ans\b|(?:vieille |ancienne )?(?:voiture|moto))\b|\bprends? (?:le|un|mon) (?:train|avion|bus|car|metro|ferry|tram|vol)\b|\bfais (?:du (?:velo|sport|ski|tennis|yoga|cheval|foot)|de la (?:course|natation|musculation|randonnee))\b|\bje passe (?:le|mon) permis\b|\btravaill\w+ (?:a la maison|de chez moi|a domicile)\b|\bdans (?:le|un|ce|cette|la|une) (?:film|livre|roman|serie|histoire)\b"
        ),
        accepts=re.compile(
            r"^(?:ah,? |euh,? |bon,? |alors,? |et )*(?:oui|si, si|promis|ouais|d'accord|ok|okay|bien sur|pas de (?:probleme|souci)|sans probleme|entendu|je m'en|volontiers|ca marche|tres bien|je vais|je le|j'(?!ai\b|avais|etais|en ai|y ai)|je ferai|si [^,]+, (?:oui|ok|d'accord|volontiers|bien sur|je )|parfait|avec plaisir"
            r"|c'est note|note|absolument|tout a fait|je peux|aucun probleme|bien entendu|ca roule|largement|evidemment|c'est parti)"
        ),
        refuses=re.compile(
            r"^non\b|\b(?:je ne peux pas|je ne pourrai pas|impossible|desole|desolee|pas possible|je ne pense pas|quelqu'un d'autre|deja (?:fait|envoye))\b"
        ),
        open=re.compile(
            r"\bce qu(?:e je|e nous|'on) ne (?:sais|savons|sait)(?: toujours| encore)? pas(?: encore)?,? c'est\b|\b(?:question|point|sujet)s? (?:ouverte?s?|en suspens)\b|\b(?:il )?reste(?: donc| encore| aussi)* a (?:savoir|decider|definir|determiner|trancher|voir (?:si|qui|quand|comment)|clarifier|confirmer)\b"
            r"|\b(?:on|nous|personne) ne (?:sait|savons)(?: (?:pas|toujours|encore|vraiment|meme))* (?:si|qui|quand|comment|combien|ou|quel|quelle|quels|quelles|ce qu|s'il|s'ils|qu')"
            r"|\b(?:on|nous) (?:n'a|n'avons)(?: toujours)? pas(?: encore)? (?:decide|tranche|choisi|determine|defini)\b|\b(?:ca|cela|c'est|la question|le point|ce point)(?: \w+){0,4}? (?:reste|demeure)(?: encore| donc)? (?:ouverte?|a (?:definir|decider|trancher|confirmer|voir)|en suspens)\b"
            r"|\b(?:la|toute la|le) (?:question|probleme|point) (?:c'est|est) (?:de savoir )?(?:si|qui|quand|comment|combien)\b|\bil faut encore (?:decider|trancher|definir|savoir)\b"
            r"|\b(?:ca|cela) reste (?:ouvert|a (?:definir|decider|trancher|confirmer|voir)|en suspens|flou)\b"
            r"|\bon sait (?:toujours )?pas (?:si|qui|quand|comment|encore)\b"
            r"|\bpersonne (?:ne |n')(?:nous )?(?:a )?(?:encore )?(?:dit|sait|confirme|repondu)(?: encore)? (?:si|qui|quand|comment|combien|ou)\b"
        ),
        declared=re.compile(
            rf"^{LEAD_FR}(?:une |la |autre |derniere |encore )*(?:question ouverte|(?:point|question) en suspens) ?[:.,!-]*(?: |$)"
        ),
        no_open=re.compile(
            r", (?:non|hein|n'est-ce pas) ?\?$|\b(?:pas|plus|aucune?) (?:de |d'autres? )?(?:questions?|points?|sujets?) (?:ouverte?s?|en suspens)\b|\b(?:des|d'autres) questions\b"
        ),
        open_back=re.compile(
            r"\b(?:ca|cela|c'est|la question|ce point)(?: \w+)? ?(?:reste|demeure)?(?: encore| donc| une)? ?(?:question )?(?:ouverte?|en suspens|a (?:definir|decider|trancher|confirmer|voir))\b"
            r"|\b(?:on|je) (?:ne )?sai[st] (?:toujours )?pas(?: encore)?(?:[.,!]|$)"
        ),
        uncertain=re.compile(
            r"\b(?:je|on) (?:ne )?sai[st] (?:toujours )?pas\b|\b(?:n'en|j'en|on en) sai[st] (?:fichtre |strictement |absolument )?rien\b|\bnous ne savons pas\b|\bbonne question\b|\bon (?:verra|avisera)\b|\baucune idee\b|\bprefere ne pas (?:promettre|dire|m'avancer)\b|\bil (?:me |nous )?fa(?:ut|udra|udrait) (?:l'avis|l'accord|poser la question|demander)\b|\bje ne peux pas (?:decider|repondre|dire)\b|^pas moi\b|\b(?:pas|aucune?) (?:de )?nouvelles?\b|\bpas (?:encore )?(?:sur|clair|decide)\b|\bon en reparle\b|\b(?:reste|question) (?:ouvert|a)"
            r"|\b(?:il )?faut (?:que je|qu'on) (?:demande|pose|voie|verifie)\b|\b(?:zero|aucune|pas de|pas eu de|sans) (?:reponse|nouvelles?|idee)\b|\bj'attends (?:toujours|encore)\b|\bmyster\w+\b|\bsai[st] pas\b|\b(?:repond\w*|dit|dire) (?:pas|jamais|rien)\b|\bpas voulu\b|\bil faut (?:voir|verifier)\b|\ben suspens\b|\bpersonne ne sait\b"
        ),
        answered=re.compile(
            r"^(?:ah,? |euh,? |ben,? )*(?:en fait|si[, ]|(?:oui|non)[, ]+(?:c'est|il|elle|on|ca)\b(?! (?:verra|va voir|en reparle|ne sait|sait pas|faut))|justement|c'est confirme|j'ai (?:verifie|demande|appele))"
        ),
        wh=re.compile(rf"^{LEAD_FR}(?:(?:a |de |pour )?qui|quand|ou|quel(?:le)?s?|combien)\b(?: \S+){{3,}}"),
        thanks=re.compile(rf"^(?i:(?:merci(?: beaucoup| bien)?|parfait|super|tres bien)),? {NAME}\s*[.!]?$"),
        offer=re.compile(_OFFER_FR),
        welcome=re.compile(
            r"^(?:ah,? |oh,? )*(?:merci|parfait|super|genial|tres bien|excellent|volontiers|avec plaisir|formidable|(?:tres |excellente )?bonne idee|excellente idee)\b"
        ),
        lead=re.compile(
            rf"^{LEAD_FR}(?:(?:eh bien|eh ben|ben|allez|non mais|ah non|dans ce cas|au fait),? )?(?:voila,? |alors,? )?"
        ),
    )


@cache
def rules(language: str) -> Rules:
    """The patterns of 'en' or 'fr'."""
    return {"en": _english, "fr": _french}[language]()
