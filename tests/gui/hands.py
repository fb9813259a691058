"""Hands and eyes: what a person does with the window and reads in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.models.meetings import Role
from desktop.views.actions import Actions
from desktop.views.main_window import MainWindow
from desktop.views.transcript_view import TranscriptView

LEFT = Qt.MouseButton.LeftButton


def click(qtbot: QtBot, widget: QWidget) -> None:
    assert widget.isVisible(), widget
    qtbot.mouseClick(widget, LEFT)


def button(root: QWidget, text: str) -> QPushButton | QToolButton:
    """The visible button that says `text`, or is read out so."""
    found: list[QPushButton | QToolButton] = [
        *root.findChildren(QPushButton),
        *root.findChildren(QToolButton),
    ]
    return next(one for one in found if one.isVisible() and text in {one.text(), one.accessibleName()})


def sentences(root: QWidget) -> str:
    return "\n".join(one.text() for one in root.findChildren(QLabel) if one.isVisible())


def wait_for(qtbot: QtBot, true: Callable[[], object], seconds: float = 60) -> None:
    qtbot.waitUntil(lambda: bool(true()), timeout=round(1000 * seconds))


def titles(window: MainWindow) -> list[str]:
    model = window.library.model
    meetings = [model.index(row).data(Role.MEETING) for row in range(model.rowCount())]
    return [meeting.title for meeting in meetings if meeting]


def rows(model: QAbstractItemModel) -> list[str]:
    """What stands in each row of a list."""
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def a_transcript_view(qtbot: QtBot) -> TranscriptView:
    """A transcript without a page around it."""
    window = QWidget()
    qtbot.addWidget(window)
    view = TranscriptView(Actions(window))
    qtbot.addWidget(view)
    return view


def choose_in_dialog(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Types a path into the open file dialog and presses Enter."""
    wait_for(qtbot, lambda: window.findChild(QFileDialog) or window.page.findChild(QFileDialog))
    dialog = window.findChild(QFileDialog) or window.page.findChild(QFileDialog)
    assert dialog
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name
    name.setText(str(path))
    qtbot.keyClick(name, Qt.Key.Key_Return)


def drop(window: MainWindow, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    middle = QPointF(window.rect().center())
    where = (data, LEFT, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(middle.toPoint(), Qt.DropAction.CopyAction, *where)
    QApplication.sendEvent(window.windowHandle(), enter)
    assert enter.isAccepted()
    assert "Drop to import" in sentences(window)
    QApplication.sendEvent(window.windowHandle(), QDropEvent(middle, Qt.DropAction.CopyAction, *where))
    assert "Drop to import" not in sentences(window)
