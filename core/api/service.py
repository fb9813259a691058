"""What every route is given: the library, the lanes, the jobs that run, and the answers kept for a second asking."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import json
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import structlog
from fastapi import Depends, Header, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel

from core.api.host import Host
from core.api.problems import Refused
from core.messages import _
from core.tasks import Lane, State, Task, Tasks
from core.values import Event

if TYPE_CHECKING:
    from core.api.running import Running
    from core.meetings import Library
    from core.settings import Settings

_log = structlog.get_logger("api")

_T = TypeVar("_T")
_Shape = TypeVar("_Shape", bound=BaseModel)


class Service:
    """One open library and its lanes, for the routes. Belongs to the event loop's thread."""

    def __init__(self, library: Library, tasks: Tasks, host: Host) -> None:
        from core.api.running import Running

        self.library = library
        self.tasks = tasks
        self.host = host
        self.jobs: Running = Running(self)
        self.closing = asyncio.Event()
        self.uploads = 0
        self.recorder: Task | None = None
        self._examined: asyncio.Future[dict[str, Any]] | None = None
        self._making: set[str] = set()
        self._later: set[asyncio.Task[None]] = set()

    async def ask(self, question: Callable[[], _T], lane: Lane = Lane.API) -> _T:
        """What `question` answers on a lane's thread. Raises what it raises."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[_T] = loop.create_future()

        def settle(task: Task) -> None:
            if answered.done():  # nobody waits any more
                return
            if task.state is not State.DONE:
                answered.set_exception(task.error or Refused(503, _("The program is closing.")))
                return
            fault, value = task.result
            if fault:
                answered.set_exception(fault)
            else:
                answered.set_result(value)

        def on_end(task: Task) -> None:
            loop.call_soon_threadsafe(settle, task)

        self.tasks.start(_at_once(question), lane=lane, on_end=on_end)
        return await answered

    async def once(
        self, key: str | None, asked: object, shape: type[_Shape], make: Callable[[], Awaitable[_Shape]]
    ) -> _Shape:
        """What `make` gives; asked again with the same `key`, the answer of the first time.

        `asked` is what the request wants, as JSON can say it. Raises `Refused` where the key was used for something
        else, or while the first request with it is still being answered.
        """
        if key is None:
            return await make()
        fingerprint = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
        if key in self._making:
            raise Refused(
                409, _("A request with this key is being answered right now."), _("Ask again later.")
            )
        self._making.add(key)
        try:
            kept = await self.ask(lambda: self.library.store.kept_answer(key))
            if kept is None:
                made = await make()
                content = made.model_dump(mode="json")
                await self.ask(lambda: self.library.store.keep_answer(key, fingerprint, content))
                return made
            if kept[0] != fingerprint:
                raise Refused(422, _("This key was used for another request."), _("Send another key."))
            return shape.model_validate(kept[1])
        finally:
            self._making.discard(key)

    async def change_settings(self, **changes: Any) -> Settings:
        """The settings with these fields changed, kept, and told to the program."""

        def change() -> Settings:
            changed = dataclasses.replace(self.library.settings, **changes)
            self.library.change_settings(changed)
            return changed

        settings = await self.ask(change)
        self.host.settings_changed(settings)
        return settings

    async def health(self, *, listen: bool = False) -> dict[str, Any]:
        """How every part of the program is, as JSON has it; who asks while it is looked at gets the same answer."""

        def examined() -> dict[str, Any]:
            from core.health import checks, words

            return words.as_json(checks.examine(self.library, self.library.places, listen=listen))

        if listen:
            return await self.ask(examined, Lane.IO)
        if self._examined is None:
            self._examined = asyncio.ensure_future(self.ask(examined, Lane.IO))
            self._examined.add_done_callback(self._forget_health)
        return await asyncio.shield(self._examined)

    def _forget_health(self, _examined: object) -> None:
        self._examined = None

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Does `work` besides; what is wrong with it is logged."""

        def ended(task: asyncio.Task[None]) -> None:
            self._later.discard(task)
            if not task.cancelled() and task.exception():
                _log.warning("not carried on", error=type(task.exception()).__name__)

        task = asyncio.get_running_loop().create_task(work)
        self._later.add(task)
        task.add_done_callback(ended)

    def close(self) -> None:
        """Ends every stream of events, so that the server can end."""
        self.closing.set()
        self.jobs.close()


def _at_once(question: Callable[[], _T]) -> Generator[Event, None, tuple[Exception | None, _T | None]]:
    """A job of one step. What is asked wrongly is no failure of the lane, so that it is not logged as one."""
    yield from ()
    try:
        return None, question()
    except Exception as error:  # noqa: BLE001  raised again where it was asked
        return error, None


async def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


Here = Annotated[Service, Depends(_service)]
"""How a route asks for the service: by the name `service`."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Sent again with the same key, a request is not carried out again: its first answer comes back.",
        examples=["5f0f3c5c-6c3b-4c65-9a43-7a8c9d0f6f54"],
    ),
]


class Route(APIRoute):
    """A route whose endpoint, where it is a plain function, runs on a lane: only `core.tasks` starts threads."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **named: Any) -> None:
        super().__init__(path, endpoint if iscoroutinefunction(endpoint) else _on_lane(endpoint), **named)


def _on_lane(endpoint: Callable[..., _T]) -> Callable[..., Awaitable[_T]]:
    @wraps(endpoint)
    async def answer(service: Service, **given: Any) -> _T:
        return await service.ask(lambda: endpoint(service=service, **given))

    return answer
