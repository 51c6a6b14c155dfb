"""Dispatch of ``python -m tools.run COMMAND``; the work is in the other modules here."""

from __future__ import annotations

import sys

from tools.run import chromium, serve, stages

COMMANDS = {"serve": serve.main, "test": stages.main, "chromium": chromium.main}
INTERRUPTED = 130  # what shells report of a program that Ctrl-C ended


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    name, *rest = arguments or [""]
    if name not in COMMANDS:
        print(f"tools.run: {name!r} is not one of {', '.join(sorted(COMMANDS))}.", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name](rest)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
