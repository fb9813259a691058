"""Controls by themselves: the wheel over them, what they say of names, how easy they are to hit."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QSpinBox,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop import theme, tips
from desktop.ring import Rings
from desktop.views import tab_order
from desktop.views.waveform import Waveform
from desktop.views.widgets import button, choice, clearable, number


def turn_wheel(over: QWidget) -> None:
    window = over.window()
    QTest.wheelEvent(window.windowHandle(), over.mapTo(window, over.rect().center()), QPoint(0, -120))


def test_the_wheel_scrolls_the_page_and_changes_no_field_that_is_not_in_use(qtbot: QtBot) -> None:
    area, page = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    box, count = choice(), number(QSpinBox())
    box.addItems(["offline", "Mistral AI", "another server"])
    page.setLayout(QVBoxLayout())
    for part in (box, count):
        page.layout().addWidget(part)  # type: ignore[union-attr]
    page.setFixedHeight(2000)
    area.setWidget(page)
    area.show()
    area.setFocus()
    for field in (box, count):
        area.ensureWidgetVisible(field)
        before = area.verticalScrollBar().value()
        turn_wheel(field)
        assert (box.currentIndex(), count.value()) == (0, 0)
        assert area.verticalScrollBar().value() > before
        assert not field.hasFocus()
    with qtbot.waitActive(area):
        area.activateWindow()
    box.setFocus()
    area.ensureWidgetVisible(box)
    turn_wheel(box)
    assert box.currentIndex() == 1


def test_a_tip_says_a_title_as_it_is() -> None:
    assert tips.plain("Budget review\n10:02") == "Budget review\n10:02"
    assert tips.plain("a < b, R&D") == "a < b, R&D"
    odd = tips.plain("odd <b>title</b> <img src='file:x'>\n10:02")
    assert "<b>" not in odd
    assert "<img" not in odd
    assert "&lt;b&gt;title" in odd
    assert "<br>10:02" in odd


def test_the_cross_of_a_field_is_high_enough_to_hit(qtbot: QtBot) -> None:
    field = QLineEdit("budget")
    qtbot.addWidget(field)
    clearable(field)
    field.resize(200, 32)
    field.show()
    cross = field.findChild(QToolButton)
    assert cross
    assert cross.height() == theme.HIT
    assert field.rect().contains(cross.geometry())
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton, pos=QPoint(cross.width() // 2, 2))
    assert field.text() == ""


def test_the_keyboard_of_what_goes_comes_to_the_list_beside_it_and_to_no_field(qtbot: QtBot) -> None:
    class Window(QWidget):
        def focusNextPrevChild(self, forward: bool) -> bool:
            return tab_order.go_on(self, forward=forward) or super().focusNextPrevChild(forward)

    window, goes, title, rows = Window(), button("Pause"), QLineEdit("Stand-up"), QListWidget()
    qtbot.addWidget(window)
    window.setLayout(QVBoxLayout())
    for part in (goes, title, rows):
        window.layout().addWidget(part)  # type: ignore[union-attr]
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    goes.setFocus()
    goes.hide()
    assert window.focusWidget() is rows
    goes.show()
    goes.setFocus()
    goes.setEnabled(False)
    assert window.focusWidget() is rows


def test_the_line_of_what_is_heard_is_drawn_anew_from_where_it_stood(qtbot: QtBot) -> None:
    shape = Waveform()
    qtbot.addWidget(shape)
    shape.resize(400, theme.WAVEFORM)
    shape.show_meeting(4000.0)
    shape.show()
    qtbot.waitExposed(shape)
    asked: list[int] = []
    update = shape.update
    shape.update = lambda *place: (asked.append(place[0].left()), update(*place))  # type: ignore[assignment, method-assign, func-returns-value]
    for step in range(1, 12):
        shape.set_second(step * 4.0)  # 0.4 pixels each
    assert asked
    assert asked[0] <= 0
    for before, after in pairwise(asked):
        assert after <= before + 1  # no step goes without the place that the one before had drawn


def test_a_key_lays_a_ring_around_a_control_and_a_click_takes_it_away(
    qapp: QApplication, qtbot: QtBot
) -> None:
    page, first, second, tabs = QWidget(), button("Import"), button("Record", kind="danger"), QTabBar()
    for name in ("Summary", "Transcript"):
        tabs.addTab(name)
    qtbot.addWidget(page)
    look, rings = theme.Theme(qapp, "light"), Rings(qapp, page)
    layout = QVBoxLayout(page)
    layout.addWidget(first)
    layout.addWidget(second)
    layout.addWidget(tabs)
    page.show()
    with qtbot.waitActive(page):
        page.activateWindow()

    def ring() -> QWidget | None:
        return next((one for one in page.findChildren(QWidget, "ring") if one.isVisible()), None)

    first.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.mouseClick(page.windowHandle(), Qt.MouseButton.LeftButton, pos=first.geometry().center())
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_Tab)
    assert page.focusWidget() is second
    shown = ring()
    assert shown
    out = theme.RING + theme.RING_GAP
    assert shown.geometry() == second.geometry().adjusted(-out, -out, out, out)
    layout.insertSpacing(0, 40)
    layout.activate()
    assert shown.geometry() == second.geometry().adjusted(-out, -out, out, out)
    # Of tabs it is around the one that is shown.
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_Tab)
    for place in (0, 1):
        around = ring()
        assert around
        tab = tabs.tabRect(place).translated(tabs.pos())
        assert around.geometry() == tab.adjusted(-out, -out, out - theme.TAB_GAP, out)
        QTest.keyClick(page.windowHandle(), Qt.Key.Key_Right)
    QTest.mouseClick(page.windowHandle(), Qt.MouseButton.LeftButton, pos=first.geometry().center())
    first.setFocus()
    assert ring() is None
    rings.deleteLater()
    look.deleteLater()
