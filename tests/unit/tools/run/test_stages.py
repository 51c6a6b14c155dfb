"""The run of all checks: which stages, in what order, and what it reports."""

from __future__ import annotations

import sys

import pytest

from tools.run import stages
from tools.run.stages import Stage

PARTS = ("lint", "unit", "contract", "browser", "docs")


def a_stage(name: str, program: str) -> Stage:
    return Stage(name, "lint", (sys.executable, "-c", program))


def test_every_part_has_a_stage() -> None:
    assert tuple(dict.fromkeys(stage.part for stage in stages.all_stages())) == PARTS


def test_the_folders_under_test_are_there() -> None:
    paths = [path for stage in stages.all_stages() for path in stage.command if "tests/" in path]
    assert sorted(paths) == ["tests/browser", "tests/contract", "tests/docs", "tests/unit"]
    assert [path for path in paths if not (stages.ROOT / path).is_dir()] == []


def test_arguments_after_the_parts_are_passed_on_unchanged() -> None:
    arguments = ["unit", "docs", "-k", "a  b", "--", "*"]
    assert stages.split_arguments(arguments, PARTS) == (
        ["unit", "docs"],
        ["-k", "a  b", "--", "*"],
    )


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(SystemExit, match="'units' is no part"):
        stages.split_arguments(["units"], PARTS)


def test_later_stages_run_after_a_failure_and_the_last_line_names_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    made = (a_stage("first", "raise SystemExit(3)"), a_stage("second", "print('second ran')"))
    monkeypatch.setattr(stages, "all_stages", lambda: made)
    monkeypatch.setattr(stages.signal, "signal", lambda *_: None)
    assert stages.main([]) == 1
    output = capfd.readouterr().out
    assert "second ran" in output
    assert output.splitlines()[-1].startswith("run test: FAILED first (1 of 2 stages passed")


def test_success_is_zero_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stages, "all_stages", lambda: (a_stage("only", "pass"),))
    monkeypatch.setattr(stages.signal, "signal", lambda *_: None)
    assert stages.main([]) == 0
    last = capfd.readouterr().out.splitlines()[-1]
    assert last.startswith("run test: all stages passed (1 of 1")
