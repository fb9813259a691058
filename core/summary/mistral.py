"""Minutes written by Mistral, or by any server of the same protocol, through the official client.

The client's asynchronous half runs in slices inside the generator, so that a stop is heard at any
moment (also while a server thinks for minutes before its first word) without a thread of our own.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date
from string import Template
from typing import TYPE_CHECKING, Any

from core import errors, paths
from core.summary import Draft, Request, dates
from core.summary.evidence import Checker, Claim
from core.summary.notes import lines_of_notes
from core.summary.parts import cut, tokens
from core.summary.sentences import STOP_WORDS, Text, language_of
from core.values import Channel, Event, Job, Line, Progress, Section, Segment, Stage, TextAdded, Waiting

if TYPE_CHECKING:
    from mistralai.client import Mistral
    from tenacity import RetryCallState

PROVIDER = "mistral"
DEFAULT_MODEL = "mistral-small-latest"
SERVER = "eu"
"""The client's own name for Mistral's servers in the European Union."""
CONTEXT = 32_000
"""Tokens a model takes for sure: the smallest context of Mistral's current models."""
SLICE = 0.2
"""Seconds between two looks at whether the person has stopped."""
LONGEST_WAIT = 60.0
"""Seconds between two tries at most, unless the server asks for more."""

_SECTIONS = (
    Section.OVERVIEW,
    Section.DECISIONS,
    Section.ACTION_ITEMS,
    Section.KEY_POINTS,
    Section.OPEN_QUESTIONS,
    Section.CHAPTERS,
)
_VOICES = {Channel.MICROPHONE: "Me", Channel.SYSTEM: "Others"}
"""Who speaks in a channel, for the model; the prompt says that these are no names."""
_Minutes = dict[str, Any]
_Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try: `tries` requests per question, waiting `first` seconds (and up to as much again at random),
    then `factor` times longer; `silence` seconds without a byte end a try, `time_limit` seconds end everything."""

    tries: int = 3
    factor: float = 2.0
    first: float = 1.0
    silence: float = 60.0
    time_limit: float = 900.0


def summarise(
    request: Request, key: str, address: str = "", *, patience: Patience | None = None, context: int = CONTEXT
) -> Job[Draft]:
    """Asks for minutes in `request.options.language` (else the meeting's) and checks every line of the answer.

    `address` is another server's, '' for Mistral's own; `context` is the model's, in tokens. Yields `TextAdded` as
    the answer comes, `Waiting` while a failed call waits, `Progress` with parts. Lines without evidence in the
    transcript come back with `supported=False`. A closed job sends nothing more.

    Raises `NothingSaid`, and of `RemoteProblem`: `KeyMissing`, `KeyRefused` (401, 403), `RemoteBusy` (408, 429,
    5xx, after all tries), `RemoteRefused` (any other 4xx), `RemoteUnreachable` (no connection, silence, time
    limit), `AnswerUnusable`.
    """
    text = Text(request.segments)
    if not text.segments:
        raise errors.NothingSaid(request.title)
    if not key and not address:
        raise errors.KeyMissing(PROVIDER)
    with _Conversation(
        key, address, request.options.model or DEFAULT_MODEL, patience or Patience()
    ) as server:
        minutes = yield from _minutes(request, text, server, context)
    return _draft(minutes, request, text)


def _minutes(request: Request, text: Text, server: _Conversation, context: int) -> Job[_Minutes]:
    """The minutes of all parts, made one by one and put together."""
    language = _language(request, text)
    reserve = min(8_000, context // 3)
    told = {
        "language": language,
        "title": request.title,
        "date": request.started_at.astimezone().date().strftime("%A %Y-%m-%d"),
        "notes": "\n".join(f"  - {note.text}" for note in request.notes if note.text.strip()) or "  (none)",
    }
    framing = tokens(_prompt("map", **told, part="00", parts="00", transcript=""))
    shown = [_shown(segment) for segment in text.segments]
    room = max(200, context - reserve - framing)
    parts = cut([tokens(line) for line in shown], room, room // 20)

    answers: list[_Minutes] = []
    for number, part in enumerate(parts, 1):
        server.progress = Progress(
            Stage.SUMMARISE, (number - 1) / (len(parts) + 1), part=number, parts=len(parts)
        )
        transcript = "\n".join(shown[part.start : part.stop])
        prompt = _prompt("map", **told, part=str(number), parts=str(len(parts)), transcript=transcript)
        answers.append((yield from server.minutes(prompt)))

    server.progress = Progress(
        Stage.SUMMARISE, len(parts) / (len(parts) + 1), part=len(parts), parts=len(parts)
    )
    while len(answers) > 1:
        written = [json.dumps(answer, ensure_ascii=False) for answer in answers]
        groups = cut([tokens(one) for one in written], max(context - 2 * reserve, reserve))
        if len(groups) == len(answers):
            return _joined(answers)
        merged: list[_Minutes] = []
        for group in groups:
            if len(group) == 1:
                merged.append(answers[group.start])
                continue
            pieces = "\n".join(written[group.start : group.stop])
            prompt = _prompt(
                "merge", language=language, title=request.title, parts=str(len(parts)), minutes=pieces
            )
            merged.append((yield from server.minutes(prompt)))
        answers = merged
    return answers[0]


def _joined(answers: Sequence[_Minutes]) -> _Minutes:
    """Minutes that are too long to be merged by the model, one after the other: long, but nothing is lost."""
    return {"title": answers[0]["title"]} | {
        section.value: [line for answer in answers for line in answer[section.value]] for section in _SECTIONS
    }


def _language(request: Request, text: Text) -> str:
    return request.options.language or request.language or language_of(text.whole)


def _prompt(name: str, **values: str) -> str:
    return Template((paths.RESOURCES / "prompts" / f"{name}.md").read_text(encoding="utf-8")).substitute(
        values
    )


def _shown(segment: Segment) -> str:
    """A segment as a line of the prompt; it cannot close the block it stands in."""
    said = " ".join(segment.text.split()).replace("<<<", "‹‹‹").replace(">>>", "›››")
    who = segment.speaker or (_VOICES[segment.channel] if segment.channel else "")
    return f"[{segment.id}] {who}: {said}" if who else f"[{segment.id}] {said}"


# --- the conversation with the server -------------------------------------------------------------


class _Fault(Exception):
    """A try that failed: what it means, whether another one may help, and when the server wants it (seconds)."""

    def __init__(self, problem: errors.RemoteProblem, again: bool, after: float | None = None) -> None:
        super().__init__(type(problem).__name__)
        self.problem, self.again, self.after = problem, again, after


class _Conversation:
    """One client and its event loop, from the first question to the last answer or the time limit."""

    def __init__(self, key: str, address: str, model: str, patience: Patience) -> None:
        self._key, self._address, self._model, self._patience = key, address, model, patience
        self._deadline = time.monotonic() + patience.time_limit
        self.progress = Progress(Stage.SUMMARISE, 0.0)

    def __enter__(self) -> _Conversation:
        from mistralai.client import Mistral

        self._loop = asyncio.new_event_loop()
        # Without a key of its own the client would send the environment's to a stranger's address.
        self._client: Mistral = Mistral(
            api_key=self._key or "none",
            server=None if self._address else SERVER,
            server_url=self._address.rstrip("/") or None,
            retry_config=None,
            timeout_ms=max(1, round(self._patience.silence * 1000)),
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.run_until_complete(self._client.__aexit__(None, None, None))  # type: ignore[no-untyped-call]
        self._client.__exit__(None, None, None)  # type: ignore[no-untyped-call]
        self._loop.close()

    def minutes(self, prompt: str) -> Job[_Minutes]:
        """The answer to `prompt`, parsed; an unusable one is asked for once more, with what was wrong about it."""
        messages: list[_Message] = [{"role": "user", "content": prompt}]
        for last in (False, True):
            answer = yield from self._ask(messages)
            try:
                return _parsed(answer)
            except _Unusable as fault:
                if last:
                    raise errors.AnswerUnusable(PROVIDER) from None
                wrong = f"This answer cannot be used: {fault}. Send it again, whole, in the agreed schema."
                messages += [
                    {"role": "assistant", "content": answer or "{}"},
                    {"role": "user", "content": wrong},
                ]
        raise AssertionError

    def _ask(self, messages: Sequence[_Message]) -> Generator[Event, None, str]:
        """One answer, tried as often as patience allows."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

        patience, pauses = self._patience, list[float]()
        growing = wait_exponential(multiplier=patience.first, exp_base=patience.factor, max=LONGEST_WAIT)
        backoff = growing + wait_random(0, patience.first)

        def pause(state: RetryCallState) -> float:
            fault = state.outcome.exception() if state.outcome else None
            asked = fault.after if isinstance(fault, _Fault) else None
            return backoff(state) if asked is None else asked

        fault: _Fault | None = None
        answer = ""
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
            raise final.problem from None
        return answer

    def _wait(self, seconds: float, attempt: int, fault: _Fault) -> Generator[Event, None, None]:
        """Waits in slices. A wait that would pass the time limit ends the try at once."""
        end = time.monotonic() + seconds
        if end >= self._deadline:
            raise fault
        while True:
            left = max(0.0, end - time.monotonic())
            yield Waiting(round(left, 3), attempt, errors.to_failure(fault.problem))
            if not left:
                return
            time.sleep(min(SLICE, left))

    def _try(self, messages: Sequence[_Message]) -> Generator[Event, None, str]:
        """One request and the text of its answer. Raises `_Fault`."""
        pieces: list[str] = []
        sent = 0
        task = self._loop.create_task(self._stream(messages, pieces))
        try:
            yield self.progress
            while not task.done():
                if time.monotonic() >= self._deadline:
                    raise _Fault(errors.RemoteUnreachable(PROVIDER), again=False)
                self._loop.run_until_complete(asyncio.wait({task}, timeout=SLICE))
                fresh, sent = "".join(pieces[sent:]), len(pieces)
                yield TextAdded(fresh) if fresh else self.progress
            task.result()
        finally:
            task.cancel()
            self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        return "".join(pieces)

    async def _stream(self, messages: Sequence[_Message], pieces: list[str]) -> None:
        """Puts the answer into `pieces` as it arrives. Raises `_Fault`, which holds nothing that was sent."""
        import httpx2
        from mistralai.client.errors import MistralError, NoResponseError

        ended = False
        try:
            async with await self._client.chat.stream_async(
                model=self._model,
                messages=messages,  # type: ignore[arg-type]
                temperature=0.1,
                response_format=_FORMAT,  # type: ignore[arg-type]
            ) as stream:
                async for event in stream:
                    for choice in event.data.choices[:1]:
                        if isinstance(choice.delta.content, str):
                            pieces.append(choice.delta.content)
                        ended = ended or choice.finish_reason is not None
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


def _fault_of(status: int, retry_after: str) -> _Fault:
    """What an HTTP status means; a broken event in an answer that began well has a status below 400."""
    if status in {401, 403}:
        return _Fault(errors.KeyRefused(PROVIDER), again=False)
    if status in {408, 429} or status >= 500:
        return _Fault(errors.RemoteBusy(PROVIDER, status), again=True, after=_seconds(retry_after))
    if status >= 400:
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


# --- the shape of an answer -----------------------------------------------------------------------

_STRING = {"type": "string"}
_LINE = {"text": _STRING, "segment_ids": {"type": "array", "items": {"type": "integer"}}, "quote": _STRING}
_ACTION = _LINE | {"owner": _STRING, "due_said": _STRING, "due": _STRING}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


_SCHEMA = _object(
    {"title": _STRING}
    | {
        section.value: {
            "type": "array",
            "items": _object(_ACTION if section is Section.ACTION_ITEMS else _LINE),
        }
        for section in _SECTIONS
    }
)
_FORMAT = {
    "type": "json_schema",
    "json_schema": {"name": "minutes", "schema_definition": _SCHEMA, "strict": True},
}


class _Unusable(Exception):
    """An answer out of shape; the message says why without repeating it."""


def _parsed(answer: str) -> _Minutes:
    """The answer as minutes in the schema's shape; a fence around it is forgiven. Raises `_Unusable`."""
    start, stop = answer.find("{"), answer.rfind("}")
    try:
        minutes = json.loads(answer[start : stop + 1])
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "no JSON"
        raise _Unusable(f"it is cut or not JSON ({reason})") from None
    if not isinstance(minutes, dict) or not isinstance(minutes.get("title"), str):
        raise _Unusable('"title" is missing')
    return {"title": minutes["title"]} | {section.value: _lines_in(minutes, section) for section in _SECTIONS}


def _lines_in(minutes: _Minutes, section: Section) -> list[_Minutes]:
    lines = minutes.get(section.value)
    if not isinstance(lines, list):
        raise _Unusable(f'"{section.value}" is missing')
    for line in lines:
        if (
            not isinstance(line, dict)
            or not isinstance(line.get("text"), str)
            or not isinstance(line.get("quote"), str)
        ):
            raise _Unusable(f'a line of "{section.value}" has no text or no quote')
        ids = line.get("segment_ids")
        if not isinstance(ids, list) or not all(isinstance(one, int) for one in ids):
            raise _Unusable(f'a line of "{section.value}" has no segment_ids')
        for name in ("owner", "due_said", "due"):
            if not isinstance(line.setdefault(name, ""), str):
                raise _Unusable(f'"{name}" is not a text in "{section.value}"')
    return [line for line in lines if line["text"].strip()]


def _draft(minutes: _Minutes, request: Request, text: Text) -> Draft:
    """The answer with every line checked against the transcript."""
    checker = Checker(text)
    spoken = language_of(text.whole, request.language)
    told = request.started_at.astimezone().date()
    lines = tuple(
        checker.check(_line(section, line, spoken, told), [Claim(line["quote"], tuple(line["segment_ids"]))])
        for section in _SECTIONS
        for line in minutes[section.value]
    )
    title = " ".join(minutes["title"].split()) or request.title
    return Draft(title, _language(request, text), lines + lines_of_notes(request.notes, text))


def _line(section: Section, line: _Minutes, spoken: str, told: date) -> Line:
    said = " ".join(line["due_said"].split())
    due = _date(line["due"])
    if due is None and said and spoken in STOP_WORDS and (found := dates.find(said, spoken, told)):
        due = found.day
    shown, owner = " ".join(line["text"].split()), " ".join(line["owner"].split())
    if owner in _VOICES.values():
        owner = ""
    return Line(section, shown, owner=owner, due_said=said, due=due)


def _date(said: str) -> date | None:
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        return None
