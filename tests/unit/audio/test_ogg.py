from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import paths
from core.audio import ogg

PACKETS = [b"", b"a", bytes(254), bytes(range(255)), bytes(256), b"b" * 510, b"c" * 1000]


def page(sequence: int = 0, packets: list[bytes] = PACKETS, flags: int = 0, serial: int = 7) -> bytes:
    return ogg.build(packets, serial=serial, sequence=sequence, granule=960 * sequence, flags=flags)


@pytest.fixture
def sample() -> Iterator[io.BufferedReader]:
    """A file that another program wrote."""
    with paths.SAMPLE.open("rb") as file:
        yield file


def stored(path: Path, content: bytes) -> io.FileIO:
    path.write_bytes(content)
    return path.open("rb", buffering=0)


def test_what_is_built_is_parsed() -> None:
    built = page(5, flags=ogg.LAST)
    found = ogg.parse(b"xx" + built + b"yy", 2, 100)
    assert found == ogg.Page(102, 102 + len(built), ogg.LAST, 4800, 7, 5, tuple(PACKETS))


def test_a_page_holds_no_more_than_it_can() -> None:
    assert [ogg.segments(packet) for packet in PACKETS] == [1, 1, 1, 2, 2, 3, 4]
    most = [b"a" * 300] * 127
    assert len(ogg.build(most, serial=1, sequence=0, granule=0)) < ogg.LONGEST
    with pytest.raises(ValueError, match="256 segments"):
        ogg.build([*most, b"a" * 300], serial=1, sequence=0, granule=0)


def test_pages_of_another_program(sample: io.BufferedReader) -> None:
    head = ogg.head(sample)
    assert head
    assert (head.channels, head.pre_skip) == (1, 312)
    assert head.packet.startswith(b"OpusHead")
    sample.seek(0)
    content = sample.read()
    place, ends = head.sound, 0
    for found in ogg.pages(sample, head.serial, head.sound):
        assert found.start == place
        assert content[found.start : found.end] == ogg.build(
            found.packets,
            serial=found.serial,
            sequence=found.sequence,
            granule=found.granule,
            flags=found.flags,
        )
        place, ends = found.end, ends + ogg.duration(found)
    assert place == len(content)
    last = ogg.last_page(sample, head.serial)
    assert last
    assert last.flags == ogg.LAST
    assert ends - 960 < last.granule <= ends


