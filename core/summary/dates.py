"""Due dates as they are spoken, in English and French: "by Friday", "avant le 3 décembre"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.summary.sentences import fold


@dataclass(frozen=True, slots=True)
class Due:
    """A date in a text: as `said`, where (`start`, `stop`), and the `day` meant, None where it is no single day."""

    said: str
    start: int
    stop: int
    day: date | None


def _numbered(words: str, first: int = 1) -> dict[str, int]:
    """Each word's number; alternatives of one number are joined by '|'."""
    return {word: n for n, group in enumerate(words.split(), first) for word in group.split("|")}


_WEEKDAYS = {
    "en": _numbered("monday tuesday wednesday thursday friday saturday sunday", 0),
    "fr": _numbered("lundi mardi mercredi jeudi vendredi samedi dimanche", 0),
}
_MONTHS = {
    "en": _numbered(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep"
        " october|oct november|nov december|dec"
    ),
    "fr": _numbered("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"),
}
_ORDINALS_EN = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS_EN |= {f"twenty{gap}{word}": 20 + n for word, n in _ORDINALS_EN.items() if n < 10 for gap in " -"}
_ORDINALS_EN |= {"thirtieth": 30, "thirty first": 31, "thirty-first": 31}
_NUMBERS = {
    "en": _numbered("one|a|an two three four five six seven eight nine ten eleven twelve"),
    "fr": _numbered(
        "un|une|premier deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
        " dix-sept dix-huit dix-neuf vingt vingt-et-un vingt-deux vingt-trois vingt-quatre vingt-cinq vingt-six"
        " vingt-sept vingt-huit vingt-neuf trente trente-et-un"
    ),
}


_NUMBERS["fr"] |= {"vingt et un": 21, "trente et un": 31}

WEEKDAY_NAMES = _WEEKDAYS["en"].keys() | _WEEKDAYS["fr"].keys()
MONTH_NAMES = _MONTHS["en"].keys() | _MONTHS["fr"].keys()
NUMBER_WORDS = _NUMBERS["en"] | _NUMBERS["fr"]


def _any(words: dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_DAY_EN = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_any(_ORDINALS_EN)})"
_DAY_FR = rf"(?:\d{{1,2}}|1er|{_any(_NUMBERS['fr'])})"
_COUNT_EN = rf"(?:\d{{1,2}}|{_any(_NUMBERS['en'])})"
_COUNT_FR = rf"(?:\d{{1,2}}|{_any(_NUMBERS['fr'])})"
_THINGS = "draft|version|item|point|meeting|phase"
_YEAR = r"(?:,? (?P<year>20\d\d))?"

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]


def _day_number(said: str) -> int:
    digits = re.match(r"\d+", said)
    return (
        int(digits.group())
        if digits
        else _ORDINALS_EN.get(said) or _NUMBERS["fr"].get(said) or _NUMBERS["en"][said]
    )


def _next_weekday(told: date, weekday: int) -> date:
    return told + timedelta(days=(weekday - told.weekday() - 1) % 7 + 1)


def _weekday(names: dict[str, int]) -> Callable[[re.Match[str], date], date | None]:
    def day(match: re.Match[str], told: date) -> date:
        this_week = match.groupdict().get("later") is None
        if this_week:
            return _next_weekday(told, names[match["weekday"]])
        return told + timedelta(days=7 - told.weekday() + names[match["weekday"]])

    return day


def _in_month(months: dict[str, int]) -> Callable[[re.Match[str], date], date | None]:
    def day(match: re.Match[str], told: date) -> date | None:
        number, month = _day_number(match["day"]), months[match["month"]]
        try:
            if match["year"]:
                return date(int(match["year"]), month, number)
            this_year = date(told.year, month, number)
            return this_year if this_year >= told else date(told.year + 1, month, number)
        except ValueError:
            return None

    return day


def _day_of_month(match: re.Match[str], told: date) -> date | None:
    number = _day_number(match["day"])
    for month in (told.month, told.month % 12 + 1):
        year = told.year + (month < told.month)
        if 1 <= number <= calendar.monthrange(year, month)[1] and date(year, month, number) >= told:
            return date(year, month, number)
    return None


def _end_of_month(months_on: int) -> Callable[[re.Match[str], date], date | None]:
    def day(_match: re.Match[str], told: date) -> date:
        years, month = divmod(told.month - 1 + months_on, 12)
        return date(told.year + years, month + 1, calendar.monthrange(told.year + years, month + 1)[1])

    return day


