"""Which language each window is in: a change must be worth it, and one odd window changes nothing."""

from __future__ import annotations

import pytest

from core.speech.switching import FULL, followed

ENGLISH, FRENCH, MIXED = ({"en": share, "fr": 1 - share} for share in (0.99, 0.01, 0.4))
WELSH = {"cy": 0.97, "en": 0.01, "fr": 0.01}


@pytest.mark.parametrize(
    ("heard", "before", "likely", "expected"),
    [
        ([ENGLISH] * 3, "en", (), "en en en"),
        ([ENGLISH, FRENCH, ENGLISH], "en", (), "en en en"),
        ([ENGLISH, WELSH, ENGLISH], "", (), "en en en"),
        ([ENGLISH, FRENCH, FRENCH, ENGLISH, ENGLISH], "en", (), "en fr fr en en"),
        ([ENGLISH, FRENCH, ENGLISH], "en", ("en", "fr"), "en fr en"),
        ([FRENCH], "en", (), "fr"),
        ([MIXED, MIXED], "en", (), "en en"),
        ([MIXED, MIXED], "en", ("en", "fr"), "en en"),
        ([FRENCH, MIXED, FRENCH], "en", (), "fr fr fr"),
        ([MIXED], "", (), "fr"),
    ],
)
def test_the_languages_of_windows_in_a_row(
    heard: list[dict[str, float]], before: str, likely: tuple[str, ...], expected: str
) -> None:
    assert followed(heard, [20.0] * len(heard), before, likely) == expected.split()


def test_little_speech_changes_no_language() -> None:
    assert followed([FRENCH], [FULL / 2], "en", ()) == ["en"]
    assert followed([FRENCH], [FULL], "en", ()) == ["fr"]
    assert followed([FRENCH, FRENCH], [FULL / 2, FULL / 2], "en", ()) == ["fr", "fr"]
