"""Questions in the person's own words, about one meeting or all, and what was answered with where it was said."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget

from core import messages
from core.messages import _
from core.values import Estimate, MeetingId, Passage
from desktop import theme
from desktop.commands import Commands, Inquiry
from desktop.views.actions import KeysOf
from desktop.views.time_chip import TimeChip
from desktop.views.widgets import Symbol, announce, button, clear, column, label, message, reading_text, row

PAUSE_MS = 400
"""So long nothing is typed before it is found out what the question would send."""


class QuestionsView(QFrame):
    """A field for a question, and below it those that were asked, the newest first.

    About the meeting of `set_meeting` where it is `of_one_meeting`, else about all.
    """

    play_wanted = Signal(int, float)  # segment id, seconds, of the one meeting
    place_wanted = Signal(int, float)  # the same, to be shown in the transcript

    def __init__(self, commands: Commands, *, of_one_meeting: bool = False) -> None:
        super().__init__()
        self.setObjectName("page")
        self._commands = commands
        self._one = of_one_meeting
        self._meeting: MeetingId | None = None
        self._shown: list[_Asked] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._foresee)
        self.field = QLineEdit()
        about = (
            _("Ask something about this meeting") if of_one_meeting else _("Ask something about all meetings")
        )
        self.field.setPlaceholderText(about)
        self.field.setAccessibleName(about)
        self.field.setToolTip(_("Enter asks, Esc stops waiting for the answer"))
        self.field.returnPressed.connect(self._ask)
        self.field.textChanged.connect(self._begin)
        self.field.textEdited.connect(lambda _text: self._pause.start())
        self.button = button(_("Ask"), self._ask, kind="main", tip=_("Ask the question (Enter)"))
        self._who = label("", "meta", wrap=True)
        self._sent: Estimate | None = None
        self._empty = label("", "quietText", wrap=True)
        self._entries = column(space=theme.SPACE_6)
        content = QWidget()
        inside = column(self._empty, space=0)
        inside.addLayout(self._entries)
        inside.addStretch(1)
        inside.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_6)
        content.setLayout(inside)
        width = QFontMetrics(theme.font()).averageCharWidth() * theme.LINE_CHARACTERS + 2 * theme.SPACE_6
        content.setMaximumWidth(width)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = column(space=theme.SPACE_2)
        if not of_one_meeting:
            head.addWidget(label(_("Questions"), "pageTitle"))
        head.addLayout(row(self.field, self.button))
        head.addWidget(self._who)
        head.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, 0)
        top = QWidget()
        top.setLayout(head)
        top.setMaximumWidth(width)
        layout = column(top, space=0)
        layout.addWidget(scroll, 1)
        self.setLayout(layout)
        KeysOf(self.field, {"Esc": self._stop})
        commands.inquired.connect(self._show_one)
        commands.question_begun.connect(self._show_begun)
        commands.question_foreseen.connect(self._show_foreseen)
        commands.settings_changed.connect(self._name_provider)
        self._name_provider()
        self._ready = not of_one_meeting
        self._show_all()

    def enter(self, question: str = "") -> None:
        """Puts the keyboard into the field, and asks a `question` where there is one."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if question.strip():
            self.field.setText(question)
            self._ask()
        else:
            self.field.selectAll()

    def set_meeting(self, meeting_id: MeetingId | None, *, ready: bool) -> None:
        """Is about this meeting from now on, which is `ready` where there is some text of it."""
        before, self._meeting = self._meeting, meeting_id
        other = before != meeting_id
        ready, self._ready = self._ready, ready
        if other:
            self._show_begun()
        if other or ready != self._ready:
            self._show_all()

    # --- asking ------------------------------------------------------------------------------------

    def _ask(self) -> None:
        question = " ".join(self.field.text().split())
        if question and self._ready:
            self.field.clear()
            self._commands.inquire(question, self._meeting)
            if not self._one:
                self.show_estimate(None)

    def _begin(self, text: str) -> None:
        if self._is_about_something:
            self._commands.begin_question(self._meeting, text)
        self._enable()

    def _show_begun(self) -> None:
        """Shows what was begun to be asked about this meeting."""
        begun = self._commands.begun_questions.get(self._meeting, "") if self._is_about_something else ""
        if begun != self.field.text():
            self.field.setText(begun)

    def _stop(self) -> None:
        for one in self._commands.inquiries(self._meeting):
            if one.running:
                self._commands.stop_inquiry(one.number)
                return

    def _enable(self) -> None:
        self.field.setEnabled(self._ready)
        self.button.setEnabled(self._ready and bool(self.field.text().strip()))

    def show_estimate(self, sent: Estimate | None) -> None:
        """Says what a question sends elsewhere, as far as that is known."""
        self._sent = sent
        self._name_provider()

    def _foresee(self) -> None:
        """Finds out what the question in the field would send, now that the person pauses."""
        question = " ".join(self.field.text().split())
        if question and self._ready and self._commands.settings.provider != "offline":
            self._commands.foresee_question(question, self._meeting)

    def _show_foreseen(self, meeting_id: MeetingId | None, question: str, sent: Estimate) -> None:
        if meeting_id == self._meeting and question == " ".join(self.field.text().split()):
            self.show_estimate(sent)

    def _name_provider(self, _settings: object = None) -> None:
        provider = self._commands.settings.provider
        if provider == "offline":
            told = _("This machine shows the passages that fit best. Nothing is sent anywhere.")
        else:
            told = _("{provider} answers from the text, and every quotation is checked.").format(
                provider=messages.provider_name(self._commands.called(provider))
            )
            if self._sent:
                told = f"{told} {messages.estimate_of_question(self._sent, self._commands.called(provider))}"
        self._who.setText(told)

    # --- showing -----------------------------------------------------------------------------------

    def _show_all(self) -> None:
        clear(self._entries)
        self._shown = []
        for inquiry in self._commands.inquiries(self._meeting) if self._is_about_something else ():
            self._add(inquiry, len(self._shown))
        self._say_empty()
        self._enable()

    @property
    def _is_about_something(self) -> bool:
        return self._meeting is not None or not self._one

    def _show_one(self, inquiry: Inquiry) -> None:
        if inquiry.meeting_id != self._meeting or not self._is_about_something:
            return
        known = next((one for one in self._shown if one.inquiry.number == inquiry.number), None)
        if known is None:
            self._add(inquiry, 0)
        else:
            held = self.focusWidget()
            lost = held is not None and known.isAncestorOf(held)
            known.show_inquiry(inquiry)
            if lost:
                self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say_empty()

    def _add(self, inquiry: Inquiry, place: int) -> None:
        entry = _Asked(self, self._commands)
        entry.play_wanted.connect(partial(self._go, self.play_wanted))
        entry.place_wanted.connect(partial(self._go, self.place_wanted))
        entry.again_wanted.connect(lambda one: self._commands.inquire(one.question, one.meeting_id))
        entry.show_inquiry(inquiry)
        self._shown.insert(place, entry)
        self._entries.insertWidget(place, entry)
        entry.show()
        for old in self._shown[len(self._commands.inquiries(self._meeting)) :]:
            self._shown.remove(old)
            old.hide()
            old.deleteLater()

    def _say_empty(self) -> None:
        self._empty.setVisible(not self._shown)
        if not self._ready:
            self._empty.setText(_("Questions can be asked as soon as there is some text."))
        elif self._one:
            self._empty.setText(_("For example: What was decided? Who calls the customer, and until when?"))
        else:
            self._empty.setText(
                _("For example: When did we last speak about the budget, and what came of it?")
            )

    def _go(self, wanted: SignalInstance, passage: Passage) -> None:
        evidence = passage.evidence
        first = evidence.segment_ids[0] if evidence.segment_ids else 0
        if self._one:
            wanted.emit(first, evidence.start)
        else:
            self._commands.open_at(passage.meeting_id, first, evidence.start)


