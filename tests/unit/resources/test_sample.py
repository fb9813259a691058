"""The sample meeting's script, facts and sound fit each other."""

import json
import re
from datetime import date, datetime

import av
import pytest

from core import paths

SAMPLE = paths.RESOURCES / "sample"
SCRIPT = (SAMPLE / "script.txt").read_text(encoding="utf-8")
FACTS = json.loads((SAMPLE / "facts.json").read_text(encoding="utf-8"))


def test_it_has_three_decisions_four_actions_and_an_open_question() -> None:
    counts = {name: len(FACTS[name]) for name in ("decisions", "action_items", "open_questions")}
    assert counts == {"decisions": 3, "action_items": 4, "open_questions": 1}


@pytest.mark.parametrize("section", ["decisions", "action_items", "open_questions"])
def test_every_fact_is_said_in_its_order(section: str) -> None:
    places = [SCRIPT.index(fact["quote"]) for fact in FACTS[section]]
    assert places == sorted(places)


def test_owners_speak_and_dates_are_in_their_quotes() -> None:
    speakers = set(re.findall(r"(?m)^([A-Z]+): ", SCRIPT))
    told = datetime.fromisoformat(FACTS["started_at"]).date()
    for action in FACTS["action_items"]:
        assert action["owner"].upper() in speakers
        assert action["due_said"] in action["quote"]
        assert date.fromisoformat(action["due"]) > told


def test_the_sound_is_small_and_dated_like_the_facts() -> None:
    path = SAMPLE / "meeting.ogg"
    assert path.stat().st_size <= 900_000
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        assert (stream.codec_context.name, stream.channels) == ("opus", 1)
        assert stream.metadata["creation_time"] == FACTS["started_at"]
        assert stream.duration is not None
        assert stream.time_base is not None
        assert 100 < stream.duration * stream.time_base < 180
