"""How much of what was decided, taken on and left open the offline minutes find where nobody wrote rules for the words.

The scripts of `unheard.json` in `tests/data` are of people who say things in their own ways. The rules were tuned on
some of them; those that are *kept apart* are only counted, and tell what to expect of a meeting of one's own.
Found is a line of its section whose evidence has that turn; invented, one whose evidence has none of its kind.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from core.summary import Request, offline
from core.values import Line, Section
from tests.benchmarks import rouge
from tests.conftest import finished

FACTS: dict[str, Any] = json.loads((rouge.DATA / "unheard.json").read_text(encoding="utf-8"))
"""Of each script its language, whether it is kept apart, and in what turn (from 1) something was decided, taken on (by
whom, for when) or left open."""
SECTIONS = (Section.DECISIONS, Section.ACTION_ITEMS, Section.OPEN_QUESTIONS)


@dataclass(frozen=True, slots=True)
class Count:
    """Of a section how many turns are `known`, what was said in those `missed`, and the lines that are of none."""

    known: int
    missed: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def found(self) -> int:
        """How many were found."""
        return self.known - len(self.missed)


def made(name: str) -> tuple[Line, ...]:
    """The lines of the offline minutes of a script."""
    request = Request(rouge.script(name), "Untitled", rouge.TOLD, language=FACTS[name]["language"])
    lines: tuple[Line, ...] = finished(offline.summarise(request)).lines
    return lines


def counted(name: str) -> dict[Section, Count]:
    """How the offline minutes of a script do, section by section."""
    fact, segments, lines = FACTS[name], rouge.script(name), made(name)
    counts = {}
    for section in SECTIONS:
        known = [_places(one) for one in fact[section.value]]
        there = [line for line in lines if line.section is section]
        turns = list(map(_turns, there))
        missed = tuple(
            segments[min(places) - 1].text for places in known if not any(places & said for said in turns)
        )
        invented = tuple(
            line.text
            for line, said in zip(there, turns, strict=True)
            if not any(places & said for places in known)
        )
        counts[section] = Count(len(known), missed, invented)
    return counts


def rightly_owned(name: str) -> tuple[int, int]:
    """Of the action items that were found, those with the right owner, and those with the right day."""
    lines = [one for one in made(name) if one.section is Section.ACTION_ITEMS]
    owners = days = 0
    for fact in FACTS[name]["action_items"]:
        if found := [line for line in lines if _places(fact) & _turns(line)]:
            owners += any(line.owner == fact[1] for line in found)
            days += any(str(line.due or "") == fact[2] for line in found)
    return owners, days


def _places(fact: Any) -> set[int]:
    """The turn of a fact; of a task also the next, in which whoever was asked takes it on."""
    return {fact} if isinstance(fact, int) else {fact[0], fact[0] + 1}


def _turns(line: Line) -> set[int]:
    return {number for found in line.evidence for number in found.segment_ids}


def run() -> int:
    """Prints a line for each script, and the sums of those that were tuned on and of those kept apart.

    1 where a line was invented, or one missed that the rules were tuned on.
    """
    wrong = 0
    names = ("decisions", "tasks", "questions", "invented", "owner, day")
    print(f"{'script':<20}" + "".join(f"{name:>12}" for name in names))
    for apart, sort in ((False, "tuned on"), (True, "kept apart")):
        sums: Counter[Section | str] = Counter()
        for name in (name for name, fact in FACTS.items() if fact["kept_apart"] is apart):
            counts, (owners, days) = counted(name), rightly_owned(name)
            for section, count in counts.items():
                sums.update({section: count.found, f"known {section}": count.known})
            invented = sum(len(one.invented) for one in counts.values())
            sums.update({"invented": invented})
            wrong += invented + (0 if apart else sum(len(one.missed) for one in counts.values()))
            told = [f"{one.found} of {one.known}" for one in counts.values()]
            told += [str(invented), f"{owners}, {days}"]
            print(f"{name:<20}" + "".join(f"{one:>12}" for one in told))
        told = [f"{sums[one]} of {sums[f'known {one}']}" for one in SECTIONS]
        told.append(str(sums["invented"]))
        print(f"{sort:<20}" + "".join(f"{one:>12}" for one in told))
    return 1 if wrong else 0
