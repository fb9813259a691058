"""Sound to text on this machine: which models there are, where speech is, what was said."""

from core.speech.catalogue import CATALOGUE, STARTER, offer
from core.speech.decode import Batch, Listener
from core.speech.download import fetch, part_of
from core.speech.engine import Engine
from core.speech.languages import any_english, sounds_english
from core.speech.models import (
    LANGUAGES,
    cached,
    check_loads,
    find_model,
    in_folder,
    installed,
    is_starter,
)

__all__ = [
    "CATALOGUE",
    "LANGUAGES",
    "STARTER",
    "Batch",
    "Engine",
    "Listener",
    "any_english",
    "cached",
    "check_loads",
    "fetch",
    "find_model",
    "in_folder",
    "installed",
    "is_starter",
    "offer",
    "part_of",
    "sounds_english",
]
