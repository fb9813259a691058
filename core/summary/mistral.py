"""Minutes written by Mistral, or by any server of the same protocol, through the official client.

A meeting that is too long for the model goes in parts, whose minutes are then put together. The client's
asynchronous half runs in slices inside the generator, so that a stop is heard at any moment (also while a
server thinks for minutes before its first word) without a thread of our own.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass
from datetime import date
from string import Template
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from core import errors, paths
from core.summary import Draft, Request, answers, breaker, context, dates
from core.summary.answers import Answer
from core.summary.evidence import Checker, Claim
from core.summary.notes import lines_of_notes
from core.summary.parts import CHARACTERS_PER_TOKEN, check_cover, cut, pieces, tokens
from core.summary.sentences import STOP_WORDS, Text, clear_language_of, language_of
from core.values import Channel, Event, Job, Line, Note, Progress, Section, Segment, Stage, TextAdded, Waiting

if TYPE_CHECKING:
    from mistralai.client import Mistral
    from tenacity import RetryCallState

_log = structlog.get_logger("summary")

PROVIDER = "mistral"
DEFAULT_MODEL = "mistral-small-latest"
SERVER = "eu"
"""The client's own name for Mistral's servers in the European Union."""
ANSWER = 8_000
"""Tokens kept free for an answer, of a small context a third."""
SLICE = 0.2
"""Seconds between two looks at whether the person has stopped."""
LONGEST_WAIT = 60.0
"""Seconds between two tries at most, unless the server asks for more."""
LONGEST_ANSWER = 1_000_000
"""Characters after which an answer is broken off: no minutes are that long."""

_VOICES = {Channel.MICROPHONE: "Me", Channel.SYSTEM: "Others"}
"""Who speaks in a channel, for the model; the prompt says that these are no names."""
_Message = dict[str, str]
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try: `tries` requests per question, waiting `first` seconds (and up to as much again at random),
    then `factor` times longer; `silence` seconds without a byte end a try, `time_limit` seconds end everything,
    to which every part after the first adds `each_part`."""

    tries: int = 3
    factor: float = 2.0
    first: float = 1.0
    silence: float = 60.0
    time_limit: float = 900.0
    each_part: float = 300.0


AT_HOME = Patience(silence=300.0)
"""For another server than Mistral's: an ordinary machine reads a long prompt for minutes before its first word."""


def summarise(
    request: Request,
    key: str,
    address: str = "",
    *,
    patience: Patience | None = None,
    size: int = 0,
    recall: Callable[[str], str | None] = lambda _key: None,
    keep: Callable[[str, str], None] = lambda _key, _answer: None,
) -> Job[Draft]:
    """Asks for minutes in `request.options.language` (else the meeting's) and checks every line of the answer.

    `address` is another server's, '' for Mistral's own; `size` is the model's context in tokens, 0 to find out.
    Each usable answer is given to `keep` under a key made of all that was asked, and is not asked for again where
    `recall` still knows that key. Yields `TextAdded` as the answer comes, `Waiting` while a failed call waits,
    `Progress` with parts. Lines without evidence in the transcript come back with `supported=False`. A closed job
    sends nothing more.

    Raises `NothingSaid`, and of `RemoteProblem`: `KeyMissing`, `KeyRefused` (401, 403), `RemoteBusy` (408, 429,
    5xx, after all tries), `RemoteRefused` (any other 3xx or 4xx), `RemoteUnreachable` (no connection, silence, time
    limit), `RemotePaused` (it failed too often of late), `AnswerUnusable`, `ContextTooSmall`.
    """
    text = Text(request.segments)
    if not text.segments:
        raise errors.NothingSaid(request.title)
    if not key and not address:
        raise errors.KeyMissing(PROVIDER)
    breaker.admit(address, PROVIDER)
    model = request.options.model or DEFAULT_MODEL
    language = request.options.language or request.language or language_of(text.whole)
    patience = patience or (AT_HOME if address else Patience())
    with _Conversation(key, address, model, language, patience, recall, keep) as server:
        if address and not size:
            size = yield from server.run(context.of_server(address, model))
        server.size = size or context.of_mistral(model)
        if server.size < context.SMALLEST:
            raise errors.ContextTooSmall(PROVIDER, server.size)
        minutes = yield from _minutes(request, text, server)
    return _draft(minutes, request, text, language)


