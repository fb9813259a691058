"""The window's start and end: everything is built here in order, and taken down in order."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, Qt, QTranslator, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from core import messages, paths
from core import settings as chosen
from core.tasks import Lane, Task, Tasks
from core.values import Stage
from desktop.bridge import Bridge
from desktop.commands import Commands
from desktop.commands.storing import Change
from desktop.ring import Rings
from desktop.single import FirstWindow, first_window
from desktop.theme import Theme
from desktop.views.main_window import MainWindow
from desktop.views.wait import Wait

CLOSING_SECONDS = 2.0
"""How long quitting waits for jobs to end their step; a decode step may take longer and is then left."""

CHANGING_SECONDS = 60.0
"""How long is waited for them where the library is to be changed afterwards."""

COLLECTING = (10_000, 5, 1_000)
"""How often the interpreter looks for objects that only refer to one another: what is new often, everything seldom.

Looking through the words of a long meeting stops every thread for a third of a second.
"""

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


def run(data_dir: str | None = None, files: Sequence[str] = ()) -> int:
    """Opens the window on a data folder and takes `files` in; comes back with the exit code when it is closed.

    Where a window is open on it already, that one comes up and takes them instead. Where a thread is still in the
    middle of a step when everything stored is closed, the process ends here. What can only be done with the library
    while nobody has it open is done between two windows.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    # A window in the tray is no end, and the last dialog that is closed over it neither.
    app.setQuitOnLastWindowClosed(False)
    with collecting_out_of_sight(app):
        return _run(app, data_dir, files)


def _run(app: QApplication, data_dir: str | None, files: Sequence[str]) -> int:
    changed: Task | None = None
    while True:
        places = paths.folders(data_dir)
        first = first_window(places, files)
        if first is None:
            return 0
        code, change = _show(app, places, first, files, changed)
        if change is None:
            return code
        files = ()
        changed = make(app, change)
        if not changed.state.final:
            return code


def _show(
    app: QApplication,
    places: paths.Folders,
    first: FirstWindow,
    files: Sequence[str],
    changed: Task | None,
) -> tuple[int, Change | None]:
    """The window until it is closed; the exit code, and what is to be done with the library after that.

    It tells first what became of what was `changed` before.
    """
    changes: list[Change] = []
    window = open_window(app, places)
    commands = window.commands

    def close_for(change: Change, stay: Callable[[], object]) -> None:
        def leave() -> None:
            changes.append(change)
            window.leave()

        window.leaving.end(leave, stay)

    first.asked.connect(window.come_up)
    first.asked.connect(commands.import_files)
    commands.import_files(files)
    if sys.platform == "darwin":  # which opens files with an event instead of an argument
        opened = OpenedFiles(app, window)
        opened.opened.connect(lambda file: commands.import_files([file]))
    # It may have been the recorder that asked, for whom nobody is there any more.
    first.asked.connect(commands.look_for_recordings)
    window.left.connect(app.exit)
    commands.closing_wanted.connect(close_for)
    ends = app.commitDataRequest.connect(window.leaving.end_session, Qt.ConnectionType.DirectConnection)
    sys.excepthook = telling(commands)
    if changed and changed.error:
        commands.tell(changed.error)
    elif changed:
        commands.opened.connect(commands.tell_folder)  # not while nobody sees it yet
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        end = getattr(signal, name, None)
        # What whoever started it wants ignored, as nohup does, stays so.
        if end and signal.getsignal(end) is not signal.SIG_IGN:
            signal.signal(end, lambda *_: app.exit())
    code = app.exec()
    app.commitDataRequest.disconnect(ends)
    window.leaving.commit()
    window.hide()
    ended = commands.close(CHANGING_SECONDS if changes else CLOSING_SECONDS)
    first.close()
    if not ended:
        os._exit(code)
    window.deleteLater()
    return code, changes[-1] if changes else None


def make(app: QApplication, change: Change) -> Task:
    """Has a change of the library made on a lane, with a small window that says so where it takes long."""
    bridge, tasks, wait = Bridge(), Tasks(), Wait()
    task = tasks.start(
        change(),
        stage=Stage.MOVE,
        lane=Lane.IO,
        on_event=lambda _task, event: bridge.carry(lambda: wait.show_event(event)),
        on_end=lambda _task: bridge.carry(app.exit),
    )
    app.exec()
    tasks.close(CHANGING_SECONDS)
    bridge.close()
    wait.close()
    wait.deleteLater()
    return task


class OpenedFiles(QObject):
    """Tells which files the system wants the application to open."""

    opened = Signal(str)

    def __init__(self, app: QApplication, owner: QObject) -> None:
        super().__init__(owner)
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
    # Before the window: its parts are measured in the application's fonts.
    theme = Theme(app, settings.appearance, commands, bare=True)
    commands.settings_changed.connect(lambda changed: theme.use(changed.appearance))
    Rings(app, commands)
    window = MainWindow(commands)
    theme.setParent(window)  # it follows the focus no longer than there is one
    theme.finish()
    window.painted.connect(commands.open)
    window.show()
    return window


@contextmanager
def collecting_out_of_sight(app: QApplication) -> Iterator[None]:
    """Has what nobody needs any more looked for while another program is in front, and else hardly ever."""

    def collect(state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive:
            gc.collect()

    before = gc.get_threshold()
    gc.set_threshold(*COLLECTING)
    following = app.applicationStateChanged.connect(collect)
    try:
        yield
    finally:
        app.applicationStateChanged.disconnect(following)
        gc.set_threshold(*before)


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
