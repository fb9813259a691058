"""The terminal speaks the system's language, also where Python's argparse does the talking."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from core import messages, terminal
from core.terminal import arguments
from core.terminal.arguments import OF_ARGPARSE
from core.terminal.entry import FAMILIES

ENGLISH = re.compile(
    r"usage|error|required|expected|invalid|choose|unrecognized|could match|show this|and exit|arguments are"
)


def said(arguments: list[str], capsys: pytest.CaptureFixture[str], status: int) -> str:
    """All that the terminal prints before it ends with `status`, with one space between words."""
    with pytest.raises(SystemExit) as end:
        terminal.run(arguments)
    assert end.value.code == status
    out, err = capsys.readouterr()
    return " ".join(f"{out} {err}".split())


@pytest.fixture
def _french_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


@pytest.mark.parametrize("verb", ["", "process", "list", "show", "record"])
@pytest.mark.usefixtures("_french_system")
def test_the_help_is_french(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = said([*filter(None, [verb]), "--help"], capsys, terminal.DONE)
    assert text.startswith("utilisation : meeting-transcriber")
    assert "afficher cette aide" in text
    assert not ENGLISH.search(text), text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("show", "erreur : arguments manquants : ID"),
        ("dance", "erreur : argument VERBE : choix non valide : 'dance' (choix possibles : "),
        ("list more", "meeting-transcriber list : erreur : arguments inconnus : more"),
        (
            "speakers list 3fa9c1 more",
            "meeting-transcriber speakers list : erreur : arguments inconnus : more",
        ),
        ("record --seconds many", "erreur : argument --seconds : valeur non valide (type float) : 'many'"),
        ("record --d x", "erreur : option ambiguë : --d peut désigner --data-dir, --device"),
        ("process --model", "erreur : argument --model : une valeur est attendue"),
        ("process --sample=3", "erreur : argument --sample : valeur '3' superflue"),
    ],
)
@pytest.mark.usefixtures("_french_system")
def test_wrong_use_is_told_in_french(
    arguments: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(arguments.split(), capsys, terminal.USAGE)
    assert expected in text
    assert not ENGLISH.search(text), text


def test_in_english_argparse_keeps_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert "error: the following arguments are required: ID" in said(["show"], capsys, terminal.USAGE)
    with pytest.raises(SystemExit):
        argparse.ArgumentParser(prog="x").parse_args(["--wrong"])
    assert capsys.readouterr().err == "usage: x [-h]\nx: error: unrecognized arguments: --wrong\n"


def test_all_that_argparse_says_is_translated() -> None:
    with messages.in_language("fr"):
        assert [text for text in OF_ARGPARSE if messages._(text) == text] == ["options"]


def test_the_help_is_printed_in_an_encoding_that_lacks_some_signs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "core", "--help"],
        env={**os.environ, "LC_ALL": "fr_FR", "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == terminal.DONE, done.stderr
    assert "Enregistre ou importe des réunions" in done.stdout.decode("latin-1")


def test_the_examples_of_the_help_are_understood() -> None:
    found: list[str] = []

    class Noting(arguments.Verbs):
        def add(
            self, name: str, *given: Any, examples: Sequence[str] = (), **texts: Any
        ) -> argparse.ArgumentParser:
            found.extend(examples)
            return super().add(name, *given, examples=examples, **texts)

    parser = arguments.parser()
    verbs = Noting(parser)
    for family in FAMILIES:
        family.register(verbs)
    assert len(found) > 15
    for line in found:
        if "completion" not in line:  # what a shell is to do with its answer
            # What the shell does with the answer is for the shell.
            assert parser.parse_args(shlex.split(line.partition(" > ")[0])[1:]).verb


def test_a_time_is_read_as_a_clock_shows_it() -> None:
    assert [arguments.second(text) for text in ("12:04", "1:02:03", "75.5", "100:30")] == [
        724.0,
        3723.0,
        75.5,
        6030.0,
    ]
    for text in ("00:99", "1:60:00", "2:-3", "nan", "inf", "-4", ""):
        with pytest.raises(argparse.ArgumentTypeError, match="is not a time"):
            arguments.second(text)
