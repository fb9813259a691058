"""What a window may mean: hypotheses, another way where they are improbable, and the person's vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from core.speech import doubt
from core.values import TranscriptOptions

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer
    from numpy.typing import NDArray


BEAMS = {"best": 6, "balanced": 5, "fast": 4}
"""The hypotheses that each preset keeps. Chosen by `tests/benchmarks/presets.py`; docs/benchmarks.md has what each
costs in words and time.
"""

CREDIBLE = 0.1
"""How much less probable than the best one (mean log probability) another text may be."""

NEARLY = 0.95
"""Share of the words of the longest credible hypothesis from which on one says as much. Beam search likes a text that
ends early, so that the most probable one may leave out half of what is said; its neighbours seldom do."""

LADDER: tuple[dict[str, float], ...] = (
    {},
    {"no_repeat_ngram_size": 5},
    {"repetition_penalty": 1.2, "no_repeat_ngram_size": 3},
)
"""How a window is decoded, and how again while its text is improbable or repeats itself. Whisper draws lots there,
which would make the text of a run that carries on another one."""

PROMPT_TOKENS = 223
"""How much of its own text Whisper is told: half of its context, less the mark before it (OpenAI's code)."""

VOCABULARY_TOKENS = 111
"""How much of that the person's vocabulary may take: half."""

ALIKE = 0.8
"""How like the text without the vocabulary the one with it is at least (difflib's ratio of their words): it is to put
names right, not to tell another story."""

CERTAIN_STEPS = 2
"""Text from this step of the ladder on is too uncertain to be told to the next window."""

IMPROBABLE = -1.0
"""Mean log probability of a window's text below which it is decoded in another way, unless it is taken for silence
(OpenAI's code)."""

FIRST_TIME = 50
"""The latest time at which the text of a window may begin, in steps of 0.02 s: a second (OpenAI's code)."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One text of a window: its tokens and their mean log probability, whether it `repeats` itself, the probability
    of no speech, the step of the ladder, and how many words are `said`, each repetition once.
    """

    tokens: list[int]
    probability: float
    repeats: bool
    no_speech: float
    step: int = 0
    said: int = 0

    @property
    def fails(self) -> bool:
        """Whether another way is worth a try; what is taken for silence is not."""
        silent = self.no_speech > doubt.NOT_SPEECH and self.probability < IMPROBABLE
        return not silent and (self.probability < IMPROBABLE or self.repeats)


def best(
    whisper: WhisperModel,
    tokenizer: Tokenizer,
    encoded: Sequence[NDArray[Any]],
    options: TranscriptOptions,
    told: tuple[int, ...],
    *,
    timed: bool,
) -> list[Hypothesis]:
    """The text of each window in `encoded`, the encoder's output; they are decoded together, all `told` the same.

    `timed`: with time tokens. What is improbable is decoded again, and all once more where the person has a vocabulary.
    """
    import numpy as np

    together = stored(np.concatenate(encoded))
    beam = BEAMS[options.preset]
    prompt = whisper.get_prompt(tokenizer, list(told), without_timestamps=not timed)
    found = [_fullest(read) for read in _tried(whisper, tokenizer, together, len(encoded), prompt, beam)]
    left = [number for number, one in enumerate(found) if one.fails]
    for step in range(1, len(LADDER)):
        if not left:
            break
        again = stored(np.concatenate([encoded[number] for number in left]))
        tried = _tried(whisper, tokenizer, again, len(left), prompt, beam, step)
        for number, (one, *_less) in zip(left, tried, strict=True):
            found[number] = max(found[number], one, key=lambda each: (not each.repeats, each.probability))
        left = [number for number, (one, *_less) in zip(left, tried, strict=True) if one.fails]
    return _listening(whisper, tokenizer, together, found, told, options, timed=timed)


def _fullest(hypotheses: Sequence[Hypothesis]) -> Hypothesis:
    """The most probable of the credible hypotheses that say nearly as much as any of them."""
    least = max(one.probability for one in hypotheses) - CREDIBLE
    likely = [one for one in hypotheses if one.probability >= least]
    credible = [one for one in likely if not one.repeats] or likely
    enough = NEARLY * max(one.said for one in credible)
    return max((one for one in credible if one.said >= enough), key=lambda one: one.probability)


def _tried(
    whisper: WhisperModel,
    tokenizer: Tokenizer,
    encoded: StorageView,
    count: int,
    prompt: list[int],
    beam: int,
    step: int = 0,
) -> list[list[Hypothesis]]:
    """The hypotheses of `count` encoded windows by one step of the ladder, the most probable first."""
    from faster_whisper.transcribe import get_compression_ratio

    results = whisper.model.generate(
        encoded,
        [prompt] * count,
        beam_size=beam,
        num_hypotheses=beam,
        max_length=whisper.max_length,
        return_scores=True,
        return_no_speech_prob=True,
        suppress_tokens=suppressed(tokenizer),
        max_initial_timestamp_index=FIRST_TIME,
        **LADDER[step],
    )
    tried = []
    for result in results:
        hypotheses = []
        for tokens, score in zip(result.sequences_ids, result.scores, strict=True):
            text = tokenizer.decode(tokens).strip()
            # The score is a mean over the tokens, Whisper's also over the one that ends the text.
            probability = score * len(tokens) / (len(tokens) + 1)
            repeats = get_compression_ratio(text) > doubt.COMPRESSION
            hypotheses.append(
                Hypothesis(tokens, probability, repeats, result.no_speech_prob, step, doubt.said(text))
            )
        tried.append(hypotheses)
    return tried


def _listening(
    whisper: WhisperModel,
    tokenizer: Tokenizer,
    encoded: StorageView,
    found: Sequence[Hypothesis],
    told: tuple[int, ...],
    options: TranscriptOptions,
    *,
    timed: bool,
) -> list[Hypothesis]:
    """The texts of encoded windows, with the person's vocabulary in mind where that is better than what was `found`.

    The vocabulary is told as faster-whisper's hot words. That alone loses text (`docs/benchmarks.md`): it is believed
    only where it names more of these terms, is credible beside it, and says the same otherwise. The first
    `VOCABULARY_TOKENS` are told, in whole terms: about forty names; the text so far gets what they leave of
    `PROMPT_TOKENS`.
    """
    terms: list[str] = []
    used = 0
    for term in options.vocabulary:
        length = len(tokenizer.encode(f" {', '.join([*terms, term])}"))
        if length > VOCABULARY_TOKENS:
            break
        terms.append(term)
        used = length
    if not terms:
        return list(found)
    prompt = whisper.get_prompt(
        tokenizer,
        list(told[-(PROMPT_TOKENS - used) :]),
        without_timestamps=not timed,
        hotwords=", ".join(terms),
    )
    tried = _tried(whisper, tokenizer, encoded, len(found), prompt, BEAMS[options.preset])

    def better(new: Hypothesis, old: Hypothesis) -> bool:
        after, before = (_bare(tokenizer.decode(one.tokens)) for one in (new, old))
        named = [sum(f" {text} ".count(f" {_bare(term)} ") for term in terms) for text in (after, before)]
        return (
            named[0] > named[1]
            and not new.fails
            and new.probability >= old.probability - CREDIBLE
            and SequenceMatcher(None, after.split(), before.split(), autojunk=False).ratio() >= ALIKE
        )

    return [new if better(new, old) else old for old, (new, *_less) in zip(found, tried, strict=True)]


def _bare(text: str) -> str:
    """The words of `text` in small letters, without marks."""
    kept = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return " ".join(kept.split())


def tokenizer_of(whisper: WhisperModel, language: str, task: str) -> Tokenizer:
    """What turns tokens into text and back."""
    from faster_whisper.tokenizer import Tokenizer

    return Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task=task, language=language)


def suppressed(tokenizer: Tokenizer) -> tuple[int, ...]:
    """Tokens that are no speech."""
    from faster_whisper.transcribe import get_suppressed_tokens

    tokens: tuple[int, ...] = get_suppressed_tokens(tokenizer, [-1])
    return tokens


def stored(array: NDArray[Any]) -> StorageView:
    """The array as the engine takes it."""
    import numpy as np
    from ctranslate2 import StorageView

    return StorageView.from_array(np.ascontiguousarray(array))
