"""Names in a line of minutes, as far as a text tells them, and whether they were said. Pure.

A capital tells a name in the middle of a sentence. At its beginning somebody has to do something there ("Fabrice
approved"); in German, where all nouns have capitals, two of them in a row, a title or the place in the sentence tell.
Common names and places are known wherever they stand. Scripts without capitals are looked at for the forms of address
that Japanese, Chinese and Korean put behind names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from core import paths
from core.summary import lexicon
from core.summary.dates import MONTH_NAMES
from core.summary.numbers import TOKEN
from core.summary.phrases import NO_NAMES
from core.summary.sentences import STOP_WORDS, fold, stem

GERMAN = frozenset({"de", "lb"})
"""Languages in which a capital does not tell a name."""

_NO_NAMES = (
    NO_NAMES
    | STOP_WORDS["en"]
    | STOP_WORDS["fr"]
    | lexicon.COMMON
    | lexicon.WEEKDAYS.keys()
    | lexicon.MONTHS.keys()
    | MONTH_NAMES
) - {"marco", "jan"}
_BETWEEN = lexicon.JOINERS | {"de", "von", "van", "da", "di"}
_ADDRESSED = re.compile(
    r"([\u4e00-\u9fff]{1,4}|[\u30a0-\u30ff]{2,8})(?=さん|様|氏|くん|ちゃん|部長|課長|社長)"
    r"|([\u4e00-\u9fff])(?=先生|女士|小姐|经理)|([\uac00-\ud7a3]{2,4}) ?(?=씨|님)"
    r"|(?:السيد|السيدة|الأستاذ|الأستاذة|الدكتور|الدكتورة|المهندس|المهندسة)\s+([\u0621-\u064a]{2,})"
    r"|(?:מר|גב'|גברת|ד\"ר|פרופ')\s+([\u05d0-\u05ea]{2,})"
    r"|(?:श्री|श्रीमती|सुश्री|डॉ\.?)\s+([\u0900-\u0963\u0970-\u097f]{2,})|([\u0900-\u0963\u0970-\u097f]{2,})(?=\s+जी(?:\s|$))"
)
"""What stands beside names in scripts without capitals: Japanese, Chinese, Korean, Arabic, Hebrew, Hindi."""
_LABEL = re.compile(r"\s?:(?=\s|$)|\s[–—-]\s")
"""What parts a name from what it does, as in "Fabrice: sign the contract"."""


def names_in(text: str, language: str = "", *, same: bool = True) -> tuple[str, ...]:
    """The names of `text`, which is in `language` ('' for any); days and months are none.

    `same` is False where it is not the language of the meeting: then no noun of it was heard as it stands there, and
    fewer words pass for names.
    """
    tokens = [match for match in TOKEN.finditer(text) if not match.group()[0].isdigit()]
    names = [match[match.lastindex or 0] for match in _ADDRESSED.finditer(text)]
    for place, match in enumerate(tokens):
        word, begins = match.group(), _begins(text, match.start())
        if not word[0].isupper() or len(word) < 2 or fold(word) in _NO_NAMES:
            continue
        if is_known(word):
            is_name = True
        elif begins:
            is_name = _acts(text, tokens, place, language, same)
        elif _is_infinitive(text, tokens, place):
            is_name = False
        elif language in GERMAN:
            is_name = _is_german_name(text, tokens, place, same)
        else:
            is_name = True
        if is_name:
            names.append(word)
    return tuple(dict.fromkeys(names))


@cache
def _common_names() -> frozenset[str]:
    """Names of people and places that are no ordinary words; where they come from stands beside the file."""
    return frozenset((paths.RESOURCES / "names" / "names.txt").read_text(encoding="utf-8").split())


def is_known(word: str) -> bool:
    """Whether a word with a capital is a common name, whatever its place in a sentence."""
    return fold(word) in _common_names()


def _is_infinitive(text: str, tokens: Sequence[re.Match[str]], place: int) -> bool:
    """Whether that is a verb with its object, as tasks are written in French, Spanish and Italian."""
    after = _beside(text, tokens, place, place + 1)
    return after in lexicon.ARTICLES and fold(tokens[place].group()).endswith(lexicon.INFINITIVE_ENDS)


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins there."""
    before = text[:start].rstrip(" \"'“”«»(-–—")
    return not before or before[-1] in ".!?:;…•"


