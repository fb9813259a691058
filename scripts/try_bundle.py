"""What `make build` ends with: the application by itself, on a machine that has nothing else of ours.

    python -m scripts.try_bundle [PROGRAM]

PROGRAM, by default what the package in dist/ installs, is started as another user where we are root, from a folder in
which it cannot write, in an empty environment without any command: window, sample meeting, a recording from a virtual
microphone, health check, local interface. Prints what it takes and what is large in it. The exit status is 0 where all
of it works and it is not larger than `LIMIT`. What cannot be tried here is told at the end; where set-up could have
installed what that needs, it is a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core import messages, paths
from core.terminal.codes import STOPPED
from tests import microphone, old_libraries

DIST = Path(__file__).resolve().parent.parent / "dist"

LIMIT = 450_000_000
"""Bytes that the unpacked application may have."""

TAKEN_IN = "resources/models/speech"
"""Where a model of `make build MODEL=folder` lies."""

FORMATS = ("md", "docx", "pdf", "html", "srt", "vtt", "txt", "json", "csv", "actions", "ics", "mp3")
NOBODY = 65534
PATIENCE = 120  # seconds, on a machine that is busy
RUN = 3
RUNS_HEARD = 4
"""So many words in a row, so many times, have to be heard as in the sample: chance, or silence, gives none."""


class Trial:
    """One program with a home of its own."""

    def __init__(self, program: Path, home: Path) -> None:
        self.program = program
        self.home = home
        self.environment = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "PATH": str(home / "no commands")}
        self.user: dict[str, Any] = {}
        (home / "tmp").mkdir()
        if os.geteuid() == 0:
            self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            for folder in (home, home / "tmp"):
                os.chown(folder, NOBODY, NOBODY)

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Starts the program with `more` in its environment."""
        return subprocess.Popen(
            [str(self.program), *arguments],
            cwd=self.home,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            **self.user,
        )

    def said(self, *arguments: str, **more: str) -> str:
        """What a verb prints; fails where it does."""
        return self.ended(self.start(*arguments, **more), " ".join(arguments))

    def ended(self, process: subprocess.Popen[str], name: str) -> str:
        """Waits for a good end; what was printed. Exits with what the program said and logged otherwise."""
        try:
            printed, told = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            printed, told = process.communicate()
            told += "\nIt did not end."
        if process.returncode or re.search(r"Traceback|qt\.qpa|ImportError|ModuleNotFound", told):
            logged = "\n".join(file.read_text(encoding="utf-8")[-3000:] for file in self.home.rglob("*.log"))
            sys.exit(f"{name}: exit status {process.returncode}\n{printed[-2000:]}\n{told[-4000:]}\n{logged}")
        return printed

    def found(self, *arguments: str) -> Any:
        """The JSON document that a verb prints."""
        return json.loads(self.said(*arguments, "--json"))


# --- what is tried ---------------------------------------------------------------------------------


def window(trial: Trial, platform: str, **more: str) -> float:
    """Opens the window and quits; the seconds until it answers."""
    library = trial.home / f"library {platform}"
    began = time.monotonic()
    process = trial.start("--data-dir", str(library), QT_QPA_PLATFORM=platform, **more)
    while not (answering := _up(trial.home / "tmp")):
        if process.poll() is not None or time.monotonic() - began > PATIENCE:
            process.kill()
            sys.exit(f"The window does not open ({platform}): {process.communicate()[1][-4000:]}")
        time.sleep(0.02)
    while not (library / "meetings.db").exists() and time.monotonic() - began < PATIENCE:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    trial.ended(process, f"the window ({platform})")
    if not (library / "meetings.db").exists():
        sys.exit(f"The window opened no library ({platform}).")
    return answering - began


def _up(folder: Path) -> float:
    """When the window that listens in `folder` answered that it is up; 0 where none does yet."""
    for place in folder.glob(f"{paths.PROGRAM}-*"):
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(PATIENCE)
            try:
                asking.connect(str(place))
                asking.sendall(b"[]\n")  # no files to open: see `desktop.single`
                if asking.recv(2) == b"up":
                    return time.monotonic()
            except OSError:
                continue
    return 0.0


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen's name."""
    command = ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-ac", "-screen", "0", "1280x800x24"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def stopped(trial: Trial) -> None:
    """Stops a transcription in its midst, as Ctrl+C does; what was made of it is carried on later."""
    process = trial.start("process", "--sample")
    assert process.stderr
    while (line := process.stderr.readline()) and not re.search(r"Transcribing [1-9]", line):
        pass
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=PATIENCE)[1]
    (waiting,) = trial.found("queue")["queue"]
    if process.returncode != STOPPED or not waiting["done"]:
        sys.exit(f"A stop was not heeded: exit status {process.returncode}, {waiting}\n{told[-4000:]}")


