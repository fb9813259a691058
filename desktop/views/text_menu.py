"""What can be done with the selected text of a transcript, as menus that go when they are closed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget, QWidgetAction

from core import messages
from core.messages import _
from core.values import Segment
from desktop import theme, tips
from desktop.views.actions import connect
from desktop.views.settings.transcription import SPOKEN
from desktop.views.widgets import row

if TYPE_CHECKING:
    from desktop.views.transcript_view import TranscriptView

NAME_WIDTH = 200


def text_menu(view: TranscriptView, said: object = None, character: int = 0) -> QMenu:
    """All of it; the segment `said` can be split before a `character` of its text, where there is one."""
    menu = _menu(view)
    actions = view.actions_
    menu.addActions([actions.play_text, actions.hear_text, actions.edit_text])
    if isinstance(said, Segment) and character > 0:
        split = menu.addAction(_("Split here"))
        split.setToolTip(_("Make two of it, the second beginning with this word"))
        connect(split, partial(view.split_wanted.emit, said.id, said.text.strip(), character))
    menu.addActions([actions.merge_previous, actions.merge_next, actions.insert_text])
    speakers = menu.addMenu(_("Speaker"))
    _fill_speakers(speakers, view)
    if view.segments.can_be_made_again:
        _fill_again(menu.addMenu(_("Transcribe again")), view)
    menu.addSeparator()
    menu.addActions([actions.copy_text, actions.cut_text, actions.remove_text])
    return menu


def speaker_menu(view: TranscriptView) -> QMenu:
    """Who may say it."""
    menu = _menu(view)
    _fill_speakers(menu, view)
    menu.setActiveAction(menu.actions()[0])
    return menu


def again_menu(view: TranscriptView) -> QMenu:
    """How it can be transcribed again."""
    menu = _menu(view)
    _fill_again(menu, view)
    return menu


def _menu(view: TranscriptView) -> QMenu:
    menu = QMenu(view)
    menu.setToolTipsVisible(True)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _fill_speakers(menu: QMenu, view: TranscriptView) -> None:
    ids = [one.id for one in view.selected()]
    spoken = {one.speaker_id for one in view.selected()}
    for speaker in view.speakers:
        action = menu.addAction(tips.verbatim(messages.speaker_label(speaker)))
        action.setCheckable(True)
        action.setChecked(spoken == {speaker.id})
        connect(action, partial(view.speaker_wanted.emit, ids, speaker.id, ""))
    name = QLineEdit()
    name.setPlaceholderText(_("Somebody else…"))
    name.setAccessibleName(_("Name of another speaker"))
    name.setToolTip(_("Write who says this; Enter keeps it"))
    name.setMinimumWidth(NAME_WIDTH)
    holder = QWidget()
    inside = row(name)
    inside.setContentsMargins(theme.SPACE_2, theme.SPACE_1, theme.SPACE_2, theme.SPACE_1)
    holder.setLayout(inside)
    holder.setFocusProxy(name)
    field = QWidgetAction(menu)
    field.setDefaultWidget(holder)
    menu.addAction(field)

    def named() -> None:
        if name.text().strip():
            view.speaker_wanted.emit(ids, 0, name.text())
            _close(menu)

    name.returnPressed.connect(named)


def _close(menu: QMenu) -> None:
    """Closes a menu with those that it opened from."""
    over = menu.parentWidget()
    menu.close()
    if isinstance(over, QMenu):
        _close(over)


def _fill_again(menu: QMenu, view: TranscriptView) -> None:
    chosen = view.selected()
    start, end = min(one.start for one in chosen), max(one.end for one in chosen)

    def offer(place: QMenu, text: str, *, model: str = "", language: str = "") -> None:
        connect(
            place.addAction(tips.verbatim(text)), partial(view.again_wanted.emit, start, end, model, language)
        )

    offer(menu, _("Transcribe again, more carefully"))
    if view.models:
        others = menu.addMenu(_("Transcribe again with another model"))
        for model in view.models:
            offer(others, model, model=model)
    languages = menu.addMenu(_("Transcribe again in another language"))
    for code in sorted(SPOKEN, key=messages.language_name):
        offer(languages, messages.language_name(code), language=code)
