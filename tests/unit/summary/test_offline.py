from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core import errors
from core.paths import RESOURCES
from core.summary import Draft, Request, offline
from core.values import Channel, Line, Note, Origin, Progress, Section, Segment
from tests.benchmarks import rouge


def spoken(name: str, labelled: bool = True) -> tuple[Segment, ...]:
    """One of our scripts as segments, with or without who speaks."""
    segments = rouge.script(name)
    return segments if labelled else tuple(replace(one, speaker="") for one in segments)


def made(segments: tuple[Segment, ...], language: str = "", notes: tuple[Note, ...] = ()) -> Draft:
    job = offline.summarise(
        Request(segments, "Untitled", datetime(2026, 3, 10, 9, tzinfo=UTC), language, notes)
    )
    while True:
        try:
            assert isinstance(next(job), Progress)
        except StopIteration as ended:
            draft: Draft = ended.value
            return draft


def of(draft: Draft, section: Section) -> list[Line]:
    return [line for line in draft.lines if line.section is section]


def quoted_exactly(draft: Draft, segments: tuple[Segment, ...]) -> bool:
    by_id = {segment.id: segment for segment in segments}
    for evidence in (found for line in draft.lines for found in line.evidence):
        inside = [by_id[one] for one in evidence.segment_ids]
        assert evidence.quote in " ".join(segment.text for segment in inside)
        assert inside[0].start - 0.01 <= evidence.start < evidence.end <= inside[-1].end + 0.01
    return all(line.evidence and line.supported for line in draft.lines)


@pytest.mark.parametrize("labelled", [True, False])
def test_the_sample_meeting_gives_exactly_what_was_decided(labelled: bool) -> None:
    facts = json.loads((RESOURCES / "sample" / "facts.json").read_text(encoding="utf-8"))
    segments = spoken("script.txt", labelled)
    draft = made(segments)
    assert draft.language == "en"
    for section in (Section.DECISIONS, Section.ACTION_ITEMS, Section.OPEN_QUESTIONS):
        lines, wanted = of(draft, section), facts[section.value]
        assert len(lines) == len(wanted)
        for line, fact in zip(lines, wanted, strict=True):
            quotes = [evidence.quote for evidence in line.evidence]
            assert any(quote in fact["quote"] or fact["quote"] in quote for quote in quotes)
            assert line.owner == fact.get("owner", "")
            assert line.due_said == fact.get("due_said", "")
            assert line.due == (date.fromisoformat(fact["due"]) if "due" in fact else None)
    assert of(draft, Section.OVERVIEW)
    assert of(draft, Section.KEY_POINTS)
    assert quoted_exactly(draft, segments)


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("name", rouge.FACTS)
def test_meetings_give_exactly_what_was_decided_taken_on_and_left_open(name: str, labelled: bool) -> None:
    known = rouge.FACTS[name]
    segments = spoken(name, labelled)
    draft = made(segments)
    assert draft.language == known["language"]
    for section in (Section.DECISIONS, Section.OPEN_QUESTIONS):
        assert [line.evidence[0].segment_ids[0] for line in of(draft, section)] == known[section.value]
    found = of(draft, Section.ACTION_ITEMS)
    assert [(line.evidence[0].segment_ids[0], str(line.due or "")) for line in found] == [
        (turn, due) for turn, _owner, due in known["action_items"]
    ]
    for line, (_turn, owner, _due) in zip(found, known["action_items"], strict=True):
        # Without labels nobody knows who says "I".
        assert line.owner == owner or (not labelled and not line.owner)
    assert of(draft, Section.OVERVIEW)
    assert of(draft, Section.KEY_POINTS)
    assert quoted_exactly(draft, segments)


