"""PDF: pages to print and to search, with bookmarks and page numbers, in the fonts of the system (fpdf2).

Scripts whose letters change by their neighbours, or that run from right to left, are shaped by HarfBuzz; as that takes
its time, only they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TextEmphasis, XPos, YPos
from fpdf.fonts import FontFace

from core.export import fonts
from core.export.handout import Handout, Item, Part, Passage, is_right_to_left
from core.messages import _, clock
from core.values import Section

MARGIN, FOOT = 20.0, 18.0
TIME_WIDTH, BULLET = 17.0, 5.0
TEXT, SOFT, ACCENT = (28, 32, 36), (96, 100, 108), (58, 91, 199)
BODY, SMALL, HEADING, TITLE = 10.5, 8.5, 14.0, 21.0
LEADING = 1.42
POINT = 25.4 / 72
BOOKMARK_SECONDS = 600
"""The transcript has a bookmark every ten minutes."""

PAGES = "{%pages%}"
"""Stands for the number of pages until it is known."""

INVISIBLE = "\u200b\u200c\u200d\u2060\ufe0e\ufe0f"
"""Joiners and the like, better left out than shown as what is missing."""

CHANGING = (
    (0x0300, 0x036F),
    (0x0590, 0x109F),
    (0x1700, 0x1CFF),
    (0x200C, 0x200D),
    (0xA800, 0xAAFF),
    (0x1F000, 0x1FFFF),
)
"""Scripts and signs that are shaped: accents of their own, Hebrew to Burmese, Khmer and Mongolian, joined pictures."""


def render(handout: Handout) -> bytes:
    """The meeting as a PDF."""
    pages = _Pages(handout)
    pages.add_page()
    pages.paragraph(handout.title, size=TITLE, bold=True, colour=TEXT)
    for label, value in handout.facts:
        pages.paragraph(_("{name}: {value}").format(name=label, value=value), size=SMALL + 0.5, colour=SOFT)
    if handout.made:
        pages.paragraph(handout.made, size=SMALL + 0.5, colour=SOFT)
    for part in handout.parts:
        pages.heading(part.heading)
        if part.section is Section.ACTION_ITEMS:
            _actions(pages, part)
        else:
            for item in part.items:
                pages.item(item, bullet=part.section is not Section.OVERVIEW)
    if handout.passages:
        _transcript(pages, handout)
    return bytes(pages.output())


def _transcript(pages: _Pages, handout: Handout) -> None:
    pages.heading(_("Transcript"))
    if handout.warning:
        pages.paragraph(handout.warning, size=SMALL, colour=SOFT)
    bookmarked = 0
    for passage in handout.passages:
        if passage.start // BOOKMARK_SECONDS > bookmarked:
            bookmarked = int(passage.start // BOOKMARK_SECONDS)
            pages.start_section(clock(bookmarked * BOOKMARK_SECONDS), level=1)
        if passage.turn:
            pages.keep_together(3)
            pages.ln(2)
            pages.paragraph(passage.speaker, bold=True)
        pages.passage(passage, times=handout.choices.times)
    if handout.ending:
        pages.paragraph(handout.ending, size=SMALL, colour=SOFT)


def _actions(pages: _Pages, part: Part) -> None:
    heads = (_("Action item"), _("Owner"), _("Due"), _("Done"))
    rows = [
        (_with_marks(item), item.owner, item.due, _("yes") if item.line and item.line.done else _("no"))
        for item in part.items
    ]
    pages.in_style(size=BODY - 1)
    pages.set_draw_color(224, 225, 230)
    with pages.table(
        col_widths=(54, 20, 18, 8),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis=TextEmphasis.B, color=SOFT),
        line_height=(BODY - 1) * POINT * LEADING,
        padding=1.2,
        text_align="LEFT",
    ) as table:
        for number, cells in enumerate((heads, *rows)):
            row = table.row()
            for cell in cells:
                shown = pages.shown(cell)
                pages.shape(shown, in_table=True)
                row.cell(shown, align="RIGHT" if number and is_right_to_left(shown) else "LEFT")
    pages.shape("")


def _with_marks(item: Item) -> str:
    return f"{item.text} ({item.marks})" if item.marks else item.text


class _Pages(FPDF):
    """A4 pages with a head line from the second on, and their number below."""

    def __init__(self, handout: Handout) -> None:
        super().__init__(format="A4")
        self._title = handout.title if len(handout.title) < 80 else f"{handout.title[:78]}…"
        self._subtitle = handout.subtitle
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, FOOT)
        self.alias_nb_pages(PAGES)
        self.set_lang(handout.language)
        self.set_title(handout.title)
        self.set_author(", ".join(handout.meeting.participants))
        self.set_keywords(", ".join(handout.meeting.tags))
        self.set_creator("Meeting Transcriber")
        self.set_creation_date(handout.meeting.started_at.astimezone(UTC))
        self._shaped = False
        self._replaced: dict[int, str] = {}
        self._choose_fonts(handout)

    def _choose_fonts(self, handout: Handout) -> None:
        signs = {sign for text in _texts(handout) for sign in text if sign != " "}
        faces = fonts.reading_faces()
        if faces is None:
            # The fonts that every reader of PDF has know the letters of western Europe only.
            self._face = "helvetica"
            known = {sign for sign in signs if sign.encode("latin-1", "ignore")}
        else:
            self._face = "meeting"
            plain, bold = faces
            self.add_font("meeting", "", plain.path, collection_font_number=plain.number)
            self.add_font("meeting", "B", bold.path, collection_font_number=bold.number)
            known = set(fonts.covered(plain))
            more = []
            for number, (face, has) in enumerate(fonts.covering(signs - known)):
                self.add_font(f"more{number}", "", face.path, collection_font_number=face.number)
                more.append(f"more{number}")
                known |= has
            self.set_fallback_fonts(more, exact_match=False)
        # What nothing can show.
        self._replaced = {
            ord(sign): " " if sign.isspace() else "" if sign in INVISIBLE else "?" for sign in signs - known
        }

    def header(self) -> None:
        """From the second page on, which meeting it is."""
        if self.page_no() > 1:
            self.set_y(MARGIN / 2)
            self.paragraph(self._title, size=SMALL, colour=SOFT)
            self.set_y(MARGIN)

    def footer(self) -> None:
        """When it was, and which page this is."""
        self.set_y(-FOOT + 5)
        self.in_style(size=SMALL, colour=SOFT)
        self.shape("")
        self.cell(0, 5, self.shown(self._subtitle), align="L")
        self.set_x(MARGIN)
        self.cell(0, 5, f"{self.page_no()} / {PAGES}", align="R")

    # --- text --------------------------------------------------------------------------------------

    def in_style(
        self, *, size: float = BODY, bold: bool = False, colour: tuple[int, int, int] = TEXT
    ) -> None:
        """What is written next looks so."""
        self.set_font(self._face, "B" if bold else "", size)
        self.set_text_color(*colour)

    def shown(self, text: str) -> str:
        """`text` without what no font can show."""
        return text.translate(self._replaced)

    def shape(self, text: str, *, in_table: bool = False) -> None:
        """Has what is written next shaped where it needs to be."""
        needed = self._face == "meeting" and any(
            first <= ord(sign) <= last for sign in text if sign > "\u02ff" for first, last in CHANGING
        )
        if needed or (self._shaped and not in_table):
            self._shaped = needed
            self.set_text_shaping(
                needed, direction="rtl" if is_right_to_left(text) and not in_table else None
            )

    def keep_together(self, lines: int) -> None:
        """Begins a new page where fewer than so many lines have room on this one."""
        if self.will_page_break(lines * BODY * POINT * LEADING):
            self.add_page()

    def paragraph(
        self, text: str, *, size: float = BODY, bold: bool = False, colour: tuple[int, int, int] = TEXT
    ) -> None:
        """A paragraph over the whole width that there is."""
        self.in_style(size=size, bold=bold, colour=colour)
        shown = self.shown(text)
        self.shape(shown)
        self.multi_cell(
            0,
            size * POINT * LEADING,
            shown,
            align="R" if is_right_to_left(shown) else "L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def heading(self, text: str) -> None:
        """A heading, which stands among the bookmarks and not at the foot of a page."""
        self.keep_together(5)
        self.ln(5)
        self.start_section(text)
        self.paragraph(text, size=HEADING, bold=True, colour=ACCENT)
        self.ln(1.5)

    def item(self, item: Item, *, bullet: bool) -> None:
        """A line of the minutes."""
        if bullet:
            self._bullet(turned=is_right_to_left(item.text))
        self.paragraph(_with_marks(item))
        self.set_left_margin(MARGIN)
        self.set_right_margin(MARGIN)
        self.set_x(MARGIN)
        self.ln(1)

    def _bullet(self, *, turned: bool) -> None:
        """The mark before a line, at the side where it begins."""
        height = BODY * POINT * LEADING
        if self.will_page_break(height):
            self.add_page()
        self.in_style()
        self.shape("")
        if turned:
            self.set_x(self.w - MARGIN - BULLET)
        self.cell(BULLET, height, "•" if self._face == "meeting" else "-", align="R" if turned else "L")
        if turned:
            self.set_right_margin(MARGIN + BULLET)
            self.set_x(MARGIN)
        else:
            self.set_left_margin(MARGIN + BULLET)

    def passage(self, passage: Passage, *, times: bool) -> None:
        """What somebody says, with the time beside it."""
        height = BODY * POINT * LEADING
        if self.will_page_break(height):
            self.add_page()
        if times:
            self.in_style(size=SMALL, colour=SOFT)
            self.shape("")
            self.cell(TIME_WIDTH, height, clock(passage.start))
            self.set_left_margin(MARGIN + TIME_WIDTH)
        self.paragraph(f"{passage.text} ({passage.doubt})" if passage.doubt else passage.text)
        self.set_left_margin(MARGIN)
        self.set_x(MARGIN)
        self.ln(0.8)


def _texts(handout: Handout) -> Iterator[str]:
    """All that is written on the pages."""
    yield from (
        handout.title,
        handout.subtitle,
        handout.made,
        handout.warning,
        handout.ending,
        "•–—…/0123456789:()",
    )
    for label, value in handout.facts:
        yield from (label, value)
    for part in handout.parts:
        yield part.heading
        for item in part.items:
            yield from (item.text, item.owner, item.due, item.remark)
    for passage in handout.passages:
        yield from (passage.speaker, passage.text, passage.doubt)
    yield from map(_, ("Transcript", "Action item", "Owner", "Due", "Done", "yes", "no"))
