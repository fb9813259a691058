"""Which sentences of a meeting answer a question best, by the words they share. Pure.

Ranked by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with its usual constants; a
sentence counts a little for the one after it, which often holds the answer to what it asks; what is said next to a
question that fits follows it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from core.summary.sentences import Sentence, Text, content_words, language_of, split
from core.values import Segment

K1, B = 1.2, 0.75
NEXT = 0.5
"""How much a word counts that only the sentence after has."""
REPLIES, REPLY = 3, 0.9
"""So many sentences after a question answer it, each worth this share of the one before."""


def ranked(question: str, segments: Sequence[Segment], language: str = "") -> list[tuple[float, Sentence]]:
    """The sentences that share words with the question, each with its score, the best first."""
    text = Text(segments)
    sentences = split(text)
    spoken = language_of(text.whole, language)
    wanted = set(content_words(question, spoken))
    bags = [Counter(content_words(one.text, spoken)) for one in sentences]
    average = sum(bag.total() for bag in bags) / max(1, len(bags)) or 1.0
    often = Counter(word for bag in bags for word in bag.keys() & wanted)
    rarity = {word: math.log(1 + (len(bags) - times + 0.5) / (times + 0.5)) for word, times in often.items()}

    def score(place: int) -> float:
        own, after = bags[place], bags[place + 1] if place + 1 < len(bags) else Counter[str]()
        length = K1 * (1 - B + B * own.total() / average)
        said = [
            rarity[word] * own[word] * (K1 + 1) / (own[word] + length) for word in rarity.keys() & own.keys()
        ]
        said += [NEXT * rarity[word] for word in rarity.keys() & after.keys() - own.keys()]
        return math.fsum(said)

    scores = [score(place) if wanted & bag.keys() else 0.0 for place, bag in enumerate(bags)]
    for place in [place for place, one in enumerate(sentences) if one.is_question and scores[place]]:
        for step, reply in enumerate(sentences[place + 1 : place + 1 + REPLIES], 1):
            if reply.is_question:
                break
            scores[reply.index] = max(scores[reply.index], scores[place] * REPLY**step)
    found = [(score, one) for score, one in zip(scores, sentences, strict=True) if score]
    return sorted(found, key=lambda one: (-one[0], one[1].index))