# --- parts ----------------------------------------------------------------------------------------


def _minutes(request: Request, text: Text, server: _Conversation) -> Job[Answer]:
    """The minutes of all parts, made one by one and put together."""
    told = {
        "language": server.language,
        "title": _data(request.title)[:200],
        "date": request.started_at.astimezone().date().strftime("%A %Y-%m-%d"),
    }
    framing = tokens(_prompt("map", **told, notes="  (none)", part="00", parts="00", transcript=""))
    room = max(1, server.size - server.reserve - framing)
    lines = [(place, line) for place, one in enumerate(text.segments) for line in _shown(one, room // 2)]
    noted = _noted(request.notes, [place for place, _line in lines], text, room // 2)
    sizes = [_size([line, *noted[at]]) for at, (_place, line) in enumerate(lines)]
    parts = cut(sizes, room, room // 20)
    check_cover(parts, len(lines))
    server.deadline += server.patience.each_part * (len(parts) - 1)
    _log.info("transcript cut", lines=len(lines), parts=len(parts), tokens=sum(sizes), context=server.size)

    found: list[Answer] = []
    for number, part in enumerate(parts, 1):
        server.progress = Progress(
            Stage.SUMMARISE, (number - 1) / (len(parts) + 1), part=number, parts=len(parts)
        )
        prompt = _prompt(
            "map",
            **told,
            notes="\n".join(note for at in part for note in noted[at]) or "  (none)",
            part=str(number),
            parts=str(len(parts)),
            transcript="\n".join(lines[at][1] for at in part),
        )
        found.append((yield from server.minutes(prompt)))
    server.progress = Progress(
        Stage.SUMMARISE, len(parts) / (len(parts) + 1), part=len(parts), parts=len(parts)
    )
    whole = yield from _together(found, server, told["title"])
    return answers.in_order(whole, [one.id for one in text.segments]) if len(found) > 1 else whole


def _together(found: list[Answer], server: _Conversation, title: str) -> Job[Answer]:
    """The minutes of one meeting from those of its parts; where they are too long to be merged, only what tells
    the meeting in few words is, and the rest is listed whole."""
    found = yield from _merged(found, server, title)
    if len(found) == 1:
        return found[0]
    brief = yield from _merged([answers.retold(one) for one in found], server, title)
    return answers.completed(answers.retold(answers.joined(brief)), found)


def _merged(found: list[Answer], server: _Conversation, title: str) -> Job[list[Answer]]:
    """`found` merged by the model, round by round, as far as groups of them fit its context."""
    while len(found) > 1:
        written = [_data(json.dumps(one, ensure_ascii=False)) for one in found]
        framing = tokens(_prompt("merge", language=server.language, title=title, parts="00", minutes=""))
        # What comes back may be as long as what was sent.
        groups = cut([_size([one]) for one in written], max(1, (server.size - framing) // 2))
        if len(groups) == len(found):
            break
        fewer: list[Answer] = []
        for group in groups:
            some = found[group.start : group.stop]
            if len(some) > 1:
                block = "\n".join(written[group.start : group.stop])
                prompt = _prompt(
                    "merge", language=server.language, title=title, parts=str(len(some)), minutes=block
                )
                try:
                    some = [answers.completed((yield from server.minutes(prompt)), some)]
                except errors.AnswerUnusable:
                    # The parts are good: a model that cannot merge them does not take them away.
                    some = [answers.joined(some)]
            fewer += some
        found = fewer
    return found


def _noted(notes: Sequence[Note], places: Sequence[int], text: Text, room: int) -> list[list[str]]:
    """For each line of the transcript the person's notes taken while it was said, as lines of the prompt.

    Where those of one line take more than `room` tokens they are shortened here; in the minutes they stand whole.
    """
    noted: list[list[str]] = [[] for _place in places]
    for note in notes:
        if said := _data(note.text):
            begun = [at for at, place in enumerate(places) if text.segments[place].start <= note.at]
            there = noted[begun[-1] if begun else 0]
            if (left := room - _size(there)) > 0:
                there.append(f"  - {said}"[: left * CHARACTERS_PER_TOKEN - 1])
    return noted


def _size(lines: Sequence[str]) -> int:
    return sum(tokens(line + "\n") for line in lines)


def _prompt(name: str, **values: str) -> str:
    return Template((paths.RESOURCES / "prompts" / f"{name}.md").read_text(encoding="utf-8")).substitute(
        values
    )


def _data(text: str) -> str:
    """`text` on one line that cannot close the block of the prompt in which it stands."""
    return " ".join(text.split()).replace("<<<", "‹‹‹").replace(">>>", "›››")


def _shown(segment: Segment, room: int) -> list[str]:
    """A segment as a line of the prompt; as several where one would take more than `room` tokens."""
    who = _data(segment.speaker)[:60] or (_VOICES[segment.channel] if segment.channel else "")
    head = f"[{segment.id}] {who}: " if who else f"[{segment.id}] "
    return [head + piece for piece in pieces(_data(segment.text), max(1, room - tokens(head)))]


# --- the conversation with the server -------------------------------------------------------------


class _Fault(Exception):
    """A try that failed: what it means, whether another one may help, and when the server wants it (seconds)."""

    def __init__(self, problem: errors.RemoteProblem, again: bool, after: float | None = None) -> None:
        super().__init__(type(problem).__name__)
        self.problem, self.again, self.after = problem, again, after


class _Conversation:
    """One client and its event loop, from the first question to the last answer or the time limit."""

    def __init__(
        self,
        key: str,
        address: str,
        model: str,
        language: str,
        patience: Patience,
        recall: Callable[[str], str | None],
        keep: Callable[[str, str], None],
    ) -> None:
        self._key, self._address, self._model = key, address, model
        self._recall, self._keep = recall, keep
        self.language, self.patience = language, patience
        self.size = 0
        self.deadline = time.monotonic() + patience.time_limit
        self.progress = Progress(Stage.SUMMARISE, 0.0)

    @property
    def reserve(self) -> int:
        """Tokens of the context kept free for an answer."""
        return min(ANSWER, self.size // 3)

    def __enter__(self) -> _Conversation:
        import httpx2
        from mistralai.client import Mistral
        from mistralai.client.utils.logger import NoOpLogger

        self._loop = asyncio.new_event_loop()
        # The client's own would send the transcript wherever an answer points to.
        self._http = httpx2.AsyncClient(follow_redirects=False)
        # Without a key of its own the client would send the environment's to a stranger's address, and with
        # MISTRAL_DEBUG set it would log all that is sent.
        self._client: Mistral = Mistral(
            api_key=self._key or "none",
            server=None if self._address else SERVER,
            server_url=context.base(self._address) or None,
            async_client=self._http,
            retry_config=None,
            timeout_ms=max(1, round(self.patience.silence * 1000)),
            debug_logger=NoOpLogger(),
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.run_until_complete(self._http.aclose())
        self._client.__exit__(None, None, None)  # type: ignore[no-untyped-call]
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, _Result]) -> Job[_Result]:
        """What `work` returns, in slices. Raises `RemoteUnreachable` at the time limit."""
        task = self._loop.create_task(work)
        try:
            while not task.done():
                yield self.progress
                if time.monotonic() >= self.deadline:
                    raise errors.RemoteUnreachable(PROVIDER)
                self._loop.run_until_complete(asyncio.wait({task}, timeout=SLICE))
            return task.result()
        finally:
            task.cancel()
            self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))

    def minutes(self, prompt: str) -> Job[Answer]:
        """The answer to `prompt`, read; an unusable one is asked for once more, with what was wrong about it."""
        key = hashlib.sha256(repr((self._address, self._model, answers.FORMAT, prompt)).encode()).hexdigest()
        if known := self._recall(key):
            yield self.progress
            return answers.read(known)
        said, whole = yield from self._ask([{"role": "user", "content": prompt}])
        try:
            answer = answers.read(said, whole=whole)
            self._check_language(answer)
        except answers.Unusable as fault:
            wrong = str(fault) if whole else "it was cut: be more brief"
            said, whole = yield from self._ask(self._again(prompt, said, wrong))
            try:
                answer = answers.read(said, whole=whole)
            except answers.Unusable:
                raise errors.AnswerUnusable(PROVIDER) from None
        self._keep(key, json.dumps(answer))
        return answer

    def _again(self, prompt: str, said: str, wrong: str) -> list[_Message]:
        """The question once more, with the answer that cannot be used where there is room for it."""
        wrong = f"This answer cannot be used: {wrong}. Send it again, whole, in the agreed schema."
        if sum(map(tokens, (prompt, said, wrong))) + self.reserve > self.size:
            return [{"role": "user", "content": f"{prompt}\n\nYou have answered once. {wrong}"}]
        return [
            {"role": "user", "content": prompt},
            {"role": "assistant", "content": said or "{}"},
            {"role": "user", "content": wrong},
        ]

    def _check_language(self, answer: Answer) -> None:
        """Raises `Unusable` where the answer is clearly in the other one of the languages we can tell."""
        text = " ".join(line["text"] for section in answers.SECTIONS for line in answer[section.value])
        if self.language in STOP_WORDS and clear_language_of(text) not in {self.language, ""}:
            raise answers.Unusable(f'it is not in the language with the code "{self.language}"')

    def _ask(self, messages: Sequence[_Message]) -> Job[tuple[str, bool]]:
        """One answer and whether it is whole, tried as often as patience and the provider's breaker allow."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

        breaker.admit(self._address, PROVIDER)
        patience, pauses = self.patience, list[float]()
        growing = wait_exponential(multiplier=patience.first, exp_base=patience.factor, max=LONGEST_WAIT)
        backoff = growing + wait_random(0, patience.first)

        def pause(state: RetryCallState) -> float:
            fault = state.outcome.exception() if state.outcome else None
            asked = fault.after if isinstance(fault, _Fault) else None
            return backoff(state) if asked is None else asked

        fault: _Fault | None = None
        answer = "", False
        try:
            # tenacity only notes how long to sleep; the waiting is done here, where a stop is heard.
            for attempt in Retrying(
                stop=stop_after_attempt(patience.tries),
                wait=pause,
                retry=retry_if_exception(lambda error: isinstance(error, _Fault) and error.again),
                sleep=pauses.append,
                reraise=True,
            ):
                if fault and pauses:
                    yield from self._wait(pauses.pop(), attempt.retry_state.attempt_number - 1, fault)
                fault = None
                try:
                    answer = yield from self._try(messages)
                except _Fault as error:
                    fault = error
                with attempt:
                    if fault:
                        raise fault
        except _Fault as final:
            if not isinstance(final.problem, errors.KeyRefused | errors.RemoteRefused):
                breaker.failed(self._address, final.problem)
            raise final.problem from None
        breaker.succeeded(self._address)
        return answer

    def _wait(self, seconds: float, attempt: int, fault: _Fault) -> Generator[Event, None, None]:
        """Waits in slices. A wait that would pass the time limit ends the try at once."""
        end = time.monotonic() + seconds
        if end >= self.deadline:
            raise fault
        while True:
            left = max(0.0, end - time.monotonic())
            yield Waiting(round(left, 3), attempt, errors.to_failure(fault.problem))
            if not left:
                return
            time.sleep(min(SLICE, left))

    def _try(self, messages: Sequence[_Message]) -> Job[tuple[str, bool]]:
        """One request: the text of its answer, and whether it is whole. Raises `_Fault`."""
        arriving = list[str]()
        sent = 0
        task = self._loop.create_task(self._stream(messages, arriving))
        try:
            yield self.progress
            while not task.done():
                if time.monotonic() >= self.deadline:
                    raise _Fault(errors.RemoteUnreachable(PROVIDER), again=False)
                self._loop.run_until_complete(asyncio.wait({task}, timeout=SLICE))
                fresh, sent = "".join(arriving[sent:]), len(arriving)
                yield TextAdded(fresh) if fresh else self.progress
            return "".join(arriving), task.result()
        finally:
            task.cancel()
            self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))

    async def _stream(self, messages: Sequence[_Message], arriving: list[str]) -> bool:
        """Puts the answer into `arriving` as it comes; whether the model ended it by itself, not for want of room.

        Raises `_Fault`, which holds nothing that was sent.
        """
        import httpx2
        from mistralai.client.errors import MistralError, NoResponseError

        ended, length = "", 0
        try:
            async with await self._client.chat.stream_async(
                model=self._model,
                messages=messages,  # type: ignore[arg-type]
                temperature=0.1,
                response_format=answers.FORMAT,  # type: ignore[arg-type]
            ) as stream:
                async for event in stream:
                    for choice in event.data.choices[:1]:
                        said = _said(choice.delta.content)
                        arriving.append(said)
                        ended = ended or str(choice.finish_reason or "")
                        if (length := length + len(said)) > LONGEST_ANSWER:
                            raise _Fault(errors.AnswerUnusable(PROVIDER), again=False)
        except MistralError as error:
            raise _fault_of(error.status_code, error.headers.get("retry-after", "")) from None
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL, UnicodeError):
            raise _Fault(errors.RemoteUnreachable(PROVIDER), again=False) from None
        except (httpx2.RequestError, NoResponseError, OSError):
            raise _Fault(errors.RemoteUnreachable(PROVIDER), again=True) from None
        except ValueError:
            raise _Fault(errors.AnswerUnusable(PROVIDER), again=True) from None
        if not ended:
            raise _Fault(errors.RemoteUnreachable(PROVIDER), again=True)
        return ended != "length"


def _said(content: object) -> str:
    """The words of a piece of an answer; the thoughts that some models send along are left out."""
    if isinstance(content, list):
        return "".join(_said(getattr(chunk, "text", None)) for chunk in content)
    return content if isinstance(content, str) else ""


def _fault_of(status: int, retry_after: str) -> _Fault:
    """What an HTTP status means; a broken event in an answer that began well has a status below 300."""
    if status in {401, 403}:
        return _Fault(errors.KeyRefused(PROVIDER), again=False)
    if status in {408, 429} or status >= 500:
        return _Fault(errors.RemoteBusy(PROVIDER, status), again=True, after=_seconds(retry_after))
    if status >= 300:
        return _Fault(errors.RemoteRefused(PROVIDER, status), again=False)
    return _Fault(errors.AnswerUnusable(PROVIDER), again=True)


def _seconds(retry_after: str) -> float | None:
    """What a Retry-After header asks for, a number or a date; None where it cannot be read."""
    from email.utils import parsedate_to_datetime

    try:
        if retry_after.strip().replace(".", "", 1).isdigit():
            return float(retry_after)
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None


# --- the draft ------------------------------------------------------------------------------------


def _draft(minutes: Answer, request: Request, text: Text, language: str) -> Draft:
    """The answer, in `language`, with every line checked against the transcript."""
    checker = Checker(text, language)
    spoken = language_of(text.whole, request.language)
    told = request.started_at.astimezone().date()
    lines = tuple(
        checker.check(
            _line(section, line, language, spoken, told), [Claim(line["quote"], tuple(line["segment_ids"]))]
        )
        for section in answers.SECTIONS
        for line in minutes[section.value]
    )
    title = _clean(minutes["title"]) or request.title
    return Draft(title, language, lines + lines_of_notes(request.notes, text))


def _line(section: Section, line: Answer, language: str, spoken: str, told: date) -> Line:
    if section is not Section.ACTION_ITEMS:
        return Line(section, _clean(line["text"]))
    said, quote, owner = _clean(line["due_said"]), _clean(line["quote"]), _clean(line["owner"])
    heard, meant = _due(quote, spoken, told), _due(said, language, told)
    if heard and meant and heard.day == meant.day:
        said = heard.said  # the model translated it
    # Models are poor at calendars: what was said counts, and a day that nobody spoke of is none.
    found = _due(said, spoken, told) or heard
    due = (found and found.day) or (_date(line["due"]) if said else None)
    if owner in _VOICES.values():
        owner = ""
    return Line(section, _clean(line["text"]), owner=owner, due_said=said, due=due)


def _due(text: str, language: str, told: date) -> dates.Due | None:
    return dates.find(text, language, told) if language in STOP_WORDS else None


def _clean(text: str) -> str:
    """`text` on one line, without signs that nobody sees and that hide or turn round what is shown."""
    flat = " ".join(text.encode(errors="ignore").decode().split())
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", flat)


def _date(said: str) -> date | None:
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        return None
