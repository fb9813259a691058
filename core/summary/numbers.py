"""Numbers as values, whether they stand in figures or in the words of the languages of `lexicon`. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from core.summary.lexicon import JOINERS, NONE_ALONE, NUMBERS, PERCENT, SCALES
from core.summary.sentences import fold

TOKEN = re.compile(r"\d+(?:[.,'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?|[^\W\d_]+")
"""A number in figures, or a word."""
USUAL = ("en", "fr")
HALF = "half"
"""What adds a half to English numbers: "two and a half thousand"."""

_SIGNS = {"k": 10**3, "K": 10**3, "M": 10**6, "Mio": 10**6, "Mrd": 10**9}
_SCALED = re.compile(r"\s?([^\W\d_]+)")
_HAN_DIGITS = dict(zip("〇零一二两兩三四五六七八九", (0, 0, 1, 2, 2, 2, *range(3, 10)), strict=True))
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_SCALES = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8}
_HAN = "".join(_HAN_DIGITS | _HAN_TENS | _HAN_SCALES)
_HAN_NUMBER = re.compile(rf"(?<!\d)[{_HAN}](?:[{_HAN}]+|(?=[円元人名日月年時点點個件社回歳岁块]))")
"""Several signs, or one before what is counted: alone they are parts of ordinary words."""


def numbers(text: str, languages: Collection[str] = USUAL) -> list[tuple[str, float]]:
    """Each number of `text` as written and as a value; none are "one", articles and "cents" alone, and "pour cent".

    `languages` are the codes of those whose number words count; of unknown ones there are figures only.
    """
    values, scales = _tables(tuple(sorted(languages)))
    found = [
        (match.group(), float(value))
        for match in _HAN_NUMBER.finditer(text)
        if (value := _han(match.group())) > 1
    ]
    run: list[re.Match[str]] = []
    parts: list[str] = []
    done = 0
    for match in [*TOKEN.finditer(text), None]:
        word = fold(match.group()) if match and match.start() >= done else ""
        if match and word in scales and re.search(PERCENT, text[: match.start()]):
            word = ""
        if match and word and (more := [word] if word in JOINERS and run else _parts(word, values, scales)):
            if run or word not in NONE_ALONE:
                run.append(match)
                parts += more
            continue
        while run and fold(run[-1].group()) in JOINERS:
            run.pop()
        if run:
            found.append((text[run[0].start() : run[-1].end()], float(_value(parts, values, scales))))
        run, parts = [], []
        if match and word[:1].isdigit():
            scaled = _SCALED.match(text, match.end())
            times = _times(scaled[1], scales) if scaled else 1
            done = scaled.end() if scaled and times > 1 else match.end()
            found.append((text[match.start() : done], _figure(word) * times))
    return found


def numbers_in(text: str, languages: Collection[str] = USUAL) -> frozenset[float]:
    """The values of the numbers of `text`, also of parts of them and of "one" alone."""
    values, _scales = _tables(tuple(sorted(languages)))
    alone = {float(values[token]) for token in TOKEN.findall(fold(text)) if values.get(token)}
    return frozenset({value for _shown, value in numbers(text, languages)} | alone)


@cache
def _tables(languages: tuple[str, ...]) -> tuple[dict[str, int], dict[str, int]]:
    """What number words of these languages add, and what they multiply by."""
    values: dict[str, int] = {}
    scales: dict[str, int] = {}
    for language in languages:
        values |= NUMBERS.get(language, {})
        scales |= SCALES.get(language, {})
    return values, scales


def _parts(word: str, values: dict[str, int], scales: dict[str, int]) -> list[str]:
    """The number words that `word` is, or is joined of ("zwölftausend"); none where it is another word."""
    if word == HALF and "a" in values:
        return [word]
    if word in values or word in scales:
        return [] if word in JOINERS else [word]
    for size in range(len(word) - 2, 1, -1):
        head = word[:size]
        if (head in values or head in scales) and (rest := _parts(word[size:], values, scales)):
            return [head, *rest]
    return []


def _value(words: Sequence[str], values: dict[str, int], scales: dict[str, int]) -> float:
    """What number words amount to: 'two thousand five hundred', 'quatre vingt dix'."""
    total = part = 0.0
    for before, word in zip(["", *words], words, strict=False):
        scale = scales.get(word, 0)
        if scale >= 10**3:
            total += max(1, part) * scale
            part = 0
        elif scale:
            part = max(1, part) * scale
        elif word in {"vingt", "vingts"} and part % 100 == 4:
            part += 76
        elif word == HALF:
            # "forty-two and a half": the article counted one.
            part += -0.5 if before == "a" else 0.5
        else:
            part += values.get(word, 0)
    return total + part


def _times(after: str, scales: dict[str, int]) -> int:
    """What the word after a figure multiplies it by: "20k", "3 millions", "500万円"."""
    scale = scales.get(fold(after), 1)
    return _SIGNS.get(after) or _HAN_SCALES.get(after[0]) or (scale if scale >= 10**3 else 1)


def _han(signs: str) -> int:
    total = part = digit = 0
    for sign in signs:
        if sign in _HAN_SCALES:
            total += max(1, part + digit) * _HAN_SCALES[sign]
            part = digit = 0
        elif sign in _HAN_TENS:
            part += max(1, digit) * _HAN_TENS[sign]
            digit = 0
        else:
            digit = digit * 10 + _HAN_DIGITS[sign]
    return total + part + digit


def _figure(digits: str) -> float:
    grouped = re.sub(r"(?<=\d)[.,' \u00a0\u202f](?=\d{3}(?:\D|$))", "", digits)
    return float(re.sub(r"[^\d.]", "", grouped.replace(",", ".")) or 0)
