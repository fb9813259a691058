"""DOCX: real styles, headings, a table of the action items, headers and footers (python-docx)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from core.export.handout import Handout, Item, Part, Passage, is_right_to_left
from core.messages import _, clock
from core.values import Section

SOFT = RGBColor(0x60, 0x64, 0x6C)
TIME, SPEAKER, REMARK = "Meeting Time", "Meeting Speaker", "Meeting Remark"
"""Styles of our own, so that a person who wants them otherwise changes each at one place."""


def render(handout: Handout) -> bytes:
    """The meeting as a Word document."""
    document = docx.Document()
    _set_up(document, handout)
    _directed(document.add_paragraph(style="Title"), handout.title)
    for label, value in handout.facts:
        paragraph = document.add_paragraph(style="Subtitle")
        paragraph.add_run(_("{name}: {value}").format(name=label, value=value))
        _turn(paragraph, value)
    if handout.made:
        document.add_paragraph(handout.made, style=REMARK)
    for part in handout.parts:
        document.add_heading(part.heading, 1)
        if part.section is Section.ACTION_ITEMS:
            _actions(document, part)
        else:
            style = "Normal" if part.section is Section.OVERVIEW else "List Bullet"
            for item in part.items:
                _item(document.add_paragraph(style=style), item)
    if handout.passages:
        _transcript(document, handout)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: WordDocument, handout: Handout) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    properties = document.core_properties
    properties.title = handout.title[:255]
    properties.author = ", ".join(handout.meeting.participants)[:255]
    properties.subject = _("Minutes of a meeting")
    properties.keywords = ", ".join(handout.meeting.tags)[:255]
    properties.comments = ""
    properties.language = handout.language
    properties.created = properties.modified = handout.meeting.started_at.astimezone(UTC).replace(tzinfo=None)
    _styles(document, handout)
    width = section.page_width - section.left_margin - section.right_margin
    head = section.header.paragraphs[0]
    head.style = document.styles["Header"]
    head.text = handout.title if len(handout.title) < 90 else f"{handout.title[:88]}…"
    foot = section.footer.paragraphs[0]
    foot.style = document.styles["Footer"]
    foot.style.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{handout.subtitle}\t")
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _styles(document: WordDocument, handout: Handout) -> None:
    styles: Any = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), handout.spoken or handout.language)
    normal.element.get_or_add_rPr().append(language)
    styles["Title"].font.size = Pt(22)
    subtitle = styles["Subtitle"]
    subtitle.font.size, subtitle.font.italic, subtitle.font.color.rgb = Pt(10), False, SOFT
    subtitle.paragraph_format.space_after = Pt(1)
    for spread in subtitle.element.rPr.findall(qn("w:spacing")):
        subtitle.element.rPr.remove(spread)
    for name in ("Header", "Footer"):
        styles[name].font.size, styles[name].font.color.rgb = Pt(9), SOFT
    time = styles.add_style(TIME, WD_STYLE_TYPE.CHARACTER)
    time.font.size, time.font.color.rgb = Pt(9), SOFT
    speaker = styles.add_style(SPEAKER, WD_STYLE_TYPE.PARAGRAPH)
    speaker.base_style, speaker.font.bold = normal, True
    speaker.paragraph_format.space_before, speaker.paragraph_format.space_after = Pt(8), Pt(2)
    speaker.paragraph_format.keep_with_next = True
    remark = styles.add_style(REMARK, WD_STYLE_TYPE.PARAGRAPH)
    remark.base_style, remark.font.italic, remark.font.size, remark.font.color.rgb = (
        normal,
        True,
        Pt(9.5),
        SOFT,
    )


def _field(paragraph: Paragraph, code: str) -> None:
    """A number that the word processor fills in."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001  python-docx has no other way to a field


def _directed(paragraph: Paragraph, text: str) -> None:
    paragraph.add_run(text)
    _turn(paragraph, text)


def _turn(paragraph: Paragraph, text: str) -> None:
    """Has a paragraph run from right to left where its text does."""
    if is_right_to_left(text):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001
        for run in paragraph.runs:
            run.font.rtl = True


def _item(paragraph: Paragraph, item: Item) -> None:
    paragraph.add_run(item.text)
    if item.marks:
        paragraph.add_run(f" ({item.marks})", style=TIME)
    _turn(paragraph, item.text)


def _actions(document: WordDocument, part: Part) -> None:
    table = document.add_table(rows=1, cols=4, style="Light Grid Accent 1")
    table.autofit = False
    look = table._tblPr.find(qn("w:tblLook"))  # noqa: SLF001
    look.set(qn("w:firstColumn"), "0")  # not set apart
    look.set(qn("w:val"), "0420")  # the same as older readers have it: first row, no bands of columns
    heads = (_("Action item"), _("Owner"), _("Due"), _("Done"))
    widths = (Cm(8.6), Cm(3.2), Cm(3.2), Cm(1.6))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    # The first row comes again on each page.
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(again)  # noqa: SLF001
    for item in part.items:
        cells = table.add_row().cells
        _item(cells[0].paragraphs[0], item)
        _directed(cells[1].paragraphs[0], item.owner)
        cells[2].text = item.due
        cells[3].text = "☑" if item.line and item.line.done else "☐"
    for column, width in zip(table.columns, widths, strict=True):
        for cell in column.cells:
            cell.width = width
        column.width = width


def _transcript(document: WordDocument, handout: Handout) -> None:
    document.add_heading(_("Transcript"), 1)
    if handout.warning:
        document.add_paragraph(handout.warning, style=REMARK)
    # Put together by hand: python-docx looks for the style and the end of the document with each paragraph,
    # which takes half a minute where there are ten thousand.
    last = document.element.body.sectPr
    speaker, time = (document.styles[name].style_id for name in (SPEAKER, TIME))
    for passage in handout.passages:
        if passage.turn:
            last.addprevious(_paragraph(speaker, [(passage.speaker, "")]))
        last.addprevious(_paragraph("", list(_runs(handout, passage, time))))
    if handout.ending:
        document.add_paragraph(handout.ending, style=REMARK)


def _runs(handout: Handout, passage: Passage, time: str) -> Iterator[tuple[str, str]]:
    if handout.choices.times:
        yield f"{clock(passage.start)}  ", time
    yield passage.text, ""
    if passage.doubt:
        yield f" ({passage.doubt})", time


def _paragraph(style: str, runs: list[tuple[str, str]]) -> Any:
    """A paragraph in the style with this id, of texts each with the id of its own, '' for none."""
    paragraph = OxmlElement("w:p")
    turned = is_right_to_left(" ".join(text for text, own in runs if not own))
    _put_properties(paragraph, "w:pPr", "w:pStyle", style, "w:bidi" if turned else "")
    for text, own in runs:
        run = OxmlElement("w:r")
        _put_properties(run, "w:rPr", "w:rStyle", own, "w:rtl" if turned and not own else "")
        written = OxmlElement("w:t")
        written.text = text
        written.set(qn("xml:space"), "preserve")
        run.append(written)
        paragraph.append(run)
    return paragraph


def _put_properties(element: Any, name: str, kind: str, style: str, direction: str) -> None:
    if style or direction:
        properties = OxmlElement(name)
        if style:
            properties.append(OxmlElement(kind, {qn("w:val"): style}))
        if direction:
            properties.append(OxmlElement(direction))
        element.append(properties)
