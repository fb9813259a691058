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

END_OF_TEXT = {False: 50256, True: 50257}
"""The end-of-text token of Whisper's English-only vocabulary and of the multilingual one (OpenAI's tokenizer)."""

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


WEIGHTS = {
    "tiny.en": (75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
    "tiny": (75_538_270, "dcb76c6586fc06cbdac6dd21f14cfd129cc4cdd9dce19bf4ffa62e59cbe6e6d1"),
    "base.en": (145_216_508, "2a166925539a16005f14ff328359f9b9adb9dc4fb631bb3b227526862e93e2ef"),
    "base": (145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
    "distil-small.en": (332_308_257, "1187de3982cdcf962a2fb8f797e429fb4651b875b18fe9ce50b58b52fc9072b7"),
    "small.en": (483_545_366, "62b2a45b05ee59acb4a5341b33ee35e041395d378d418a18acfe4c9e768ee37a"),
    "small": (483_546_902, "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671"),
    "distil-medium.en": (788_826_555, "d4cb75d823dcd2647191064da76f026774c06c036908f38456165368d0e2d66a"),
    "medium.en": (1_527_904_330, "11b220779aea4c6f3ce9d2549c8a95ea869ed84066864b999531ef53e594fe5b"),
    "medium": (1_527_906_378, "9b45e1009dcc4ab601eff815b61d80e60ce3fd8c74c1a14f4a282258286b51ae"),
    "distil-large-v3": (1_512_927_867, "b79368e19b6623813609431a6e5ee309a71506701ebc49fd7820e692dec7c5f5"),
    "distil-large-v3.5": (1_512_927_867, "c58b88b8585ffcd2135fddaaf421ce72cb223b32edea70d156aed1dea319a119"),
    "large-v1": (3_086_912_962, "a3cce8081a5414206ab09a80aa410ebf9965feef52adafeead13f4a83398b1d1"),
    "large-v2": (3_086_912_962, "bf2a9746382e1aa7ffff6b3a0d137ed9edbd9670c3b87e5d35f5e85e70d0333a"),
    "large-v3": (3_087_284_237, "69f74147e3334731bc3a76048724833325d2ec74642fb52620eda87352e3d4f1"),
}
"""Bytes and SHA-256 of `model.bin` in the hub's repositories, as other public programs pin them (compared in November
2026), where that is known. The starter's is the one that came with it."""


def published_sum(name: str, size: int) -> str:
    """The SHA-256 that a `model.bin` of so many bytes must have to be the published model called so, as its folder or
    its repository is; '' where it is none, or that is not known."""
    known = next((one.name for one in CATALOGUE if name in {one.name, one.repository.partition("/")[2]}), "")
    expected, added = WEIGHTS.get(known, (0, ""))
    return added if size == expected else ""


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
