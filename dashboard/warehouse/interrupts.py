"""Ctrl-C during a command: noticed even where a library swallows it, until the last step.

DuckDB, and Python's own callbacks, lose a ``KeyboardInterrupt`` that is raised while they are at
work. What was asked is therefore also remembered, and looked at between the steps.
"""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any, Self

from dashboard.warehouse.workshop import LAST_STEP, Progress


class Interrupts:
    """The interrupts of one command.

    As a context manager it handles SIGINT, unless whoever started the process has it ignored. It
    leaves with ``KeyboardInterrupt`` for any error after one was asked for: DuckDB tells of a
    Ctrl-C by errors of several kinds.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self._is_late = False
        self._former: Any = None

    def __enter__(self) -> Self:
        """Begin to handle the signal."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._former = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Handle it as before."""
        if self._former is not None:
            signal.signal(signal.SIGINT, self._former)
        if isinstance(error, Exception):
            self.check()

    def check(self) -> None:
        """Stop the command if that was asked for.

        Raises
        ------
        KeyboardInterrupt
            If it was.
        """
        if self.is_asked:
            raise KeyboardInterrupt

    def end(self) -> None:
        """From now on it is too late to ask."""
        self._is_late = True

    def _note(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 -- of signal
        if self._is_late:
            return
        self.is_asked = True
        raise KeyboardInterrupt


class Interruptible:
    """Progress that stops the command, between its steps, if an interrupt came."""

    def __init__(self, progress: Progress, interrupts: Interrupts) -> None:
        self._progress = progress
        self._interrupts = interrupts

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step; the last one can no longer be interrupted.

        Parameters
        ----------
        name : str
            What the step does.
        total : int, optional
            Its units, if that is known.

        Raises
        ------
        KeyboardInterrupt
            If an interrupt came before.
        """
        if name == LAST_STEP:
            self._interrupts.end()
        self._interrupts.check()
        self._progress.step(name, total)

    def advance(self, n: int = 1) -> None:
        """Tell that some more of the step is done.

        Parameters
        ----------
        n : int, default 1
            Units.
        """
        self._progress.advance(n)

    def done(self) -> None:
        """Tell that the step is done."""
        self._progress.done()
