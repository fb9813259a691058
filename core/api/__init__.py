"""The local interface: an HTTP server on this machine for other programs of the same person. Off by default.

    server      the job that answers requests until it is closed
    app         routes, guards and problem documents put together, and the page that explains them
    guard       who may ask: the address, the token, and how much may be sent
    host        the program that it runs in
    service     what every route is given: the library, the lanes, the jobs that run, answers kept for a second asking
    shapes      what is sent and received, as Pydantic models
    meetings · transcripts · minutes · jobs · exports · recordings · program      the routes, by subject

It is a door like the window and the terminal: questions and edits go to the store, jobs are those of `core.meetings`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.api.host import Host as Host
    from core.api.server import DEFAULT_PORT as DEFAULT_PORT
    from core.api.server import LOOPBACK as LOOPBACK
    from core.api.server import serve as serve

_HOMES = {"server": ("DEFAULT_PORT", "LOOPBACK", "serve"), "host": ("Host",)}

if not TYPE_CHECKING:  # a checker would take it to give any name

    def __getattr__(name: str) -> Any:
        """What this package offers, from the module that has it: FastAPI is imported by whoever needs it."""
        home = next((module for module, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.{home}"), name)
