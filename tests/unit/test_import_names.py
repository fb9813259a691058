"""What an import reads from its file's name: when it was made, and whether it says what it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.meetings.imports import date_in_name, tells_of_it

CHANGED = datetime(2025, 1, 31, 8, 5, tzinfo=UTC)
HALF_PAST_TWO = datetime(2024, 5, 3, 12, 30, tzinfo=UTC)  # in Paris, in summer


@pytest.fixture(autouse=True)
def _in_paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be set here")
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "name",
    [
        "2024-05-03 14.30",
        "2024-05-03T14:30",
        "2024_05_03_14_30",
        "REC_20240503_143000",
        "20240503-143000",
        "WhatsApp Audio 2024-05-03 at 14.30.00",
        "Réunion 2024-05-03 à 14h30",
        "GMT20240503-123000_Recording",
    ],
)
def test_the_moment_in_a_name(name: str) -> None:
    assert date_in_name(name, CHANGED) == HALF_PAST_TWO


def test_a_day_alone() -> None:
    assert date_in_name("Budget 2024-05-03", CHANGED) == datetime(2024, 5, 3, 10, tzinfo=UTC)
    assert date_in_name("Budget 2025-01-31", CHANGED) == CHANGED


@pytest.mark.parametrize(
    "name", ["Budget review", "12345678", "20241399_101010", "2024-05 plan", "2999-01-01 10.00", "120240503"]
)
def test_names_that_say_nothing(name: str) -> None:
    assert date_in_name(name, CHANGED) is None


@pytest.mark.parametrize(
    "stem", ["Budget review", "2026-03-10 Entretien Ana", "kick-off", "Conseil 12", "日程会议"]
)
def test_a_name_that_says_what_it_is_stays(stem: str) -> None:
    assert tells_of_it(stem)


@pytest.mark.parametrize(
    "stem",
    [
        "REC_0042",
        "audio 3",
        "en1",
        "GMT20240503-143000_Recording",
        "New recording 7",
        "Réunion 2024-05-03 14.30",
        "4f1c9e",
        "",
    ],
)
def test_a_name_of_a_program_gives_way(stem: str) -> None:
    assert not tells_of_it(stem)
