"""The text of a segment as Qt draws it: in lines, with the words that are marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout, QTextOption

from core import editing
from core.values import LiveText, Segment
from desktop import theme

UNSURE = 0.4
"""Probability of a word below which it is underlined."""


def lay_out(
    text: str, font: QFont, width: int, formats: Sequence[QTextLayout.FormatRange]
) -> tuple[QTextLayout, int]:
    """A text in lines `width` pixels wide, and the height of all."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(formats)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        air = line.height() * (theme.LINE_HEIGHT - 1)
        line.setPosition(QPointF(0, height + air / 2))
        height += line.height() + air
    layout.endLayout()
    return layout, round(height)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end; their places are those of `core.editing.spoken`."""
    spans, place = [], 0
    for word in text.split():
        begins = text.index(word, place)
        place = begins + len(word)
        spans.append((begins, place))
    return spans


def underlined(said: Segment | LiveText, text: str) -> list[QTextLayout.FormatRange]:
    """A dotted line under each word that was hardly understood, where the person has not written the text."""
    if not isinstance(said, Segment) or not said.words:
        return []
    words, spans = editing.spoken(said), word_spans(text)
    if (said.edited and words is not said.words) or len(words) != len(spans):
        return []
    return [
        marked(text, span, under=theme.tokens().color("warning"))
        for word, span in zip(words, spans, strict=True)
        if word.probability < UNSURE
    ]


def marked(
    text: str,
    span: tuple[int, int],
    *,
    ground: QColor | None = None,
    color: QColor | None = None,
    under: QColor | None = None,
) -> QTextLayout.FormatRange:
    """How a part of a text is drawn."""
    look = QTextCharFormat()
    if ground:
        look.setBackground(ground)
    if color:
        look.setForeground(color)
    if under:
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        look.setUnderlineColor(under)
    made = QTextLayout.FormatRange()
    start, end = span
    # Qt counts in UTF-16.
    made.start, made.length = (len(part.encode("utf-16-le")) // 2 for part in (text[:start], text[start:end]))
    made.format = look
    return made
