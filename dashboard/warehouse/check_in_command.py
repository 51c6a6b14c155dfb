"""``check-in KEY_RESULT`` and ``check-ins``: what people say about key results, by command.

It must not print: it returns what is to be said, for machines and for people.
"""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import pandas as pd

from dashboard.check_ins import CheckInError, checked_check_in
from dashboard.config import Config
from dashboard.errors import ConfigError
from dashboard.framework import Framework, KeyResult
from dashboard.warehouse.check_ins import CheckIns, known_of, loaded_check_ins, one_list
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.reading import Warehouse
from dashboard.words import read_words

TYPED_OPTIONS: Final = ("value", "confidence", "analysis", "next_step", "by", "on")
"""Options that only a typed check-in has."""

Said = tuple[dict[str, Any], str]
"""The same for machines and for people."""


def is_typed(options: argparse.Namespace) -> bool:
    """Tell whether ``check-in`` names a key result, rather than a file.

    Parameters
    ----------
    options : argparse.Namespace
        Of the command.

    Returns
    -------
    bool
        True if any option of a typed check-in is given.
    """
    return any(getattr(options, name) is not None for name in TYPED_OPTIONS)


def check_in(options: argparse.Namespace, config: Config, now: datetime) -> Said:
    """Append a check-in to the log beside the warehouse.

    Parameters
    ----------
    options : argparse.Namespace
        ``file`` (the key result), and the options of ``TYPED_OPTIONS``.
    config : Config
        Names the warehouse, and says whether anything may be written.
    now : datetime
        The moment, UTC.

    Returns
    -------
    tuple of dict and str
        What was written.

    Raises
    ------
    ConfigError
        If the key result is unknown or something about the check-in is not accepted.
    LedgerError
        If nothing may or can be written.
    """
    if options.framework or options.replace:
        raise ConfigError(
            "--framework and --replace are for files of check-ins.",
            remedy="Leave them out: a check-in that is typed changes no generation.",
        )
    with _opened(config) as (warehouse, log):
        info = warehouse.info()
        framework = Framework.model_validate_json(info["framework"])
        result = _result(framework, str(options.file))
        typed = {name: getattr(options, name) for name in TYPED_OPTIONS}
        typed |= {"author": typed.pop("by"), "checked_in_on": typed.pop("on")}
        try:
            entry = checked_check_in(typed, result, now=now, scale="fraction")
        except CheckInError as error:
            raise ConfigError(_sentences(error)) from None
        today = date.fromisoformat(info["data_on"])
        known = known_of(warehouse, result, log.typed(), today)
        kept = log.write(result.id, entry, known, seen=None, request_id=uuid.uuid4().hex, at=now)
    said = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in kept.items()
        if name != "request_id"
    }
    return said, (
        f"Check-in {kept['number']} on {result.id} of {entry.checked_in_on} is written. "
        "It stays: a correction is another check-in."
    )


def check_ins(options: argparse.Namespace, config: Config) -> Said:
    """List check-ins, the newest first: those of files and those that were typed.

    Parameters
    ----------
    options : argparse.Namespace
        ``key_result`` or None for all; ``as_of`` or None for all that is known now.
    config : Config
        Names the warehouse.

    Returns
    -------
    tuple of dict and str
        The list.

    Raises
    ------
    ConfigError
        If the key result is unknown.
    LedgerError
        If the log is there and cannot be read.
    """
    with _opened(config) as (warehouse, log):
        framework = Framework.model_validate_json(warehouse.info()["framework"])
        loaded, night = loaded_check_ins(warehouse), None
        if options.as_of is not None:
            loaded = loaded[loaded["checked_in_on"] <= pd.Timestamp(options.as_of)]
            night = datetime.combine(options.as_of + timedelta(days=1), time())
        reports = one_list(loaded, log.typed(night), options.as_of)
    if options.key_result is not None:
        result = _result(framework, options.key_result)
        reports = reports[reports["key_result_id"] == result.id]
    reports = reports.iloc[::-1].sort_values("checked_in_on", ascending=False, kind="stable")
    rows = [
        {str(name): _plain(value) for name, value in row.items()}
        for row in reports.to_dict("records")
    ]
    return {"check_ins": rows}, "\n".join(_line(row) for row in rows) or "No check-ins."


@contextmanager
def _opened(config: Config) -> Iterator[tuple[Warehouse, CheckIns]]:
    warehouse = Warehouse(config.warehouse_url, deadline_seconds=60)
    ledger = Ledger(config.warehouse_url, is_writable=config.is_casework_writable)
    try:
        yield warehouse, CheckIns(ledger)
    finally:
        warehouse.close()
        ledger.close()


def _result(framework: Framework, name: str) -> KeyResult:
    for result in framework.key_results:
        if result.id == name:
            return result
    known = ", ".join(sorted(result.id for result in framework.key_results)) or "none"
    raise ConfigError(
        f"There is no key result {name[:60]!r}.",
        f"The framework declares {known}.",
        "Name one of them, or the file of check-ins without further options.",
    )


def _sentences(error: CheckInError) -> str:
    words = read_words("en")
    option = {"author": "--by", "checked_in_on": "--on"}
    return " ".join(
        f"{option.get(one.field, '--' + one.field.replace('_', '-'))}: {one.sentence(words)}"
        for one in error.problems
    )


def _line(row: dict[str, Any]) -> str:
    def written(value: float | None) -> str:
        return "-" if value is None else f"{value:g}"

    told = [row["analysis"] or "", f"Next: {row['next_step']}" if row["next_step"] else ""]
    text = ": ".join(part for part in (row["author"], " ".join(told).strip()) if part)
    return (
        f"{row['checked_in_on'][:10]}  {row['key_result_id']:<28} {written(row['value']):>10} "
        f"{written(row['confidence']):>6}  {text}"
    )


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        moment = value.to_pydatetime()
        return (moment.date() if moment.time() == time() else moment).isoformat()
    return value


__all__ = ["check_in", "check_ins", "is_typed"]
