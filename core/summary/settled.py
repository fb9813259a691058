# ruff: noqa: E501  a pattern reads best whole
"""Decisions told by no word of deciding: a sentence that disposes of a matter, weighed by the signs that this closes it.

"The beige one, then. — Fine." decides, and so does "So Sundays are off from April."; "We start with the roof." does not.
Neither the shape nor a sign is enough by itself. Weights were set by hand on scripts of our own and on meetings of QMSum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.summary.dates import NUMBER_WORDS
from core.summary.deciding import PAST
from core.summary.sentences import Sentence, content_words, has_verb

ENOUGH = 5
"""Weight of shape and signs together from which a sentence decides; a shape has at most 3."""
LONGEST = 32
"""Words over which a sentence tells rather than decides."""
BRIEF = 12
"""Words over which a sentence without a verb is a list, and an answer no mere assent."""
BACK = 8
"""So many sentences before stands what the decision is about."""


@dataclass(frozen=True, slots=True)
class _Language:
    """The words of one language."""

    lead: re.Pattern[str]
    """What opens a conclusion, whatever its words."""
    concludes: re.Pattern[str]
    """Of a lead or an end, what draws it from what was said."""
    draws: re.Pattern[str]
    """Before a conclusion within a sentence."""
    shapes: tuple[tuple[re.Pattern[str], int], ...]
    """How a sentence disposes of a matter, and how clearly."""
    then: re.Pattern[str]
    """The end of a choice."""
    adds: re.Pattern[str]
    """What goes on with a list or a story, so that it needs no verb."""
    vetoed: re.Pattern[str]
    """Supposes, wishes, reports, tells of the past or of the meeting itself."""
    lasting: re.Pattern[str]
    """From when, until when or for how much."""
    final: re.Pattern[str]
    """That the speaker is done with it, beside or in the same sentence."""
    assents: re.Pattern[str]
    objects: re.Pattern[str]
    endorses: re.Pattern[str]
    """Takes a proposal as it stands, in few words."""
    suggests: re.Pattern[str]
    """What such words can be about."""
    proposes: re.Pattern[str]
    """What another said before that may be taken up."""
    voted: re.Pattern[str]
    """That hands were counted, or how many."""
    moves_on: re.Pattern[str]
    """What comes next in the meeting, or who does it."""


def _shapes(*shapes: tuple[str, int]) -> tuple[tuple[re.Pattern[str], int], ...]:
    return tuple((re.compile(pattern), weight) for pattern, weight in shapes)


# What a group does that settles nothing: thinking, talking, having, being, and the course of the meeting itself.
_IDLE_EN = (
    r"(?:have|had|has|are|were|was|be|been|know|knew|see|saw|think|thought|feel|felt|like|love|hate|want|need|hope|guess|mean|say|said|tell|told|talk\w*"
    r"|discuss\w*|look\w*|hear\w*|wait\w*|start\w*|begin\w*|continu\w+|mov(?:e|ing) on|go(?:ing)? (?:on|back|through|over|to|around|into)|com(?:e|ing) (?:back|to)|get(?:ting)?|got"
    r"|can|could|should|would|might|may|must|try\w*|work\w*|run\w*|went|did|do not|don't|didn't|came|took|made|lost|found|met|meet\w*|seem\w*|agree\w*|decid\w+|remember|wonder\w*"
    r"|hav(?:e|ing)|being|see(?:ing)?|all|also|already|always|often|usually|never|ever|still|both|actually|basically|probably|really|sort|kind|quite|supposed|sure|happy|used|here|there|in|at|on|so|very|too|about|not sure|just|a|the|"
    r"only|\w+ed|end up|find|understand|show|check|finish|ask|suggest|propose|consider|assume|expect|believe|realize|realise|notice|understood|spent|sent|put in|held|brought|left|kept|sold|bought|gave|paid|wrote|read|heard|spoke|ran|sat|stood|built|grew)\b"
)
_IDLE_FR = (
    r"(?:a|as|ait|avait|aura|aurait|est|etait|sera|serait|soit|sont|va voir|va (?:en )?parler|va en reparler|va commencer|va continuer|va passer|va dire|va etre|va avoir|peut|peux|pourrait|pourra|doit|devrait|devra|sait|savait|"
    r"voit|verra|verrait|voyait|veut|voulait|voudrait|en reparle\w*|en parle\w*|reparle\w*|parle\w*|discute\w*|regarde\w*|attend\w*|continue|commence\w*|y va|reprend|revient|note|arrive\w*|dit|disait|pense\w*|croit|espere|"
    r"entend\w*|comprend|trouve|aime\w*|dirait|appelle|connait|vient|en est|y est|se\b|s'|y\b|sent|essaie|reflechit|tourne|finit|perd|\w+ait|\w+rait|n'a|n'est|ne sait|ne peut|ne voit|n'y|n'en|ne va pas|m'a|lui a|leur a|nous a|vous a|les a|l'a|l'avait|"
    r"range|rentre|file|ferme la|se voit|se retrouve|remercie)(?!\w)"
)

_COUNT_EN = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|none|nobody)"

_EN = _Language(
    lead=re.compile(
        r"^(?:(?:okay|ok|right|alright|all right|very well|well|good|great|fine|perfect|lovely|brilliant|yeah|yes|yep|no,|so|then|and|but|oh|ah|um|uh|hm|mm|exactly|in that case|fair enough|alrighty|agreed|sure),? ?(?:then|so|yeah|well)?,? )+"
    ),
    concludes=re.compile(
        r"^(?:\w+,? ){0,2}(?:so|then|okay|ok|alright|all right|right|very well|well|good|fine|great|in that case|fair enough|exactly|agreed)\b|^no, |^let's \w+|\bthen(?:[.,!]|$)|^\w+(?: \w+)? then\b"
    ),
    draws=re.compile(r", (?:so|then) "),
    shapes=_shapes(
        (
            r"^(?:(?!(?:in|as|so|to|at|on|of|how|what|that|this|whatever|where|who|when|why|there|is|think|know|sure|say|than|for|about|if|it|because)\b)[\w'-]+ ){1,4}it (?:is|shall be|will be|'ll be)\b",
            3,
        ),
        (
            r"^(?!i |you |he |she |it |they |we |what |who |that |which |there )(?:the |our |my |this |that )?(?:[\w'-]+ ){1,4}?(?:stays?|goes|comes? out|gets? the|takes (?:the|our|over|on)|wins?|passes)\b(?! (?:up|down|wrong|back|on\b|to (?:show|say|work|school)|like|well|like|with(?:out)? saying))",
            2,
        ),
        (
            r"\b(?:is|are) (?:off|out|gone|in|on hold|cancelled|done with)(?=[.,!]|$| (?:from|until|this|for|starting|as))",
            2,
        ),
        (
            r"(?:^(?:[\w'-]+ ){1,4}is|\bthat's) what (?:we|they) (?:offer|do|take|pay|get|go|use|ask|say|want)\b",
            3,
        ),
        (
            r"^no (?:more )?(?!(?:one|idea|way|clue|problem|wonder|need|thanks|worries|doubt|comment|question|news|offen[cs]e|rush|kidding|matter|reason|longer|that|that's|it|it's|i|i'm|we|you|he|she|they|this|there|not)\b)(?:[\w'-]+ ){1,3}(?:this (?:time|year|month|season|week)|next|any ?more|from|until|at all|for (?:that|this|it|us|the|now))\b",
            3,
        ),
        (
            r"^(?:the|our|this) (?:[\w'-]+ ){1,3}(?:is|will be|takes place|starts|begins) (?:on|at|in)\b.*, then[.!]*$",
            2,
        ),
        (
            r"^(?:forget (?:about )?(?:the|that|it)|(?:it's |say )?goodbye to|out goes|out go|get it done|go for it|go ahead and)\b",
            2,
        ),
        (
            r"^(?:cap|keep|leave|limit|hold) (?:it|that|them|this) (?:at|to|under|below|as)\b|^(?:skip|scrap|cancel|drop|ditch) (?:it|that|the)\b",
            2,
        ),
        (
            r"^(?:let's|let us) (?:just |all |then |not )*(?!(?:see|say|talk|move on|look|start|begin|wait|go (?:on|back|through|over|around)|hope|discuss|be|have|think|try (?!it|that|this)|get|come|face|hear|take a|remember|recall|not forget|assume|pretend|imagine|suppose|first|continue|leave (?:it|that|this)(?: one)? (?:there|open|for now|until)|call it a|meet|finish|put it)\b)\w+ \w+",
            2,
        ),
        (
            r"(?:^|, |\band )we(?:'re|'ll| are| will| shall| won't)? (?:not |just |simply |now |only )*(?:going to |gonna )?(?:be )?(?:do(?:ing)?|keep(?:ing)?|drop(?:ping)?|leav(?:e|ing)|stick(?:ing)?|skip(?:ping)?|cancel\w*|postpon\w+|mov(?:e|ing)(?! on)|switch\w*|scrap\w*|stay\w*|let(?:ting)?|put(?:ting)?(?! in)|tak(?:e|ing)|giv(?:e|ing)(?! (?:that|it|this) an?\b)|us(?:e|ing)|hir(?:e|ing)|buy(?:ing)?|charg(?:e|ing)|rais(?:e|ing)|cut(?:ting)?|limit\w*|clos(?:e|ing)|stop\w*|pay(?:ing)?|chang(?:e|ing)|park(?:ing)?|reject\w*|accept\w*)\b(?! (?:a look|part|place|in mind|time|care|well|better|our best|think|know))",
            2,
        ),
        (rf"^we (?!{_IDLE_EN})[a-z]+[.!]*$", 3),
        (
            rf"(?:^|, |\band )we(?:'re|'ll| are| will| shall| won't)? (?:not )?(?:going to |gonna )?(?:be )?(?!{_IDLE_EN}|\w+n't)[a-z]+\b",
            1,
        ),
        (
            r"\bi(?:'ve| have) decided\b(?! (?:not to worry|nothing))|\bi'm making the call\b|\bit's a (?:no|yes|go)\b(?! or|-)|\bgreen light for\b|\bthere(?:'ll| will) be no\b|\b(?:nobody|no one) (?:is to|gets to)\b",
            3,
        ),
    ),
    then=re.compile(r"(?<!but)(?<!and)(?<!or),? then[.!]*$"),
    adds=re.compile(r"^(?:\w+,? )?(?:or|and|plus|like|minus)\b|\b(?:left|to go|more)[.!]*$"),
    vetoed=re.compile(
        r"\b(?:if|unless|whether|maybe|perhaps|might|could|would|i'd|we'd|you'd|they'd|he'd|she'd|should|i (?:think|guess|suppose|hope|wish|thought|mean|wonder|don't know)|apparently|supposedly|in theory|imagine|suppose|some ?day|one day,? (?:i|we|you|it)\b"
        r"|last (?:time|week|month|year|season|spring|summer|autumn|winter)|years? ago|back then|used to|have to|need to|needs to|they (?:decided|said|told|want|wanted|say)|(?:he|she|they|somebody|someone) (?:said|says|told|decided)|told (?:me|us)|according to|park (?:that|this|it)|as long as|once we|when we|before we|until we|after we|because|we'll see|see how|wanted|we were|was going|today we|now we|right now|this meeting|next meeting|presentations?|slides?)\b"
    ),
    lasting=re.compile(
        r"\b(?:from (?:now|next|the|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december)|as of|for now|starting|instead|until|this (?:year|time|season)|every (?:\w+day|week|month|year|morning)|up to|for (?:new|anything)|(?:january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?)\b"
    ),
    final=re.compile(
        r"\b(?:end of (?:story|discussion)|that's (?:that\b(?!')|final|settled|it then|decided|signed off|what we do|a thing)|(?:last|final) word|i'm (?:sold|for (?:it|that)|convinced|happy with (?:it|that))|i can live with|you win|anything (?:above|over|more)|no (?:discussion|debate|arguments?|question about it)|want (?:a|any|no) (?:long )?(?:debate|discussion)|answers that|(?:got|have) (?:that|it) (?:written )?down|everybody got|as far as i'm concerned|we do that|none against|show of hands|carried|i'm not (?:paying|having|doing)|goodbye)\b"
    ),
    assents=re.compile(
        r"^(?:oh,? |well,? |um,? |and |ah,? |ooh,? |my god,? |mm,? )*(?:yes|yeah|yep|yup|sure|okay|ok|fine|agreed|absolutely|exactly|perfect|great|good|definitely|works for|sounds|all right|alright|of course|i'm (?:fine|happy|in|for|glad)|me too|same here|aye|cool|brilliant|lovely|fair|sensible|no (?:argument|objection|complaint)|(?:much |far )?better|makes sense|about time|finally|hallelujah|music to|i (?:like|love) (?:it|that)|i could (?:cry|kiss)|suits me|deal|done|hooray|hurray|excellent|wonderful|amazing|super|nice|right|that'll do|that works|thank (?:god|goodness|heavens)|\w+ (?:sounds|seems) (?:fair|good|fine|right)|mm-hm\w*|can't argue|i never say no|clever|smart|wise|same(?=[.,!]|$)|so (?:am|do|would) i|i agree|so be it|fair enough|(?:i'd be |i'm )?all for (?:it|that)|i'd be (?:for|fine|happy)|let's(?=[.,!]|$)|understood|noted|by all means|why not(?=[.!]|$)|we (?:are|do|will|should)(?=[.!]|$)|suits (?:us|them|everybody|everyone)|(?:that|it) (?:works|suits|would (?:work|suit)))\b"
    ),
    objects=re.compile(
        r"^(?:well,? |um,? |hm,? |hmm,? |oh,? )*(?:no\b(?! (?:argument|objection|complaint|problem))|nope|nah|not (?:really|quite|me|so)|but|hang on|wait|hold on|i'm (?:not|against)|i don't|i disagree|actually|what about|or\b|really\?|are you sure|can we)"
    ),
    endorses=re.compile(
        r"^(?:(?:let's|we|we'll|so we|then we|we should) (?:just )?(?:do|go with|go for|take|try) (?:that|it|this|exactly that)(?: then)?|do (?:it|that)|go for it|sold|deal|that's what we(?:'ll)? do|that's the plan|i'm (?:sold|for it)|consider it done|make it so|so be it|let's|that's decided)(?: then| instead| everyone)?[.,!]*$"
    ),
    suggests=re.compile(
        r"\b(?:we (?:could|should|can|might|ought)|could we|should we|shall we|can we|what if|how about|what about|why (?:don't|not)|i(?:'d| would) (?:say|suggest|propose|go|vote|take|do|keep|put)|i (?:suggest|propose|vote|say)|let's|might as well|my (?:vote|suggestion|proposal))\b"
    ),
    proposes=re.compile(
        r"\b(?:could|should|what if|how about|why don't|why not|i'd|i would|i (?:say|think|like|love|prefer|vote|suggest|propose)|let's|maybe|what about|better|easier|cheaper|suggest|prefer\w*|preference|plus one|suits? me|works? for me|my (?:vote|choice)|then|no way|we (?:can|have|ask))\b"
    ),
    voted=re.compile(
        rf"\b{_COUNT_EN} (?:votes? )?(?:to|against) {_COUNT_EN} (?=for\b|in favou?r\b)|\b{_COUNT_EN} votes?\b|\b(?:hands? up|show of hands|who(?:'s| is)(?: all)? (?:for|in favou?r))\b"
    ),
    moves_on=re.compile(
        r"^(?:(?:okay|ok|right|and|so|now|good|great|alright|lovely|um|uh),? )*(?:next|now|one more|(?:second|third|last|final|another) (?:thing|item|point)|item|moving on|lastly|that's (?:me|us|everything|all)|who|could somebody|can somebody)\b"
        r"|^(?:can|could|will|would) you\b|^[\w'-]+, (?:can|could|would|will|you|[a-z]+ (?:a|an|the|them|it|him|her|us|that|this))\b|^you \w+ (?:it|that|the)\b|\byou(?:'ll|'d)? (?:need|have) to\b|^i(?:'ll| will)\b|^(?:and )?i(?:'ll| can) "
    ),
)

_FR = _Language(
    lead=re.compile(
        r"^(?:(?:alors|donc|bon|bien|ben|bah|eh bien|eh ben|et|mais|oui|ouais|non,|non mais|ok(?! pour)|okay(?! pour)|d'accord(?! pour)|du coup|voila|tres bien|parfait|euh|super|allez|ah|oh|dans ce cas|vendu(?! pour)|exactement|entendu|accorde),? ?(?:mais|donc|alors)?,? )+"
    ),
    concludes=re.compile(
        r"^(?:\w+,? ){0,2}(?:alors|donc|bon|ben|bien|ok|okay|d'accord|du coup|voila|tres bien|allez|dans ce cas|vendu|entendu|parfait|accorde|adjuge)\b|^(?:ah )?oui,? on\b|^(?:ah )?non,? (?:mais )?|\b(?:alors|donc|du coup)(?:[.,!]|$)"
    ),
    draws=re.compile(r", (?:donc|alors) "),
    shapes=_shapes(
        (
            r"^(?:le |la |l'|notre |cet?(?:te)? )(?:[\w'-]+ ){1,3}(?:est|sera|a lieu|aura lieu|commence)\b.*,? (?:alors|donc|du coup)[.!]*$",
            2,
        ),
        (r"\b(?:ce|ca) sera (?!(?:tout|bon|mieux|plus|bien|long|dur|difficile|fini|interessant)\b)", 2),
        (
            r"^(?:le |la |les |l'|notre |nos |cet?(?:te)? |ces )?(?:[\w'-]+ ){1,4}?(?:passe(?:nt)? (?:a|au|en)|reste(?:nt)? (?:a|au|en|comme)|est (?:retenue?|abandonnee?|annulee?|supprimee?|maintenue?|acceptee?|accordee?)|sont (?:retenus|abandonnes|annules|maintenus|acceptes)|l'emporte|saute(?:nt)?|disparait|attendra)\b",
            2,
        ),
        (
            r"(?:^|, )(?!(?:all|commenc|pass|voy|continu|dis|parl|reven|regard|av|esper|suppos|imagin|attend|essay|av|s|mett|all|discut|repren|termin|finiss|rest)ons\b)\w{3,}ons(?!-nous)\b(?!,)",
            2,
        ),
        (
            r"\b(?:pas question|hors de question|c'est (?:exclu|mort)|(?:je|c'est moi qui) tranche|j'ai decide|feu vert pour|c'est parti pour)\b|\bil n'y aura (?:pas|plus) de\b|\b(?:ne )?(?:bouge|change)(?:nt)? pas\b|\bon (?:l'|les |le |la )?oublie\b|\bon laisse tomber\b|\bet basta\b|\bon (?:ne |n')?touche (?:a )?rien\b|\bon s'en passe\b",
            3,
        ),
        (r"^(?:ok|okay|va|banco|d'accord|oui|vendu|adjuge|partant) pour (?:l[ae]s? |l'|une? |\w+)", 3),
        (
            r"^(?:plus|pas) (?:de |d')(?!(?:souci|probleme|nouvelle|reponse|idee|quoi|panique|question)s?\b)[\w'-]+(?: [\w'-]+){0,2}? ?(?:cette|cet|pour|a partir|du tout|jusqu'|en |le |avant|apres|,)",
            3,
        ),
        (
            r"(?:^|, |\bet |\bpuis |\ben attendant,? )(?:on|nous) (?:ne |n')?(?:l'|les? |la |en |y |leur |lui )?(?:(?:rest|gard|prend|chang|arret|supprim|enlev|coup|sign|donn|pai|pay|factur|pass|decal|deplac|report|repouss|ferm|ouvr|met|fai|fer|part|achet|vend|augment|baiss|redui|limit|remplac|repercut|maintien|refus|annul|engag|recondui|renouvel|accept|choisi|laiss)(?!\w*(?:ait|aient|rait)\b)\w{0,4}|va (?!voir|parler|commencer|continuer|dire|etre|avoir|passer|en\b|y\b)\w+(?:er|ir|re))\b(?! (?:ca (?:ouvert|en suspens)|a (?:autre|la suite|vous|toi|un autre)|au (?:point|suivant|sujet)|le point|un tour|partie|du mal|attention|bien de|plaisir|l'impression|des trucs|semblant|quoi|comment|pas de mal|confiance))",
            2,
        ),
        (
            rf"(?:^|, |\bet |\bpuis )(?:on|nous) (?:ne |n')?(?:l'|les? |la |en |leur |lui )?(?!{_IDLE_FR})\w+\b",
            1,
        ),
    ),
    then=re.compile(r",? (?:alors|donc)[.!]*$"),
    adds=re.compile(r"^(?:\w+,? )?(?:ou|et|puis|genre|comme)\b"),
    vetoed=re.compile(
        r"\b(?:si (?:on|nous|c'est|ca|jamais|vous|tu|j'|je|la|le|les|il|elle|seulement)|s'ils?|peut-etre|pourrai(?:t|ent|s)|faudrait|devrait|serait|aurait|ferai[ts]|mettrai[ts]|voudrais|aimerais|je (?:pense|crois|sais pas|me demande|suppose)|il parait|parait-il|a ce qu'il|soi-disant|un jour|on verra|la derniere fois|l'an (?:dernier|passe)|l'annee derniere|la semaine derniere|le mois dernier|l'ete dernier|a l'epoque|d'habitude avant|avait|avaient|avions|etait|etaient|ils (?:ont|disent|veulent)|(?:il|elle) (?:a dit|dit|m'a|nous a)|m'a dit|disait|parce qu|puisqu|quand on|avant qu|des qu'on|une fois qu|en attendant (?:qu|d)|il faut (?:que|qu'on)|on (?:devrait|pourrait|peut|doit))\b"
    ),
    lasting=re.compile(
        r"\b(?:a partir d[eu']|a partir|desormais|dorenavant|maintenant,|cette (?:annee|fois)|tous les|toutes les|chaque|jusqu'|a la rentree|comme d'habitude|pour l'instant|des (?:lundi|mardi|mercredi|jeudi|vendredi|demain|janvier|septembre)|prochaine?|d'ici|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|pour (?:un|deux|trois|quatre|cinq|six) (?:ans?|mois))\b"
    ),
    final=re.compile(
        r"\b(?:c'est tout|basta|point final|un point c'est tout|c'est (?:note|dit|decide|regle|vote|vendu|acte|adopte|entendu|valide|la bonne|une bonne (?:idee|solution)|pas bete)|pas de discussion|pas question|vendu|adjuge|accorde|banco|tout le monde est (?:content|d'accord|pour)|je (?:le|la|l'|les) (?:mets|note|inscris|marque)|on n'en parle plus|je ne veux pas (?:aller|en entendre)|je suis (?:pour|convaincue?)|ca me (?:va|convient)|tu as raison|vous avez raison|je fais confiance|qui est pour|voix)\b"
    ),
    assents=re.compile(
        r"^(?:ah,? |euh,? |ben,? |bah,? |bon,? |moi,? )*(?:oui|ouais|ok|okay|d'accord|ca marche|ca (?:me|nous) (?:va|parait|semble)|parfait|nickel|tres bien|super|top|impec\w*|entendu|bien sur|moi aussi|pareil|c'est bon|volontiers|banco|vendu|tout a fait|absolument|chouette|genial|enfin\b(?:[.!]|$)|excellent|c'est mieux|ca roule|bonne idee|je prefere|logique|normal|evidemment|le vrai progres|je m'en doutais|tant mieux|formidable|aucune objection|adjuge|bien\b|ca (?:marche|tient)|moi,? ca (?:me )?va|j'approuve|j'aime bien|rien a (?:dire|redire)|elle le merite|mieux|valide\b(?:[.!]|$)|compris\b|je suis (?:tout a fait )?(?:pour|d'accord|partante?)\b|moi\b(?:[.!]|$)|pourquoi pas\b(?:[.!]|$)|je m'incline|soit\b(?:[.!]|$)|allons-y|allez\b(?:[.!]|$)|ca (?:me |nous )?convient)"
    ),
    objects=re.compile(
        r"^(?:ben,? |euh,? |hm,? |oh,? |ah,? )*(?:non\b|pas (?:moi|vraiment|trop|tout|d'accord)|mais|attend\w*|je (?:ne )?suis (?:pas|contre)|moi,? je (?:ne |n'|suis contre)|en fait|ou\b|plutot)"
    ),
    endorses=re.compile(
        r"^(?:on (?:va )?(?:fait?|faire|prend|garde|part|tente|essaie)(?: la-dessus| sur ca)? ?(?:ca|comme ca|celui-la|celle-la)?(?: alors)?|faisons (?:ca|comme ca|ainsi)|va pour ca|vendu|adjuge|banco|c'est parti|je (?:prends|suis pour)|on y va comme ca|on dit ca|on part la-dessus|d'accord pour ca|tope la|allons-y)[.,!]*$"
    ),
    suggests=re.compile(
        r"\b(?:on (?:pourrait|devrait|peut|n'a qu'a)|nous pourrions|et si (?:on|nous)|si on|pourquoi (?:ne )?pas|je (?:propose|suggere|mettrais|ferais|prendrais|garderais|voterais|verrais)|moi,? je (?:dirais|ferais|mettrais)|autant|ma proposition)\b"
    ),
    proposes=re.compile(
        r"\b(?:pourrait|pourquoi pas|et si|si on|je (?:prefere|propose|mettrais|ferais|voterais|prendrais|facturerais|dirais)|on (?:peut|fait|prend|met|garde)|ce serait|plutot|mieux|moins cher|plus (?:simple|clair|chic)|moi,? (?:je|ca|aussi)|pareil|j'aimerais|ca passe|j'avais pense|me va|parle de|je dirais)\b"
    ),
    voted=re.compile(
        r"\b(?:\d+|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|aucune) (?:voix|votes?)\b|\b(?:qui est pour|qui vote pour|a main levee|levez la main|on compte les voix)\b"
    ),
    moves_on=re.compile(
        r"^(?:(?:bon|ok|et|alors|donc|euh|voila|parfait|super|allez),? )*(?:ensuite|maintenant|point suivant|sujet suivant|derniere chose|autre chose|passons|enfin|sinon|(?:premier|deuxieme|troisieme|dernier) (?:point|sujet)|qui (?:s'en|se|peut))\b"
        r"|^[\w'-]+, (?:tu|vous|est-ce|il me|je te)\b|\b(?:tu|vous) (?:peux|pourras|pouvez|pourriez|me|previens|vois)\b|^(?:je |j')(?!pense|crois|sais|suis|trouve|n'|ne |ai |etais|avais)\w+"
    ),
)

_LANGUAGES = {"en": _EN, "fr": _FR}
_OBJECTS_ITSELF = {
    "en": re.compile(
        r"^(?:(?:well|but|um|hm|sorry),? )*(?:actually\b(?!,? (?:let's|we|no\b))|except\b|the (?:problem|trouble|thing) is\b)|\b(?:is|it's|that's) a (?:bank|public) holiday\b"
    ),
    "fr": re.compile(
        r"^(?:(?:oui|ben|mais|euh),? )*(?:en fait\b(?!,? (?:on|nous|non\b))|sauf qu|le (?:probleme|souci),? c'est)|\b(?:est|tombe) (?:un jour |le )?(?:ferie|un jour ferie)\b"
    ),
}
"""Says what stands in the way of something, and so is agreed to without being decided."""
_PAST = {language: re.compile(pattern) for language, pattern in PAST.items()}
_REASON = re.compile(r"(?<=\w)(?:,? hein)?, (?:because|last time|parce qu|car |la derniere fois)")
"""From where on a sentence tells why."""


def settled(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> tuple[Sentence, ...]:
    """What `sentence` decides and the one that agrees to it, where it closes a matter; else ()."""
    words = _LANGUAGES[language]
    if sentence.is_question or len(sentence.text.split()) > LONGEST:
        return ()
    if words.endorses.search(_body(words, sentence)):
        matter = _suggested(words, sentence, sentences, language)
        return (matter, sentence) if matter else ()
    said = _REASON.split(sentence.folded)[0]
    if words.vetoed.search(said) or not content_words(sentence.text, language):
        return ()
    if _PAST[language].search(said) or _OBJECTS_ITSELF[language].search(said):
        return ()
    shape = _shape(words, sentence) or _choice(words, sentence, sentences, language)
    if not shape:
        return ()
    answer = _answer(sentence, sentences)
    if answer is not None and words.objects.search(answer.folded):
        return ()
    agreed = answer is not None and not answer.is_question and words.assents.search(answer.folded)
    if shape + sum(_signs(words, sentence, sentences, language)) + bool(agreed) < ENOUGH:
        return ()
    return (sentence, answer) if agreed and answer else (sentence,)


def agrees(sentence: Sentence, language: str) -> bool:
    """Whether it says yes to what another has said."""
    words = _LANGUAGES[language]
    return bool(words.assents.search(sentence.folded) or words.endorses.search(_body(words, sentence)))


def _answer(sentence: Sentence, sentences: Sequence[Sentence]) -> Sentence | None:
    """What another says to it, None where the speaker goes on to ask for something."""
    for one in sentences[sentence.index + 1 : sentence.index + 4]:
        if not one.is_by_speaker_of(sentence):
            return one
        if one.is_question:
            break
    return None


def _body(words: _Language, sentence: Sentence) -> str:
    """The folded sentence without what only opens it."""
    lead = words.lead.match(sentence.folded)
    return sentence.folded[lead.end() if lead else 0 :]


def _suggested(
    words: _Language, endorsement: Sentence, sentences: Sequence[Sentence], language: str
) -> Sentence | None:
    """The last suggestion before "Let's do that.", None where something else was said since."""
    for one in reversed(sentences[max(0, endorsement.index - BACK // 2) : endorsement.index]):
        if words.objects.search(one.folded):
            return None
        if words.suggests.search(one.folded) and content_words(one.text, language):
            return one
    return None


def _shape(words: _Language, sentence: Sentence) -> int:
    """How clearly it disposes of something, 0 where it does not."""
    body = _body(words, sentence)
    clauses = (body, *words.draws.split(body)[1:])
    return max((weight for pattern, weight in words.shapes if any(map(pattern.search, clauses))), default=0)


def _choice(words: _Language, sentence: Sentence, sentences: Sequence[Sentence], language: str) -> int:
    """How clearly "The beige one, then." chooses something that another has named."""
    body = _body(words, sentence)
    if len(body.split()) > BRIEF or words.adds.search(sentence.folded):
        return 0
    if has_verb(words.final.sub("", body), language) or not _named_before(sentence, sentences, language):
        return 0
    return 2 if words.then.search(body) else 1


def _named_before(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> bool:
    """Whether it is about something that was said before its speaker took the word."""
    before = list(sentences[max(0, sentence.index - BACK) : sentence.index])
    while before and before[-1].is_by_speaker_of(sentence):
        before.pop()
    topic = set(content_words(sentence.text, language))
    return any(topic & set(content_words(one.text, language)) for one in before)


def _signs(
    words: _Language, sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[int | bool, ...]:
    """What speaks for its closing the matter: each 1, the speaker's own word 2, and 3 that it was voted on."""
    before = sentences[max(0, sentence.index - BACK) : sentence.index]
    beside = [
        one
        for one in sentences[max(0, sentence.index - 1) : sentence.index + 2]
        if one is not sentence and one.is_by_speaker_of(sentence) and len(one.text.split()) <= BRIEF
    ]
    opened = [one for one in beside if one.index < sentence.index and len(one.text.split()) <= 4]
    concludes = any(words.concludes.search(one.folded) for one in (sentence, *opened))
    final = any(words.final.search(one.folded) for one in (sentence, *beside))
    taken_up = any(
        words.proposes.search(one.folded) for one in before if not one.is_by_speaker_of(sentence)
    ) and _named_before(sentence, sentences, language)
    lasting = words.lasting.search(sentence.folded) or any(
        word in NUMBER_WORDS for word in re.findall(r"[\w-]+", sentence.folded)
    )
    after = sentences[sentence.index + 1 : sentence.index + 3]
    moves_on = any(words.moves_on.search(one.folded) for one in after)
    counted = any(words.voted.search(one.folded) and not words.vetoed.search(one.folded) for one in before)
    voted = counted and not words.voted.search(sentence.folded)
    return (concludes, 2 * final, taken_up, bool(lasting), moves_on, 3 * voted)
