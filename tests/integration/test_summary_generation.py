"""From a file to its minutes through the local interface. Also a plain script: `python` and this file's name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":  # before what a plain script, which sees only what lies beside it, cannot import
    sys.exit(pytest.main([__file__, "-q", *sys.argv[1:]]))

from tests.api_server import Api
from tests.sound_files import FIRST_TOPIC, beginning

NAME = "first topic.ogg"


def known(api: Api, folder: Path) -> str:
    """A part of the sample meeting, added where the server has not got it yet."""
    answer = api.raw("GET", "/meetings?limit=200").json()["items"]
    found = [one["id"] for one in answer if one["original_name"] == NAME]
    meeting_id: str = found[0] if found else api.upload(beginning(folder / NAME, FIRST_TOPIC))["id"]
    return meeting_id


def test_a_file_becomes_text_and_checked_minutes(api: Api, tmp_path: Path) -> None:
    meeting_id = known(api, tmp_path)
    job = api.ask("POST", f"/meetings/{meeting_id}/jobs", 202, json={"stage": "transcribe", "preset": "fast"})
    told = api.events(f"/jobs/{job['id']}/events")
    assert told[0][0] == "state"
    assert (told[-1][0], told[-1][1]["state"]) == ("end", "done")
    assert {"progress", "segments"} <= {name for name, _content in told}
    transcript = api.ask("GET", f"/meetings/{meeting_id}/transcript?words=true&limit=2000")
    assert transcript["complete"]
    assert transcript["total"] == len(transcript["segments"]) > 10
    assert all(segment["words"] for segment in transcript["segments"][:5])

    job = api.ask(
        "POST", f"/meetings/{meeting_id}/jobs", 202, json={"stage": "summarise", "provider": "offline"}
    )
    assert api.finished(job)["state"] == "done"
    minutes = api.ask("GET", f"/meetings/{meeting_id}/minutes")
    assert minutes["made_by"] == "offline"
    decisions = [line for line in minutes["lines"] if line["section"] == "decisions"]
    assert decisions
    texts = {segment["id"]: segment["text"] for segment in transcript["segments"]}
    for line in decisions:
        assert line["supported"]
        for evidence in line["evidence"]:
            assert evidence["quote"].strip()
            assert set(evidence["segment_ids"]) <= texts.keys()

    line = minutes["lines"][0]
    changed = api.ask(
        "PATCH",
        f"/meetings/{meeting_id}/minutes/lines/{line['id']}",
        json={"text": "As we agreed.", "done": True},
    )
    assert (changed["text"], changed["done"], changed["edited"]) == ("As we agreed.", True, True)
    segment = transcript["segments"][0]
    place = f"/meetings/{meeting_id}/segments/{segment['id']}"
    assert api.ask("PATCH", place, json={"text": "Good morning, all."})["edited"]
    assert api.ask("GET", f"/meetings/{meeting_id}/transcript")["segments"][0]["text"] == "Good morning, all."
    assert (
        "no such segment"
        in api.ask("PATCH", f"/meetings/{meeting_id}/segments/999999", 404, json={"text": "x"})["detail"]
    )
    assert "# " in api.raw("GET", f"/meetings/{meeting_id}/exports/md").text


def test_a_job_is_stopped_and_its_wish_taken_back(api: Api, tmp_path: Path) -> None:
    meeting_id = known(api, tmp_path)
    job = api.ask("POST", f"/meetings/{meeting_id}/jobs", 202, json={"stage": "transcribe", "preset": "best"})
    told = api.ask("POST", f"/meetings/{meeting_id}/jobs", 409, json={"stage": "transcribe"})
    assert "right now" in told["detail"]
    api.ask("DELETE", f"/jobs/{job['id']}")
    assert api.finished(job)["state"] == "stopped"
    assert job["id"] in [one["id"] for one in api.ask("GET", "/jobs")["items"]]
