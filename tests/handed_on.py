"""Meetings to hand on: an ordinary one, one that is as nasty as can be, and a long one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from core.export import Document
from core.values import (
    Channel,
    Evidence,
    Line,
    Meeting,
    MeetingId,
    Minutes,
    Note,
    Place,
    Section,
    Segment,
    Source,
    Speaker,
    SummaryOptions,
    Transcript,
    TranscriptOptions,
    Word,
)

ID = MeetingId("m1")
MORNING = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MEETING = Meeting(ID, "Release meeting", MORNING, Source.IMPORT, duration=150.0)
SAID = Evidence((1,), 65.0, 70.0, "we will move it")
LINES = (
    Line(Section.OVERVIEW, "They moved the release.", (SAID,)),
    Line(Section.DECISIONS, "Move the release", (SAID, SAID, Evidence((2,), 80.0, 81.0, "yes"))),
    Line(Section.DECISIONS, "Buy 7 chairs", supported=False, unverified=("7", "chairs")),
    Line(
        Section.ACTION_ITEMS,
        "Send it",
        (SAID,),
        owner="Ana",
        due=date(2026, 3, 13),
        due_said="by Friday",
        id=4,
    ),
    Line(Section.ACTION_ITEMS, "Call Bob", owner="", due_said="soon", done=True, id=5),
    Line(Section.OPEN_QUESTIONS, "Who pays?", (SAID,)),
)
MINUTES = Minutes(ID, SummaryOptions("mistral"), "offline", "en", MORNING, "Release", LINES)
TRANSCRIPT = Transcript(
    1,
    ID,
    TranscriptOptions(),
    "en",
    complete=True,
    segments=(
        Segment(0.5, 2.0, "Good morning."),
        Segment(3725.0, 3726.0, "Bye.", speaker="Ana", speaker_id=7),
    ),
    places=(Place(150.0),),
)
SPEAKERS = (
    Speaker(7, 1, "Ana"),
    Speaker(8, 2, is_me=True, channel=Channel.MICROPHONE),
    Speaker(9, 3, channel=Channel.SYSTEM),
)
WHOLE = Document(
    MEETING, TRANSCRIPT, MINUTES, (Note(30.0, "ask Bob"), Note(60.0, "", bookmark=True)), SPEAKERS
)

NASTY = (
    "<script>alert('x')</script> & <img src=x onerror=y>",
    "=cmd|'/c calc'!A1",
    "../../etc/passwd",
    "-->\n\n00:00:00.000 --> 00:01:00.000\nintruder",
    "“quotes” 'single' \"double\" ]]> {{ title }} {% raw %}",
    "🎉🎉 👩‍👩‍👧 naïve façade",
    "اجتماع الإصدار في شهر مارس",
    "פגישת השחרור במרץ",
    "会議は来月に延期されました。予算は四万円です。",
    "Совещание перенесли на апрель",
    "tab\there\x00\x0b\u2028end \u202eevil\u202c",
    "+33 6 12 34 56 78",
)


def nasty() -> Document:
    """A meeting whose every field tries to be something else."""
    title = ("../" + NASTY[0] + " " + " ".join(NASTY[4:11]) + " " + "x" * 300)[:300]
    speakers = tuple(Speaker(place + 1, place + 1, text) for place, text in enumerate(NASTY))
    segments = tuple(
        Segment(
            5.0 * place,
            5.0 * place + 4,
            text,
            speaker_id=place + 1,
            id=place + 1,
            doubt="improbable" * (place == 2),
        )
        for place, text in enumerate(NASTY)
    )
    lines = [Line(Section.OVERVIEW, " ".join(NASTY))]
    for place, text in enumerate(NASTY):
        quoted = (Evidence((place + 1,), 5.0 * place, 5.0 * place + 4, text),)
        lines += [
            Line(Section.DECISIONS, text, quoted, unverified=(text,)),
            Line(
                Section.ACTION_ITEMS,
                text,
                quoted,
                owner=text,
                due=date(2026, 4, 1 + place),
                due_said=text,
                id=place + 9,
            ),
            Line(Section.KEY_POINTS, text, supported=False),
        ]
    return Document(
        replace(MEETING, title=title, participants=NASTY, tags=NASTY, duration=60.0, audio="m1.ogg"),
        replace(TRANSCRIPT, segments=segments),
        replace(MINUTES, lines=tuple(lines)),
        tuple(Note(float(place), text) for place, text in enumerate(NASTY)),
        speakers,
    )


SENTENCES = (
    "We said last week that the budget for the new tools would be forty thousand, and not more.",
    "Yes, and the test report has to be with the customer by Friday.",
    "I am not sure whether the second supplier can deliver in time; we should ask them again, in writing.",
    "Good.",
)


def long(segments: int = 10_000, seconds: float = 4 * 3600) -> Document:
    """A meeting of four hours with words and three speakers."""
    step = seconds / segments
    made = []
    for place in range(segments):
        text = f"{SENTENCES[place % len(SENTENCES)]} ({place})"
        start, spoken = place * step, text.split()
        word = 0.95 * step / len(spoken)
        words = tuple(
            Word(start + at * word, start + (at + 1) * word, f" {one}", 0.9) for at, one in enumerate(spoken)
        )
        made.append(
            Segment(start, start + 0.95 * step, text, words, id=place + 1, speaker_id=1 + place // 3 % 3)
        )
    lines = [
        Line(
            section,
            f"{SENTENCES[place % 4]} {place}",
            (Evidence((place + 1,), place * step, place * step + 1, "x"),),
        )
        for section in (Section.DECISIONS, Section.ACTION_ITEMS, Section.KEY_POINTS)
        for place in range(40)
    ]
    return Document(
        replace(MEETING, title="Four hours", duration=seconds),
        replace(TRANSCRIPT, segments=tuple(made), places=(Place(seconds),)),
        replace(MINUTES, lines=tuple(lines)),
        (),
        (Speaker(1, 1, "Ana"), Speaker(2, 2, "Marc"), Speaker(3, 3)),
    )


EMPTY = Document(MEETING, replace(TRANSCRIPT, segments=()), None)
"""A meeting in which nobody spoke."""
