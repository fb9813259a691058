"""Printing in a small process of its own: laying out a long meeting takes Qt seconds, during which no window may stand.

The process is this same program under the hidden verb `print`. It gets the page and what was chosen in the print
dialog as JSON, and ends with 0 once the printer, or the file, has all of it.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

VERB = "print"
_FACTS = ("copyCount", "collateCopies", "fromPage", "toPage", "resolution", "fullPage")
"""What is told of a printer as it is; each has a setter of its name."""
_CHOICES = {
    "colorMode": "ColorMode",
    "duplex": "DuplexMode",
    "pageOrder": "PageOrder",
    "printRange": "PrintRange",
    "paperSource": "PaperSource",
    "outputFormat": "OutputFormat",
}
"""What is told by the number of an enumeration of `QPrinter`."""


def options(printer: QPrinter) -> dict[str, Any]:
    """What was chosen in the print dialog, as JSON."""
    layout = printer.pageLayout()
    size, margins = layout.pageSize(), layout.margins()
    return {
        "name": printer.docName(),
        "printer": printer.printerName(),
        "file": str(Path(printer.outputFileName()).absolute()) if printer.outputFileName() else "",
        "size": [size.sizePoints().width(), size.sizePoints().height(), size.name()],
        "landscape": layout.orientation().value,
        "margins": [margins.left(), margins.top(), margins.right(), margins.bottom(), layout.units().value],
        **{name: getattr(printer, name)() for name in _FACTS},
        **{name: getattr(printer, name)().value for name in _CHOICES},
    }


def send(chosen: dict[str, Any], html: str) -> bool:
    """Has the page printed in a process of its own; whether that went well. Takes seconds: for a lane's thread."""
    import subprocess  # not before the first painting

    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, VERB] if frozen else [sys.executable, "-m", "desktop", VERB]
    asked = json.dumps({"chosen": chosen, "html": html}).encode()
    folder = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        command, input=asked, cwd=folder, env=_surroundings(), capture_output=True, check=False
    )
    return done.returncode == 0


def _surroundings() -> dict[str, str]:
    """No window, and no sign of another program: it paints pages alone."""
    found = dict(os.environ, QT_MAC_DISABLE_FOREGROUND_APPLICATION_TRANSFORM="1")
    if sys.platform.startswith("linux"):
        found["QT_QPA_PLATFORM"] = "offscreen"
    return found


# --- the process -----------------------------------------------------------------------------------


def run() -> int:
    """Prints what stands in standard input; the exit status."""
    from PySide6.QtGui import QTextDocument
    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QApplication

    asked = json.load(sys.stdin.buffer)
    application = QApplication([])
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    _choose(printer, asked["chosen"])
    document = QTextDocument()
    document.setHtml(asked["html"])
    document.print_(printer)
    failed = printer.printerState() in {QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted}
    written = not printer.outputFileName() or Path(printer.outputFileName()).is_file()
    del document, printer, application
    return 0 if written and not failed else 1


def _choose(printer: QPrinter, chosen: dict[str, Any]) -> None:
    """Makes `printer` what `options` told of another one."""
    from PySide6.QtCore import QMarginsF, QSizeF
    from PySide6.QtGui import QPageLayout, QPageSize
    from PySide6.QtPrintSupport import QPrinter

    if chosen["printer"]:
        printer.setPrinterName(chosen["printer"])
    if chosen["file"]:
        printer.setOutputFileName(chosen["file"])
    printer.setDocName(chosen["name"])
    width, height, name = chosen["size"]
    size = QPageSize(QSizeF(width, height), QPageSize.Unit.Point, name)
    *edges, units = chosen["margins"]
    printer.setPageLayout(
        QPageLayout(
            size,
            QPageLayout.Orientation(chosen["landscape"]),
            QMarginsF(*edges),
            QPageLayout.Unit(units),
        )
    )
    for name in (*_FACTS, *_CHOICES):
        value = chosen[name]
        if name in _CHOICES:
            value = getattr(QPrinter, _CHOICES[name])(value)
        if name not in {"fromPage", "toPage"}:
            # What this printer does not know of stays as it is.
            with suppress(ValueError, TypeError):
                getattr(printer, f"set{name[0].upper()}{name[1:]}")(value)
    if chosen["fromPage"]:
        printer.setFromTo(chosen["fromPage"], chosen["toPage"])
