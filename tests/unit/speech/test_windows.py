"""Where speech is: windows that depend on the sound alone, in memory that does not grow."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pytest

from core import paths
from core.audio import media
from core.speech import detector, windows
from core.speech.detector import FRAME, SAMPLE_RATE, Samples
from core.speech.windows import Speech, Window
from tests.unit.speech import conftest
from tests.unit.speech.conftest import LOUD, blocks, sound


def all_of(
    stream: Iterable[Samples], start: int = 0, passed: Callable[[Window], int] = lambda window: window.end
) -> list[Window]:
    """Every window, where `passed` says how far each was decoded."""
    return list(heard(Speech(start), stream, passed))


def heard(
    speech: Speech, stream: Iterable[Samples], passed: Callable[[Window], int] = lambda window: window.end
) -> Iterator[Window]:
    """The windows of a stream, each as soon as it is there."""
    for block in itertools.chain(stream, [None]):
        speech.end() if block is None else speech.hear(block)
        while (window := speech.window()) is not None:
            yield window
            speech.pass_to(passed(window))


def same(one: Window, other: Window) -> bool:
    return (
        (one.start, one.end, len(one.pieces)) == (other.start, other.end, len(other.pieces))
        and all(a == b for (a, _), (b, _) in zip(one.pieces, other.pieces, strict=True))
        and all(np.array_equal(a, b) for (_, a), (_, b) in zip(one.pieces, other.pieces, strict=True))
    )


def spoken(found: list[Window]) -> float:
    return sum(len(samples) for window in found for _, samples in window.pieces) / SAMPLE_RATE


STREAMS = {
    "nothing": sound(0.0),
    "shorter than a frame": sound(0.02),
    "one word": sound(0.0, 5.0, 0.6, 5.0),
    "without a pause": sound(100.0),
    "a lecture": sound(*(4.0, 0.5) * 27),
    "long silence": sound(3.0, 130.0, 3.0),
    "silence alone": sound(0.0, 100.0),
    "rare words": sound(*(1.0, 20.0) * 6),
    "a pause where the window is full": sound(28.5, 3.0, 20.0, 2.1, 15.0, 1.9, 7.0),
    "pauses just long enough": sound(*(7.3, 2.05) * 14),
}


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize("name", STREAMS)
def test_windows_cover_the_stream_without_overlap(name: str) -> None:
    stream = STREAMS[name]
    found = all_of(blocks(stream))
    places = [0, *(window.end for window in found)]
    assert [window.start for window in found] == places[:-1]
    assert places[-1] == len(stream)
    for window in found:
        assert window.start < window.end
        assert sum(len(samples) for _, samples in window.pieces) <= windows.WINDOW * SAMPLE_RATE
        end = window.start
        for begin, samples in window.pieces:
            assert end <= begin
            end = begin + len(samples)
            assert np.array_equal(samples, stream[begin:end])
        assert end <= window.end
    loud = np.flatnonzero(stream > LOUD / 2)
    covered = np.zeros(len(stream), dtype=bool)
    for window in found:
        for begin, samples in window.pieces:
            covered[begin : begin + len(samples)] = True
    assert covered[loud].all()


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("part", [1.0, 0.83, 0.5])
def test_beginning_again_where_a_window_was_left_gives_the_same_windows(name: str, part: float) -> None:
    stream = STREAMS[name]

    def passed(window: Window) -> int:
        return window.start + max(1, round((window.end - window.start) * part))

    whole = all_of(blocks(stream), passed=passed)
    for number, window in enumerate(whole):
        rest = all_of(blocks(stream, window.start), window.start, passed)
        assert len(rest) == len(whole) - number
        assert all(same(one, other) for one, other in zip(rest, whole[number:], strict=True))


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize("size", [100, FRAME, 7919, SAMPLE_RATE * 45])
def test_the_size_of_the_blocks_changes_nothing(size: int) -> None:
    stream = STREAMS["pauses just long enough"]
    expected = all_of(blocks(stream))
    found = all_of(blocks(stream, size=size))
    assert len(found) == len(expected) > 4
    assert all(same(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.usefixtures("ears")
def test_silence_is_left_out_and_known_soon() -> None:
    found = all_of(blocks(STREAMS["long silence"]))
    assert spoken(found) == pytest.approx(6 + 2 * windows.MARGIN, abs=0.1)
    assert all(window.end - window.start <= (windows.EMPTY + 6) * SAMPLE_RATE for window in found)
    assert [window.pieces for window in all_of(blocks(STREAMS["silence alone"]))] == [(), (), (), ()]


@pytest.mark.usefixtures("ears")
def test_short_pauses_stay_inside_a_piece_and_places_are_the_files() -> None:
    stream = sound(0.0, 10.0, 2.0, 1.0, 2.0, 3.0, 1.0)
    (window,) = all_of(blocks(stream))
    (first, one), (second, other) = window.pieces
    assert first / SAMPLE_RATE == pytest.approx(10 - windows.MARGIN, abs=0.05)
    assert len(one) / SAMPLE_RATE == pytest.approx(5 + 2 * windows.MARGIN, abs=0.1)
    assert second / SAMPLE_RATE == pytest.approx(18 - windows.MARGIN, abs=0.05)
    assert window.second(0.0) == first / SAMPLE_RATE
    assert window.second(1.0) == first / SAMPLE_RATE + 1
    length = len(one) / SAMPLE_RATE
    assert window.second(length + 0.5) == pytest.approx(second / SAMPLE_RATE + 0.5)
    assert window.second(1000.0) == (second + len(other)) / SAMPLE_RATE
    assert window.sample(1000.0) == window.end
    assert window.sample(1.0) == first + SAMPLE_RATE
    assert len(window.sound) == len(one) + len(other)


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize(
    ("stretches", "end"),
    [
        ((16.0, 0.2, 3.0, 0.4, 3.0, 0.2, 20.0), 19.4),  # in the middle of the longest pause
        ((16.0, 0.416, 3.04, 0.416, 3.0, 0.2, 20.0), 19.66),  # the later of equal ones
        ((10.0, 1.0, 9.0, 0.2, 20.0), 20.1),  # of the last ten seconds
        ((20.0, 0.06, 20.0), windows.WINDOW),  # no pause between two words
        ((60.0,), windows.WINDOW),
    ],
)
def test_a_full_window_ends_in_a_pause(stretches: tuple[float, ...], end: float) -> None:
    stream = sound(*stretches)
    found = all_of(blocks(stream))
    assert found[0].end / SAMPLE_RATE == pytest.approx(end, abs=0.05)
    assert found[-1].end == len(stream)


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize(
    ("begin", "left", "spoken_left"),
    [(0.0, 5.2, 4.0), (2.0, 3.2, 2.0), (3.2, 2.0, 1.0), (6.5, 1.0, 0.6), (9.0, 0.0, 0.0)],
)
def test_the_rest_of_a_window_is_what_it_holds_from_there(
    begin: float, left: float, spoken_left: float
) -> None:
    stream = sound(3.0, 3.1, 1.0, 3.0)
    (window,) = all_of(blocks(stream))
    rest = window.part(round(begin * SAMPLE_RATE), window.end)
    assert (rest.start, rest.end, rest.whole) == (round(begin * SAMPLE_RATE), window.end, window.whole)
    assert rest.length / SAMPLE_RATE == pytest.approx(left, abs=0.07)
    assert all(np.array_equal(samples, stream[at : at + len(samples)]) for at, samples in rest.pieces)
    assert rest.length == 0 or rest.pieces[0][0] >= rest.start
    for part in (rest, window):
        assert part.spoken(rest.start) == pytest.approx(spoken_left, abs=0.05)


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize(
    ("stretches", "ends"),
    [
        ((3.0, 0.5, 4.0, 0.2, 2.0), [3.25, 9.7]),
        ((3.0, 0.5, 0.5, 1.0, 4.0), [4.0 + 0.5, 9.0]),  # a word stays with what it is nearer to
        ((3.0, 1.0, 0.5, 0.5, 4.0), [3.0 + 0.5, 9.0]),
        ((0.5, 1.0, 0.5), [2.0]),
        ((9.0,), [9.0]),
    ],
)
def test_a_window_can_be_cut_at_its_pauses(stretches: tuple[float, ...], ends: list[float]) -> None:
    stream = sound(*stretches)
    (window,) = all_of(blocks(stream))
    parts = window.between_pauses(0.3, 2.0)
    assert [part.end / SAMPLE_RATE for part in parts] == pytest.approx(ends, abs=0.05)
    assert [part.start for part in parts] == [window.start, *(part.end for part in parts[:-1])]
    assert np.array_equal(np.concatenate([part.sound for part in parts]), window.sound)


def real(stream: Samples, start: int = 0) -> list[Window]:
    return all_of(blocks(stream, start), start)


@pytest.fixture(scope="module")
def meeting() -> Samples:
    return np.concatenate(list(media.blocks(paths.SAMPLE)))


def test_silero_finds_the_speech_of_a_meeting(meeting: Samples) -> None:
    silence = np.zeros(45 * SAMPLE_RATE, dtype=np.float32)
    stream = np.concatenate([silence, meeting, silence])
    found = real(stream)
    assert found[0].pieces == ()
    assert found[-1].end == len(stream)
    first, *_rest, last = [piece for window in found for piece in window.pieces]
    assert first[0] / SAMPLE_RATE == pytest.approx(45, abs=1.5)
    assert (last[0] + len(last[1])) / SAMPLE_RATE == pytest.approx(45 + len(meeting) / SAMPLE_RATE, abs=2)
    for number in (2, len(found) - 2):
        rest = real(stream, found[number].start)
        assert all(same(one, other) for one, other in zip(rest, found[number:], strict=True))


def test_speech_too_faint_for_the_detector_is_heard_louder(meeting: Samples) -> None:
    faint = (np.round(meeting * 0.002 * 32768) / 32768).astype(np.float32)
    found = real(faint)
    assert spoken(found) == pytest.approx(spoken(real(meeting)), rel=0.2)
    assert max(float(np.abs(window.sound).max()) for window in found) > detector.AUDIBLE
    rest = real(faint, found[1].start)
    assert all(same(one, other) for one, other in zip(rest, found[1:], strict=True))


def test_somebody_faint_beside_somebody_near_is_heard_louder(meeting: Samples) -> None:
    near, faint = (
        meeting[: 20 * SAMPLE_RATE],
        meeting[20 * SAMPLE_RATE : 40 * SAMPLE_RATE] * np.float32(0.004),
    )
    stream = np.concatenate([near, faint, near])
    found = real(stream)
    assert spoken(found) == pytest.approx(2 * spoken(real(near)) + spoken(real(faint)), rel=0.1)
    there = [piece for window in found for piece in window.pieces if 20 <= piece[0] / SAMPLE_RATE < 39]
    assert sum(len(samples) for _, samples in there) > 12 * SAMPLE_RATE
    assert all(np.abs(samples).max() > detector.AUDIBLE for _, samples in there)


def test_what_is_only_suspected_beside_speech_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ears(conftest.Ears):
        def probabilities(self, frames: Samples) -> Samples:
            return np.asarray(abs(frames).max(axis=1), dtype=np.float32)

    monkeypatch.setattr(detector, "Detector", Ears)
    levels = [(0.01, 2.0), (0.2, 1.5), (0.9, 1.0), (0.2, 1.2), (0.01, 4.0), (0.2, 1.5), (0.01, 2.0)]
    stream = np.concatenate([np.full(round(long * SAMPLE_RATE), high, np.float32) for high, long in levels])
    (piece,) = [piece for window in all_of(blocks(stream)) for piece in window.pieces]
    assert piece[0] / SAMPLE_RATE == pytest.approx(2.0, abs=0.05)
    assert (piece[0] + len(piece[1])) / SAMPLE_RATE == pytest.approx(5.7, abs=0.07)


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize(("long", "suspected"), [(0.1, None), (0.3, True), (0.8, False)])
def test_what_stands_out_of_a_gap_is_heard_by_itself(long: float, suspected: bool | None) -> None:
    stream = sound(2.0, 3.0, 0.0, 5.0, 2.0)
    far = round(5.0 * SAMPLE_RATE)
    stream[far : far + round(long * SAMPLE_RATE)] = LOUD / 5
    found = all_of(blocks(stream))
    there = [one for one in found if one.pieces and 2.5 < one.pieces[0][0] / SAMPLE_RATE < 9]
    assert [one.suspected for one in there] == ([] if suspected is None else [suspected])
    for one in there:
        assert one.pieces[0][0] / SAMPLE_RATE == pytest.approx(5.0 - windows.MARGIN, abs=0.1)
        assert one.end / SAMPLE_RATE == pytest.approx(5.0 + long + windows.MARGIN, abs=0.1)
        assert one.sound.max() == pytest.approx(detector.NEAR, rel=0.01)
    assert [window.start for window in found] == [0, *(window.end for window in found[:-1])]
    rest = all_of(blocks(stream, found[1].start), found[1].start)
    assert all(same(one, other) for one, other in zip(rest, found[1:], strict=True))


@pytest.mark.usefixtures("ears")
def test_what_stands_out_of_sound_that_was_freed_of_another_channel_is_nobody() -> None:
    stream = sound(0.0, 6.0)
    stream[3 * SAMPLE_RATE : 4 * SAMPLE_RATE] = LOUD / 5
    assert spoken(all_of(blocks(stream))) > 0
    assert spoken(list(heard(Speech(freed=True), blocks(stream)))) == 0


def test_a_quiet_window_is_made_louder_as_a_whole(meeting: Samples) -> None:
    quiet = meeting[: 20 * SAMPLE_RATE] * np.float32(0.02)
    (window, *_rest), (usual, *_more) = real(quiet), real(meeting[: 20 * SAMPLE_RATE])
    assert np.percentile(np.abs(window.sound), 98) > windows.QUIET
    assert (window.start, window.end) == (usual.start, usual.end)
    assert np.array_equal(usual.sound, meeting[usual.pieces[0][0] :][: usual.length])


@pytest.mark.usefixtures("ears")
def test_no_window_goes_over_a_long_silence() -> None:
    found = all_of(blocks(sound(2.0, 5.0, 2.0, 3.0, 2.0)))
    ends = [round(window.end / SAMPLE_RATE, 1) for window in found]
    assert ends[0] == pytest.approx(2.0 + windows.MARGIN, abs=0.1)
    assert [len(window.pieces) for window in found] == [1, 2]


@pytest.mark.usefixtures("ears")
def test_a_sound_is_where_most_of_it_is_when_silence_was_left_out() -> None:
    (window,) = all_of(blocks(sound(0.0, 10.0, 2.0, 3.0, 2.0)))
    (first, one), (second, _other) = window.pieces
    joint, place = len(one) / SAMPLE_RATE, first / SAMPLE_RATE
    assert window.stretch(1.0, 1.5) == pytest.approx((place + 1.0, place + 1.5))
    assert window.stretch(joint - 0.4, joint + 0.1) == pytest.approx((place + joint - 0.4, place + joint))
    later = second / SAMPLE_RATE
    assert window.stretch(joint - 0.1, joint + 0.4) == pytest.approx((later, later + 0.4))
    assert window.stretch(1.0, 1.0) == pytest.approx((place + 1.0, place + 1.0))


def test_noise_and_hum_are_no_speech() -> None:
    random = np.random.default_rng(1)
    noise = random.normal(0, 0.02, 40 * SAMPLE_RATE).astype(np.float32)
    hum = (0.1 * np.sin(2 * np.pi * 50 * np.arange(40 * SAMPLE_RATE) / SAMPLE_RATE)).astype(np.float32)
    assert spoken(real(np.concatenate([noise, hum]))) == 0
    assert spoken(real(np.concatenate([noise, hum]) * np.float32(0.01))) == 0


@pytest.mark.usefixtures("ears")
def test_ten_minutes_take_no_more_memory_than_three() -> None:
    def peak(minutes: int) -> int:
        second = STREAMS["a lecture"][: 4 * SAMPLE_RATE + FRAME]
        tracemalloc.start()
        try:
            for _ in heard(Speech(), (second.copy() for _ in range(minutes * 15))):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(10) < 1.1 * peak(3) < 40_000_000


# --- live ----------------------------------------------------------------------------------------


def live(stream: Samples, size: int = SAMPLE_RATE // 4) -> list[tuple[float, Window]]:
    """Each window with the second at which it was there, of sound that is heard while it comes."""
    speech = Speech(live=True)
    found = []
    for arrived, block in enumerate(blocks(stream, size=size), 1):
        speech.hear(block)
        while (window := speech.window()) is not None:
            found.append((min(arrived * size, len(stream)) / SAMPLE_RATE, window))
            speech.pass_to(window.end)
    speech.end()
    while (window := speech.window()) is not None:
        found.append((len(stream) / SAMPLE_RATE, window))
        speech.pass_to(window.end)
    return found


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize("name", STREAMS)
def test_live_windows_cover_the_stream_too(name: str) -> None:
    stream = STREAMS[name]
    found = [window for _, window in live(stream)]
    places = [0, *(window.end for window in found)]
    assert [window.start for window in found] == places[:-1]
    assert places[-1] == len(stream)
    covered = np.zeros(len(stream), dtype=bool)
    for window in found:
        assert sum(len(samples) for _, samples in window.pieces) <= windows.WINDOW * SAMPLE_RATE
        for begin, samples in window.pieces:
            assert np.array_equal(samples, stream[begin : begin + len(samples)])
            covered[begin : begin + len(samples)] = True
    assert covered[stream > LOUD / 2].all()


@pytest.mark.usefixtures("ears")
def test_a_live_window_is_there_as_soon_as_its_pause_is_sure() -> None:
    found = live(sound(3.0, 1.0, 0.5, 0.4, 2.0, 5.0, 4.0, 0.7, 1.0))
    spoken_until = [3.0, 6.9, 15.9, 17.6]
    assert [window.whole for _, window in found] == [True] * 4
    for (there, window), end in zip(found, spoken_until, strict=True):
        assert window.end / SAMPLE_RATE == pytest.approx(min(17.6, end + windows.AFTER), abs=0.05)
        assert there <= end + windows.PAUSE + 0.3


@pytest.mark.usefixtures("ears")
def test_late_text_comes_in_longer_windows() -> None:
    stream = sound(*(4.0, 1.0) * 20)
    soon, late = live(stream), live(stream, size=50 * SAMPLE_RATE)
    assert sum(bool(window.pieces) for _, window in soon) == 20
    assert sum(bool(window.pieces) for _, window in late) <= 6
    assert all(
        windows.WINDOW - 6 < spoken([window]) <= windows.WINDOW
        for _, window in late
        if window.end < 44 * SAMPLE_RATE
    )


@pytest.mark.usefixtures("ears")
def test_speech_without_a_pause_is_given_out_when_a_window_is_full() -> None:
    (there, first), *_ = live(sound(70.0, 2.0))
    assert not first.whole
    assert spoken([first]) == windows.WINDOW
    assert there <= windows.WINDOW + 0.5


@pytest.mark.usefixtures("ears")
def test_what_is_said_now_becomes_the_window_if_nobody_goes_on() -> None:
    stream = sound(0.0, 1.0, 3.0, 1.0)
    speech = Speech(live=True)
    speech.hear(stream[: 3 * SAMPLE_RATE])
    now = speech.open()
    assert now is not None
    assert not now.whole
    speech.hear(stream[3 * SAMPLE_RATE : round(4.4 * SAMPLE_RATE)])
    assert speech.window() is None
    likely = speech.open()
    assert likely is not None
    assert likely.whole
    speech.hear(stream[round(4.4 * SAMPLE_RATE) :])
    final = speech.window()
    assert final is not None
    assert same(likely, final)
    assert final.spoken(0) == pytest.approx(3.0, abs=0.1)


@pytest.mark.usefixtures("ears")
def test_silence_is_known_to_be_quiet() -> None:
    speech = Speech(live=True)
    speech.hear(sound(0.0, 10.0, 1.0))
    assert speech.window() is None
    assert speech.quiet_until / SAMPLE_RATE == pytest.approx(10 - windows.MARGIN, abs=0.05)
    assert speech.place == 0
