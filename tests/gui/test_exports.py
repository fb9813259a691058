"""The export sheet as a person uses it: ticks, preview, files; the clipboard; several meetings at once."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QMarginsF, Qt
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from core.store import Store
from core.values import MeetingId, Source
from desktop import printing
from desktop.printing import options
from desktop.views.export_sheet import ExportSheet
from desktop.views.main_window import MainWindow
from desktop.views.parts_sheet import PartsSheet
from desktop.views.settings.backup import BackupPage
from desktop.views.settings.exports import ExportPage
from tests.gui.hands import button, choose_in_dialog, click, sentences, titles, wait_for
from tests.sound_files import make, tone


@pytest.fixture
def sheet(page: MainWindow, qtbot: QtBot, tmp_path: Path) -> ExportSheet:
    """The sheet on the finished meeting; it writes to a folder that does not exist yet."""
    page.commands.change_settings(export_folder=str(tmp_path / "out"))
    page.actions_.export.trigger()
    return opened(page, qtbot)


def opened(window: MainWindow, qtbot: QtBot) -> ExportSheet:
    wait_for(qtbot, lambda: window.findChild(ExportSheet))
    found = window.findChild(ExportSheet)
    assert found
    wait_for(qtbot, lambda: found.formats.count() and found.preview.toPlainText())
    return found


def choose(qtbot: QtBot, sheet: ExportSheet, name: str, *, tick: bool = False) -> None:
    """Goes to a format in the list, and ticks it by the keyboard."""
    (item,) = sheet.formats.findItems(name, Qt.MatchFlag.MatchExactly)
    sheet.formats.setFocus()
    sheet.formats.setCurrentItem(item)
    if tick:
        qtbot.keyClick(sheet.formats, Qt.Key.Key_Space)


def test_what_is_ticked_is_shown_and_written(
    page: MainWindow, sheet: ExportSheet, qtbot: QtBot, tmp_path: Path
) -> None:
    assert "## Decisions" in sheet.preview.toPlainText()
    click(qtbot, sheet.boxes["decisions"])
    wait_for(qtbot, lambda: "## Decisions" not in sheet.preview.toPlainText())
    choose(qtbot, sheet, "Web page", tick=True)
    wait_for(qtbot, lambda: "##" not in sheet.preview.toPlainText())  # as a page
    assert "Send the test report" in sheet.preview.toPlainText()
    choose(qtbot, sheet, "Sound, compressed (MP3)")
    wait_for(qtbot, lambda: sheet.preview.toPlainText() == "This meeting has no sound.")
    assert sheet.chosen() == ("md", "html")
    click(qtbot, sheet.export)
    written = [tmp_path / "out" / f"2026-03-10 Release.{kind}" for kind in ("md", "html")]
    wait_for(qtbot, lambda: all(path.exists() for path in written))
    wait_for(qtbot, lambda: "2 files in" in sheet.told.text())
    text = written[0].read_text(encoding="utf-8")
    assert "## Action items" in text
    assert "## Decisions" not in text
    assert page.commands.settings.export_without == ("decisions",)
    assert page.commands.settings.export_formats == ("md", "html")
    # Once more: nothing is written over.
    wait_for(qtbot, sheet.export.isEnabled)
    click(qtbot, sheet.export)
    wait_for(qtbot, lambda: (tmp_path / "out" / "2026-03-10 Release (2).md").exists())
    wait_for(qtbot, sheet.export.isEnabled)


def test_nothing_ticked_nothing_written(sheet: ExportSheet, qtbot: QtBot) -> None:
    choose(qtbot, sheet, "Markdown", tick=True)
    assert not sheet.export.isEnabled()


def test_a_folder_that_cannot_be_written(
    page: MainWindow, sheet: ExportSheet, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "out").touch()
    click(qtbot, sheet.export)
    wait_for(qtbot, lambda: "Nothing can be written" in sentences(page.problems))
    assert sheet.export.isEnabled()


def test_several_meetings_at_once(page: MainWindow, store: Store, qtbot: QtBot, tmp_path: Path) -> None:
    second = store.add_meeting("Budget", datetime(2026, 3, 9, 9, tzinfo=UTC), Source.IMPORT)
    wait_for(qtbot, lambda: page.library.model.index_of(second).isValid())
    page.library.list.selectionModel().select(
        page.library.model.index_of(second), QItemSelectionModel.SelectionFlag.Select
    )
    assert [meeting.title for meeting in page.library.selected()] == ["Release", "Budget"]
    page.commands.change_settings(export_folder=str(tmp_path / "out"), export_formats=("txt",))
    page.actions_.export.trigger()
    sheet = opened(page, qtbot)
    assert sheet.windowTitle() == "Export 2 meetings"
    click(qtbot, sheet.export)
    names = {"2026-03-10 Release.txt", "2026-03-09 Budget.txt"}
    wait_for(
        qtbot,
        lambda: (tmp_path / "out").is_dir() and {one.name for one in (tmp_path / "out").iterdir()} == names,
    )
    wait_for(qtbot, lambda: "2 files in" in sheet.told.text())
    click(qtbot, button(sheet, "Close"))


def test_copying_with_layout(page: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    page.actions_.copy_rich.trigger()
    wait_for(qtbot, lambda: "Move the release to April" in QGuiApplication.clipboard().text())
    data = QGuiApplication.clipboard().mimeData()
    assert re.search("<h2[^>]*>.*Decisions.*</h2>", data.html())
    assert "<" not in data.text()


def test_printing_asks_for_a_printer_and_prints(page: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page.actions_.print_out.trigger()

    def asked() -> QDialog | None:
        return next(
            (one for one in page.findChildren(QDialog) if one.isVisible() and one.windowTitle() == "Print"),
            None,
        )

    wait_for(qtbot, asked)
    dialog = asked()
    assert isinstance(dialog, QPrintDialog)
    file = tmp_path / "printed.pdf"
    dialog.printer().setOutputFileName(str(file))
    chosen = options(dialog.printer())
    dialog.done(QDialog.DialogCode.Accepted)
    wait_for(qtbot, lambda: "Printed to “printed.pdf”" in sentences(page))
    assert file.read_bytes().startswith(b"%PDF-")

    # A printer that takes nothing is told of.
    page.commands.print_out(chosen | {"file": str(tmp_path / "no" / "folder.pdf")}, "x")
    wait_for(qtbot, lambda: "could not be printed" in sentences(page))


def test_what_is_chosen_reaches_the_printer(qapp: QApplication, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    printer.setPageMargins(QMarginsF(10, 20, 30, 40), QPageLayout.Unit.Millimeter)
    printer.setColorMode(QPrinter.ColorMode.GrayScale)
    printer.setFromTo(2, 3)
    printer.setDocName("Budget")
    wanted = json.loads(json.dumps(options(printer)))
    other = QPrinter(QPrinter.PrinterMode.HighResolution)
    printing._choose(other, wanted)
    assert options(other) == options(printer)


def test_a_long_meeting_on_the_clipboard_does_not_hold_the_window_up(
    page: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing lays it out here: that alone would take half a second.
    monkeypatch.setattr("PySide6.QtGui.QTextDocument.setHtml", lambda *_given: pytest.fail("laid out"))
    long = "<p>somebody said this</p>" * 10_000
    page.commands.copied.emit("plain", long)
    data = QGuiApplication.clipboard().mimeData()
    assert (data.text(), len(data.html())) == ("plain", len(long))


def test_a_mail_gets_the_pdf(
    page: MainWindow, qtbot: QtBot, finished: MeetingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, list[str]]] = []
    monkeypatch.setattr("desktop.commands.exports.sys.platform", "linux")
    monkeypatch.setattr("desktop.commands.exports.shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(
        "desktop.commands.exports.QProcess.startDetached", lambda *command: sent.append(command)
    )
    page.actions_.send.trigger()
    wait_for(qtbot, lambda: sent)
    ((program, arguments),) = sent
    assert program == "/bin/xdg-email"
    assert arguments[:3] == ["--utf8", "--subject", "Release"]
    assert Path(arguments[-1]).read_bytes().startswith(b"%PDF-")


def test_what_comes_into_a_folder_is_taken_in(
    page: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.meetings.automation.SETTLED_SECONDS", 0.05)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    page.dialogs.open_settings(ExportPage)
    wait_for(qtbot, lambda: page.findChild(ExportPage))
    settings = page.findChild(ExportPage)
    assert settings
    wait_for(qtbot, settings.formats.count)
    (word,) = settings.formats.findItems("Word document", Qt.MatchFlag.MatchExactly)
    settings.formats.setFocus()
    settings.formats.setCurrentItem(word)
    qtbot.keyClick(settings.formats, Qt.Key.Key_Space)
    assert page.commands.settings.keep_formats == ("md", "docx")
    settings.watch.keep(str(inbox))
    wait_for(qtbot, lambda: (page.commands.places.root / "watched.json").exists())
    page.commands._inbox.setInterval(100)
    make(inbox / "Stand-up.flac", "flac", tone(1.0))
    wait_for(qtbot, lambda: "Stand-up" in titles(page))
    click(qtbot, settings.watch.clear)
    assert page.commands.settings.watch_folder == ""


def test_a_backup_brings_a_lost_meeting_back(
    page: MainWindow, store: Store, qtbot: QtBot, finished: MeetingId
) -> None:
    page.dialogs.open_settings(BackupPage)
    wait_for(qtbot, lambda: page.findChild(BackupPage))
    settings = page.findChild(BackupPage)
    assert settings
    click(qtbot, settings.now)
    wait_for(qtbot, lambda: "Backed up to" in sentences(settings.window()))
    (archive,) = page.commands.places.backups.glob("*.meetings")
    store.remove(finished)
    wait_for(qtbot, settings.bring_back.isEnabled)
    click(qtbot, settings.bring_back)
    choose_in_dialog(qtbot, page, archive)
    wait_for(qtbot, lambda: "1 meeting restored" in sentences(settings.window()))
    assert store.transcript(finished)
    assert titles(page) == ["Release"]


def test_a_backup_is_made_when_it_is_due(page: MainWindow, qtbot: QtBot) -> None:
    page.commands.change_settings(backup_days=1)
    wait_for(qtbot, lambda: list(page.commands.places.backups.glob("*.meetings")))


def test_the_parts_of_a_meeting_are_put_in_order(
    page: MainWindow, store: Store, qtbot: QtBot, tmp_path: Path
) -> None:
    for number, seconds in ((1, 2.0), (2, 1.0), (10, 1.5), (11, 1.0)):
        make(tmp_path / f"part {number}.flac", "flac", tone(seconds))
    page.actions_.import_parts.trigger()
    wait_for(qtbot, lambda: page.findChild(QFileDialog))
    dialog = page.findChild(QFileDialog)
    assert dialog
    dialog.filesSelected.emit([str(tmp_path / f"part {number}.flac") for number in (10, 2, 1, 11)])
    dialog.close()
    sheet = page.findChild(PartsSheet)
    assert sheet

    def order() -> list[str]:
        return [Path(one).stem for one in sheet.files()]

    # As people count; the last is moved up by keys, the first down by its button, one is left out.
    assert order() == ["part 1", "part 2", "part 10", "part 11"]
    sheet.list.setCurrentRow(2)
    qtbot.keyClick(sheet.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert order() == ["part 1", "part 10", "part 2", "part 11"]
    sheet.list.setCurrentRow(0)
    click(qtbot, sheet.down)
    sheet.list.setCurrentRow(3)
    qtbot.keyClick(sheet.list, Qt.Key.Key_Delete)
    assert order() == ["part 10", "part 1", "part 2"]
    assert not sheet.down.isEnabled()
    click(qtbot, button(sheet, "Import 3 files"))
    wait_for(qtbot, lambda: "part 10" in titles(page))
    meeting = next(one for one in store.meetings() if one.title == "part 10")
    places = [(round(note.at, 1), note.text) for note in store.notes(meeting.id)]
    assert places == [(0.0, "part 10"), (1.5, "part 1"), (3.5, "part 2")]


def test_own_templates_begin_with_an_example(
    page: MainWindow, sheet: ExportSheet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "desktop.commands.exports.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    click(qtbot, sheet.templates)
    wait_for(qtbot, lambda: sheet.formats.findItems("example.md", Qt.MatchFlag.MatchContains))
    folder = page.commands.places.templates
    assert opened == [str(folder)]
    choose(qtbot, sheet, sheet.formats.findItems("example.md", Qt.MatchFlag.MatchContains)[0].text())
    wait_for(qtbot, lambda: "- Move the release to April" in sheet.preview.toPlainText())
    # One's own stays as it is, and what was added meanwhile is found when one comes back.
    (folder / "example.md.j2").write_text("mine")
    (folder / "letter.txt").write_text("Dear all")
    click(qtbot, sheet.templates)
    wait_for(qtbot, lambda: sheet.formats.findItems("letter.txt", Qt.MatchFlag.MatchContains))
    assert (folder / "example.md.j2").read_text() == "mine"
