"""The arguments of the record's command line.

It must not do what they ask for; that is `command`.
"""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Final

from dashboard.recognition import KINDS
from dashboard.warehouse.arguments import Parser

PROGRAM: Final = "python -m callbacks.scores"

EXAMPLES: Final = """\
examples:
  {prog} publish --by "Ann Lee"
  {prog} override KEN --tier silver --reason "We lost two files" --by "Ann Lee" --seconded "B. Roe"
  {prog} withdraw 4 --reason "The files were found" --by "Ann Lee" --seconded "B. Roe"
  {prog} compare --framework proposed.toml
  {prog} certify --out certificates --by "Ann Lee"
  {prog} verify

The warehouse is the one that WAREHOUSE_URL names, by default data/warehouse.duckdb.
Exit codes: 0 done; 1 verify found something; 2 wrong usage or refused; 4 trouble with
the warehouse.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands.

    Returns
    -------
    argparse.ArgumentParser
        Leaves with ``USAGE`` on wrong arguments.
    """
    top = Parser(
        prog=PROGRAM,
        description="Keeps the record of scores: what was published, overridden and recognised.",
        epilog=EXAMPLES.format(prog=PROGRAM),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        made.add_argument("--json", action="store_true", help="print the result as JSON")
        return made

    publish = command("publish", "compute the official ranking and keep it as a scoring run")
    _add_range(publish)
    publish.add_argument("--by", required=True, metavar="NAME", help="who publishes")
    publish.add_argument(
        "--again", action="store_true", help="keep it even if nothing changed since the last run"
    )

    override = command("override", "give a member a tier or score of the last run by decision")
    override.add_argument("member", metavar="MEMBER", help="such as KEN")
    given = override.add_mutually_exclusive_group(required=True)
    given.add_argument("--tier", metavar="TIER")
    given.add_argument("--score", type=float, metavar="0-100")
    _add_grounds(override)
    withdraw = command("withdraw", "withdraw an override")
    withdraw.add_argument("number", type=int, metavar="NUMBER", help="of the override")
    _add_grounds(withdraw)

    compare = command("compare", "tell what another framework would change; writes nothing")
    compare.add_argument("--framework", type=Path, required=True, metavar="FILE")
    compare.add_argument(
        "--most", type=int, default=20, metavar="N", help="members shown of those that move"
    )
    _add_range(compare)

    certify = command("certify", "make the certificates of a run, and keep what was given")
    certify.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    certify.add_argument("--run", type=int, metavar="NUMBER", help="by default the last run")
    certify.add_argument("--award", choices=KINDS, action="append", help="by default all")
    certify.add_argument("--member", action="append", metavar="MEMBER", help="by default all")
    certify.add_argument("--by", required=True, metavar="NAME", help="who gives them")

    command("list", "list the entries of the record")
    verify = command("verify", "prove the record, computing every run again that still can be")
    verify.add_argument(
        "--holds", metavar="HASH", help="a hash noted elsewhere, which the record must contain"
    )
    return top


def _add_grounds(made: argparse.ArgumentParser) -> None:
    made.add_argument("--reason", required=True)
    made.add_argument("--by", required=True, metavar="NAME")
    made.add_argument("--seconded", required=True, metavar="NAME", help="somebody else")


def _add_range(made: argparse.ArgumentParser) -> None:
    made.add_argument("--first", type=_month, metavar="MONTH", help="such as 2025-01")
    made.add_argument("--last", type=_month, metavar="MONTH")
    made.add_argument("--as-of", type=_day, metavar="DATE", help="what was known by then")


def _month(text: str) -> str:
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no month such as 2025-01")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2025-01-31") from None
