# ruff: noqa: E501, ISC004  a pattern reads best whole, and long ones in several strings
"""How people announce decisions, and how a group settles things between its members, in English and French.

Patterns for folded text (lower case, no accents, straight apostrophes), which `phrases` compiles.
"""

from __future__ import annotations

import re

LEAD_EN = r"(?:(?:so|okay|ok|well|and|but|right|alright|all right|yes|yeah|then|now|good|great|fine|perfect|um|uh),? )*"
LEAD_FR = r"(?:(?:alors|donc|bon|bien|et|mais|oui|ok(?! pour)|okay(?! pour)|d'accord(?! pour)|du coup|voila|tres bien|parfait|euh|super|ensuite|enfin),? )*"
"""What opens a sentence and says nothing."""
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

DECISION = {
    "en": (
        rf"\b(?:we|everyone|everybody|they all)(?:'ve| have)?{_ADVERB_EN} (?:decided|agreed|resolved|settled|voted|opted)"
        r"(?:,? (?:to|that|the|our|on|for|not|against|upon|unanimously|together)\b|[:,])",
        rf"\bwe(?:'ve| have){_ADVERB_EN} (?:decide|agree|chosen|choose|approved|accepted|adopted|rejected)\b",
        r"\bwe(?:'re| are) (?:all )?(?:agreed|in agreement)\b(?! to disagree)",
        rf"^{LEAD_EN}(?:the |our |final |another |one |second |first )*decisions?(?: (?:number )?\w+)?(?: is| was)?(?:[:.,]| -| to\b| that\b) ?\w",
        rf"^{LEAD_EN}(?:the |our )?(?:final )?decision(?: here| then| there)? is (?!whether|hard|difficult|up to|not|still|yours|open)",
        r"\b(?:it(?:'s| is| has been|'s been)|that(?:'s| is))(?: now| therefore| then| hereby| all)* (?:decided|agreed|settled|approved)\b(?! by)",
        rf"^{LEAD_EN}(?:it )?(?:is |was )?agreed,? (?:that|we|to|then)\b",
        r"\b(?:let's|we'll|we will|we're|we are|we shall|let us)(?: all| then| just)* (?:go|going) (?:with|for|ahead with)\b(?! (?:the (?:\w+ )?presentations?\b|lunch|coffee|a (?:coffee|drink|walk|break)|it then\?))",
        r"\blet'?s (?:stick (?:to|with)|settle on|adopt|postpone|cancel|opt for|drop)\b(?! the (?:agenda|subject|topic))",
        r"\b(?:we'll|we will|we're|we are|we shall)(?: all| then| just)* (?:(?:stick|stay)(?:ing)? (?:to|with)|settl(?:e|ing) (?:on|for)|opt(?:ing)? for|plump(?:ing)? for)\b(?! (?:the (?:agenda|subject|topic|point|facts|time|question)\b|it\b))",
        rf"\bwe(?:'ve| have){_ADVERB_EN} (?:settled on|opted for|made (?:up our minds?|our (?:choice|decision))|come down (?:on|in favou?r)|plumped for)\b",
        rf"^{LEAD_EN}(?:(?:then|so),? )?(?:it's |that's |we have |we've got )?(?:a )?(?:done )?(?:deal|final answer)(?:,| then,) (?!right|then|or|no|is|yes)\w+ \w+",
        rf"^{LEAD_EN}(?:then|so|therefore),? (?:the|our|that) (?:[\w'-]+ ){{1,4}}(?:is|are)(?: now| therefore| hereby)? (?:approved|accepted|adopted|agreed|rejected|confirmed|cancelled|postponed|scrapped)\b(?! by| in| (?:every|only) )",
        r"\bthe (?:(?:whole|entire|full|general|executive|steering|finance|project|management|annual|new|parish|city|town|school|first|second|third) )?(?:team|board|committee|group|council|assembly|budget|plan|proposal|motion|offer|date)"
        r"(?: \w+)?(?: has| have| is| was)?(?: been| now| therefore)? (?:decided|agreed|approved|accepted|adopted|rejected|carried|passed)\b",
        r"\b(?:the|our) (?:whole |full )?(?:team|board|committee|group|council|assembly|majority|meeting) (?:chooses|approves|adopts|rejects|accepts|opts for|settles on|votes (?:for|against))\b",
        r"^(?:i agree|agreed),? (?:so )?no (?!one\b|idea|problem|doubt|need|question|objection|rush|more than)[\w' -]+[.!]*$",
        r"\blet's give (?:it|that|this) a (?:go|try|shot)\b",
        r", so (?!that\b|what\b|there\b|this\b)(?:the )?(?:[\w'-]+ ){1,3}it is[.!]*$",
        r"\bmotion (?:is |was )?(?:carried|passes|passed)\b",
        rf"^{LEAD_EN}(?:it's |that's )?(?:a )?no to (?:the|any|an?|that|those|these|our) (?!\w* ?question)\w+",
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
        rf"^{LEAD_FR}(?:bon|voila|alors|donc|allez),? c'est (?:regle|conclu|arrete|plie) ?[,:] ?(?!non|oui|hein)\w+",
        r"\b(?:on s'est|nous nous sommes)(?: donc| tous| finalement)* (?:decides? (?:pour|a)|arretes? sur|fixes? sur)\b|\b(?:on a|nous avons) fini par (?:se|nous )?\s?(?:mettre d'accord|tomber d'accord|choisir|retenir|adopter|opter|decider|valider)",
        r"\b(?:notre|le) (?:choix|decision) est (?:donc )?(?:faite?|prise|arretee?)\b(?! (?:par|depuis))|\b(?:on a|nous avons) (?:fait|arrete) notre choix\b",
        rf"^{LEAD_FR}(?:(?:alors|donc),? )?(?:c'est )?(?:(?:marche|affaire) conclue?|tope la|adjuge|vendu)(?: donc)? ?[,:] ?(?!hein|non|oui|alors)\w+",
        r"\b(?:on|nous) (?:reporte|reportons|annule|annulons|abandonne|abandonnons|maintient|maintenons|repousse|repoussons)"
        r"(?: donc| alors)? (?:le|la|les|l'|cette|ce)",
        r"\bc'est(?: donc| bien| alors| maintenant| officiellement)* (?:decide|acte|valide|entendu|convenu|adopte|approuve|tranche)\b",
        r"\bil (?:est|a ete)(?: donc| bien)* (?:decide|convenu|acte|entendu)\b",
        rf"^(?:(?:ok|okay|bon|bien|tres bien|d'accord),? )*(?:alors|donc|du coup|dans ce cas|ok|bon),? on (?:va )?(?:{_SETTLING_FR})",
        r"\b(?:on est|nous sommes)(?: donc| tous| bien)* (?:d'accord|tombes d'accord)(?: tous)?(?: ensemble)? (?:pour|que|qu'|sur)",
        r"\b(?:on s'est|nous nous sommes|on se met)(?: donc| tous)* mis d'accord\b",
        rf"^{LEAD_FR}(?:la |notre |une |autre |premiere |deuxieme |derniere )*decisions?(?: \w+)? ?(?:[:.,]|-) ?\w",
        rf"^{LEAD_FR}(?:la |notre )?decision (?:est(?: donc)?(?: prise)?|finale|c'est)\b",
        rf"^(?:(?:ok|okay|bon|bien|tres bien|d'accord|parfait|eh bien),? )+(?:alors|donc|du coup|dans ce cas|eh bien),? on (?!{_NO_COURSE_FR})",
        r"^[\w', -]+, on (?:prend|garde|signe|achete|valide)[.!]*$",
        r"^(?:entendu|d'accord),? (?:alors |donc )?pas (?:de |d')(?!souci|probleme|objection|panique|question)[\w' -]+[.!]*$",
        r"\bon (?:tente le coup|essaie (?:ca )?(?:pour|jusqu'))",
        rf"^(?:(?:oui|ok|bon),? )*allez,? on (?!{_NO_COURSE_FR}|(?:range|rentre|file|ferme|arrete|boit|mange)\b)\w+ \w+ \w+",
        rf"^{LEAD_FR}(?:va|banco) pour \w",
        rf"^{LEAD_FR}(?:c'est )?non (?:au|aux|a (?:la|l'|une?|cette|ce|tout)) ?(?!\w* ?question)\w+",
        r"\bc'est (?:donc )?(?:oui|non) pour (?!moi|toi)",
        r"\bon (?:prend|garde|choisit) (?:celui|celle|ceux|celles)\b",
        r"\b(?:donc|alors|eh bien),? (?:ce|ca) sera\b",
        r"\b(?:le|la|les|l')[ ]?(?:\w+ ){1,4}?(?:est|sont|a ete|ont ete)(?: donc)? (?:adopte|approuve|valide|acte|retenu)e?s?\b",
    ),
}
"""That something is decided."""

