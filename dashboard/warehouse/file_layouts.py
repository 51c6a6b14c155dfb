"""The layouts of trade files that the loader reads, each a small declared object.

A new layout is one more entry of ``LAYOUTS``. Nothing here opens a file or
knows what the values of a column mean: that is `staging` and `conforming`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dashboard.errors import DataContractError

STAGED_COLUMNS: Final = (
    "reporter_code",
    "reporter_iso",
    "reporter_name",
    "partner_code",
    "partner_iso",
    "partner_name",
    "flow",
    "flow_name",
    "period",
    "frequency",
    "commodity",
    "hs_edition",
    "value",
    "mass",
    "quantity",
    "unit",
    "is_quantity_estimated",
    "is_mass_estimated",
    "estimation_flag",
    "partner2",
    "customs",
    "supply",
    "transport",
)
"""What every layout is brought to: one text column each, empty where a layout has none.

The last four are breakdowns beside the trade row; other than their total they mark a part.
"""

HEADER_TYPOS: Final[Mapping[str, str]] = {
    "prtner2code": "partner2code",
    "atlqty": "altqty",
}
"""Misspelt headers of published files, in normalised form."""


@dataclass(frozen=True, slots=True)
class FileLayout:
    """How one kind of file is recognised and how its columns map."""

    id: str
    title: str
    headers: tuple[str, ...]
    """Every header of the layout, as it is usually spelt; recognition ignores case,
    punctuation, order and the typos in ``HEADER_TYPOS``."""
    columns: Mapping[str, str]
    """Staged column -> header."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Staged column -> text, for what the layout implies without a column."""
    optional: frozenset[str] = frozenset()
    """Headers that may be missing."""

    def __post_init__(self) -> None:
        unknown = (set(self.columns) | set(self.constants)) - set(STAGED_COLUMNS)
        if unknown:
            raise ValueError(f"layout {self.id!r} maps unknown staged columns {sorted(unknown)}")
        absent = set(self.columns.values()) - set(self.headers)
        if absent:
            raise ValueError(f"layout {self.id!r} maps headers it lacks: {sorted(absent)}")

    def normalised(self) -> dict[str, str]:
        """Return the layout's headers by their normalised form.

        Returns
        -------
        dict of str to str
            Normalised header -> header as the layout spells it.
        """
        return {normalise(header): header for header in self.headers}

    def required(self) -> set[str]:
        """Return the headers, normalised, that a file must have.

        Returns
        -------
        set of str
            Normalised headers.
        """
        return {normalise(header) for header in self.headers if header not in self.optional}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A layout matched to the header of one file."""

    layout: FileLayout
    positions: Mapping[str, int]
    """Staged column -> position of its column in the file."""
    ignored: tuple[str, ...]
    """Headers of the file that the layout does not know."""
    width: int
    """Number of columns, a nameless last one not counted."""


def normalise(header: str) -> str:
    """Return a header reduced to what its spellings share.

    Parameters
    ----------
    header : str
        A header as found.

    Returns
    -------
    str
        Lower-case letters and digits only, known typos mended.

    Examples
    --------
    >>> normalise("Prtner2Code") == normalise("partner2_code") == normalise("partner2Code")
    True
    >>> normalise("Trade Value (US$)")
    'tradevalueus'
    """
    plain = re.sub(r"[^a-z0-9]", "", header.lower())
    return HEADER_TYPOS.get(plain, plain)


COMTRADE_CURRENT: Final = FileLayout(
    id="comtrade_current",
    title="UN Comtrade, current layout (47 columns)",
    headers=(
        *("typeCode", "freqCode", "refPeriodId", "refYear", "refMonth", "period"),
        *("reporterCode", "reporterISO", "reporterDesc", "flowCode", "flowDesc"),
        *("partnerCode", "partnerISO", "partnerDesc"),
        *("partner2Code", "partner2ISO", "partner2Desc"),
        *("classificationCode", "classificationSearchCode", "isOriginalClassification"),
        *("cmdCode", "cmdDesc", "aggrLevel", "isLeaf", "customsCode", "customsDesc"),
        *("mosCode", "motCode", "motDesc", "qtyUnitCode", "qtyUnitAbbr", "qty"),
        *("isQtyEstimated", "altQtyUnitCode", "altQtyUnitAbbr", "altQty"),
        *("isAltQtyEstimated", "netWgt", "isNetWgtEstimated", "grossWgt"),
        *("isGrossWgtEstimated", "cifvalue", "fobvalue", "primaryValue"),
        *("legacyEstimationFlag", "isReported", "isAggregate"),
    ),
    columns={
        "reporter_code": "reporterCode",
        "reporter_iso": "reporterISO",
        "reporter_name": "reporterDesc",
        "partner_code": "partnerCode",
        "partner_iso": "partnerISO",
        "partner_name": "partnerDesc",
        "flow": "flowCode",
        "flow_name": "flowDesc",
        "period": "period",
        "frequency": "freqCode",
        "commodity": "cmdCode",
        "hs_edition": "classificationCode",
        "value": "primaryValue",
        "mass": "netWgt",
        "quantity": "qty",
        "unit": "qtyUnitAbbr",
        "is_quantity_estimated": "isQtyEstimated",
        "is_mass_estimated": "isNetWgtEstimated",
        "estimation_flag": "legacyEstimationFlag",
        "partner2": "partner2Code",
        "customs": "customsCode",
        "supply": "mosCode",
        "transport": "motCode",
    },
    optional=frozenset(
        {
            *("typeCode", "refPeriodId", "refYear", "refMonth", "reporterDesc", "flowDesc"),
            *("partnerDesc", "partner2ISO", "partner2Desc", "classificationSearchCode"),
            *("isOriginalClassification", "cmdDesc", "aggrLevel", "isLeaf", "customsDesc"),
            *("motDesc", "qtyUnitCode", "altQtyUnitCode", "altQtyUnitAbbr", "altQty"),
            *("isAltQtyEstimated", "grossWgt", "isGrossWgtEstimated", "cifvalue", "fobvalue"),
            *("isReported", "isAggregate"),
        }
    ),
)

COMTRADE_OLD: Final = FileLayout(
    id="comtrade_old",
    title="UN Comtrade, old layout (22 columns)",
    headers=(
        *("Classification", "Year", "Period", "Period Desc.", "Aggregate Level"),
        *("Is Leaf Code", "Trade Flow Code", "Trade Flow", "Reporter Code", "Reporter"),
        *("Reporter ISO", "Partner Code", "Partner", "Partner ISO", "Commodity Code"),
        *("Commodity", "Qty Unit Code", "Qty Unit", "Qty", "Netweight (kg)"),
        *("Trade Value (US$)", "Flag"),
    ),
    columns={
        "reporter_code": "Reporter Code",
        "reporter_iso": "Reporter ISO",
        "reporter_name": "Reporter",
        "partner_code": "Partner Code",
        "partner_iso": "Partner ISO",
        "partner_name": "Partner",
        "flow": "Trade Flow Code",
        "flow_name": "Trade Flow",
        "period": "Period",
        "commodity": "Commodity Code",
        "hs_edition": "Classification",
        "value": "Trade Value (US$)",
        "mass": "Netweight (kg)",
        "quantity": "Qty",
        "unit": "Qty Unit",
        "estimation_flag": "Flag",
    },
    optional=frozenset({"Year", "Period Desc.", "Aggregate Level", "Is Leaf Code", "Commodity"}),
)

NAMES_ONLY: Final = FileLayout(
    id="names_only",
    title="Annual trade by partner group, names without any code",
    headers=(
        *("yr", "rgDesc", "rtTitle", "cmdCode", "cmdDescE", "Subregion", "Region"),
        "TradeValue",
    ),
    columns={
        "reporter_name": "rtTitle",
        "partner_name": "Subregion",
        "flow_name": "rgDesc",
        "period": "yr",
        "commodity": "cmdCode",
        "value": "TradeValue",
    },
    constants={"frequency": "A"},
    optional=frozenset({"cmdDescE", "Region"}),
)

ISO3_BRIEF: Final = FileLayout(
    id="iso3_brief",
    title="Annual trade by partner, ISO codes and mixed HS levels",
    headers=(
        *("reporter_iso", "reporter_desc", "flow_desc", "partner_iso", "partner_desc"),
        *("cmd_code", "cmd_desc", "primary_value", "ref_year"),
    ),
    columns={
        "reporter_iso": "reporter_iso",
        "reporter_name": "reporter_desc",
        "partner_iso": "partner_iso",
        "partner_name": "partner_desc",
        "flow_name": "flow_desc",
        "period": "ref_year",
        "commodity": "cmd_code",
        "value": "primary_value",
    },
    constants={"frequency": "A"},
    optional=frozenset({"cmd_desc", "reporter_desc", "partner_desc"}),
)

LAYOUTS: Final[tuple[FileLayout, ...]] = (COMTRADE_CURRENT, COMTRADE_OLD, NAMES_ONLY, ISO3_BRIEF)


def recognise(
    header: Sequence[str], *, file_name: str, layouts: Sequence[FileLayout] = LAYOUTS
) -> Recognised:
    """Find the layout of a file by its header.

    A layout fits if the file has all headers that the layout requires; of
    several the one with the most headers in common is taken.

    Parameters
    ----------
    header : sequence of str
        The file's header as found; a nameless last column is dropped.
    file_name : str
        Name for messages.
    layouts : sequence of FileLayout
        The layouts to choose from.

    Returns
    -------
    Recognised
        The layout and where its columns stand in this file.

    Raises
    ------
    DataContractError
        If no layout fits (the nearest one and the difference are named), or a
        header stands twice.
    """
    names = list(header)
    if names and not names[-1].strip():
        names.pop()
    found: dict[str, int] = {}
    twice = []
    for position, name in enumerate(names):
        key = normalise(name)
        if key in found:
            twice.append(name)
        found[key] = position
    best: FileLayout | None = None
    best_common = -1
    for layout in layouts:
        common = len(set(layout.normalised()) & set(found))
        if layout.required() <= set(found) and common > best_common:
            best, best_common = layout, common
    if best is None:
        raise _unknown_layout(names, found, file_name, layouts)
    if twice:
        raise DataContractError(
            f"{file_name}: the header has {sorted(twice)!r} more than once.",
            "Each column must stand once.",
            "Remove the extra column.",
        )
    known = best.normalised()
    return Recognised(
        layout=best,
        positions={
            staged: found[normalise(name)]
            for staged, name in best.columns.items()
            if normalise(name) in found
        },
        ignored=tuple(name for name in names if normalise(name) not in known),
        width=len(names),
    )


def _unknown_layout(
    names: Sequence[str],
    found: Mapping[str, int],
    file_name: str,
    layouts: Sequence[FileLayout],
) -> DataContractError:
    def likeness(layout: FileLayout) -> float:
        known = set(layout.normalised())
        return len(known & set(found)) / max(1, len(known | set(found)))

    nearest = max(layouts, key=likeness)
    known = nearest.normalised()
    strangers = [name for name in names if normalise(name) not in known]
    lacking = [known[key] for key in known if key in nearest.required() and key not in found]
    hints = []
    by_key = {normalise(name): name for name in strangers if name.strip()}
    for name in lacking:
        close = difflib.get_close_matches(normalise(name), list(by_key), n=1, cutoff=0.75)
        if close:
            hints.append(f"{by_key[close[0]]!r} may mean {name!r}")
    parts = [f"missing: {lacking}"]
    if strangers:
        parts.append(f"not known: {strangers[:12]}" + (" and more" if len(strangers) > 12 else ""))
    if hints:
        parts.append("; ".join(hints))
    return DataContractError(
        f"{file_name}: its header is that of no known layout.",
        f"Nearest is {nearest.id!r} ({nearest.title}); " + "; ".join(parts) + ". "
        f"Known layouts: {sorted(layout.id for layout in layouts)}.",
        "Rename the columns, or declare the layout in dashboard/warehouse/file_layouts.py.",
    )
