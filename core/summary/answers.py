"""The shape of a model's answer: the schema it is asked for, reading what came, and putting parts together. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
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

_STRING = {"type": "string"}
_LINE = {"text": _STRING, "segment_ids": {"type": "array", "items": {"type": "integer"}}, "quote": _STRING}
_ACTION = _LINE | {"owner": _STRING, "due_said": _STRING, "due": _STRING}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def format_of(sections: Sections) -> dict[str, Any]:
    """What the protocol calls `response_format`, for an answer with these sections."""
    lines = {
        one.key: {
            "type": "array",
            "items": _object(_ACTION if one.kind is Section.ACTION_ITEMS else _LINE),
        }
        for one in sections
    }
    schema = _object({"title": _STRING} | lines)
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


def read(text: str, sections: Sections, *, whole: bool = True) -> Answer:
    """The answer in `text`, in the shape that `format_of` these sections asks for.

    `whole` is False where the model ran out of tokens.

    Forgiven: a fence or thoughts around it, raw line breaks in texts, a comma too many or none between two lines,
    numbers as texts, and missing brackets at the end of a whole answer. Raises `Unusable`.
    """
    answer = json_in(text, whole=whole)
    if not isinstance(answer.get("title"), str):
        raise Unusable('"title" is missing')
    return {"title": answer["title"]} | {one.key: _lines_in(answer, one.key) for one in sections}


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


def completed(merged: Answer, answers: Sequence[Answer]) -> Answer:
    """`merged`, which a model made of `answers`, with every decision, task, question and chapter it lost put back."""
    return joined([merged, *(answer | {key: [] for key in RETOLD if key in answer} for answer in answers)])


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
