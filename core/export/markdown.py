"""Markdown: what is said stays text, whatever it looks like; on wish with the front matter that Obsidian reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from core.export.handout import Handout, Item, Part, Passage, plain
from core.messages import _, clock
from core.values import Section


def render(handout: Handout) -> str:
    """The meeting as Markdown."""
    return "\n".join(_lines(handout)) + "\n"


def _lines(handout: Handout) -> Iterator[str]:
    if handout.choices.properties:
        yield from _properties(handout)
    yield f"# {_plain(handout.title)}"
    yield ""
    yield handout.subtitle
    if handout.meeting.participants:
        yield ""
        names = ", ".join(map(_plain, handout.meeting.participants))
        yield _("Participants: {names}").format(names=names)
    if handout.made:
        yield ""
        yield f"*{handout.made}*"
    for part in handout.parts:
        yield ""
        yield f"## {part.heading}"
        yield ""
        yield from (_item(part, item) for item in part.items)
    if handout.passages:
        yield from _transcript(handout)


def _properties(handout: Handout) -> Iterator[str]:
    """YAML front matter; a string in JSON is one in YAML."""
    meeting = handout.meeting

    def quoted(text: str) -> str:
        return json.dumps(plain(text), ensure_ascii=False)

    def listed(values: list[str]) -> str:
        return f"[{', '.join(map(quoted, values))}]"

    yield "---"
    yield f"title: {quoted(handout.title)}"
    yield f"date: {meeting.started_at.astimezone():%Y-%m-%dT%H:%M:%S}"
    yield f"minutes: {round(meeting.duration / 60)}"
    yield f"participants: {listed(list(meeting.participants))}"
    yield f"tags: {listed([_tag(tag) for tag in ('meeting', *meeting.tags)])}"
    yield f"meeting_id: {quoted(meeting.id)}"
    yield "---"


def _tag(text: str) -> str:
    """A tag as Obsidian takes it: letters, digits, -, _ and /, and not only digits."""
    kept = re.sub(r"[^\w/-]+", "-", text).strip("-") or "meeting"
    return f"{kept}-" if kept.isdigit() else kept


def _transcript(handout: Handout) -> Iterator[str]:
    yield ""
    yield f"## {_('Transcript')}"
    if handout.warning:
        yield ""
        yield f"*{handout.warning}*"
    for passage in handout.passages:
        yield from _passage(handout, passage)
    if handout.ending:
        yield ""
        yield f"*{handout.ending}*"


def _passage(handout: Handout, passage: Passage) -> Iterator[str]:
    if passage.turn:
        yield ""
        yield f"**{_plain(passage.speaker)}**"
    yield ""
    text = _plain(passage.text)
    yield f"**{clock(passage.start)}** {text}" if handout.choices.times else text
    if passage.doubt:
        yield f"*{_plain(passage.doubt)}*"


def _item(part: Part, item: Item) -> str:
    if item.lines:
        return _note(item)
    text = _plain(item.text)
    if part.section is Section.ACTION_ITEMS and item.line:
        who = f" — {_plain(item.who)}" if item.who else ""
        text = f"- [{'x' if item.line.done else ' '}] {text}{who}"
    elif part.section is not Section.OVERVIEW:
        text = f"- {text}"
    return f"{text} ({_plain(item.marks)})" if item.marks else text


def _note(item: Item) -> str:
    """A note in the lines that the person wrote, with their lists and what they stressed, and no other markup."""
    first, *others = item.lines
    lines = [f"- {_stressed(first)} ({_plain(item.marks)})" if item.marks else f"- {_stressed(first)}"]
    for line in others:
        entry = re.match(r"[-*+] +(.+)", line)
        lines.append(f"  - {_stressed(entry[1])}" if entry else f"  {_stressed(line)}")
    return "  \n".join(lines)


def _stressed(text: str) -> str:
    return re.sub(r"(?:\\\*)+", lambda found: found.group().replace("\\", ""), _plain(text))


def _plain(text: str) -> str:
    """`text` on one line, with what Markdown or HTML would understand as markup made harmless."""
    flat = re.sub(r"\s+", " ", text).strip()
    flat = re.sub(r"([\\`*_~&\[\]<>])", r"\\\1", flat)
    flat = re.sub(r"^([#+=-])", r"\\\1", flat)
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", flat)
