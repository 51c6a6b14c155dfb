"""Progress bars of long commands."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm


class TerminalProgress:
    """Progress bars on standard error."""

    def __init__(self) -> None:
        self._bar: Any = None

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step, with a bar of its own.

        Parameters
        ----------
        name : str
            What the step does.
        total : int, optional
            Its units, if that is known.
        """
        self.done()
        self._bar = tqdm(desc=name, total=total, file=sys.stderr, leave=False, dynamic_ncols=True)

    def advance(self, n: int = 1) -> None:
        """Move the bar.

        Parameters
        ----------
        n : int, default 1
            Units done.
        """
        if self._bar is not None:
            self._bar.update(n)

    def done(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
