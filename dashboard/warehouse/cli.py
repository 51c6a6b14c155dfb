"""The command line of the warehouse: load, check, log, publish, tell.

It only parses, calls and reports; what a command does is in the module that it
calls. Exit codes are in `arguments`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any, Final

import duckdb
from sqlalchemy import make_url

from dashboard.config import Config
from dashboard.errors import ConfigError, DashboardError, DataContractError, WarehouseError
from dashboard.framework import Framework, read_framework
from dashboard.warehouse import check_in_command, dimensions, receipts, records, schema, workshop
from dashboard.warehouse.arguments import (
    FOUND,
    INTERRUPTED,
    OK,
    PROGRAM,
    REFUSED,
    TROUBLE,
    USAGE,
    parser,
)
from dashboard.warehouse.describing import as_text, describe
from dashboard.warehouse.finishing import finish
from dashboard.warehouse.interrupts import Interruptible, Interrupts
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.loading import load_files, utc_now
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.report import LoadReport
from dashboard.warehouse.score_log import ScoreLog
from dashboard.warehouse.submitting import Receipt
from dashboard.warehouse.terminal import TerminalProgress
from dashboard.warehouse.verifying import verify
from dashboard.warehouse.verifying_scores import verify_entries
from dashboard.warehouse.workshop import Progress, Silent, Workshop


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program's name; by default that of the process.

    Returns
    -------
    int
        The exit code.
    """
    options = parser().parse_args(arguments)
    try:
        with Interrupts() as options.interrupts:
            return int(_COMMANDS[options.command](options))
    except KeyboardInterrupt:
        _say(options, {"error": "interrupted"}, "Interrupted; the warehouse is as it was.")
        return INTERRUPTED
    except DataContractError as error:
        _fail(options, error)
        return REFUSED
    except ConfigError as error:
        _fail(options, error)
        return USAGE
    except DashboardError as error:
        _fail(options, error)
        return TROUBLE
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        _fail(
            options,
            WarehouseError(
                f"The machine gave out: {error}.",
                remedy="Make room on the disk or in memory and start again; the warehouse is as "
                "it was.",
            ),
        )
        return TROUBLE


def _create(options: argparse.Namespace) -> int:
    url = _url()
    framework = _framework(options) or read_framework()[0]
    shop = workshop.begin(url)
    try:
        if shop.base_version is not None and not options.replace:
            raise WarehouseError(
                f"There is a warehouse at {_shown(url)} already.",
                remedy="Name another place in WAREHOUSE_URL, or give --replace.",
            )
        _empty(shop, framework)
        version = _publish(shop, url, is_synthetic=False, progress=_progress(options))
    finally:
        workshop.discard(shop)
    _say(
        options,
        {"version": version, "warehouse": _shown(url)},
        f"Made an empty warehouse at {_shown(url)}, version {version}.",
    )
    return OK


def _load(options: argparse.Namespace) -> int:
    receipt = Receipt(options.received_at, options.bound, options.channel)
    now = utc_now()
    if options.received_at is not None and options.received_at > now:
        raise ConfigError(
            f"--received-at {options.received_at} lies in the future.",
            remedy="Give the day on which the files came in.",
        )
    progress = _progress(options)
    is_check = options.command == "check"

    def fill(shop: Workshop) -> LoadReport:
        return load_files(
            shop,
            options.files,
            collection_id=options.collection,
            receipt=receipt,
            loaded_at=now,
            is_again=options.again or is_check,
            progress=progress,
        )

    report = _change(options, fill, progress, is_check=is_check)
    _say(options, report.as_dict(), report.as_text(examples=options.examples))
    if report.has_refusals:
        return REFUSED
    return FOUND if is_check and report.has_errors else OK


def _load_records(options: argparse.Namespace) -> int:
    load: Callable[..., LoadReport] = {
        "log": receipts.load_log,
        "indicators": records.load_indicators,
        "activity": records.load_activity,
        "check-in": records.load_check_ins,
    }[options.command]
    now = utc_now()
    report = _change(
        options, lambda shop: load(shop, options.file, loaded_at=now), _progress(options)
    )
    _say(options, report.as_dict(), report.as_text())
    return OK


def _check_in(options: argparse.Namespace) -> int:
    if not check_in_command.is_typed(options):
        return _load_records(options)
    config = Config.from_environment(os.environ)
    _say(options, *check_in_command.check_in(options, config, utc_now()))
    return OK


def _check_ins(options: argparse.Namespace) -> int:
    config = Config.from_environment(os.environ)
    _say(options, *check_in_command.check_ins(options, config))
    return OK


