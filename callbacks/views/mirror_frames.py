"""What the frames of the mirror workbench hold: both records joined with the split of their gap.

Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Generation, Services
from dashboard.flows import MIRRORED_FLOW, is_past, of_trade
from dashboard.frames import PERIOD_FIELDS, SCOPE_FIELDS, Column
from dashboard.selection import LANGUAGES, Selection, shift_month
from dashboard.stats.mirror import mirror_ratio
from dashboard.stats.mirror_cells import explained_cells, summed_cells
from dashboard.stats.mirror_gap import PARTS
from layouts.mirror import enquiry
from queries import mirror_pairs
from queries import mirror_workbench as statements

MATRIX_ROWS_AT_MOST: Final = 15
"""Members of the matrix where no region is chosen."""

MATRIX_COLUMNS: Final = 14
MATRIX_MONTHS: Final = 12
GAPS_IN_LETTER: Final = 5

_TEXT: Final = pd.StringDtype(na_value=np.nan)

TRADE_FIELDS: Final = PERIOD_FIELDS | {"as_of", "collection", "flow", "commodity"}
PAIR_FIELDS: Final = TRADE_FIELDS | SCOPE_FIELDS | {"partners", "partner_regions"}


def _trade(services: Services, selection: Selection) -> Selection:
    return of_trade(selection, services.catalogue)


def _frequency(services: Services, selection: Selection) -> str:
    return services.catalogue.collections.get(selection.collection or "", "M")


def _areas(services: Services) -> tuple[Mapping[int, str], Mapping[str, tuple[int, ...]]]:
    """Return the ISO code of each area's number, the smallest in use, and all in use."""
    return _areas_of(services, services.generation)


@lru_cache(maxsize=2)
def _areas_of(
    services: Services,
    generation: Generation,  # noqa: ARG001 -- each has its own
) -> tuple[Mapping[int, str], Mapping[str, tuple[int, ...]]]:
    areas = services.frame(statements.known_areas())
    numbers: dict[str, tuple[int, ...]] = {}
    for iso3, number in zip(areas["iso3"], areas["partner_id"], strict=True):
        numbers[str(iso3)] = (*numbers.get(str(iso3), ()), int(number))
    return {own[0]: iso3 for iso3, own in numbers.items()}, numbers


def _iso3(areas: pd.Series, services: Services) -> pd.Series:
    """Return the ISO codes of areas; missing where an area has none."""
    return areas.astype("int64").map(_areas(services)[0]).astype(_TEXT)


def matrix_range(services: Services, selection: Selection) -> Selection:
    """Return the last twelve months of the range; of an annual collection, the whole range."""
    assert selection.first is not None and selection.last is not None
    if _frequency(services, selection) == "A":
        return selection
    first = max(selection.first, shift_month(selection.last, 1 - MATRIX_MONTHS))
    return replace(selection, first=first)