class _Asked(QWidget):
    """One question: that it is being answered, what was answered, or why not."""

    play_wanted = Signal(object)  # Passage
    place_wanted = Signal(object)  # Passage, to be shown in the transcript
    again_wanted = Signal(object)  # Inquiry

    def __init__(self, parent: QWidget, commands: Commands) -> None:
        super().__init__(parent)
        self._commands = commands
        self._content = column(space=theme.SPACE_2)
        self.setLayout(self._content)

    def show_inquiry(self, inquiry: Inquiry) -> None:
        """Shows how it stands with a question now."""
        self.inquiry = inquiry
        clear(self._content)
        question = message(inquiry.question)
        question.setObjectName("heading")
        self._content.addWidget(question)
        if inquiry.running:
            self._show_running(inquiry)
        elif inquiry.trouble:
            self._say(inquiry.trouble.what, inquiry.trouble.do)
            self._offer_again()
        elif inquiry.reply is None:
            self._say(_("Stopped before there was an answer."))
            self._offer_again()
        else:
            self._show_reply(inquiry)

    def _show_running(self, inquiry: Inquiry) -> None:
        doing = inquiry.doing or _("Looking for an answer…")
        stop = button(
            _("Stop"),
            partial(self._commands.stop_inquiry, inquiry.number),
            tip=_("Wait for the answer no longer (Esc)"),
        )
        self._content.addLayout(row(label(doing, "meta"), stop, None))

    def _offer_again(self) -> None:
        again = button(
            _("Ask again"),
            lambda: self.again_wanted.emit(self.inquiry),
            kind="link",
            tip=_("Ask the same question again"),
        )
        self._content.addLayout(row(again, None))

    def _show_reply(self, inquiry: Inquiry) -> None:
        reply = inquiry.reply
        assert reply
        if inquiry.notice:
            self._say(inquiry.notice)
        if reply.text:
            answer = reading_text(reply.text)
            self._content.addWidget(answer)
            announce(answer)
            quoted = bool(reply.passages)
            if doubts := messages.doubts(reply.supported, reply.unverified, quoted=quoted):
                self._doubt(" · ".join(doubts))
        said = (
            _("Answered by {provider}, from these passages")
            if reply.text
            else _("The passages that fit best")
        )
        if reply.passages:
            who = messages.provider_name(reply.made_by)
            rests = label(said.format(provider=who), "meta")
            self._content.addWidget(rests)
            if not reply.text:
                announce(rests)
        for passage in reply.passages:
            self._content.addWidget(self._passage(passage, whole=inquiry.meeting_id is None))

    def _passage(self, passage: Passage, *, whole: bool) -> QWidget:
        """What was said and a chip that leads there; the `whole` tells the meeting too."""
        quote = message(_("“{words}”").format(words=passage.evidence.quote))
        place = (passage.title, messages.day(passage.started_at)) if whole else ()
        about = label(" · ".join(filter(None, (passage.speaker, *place))), "meta", wrap=True)
        about.setVisible(bool(about.text()))
        words = column(quote, about, space=theme.SPACE_1)
        evidence = passage.evidence
        show = partial(self.place_wanted.emit, passage)
        play = show if whole else partial(self.play_wanted.emit, passage)
        go = TimeChip((evidence.start, evidence.end), evidence.quote, play, None if whole else show)
        line = row(space=theme.SPACE_3)
        line.addLayout(words, 1)
        line.addWidget(go, 0, Qt.AlignmentFlag.AlignTop)
        made = QWidget()
        made.setLayout(line)
        return made

    def _doubt(self, words: str) -> None:
        self._content.addLayout(
            row(Symbol("warning", "warning", 14), label(words, "warning"), None, space=theme.SPACE_1)
        )

    def _say(self, *sentences: str) -> None:
        told = message(" ".join(filter(None, sentences)))
        self._content.addWidget(told)
        announce(told)
