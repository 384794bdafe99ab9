from pathlib import Path

from scripts.run_tests import Count

REPORT = '<testsuites><testsuite tests="10" failures="2" errors="1" skipped="3"/></testsuites>'


def test_a_report_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert Count.read(report) == Count(passed=4, failed=3, skipped=3)


def test_a_group_that_died_counts_as_a_failure(tmp_path: Path) -> None:
    assert Count.read(tmp_path / "never-written.xml") == Count(failed=1)


def test_groups_add_up_to_one_line() -> None:
    assert str(Count(passed=4, failed=1) + Count(passed=5)) == "9 passed, 1 failed"


def test_skipped_tests_are_said_aloud() -> None:
    assert str(Count(passed=4, skipped=2)) == "4 passed, 0 failed, 2 skipped"
