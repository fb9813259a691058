"""One's own templates of minutes in the settings: made from another, changed, removed, and one that is broken."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core import paths
from core.summary import templates
from core.values import Section, Template
from desktop.views.main_window import MainWindow
from desktop.views.settings.templates import TemplatesPage
from tests.gui.hands import button, click, sentences, wait_for


@pytest.fixture
def settings(qtbot: QtBot, window: MainWindow, places: paths.Folders) -> TemplatesPage:
    paths.make_private_folder(places.minutes_templates)
    (places.minutes_templates / "odd.json").write_text("{", encoding="utf-8")
    page = TemplatesPage(window.commands)
    qtbot.addWidget(page)
    page.resize(560, 700)
    page.show()
    wait_for(qtbot, lambda: page.template.count() >= len(templates.BUILT_IN))
    return page


def test_a_template_is_made_from_another_changed_and_removed(
    qtbot: QtBot, window: MainWindow, places: paths.Folders, settings: TemplatesPage
) -> None:
    folder = places.minutes_templates
    wait_for(qtbot, lambda: "“odd.json” cannot be used: line 1 is not valid JSON." in sentences(settings))
    assert not settings.form.isVisible()
    assert "Sections: Overview" in sentences(settings)
    click(qtbot, button(settings, "New from this one"))
    wait_for(qtbot, lambda: settings.form.isVisible())
    settings.name.selectAll()
    qtbot.keyClicks(settings.name, "Board")
    first, second = settings.sections.forms()[:2]
    qtbot.keyClicks(first.heading, "In short")
    click(qtbot, second.remove)
    click(qtbot, button(settings.sections, "Add a section"))
    added = settings.sections.forms()[-1]
    qtbot.keyClicks(added.heading, "Risks ahead")
    qtbot.keyClicks(added.about, "What may go wrong")
    qtbot.keyClicks(added.cues, "risk, danger")
    click(qtbot, added.up)
    settings.instructions.setPlainText("Write soberly.")
    # Kept by itself, a moment after the last key.
    wait_for(qtbot, lambda: any(one.instructions for one in templates.known(folder) if one.own))
    (own,) = [one for one in templates.known(folder) if one.own]
    general = templates.general()
    assert (own.names, own.instructions) == ((("", "Board"),), "Write soberly.")
    assert (own.sections[0].kind, own.sections[0].headings) == (Section.OVERVIEW, (("", "In short"),))
    assert len(own.sections) == len(general.sections)
    risks = own.sections[-2]
    assert (risks.key, risks.kind, risks.about) == ("risks_ahead", Section.KEY_POINTS, "What may go wrong")
    assert risks.cues == (("", ("risk", "danger")),)
    # A kind that another section is cannot be chosen; that of the removed one can.
    offered = [added.kind.itemData(place) for place in range(added.kind.count())]
    assert general.sections[1].kind in offered
    assert Section.OVERVIEW not in offered
    # It is offered where minutes are made, and the settings use it no more once it is gone.
    window.commands.change_settings(template=own.key)
    click(qtbot, settings.remove)
    wait_for(qtbot, lambda: not [one for one in templates.known(folder) if one.own])
    wait_for(qtbot, lambda: not settings.form.isVisible())
    assert window.commands.settings.template == "meeting"
    assert window.toast.isVisible()
    click(qtbot, button(window.toast, "Undo"))
    wait_for(qtbot, lambda: (folder / f"{own.key}.json").exists())
    assert json.loads((folder / f"{own.key}.json").read_text(encoding="utf-8"))["name"] == "Board"


def test_what_is_written_is_kept_when_the_page_is_left(
    qtbot: QtBot, places: paths.Folders, settings: TemplatesPage
) -> None:
    qtbot.keyClick(settings.copy, Qt.Key.Key_Space)
    wait_for(qtbot, lambda: settings.form.isVisible())
    settings.name.setText("")
    settings.sections.forms()[0].about.setText("All of it")
    settings.hide()
    wait_for(qtbot, lambda: any("All of it" in one.sections[0].about for one in _own(places)))
    (own,) = _own(places)
    assert own.names == (("", "General meeting, my version"),)


def _own(places: paths.Folders) -> list[Template]:
    return [one for one in templates.known(places.minutes_templates) if one.own]
