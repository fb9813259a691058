"""The shape of a model's answer: the schema it is asked for, reading what came, and putting parts together. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import count
from typing import Any

from core.summary.sentences import fold, words_of
from core.values import Section, TemplateSection

Answer = dict[str, Any]
"""Minutes as a model writes them: a title, and for each section of the template a list of lines with their evidence."""
Sections = Sequence[TemplateSection]

RETOLD = (Section.OVERVIEW.value, Section.KEY_POINTS.value)
"""Sections that tell a meeting in few words; of the others, a longer meeting has more."""

SAME = 0.6
"""Share of the shorter line's words that two lines which say the same have in common; half where they are about
the same segment."""

SUPERSEDED = "superseded"
"""Where a merge says which lines of earlier parts it left out, each with the later line that took its place."""

_STRING = {"type": "string"}
_INTEGER = {"type": "integer"}
_LINE = {"text": _STRING, "segment_ids": {"type": "array", "items": {"type": "integer"}}, "quote": _STRING}
_ACTION = _LINE | {"owner": _STRING, "due_said": _STRING, "due": _STRING}


def object_of(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


_SUPERSEDED = {"type": "array", "items": object_of({"line": _INTEGER, "by": _INTEGER})}


def format_of(sections: Sections, *, merged: bool = False) -> dict[str, Any]:
    """What the protocol calls `response_format`, for an answer with these sections; `merged` from those of parts."""
    lines = {
        one.key: {
            "type": "array",
            "items": object_of(_ACTION if one.kind is Section.ACTION_ITEMS else _LINE),
        }
        for one in sections
    }
    schema = object_of({"title": _STRING} | lines | ({SUPERSEDED: _SUPERSEDED} if merged else {}))
    return {
        "type": "json_schema",
        "json_schema": {"name": "minutes", "schema_definition": schema, "strict": True},
    }


class Unusable(Exception):
    """An answer out of shape; the message says why without repeating it."""


class WrongLanguage(Unusable):
    """An `answer` in the right shape but another language than was asked for."""

    def __init__(self, language: str, answer: Any) -> None:
        super().__init__(f'it is not in the language with the code "{language}"')
        self.answer = answer


# --- reading --------------------------------------------------------------------------------------


def read(text: str, sections: Sections, *, whole: bool = True, merged: bool = False) -> Answer:
    """The answer in `text`, in the shape that `format_of` these sections asks for, also where it is `merged`.

    `whole` is False where the model ran out of tokens.

    Forgiven: a fence or thoughts around it, raw line breaks in texts, a comma too many or none between two lines,
    numbers as texts, and missing brackets at the end of a whole answer. Raises `Unusable`.
    """
    answer = json_in(text, whole=whole)
    if not isinstance(answer.get("title"), str):
        raise Unusable('"title" is missing')
    lines = {one.key: _lines_in(answer, one.key) for one in sections}
    gone = answer.get(SUPERSEDED)
    told = {SUPERSEDED: gone} if merged and isinstance(gone, list) else {}
    return {"title": answer["title"]} | lines | told


def json_in(text: str, *, whole: bool = True) -> dict[str, Any]:
    """The JSON object in `text`, mended as `read` says. Raises `Unusable`."""
    said = re.sub(r"(?s)<think>.*?</think>", "", text)
    start = said.find("{")
    if start < 0:
        raise Unusable("it is cut or not JSON (no JSON)")
    try:
        answer = json.loads(_mended(said[start:], close=whole), strict=False)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "no JSON"
        raise Unusable(f"it is cut or not JSON ({reason})") from None
    if not isinstance(answer, dict):
        raise Unusable("it is no JSON object")
    return answer


def _mended(text: str, *, close: bool) -> str:
    """The JSON value that `text` begins with: commas set right, what follows it left out, missing brackets added."""
    done: list[str] = []
    waiting: list[str] = []
    for piece in re.findall(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|[^"{}\[\],]+|"', text, re.DOTALL):
        last = next((one for one in reversed(done) if one.strip()), "")
        if piece in "}]":
            if last == ",":
                done[len(done) - 1 - done[::-1].index(",")] = ""
            if not waiting or waiting.pop() != piece:
                break
        elif piece in "{[":
            if last in {"}", "]"}:
                done.append(",")
            waiting.append("}" if piece == "{" else "]")
        done.append(piece)
        if not waiting:
            return "".join(done)
    return "".join(done) + ("".join(reversed(waiting)) if close else "")


def _lines_in(answer: Answer, section: str) -> list[Answer]:
    lines = answer.get(section)
    if not isinstance(lines, list):
        raise Unusable(f'"{section}" is missing')
    for line in lines:
        if (
            not isinstance(line, dict)
            or not isinstance(line.get("text"), str)
            or not isinstance(line.get("quote"), str)
        ):
            raise Unusable(f'a line of "{section}" has no text or no quote')
        ids = line.get("segment_ids")
        if not isinstance(ids, list) or not all(re.fullmatch(r"\d{1,18}", str(one)) for one in ids):
            raise Unusable(f'a line of "{section}" has no segment_ids')
        line["segment_ids"] = [int(one) for one in ids]
        for name in ("owner", "due_said", "due"):
            line[name] = line.get(name) or ""
            if not isinstance(line[name], str):
                raise Unusable(f'"{name}" is not a text in "{section}"')
    return [line for line in lines if line["text"].strip()]


# --- putting together -----------------------------------------------------------------------------


def joined(answers: Sequence[Answer]) -> Answer:
    """The minutes of parts, one after the other: long, but nothing is lost; what overlapping parts both say, once."""
    whole, *others = answers
    for answer in others:
        whole = whole | {key: _with(whole[key], lines) for key, lines in answer.items() if key != "title"}
    return whole


def numbered(answers: Sequence[Answer]) -> list[Answer]:
    """The minutes of parts with a number for each line, `line`, by which a merge names it."""
    numbers = count(1)
    return [
        {
            key: value if key == "title" else [line | {"line": next(numbers)} for line in value]
            for key, value in answer.items()
        }
        for answer in answers
    ]


def completed(merged: Answer, answers: Sequence[Answer]) -> Answer:
    """`merged`, which a model made of `answers`, with every decision, task, question and chapter it lost put back.

    Of `numbered` answers those stay away that `merged` names as superseded by a line of a later part.
    """
    gone = _superseded(merged.get(SUPERSEDED, []), answers)
    found = [
        {
            key: value if key == "title" else [] if key in RETOLD else _left(value, gone)
            for key, value in answer.items()
        }
        for answer in answers
    ]
    return joined([{key: value for key, value in merged.items() if key != SUPERSEDED}, *found])


def _left(lines: Sequence[Answer], gone: set[int]) -> list[Answer]:
    return [
        {key: value for key, value in line.items() if key != "line"}
        for line in lines
        if line.get("line") not in gone
    ]


def _superseded(told: Sequence[Any], answers: Sequence[Answer]) -> set[int]:
    """The numbers of lines that gave way to one of a later part."""
    part_of = {
        line["line"]: part
        for part, answer in enumerate(answers)
        for key, lines in answer.items()
        if key not in {"title", Section.CHAPTERS.value}
        for line in lines
        if "line" in line
    }
    pairs = [(one.get("line"), one.get("by")) for one in told if isinstance(one, dict)]
    known = [(line, by) for line, by in pairs if isinstance(line, int) and isinstance(by, int)]
    return {line for line, by in known if line in part_of and by in part_of and part_of[line] < part_of[by]}


def retold(answer: Answer) -> Answer:
    """Only what tells the meeting in few words: the title, the overview and the key points."""
    return answer | {key: [] for key in answer if key not in {"title", *RETOLD}}


def in_order(answer: Answer, segment_ids: Sequence[int]) -> Answer:
    """With everything but the overview in the order in which it was said; `segment_ids` are all ids in that order.

    Their numbers alone do not tell it: of two channels, each is numbered as its text comes.
    """
    place = {one: at for at, one in enumerate(segment_ids)}

    def first(line: Answer) -> int:
        return min((place[one] for one in line["segment_ids"] if one in place), default=0)

    return answer | {
        key: sorted(lines, key=first)
        for key, lines in answer.items()
        if key not in {"title", Section.OVERVIEW.value}
    }


def _with(lines: list[Answer], more: list[Answer]) -> list[Answer]:
    return lines + [line for line in more if not any(_same(line, other) for other in lines)]


def _same(line: Answer, other: Answer) -> bool:
    """Whether two lines say the same, by their words; never with different owners or figures."""
    if line["owner"] and other["owner"] and fold(line["owner"]) != fold(other["owner"]):
        return False
    words, others = set(words_of(line["text"])), set(words_of(other["text"]))
    shared = len(words & others) / max(1, min(len(words), len(others)))
    near = bool(set(line["segment_ids"]) & set(other["segment_ids"]))
    return shared >= (SAME / 2 if near else SAME) and _numbers(line) == _numbers(other)


def _numbers(line: Answer) -> set[str]:
    return set(re.findall(r"\d+", line["text"]))
