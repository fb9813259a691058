"""A long meeting in parts that fit a model: whole segments, overlapping, none left out, and proven so. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

CHARACTERS_PER_TOKEN = 3
"""Cautious: English has about 4 characters to a token, French 3.5; whoever underestimates gets cut."""


def tokens(text: str) -> int:
    """At most so many tokens `text` should take, whatever the model."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def cut(sizes: Sequence[int], budget: int, overlap: int = 0) -> list[range]:
    """Stretches of consecutive items that each fit `budget` and together cover all of them, in order.

    `sizes` are the items' tokens. Each stretch begins with up to `overlap` tokens of the one before,
    where they fit beside the next item. An item larger than the budget is a stretch of its own.
    """
    stretches: list[range] = []
    start = stop = 0
    while stop < len(sizes):
        room = budget - sum(sizes[start:stop])
        first_new = stop
        while stop < len(sizes) and (sizes[stop] <= room or stop == first_new):
            room -= sizes[stop]
            stop += 1
        stretches.append(range(start, stop))
        start = stop
        if stop < len(sizes):
            spare = min(overlap, budget - sizes[stop])
            while start > stretches[-1].start + 1 and sizes[start - 1] <= spare:
                start -= 1
                spare -= sizes[start]
    return stretches


def pieces(text: str, room: int) -> list[str]:
    """`text` cut at spaces into pieces of at most `room` tokens; a longer word is cut too.

    The last resort for one segment that is larger than a part.
    """
    found, length = [""], room * CHARACTERS_PER_TOKEN
    for word in text.split():
        for start in range(0, len(word), length):
            bit = word[start : start + length]
            joined = f"{found[-1]} {bit}".lstrip()
            if len(joined) <= length and not start:
                found[-1] = joined
            else:
                found.append(bit)
    return [piece for piece in found if piece]


def check_cover(parts: Iterable[range], count: int) -> None:
    """Proves that each of `count` items is in a part. Raises `NotCovered`: nothing may be sent then."""
    missing = set(range(count)).difference(*parts)
    if missing:
        raise NotCovered(f"{len(missing)} of {count} pieces of the transcript are in no part")


class NotCovered(Exception):
    """Parts that leave something out: a fault of ours."""
