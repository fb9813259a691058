"""Both appearances can be read, and the window follows what is chosen."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop import theme
from desktop.theme import DARK, LIGHT, Tokens
from desktop.views.widgets import button, row

GROUNDS = ("window", "surface", "sidebar")
TEXTS = ("text", "text2", "accent_text", "danger_text", "warning", "success")
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS]
PAIRS += [
    ("accent_text", "soft"),
    ("text", "soft"),
    ("text2", "soft"),
    ("text", "selected"),
    ("text2", "selected"),
]
PAIRS += [("accent_text", "selected"), ("on_fill", "accent"), ("on_fill", "danger"), ("window", "text")]


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [QColor(color).redF(), QColor(color).greenF(), QColor(color).blueF()]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_text_stands_out(look: Tokens, text: str, ground: str) -> None:
    first, second = luminance(getattr(look, text)), luminance(getattr(look, ground))
    ratio = (max(first, second) + 0.05) / (min(first, second) + 0.05)
    assert ratio >= 4.5


def test_both_appearances_name_the_same_colors() -> None:
    for field in dataclasses.fields(Tokens):
        if field.name != "dark":
            assert QColor(getattr(LIGHT, field.name)).isValid()
            assert QColor(getattr(DARK, field.name)).isValid()


def test_an_appearance_can_be_forced_and_changed(qapp: QApplication) -> None:
    look = theme.Theme(qapp, "dark")
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    assert theme.tokens() is DARK
    look.use("light")
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
    assert LIGHT.surface in qapp.styleSheet()
    assert "$" not in qapp.styleSheet()
    look.deleteLater()


def test_an_icon_takes_the_color_of_the_appearance(qapp: QApplication) -> None:
    icon = theme.icon("check", "text")
    look = theme.Theme(qapp, "light")
    light = icon.pixmap(32, 32).toImage()
    look.use("dark")
    dark = icon.pixmap(32, 32).toImage()
    assert light != dark
    assert any(light.pixelColor(x, y).alpha() for x in range(32) for y in range(32))
    look.deleteLater()


def test_large_text_fits_into_a_button_beside_a_small_one(qapp: QApplication, qtbot: QtBot) -> None:
    usual = qapp.font()
    large = QFont(usual)
    large.setPointSizeF(2 * usual.pointSizeF())
    try:
        qapp.setFont(large)
        look = theme.Theme(qapp, "light")
        bar, words, small = QWidget(), button("Import", icon="export"), button("", icon="x", tip="Close")
        qtbot.addWidget(bar)
        bar.setLayout(row(words, small))
        bar.show()
        bar.resize(bar.minimumSizeHint())
        assert words.height() > words.fontMetrics().height() < small.height()
        assert small.iconSize().height() > theme.ROW_ICON
    finally:
        qapp.setFont(usual)
        look.use("dark")  # dressed for the usual size again
        look.deleteLater()
