"""Puts submissions and rows into a blank workshop by hand, and runs one rule on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dashboard.warehouse import rules
from tests.support.trade_files import Bench

MONTHS = [year * 100 + month for year in (2021, 2022, 2023) for month in range(1, 13)]


class Filler:
    """Puts submissions and rows into a blank workshop by hand."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.last = 0

    def submission(
        self,
        period: int,
        *,
        reporter: int = 516,
        collection: str = "monthly",
        revision: int = 0,
        received: str | None = None,
    ) -> int:
        """Add a submission and return its number."""
        self.last += 1
        self.bench.connection.execute(
            "insert into fct_submission values (?, ?, ?, ?, ?, ?, 'unknown', null, ?, null, "
            "'file', true, true, 0, 0, 'x', 'comtrade_current', 1)",
            [
                *(self.last, reporter, collection, period, revision),
                received and datetime.fromisoformat(received),
                datetime.fromisoformat(received or "2024-01-01"),
            ],
        )
        return self.last

    def trade(
        self,
        submission: int,
        value: float,
        *,
        flow: str = "M",
        partner: int = 710,
        commodity: str = "030354",
        mass: float | None = 10.0,
        quantity: float | None = None,
        unit: str | None = None,
        edition: str | None = "H6",
        is_estimated: bool = False,
    ) -> None:
        """Add a trade row."""
        reporter, period = self.bench.rows(
            "select reporter_id, period_id from fct_submission where submission_id = ?", submission
        )[0]
        self.bench.connection.execute(
            "insert into fct_trade values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(submission, reporter, partner, period, flow, commodity, len(commodity), edition),
                *(value, mass, quantity, unit, is_estimated),
            ],
        )

    def control(
        self,
        submission: int,
        value: float,
        kind: str,
        *,
        flow: str = "M",
        partner: int = 710,
        commodity: str = "030354",
    ) -> None:
        """Add a control total."""
        reporter, period = self.bench.rows(
            "select reporter_id, period_id from fct_submission where submission_id = ?", submission
        )[0]
        self.bench.connection.execute(
            "insert into fct_control_total values (?, ?, ?, ?, ?, ?, ?, ?, null)",
            [submission, reporter, partner, period, flow, commodity, kind, value],
        )

    def series(self, values: Sequence[float], **row: Any) -> list[int]:
        """Add a submission per month, each with one row."""
        numbers = []
        for period, value in zip(MONTHS, values, strict=False):
            number = self.submission(period)
            self.trade(number, value, **row)
            numbers.append(number)
        return numbers

    def check(self, rule: str, *submissions: int) -> list[tuple[int, int, int]]:
        """Run one rule; return submissions, rows checked and rows failed."""
        alone = [one for one in self.bench.framework.rules if one.id == rule]
        framework = self.bench.framework.model_copy(update={"rules": alone})
        listed = ", ".join(map(str, submissions or range(1, self.last + 1)))
        rules.run_checks(
            self.bench.connection,
            framework,
            f"select submission_id from fct_submission where submission_id in ({listed})",
        )
        return self.bench.rows(
            "select submission_id, rows_checked, rows_failed from fct_check where rule_id = ? "
            "order by 1",
            rule,
        )

    def found(self, rule: str, columns: str) -> list[tuple[Any, ...]]:
        """Return the findings of a rule."""
        return self.bench.rows(
            f"select {columns} from fct_finding where rule_id = ? order by finding_id", rule
        )
