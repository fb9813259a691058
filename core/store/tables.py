"""The tables, as SQLModel. `migrations/` holds the steps that lead to them; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, DateTime, Dialect, ForeignKey, Index, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel


class UtcTime(TypeDecorator[datetime]):
    """An aware date and time; SQLite keeps no zone, so it is stored in UTC and comes back in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The naive UTC time that is stored."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The aware time that was meant."""
        return value.replace(tzinfo=UTC) if value else None


NEVER_AGAIN = {"sqlite_autoincrement": True}
"""The id of a row that is gone is given to no other: minutes and undone edits still speak of it."""


def _belongs_to(table: str) -> Any:
    return Column(ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, index=True)


class MeetingRow(SQLModel, table=True):
    """A meeting, from the first block of its recording on.

    `placeholder` is what it is called as long as neither the person nor minutes give it a title: the name of a file, a
    date; None once the person did.
    """

    __tablename__: ClassVar[str] = "meeting"
    id: str = Field(primary_key=True)
    title: str
    started_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    source: str
    audio: str = ""
    original_name: str = ""
    digest: str = Field(default="", index=True)
    duration: float = 0.0
    size: int = 0
    recording_open: bool = False
    channels: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    language: str = ""
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    participants: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    listened: float = 0.0
    speaker_count: int = 0
    starred: bool = False
    deleted_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    revision: int = Field(default=0, index=True)
    placeholder: str | None = None


class SpeakerRow(SQLModel, table=True):
    """One voice of a meeting, or all that is heard in one of its channels; `number` tells it apart without a name.

    `claims` is a list of [channel or null, start, end]: when it was heard as the person said who it is.
    """

    __tablename__: ClassVar[str] = "speaker"
    __table_args__ = (UniqueConstraint("meeting_id", "number"), NEVER_AGAIN)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(sa_column=_belongs_to("meeting"))
    number: int
    name: str = ""
    colour: int = 0
    is_me: bool = False
    channel: str | None = None
    voice_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("voice.id", ondelete="SET NULL"), nullable=True)
    )
    certainty: float = 0.0
    claims: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class VoiceRow(SQLModel, table=True):
    """A voice that the person wants known again, with that one's consent: `print` is float32, little end first."""

    __tablename__: ClassVar[str] = "voice"
    __table_args__ = NEVER_AGAIN
    id: int | None = Field(default=None, primary_key=True)
    name: str
    print: bytes
    seconds: float
    remembered_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class TurnRow(SQLModel, table=True):
    """Who is heard from one second to another: as voices were told apart, or, `chosen`, as the person said."""

    __tablename__: ClassVar[str] = "turn"
    __table_args__ = (Index("turn_by_time", "meeting_id", "start"), NEVER_AGAIN)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(sa_column=Column(ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False))
    speaker_id: int = Field(sa_column=_belongs_to("speaker"))
    channel: str | None = None
    start: float
    end: float
    chosen: bool = False


class TranscriptRow(SQLModel, table=True):
    """One version of a meeting's text; the active one is shown, the others can be brought back.

    `places` is a list of [channel or null, reached, prompt, language]; `reached` is the smallest of them.
    `languages` is a list of [code, certainty].
    """

    __tablename__: ClassVar[str] = "transcript"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(sa_column=_belongs_to("meeting"))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    options: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    language: str = ""
    languages: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    reached: float = 0.0
    places: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    complete: bool = False
    active: bool = False


class SegmentRow(SQLModel, table=True):
    """One stretch of speech. `words` is a list of [start, end, text, probability], as the engine heard them.

    `continues` is the end of the one that it was cut from where the voice changes.
    """

    __tablename__: ClassVar[str] = "segment"
    __table_args__ = (Index("segment_by_time", "transcript_id", "start"), NEVER_AGAIN)
    id: int | None = Field(default=None, primary_key=True)
    transcript_id: int = Field(
        sa_column=Column(ForeignKey("transcript.id", ondelete="CASCADE"), nullable=False)
    )
    start: float
    end: float
    text: str
    words: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    speaker_id: int | None = Field(
        default=None,
        sa_column=Column(ForeignKey("speaker.id", ondelete="SET NULL"), nullable=True, index=True),
    )
    channel: str | None = None
    language: str = ""
    log_probability: float = 0.0
    no_speech: float = 0.0
    doubt: str = ""
    edited: bool = False
    continues: float | None = None


