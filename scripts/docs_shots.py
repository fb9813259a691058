"""Drives the real window through a tour and writes its pictures to docs/images: `make docs-shots`.

The meeting is the sample, transcribed and summarised for real. The picture of a recording needs a
virtual microphone (PulseAudio) and is left out, with a word, where there is none.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from core import paths, settings  # noqa: E402
from core.settings import Settings  # noqa: E402
from core.store import Store  # noqa: E402
from core.values import (  # noqa: E402
    Evidence,
    Line,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    SummaryOptions,
    TranscriptOptions,
)
from desktop import theme  # noqa: E402
from desktop.app import open_window  # noqa: E402
from desktop.models.meetings import Role  # noqa: E402
from desktop.views.first_run import FirstRun  # noqa: E402
from desktop.views.main_window import MainWindow  # noqa: E402
from desktop.views.settings.dialog import SettingsDialog  # noqa: E402
from desktop.views.settings.transcription import TranscriptionPage  # noqa: E402
from tests import microphone as virtual  # noqa: E402

IMAGES = ROOT / "docs" / "images"


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Lets the window work until `true` is, at most `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise SystemExit("the window did not come as far as expected")
        QApplication.processEvents()
        time.sleep(0.005)


def rest(seconds: float) -> None:
    """Lets the window work for a while."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def take_keyboard(window: MainWindow) -> None:
    """Has the keyboard where a click on a meeting puts it."""
    window.library.list.setFocus()
    theme.show_ring(window.library.list, on=False)


def shoot(widget: QWidget, name: str) -> None:
    """Writes the picture of `widget`."""
    rest(1.0)
    if isinstance(widget, MainWindow):
        widget.toast.hide()
    IMAGES.mkdir(parents=True, exist_ok=True)
    file = IMAGES / f"{name}.png"
    if not widget.grab().save(str(file)):
        raise SystemExit(f"{file} could not be written")
    print(file.relative_to(ROOT))


@contextlib.contextmanager
def opened(app: QApplication, places: paths.Folders, chosen: Settings) -> Iterator[MainWindow]:
    """The window with these settings, its library open."""
    paths.create(places)
    settings.save(chosen, places.settings)
    window = open_window(app, places)
    # Without a screen the remembered size would be cut to that of the missing screen.
    window.resize(theme.WINDOW_SIZE)
    until(window.actions_.import_files.isEnabled)
    try:
        yield window
    finally:
        window.commands.stop_recording()
        until(lambda: window.commands.recording is None)
        window.close()
        window.commands.close(30)
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


EARLIER = (
    ("Weekly stand-up", 1, 12, ("Push the parser to Monday",), ()),
    ("Interview with Élodie Martin", 2, 47, (), ("Send the references",)),
    (
        "Quarterly budget",
        8,
        64,
        ("Hire a second tester", "Keep the Berlin office"),
        ("Update the budget sheet",),
    ),
    ("Kick-off with the design team", 15, 38, ("Start with the payment page",), ("Share the sketches",)),
    ("Retrospective", 40, 55, ("Shorter stand-ups", "One release a month"), ()),
)
"""Meetings that a library in use has besides: title, days ago, minutes, decisions, tasks."""


def fill_library(window: MainWindow) -> None:
    """Gives the library some earlier meetings."""
    places, now = window.commands.places, datetime.now(UTC)
    store = Store(places)
    for title, days, length, decisions, tasks in EARLIER:
        began = now - timedelta(days=days, hours=3)
        meeting_id = store.add_meeting(title, began, Source.IMPORT, duration=60.0 * length)
        transcript = store.begin_transcript(meeting_id, TranscriptOptions(), "en")
        said = [*decisions, *tasks, "Then we come to the budget of the next quarter."]
        segments = [Segment(60.0 * place, 60.0 * place + 8, text) for place, text in enumerate(said, 2)]
        store.add_segments(transcript, segments, Place(60.0 * length))
        store.complete_transcript(transcript)
        lines = [Line(Section.DECISIONS, text, (Evidence((), 120.0, 128.0, text),)) for text in decisions]
        lines += [
            Line(
                Section.ACTION_ITEMS,
                text,
                (Evidence((), 180.0, 188.0, text),),
                owner="Marc",
                due=(now + timedelta(days=6 - days)).date(),
            )
            for text in tasks
        ]
        store.add_minutes(Minutes(meeting_id, SummaryOptions(), "offline", "en", began, title, tuple(lines)))
        store.star(meeting_id, starred=days == 8)
        store.set_tags(meeting_id, ["team"] if days % 2 else ["finance"])
    store.close()
    until(lambda: window.library.model.count > len(EARLIER))


