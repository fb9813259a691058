"""What programs that use the local interface do all day: browse, search, edit, send small files, follow events.

    meeting-transcriber serve &
    MEETING_TRANSCRIBER_API_TOKEN=$(meeting-transcriber serve --token) \
      locust -f tests/load/locustfile.py --headless -u 50 -r 10 -t 2m --host http://127.0.0.1:8765
"""

from __future__ import annotations

import io
import os
import random
import secrets
import struct
import wave

from locust import HttpUser, between, task

WORDS = ("budget", "release", "team", "figures", "customer", "berlin")


def sound() -> bytes:
    """A second of sound that no library has."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        step = 20 + secrets.randbelow(4000)
        file.writeframes(b"".join(struct.pack("<h", place * step % 20_000) for place in range(8000)))
    return content.getvalue()


class Reader(HttpUser):
    """Mostly reads: most programs do."""

    wait_time = between(1, 3)
    weight = 8

    def on_start(self) -> None:
        """Shows the token, and looks at the newest meetings."""
        self.client.headers["Authorization"] = f"Bearer {os.environ['MEETING_TRANSCRIBER_API_TOKEN']}"
        self.known: list[str] = []
        self.browse()

    @task(6)
    def browse(self) -> None:
        """Reads a page of the library."""
        offset = random.choice((0, 0, 0, 50, 100))
        page = self.client.get(f"/v1/meetings?limit=50&offset={offset}", name="/v1/meetings").json()
        self.known = [one["id"] for one in page["items"]] or self.known

    @task(6)
    def open_meeting(self) -> None:
        """Reads a meeting and its text."""
        if self.known:
            meeting_id = random.choice(self.known)
            self.client.get(f"/v1/meetings/{meeting_id}", name="/v1/meetings/ID")
            self._may_lack(f"/v1/meetings/{meeting_id}/transcript?limit=100", "/v1/meetings/ID/transcript")
            self._may_lack(f"/v1/meetings/{meeting_id}/minutes", "/v1/meetings/ID/minutes")

    @task(3)
    def search(self) -> None:
        """Searches for a word."""
        self.client.get(f"/v1/search?q={random.choice(WORDS)}", name="/v1/search")

    @task(1)
    def follow(self) -> None:
        """Listens for changes for a moment."""
        self.client.get("/v1/events?seconds=1", name="/v1/events")

    def _may_lack(self, path: str, name: str) -> None:
        with self.client.get(path, name=name, catch_response=True) as answer:
            if answer.status_code == 404:
                answer.success()


class Writer(Reader):
    """Also writes: corrects, notes, and adds short files."""

    weight = 2

    @task(4)
    def edit(self) -> None:
        """Changes a meeting and writes a note."""
        if self.known:
            meeting_id = random.choice(self.known)
            self.client.patch(f"/v1/meetings/{meeting_id}", json={"starred": True}, name="PATCH meeting")
            note = {"at": 1.0, "text": "looked at"}
            self.client.post(f"/v1/meetings/{meeting_id}/notes", json=note, name="POST note")

    @task(1)
    def add(self) -> None:
        """Sends a short file."""
        self.client.post(
            "/v1/meetings/upload", files={"file": ("short.wav", sound(), "audio/wav")}, name="POST upload"
        )
