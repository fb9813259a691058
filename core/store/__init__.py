"""The library's database: meetings, transcripts, minutes, notes and what was asked for.

The tables are private to this package; its functions take and give the frozen values of `core.values`. What needs
no more than SQLite is imported without the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.store.editing import Replaced as Replaced
    from core.store.store import Store as Store

_HOMES = {"Replaced": "editing", "Store": "store"}

if not TYPE_CHECKING:  # a checker would take it to give any name

    def __getattr__(name: str) -> Any:
        """What this package offers, from the module that has it."""
        if name not in _HOMES:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
