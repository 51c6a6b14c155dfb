"""The arguments of the warehouse's command line, and its exit codes.

It must not do what the arguments ask for; that is `cli`.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NoReturn

from dashboard.warehouse.submitting import BOUNDS, CHANNELS

OK: Final = 0
FOUND: Final = 1
"""``check`` found errors, or ``verify`` found the generation not whole."""

USAGE: Final = 2
REFUSED: Final = 3
"""A file was refused whole; other files of the same ``load`` are in all the same."""

TROUBLE: Final = 4
"""The warehouse could not be opened, read, written or published."""

INTERRUPTED: Final = 130

PROGRAM: Final = "python -m dashboard.warehouse"

EXAMPLES: Final = """\
examples:
  {prog} sample --scale standard
  {prog} create --framework examples/comtrade/framework.toml
  {prog} check trade_2023.csv
  {prog} load trade_2022.csv.gz trade_2023.parquet --received-at 2024-02-15
  {prog} log receipts.csv
  {prog} status --json

The warehouse is the one that WAREHOUSE_URL names, by default data/warehouse.duckdb.
Exit codes: 0 done; 1 check found errors, or verify found damage; 2 wrong usage, setting or
framework; 3 a file was refused whole; 4 trouble with the warehouse; 130 interrupted.
"""


class Parser(argparse.ArgumentParser):
    """Ends with ``USAGE``, and tells where to read on."""

    def error(self, message: str) -> NoReturn:
        """Leave with a message.

        Parameters
        ----------
        message : str
            What is wrong with the arguments.

        Raises
        ------
        SystemExit
            With ``USAGE``.
        """
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}. See {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands.

    Returns
    -------
    argparse.ArgumentParser
        Leaves with ``USAGE`` on wrong arguments.
    """
    top = Parser(
        prog=PROGRAM,
        description="Loads submitted data into the central warehouse and tells what it holds.",
        epilog=EXAMPLES.format(prog=PROGRAM),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, about: str, example: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=about,
            description=about[0].upper() + about[1:] + ".",
            epilog=f"example:\n  {PROGRAM} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.add_argument("--json", action="store_true", help="print JSON for machines")
        return made

    create = command("create", "make an empty warehouse", "create --framework framework.toml")
    _add_framework(create)
    _add_replace(create, "a warehouse that is there")

    for name, about, example in (
        (
            "load",
            "load trade files and publish them as one generation",
            "load 2022.csv.gz 2023.parquet --collection trade_monthly --received-at 2024-02-15",
        ),
        ("check", "report as load does, and publish nothing", "check 2023.csv"),
    ):
        made = command(name, about, example)
        made.add_argument("files", nargs="+", type=Path, metavar="FILE")
        made.add_argument(
            "--collection", metavar="ID", help="the files' collection; found by itself otherwise"
        )
        made.add_argument(
            "--received-at",
            type=_moment,
            metavar="DATE",
            help="when the files came in; by default the receipt log's day, else unknown",
        )
        made.add_argument(
            "--bound",
            choices=BOUNDS,
            default="exact",
            help="upper: received by that day, perhaps earlier",
        )
        made.add_argument("--channel", choices=CHANNELS, default="file", help="how they came")
        made.add_argument(
            "--again", action="store_true", help="read a file even if it was loaded before"
        )
        made.add_argument(
            "--examples", type=int, default=3, metavar="N", help="examples shown of each rule"
        )
        _add_framework(made)
        if name == "load":
            _add_replace(made, "the sample, if that is what is there")

    for name, about in (
        ("log", "load a receipt log: member, collection, period, received_at"),
        ("indicators", "load external scores: member, year, indicator, value, source"),
        ("activity", "load acts of the strategy: tactic, kind, happened_on, ..."),
    ):
        made = command(name, about, f"{name} FILE.csv")
        made.add_argument("file", type=Path, metavar="FILE")
        _add_framework(made)
        _add_replace(made, "the sample, if that is what is there")

    _add_check_in(
        command(
            "check-in",
            "load progress reports from a file, or write one about a key result",
            "check-in check_ins.csv\n"
            f"  {PROGRAM} check-in tool_users --value 210 --confidence 0.7 "
            "--analysis 'Two regions joined' --next-step 'Train the third' --by 'A. Nelago'",
        )
    )
    made = command(
        "check-ins", "list check-ins, the newest first", "check-ins tool_users --as-of 2024-06-30"
    )
    made.add_argument("key_result", nargs="?", metavar="KEY_RESULT")
    made.add_argument("--as-of", type=_day, metavar="DATE", help="only what was known on that day")

    command("status", "tell what the warehouse holds", "status --json")
    sample = command(
        "sample", "build the synthetic sample warehouse", "sample --scale small --seed 7"
    )
    sample.add_argument("--scale", choices=("small", "standard", "large"), default="standard")
    sample.add_argument("--seed", type=int, help="draw another sample")
    sample.add_argument("--today", type=_day, metavar="DATE", help="the sample's last day")
    _add_framework(sample)
    _add_replace(sample, "a warehouse of real data")
    command("verify", "read every row of the current generation and compare", "verify")
    return top


def _add_check_in(made: argparse.ArgumentParser) -> None:
    """Take either a file, or a key result and what is said about it, as it was typed."""
    made.add_argument("file", type=Path, metavar="FILE|KEY_RESULT")
    for option, metavar, about in (
        (
            "--value",
            "NUMBER",
            "only of a key result that its owner reports; a share as 0.7 or 70%%",
        ),
        ("--confidence", "SHARE", "how sure it is that the target will be met, 0 to 1"),
        ("--analysis", "TEXT", "what happened"),
        ("--next-step", "TEXT", "what comes next"),
        ("--by", "NAME", "who says so"),
        ("--on", "DATE", "the day it is about; today by default"),
    ):
        made.add_argument(option, metavar=metavar, help=about)
    _add_framework(made)
    _add_replace(made, "the sample, if that is what is there")


def _add_framework(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--framework",
        type=Path,
        metavar="FILE",
        help="framework file; by default the warehouse's own, else the one that ships",
    )


def _add_replace(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--replace", action="store_true", help=f"replace {what}, all of it")


def _moment(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no date such as 2024-08-27 or 2024-08-27T09:30:00Z"
        ) from None
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo is not None else value


def _day(text: str) -> date:
    return _moment(text).date()
