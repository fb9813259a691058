"""What crosses a thread, a process or a door: frozen facts and events.

Times inside a meeting are seconds (float) from the start of its audio; dates are aware UTC.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType, TypeVar, overload

MeetingId = NewType("MeetingId", str)

# --- what a meeting is made of -----------------------------------------------------------------


class Source(StrEnum):
    """Where a meeting's audio came from."""

    RECORDING = "recording"
    IMPORT = "import"
    SAMPLE = "sample"


class Channel(StrEnum):
    """What one channel of a meeting's sound holds."""

    MICROPHONE = "microphone"
    """The person at this machine, and who sits around it."""
    SYSTEM = "system"
    """What this machine plays: the others of a call."""
    LEFT = "left"
    RIGHT = "right"
    """One side of a talk in an imported file, where nobody said whose it is."""

    @property
    def place(self) -> int:
        """0 or 1: which of the two channels of a talk it is told apart as, in order and colour."""
        return int(self in {Channel.SYSTEM, Channel.RIGHT})


CALL = (Channel.MICROPHONE, Channel.SYSTEM)
"""The channels of a recording of both sources."""

SIDES: Mapping[str, tuple[Channel, ...]] = {
    "together": (),
    "apart": (Channel.LEFT, Channel.RIGHT),
    "me-left": CALL,
    "me-right": CALL[::-1],
}
"""How the two channels of an imported file can be heard, by the name that is asked for: as one mix, or each alone."""


def heard_apart(channels: tuple[Channel, ...]) -> tuple[Channel | None, ...]:
    """The channels that a text is made of one by one. A single source holds whoever was heard, as a mix does: None."""
    return channels if len(channels) > 1 else (None,)


class Stage(StrEnum):
    """The long jobs, named as a person would."""

    RECORD = "record"
    IMPORT = "import"
    TRANSCRIBE = "transcribe"
    SEPARATE = "separate"
    """Telling the speakers apart by their voices."""
    SUMMARISE = "summarise"
    EXPORT = "export"
    BACKUP = "backup"
    RESTORE = "restore"
    CUT = "cut"
    """Cutting a passage out of a meeting, or bringing it back."""
    MOVE = "move"
    """Moving the whole library to another folder."""


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word; `probability` is the engine's own, 0 to 1. `text` keeps its leading space."""

    start: float
    end: float
    text: str
    probability: float


