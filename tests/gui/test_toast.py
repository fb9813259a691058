"""What passes by can be read and taken back, however long it is and however large the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core import messages
from core.values import Line, Section
from desktop import theme
from desktop.views.feedback import Toast
from desktop.views.line_editor import LineEditor


@pytest.fixture(params=[1, 2], ids=["usual", "large"])
def window(request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot) -> Iterator[QWidget]:
    """A window of the least size, in text of the usual size and of twice that."""
    usual = qapp.font()
    large = QFont(usual)
    large.setPointSizeF(request.param * usual.pointSizeF())
    qapp.setFont(large)
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(theme.SMALLEST_WINDOW)
    made.show()
    yield made
    qapp.setFont(usual)


def lies_inside(window: QWidget, toast: Toast) -> bool:
    shown = [one for kind in (QLabel, QPushButton) for one in toast.findChildren(kind) if one.isVisible()]
    inside = all(toast.rect().contains(one.geometry()) for one in shown)
    return inside and window.rect().contains(toast.geometry())


@pytest.mark.parametrize("title", ["one " * 60, "x" * 240, "Stand-up"], ids=["words", "letters", "short"])
def test_all_of_it_is_in_the_window_with_the_button(window: QWidget, title: str) -> None:
    toast = Toast(window, lambda: QPoint(theme.SIDEBAR, window.height()))
    undone: list[bool] = []
    toast.say(f"“{title}” was moved to the bin", lambda: undone.append(True))
    undo = toast.findChild(QPushButton)
    assert undo
    assert undo.isVisible()
    assert lies_inside(window, toast)
    text = toast.findChild(QLabel)
    assert text
    assert text.height() >= text.heightForWidth(text.width())
    assert text.accessibleName() == f"“{title}” was moved to the bin"
    undo.click()
    assert undone
    assert toast.isHidden()


def test_it_makes_room_for_a_line_that_is_being_written(window: QWidget, qtbot: QtBot) -> None:
    editor = LineEditor(Line(Section.DECISIONS, "Hire a second tester"))
    layout = QVBoxLayout(window)
    layout.addStretch(1)
    layout.addWidget(editor)
    editor.show()
    layout.activate()
    toast = Toast(window, lambda: QPoint(0, window.height()))
    toast.say("Line removed", lambda: None)
    assert toast.geometry().intersects(editor.geometry())
    editor.begin()
    qtbot.waitUntil(lambda: not toast.geometry().intersects(editor.geometry()))
    assert lies_inside(window, toast)


def test_of_a_long_title_a_sentence_has_the_beginning_and_the_end() -> None:
    assert messages.short_title("Budget review") == "Budget review"
    short = messages.short_title("Budget review " + "of many words " * 20 + "in May 2026")
    assert len(short) <= messages.TITLE_CHARACTERS
    assert short.startswith("Budget review of")
    assert short.endswith("… words in May 2026"[2:])
    assert "…" in short
