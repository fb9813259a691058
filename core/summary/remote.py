"""Minutes written by a model: Mistral's, or any that a server of the same protocol has.

A meeting that is too long for the model goes in parts, whose minutes are then put together.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from string import Template as Words

import structlog

from core import errors, paths
from core.summary import Draft, Request, answers, dates, topics
from core.summary.answers import Answer
from core.summary.evidence import Checker, Claim
from core.summary.mistral import Conversation, reserve
from core.summary.notes import lines_of_notes, with_marks
from core.summary.owners import Owner, owned, refuses
from core.summary.parts import CHARACTERS_PER_TOKEN, check_cover, cut, pieces, tokens
from core.summary.people import participant
from core.summary.sentences import STOP_WORDS, Text, clear_language_of, language_of, split
from core.summary.templates import heading_for_model
from core.values import (
    Channel,
    Estimate,
    Job,
    Line,
    Note,
    Progress,
    Section,
    Segment,
    Stage,
    TemplateSection,
)

_log = structlog.get_logger("summary")

_VOICES = {
    Channel.MICROPHONE: "Me",
    Channel.SYSTEM: "Others",
    Channel.LEFT: "Left channel",
    Channel.RIGHT: "Right channel",
}
"""Who speaks in a channel, for the model; the prompt says that these are no names."""

HOUR = Estimate(18_000, 1, 1_800)
"""About an hour of meeting, at 150 words a minute."""
_LINE = 60
"""About the tokens of a line of an answer, with the words it quotes."""
_LINES = {"short": 3, "normal": 5, "long": 10}
"""About how many lines a model writes in a section, by the length that is asked for (`_LENGTHS`)."""
_BRIEF = 3
"""How many times shorter the answers are when only what tells the meeting in few words is merged."""

_QUOTED = 240
"""Characters of what was being said that stand beside a note."""

_BELONGS = {
    Section.OVERVIEW: "one to three lines on what the meeting was about and what came of it.",
    Section.DECISIONS: "only what was really decided, not what was proposed, wished or put off.",
    Section.ACTION_ITEMS: "who does what. `owner` is the name as spoken, or the label of the voice "
    'that takes it on, "" if neither is known. `due_said` is the '
    'date as spoken, "" if none; `due` the same as YYYY-MM-DD, "" if it is no single day.',
    Section.KEY_POINTS: "what a person who was not there has to know.",
    Section.OPEN_QUESTIONS: "what was asked or left open and not answered.",
    Section.CHAPTERS: "the topics in order, two to six words each, with the segment in which they begin.",
}
"""What belongs in a section, for the model."""
_LENGTHS = {
    "short": "The minutes are short: only what matters most, at most four lines in a section and few words a line.",
    "normal": "At most eight lines in a section of points; of decisions, tasks and questions all there are.",
    "long": "The minutes are detailed: up to sixteen lines in a section of points, with the reasons that were given.",
}


@dataclass(frozen=True, slots=True)
class _Job:
    """What is asked of the model, and how its answers are read."""

    request: Request
    text: Text
    language: str

    @property
    def sections(self) -> Sequence[TemplateSection]:
        return self.request.template.sections

    def read(self, said: str, whole: bool, *, merged: bool = False) -> Answer:
        """The answer. Raises `Unusable`, also where it is clearly in the other one of the languages we can tell."""
        answer = answers.read(said, self.sections, whole=whole, merged=merged)
        text = " ".join(line["text"] for one in self.sections for line in answer[one.key])
        if self.language in STOP_WORDS and clear_language_of(text) not in {self.language, ""}:
            raise answers.WrongLanguage(self.language, answer)
        return answer

    def prompt(self, name: str, **values: str) -> str:
        """The words of a prompt with what it needs to know of this meeting."""
        request = self.request
        words = (paths.RESOURCES / "prompts" / f"{name}.md").read_text(encoding="utf-8")
        return Words(words).substitute(
            language=self.language,
            title=data(request.title)[:200],
            date=request.started_at.astimezone().date().strftime("%A %Y-%m-%d"),
            sections="\n".join(map(_told, self.sections)),
            length=_LENGTHS.get(request.options.length, _LENGTHS["normal"]),
            instructions=data(request.template.instructions) or "None.",
            participants=data(", ".join(request.participants))[:1_000] or "not known",
            **values,
        )


def _told(section: TemplateSection) -> str:
    """A section as a line of the rules: its key, its heading, what belongs in it."""
    heading, about = data(heading_for_model(section)), data(section.about)
    own = section.kind is Section.KEY_POINTS and section.key != Section.KEY_POINTS
    belongs = about if own and about else f"{about} {_BELONGS[section.kind]}".strip()
    return f"- `{section.key}`{f' (“{heading}”)' if heading else ''}: {belongs}"


def summarise(request: Request, server: Conversation) -> Job[Draft]:
    """Asks for minutes in `request.options.language` (else the meeting's) and checks every line of the answer.

    Yields `TextAdded` as the answer comes, `Waiting` while a failed call waits, `Progress` with parts. Lines without
    evidence in the transcript come back with `supported=False`. A closed job sends nothing more.

    Raises `NothingSaid`, and of `RemoteProblem`: `KeyRefused` (401, 403), `RemoteBusy` (408, 429, 5xx, after all
    tries), `RemoteRefused` (any other 3xx or 4xx), `RemoteUnreachable` (no connection, silence, time
    limit), `RemoteUntrusted` (its certificate), `RemotePaused` (it failed too often of late),
    `AnswerUnusable`, `ContextTooSmall`.
    """
    text = Text(request.segments)
    if not text.segments:
        raise errors.NothingSaid(request.title)
    job = _Job(request, text, request.options.language or request.language or language_of(text.whole))
    with server:
        yield from server.measure()
        minutes = yield from _minutes(job, server)
    return _draft(minutes, job)


def estimate(request: Request, size: int) -> Estimate:
    """What would be sent to a model that takes `size` tokens."""
    language = request.options.language or request.language
    job = _Job(request, Text(request.segments), language)
    prompts, _sent = _parts(job, size, reserve(size))
    return _foreseen(job, prompts, size)


def _foreseen(job: _Job, prompts: Sequence[str], size: int) -> Estimate:
    """What these parts send and bring back, and then the rounds that merge them, where each goes well at once."""
    most = min(reserve(size), _LINE * _LINES.get(job.request.options.length, 5) * len(job.sections))
    framing = tokens(job.prompt("merge", parts="00", minutes=""))
    sent = [tokens(prompt) for prompt in prompts]
    told = tokens(job.prompt("map", notes="", part="00", parts="00", transcript=""))
    # Of little that is said much is quoted, and told once more in other words.
    found = [min(_LINE + 2 * max(0, one - told), most) for one in sent]
    back = list(found)
    for brief in (1, _BRIEF):
        found = [one // brief for one in found]
        while len(groups := _groups(found, framing, size)) < len(found):
            some = [found[group.start : group.stop] for group in groups]
            found = [min(sum(group), most // brief) for group in some]
            sent += [framing + sum(group) for group in some if len(group) > 1]
            back += [one for one, group in zip(found, some, strict=True) if len(group) > 1]
    return Estimate(sum(sent), len(prompts), sum(back))


# --- parts ----------------------------------------------------------------------------------------


def _minutes(job: _Job, server: Conversation) -> Job[Answer]:
    """The minutes of all parts, made one by one and put together."""
    prompts, sent = _parts(job, server.size, server.reserve)
    server.deadline += server.patience.each_part * (len(prompts) - 1)
    _log.info("transcript cut", parts=len(prompts), tokens=sent, context=server.size)
    shape, found = answers.format_of(job.sections), list[Answer]()
    charged = server.charged(_foreseen(job, prompts, server.size).tokens)
    for number, prompt in enumerate(prompts, 1):
        done = (number - 1) / (len(prompts) + 1)
        server.progress = Progress(Stage.SUMMARISE, done, part=number, parts=len(prompts), tokens=charged)
        found.append((yield from server.read(prompt, shape, job.read)))
    server.progress = Progress(
        Stage.SUMMARISE, len(found) / (len(found) + 1), part=len(found), parts=len(found)
    )
    whole = yield from _together(found, job, server)
    return answers.in_order(whole, [one.id for one in job.text.segments]) if len(found) > 1 else whole


def _parts(job: _Job, size: int, reserve: int) -> tuple[list[str], int]:
    text, notes = job.text, job.request.notes
    framing = tokens(job.prompt("map", notes="  (none)", part="00", parts="00", transcript=""))
    room = max(1, size - reserve - framing)
    labels = labels_of(text.segments)
    lines = [
        (place, line) for place, one in enumerate(text.segments) for line in _shown(one, labels, room // 2)
    ]
    noted = _noted(notes, [place for place, _line in lines], text, room // 2)
    sizes = [_size([line, *noted[at]]) for at, (_place, line) in enumerate(lines)]
    parts = cut(sizes, room, room // 20)
    check_cover(parts, len(lines))
    prompts = [
        job.prompt(
            "map",
            notes="\n".join(note for at in part for note in noted[at]) or "  (none)",
            part=str(number),
            parts=str(len(parts)),
            transcript="\n".join(lines[at][1] for at in part),
        )
        for number, part in enumerate(parts, 1)
    ]
    return prompts, sum(sizes)


def _together(found: list[Answer], job: _Job, server: Conversation) -> Job[Answer]:
    """The minutes of one meeting from those of its parts; where they are too long to be merged, only what tells
    the meeting in few words is, and the rest is listed whole."""
    found = yield from _merged(found, job, server)
    if len(found) == 1:
        return found[0]
    brief = yield from _merged([answers.retold(one) for one in found], job, server)
    return answers.completed(answers.retold(answers.joined(brief)), found)


def _merged(found: list[Answer], job: _Job, server: Conversation) -> Job[list[Answer]]:
    """`found` merged by the model, round by round, as far as groups of them fit its context."""
    while len(found) > 1:
        found = answers.numbered(found)
        written = [data(json.dumps(one, ensure_ascii=False)) for one in found]
        framing = tokens(job.prompt("merge", parts="00", minutes=""))
        groups = _groups([_size([one]) for one in written], framing, server.size)
        if len(groups) == len(found):
            break
        fewer: list[Answer] = []
        for group in groups:
            some = found[group.start : group.stop]
            if len(some) > 1:
                block = "\n".join(written[group.start : group.stop])
                prompt = job.prompt("merge", parts=str(len(some)), minutes=block)
                shape = answers.format_of(job.sections, merged=True)
                read = partial(job.read, merged=True)
                try:
                    some = [answers.completed((yield from server.read(prompt, shape, read)), some)]
                except errors.AnswerUnusable:
                    # The parts are good: a model that cannot merge them does not take them away.
                    some = [answers.joined(some)]
            fewer += some
        found = fewer
    return found


def _groups(sizes: Sequence[int], framing: int, size: int) -> list[range]:
    """Neighbouring answers of these tokens that are merged by one question: what comes back may be as long."""
    return cut(sizes, max(1, (size - framing) // 2))


def _noted(notes: Sequence[Note], places: Sequence[int], text: Text, room: int) -> list[list[str]]:
    """For each line of the transcript the person's notes taken and bookmarks set while it was said, as lines of the
    prompt: the words, when that was, and what was being said.

    Where those of one line take more than `room` tokens they are shortened here; in the minutes they stand whole.
    """
    noted: list[list[str]] = [[] for _place in places]
    for note in notes:
        words = data(note.text) or ("(a mark, without words)" if note.bookmark else "")
        if words:
            begun = [at for at, place in enumerate(places) if text.segments[place].start <= note.at]
            at = begun[-1] if begun else 0
            said = text.segments[places[at]]
            told = (
                f"  - {words} (at {_clock(note.at)}, when [{said.id}] was said: {data(said.text)[:_QUOTED]})"
            )
            if (left := room - _size(noted[at])) > 0:
                noted[at].append(told[: left * CHARACTERS_PER_TOKEN - 1])
    return noted


def _clock(seconds: float) -> str:
    """A time of the meeting, as 1:02:05."""
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"


def _size(lines: Sequence[str]) -> int:
    return sum(tokens(line + "\n") for line in lines)


def data(text: str) -> str:
    """`text` on one line that cannot close the block of the prompt in which it stands."""
    return " ".join(text.split()).replace("<<<", "‹‹‹").replace(">>>", "›››")


def labels_of(segments: Sequence[Segment]) -> dict[int, str]:
    """How the model is told of voices without a name: by their channel where they are alone in it, else by a number."""
    voices = {one.speaker_id: one.channel for one in segments if one.speaker_id and not one.speaker}
    channels = Counter(voices.values())
    return {
        voice: _VOICES[channel] if channel and channels[channel] == 1 else f"Speaker {number}"
        for number, (voice, channel) in enumerate(sorted(voices.items()), 1)
    }


def voice(segment: Segment, labels: Mapping[int, str]) -> str:
    """Who the model is told said `segment`, by `labels_of` its meeting where there is no name; '' if nobody knows."""
    who = data(segment.speaker)[:60] or labels.get(segment.speaker_id, "")
    return who or (_VOICES[segment.channel] if segment.channel else "")


def _shown(segment: Segment, labels: Mapping[int, str], room: int) -> list[str]:
    """A segment as a line of the prompt; as several where one would take more than `room` tokens."""
    who = voice(segment, labels)
    head = f"[{segment.id}] {who}: " if who else f"[{segment.id}] "
    return [head + piece for piece in pieces(data(segment.text), max(1, room - tokens(head)))]


# --- the draft ------------------------------------------------------------------------------------


def _draft(minutes: Answer, job: _Job) -> Draft:
    """The answer, with every line checked against the transcript."""
    request, text, language = job.request, job.text, job.language
    checker = Checker(
        text,
        language,
        request.participants,
        spoken=request.language,
        told=request.started_at.astimezone().date(),
    )
    labels, sentences = labels_of(text.segments), split(text)
    people = {one.speaker for one in text.segments if one.speaker}.union(request.participants)
    lines = []
    for section in job.sections:
        for told in minutes[section.key]:
            claim = Claim(told["quote"], tuple(told["segment_ids"]))
            line = checker.check(_line(section, told, job, labels), [claim])
            voices = _voices(clean(told.get("owner", "")), text.segments, labels)
            lines.append(owned(line, Owner(line.owner, voices), text.segments, people))
    title = clean(minutes["title"])
    if checker.unheard(title):
        # It goes over everything that is made of the meeting, where no mark could stand beside it.
        title = topics.title(sentences, language) if language in STOP_WORDS else ""
    marked = with_marks(tuple(lines), request, sentences) + lines_of_notes(request, text, language)
    return Draft(title, language, marked)


def _voices(owner: str, segments: Sequence[Segment], labels: Mapping[int, str]) -> set[int]:
    """The speakers that an owner of the answer stands for: voices without a name, or one who has that name."""
    if owner in {"", _VOICES[Channel.SYSTEM]}:
        return set()
    unnamed = {voice for voice, label in labels.items() if label == owner}
    return unnamed or {one.speaker_id for one in segments if one.speaker_id and one.speaker == owner}


def _line(section: TemplateSection, line: Answer, job: _Job, labels: Mapping[int, str]) -> Line:
    found = Line(section.kind, clean(line["text"]), part=section.key)
    if section.kind is not Section.ACTION_ITEMS:
        return found
    spoken = language_of(job.text.whole, job.request.language)
    told = job.request.started_at.astimezone().date()
    said, quote, owner = clean(line["due_said"]), clean(line["quote"]), clean(line["owner"])
    heard, meant = _due(quote, spoken, told), _due(said, job.language, told)
    if refuses(quote):
        # "I can't, I'm away until the 4th": that is no day by which anything is done.
        return replace(found, owner=_named(owner, job, labels), due_said=said)
    if heard and meant and heard.day == meant.day:
        said = heard.said  # the model translated it
    # Models are poor at calendars: what was said counts, and a day that nobody spoke of is none.
    named = _due(said, spoken, told) or heard
    due = (named and named.day) or (_date(line["due"]) if said else None)
    return replace(found, owner=_named(owner, job, labels), due_said=said, due=due)


def _named(owner: str, job: _Job, labels: Mapping[int, str]) -> str:
    """The owner as the participants write it; '' for a voice without a name."""
    no_name = owner in {*_VOICES.values(), *labels.values()}
    return "" if no_name else participant(owner, job.request.participants)


def _due(text: str, language: str, told: date) -> dates.Due | None:
    return dates.find(text, language, told) if language in STOP_WORDS else None


def clean(text: str) -> str:
    """`text` on one line, without signs that nobody sees and that hide or turn round what is shown."""
    flat = " ".join(text.encode(errors="ignore").decode().split())
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", flat)


def _date(said: str) -> date | None:
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        return None
