"""What the person did to lines of earlier minutes, carried into newer ones; in doubt both lines stay. Pure.

What was taken out stays away only where the new line says just the same: another name, number or "not" is another line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from core.summary.names import names_in
from core.summary.numbers import TOKEN, numbers, numbers_in
from core.summary.sentences import STOP_WORDS, denials, fold, stem, words_of
from core.values import Evidence, Line

ALIKE = 0.5
"""Share of the shorter line's words that the other has too, where both rest on the same moment and say the same."""
APART = 30.0
"""Seconds between the evidence of two lines in the same words from which on they are two lines."""


def keep_touched(
    earlier: Sequence[Line], fresh: Sequence[Line], translated: bool = False
) -> tuple[Line, ...]:
    """`fresh` with what the person did to lines of `earlier`: edited, ticked, added or taken out.

    Each takes the place of the new line that says the same of the same moment, for the same owner; where there is
    none, or another earlier line is as much like that one, it is added, and the new line stays as it is. `translated`
    where the new lines are in another language than the earlier ones: then what they rest on tells alone.

    Lines of `fresh` may have been given their marks from still other minutes, which then count.
    """
    lines = list(fresh)
    marked = [line for line in fresh if any(_marks(line))]
    for old in earlier:
        if not any(_marks(old)) or any(_is_there(old, line) for line in marked):
            continue
        rivals = [one for one in earlier if _marks(one) != _marks(old)]
        places = [
            place
            for place, line in enumerate(lines)
            if _same(old, line, translated) and not any(_same(one, line, translated) for one in rivals)
        ]
        if not places:
            lines.append(old)
            continue
        place = max(places, key=lambda place: _likeness(old, lines[place]))
        if old.edited:
            lines[place] = _anew(old, lines[place])
        else:
            lines[place] = dataclasses.replace(lines[place], done=old.done, removed=old.removed)
    return tuple(lines)


def _marks(line: Line) -> tuple[bool, bool, bool]:
    return line.edited, line.done, line.removed


def _is_there(old: Line, line: Line) -> bool:
    """Whether that line, which has its marks already, is this one, as the person left it in other minutes."""
    if line.section != old.section:
        return False
    return fold(line.text) == fold(old.text) or (_same_quote(old, line) and (line.edited or old.edited))


def _anew(old: Line, fresh: Line) -> Line:
    """A line as the person wants it, where `fresh` says it in new minutes."""
    line = dataclasses.replace(old, evidence=fresh.evidence, part=fresh.part)
    if old.taken is None and not old.called:
        return line
    return dataclasses.replace(line, owner=fresh.owner, taken=fresh.taken, called=fresh.called)


def _same(old: Line, line: Line, translated: bool) -> bool:
    """Whether `line` says what `old` said."""
    if line.section != old.section or line.edited or not _owners_agree(old, line):
        return False
    if fold(old.text) == fold(line.text):
        unproved = not (old.evidence and line.evidence)
        return unproved or _overlap(old, line, APART)
    if not _overlap(old, line):
        return False
    if old.edited:
        # The person may have written anything: what it rests on tells.
        return _same_quote(old, line) or _shared(old, line) >= ALIKE
    if old.removed and _is_another(old, line, translated):
        return False
    if translated:
        return _same_quote(old, line)
    return _shared(old, line) >= ALIKE and not _contradict(old, line)


def _owners_agree(old: Line, line: Line) -> bool:
    """Whether nobody else is the owner; one whom the person chose is not compared."""
    if old.edited and old.owner and not old.called and old.taken is None:
        return True
    owners = [fold(one.owner or one.called).split() for one in (old, line)]
    shorter, longer = sorted(owners, key=len)
    return set(shorter) <= set(longer)


def _overlap(old: Line, line: Line, apart: float = 0.0) -> bool:
    """Whether they rest on words of the same moment, or on some less than `apart` seconds away."""

    def meet(one: Evidence, other: Evidence) -> bool:
        return one.start < other.end + apart and other.start < one.end + apart

    return any(meet(one, other) for one in old.evidence for other in line.evidence)


def _same_quote(old: Line, line: Line) -> bool:
    return bool({fold(one.quote) for one in old.evidence} & {fold(one.quote) for one in line.evidence})


def _contradict(old: Line, line: Line) -> bool:
    """Whether two lines like each other differ in what counts: a "not", a number, a name, or something else that
    was said in the same breath."""
    if bool(denials(old.text)) != bool(denials(line.text)):
        return True
    said = _content(" ".join(one.quote for one in (*old.evidence, *line.evidence)))
    pairs = (
        (numbers_in(old.text), numbers_in(line.text)),
        ({fold(one) for one in names_in(old.text)}, {fold(one) for one in names_in(line.text)}),
        (_content(old.text) & said, _content(line.text) & said),
    )
    return any(one - other and other - one for one, other in pairs)


def _is_another(gone: Line, line: Line, translated: bool) -> bool:
    """Whether a line differs from one that was taken out in a "not", a number, a name or in what it says: the person
    spoke of that one only. Of a translation, numbers and what nobody was heard to say tell."""
    if bool(denials(gone.text)) != bool(denials(line.text)) or _values(gone) != _values(line):
        return True
    if translated:
        return set(map(fold, gone.unverified)) != set(map(fold, line.unverified))
    words, others = _content(gone.text), _content(line.text)
    owners = _content(f"{gone.owner} {gone.called} {line.owner} {line.called}")
    differ = (words ^ others) - owners
    return bool(words - others and others - words) or bool(differ & (_capitals(gone) | _capitals(line)))


def _values(line: Line) -> set[float]:
    return {value for _shown, value in numbers(line.text)}


def _capitals(line: Line) -> set[str]:
    """The words of a line that are written with a capital, as `_content` has them."""
    return {stem(fold(word)) for word in TOKEN.findall(line.text) if word[0].isupper()}


def _content(text: str) -> set[str]:
    """The words of `text` that carry its topic, in English, French or any language."""
    return {stem(word) for word in words_of(text) if word not in STOP_WORDS["en"] | STOP_WORDS["fr"]}


def _shared(old: Line, line: Line) -> float:
    """Share of the shorter line's words that the other one has too."""
    words, others = _content(old.text), _content(line.text)
    return len(words & others) / max(1, min(len(words), len(others)))


def _likeness(old: Line, line: Line) -> float:
    return _same_quote(old, line) + _shared(old, line)