def _end_of_named_month(months: dict[str, int]) -> Callable[[re.Match[str], date], date | None]:
    def day(match: re.Match[str], told: date) -> date:
        month = months[match["month"]]
        year = told.year + (month < told.month)
        return date(year, month, calendar.monthrange(year, month)[1])

    return day


def _on(days: int) -> Callable[[re.Match[str], date], date | None]:
    return lambda _match, told: told + timedelta(days=days)


def _friday(weeks_on: int) -> Callable[[re.Match[str], date], date | None]:
    """The end of a working week: this one's Friday, or today where it is over."""
    return lambda _match, told: max(told, told + timedelta(days=4 - told.weekday() + 7 * weeks_on))


def _sunday(weeks_on: int) -> Callable[[re.Match[str], date], date | None]:
    """The end of a weekend."""
    return lambda _match, told: told + timedelta(days=6 - told.weekday() + 7 * weeks_on)


def _after(unit: int) -> Callable[[re.Match[str], date], date | None]:
    def day(match: re.Match[str], told: date) -> date:
        return told + timedelta(days=unit * _day_number(match["count"]))

    return day


def _some_day(_match: re.Match[str], _told: date) -> date | None:
    return None


def _end_of_year(_match: re.Match[str], told: date) -> date:
    return date(told.year, 12, 31)


def _rules(prefix: str, rules: list[tuple[str, Callable[[re.Match[str], date], date | None]]]) -> list[_Rule]:
    return [(re.compile(rf"\b{prefix}(?:{pattern})(?![\w'])"), day) for pattern, day in rules]


_BY = r"(?P<by>(?:(?:by|before|until|till|no later than|not later than|for|on|due|from) )+(?:the )?)?"
_AVANT = (
    r"(?P<by>(?:au plus tard |d'ici (?:a |au |la |le )?|avant |pour |jusqu'(?:a |au )|des )+(?:le |la |l'|ce |cette )?"
    r"|(?:a|le|au|a la|en) )?"
)
_WEEK_EN, _MONTH_EN = _any(_WEEKDAYS["en"]), _any(_MONTHS["en"])
_WEEK_FR, _MONTH_FR = _any(_WEEKDAYS["fr"]), _any(_MONTHS["fr"])
_LIMIT = re.compile(r"by|before|until|till|no|due|for|au plus|d'ici|avant|pour|jusqu|des")
_NOT = re.compile(r"(?:\b(?:not|never|pas|jamais)|n't) $")
_PART = r"(?: (?:morning|afternoon|evening|night|noon|lunch ?time))?"
_MOMENT = r"(?: (?:matin|midi|apres-midi|soir))?"

