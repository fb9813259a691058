from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core import errors, messages
from core.summary import Draft, Request, offline, templates
from core.summary.people import participant
from core.values import Note, Origin, Section, Segment, SummaryOptions, Template, TemplateSection
from tests.benchmarks import rouge
from tests.conftest import finished


def test_the_programs_templates_are_whole_in_both_languages(tmp_path: Path) -> None:
    known = templates.known(tmp_path)
    assert [one.key for one in known] == list(templates.BUILT_IN)
    assert known[0].sections == templates.general().sections
    for template in known:
        assert {language for language, _name in template.names} == {"en", "fr"}
        keys = [section.key for section in template.sections]
        assert len(set(keys)) == len(keys)
        assert Section.ACTION_ITEMS.value in keys
        for section in template.sections:
            typed = section.key in {kind.value for kind in Section}
            assert typed or section.kind is Section.KEY_POINTS
            assert typed or (section.about and {language for language, _ in section.cues} == {"en", "fr"})
            assert not section.headings or {language for language, _ in section.headings} == {"en", "fr"}
    for language in messages.LANGUAGES:
        with messages.in_language(language):
            assert len({messages.template_name(one) for one in known}) == len(known)


def test_a_template_of_the_persons_is_kept_changed_and_taken_away(tmp_path: Path) -> None:
    board = Template(
        "",
        (("", "Conseil d'école"),),
        (
            TemplateSection("decisions", Section.DECISIONS, (("", "Résolutions"),)),
            TemplateSection(
                "risks", Section.KEY_POINTS, (("", "Risques"),), "Ce qui menace", (("", ("risque",)),)
            ),
        ),
        "Write soberly.",
        own=True,
    )
    kept = templates.save(tmp_path, board)
    assert kept == replace(board, key="conseil_d_ecole")
    assert templates.save(tmp_path, board).key == "conseil_d_ecole_2"
    assert templates.find(tmp_path, "CONSEIL D’ÉCOLE") == kept
    changed = templates.save(tmp_path, replace(kept, names=(("", "Board"),)))
    assert changed.key == kept.key
    assert templates.find(tmp_path, "board") == changed
    templates.remove(tmp_path, changed.key)
    templates.remove(tmp_path, "../conseil_d_ecole_2")
    assert [one.key for one in templates.known(tmp_path) if one.own] == ["conseil_d_ecole_2"]
    with pytest.raises(errors.TemplateUnknown, match="stand_up"):
        templates.find(tmp_path, "board")


def test_a_copy_of_a_template_of_the_program_gets_a_key_of_its_own(tmp_path: Path) -> None:
    copy = templates.save(tmp_path, replace(templates.general(), own=True, key=""))
    assert copy.key not in templates.BUILT_IN
    assert copy.sections == templates.general().sections


@pytest.mark.parametrize(
    ("content", "reason", "words"),
    [
        ("{", "not_json", "line 1 is not valid JSON"),
        ('{\n "name": "x"\n "sections": []}', "not_json", "line 3 is not valid JSON"),
        ("[]", "no_sections", "it has no list of sections"),
        ('{"sections": 3}', "no_sections", "it has no list of sections"),
        ('{"sections": [{"key": "x"}, {"heading": "x"}]}', "no_key", "section 2 has no key"),
        ('{"sections": [{"key": "notes"}]}', "notes", "section 1 would be your notes"),
    ],
)
def test_a_file_that_is_no_template_is_left_out_and_told(
    tmp_path: Path, content: str, reason: str, words: str
) -> None:
    (tmp_path / "odd.json").write_text(content, encoding="utf-8")
    known, (broken,) = templates.read(tmp_path)
    assert len(known) == len(templates.BUILT_IN)
    assert (broken.file, broken.reason) == ("odd.json", reason)
    said = str(messages.explain(broken))
    assert "“odd.json”" in said
    assert words in said
    with pytest.raises(errors.MinutesTemplateBroken):
        templates.find(tmp_path, "odd")


def test_one_that_is_no_text_or_has_a_taken_name_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "meeting.json").write_text(templates.text_of(templates.general()), encoding="utf-8")
    known, broken = templates.read(tmp_path)
    assert len(known) == len(templates.BUILT_IN)
    assert [one.reason for one in broken] == ["unreadable", "taken"]


def test_a_template_is_taken_in_from_a_file_beside_those_that_are_there(tmp_path: Path) -> None:
    file = tmp_path / "meeting.json"
    file.write_text(templates.text_of(templates.general()), encoding="utf-8")
    folder = tmp_path / "own"
    first, second = templates.install(folder, file), templates.install(folder, file)
    assert (first.key, second.key) == ("general_meeting", "general_meeting_2")
    assert first.sections == templates.general().sections
    file.write_text("{", encoding="utf-8")
    with pytest.raises(errors.MinutesTemplateBroken):
        templates.install(folder, file)


