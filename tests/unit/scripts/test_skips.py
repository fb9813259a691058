from collections import Counter
from pathlib import Path

import pytest

from scripts import skips

ELSEWHERE = "macOS" if skips.HERE != "macOS" else "Windows"
REPORT = """<testsuites><testsuite tests="5">
<testcase name="a"/>
<testcase name="b"><skipped type="pytest.skip" message="only on Elsewhere: file locks">x</skipped></testcase>
<testcase name="c"><skipped type="pytest.skip" message="only on Elsewhere: file locks">x</skipped></testcase>
<testcase name="d"><skipped type="pytest.skip" message="no microphone">x</skipped></testcase>
<testcase name="e"><skipped type="pytest.xfail" message=""/></testcase>
</testsuite></testsuites>""".replace("Elsewhere", ELSEWHERE)


def test_reasons_are_counted() -> None:
    assert skips.skips(REPORT) == {
        f"only on {ELSEWHERE}: file locks": 2,
        "no microphone": 1,
        "no reason given": 1,
    }


def test_only_what_no_pattern_allows_is_forbidden() -> None:
    assert skips.forbidden(skips.skips(REPORT)) == ["no microphone", "no reason given"]
    assert skips.forbidden(Counter({"needs an NVIDIA GPU": 3, f"only on {skips.HERE}": 1})) == [
        f"only on {skips.HERE}"
    ]


@pytest.mark.parametrize(("report", "status"), [(REPORT, 1), ("<testsuites/>", 0)])
def test_the_exit_status_tells(
    report: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.xml"
    path.write_text(report, encoding="utf-8")
    assert skips.main(path) == status
    assert ("1 × no microphone   <- could have run here" in capsys.readouterr().out) == bool(status)
