"""The look, from one set of tokens: palette, style sheet, icons; light or dark as the system or the person says.

No colour and no size of type or space stands anywhere else. Contrast: every text colour is at least
4.5:1 on every ground (WCAG 2.2 AA), but for danger and success on a selected row, where they are not used.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from string import Template

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetrics,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QWindow,
)
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from core import paths


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one appearance."""

    dark: bool
    window: str
    surface: str
    sidebar: str
    line: str
    text: str
    text2: str
    accent: str
    accent_text: str
    soft: str
    selected: str
    danger: str
    danger_text: str
    warning: str
    success: str
    on_fill: str = "#FFFFFF"

    def color(self, name: str, opacity: float = 1.0) -> QColor:
        """The colour called `name`, `opacity` from 0 to 1."""
        color = QColor(getattr(self, name))
        color.setAlphaF(opacity)
        return color


LIGHT = Tokens(
    dark=False,
    window="#F7F7F8",
    surface="#FFFFFF",
    sidebar="#F0F0F3",
    line="#E0E1E6",
    text="#1C2024",
    text2="#60646C",
    accent="#3E63DD",
    accent_text="#3A5BC7",
    soft="#EDF2FE",
    selected="#DDE4FF",
    danger="#CE2C31",
    danger_text="#CE2C31",
    warning="#935700",
    success="#1E7B52",
)
DARK = Tokens(
    dark=True,
    window="#111113",
    surface="#18191B",
    sidebar="#141518",
    line="#2E3135",
    text="#EDEEF0",
    text2="#B0B4BA",
    accent="#3E63DD",
    accent_text="#9EB1FF",
    soft="#182449",
    selected="#1D2E62",
    danger="#CE2C31",
    danger_text="#FF9592",
    warning="#FFCA16",
    success="#3DD68C",
)

SPEAKERS = ("#3E63DD", "#D6409F", "#30A46C", "#F76B15", "#8E4EC6", "#00A2C7", "#AD7F58", "#E54666")
"""Dots and strips of speakers, in both appearances; never text."""

# Pixels.
SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8 = 4, 8, 12, 16, 24, 32
CORNER = 8
CHIP_CORNER = 6
BAR = 48
HIT = 28
TOAST_LEAST = 260
ROW = 56
WAVEFORM = 64
DOT_SHARE = 0.75
TALK_BAR = 10
STRIP = 3
RING, RING_GAP = 2, 2
TAB_GAP = 20
DAY_ROW = 36
ROW_ICON, BAR_ICON = 16, 20
SIDEBAR = 300
SEARCH_LEAST, SEARCH_MOST = 180, 420
WINDOW_SIZE = QSize(1180, 760)
LOG_WINDOW = QSize(860, 520)
SMALLEST_WINDOW = QSize(860, 560)

LINE_HEIGHT = 1.45
LINE_CHARACTERS = 78
FRAMES_PER_SECOND = 30
TOAST_MILLISECONDS = 6000

DISABLED = 0.6
"""How much of the secondary text's colour is left where something cannot be done now."""

_TITLE, _HEADING, _META = 7, 2, -1

_USUAL_LINE = 18
"""Pixels of a line of text in the usual size, for which the sizes above are meant."""

_tokens = LIGHT


def tokens() -> Tokens:
    """The colours in use."""
    return _tokens