def test_a_page_with_a_wrong_bit_is_none() -> None:
    built = page(3)
    for bit in range(len(built) * 8):
        wrong = bytearray(built)
        wrong[bit // 8] ^= 1 << bit % 8
        if bit != 5 * 8 + 2:  # the end mark, see below
            assert ogg.parse(bytes(wrong)) is None, bit
    for cut in range(len(built)):
        assert ogg.parse(built[:cut]) is None


@pytest.mark.parametrize("marked", [False, True])
def test_a_page_between_its_end_mark_and_its_sum_is_whole_and_not_marked(marked: bool) -> None:
    unmarked = page(3)
    done = ogg.remarked(unmarked, flags=ogg.LAST, granule=2880)
    assert done == page(3, flags=ogg.LAST)
    assert done[ogg.MARKS :] == unmarked[ogg.MARKS :]
    before, after = (unmarked, done) if not marked else (done, unmarked)
    for written in (slice(0, 22), slice(22, None)):  # what reached the disk first
        torn = bytearray(before)
        torn[written] = after[written]
        found = ogg.parse(bytes(torn))
        assert found
        assert found.flags == 0
        assert found.packets == tuple(PACKETS)


def test_packets_that_go_over_the_edge_of_a_page_are_left_out() -> None:
    begun = bytearray(page(1, [b"whole", b"b" * 510]))
    begun[26] -= 1  # without the segment that ends the second packet
    del begun[27 + begun[26]]
    continued = ogg.remarked(page(2, [b"bb", b"next"]), flags=ogg.CONTINUED, granule=1920)
    found = ogg.parse(ogg.remarked(bytes(begun), flags=0, granule=960))
    rest = ogg.parse(continued)
    assert found
    assert rest
    assert (found.packets, rest.packets) == ((b"whole",), (b"next",))


def test_damaged_places_and_other_streams_are_left_out(tmp_path: Path) -> None:
    chosen = random.Random(3)
    content, expected = b"", []
    for number in range(400):
        kind = chosen.choice(["page", "page", "page", "torn", "junk", "other", "capture"])
        built = page(number)
        if kind == "page":
            expected.append((len(content), number))
            content += built
        elif kind == "torn":
            content += built[: chosen.randrange(1, len(built))]
        elif kind == "junk":
            content += chosen.randbytes(chosen.randrange(3000))
        elif kind == "capture":
            content += b"OggS" + bytes(40)
        else:
            content += page(number, serial=8)
    with stored(tmp_path / "a", content) as file:
        assert [(found.start, found.sequence) for found in ogg.pages(file, 7, 0)] == expected
        for start in (1, expected[50][0], expected[50][0] + 1, len(content)):
            after = [found.start for found in ogg.pages(file, 7, start)]
            assert after == [place for place, _ in expected if place >= start]
        before: int | None = None
        for place, sequence in reversed(expected):
            last = ogg.last_page(file, 7, before)
            assert last
            assert (last.start, last.sequence) == (place, sequence)
            before = place
        assert ogg.last_page(file, 7, before) is None


def test_a_page_as_long_as_can_be(tmp_path: Path) -> None:
    longest = page(0, [b"\xff" * (254 * 255 + 254)])
    assert len(longest) == ogg.LONGEST - 1
    with stored(tmp_path / "a", b"x" * 70_000 + longest + b"OggS" + b"y" * 70_000 + longest) as file:
        assert [found.start for found in ogg.pages(file, 7, 0)] == [70_000, 140_004 + len(longest)]
        last = ogg.last_page(file, 7)
        assert last
        assert last.start == 140_004 + len(longest)
        assert ogg.last_page(file, 7, last.start)


def test_a_page_without_the_end_of_a_packet_is_not_the_last(tmp_path: Path) -> None:
    unfinished = ogg.build([b""], serial=7, sequence=2, granule=ogg.UNFINISHED)
    with stored(tmp_path / "a", page(1) + unfinished) as file:
        last = ogg.last_page(file, 7)
        assert last
        assert last.sequence == 1


def test_the_page_at_a_granule_is_found_with_few_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = random.Random(5)
    head = ogg.Head(b"", 1, 312, 7, 0)
    built = [page(n, [chosen.randbytes(chosen.randrange(50, 4000))]) for n in range(3000)]
    marked = ogg.remarked(built.pop(), flags=ogg.LAST, granule=10**9)
    with stored(tmp_path / "a", b"".join(built) + marked) as file:
        assert ogg.page_until(file, head, -1) is None
        read = 0
        plain = ogg._read

        def counted(file: io.FileIO, start: int, count: int) -> bytes:
            nonlocal read
            read += count
            return plain(file, start, count)

        monkeypatch.setattr(ogg, "_read", counted)
        for number in (0, 1, 1500, 2997, 2998, *(chosen.randrange(2999) for _ in range(20))):
            for granule in (960 * number, 960 * number + 959):
                read = 0
                found = ogg.page_until(file, head, granule)
                assert found
                assert found.sequence == number
                assert read < 20 * 2 * ogg.LONGEST
        # The page with the end mark never counts: its granule says where the sound ends, not the packets.
        found = ogg.page_until(file, head, 10**10)
        assert found
        assert found.sequence == 2998


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"OggS",
        b"RIFF" + bytes(100),
        page(0),
        page(0, [b"OpusHead"], ogg.FIRST) + page(1, [b"OpusTags"]),
        page(0, [b"OpusHead\x01\x01" + bytes(9)]) + page(1, [b"OpusTags"]),
        page(0, [b"OpusHead\x01\x01" + bytes(9)], ogg.FIRST),
        page(0, [b"OpusHead\x01\x01" + bytes(9)], ogg.FIRST) + page(1, [b"OpusTags"])[:-1],
        page(0, [b"\x01vorbis" + bytes(30)], ogg.FIRST) + page(1, [b"OpusTags"]),
    ],
)
def test_what_is_no_opus_stream_has_no_head(tmp_path: Path, content: bytes) -> None:
    with stored(tmp_path / "a", content) as file:
        assert ogg.head(file) is None


def test_the_head_of_a_stream(tmp_path: Path) -> None:
    packet = b"OpusHead\x01\x02\x38\x01" + bytes(7)
    headers = page(0, [packet], ogg.FIRST) + page(1, [ogg.opus_tags("Ünder")])
    with stored(tmp_path / "a", headers) as file:
        assert ogg.head(file) == ogg.Head(packet, 2, 312, 7, len(headers))
    assert ogg.opus_tags("Ünder") == b"OpusTags\x06\0\0\0" + "Ünder".encode() + bytes(4)
    assert ogg.pre_skip(ogg.without_pre_skip(packet)) == 0
    assert ogg.without_pre_skip(packet)[:10] + b"\x38\x01" + ogg.without_pre_skip(packet)[12:] == packet


# RFC 6716, table 2 and section 3.2: configuration number, frames in the packet, and their length in milliseconds.
@pytest.mark.parametrize(
    ("configuration", "milliseconds"),
    [
        (0, 10),
        (1, 20),
        (6, 40),
        (11, 60),
        (12, 10),
        (15, 20),
        (16, 2.5),
        (21, 5),
        (26, 10),
        (31, 20),
    ],
)
def test_how_long_a_packet_is(configuration: int, milliseconds: float) -> None:
    for code, frames in ((0, 1), (1, 2), (2, 2), (3, 5)):
        packet = bytes([configuration << 3 | code, 5])
        assert ogg.samples(packet) == frames * milliseconds * 48
    assert ogg.samples(b"") == ogg.samples(b"\xff") == 0
