"""What is sent and received, as Pydantic models: the interface's own words, apart from those inside the program.

Times in a meeting are seconds from its start; dates are UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.values import MOST_SPEAKERS, Channel, Condition, Section, Source, Stage

MOST_ID = 2**63 - 1

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Second = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Shape(BaseModel):
    """What is received; made from the program's own values."""

    model_config = ConfigDict(from_attributes=True)


class Asked(BaseModel):
    """What is sent; a field that is not known is refused, as it is probably misspelt."""

    model_config = ConfigDict(extra="forbid")


# --- problems --------------------------------------------------------------------------------------


class FieldProblem(Shape):
    """A field of the request that is not as it should be."""

    field: str
    where: str = Field(description="'body', 'query', 'path' or 'header'")
    why: str


class ProblemDocument(Shape):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="what happened, in a sentence for a person")
    do: str = Field(default="", description="what to do about it")
    fields: list[FieldProblem] | None = None
    meeting_id: str | None = Field(default=None, description="the meeting that is in the library already")

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:meeting-transcriber:problem:MeetingUnknown",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "No single meeting has the id “5c0f”.",
                    "do": "List the meetings to see their ids.",
                }
            ]
        },
    )


# --- meetings --------------------------------------------------------------------------------------


class MeetingShape(Shape):
    """A meeting as the library lists it."""

    id: str
    title: str
    started_at: datetime
    duration: float = Field(description="seconds")
    source: Source
    original_name: str
    language: str
    channels: list[Channel] = Field(
        description="what each channel of the sound holds, none where it is one mix"
    )
    tags: list[str]
    participants: list[str]
    starred: bool
    transcribed: float | None = Field(description="the second up to which there is text, null without any")
    transcript_complete: bool
    has_minutes: bool
    decision_count: int
    recording_open: bool = Field(description="whether it is being recorded, or was not closed yet")
    deleted_at: datetime | None = Field(description="when it was moved to the bin")
    revision: int = Field(description="grows with every change")

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "5c0ffee5ab1e",
                    "title": "Budget review",
                    "started_at": "2026-11-22T10:02:00Z",
                    "duration": 2832.0,
                    "source": "recording",
                    "original_name": "",
                    "language": "en",
                    "channels": ["microphone", "system"],
                    "tags": ["finance"],
                    "participants": ["Ana", "Marc"],
                    "starred": False,
                    "transcribed": 2832.0,
                    "transcript_complete": True,
                    "has_minutes": True,
                    "decision_count": 3,
                    "recording_open": False,
                    "deleted_at": None,
                    "revision": 41,
                }
            ]
        },
    )


class MeetingPage(Shape):
    """Some of the meetings, newest first."""

    items: list[MeetingShape]
    total: int = Field(description="how many there are in all")
    next: str | None = Field(description="where the next ones are, null at the end")


class MeetingFromPath(Asked):
    """A file inside the library's data folder that is to become a meeting."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=4000)] = Field(
        description="a path in the data folder, or from there on", examples=["inbox/budget.m4a"]
    )
    title: Title | None = Field(default=None, examples=["Budget review"])
    process: bool = Field(default=False, description="whether text and minutes are made at once")


class MeetingChange(Asked):
    """What is to be changed of a meeting; what is left out stays."""

    title: Title | None = Field(default=None, examples=["Budget review, second part"])
    tags: Annotated[list[Name], Field(max_length=50)] | None = Field(default=None, examples=[["finance"]])
    participants: Annotated[list[Name], Field(max_length=200)] | None = Field(default=None)
    starred: bool | None = None
    channels: Literal["together", "apart", "me-left", "me-right"] | None = Field(
        default=None,
        description="how the two channels of an imported file are heard; text that does not fit is asked for anew",
    )


class MarkShape(Shape):
    """A stretch of `text` that was searched for."""

    begin: int
    end: int


class HitShape(Shape):
    """A place where something was found."""

    meeting_id: str
    meeting_title: str
    started_at: datetime
    where: Literal["heading", "minutes", "notes", "transcript"]
    text: str
    marks: list[MarkShape]
    second: float | None
    segment_id: int | None


class HitPage(Shape):
    """What a search found, the best first."""

    items: list[HitShape]
    more: bool = Field(description="whether there is more than that")


# --- transcript ------------------------------------------------------------------------------------


class WordShape(Shape):
    """One spoken word, with the engine's own probability of it."""

    start: float
    end: float
    text: str
    probability: float


