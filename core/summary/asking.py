"""A question about meetings, answered by a model from what was said, every quote looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template as Words
from typing import Any

from core import paths
from core.summary import answers
from core.summary.evidence import Checker, Claim
from core.summary.mistral import Conversation, reserve
from core.summary.parts import tokens
from core.summary.remote import clean, data
from core.summary.sentences import Text
from core.values import Estimate, Job, Line, Meeting, MeetingId, Progress, Section, Segment, Stage

SHAPE: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema_definition": answers.object_of(
            {
                "answer": {"type": "string"},
                "evidence": {
                    "type": "array",
                    "items": answers.object_of(
                        {"segment_id": {"type": "integer"}, "quote": {"type": "string"}}
                    ),
                },
            }
        ),
    },
}


ANSWER = 300
"""About the tokens of an answer with its evidence."""


@dataclass(frozen=True, slots=True)
class Said:
    """A segment that may hold the answer, its meeting, and who spoke (`remote.voice`)."""

    meeting: Meeting
    segment: Segment
    voice: str


def ask(question: str, language: str, said: Sequence[Said], server: Conversation) -> Job[Line]:
    """The answer as a line with its evidence, in `language`; without any it is not `supported`.

    `said` comes the most promising first; as much of it as the model takes is sent. Yields and raises as
    `remote.summarise`.
    """
    with server:
        yield from server.measure()
        prompt, sent = _prompt(question, language, said, server.size - server.reserve)
        server.progress = Progress(Stage.SUMMARISE, None, tokens=server.charged(tokens(prompt)))
        found, claims = yield from server.read(prompt, SHAPE, _read)
    checker = Checker(Text(sent), language)
    return checker.check(Line(Section.KEY_POINTS, clean(found)), claims)


def estimate(question: str, language: str, said: Sequence[Said], size: int) -> Estimate:
    """What asking a model that takes `size` tokens would send and get back."""
    prompt, _sent = _prompt(question, language, said, size - reserve(size))
    return Estimate(tokens(prompt), 1, ANSWER)


def _read(said: str, whole: bool) -> tuple[str, list[Claim]]:
    answer = answers.json_in(said, whole=whole)
    text, evidence = answer.get("answer"), answer.get("evidence")
    if not isinstance(text, str) or not text.strip():
        raise answers.Unusable('"answer" is missing')
    claims = [
        Claim(one["quote"], (int(one["segment_id"]),))
        for one in (evidence if isinstance(evidence, list) else [])
        if isinstance(one, dict)
        and isinstance(one.get("quote"), str)
        and str(one.get("segment_id")).isdigit()
    ]
    return text, claims


def _prompt(question: str, language: str, said: Sequence[Said], room: int) -> tuple[str, list[Segment]]:
    words = Words((paths.RESOURCES / "prompts" / "ask.md").read_text(encoding="utf-8"))

    answered_in = f'the language with the code "{language}"' if language else "the language of the question"

    def filled(transcript: str) -> str:
        return words.substitute(question=data(question)[:1_000], language=answered_in, transcript=transcript)

    room -= tokens(filled(""))
    chosen: list[Said] = []
    known: set[MeetingId] = set()
    for one in said:
        size = tokens(_line(one) + "\n") + (0 if one.meeting.id in known else tokens(_head(one) + "\n"))
        if size > room:
            break
        room -= size
        chosen.append(one)
        known.add(one.meeting.id)
    lines: list[str] = []
    before = None
    # By day, so that the model sees what came of what; two meetings of one title, or of one moment, stay apart.
    for one in sorted(chosen, key=lambda one: (one.meeting.started_at, one.meeting.id, one.segment.start)):
        if one.meeting.id != before:
            lines.append(_head(one))
        before = one.meeting.id
        lines.append(_line(one))
    return filled("\n".join(lines)), [one.segment for one in chosen]


def _head(one: Said) -> str:
    meeting = one.meeting
    return f"Meeting {meeting.id}, {meeting.started_at.astimezone():%A %Y-%m-%d}: {data(meeting.title)[:200]}"


def _line(one: Said) -> str:
    who = f" {one.voice}:" if one.voice else ""
    return f"[{one.segment.id}]{who} {data(one.segment.text)}"
