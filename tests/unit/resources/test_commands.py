"""What the documents tell a reader to type is understood, and does what it says, as far as that is quickly done."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
import shutil
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import httpx2
import pytest

from core import meetings, messages, paths
from core.meetings import Library
from core.terminal import arguments, entry
from core.values import Speaker, Stage, Turn, Voices
from tests import old_libraries
from tests.api_server import Api
from tests.benchmarks.__main__ import NAMES as BENCHES
from tests.conftest import finished, put_database
from tests.integration.test_exports import add_meeting
from tests.sound_files import make, tone
from tests.unit.resources.test_documents import DOCUMENTS, PAIRS, TOP

OF_VERBS = ("docs/terminal.md", "docs/fr/terminal.md")
"""The documents in which every verb is told by its name alone, with its options beside it."""

IN_BLOCKS = re.compile(r"^(?: {4}|\t)(.*)$", re.MULTILINE)
IN_SENTENCES = re.compile(r"`([^`\n]+)`")

NOT_CARRIED_OUT = {
    "open": "opens the window: tests/gui/test_one_window.py",
    "record": "needs a microphone: tests/integration/test_terminal.py",
    "doctor": "looks for sound devices: tests/integration/test_terminal.py",
    "diagnostics": "looks at the machine: tests/unit/test_machine.py",
    "process": "decodes sound: tests/integration/test_terminal.py",
    "transcribe-again": "decodes sound: tests/integration/test_terminal.py",
    "speakers split": "compares voices: tests/integration/test_speakers.py",
    "speakers separate": "compares voices: tests/integration/test_speakers.py",
    "speakers remember": "compares voices: tests/integration/test_speakers.py",
    "export --all --formats pdf,srt": "looks for the system's fonts: tests/unit/export",
    "models --get": "needs a network: tests/integration/test_models.py",
    "serve": "goes on until Ctrl+C: scripts/gate.py",
    "watch": "goes on until Ctrl+C: tests/integration/test_automation.py",
    "logs --follow": "goes on until Ctrl+C",
}
"""Commands that take long or need what is not here, by their beginning; where they are carried out all the same."""

QUICK = ("process ID", "process FILE", "serve --token", "serve --new-token")
"""Those of them that are quick."""

ONE = ("ADDRESS", "FILE", "FOLDER", "ID", "QUESTION", "TAG", "WORD")
"""What else a word stands for."""

ENDS_WITH = {"recording pause": 1, "recording go-on": 1, "recording stop": 1}
"""Exit codes other than 0: nothing is being recorded."""

HERE = {
    **{"MM:SS": "0:01", "FROM": "0:01", "TO": "0:03", "NUMBER": "1", "N": "2", "SPEAKER": "1", "OTHER": "2"},
    **{"OLD": "April", "NEW": "May", "VERB": "list", "URL": "http://127.0.0.1:1234/v1", "VALUE": "fr"},
    **{"split MM:SS": "0:04", "insert MM:SS": "2.5", "--to MM:SS": "0:06", "merge FROM": "0:00", "merge TO": "0:05"},
    **{"cut 12:04": "0:01", "cut 14:30": "0:03", "settings NAME": "spoken_language", "voices NAME": "Ana", "participants NAME": "Ben"},
}
"""What is put where a word stands for something; with a verb or an option before it, only there."""


def lines(name: str) -> Iterator[str]:
    """What a reader of a document may type, without what explains it: blocks of code, and code within sentences."""
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    for found in (*IN_BLOCKS.findall(text), *IN_SENTENCES.findall(text)):
        line = re.split(r" {2,}| # ", found.strip())[0]
        yield from re.findall(r"\$\(([^)]+)\)", line) or [line]


def commands(name: str) -> Iterator[list[str]]:
    """What a document has the terminal do, without the program's name."""
    for line in lines(name):
        program, _space, rest = line.partition(" ")
        if program == paths.PROGRAM and rest:
            yield shlex.split(rest.removesuffix(" …"))
        elif name in OF_VERBS and program in verbs() and (rest or not wrong([program])):
            yield shlex.split(line.removesuffix(" …"))


@cache
def english() -> dict[str, str]:
    """The words that stand for something, by those of the French documents."""
    with messages.in_language("fr"):
        meant = {messages._(word): word for word in {key.split(" ")[-1] for key in HERE} | {"TEXT", "TITLE", *ONE}}
    return meant | {"AUTRE": "OTHER"}


@cache
def parser() -> argparse.ArgumentParser:
    """The terminal's, with every verb."""
    found = arguments.parser()
    added = arguments.Verbs(found)
    entry.add_open(added)
    for family in entry.FAMILIES:
        family.register(added)
    return found


@cache
def verbs() -> dict[str, set[str]]:
    """Every verb, with those below it, and its options."""
    found: dict[str, set[str]] = {}

    def look(at: argparse.ArgumentParser, name: str) -> None:
        found[name] = set(at._option_string_actions)
        for action in at._actions:
            if isinstance(action, argparse._SubParsersAction):
                for below, its in action.choices.items():
                    look(its, f"{name} {below}".strip())

    look(parser(), "")
    return found


