"""Who may ask: whoever has the token, by this machine's own address, from no web page of elsewhere, and not too much.

A web page that a person visits can have the browser send requests here, and by pointing a name of its own at this
machine (DNS rebinding) read the answers; so the `Host` must be ours, and an `Origin` the same.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.api import problems
from core.api.problems import Refused
from core.messages import _

BODY_BYTES = 1_000_000
"""The most that is taken where no file is sent."""
UPLOAD_BYTES = 4_000_000_000
"""The most that is taken of a file: a day of sound, some hours of video."""

OPEN = frozenset({"/docs", "/openapi.json", "/assets/swagger-ui.css", "/assets/swagger-ui-bundle.js"})
"""What needs no token, as a browser has none to show: the explanation, in which nothing of the library stands."""

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)

_log = structlog.get_logger("api")


class Guard:
    """The outermost layer of the application: nothing inside is reached by a request that it refuses."""

    def __init__(self, app: ASGIApp, token: Callable[[], str], *, everywhere: bool) -> None:
        """`token` gives the one that counts now. `everywhere`: other machines may ask too."""
        self._app = app
        self._token = token
        self._everywhere = everywhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets one request through, or answers it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0
        sent = False

        async def sending(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status, sent = message["status"], True
                message = {**message, "headers": [*message["headers"], *_HEADERS]}
            await send(message)

        try:
            limit = self._admit(scope)
            await self._app(scope, _limited(receive, limit), sending)
        except Refused as refusal:
            await problems.refused(refusal)(scope, receive, sending)
        except Exception:
            # It was answered and logged as a fault of ours.
            if not sent:
                raise
        finally:
            route = getattr(scope.get("route"), "path", scope["path"] if status < 400 else "")
            _log.info(
                "answered",
                method=scope["method"],
                route=route,
                status=status,
                seconds=round(time.monotonic() - began, 3),
            )

    def _admit(self, scope: Scope) -> int:
        """How many bytes the request may send. Raises `Refused`."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_ours(host):
            raise Refused(403, _("This address is not the program's."), _("Use the address in the settings."))
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.casefold() != host.casefold():
            raise Refused(403, _("Web pages of elsewhere may not ask this program."))
        if scope["path"] not in OPEN and not self._knows(headers.get("authorization", "")):
            raise Refused(
                401,
                _("The token is missing or is not the right one."),
                _("Send it as “Authorization: Bearer …”; the settings have it."),
                WWW_Authenticate="Bearer",
            )
        upload = headers.get("content-type", "").startswith("multipart/form-data")
        limit = UPLOAD_BYTES if upload else BODY_BYTES
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > limit:
            raise _too_much()
        return limit

    def _knows(self, given: str) -> bool:
        kind, _space, token = given.partition(" ")
        # The time that the comparison takes says nothing about the token.
        same = secrets.compare_digest(token.strip().encode(), self._token().encode())
        return same and kind.casefold() == "bearer"

    def _is_ours(self, host: str) -> bool:
        """Whether a `Host` can only mean this machine: its loopback address, or any number where others may ask."""
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        if name == "localhost":
            return True
        try:
            return ipaddress.ip_address(name).is_loopback or self._everywhere
        except ValueError:
            return self._everywhere and name == socket.gethostname().casefold()


def _limited(receive: Receive, limit: int) -> Receive:
    """`receive`, which fails once more than `limit` bytes came."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            # As one of HTTP: a body is read inside FastAPI, which takes others for nonsense.
            raise HTTPException(413)
        return message

    return receiving


def _too_much() -> Refused:
    return Refused(413, _("That is more than is taken at once."), Connection="close")
