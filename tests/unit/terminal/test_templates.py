"""The verb for templates of minutes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import paths
from core.terminal.entry import run


def test_a_template_is_printed_changed_taken_in_and_removed(
    places: paths.Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["templates", "--print", "stand_up"]) == 0
    stored = json.loads(capsys.readouterr().out)
    stored["name"] = "Board"
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(stored), encoding="utf-8")
    assert run(["templates", "--add", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "* board " in out
    assert "“Board” was kept as board.json." in err
    assert (places.minutes_templates / "board.json").exists()
    assert run(["templates", "--remove", "Board"]) == 0
    assert "board" not in capsys.readouterr().out
    assert not (places.minutes_templates / "board.json").exists()
    assert run(["templates", "--remove", "meeting"]) == 2
    assert "comes with the program" in capsys.readouterr().err


def test_what_cannot_be_used_is_told_and_the_others_are_listed(
    places: paths.Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.make_private_folder(places.minutes_templates)
    (places.minutes_templates / "odd.json").write_text("{", encoding="utf-8")
    assert run(["templates"]) == 0
    out, err = capsys.readouterr()
    assert "stand_up" in out
    assert "“odd.json” cannot be used: line 1 is not valid JSON. Mend the file, or remove it." in err
    assert run(["templates", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in document["broken"]] == ["MinutesTemplateBroken"]
    assert run(["templates", "--remove", "meeting"]) == 2
    assert run(["templates", "--print", "odd"]) == 2