class Words(Sequence[Word]):
    """Words as they are stored, taken apart when they are first looked at: a meeting has a hundred thousand."""

    __slots__ = ("_stored", "_words")

    def __init__(self, stored: str) -> None:
        """`stored` is a JSON list of [start, end, text, probability]."""
        self._stored = stored
        self._words: tuple[Word, ...] | None = None

    def _all(self) -> tuple[Word, ...]:
        if self._words is None:
            self._words = tuple(Word(*word) for word in self.lists())
        return self._words

    def lists(self) -> list[list[Any]]:
        """[start, end, text, probability] of each word."""
        stored: list[list[Any]] = json.loads(self._stored)
        return stored

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, place: int) -> Word: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, place: int | slice) -> Word | tuple[Word, ...]:
        return self._all()[place]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Words) and self._stored == other._stored:
            return True
        return self._all() == (other._all() if isinstance(other, Words) else other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice of a meeting, or, where it has a `channel`, all that is heard there and not told apart.

    `name` is '' until somebody gives one; `number`, from 1 on, tells it apart until then. `colour` is a place in the
    window's list of colours; `is_me` says that it is the person at this machine. `voice_id` is the `KnownVoice` that it
    sounds like, called `suggested`, with a `certainty` from 0 to 1: 0 where the person said that it is not that one.
    """

    id: int
    number: int
    name: str = ""
    colour: int = 0
    is_me: bool = False
    channel: Channel | None = None
    voice_id: int = 0
    suggested: str = ""
    certainty: float = 0.0


@dataclass(frozen=True, slots=True)
class KnownVoice:
    """A voice that the person wants to be told of in later meetings: `print` is what it is like, as float32.

    It was made of so many `seconds` of speech. `same_as` are the names under which much the same voice is kept too.
    """

    id: int
    name: str
    print: bytes = field(repr=False)
    seconds: float
    remembered_at: datetime
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is heard from one second to another, in a channel or in the one mix there is.

    `chosen`: the person said so, which counts before what was found by voice.
    """

    start: float
    end: float
    speaker_id: int
    channel: Channel | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """How many seconds of a meeting a speaker is heard for, and where some of them alone can be heard, (start, end).

    `remembered`: a voice is remembered under this name.
    """

    speaker: Speaker
    seconds: float
    sample: tuple[float, float] | None = None
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of speech. `id` is 0 until stored; `doubt` is '' or why the text may be wrong: 'improbable',
    'repeated', 'no_speech', 'hurried', or 'unheard' for speech that gave no text, 'perhaps' for what may be some.

    `speaker_id` is who says it, 0 where nobody knows; `speaker` that one's name by now, '' without one, is filled in
    by the store and not kept. `channel` is the one it was heard in, None where the sound is one mix. Segments of two
    channels may overlap in time. `continues` is the end of the segment with which it was one until the two were cut
    where the voice changes, None where it begins by itself.
    """

    start: float
    end: float
    text: str
    words: Sequence[Word] = ()
    id: int = 0
    speaker: str = ""
    speaker_id: int = 0
    channel: Channel | None = None
    language: str = ""
    log_probability: float = 0.0
    no_speech: float = 0.0
    doubt: str = ""
    edited: bool = False
    continues: float | None = None


@dataclass(frozen=True, slots=True)
class TranscriptOptions:
    """What a person chose for a transcription; stored with its result.

    `model` is a name of `core.speech.models` or a folder; `language` a code such as 'fr', or ''
    to find out. `vocabulary` are names and terms to listen for, the most important first (`speech.hypotheses` tells how
    many are heeded). `preset` is 'best', 'balanced' or 'fast'; `task` 'transcribe', or 'translate' into English.
    `compute_type` is no choice but how the processor computed from the beginning on: a text hangs on it a little.
    """

    model: str = ""
    language: str = ""
    vocabulary: tuple[str, ...] = ()
    preset: str = "balanced"
    task: str = "transcribe"
    compute_type: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """How far the text of one channel is certain, in seconds, and what the engine was told of it last, as tokens.

    `language` is that of the last text, '' where it is that of the transcript.
    """

    reached: float = 0.0
    prompt: tuple[int, ...] = ()
    channel: Channel | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Voices:
    """What is known of a meeting's voices: its speakers, who is heard when, and the segments of the text shown.

    `owners` are those of the minutes' lines that were named in words, by the line's id. `claims` are who was heard when
    as the speakers were when the person said who they are, whatever was found since.
    """

    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]
    segments: tuple[Segment, ...]
    owners: tuple[tuple[int, str], ...] = ()
    claims: tuple[Turn, ...] = ()


SURE = 0.75
"""Certainty below which the language of a meeting is not taken for granted. Measured with the multilingual base model:
it lies from 0.86 to 0.99 where a real recording is in one language, and at 0.66 where two share it."""


SHARED = 0.15
"""Certainty from which on a language is likely one of several in a meeting."""

SPOKEN = 10.0
"""Seconds of text from which on a language is said to be spoken in a meeting beside another one."""


LOST = 20.0
"""Seconds in a row of doubtful text, unheard speech among it, from which on a place in a meeting was not understood: in
English, runs of more than 10 were not seen; French to an English-only model gives one as long as it is."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One version of a meeting's text; `places` says for each channel where a run carries on.

    `languages` are those it may be in, each with its certainty (0 to 1), the likeliest first; none where the person
    chose the language, or where it was found as the meeting went on.
    """

    id: int
    meeting_id: MeetingId
    options: TranscriptOptions
    language: str
    complete: bool
    segments: tuple[Segment, ...]
    places: tuple[Place, ...] = ()
    languages: tuple[tuple[str, float], ...] = ()

    @property
    def reached(self) -> float:
        """The second up to which the text of every channel is certain."""
        return min((place.reached for place in self.places), default=0.0)

    def heard(self, channels: tuple[Channel, ...]) -> bool:
        """Whether it was made of these channels of the meeting, and of no others."""
        return {place.channel for place in self.places} == set(heard_apart(channels))

    @property
    def written(self) -> str:
        """The language that the text is in: that of the meeting, or English where it is translated."""
        return "en" if self.options.task == "translate" else self.language

    @property
    def spoken(self) -> tuple[tuple[str, float], ...]:
        """The languages that the text is in, each with its share of it (0 to 1), where these are several."""
        seconds: dict[str, float] = {}
        for segment in self.segments:
            if segment.text and segment.language:
                length = segment.end - segment.start
                seconds[segment.language] = seconds.get(segment.language, 0.0) + length
        several = sorted(
            ((length, code) for code, length in seconds.items() if length >= SPOKEN), reverse=True
        )
        whole = sum(length for length, _code in several)
        return tuple((code, length / whole) for length, code in several) if len(several) > 1 else ()

    @property
    def likely(self) -> tuple[str, ...]:
        """The languages that the meeting is likely in, by what was heard of it at first."""
        return tuple(code for code, certainty in self.languages if certainty >= SHARED)

    @property
    def unsure(self) -> bool:
        """Whether it may be in another language than `language`, or in several that were not told apart."""
        return bool(self.languages) and self.languages[0][1] < SURE and not self.spoken

    @property
    def doubtful(self) -> bool:
        """Whether most of the text may be wrong."""
        said = [segment for segment in self.segments if segment.doubt != "perhaps"]
        return 2 * sum(bool(segment.doubt) for segment in said) > len(said)

    @property
    def mostly(self) -> str:
        """Why most of its doubtful segments may be wrong: their commonest `doubt`, '' where none is doubtful."""
        doubts = Counter(segment.doubt for segment in self.segments if segment.doubt)
        return doubts.most_common(1)[0][0] if doubts else ""

    @property
    def lost_from(self) -> float | None:
        """The second from which much in a row may be wrong, as where another language is spoken; None if nowhere."""
        said = [segment for segment in self.segments if segment.doubt != "perhaps"]
        for doubtful, run in itertools.groupby(said, lambda segment: bool(segment.doubt)):
            own = list(run)
            # A noise now and then in a long silence is no text that was lost.
            if doubtful and sum(one.end - one.start for one in own) >= LOST:
                return own[0].start
        return None


class Section(StrEnum):
    """The typed core of every minutes, whatever the template calls it on paper."""

    OVERVIEW = "overview"
    DECISIONS = "decisions"
    ACTION_ITEMS = "action_items"
    KEY_POINTS = "key_points"
    OPEN_QUESTIONS = "open_questions"
    CHAPTERS = "chapters"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class TemplateSection:
    """One section of a template: its lines are of a `kind` of the typed core, so that all else knows what they are.

    `key` is the kind's own name, but for the sections of key points, of which there may be several. `headings` are
    (language, words), with '' for any language; none means the name of its kind. `about` tells a model what belongs
    in it. `cues` are (language, beginnings of words or phrases) by which the offline rules find it.
    """

    key: str
    kind: Section
    headings: tuple[tuple[str, str], ...] = ()
    about: str = ""
    cues: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """How minutes are laid out. `names` as `TemplateSection.headings`; `own` is one that the person made."""

    key: str
    names: tuple[tuple[str, str], ...]
    sections: tuple[TemplateSection, ...]
    instructions: str = ""
    own: bool = False


class Origin(StrEnum):
    """Where a line of the minutes comes from."""

    MEETING = ""
    NOTE = "note"
    """The person wrote it down during the meeting."""
    BOOKMARK = "bookmark"
    """It was being said where the person set a bookmark or wrote a note."""
    PERSON = "person"
    """The person added it to the minutes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a line of the minutes was said: `quote` stands verbatim in those segments."""

    segment_ids: tuple[int, ...]
    start: float
    end: float
    quote: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the minutes.

    `supported` is False where no evidence bears it: none was found, or what was quoted says too little, which is then
    its evidence. `unverified` lists names and numbers of `text` that the evidence does not contain. `due_said` is as
    spoken ('by Friday'), `due` the date meant.
    `doubtful`: it rests on text that may be wrong (`Segment.doubt`), as the store knows, and the person has not
    changed it. `part` is the key of the template's section that it stands in, '' for the first of its kind. One that
    the person took out is `removed`: it is kept, so that it does not come back.

    `taken` is the place in `evidence` of the words by which somebody took the task on, None where nobody did: the
    `owner` is whoever says them, under the name that this speaker has by now, else the one who was `called` in words.
    An owner whom the person wrote down is neither. Without any name, `taker` is that speaker, as the store knows.
    """

    section: Section
    text: str
    evidence: tuple[Evidence, ...] = ()
    supported: bool = True
    unverified: tuple[str, ...] = ()
    owner: str = ""
    taken: int | None = None
    called: str = ""
    due_said: str = ""
    due: date | None = None
    done: bool = False
    edited: bool = False
    id: int = 0
    part: str = ""
    origin: Origin = Origin.MEETING
    removed: bool = False
    taker: Speaker | None = None
    doubtful: bool = False

    @property
    def taker_id(self) -> int | None:
        """The id of the speaker without a name who took the task on, None without any."""
        return self.taker.id if self.taker else None


@dataclass(frozen=True, slots=True)
class SummaryOptions:
    """What a person chose for the minutes; stored with them.

    `provider` is 'offline', 'mistral', or 'server' for the one at the address of the settings; `language` is '' for
    the meeting's; `length` is 'short', 'normal' or 'long'.
    """

    provider: str = "offline"
    model: str = ""
    language: str = ""
    template: str = "meeting"
    length: str = "normal"


MOST_SPEAKERS = 20
"""More people than that are not told apart."""


@dataclass(frozen=True, slots=True)
class SpeakerOptions:
    """What a person chose for telling voices apart: how many people speak, 0 to find out."""

    count: int = 0


Options = TranscriptOptions | SpeakerOptions | SummaryOptions
"""What was chosen for a stage that is asked for."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """One version of a meeting's minutes.

    `made_by` is the provider that really made them: it differs from `options.provider` when a
    remote one failed and the offline summary stands in.
    """

    meeting_id: MeetingId
    options: SummaryOptions
    made_by: str
    language: str
    created_at: datetime
    title: str
    lines: tuple[Line, ...]
    transcript_id: int = 0
    id: int = 0
    layout: tuple[TemplateSection, ...] = ()
    """The sections of the template as it was then; none in minutes of an earlier program."""
    left_out: int = 0
    """So many lines that the person took out are not among `lines`."""

    def of(self, section: Section) -> tuple[Line, ...]:
        """The lines of one section of the typed core, in order."""
        return tuple(line for line in self.lines if line.section == section)

    def parts(self) -> tuple[tuple[TemplateSection, tuple[Line, ...]], ...]:
        """The template's sections with their lines, the person's notes last; every line stands in one of them."""
        layout = list(self.layout)
        layout += [
            TemplateSection(kind.value, kind)
            for kind in Section
            if kind.value not in {one.key for one in layout}
        ]
        places = {one.key: list[Line]() for one in layout}
        for line in self.lines:
            places[line.part if line.part in places else line.section.value].append(line)
        return tuple((one, tuple(places[one.key])) for one in layout)


@dataclass(frozen=True, slots=True)
class Unkept:
    """What the person was writing in a meeting and had neither kept nor left.

    Its `field` is the 'title', the 'tags', the 'participants', a 'speaker' (`subject` is the id), a 'segment' (its id,
    or minus that of the one above a new one), a 'line' of the minutes (its id, 0 for a new one) or a 'question' (1
    where it is one about all meetings). `texts` is what stands there: of a line the text, the owner, the due date, its
    section and the section's key.
    """

    meeting_id: MeetingId
    field: str
    subject: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that was said in a meeting called `title`; `speaker` is '' where nobody knows who said it."""

    meeting_id: MeetingId
    title: str
    started_at: datetime
    speaker: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Reply:
    """What was found about a question: an answer that a provider wrote, '' without one, and where it was said.

    `made_by` is the provider, or 'offline' where the passages alone are the answer. `supported` and `unverified` are
    as those of a `Line`.
    """

    text: str
    passages: tuple[Passage, ...]
    made_by: str
    supported: bool = True
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A program on this machine that has language models."""

    name: str
    address: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What minutes would send, merging them included: about so many tokens, the text in so many parts.

    `answer` are about the tokens that come back, `cost` what all of it costs in euros, None where no price is known.
    """

    tokens: int
    parts: int
    answer: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What the person wrote at a second of the meeting, or a `bookmark` set there, with or without words."""

    at: float
    text: str
    id: int = 0
    bookmark: bool = False


class Format(StrEnum):
    """The kinds of files that a meeting is handed on as; a person's own templates come to them."""

    MARKDOWN = "md"
    WORD = "docx"
    PDF = "pdf"
    HTML = "html"
    TEXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"
    SEGMENTS = "csv"
    ACTIONS = "actions"
    """The action items as a table."""
    CALENDAR = "ics"
    AUDIO = "audio"
    """The sound as it is kept."""
    OPUS = "opus"
    MP3 = "mp3"


SOUNDS = (Format.AUDIO, Format.OPUS, Format.MP3)
"""The formats that are sound and not text."""

NO_TEXT = (Format.WORD, Format.PDF, *SOUNDS)
"""The formats that a terminal cannot show."""


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """What of a meeting is handed on, and how.

    `sections` of the minutes (the notes are one), the `transcript`, its `speakers` and `times`; `words` as 'corrected'
    by the person or as they were 'heard'; the `language` of the headings, '' for that of the window; `properties`:
    Markdown begins with the front matter that Obsidian reads.
    """

    sections: tuple[Section, ...] = tuple(Section)
    transcript: bool = True
    speakers: bool = True
    times: bool = True
    words: str = "corrected"
    language: str = ""
    properties: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """How a meeting would look as a file: the beginning of its `text`; `cut` where there is more.

    `rich` says that it is Markdown to be shown as a page; `text` is '' where the format is sound.
    """

    kind: str
    text: str
    rich: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """An expected error as it is stored: the name of its class in `core.errors` and its fields."""

    kind: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """Something a person asked for that is not finished: intent is a fact, running is not."""

    id: int
    meeting_id: MeetingId
    stage: Stage
    options: Options
    position: int
    paused: bool = False
    failure: Failure | None = None


BIN_DAYS = 30
"""How long a meeting stays in the bin before it is removed for good."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting as the library shows it.

    `audio` is a file name inside the library's audio folder, or '' where there is none. `duration` is in
    seconds, `size` in bytes. `recording_open` says that the file may still grow or need repair; `channels` what each
    channel of the sound holds, none where it is heard as one mix. `participants` are the names of its speakers and
    those that the person added. `listened` is the second at which the person stopped listening. `speaker_count` is
    how many people speak, as the person said, 0 where nobody did.
    `transcribed` is the transcript's reach in seconds, None without a transcript.
    """

    id: MeetingId
    title: str
    started_at: datetime
    source: Source
    audio: str = ""
    original_name: str = ""
    digest: str = ""
    duration: float = 0.0
    size: int = 0
    recording_open: bool = False
    channels: tuple[Channel, ...] = ()
    language: str = ""
    tags: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    listened: float = 0.0
    speaker_count: int = 0
    starred: bool = False
    transcribed: float | None = None
    transcript_complete: bool = False
    has_minutes: bool = False
    decision_count: int = 0
    first_decision: str = ""
    work: tuple[Work, ...] = ()
    deleted_at: datetime | None = None
    revision: int = 0

    @property
    def next_work(self) -> Work | None:
        """What comes first of what was asked for. Voices that could not be told apart hold nothing up."""
        order = list(Stage)
        wanted = sorted(self.work, key=lambda one: order.index(one.stage))
        first = (one for one in wanted if not (one.stage is Stage.SEPARATE and one.failure))
        return next(first, wanted[0] if wanted else None)


@dataclass(frozen=True, slots=True)
class ActionItem:
    """What is to be done, and the meeting that says so: `of` is its title, `started_at` when it began."""

    meeting_id: MeetingId
    of: str
    started_at: datetime
    line: Line


class Where(StrEnum):
    """Where in a meeting something was found."""

    HEADING = "heading"
    """Its title, tags or people."""
    MINUTES = "minutes"
    NOTES = "notes"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a search found something.

    `text` is what stands there, a long one cut to the words around the first that was found; `marks` are the stretches
    of it (begin, end) that were searched for. It was said from `second` to `until`, None where that is not known;
    `segment_id` is that of a segment, else 0. `of` is the meeting's title, `started_at` when it began.
    """

    meeting_id: MeetingId
    of: str
    started_at: datetime
    where: Where
    text: str
    marks: tuple[tuple[int, int], ...]
    second: float | None = None
    segment_id: int = 0
    section: Section | None = None
    speaker: str = ""
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found so far: first the newest, then, `ranked`, the best before the others.

    There may be `more` than these. `unclear` are the filters whose date was not understood, as they were written; they
    were left out.
    """

    hits: tuple[Hit, ...]
    ranked: bool
    more: bool = False
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of an archive: the meetings that are new here, and how many were here already."""

    added: tuple[MeetingId, ...]
    there: int


@dataclass(frozen=True, slots=True)
class Storage:
    """How much room the library takes, in bytes, and how much is `free` on its disk.

    `meetings` are those outside the bin; `binned` is of what lies in it: its meetings and cut passages, and the bytes
    of their sound, which are among `sound` too. `due` is the sound that goes at the next start, by the settings, and of
    how many meetings. `tags` are all there are.
    """

    sound: int
    text: int
    models: int
    backups: int
    exports: int
    free: int
    meetings: int = 0
    binned_meetings: int = 0
    binned_cuts: int = 0
    binned: int = 0
    due_meetings: int = 0
    due: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage that was cut from a meeting at second `start` and is kept in the bin; `text` is how it begins.

    `audio` names the sound file that has it, '' where the meeting has none. `last` says that nothing was cut from the
    meeting after it: it can be brought back.
    """

    id: int
    meeting_id: MeetingId
    title: str
    start: float
    seconds: float
    text: str
    cut_at: datetime
    audio: str
    last: bool


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export of several meetings came to: the files, and the meetings that could not be written, with why."""

    paths: tuple[str, ...]
    failed: tuple[tuple[str, Failure], ...] = ()


@dataclass(frozen=True, slots=True)
class Queued:
    """A meeting in the queue, and the next that is asked for of it.

    `held` says that somebody works on it right now. `seconds` of work are still needed, None where that is not known.
    """

    meeting: Meeting
    work: Work
    held: bool
    seconds: float | None

    @property
    def waits(self) -> bool:
        """Whether its turn comes by itself."""
        return not (self.work.paused or self.work.failure)

    @property
    def done(self) -> float | None:
        """The share (0 to 1) of the text that is there already; None where none is, or another stage is next."""
        meeting = self.meeting
        if self.work.stage is not Stage.TRANSCRIBE or meeting.transcript_complete or not meeting.duration:
            return None
        return min(1.0, meeting.transcribed / meeting.duration) if meeting.transcribed else None


# --- what the adapters tell --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Media:
    """What a file contains: `duration` in seconds as decoded or declared, None when unknown."""

    duration: float | None
    codec: str
    container: str
    sample_rate: int
    channels: int
    has_video: bool
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Microphone:
    """An input device. `name` identifies it across restarts."""

    name: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Devices:
    """What can be recorded now: microphones, the default one first, and the name of what plays the system's sound.

    `system` is '' where that sound cannot be recorded; then `system_hint` is a key of `core.messages` saying why.
    """

    microphones: tuple[Microphone, ...]
    system: str = ""
    system_hint: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A speech model on this machine. `languages` is empty where it speaks all of Whisper's; `size` is in bytes.

    One that is `built_in` came with the program and stays. One that is `damaged` lacks a part of its weights.
    """

    name: str
    folder: str
    languages: tuple[str, ...]
    size: int
    built_in: bool = False
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A published speech model. `languages` is empty where it speaks all of Whisper's; `size` is in bytes.

    `quality` goes from 1 to 5; `cost` is how much longer than the smallest it takes for the same sound.
    """

    name: str
    repository: str
    size: int
    languages: tuple[str, ...]
    quality: int
    cost: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a speech model takes on this machine: bytes of `memory`, and seconds of work for an `hour` of meeting
    (None where nothing was measured)."""

    memory: int
    hour: float | None


@dataclass(frozen=True, slots=True)
class Models:
    """The speech models: those `here`, those that other programs left in the hub's cache, and the others on offer.

    `costs` has each by its name; `multilingual` names the one to get where English is not enough. `begun` has the bytes
    that downloads which were stopped left of those on offer, by the model's name.
    """

    here: tuple[Model, ...]
    cached: tuple[Model, ...]
    offered: tuple[Offer, ...]
    costs: dict[str, Cost]
    multilingual: str
    begun: dict[str, int] = field(default_factory=dict)

    def chosen(self, name: str) -> Model | None:
        """The model here that a setting means: by name, by folder, or '' for the built-in one."""
        return next(
            (one for one in self.here if name in {one.name, one.folder} or (one.built_in and not name)), None
        )

    def of_language(self, code: str) -> Model | Offer | None:
        """The nearest model that speaks it ('': languages besides English): here, on this machine, to be had."""
        return next(
            (one for one in (*self.here, *self.cached) if speaks(one, code)),
            next((one for one in self.offered if one.name == self.multilingual), None),
        )


def speaks(model: Model | Offer, code: str) -> bool:
    """Whether the model knows the language, '' for languages besides English."""
    return not model.languages or code in model.languages


@dataclass(frozen=True, slots=True)
class Machine:
    """What the speech engine computes with here: facts, and the way that was chosen or measured.

    `features` are the processor's, as the kernel spells them; `engine` is CTranslate2's version. `speed` is in
    seconds of sound per second with the starter, 0 before a measurement; `seen` the same of each model that was used.
    `cuda_types` are the compute types of the graphics processor, best first; without one `no_cuda` is a key of
    `core.messages` saying why.
    """

    processor: str
    features: tuple[str, ...]
    cores: int
    engine: str
    compute_type: str
    threads: int
    speed: float = 0.0
    seen: tuple[tuple[str, float], ...] = field(default=(), compare=False)
    cuda_types: tuple[str, ...] = ()
    no_cuda: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What somebody who helps needs to know: nothing of any meeting, no key, the person's folders as ~.

    Sizes are in bytes. `model_size` is 0 where the model is not there, `microphones` None without a sound system.
    """

    program: str
    python: str
    platform: str
    machine: Machine
    memory: int
    memory_free: int
    model: str
    model_folder: str
    model_size: int
    library: str
    disk_free: int
    microphones: int | None
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log: when, how grave ('debug' to 'critical'), what happened, and the facts about it."""

    at: datetime
    level: str
    event: str
    facts: dict[str, Any]


class Condition(StrEnum):
    """How a part of the program is, the best first."""

    OK = "ok"
    WARNING = "warning"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Check:
    """How one part is: `part` and `finding` are keys of `core.messages`, `details` the facts of its sentence.

    They name no meeting and hold no key.
    """

    part: str
    condition: Condition
    finding: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """What was found in every part of the program at a time."""

    at: datetime
    checks: tuple[Check, ...]

    @property
    def condition(self) -> Condition:
        """That of the part that is worst."""
        return max((check.condition for check in self.checks), key=list(Condition).index)


# --- events: what a job yields while it runs ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeetingChanged:
    """A meeting was added or changed; whoever shows it reads it again."""

    meeting_id: MeetingId


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is, 0 to 1 (None: unknown), and the seconds it still needs (None: unknown).

    `part` is the one of `parts` that is worked on, where the work is done in parts. `tokens` is about how many are sent
    to a provider that may ask money for them.
    """

    stage: Stage
    fraction: float | None
    seconds_left: float | None = None
    part: int = 0
    parts: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class SegmentsAdded:
    """Text just stored, in order."""

    meeting_id: MeetingId
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class TextAdded:
    """A piece of a remote answer, as it arrives."""

    text: str


@dataclass(frozen=True, slots=True)
class Fetching:
    """A model being downloaded: bytes received of `size`, and the seconds it still needs (None: unknown).

    `doing` is 'fetch', or of one that is taken in from a folder 'check' or 'copy'.
    """

    model: str
    received: int
    size: int
    seconds_left: float | None = None
    doing: str = "fetch"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A remote call failed and is tried again after `seconds`; `attempt` counts from 1."""

    seconds: float
    attempt: int
    cause: Failure


@dataclass(frozen=True, slots=True)
class LiveText:
    """What is heard of the sentence that is being said, '' between sentences; the next one replaces it.

    `behind` is how many seconds of the recorded sound are not heard yet.
    """

    meeting_id: MeetingId
    text: str
    behind: float
    channel: Channel | None = None


class Trouble(StrEnum):
    """What is wrong with a source of a running recording."""

    LOST = "lost"
    """It is gone, and is waited for."""
    REFUSED = "refused"
    """The system does not let this program have its sound."""
    MUTED = "muted"
    """It delivers nothing but zeros."""
    SILENT = "silent"
    """Nothing is heard in it, for so long, that it is probably the wrong one."""
    QUIET = "quiet"
    """What is heard in it is too quiet to be understood well."""
    CLIPPING = "clipping"
    """It is so loud that it is distorted."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source of a running recording: its channel, its device's name, its level, and what is wrong with it.

    `rms` and `peak` are in dB below full scale (0 is the loudest, -90 silence).
    """

    channel: Channel
    device: str
    rms: float
    peak: float
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """The state of a running recording, several times a second.

    `elapsed` seconds are recorded, of which all but `unsaved` are synced to the disk. `gaps` counts the places
    where sound was lost. `room` is for how many seconds more the disk has space, None while that is more than
    half an hour. For `silent` seconds nobody has been heard in any source. `doors` counts who shows it, this one too.
    """

    meeting_id: MeetingId
    elapsed: float
    unsaved: float
    sources: tuple[SourceState, ...]
    paused: bool = False
    gaps: int = 0
    room: float | None = None
    silent: float = 0.0
    doors: int = 1


@dataclass(frozen=True, slots=True)
class Playing:
    """A meeting is played, or would be: `second` is heard now. `silent` says that there is no sound device.

    `ended` says that it is paused because it came to its end.
    """

    second: float
    paused: bool
    ended: bool = False
    silent: bool = False


PEAKS_A_SECOND = 10


@dataclass(frozen=True, slots=True)
class Peaks:
    """A part of a waveform from its `place`-th value on: one for each tenth of a second, the root of the highest
    amplitude, 0 to 255."""

    place: int
    values: bytes


@dataclass(frozen=True, slots=True)
class Serving:
    """The local interface answers at this `address`."""

    address: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know that stops nothing; `kind` is a key of `core.messages`."""

    kind: str
    details: dict[str, Any] = field(default_factory=dict)


Event = (
    MeetingChanged
    | Fetching
    | Found
    | Progress
    | SegmentsAdded
    | LiveText
    | TextAdded
    | Waiting
    | Recording
    | Playing
    | Peaks
    | Serving
    | Notice
)

Result_co = TypeVar("Result_co", covariant=True)
Job = Generator[Event, None, Result_co]
