"""The guide of the program, read without a browser and without a network."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget

from core import messages, paths
from core.messages import _
from desktop import theme
from desktop.views.widgets import column, fit

_FILES = {"en": "guide.md", "fr": "fr/README.md"}


class _Pages(QTextBrowser):
    """Shows pictures no wider than the text."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture at the size it is shown in, or what else belongs to the text."""
        found = super().loadResource(kind, name)
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return found
        picture = QImage(self.document().baseUrl().resolved(QUrl(name)).toLocalFile())
        room = theme.LOG_WINDOW.width() - 3 * theme.SPACE_6
        return picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)


class Guide(QDialog):
    """Shows it in the language of the window; its links lead to the other documents, or to the browser."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Guide"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = _Pages()
        self.text.setAccessibleName(_("Guide"))
        self.text.setOpenExternalLinks(True)
        self.text.document().setDocumentMargin(theme.SPACE_6)
        self.text.setSource(QUrl.fromLocalFile(str(paths.GUIDES / _FILES[messages.language()])))
        layout = column(self.text, space=0)
        self.setLayout(layout)
        fit(self, theme.LOG_WINDOW)
