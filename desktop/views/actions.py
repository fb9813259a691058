"""Everything a person can do, once each: words, shortcut, tool tip; menus, buttons and keys share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QMenuBar,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from core import errors, messages
from core.messages import _, pgettext
from core.values import Devices, Estimate
from desktop import theme, tips


def sources() -> dict[str, tuple[str, str]]:
    """What can be recorded, by its name in the settings: its words, and what they mean."""
    return {
        "both": (_("Microphone and system sound"), _("Record you and what this machine plays, apart")),
        "microphone": (_("Microphone only"), _("Record what the microphone hears")),
        "system": (_("System sound only"), _("Record what this machine plays")),
    }


def no_system_sound(devices: Devices) -> str:
    """Why the sound of this machine cannot be recorded now, and what to do; '' where it can."""
    return "" if devices.system else str(messages.explain(errors.NoSystemSound(devices.system_hint)))


_MOVING = frozenset(
    {
        *("Space", "Esc", "Tab", "Backtab", "Backspace", "Return", "Enter", "Del"),
        *("Home", "End", "Left", "Up", "Right", "Down", "PgUp", "PgDown"),
    }
)
"""The keys without a letter, by their portable names, that do something wherever the keyboard stands."""


class Actions:
    """The window's actions; who shows them connects `triggered`."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._tips: dict[QAction, str] = {}
        make = self._make
        self.record = make(_("Record"), "record-fill", "Ctrl+R", _("Record a meeting"), "on_fill")
        self.sources = {
            name: make(text, "", f"Ctrl+F{5 + place}", tip)
            for place, (name, (text, tip)) in enumerate(sources().items())
        }
        group = QActionGroup(window)
        for source in self.sources.values():
            source.setCheckable(True)
            group.addAction(source)
        self.agreed = make(
            _("Everybody agreed to be recorded"),
            "",
            "Ctrl+Shift+G",
            _("Note it, with the time, as the next recording begins"),
        )
        self.agreed.setCheckable(True)
        self.import_files = make(
            _("Import…"), "download-simple", "Ctrl+O", _("Bring in audio or video files")
        )
        self.import_parts = make(
            _("Import as one meeting…"),
            "",
            "Ctrl+Shift+O",
            _("Bring in several files as the parts of one meeting, in an order of yours"),
        )
        self.sample = make(
            _("Try the sample meeting"), "sparkle", "Ctrl+Shift+Y", _("Bring in the sample meeting")
        )
        self.settings = make(_("Settings…"), "gear-six", "Ctrl+,", _("Change the settings"))
        self.models = make(_("Speech models…"), "", "Ctrl+Shift+D", _("Choose, get or remove speech models"))
        self.guide = make(_("Guide"), "book-open", "F1", _("Read how the program is used"))
        self.about = make(
            _("About & diagnostics"),
            "info",
            "Shift+F1",
            _("See what works here, and copy a report for whoever helps"),
        )
        self.quit = make(_("Quit"), "", "Ctrl+Q", _("Close the program"))

        self.pause = make(_("Pause"), "pause", "Ctrl+Shift+R", _("Pause or go on recording"))
        self.bookmark = make(
            pgettext("action", "Bookmark"), "bookmark-simple", "Ctrl+B", _("Mark this moment")
        )
        self.stop = make(
            _("Stop"), "stop-fill", "Ctrl+.", _("End the recording and transcribe it"), "on_fill"
        )

        self.continue_recording = make(
            _("Continue recording"), "record", "Ctrl+Alt+R", _("Record on, into this meeting")
        )
        self.undo = make(_("Undo"), "arrow-u-up-left", "Ctrl+Z", _("Take the last change back"))
        self.redo = make(_("Redo"), "arrow-u-up-right", "Ctrl+Shift+Z", _("Do again what was taken back"))
        self.rename = make(_("Rename"), "pencil-simple", "Ctrl+T", _("Give the meeting another title"))
        self.tags = make(_("Tags"), "tag", "Ctrl+G", _("Give the meeting tags, or take them away"))
        self.export = make(
            _("Export…"), "export", "Ctrl+E", _("Choose what of the meeting is written, and how")
        )
        self.markdown = make(
            _("Markdown file…"), "file-text", "Ctrl+Shift+W", _("Write the meeting to a Markdown file")
        )
        self.copy = make(_("Copy as Markdown"), "copy", "Ctrl+Shift+C", _("Put the meeting on the clipboard"))
        self.copy_rich = make(
            _("Copy with layout"),
            "clipboard-text",
            "Ctrl+Alt+C",
            _("Put the meeting on the clipboard for a mail"),
        )
        self.print_out = make(_("Print…"), "printer", "Ctrl+P", _("Print the meeting"))
        self.send = make(
            _("Send by mail…"), "envelope", "Ctrl+Shift+S", _("Write a mail with the meeting as a PDF")
        )
        self.delete = make(_("Move to bin"), "trash", "Ctrl+Del", _("Move the meeting to the bin"))
        self.drop_sound = make(
            _("Delete the sound…"),
            "speaker-slash",
            "Ctrl+Shift+Del",
            _("Delete what was recorded and keep text, minutes and notes"),
        )
        self.transcribe = make(
            _("Transcribe again"),
            "text-aa",
            "Ctrl+Shift+T",
            _("Make the text anew with the model and language of the settings; your corrections stay"),
        )
        self.stretch = make(
            _("Transcribe the selected text again…"),
            "",
            "Ctrl+Alt+T",
            _("Choose how the selected part of the transcript is made anew"),
        )
        self.translate = make(
            _("Translate into English"), "translate", "Ctrl+Shift+E", _("Make the text in English too")
        )
        self.minutes_offline = make(
            _("Make minutes on this machine"), "notebook", "Ctrl+M", _("Make the minutes again, offline")
        )
        self.minutes_server = make(
            _("Make minutes with your server"),
            "hard-drives",
            "Ctrl+Alt+M",
            _("Make the minutes again, with the server of the settings"),
        )
        self.minutes_mistral = make(
            _("Make minutes with Mistral"), "cloud", "Ctrl+Shift+M", _("Make the minutes again, with Mistral")
        )

        self.play = make(_("Play"), "play-fill", "Space", _("Play the meeting, or pause it"))
        self.back = make(_("5 seconds back"), "rewind", "Left", _("Play again what was just said"))
        self.forward = make(_("5 seconds on"), "fast-forward", "Right", _("Leave out the next seconds"))
        self.slower = make(_("Slower"), "", "Alt+Down", _("Play more slowly"))
        self.faster = make(_("Faster"), "", "Alt+Up", _("Play faster"))
        self.skip_silence = make(
            _("Skip pauses"), "skip-forward", "Alt+Right", _("Leave out where nobody speaks")
        )
        self.skip_silence.setCheckable(True)

        self.find = make(_("Find…"), "magnifying-glass", "Ctrl+F", _("Look for words in this meeting"))
        self.replace = make(_("Find and replace…"), "", "Ctrl+H", _("Write words of this meeting otherwise"))
        self.next_doubt = make(
            _("Next doubtful text"), "warning", "F8", _("Go to the next text that may be wrong")
        )
        self.previous_doubt = make(
            _("Previous doubtful text"), "", "Shift+F8", _("Go back to the last text that may be wrong")
        )
        text = self._make_for_text
        self.edit_text = text(_("Edit the text"), "pencil-simple", "F2", _("Write in the selected text"))
        self.play_text = text(_("Play from here"), "play", "Shift+Space", _("Play the selected text"))
        self.hear_text = text(
            _("Listen to the selection"),
            "",
            "Ctrl+Shift+Space",
            _("Play the selected text, and no further"),
        )
        self.copy_text = text(_("Copy with times"), "copy", "Ctrl+C", _("Copy the selected text, with times"))
        self.merge_previous = text(
            _("Merge with the previous"), "", "Ctrl+Shift+J", _("Make one of it and the one before it")
        )
        self.merge_next = text(
            _("Merge with the next"),
            "git-merge",
            "Ctrl+J",
            _("Make one of what is selected, or with the next"),
        )
        self.split_text = text(
            _("Split the text…"),
            "",
            "Ctrl+Return",
            _("Make two of the selected text, at a place in it"),
        )
        self.insert_text = text(
            _("Insert text below"), "plus", "Ctrl+I", _("Write what was said here and is missing")
        )
        self.speaker = text(_("Change the speaker…"), "user", "Ctrl+U", _("Say who says the selected text"))
        self.cut_text = text(
            _("Cut this passage…"),
            "scissors",
            "Ctrl+X",
            _("Cut the selected text from the sound and the minutes too"),
        )
        self.remove_text = text(_("Delete the text"), "trash", "Del", _("Take the selected text out"))

        self.star = make(_("Star"), "star", "Ctrl+D", _("Give the meeting a star, or take it away"))
        self.search = make(_("Search"), "magnifying-glass", "Ctrl+K", _("Search all meetings"))
        self.tasks = make(
            _("Tasks"), "check-square", "Ctrl+Shift+A", _("Show what is to be done after all meetings")
        )
        self.bin = make(_("Bin"), "trash", "Ctrl+Shift+B", _("Show what was deleted"))
        self.ask_all = make(
            _("Ask all meetings"),
            "chat-circle-text",
            "Ctrl+Shift+K",
            _("Ask something about all meetings, in your own words"),
        )
        self.ask_all.setIconText(_("Questions"))  # what buttons say
        self.tasks.setCheckable(True)
        self.bin.setCheckable(True)
        self.ask_all.setCheckable(True)
        self.library = make(_("Library"), "", "Ctrl+L", _("Go to the list of meetings"))
        self.summary = make(_("Summary"), "", "Ctrl+1", _("Show the summary"))
        self.transcript = make(_("Transcript"), "", "Ctrl+2", _("Show the transcript"))
        self.todo = make(_("Tasks"), "", "Ctrl+4", _("Show what is to be done after this meeting"))
        self.notes = make(_("Notes"), "", "Ctrl+3", _("Show the notes"))
        self.queue = make(_("Queue"), "", "Ctrl+6", _("Show what is being done, and what waits"))
        self.speakers = make(_("Speakers"), "", "Ctrl+5", _("Show who speaks, and for how long"))
        self.questions = make(
            _("Questions"), "", "Ctrl+7", _("Ask something about this meeting, in your own words")
        )
        self.note = make(_("Write a note"), "", "Ctrl+N", _("Write a note about this meeting"))
        self.consent = make(
            _("Note the consent"),
            "",
            "Ctrl+Shift+N",
            _("Note who agreed to be recorded; the note can be changed"),
        )

        self.of_meeting = (
            self.rename,
            self.tags,
            self.consent,
            self.export,
            self.markdown,
            self.copy,
            self.copy_rich,
            self.print_out,
            self.send,
            self.find,
            self.replace,
            self.next_doubt,
            self.previous_doubt,
            self.transcribe,
            self.stretch,
            self.translate,
            self.minutes_offline,
            self.minutes_mistral,
            self.minutes_server,
            self.summary,
            self.transcript,
            self.notes,
            self.todo,
            self.questions,
            self.note,
        )
        self.on_page = (
            self.rename,
            self.consent,
            self.find,
            self.replace,
            self.next_doubt,
            self.previous_doubt,
            self.stretch,
            self.summary,
            self.transcript,
            self.notes,
            self.todo,
            self.speakers,
            self.questions,
            self.note,
        )
        """Those that lead to a place of the meeting's page."""
        self.of_text = (
            self.edit_text,
            self.play_text,
            self.hear_text,
            self.copy_text,
            self.merge_previous,
            self.merge_next,
            self.split_text,
            self.insert_text,
            self.speaker,
            self.cut_text,
            self.remove_text,
        )
        self.of_recording = (self.pause, self.stop)
        self.of_player = (self.play, self.back, self.forward, self.slower, self.faster, self.skip_silence)
        self.of_library = (
            self.search,
            self.tasks,
            self.ask_all,
            self.bin,
            self.record,
            self.import_files,
            self.import_parts,
            self.sample,
            self.settings,
            self.models,
            self.about,
            self.queue,
        )

        self.named = {name: one for name, one in vars(self).items() if isinstance(one, QAction)}
        self.named |= {f"source {name}": one for name, one in self.sources.items()}
        self.usual = {name: one.shortcut().toString() for name, one in self.named.items()}
        """The keys of each action where the person chose none."""
        self.words = {
            name: one.text().removesuffix("…").replace("&&", "&") for name, one in self.named.items()
        }
        """What each action is called, also while its text says what it would do now."""

    def use(self, chosen: tuple[str, ...]) -> None:
        """Gives each action its keys: those of `Settings.shortcuts`, else its usual ones."""
        own = keys_of(chosen)
        for name, action in self.named.items():
            keys = QKeySequence(own.get(name, self.usual[name]))
            if keys != action.shortcut():
                action.setShortcut(keys)
                self.explain(action, self._tips[action])

    def owner_of(self, keys: QKeySequence, but: str) -> str:
        """The name of the action, other than `but`, that has these keys; '' where they are free or none."""
        if keys.isEmpty():
            return ""
        return next((name for name, one in self.named.items() if name != but and one.shortcut() == keys), "")

    def explain(self, action: QAction, tip: str) -> None:
        """Says in the tool tip what the action does, and its keys."""
        self._tips[action] = tip
        shown = native(action.shortcut())
        action.setToolTip(f"{tip} ({shown})" if shown else tip)

    def explain_minutes(self, sent: Mapping[str, Estimate]) -> None:
        """Says in the tool tips about how much making minutes would send to each provider, as far as that is known."""
        for provider, action, tip in (
            ("mistral", self.minutes_mistral, _("Make the minutes again, with Mistral")),
            ("server", self.minutes_server, _("Make the minutes again, with the server of the settings")),
        ):
            much = f": {messages.tokens_got(sent[provider], provider)}" if provider in sent else ""
            self.explain(action, f"{tip}{much}")

    def name_history(self, undo: str, redo: str) -> None:
        """Says what is undone and what is done again, '' nothing."""
        self.undo.setText(tips.verbatim(_("Undo: {what}").format(what=undo)) if undo else _("Undo"))
        self.redo.setText(tips.verbatim(_("Redo: {what}").format(what=redo)) if redo else _("Redo"))
        self.undo.setEnabled(bool(undo))
        self.redo.setEnabled(bool(redo))

    def _make_for_text(self, text: str, icon: str, keys: str, tip: str) -> QAction:
        """One whose key counts only where the transcript has the keyboard, which adds it to itself."""
        action = self._make(text, icon, keys, tip)
        self._window.removeAction(action)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return action

    def _make(self, text: str, icon: str, keys: str, tip: str, color: str = "text2") -> QAction:
        action = QAction(tips.verbatim(text), self._window)
        if icon:
            action.setIcon(theme.icon(icon, color))
            action.setIconVisibleInMenu(color != "on_fill")
        action.setShortcut(QKeySequence(keys))
        self.explain(action, tip)
        self._window.addAction(action)
        return action


