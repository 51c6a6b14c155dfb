"""The run of all checks: which stages, in what order, and what it reports."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.run import stages
from tools.run.stages import Run, Stage

PARTS = ("lint", "unit", "contract", "docs", "browser")


def a_stage(name: str, program: str, batch: str = "one") -> Stage:
    return Stage(name, "lint", (sys.executable, "-c", program), batch)


def test_every_part_has_a_stage() -> None:
    assert tuple(dict.fromkeys(stage.part for stage in stages.all_stages())) == PARTS


def test_the_folders_under_test_are_there() -> None:
    words = [word for stage in stages.all_stages() for word in stage.command if "tests/" in word]
    left_out = {word.removeprefix("--ignore=") for word in words if word.startswith("--ignore=")}
    paths = {word for word in words if not word.startswith("--ignore=")}
    # What one stage leaves out another runs.
    assert left_out < paths
    assert sorted(paths - left_out) == [
        *("tests/browser", "tests/contract", "tests/docs", "tests/unit")
    ]
    assert [path for path in paths if not (stages.ROOT / path).is_dir()] == []


def test_a_stage_without_a_chosen_test_fails_only_if_no_stage_has_one() -> None:
    assert stages.of_those_that_ran({"contract": 0, "queries": stages.NO_TESTS}) == {"contract": 0}
    assert stages.of_those_that_ran({"contract": 1, "queries": stages.NO_TESTS}) == {"contract": 1}
    nothing = {"contract": stages.NO_TESTS, "queries": stages.NO_TESTS}
    assert stages.of_those_that_ran(nothing) == nothing


def test_arguments_after_the_parts_are_passed_on_unchanged() -> None:
    arguments = ["unit", "docs", "-k", "a  b", "--", "*"]
    assert stages.split_arguments(arguments, PARTS) == (
        ["unit", "docs"],
        ["-k", "a  b", "--", "*"],
    )


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(SystemExit, match="'units' is no part"):
        stages.split_arguments(["units"], PARTS)


@pytest.mark.parametrize("batch", ["one", "another"])
def test_later_stages_run_after_a_failure_and_the_last_line_names_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], batch: str
) -> None:
    made = (
        a_stage("first", "raise SystemExit(3)"),
        a_stage("second", "print('second ran')", batch),
    )
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


def test_stages_of_a_batch_run_side_by_side_and_write_one_after_the_other(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each waits for the other's file: one after the other they would never end."""
    program = """
import pathlib, time
mine, other = pathlib.Path({mine!r}), pathlib.Path({other!r})
print({name!r}, 1, flush=True)
mine.touch()
while not other.exists():
    time.sleep(0.01)
print({name!r}, 2, flush=True)
"""
    places = {name: str(tmp_path / name) for name in ("left", "right")}
    made = [
        a_stage(name, program.format(name=name, mine=places[name], other=places[other]))
        for name, other in (("left", "right"), ("right", "left"))
    ]
    assert stages.run_batch(made, []) == {"left": 0, "right": 0}
    lines = [line for line in capfd.readouterr().out.splitlines() if line[-2:] in (" 1", " 2")]
    assert sorted(lines) == ["left 1", "left 2", "right 1", "right 2"]
    assert lines[0].split()[0] == lines[1].split()[0]


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_IGN], ids=["heeded", "ignored"])
def sigint(request: pytest.FixtureRequest) -> Iterator[None]:
    """SIGINT as in the foreground, and as in the background of a shell, where it is ignored."""
    before = signal.signal(signal.SIGINT, request.param)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("sigint")
def test_an_interrupt_ends_every_stage_of_a_batch_and_shows_what_it_wrote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = """
import pathlib, time
print("said by {name}", flush=True)
pathlib.Path({mine!r}).touch()
time.sleep(60)
"""
    places = [tmp_path / name for name in "ab"]
    ended: list[Run] = []
    end, sleep = Run.end, stages.time.sleep

    def interrupt(seconds: float) -> None:
        if not ended and all(place.exists() for place in places):
            raise KeyboardInterrupt
        sleep(seconds)

    def note(run: Run) -> None:
        ended.append(run)
        end(run)

    monkeypatch.setattr(stages.time, "sleep", interrupt)
    monkeypatch.setattr(Run, "end", note)
    made = [
        a_stage(place.name, program.format(name=place.name, mine=str(place))) for place in places
    ]
    with pytest.raises(KeyboardInterrupt):
        stages.run_batch(made, [])
    assert [run.process.returncode for run in ended] == [-signal.SIGINT] * 2, "not by SIGKILL"
    output = capfd.readouterr().out
    assert "said by a" in output
    assert "said by b" in output