def in_english(given: list[str]) -> list[str]:
    """A command with the words of the English documents for what stands for something."""
    return [english().get(word, word) for word in given]


def filled(given: list[str], here: dict[str, str]) -> list[str]:
    """A command with something in each place that a word stands for."""
    given = in_english(given)
    words = list(given)
    for place, word in enumerate(given):
        before = given[place - 1] if place else ""
        words[place] = here.get(f"{before} {word}", here.get(f"{given[0]} {word}", here.get(word, word)))
    return words


def wrong(given: list[str]) -> str:
    """What is wrong with the arguments of a command, which is not carried out; '' where it is understood."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            arguments.read(parser(), given)
        except SystemExit as end:
            return said.getvalue() if end.code else ""
    return ""


# --- understood -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_is_understood(name: str) -> None:
    found = [wrong(filled(given, HERE)) for given in commands(name)]
    assert [said for said in found if said] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_option_belongs_to_the_verb_it_is_told_with(name: str) -> None:
    for line in lines(name):
        verb, *given = line.split(" ")
        if verb in verbs() and given:
            verb = f"{verb} {given[0]}" if f"{verb} {given[0]}" in verbs() else verb
            assert [one for one in given if one.startswith("--") and one not in verbs()[verb]] == [], line


@pytest.mark.parametrize("name", OF_VERBS)
def test_every_option_belongs_to_a_verb_of_its_row(name: str) -> None:
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    told = set()
    for row in re.findall(r"^\| (`.+) \|$", text, re.MULTILINE):
        first, second = row.split(" | ", 1)
        named = [code for code in IN_SENTENCES.findall(first) if code.split(" ")[0] in verbs()]
        known = {option for code in named for verb in verbs() if f"{code} ".startswith(f"{verb} ") for option in verbs()[verb]}
        assert [one for one in re.findall(r"(?<![\w-])--[a-z-]+", second) if one not in known] == [], row
        told |= {code.split(" ")[0] for code in named}
    told |= {given[0] for given in commands(name)}
    everything = {verb for verb in verbs() if verb and " " not in verb}
    assert everything - told == {"tag"}, "which is another name of tags"


@pytest.mark.parametrize(("one", "other"), PAIRS.items())
def test_both_languages_have_the_same_commands(one: str, other: str) -> None:
    found, own = list(commands(one)), [in_english(given) for given in commands(other)]
    if one in {"docs/guide.md", "docs/troubleshooting.md"}:  # whose examples are of another meeting
        found, own = ([given[:1] for given in both] for both in (found, own))
    assert own == found


# --- carried out ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, str]:
    """The folder of a small library in which there is something of everything, and what the commands need of it."""
    folder = tmp_path_factory.mktemp("small")
    places = paths.folders(folder / "data")
    paths.create(places)
    put_database(empty_database, places)
    library = Library(places)
    try:
        talk = add_meeting(library, "Talk")
        gone = add_meeting(library, "Gone", sound=False)
        library.store.bin(gone)
        library.store.ask(talk, Stage.SUMMARISE, library.summary_options())
        library.store.add_note(talk, 1.0, "Ask about the reserve")
        ana = library.store.remember_voice("Ana", bytes(192), 30.0)

        def told_apart(known: Voices) -> Voices:
            found = (Speaker(-1, 0, voice_id=ana.id, certainty=0.9), Speaker(-2, 0))
            return replace(known, speakers=found, turns=(Turn(0.0, 2.0, -1), Turn(3.0, 5.0, -2)))

        library.store.attribute(talk, told_apart)
        finished(meetings.cut_passage(library, talk, 5.2, 5.8))
        archive = finished(meetings.back_up(library))
    finally:
        library.close()
    (folder / "lines.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nWe move it to April.\n")
    return {
        "data": str(places.root),
        **{"ID": talk, "3fa9c1": talk, "QUESTION": "When do we move?", "WORD": "April"},
        **{"FILE": str(archive), "process FILE": str(folder / "lines.srt"), "FOLDER": str(folder / "elsewhere")},
    }


def carried_out(given: list[str]) -> bool:
    line = " ".join(given)
    if given[0] not in {verb.split(" ")[0] for verb in verbs()}:
        return False  # opens the window
    return line in QUICK or not any(f"{line} ".startswith(f"{one} ") for one in NOT_CARRIED_OUT)


def test_what_is_carried_out_elsewhere_has_its_place() -> None:
    places = [reason.partition(": ")[2] for reason in NOT_CARRIED_OUT.values()]
    assert [place for place in places if place and not (TOP / place).exists()] == []


def test_every_command_does_what_it_says(
    small: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = (filled(given, HERE | small) for name in DOCUMENTS for given in commands(name) if carried_out(given))
    for number, given in enumerate(dict.fromkeys(map(tuple, found))):
        data = shutil.copytree(small["data"], tmp_path / str(number))
        monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
        code = entry.run(["--data-dir", str(data), *given])
        told = capsys.readouterr()
        assert code == ENDS_WITH.get(" ".join(given), 0), f"{given}\n{told}"


@pytest.mark.parametrize("name", ["docs/exports.md", "docs/fr/exportations.md"])
def test_the_template_and_the_document_shown_are_real(
    name: str, small: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    (template,) = re.findall(r"^ {4}Minutes of(?:.*\n)+? {4}\{% endfor %\}$", text, re.MULTILINE)
    data = shutil.copytree(small["data"], tmp_path / "copied")
    (data / "templates" / "letter.txt").write_text(textwrap.dedent(template))
    assert entry.run(["--data-dir", str(data), "export", small["ID"], "--formats", "letter.txt", "--print"]) == 0
    assert "- Send the report (Ana)" in capsys.readouterr().out
    (shown,) = re.findall(r"^ {4}\{\"schema(?:.*\n)+?(?=\n)", text, re.MULTILINE)
    known = (paths.RESOURCES / "schema" / "meeting.schema.json").read_text(encoding="utf-8")
    assert [key for key in re.findall(r'"(\w+)":', shown) if f'"{key}"' not in known] == []


def test_requests_by_curl_are_answered(own_api: Api, tmp_path: Path) -> None:
    sound = make(tmp_path / "talk.m4a", "aac", tone(1.0))
    asked = [line for name in DOCUMENTS for line in lines(name) if line.startswith("curl ")]
    assert asked
    for line in dict.fromkeys(asked):
        given = argparse.ArgumentParser()
        given.add_argument("-H", action="append", default=[])
        given.add_argument("-F", action="append", default=[])
        given.add_argument("-N", action="store_true")
        given.add_argument("address")
        curl = given.parse_args(shlex.split(line.replace("$TOKEN", own_api.token))[1:])
        fields = dict(one.split("=", 1) for one in curl.F)
        files = {key: (value[1:], sound.read_bytes()) for key, value in fields.items() if value.startswith("@")}
        with httpx2.stream(
            "POST" if fields else "GET",
            curl.address.replace("http://127.0.0.1:8765", own_api.address),
            headers=dict(one.split(": ", 1) for one in curl.H),
            data={key: value for key, value in fields.items() if key not in files},
            files=files or None,
        ) as answer:
            assert answer.is_success, line
            assert curl.N == answer.headers["content-type"].startswith("text/event-stream")


# --- other programs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_has_the_targets_and_what_is_measured(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in lines(name):
        if line.startswith("make "):
            target, *chosen = shlex.split(line)[1:]
            assert target in targets, line
            for variable, _sign, value in (one.partition("=") for one in chosen):
                assert variable in {"BENCH", "MODEL", "PYTHON"}, line
                assert variable != "BENCH" or set(value.split()) <= set(BENCHES), line


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_named_of_this_repository_is_there(name: str) -> None:
    for line in lines(name):
        for named in re.findall(r"(?:^|\s)((?:core|desktop|docs|resources|scripts|tests)/[\w./*-]*)", line):
            assert list(TOP.glob(named)), line
        for module in re.findall(r"^python -m ([\w.]+)", line):
            assert (TOP / module.replace(".", "/")).with_suffix(".py").exists() or (TOP / module / "__main__.py").exists(), line
        for named in re.findall(r"^(?:sh|python|pip install .*-r) ([\w./-]+\.(?:sh|py|lock))", line):
            assert (TOP / named).exists(), line
        for option in re.findall(r"^sh pre-push\.sh (--\w+)", line):  # carried out by test_pre_push.py
            assert f"{option})" in (TOP / "pre-push.sh").read_text(encoding="utf-8"), line


def test_packages_are_named_as_they_are_made_and_those_of_the_system_as_they_are_installed() -> None:
    version = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    installed = (TOP / "scripts" / "setup.sh").read_text(encoding="utf-8")
    for line in (line for name in DOCUMENTS for line in lines(name)):
        for package in re.findall(rf"{paths.PROGRAM}[_-](?=\d)\S+", line):
            assert package in {f"{paths.PROGRAM}_{version}_amd64.deb", f"{paths.PROGRAM}-{version}-linux-x86_64.tar.xz"}
        if line.startswith("sudo apt install lib"):
            assert [one for one in line.split()[3:] if one not in installed] == []


def test_libraries_that_are_there_are_not_made_anew(capsys: pytest.CaptureFixture[str]) -> None:
    before = {file: file.stat().st_mtime_ns for file in old_libraries.FOLDER.iterdir()}
    old_libraries.main()
    assert capsys.readouterr() == ("", "")
    assert before == {file: file.stat().st_mtime_ns for file in old_libraries.FOLDER.iterdir()}
