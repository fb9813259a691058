"""What a library shows that has nothing yet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel

from core.messages import _
from desktop import theme
from desktop.commands import Commands
from desktop.views.actions import Actions, follow_tip
from desktop.views.models_page import ModelOffer
from desktop.views.widgets import action_button, button, column, label, row

PICTURE = 96


class EmptyLibrary(QFrame):
    """One sentence and what to begin with: a recording, an import, the sample; `offer` has a model that is lacking."""

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("page")
        picture = QLabel()
        picture.setPixmap(theme.picture(PICTURE))
        sentence = label(_("Record a meeting or import one, and read what was said and decided."), wrap=True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = row(
            None,
            action_button(actions.record, "danger"),
            action_button(actions.import_files),
            None,
            space=theme.SPACE_3,
        )
        sample = button(actions.sample.text(), actions.sample.trigger, kind="link")
        follow_tip(actions.sample, sample.setToolTip)
        self.offer = ModelOffer(
            commands,
            actions.models.trigger,
            _("The speech model that comes with the program knows only English."),
            centred=True,
        )
        layout = column(None, space=theme.SPACE_4)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(sentence)
        layout.addLayout(row(None, self.offer, None))
        layout.addLayout(buttons)
        layout.addWidget(sample, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(2)
        layout.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        self.setLayout(layout)