class SegmentShape(Shape):
    """One stretch of speech."""

    id: int
    start: float
    end: float
    text: str
    speaker: str
    speaker_id: int
    channel: Channel | None
    language: str
    doubt: str = Field(description="'' or why the text may be wrong")
    edited: bool
    words: list[WordShape] | None = Field(default=None, description="only where they are asked for")


class TranscriptShape(Shape):
    """The text of a meeting, or a stretch of it."""

    meeting_id: str
    id: int = Field(description="the version")
    language: str
    complete: bool
    reached: float
    segments: list[SegmentShape]
    total: int = Field(description="how many segments the whole text has")
    next: str | None = Field(description="where the next ones are, null at the end")


class SegmentChange(Asked):
    """The person's text in place of what was heard."""

    text: Text = Field(examples=["We hire a second tester in the first quarter."])


# --- speakers --------------------------------------------------------------------------------------


class StretchShape(Shape):
    """From one second of a meeting to another."""

    start: float
    end: float


class SpeakerShape(Shape):
    """Who speaks in a meeting."""

    id: int
    number: int = Field(description="tells speakers without a name apart")
    name: str = Field(description="'' where nobody gave one")
    is_me: bool = Field(description="whether that is the person at this machine")
    channel: Channel | None = Field(
        description="the channel whose one voice this is, null for a voice found in it"
    )
    colour: int
    seconds: float = Field(description="for how long the speaker is heard")
    sample: StretchShape | None = Field(description="where some seconds of the speaker alone can be heard")
    suggested: str = Field(description="whose remembered voice it sounds like, '' where no known one")
    certainty: float = Field(description="of the suggestion, 0 to 1")
    remembered: bool = Field(description="whether a voice is remembered under this name")

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": 3,
                    "number": 2,
                    "name": "",
                    "is_me": False,
                    "channel": None,
                    "colour": 1,
                    "seconds": 412.6,
                    "sample": {"start": 61.2, "end": 66.2},
                    "suggested": "Ana",
                    "certainty": 0.99,
                    "remembered": False,
                }
            ]
        },
    )


