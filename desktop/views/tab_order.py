"""Tab goes through a window as it is read: Qt's own order is that in which the parts were made, the newest last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cmp_to_key
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

_WHOLE = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QTextEdit)
"""Controls whose parts the keyboard does not reach by themselves."""


@runtime_checkable
class Ordered(Protocol):
    """A part whose controls the keyboard goes through in another order than they stand in."""

    def in_order(self) -> Sequence[QWidget]:
        """Its controls, be they in sight or not."""


def go_on(window: QWidget, *, forward: bool) -> bool:
    """Gives the keyboard to the next control of `window`, or the one before; False where it is in none of them."""
    stops = list(controls(window))
    now = window.focusWidget()
    if now and not (now.isVisible() and now.isEnabled()):
        return stay_beside(now)
    # A page that a key has turned to has the keyboard as a whole, before its first control.
    first = next((place for place, one in enumerate(stops) if now and now.isAncestorOf(one)), None)
    if now in stops:
        place = stops.index(now) + (1 if forward else -1)
    elif first is not None:
        place = first if forward else first - 1
    else:
        return False
    control = stops[place % len(stops)]
    control.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    above = control.parentWidget()
    while above is not None and above is not window:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(control)
        above = above.parentWidget()
    return True


def stay_beside(gone: QWidget) -> bool:
    """Gives the keyboard of a control that went or rests to the nearest list, as Qt would to the next field, where keys
    write; False where there is no list.
    """
    above = gone.parentWidget()
    while above is not None:
        for one in above.findChildren(QAbstractItemView):
            if one is not gone and one.isVisible() and one.isEnabled() and not one.isWindow():
                one.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        above = None if above.isWindow() else above.parentWidget()
    return False


def controls(part: QWidget) -> Iterator[QWidget]:
    """What of `part` Tab stops at, line by line from above, and in a line from the left."""
    if part.isEnabled() and part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None:
        yield part
    if isinstance(part, _WHOLE):
        return
    inside = [
        one
        for one in part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if one.isVisible() and not one.isWindow()
    ]
    if isinstance(part, Ordered):
        inside = [one for one in part.in_order() if one.isVisible()]
    else:
        inside.sort(key=cmp_to_key(_read_before))
    for one in inside:
        yield from controls(one)


def _read_before(one: QWidget, other: QWidget) -> int:
    """Negative where `one` is read before `other`: above it, or in the same line to the left of it."""
    here, there = one.geometry(), other.geometry()
    if here.bottom() < there.top():
        return -1
    if there.bottom() < here.top():
        return 1
    return here.left() - there.left()