def test_a_file_written_by_hand_needs_little(tmp_path: Path) -> None:
    stored = {
        "sections": [
            {"key": "Risks"},
            {"key": "decisions"},
            {"key": "risks"},
            {"key": "todo", "kind": "action_items"},
        ]
    }
    (tmp_path / "mine.json").write_text(json.dumps(stored), encoding="utf-8")
    mine = templates.find(tmp_path, "mine")
    assert [(one.key, one.kind) for one in mine.sections] == [
        ("risks", Section.KEY_POINTS),
        ("decisions", Section.DECISIONS),
        ("action_items", Section.ACTION_ITEMS),
    ]


STAND_UP = (
    ("Ana", "Yesterday I finished the login page and merged it."),
    ("Marc", "I worked on the invoices, and they are done now."),
    ("Ana", "I am blocked by the database, because I still have no access to it."),
    ("Marc", "I will give you the access by tomorrow."),
    ("Ana", "We have decided to ship the login page on Thursday."),
)


def made(template: Template, segments: tuple[Segment, ...], **more: object) -> Draft:
    values: dict[str, object] = {"language": "en", "template": template} | more
    request = Request(segments, "Untitled", datetime(2026, 3, 10, 9, tzinfo=UTC), **values)  # type: ignore[arg-type]
    draft: Draft = finished(offline.summarise(request))
    return draft


def test_a_stand_up_has_what_was_done_what_comes_and_what_is_in_the_way(tmp_path: Path) -> None:
    draft = made(templates.find(tmp_path, "stand_up"), rouge.spoken(STAND_UP))
    by_part = {
        part: [line.evidence[0].segment_ids[0] for line in draft.lines if line.part == part]
        for part in dict.fromkeys(line.part for line in draft.lines)
    }
    assert by_part == {"done": [1, 2], "action_items": [4], "blockers": [3], "decisions": [5]}


def test_a_section_of_the_persons_is_filled_by_its_own_words() -> None:
    money = TemplateSection(
        "money", Section.KEY_POINTS, (("", "Invoices"),), "What was said about the login page"
    )
    draft = made(Template("x", (("", "X"),), (money,)), rouge.spoken(STAND_UP))
    assert {line.part for line in draft.lines} == {"money"}
    assert [line.evidence[0].segment_ids[0] for line in draft.lines] == [1, 2, 5]


def test_the_length_is_heeded() -> None:
    meeting = rouge.script("chantier_fr.txt")
    counts = [
        len(made(templates.general(), meeting, options=SummaryOptions(length=length)).lines)
        for length in ("short", "normal", "long")
    ]
    assert counts[0] < counts[1] < counts[2]


def test_notes_with_a_label_stand_where_they_belong_and_can_be_told_apart() -> None:
    notes = (
        Note(1.0, "Decision: no release on Fridays"),
        Note(2.0, "To do: Marc orders the cake by Friday", id=2),
        Note(3.0, "Q: who pays?"),
        Note(4.0, "looks tired"),
        Note(9.0, "", bookmark=True),
    )
    draft = made(templates.general(), rouge.spoken(STAND_UP), notes=notes, participants=("Marc Petit",))
    noted = [
        (line.section, line.text, line.owner, line.due) for line in draft.lines if line.origin is Origin.NOTE
    ]
    assert noted == [
        (Section.DECISIONS, "No release on Fridays", "", None),
        (Section.ACTION_ITEMS, "Marc orders the cake by Friday", "Marc Petit", date(2026, 3, 13)),
        (Section.OPEN_QUESTIONS, "Who pays?", "", None),
        (Section.NOTES, "looks tired", "", None),
    ]
    assert any(line.origin is Origin.BOOKMARK for line in draft.lines)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Ana", "Ana Silva"),
        ("Mark", "Marc"),
        ("marc", "Marc"),
        ("Petit", "Jean Petit"),
        ("Robert", "Robert"),
        ("Jean", "Jean"),
        ("", ""),
    ],
)
def test_a_name_as_it_was_heard_means_a_participant(heard: str, meant: str) -> None:
    assert participant(heard, ("Ana Silva", "Marc", "Jean Petit", "Jean Roux")) == meant


@pytest.mark.parametrize(
    ("stored", "word"),
    [
        ({"sections": [{"key": "decisions", "headings": "Agreed"}]}, "headings"),
        ({"titel": "Board", "sections": [{"key": "decisions"}]}, "titel"),
    ],
)
def test_a_name_that_nobody_knows_is_told(tmp_path: Path, stored: dict[str, object], word: str) -> None:
    (tmp_path / "board.json").write_text(json.dumps(stored), encoding="utf-8")
    _known, (fault,) = templates.read(tmp_path)
    assert (fault.reason, fault.word) == ("unknown", word)
    assert f"“{word}” is not known in a template" in messages.explain(fault).what
