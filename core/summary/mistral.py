"""Talks to Mistral, or to any server of the same protocol, through the official client.

The client's asynchronous half runs in slices inside the generator, so that a stop is heard at any moment (also while
a server thinks for minutes before its first word) without a thread of our own.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from core import errors
from core.summary import addresses, breaker, context, wire
from core.summary.answers import Unusable, WrongLanguage
from core.summary.parts import tokens
from core.summary.wire import Message
from core.values import Event, Job, Progress, Stage, TextAdded, Waiting

if TYPE_CHECKING:
    from mistralai.client import Mistral
    from tenacity import RetryCallState

DEFAULT_MODEL = "mistral-small-latest"
ANSWER = 8_000
"""Tokens kept free for an answer, of a small context a third."""
SLICE = 0.2
"""Seconds between two looks at whether the person has stopped."""
LONGEST_WAIT = 60.0
"""Seconds between two tries at most, unless the server asks for more."""
LONGEST_ANSWER = 1_000_000
"""Characters after which an answer is broken off: no minutes are that long."""

_FOR_GOOD = (errors.KeyRefused, errors.RemoteRefused, errors.RemoteUntrusted)
"""Failures that say nothing about whether the provider works."""

_Result = TypeVar("_Result")

_log = structlog.get_logger("summary")


@dataclass(frozen=True, slots=True)
class Server:
    """Whom to ask: Mistral's own servers, or the one at an `address`, with its `key`; `size` is the most tokens of its
    model's context to use, 0 for all."""

    model: str = DEFAULT_MODEL
    key: str = ""
    address: str = ""
    size: int = 0

    @property
    def name(self) -> str:
        """What it is called in errors: 'mistral', or where it is."""
        return addresses.host(self.address) if self.address else "mistral"


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


class _Fault(Exception):
    """A try that failed: what it means, whether another one may help, and when the server wants it (seconds)."""

    def __init__(self, problem: errors.RemoteProblem, again: bool, after: float | None = None) -> None:
        super().__init__(type(problem).__name__)
        self.problem, self.again, self.after = problem, again, after


