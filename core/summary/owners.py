"""Whose a task is: what was said has to bear the owner that a model names. Pure.

Somebody owns a task who promised it, who said yes when asked, or who was named for it and did not refuse. Whoever only
spoke nearby, asked another one, said "I can't" or told what is done already, does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.summary.names import capitals, said_name
from core.summary.numbers import TOKEN
from core.summary.sentences import fold
from core.values import Evidence, Line, Section, Segment

REPLY = 3
"""How many segments after the words of a task somebody may take it on."""
ASKED = 2
"""How many segments before the words of a task its owner may have been asked."""

_REFUSED = re.compile(
    r"\bi (?:can't|cannot|can not|couldn't|won't|will not|wouldn't|don't (?:think i|have|want)|haven't|have no)\b"
    r"|\bi(?:'m| am) (?:not|away|off|too busy|on (?:holiday|leave))\b|\bi(?:'ve| have)? already\b"
    r"|\bi did (?:that|it|so)\b"
    r"|\bnot me\b|\b(?:some(?:one|body)|anybody) else\b|\bi'd rather not\b"
    r"|\bje (?:ne|n')\s?\w+(?: \w+)? (?:pas|plus|jamais)\b|\bje (?:peux|pourrai|veux|sais|serai|suis|vais) pas\b"
    r""
    r"|\b(?:je l'ai|j'ai) (?:deja )?\w+(?:ye|te|ge|le|ne|re|is|it|u)\b|\bj'ai pas\b"
    r"|\bj'y ai deja\b|\bje (?:suis|serai) (?:absente?|en conges?)\b|\bpas moi\b"
    r"|\bquelqu'un d'autre\b"
    r"|\bich (?:kann|schaffe?|mache?|will|werde|habe)\b[^.!?,]{0,40}\b(?:nicht|keine?n?|schon|bereits)\b"
    r"|\b(?:kann|schaffe|mache) ich (?:das |es )?nicht\b|\bich bin (?:weg|nicht)\b"
    r"|\b(?:no puedo|no podre|ya (?:lo|la|he)|non posso|non riesco|ho gia|nao posso|nao consigo|ja (?:fiz|enviei))\b"
    r"|\b(?:ik kan|kan ik) (?:het |dat )?niet\b|\bik heb (?:het |dat )?al\b"
)
"""What says that somebody does not do it, or has done it: folded, in seven languages."""
_STILL = re.compile(
    r"\bi(?:'ll| will)(?! be (?:away|off|out|gone|on|travelling))\b"
    r"|\b(?:but|mais|aber|pero|ma|mas|maar) (?!not\b|pas\b)"
)
"""What takes a refusal back."""
_PROMISED = re.compile(
    r"\bi(?:'ll| will| can| could| am going to|'m going to)\b|\blet me\b|\b(?:to|with) me\b"
    r"|\b(?:je (?!propose|pense|crois|trouve|sais|suggere|voudrais|veux que|demande (?:a|que))|j')\w|\bmoi\b"
    r"|\bich\b(?! (?:denke|glaube|finde|schlage|meine|weiss))|\bik\b(?! (?:denk|vind|geloof))"
    r"|\b(?:yo|me encargo|voy a|lo hago|\w{3,}[aei]re|io|ci penso|lo faccio|\w{3,}[ei]ro|eu|vou|\w{3,}[aei]rei)\b"
)
"""What somebody says who does it."""
_ASKED = re.compile(
    r"\b(?:can|could|would|will) you\b|\b(?:peux|pourrais|veux)[- ]tu\b|\b(?:pouvez|pourriez)[- ]vous\b|\btu peux\b"
    r"|\bvous pouvez\b|\b(?:kannst du|konntest du|konnen sie|puedes|podrias|puoi|potresti|pode|podes|kun je|kan je)\b"
)
"""What somebody says who wants another one to do it."""
_YES = re.compile(
    r"(?:oh |well |euh |na |bon )?(?:yes|yeah|yep|sure|ok(?:ay)?|will do|of course|no problem|happy to|absolutely"
    r"|fine|right|got it|on it|agreed|all right|alright|certainly|gladly|consider it|leave it|oui"
    r"|d'accord|bien sur|entendu"
    r"|ca marche|pas de (?:probleme|souci)|volontiers|c'est note|avec plaisir|tres bien|ja|klar|mach|gerne?"
    r"|naturlich|in ordnung|alles klar|si|vale|claro|de acuerdo|por supuesto|va bene|certo|sim|esta bem|doe ik|goed)\b"
)
"""How an answer begins that takes a task on."""


def refuses(said: str) -> bool:
    """Whether somebody says that they do not do something, or that it is done."""
    words = fold(said)
    found = _REFUSED.search(words)
    return bool(found) and not _STILL.search(words, found.end() if found else 0)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a model names: by `name`, '' for a voice without one; `voices` are the ids of speakers that are meant."""

    name: str
    voices: Collection[int] = ()

    def spoke(self, segment: Segment) -> bool:
        """Whether that is theirs, as far as speakers are known."""
        said, meant = set(fold(segment.speaker).split()), set(fold(self.name).split())
        named = bool(said and meant) and (said <= meant or meant <= said)
        return named or bool(segment.speaker_id and segment.speaker_id in self.voices)

    def is_called(self, texts: Sequence[str]) -> bool:
        """Whether their name is among what was said; a name that is none ("the team") need not be."""
        words = {fold(word) for text in texts for word in TOKEN.findall(text)}
        return all(said_name(part, words) for part in capitals(self.name))


