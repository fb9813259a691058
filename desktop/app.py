"""The window's start and end: everything is built here in order, and taken down in order."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, Qt, QTranslator, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from core import messages, paths
from core import settings as chosen
from core.tasks import Tasks
from desktop.bridge import Bridge
from desktop.commands import Commands
from desktop.single import first_window
from desktop.theme import Theme
from desktop.views.main_window import MainWindow

CLOSING_SECONDS = 2.0
"""How long quitting waits for jobs to end their step; a decode step may take longer and is then left."""

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


def run(data_dir: str | None = None, files: Sequence[str] = ()) -> int:
    """Opens the window on a data folder and takes `files` in; comes back with the exit code when it is closed.

    Where a window is open on it already, that one comes up and takes them instead. Where a thread is still in the
    middle of a step when everything stored is closed, the process ends here.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    places = paths.folders(data_dir)
    first = first_window(places, files)
    if first is None:
        return 0
    # A window in the tray is no end, and the last dialog that is closed over it neither.
    app.setQuitOnLastWindowClosed(False)
    window = open_window(app, places)
    first.asked.connect(window.come_up)
    first.asked.connect(window.commands.import_files)
    window.commands.import_files(files)
    if sys.platform == "darwin":  # which opens files with an event instead of an argument
        opened = OpenedFiles(app)
        opened.opened.connect(lambda file: window.commands.import_files([file]))
    # It may have been the recorder that asked, for whom nobody is there any more.
    first.asked.connect(window.commands.look_for_recordings)
    window.left.connect(app.exit)
    # The session ends: nobody can be asked any more.
    app.commitDataRequest.connect(lambda _session: window.leave(), Qt.ConnectionType.DirectConnection)
    sys.excepthook = telling(window.commands)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        end = getattr(signal, name, None)
        # What whoever started it wants ignored, as nohup does, stays so.
        if end and signal.getsignal(end) is not signal.SIG_IGN:
            signal.signal(end, lambda *_: app.exit())
    code = app.exec()
    window.hide()
    ended = window.commands.close(CLOSING_SECONDS)
    first.close()
    if not ended:
        os._exit(code)
    return code


class OpenedFiles(QObject):
    """Tells which files the system wants the application to open."""

    opened = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes `QFileOpenEvent`, and lets everything else pass."""
        if isinstance(event, QFileOpenEvent):
            self.opened.emit(event.file())
            return True
        return super().eventFilter(watched, event)


def open_window(app: QApplication, places: paths.Folders) -> MainWindow:
    """The shown window on a library, which it opens after its first painting; `Commands.close` ends it."""
    settings = chosen.load(places.settings)
    messages.use_language(settings.language)
    commands = Commands(places, settings, Tasks(on_rest=_release_model), Bridge())
    _name_and_translate(app, commands)
    # Before the window: its parts are measured in the application's look.
    theme = Theme(app, settings.appearance, commands)
    commands.settings_changed.connect(lambda changed: theme.use(changed.appearance))
    window = MainWindow(commands)
    window.painted.connect(commands.open)
    window.show()
    return window


def _release_model() -> None:
    """Gives back the memory of a speech model that nobody has needed for a while."""
    from core import speech

    speech.Engine.release()


def _name_and_translate(app: QApplication, owner: QObject) -> None:
    """Gives the application its name, and Qt's own dialogs the language of the window."""
    app.setApplicationName(paths.PROGRAM)
    app.setDesktopFileName(paths.DESKTOP_ID)
    app.setApplicationDisplayName(messages._("Meeting Transcriber"))
    QLocale.setDefault(QLocale(messages.language()))
    translator = QTranslator(owner)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{messages.language()}", folder):
        app.installTranslator(translator)


def telling(commands: Commands) -> Hook:
    """An exception hook: a fault of ours in the window is logged, the person sees it once, the window goes on."""
    told: set[tuple[object, ...]] = set()

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        import structlog  # not before the first painting

        structlog.get_logger("window").error("unexpected in the window", exc_info=(kind, error, trace))
        place = (kind, *((frame.filename, frame.lineno) for frame in traceback.extract_tb(trace)))
        if isinstance(error, Exception) and place not in told:
            told.add(place)
            commands.tell(error)

    return hook