class MinutesRow(SQLModel, table=True):
    """One version of a meeting's minutes; the active one is shown. `layout` is a list of [key, kind, headings]."""

    __tablename__: ClassVar[str] = "minutes"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(sa_column=_belongs_to("meeting"))
    transcript_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("transcript.id", ondelete="SET NULL"), nullable=True)
    )
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    options: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    made_by: str
    language: str
    title: str
    active: bool = False
    layout: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class LineRow(SQLModel, table=True):
    """One line of the minutes, with its evidence."""

    __tablename__: ClassVar[str] = "line"
    __table_args__ = NEVER_AGAIN
    id: int | None = Field(default=None, primary_key=True)
    minutes_id: int = Field(sa_column=_belongs_to("minutes"))
    position: int
    section: str
    text: str
    evidence: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    supported: bool = True
    unverified: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    owner: str = ""
    due_said: str = ""
    due: date | None = None
    done: bool = False
    edited: bool = False
    part: str = ""
    origin: str = ""
    removed: bool = False
    taken: int | None = None
    called: str = ""


class PartRow(SQLModel, table=True):
    """A usable answer of a remote summariser, kept until its minutes are made: what was asked is not asked again."""

    __tablename__: ClassVar[str] = "part"
    __table_args__ = (UniqueConstraint("meeting_id", "question"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(sa_column=_belongs_to("meeting"))
    question: str
    answer: str


class NoteRow(SQLModel, table=True):
    """What the person wrote or marked, at a second of the meeting."""

    __tablename__: ClassVar[str] = "note"
    __table_args__ = NEVER_AGAIN
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(sa_column=_belongs_to("meeting"))
    at: float
    text: str
    bookmark: bool = False


class CutRow(SQLModel, table=True):
    """A passage that was cut from a meeting and can be brought back; `rows` is what became of which rows (`cutting`).

    `audio`, `size` and `duration` are those of the sound before, `left` the bytes of the sound after it.
    """

    __tablename__: ClassVar[str] = "cut"
    __table_args__ = NEVER_AGAIN
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(sa_column=_belongs_to("meeting"))
    cut_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    start: float
    seconds: float
    text: str
    audio: str
    size: int
    duration: float
    left: int
    rows: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class WorkRow(SQLModel, table=True):
    """Something asked for and not finished."""

    __tablename__: ClassVar[str] = "work"
    __table_args__ = (UniqueConstraint("meeting_id", "stage"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(sa_column=_belongs_to("meeting"))
    stage: str
    options: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    position: int
    paused: bool = False
    failure: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class TermRow(SQLModel, table=True):
    """A word or name that transcriptions listen for: those of meetings with this tag, or, without one, all."""

    __tablename__: ClassVar[str] = "term"
    id: int | None = Field(default=None, primary_key=True)
    tag: str = Field(default="", index=True)
    text: str


class HeadingRow(SQLModel, table=True):
    """What a meeting is found by besides what was said in it: title, tags and people, kept by triggers (`index`)."""

    __tablename__: ClassVar[str] = "heading"
    __table_args__ = NEVER_AGAIN
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(
        sa_column=Column(ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False, unique=True)
    )
    text: str


class IndexingRow(SQLModel, table=True):
    """One row: segments with ids below this are not in the index yet."""

    __tablename__: ClassVar[str] = "indexing"
    id: int | None = Field(default=None, primary_key=True)
    below: int = 0


class AnswerRow(SQLModel, table=True):
    """The answer to a request of the local interface that may be sent again, under the key that came with it."""

    __tablename__: ClassVar[str] = "answer"
    key: str = Field(primary_key=True)
    asked: str
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))


class UnkeptRow(SQLModel, table=True):
    """A row for each text that the person is writing: where, and what stands there."""

    __tablename__: ClassVar[str] = "unkept"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(
        sa_column=Column(ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    field: str
    subject: int
    texts: list[str] = Field(sa_column=Column(JSON, nullable=False))


class CounterRow(SQLModel, table=True):
    """One row that counts every change, so that each door sees what the others did."""

    __tablename__: ClassVar[str] = "counter"
    id: int | None = Field(default=None, primary_key=True)
    value: int = 0
