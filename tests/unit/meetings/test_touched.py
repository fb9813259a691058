from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.meetings.touched import keep_touched
from core.values import Evidence, Line, Section


def line(text: str, at: float | None = None, quote: str = "", **fields: Any) -> Line:
    """A decision that rests on what was said from second `at` on; a task where it has an owner."""
    evidence = () if at is None else (Evidence((int(at),), at, at + 4.0, quote or text),)
    section = Section.ACTION_ITEMS if "owner" in fields else Section.DECISIONS
    return Line(section, text, evidence, **{"called": fields.get("owner", "")} | fields)


APRIL = line("Move the release to April", 10.0)
HIRE = line("Hire one more person", 30.0)


def test_what_the_person_did_is_carried_to_what_says_the_same() -> None:
    fresh = (APRIL, HIRE)
    assert keep_touched((), fresh) == fresh
    assert keep_touched((line("Untouched, and gone", 50.0),), fresh) == fresh
    edited = replace(APRIL, text="Move the release to the 15th of April", edited=True)
    assert keep_touched((edited,), fresh) == (edited, HIRE)
    assert keep_touched((replace(HIRE, done=True),), fresh) == (APRIL, replace(HIRE, done=True))
    alone = line("Call the caterer", 60.0, done=True)
    assert keep_touched((alone,), fresh) == (*fresh, alone)
    assert keep_touched((alone,), ()) == (alone,)
    elsewhere = replace(edited, section=Section.KEY_POINTS)
    assert keep_touched((elsewhere,), fresh) == (*fresh, elsewhere)


def test_of_two_edits_of_one_line_both_stay() -> None:
    twins = tuple(replace(APRIL, text=f"Release in April{end}", edited=True) for end in (".", ", then"))
    kept = keep_touched(twins, (APRIL, HIRE))
    assert [one.text for one in kept if one.edited] == [one.text for one in twins]


def test_an_edited_line_is_known_by_what_it_rests_on_whatever_it_says() -> None:
    own = replace(APRIL, text="As only I know", edited=True)
    assert keep_touched((own, HIRE), (APRIL, HIRE)) == (own, HIRE)


@pytest.mark.parametrize(
    "other",
    [
        line("Send the pricing note to the vendor", 89.0, owner="Raj"),
        line("Send the pricing note to finance", 35.0, owner="Raj"),
        line("Send the pricing note to finance", 89.0, owner="Luis"),
        line("Do not send the pricing note to finance", 35.0, owner="Luis"),
        line("Send the pricing note to finance in 3 copies", 35.0, owner="Raj"),
        line(
            "Send the pricing note to the vendor",
            35.0,
            "I'll send the pricing note to finance and to the vendor",
            owner="Luis",
        ),
    ],
)
@pytest.mark.parametrize("marks", [{"done": True}, {"removed": True}])
def test_no_mark_comes_to_another_task(other: Line, marks: dict[str, Any]) -> None:
    old = line("Send the pricing note to finance", 35.0, owner="Luis", **marks)
    assert keep_touched((old,), (other,)) == (other, old)


@pytest.mark.parametrize(
    "fresh",
    [
        line("The office in Lyon stays open", 89.0),
        line("The office in Lyon stays open", 35.0, "The office in Leeds, and the one in Lyon"),
        line("We keep 3 offices", 35.0, "The office in Leeds, and the one in Lyon"),
    ],
)
def test_a_decision_taken_out_takes_no_other_one_along(fresh: Line) -> None:
    old = line(
        "The office in Leeds stays open", 35.0, "The office in Leeds, and the one in Lyon", removed=True
    )
    assert keep_touched((old,), (fresh,)) == (fresh, old)


@pytest.mark.parametrize(
    "text",
    ["Luis sends the pricing note to finance by Friday", "Send finance the note on pricing", "Send the note"],
)
def test_a_mark_comes_to_the_same_task_in_other_words(text: str) -> None:
    quote = "I'll send the pricing note to finance by Friday"
    old = line("Send the pricing note to finance", 35.0, quote, owner="Luis", done=True)
    new = line(text, 36.0, quote[5:], owner="Luis Ortega")
    assert keep_touched((old,), (new,)) == (replace(new, done=True),)


def test_two_tasks_that_became_one_stay_as_they_were() -> None:
    quote = "I'll send the note and book the room"
    sent = line("Send the note", 35.0, quote, owner="Luis", done=True)
    booked = line("Book the room", 35.0, quote, owner="Luis")
    both = line("Send the note and book the room", 35.0, quote, owner="Luis")
    assert keep_touched((sent, booked), (both,)) == (both, sent)
    assert keep_touched((sent, booked), (booked, replace(sent, done=False))) == (booked, sent)


def test_in_another_language_the_words_that_lines_rest_on_tell() -> None:
    quote = "I'll send the pricing note to finance"
    old = line("Send the pricing note to finance", 35.0, quote, owner="Luis", done=True)
    new = line("Envoyer la note de prix au service financier", 35.0, quote, owner="Luis")
    assert keep_touched((old,), (new,)) == (new, old)
    assert keep_touched((old,), (new,), translated=True) == (replace(new, done=True),)
    other = line("Réserver la salle", 89.0, owner="Luis")
    assert keep_touched((old,), (other,), translated=True) == (other, old)


AGREED = "Agreed, Bennett gets the roof at 42,500."


@pytest.mark.parametrize(
    "text",
    [
        "Bennett gets the roof at 42,500.",
        "The roof goes to Bennett at 42,500.",
        "Whitaker gets the roof at 45,200.",
        "Whitaker does not get the roof at 42,500.",
        "Whitaker gets the roof at 42,500, says Bennett.",
        AGREED,
    ],
)
def test_what_was_taken_out_takes_no_true_line_along(text: str) -> None:
    gone = line("Whitaker gets the roof at 42,500.", 63.0, AGREED, removed=True, unverified=("Whitaker",))
    true = line(text, 63.0, AGREED)
    assert keep_touched((gone,), (true,)) == (true, gone)
    assert keep_touched((gone,), (true,), translated=True) == (true, gone)


@pytest.mark.parametrize(
    "text", ["Whitaker gets the roof at 42,500", "The roof: Whitaker gets it, at 42,500."]
)
def test_what_was_taken_out_stays_away_where_it_is_said_again(text: str) -> None:
    gone = line("Whitaker gets the roof at 42,500.", 63.0, AGREED, removed=True)
    again = line(text, 63.0, AGREED)
    assert keep_touched((gone,), (again,)) == (replace(again, removed=True),)


def test_of_two_earlier_minutes_both_give_their_marks_and_the_first_one_counts() -> None:
    mine = replace(APRIL, text="Move it to the 15th of April", edited=True)
    hired = replace(HIRE, removed=True)
    added = line("Call the caterer", None, edited=True)
    once = keep_touched((mine, HIRE), (APRIL, HIRE))
    assert keep_touched((replace(mine, text="In May"), hired, added), once) == (mine, hired, added)
    assert keep_touched((mine, hired, added), keep_touched((mine, hired, added), (APRIL, HIRE))) == (
        mine,
        hired,
        added,
    )