class Theme(QObject):
    """Gives the application its look and keeps it as the system or the person wants it."""

    def __init__(
        self, app: QApplication, appearance: str, parent: QObject | None = None, *, bare: bool = False
    ) -> None:
        """`appearance` is 'light', 'dark' or 'system'. While it is `bare` no style sheet is set, until `finish`."""
        super().__init__(parent)
        self._app = app
        self._bare = bare
        self._by_key = False
        self._keys_last = True  # rather than the mouse
        self._appearance = ""
        app.setStyle("Fusion")
        app.setWindowIcon(QIcon(str(paths.RESOURCES / "icons" / "app.svg")))
        app.styleHints().colorSchemeChanged.connect(self._dress)
        app.focusChanged.connect(self._mark_focus)
        app.focusWindowChanged.connect(self._watch)
        self.use(appearance)

    def use(self, appearance: str) -> None:
        """Follows `appearance` from now on: 'light', 'dark' or 'system'."""
        if appearance == self._appearance:
            return
        self._appearance = appearance
        scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(appearance)
        # The system's own parts (title bar, file dialogs) follow this; platforms without it ignore it.
        self._app.styleHints().setColorScheme(scheme or Qt.ColorScheme.Unknown)
        self._dress()

    def finish(self) -> None:
        """Gives what was made bare its style sheet: once for all, which takes a third less than for each part."""
        self._bare = False
        self._dress()

    def _dress(self) -> None:
        global _tokens  # noqa: PLW0603  one application, one look
        dark = (
            self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
            if self._appearance not in {"light", "dark"}
            else self._appearance == "dark"
        )
        _tokens = DARK if dark else LIGHT
        self._app.setPalette(_palette(_tokens))
        sheet = "" if self._bare else _style_sheet(_tokens, _base_size())
        if sheet and sheet != self._app.styleSheet():  # it is applied to every widget anew
            self._app.setStyleSheet(sheet)

    def _mark_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """A ring shows the focus where a key has brought it."""
        # A window that has just come to the front (old is None) was brought there by what was used last.
        if old is not None and new is not None:
            self._by_key = self._keys_last and QApplication.mouseButtons() == Qt.MouseButton.NoButton
        for widget, ring in ((old, False), (new, self._by_key)):
            if widget is not None:
                show_ring(widget, on=ring)

    def _watch(self, window: QWindow | None) -> None:
        """Sees from now on what is used in a window."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Notes whether the keys or the mouse were used last; a click may move the keyboard once it is over."""
        keys = {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}
        if event.type() in keys | {QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}:
            self._keys_last = event.type() in keys
        return False


def moves() -> bool:
    """Whether the system wants things to move."""
    app = QApplication.instance()
    return isinstance(app, QApplication) and bool(
        app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
    )


def show_ring(widget: QWidget, *, on: bool) -> None:
    """Shows the ring of the keyboard around what has it, or no more."""
    if bool(widget.property("ring")) != on:
        widget.setProperty("ring", on)
        restyle(widget)


