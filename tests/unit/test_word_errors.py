from pathlib import Path

import pytest

from tests.benchmarks import word_error_rate
from tests.benchmarks.word_error_rate import Score, pooled, recordings, word_errors, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Um, it's Peter’s — OK?", ["its", "peters", "ok"]),
        ("20,000 euros", ["20", "000", "euros"]),
        ("Euh… l’été, e\u0301te\u0301", ["lété", "été"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_words_that_count(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("reference", "heard", "wrong"),
    [
        ("", "", 0),
        ("a b c", "a b c", 0),
        ("a b c", "", 3),
        ("", "a b", 2),
        ("a b c d", "a x c d", 1),
        ("a b c d", "b c d", 1),
        ("a b c d", "a b x c d", 1),
        ("a b c d e f", "x a b d e y f", 3),
        ("k i t t e n", "s i t t i n g", 3),
        ("a a a b", "b a a a", 2),
    ],
)
def test_fewest_changes(reference: str, heard: str, wrong: int) -> None:
    assert word_errors(reference.split(), heard.split()) == wrong
    assert word_errors(heard.split(), reference.split()) == wrong


def test_scores_are_pooled_by_words_not_by_files() -> None:
    assert pooled([Score(1, 2, 1.0), Score(0, 98, 3.0)]) == Score(1, 100, 4.0)
    assert pooled([Score(1, 2, 1.0), Score(0, 98, 3.0)]).rate == pytest.approx(0.01)


def test_recordings_without_text_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "en/a.wav",
        "fr/b.mp3",
        "meetings/sim_fr_2.flac",
        "meetings/c.ogg",
        "meetings/d.ogg",
        "x/e.wav",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        if path.stem != "d":
            path.with_suffix(".txt").write_text(path.stem, encoding="utf-8")
    monkeypatch.setenv(word_error_rate.SPEECH_VARIABLE, str(tmp_path))
    assert {(found.text, found.language) for found in recordings()} == {
        ("a", "en"),
        ("b", "fr"),
        ("sim_fr_2", "fr"),
        ("c", "en"),
    }


def test_without_a_folder_the_sample_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(word_error_rate.SPEECH_VARIABLE, raising=False)
    (sample,) = recordings()
    assert sample.path.is_file()
    assert words(sample.text)[:3] == ["good", "morning", "lets"]
