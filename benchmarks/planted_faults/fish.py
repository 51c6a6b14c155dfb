"""Faults of rows and series, planted into two years of monthly trade in fish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchmarks.planted_faults.planting import ANY, Bed, Scope, scopes_of
from dashboard import reference

REPORTERS: Final = (724, 380, 124, 620, 826, 842, 579, 208, 752, 152, 352, 516, 710, 616)
"""Spain, Italy, Canada, Portugal, United Kingdom, United States, Norway, Denmark, Sweden, Chile,
Iceland, Namibia, South Africa, Poland: large and middling, and partners of each other."""

YEARS: Final = (2022, 2023)
COLUMNS: Final = (
    *("freq_code", "period", "reporter_code", "reporter_iso", "reporter_desc", "flow_code"),
    *("flow_desc", "partner_code", "partner_iso", "partner_desc", "partner2code"),
    *("classification_code", "cmd_code", "customs_code", "mos_code", "mot_code", "qty_unit_abbr"),
    *("qty", "is_qty_estimated", "net_wgt", "is_net_wgt_estimated", "primary_value"),
    "legacy_estimation_flag",
)
"""Those that the loader reads."""

FLOWS: Final = ("M", "X")
KEY: Final = ["reporter_code", "period", "flow_code", "partner_code", "cmd_code"]
LATER: Final = 12
"""Months of history that a place needs before it."""


def read_rows(folder: Path, reporters: Sequence[int] = REPORTERS) -> pd.DataFrame:
    """Return the rows of some reporters as texts, as a CSV file holds them.

    Parameters
    ----------
    folder : Path
        The folder of the published files.
    reporters : sequence of int
        Codes of the reporters.

    Returns
    -------
    DataFrame
        Texts in the columns that the loader reads, empty where missing.
    """
    rows = pd.concat(
        [
            pd.read_parquet(
                folder / f"comtrade_monthly_hs6_fish_{year}.parquet",
                columns=list(COLUMNS),
                filters=[("reporter_code", "in", list(reporters))],
            )
            for year in YEARS
        ],
        ignore_index=True,
    )
    texts = rows.astype(object).where(rows.notna(), "").astype(str)
    texts["primary_value"] = rows["primary_value"].map("{:.3f}".format)
    return texts


GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "months": ("missing_period", "copied_period", "sudden_drop", "missing_chapter"),
    "levels": (
        *("scale_slip", "mirror_slip", "mirror_gap", "unreported_partner", "missing_partner"),
        "frozen_series",
    ),
    "rows": ("sub_flows", "part_exceeds_flow", "unit_value", "cells", "keys", "lines"),
}
"""Kinds of faults that are planted into one copy of the file: they leave each other alone."""


def plant(bed: Bed, base: Mapping[str, set[Scope]], count: int, group: str) -> None:
    """Plant ``count`` faults of each kind at random places, none on top of another.

    Parameters
    ----------
    bed : Bed
        The rows.
    base : mapping of str to set of Scope
        Findings of the clean file by rule: a fault is planted where there is none yet.
    count : int
        Faults of each kind.
    group : str
        Which kinds, of ``GROUPS``.
    """
    planter = _Planter(bed, base, count)
    for name in GROUPS[group]:
        getattr(planter, name)()


class _Planter:
    def __init__(self, bed: Bed, base: Mapping[str, set[Scope]], count: int) -> None:
        self.bed, self.base, self.count = bed, base, count
        rows = bed.rows
        self.value = rows["primary_value"].astype(float)
        self.place = rows["period"].astype(int).map(lambda p: p // 100 * 12 + p % 100 - 1)
        self.first = int(self.place.min())
        self.months = sorted(rows["period"].unique())

    # -- Places -------------------------------------------------------------------------------

    def trade(self, *, since: int = 0) -> pd.DataFrame:
        """Return rows of imports and exports, ``since`` months after the first."""
        rows = self.bed.rows
        kept = rows["flow_code"].isin(FLOWS) & (
            self.place.reindex(rows.index) >= self.first + since
        )
        return rows[kept]

    def months_of(self, *, since: int = LATER, until: int = 0) -> list[tuple[str, str]]:
        """Return reporters and months that no fault has used."""
        months = self.months[since : len(self.months) - until]
        return [(str(r), m) for r in sorted(set(self.bed.rows["reporter_code"])) for m in months]

    def take_months(self, count: int, *, since: int = LATER, until: int = 0) -> list[Any]:
        """Draw reporters and months, and keep the months beside them free of others."""
        drawn: list[Any] = []
        for _ in range(count):
            (one,) = self.bed.choose(self.months_of(since=since, until=until), 1)
            place = self.months.index(one[1])
            near = self.months[max(0, place - 1) : place + 2]
            self.bed.used.update((one[0], month) for month in near)
            drawn.append(one)
        return drawn

    def labels(self, reporter: str, month: str, **cells: Any) -> pd.Index[Any]:
        """Return the labels of a reporter's rows of a month."""
        rows = self.bed.rows
        kept = (rows["reporter_code"] == reporter) & (rows["period"] == month)
        for column, value in cells.items():
            kept &= (
                rows[column].str.startswith(value[0])
                if isinstance(value, tuple)
                else rows[column] == value
            )
        return rows.index[kept]

    def free_rows(self, rows: pd.DataFrame) -> list[Any]:
        """Return labels of rows in months that no structural fault uses."""
        used = self.bed.used
        return [
            label
            for label, reporter, month in zip(
                rows.index, rows["reporter_code"], rows["period"], strict=True
            )
            if (reporter, month) not in used and label not in used
        ]

    def is_base(self, rule: str, scope: Scope) -> bool:
        """Tell whether the clean file has the finding already."""
        return scope in self.base.get(rule, set())

    # -- Whole months -------------------------------------------------------------------------

    def missing_period(self) -> None:
        for reporter, month in self.take_months(self.count, until=1):
            self.bed.drop(self.labels(reporter, month))
            after = self.months[self.months.index(month) + 1]
            self.bed.touched.add((int(reporter), int(after), ANY, -1, "-"))
            self.bed.plant("missing_period", (int(reporter), int(after), ANY, ANY, ANY), month)

    def copied_period(self) -> None:
        for reporter, month in self.take_months(self.count):
            before = self.months[self.months.index(month) - 1]
            copy = self.bed.rows.loc[self.labels(reporter, before)].copy()
            self.bed.drop(self.labels(reporter, month))
            self.bed.add(copy.assign(period=month))
            self.bed.plant("copied_period", (int(reporter), int(month), ANY, ANY, ANY))

    def sudden_drop(self) -> None:
        for reporter, month in self.take_months(self.count):
            flow = str(self.bed.rng.choice(FLOWS))
            labels = self.labels(reporter, month, flow_code=flow)
            kept = self.bed.rng.random(len(labels)) < 0.05
            self.bed.drop(labels[~kept])
            self.bed.plant("sudden_drop", (int(reporter), int(month), flow, ANY, ANY))

    def missing_chapter(self) -> None:
        usual = self._usual("chapter")
        for reporter, month, flow, chapter in self._draw_items(usual):
            self.bed.drop(self.labels(reporter, month, flow_code=flow, cmd_code=(chapter,)))
            scope = (int(reporter), int(month), flow, ANY, chapter)
            self.bed.plant("missing_chapter", scope)

    def missing_partner(self) -> None:
        usual = self._usual("partner")
        for reporter, month, flow, partner in self._draw_items(usual):
            self.bed.drop(self.labels(reporter, month, flow_code=flow, partner_code=partner))
            self.bed.plant("missing_partner", (int(reporter), int(month), flow, int(partner), ANY))

    def _usual(self, kind: str) -> list[tuple[str, str, str, str]]:
        """Return what was there in each of the twelve months before, and in the month."""
        rows = self.trade()
        item = rows["cmd_code"].str[:2] if kind == "chapter" else rows["partner_code"]
        seen = rows.assign(item=item)[["reporter_code", "period", "flow_code", "item"]]
        seen = seen.drop_duplicates()
        places = seen["period"].map(self.months.index)
        there: dict[Any, set[int]] = {}
        for key, place in zip(
            seen[["reporter_code", "flow_code", "item"]].itertuples(index=False, name=None),
            places,
            strict=True,
        ):
            there.setdefault(key, set()).add(place)
        return [
            (reporter, self.months[place], flow, item)
            for (reporter, flow, item), held in sorted(there.items())
            for place in range(LATER, len(self.months))
            if set(range(place - LATER, place + 1)) <= held
        ]

    def _draw_items(self, usual: list[tuple[str, str, str, str]]) -> list[tuple[str, ...]]:
        drawn: list[tuple[str, ...]] = []
        for _ in range(self.count):
            free = [one for one in usual if (one[0], one[1]) not in self.bed.used]
            (one,) = self.bed.choose(free, 1)
            self.bed.used.add((one[0], one[1]))
            drawn.append(one)
        return drawn

    # -- Levels -------------------------------------------------------------------------------

    def scale_slip(self) -> None:
        totals = self._series("chapter")
        for factor in (1000.0, 0.001, 10.0, 0.1):
            for reporter, month, flow, chapter in self._draw_places(
                totals, "scale_slip", self.count // 2 or 1
            ):
                labels = self.labels(reporter, month, flow_code=flow, cmd_code=(chapter,))
                self.bed.scale(labels, "primary_value", factor)
                self.bed.plant("scale_slip", (int(reporter), int(month), flow, ANY, chapter))

    def mirror_slip(self) -> None:
        pairs = self._pairs(least_points=LATER)
        for factor in (1000.0, 10.0):
            for reporter, month, flow, partner in self._draw_places(
                pairs, "mirror_slip", self.count // 2 or 1
            ):
                labels = self.labels(reporter, month, flow_code=flow, partner_code=partner)
                self.bed.scale(labels, "primary_value", factor)
                scope = (int(reporter), int(month), flow, int(partner), ANY)
                self.bed.plant("mirror_slip", scope)

    def mirror_gap(self) -> None:
        pairs = self._pairs(least_points=1, least=2e6)
        for reporter, month, flow, partner in self._draw_places(pairs, "mirror_gap", self.count):
            labels = self.labels(reporter, month, flow_code=flow, partner_code=partner)
            self.bed.scale(labels, "primary_value", 1 / 30)
            self.bed.plant("mirror_gap", (int(reporter), int(month), flow, int(partner), ANY))

    def unreported_partner(self) -> None:
        pairs = self._pairs(least_points=1, least=2e6)
        for reporter, month, flow, partner in self._draw_places(
            pairs, "unreported_partner", self.count
        ):
            labels = self.labels(reporter, month, flow_code=flow, partner_code=partner)
            self.bed.drop(labels)
            scope = (int(reporter), int(month), flow, int(partner), ANY)
            self.bed.plant("unreported_partner", scope)

    def _draw_places(
        self, places: list[tuple[str, str, str, str]], rule: str, count: int
    ) -> list[tuple[str, ...]]:
        drawn: list[tuple[str, ...]] = []
        for _ in range(count):
            free = [
                one
                for one in places
                if (one[0], one[1]) not in self.bed.used
                and not self.is_base(rule, self._place_scope(one))
            ]
            (one,) = self.bed.choose(free, 1)
            self.bed.used.add((one[0], one[1]))
            drawn.append(one)
        return drawn

    @staticmethod
    def _place_scope(one: tuple[str, str, str, str]) -> Scope:
        reporter, month, flow, item = one
        if len(item) == 2:
            return (int(reporter), int(month), flow, ANY, item)
        return (int(reporter), int(month), flow, int(item), ANY)

    def _series(self, kind: str) -> list[tuple[str, str, str, str]]:
        """Return chapters that are there in every month: any rule could judge them."""
        rows = self.trade().assign(chapter=lambda frame: frame["cmd_code"].str[:2])
        seen = rows.groupby(["reporter_code", "flow_code", kind])["period"].nunique()
        whole = seen[seen == len(self.months)].index
        return [
            (reporter, month, flow, item)
            for reporter, flow, item in whole
            for month in self.months[6:-6]
        ]

    def _pairs(self, *, least_points: int, least: float = 0.0) -> list[tuple[str, str, str, str]]:
        """Return months and pairs that both sides report."""
        rows = self.trade()
        sums = (
            self.value.loc[rows.index]
            .groupby(
                [rows[name] for name in ("reporter_code", "partner_code", "period", "flow_code")]
            )
            .sum()
        )
        held = sums.to_dict()
        other = {"M": "X", "X": "M"}
        both: dict[Any, list[str]] = {}
        for (reporter, partner, month, flow), value in held.items():
            mirror = held.get((partner, reporter, month, other[flow]), 0.0)
            if reporter != partner and mirror > least and value > least / 2:
                both.setdefault((reporter, partner, flow), []).append(month)
        return [
            (reporter, month, flow, partner)
            for (reporter, partner, flow), months in sorted(both.items())
            if len(months) >= least_points
            for month in months
            if self.months.index(month) in range(6, len(self.months) - 6)
        ]

    def frozen_series(self) -> None:
        rows = self.trade(since=2)
        keys = ["reporter_code", "flow_code", "cmd_code", "period"]
        totals = self.value.loc[rows.index].groupby([rows[key] for key in keys]).sum()
        steady = totals[totals > 5000].reset_index()
        counts = steady.groupby(["reporter_code", "flow_code", "cmd_code"])["period"].agg(list)
        places = [
            (reporter, month, flow, code)
            for (reporter, flow, code), months in counts.items()
            if len(months) == len(self.months) - 2
            for month in months[2:-1]
        ]
        for _ in range(self.count):
            free = [
                one
                for one in places
                if not {(one[0], m) for m in self._two_before(one[1])} & self.bed.used
            ]
            ((reporter, month, flow, code),) = self.bed.choose(free, 1)
            first, second = self._two_before(month)[:2]
            self.bed.used.update((reporter, m) for m in (first, second, month))
            source = self.bed.rows.loc[self.labels(reporter, first, flow_code=flow, cmd_code=code)]
            for later in (second, month):
                self.bed.drop(self.labels(reporter, later, flow_code=flow, cmd_code=code))
                self.bed.add(source.assign(period=later))
            self.bed.plant("frozen_series", (int(reporter), int(month), flow, ANY, code))

    def _two_before(self, month: str) -> list[str]:
        place = self.months.index(month)
        return self.months[place - 2 : place + 1]

    def sub_flows(self) -> None:
        rows = self.bed.rows
        parts = rows[rows["flow_code"].isin(["DX", "FM"]) & (self.value > 1000)]
        for label in self.bed.choose(self._unfound(parts, "sub_flows"), self.count):
            scope = self.bed.scope(label)
            self.bed.scale([label], "primary_value", 0.7)
            flow = {"DX": "X", "FM": "M"}[str(scope[2])]
            self.bed.plant("sub_flows", (*scope[:2], flow, *scope[3:]))

    def part_exceeds_flow(self) -> None:
        rows = self.bed.rows
        parts = rows[rows["flow_code"].isin(["RX", "RM"]) & (self.value > 100)]
        for label in self.bed.choose(self._unfound(parts, "part_exceeds_flow"), self.count):
            scope = self.bed.scope(label)
            whole = self.labels(
                str(scope[0]),
                str(scope[1]),
                flow_code=str(scope[2])[1],
                partner_code=str(scope[3]),
                cmd_code=str(scope[4]),
            )
            total = float(self.value.reindex(whole).sum())
            self.bed.change([label], primary_value=f"{1.2 * total + 500:.2f}")
            self.bed.plant("part_exceeds_flow", scope)

    def _unfound(self, rows: pd.DataFrame, rule: str) -> list[Any]:
        """Return labels of free rows at which the clean file has no finding of the rule."""
        group = {"DX": "X", "FM": "M"}
        base = self.base.get(rule, set())
        free = set(self.free_rows(rows))
        return [
            label
            for label, scope in zip(rows.index, scopes_of(rows), strict=True)
            if label in free
            and (*scope[:2], group.get(str(scope[2]), scope[2]), *scope[3:]) not in base
        ]

    def unit_value(self) -> None:
        """Weights in tonnes, and values in thousands, of single rows."""
        rows = self.trade()
        priced = rows[(self.value.reindex(rows.index) > 0) & (rows["net_wgt"].map(_figure) > 0)]
        often = priced.groupby(["reporter_code", "flow_code", "cmd_code"])["period"].transform(
            "size"
        )
        for column, factor in (("net_wgt", 0.001), ("primary_value", 0.001)):
            free = self._unfound(priced[often >= 12], "unit_value_outlier")
            for label in self.bed.choose(free, self.count):
                self.bed.scale([label], column, factor)
                self.bed.plant("unit_value_outlier", self.bed.scope(label))

    # -- Single rows --------------------------------------------------------------------------

    def cells(self) -> None:
        """Faults of single cells; the row keeps its place."""
        rows = self.trade()
        priced = rows[(self.value.reindex(rows.index) > 10) & (rows["net_wgt"].map(_figure) > 10)]
        priced = priced[(priced["qty_unit_abbr"] == "kg") & (priced["qty"].map(_figure) > 10)]
        plain = priced[priced["legacy_estimation_flag"].isin(["0", "0.0", ""])]
        faults: tuple[tuple[str, Callable[[Any], dict[str, str]]], ...] = (
            ("missing_required_field", lambda _: {"net_wgt": ""}),
            ("negative_value", lambda row: {"primary_value": "-" + row.primary_value}),
            ("zero_value", lambda _: {"primary_value": "0"}),
            ("absurd_value", lambda _: {"primary_value": "4000000000000"}),
            ("unreadable_number", lambda _: {"primary_value": "1.234,56"}),
            ("quantity_without_unit", lambda _: {"qty_unit_abbr": ""}),
            ("weight_mismatch", lambda row: {"qty": f"{float(row.qty) * 1000:.1f}"}),
            ("estimated_weight", lambda _: {"legacy_estimation_flag": "6"}),
        )
        for rule, cells in faults:
            chosen = self.bed.choose(self._unfound(plain, rule), self.count)
            for row in self.bed.rows.loc[chosen].itertuples():
                scope = self.bed.scope(row.Index)
                self.bed.change([row.Index], **cells(row))
                self.bed.plant(rule, scope)

    def keys(self) -> None:
        """Faults of codes; a row may move to another key."""
        rows = self.trade()
        editions = reference.hs_validity().set_index("code")["editions"]
        faults: tuple[tuple[str, Callable[[Any], dict[str, str]]], ...] = (
            ("own_partner", lambda row: _partner(row.reporter_code, row.reporter_iso)),
            ("unspecified_partner", lambda _: _partner("899", "_X ")),
            ("unspecified_commodity", lambda _: {"cmd_code": "999999"}),
            ("former_code", lambda _: _partner("530", "ANT")),
            ("unknown_partner", lambda _: _partner("9999", "QQQ")),
            ("unknown_commodity", lambda _: {"cmd_code": "039999"}),
            ("unknown_flow", lambda _: {"flow_code": "Q", "flow_desc": "Transit"}),
            ("breakdown_without_total", lambda _: {"mot_code": "2100", "cmd_code": "030119"}),
            ("mixed_editions", lambda row: {"classification_code": _other(row, editions, "1")}),
            ("retired_commodity", lambda row: {"classification_code": _other(row, editions, "0")}),
        )
        held = set(map(tuple, self.bed.rows[KEY].itertuples(index=False, name=None)))
        for rule, cells in faults:
            planted = 0
            free = self._unfound(rows, rule)
            drawn = [free[int(at)] for at in self.bed.rng.permutation(len(free))[: 60 * self.count]]
            for row in self.bed.rows.loc[drawn].itertuples():
                label = row.Index
                changed = cells(row)
                moved = tuple(changed.get(name, getattr(row, name)) for name in KEY)
                is_moved = any(name in changed for name in KEY)
                if (
                    changed.get("classification_code") == ""
                    or label in self.bed.used
                    or (is_moved and moved in held)
                ):
                    continue
                held.add(moved)
                self.bed.used.add(label)
                self.bed.change([label], **changed)
                scope = self.bed.scope(label)
                if rule == "former_code":
                    scope = (*scope[:3], ANY, scope[4])
                if rule in ("unknown_flow", "unknown_partner", "unknown_commodity"):
                    kept = {"unknown_flow": 2, "unknown_partner": 3, "unknown_commodity": 4}[rule]
                    scope = tuple(  # type: ignore[assignment]
                        ANY if at == kept else part for at, part in enumerate(scope)
                    )
                self.bed.plant(rule, scope)
                planted += 1
                if planted == self.count:
                    break
            if planted < self.count:
                raise ValueError(f"only {planted} places for {rule}")

    def lines(self) -> None:
        """Rows that stand twice, lines of the wrong length, rows that belong to nobody."""
        rows = self.trade()
        for label in self.bed.choose(self._unfound(rows, "duplicate_key"), self.count):
            row = self.bed.rows.loc[[label]]
            scope = self.bed.scope(label)
            other = row.assign(primary_value=f"{self.value[label] * 1.1 + 5:.2f}")
            self.bed.add(other if self.bed.rng.random() < 0.5 else row)
            self.bed.touch([label])
            self.bed.plant("duplicate_key", scope)
        for number in range(self.count):
            month = self.months[number % len(self.months)]
            template = self.bed.rows.loc[[rows.index[number]]]
            self.bed.add(
                template.assign(
                    reporter_code="9999", reporter_iso="QQQ", reporter_desc=f"No {number}x"
                )
            )
            self.bed.plant("unknown_reporter", (ANY, ANY, ANY, ANY, ANY), f"No {number}x")
            self.bed.add(template.assign(period=f"2023{number + 13}"))
            self.bed.plant("unknown_period", (ANY, ANY, ANY, ANY, ANY), f"2023{number + 13}")
            nobody = {"reporter_code": "32", "reporter_iso": "ARG", "period": month}
            self.bed.add(template.assign(**nobody, **_partner("9998", "QQR")))
            self.bed.plant("empty_submission", (ANY, ANY, ANY, ANY, ANY), f"32 {month}")
            self.bed.plant("unknown_partner", (ANY, ANY, ANY, ANY, ANY), "9998 QQR")
            self.bed.lines.append(f"R{number}x," + ",".join(["1"] * 50))
            self.bed.plant("ragged_row", (ANY, ANY, ANY, ANY, ANY), f"R{number}x")


def _partner(code: str, iso: str) -> dict[str, str]:
    return {"partner_code": str(code), "partner_iso": iso, "partner_desc": ""}


def _other(row: Any, editions: pd.Series, flag: str) -> str:
    """Return another edition that has the code (flag 1) or lacks it (0); empty if there is none."""
    own = str(row.classification_code)
    known = str(editions.get(row.cmd_code, ""))
    fitting = [f"H{at}" for at, mark in enumerate(known) if mark == flag and f"H{at}" != own]
    return fitting[-1] if fitting else ""


def _figure(text: str) -> float:
    return float(text) if text else 0.0
