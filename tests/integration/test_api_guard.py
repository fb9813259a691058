"""Who may ask the local interface, and that it keeps to its own document whatever it is sent."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from core import credentials, errors, logs, paths
from core.api import serve
from core.api.app import routes
from core.api.problems import status_of
from core.meetings import Library
from core.tasks import Tasks
from tests.api_server import Api, served

DOCUMENT = routes().openapi()
PLACES = [
    (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if method in {"get", "post", "patch", "delete", "put"}
]
EXAMPLES = {
    "meeting_id": "5c0ffee5ab1e",
    "job_id": "0123456789ab",
    "cut_id": "1",
    "segment_id": "1",
    "speaker_id": "1",
    "voice_id": "1",
    "note_id": "1",
    "line_id": "1",
    "place": "0",
    "format": "md",
}


EXCLUDED = [
    # What fits the document may still not fit the library: a path that leads out of it, a text that is not there.
    checks.positive_data_acceptance,
    # Text in a query that a number or nothing is made of may be right.
    checks.negative_data_rejection,
    # The guard has tests of its own.
    checks.ignored_auth,
]


def filled(path: str) -> str:
    return path.format(**EXAMPLES).removeprefix("/v1")


def test_the_document_describes_everything() -> None:
    assert DOCUMENT["info"]["version"] == "1.0.0"
    assert DOCUMENT["security"] == [{"token": []}]
    assert len(PLACES) > 30
    assert all(path.startswith("/v1/") for _method, path in PLACES)
    for method, path in PLACES:
        told = DOCUMENT["paths"][path][method.lower()]
        assert told["summary"]
        assert told["description"]
        assert "application/problem+json" in told["responses"]["401"]["content"]


def test_every_route_refuses_who_has_not_the_token(own_api: Api) -> None:
    wrong = (
        "",
        "Bearer",
        "Bearer x",
        f"Bearer {own_api.token[:-1]}",
        f"Basic {own_api.token}",
        own_api.token,
    )
    for method, path in PLACES:
        for header in wrong:
            answer = own_api.raw(method, filled(path), headers={"Authorization": header})
            assert answer.status_code == 401, (method, path, header)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["content-type"] == "application/problem+json"


def test_every_route_refuses_a_foreign_host_and_a_foreign_page(own_api: Api) -> None:
    for method, path in PLACES:
        for headers in (
            {"Host": "evil.example"},
            {"Host": "127.0.0.1.evil.example"},
            {"Host": ""},
            {"Host": "10.1.2.3"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ):
            answer = own_api.raw(method, filled(path), headers=headers)
            assert answer.status_code == 403, (method, path, headers)
    host = urlsplit(own_api.address).netloc
    assert own_api.raw("GET", "/program", headers={"Origin": f"http://{host}"}).status_code == 200
    assert (
        own_api.raw("GET", "/program", headers={"Host": f"localhost:{host.split(':')[1]}"}).status_code == 200
    )


def test_every_route_refuses_too_much(own_api: Api) -> None:
    for method, path in PLACES:
        if method in {"POST", "PATCH"}:
            big = own_api.raw(
                method, filled(path), content=b"x" * 1_000_001, headers={"Content-Type": "application/json"}
            )
            assert big.status_code == 413, (method, path)
    pieces = (b"x" * 100_000 for _ in range(20))  # without saying how much it will be
    answer = own_api.raw("POST", "/meetings", content=pieces, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_an_upload_has_a_limit_and_leaves_nothing(own_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.api.guard.UPLOAD_BYTES", 50_000)
    assert own_api.upload(paths.SAMPLE, status=413)["detail"] == "That is more than is taken at once."
    assert own_api.library
    folder = own_api.library.places.root / "uploads"
    assert not list(folder.glob("*")) if folder.exists() else True
    assert own_api.ask("GET", "/meetings")["total"] == 0


def test_too_many_uploads_wait(own_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.api.uploads.AT_ONCE", 0)
    assert "being sent right now" in own_api.upload(status=429)["detail"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../../etc/passwd", "audio/../../x.mp3", "x\0.mp3", "~/x.mp3"]
)
def test_only_files_of_the_data_folder_are_taken_by_their_path(own_api: Api, path: str) -> None:
    answer = own_api.raw("POST", "/meetings", json={"path": path})
    assert answer.status_code in {403, 422}
    assert own_api.ask("GET", "/meetings")["total"] == 0


def test_a_link_out_of_the_data_folder_is_no_way_round(own_api: Api, tmp_path: Path) -> None:
    assert own_api.library
    (own_api.library.places.root / "link.ogg").symlink_to(paths.SAMPLE)
    assert "inside the library" in own_api.ask("POST", "/meetings", 403, json={"path": "link.ogg"})["detail"]
    (own_api.library.places.root / "inbox").mkdir()
    (own_api.library.places.root / "inbox" / "talk.ogg").write_bytes(paths.SAMPLE.read_bytes())
    made = own_api.ask("POST", "/meetings", 201, json={"path": "inbox/talk.ogg", "title": "Talk"})
    assert (made["title"], made["original_name"]) == ("Talk", "talk.ogg")


def test_a_new_token_counts_at_once(own_api: Api) -> None:
    assert own_api.library
    new = credentials.api_token(own_api.library.places, new=True)
    assert own_api.raw("GET", "/program").status_code == 401
    own_api.headers = {"Authorization": f"Bearer {new}"}
    assert own_api.raw("GET", "/program").status_code == 200


def test_the_page_that_explains_it_needs_nothing_from_elsewhere(own_api: Api) -> None:
    def get(path: str) -> Any:
        return own_api._client.get(path)

    page = get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for part in ("/assets/swagger-ui.css", "/assets/swagger-ui-bundle.js", "/docs?script"):
        assert get(part).status_code == 200
        assert part in page.text
    assert get("/openapi.json").json()["info"] == DOCUMENT["info"]
    assert get("/assets/../settings.json").status_code in {401, 404}


def test_an_address_that_is_taken_is_told(library: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        job = serve(library, Tasks(), port=taken.getsockname()[1])
        with pytest.raises(errors.AddressTaken):
            next(job)


def test_other_machines_may_ask_only_where_that_was_wanted(library: Library) -> None:
    running = served(library, host="0.0.0.0")
    api = next(running)
    try:
        port = api.address.rpartition(":")[2]
        api._client.base_url = f"http://127.0.0.1:{port}"
        assert api.raw("GET", "/program", headers={"Host": f"10.1.2.3:{port}"}).status_code == 200
        assert api.raw("GET", "/program", headers={"Host": "evil.example"}).status_code == 403
    finally:
        running.close()


def test_requests_are_logged_without_what_they_say(library: Library) -> None:
    logs.start(library.places, "window")
    running = served(library)
    api = next(running)
    try:
        api.raw("GET", "/search?q=secretword")
        api.raw("GET", "/meetings/abcdef")
    finally:
        running.close()
        logs.stop()
    said = "".join(file.read_text(encoding="utf-8") for file in library.places.logs.iterdir())
    assert '"route": "/search"' in said.replace("/v1", "")
    assert '"status": 404' in said
    assert "secretword" not in said
    assert api.token not in said


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_the_answer_is_in_the_document(
    ready_api: Api, mode: GenerationMode, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Every operation, with made-up requests that fit the document and with some that do not."""
    caplog.set_level(logging.CRITICAL)
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    tried = 0
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]  # the other kind is a document that is wrong
        if operation.path.endswith("/events") or (operation.method, operation.path) == (
            "post",
            "/v1/recording",
        ):
            continue  # an endless stream; a microphone

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def check(case: Any) -> None:
            nonlocal tried
            tried += 1
            answer = case.call(base_url=ready_api.address, headers=ready_api.headers)
            case.validate_response(answer, excluded_checks=EXCLUDED)

        check()
    assert tried > 100


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (errors.MeetingUnknown("x"), 404),
        (errors.DiskFull("meetings.db"), 507),
        (errors.FolderNotWritable("data"), 503),
        (errors.RemoteUnreachable("mistral"), 502),
        (errors.MeetingBusy("Stand-up"), 409),
    ],
)
def test_a_failure_has_the_status_of_its_kind(problem: errors.Problem, status: int) -> None:
    assert status_of(problem) == status
