"""The published models: where they lie, how large they are, whom they understand, and what they cost.

Repositories are those of `faster_whisper.utils`. Sizes are of the whole download.
"""

from __future__ import annotations

import re

from core.values import Offer

STARTER = "tiny.en"
"""The model that comes with the program, and is meant where none is chosen."""

MULTILINGUAL = "small"
"""The model we name to somebody whose language the installed one does not speak."""

_MB = 1_000_000
_ENGLISH = ("en",)

CATALOGUE = (
    Offer("tiny.en", "Systran/faster-whisper-tiny.en", 78 * _MB, _ENGLISH, 1, 1),
    Offer("tiny", "Systran/faster-whisper-tiny", 78 * _MB, (), 1, 1),
    Offer("base.en", "Systran/faster-whisper-base.en", 148 * _MB, _ENGLISH, 2, 2),
    Offer("base", "Systran/faster-whisper-base", 148 * _MB, (), 2, 2),
    Offer("distil-small.en", "Systran/faster-distil-whisper-small.en", 336 * _MB, _ENGLISH, 3, 4),
    Offer("small.en", "Systran/faster-whisper-small.en", 486 * _MB, _ENGLISH, 3, 6),
    Offer("small", "Systran/faster-whisper-small", 486 * _MB, (), 3, 6),
    Offer("distil-medium.en", "Systran/faster-distil-whisper-medium.en", 792 * _MB, _ENGLISH, 4, 10),
    Offer("medium.en", "Systran/faster-whisper-medium.en", 1_531 * _MB, _ENGLISH, 4, 20),
    Offer("medium", "Systran/faster-whisper-medium", 1_531 * _MB, (), 4, 20),
    Offer("distil-large-v2", "Systran/faster-distil-whisper-large-v2", 1_516 * _MB, _ENGLISH, 5, 19),
    Offer("distil-large-v3", "Systran/faster-distil-whisper-large-v3", 1_516 * _MB, _ENGLISH, 5, 19),
    Offer("distil-large-v3.5", "distil-whisper/distil-large-v3.5-ct2", 1_516 * _MB, _ENGLISH, 5, 19),
    Offer("large-v3-turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1_622 * _MB, (), 5, 21),
    Offer("large-v1", "Systran/faster-whisper-large-v1", 3_090 * _MB, (), 5, 40),
    Offer("large-v2", "Systran/faster-whisper-large-v2", 3_090 * _MB, (), 5, 40),
    Offer("large-v3", "Systran/faster-whisper-large-v3", 3_091 * _MB, (), 5, 40),
)
"""Small ones first. The cost is the number of parameters, tiny being 1: on a processor, time follows it roughly."""


def offer(name: str) -> Offer | None:
    """What is published under this name."""
    return next((one for one in CATALOGUE if one.name == name), None)


def guess(*names: str) -> str:
    """The published model that another program's files or folders of these names probably are; where none is named,
    `MULTILINGUAL`."""
    found = [
        one.name
        for words in (name.lower().replace("_", "-") for name in names)
        for one in CATALOGUE
        if re.search(rf"(?<![a-z]){re.escape(one.name)}(?![a-z0-9])", words)
    ]
    return max(found, key=len, default=MULTILINGUAL)
