"""A large library made of nothing: meetings whose words are as unevenly common as those of a language are."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from sqlmodel import Session, insert

from core import paths
from core.store import Store
from core.store.tables import LineRow, MeetingRow, MinutesRow, SegmentRow, SpeakerRow, TranscriptRow
from core.values import Section, SummaryOptions, TranscriptOptions

COMMON = [
    "the",
    "and",
    "to",
    "of",
    "a",
    "we",
    "that",
    "in",
    "is",
    "it",
    "for",
    "on",
    "you",
    "this",
    "with",
    "be",
    "have",
    "are",
    "not",
    "will",
    "they",
    "can",
    "was",
    "as",
    "at",
    "so",
    "what",
    "if",
    "all",
    "about",
    "do",
    "there",
    "just",
    "our",
    "one",
    "people",
    "think",
    "from",
    "project",
    "go",
    "know",
    "would",
    "budget",
    "release",
    "test",
    "next",
    "week",
    "meeting",
    "need",
    "customer",
    "team",
    "plan",
    "data",
    "time",
    "make",
    "design",
    "report",
    "see",
    "then",
    "more",
    "some",
    "like",
    "get",
    "should",
    "review",
    "price",
    "number",
    "item",
    "move",
    "server",
    "client",
    "issue",
    "date",
    "month",
    "done",
    "work",
    "start",
    "end",
    "first",
    "second",
    "call",
    "send",
    "figures",
    "draft",
    "decision",
    "open",
]
Say = Callable[[int], str]

RARE = 20_000
SENTENCES = 60_000
EVERY = 6.0
"""Seconds from one segment to the next."""


def make(places: paths.Folders, meetings: int, segments: int) -> None:
    """Fills a new library with `meetings` of `segments` segments each, with minutes, tags, speakers."""
    paths.create(places)
    store = Store(places)
    chance = random.Random(1)
    say = _language(chance)
    said = [say(chance.randint(6, 22)) for _number in range(SENTENCES)]
    now = datetime.now(UTC)
    with Session(store._engine) as session:
        for number in range(meetings):
            started = now - timedelta(hours=7 * (meetings - number))
            _meeting(session, f"{number:012x}", started, segments, say, said, chance)
            if number % 100 == 99:
                session.commit()
        session.commit()
    store.close()


def _language(chance: random.Random) -> Say:
    def syllable() -> str:
        return chance.choice("bcdfglmnprstv") + chance.choice("aeiou")

    words = COMMON + ["".join(syllable() for _ in range(chance.randint(2, 4))) for _ in range(RARE)]
    weights = list(accumulate(1 / (place + 2) for place in range(len(words))))
    return lambda count: " ".join(chance.choices(words, cum_weights=weights, k=count)).capitalize() + "."


def _meeting(
    session: Session,
    meeting_id: str,
    started: datetime,
    segments: int,
    say: Say,
    said: list[str],
    chance: random.Random,
) -> None:
    length = segments * EVERY
    session.add(
        MeetingRow(
            id=meeting_id,
            title=say(4)[:-1],
            started_at=started,
            created_at=started,
            source="import",
            duration=length,
            language="en",
            tags=chance.sample(["finance", "sales", "team", "design", "hiring"], chance.randint(0, 2)),
            revision=1,
        )
    )
    session.flush()
    speakers = [
        SpeakerRow(meeting_id=meeting_id, number=number, name=name, colour=number - 1)
        for number, name in enumerate(("Ana", "Marc", "Élodie"), 1)
    ]
    transcript = TranscriptRow(
        meeting_id=meeting_id,
        created_at=started,
        options=dataclasses.asdict(TranscriptOptions()),
        language="en",
        reached=length,
        places=[[None, length, []]],
        complete=True,
        active=True,
    )
    minutes = MinutesRow(
        meeting_id=meeting_id,
        created_at=started,
        options=dataclasses.asdict(SummaryOptions()),
        made_by="offline",
        language="en",
        title="",
        active=True,
    )
    session.add_all([*speakers, transcript, minutes])
    session.flush()
    one = SegmentRow(transcript_id=transcript.id or 0, start=0, end=0, text="", words=[], language="en")
    alike = one.model_dump(exclude={"id"})
    session.execute(
        insert(SegmentRow),
        [
            {
                **alike,
                "start": EVERY * place,
                "end": EVERY * place + 5.5,
                "text": chance.choice(said),
                "speaker_id": speakers[place // 5 % 3].id,
            }
            for place in range(segments)
        ],
    )
    sections = (Section.OVERVIEW, Section.DECISIONS, Section.ACTION_ITEMS, Section.KEY_POINTS)
    for place in range(12):
        at = place * 60.0
        session.add(
            LineRow(
                minutes_id=minutes.id or 0,
                position=place,
                section=sections[place % 4],
                text=say(9),
                evidence=[{"segments": [], "start": at, "end": at + 5.0, "quote": ""}],
                unverified=[],
                owner="Marc" if place % 4 == 2 else "",
            )
        )