def reserve(size: int) -> int:
    """Tokens of a context of that size that are kept free for an answer."""
    return min(ANSWER, size // 3)


class Conversation:
    """One client and its event loop, from the first question to the last answer or the time limit.

    A provider of summaries is what has these three: `ask` yields an answer as it comes, `read` gives it read and
    checked, `name` is what it is called in errors.
    """

    def __init__(
        self,
        server: Server,
        patience: Patience | None = None,
        recall: Callable[[str], str | None] = lambda _key: None,
        keep: Callable[[str, str], None] = lambda _key, _answer: None,
    ) -> None:
        """Each usable answer is given to `keep` under a key made of all that was asked, and is not asked for again
        where `recall` still knows that key. Raises `KeyMissing`, or `RemotePaused` while the server is left alone."""
        if not server.key and not server.address:
            raise errors.KeyMissing(server.name)
        breaker.admit(server.address, server.name)
        self._server, self.name = server, server.name
        self._recall, self._keep = recall, keep
        self.patience = patience or (AT_HOME if server.address else Patience())
        self.size = server.size
        self.deadline = time.monotonic() + self.patience.time_limit
        self.progress = Progress(Stage.SUMMARISE, 0.0)
        self._ollama = False
        self._shapes = True
        """Whether the server can be asked for the shape of an answer, as far as is known."""

    def charged(self, sent: int) -> int:
        """`sent` tokens where the provider may ask money for them, 0 for one on this machine."""
        return 0 if addresses.is_here(self._server.address) else sent

    @property
    def reserve(self) -> int:
        """Tokens of the context kept free for an answer."""
        return reserve(self.size)

    def __enter__(self) -> Conversation:
        from mistralai.client import Mistral
        from mistralai.client.utils.logger import NoOpLogger

        self._loop = asyncio.new_event_loop()
        # The client's own would send the transcript wherever an answer points to.
        self._http = addresses.async_client(self._server.address, self._server.key, follow_redirects=False)
        # Without a key of its own the client would send the environment's to a stranger's address, and with
        # MISTRAL_DEBUG set it would log all that is sent.
        self._client: Mistral = Mistral(
            api_key=self._server.key or "none",
            server_url=addresses.base(self._server.address),
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
                    raise errors.RemoteUnreachable(self.name)
                self._loop.run_until_complete(asyncio.wait({task}, timeout=SLICE))
            return task.result()
        finally:
            task.cancel()
            self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))

    def measure(self) -> Job[None]:
        """Finds out how much the model takes at once. Raises `ContextTooSmall`, or `RemoteUnreachable` in the end."""
        if self._server.address:
            asked = context.of_server(
                self._server.address, self._server.model, self._server.size, self._server.key
            )
            told, self._ollama = yield from self.run(asked)
            self.size = min(self.size or told, told) if told else self.size or context.UNKNOWN
        self.size = self.size or context.of_mistral(self._server.model)
        if self.size < context.SMALLEST:
            raise errors.ContextTooSmall(self.name, self.size)

    def read(
        self, prompt: str, shape: dict[str, Any], reader: Callable[[str, bool], _Result]
    ) -> Job[_Result]:
        """What `reader` makes of the answer to `prompt`, in that `shape` (a `response_format`), and of whether it is
        whole.

        One that `reader` raises `Unusable` for is asked for once more with what was wrong about it; one that then is
        only in the wrong language is taken. Raises `AnswerUnusable`.
        """
        asked = (self._server.address, self._server.model, shape, prompt)
        key = hashlib.sha256(repr(asked).encode()).hexdigest()
        if known := self._recall(key):
            yield self.progress
            return self._taken(reader, known, whole=True)
        said, whole = yield from self.ask([{"role": "user", "content": prompt}], shape)
        try:
            found = reader(said, whole)
        except Unusable as fault:
            wrong = str(fault) if whole else "it was cut: be more brief"
            said, whole = yield from self.ask(self._again(prompt, said, wrong), shape)
            found = self._taken(reader, said, whole=whole)
        self._keep(key, said)
        return found

    def _taken(self, reader: Callable[[str, bool], _Result], said: str, *, whole: bool) -> _Result:
        try:
            return reader(said, whole)
        except WrongLanguage as fault:
            found: _Result = fault.answer
            return found
        except Unusable:
            raise errors.AnswerUnusable(self.name) from None

    def _again(self, prompt: str, said: str, wrong: str) -> list[Message]:
        """The question once more, with the answer that cannot be used where there is room for it."""
        wrong = f"This answer cannot be used: {wrong}. Send it again, whole, in the agreed schema."
        if sum(map(tokens, (prompt, said, wrong))) + self.reserve > self.size:
            return [{"role": "user", "content": f"{prompt}\n\nYou have answered once. {wrong}"}]
        return [
            {"role": "user", "content": prompt},
            {"role": "assistant", "content": said or "{}"},
            {"role": "user", "content": wrong},
        ]

    def ask(self, messages: Sequence[Message], shape: dict[str, Any]) -> Job[tuple[str, bool]]:
        """One answer and whether it is whole, tried as often as patience and the provider's breaker allow."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

        breaker.admit(self._server.address, self.name)
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
                    answer = yield from self._try(messages, shape)
                except _Fault as error:
                    fault = error
                with attempt:
                    if fault:
                        raise fault
        except _Fault as final:
            if not isinstance(final.problem, _FOR_GOOD):
                breaker.failed(self._server.address, final.problem)
            raise final.problem from None
        breaker.succeeded(self._server.address)
        return answer

    def _wait(self, seconds: float, attempt: int, fault: _Fault) -> Generator[Event, None, None]:
        """Waits in slices. A wait that would pass the time limit ends the try at once."""
        end = time.monotonic() + seconds
        if end >= self.deadline:
            raise fault
        _log.warning(
            "asking again",
            attempt=attempt,
            seconds=round(seconds, 3),
            reason=type(fault.problem).__name__,
            status=getattr(fault.problem, "status", None),
        )
        while True:
            left = max(0.0, end - time.monotonic())
            yield Waiting(round(left, 3), attempt, errors.to_failure(fault.problem))
            if not left:
                return
            time.sleep(min(SLICE, left))

    def _try(self, messages: Sequence[Message], shape: dict[str, Any]) -> Job[tuple[str, bool]]:
        """One request: the text of its answer, and whether it is whole. Raises `_Fault`."""
        arriving = list[str]()
        sent = 0
        task = self._loop.create_task(self._stream(messages, shape, arriving))
        try:
            yield self.progress
            while not task.done():
                if time.monotonic() >= self.deadline:
                    raise _Fault(errors.RemoteUnreachable(self.name), again=False)
                self._loop.run_until_complete(asyncio.wait({task}, timeout=SLICE))
                fresh, sent = "".join(arriving[sent:]), len(arriving)
                yield TextAdded(fresh) if fresh else self.progress
            return "".join(arriving), task.result()
        finally:
            task.cancel()
            self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))

    async def _stream(self, messages: Sequence[Message], shape: dict[str, Any], arriving: list[str]) -> bool:
        """Puts the answer into `arriving` as it comes; whether the model ended it by itself, not for want of room.

        Raises `_Fault`, which holds nothing that was sent.
        """
        import httpx2
        from mistralai.client.errors import NoResponseError

        try:
            try:
                ended = await self._receive(messages, shape, arriving)
            except wire.Refused as refusal:
                if not (refusal.shape and self._shapes):
                    raise
                _log.warning("shape refused", provider=self.name, status=refusal.status)
                self._shapes = False
                ended = await self._receive(messages, shape, arriving)
        except wire.Refused as refusal:
            _log.warning("call failed", provider=self.name, status=refusal.status)
            raise self._fault_of(refusal.status, refusal.retry_after) from None
        except wire.Broken:
            raise _Fault(errors.RemoteBusy(self.name, 500), again=True) from None
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL, UnicodeError):
            raise _Fault(errors.RemoteUnreachable(self.name), again=False) from None
        except (httpx2.RequestError, NoResponseError, OSError) as error:
            if addresses.is_untrusted(error):
                raise _Fault(errors.RemoteUntrusted(self.name), again=False) from None
            raise _Fault(errors.RemoteUnreachable(self.name), again=True) from None
        except ValueError:
            raise _Fault(errors.AnswerUnusable(self.name), again=True) from None
        if not ended:
            raise _Fault(errors.RemoteUnreachable(self.name), again=True)
        return ended != "length"

    async def _receive(self, messages: Sequence[Message], shape: dict[str, Any], arriving: list[str]) -> str:
        """Puts the answer into `arriving` as it comes; why it ended, '' where it broke off."""
        if not self._shapes:
            messages = wire.in_words(messages, shape)
        wanted, ended, length = shape if self._shapes else None, "", 0
        if self._ollama:
            base, model = addresses.base(self._server.address), self._server.model
            pieces = wire.ollama(self._http, base, model, messages, wanted, self.size, self.patience.silence)
        else:
            pieces = self._by_client(messages, wanted)
        async with aclosing(pieces):
            async for said, reason in pieces:
                arriving.append(said)
                ended = ended or reason
                if (length := length + len(said)) > LONGEST_ANSWER:
                    raise _Fault(errors.AnswerUnusable(self.name), again=False)
        return ended

    async def _by_client(
        self, messages: Sequence[Message], shape: dict[str, Any] | None
    ) -> AsyncGenerator[tuple[str, str]]:
        """The answer piece by piece, the last with why it ended. Raises `wire.Refused`, and what the client does."""
        from mistralai.client.errors import MistralError

        shaped: Any = {"response_format": shape} if shape else {}
        try:
            async with await self._client.chat.stream_async(
                model=self._server.model,
                messages=messages,  # type: ignore[arg-type]
                temperature=0.1,
                **shaped,
            ) as stream:
                async for event in stream:
                    for choice in event.data.choices[:1]:
                        yield _said(choice.delta.content), str(choice.finish_reason or "")
        except MistralError as error:
            retry_after = error.headers.get("retry-after", "")
            raise wire.Refused(error.status_code, retry_after, error.body) from None

    def _fault_of(self, status: int, retry_after: str) -> _Fault:
        """What an HTTP status means; a broken event in an answer that began well has a status below 300."""
        if status in {401, 403}:
            return _Fault(errors.KeyRefused(self.name), again=False)
        if status in {408, 429} or status >= 500:
            return _Fault(errors.RemoteBusy(self.name, status), again=True, after=_seconds(retry_after))
        if status >= 300:
            return _Fault(errors.RemoteRefused(self.name, status), again=False)
        return _Fault(errors.AnswerUnusable(self.name), again=True)


def _said(content: object) -> str:
    """The words of a piece of an answer; the thoughts that some models send along are left out."""
    if isinstance(content, list):
        return "".join(_said(getattr(chunk, "text", None)) for chunk in content)
    return content if isinstance(content, str) else ""


def _seconds(retry_after: str) -> float | None:
    """What a Retry-After header asks for, a number or a date; None where it cannot be read."""
    from email.utils import parsedate_to_datetime

    try:
        if retry_after.strip().replace(".", "", 1).isdigit():
            return float(retry_after)
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None
