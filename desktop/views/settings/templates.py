"""The settings' page about templates of minutes: which there are, and one's own made, changed and removed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from core import messages
from core.messages import _
from core.values import Template
from desktop import theme
from desktop.commands import Commands
from desktop.views.settings.page import FIELD_WIDTH, SettingsPage, fill
from desktop.views.settings.template_sections import SectionForms
from desktop.views.soon import Soon
from desktop.views.widgets import announce, button, choice, column, label, row

LINES = 3


class TemplatesPage(SettingsPage):
    """The templates; one of the person's own has a form, whose changes are kept by themselves."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Templates")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        self._templates: tuple[Template, ...] = ()
        self._shown: Template | None = None
        self.template = choice()
        self.template.setToolTip(_("The template that is shown below"))
        self.template.activated.connect(lambda place: self._turn_to(self.template.itemData(place)))
        self.add(_("Template"), self.template)
        self.copy = button(
            _("New from this one"), self._copy, tip=_("Make a template of your own that begins as this one")
        )
        self.remove = button(_("Remove"), self._remove, kind="link", tip=_("Remove this template of yours"))
        buttons = QWidget()
        buttons.setLayout(row(self.copy, self.remove, None))
        self.add_wide("", buttons)
        self.broken = label("", "warning", wrap=True)
        self.broken.hide()
        self.add_hint(self.broken)
        self.about = label("", wrap=True)
        self.add_wide("", self.about)
        self.form = self._form()
        self.add_wide("", self.form)
        self.end()
        self._soon = Soon(self.commit, self)
        commands.templates_found.connect(self._list)
        commands.templates_broken.connect(self._tell_broken)
        commands.template_kept.connect(self._kept)
        commands.look_for_templates()

    def _form(self) -> QWidget:
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name of the template"))
        self.name.setFixedWidth(FIELD_WIDTH)
        self.instructions = QPlainTextEdit()
        self.instructions.setAccessibleName(_("What whoever writes should heed"))
        self.instructions.setPlaceholderText(_("For example: write soberly, name every figure"))
        self.instructions.setTabChangesFocus(True)
        self.instructions.setFixedHeight(
            LINES * self.instructions.fontMetrics().lineSpacing() + theme.SPACE_6
        )
        self.sections = SectionForms()
        self.name.textEdited.connect(lambda _text: self._soon.ask())
        self.instructions.textChanged.connect(self._changed)
        self.sections.changed.connect(self._changed)
        form = QWidget()
        form.setLayout(
            column(
                label(_("Name of the template")),
                self.name,
                theme.SPACE_2,
                label(_("What whoever writes should heed")),
                self.instructions,
                label(_("Mistral and servers follow it; this machine does not."), "meta", wrap=True),
                theme.SPACE_2,
                label(_("Sections")),
                self.sections,
                space=theme.SPACE_1,
            )
        )
        return form

    # --- showing -----------------------------------------------------------------------------------

    def _list(self, templates: tuple[Template, ...]) -> None:
        self._templates = templates
        key = self._shown.key if self._shown else self.commands.settings.template
        if not any(one.key == key for one in templates):
            key = templates[0].key
        entries = [
            (one.key, _("{name} (yours)").format(name=messages.template_name(one)))
            if one.own
            else (one.key, messages.template_name(one))
            for one in templates
        ]
        fill(self.template, entries, key)
        writing = self.focusWidget()
        if not (self._soon.isActive() or (writing and self.form.isAncestorOf(writing))) or (
            self._shown is None or self._shown.key != key
        ):
            self._turn_to(key)

    def _turn_to(self, key: str) -> None:
        self.commit()
        found = next((one for one in self._templates if one.key == key), None)
        if found is None:
            return
        self._shown = None  # what is put into the fields is no change
        self.template.setCurrentIndex(self.template.findData(key))
        self.form.setVisible(found.own)
        self.remove.setVisible(found.own)
        self.about.setVisible(not found.own)
        headings = ", ".join(messages.heading(section) for section in found.sections)
        self.about.setText(
            _(
                "Sections: {names}. It comes with the program; make one of your own from it to change it."
            ).format(names=headings)
        )
        if found.own:
            self.name.setText(messages.template_name(found))
            self.instructions.setPlainText(found.instructions)
            self.sections.show_sections(found.sections)
        self._shown = found

    def _tell_broken(self, sentences: tuple[str, ...]) -> None:
        self.broken.setText("\n".join(sentences))
        self.broken.setVisible(bool(sentences))
        if sentences:
            announce(self.broken)

    # --- changing ----------------------------------------------------------------------------------

    def _changed(self) -> None:
        if self._shown:
            self._soon.ask()

    def commit(self) -> None:
        """Keeps what is written now."""
        self._soon.stop()
        if self._shown is None or not self._shown.own:
            return
        name = " ".join(self.name.text().split())
        unchanged = not name or name == messages.template_name(self._shown)
        written = replace(
            self._shown,
            names=self._shown.names if unchanged else (("", name),),
            instructions=self.instructions.toPlainText().strip(),
            sections=self.sections.sections(),
        )
        if written != self._shown:
            self._shown = written
            self.commands.keep_template(written)

    def _copy(self) -> None:
        self.commit()
        if self._shown:
            name = _("{name}, my version").format(name=messages.template_name(self._shown))
            self.commands.keep_template(replace(self._shown, key="", names=(("", name),), own=True))

    def _kept(self, template: Template) -> None:
        """Turns to a template that is new."""
        if not any(one.key == template.key for one in self._templates):
            self._soon.stop()
            self._shown = None
            self._templates = (*self._templates, template)
            self.template.addItem(messages.template_name(template), template.key)
            self._turn_to(template.key)
            self.name.setFocus()
            self.name.selectAll()

    def _remove(self) -> None:
        if self._shown and self._shown.own:
            gone, self._shown = self._shown, None
            self._soon.stop()
            self.commands.remove_template(gone)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keeps what is written when the page or the settings are left."""
        self.commit()
        super().hideEvent(event)