def sample(trial: Trial) -> tuple[float, str]:
    """Imports, transcribes, summarises and exports the sample meeting; the seconds that took, and its text."""
    out = trial.home / "out"
    began = time.monotonic()
    answer = trial.found("process", "--sample", "--formats", ",".join(FORMATS), "--out", str(out))
    took = time.monotonic() - began
    (meeting,) = answer["meetings"]
    written = [Path(file) for file in meeting["paths"]]
    if len(written) < len(FORMATS) or not all(file.stat().st_size for file in written):
        sys.exit(f"Exports are missing: {written}")
    text = next(out.glob("*.md")).read_text(encoding="utf-8")
    expected = ("## Decisions", "## Action items", "exhibition", "Daniel")
    if missing := [words for words in expected if words not in text]:
        sys.exit(f"The minutes of the sample lack {missing}:\n{text[:2000]}")
    if len(trial.found("speakers", "list", meeting["id"])["speakers"]) < 2:
        sys.exit("The speakers of the sample were not told apart.")
    return took, said_in(trial, meeting["id"])


def said_in(trial: Trial, meeting_id: str) -> str:
    """The text of a meeting."""
    return " ".join(segment["text"] for segment in trial.found("show", meeting_id)["segments"])


def runs(text: str) -> set[tuple[str, ...]]:
    """All words of a text that follow each other, `RUN` at a time."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}


def upgrade(trial: Trial) -> None:
    """Opens the library of the first schema there was."""
    library = trial.home / "an old library"
    library.mkdir()
    old_libraries.library_of("0001", library)
    if trial.user:
        for path in (library, *library.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    listed = json.loads(trial.said("list", "--json", "--data-dir", str(library)))["meetings"]
    if len(listed) != 2 or not list((library / "backups").iterdir()):
        sys.exit(f"The old library was not taken over: {listed}")


def french(trial: Trial) -> None:
    """Sees that the translations are there."""
    messages.use_language("fr")
    expected = messages._("import, transcribe, summarise and export files")
    if expected not in " ".join(trial.said("--help", LC_ALL="fr_FR.UTF-8").split()):
        sys.exit(f"The help in French does not say: {expected}")


def recording(trial: Trial, sample_text: str) -> tuple[float, int]:
    """Records the sample, played to a virtual microphone, and transcribes it.

    The seconds of sound, and how many runs of words were heard as in the text of the sample.
    """
    with (
        tempfile.TemporaryDirectory(prefix="mt-try-") as folder,
        microphone.sound_system(Path(folder)) as virtual,
    ):
        server = virtual.admit_all()
        virtual.begin(paths.SAMPLE)
        recorded = json.loads(
            trial.said(
                *("record", "--sources", "microphone", "--seconds", "8", "--json"), PULSE_SERVER=server
            )
        )
    trial.said("process", recorded["id"], "--out", str(trial.home / "recorded"))
    text = said_in(trial, recorded["id"])
    heard = len(runs(text) & runs(sample_text))
    if heard < RUNS_HEARD:
        sys.exit(f"What was recorded is not what was played ({recorded['duration']:.1f} s): {text!r}")
    return float(recorded["duration"]), heard


def interface(trial: Trial) -> None:
    """Asks the local interface for its page, with all that belongs to it."""
    server = trial.start("serve", "--port", "0")
    assert server.stdout
    address = server.stdout.readline().strip()
    token = trial.said("serve", "--token").strip()
    for place in ("/docs", "/assets/swagger-ui.css", "/assets/swagger-ui-bundle.js", "/v1/health"):
        asked = urllib.request.Request(address + place, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            if not answer.read():
                sys.exit(f"{place} is empty.")
    server.send_signal(signal.SIGINT)
    trial.ended(server, "serve, stopped")


# --- what is in it ---------------------------------------------------------------------------------


def sizes(folder: Path) -> Counter[str]:
    """Bytes of each part of the application."""
    parts: Counter[str] = Counter()
    inside = folder / "_internal"
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            below = inside if file.is_relative_to(inside) else folder
            part = file.relative_to(below).parts[0].removesuffix(".libs")
            parts[TAKEN_IN if TAKEN_IN in file.as_posix() else part] += file.stat().st_size
    return parts


def megabytes(size: int) -> str:
    """A size in millions of bytes."""
    return f"{size / 1e6:.1f} MB"


def installed(root: Path) -> Path:
    """Installs the newest package of dist/ below `root`; the command."""
    packages = sorted(DIST.glob("*.deb" if shutil.which("dpkg-deb") else "*.tar.xz"), key=os.path.getmtime)
    if not packages:
        sys.exit("There is no package in dist/; scripts.package_linux makes it.")
    package = packages[-1]
    if package.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(package), str(root)], check=True)
        return root / "usr" / "bin" / paths.PROGRAM
    subprocess.run(["tar", "-xf", str(package), "-C", str(root), "--strip-components=1"], check=True)
    return root / "bin" / paths.PROGRAM


def forbid_writing(folder: Path) -> None:
    """Takes the right to write in `folder` from its owner, whom it is tried as where we are not root."""
    folder.chmod(0o755)
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


def no_screen() -> str:
    """Why there can be no virtual screen here, or ''."""
    return "" if shutil.which("Xvfb") else "the virtual screen needs Xvfb (apt-get install xvfb)"


def obtainable() -> bool:
    """Whether set-up may install packages here, as `may_install` in scripts/setup.sh has it."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        return True
    return bool(shutil.which("sudo")) and not subprocess.run(["sudo", "-n", "true"], check=False).returncode


