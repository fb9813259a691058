"""Tool tips that say what somebody said, wrote or named: never read as markup, which Qt guesses from the text."""

from __future__ import annotations

from PySide6.QtGui import Qt


def plain(text: str) -> str:
    """`text` for a tool tip that shows it as it is: what a title has in angle brackets is neither obeyed nor loaded."""
    if not Qt.mightBeRichText(text):
        return text
    from html import escape  # not before the first painting

    return f"<span>{escape(text)}</span>".replace("\n", "<br>")
