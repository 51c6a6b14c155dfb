"""Two records of the same trade brought to one table of cells, each with the parts of its gap.

It must not query: records, re-exports, routes and submissions are handed in as frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.stats.mirror_gap import PARTS, split_gap

__all__ = ["explained_cells", "period_number", "summed_cells"]

Integers = NDArray[np.int64]

SHIFTED_OF_A_YEAR: Final = 1.0 / 12.0
"""Share of a year's exports that may arrive in the next year: about a month's."""

_PERIODS_AT_MOST: Final = 1_000_000
_AREAS_AT_MOST: Final = 10_000
_CHAPTERS_AT_MOST: Final = 100
"""More than any number of a period, an area and a chapter."""


def period_number(period_id: Any) -> Integers:
    """Return numbers of periods in which the next one is 1 more.

    Parameters
    ----------
    period_id : array_like of int, shape (n,)
        Months (202301) or years (2023), not mixed.

    Returns
    -------
    ndarray of int, shape (n,)
        Months or years since the year 0.

    Examples
    --------
    >>> (period_number([202212, 202301]) - period_number([202212])).tolist()
    [0, 1]
    """
    period = np.asarray(period_id, dtype=np.int64)
    return np.where(period > 9999, period // 100 * 12 + period % 100 - 1, period)


def explained_cells(
    records: pd.DataFrame,
    routes: pd.DataFrame,
    submitted: pd.DataFrame,
    *,
    flow: str,
    margin: float,
    sections: Mapping[str, int],
) -> pd.DataFrame:
    """Return both records at the finest level they share, with the parts of each cell's gap.

    Both are cut to the coarser of their two HS levels in each pair, period and chapter. One level
    up from a chapter is its section.

    Parameters
    ----------
    records : DataFrame
        One row per ``reporter_area_id`` (our side), ``partner_area_id``, ``period_id`` and
        ``commodity_code``: ``reported_usd``, ``mirrored_usd``, US dollars as recorded; missing
        where that side has none; ``re_exported_usd``, what the exporter records as re-exports.
    routes : DataFrame
        ``exporter_area_id``, ``importer_area_id``, ``period_id``, ``chapter_code``: ``value_usd``
        that at most came by third countries.
    submitted : DataFrame
        ``reporter_area_id`` and ``period_id`` of what was submitted at all.
    flow : {"M", "X"}
        Ours.
    margin : float
        CIF over FOB.
    sections : mapping of str to int
        Chapter to its section.

    Returns
    -------
    DataFrame
        One row per ``reporter_area_id``, ``partner_area_id``, ``period_id`` and ``commodity_code``
        with ``chapter_code``; ``reported_usd`` and ``mirrored_usd``, 0 where there is none;
        ``is_compared``, whether both sides submitted the period; and a column per part of
        :data:`dashboard.stats.mirror_gap.PARTS`. The parts add up to the gap, which is the
        partners' record less ours.
    """
    cells = _cells(records, ours_export=flow == "X")
    codes, code = np.unique(cells.pop("commodity_code").to_numpy(str), return_inverse=True)
    chapter = codes.astype("U2")
    parent = np.unique(_one_level_up(codes, sections), return_inverse=True)[1]
    exporter, importer, period_id = (
        cells[name].to_numpy(np.int64) for name in ("exporter", "importer", "period_id")
    )
    period = period_number(period_id)
    pair = _joint(exporter, importer)
    chapter_number = np.unique(chapter, return_inverse=True)[1]
    route = _joint(pair, period, chapter_number[code])
    routed = np.zeros(int(route.max()) + 1 if len(route) else 1)
    routed[route] = _routed(routes, (exporter, importer, period_id, chapter[code]))
    is_there = [_is_there(submitted, side, period_id) for side in (exporter, importer)]
    parts = split_gap(
        cells["exported"],
        cells["imported"],
        series=_joint(pair, code),
        period=period,
        group=_joint(pair, period, parent[code]),
        margin=margin,
        re_exported=cells["re_exported"],
        route=route,
        routed=routed,
        is_exporter_there=is_there[0],
        is_importer_there=is_there[1],
        most_shifted=1.0 if bool((period_id > 9999).any()) else SHIFTED_OF_A_YEAR,
    )
    is_export = flow == "X"
    ours, theirs = (exporter, importer) if is_export else (importer, exporter)
    reported, mirrored = ("exported", "imported") if is_export else ("imported", "exported")
    return pd.DataFrame(
        {
            "reporter_area_id": ours,
            "partner_area_id": theirs,
            "period_id": period_id,
            "chapter_code": chapter[code].astype(object),
            "commodity_code": codes[code].astype(object),
            "reported_usd": cells[reported].to_numpy(),
            "mirrored_usd": cells[mirrored].to_numpy(),
            "is_compared": is_there[0] & is_there[1],
            **{name: part if is_export else -part for name, part in parts.items()},
        }
    )


def summed_cells(cells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return both records and the parts of their gap, summed.

    Parameters
    ----------
    cells : DataFrame
        Of :func:`explained_cells`.
    by : sequence of str
        What to tell apart.

    Returns
    -------
    DataFrame
        One row per `by`, sorted: ``reported_usd``, ``mirrored_usd``, ``gap_usd`` (the partners'
        record less ours); ``both_reported_usd`` and ``both_mirrored_usd`` of periods that both
        sides submitted; each part's sum as ``<part>_usd``, and the sum of its sizes over the
        cells, whatever their sign, as ``<part>_gross_usd``; ``cell_count``.
    """
    keys = list(by)
    both = cells["is_compared"].to_numpy()
    values: dict[str, Any] = {
        "reported_usd": cells["reported_usd"],
        "mirrored_usd": cells["mirrored_usd"],
        "gap_usd": cells["mirrored_usd"] - cells["reported_usd"],
        "both_reported_usd": np.where(both, cells["reported_usd"], 0.0),
        "both_mirrored_usd": np.where(both, cells["mirrored_usd"], 0.0),
        **{f"{part}_usd": cells[part] for part in PARTS},
        **{f"{part}_gross_usd": cells[part].abs() for part in PARTS},
        "cell_count": np.ones(len(cells), dtype=np.int64),
    }
    table = pd.DataFrame({**{key: cells[key] for key in keys}, **values})
    return table.groupby(keys, sort=True)[list(values)].sum().reset_index()