def owned(line: Line, owner: Owner, segments: Sequence[Segment], people: Collection[str]) -> Line:
    """A task with the words by which its owner takes it on, as evidence; without such words, and where nobody named
    the owner for it either, the owner is one to check (`unverified`). `people` are the names of those in the meeting.
    """
    if line.section is not Section.ACTION_ITEMS or not line.supported or not (owner.name or owner.voices):
        return line
    places = {one.id: place for place, one in enumerate(segments)}
    said = [[segments[places[one]] for one in found.segment_ids] for found in line.evidence]
    for at, found in enumerate(line.evidence):
        if any(map(owner.spoke, said[at])) and _takes(found.quote, owner, people):
            return replace(line, taken=at)
    last = max(places[found.segment_ids[-1]] for found in line.evidence)
    first = min(places[found.segment_ids[0]] for found in line.evidence)
    quotes = [found.quote for found in line.evidence]
    anothers = _is_anothers(quotes, said, owner)
    own = [one for group in said for one in group if owner.spoke(one)]
    own += [one for one in segments[last + 1 : last + 1 + REPLY] if owner.spoke(one)]
    for reply in own:
        if refuses(reply.text):
            break
        if places[reply.id] <= last:
            continue
        words = fold(reply.text)
        if _PROMISED.match(words) or (_YES.match(words) and not anothers):
            more = Evidence((reply.id,), reply.start, reply.end, reply.text.strip())
            return replace(line, evidence=(*line.evidence, more), taken=len(line.evidence))
    around = [one.text for one in segments[max(0, first - ASKED) : last + 1 + ASKED]]
    called = owner.is_called(quotes if anothers else [*quotes, *around])
    if (
        not line.owner
        or line.owner in line.unverified
        or (called and not any(refuses(one.text) for one in own))
    ):
        return line
    return replace(line, unverified=(*line.unverified, line.owner))


def _takes(quote: str, owner: Owner, people: Collection[str]) -> bool:
    """Whether these words of the owner's take a task on, rather than leave it or give it to another."""
    words = fold(quote)
    if refuses(quote):
        return False
    if _PROMISED.search(words):
        return True
    mine = set(fold(owner.name).split())
    others = {part for one in people for part in fold(one).split() if not mine & set(fold(one).split())}
    return not _ASKED.search(words) and not others & {fold(word) for word in TOKEN.findall(quote)}


def _is_anothers(quotes: Sequence[str], said: Sequence[Sequence[Segment]], owner: Owner) -> bool:
    """Whether somebody else, who is known, promises it with these words."""
    return any(
        _PROMISED.search(fold(quote))
        and all((one.speaker or one.speaker_id) and not owner.spoke(one) for one in group)
        for quote, group in zip(quotes, said, strict=True)
    )
