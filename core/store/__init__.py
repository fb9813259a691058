"""The library's database: meetings, transcripts, minutes, notes and what was asked for.

The tables are private to this package; its functions take and give the frozen values of `core.values`.
"""

from core.store.editing import Replaced
from core.store.store import Store

__all__ = ["Replaced", "Store"]