def _cells(records: pd.DataFrame, *, ours_export: bool) -> pd.DataFrame:
    """Return one row per exporter, importer, period and commodity, both sides at one level."""
    ours, theirs = ("exporter", "importer") if ours_export else ("importer", "exporter")
    reported, mirrored = ("exported", "imported") if ours_export else ("imported", "exported")
    keys = ["exporter", "importer", "period_id", "commodity_code"]
    code, is_cut = _at_one_level(records)
    rows = pd.DataFrame(
        {
            ours: records["reporter_area_id"].to_numpy(np.int64),
            theirs: records["partner_area_id"].to_numpy(np.int64),
            "period_id": records["period_id"].to_numpy(np.int64),
            "commodity_code": code,
            reported: records["reported_usd"].fillna(0.0).to_numpy(),
            mirrored: records["mirrored_usd"].fillna(0.0).to_numpy(),
            "re_exported": records["re_exported_usd"].fillna(0.0).to_numpy(),
        }
    )
    if is_cut:
        rows = rows.groupby(keys, sort=True)[["exported", "imported", "re_exported"]].sum()
        rows = rows.reset_index()
    return rows


def _at_one_level(records: pd.DataFrame) -> tuple[NDArray[np.str_], bool]:
    """Return the codes cut to the shortest of their pair, period and chapter, and if any was."""
    code = records["commodity_code"].to_numpy(str).astype("U6")
    level = np.char.str_len(code)
    if not len(level) or level.min() == level.max():
        return code, False
    keys = [records[name] for name in ("reporter_area_id", "partner_area_id", "period_id")]
    shortest = pd.Series(level).groupby([*keys, code.astype("U2")]).transform("min").to_numpy()
    for digits in (2, 4):
        code = np.where(shortest == digits, code.astype(f"U{digits}"), code)
    return code, True


def _one_level_up(codes: NDArray[np.str_], sections: Mapping[str, int]) -> NDArray[np.str_]:
    """Return the heading of subheadings, the chapter of headings, the section of chapters."""
    return np.array(
        [code[:-2] if len(code) > 2 else f"S{sections.get(code, 0)}" for code in codes.tolist()],
        dtype="U4",
    )


def _routed(
    routes: pd.DataFrame, places: tuple[Integers, Integers, Integers, NDArray[np.str_]]
) -> NDArray[np.float64]:
    """Return for each cell's exporter, importer, period and chapter what came by others at most."""
    chapters, chapter = np.unique(places[3], return_inverse=True)
    of_routes = routes["chapter_code"].to_numpy(str)
    number = np.minimum(np.searchsorted(chapters, of_routes), max(len(chapters) - 1, 0))
    is_known = chapters[number] == of_routes if len(chapters) else np.zeros(len(routes), dtype=bool)
    known = routes[is_known]
    keys = _place(
        known["exporter_area_id"].to_numpy(np.int64),
        known["importer_area_id"].to_numpy(np.int64),
        known["period_id"].to_numpy(np.int64),
        number[is_known],
    )
    order = np.argsort(keys)
    found = np.zeros(len(chapter))
    if len(order):
        wanted = _place(places[0], places[1], places[2], chapter)
        at = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(order) - 1)]
        is_hit = keys[at] == wanted
        found[is_hit] = known["value_usd"].to_numpy()[at[is_hit]]
    return found


def _place(exporter: Integers, importer: Integers, period: Integers, chapter: Any) -> Integers:
    """Return one number for an exporter, an importer, a period and the number of a chapter."""
    pair = exporter * _AREAS_AT_MOST + importer
    found: Integers = (pair * _PERIODS_AT_MOST + period) * _CHAPTERS_AT_MOST + chapter
    return found


def _is_there(submitted: pd.DataFrame, area: Integers, period_id: Integers) -> NDArray[np.bool_]:
    """Tell for each cell whether an area submitted its period."""
    known = submitted["reporter_area_id"].to_numpy(np.int64) * _PERIODS_AT_MOST + submitted[
        "period_id"
    ].to_numpy(np.int64)
    return np.isin(area * _PERIODS_AT_MOST + period_id, known)


def _joint(*keys: Integers) -> Integers:
    """Return numbers from 0 of the combinations that occur."""
    number = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        values, place = np.unique(key, return_inverse=True)
        number = number * max(len(values), 1) + place
    return np.unique(number, return_inverse=True)[1]