_RULES: dict[str, list[_Rule]] = {
    "en": _rules(
        _BY,
        [
            (
                rf"(?:{_WEEK_EN},? )?(?:the )?(?P<day>{_DAY_EN})(?: of)? (?P<month>{_MONTH_EN}){_YEAR}",
                _in_month(_MONTHS["en"]),
            ),
            (
                rf"(?:{_WEEK_EN},? )?(?:the )?(?P<month>{_MONTH_EN}) (?:the )?(?P<day>{_DAY_EN}){_YEAR}",
                _in_month(_MONTHS["en"]),
            ),
            (rf"(?P<later>next) (?P<weekday>{_WEEK_EN}){_PART}", _weekday(_WEEKDAYS["en"])),
            (rf"(?P<weekday>{_WEEK_EN})(?P<later> (?:of )?next week)", _weekday(_WEEKDAYS["en"])),
            (
                rf"(?:this |this coming |the coming )?(?P<weekday>{_WEEK_EN}){_PART}",
                _weekday(_WEEKDAYS["en"]),
            ),
            (r"(?:the )?day after tomorrow", _on(2)),
            (rf"tomorrow{_PART}", _on(1)),
            (r"(?:the )?end of (?:the|this) week|this week(?!end)", _friday(0)),
            (r"(?:over (?:the|this)|at the|this) weekend", _sunday(0)),
            (r"next weekend", _sunday(1)),
            (r"(?:the )?end of next week|next week", _friday(1)),
            (r"(?:the )?end of (?:the|this) month|month end|this month", _end_of_month(0)),
            (r"(?:the )?end of next month|next month", _end_of_month(1)),
            (rf"(?:the )?end of (?P<month>{_MONTH_EN})", _end_of_named_month(_MONTHS["en"])),
            (r"(?:the )?end of (?:the|this) year", _end_of_year),
            (r"(?:the )?end of (?:the |this )?day|tonight|today|this (?:afternoon|evening|morning)", _on(0)),
            (rf"(?:in|within) (?P<count>{_COUNT_EN}) days?(?: time)?", _after(1)),
            (rf"(?:in|within) (?P<count>{_COUNT_EN}) weeks?(?: time)?", _after(7)),
            (r"(?:the |our )?next (?:meeting|call|session|sprint)", _some_day),
        ],
    )
    + _rules(
        r"(?P<by>(?:by|before|until|on|no later than|for) )",
        [
            (
                rf"the (?P<day>\d{{1,2}}(?:st|nd|rd|th)|{_any(_ORDINALS_EN)})(?! \w*(?:{_THINGS}))",
                _day_of_month,
            ),
            (r"the weekend", _sunday(0)),
            (rf"(?:the )?(?:(?:end|beginning|start|middle) of |mid[- ])(?P<month>{_MONTH_EN})", _some_day),
        ],
    ),
    "fr": _rules(
        _AVANT,
        [
            (
                rf"(?:{_WEEK_FR} )?(?:le )?(?P<day>{_DAY_FR}) (?P<month>{_MONTH_FR})(?: (?P<year>20\d\d))?",
                _in_month(_MONTHS["fr"]),
            ),
            (rf"(?P<weekday>{_WEEK_FR})(?P<later> de la semaine prochaine)", _weekday(_WEEKDAYS["fr"])),
            (rf"(?P<weekday>{_WEEK_FR}){_MOMENT}(?P<later> en huit)", _weekday(_WEEKDAYS["fr"])),
            (rf"(?P<weekday>{_WEEK_FR})(?: prochain)?{_MOMENT}", _weekday(_WEEKDAYS["fr"])),
            (r"apres-demain", _on(2)),
            (rf"demain{_MOMENT}", _on(1)),
            (r"(?:la )?fin de (?:la |cette )?semaine|cette semaine", _friday(0)),
            (r"week-?end prochain", _sunday(1)),
            (r"ce week-?end", _sunday(0)),
            (r"(?:la )?(?:fin de )?(?:la )?semaine prochaine", _friday(1)),
            (r"(?:la )?fin (?:du|de ce|de) mois(?! prochain)|ce mois-ci", _end_of_month(0)),
            (r"(?:la )?(?:fin du |fin de |le )?mois prochain", _end_of_month(1)),
            (rf"(?:la )?fin (?P<month>{_MONTH_FR})", _end_of_named_month(_MONTHS["fr"])),
            (r"(?:la )?fin (?:de l'|d')annee", _end_of_year),
            (r"(?:la )?fin de (?:la )?journee|ce soir|cet apres-midi|aujourd'hui|ce matin", _on(0)),
            (rf"(?:dans|d'ici|sous) (?P<count>{_COUNT_FR}) jours?", _after(1)),
            (rf"(?:dans|d'ici|sous) (?P<count>{_COUNT_FR}) semaines?", _after(7)),
            (r"(?:la |notre )?prochaine (?:reunion|seance)", _some_day),
            (rf"(?:la )?mi-(?P<month>{_MONTH_FR})", _some_day),
        ],
    )
    + _rules(
        r"(?P<by>(?:avant|pour|d'ici|jusqu'au|au plus tard) )",
        [(r"le (?P<day>\d{1,2})(?! ?[%h€])", _day_of_month), (r"le week-?end", _sunday(0))],
    ),
}


def days(text: str, language: str, told: date) -> frozenset[date]:
    """All days that `text` may mean, told on that local day."""
    folded = fold(text)
    meant = (day(match, told) for pattern, day in _RULES[language] for match in pattern.finditer(folded))
    return frozenset(one for one in meant if one)


def find(text: str, language: str, told: date) -> Due | None:
    """The due date in `text`, or None: the first with a word such as "by", else the first of all.

    `told` is the local day on which it was said; dates meant lie on or after it.
    """
    folded = fold(text)
    matches = [(match, day) for pattern, day in _RULES[language] for match in pattern.finditer(folded)]
    # "Not before Monday" sets no day, and "next week, not on Friday" not that Friday.
    excluded = [(match, day) for match, day in matches if _NOT.search(folded[: match.start()])]
    best: tuple[bool, int, int] | None = None
    found: Due | None = None
    for match, day in matches:
        if any(match.start() < no.end() and no.start() < match.end() for no, _day in excluded):
            continue
        rank = (not _LIMIT.match(match["by"] or ""), match.start(), -match.end())
        if best is None or rank < best:
            best = rank
            found = Due(text[match.start() : match.end()], match.start(), match.end(), day(match, told))
    if found and found.day and any(_is_day(found.day, day(no, told)) for no, day in excluded):
        return replace(found, day=None)
    return found


def _is_day(day: date, excluded: date | None) -> bool:
    return excluded is not None and day.weekday() == excluded.weekday()