def native(keys: QKeySequence) -> str:
    """Keys as this system writes them."""
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def writes_or_moves(keys: QKeySequence) -> bool:
    """Whether these keys are what a person writes with, or moves about by, wherever the keyboard is."""
    pressed = keys.toString().removeprefix("Shift+").removeprefix("Num+")
    return len(pressed) == 1 or pressed in _MOVING


def keys_of(chosen: tuple[str, ...]) -> dict[str, str]:
    """The keys in `Settings.shortcuts` by the name of their action."""
    return {name: keys for name, _equals, keys in (one.partition("=") for one in chosen)}


def follow_tip(action: QAction, show: Callable[[str], object]) -> None:
    """Shows an action's tool tip elsewhere too, from now on with the keys that it has."""
    show(action.toolTip())
    action.changed.connect(lambda: show(action.toolTip()))


class OwnKeys(QObject):
    """Leaves Space and the arrows to the control that has the focus and is worked with them, before any shortcut.

    Enter presses a button too: Qt leaves it to Space alone.
    """

    _ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        app.focusChanged.connect(self._watch)

    def _watch(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Looks at the events of one control only: all of the program's would be too many."""
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new if isinstance(new, (QAbstractButton, *_OF_ARROWS)) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the key from the shortcuts; the control then gets it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            pressed = event.key() == Qt.Key.Key_Space and isinstance(watched, (QAbstractButton, QComboBox))
            moved = event.key() in self._ARROWS and isinstance(watched, _OF_ARROWS)
            if plain and (pressed or moved):
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat()
            if enter and isinstance(watched, (QPushButton, QToolButton)):
                watched.click()
                return True
        return False


class Hands(QObject):
    """Tells whenever a key, a button of the mouse or its wheel is used in a window whose events it filters."""

    _USE = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})

    def __init__(self, used: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._used = used

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Takes no event."""
        if event.type() in self._USE:
            self._used()
        return False


class KeysOf(QObject):
    """Keys that do something while one control has the keyboard, before any shortcut of the window."""

    def __init__(self, control: QWidget, does: dict[str, Callable[[], object]]) -> None:
        """`does` is what each key does, by its portable name, such as 'Alt+Up'."""
        super().__init__(control)
        self._does = does
        control.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Takes the key from the shortcuts, and does what it is for once it comes."""
        if event.type() in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress} and isinstance(
            event, QKeyEvent
        ):
            do = self._does.get(QKeySequence(event.keyCombination()).toString())
            if do:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    do()
                return True
        return False


_OF_ARROWS = (QAbstractSlider, QComboBox, QMenuBar, QTabBar)


def enable(actions: tuple[QAction, ...], *, on: bool) -> None:
    """Lets these be done, or not now."""
    for action in actions:
        action.setEnabled(on)


def connect(action: QAction, call: Callable[[], object]) -> None:
    """Has `action` do `call`."""
    action.triggered.connect(lambda _checked=False: call())
