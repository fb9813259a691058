"""One function per question asked of the library and per fact added to it.

Every change happens in one transaction, raises the library's counter, and stamps the meeting with it:
`changed_since` tells a door what the others did. Safe to call from any thread.
"""

from __future__ import annotations

from core.store.answers import AnswerStore
from core.store.channels import ChannelStore
from core.store.cutting import CutStore
from core.store.editing import EditStore
from core.store.meetings import MeetingStore
from core.store.merging import MergingStore
from core.store.minutes import MinutesStore
from core.store.notes import NoteStore
from core.store.search import SearchStore
from core.store.speakers import SpeakerStore
from core.store.transcripts import TranscriptStore
from core.store.unkept import UnkeptStore
from core.store.vocabulary import VocabularyStore
from core.store.voices import VoiceStore
from core.store.work import WorkStore


class Store(
    MeetingStore,
    ChannelStore,
    TranscriptStore,
    EditStore,
    CutStore,
    SpeakerStore,
    MinutesStore,
    NoteStore,
    UnkeptStore,
    WorkStore,
    VocabularyStore,
    VoiceStore,
    SearchStore,
    AnswerStore,
    MergingStore,
):
    """The open database of one library. Raises `LibraryDamaged`, `DiskFull` or `FolderNotWritable` anywhere.

    Adding to a meeting that is gone raises `MeetingUnknown`; changing what is gone does nothing.
    """
