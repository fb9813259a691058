# ruff: noqa: E501, ISC004  a pattern reads best whole, and long ones in several strings
"""How people announce decisions, tasks, open questions and topics, in English and French, as patterns.

Patterns meet folded text (lower case, no accents, straight apostrophes); those with a name in them
meet text that keeps its capitals, which is how a name is told from other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

# Patterns meet folded text: lower case, no accents, straight apostrophes.

_LEAD_EN = r"(?:(?:so|okay|ok|well|and|but|right|alright|all right|yes|yeah|then|now|good|great|fine|perfect|um|uh),? )*"
_LEAD_FR = r"(?:(?:alors|donc|bon|bien|et|mais|oui|ok(?! pour)|okay(?! pour)|d'accord(?! pour)|du coup|voila|tres bien|parfait|euh|super|ensuite|enfin),? )*"
_ADVERB_EN = r"(?: (?:also|all|now|just|finally|both|then|therefore|already|therefore|unanimously))*"
_ADVERB_FR = r"(?: (?:donc|aussi|tous|toutes|bien|finalement|maintenant|alors|egalement|enfin))*"

# "I give up. We'll do the comedy."
_GIVES_IN_EN = r"^(?:(?:okay|ok|alright|all right|fine|right|well),? )*(?:i give (?:up|in)|you win|you're right|you've convinced me|fair enough)\b"
_GIVES_IN_FR = r"^(?:(?:bon|ok|bien|oui),? )*(?:je (?:me rends|cede)|vous avez gagne|tu as raison|vous avez raison|vous m'avez convaincue?)\b"

_SETTLING_EN = "move the|keep the|keep our|skip|postpone|delay|cancel|drop the|hire|raise|increase|reduce|cut the|choose|use the|launch|push the|bring forward|not do|hold the|adopt|switch to|stay with|renew"
_SETTLING_FR = "deplace|garde|reporte|annule|embauche|recrute|augmente|reduit|choisi|prend le|prend la|lance|repousse|avance|renouvelle|passe a|supprime"
# After "then we" and "alors on": what only tells, supposes or leads on.
_NO_COURSE_EN = r"(?:can|could|should|would|might|may|need|have|had|has|are|were|was|know|see|talk|wait|got|get back|come back|move on|go on|start with|went|did|do not|don't|said|saw|came|took|made|lost|found|look|discuss|think|thought|just|also|\w+ed)\b"
_NO_COURSE_FR = r"(?:a|ait|avait|est|etait|va|ira|peut|pourrait|pourra|doit|devrait|sait|verra|voit|en reparle|en parle|parle|regarde|attend|ne|n'|passe a|continue|commence|y va|reprend|revient|note|arrive|se|s'|dit|pense|discute|\w+ait|n'a)\b|(?:n'|s'|y )"

_DECISION = {
    "en": (
        rf"\b(?:we|everyone|everybody|they all)(?:'ve| have)?{_ADVERB_EN} (?:decided|agreed|resolved|settled|voted|opted)"
        r"(?:,? (?:to|that|the|our|on|for|not|against|upon|unanimously|together)\b|[:,])",
        rf"\bwe(?:'ve| have){_ADVERB_EN} (?:decide|agree|chosen|choose|approved|accepted|adopted|rejected)\b",
        r"\bwe(?:'re| are) (?:all )?(?:agreed|in agreement)\b(?! to disagree)",
        rf"^{_LEAD_EN}(?:the |our |final |another |one |second |first )*decisions?(?: (?:number )?\w+)?(?: is| was)?(?:[:.,]| -| to\b| that\b) ?\w",
        rf"^{_LEAD_EN}(?:the |our )?(?:final )?decision(?: here| then| there)? is (?!whether|hard|difficult|up to|not|still|yours|open)",
        r"\b(?:it(?:'s| is| has been|'s been)|that(?:'s| is))(?: now| therefore| then| hereby| all)* (?:decided|agreed|settled|approved)\b(?! by)",
        rf"^{_LEAD_EN}(?:it )?(?:is |was )?agreed,? (?:that|we|to|then)\b",
        r"\b(?:let's|we'll|we will|we're|we are|we shall|let us)(?: all| then| just)* (?:go|going) (?:with|for|ahead with)\b(?! (?:the (?:\w+ )?presentations?\b|lunch|coffee|a (?:coffee|drink|walk|break)|it then\?))",
        r"\blet'?s (?:stick (?:to|with)|settle on|adopt|postpone|cancel|opt for|drop)\b(?! the (?:agenda|subject|topic))",
        r"\b(?:we'll|we will|we're|we are|we shall)(?: all| then| just)* (?:stick(?:ing)? (?:to|with)|settl(?:e|ing) (?:on|for)|opt(?:ing)? for|plump(?:ing)? for)\b(?! (?:the (?:agenda|subject|topic|point|facts|time|question)\b|it\b))",
        rf"\bwe(?:'ve| have){_ADVERB_EN} (?:settled on|opted for|made (?:up our minds?|our (?:choice|decision))|come down (?:on|in favou?r)|plumped for)\b",
        rf"^{_LEAD_EN}(?:(?:then|so),? )?(?:it's |that's |we have |we've got )?(?:a )?(?:done )?(?:deal|final answer)(?:,| then,) (?!right|then|or|no|is|yes)\w+ \w+",
        rf"^{_LEAD_EN}(?:then|so|therefore),? (?:the|our|that) (?:[\w'-]+ ){{1,4}}(?:is|are)(?: now| therefore| hereby)? (?:approved|accepted|adopted|agreed|rejected|confirmed|cancelled|postponed|scrapped)\b(?! by| in| (?:every|only) )",
        r"\bthe (?:(?:whole|entire|full|general|executive|steering|finance|project|management|annual|new|parish|city|town|school|first|second|third) )?(?:team|board|committee|group|council|assembly|budget|plan|proposal|motion|offer|date)"
        r"(?: \w+)?(?: has| have| is| was)?(?: been| now| therefore)? (?:decided|agreed|approved|accepted|adopted|rejected|carried|passed)\b",
        r"\b(?:the|our) (?:whole |full )?(?:team|board|committee|group|council|assembly|majority|meeting) (?:chooses|approves|adopts|rejects|accepts|opts for|settles on|votes (?:for|against))\b",
        r"\blet's give (?:it|that|this) a (?:go|try|shot)\b",
        r"\bmotion (?:is |was )?(?:carried|passes|passed)\b",
        rf"^{_LEAD_EN}(?:it's |that's )?(?:a )?no to (?:the|any|an?|that|those|these|our) (?!\w* ?question)\w+",
        rf"^(?:(?:okay|ok|alright|all right|good|fine|right),? )*(?:then|so|in that case|okay|ok|all right),? (?:we will|we'll|let's) (?:{_SETTLING_EN})\b",
        rf"^(?:(?:okay|ok|alright|all right|good|fine|right),? )+(?:so )?(?:then|in that case),? we (?!{_NO_COURSE_EN})",
        r"^(?:(?:so|okay|ok|right|alright|well|then|yes|good),? )*(?:the )?(?!(?:how|what|as|that|this|here|there|whatever|where|who|when|which|why)\b)(?:[\w'-]+ ){1,3}(?<! of )(?<! for )(?<! in )(?<! on )(?<! about )(?<! than )(?<! think )(?<! know )(?<! that )(?<! sure )(?<! say )(?<! what )(?<! how )it is(?:,? then)?(?:[.!]*$|, (?:from|until|starting|as of)\b)",
    ),
    "fr": (
        rf"\b(?:on a|nous avons|on vient de|l'equipe a|le comite a|le bureau a|le conseil a){_ADVERB_FR}"
        r" (?:decide(?:r)?|convenu|choisi|valide|retenu|adopte|approuve|acte|tranche|vote|opte)\b(?! (?:par|quoi|si)\b)",
        rf"\b(?:on|nous){_ADVERB_FR} (?:decide|decidons|convient|convenons|retient|retenons|valide|validons|adopte|adoptons|acte|actons|opte|optons)"
        rf"{_ADVERB_FR} (?:de|d'|que|qu'|le|la|les|l'|pour|un|une|cette|ce)",
        r"\b(?:l'equipe|l'assemblee|la majorite|le (?:comite|bureau|conseil|groupe))(?: donc)? (?:choisit|approuve|adopte|accepte|rejette|retient|valide|opte pour|vote (?:pour|contre|la|le|les))(?!\w)",
        r"\b(?:on|nous) part(?:ons)?(?: donc| alors| finalement)? (?:sur|avec|pour)\b",
        r"\b(?:partons|restons)(?: donc| alors)? (?:sur|avec)\b",
        r"\bon reste(?: donc| alors)? (?:sur|avec)\b",
        r"\b(?:on s'en (?:tient|tiendra)|nous nous en (?:tenons|tiendrons)|tenons-nous-en)(?: donc| alors)? (?:au|aux|a (?:la|l'|ce|cette|notre|nos|un|une|deux|trois))(?! (?:sujet|ordre du jour|point|question))",
        r"\bon (?:y va(?: donc| alors)? pour (?:le|la|les|l'|une?|cette|ce|nos|notre)\b|se (?:decide|determine) pour\b|s'arrete sur (?:le|la|les|l'|un|une|cette|ce)\b|tranche ?[,:] ?\w)",
        rf"^{_LEAD_FR}(?:bon|voila|alors|donc|allez),? c'est (?:regle|conclu|arrete|plie) ?[,:] ?(?!non|oui|hein)\w+",
        r"\b(?:on s'est|nous nous sommes)(?: donc| tous| finalement)* (?:decides? (?:pour|a)|arretes? sur|fixes? sur)\b|\b(?:on a|nous avons) fini par (?:se|nous )?\s?(?:mettre d'accord|tomber d'accord|choisir|retenir|adopter|opter|decider|valider)",
        r"\b(?:notre|le) (?:choix|decision) est (?:donc )?(?:faite?|prise|arretee?)\b(?! (?:par|depuis))|\b(?:on a|nous avons) (?:fait|arrete) notre choix\b",
        rf"^{_LEAD_FR}(?:(?:alors|donc),? )?(?:c'est )?(?:(?:marche|affaire) conclue?|tope la|adjuge|vendu)(?: donc)? ?[,:] ?(?!hein|non|oui|alors)\w+",
        r"\b(?:on|nous) (?:reporte|reportons|annule|annulons|abandonne|abandonnons|maintient|maintenons|repousse|repoussons)"
        r"(?: donc| alors)? (?:le|la|les|l'|cette|ce)",
        r"\bc'est(?: donc| bien| alors| maintenant| officiellement)* (?:decide|acte|valide|entendu|convenu|adopte|approuve|tranche)\b",
        r"\bil (?:est|a ete)(?: donc| bien)* (?:decide|convenu|acte|entendu)\b",
        rf"^(?:(?:ok|okay|bon|bien|tres bien|d'accord),? )*(?:alors|donc|du coup|dans ce cas|ok|bon),? on (?:va )?(?:{_SETTLING_FR})",
        r"\b(?:on est|nous sommes)(?: donc| tous| bien)* (?:d'accord|tombes d'accord)(?: tous)?(?: ensemble)? (?:pour|que|qu'|sur)",
        r"\b(?:on s'est|nous nous sommes|on se met)(?: donc| tous)* mis d'accord\b",
        rf"^{_LEAD_FR}(?:la |notre |une |autre |premiere |deuxieme |derniere )*decisions?(?: \w+)? ?(?:[:.,]|-) ?\w",
        rf"^{_LEAD_FR}(?:la |notre )?decision (?:est(?: donc)?(?: prise)?|finale|c'est)\b",
        rf"^(?:(?:ok|okay|bon|bien|tres bien|d'accord|parfait|eh bien),? )+(?:alors|donc|du coup|dans ce cas|eh bien),? on (?!{_NO_COURSE_FR})",
        r"^[\w', -]+, on (?:prend|garde|signe|achete|valide)[.!]*$",
        r"\bon (?:tente le coup|essaie (?:ca )?(?:pour|jusqu'))",
        rf"^(?:(?:oui|ok|bon),? )*allez,? on (?!{_NO_COURSE_FR}|(?:range|rentre|file|ferme|arrete|boit|mange)\b)\w+ \w+ \w+",
        rf"^{_LEAD_FR}(?:va|banco) pour \w",
        rf"^{_LEAD_FR}(?:c'est )?non (?:au|aux|a (?:la|l'|une?|cette|ce|tout)) ?(?!\w* ?question)\w+",
        r"\bc'est (?:donc )?(?:oui|non) pour (?!moi|toi)",
        r"\bon (?:prend|garde|choisit) (?:celui|celle|ceux|celles)\b",
        r"\b(?:donc|alors|eh bien),? (?:ce|ca) sera\b",
        r"\b(?:le|la|les|l')[ ]?(?:\w+ ){1,4}?(?:est|sont|a ete|ont ete)(?: donc)? (?:adopte|approuve|valide|acte|retenu)e?s?\b",
    ),
}

_NO_DECISION = {
    "en": r"(?:\b|')(?:because|cause|that's why)\b.*\bwe|\b(?:if|unless|whether|when) (?:we|it|you|they|everyone)(?:'ve| have|'s| is| are|'re)?\b"
    r"|\b(?:before|until|once|after) (?:we|it|you|they|everyone)\b(?=.*\b(?:decide|agree|settle|approve|go with|go for|vote|chose|accept))"
    r"|\b(?:haven't|hasn't|hadn't|had|not|never|didn't|don't|can't|couldn't|should|could|might|may|would|nothing|need to|have to|must|going to|yet to)"
    r"(?: (?:really|been|yet|all|quite|we|it|be))* (?:decide|decided|agree|agreed|settled|approved|go with|go for|chosen|accepted)\b"
    r"|\b(?:what|where|how|which|why|because|'cause|given that|not what|thing|things|one|ones|kind|sort|look|idea) we(?:'re| are| were| agreed| decided)(?: going)? (?:with|for|on)\b|\bdecided,? ?(?:'cause|because)|\bdecided (?:that|this|it) already\b|\b\w+s we (?:agreed|decided) on[.!]*$|\bi wanted to\b"
    r"|\b(?:last (?:time|week|month|year|meeting)|previously|in the past|years? ago|no decision|maybe|perhaps|i (?:don't )?think we'll|i wish"
    r"|decided (?:yet|later)|as (?:we )?(?:agreed|decided)|agreed last|agreed earlier|what (?:have )?we (?:decided|agreed)|agree to disagree|i quote|with the flow)\b"
    r"|\b(?:said|says|told \w+|wrote|announced) (?:that )?(?:we|they)(?:'ve| have)? (?:decided|agreed)\b|\bin (?:the|a|that|this) (?:film|movie|book|novel|series|story)\b|\bagreed that\b.*\b(?:was|were)\b"
    r"|\b(?:decided|agreed) (?:(?:against|on) )?(?:it|that|this|so) (?:in|last|back)\b"
    r"|\b(?:he|she|they|somebody|someone|\w+) (?:(?:just|always|then) )?(?:says|said|goes|went|shouts|shouted|writes|wrote)(?:,|:| \")|\b(?:he|she|they) says? (?:that )?(?:we|they)\b|\b(?:motto|saying|slogan|catchphrase)\b",
    "fr": r"\b(?:si|avant que|avant de|quand|lorsque|une fois qu') ?(?:on|nous|c'est|il|l'equipe)\b"
    r"|\b(?:n'a pas|n'avons pas|n'est pas|ne sommes pas|pas encore|rien|jamais|aucune) ?(?:ete |encore |vraiment |toujours |d')*"
    r"(?:decide|convenu|acte|valide|tranche|d'accord|choisi|decision|adopte|retenu|tous d'accord)"
    r"|\b(?:on|nous|je) (?:n'|ne )|\b(?:il faut|faudrait|faudra|devrait|devons|doit|pourrait|peut-etre|va|allons|avait|avions) ?(?:\w+ )?(?:qu'on )?"
    r"(?:decider?|valider?|trancher|choisir|decide|convenu)\b"
    r"|\b(?:la derniere fois|la semaine derniere|le mois dernier|l'an dernier|l'annee derniere|a l'epoque|comme (?:on l'a |nous l'avons )?(?:decide|convenu)|peut-etre|je cite|change d'avis)\b"
    r"|\b(?:ont|a) (?:dit|annonce|ecrit|explique) (?:que )?(?:nous|on|ils)\b|\b(?:me |nous |lui |leur )(?:sor(?:t|tent)|dit|fait|lance|repond|crie)\w{0,3} ?:|(?<!\bje )(?<!\bon )\b(?:dit|disent|annonce|annoncent|ecrit|explique) qu(?:'on|e nous)\b|\bdans (?:le|un|ce|cette|la|une) (?:film|livre|roman|serie|histoire)\b",
}

# "In 2019 we agreed to sell it." tells of the past and decides nothing now; "We agreed to sell it in 2029." does.
PAST = {
    "en": r"\b(?:back )?in (?:19|20)\d\d,? (?:(?:the|our) \w+|\w+) (?:\w+ )?(?:\w+ed|chose|had|were|was|bought|sold|took|put|went|said)\b"
    r"|\b(?:decided|agreed|voted|resolved|settled|chose|approved|opted)(?: (?:that|this|it|so))? (?:back )?in (?:19|20)\d\d\b"
    r"|\blast (?:quarter|season|spring|summer|autumn|fall|winter|session),? (?:we|they|the \w+|our \w+|everyone)\b|\bback then\b",
    "fr": r"\b(?:en|des) (?:19|20)\d\d,? (?:on|nous|(?:le|la) \w+|l'\w+) (?:n'|l'|les |y )?(?:a|avait|avons|avions|etait|etions)\b"
    r"|\b(?:decide|convenu|choisi|valide|retenu|adopte|approuve|acte|vote)(?: ca| cela)? en (?:19|20)\d\d\b"
    r"|\b(?:l'an|l'annee|le mois|la semaine|l'ete|l'hiver|l'automne|le printemps|la saison) (?:derniere?|passee?),? (?:on|nous)\b"
    r"|\b(?:a|lors de) la (?:derniere|precedente) (?:reunion|seance|assemblee),? (?:on|nous)\b|\bil y a \w+ (?:ans|mois|semaines),? (?:on|nous)\b",
}

# How a group settles something between its members: the question whether all agree, their answers, the last word.
_CONSENT = {
    "en": r"\b(?:happy|okay|ok|fine|comfortable|good) with (?:that|this|it)\b|\bclear on (?:that|this)\b|\b(?:everyone|everybody|all|anyone|anybody|nobody|no one)(?:'s| is| are)? (?:happy|okay|ok|fine|agree[sd]?|in favou?r|against|object\w*|opposed)\b"
    r"|\b(?:any|no) objections?\b|^(?:so |okay |all |everyone |everybody |,)*(?:agreed|deal|settled|in favou?r)(?:,? (?:everyone|everybody|all|then))*\?$"
    r"|\b(?:does|do|is|are) (?:everyone|everybody|we all|you all|we) (?:agree|agreed|happy|okay|ok|fine|comfortable)\b|\b(?:does|would) that work for (?:everyone|everybody|all|people)\b|^(?:(?:all right|alright|okay|ok|so|right),? )*(?:everyone|everybody|all of (?:us|you)|all)\?$",
    "fr": r"\b(?:tout le monde|vous|on) (?:est|etes) (?:tous |toutes |bien )*(?:d'accord|ok|partante?s?|pour)\b|\b(?:ca|cela) (?:va|convient|marche)(?: bien)? (?:a|pour) (?:tout le monde|tous|vous)\b|\b(?:ca|cela) vous (?:va|convient)\b|\bc'est (?:bon|ok|d'accord) pour (?:tout le monde|tous|vous)\b"
    r"|^(?:alors |donc |on est |tous |tout le monde |,)*(?:d'accord|ok|partante?s?)(?: tous| tout le monde)? ?\?$|\b(?:objection|opposition)s?\b|\b(?:quelqu'un|personne|qui) (?:n'est |est |s'y |ne s'y )?(?:contre|oppose)\b|\bqui est pour\b",
}
_OBJECTION = {
    "en": r"\b(?:against|object\w*|opposed)\b",
    "fr": r"\b(?:contre|oppose|objections?|oppositions?)\b",
}
_NO = {"en": r"^(?:well,? |um,? |oh,? )*(?:no|nope|nah)\b", "fr": r"^(?:ben,? |euh,? |ah,? )*non\b"}
_YES = {
    "en": r"^(?:well,? |um,? |oh,? )*(?:yes|yeah|yep|yup)\b",
    "fr": r"^(?:ben,? |euh,? |ah,? )*(?:oui|ouais|si)\b",
}
_OBJECTS = {
    "en": r"^(?:well,? |um,? |hm,? |hmm,? )*(?:not (?:really|quite|me|so)|but|hang on|wait|hold on|i'm (?:not|against)|i don't|i disagree|actually|what about)\b",
    "fr": r"^(?:ben,? |euh,? |hm,? )*(?:pas (?:moi|vraiment|trop|tout)|mais|attend\w*|je (?:ne )?suis (?:pas|contre)|moi,? je (?:ne |n'|suis contre)|en fait)\b",
}
_QUALIFIES = {
    "en": r"^(?:oh,? |well,? )*(?:yes|yeah|okay|ok|sure|fine|agreed),? (?:but|except)\b",
    "fr": r"^(?:ah,? |ben,? )*(?:oui|ouais|ok|d'accord),? (?:mais|sauf)\b",
}
_RULES = {
    "en": r"^(?:(?:and|so|then|right|well|okay),? )*(?:until [\w' ]+, )?(?:we'll|we will|nobody|no one|everybody|everyone)\b|^(?:(?:and|so|then|right|well|okay),? )*(?:from now on|in future),? (?:every|any|all|no|each|the|our|only)\b",
    "fr": r"^(?:(?:et|donc|alors|bon),? )*(?:plus personne|personne ne|tout le monde|on (?!{no})|(?:dorenavant|desormais|a l'avenir),? (?:toute?s?|tous|chaque|aucune?|plus|seule?s?|les?|la|nos|notre)\b)".replace(
        "{no}", _NO_COURSE_FR
    ),
}
_ASSENTS = {
    "en": r"^(?:oh,? |well,? |um,? |and )*(?:yes|yeah|yep|yup|sure|okay|ok|fine|agreed|absolutely|exactly|perfect|great|good|definitely|works for|sounds good|all right|alright|of course|i'm (?:fine|happy|in|for)|me too|same here|aye|cool|brilliant|lovely|understood|noted|got it)\b",
    "fr": r"^(?:ah,? |euh,? |ben,? |bah,? )*(?:oui|ouais|ok|okay|d'accord|ca marche|ca (?:me|nous) va|parfait|nickel|tres bien|super|top|impec\w*|entendu|bien sur|moi aussi|pareil|c'est bon|volontiers|banco|vendu|tout a fait|absolument|compris|(?:c'est )?note)\b",
}
_CLOSING = {
    "en": r"^(?:okay,? |ok,? |right,? )*(?:good|great|perfect|excellent|done|settled|lovely|brilliant|wonderful|fine|that's (?:everybody|everyone|that|(?:\w+,? )?unanimous)|(?:it's )?unanimous|(?:then |so )*that's what we(?:'ll)? do|carried|agreed)\b",
    "fr": r"^(?:bon,? |ok,? |allez,? )*(?:bien|parfait|super|tres bien|voila|entendu|adjuge|vendu|excellent|tous|tout le monde|a l'unanimite|c'est (?:note|fait|decide))\b",
}
_TENTATIVE = {
    "en": r"\b(?:if|unless|whether|maybe|perhaps|might|could|i think|i guess)\b",
    "fr": r"\b(?:si (?:on|nous|c'est|ca|jamais|vous|tu)|peut-etre|pourrai(?:t|ent)|faudrait|je pense|je crois)\b",
}
_DRAWN = {
    "en": rf"^{_LEAD_EN}(?<!\w)(?:so|then)\b|^(?:(?:okay|ok|right|good),? )*(?:so|then)\b",
    "fr": r"^(?:(?:bon|ok|bien|oui),? )*(?:donc|alors|du coup|eh bien)\b",
}
_POSTPONED = {
    "en": r"\blet's not (?:decide|settle)\b|\b(?:won't|not going to|can't) (?:settle|solve|decide|resolve) (?:that|this|it)\b|\b(?:figure|sort|work) (?:that|this|it) out (?:another time|later|next)\b|\bpark (?:that|this|it)(?: one)? for (?:now|today)\b|\b(?:don't|do not) think we (?:can|will|should|need to) (?:settle|decide|solve|resolve)\b"
    r"|\blet's (?:think about|discuss|talk about|decide|look at|come back to|take up) (?:that|this|it)(?: one)?(?: again)? (?:next (?:time|week|month|meeting)|another time|later|at the next)\b",
    "fr": r"\bon ne (?:va|pourra) pas (?:le |la |les |l')?(?:regler|trancher|decider|resoudre)\b|\bon (?:verra|regle(?:ra)?|tranche(?:ra)?) ca (?:plus tard|une autre fois|la prochaine fois)\b|\bon (?:en reparle(?:ra)?|y reflechi(?:t|ra)|y revien(?:t|dra)|en discute(?:ra)?) (?:plus tard|une autre fois|la (?:prochaine|semaine prochaine)|a la prochaine|le mois prochain)\b",
}
_GIVES_IN = {"en": _GIVES_IN_EN, "fr": _GIVES_IN_FR}
_PLAN = {
    "en": r"^(?:(?:so|then|okay),? )*(?:we'll|we will|let's|we) ",
    "fr": r"^(?:(?:alors|donc|bon),? )*on (?!a |avait |est |etait )",
}
_LASTING = {
    "en": r"^(?!.*\b(?:i|i'm|she|she's|he|he's|it's|it is|was|were)\b).*\b(?:from (?:now|then|next|monday|tuesday|wednesday|thursday|friday|january|february|march|april|may|june|july|august|september|october|november|december)|as of|every (?:\w+day|week|month|morning|year)|until|in future)\b",
    "fr": r"\b(?:a partir d[eu']|desormais|dorenavant|tous les|toutes les|chaque|jusqu'|des (?:lundi|mardi|mercredi|jeudi|vendredi|demain|janvier|septembre))",
}
_COURSE = {
    "en": rf"\bthen we (?!{_NO_COURSE_EN})|\blet's (?!see|say|talk|move|look|start|wait|go on|hope|discuss)",
    "fr": rf"\b(?:donc|alors|du coup),? on (?!{_NO_COURSE_FR})",
}

# A sentence such as "Agreed." stands for the proposal before it.
_AGREEMENT = {
    "en": r"^(?:(?:so|okay|ok|yes|yeah|good|great|right|then)[, ]+)*(?:(?:it's |that's |we're )?(?:all )?(?:agreed|in agreement|decided|settled|approved|granted|carried|adopted)|that's the decision)(?: (?:on|with|about) (?:that|this|it))?(?: then)?[.!,]*$",
    "fr": r"^(?:(?:alors|donc|oui|bon|ok|tres bien)[, ]+)*(?:c'est |la decision est )?(?:donc )?(?:decide|acte|valide|entendu|adopte|accorde|approuve|convenu|prise)(?:,? donc)?[.!,]*$",
}
_PROPOSAL = {
    "en": r"\b(?:let's (?!be\b|see\b|hope|say\b|face|hear|talk|look|start|begin|move on|go on|continue|not forget|assume|imagine)|let us|we (?:should(?! have)|could(?! have)|can|will)|we'll|shall we|i (?:propose|suggest)|my proposal|how about|what about|why don't we|the proposal is|motion to|asks? (?:us )?(?:to|for)|(?:would|'d) like (?:us )?to)\b",
    "fr": r"\b(?:je propose|on pourrait|nous pourrions|on devrait|et si on|la proposition|on peut|si on|on va|pourquoi ne pas|proposons|gardons|faisons|prenons|demande (?:a|de|d'|si))\b",
}

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


PRESENTS_FR = f"{_presents(_VERBS['fr'])}|{_presents(_WEAK_VERBS['fr'])}"
"""How French verbs of those stand in the singular of the present, and as an order."""


_QUICKLY_EN = r"(?: (?:also|then|just|please|personally|definitely|gladly|now|go and|try to|have to|need to|be|go ahead and))*"
_QUICKLY_FR = r"(?: (?:donc|aussi|alors|bien|egalement|tout de suite))*(?: (?:lui|leur|vous|te|t'|l'|le|la|les|y|en|nous))?"

_STRONG_EN, _WEAK_EN = _alternatives(_VERBS["en"]), _alternatives(_WEAK_VERBS["en"])
_STRONG_FR, _WEAK_FR = _alternatives(_VERBS["fr"]), _alternatives(_WEAK_VERBS["fr"])
VERBS = {"en": f"{_STRONG_EN}|{_WEAK_EN}", "fr": f"{_STRONG_FR}|{_WEAK_FR}"}
"""What one takes on or is asked for, as alternatives of a pattern."""
_ING = (
    r"(?:"
    + "|".join(re.sub("e$", "", verb) + "(?:t)?ing" for verb in _VERBS["en"].split() if "_" not in verb)
    + ")"
)

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
_YOURS_EN = rf"\byou(?:'ll)? (?:{_STRONG_EN}|{_WEAK_EN})\b[^?]*, (?:will|would|can|could) you\b|\bwould you mind \w+ing\b|\b(?:couldn't|wouldn't|won't) you (?:{_STRONG_EN})\b|\b(?:that's|it's|is that) (?:you|yours|on you|for you)(?: again)?(?:, right)? ?\?"
_YOURS_FR = rf"\b(?:tu|vous) ne (?:veux|voudrais|peux|pourrais|voulez|voudriez|pouvez|pourriez) pas{_QUICKLY_FR} ?(?:{_STRONG_FR})\b|\bc'est (?:pour|a) (?:toi|vous) ?\?|\bc'est toi ?\?|\btu (?:t'en occupes|t'en charges|veux bien t'en (?:occuper|charger)) ?\?"


def _settling(language: str) -> dict[str, re.Pattern[str]]:
    """The patterns of how a group settles things, which differ in their words alone."""
    words = {
        "consent": _CONSENT,
        "objection": _OBJECTION,
        "no": _NO,
        "yes": _YES,
        "objects": _OBJECTS,
        "qualifies": _QUALIFIES,
        "ruled": _RULES,
        "assents": _ASSENTS,
        "closing": _CLOSING,
        "tentative": _TENTATIVE,
        "drawn": _DRAWN,
        "lasting": _LASTING,
        "course": _COURSE,
        "postponed": _POSTPONED,
        "gives_in": _GIVES_IN,
        "plan": _PLAN,
    }
    return {name: re.compile(by_language[language]) for name, by_language in words.items()}


def _english() -> Rules:
    return Rules(
        decision=_union(_DECISION["en"]),
        no_decision=_union((_NO_DECISION["en"], PAST["en"])),
        **_settling("en"),
        agreement=re.compile(_AGREEMENT["en"]),
        heading=re.compile(
            rf"^{_LEAD_EN}(?:(?:the |our |another |next |final )*decisions?(?: (?:number )?\w+)?|let'?s decide (?:that|this|it)(?: then)?(?: now)?) ?[:.,!]*$"
        ),
        task_heading=re.compile(
            rf"^{_LEAD_EN}(?:the |an |another |next |new )*action (?:item|point)s?(?: (?:number )?\w+)? ?[:.,!]*$"
        ),
        proposal=re.compile(_PROPOSAL["en"]),
        first_person=re.compile(
            rf"\bi(?:'ll| will|'m going to| am going to|'m gonna| shall){_QUICKLY_EN} (?P<verb>{_STRONG_EN})\b(?! (?:down )?here\b)"
            rf"|\bi (?:volunteer|promise|agree) to (?:{_STRONG_EN})\b|\blet me (?:take care of|handle|look into)\b"
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
            rf"{NAME}(?i:,?(?: (?:also|then|here|from \w+))? ?(?:{_WILL_EN}{_QUICKLY_EN} (?:{_STRONG_EN})|{_IS_ON_IT_EN})\b)"
        ),
        third_person_weak=re.compile(
            rf"{NAME}(?i:,?(?: (?:also|then))? ?(?:{_WILL_EN}|should|can|could){_QUICKLY_EN} (?:{_STRONG_EN}|{_WEAK_EN})\b)"
        ),
        third_person_due=re.compile(
            rf"{NAME}(?i: (?:will|is going to)(?: (?:also|then))? (?!{_NO_DEED_EN}|arrive\b|leave\b|come\b|join\b|start\b|begin\b|retire\b)\w+ \w+)"
        ),
        third_person_now=re.compile(
            rf"(?:^|, |\band |\bso ){NAME} (?!(?:is|was|has|says|does|needs|wants|thinks|knows|likes|seems)\b)[a-z]+s [a-z]+"
        ),
        team=re.compile(
            rf"\b(?P<name>(?:the )?(?:\w+ )?(?:team|department|committee)) (?:will|is going to|has to|needs to|must) (?:{_STRONG_EN})\b"
        ),
        nobody=re.compile(
            rf"\b(?:we|someone|somebody) (?:will|'ll|need to|needs to|have to|has to|must|should|are going to)(?: (?:also|all))? (?:{_STRONG_EN})\b|\bwe'll (?:{_STRONG_EN})\b"
        ),
        labelled=re.compile(
            rf"^{_LEAD_EN}(?:(?:the |an |one |another |next |first |second |last |new )*action(?: (?:item|point|number))?s?(?: \w+)?|to[- ]?do(?=[:.,-]| for\b| is\b))"
            r"(?: is)?(?:,? (?:for|on|goes to|is on|is for) (?P<owner>[\w'-]+)(?: (?:is )?to\b)?)? ?[:.,-]* ?(?=\w)"
        ),
        request=re.compile(
            rf"\b(?:can|could|would|will) you(?: please| maybe| perhaps| also| then| kindly)*(?: be able to| mind)? (?:{_STRONG_EN}|{_WEAK_EN}|{_ING})\b"
            rf"|(?:^|, )please (?:{_STRONG_EN})\b|\bi(?:'d| would) (?:like|need|want) you to (?:{_STRONG_EN})\b|\bi need you to (?:{_STRONG_EN})\b"
            rf"|{_YOURS_EN}"
            rf"|\b(?:can|could|would|will) you(?: please| maybe| then| kindly)* (?!{_NO_ASKING_EN})\w+ \w+"
        ),
        request_strong=re.compile(
            rf"\b(?:can|could|would|will) you(?: please| maybe| perhaps| also| then| kindly)*(?: be able to| mind)? (?:{_STRONG_EN}|{_ING})\b"
            rf"|(?:^|, )please (?:{_STRONG_EN})\b|\bi(?:'d| would) (?:like|need|want) you to (?:{_STRONG_EN})\b|\bi need you to (?:{_STRONG_EN})\b"
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
            rf"^{_LEAD_EN}(?:an? |the |one |another |next |last )*open (?:question|issue|point)(?: (?:is|here))*[:.,!-]*(?: |$)"
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
            rf"^{_LEAD_EN}(?:who|who's|whose|when|where|which|how (?:many|much|long))\b(?: \S+){{3,}}"
        ),
        thanks=re.compile(
            rf"^(?i:(?:thank you|thanks|great|perfect|good|excellent|wonderful)(?: very much| a lot)?),? {NAME}\s*[.!]?$"
        ),
        offer=re.compile(_OFFER_EN),
        welcome=re.compile(
            r"^(?:oh,? )*(?:thanks|thank you|great|perfect|brilliant|lovely|excellent|please do|that would be|that'd be|wonderful|(?:what a )?(?:good|great|excellent) idea)\b"
        ),
        lead=re.compile(
            rf"^{_LEAD_EN}(?:(?:very well|lovely|brilliant|cheers|in that case|by the way),? )?(?:then |so )?"
        ),
    )


def _french() -> Rules:
    strong_future, weak_future = _futures(_VERBS["fr"]), _futures(_WEAK_VERBS["fr"])
    strong_present, weak_present = _presents(_VERBS["fr"]), _presents(_WEAK_VERBS["fr"])
    must = r"(?:va|doit|devra|vont|doivent|accepte de|propose de|a accepte de|a promis de|s'engage a)"
    mine = r"(?:je vais|je dois|je me propose de|je m'engage a|je peux)"
    return Rules(
        decision=_union(_DECISION["fr"]),
        no_decision=_union((_NO_DECISION["fr"], PAST["fr"])),
        **_settling("fr"),
        agreement=re.compile(_AGREEMENT["fr"]),
        heading=re.compile(
            rf"^{_LEAD_FR}(?:(?:la |notre |une |autre |premiere |deuxieme |derniere )*decisions?(?: \w+)?|decidons(?:-le)?(?: maintenant)?|on tranche(?: maintenant)?) ?[:.,!]*$"
        ),
        task_heading=re.compile(
            rf"^{_LEAD_FR}(?:l'|une |autre |prochaine )*(?:actions?|taches?)(?: suivante| numero \w+)? ?[:.,!]*$"
        ),
        proposal=re.compile(_PROPOSAL["fr"]),
        first_person=re.compile(
            rf"\b{mine}{_QUICKLY_FR} ?(?:{_STRONG_FR})\b|\bj(?:e |')(?:(?:vous|te|leur|lui|le|la|les|l'|t') ?)?(?:{strong_future})\b"
            r"|\bje (?:(?:vous|te|leur|lui|le|la|les|en|y) |l'|t'){0,2}(?!(?:se|au|ver|di|sau|pour|dev|voud|aime|pense|croi|pren?d|reste)rai)\w{2,}rai\b(?= \w)(?! (?:pas|jamais|plus|mieux|bien))"
            r"|\bj(?:e |')(?:\w+ )?\w+(?:e|s)\b[^,?]{0,60}, (?:alors|du coup)[.!]*$"
            r"|\bje (?:(?:leur|lui|les?|la) |l')(?:ecri[st]|demande|reponds?|telephone|appelle|rappelle|relance|envoie|propose|transmets?|passe un (?:coup de fil|message|mail))\b(?! (?:pourquoi|si|ce qu|et (?:ils?|elles?)))"
            r"|\bje m'(?:en )?(?:occupe|charge)(?:rai)?\b|\bje me charge(?:rai)? (?:de|du|des|d')|\bc'est moi qui (?:m'en |vais |fais|m')|\bje prends(?: ca)? en charge\b"
        ),
        first_person_weak=re.compile(
            rf"\b{mine}{_QUICKLY_FR} ?(?:{_WEAK_FR})\b|\bj(?:e |')(?:(?:vous|te|leur|lui|le|la|les|l'|t'|en|y) ?){{0,2}}(?:{weak_future}|{strong_present}|{weak_present})\b"
        ),
        first_person_short=re.compile(
            r"\bje m'en (?:occupe|charge)(?:rai)?\b|\bje (?:le |la |les )?ferai\b|\bje vais le faire\b|\bc'est moi qui m'en\b|\bje prends ca\b"
        ),
        third_person=re.compile(
            rf"(?<!\ben )(?<!\ba )(?<!\bau )(?<!\bde ){NAME}(?i:(?:,? (?:qui|elle|il))?(?: (?:donc|aussi))? (?:{must}{_QUICKLY_FR} ?(?:{_STRONG_FR})|{_IS_ON_IT_FR}|(?:(?:nous|vous|leur|lui|le|la|les) |l')?(?:{strong_future}))(?!\w))"
        ),
        third_person_weak=re.compile(
            rf"(?<!\ben )(?<!\ba )(?<!\bau )(?<!\bde ){NAME}(?i:(?:,? (?:qui|elle|il))?(?: (?:donc|aussi))? (?:(?:{must}|devrait|peut){_QUICKLY_FR} ?(?:{_STRONG_FR}|{_WEAK_FR})|(?:(?:nous|vous|leur|lui|le|la|les) |l')?(?:{weak_future}|{strong_present}))(?!\w))"
        ),
        third_person_due=re.compile(
            rf"(?<!\ben )(?<!\ba )(?<!\bau )(?<!\bde ){NAME}(?i:(?: (?:donc|aussi))? (?:(?:nous|vous|leur|lui|le|la|les|en|y) |l')?(?!(?:sera|aura|pourra|devra|voudra|viendra|reviendra|saura|partira|arrivera|commencera|restera|quittera)\b)\w{{2,}}ra\b)"
        ),
        third_person_now=re.compile(
            rf"(?:^|, |\bet |\bdonc ){NAME} (?!(?:est|etait|a|avait|dit|veut|pense|sait|aime|semble)\b)[a-z]+[et] [a-z]+"
        ),
        team=re.compile(
            rf"\b(?P<name>(?:l'equipe|le service|le comite)(?: \w+)?) (?:{must} (?:{_STRONG_FR})|{_IS_ON_IT_FR})\b"
        ),
        nobody=re.compile(
            rf"\b(?:on|nous|quelqu'un) (?:doit|devons|va|allons|devra)(?: tous| encore)? (?:{_STRONG_FR})\b|\bil (?:faut|faudra|faudrait)(?: encore| absolument)? (?:{_STRONG_FR})\b"
        ),
        labelled=re.compile(
            rf"^{_LEAD_FR}(?:(?:l'|une |autre |prochaine |premiere |deuxieme |derniere )*actions?(?: (?:suivante|numero \w+))?|a faire|tache)"
            r"(?: (?:pour|de) (?P<owner>[\w'-]+))? ?(?:[:.,-]+ ?|(?<=\w) (?:de|est de) )(?=\w)"
        ),
        request=re.compile(
            rf"\b(?:(?:est-ce que )?(?:tu|vous) (?:peux|pourrais|pouvez|pourriez|veux|voulez)|(?:peux|pourrais|veux)[- ]tu|(?:pouvez|pourriez|voulez)[- ]vous)"
            rf"(?: s'il te plait| s'il vous plait| aussi| bien| donc|,)*{_QUICKLY_FR} ?(?:{_STRONG_FR}|{_WEAK_FR})\b"
            rf"|\bje (?:te|vous) (?:demande|charge) de (?:{_STRONG_FR})\b|\b(?:merci|il faudrait que tu|il faut que tu|j'aimerais que tu) (?:de )?(?:{_STRONG_FR})\b"
            rf"|\btu (?:t'occupes|te charges|t'en occupes|t'en charges)\b|\bvous (?:vous occupez|vous chargez)\b|\btu (?:{strong_future})\b|^[\w-]+, (?:s'il te plait,? )?(?:{strong_present})\b(?! pas)"
            rf"|{_YOURS_FR}"
            rf"|\b(?:tu|vous) (?:peux|pourrais|pouvez|pourriez|veux bien|voulez bien){_QUICKLY_FR} ?(?!{_NO_ASKING_FR})\w+(?:er|ir|re)\b"
            rf"|\btu (?:(?:nous|me|leur|lui) )?(?:l'|les? |la )(?:{strong_present})s?\b"
        ),
        request_strong=re.compile(
            rf"\b(?:(?:est-ce que )?(?:tu|vous) (?:peux|pourrais|pouvez|pourriez|veux|voulez)|(?:peux|pourrais|veux)[- ]tu|(?:pouvez|pourriez|voulez)[- ]vous)"
            rf"(?: s'il te plait| s'il vous plait| aussi| bien| donc|,)*{_QUICKLY_FR} ?(?:{_STRONG_FR})\b"
            rf"|\bje (?:te|vous) (?:demande|charge) de (?:{_STRONG_FR})\b|\b(?:merci|il faudrait que tu|il faut que tu|j'aimerais que tu) (?:de )?(?:{_STRONG_FR})\b"
            rf"|\btu (?:t'occupes|te charges|t'en occupes|t'en charges)\b|\bvous (?:vous occupez|vous chargez)\b|\btu (?:{strong_future})\b|^[\w-]+, (?:s'il te plait,? )?(?:{strong_present})\b(?! pas)"
            rf"|{_YOURS_FR}"
        ),
        needs_somebody=re.compile(
            r"^(?:(?:et|alors|bon|donc|du coup|sinon|ensuite),? )*qui (?!est|etait|a\b|sont|ont|dit|sait|sera|veut dire)[\w']+ [^?]*\?$|\b(?:qui (?:peut|pourrait|veut|va|s'occupe|s'en occupe|prend|se charge)|quelqu'un (?:peut|doit|pourrait|veut)|il (?:faut|faudra|faudrait)|on (?:doit|devrait)|nous devons)\b"
        ),
        no_action=re.compile(
            r"^(?!.*\b(?:demand|regard|verifi|sav)\w*\b.* s(?:i|'ils?) )(?:.*\bsi [a-z']+ |.*\bs'ils? (?!te plait|vous plait))|\b(?:peut-etre|je (?:crois|pense|suppose|parie) (?:que je|que j'|qu'on)|regarde (?:le match|la tele|un film|une serie)|je ne (?:sais|pense|vais|peux|crois)|ne (?:va|doit|vais|peut|fera|pourra) pas|n'est pas|ne (?:s'occupe|sera)|j'aurais|avait|aurait)\b"
            r"|\b(?:tu|vous) m'enten|(?<!a )\b(?:mes|ma|mon) (?:enfants?|fille|fils|femme|mari|parents|mere|pere|nieces?|neveux?|chien|chat|permis|anniversaire|demenagement|mariage|dentiste|medecin|(?:\w+ )?ans\b|(?:vieille |ancienne )?(?:voiture|moto))\b|\bprends? (?:le|un|mon) (?:train|avion|bus|car|metro|ferry|tram|vol)\b|\bfais (?:du (?:velo|sport|ski|tennis|yoga|cheval|foot)|de la (?:course|natation|musculation|randonnee))\b|\bje passe (?:le|mon) permis\b|\btravaill\w+ (?:a la maison|de chez moi|a domicile)\b|\bdans (?:le|un|ce|cette|la|une) (?:film|livre|roman|serie|histoire)\b"
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
            rf"^{_LEAD_FR}(?:une |la |autre |derniere |encore )*(?:question ouverte|(?:point|question) en suspens) ?[:.,!-]*(?: |$)"
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
        wh=re.compile(rf"^{_LEAD_FR}(?:(?:a |de |pour )?qui|quand|ou|quel(?:le)?s?|combien)\b(?: \S+){{3,}}"),
        thanks=re.compile(rf"^(?i:(?:merci(?: beaucoup| bien)?|parfait|super|tres bien)),? {NAME}\s*[.!]?$"),
        offer=re.compile(_OFFER_FR),
        welcome=re.compile(
            r"^(?:ah,? |oh,? )*(?:merci|parfait|super|genial|tres bien|excellent|volontiers|avec plaisir|formidable|(?:tres |excellente )?bonne idee|excellente idee)\b"
        ),
        lead=re.compile(
            rf"^{_LEAD_FR}(?:(?:eh bien|eh ben|ben|allez|non mais|ah non|dans ce cas|au fait),? )?(?:voila,? |alors,? )?"
        ),
    )


@cache
def rules(language: str) -> Rules:
    """The patterns of 'en' or 'fr'."""
    return {"en": _english, "fr": _french}[language]()