class SpeakerChange(Asked):
    """What is to be changed of a speaker; what is left out stays."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None = Field(
        default=None, description="'' takes the name away", examples=["Ana"]
    )
    colour: Annotated[int, Field(ge=0, le=7)] | None = None
    is_me: bool | None = None
    suggestion: Literal["accept", "refuse"] | None = Field(
        default=None, description="what is to become of the name that is suggested"
    )


class MergeAsked(Asked):
    """With whom a speaker is to be merged."""

    into: Annotated[int, Field(ge=1, le=MOST_ID)] = Field(description="who stays", examples=[2])


class SegmentsGiven(Asked):
    """Segments, or a stretch of time, and who says that: a speaker of the meeting, or somebody of a name."""

    segment_ids: Annotated[list[Annotated[int, Field(ge=1, le=MOST_ID)]], Field(max_length=5000)] = Field(
        default=[], examples=[[17, 18]]
    )
    start: Second | None = Field(
        default=None, description="with `end`: in place of segments, which are cut there"
    )
    end: Second | None = None
    speaker_id: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None
    name: Name | None = Field(default=None, examples=["Ana"])


class RememberAsked(Asked):
    """That a voice is to be remembered."""

    agreed: Literal[True] = Field(
        description="that the person whose voice it is agreed to it", examples=[True]
    )


class VoiceShape(Shape):
    """A voice that is suggested where it is heard in later meetings."""

    id: int
    name: str
    seconds: float = Field(description="for how long it was heard")
    remembered_at: datetime
    same_as: list[str] = Field(description="names under which much the same voice is remembered too")


# --- notes -----------------------------------------------------------------------------------------


class NoteShape(Shape):
    """What the person wrote or marked at a second."""

    id: int
    at: float
    text: str
    bookmark: bool


class NoteAsked(Asked):
    """A note, or a bookmark without words, at a second."""

    at: Second = Field(examples=[724.0])
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)] = Field(
        default="", examples=["Ask Marc for the figures"]
    )
    bookmark: bool = False


class NoteChange(Asked):
    """Another text of a note."""

    text: Text


# --- minutes ---------------------------------------------------------------------------------------


class EvidenceShape(Shape):
    """Where a line of the minutes was said."""

    segment_ids: list[int]
    start: float
    end: float
    quote: str


class LineShape(Shape):
    """One line of the minutes."""

    id: int
    section: Section
    text: str
    evidence: list[EvidenceShape]
    supported: bool = Field(description="whether evidence was found")
    unverified: list[str] = Field(description="names and numbers that the evidence does not have")
    doubtful: bool = Field(description="whether the text that it rests on may be wrong")
    owner: str = Field(description="a name, '' without one")
    taker_id: int | None = Field(description="the speaker who took the task on, where that one has no name")
    due: date | None
    due_said: str
    done: bool
    edited: bool


class MinutesShape(Shape):
    """The minutes of a meeting."""

    meeting_id: str
    id: int = Field(description="the version")
    made_by: str
    language: str
    created_at: datetime
    title: str
    lines: list[LineShape]


class LineChange(Asked):
    """What is to be changed of a line; what is left out stays."""

    text: Text | None = None
    done: bool | None = None
    owner: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None = Field(
        default=None, description="of an action item; '' where it is nobody's", examples=["Ana"]
    )


# --- jobs ------------------------------------------------------------------------------------------


class TranscribeAsked(Asked):
    """Text is to be made of the sound."""

    stage: Literal["transcribe"]
    model: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="a model's name, '' for that of the settings", examples=["tiny.en"]
    )
    language: Annotated[str, StringConstraints(max_length=10)] = Field(
        default="", description="what is spoken, '' for that of the settings", examples=["en"]
    )
    preset: Literal["best", "balanced", "fast"] | None = None
    translate: bool = False


class SeparateAsked(Asked):
    """The voices of a meeting are to be told apart."""

    stage: Literal["separate"]
    speakers: Annotated[int, Field(ge=0, le=MOST_SPEAKERS)] | None = Field(
        default=None,
        description="how many people speak, 0 to find out; without it what was said of the meeting before",
        examples=[3],
    )


class SummariseAsked(Asked):
    """Minutes are to be made of the text."""

    stage: Literal["summarise"]
    provider: Literal["offline", "mistral", "server"] | None = Field(
        default=None, description="as the settings say without it", examples=["offline"]
    )


class ExportAsked(Asked):
    """Files are to be made."""

    stage: Literal["export"]
    formats: Annotated[list[Name], Field(min_length=1, max_length=20)] = Field(examples=[["md"]])


class CutAsked(Asked):
    """A passage is to be cut from sound, text and minutes together."""

    stage: Literal["cut"]
    start: Second = Field(examples=[724.0])
    end: Second = Field(description="a second after `start`", examples=[870.0])


JobAsked = Annotated[
    TranscribeAsked | SeparateAsked | SummariseAsked | ExportAsked | CutAsked, Field(discriminator="stage")
]


class CutShape(Shape):
    """A passage that was cut from a meeting."""

    id: int
    meeting_id: str
    title: str
    start: float = Field(description="the second of the meeting at which it was")
    seconds: float
    text: str = Field(description="how it begins")
    cut_at: datetime
    last: bool = Field(description="whether nothing was cut from the meeting after it")


class JobShape(Shape):
    """A job, as it stands now."""

    id: str
    stage: Stage
    meeting_id: str
    state: Literal["queued", "running", "done", "failed", "stopped"]
    fraction: float | None = Field(description="how far it is, 0 to 1, null where that is not known")
    seconds_left: float | None
    problem: ProblemDocument | None = Field(description="why it failed")
    files: list[str] = Field(description="where the files of an export are to be had")
    created_at: datetime
    ended_at: datetime | None


class JobList(Shape):
    """The jobs of this program since it was started, the newest first."""

    items: list[JobShape]


# --- recording -------------------------------------------------------------------------------------


class RecordingAsked(Asked):
    """A recording is to begin."""

    title: Title | None = Field(default=None, examples=["Stand-up"])
    sources: Literal["microphone", "system", "both"] | None = Field(
        default=None, description="what is recorded, as the settings say without it", examples=["both"]
    )
    microphone: Annotated[str, StringConstraints(max_length=300)] = ""
    consent: bool = Field(
        default=False, description="that who takes part agreed to be recorded, which is noted"
    )


class SourceShape(Shape):
    """One source of a recording; its levels are in dB below full scale."""

    channel: Channel
    device: str
    rms: float
    peak: float
    trouble: str | None


class RecordingShape(Shape):
    """Whether something is being recorded, and how that stands."""

    meeting_id: str | None
    paused: bool = False
    elapsed: float = 0.0
    unsaved: float = Field(default=0.0, description="seconds that are not on the disk yet")
    gaps: int = 0
    sources: list[SourceShape] = []


class RecordingChange(Asked):
    """Whether the recording waits."""

    paused: bool


# --- the program -----------------------------------------------------------------------------------


class ModelShape(Shape):
    """A speech model of this machine."""

    name: str
    size: int = Field(description="bytes")
    languages: list[str] = Field(description="none where it knows all that Whisper does")
    built_in: bool
    damaged: bool = Field(description="whether a part of it is missing")


class ModelList(Shape):
    """The speech models of this machine, and those that could be got."""

    installed: list[ModelShape]
    offered: list[str]


class SettingsShape(Shape):
    """What the person chose; no secrets."""

    microphone: str
    sources: Literal["microphone", "system", "both"]
    live_text: Literal["on", "mains", "off"]
    stop_after_silence: int = Field(description="minutes, 0 for never")
    model: str
    preset: Literal["best", "balanced", "fast"]
    spoken_language: str
    tell_voices_apart: bool
    provider: str
    provider_model: str
    provider_tries: int
    provider_factor: float
    provider_minutes: int = Field(description="minutes after which a provider is given up")


class SettingsChange(Asked):
    """What is to be chosen otherwise; what is left out stays."""

    microphone: Annotated[str, StringConstraints(max_length=300)] | None = None
    sources: Literal["microphone", "system", "both"] | None = None
    live_text: Literal["on", "mains", "off"] | None = None
    stop_after_silence: Annotated[int, Field(ge=0, le=600)] | None = None
    model: Annotated[str, StringConstraints(max_length=200)] | None = None
    preset: Literal["best", "balanced", "fast"] | None = None
    spoken_language: Annotated[str, StringConstraints(max_length=10)] | None = Field(
        default=None, description="a code such as en, '' to find out", examples=["en"]
    )
    tell_voices_apart: bool | None = None
    provider_tries: Annotated[int, Field(ge=1, le=10)] | None = None
    provider_factor: Annotated[float, Field(ge=1, le=10)] | None = None
    provider_minutes: Annotated[int, Field(ge=1, le=240)] | None = None


class CheckShape(Shape):
    """How a part of the program is."""

    part: str
    condition: Condition
    finding: str
    what: str
    do: str
    details: dict[str, Any]


class HealthShape(Shape):
    """How the program is."""

    condition: Condition
    verdict: str
    at: datetime
    checks: list[CheckShape]


class ProgramShape(Shape):
    """Which program answers."""

    program: str
    version: str
    api: str = Field(description="the version of the interface")
    revision: int = Field(description="how many changes the library has seen")
