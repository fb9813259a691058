"""What somebody said, wrote or named, shown as it is: Qt takes some of it for markup, some for the mark of a key."""

from __future__ import annotations

from PySide6.QtGui import Qt


def plain(text: str) -> str:
    """`text` for a tool tip that shows it as it is: what a title has in angle brackets is neither obeyed nor loaded."""
    if not Qt.mightBeRichText(text):
        return text
    from html import escape  # not before the first painting

    return f"<span>{escape(text)}</span>".replace("\n", "<br>")


def verbatim(text: str) -> str:
    """`text` for a button or menu that shows its "&" as it is, and makes no key of the letter behind it."""
    return text.replace("&", "&&")
