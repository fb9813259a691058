"""Plain text, as for a mail."""

from __future__ import annotations

from collections.abc import Iterator

from core.export.handout import Handout, Item, Part
from core.messages import _, clock
from core.values import Section


def render(handout: Handout) -> str:
    """The meeting as lines of text."""
    return "\n".join(_lines(handout)) + "\n"


def _lines(handout: Handout) -> Iterator[str]:
    yield handout.title
    yield "=" * min(72, len(handout.title))
    yield ""
    for label, value in handout.facts:
        yield _("{name}: {value}").format(name=label, value=value)
    if handout.made:
        yield handout.made
    for part in handout.parts:
        yield from _heading(part.heading)
        yield from (_item(part, item) for item in part.items)
    if handout.passages:
        yield from _heading(_("Transcript"))
        if handout.warning:
            yield from (handout.warning, "")
        for passage in handout.passages:
            if passage.turn:
                yield from ("", f"{passage.speaker}:")
            time = f"[{clock(passage.start)}] " if handout.choices.times else ""
            yield f"{time}{passage.text}{f' ({passage.doubt})' if passage.doubt else ''}"
        if handout.ending:
            yield from ("", handout.ending)


def _heading(text: str) -> Iterator[str]:
    yield from ("", text, "-" * len(text))


def _item(part: Part, item: Item) -> str:
    text = item.text
    if part.section is Section.ACTION_ITEMS and item.line:
        text = f"[{'x' if item.line.done else ' '}] {text}{f' — {item.who}' if item.who else ''}"
    elif part.section is not Section.OVERVIEW:
        text = f"- {text}"
    return f"{text} ({item.marks})" if item.marks else text