def _acts(text: str, tokens: Sequence[re.Match[str]], place: int, language: str, same: bool) -> bool:
    """Whether whoever begins a sentence there does something in it, alone or with others, or owns something."""
    word = tokens[place].group()
    if text[tokens[place].end() :][:2] in {"'s", "’s"} or _is_label(text, tokens, place, same):
        return True
    if language in GERMAN and _is_german_noun(word):
        return False
    codes = [language] if language in lexicon.ACTING else list(lexicon.ACTING)
    if "en" in codes and stem(fold(word)) in _VERBS:
        return False
    for before, token in zip(tokens[place:], tokens[place + 1 : place + 6], strict=False):
        next_word = token.group()
        if "," in text[before.end() : token.start()]:
            return False
        if not (next_word[0].isupper() or fold(next_word) in _BETWEEN):
            return any(_is_act(next_word.lower(), code, same) for code in codes)
    return False


def _is_label(text: str, tokens: Sequence[re.Match[str]], place: int, same: bool) -> bool:
    """Whether the line begins there with a name and a colon. Another language's nouns were not heard, so that there
    only two capitals in a row are a name."""
    words = tokens[place : place + 3]
    if text[: words[0].start()].strip(" -–—•*@([\"'“«☐"):
        return False
    for count, (word, after) in enumerate(zip(words, [*words[1:], None], strict=True), 1):
        if not word.group()[0].isupper():
            return False
        if _LABEL.match(text, word.end()):
            return same or count > 1
        if after is None or text[word.end() : after.start()] != " ":
            return False
    return False


_VERBS = frozenset(stem(word) for word in lexicon.ACTING["en"])


def _is_act(word: str, code: str, same: bool) -> bool:
    """Whether that is what somebody does, in English also what any noun may do where nouns would have been heard."""
    ends = lexicon.ACTING_ENDS.get(code, ("ed",) if same and code == "en" else ())
    anything = same and code == "en" and word in lexicon.ANYTHING_DOES
    return anything or word in lexicon.ACTING[code] or (len(word) > 3 and word.endswith(ends))


def _is_german_noun(word: str) -> bool:
    folded = fold(word)
    return folded in lexicon.GERMAN_COMMON or folded.endswith(lexicon.GERMAN_NOUN_ENDS)


def _is_german_name(text: str, tokens: Sequence[re.Match[str]], place: int, same: bool) -> bool:
    """Whether a capital in the middle of a German sentence is one of a name's."""
    word, before = tokens[place].group(), fold(tokens[place - 1].group()) if place else ""
    if before in lexicon.GERMAN_TITLES:
        return True
    if _is_german_noun(word) or fold(word) in lexicon.GERMAN_TITLES:
        return False
    beside = (_beside(text, tokens, place, other) for other in (place - 1, place + 1))
    if any(one[:1].isupper() and not _is_german_noun(one) and fold(one) not in _NO_NAMES for one in beside):
        return True
    return same and before in lexicon.GERMAN_BEFORE


def _beside(text: str, tokens: Sequence[re.Match[str]], place: int, other: int) -> str:
    """The `other` word where nothing but a space is between it and that at `place`, else ''."""
    if not 0 <= other < len(tokens):
        return ""
    first, second = tokens[min(place, other)], tokens[max(place, other)]
    return tokens[other].group() if text[first.end() : second.start()] == " " else ""


# --- whether they were said -----------------------------------------------------------------------