def _change(
    options: argparse.Namespace,
    fill: Callable[[Workshop], LoadReport],
    progress: Progress,
    *,
    is_check: bool = False,
) -> LoadReport:
    """Change a copy of the warehouse and publish it, unless only checking or nothing changed."""
    url = _url()
    framework = _framework(options)
    is_replacing = getattr(options, "replace", False)
    shop = workshop.begin(url, None if is_replacing else framework)
    try:
        if is_replacing:
            _empty(shop, framework or read_framework()[0])
        elif _is_synthetic(shop) and not is_check:
            raise WarehouseError(
                f"The warehouse at {_shown(url)} is the synthetic sample.",
                "Real data and the sample are never mixed.",
                "Name another place in WAREHOUSE_URL, or give --replace to do away with the "
                "sample.",
            )
        report = fill(shop)
        if is_check or not report.has_changes:
            return report
        return replace(report, version=_publish(shop, url, is_synthetic=False, progress=progress))
    finally:
        workshop.discard(shop)


def _sample(options: argparse.Namespace) -> int:
    from dashboard.warehouse.sample import build_sample  # costs a second that others should not pay

    url = _url()
    framework = _framework(options) or read_framework()[0]
    today = options.today or utc_now().date()
    progress = _progress(options)
    shop = workshop.begin(url)
    try:
        if shop.base_version is not None and not _is_synthetic(shop) and not options.replace:
            raise WarehouseError(
                f"The warehouse at {_shown(url)} holds real data.",
                "The sample never takes its place by accident.",
                "Name another place in WAREHOUSE_URL, or give --replace.",
            )
        _empty(shop, framework)
        seed = {} if options.seed is None else {"seed": options.seed}
        build_sample(shop, scale=options.scale, today=today, progress=progress, **seed)
        version = _publish(shop, url, is_synthetic=True, data_on=today, progress=progress)
    finally:
        workshop.discard(shop)
    _say(
        options,
        {"version": version, "warehouse": _shown(url), "is_synthetic": True},
        f"Built the {options.scale} sample at {_shown(url)}, version {version}. "
        "All of it is synthetic.",
    )
    return OK


def _status(options: argparse.Namespace) -> int:
    url = _url()
    warehouse = Warehouse(url, deadline_seconds=60)
    try:
        status = describe(warehouse, _shown(url))
    finally:
        warehouse.close()
    _say(options, status, as_text(status))
    return OK


def _verify(options: argparse.Namespace) -> int:
    url = _url()
    report = verify(url)
    ledger = Ledger(url)
    try:
        entries = ScoreLog(ledger).entries()
    finally:
        ledger.close()
    findings = verify_entries(entries)
    rows = sum(report.row_counts.values())
    lines = [f"Read {rows:,} rows of version {report.version}: "]
    lines[0] += "whole." if report.is_ok else f"{len(report.problems)} problems."
    lines += [f"  {problem.table}: {problem.what}" for problem in report.problems]
    if entries:
        said = f"{len(findings)} findings." if findings else "as written."
        lines.append(f"Read {len(entries)} entries of the record of scores: {said}")
    lines += [f"  entry {one.number}, {one.place}: {one.what}" for one in findings]
    _say(
        options,
        {
            "version": report.version,
            "is_ok": report.is_ok and not findings,
            "record_entries": len(entries),
            "record_findings": [asdict(one) for one in findings],
            "row_counts": dict(report.row_counts),
            "problems": [asdict(problem) for problem in report.problems],
        },
        "\n".join(lines),
    )
    return OK if report.is_ok and not findings else FOUND


def _publish(
    shop: Workshop,
    url: str,
    *,
    is_synthetic: bool,
    progress: Progress,
    data_on: date | None = None,
) -> str:
    finish(shop, built_at=utc_now(), data_on=data_on, is_synthetic=is_synthetic, progress=progress)
    return publish(shop, url, progress=progress)


def _empty(shop: Workshop, framework: Framework) -> None:
    """Take everything out of a workshop and give it a framework."""
    for table in schema.metadata.sorted_tables:
        shop.connection.execute(f"truncate {table.name}")
    shop.framework = framework
    dimensions.fill(shop.connection, framework)


def _is_synthetic(shop: Workshop) -> bool:
    row = shop.connection.execute(
        "select value from warehouse_info where name = 'is_synthetic'"
    ).fetchone()
    return row is not None and row[0] == "true"


def _url() -> str:
    return Config.from_environment(os.environ).warehouse_url


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _framework(options: argparse.Namespace) -> Framework | None:
    return read_framework(options.framework)[0] if options.framework else None


def _progress(options: argparse.Namespace) -> Progress:
    shown = TerminalProgress() if sys.stderr.isatty() and not options.json else Silent()
    return Interruptible(shown, options.interrupts)


def _say(options: argparse.Namespace, machine: Mapping[str, Any], human: str) -> None:
    text = json.dumps(machine, indent=2, ensure_ascii=False, default=str) if options.json else human
    sys.stdout.write(text + "\n")


def _fail(options: argparse.Namespace, error: DashboardError) -> None:
    if options.json:
        found = {"error": error.found, "accepted": error.accepted, "remedy": error.remedy}
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{PROGRAM}: {error}\n")


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "create": _create,
    "load": _load,
    "check": _load,
    "log": _load_records,
    "indicators": _load_records,
    "activity": _load_records,
    "check-in": _check_in,
    "check-ins": _check_ins,
    "status": _status,
    "sample": _sample,
    "verify": _verify,
}
