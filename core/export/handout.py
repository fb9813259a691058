"""A meeting as it is handed on: everything chosen, worded and in its order, once, for all formats alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.messages import (
    _,
    clock,
    day,
    day_and_time,
    doubt,
    doubtful_text,
    heading,
    in_language,
    language,
    length,
    made_by,
    owner,
    pgettext,
    said,
    section_label,
    speaker_label,
)
from core.values import (
    ExportChoices,
    Line,
    Meeting,
    Minutes,
    Note,
    Section,
    Segment,
    Speaker,
    Transcript,
    Word,
)

OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e")
"""Signs that turn the order of what follows around: text that carries them can pretend to be another."""


@dataclass(frozen=True, slots=True)
class Document:
    """All that is known of one meeting."""

    meeting: Meeting
    transcript: Transcript | None
    minutes: Minutes | None
    notes: tuple[Note, ...] = ()
    speakers: tuple[Speaker, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a part. `who` is the owner and the date of an action item; `remark` what keeps it from being certain.

    `times` are the seconds at which it was said, none where they were not wanted; `line` is what it was made of, None
    for a note, whose `lines` are those that the person wrote, in Markdown.
    """

    text: str
    times: tuple[float, ...] = ()
    owner: str = ""
    due: str = ""
    remark: str = ""
    line: Line | None = None
    lines: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """The owner and the date of an action item, '' where it has none."""
        return ", ".join(filter(None, (self.owner, self.due)))

    @property
    def marks(self) -> str:
        """What stands in brackets behind it: where it was said, or what keeps it from being certain."""
        times = ", ".join(dict.fromkeys(map(clock, self.times)))
        return "; ".join(filter(None, (times, self.remark)))


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the minutes under its heading; the person's notes are one."""

    section: Section
    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What somebody says without a break; `speaker` is '' where nobody knows or it was not wanted.

    `turn` says that somebody else spoke before.
    """

    start: float
    end: float
    text: str
    speaker: str
    turn: bool
    doubt: str
    segment: Segment

    @property
    def words(self) -> tuple[Word, ...]:
        """The words with their times, where they fit the text; they are taken apart only where they are wanted."""
        return tuple(self.segment.words) if plain(_heard(self.segment)) == plain(self.segment.text) else ()


@dataclass(frozen=True, slots=True)
class Handout:
    """A meeting as it is handed on. `facts` are labels with what they say; `language` is that of all labels.

    `warning` stands above the transcript, `ending` below it; both may be ''. `audio` is the name of the file with the
    sound that may lie beside the one that is written.
    """

    meeting: Meeting
    choices: ExportChoices
    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    made: str
    parts: tuple[Part, ...]
    passages: tuple[Passage, ...]
    spoken: str
    warning: str = ""
    ending: str = ""
    audio: str = ""

    @property
    def subtitle(self) -> str:
        """Day, time and length in one line."""
        return " · ".join((day_and_time(self.meeting.started_at), length(self.meeting.duration)))

    def items(self, section: Section) -> tuple[Item, ...]:
        """The lines of one section of the typed core, whatever the template made of it."""
        return tuple(item for part in self.parts if part.section is section for item in part.items)


def handout(document: Document, choices: ExportChoices | None = None) -> Handout:
    """The document as `choices` (by default: everything) want it."""
    chosen = choices or ExportChoices()
    with in_language(chosen.language or language()):
        transcript = document.transcript if chosen.transcript else None
        minutes = document.minutes
        return Handout(
            meeting=document.meeting,
            choices=chosen,
            language=language(),
            title=plain(document.meeting.title) or _("Meeting"),
            facts=tuple(_facts(document.meeting)),
            made=_made(minutes) if minutes and chosen.sections else "",
            parts=tuple(_parts(document, chosen)),
            passages=tuple(_passages(transcript, document.speakers, chosen)) if transcript else (),
            spoken=document.transcript.written if document.transcript else document.meeting.language,
            warning=doubtful_text(transcript) if transcript else "",
            ending=_ending(transcript) if transcript and transcript.segments else "",
        )


def _heard(segment: Segment) -> str:
    return "".join(word.text for word in segment.words)


def plain(text: str) -> str:
    """`text` on one line, without signs that are none to a reader and that files of text cannot hold."""
    if (
        text.isprintable()
    ):  # as nearly every text is: then there are none of them, and no space but the common one
        return " ".join(text.split())
    kept = "".join(
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or (unicodedata.category(sign) not in {"Cc", "Cs"} and sign not in OVERRIDES)
    )
    return " ".join(kept.split())


def _facts(meeting: Meeting) -> Iterator[tuple[str, str]]:
    yield _("Date"), day_and_time(meeting.started_at)
    yield pgettext("sound", "Length"), length(meeting.duration)
    if meeting.participants:
        yield _("Participants"), ", ".join(map(plain, meeting.participants))
    if meeting.tags:
        yield _("Tags"), ", ".join(map(plain, meeting.tags))


def _made(minutes: Minutes) -> str:
    return f"{made_by(minutes)}, {day_and_time(minutes.created_at)}"


def _ending(transcript: Transcript) -> str:
    if transcript.complete:
        return ""
    return _("The transcript is not complete: it reaches {time}.").format(time=clock(transcript.reached))


# --- minutes -----------------------------------------------------------------------------------------


def _parts(document: Document, choices: ExportChoices) -> Iterator[Part]:
    """The sections of the template that the minutes were made with, and the notes."""
    for section, lines in document.minutes.parts() if document.minutes else ():
        if section.kind in choices.sections and section.kind is not Section.NOTES and lines:
            yield Part(section.kind, plain(heading(section)), tuple(_item(line, choices) for line in lines))
    if Section.NOTES in choices.sections and document.notes:
        notes = tuple(_note(note, choices) for note in document.notes)
        yield Part(Section.NOTES, section_label(Section.NOTES), notes)


def _note(note: Note, choices: ExportChoices) -> Item:
    lines = tuple(filter(None, map(plain, note.text.splitlines())))
    return Item(" ".join(lines) or _("Bookmark"), (note.at,) if choices.times else (), lines=lines)


def _item(line: Line, choices: ExportChoices) -> Item:
    doubts = []
    if not line.supported and line.evidence:
        doubts.append(_("the words quoted say too little"))
    elif not line.supported:
        doubts.append(_("not found in the transcript"))
    elif line.doubtful:
        doubts.append(_("from doubtful text"))
    if line.unverified:
        doubts.append(_("to be checked: {words}").format(words=", ".join(map(plain, line.unverified))))
    return Item(
        text=plain(line.text),
        times=tuple(evidence.start for evidence in line.evidence) if choices.times else (),
        owner=plain(owner(line)),
        due=day(line.due) if line.due else plain(line.due_said),
        remark="; ".join(doubts),
        line=line,
    )


# --- transcript --------------------------------------------------------------------------------------


def _passages(
    transcript: Transcript, speakers: tuple[Speaker, ...], choices: ExportChoices
) -> Iterator[Passage]:
    labels = {speaker.id: plain(speaker_label(speaker)) for speaker in speakers} if choices.speakers else {}
    before = ""
    doubtful = transcript.doubtful
    for stored in transcript.segments:
        segment = stored
        if choices.words == "heard" and stored.words:
            segment = replace(stored, text=_heard(stored))
        speaker = labels.get(segment.speaker_id, "")
        yield Passage(
            start=segment.start,
            end=max(segment.end, segment.start),
            text=plain(said(segment)),
            speaker=speaker,
            turn=bool(speaker) and speaker != before,
            doubt="" if doubtful else plain(doubt(segment)),
            segment=segment,
        )
        before = speaker


def is_right_to_left(text: str) -> bool:
    """Whether a paragraph with this text runs from right to left: as its first letter does (UAX #9, P2 and P3)."""
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
