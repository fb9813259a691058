# ruff: noqa: E501, ISC004  a pattern reads best whole, and long ones in several strings
"""How somebody proposes what all might do, and how the others agree or doubt, in English and French, as patterns.

They meet folded text. What they mean together is told by `proposed`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from core.summary.sentences import stem


class Sort(Enum):
    """What a yes to a proposal says."""

    IDEA = auto()
    """That it is to be done: "Shall we …", "I suggest …"."""
    DRAWN = auto()
    """That the conclusion holds, or is known: one who finds it good is enough, a bare yes is not."""
    ASKED = auto()
    """That it may be done, or is done: "Can we …" asks for leave too."""
    TOLD = auto()
    """That it is good, of what somebody says is to be done."""
    KNOWN = auto()
    """That it is so: only who says that they agree decides it."""
    OBJECTION = auto()
    """Only "no" agrees."""


# What belongs to the meeting's own course, or is done on the spot.
_ON_THE_SPOT_EN = (
    r"(?:not|look\w*|see(?:ing)?|hear\w*|listen\w*|discuss\w*|talk\w*|speak\w*|start\w*(?! (?:the|our|an|every)\b.{0,40}\b(?:at|on|in|later|earlier)\b)|begin\w*|continu\w*|carry|carrying|mov(?:e|ing) (?:on\b|closer|to (?:the next|item|point|any))|go(?:ing)? (?!with\b|for\b|ahead with\b|without\b)|com(?:e|ing)|get(?:ting)? (?:started|going|on|back|into|to)\b|wait\w*"
    r"|be|being|think\w*|ask(?!(?:ing)? for\b)\w*|check\w*|find\w*|try\w*|read\w*|watch\w*|introduc\w*|recap\w*|summar\w*|review\w*|finish\w*|wrap\w*|turn(?:ing)? (?:to|back)|focus\w*|return\w*|proceed\w*|fac(?:e|ing)|hop(?:e|ing)|pretend\w*|assum\w*|imagin\w*|suppos\w*|remember\w*|forget\w*|know\w*|need\w*|want\w*|hav(?:e|ing)(?! (?:an?|the|our|one|two|three|four|five|no|only|it|them|that|every|some|another)\b)|hav(?:e|ing) (?:a|another|one|some|the) (?:\w+ )?(?:look|break|vote|round|chat|think|word|coffee|lunch|go|minute|moment|question|discussion)"
    r"|vot(?:e|ing)|decid\w*|show\w*|shar(?:e|ing) (?:the |my |your |a )?screen|call(?:ing)? it|tak(?:e|ing) (?:(?:it|that|this|things) |(?:a |the |one |another |five\b|ten\b|two\b)(?:\w+ )?(?:break|look|moment|minutes?|seconds?|vote|round|seat|photo|picture|question|step|turn|pause|floor)|stock|turns|notes?|care|time|five\b|ten\b)|leav(?:e|ing) (?:it|that|this|things)\b|put(?:ting)? (?:it|that|this) (?:on the agenda|to (?:a|the) vote|aside|off)|do(?:ing)? (?:a|the|another) (?:round|recap|vote|test)"
    r"|eat\w*|drink\w*|sit\w*|stand\w*|meet\w*|say(?!(?:ing)? (?:\w+ )?(?:o'clock|euros|pounds|per cent|half|\d))\w*|switch (?:off|on)|open(?:ing)? (?:the |that |your |my )?(?:file|door|windows?|link|document|chat|floor|meeting)|clos(?:e|ing) (?:the |that |this )?(?:file|doors?|windows?|meeting|session|point|item|discussion)|stop(?:ping)? (?:here|there|now)|cut(?:ting)? (?:to|it short)|keep (?:going|in mind|it (?:short|brief))|pick(?:ing)? (?:that|it|this) up|hold on|push on|press on|run through|make sure|jump\w*|skip(?:ping)? (?:to|ahead|that|this|it)|worry\w*|pay(?:ing)? (?:\w+ )?attention|keep(?:ing)? (?:(?:our|your) fingers|in touch|an eye|(?:on )?talking)|\w+ you\b|did|was|were|could|would)\b"
)
_HORTATIVE_FR = r"(?!(?:all|commenc|pass|voy|continu|dis|parl|reven|regard|av|esper|suppos|imagin|attend|essay|s|soy|discut|repren|termin|finiss|etudi|not|rappel|ecout|admett|laiss|souhait|oubli)ons\b)\w{3,}ons\b(?! (?:pas|plus)? ?(?:le point|la parole|un tour))"
_DOES_EN = rf"(?!{_ON_THE_SPOT_EN})(?:[a-z]{{2,}})\b"
_DISPOSES_EN = (
    rf"(?!{_ON_THE_SPOT_EN})(?:(?:keep|leav|drop|mov(?=e|ing)|shift|push|postpon|delay|cancel|clos|open|stop|end(?=\b|ing)|skip|scrap|ditch|rent|leas|hir(?=e|ing)|buy|order|sell|print|paint|switch|chang|replac|rais(?=e|ing)|lower|cut(?=\b|t)|reduc|increas|limit|cap(?=\b|p)|charg"
    r"|ask|pay|offer|giv(?=e|ing)|tak(?=e|ing)|choos|pick|go|stick|stay|renew|extend|shar(?=e|ing)|split|merg|invit|accept|reject|approv|adopt|sign|allow|ban(?=\b|n)|remov|put(?=\b|t)|hold|repair|mend|fix|plant|publish|launch|settl|mak(?=e|ing)|us(?=e\b|ing\b)|add|start|hav(?=e|ing)|do(?=\b|ing))\w*)\b"
)
_ON_THE_SPOT_FR = (
    r"(?:(?:fai|fer|pren|accord)\w* (?:une? |le |la |les |l'|un petit |une petite |deux |cinq |dix |quelques )*(?:petite? )?(?:pause|tours?|point|presentations?|cafe|dejeuner|minutes?|secondes?|instants?|photo|notes?|parole|connaissance|essai|test|courses)"
    r"|pass\w* (?:donc |alors |directement |maintenant )*(?:au\b|aux\b|a (?:la\b|l'|autre)|le (?:point|sujet))|met\w* (?:ca |cela |le |la |les )?(?:a l'ordre du jour|au vote|de cote|entre parentheses)|arret\w* (?:la\b|ici|maintenant)|laiss\w* (?:la\b|ca\b|la parole|passer|de cote|parler|\w+ (?:parler|finir|commencer))|ouvr\w* (?:le |la |les |ce |ton |votre )?(?:fichier|porte|fenetres?|lien|document|seance|reunion)|ferm\w* (?:le |la |les )?(?:fichier|porte|fenetres?|seance|reunion|point|parenthese)"
    r"|partag\w* (?:l'|mon |ton |votre |un )?ecran|donn\w* (?:la parole|un exemple)|part(?:ir|ait|ons)?\b(?! (?:sur|avec))|rest\w* (?:la\b|ici|calmes?)|tien\w* compte|fai\w* (?:\w+ )?attention|rest\w* en contact|gard\w* (?:espoir|le contact|un oeil)|(?:voi|voy|ecout|entend|discut|parl|commenc|continu|aill|all|va\b|attend|pens|demand(?!\w* (?:\d|un|deux|trois|cinq|dix|vingt|cent|une? ))|verifi|essa[iy]|li(?:re|t|sons)|regard|present|resum|recapitul|relis|termin|fini|revien|revenir|repren|avanc(?! l)|imagin|suppos|admett|rappel|oubli|sai[ts]|veu|peu|doi|dev|pourr|est\b|etre|a\b|ait\b|avoir|vot(?:e|ait|er)\b|decid|mang|boi|rentr|retrouv|rapproch|assoi|connai|dit\b(?! \w+ (?:heures?|euros))|dire\b|not(?:e|ait|er)\b|arriv|quitt)\w*)"
)
_PRONOUN_FR = r"(?:ne |n'|se |s'en |s'y |s'|y |en |le |la |les |l'|leur |lui )?"
_DOES_FR = rf"{_PRONOUN_FR}(?!{_ON_THE_SPOT_FR})(?:[a-z]{{3,}})\b"
_DISPOSES_FR = (
    rf"{_PRONOUN_FR}(?!{_ON_THE_SPOT_FR})(?:(?:rest|gard|prend|prenn|chang|arret|supprim|enlev|coup|sign|donn|pai|pay|factur|pass|decal|deplac|report|repouss|ferm|ouvr|met|mett|fai|fer|achet|vend|augment|baiss|redui|limit|remplac|maintien|maintenir|refus|annul|renouvel|accept|choisi|laiss"
    r"|lou|imprim|repein|repeign|valid|adopt|autoris|interdi|embauch|recrut|organis|retien|retenir|opt|invit|partag|plant|construi|command|demand|tien|part|dit (?=\w+ (?:heures?|euros)))\w{0,6})\b"
)
_LEAD_EN = r"^(?:(?:okay|ok|right|alright|all right|well|good|great|fine|and|but|yes|yeah|now|um|uh|everyone|so|then|maybe|perhaps|no),? ){0,4}"
_LEAD_FR = (
    r"^(?:(?:bon|ok|okay|bien|ben|et|mais|oui|voila|euh|d'accord|eh bien|donc|alors|du coup|moi),? ){0,4}"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of words that ends where what is proposed begins, and with what that is told; None: as it was said."""

    pattern: re.Pattern[str]
    sort: Sort
    opening: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language."""

    forms: tuple[Form, ...]
    tag: re.Pattern[str]
    """The end of a sentence that asks for assent to it."""
    choice: re.Pattern[str]
    """The end of "The barn, then?"."""
    rule: re.Pattern[str]
    """The beginning of "So no dogs in the cabins."."""
    supposed: re.Pattern[str]
    """Supposes, asks for what is known, or is about others."""
    doubts: re.Pattern[str]
    """Anything but a yes."""
    agrees: re.Pattern[str]
    """A yes beside those of `settled`."""
    approves: re.Pattern[str]
    """More than a bare yes."""
    consents: re.Pattern[str]
    """Says that it is agreed, which nobody says of what is known."""
    nobody: re.Pattern[str]
    """Says that there is no objection."""
    closes: re.Pattern[str]
    """By which whoever proposed it takes the yes of the others."""
    of_agreement: frozenset[str]
    """Topic words of those who only agree."""
    concludes: re.Pattern[str]
    """Says itself what all do."""


def _forms(*forms: tuple[str, Sort, str | None]) -> tuple[Form, ...]:
    return tuple(Form(re.compile(pattern), sort, opening) for pattern, sort, opening in forms)


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


_SAY_EN = r"(?:i(?:'d| would)? (?:say|suggest|propose|vote|reckon|think|feel)(?: that)?|i'm (?:suggesting|proposing)(?: that)?)"
_BEST_EN = r"(?:best|simplest|easiest|cheapest|wisest|fairest|safest|sensible|right|obvious|most \w+)"
_ALL_EN = r"(?:everyone|everybody|we all|you all|we|all of (?:us|you))"
_EN = Language(
    forms=_forms(
        (rf"{_LEAD_EN}shall we(?: just| then| all| also)* (?={_DOES_EN})", Sort.IDEA, "We "),
        (rf"{_LEAD_EN}should we(?: just| then| all| also)* (?={_DISPOSES_EN})", Sort.IDEA, "We "),
        (rf"{_LEAD_EN}what (?:do|would) you (?:all )?say (?:if )?we (?={_DOES_EN})", Sort.IDEA, "We "),
        (
            rf"{_LEAD_EN}i(?:'d| would) (?:like|love|want|prefer) (?:us|everybody|everyone) to (?={_DOES_EN})",
            Sort.IDEA,
            "We ",
        ),
        (rf"{_LEAD_EN}(?:how|what) about (?={_DOES_EN})(?=\w+ing\b)", Sort.IDEA, ""),
        (rf"{_LEAD_EN}(?:how|what) about we(?: just| all)* (?={_DOES_EN})", Sort.IDEA, "We "),
        (rf"{_LEAD_EN}why don't we(?: just| all)* (?={_DOES_EN})", Sort.IDEA, "We "),
        (
            rf"{_LEAD_EN}{_SAY_EN},? we(?: should| could| ought to|'d better)(?: just| all)* (?={_DISPOSES_EN})|{_LEAD_EN}i(?:'d| would)? (?:say|suggest|propose|vote)(?: that)?,? we(?: just| all)* (?={_DISPOSES_EN})",
            Sort.IDEA,
            "We ",
        ),
        (
            rf"{_LEAD_EN}my (?:suggestion|proposal|idea|vote|preference)(?: would be|'s| is|:) (?:that we|to|for us to) (?={_DOES_EN})",
            Sort.IDEA,
            "We ",
        ),
        (
            rf"{_LEAD_EN}(?:we (?:could|should|might as well|ought to)|we(?:'d| had) better)(?: just| all| also)* (?={_DISPOSES_EN})",
            Sort.IDEA,
            "We ",
        ),
        (
            rf"{_LEAD_EN}(?:i think )?(?:the )?{_BEST_EN}(?: thing| way| option)?(?: to do)?(?: would be|'s| is) (?:to|if we|that we) (?={_DOES_EN})",
            Sort.IDEA,
            "We ",
        ),
        (
            rf"{_LEAD_EN}(?:our|the) (?:consensus|general (?:view|feeling|opinion)|majority view) is (?:that|to) (?=\w)",
            Sort.IDEA,
            "",
        ),
        (rf"{_LEAD_EN}(?:our|the) plan (?:now|then) is (?:to|that we) (?={_DOES_EN})", Sort.IDEA, "We "),
        (
            rf"{_LEAD_EN}it(?:'d| would) be (?:better|best|simpler|easier|cheaper|fairer|wiser|safer) to (?={_DOES_EN})",
            Sort.IDEA,
            "We ",
        ),
        (
            rf"\bshall we (?={_DOES_EN})|\bshould we (?={_DISPOSES_EN})|\b(?:how|what) about (?={_DOES_EN})(?=\w+ing\b)|\bwhy not (?={_DOES_EN})|\bwhat if (?:we|the|our|all|each) (?:\w+ ){{0,2}}?(?={_DISPOSES_EN})|{_LEAD_EN}(?:let's|let us)(?: just| all| not)* (?={_DOES_EN})",
            Sort.IDEA,
            None,
        ),
        (
            rf"\bi(?:'m| am)? (?:suggest|propos)(?:e|ing)? (?:that (?!you\b|he\b|she\b|they\b)|(?={_DOES_EN})(?=\w+ing\b))",
            Sort.IDEA,
            None,
        ),
        (
            rf"\b(?:would|are|is|do|does|can|could|shall) {_ALL_EN} (?:be )?(?:all )?(?:agree[ds]?|happy|fine|okay|ok|content|in favou?r|comfortable) (?:to|that|with|if we|for|on)\b(?! (?:that|this|it)\b)|\bwe(?:'re| are) all (?:agreed|happy) (?:on|that|about|with)\b(?! (?:that|this|it)\b)",
            Sort.IDEA,
            None,
        ),
        (
            rf"{_LEAD_EN}(?:we(?:'re| are)(?: all)? agreed|we all agree)(?: that|,)? (?=(?:the|our|all|every|no|we)\b)",
            Sort.DRAWN,
            "",
        ),
        (
            rf"{_LEAD_EN}(?:so|then|in that case),? (?=we(?:'re|'ll| are| will| all)?(?: not| just| simply)*(?: going to| gonna)? {_DISPOSES_EN})",
            Sort.DRAWN,
            "",
        ),
        (
            rf"{_LEAD_EN}(?=we(?:'re|'ll| are| will| all)?(?: not| just)*(?: going to| gonna)? {_DISPOSES_EN})",
            Sort.ASKED,
            "",
        ),
        (
            r"\b(?:any|no) objections? to\b(?! (?:that|this|it)\b)|\b(?:anyone|anybody|who(?:'s| is)) against (?=\w+ing\b|the|our|a)",
            Sort.OBJECTION,
            None,
        ),
        (
            rf"{_LEAD_EN}(?=we (?:won't|will not|will|'re not going to|are not going to) {_DISPOSES_EN})|{_LEAD_EN}(?=we'll {_DISPOSES_EN})",
            Sort.TOLD,
            "",
        ),
        (
            rf"{_LEAD_EN}(?:so|then),? (?=(?:the|our|all|every|each)\b(?!.*\b(?:was|were|had|did|have|has|(?!hundred)\w+ed)\b))",
            Sort.KNOWN,
            "",
        ),
        (
            rf"{_LEAD_EN}(?:can|could|can't|couldn't) we(?: just| all| also)* (?={_DISPOSES_EN})",
            Sort.ASKED,
            "We ",
        ),
        (
            rf"\b(?:can|could) we (?={_DISPOSES_EN})|\bare we (?:going to )?(?={_DISPOSES_EN})",
            Sort.ASKED,
            None,
        ),
        (
            rf"{_LEAD_EN}(?:so|then),? (?=it(?:'s| is) (?:the|to|at|on|in)\b.*\b(?:rather than|and not|then)\b)",
            Sort.IDEA,
            "",
        ),
    ),
    tag=re.compile(r", (?:okay|ok|agreed|all right|alright|deal|everyone|everybody|all agreed|yes) ?\?$"),
    choice=re.compile(r",? then ?\?$"),
    rule=re.compile(rf"{_LEAD_EN}(?:so|then),? (?=(?:no|only)\b)"),
    supposed=re.compile(
        r"\b(?:unless|whether|suppose|imagine|pretend|what happens?|would happen|in theory|last (?:time|week|month|year|season|spring|summer|autumn|winter)|back then|used to|usually|normally|always|still|already|for (?:a|one) (?:moment|minute|second)|how (?:do|does|did|can|could|should|shall|would|many|much|long)|what (?:do|does|should|shall|can|could|would)|who|when (?:do|should|shall|can|could)|where|which|over to|they said|(?:you|ya) sent|for today|agenda|the photo|(?:one|some) ?day|could use)\b|\bif (?!we\b)"
    ),
    doubts=re.compile(
        r"^(?:(?:well|um|uh|oh|hm+|okay|ok|yes|yeah|sure|fine|right|i like (?:it|that)|sounds (?:good|fine|nice)),? )*(?:but\b(?! (?:yes|okay|ok|fine)\b)|except|unless|provided|as long as|only if|if)\b|^(?:(?:well|um|uh|oh|hm+),? )*(?:no\b(?! (?:objections?|problem|worries|argument))|nope|nah|hm+\b|not\b|i'm not|i don't|i disagree|i doubt|hang on|hold on|wait|actually|really\?|we (?:could|might)[.!]*$|why\b|what about|that's too|it's too)"
        r"|\b(?:too (?:expensive|dear|early|late|few|many|much|little|big|small|long|short|risky|soon|far)|not (?:yet|sure|convinced|so fast|keen|happy|really|today|enough)|(?:think|sleep|talk|look|see|hear) (?:about|over|on|into) (?:it|that|this)|let's (?:wait|see|think|discuss|talk|not)|depends|i'd rather|i'd prefer|prefer|instead of that|problem is|can't (?:do|afford|decide)|won't work|doesn't work|come back to)\b"
    ),
    agrees=re.compile(
        r"^(?:\w+,? )?(?:(?:i )?(?:love|like|adore) (?:it|that)|high time|seconded|i second|i(?:'m| am) (?:in favou?r|for)|in favou?r|i think so|that's (?:fine|good|best|better|right|what i)|i'd (?:do|go for|say so|vote for) (?:that|it)|plus one|we (?:are|do|will|should)[.!]*$)|\bbut (?:yes|okay|ok|fine)[.!]*$|(?:\b(?:is|works|sounds|seems)|'s) (?:good|fine|great|plenty|enough|perfect|right|better|best|sensible)[.!]*$|\bworks[.!]*$"
    ),
    approves=re.compile(
        r"\b(?:fine|good|great|agreed?|perfect|excellent|lovely|brilliant|let's|deal|works?|suits?|happy|(?:like|love) (?:it|that)|idea|for (?:it|that)|in favou?r|makes sense|sensible|fair|seconded|okay|ok|all right|alright|me too|same|so (?:am|do|would) i|absolutely|definitely|so too|by all means|why not|better|cool|super|wonderful|plenty|sounds)\b"
    ),
    consents=re.compile(
        r"\b(?:agreed?|(?:fine|okay|ok|good) (?:by|with|for) (?:me|us)|(?:good|great|nice) idea|for (?:it|that)|in favou?r|seconded|reasonable|fair|me too|so (?:am|do|would) i|works for|about time|high time|let's|deal|makes sense|sensible)\b"
    ),
    nobody=re.compile(
        r"^(?:well,? |oh,? )?(?:no|none|nope|not (?:at all|from me|me|here)|no objections?|i don't|nobody|go ahead|fine|not i)\b"
    ),
    closes=re.compile(
        r"^(?:(?:okay|ok|right|alright|all right|well|yes|so|then|and),? )*(?:good|great|perfect|excellent|done|settled|lovely|brilliant|wonderful|fine|agreed|decided|carried|then\b|so\b|that's (?:that|settled|decided|agreed|it|what we(?:'ll)? do)|it's (?:settled|decided|agreed|a deal)|we(?:'ll| will)? (?:do (?:it|that)|\w+))\b"
    ),
    of_agreement=_stems(
        "fine works work suits suit perfect lovely brilliant absolutely course happy love like plan sensible fair seconded second favour favor objection objections problem better best nice super wonderful excellent fantastic deal done glad pity shame please thanks sold plenty enough pleased smart clever cheaper easier simpler safer same agree agrees"
        " okay fully totally completely one reasonable nice pretty lovely true right time high"
    ),
    concludes=re.compile(rf"{_LEAD_EN}(?=we(?:'re|'ll| are| will| all)? {_DISPOSES_EN})"),
)

_FR = Language(
    forms=_forms(
        (rf"{_LEAD_FR}(?={_HORTATIVE_FR})", Sort.IDEA, None),
        (
            r"\b(?:pas|une|aucune|d'autres?|des) ?(?:d')?objections? (?:a |au |aux )(?=\w)|\bquelqu'un (?:est |s'oppose |est oppose )(?:contre|a)\b",
            Sort.OBJECTION,
            None,
        ),
        (
            rf"{_LEAD_FR}(?=(?:on|nous) n(?:e |'){_DISPOSES_FR} (?:pas|plus)\b)|{_LEAD_FR}(?=on (?:{_PRONOUN_FR})?(?!{_ON_THE_SPOT_FR})\w{{3,}}ra\b)",
            Sort.TOLD,
            "",
        ),
        (
            rf"{_LEAD_FR}(?:donc|alors|du coup),? (?=(?:le |la |les |l'|nos |notre |chaque |toutes? |tous )(?!.*\b(?:etait|etaient|avait|a ete)\b))",
            Sort.KNOWN,
            "",
        ),
        (
            rf"{_LEAD_FR}(?:on est|nous sommes)(?: bien| tous| donc)* d'accord(?: que |,? qu'|, )(?=(?:le|la|les|l'|tous|toutes|chaque|on|nous)\b)",
            Sort.IDEA,
            "",
        ),
        (
            rf"\b(?:je|j'|nous) ?(?:propos|sugger|voudrai[st]|aimerai[st]|souhait|dirai[st])\w*(?: donc| bien)? (?:que |qu'on |(?:de |d')(?={_DOES_FR}))|\b(?:l'avis general|l'opinion generale|le consensus),? (?:c'est|est) (?:de |d'|que |qu'on )|\bje serais d'avis (?:que |qu'on |de |d')|\b(?:que diriez-vous|qu'est-ce que vous diriez|vous diriez quoi|ca vous dirait|ca vous dit) (?:de |d'|qu'on |si on )(?={_DOES_FR})|\b(?:ma|la) (?:proposition|suggestion),? (?:c'est|serait|est) (?:que |de |d'|qu'on )"
            rf"|\b(?:et )?si (?:on|nous) (?={_DOES_FR})|\bpourquoi (?:ne )?pas (?={_DOES_FR})|\b(?:on|nous) (?:pourrait|pourrions|devrait|devrions|ferait mieux de|ferions mieux de|n'a qu'a)(?: donc| aussi| peut-etre| simplement)* (?={_DOES_FR})|\bpourrait-on (?={_DOES_FR})|\bautant (?={_DOES_FR})(?=\S+ ?\w*(?:er|ir|re)\b)"
            rf"|\b(?:le mieux|le plus \w+|le moins \w+),? (?:ce |c')?(?:est|serait)(?: encore)? (?:de |d'|qu'on )(?={_DOES_FR})|\b(?:il vaut mieux|il vaudrait mieux|mieux vaut) (?={_DOES_FR})|\bmoi,? (?:je |j')(?={_DISPOSES_FR})(?=\S+ ?\w*rais\b)"
            r"|\b(?:vous seriez|vous etes|tout le monde est|on est|nous sommes|seriez-vous|etes-vous|tout le monde serait)(?: tous| bien)* d'accord (?:pour|que|qu'|sur|avec)\b|\bon peut (?:convenir|se mettre d'accord|acter|considerer) (?:que |qu'|de |sur )",
            Sort.IDEA,
            None,
        ),
        (
            rf"{_LEAD_FR}(?:donc|alors|du coup|dans ce cas),? (?=(?:on|nous) {_DISPOSES_FR})|^(?=(?:on|nous) (?:valid|adopt|approuv|reten|retien)\w*)",
            Sort.DRAWN,
            "",
        ),
        (rf"{_LEAD_FR}(?=(?:on|nous) {_DISPOSES_FR})", Sort.ASKED, ""),
        (rf"^[^,?]{{3,40}}, (?:on|nous) (?={_DISPOSES_FR})|\bon peut (?={_DISPOSES_FR})", Sort.ASKED, None),
        (
            rf"{_LEAD_FR}(?:donc|alors|du coup|dans ce cas),? (?=c'est (?:le|la|les|l'|un|une|a|au|en)\b.*\b(?:plutot que|et pas|alors|donc)\b)",
            Sort.IDEA,
            "",
        ),
    ),
    tag=re.compile(
        r", (?:d'accord|ok|okay|entendu|c'est bon|ca marche|on est d'accord|tous d'accord|oui) ?\?$"
    ),
    choice=re.compile(r",? (?:alors|donc) ?\?$"),
    rule=re.compile(
        rf"{_LEAD_FR}(?:donc|alors),? (?=(?:pas de|pas d'|plus de|plus d'|seulement|uniquement)\b)"
    ),
    supposed=re.compile(
        r"\b(?:imagin\w+|suppos\w+|admettons|la derniere fois|l'an (?:dernier|passe)|l'annee derniere|la semaine derniere|le mois dernier|a l'epoque|d'habitude|toujours|deja|d'abord|en premier|une (?:minute|seconde)|comment|combien|pourquoi (?!pas|ne pas)|qui (?:est|s'|se|va|fait|peut)|quand|ou (?:est|sont|en)|quel(?:le)?s?|qu'est-ce|qu'ils|ils?(?! (?:vaut|vaudrait|est (?:temps|mieux)))|elles?|vous (?:avez|savez)|tu|pour aujourd'hui|la photo|ordre du jour)\b|\bs(?:i (?!on |nous )|'il)"
    ),
    doubts=re.compile(
        r"^(?:(?:ben|bah|euh|ah|oh|hm+|bon|oui|ouais|ok|d'accord),? )*(?:mais\b(?! (?:oui|d'accord|bon)\b)|sauf|sinon|seulement si|si (?:on|nous|c'est|ca|tu|vous)|a condition)\b|^(?:(?:ben|bah|euh|ah|oh|hm+),? )*(?:non\b|bof|hm+\b|pas (?!de (?:souci|probleme|objection))|attend\w*|je (?:ne )?suis (?:pas|contre)|je ne|en fait|ah bon|vraiment ?\?|on (?:pourrait|peut)[.!]*$|pourquoi ?\?)"
        r"|\b(?:trop (?:cher|chere|tot|tard|peu|grand|petit|long|court|risque|loin|juste)|pas (?:encore|sur|sure|convaincue?s?|d'accord|vraiment|assez|aujourd'hui)|il faut(?:drait)? (?:y )?(?:reflechir|voir|en parler|attendre)|reflechi\w*|je prefere\w*|ca depend|on verra|on en reparle|le probleme|le souci|ca ne (?:va|marche) pas|j'hesite)\b|^plutot\b"
    ),
    agrees=re.compile(
        r"^(?:\w+,? )?(?:j'adore|il est temps|voila[.!]*$|je (?:pense|crois|trouve) aussi|je suis pour|je vote pour|j'appuie|j'allais le dire|on est d'accord|tu as raison)|\bmais (?:oui|d'accord|bon)[.!]*$|\bc'est (?:bien|bon|parfait|mieux|tres bien)[.!]*$"
    ),
    approves=re.compile(
        r"\b(?:d'accord|tres bien|parfait|idee|ca (?:me |nous )?(?:va|convient|marche)|super|ok|okay|nickel|impec\w*|excellent|adjuge|vendu|banco|je suis (?:\w+ )?(?:pour|partante?)|moi aussi|pareil|valide|volontiers|pourquoi pas|c'est (?:bien|mieux|bon|parfait)|logique|genial|chouette|aussi|allons-y|allez|tout a fait|entendu|formidable|top)\b"
    ),
    consents=re.compile(
        r"\b(?:d'accord|ca (?:me |nous )?(?:va|convient)|bonne idee|je suis (?:\w+ )?(?:pour|partante?)|je vote pour|moi aussi|raisonnable|juste|valide|adjuge|vendu|banco|il est temps|enfin|allons-y|logique|volontiers)\b"
    ),
    nobody=re.compile(
        r"^(?:ben,? |euh,? )?(?:non|aucune?|pas (?:du tout|de ma part|moi)|personne|pas d'objection|moi non)\b"
    ),
    closes=re.compile(
        r"^(?:(?:bon|ok|allez|eh bien|alors|donc|oui|et),? )*(?:bien\b|parfait|super|tres bien|voila|entendu|adjuge|vendu|excellent|formidable|c'est (?:note|fait|decide|acte|regle|vendu|bon)|on \w+|d'accord)"
    ),
    of_agreement=_stems(
        "parfait nickel bonne bien sur marche convient convaincu partant partante volontiers impeccable excellent excellente super top logique normal dommage merci plait pareil valide entendu compris formidable chouette mieux objection souci probleme raison adjuge vendu banco fait"
        " accord chic sage raisonnable joli jolie beau belle juste temps"
    ),
    concludes=re.compile(rf"{_LEAD_FR}(?=(?:on|nous) {_DISPOSES_FR})"),
)

LANGUAGES = {"en": _EN, "fr": _FR}
"""The words of both languages."""