def test_people_who_talk_over_each_other_in_two_channels_give_the_same_minutes() -> None:
    """The sample meeting as a call: each line begins before the one before it has ended."""
    script = spoken("script.txt", labelled=False)
    call = tuple(
        replace(
            segment,
            start=max(0.0, segment.start - 1.0),
            channel=Channel.MICROPHONE if number % 2 else Channel.SYSTEM,
        )
        for number, segment in enumerate(script)
    )
    draft, mixed = made(call), made(script)
    for section in (Section.DECISIONS, Section.ACTION_ITEMS, Section.OPEN_QUESTIONS):
        assert [(line.text, line.owner, line.due) for line in of(draft, section)] == [
            (line.text, line.owner, line.due) for line in of(mixed, section)
        ]
    heard_in = {segment.id: segment.channel for segment in call}
    for evidence in (found for line in draft.lines for found in line.evidence):
        assert len({heard_in[one] for one in evidence.segment_ids}) == 1
        assert evidence.start < evidence.end


def test_a_promise_in_the_microphone_is_an_action_item() -> None:
    call = (
        Segment(0.0, 4.0, "We still need the figures for the budget.", id=1, channel=Channel.SYSTEM),
        Segment(3.5, 7.0, "I will send the figures by Friday.", id=2, channel=Channel.MICROPHONE),
        Segment(6.0, 9.0, "Perfect, that helps us a lot.", id=3, channel=Channel.SYSTEM),
    )
    (item,) = of(made(call, "en"), Section.ACTION_ITEMS)
    assert (item.text, item.owner, item.due) == ("I will send the figures by Friday.", "", date(2026, 3, 13))
    assert item.evidence[0].segment_ids == (2,)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("reunion_fr.txt", "Réunion de préparation de la fête"),
        ("chantier_fr.txt", "Point hebdomadaire sur la rénovation de la médiathèque"),
        ("cantine_fr.txt", "Réunion trimestrielle de la cantine"),
    ],
)
def test_meetings_are_called_what_they_were_called(name: str, title: str) -> None:
    assert made(spoken(name)).title.startswith(title)


