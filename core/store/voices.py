"""The voices that the person wants to be told of in later meetings. No export has them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from core.store.database import Database, overwrite, stamp
from core.store.tables import SpeakerRow, VoiceRow
from core.values import KnownVoice


class VoiceStore(Database):
    """What the store knows of voices from one meeting to the next."""

    def known_voices(self) -> tuple[KnownVoice, ...]:
        """Those that are remembered, by name."""
        with self._reading() as session:
            return tuple(map(_voice, session.exec(select(VoiceRow).order_by(VoiceRow.name))))

    def remember_voice(self, name: str, voice_print: bytes, seconds: float) -> KnownVoice:
        """Keeps what a voice is like, in place of what was kept under this name."""
        with self._writing() as session:
            # The base library's lower() leaves accented letters as they are.
            row = next((one for one in session.exec(select(VoiceRow)) if _same(one.name, name)), None)
            if row is None:
                row = VoiceRow(name=name, print=b"", seconds=0.0, remembered_at=datetime.now(UTC))
                session.add(row)
            row.name, row.print, row.seconds = name, voice_print, seconds
            row.remembered_at = datetime.now(UTC)
            session.flush()
            return _voice(row)

    def bring_back(self, voice: KnownVoice) -> None:
        """Remembers again what was forgotten by mistake."""
        self.remember_voice(voice.name, voice.print, voice.seconds)

    def forget_voice(self, voice_id: int) -> None:
        """Forgets one, and where it was suggested."""
        with self._writing() as session:
            _forget(session, [voice_id])

    def forget_voices(self) -> None:
        """Forgets all of them."""
        with self._writing() as session:
            _forget(session, [one or 0 for one in session.exec(select(VoiceRow.id))])


def _forget(session: Session, voice_ids: list[int]) -> None:
    # What a voice is like is overwritten in the file too, not only left behind in it.
    overwrite(session)
    suggested = select(SpeakerRow.meeting_id).where(col(SpeakerRow.voice_id).in_(voice_ids)).distinct()
    stamp(session, session.exec(suggested).all())
    session.execute(update(SpeakerRow).where(col(SpeakerRow.voice_id).in_(voice_ids)).values(certainty=0.0))
    session.execute(delete(VoiceRow).where(col(VoiceRow.id).in_(voice_ids)))


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _voice(row: VoiceRow) -> KnownVoice:
    return KnownVoice(row.id or 0, row.name, row.print, row.seconds, row.remembered_at)
