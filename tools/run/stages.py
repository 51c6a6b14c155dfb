"""Run the checks: format, lint, types, imports, docstrings and the tests, one stage each.

A failing stage does not keep the later ones from running.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tools.run.chromium import install_chromium

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-P", "-m")
DOCUMENTED = ("dashboard", "queries")  # packages whose docstrings are linted, examples run
SECONDS_TO_END = 20  # what an interrupted stage gets to stop its servers


@dataclass(frozen=True)
class Stage:
    """One command, and the part of ``./run test PART`` that it belongs to."""

    name: str
    part: str
    command: tuple[str, ...]
    needs_chromium: bool = False


def pytest_stage(part: str, *paths: str, needs_chromium: bool = False) -> Stage:
    """Return the stage that runs pytest on some folders of the checkout."""
    return Stage(part, part, (*PYTHON, "pytest", *paths), needs_chromium)


def all_stages() -> tuple[Stage, ...]:
    """Return every stage in the order it runs: the quick ones first."""
    import_linter = "from importlinter.cli import lint_imports_command as run; run()"
    return (
        Stage("format", "lint", (*PYTHON, "ruff", "format", "--check")),
        Stage("ruff", "lint", (*PYTHON, "ruff", "check")),
        Stage("types", "lint", (*PYTHON, "mypy")),
        Stage("imports", "lint", (sys.executable, "-P", "-c", import_linter, "--no-logo")),
        Stage("docstrings", "lint", (*PYTHON, "tools.run.docstrings", *DOCUMENTED)),
        pytest_stage("unit", *DOCUMENTED, "tests/unit"),
        pytest_stage("contract", "tests/contract"),
        pytest_stage("browser", "tests/browser", needs_chromium=True),
        pytest_stage("docs", "tests/docs"),
    )


def run_stage(stage: Stage, options: list[str]) -> int:
    """Run one stage and return its exit code; an interrupt ends the stage's own process too."""
    if stage.needs_chromium:
        try:
            install_chromium()
        except SystemExit as reason:
            print(reason, flush=True)
            return 1
    is_pytest = "pytest" in stage.command
    command = [*stage.command, *(options if is_pytest else [])]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL) as process:
        try:
            return process.wait()
        except BaseException:
            process.send_signal(signal.SIGINT)  # pytest then ends its servers; SIGTERM skips that
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


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
        stages = tuple(stage for stage in stages if "pytest" in stage.command) or stages
    signal.signal(signal.SIGTERM, end_on_signal)
    os.environ["PYTHONPATH"] = str(ROOT)
    results: dict[str, int] = {}
    started = time.monotonic()
    for stage in stages:
        print(f"\n=== {stage.name} ===", flush=True)
        began = time.monotonic()
        results[stage.name] = run_stage(stage, options)
        outcome = "passed" if results[stage.name] == 0 else f"FAILED ({results[stage.name]})"
        print(f"=== {stage.name}: {outcome} in {time.monotonic() - began:.1f} s ===", flush=True)
    print(f"\n{summary(results, time.monotonic() - started)}", flush=True)
    return 1 if any(results.values()) else 0
