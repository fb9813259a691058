"""The sections of a template as a form: heading, kind, what belongs in each; their order, new ones, fewer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from core import messages
from core.messages import _
from core.values import Section, TemplateSection
from desktop import theme
from desktop.views.settings.page import fill
from desktop.views.widgets import button, choice, clear, column, row

MOST = 20
"""So many sections a template has at most."""

KINDS = tuple(kind for kind in Section if kind is not Section.NOTES)


class SectionForms(QWidget):
    """One form below the other, and a button for one more; `changed` tells each change of the person's."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._forms: list[SectionForm] = []
        self._place = column(space=theme.SPACE_3)
        self.add = button(_("Add a section"), self._add, icon="plus", tip=_("Add a section at the end"))
        layout = column(space=theme.SPACE_2)
        layout.addLayout(self._place)
        layout.addLayout(row(self.add, None))
        self.setLayout(layout)

    def show_sections(self, sections: Sequence[TemplateSection]) -> None:
        """Shows these."""
        clear(self._place)
        self._forms = []
        for section in sections:
            self._put(section)
        self._fit()

    def sections(self) -> tuple[TemplateSection, ...]:
        """What is written, each with a key that only it has."""
        found: list[TemplateSection] = []
        for form in self._forms:
            section = form.section()
            key = section.kind.value
            if section.kind is Section.KEY_POINTS:
                known = {one.key for one in found} | {kind.value for kind in Section}
                key = _free(section.key, messages.heading(section), known)
            found.append(replace(section, key=key))
        return tuple(found)

    def forms(self) -> tuple[SectionForm, ...]:
        """The forms in their order."""
        return tuple(self._forms)

    def _put(self, section: TemplateSection) -> None:
        form = SectionForm(section)
        form.changed.connect(self._changed)
        form.moved.connect(partial(self._move, form))
        form.removed.connect(partial(self._remove, form))
        self._forms.append(form)
        self._place.addWidget(form)
        form.show()  # a layout would show it only later, and it could not have the focus yet

    def _add(self) -> None:
        self._put(TemplateSection("", Section.KEY_POINTS))
        self._changed()
        self._forms[-1].heading.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, form: SectionForm, by: int) -> None:
        place = self._forms.index(form)
        to = max(0, min(len(self._forms) - 1, place + by))
        self._forms.insert(to, self._forms.pop(place))
        self._place.insertWidget(to, form)
        self._changed()

    def _remove(self, form: SectionForm) -> None:
        place = self._forms.index(form)
        self._forms.remove(form)
        form.hide()
        form.deleteLater()
        self._forms[min(place, len(self._forms) - 1)].heading.setFocus(Qt.FocusReason.OtherFocusReason)
        self._changed()

    def _changed(self) -> None:
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        """Lets each be what no other is, but for key points, of which there may be several; one at least stays."""
        used = [form.kind.currentData() for form in self._forms]
        for place, form in enumerate(self._forms):
            form.fit(
                set(used[:place] + used[place + 1 :]) - {Section.KEY_POINTS},
                first=place == 0,
                last=place == len(self._forms) - 1,
                only=len(self._forms) == 1,
            )
        self.add.setEnabled(len(self._forms) < MOST)


class SectionForm(QFrame):
    """One section."""

    changed = Signal()
    moved = Signal(int)  # so many places down
    removed = Signal()

    def __init__(self, section: TemplateSection) -> None:
        super().__init__()
        self._section = section
        self._cues = _words_of(section)
        self.heading = _field(_("Heading"), messages.in_words(section.headings))
        self.kind = choice()
        self.kind.setAccessibleName(_("Kind of lines"))
        self.kind.setToolTip(_("What the lines of this section are"))
        fill(self.kind, [(kind, messages.section_label(kind)) for kind in KINDS], section.kind)
        self.about = _field(_("What belongs in it"), section.about)
        self.cues = _field(_("Words by which this machine finds it: risk, danger, …"), self._cues)
        self.up = button("", lambda: self.moved.emit(-1), kind="quiet", icon="arrow-up", tip=_("Move up"))
        self.down = button(
            "", lambda: self.moved.emit(1), kind="quiet", icon="arrow-down", tip=_("Move down")
        )
        self.remove = button("", self.removed.emit, kind="quiet", icon="trash", tip=_("Remove the section"))
        for field in (self.heading, self.about, self.cues):
            field.textEdited.connect(lambda _text: self.changed.emit())
        self.kind.activated.connect(lambda _place: self.changed.emit())
        head = row(space=theme.SPACE_1)
        head.addWidget(self.heading, 1)
        for part in (self.up, self.down, self.remove):
            head.addWidget(part)
        layout = column(space=theme.SPACE_1)
        layout.addLayout(head)
        layout.addLayout(row(self.kind, None))
        layout.addWidget(self.about)
        layout.addWidget(self.cues)
        self.setLayout(layout)

    def section(self) -> TemplateSection:
        """What is written."""
        heading, cues = " ".join(self.heading.text().split()), self.cues.text()
        headings, found = self._section.headings, self._section.cues
        if heading != messages.in_words(headings):
            headings = (("", heading),) if heading else ()
        if cues != self._cues:
            found = (("", tuple(filter(None, map(str.strip, cues.split(","))))),) if cues.strip() else ()
        kind = Section(self.kind.currentData())
        return replace(
            self._section, kind=kind, headings=headings, about=self.about.text().strip(), cues=found
        )

    def fit(self, used: Iterable[Section], *, first: bool, last: bool, only: bool) -> None:
        """Offers the kinds that no other section is, and what can be done at this place."""
        now = self.kind.currentData()
        fill(
            self.kind, [(kind, messages.section_label(kind)) for kind in KINDS if kind not in set(used)], now
        )
        self.heading.setPlaceholderText(messages.section_label(Section(now)))
        self.cues.setVisible(now == Section.KEY_POINTS)
        self.up.setEnabled(not first)
        self.down.setEnabled(not last)
        self.remove.setEnabled(not only)


def _field(name: str, text: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(name)
    field.setPlaceholderText(name)
    field.setToolTip(name)
    field.setCursorPosition(0)
    return field


def _words_of(section: TemplateSection) -> str:
    """Its cues in the language of the window, else in any."""
    cues = dict(section.cues)
    found = cues.get(messages.language()) or cues.get("") or next(iter(cues.values()), ())
    return ", ".join(found)


def _free(key: str, heading: str, known: set[str]) -> str:
    """A key that is not `known`: the one it has, the plain one of key points, or one made from the heading."""
    if key == Section.KEY_POINTS or (key and key not in known):
        return key
    stem = re.sub(r"\W+", "_", heading.casefold()).strip("_") or "section"
    found, count = stem, 2
    while found in known:
        found, count = f"{stem}_{count}", count + 1
    return found