NO_DECISION = {
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
"""What takes that back: supposed, denied, past, told or put off."""

PAST = {
    "en": r"\b(?:back )?in (?:19|20)\d\d,? (?:(?:the|our) \w+|\w+) (?:\w+ )?(?:\w+ed|chose|had|were|was|bought|sold|took|put|went|said)\b"
    r"|\b(?:decided|agreed|voted|resolved|settled|chose|approved|opted)(?: (?:that|this|it|so))? (?:back )?in (?:19|20)\d\d\b"
    r"|\blast (?:quarter|season|spring|summer|autumn|fall|winter|session),? (?:we|they|the \w+|our \w+|everyone)\b|\bback then\b",
    "fr": r"\b(?:en|des) (?:19|20)\d\d,? (?:on|nous|(?:le|la) \w+|l'\w+) (?:n'|l'|les |y )?(?:a|avait|avons|avions|etait|etions)\b"
    r"|\b(?:decide|convenu|choisi|valide|retenu|adopte|approuve|acte|vote)(?: ca| cela)? en (?:19|20)\d\d\b"
    r"|\b(?:l'an|l'annee|le mois|la semaine|l'ete|l'hiver|l'automne|le printemps|la saison) (?:derniere?|passee?),? (?:on|nous)\b"
    r"|\b(?:a|lors de) la (?:derniere|precedente) (?:reunion|seance|assemblee),? (?:on|nous)\b|\bil y a \w+ (?:ans|mois|semaines),? (?:on|nous)\b",
}
""""In 2019 we agreed to sell it." tells of the past and decides nothing now; "We agreed to sell it in 2029." does."""

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
    "en": rf"^{LEAD_EN}(?<!\w)(?:so|then)\b|^(?:(?:okay|ok|right|good),? )*(?:so|then)\b",
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

AGREEMENT = {
    "en": r"^(?:(?:so|okay|ok|yes|yeah|good|great|right|then)[, ]+)*(?:(?:it's |that's |we're )?(?:all )?(?:agreed|in agreement|decided|settled|approved|granted|carried|adopted)|that's the decision)(?: (?:on|with|about) (?:that|this|it))?(?: then)?[.!,]*$",
    "fr": r"^(?:(?:alors|donc|oui|bon|ok|tres bien)[, ]+)*(?:c'est |la decision est )?(?:donc )?(?:decide|acte|valide|entendu|adopte|accorde|approuve|convenu|prise)(?:,? donc)?[.!,]*$",
}
"""A sentence such as "Agreed.", which stands for the proposal before it."""
PROPOSAL = {
    "en": r"\b(?:let's (?!be\b|see\b|hope|say\b|face|hear|talk|look|start|begin|move on|go on|continue|not forget|assume|imagine)|let us|we (?:should(?! have)|could(?! have)|can|will)|we'll|shall we|i (?:propose|suggest)|my proposal|how about|what about|why don't we|the proposal is|motion to|asks? (?:us )?(?:to|for)|(?:would|'d) like (?:us )?to)\b",
    "fr": r"\b(?:je propose|on pourrait|nous pourrions|on devrait|et si on|la proposition|on peut|si on|on va|pourquoi ne pas|proposons|gardons|faisons|prenons|demande (?:a|de|d'|si))\b",
}
"""What such a proposal begins with."""


def settling(language: str) -> dict[str, re.Pattern[str]]:
    """The compiled patterns of how a group settles things, which differ in their words alone."""
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