def hour(seed: int = 7) -> tuple[Segment, ...]:
    """An hour of invented talk about four things in turn, in segments of about six seconds."""
    chance = random.Random(seed)
    themes = [
        "budget invoice euro supplier cost price contract payment",
        "garden tree flower bench path lawn pond hedge",
        "concert band stage sound ticket singer drum guitar",
        "website page login server password button form browser",
    ]
    shapes = [
        "The {} and the {} need a {} before we see the {} again.",
        "I think the {} of the {} was better than any {}.",
    ]
    segments: list[Segment] = []
    for number in range(600):
        words = themes[number // 150].split()
        shape = chance.choice(shapes)
        said = shape.format(*chance.sample(words, shape.count("{}")))
        segments.append(Segment(6.0 * number, 6.0 * number + 5.5, said, id=number + 1))
    return tuple(segments)


def test_a_long_meeting_has_chapters_where_the_topic_changes() -> None:
    draft = made(hour())
    starts = [line.evidence[0].start for line in of(draft, Section.CHAPTERS)]
    assert starts[0] == 0.0
    for change in (900.0, 1800.0, 2700.0):
        assert any(abs(start - change) <= 60 for start in starts)
    assert len(starts) <= 8
    assert 4 <= len(of(draft, Section.KEY_POINTS)) <= offline.KEY_POINTS["normal"]
    assert (
        of(draft, Section.DECISIONS)
        == of(draft, Section.ACTION_ITEMS)
        == of(draft, Section.OPEN_QUESTIONS)
        == []
    )


def test_the_same_request_gives_the_same_draft() -> None:
    assert made(hour()) == made(hour())


def test_key_points_do_not_repeat_each_other() -> None:
    said = "The new supplier asks for twice the price of the old one."
    segments = tuple(
        Segment(5.0 * n, 5.0 * n + 4, said if n % 3 else f"Item {n} is about gardens.", id=n + 1)
        for n in range(30)
    )
    texts = [line.text for line in made(segments, "en").lines]
    assert texts.count(said) == 1


def test_what_was_said_at_a_bookmark_is_a_key_point_and_notes_are_lines_of_their_own() -> None:
    segments = hour()
    remark = Segment(3_002.0, 3_006.0, "My grandmother keeps seven yellow parrots upstairs.", id=9_000)
    segments = tuple(sorted((*segments[:500], remark, *segments[501:]), key=lambda one: one.start))
    plain, noted = made(segments), made(segments, notes=(Note(3_003.0, ""), Note(20.0, "Ask about VAT")))
    told = [line.text for line in (*of(noted, Section.KEY_POINTS), *of(noted, Section.OVERVIEW))]
    assert remark.text in told
    assert remark.text not in [line.text for line in plain.lines]
    (note,) = of(noted, Section.NOTES)
    assert note.text == "Ask about VAT"
    assert note.evidence[0].start <= 20.0 <= note.evidence[0].end + 1


def test_a_mark_shows_where_the_sentence_stands_in_another_section() -> None:
    segments = hour()
    told = next(one for one in made(segments).lines if one.section is Section.OVERVIEW)
    marked = made(segments, notes=(Note(told.evidence[0].end, "", bookmark=True),))
    of_mark = [line for line in marked.lines if line.origin is Origin.BOOKMARK]
    assert told.text in [line.text for line in of_mark]
    assert made(segments, notes=(Note(1e6, "", bookmark=True),)).lines == made(segments).lines


def test_speech_without_punctuation_or_in_another_language_gives_an_overview() -> None:
    bare = tuple(
        Segment(4.0 * n, 4.0 * n + 3.9, "so the budget is more or less what we had in spring", id=n + 1)
        for n in range(40)
    )
    assert of(made(bare), Section.OVERVIEW)
    german = tuple(
        Segment(
            4.0 * n, 4.0 * n + 3, f"Der Haushalt von {n} Gemeinden wurde heute lange besprochen.", id=n + 1
        )
        for n in range(9)
    )
    assert of(made(german, "de"), Section.OVERVIEW)


def test_a_meeting_in_another_language_keeps_its_words_and_tells_no_decisions() -> None:
    said = (
        "Wir bitten das Amt bis zum 20. Januar um um die Genehmigung für den neuen Spielplatz im Park.",
        "Decision: die Kosten für den neuen Spielplatz im Park trägt die Gemeinde in voller Höhe allein.",
        "Die Eltern kümmern sich um die Pflanzen und um die Bänke auf dem neuen Spielplatz im Park.",
    )
    draft = made(tuple(Segment(9.0 * n, 9.0 * n + 8, text, id=n + 1) for n, text in enumerate(said)), "de")
    assert draft.language == "de"
    assert not of(draft, Section.DECISIONS)
    assert {line.text for line in (*of(draft, Section.OVERVIEW), *of(draft, Section.KEY_POINTS))} <= set(said)
    assert of(draft, Section.OVERVIEW)


def test_a_text_tells_by_itself_that_it_is_in_another_language() -> None:
    said = (
        "Vamos a hablar de las cuentas del club y del nuevo horario de verano para todos los grupos.",
        "Decision: hemos decidido comprar doce balones nuevos y dos redes antes de la temporada de otoño.",
        "Los padres prefieren entrenar los martes porque los jueves la piscina municipal cierra muy pronto.",
    )
    draft = made(tuple(Segment(9.0 * n, 9.0 * n + 8, text, id=n + 1) for n, text in enumerate(said)))
    assert draft.language == ""
    assert not of(draft, Section.DECISIONS)
    assert of(draft, Section.OVERVIEW)


def test_what_may_not_have_been_said_tells_nothing_of_the_meeting() -> None:
    texts = (
        "The budget of the museum is larger this year because the town pays for the new roof.",
        "The configuration of the museum is steady and the budget is executed by a steady telephone.",
        "The museum opens its new rooms in spring and closes the old ones for good in the summer.",
    )
    heard = tuple(
        Segment(10.0 * place, 10.0 * place + 9, text, id=place + 1) for place, text in enumerate(texts)
    )
    for doubtful in ({1}, {0, 2}):
        doubted = tuple(
            replace(one, doubt="improbable" if place in doubtful else "") for place, one in enumerate(heard)
        )
        said = {evidence.quote for line in made(doubted).lines for evidence in line.evidence}
        assert said
        assert said.isdisjoint(texts[place] for place in doubtful)
    # Better than no minutes at all.
    assert of(made(tuple(replace(one, doubt="improbable") for one in heard)), Section.OVERVIEW)


def test_nothing_said_is_said_so() -> None:
    with pytest.raises(errors.NothingSaid):
        made((Segment(0.0, 1.0, " ", id=1),))