def restyle(widget: QWidget) -> None:
    """Applies the style sheet again after a property it asks for has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


# --- type ----------------------------------------------------------------------------------------


def _base_size() -> float:
    size = QApplication.font().pointSizeF()
    return size if size > 0 else 10.0


def font(difference: float = 0, *, heading: bool = False) -> QFont:
    """The system's font, `difference` points larger, with figures of one width."""
    made = QFont(QApplication.font())
    made.setPointSizeF(_base_size() + difference)
    if heading:
        made.setWeight(QFont.Weight.DemiBold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def meta_font() -> QFont:
    """The font of what stands beside the text: times, states, dates."""
    return font(_META)


def grown(pixels: int) -> int:
    """As many pixels as `pixels` are beside text of the usual size, where the system's text is larger."""
    return max(pixels, round(pixels * QFontMetrics(QApplication.font()).height() / _USUAL_LINE))


# --- palette and style sheet ---------------------------------------------------------------------


def _palette(look: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for target, name in (
        (role.Window, "window"),
        (role.Base, "surface"),
        (role.AlternateBase, "sidebar"),
        (role.Button, "surface"),
        (role.ToolTipBase, "surface"),
        (role.WindowText, "text"),
        (role.Text, "text"),
        (role.ButtonText, "text"),
        (role.ToolTipText, "text"),
        (role.BrightText, "on_fill"),
        (role.PlaceholderText, "text2"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_fill"),
        (role.Accent, "accent"),
        (role.Link, "accent_text"),
        (role.Mid, "line"),
        (role.Midlight, "line"),
        (role.Light, "line"),
        (role.Dark, "text2"),
        (role.Shadow, "window"),
    ):
        palette.setColor(target, look.color(name))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, look.color("text2", DISABLED))
    return palette


def _style_sheet(look: Tokens, base: float) -> str:
    template = Template((paths.RESOURCES / "style.qss").read_text(encoding="utf-8"))
    faint = look.color("text2", DISABLED)
    record_ground = look.color("danger", 0.10)
    line = QFontMetrics(QApplication.font()).height()
    return template.substitute(
        {name: str(value) for name, value in dataclasses.asdict(look).items()},
        icons=(paths.RESOURCES / "icons").as_posix(),
        title_size=f"{base + _TITLE}pt",
        heading_size=f"{base + _HEADING}pt",
        meta_size=f"{base + _META}pt",
        disabled=f"rgba({faint.red()}, {faint.green()}, {faint.blue()}, {DISABLED:.0%})",
        record_ground=f"rgba({record_ground.red()}, {record_ground.green()}, {record_ground.blue()}, 10%)",
        # A least height that is given counts for more than what the text needs: it must not be less.
        **{f"high_{height}": f"{max(height, line)}px" for height in (18, 20, 24, 26, 28)},
        icon_size=f"{grown(ROW_ICON)}px",
        arrow_size=f"{grown(12)}px",
        scroller=f"{4 * grown(ROW_ICON)}px",
        tab_gap=str(TAB_GAP),
        hover="rgba(255, 255, 255, 7%)" if look.dark else "rgba(0, 0, 0, 5%)",
    )


# --- icons ---------------------------------------------------------------------------------------


@cache
def _glyphs() -> tuple[str, dict[str, str]]:
    """The family of Phosphor's font, which QtAwesome brings along, and its characters' numbers (hexadecimal) by name.

    QtAwesome's own code imports more of Qt than all of this window, which would paint a tenth of a second later.
    """
    package = find_spec("qtawesome")
    if package is None or package.origin is None:
        raise ImportError("qtawesome")
    fonts = Path(package.origin).parent / "fonts"
    font, names = (
        next(fonts.glob(pattern)) for pattern in ("phosphor-[0-9]*.ttf", "phosphor-charmap-*.json")
    )
    family = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font)))[0]
    codes: dict[str, str] = json.loads(names.read_text(encoding="utf-8"))
    return family, codes


class _Glyph(QIconEngine):
    """A glyph drawn in the colour that is right when it is painted."""

    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draws it into `rect`."""
        hovered = mode in {QIcon.Mode.Active, QIcon.Mode.Selected} and self._color == "text2"
        color = _tokens.color("text" if hovered else self._color)
        if mode == QIcon.Mode.Disabled:
            color.setAlphaF(0.5)
        painter.save()
        painter.setPen(color)
        family, codes = _glyphs()
        font = QFont(family)
        font.setPixelSize(max(1, min(rect.width(), rect.height())))
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, chr(int(codes[self._name], 16)))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """It alone, on nothing."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap


def icon(name: str, color: str = "text2") -> QIcon:
    """Phosphor's glyph `name` in the token `color`; it follows the appearance by itself."""
    return QIcon(_Glyph(name, color))


class _Dot(QIconEngine):
    """A round spot in a speaker's colour."""

    def __init__(self, color: str) -> None:
        super().__init__()
        self._color = color

    def paint(self, painter: QPainter, rect: QRect, _mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draws it into the middle of `rect`."""
        side = min(rect.width(), rect.height()) * DOT_SHARE
        spot = QRectF(0, 0, side, side)
        spot.moveCenter(QRectF(rect).center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._color))
        painter.drawEllipse(spot)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """It alone, on nothing."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap


def speaker_color(colour: int) -> QColor:
    """The colour of the speaker who has this place among the colours."""
    return QColor(SPEAKERS[colour % len(SPEAKERS)])


def speaker_dot(colour: int) -> QIcon:
    """A spot in that colour."""
    return QIcon(_Dot(SPEAKERS[colour % len(SPEAKERS)]))


def picture(size: int) -> QPixmap:
    """The program's own icon, `size` pixels wide and high."""
    return QIcon(str(paths.RESOURCES / "icons" / "app.svg")).pixmap(size, size)
