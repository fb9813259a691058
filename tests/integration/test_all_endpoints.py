"""Every endpoint of the local interface, as another program uses it; also a plain script for `python`.

`MEETING_TRANSCRIBER_API` may name a server that runs already; see `tests.api_server`.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":  # before what a plain script, which sees only what lies beside it, cannot import
    sys.exit(pytest.main([__file__, "-q", *sys.argv[1:]]))

from core import paths
from tests.api_server import Api
from tests.sound_files import make, tone

UNKNOWN = "000000000000"


def small(tmp_path: Path, seconds: float = 1.0) -> Path:
    """A short file that no library has: a server that runs already may have met this test before."""
    return make(
        tmp_path / "stand-up.wav",
        "pcm_s16le",
        tone(seconds, frequency=200 + secrets.randbelow(10**9) / 10**6),
    )


@pytest.fixture
def meeting_id(api: Api, tmp_path: Path) -> str:
    found: str = api.upload(small(tmp_path), title="Stand-up")["id"]
    return found


def test_the_program_tells_what_it_is(api: Api) -> None:
    told = api.ask("GET", "/program")
    assert (told["program"], told["api"]) == (paths.PROGRAM, "1.0.0")


def test_the_health_is_told_with_what_to_do(api: Api) -> None:
    health = api.ask("GET", "/health")
    assert health["condition"] in {"ok", "warning"}, health
    assert {check["part"] for check in health["checks"]} >= {"database", "model", "disk", "keyring"}


def test_meetings_are_added_listed_found_and_changed(api: Api, meeting_id: str) -> None:
    meeting = api.ask("GET", f"/meetings/{meeting_id}")
    assert (meeting["title"], meeting["source"], round(meeting["duration"])) == ("Stand-up", "import", 1)
    page = api.ask("GET", "/meetings?limit=1")
    assert page["total"] >= 1
    assert len(page["items"]) == 1
    changed = api.ask(
        "PATCH",
        f"/meetings/{meeting_id}",
        json={"title": " Daily ", "tags": ["team"], "participants": ["Ana"], "starred": True},
    )
    assert (changed["title"], changed["tags"], changed["participants"]) == ("Daily", ["team"], ["Ana"])
    assert changed["starred"]
    assert changed["revision"] > meeting["revision"]
    assert changed["channels"] == []
    refused = api.ask("PATCH", f"/meetings/{meeting_id}", 409, json={"channels": "apart"})
    assert "no two channels" in refused["detail"]
    listed = api.ask("GET", "/meetings?tag=team&starred=true")
    assert meeting_id in [one["id"] for one in listed["items"]]
    assert api.ask("GET", "/meetings?tag=nobody")["total"] == 0
    hits = api.ask("GET", "/search?q=tag:team")["items"]
    assert meeting_id in [hit["meeting_id"] for hit in hits]


def test_a_blank_title_is_refused_with_its_field(api: Api, meeting_id: str) -> None:
    told = api.ask("PATCH", f"/meetings/{meeting_id}", 422, json={"title": "   "})
    assert told["fields"] == [{"field": "title", "where": "body", "why": "It is blank."}]
    assert told["type"].endswith(":Invalid")
    assert (
        api.ask("PATCH", f"/meetings/{meeting_id}", 422, json={"titel": "x"})["fields"][0]["field"] == "titel"
    )


def test_the_bin_and_back(api: Api, meeting_id: str) -> None:
    assert api.ask("DELETE", f"/meetings/{meeting_id}", 204) is None
    assert meeting_id not in [one["id"] for one in api.ask("GET", "/meetings?limit=200")["items"]]
    assert meeting_id in [one["id"] for one in api.ask("GET", "/meetings?bin=true&limit=200")["items"]]
    assert api.ask("POST", f"/meetings/{meeting_id}/restore")["deleted_at"] is None
    assert meeting_id in [one["id"] for one in api.ask("GET", "/meetings?limit=200")["items"]]


def test_the_same_content_is_known_again(api: Api, tmp_path: Path) -> None:
    file = small(tmp_path)
    first = api.upload(file)
    told = api.upload(file, status=409)
    assert told["meeting_id"] == first["id"]
    assert told["type"].endswith(":AlreadyImported")


def test_what_is_no_sound_is_refused(api: Api, tmp_path: Path) -> None:
    text = tmp_path / "notes.mp3"
    text.write_text("not a sound")
    assert "not an audio or video file" in api.upload(text, status=422)["detail"]
    assert api.ask("POST", "/meetings/upload", 422, data={"title": "x"})["status"] == 422


def test_paging_reaches_every_meeting_once(api: Api, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        api.upload(small(tmp_path / str(number), 0.5 + number / 10), title=f"Page {number}")
    seen: list[str] = []
    place = "/v1/meetings?limit=2"
    while place:
        page = api.ask("GET", place.removeprefix("/v1"))
        seen += [one["id"] for one in page["items"]]
        place = page["next"]
    assert len(seen) == len(set(seen)) == page["total"]


def test_notes_and_bookmarks(api: Api, meeting_id: str) -> None:
    place = f"/meetings/{meeting_id}/notes"
    note = api.ask("POST", place, 201, json={"at": 0.5, "text": "Ask Marc"})
    api.ask("POST", place, 201, json={"at": 0.7, "bookmark": True})
    assert "needs words" in api.ask("POST", place, 422, json={"at": 0.7})["detail"]
    assert api.ask("PATCH", f"{place}/{note['id']}", json={"text": "Ask Ana"})["text"] == "Ask Ana"
    assert [(one["text"], one["bookmark"]) for one in api.ask("GET", place)] == [
        ("Ask Ana", False),
        ("", True),
    ]
    api.ask("DELETE", f"{place}/{note['id']}", 204)
    assert "no such note" in api.ask("DELETE", f"{place}/{note['id']}", 404)["detail"]


@pytest.fixture
def talk_id(api: Api, tmp_path: Path) -> str:
    """A meeting of two voices whose text came from another program."""
    file = tmp_path / "talk.srt"
    said = ("Ana: Who sends it?", "Marc: I'll send it.", f"Ana: Thank you {secrets.token_hex(4)}.")
    file.write_text(
        "".join(
            f"{n + 1}\n00:00:{n * 3:02},000 --> 00:00:{n * 3 + 3:02},000\n{one}\n\n"
            for n, one in enumerate(said)
        )
    )
    found: str = api.upload(file, title="Talk")["id"]
    return found


def test_speakers_are_listed_named_merged_and_given_what_they_say(api: Api, talk_id: str) -> None:
    place = f"/meetings/{talk_id}/speakers"
    ana, marc = api.ask("GET", place)
    assert [(one["name"], one["seconds"]) for one in (ana, marc)] == [("Ana", 6.0), ("Marc", 3.0)]
    assert marc["sample"] == {"start": 3.0, "end": 6.0}
    changed = api.ask(
        "PATCH", f"{place}/{marc['id']}", json={"name": " Marc  Petit ", "colour": 5, "is_me": True}
    )
    assert (changed["name"], changed["colour"], changed["is_me"]) == ("Marc Petit", 5, True)
    assert not api.ask("PATCH", f"{place}/{marc['id']}", json={"is_me": False})["is_me"]
    told = api.ask("PATCH", f"{place}/{marc['id']}", 409, json={"suggestion": "accept"})
    assert "No name is suggested" in told["detail"]
    assert "no such speaker" in api.ask("PATCH", f"{place}/999999", 404, json={"name": "x"})["detail"]

    def said() -> list[str]:
        segments = api.ask("GET", f"/meetings/{talk_id}/transcript")["segments"]
        return [one["speaker"] for one in segments]

    ids = [one["id"] for one in api.ask("GET", f"/meetings/{talk_id}/transcript")["segments"]]
    assert said() == ["Ana", "Marc Petit", "Ana"]
    api.ask("POST", f"{place}/assign", json={"segment_ids": ids[2:], "name": "Zoé"})
    assert said() == ["Ana", "Marc Petit", "Zoé"]
    zoe = api.ask("POST", f"{place}/assign", json={"segment_ids": ids[:1], "speaker_id": marc["id"]})[2]
    assert said() == ["Marc Petit", "Marc Petit", "Zoé"]
    both = {"segment_ids": ids, "name": "x", "speaker_id": 1}
    assert "not clear" in api.ask("POST", f"{place}/assign", 422, json=both)["detail"]
    assert (
        "what is meant" in api.ask("POST", f"{place}/assign", 422, json={"name": "x", "start": 1})["detail"]
    )
    nowhere = {"segment_ids": [999999], "name": "x"}
    silent = {"start": 500, "end": 510, "name": "Nobody"}
    assert "Nothing is said" in api.ask("POST", f"{place}/assign", 422, json=silent)["detail"]
    assert "no such segment" in api.ask("POST", f"{place}/assign", 404, json=nowhere)["detail"]
    merged = api.ask("POST", f"{place}/{zoe['id']}/merge", json={"into": marc["id"]})
    assert (merged["name"], merged["seconds"]) == ("Marc Petit", 9.0)
    assert said() == ["Marc Petit"] * 3
    # The words of the first one that are said in its second half.
    api.ask("POST", f"{place}/assign", json={"start": 1.4, "end": 3.0, "speaker_id": ana["id"]})
    assert said() == ["Marc Petit", "Ana", "Marc Petit", "Marc Petit"]
    assert (
        "with itself"
        in api.ask("POST", f"{place}/{ana['id']}/merge", 422, json={"into": ana["id"]})["detail"]
    )
    hits = api.ask("GET", "/search?q=speaker:petit send")["items"]
    assert talk_id in [hit["meeting_id"] for hit in hits]


def test_an_owner_follows_the_name_of_who_took_the_task_on(api: Api, talk_id: str) -> None:
    place = f"/meetings/{talk_id}"
    api.finished(api.ask("POST", f"{place}/jobs", 202, json={"stage": "summarise", "provider": "offline"}))
    (line,) = [one for one in api.ask("GET", f"{place}/minutes")["lines"] if one["section"] == "action_items"]
    assert line["owner"] == "Marc"
    marc = api.ask("GET", f"{place}/speakers")[1]
    api.ask("PATCH", f"{place}/speakers/{marc['id']}", json={"name": "Anatole"})
    assert [
        one["owner"] for one in api.ask("GET", f"{place}/minutes")["lines"] if one["id"] == line["id"]
    ] == ["Anatole"]
    api.ask("PATCH", f"{place}/speakers/{marc['id']}", json={"name": ""})
    nobodys = [one for one in api.ask("GET", f"{place}/minutes")["lines"] if one["id"] == line["id"]]
    assert [(one["owner"], one["taker_id"]) for one in nobodys] == [("", marc["id"])]
    changed = api.ask("PATCH", f"{place}/minutes/lines/{line['id']}", json={"owner": "Zoé"})
    assert (changed["owner"], changed["edited"]) == ("Zoé", True)
    api.ask("PATCH", f"{place}/speakers/{marc['id']}", json={"name": "Marc"})
    assert "Zoé" in [one["owner"] for one in api.ask("GET", f"{place}/minutes")["lines"]]


def test_voices_that_cannot_be_heard_are_told(api: Api, talk_id: str) -> None:
    place = f"/meetings/{talk_id}/speakers"
    ana, _marc = api.ask("GET", place)
    agreed = {"agreed": True}
    assert api.ask("POST", f"{place}/{ana['id']}/remember", 422, json={"agreed": False})["fields"]
    job = api.finished(api.ask("POST", f"{place}/{ana['id']}/remember", 202, json=agreed))
    assert (job["state"], job["problem"]["status"]) == ("failed", 409)
    job = api.finished(api.ask("POST", f"{place}/{ana['id']}/split", 202))
    assert job["state"] == "failed"
    told = api.ask("POST", f"/meetings/{talk_id}/jobs", 409, json={"stage": "separate", "speakers": 2})
    assert told["do"]
    api.ask("PATCH", f"{place}/{ana['id']}", json={"name": ""})
    assert "has no name yet" in api.ask("POST", f"{place}/{ana['id']}/remember", 409, json=agreed)["detail"]
    assert "No such voice" in api.ask("DELETE", "/voices/999999", 404)["detail"]


def test_the_files_of_an_export(api: Api, meeting_id: str) -> None:
    assert {"md", "json", "srt"} <= set(api.ask("GET", "/exports"))
    answer = api.raw("GET", f"/meetings/{meeting_id}/exports/md")
    assert answer.text.startswith("# Stand-up")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "no export format" in api.ask("GET", f"/meetings/{meeting_id}/exports/nonsense", 422)["detail"]
    job = api.ask(
        "POST", f"/meetings/{meeting_id}/jobs", 202, json={"stage": "export", "formats": ["md", "json"]}
    )
    done = api.finished(job)
    assert done["state"] == "done"
    files = [api.raw("GET", place.removeprefix("/v1")) for place in done["files"]]
    assert files[0].text.startswith("# Stand-up")
    assert files[1].json()
    assert api.ask("GET", f"/jobs/{job['id']}/files/7", 404)


def test_a_passage_is_cut_and_comes_back(api: Api, tmp_path: Path) -> None:
    talk = api.upload(small(tmp_path, 4.0), title="Talk")
    place = f"/meetings/{talk['id']}/jobs"
    done = api.finished(api.ask("POST", place, 202, json={"stage": "cut", "start": 1.0, "end": 3.0}))
    assert done["state"] == "done"
    assert api.ask("GET", f"/meetings/{talk['id']}")["duration"] < 2.5
    cut = next(one for one in api.ask("GET", "/cuts") if one["meeting_id"] == talk["id"])
    assert cut["last"]
    assert api.finished(api.ask("POST", f"/cuts/{cut['id']}/restore", 202))["state"] == "done"
    assert api.ask("GET", f"/meetings/{talk['id']}")["duration"] == talk["duration"]
    assert "not in the bin" in api.ask("POST", f"/cuts/{cut['id']}/restore", 404)["detail"]
    api.finished(api.ask("POST", place, 202, json={"stage": "cut", "start": 0, "end": 1.0}))
    cut = next(one for one in api.ask("GET", "/cuts") if one["meeting_id"] == talk["id"])
    assert api.ask("DELETE", f"/cuts/{cut['id']}", 204) is None
    assert api.ask("DELETE", f"/cuts/{cut['id']}", 404)["do"]
    failed = api.finished(api.ask("POST", place, 202, json={"stage": "cut", "start": 3.0, "end": 1.0}))
    assert failed["state"] == "failed"


def test_what_is_not_there_is_told(api: Api, meeting_id: str) -> None:
    assert "No single meeting" in api.ask("GET", f"/meetings/{UNKNOWN}", 404)["detail"]
    assert "no text yet" in api.ask("GET", f"/meetings/{meeting_id}/transcript", 404)["detail"]
    assert "no minutes yet" in api.ask("GET", f"/meetings/{meeting_id}/minutes", 404)["detail"]
    assert "no such job" in api.ask("GET", f"/jobs/{UNKNOWN}", 404)["detail"]
    assert (
        "no text to summarise"
        in api.ask("POST", f"/meetings/{meeting_id}/jobs", 409, json={"stage": "summarise"})["detail"]
    )
    assert (
        "no speech model"
        in api.ask(
            "POST", f"/meetings/{meeting_id}/jobs", 404, json={"stage": "transcribe", "model": "huge"}
        )["detail"]
    )
    assert api.ask("GET", "/nothing", 404)["title"] == "Not Found"
    assert api.ask("PUT", "/meetings", 405)["detail"] == "This cannot be done at this address."


def test_a_key_carries_a_request_out_once(api: Api, meeting_id: str, tmp_path: Path) -> None:
    place = f"/meetings/{meeting_id}/notes"
    headers = {"Idempotency-Key": f"note-{meeting_id}"}
    first = api.ask("POST", place, 201, json={"at": 1, "text": "once"}, headers=headers)
    assert api.ask("POST", place, 201, json={"at": 1, "text": "once"}, headers=headers) == first
    assert len(api.ask("GET", place)) == 1
    told = api.ask("POST", place, 422, json={"at": 1, "text": "other"}, headers=headers)
    assert told["detail"] == "This key was used for another request."
    (tmp_path / "again").mkdir()
    file = small(tmp_path / "again", 1.3)
    made = api.upload(file, key=f"upload-{meeting_id}")
    assert api.upload(file, key=f"upload-{meeting_id}") == made


def test_models_and_settings(api: Api) -> None:
    assert "tiny.en" in [one["name"] for one in api.ask("GET", "/models")["installed"]]
    before = api.ask("GET", "/settings")
    assert not {"key", "token", "provider_address"} & before.keys()
    changed = api.ask("PATCH", "/settings", json={"preset": "fast", "stop_after_silence": 30})
    assert (changed["preset"], changed["stop_after_silence"]) == ("fast", 30)
    api.ask("PATCH", "/settings", json={name: before[name] for name in ("preset", "stop_after_silence")})
    assert api.ask("GET", "/settings") == before
    assert api.ask("PATCH", "/settings", 422, json={"preset": "careless"})["fields"][0]["field"] == "preset"


def test_nothing_is_recorded_yet(api: Api) -> None:
    assert api.ask("GET", "/recording")["meeting_id"] is None
    assert "Nothing is being recorded" in api.ask("DELETE", "/recording", 409)["detail"]
    assert "Nothing is being recorded" in api.ask("PATCH", "/recording", 409, json={"paused": True})["detail"]


def test_what_others_change_is_told(api: Api, meeting_id: str) -> None:
    assert api.events("/events?seconds=0")[0][0] == "state"
    before = api.ask("GET", "/program")["revision"]
    api.ask("PATCH", f"/meetings/{meeting_id}", json={"starred": True})
    assert api.ask("GET", "/program")["revision"] > before
