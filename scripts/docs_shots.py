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
from desktop import theme  # noqa: E402
from desktop.app import open_window  # noqa: E402
from desktop.models.meetings import Role  # noqa: E402
from desktop.views.main_window import MainWindow  # noqa: E402
from desktop.views.settings.dialog import SettingsDialog  # noqa: E402
from desktop.views.settings.transcription import TranscriptionPage  # noqa: E402
from tests import microphone as virtual  # noqa: E402

IMAGES = ROOT / "docs" / "images"


def until(true: Callable[[], object], seconds: float = 30) -> None:
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


def shoot(widget: QWidget, name: str) -> None:
    """Writes the picture of `widget`."""
    rest(0.3)
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


def first_tour(window: MainWindow) -> None:
    """Empty, at work, summary, transcript, settings."""
    shoot(window, "empty")
    window.actions_.sample.trigger()
    until(lambda: window.page.transcript.segments.rowCount() > 8, 120)
    shoot(window, "transcribing")
    until(lambda: window.library.model.newest().data(Role.MEETING).has_minutes, 300)
    window.toast.hide()
    window.actions_.summary.trigger()
    shoot(window, "summary")
    window.actions_.transcript.trigger()
    shoot(window, "transcript")
    dialog = SettingsDialog(window.commands, window, TranscriptionPage)
    dialog.show()
    rest(1.0)
    shoot(dialog, "settings")
    dialog.close()


def recording_tour(app: QApplication, places: paths.Folders) -> None:
    """A recording of what a virtual microphone hears."""
    from core.audio import media

    if reason := virtual._missing():  # noqa: SLF001
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
            playing = microphone.begin(np.concatenate(list(islice(blocks, 15))), 16_000, "system")
            until(lambda: playing.poll() is not None, 60)
            window.actions_.bookmark.trigger()
            microphone.begin(np.concatenate(list(islice(blocks, 10))), 16_000)
            window.actions_.note.trigger()
            rest(8.0)
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
                shoot(window, name)
        recording_tour(app, places)
    return 0


if __name__ == "__main__":
    sys.exit(main())