_PLACES = """
london londres londra, lisbon lisbonne lissabon lisboa lisbona, brussels bruxelles brussel bruselas,
geneva geneve genf ginebra ginevra, vienna vienne wien viena, venice venise venedig venecia venezia,
athens athenes athen atenas atene, warsaw varsovie warschau varsovia varsavia, moscow moscou moskau moscu mosca,
copenhagen copenhague kopenhagen, edinburgh edimbourg, barcelona barcelone, rome rom roma, paris parigi parijs,
munich munchen monaco, cologne koln colonia, milan mailand milano, naples neapel napoli, florence florenz firenze,
frankfurt francfort, hamburg hambourg, beijing pekin peking pechino, cairo caire, algiers alger,
england angleterre inglaterra inghilterra, scotland ecosse schottland, wales galles, ireland irlande irland irlanda,
germany allemagne deutschland alemania germania alemanha duitsland, spain espagne spanien espana spagna espanha spanje,
france frankreich francia franca frankrijk, italy italie italien italia, greece grece griechenland grecia,
portugal portogallo, belgium belgique belgien belgica belgio belgie,
switzerland suisse schweiz suiza svizzera suica zwitserland, austria autriche osterreich oostenrijk,
poland pologne polen polonia, sweden suede schweden suecia svezia, norway norvege norwegen noruega norvegia,
denmark danemark dinamarca danimarca, finland finlande finnland, morocco maroc marokko, tunisia tunisie,
algeria algerie, japan japon, china chine, india inde indien, brazil bresil brasilien brasil brasile,
america amerique amerika, africa afrique afrika, asia asie asien, europe europa, turkey turquie turkei,
russia russie russland rusia, mexico mexique mexiko, netherlands pays bas niederlande,
english anglais anglaise englisch ingles inglese, french francais francaise franzosisch frances francese,
german allemand allemande deutsch aleman tedesco, spanish espagnol espagnole spanisch espanol spagnolo,
italian italien italienne, european europeen europeenne europaisch, american americain americaine amerikanisch,
british britannique britisch, christmas noel weihnachten navidad natale, easter paques ostern
"""
_ROMAN = str.maketrans(
    "абвгдезийклмнопрстуфхыэіїєґαβγδεζηικλμνξοπρσςτυφω",
    "abvgdeziiklmnoprstufhieiiegavgdeziiklmnxoprsstyfo",
) | str.maketrans(
    {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
    | {"θ": "th", "χ": "h", "ψ": "ps"}
)
"""Cyrillic and Greek letters as they are written in ours, near enough to know a name again."""
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_HEARD_AS = 0.65
"""Likeness from which a name that was carried over into another script is one that was said."""

_SAME_NAMES = {name: frozenset(names.split()) for names in _PLACES.split(",") for name in names.split()}
"""Each place, people and feast that is called differently in other languages, with all of its names."""


def said_name(name: str, words: Collection[str]) -> bool:
    """Whether `name` is among the folded `words`, in any language: as it is, in the plural or possessive, or as it may
    be misspelt; in scripts without spaces, inside one of them; carried over from another alphabet, nearly."""
    names = _SAME_NAMES.get(fold(name), frozenset({fold(name)}))
    if script(name) not in _ALPHABETS:
        return any(one in word for one in names for word in words)
    if not any(script(word) == script(name) for word in words):
        roman = fold(name).translate(_ROMAN)
        heard = (word.translate(_ROMAN) for word in words if script(word) in _ALPHABETS)
        return any(
            word[:1] == roman[:1] and SequenceMatcher(None, roman, word).ratio() >= _HEARD_AS
            for word in heard
        )
    return bool(names & set(words)) or any(
        len(one) > 3 and abs(len(word) - len(one)) <= 1 and SequenceMatcher(None, one, word).ratio() >= 0.8
        for one in names
        for word in words
    )


def script(text: str) -> str:
    """The script that `text` begins in: 'LATIN', 'CYRILLIC' …"""
    return next((unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha()), "")


def capitals(owner: str) -> list[str]:
    """The words of an owner that are a name: "Ana and Marc" has two, "the design team" none."""
    return [word for word in TOKEN.findall(owner) if word[0].isupper() and fold(word) not in _NO_NAMES]


# --- days and months ------------------------------------------------------------------------------


def days_in(text: str, *, written: bool = False) -> Iterator[tuple[str, str, int]]:
    """The days of the week and the months of `text`: as they stand there, 'weekday' or 'month', and their number.

    `written` leaves out what may be another word: "may" and "march" without a capital or where a sentence begins,
    "Marco" without a cedilla.
    """
    for match in re.finditer(r"[^\W\d_]+(?:-feira)?", text):
        word = match.group()
        folded = fold(word)
        doubtful = folded in {"may", "march"} and (word[0].islower() or _begins(text, match.start()))
        if written and (doubtful or (folded == "marco" and "ç" not in word)):
            continue
        for kind, known in (("weekday", lexicon.WEEKDAYS), ("month", lexicon.MONTHS)):
            if folded in known:
                yield word, kind, known[folded]
