"""Large text in a narrow page: words wrap, fields shrink, and what stands beside goes below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QCheckBox, QLabel, QLayout, QPushButton, QWidget

Back = Callable[[], object]


def narrow(part: QWidget, room: int) -> list[Back]:
    """Has nothing in `part` need more than `room` pixels, as far as that can be; what takes this back."""
    done: list[Back] = []
    for one in part.findChildren(QWidget):
        if isinstance(one, QLabel) and not one.wordWrap() and one.minimumSizeHint().width() > room:
            one.setWordWrap(True)
            done.append(partial(one.setWordWrap, False))
        elif isinstance(one, (QPushButton, QCheckBox)) and one.text() and one.sizeHint().width() > room:
            broken = _broken(one, room)
            if broken != one.text():
                done.append(partial(_join, one, broken))
                one.setText(broken)
        elif one.layout() and one.minimumWidth() > room:
            done.append(partial(one.setMinimumWidth, one.minimumWidth()))
            one.setMinimumWidth(0)  # what is inside tells
        elif one.layout() is None and one.maximumWidth() > room and _least(one) > room:
            done.append(partial(_widen, one, one.minimumWidth(), one.maximumWidth()))
            one.setMinimumWidth(min(one.minimumWidth(), room))
            one.setMaximumWidth(room)
    if layout := part.layout():
        done += _turned(layout, room)
    return done


def _least(one: QWidget) -> int:
    return max(one.minimumWidth(), one.minimumSizeHint().width())


def _widen(field: QWidget, least: int, most: int) -> None:
    """Gives a field the width it had, unless it was given another one since."""
    if field.maximumWidth() < most:
        field.setMinimumWidth(least)
        field.setMaximumWidth(most)


def _broken(button: QAbstractButton, room: int) -> str:
    """The words of a button below each other, as they need it."""
    metrics = QFontMetrics(button.font())
    beside = button.sizeHint().width() - max(map(metrics.horizontalAdvance, button.text().split("\n")))
    lines: list[str] = []
    for word in button.text().split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= room - beside:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def _join(button: QAbstractButton, broken: str) -> None:
    """Has them stand in one line again, unless it says something else since."""
    if button.text() == broken:
        button.setText(broken.replace("\n", " "))


def _turned(layout: QLayout, room: int) -> Iterator[Back]:
    """Turns the lines of a layout, the inner ones first, that need more room; what takes that back, for each."""
    margins = layout.contentsMargins()
    inside = room - margins.left() - margins.right()
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget = item.widget() if item else None
        if inner := (item.layout() if item else None) or (widget.layout() if widget else None):
            yield from _turned(inner, inside)
    way = QBoxLayout.Direction
    if (
        isinstance(layout, QBoxLayout)
        and layout.direction() is way.LeftToRight
        and layout.minimumSize().width() > room
    ):
        layout.setDirection(way.TopToBottom)
        yield partial(layout.setDirection, way.LeftToRight)
        for place in range(layout.count()):
            item = layout.itemAt(place)
            widget = item.widget() if item else None
            if widget is None and layout.stretch(place):  # it would stretch the page
                yield partial(layout.setStretch, place, layout.stretch(place))
                layout.setStretch(place, 0)
            elif isinstance(widget, QPushButton):
                yield partial(layout.setAlignment, widget, Qt.AlignmentFlag(0))
                layout.setAlignment(widget, Qt.AlignmentFlag.AlignLeft)
