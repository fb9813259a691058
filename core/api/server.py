"""The job that answers requests: uvicorn on an event loop that runs in slices, between which it can be stopped."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from core import credentials, errors
from core.values import Job, Serving

if TYPE_CHECKING:
    from core.api.host import Host
    from core.api.service import Service
    from core.meetings import Library
    from core.tasks import Tasks

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8765
SLICE = 0.25
"""Seconds after which a stop is heard at the latest."""
LAST_ANSWERS = 2.0
"""Seconds that requests under way are waited for at the end."""
CHECKUP = 3600.0
"""Seconds after which every part of the program is checked again, where nobody else does."""

_log = structlog.get_logger("api")


def serve(
    library: Library,
    tasks: Tasks,
    *,
    host: str = LOOPBACK,
    port: int = DEFAULT_PORT,
    program: Host | None = None,
) -> Job[None]:
    """Answers requests on the local interface until it is closed; yields `Serving` at first and again and again.

    `port` 0 takes a free one. `host` is this machine's loopback address unless other machines are to ask too. `program`
    is the one that it runs in. Raises `AddressTaken`, or a `StorageProblem` where no token can be kept.
    """
    import uvicorn

    from core.api import uploads
    from core.api.app import application
    from core.api.host import Host
    from core.api.service import Service

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Leaves signals to the program."""
            yield

    credentials.api_token(library.places)
    shutil.rmtree(library.places.root / uploads.FOLDER, ignore_errors=True)  # of a program that was killed
    listener = _bound(host, port)
    address = f"http://{_name(host)}:{listener.getsockname()[1]}"
    loop = asyncio.new_event_loop()
    service = Service(library, tasks, program or Host())
    app = application(
        service,
        lambda: credentials.api_token(library.places),
        everywhere=host not in {LOOPBACK, "::1", "localhost"},
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=round(LAST_ANSWERS),
        ws="none",
    )
    server = Server(config)
    main = loop.create_task(server.serve([listener]))
    besides = [] if program else [loop.create_task(_check_up(service))]  # a window checks by itself
    _log.info("serving", address=address)
    try:
        while not main.done():
            yield Serving(address)
            loop.run_until_complete(asyncio.wait({main}, timeout=SLICE))
        main.result()
    finally:
        service.close()
        server.should_exit = True
        loop.run_until_complete(asyncio.wait({main}, timeout=LAST_ANSWERS + 1))
        loop.run_until_complete(_end({*besides}))
        loop.close()
        listener.close()
        _log.info("served", address=address)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        raise errors.AddressTaken(f"{_name(host)}:{port}") from error
    # The connections inherit it; without it each answer, sent as head and body, waits 40 ms for the other side.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _name(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _end(besides: set[asyncio.Task[None]]) -> None:
    """Ends what still runs on the loop."""
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    left = [task for task in asyncio.all_tasks() | besides if task is not this]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await loop.shutdown_asyncgens()


async def _check_up(service: Service) -> None:
    while True:
        await service.health()
        await asyncio.sleep(CHECKUP)
