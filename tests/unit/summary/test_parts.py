from __future__ import annotations

import random
from itertools import pairwise

import pytest

from core.summary.parts import NotCovered, check_cover, cut, pieces, tokens


@pytest.mark.parametrize("seed", range(40))
def test_every_item_is_in_a_part_and_every_part_fits(seed: int) -> None:
    chance = random.Random(seed)
    budget = chance.randint(20, 200)
    sizes = [chance.randint(1, budget) for _ in range(chance.randint(1, 400))]
    parts = cut(sizes, budget, chance.randint(0, budget))
    assert sorted({item for part in parts for item in part}) == list(range(len(sizes)))
    assert all(sum(sizes[item] for item in part) <= budget for part in parts)
    assert all(
        earlier.start < later.start and earlier.stop < later.stop for earlier, later in pairwise(parts)
    )
    assert all(later.start <= earlier.stop for earlier, later in pairwise(parts))


def test_parts_overlap_where_there_is_room() -> None:
    assert cut([10] * 10, 40, 10) == [range(4), range(3, 7), range(6, 10)]
    assert cut([10] * 4, 40, 10) == [range(4)]
    assert cut([], 40) == []


def test_what_is_larger_than_the_budget_is_alone_not_lost() -> None:
    assert cut([10, 99, 10], 40, 10) == [range(1), range(1, 2), range(2, 3)]


def test_tokens_are_estimated_upwards() -> None:
    assert [tokens(text) for text in ("", "a", "abc", "abcd")] == [0, 1, 1, 2]


def test_a_part_left_out_is_found() -> None:
    check_cover([range(3), range(2, 6)], 6)
    check_cover([], 0)
    with pytest.raises(NotCovered, match="2 of 7"):
        check_cover([range(3), range(4, 6)], 7)


@pytest.mark.parametrize("seed", range(20))
def test_pieces_of_a_long_text_fit_and_say_the_same(seed: int) -> None:
    chance = random.Random(seed)
    room = chance.randint(1, 30)
    text = " ".join("x" * chance.randint(1, 40) for _ in range(chance.randint(0, 80)))
    cut_up = pieces(text, room)
    assert all(tokens(piece) <= room for piece in cut_up)
    assert "".join(cut_up).replace(" ", "") == text.replace(" ", "")
    if room * 3 >= 40:
        assert " ".join(cut_up) == text