def first_tour(window: MainWindow) -> None:
    """First run, empty, at work, summary, transcript while it is heard, search, tasks, settings."""
    speeds: list[float] = []
    window.commands.machine_known.connect(lambda found: speeds.append(found.machine.speed))
    window.commands.look_at_machine()
    until(lambda: any(speeds), 120)
    shoot(window, "first-run")
    first = window.findChild(FirstRun)
    assert first
    first.done.emit()
    shoot(window, "empty")
    window.actions_.sample.trigger()
    until(lambda: window.page.transcript.segments.rowCount() > 8, 120)
    shoot(window, "transcribing")
    until(lambda: window.library.model.newest().data(Role.MEETING).has_minutes, 300)
    window.toast.hide()
    sample = window.library.model.newest().data(Role.MEETING).id
    window.actions_.summary.trigger()
    rest(0.5)
    take_keyboard(window)
    shoot(window, "summary")
    window.actions_.transcript.trigger()
    fill_library(window)
    window.commands.open_at(sample, 0, 40.0)
    rest(1.0)
    shoot(window, "transcript")
    window.library.field.setText("budget")
    until(lambda: window.library.found.model.rowCount() > 1)
    window.library.field.setFocus()
    shoot(window, "search")
    window.library.field.clear()
    window.actions_.tasks.trigger()
    until(window.tasks.model.rowCount)
    rest(0.5)
    take_keyboard(window)
    shoot(window, "tasks")
    window.actions_.tasks.trigger()
    dialog = SettingsDialog(window.commands, window, TranscriptionPage)
    dialog.show()
    rest(1.0)
    shoot(dialog, "settings")
    dialog.close()


def recording_tour(app: QApplication, places: paths.Folders) -> None:
    """A recording of what a virtual microphone hears."""
    from core.audio import media

    if reason := virtual.lacking():
        print(f"no picture of a recording: {reason}")
        return
    with (
        tempfile.TemporaryDirectory(prefix="mt-shots-") as folder,
        virtual.sound_system(Path(folder)) as microphone,
    ):
        os.environ.update(microphone.environment)
        blocks = media.blocks(paths.SAMPLE)
        with opened(app, places, Settings()) as window:
            window.actions_.record.trigger()
            until(lambda: window.commands.recording)
            # The others are heard from this machine, then the person who takes the notes.
            room = np.random.default_rng(1).normal(0, 0.002, 17 * 16_000).astype(np.float32)
            quiet = microphone.begin(room, 16_000)
            playing = microphone.begin(np.concatenate(list(islice(blocks, 15))), 16_000, "system")
            until(lambda: playing.poll() is not None, 60)
            window.actions_.bookmark.trigger()
            until(lambda: quiet.poll() is not None, 60)
            speaking = microphone.begin(np.concatenate(list(islice(blocks, 10))), 16_000)
            window.actions_.note.trigger()
            until(lambda: speaking.poll() is not None, 60)
            shoot(window, "recording")


def main() -> int:
    """Takes every picture."""
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="mt-library-") as folder:
        places = paths.folders(folder)
        with opened(app, places, Settings(language="en", appearance="light")) as window:
            first_tour(window)
        for name, chosen in (
            ("dark", Settings(language="en", appearance="dark")),
            ("french", Settings(language="fr", appearance="light")),
        ):
            with opened(app, places, chosen) as window:
                until(lambda window=window: window.page.has_meeting)  # type: ignore[misc]
                last = window.library.model.index(window.library.model.rowCount() - 1)
                window.library.list.setCurrentIndex(last)
                window.actions_.summary.trigger()
                rest(0.5)
                take_keyboard(window)
                rest(1.0)
                shoot(window, name)
        recording_tour(app, places)
    return 0


if __name__ == "__main__":
    sys.exit(main())
