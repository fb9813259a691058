import kaldi_native_fbank
import numpy as np
import pytest

from core import paths
from core.audio import media
from core.speech.filterbank import BINS, FRAME, SHIFT, Samples, features


def of_kaldi(sound: Samples) -> Samples:
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = 16_000
    options.mel_opts.num_bins = BINS
    bank = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(16_000, sound.tolist())
    bank.input_finished()
    return np.stack([bank.get_frame(number) for number in range(bank.num_frames_ready)])


def test_is_kaldis() -> None:
    sound = np.concatenate(list(media.blocks(paths.SAMPLE))[:3])
    assert features(sound) == pytest.approx(of_kaldi(sound), abs=2e-3)


def test_is_kaldis_in_silence_and_at_full_scale() -> None:
    loud = np.sign(np.sin(np.arange(8000) / 9)).astype(np.float32)
    sound = np.concatenate([np.zeros(4000, dtype=np.float32), loud])
    assert features(sound) == pytest.approx(of_kaldi(sound), abs=2e-2)


@pytest.mark.parametrize(
    ("samples", "frames"), [(0, 0), (FRAME - 1, 0), (FRAME, 1), (FRAME + SHIFT - 1, 1), (FRAME + SHIFT, 2)]
)
def test_only_whole_frames_count(samples: int, frames: int) -> None:
    assert features(np.ones(samples, dtype=np.float32)).shape == (frames, BINS)
