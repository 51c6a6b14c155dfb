"""Run the checks: format, lint, types, imports, docstrings and the tests, one stage each.

Stages of one batch run side by side, so that a second core does not idle; the browser has the
machine to itself. A failing stage does not keep the later ones from running.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from tools.run.chromium import install_chromium

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-P", "-m")
DOCUMENTED = ("dashboard", "queries")  # packages whose docstrings are linted, examples run
QUERIES = "tests/contract/queries"
NO_TESTS = 5  # pytest's exit code where its options leave none
SECONDS_TO_END = 20  # what an interrupted stage gets to stop its servers
SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True)
class Stage:
    """One command, and the part of ``./run test PART`` that it belongs to.

    Stages that follow one another and share a ``batch`` run side by side.
    """

    name: str
    part: str
    command: tuple[str, ...]
    batch: str
    needs_chromium: bool = False

    @property
    def is_pytest(self) -> bool:
        """Whether pytest's options are for it."""
        return "pytest" in self.command


def lint_stage(name: str, *command: str) -> Stage:
    """Return a stage of the part ``lint``."""
    return Stage(name, "lint", command, "lint")


def pytest_stage(
    part: str, *paths: str, batch: str, name: str = "", needs_chromium: bool = False
) -> Stage:
    """Return the stage that runs pytest on some folders of the checkout."""
    return Stage(name or part, part, (*PYTHON, "pytest", *paths), batch, needs_chromium)


def all_stages() -> tuple[Stage, ...]:
    """Return every stage in the order it runs: the quick ones first."""
    import_linter = "from importlinter.cli import lint_imports_command as run; run()"
    return (
        lint_stage("format", *PYTHON, "ruff", "format", "--check"),
        lint_stage("ruff", *PYTHON, "ruff", "check"),
        lint_stage("types", *PYTHON, "mypy"),
        lint_stage("imports", sys.executable, "-P", "-c", import_linter, "--no-logo"),
        lint_stage("docstrings", *PYTHON, "tools.run.docstrings", *DOCUMENTED),
        pytest_stage("unit", *DOCUMENTED, "tests/unit", batch="tests"),
        # Two of about the length of the unit tests: no core idles for long.
        pytest_stage("contract", "tests/contract", f"--ignore={QUERIES}", batch="tests"),
        pytest_stage("contract", QUERIES, batch="tests", name="queries"),
        pytest_stage("docs", "tests/docs", batch="tests"),
        pytest_stage("browser", "tests/browser", batch="browser", needs_chromium=True),
    )


def heed_interrupts() -> None:
    """Let a stage end at SIGINT: a shell has what it starts in the background ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Run:
    """A stage that is running; with ``is_alone`` it writes as it goes, else when it has ended."""

    def __init__(self, stage: Stage, options: list[str], *, is_alone: bool) -> None:
        self.name = stage.name
        self._output: IO[bytes] | None = None
        if not is_alone:
            self._output = tempfile.TemporaryFile()  # noqa: SIM115 -- `show` closes it
        self._began = time.monotonic()
        self.process = subprocess.Popen(
            [*stage.command, *(options if stage.is_pytest else [])],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=None if is_alone else subprocess.STDOUT,
            preexec_fn=heed_interrupts,  # noqa: PLW1509 -- it takes no lock that a thread may hold
        )

    def end(self) -> None:
        """End a stage that is still running, and wait until it has stopped its servers."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # pytest then ends its servers, not at SIGTERM
            try:
                self.process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.show()

    def show(self) -> None:
        """Write what the stage wrote, once."""
        if self._output is not None:
            print(f"\n=== {self.name} ===", flush=True)
            self._output.seek(0)
            sys.stdout.buffer.write(self._output.read())
            self._output.close()
            self._output = None

    def close(self) -> int:
        """Tell how a stage that has ended came out, and return its exit code."""
        self.show()
        code = self.process.wait()
        outcome = {0: "passed", NO_TESTS: "no test chosen"}.get(code, f"FAILED ({code})")
        seconds = time.monotonic() - self._began
        print(f"=== {self.name}: {outcome} in {seconds:.1f} s ===", flush=True)
        return code


def run_batch(stages: Sequence[Stage], options: list[str]) -> dict[str, int]:
    """Run stages side by side and return their exit codes; an interrupt ends them all.

    A single one writes as it goes; of several, each writes all of it when it ends.
    """
    results: dict[str, int] = {}
    runs: list[Run] = []
    names = ", ".join(stage.name for stage in stages)
    print(f"\n=== {names}{': side by side' if len(stages) > 1 else ''} ===", flush=True)
    with ExitStack() as held:
        for stage in stages:
            if stage.needs_chromium:
                try:
                    install_chromium()
                except SystemExit as reason:
                    print(reason, flush=True)
                    results[stage.name] = 1
                    continue
            runs.append(Run(stage, options, is_alone=len(stages) == 1))
            held.callback(runs[-1].end)
        while runs:
            for run in [run for run in runs if run.process.poll() is not None]:
                runs.remove(run)
                results[run.name] = run.close()
            time.sleep(SECONDS_BETWEEN_LOOKS)
    return results


def of_those_that_ran(results: dict[str, int]) -> dict[str, int]:
    """Leave out the stages that have none of the tests that pytest's options choose.

    Where no stage has any, all of them failed.

    Examples
    --------
    >>> of_those_that_ran({"contract": 5, "queries": 0}), of_those_that_ran({"unit": 5})
    ({'queries': 0}, {'unit': 5})
    """
    return {name: code for name, code in results.items() if code != NO_TESTS} or results


def summary(results: dict[str, int], seconds: float) -> str:
    """Return the last line of a run.

    Examples
    --------
    >>> summary({"format": 0, "types": 1}, 12.3)
    'run test: FAILED types (1 of 2 stages passed, 12 s)'
    """
    failed = [name for name, code in results.items() if code != 0]
    if failed:
        count = f"{len(results) - len(failed)} of {len(results)}"
        return f"run test: FAILED {', '.join(failed)} ({count} stages passed, {seconds:.0f} s)"
    return f"run test: all stages passed ({len(results)} of {len(results)}, {seconds:.0f} s)"


def split_arguments(arguments: list[str], parts: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Split the arguments into the leading part names and pytest's options."""
    count = 0
    while count < len(arguments) and not arguments[count].startswith("-"):
        count += 1
    chosen = arguments[:count]
    if unknown := sorted(set(chosen) - set(parts)):
        raise SystemExit(
            f"run test: {unknown[0]!r} is no part; accepted are {', '.join(sorted(parts))}."
        )
    return chosen, arguments[count:]


def end_on_signal(number: int, _frame: FrameType | None) -> None:
    """Turn a request to end into an exception, so that the running stage is ended as well."""
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Run the chosen stages, or all, and return 0 if every one passed."""
    stages = all_stages()
    chosen, options = split_arguments(arguments, tuple(dict.fromkeys(s.part for s in stages)))
    stages = tuple(stage for stage in stages if not chosen or stage.part in chosen)
    if options:  # they are pytest's: the other tools would not know them
        stages = tuple(stage for stage in stages if stage.is_pytest) or stages
    signal.signal(signal.SIGTERM, end_on_signal)
    os.environ["PYTHONPATH"] = str(ROOT)
    results: dict[str, int] = {}
    started = time.monotonic()
    for _, batch in itertools.groupby(stages, lambda stage: stage.batch):
        results |= run_batch(tuple(batch), options)
    if options:
        results = of_those_that_ran(results)
    print(f"\n{summary(results, time.monotonic() - started)}", flush=True)
    return 1 if any(results.values()) else 0