def lacking() -> dict[str, str]:
    """What cannot be tried here, and why. Exits where set-up could have installed what it needs."""
    found = {"the window on X11": no_screen(), "a recording": microphone.lacking()}
    found = {part: reason for part, reason in found.items() if reason}
    if found and obtainable():
        sys.exit(f"{told(found)}\nsh scripts/setup.sh build installs it.")
    return found


def told(untried: dict[str, str]) -> str:
    """The lines that say what was not tried."""
    return "\n".join(f"NOT TRIED: {part}: {reason}" for part, reason in untried.items())


def try_all(trial: Trial, untried: dict[str, str]) -> None:
    """Tries everything but what is `untried`, and prints what it took."""
    print(trial.said("--version").strip(), flush=True)
    first, second = window(trial, "offscreen"), window(trial, "offscreen")
    print(f"window after {first:.1f} s, then {second:.1f} s", flush=True)
    if "the window on X11" not in untried:
        with screen() as name:
            print(f"window on X11 after {window(trial, 'xcb', DISPLAY=name):.1f} s", flush=True)
    french(trial)
    upgrade(trial)
    stopped(trial)
    seconds, text = sample(trial)
    print(f"sample meeting, which was stopped once, in {seconds:.1f} s, as {', '.join(FORMATS)}", flush=True)
    if "a recording" not in untried:
        seconds, heard = recording(trial, text)
        print(f"recorded {seconds:.1f} s; {heard} runs of {RUN} words as they were played", flush=True)
    interface(trial)
    trial.said("diagnostics")
    print(trial.said("doctor"), flush=True)


def main() -> int:
    """Tries it all; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.try_bundle",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("program", nargs="?", type=os.path.abspath, metavar="PROGRAM")
    given = parser.parse_args()
    untried = lacking()
    root = Path(tempfile.mkdtemp(prefix="mt-root-"))
    home = Path(tempfile.mkdtemp(prefix="mt-home-"))
    try:
        program = Path(given.program) if given.program else installed(root)
        forbid_writing(root)
        parts = sizes(program.resolve().parent)
        try_all(Trial(program, home), untried)
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(root)], check=False)
        shutil.rmtree(root)
        shutil.rmtree(home)
    print(f"{megabytes(parts.total())} unpacked; the largest in it:")
    for part, size in parts.most_common(10):
        print(f"  {megabytes(size):>8}  {part}")
    if parts.total() - parts[TAKEN_IN] > LIMIT:
        sys.exit(f"More than {megabytes(LIMIT)} without a model that was taken in.")
    if untried:
        print(told(untried), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