def read_matrix(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the largest pairs of the region: its members and their largest partners."""
    trade = matrix_range(services, _trade(services, selection))
    known = services.catalogue.members
    regions = selection.regions or tuple(
        dict.fromkeys(known[iso3] for iso3 in selection.members if iso3 in known)
    )
    asked = replace(trade, regions=regions, members=(), partners=(), partner_regions=())
    names, numbers = _areas(services)
    pairs = mirror_pairs.pair_asymmetry(
        asked,
        margin=services.framework.framework.cif_fob_margin,
        is_past=is_past(trade, services.catalogue),
        numbers=numbers,
    )
    frame = services.frame(
        mirror_pairs.largest_pairs(
            pairs,
            [number for number, iso3 in names.items() if iso3 in known],
            row_limit=None if regions else MATRIX_ROWS_AT_MOST,
            column_limit=MATRIX_COLUMNS,
        )
    )
    level = frame["level_usd"].to_numpy()
    asymmetry = np.divide(
        frame["difference_usd"].to_numpy(), level, out=np.full(len(frame), np.nan), where=level > 0
    )
    frame = frame.assign(
        reporter_iso3=_iso3(frame["reporter_area_id"], services),
        partner_iso3=_iso3(frame["partner_area_id"], services),
        gap_usd=frame["mirrored_usd"] - frame["reported_usd"],
        asymmetry=asymmetry,
    )
    return frame.sort_values(["reporter_iso3", "partner_iso3"])[[c.name for c in MATRIX_COLUMNS_OF]]


MATRIX_COLUMNS_OF: Final = (
    Column("reporter_iso3"),
    Column("partner_iso3"),
    Column("reported_usd", unit="usd", words="column.mirror_reported"),
    Column("mirrored_usd", unit="usd", words="column.mirror_mirrored"),
    Column("gap_usd", unit="usd"),
    Column("asymmetry", unit="ratio"),
    Column("matched_count", unit="count"),
    Column("cell_count", unit="count"),
)

MATRIX: Final = NamedFrame(
    "mirror_matrix", MATRIX_COLUMNS_OF, read_matrix, TRADE_FIELDS | SCOPE_FIELDS
)


def focus(services: Services, selection: Selection) -> Selection:
    """Return whose records are compared: the chosen, else the pair of the matrix furthest apart."""
    trade = _trade(services, selection)
    if selection.members:
        return trade
    matrix = MATRIX.read(services, selection)
    wanted = matrix[matrix["partner_iso3"].isin(selection.partners)]
    pairs = wanted if len(wanted) else matrix
    if pairs.empty:
        return replace(trade, members=("",))
    pair = pairs.iloc[int(pairs["gap_usd"].abs().to_numpy().argmax())]
    return replace(
        trade, members=(str(pair["reporter_iso3"]),), partners=(str(pair["partner_iso3"]),)
    )


def read_explained(services: Services, trade: Selection) -> pd.DataFrame:
    """Return the cells of the compared records, of which nearly every panel is made."""
    key = services.key("mirror_explained", trade.only(PAIR_FIELDS))
    return services.cache.frame(key, lambda: _explained(services, trade), is_kept=False)


def _explained(services: Services, trade: Selection) -> pd.DataFrame:
    wide = statements.widened(trade, frequency=_frequency(services, trade))
    past = is_past(trade, services.catalogue)
    numbers = _areas(services)[1]
    cells = explained_cells(
        services.frame(statements.both_records(wide, is_past=past, numbers=numbers)),
        services.frame(statements.routed_trade(wide, is_past=past, numbers=numbers)),
        services.frame(statements.submitted_periods(wide, numbers=numbers)),
        flow="M" if trade.flow == "M" else "X",
        margin=services.framework.framework.cif_fob_margin,
        sections=services.names("en").chapter_sections,
    )
    (first, last), (year, last_year) = statements.period_bounds(trade)
    period = cells["period_id"]
    kept = period.between(first, last) | period.between(year, last_year)
    code = trade.commodity
    if code and len(code) in (4, 6):
        kept &= cells["commodity_code"].str.startswith(code)
    return cells[kept]


def _only(areas: pd.Series, services: Services) -> str | float:
    """Return the ISO code of the one area of a column, or missing if there are several or none."""
    known = areas.unique()
    names = _areas(services)[0]
    return names.get(int(known[0]), float("nan")) if len(known) == 1 else float("nan")


def _with_ratio(frame: pd.DataFrame, services: Services, flow: str | None) -> pd.DataFrame:
    return frame.assign(
        mirror_ratio=mirror_ratio(
            frame["both_reported_usd"].to_numpy(),
            frame["both_mirrored_usd"].to_numpy(),
            flow="M" if flow == "M" else "X",
            cif_fob_margin=services.framework.framework.cif_fob_margin,
        )
    )


def _summed(
    services: Services, selection: Selection, by: list[str], columns: tuple[Column, ...]
) -> pd.DataFrame:
    cells = read_explained(services, focus(services, selection))
    frame = _with_ratio(summed_cells(cells, by), services, selection.flow)
    for side in ("reporter", "partner"):
        area = f"{side}_area_id"
        if area in by:
            frame[f"{side}_iso3"] = _iso3(frame[area], services)
        else:
            one = [_only(cells[area], services)] * len(frame)
            frame[f"{side}_iso3"] = pd.Series(one, dtype=_TEXT)
    return frame[[column.name for column in columns]]


RECORD_COLUMNS: Final = (
    Column("reported_usd", unit="usd", words="column.mirror_reported"),
    Column("mirrored_usd", unit="usd", words="column.mirror_mirrored"),
    Column("gap_usd", unit="usd"),
    Column("mirror_ratio", measure="mirror_ratio"),
    *(Column(f"{part}_usd", unit="usd") for part in PARTS),
    *(Column(f"{part}_gross_usd", unit="usd") for part in PARTS),
    Column("cell_count", unit="count", words="column.mirror_cells"),
)
CELL_COLUMNS: Final = (
    Column("reporter_iso3"),
    Column("partner_iso3"),
    Column("chapter_code"),
    Column("period_id"),
    *RECORD_COLUMNS,
)
PARTNER_COLUMNS: Final = (Column("reporter_iso3"), Column("partner_iso3"), *RECORD_COLUMNS)


def read_cells(services: Services, selection: Selection) -> pd.DataFrame:
    """Return both records by chapter and period."""
    return _summed(services, selection, ["chapter_code", "period_id"], CELL_COLUMNS)


CELLS: Final = NamedFrame("mirror_cells", CELL_COLUMNS, read_cells, PAIR_FIELDS)


def read_split(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the parts of the whole gap, in the order in which they are taken."""
    cells = CELLS.read(services, selection)
    net = np.array([float(cells[f"{part}_usd"].sum()) for part in PARTS])
    gross = np.array([float(cells[f"{part}_gross_usd"].sum()) for part in PARTS])
    sides = cells[["reporter_iso3", "partner_iso3"]].head(1)
    frame = pd.DataFrame(
        {
            **{
                name: pd.Series([*sides[name], float("nan")][:1] * len(PARTS), dtype=_TEXT)
                for name in sides
            },
            "part": pd.Series(PARTS, dtype=_TEXT),
            "part_usd": net,
            "raised_usd": (gross + net) / 2.0,
            "lowered_usd": (net - gross) / 2.0,
            "reported_usd": float(cells["reported_usd"].sum()),
            "mirrored_usd": float(cells["mirrored_usd"].sum()),
        }
    )
    return frame if len(cells) else frame.head(0)


def read_partners(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the compared member's records with each partner, the largest gap first."""
    of_whom = focus(services, selection)
    everybody = replace(of_whom, partners=(), partner_regions=selection.partner_regions)
    frame = _summed(services, everybody, ["partner_area_id"], PARTNER_COLUMNS)
    order = frame["gap_usd"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order]


def read_standings(services: Services, selection: Selection) -> pd.DataFrame:
    """Return where each member's record stands; nothing of a past day, which is not fitted."""
    trade = _trade(services, selection)
    frame = services.frame(statements.record_standings(trade))
    if is_past(trade, services.catalogue) or trade.flow not in MIRRORED_FLOW:
        frame = frame.head(0)
    ratios = {name: np.exp(frame[name]) for name in ("effect", "standing", "low", "high")}
    return frame.assign(**ratios).sort_values(
        ["standing", "member_iso3"], ascending=[False, True], kind="stable"
    )


STANDING_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("year"),
    Column("pair_count", unit="count"),
    Column("effect", unit="ratio", words="column.record_effect"),
    Column("standing", unit="ratio"),
    Column("low", unit="ratio"),
    Column("high", unit="ratio"),
)


def read_enquiry(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the largest gaps by chapter and period of one pair: what a letter asks about.

    Without a partner it is the one with whom most is left unexplained.
    """
    cells = read_explained(services, focus(services, selection))
    names = _areas(services)[0]
    sides = ["reporter_area_id", "partner_area_id"]
    pairs = cells.groupby(sides)["unexplained"].sum().abs()
    pairs = pairs[[own in names and other in names for own, other in pairs.index]]
    if pairs.empty:
        return pd.DataFrame({c.name: [] for c in ENQUIRY_COLUMNS}).astype(_ENQUIRY_TYPES)
    areas = pairs.sort_values(ascending=False, kind="stable").index[0]
    of_pair = cells[(cells[sides[0]] == areas[0]) & (cells[sides[1]] == areas[1])]
    frame = summed_cells(of_pair, ["chapter_code", "period_id"])
    frame["remaining_usd"] = frame["gap_usd"] - frame["valuation_usd"] - frame["timing_usd"]
    size = frame["remaining_usd"].abs()
    largest = frame.loc[size.sort_values(ascending=False, kind="stable").index]
    return (
        largest[largest["remaining_usd"].abs() >= 1.0]
        .head(GAPS_IN_LETTER)
        .assign(reporter_iso3=names[areas[0]], partner_iso3=names[areas[1]])
        .astype(_ENQUIRY_TYPES)[[column.name for column in ENQUIRY_COLUMNS]]
    )


ENQUIRY_COLUMNS: Final = (
    Column("reporter_iso3"),
    Column("partner_iso3"),
    Column("chapter_code"),
    Column("period_id"),
    Column("reported_usd", unit="usd", words="column.mirror_reported"),
    Column("mirrored_usd", unit="usd", words="column.mirror_mirrored"),
    Column("gap_usd", unit="usd"),
    Column("valuation_usd", unit="usd"),
    Column("timing_usd", unit="usd"),
    Column("remaining_usd", unit="usd"),
)
ENQUIRY: Final = NamedFrame("mirror_enquiry", ENQUIRY_COLUMNS, read_enquiry, PAIR_FIELDS)


def read_letter(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the letter about the largest gaps, in each language."""
    assert selection.as_of is not None
    gaps = ENQUIRY.read(services, selection)
    written = []
    for language in LANGUAGES if len(gaps) else ():
        found = enquiry(
            gaps,
            services.words(language),
            services.names(language),
            flow="M" if selection.flow == "M" else "X",
            margin=services.framework.framework.cif_fob_margin,
            as_of=selection.as_of,
            info=services.generation.info,
        )
        sides = (str(gaps["reporter_iso3"].iloc[0]), str(gaps["partner_iso3"].iloc[0]))
        written.append((*sides, language, found.title, found.text))
    return pd.DataFrame(written, columns=[c.name for c in LETTER_COLUMNS]).astype("str")


LETTER_COLUMNS: Final = (
    Column("reporter_iso3"),
    Column("partner_iso3"),
    Column("language"),
    Column("title"),
    Column("text"),
)

_ENQUIRY_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("reporter_iso3", "partner_iso3", "chapter_code"), "str"),
    "period_id": "int64",
    **{column.name: "float64" for column in ENQUIRY_COLUMNS[4:]},
}
