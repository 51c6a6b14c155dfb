"""What of trade a selection lets through, and how its columns stand on the partners' records.

*Ours* is the side that the selection's regions and members name. With mirror data the records
are the partners': that side is then the partner of the record, and the flow the opposite one.
It must not build statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from dashboard.selection import Selection
from queries.scope import period_bounds

_SWAPPED: Final[Mapping[str, str]] = {
    f"{ours}_{part}": f"{theirs}_{part}"
    for ours, theirs in (("reporter", "partner"), ("partner", "reporter"))
    for part in ("iso3", "region_id", "area_id", "id")
}
Side = Literal["ours", "theirs"]


def trade_filters(
    selection: Selection, sides: Iterable[Side], flows: Sequence[str], *, is_whole: bool = False
) -> dict[str, Sequence[Any]]:
    """Return what the selection lets through, by our names of the key columns.

    Parameters
    ----------
    selection : Selection
        Resolved; its collection is one of trade.
    sides : iterable of {"ours", "theirs"}
        Whether the regions and members chosen filter, and whether the
        partners and partner regions do; single ones narrow regions.
    flows : sequence of str
        Flow codes of the records.
    is_whole : bool, default False
        All periods held, not only those of the range.

    Returns
    -------
    dict of str to sequence
        For ``queries.rollups``.
    """
    found: dict[str, Sequence[Any]] = {
        "collection_id": [selection.collection],
        "flow_code": list(flows),
    }
    if not is_whole:
        found["period_id"] = _periods(selection)
    for side in sides:
        name = "reporter" if side == "ours" else "partner"
        members = selection.members if side == "ours" else selection.partners
        regions = selection.regions if side == "ours" else selection.partner_regions
        if members:
            found[f"{name}_iso3"] = sorted(members)
        elif regions:
            found[f"{name}_region_id"] = sorted(regions)
    code = selection.commodity
    if code and code.startswith("S"):
        found["section_id"] = [int(code[1:])]
    elif code:
        found["chapter_code" if len(code) == 2 else "commodity_code"] = [code]
    return found


def _periods(selection: Selection) -> list[int]:
    """Return every month and year of the range: a list is skipped to, a pair of ranges is not."""
    (first, last), (year, last_year) = period_bounds(selection)
    months = [
        index // 12 * 100 + index % 12 + 1
        for index in range(first // 100 * 12 + first % 100 - 1, last // 100 * 12 + last % 100)
    ]
    return [*range(year, last_year + 1), *months]


def record_name(name: str, *, is_mirror: bool) -> str:
    """Return what a key column of ours is called on the records.

    Parameters
    ----------
    name : str
        Such as ``reporter_iso3``.
    is_mirror : bool
        Whether the records are the partners'.

    Returns
    -------
    str
        The other side's column for mirror records.

    Examples
    --------
    >>> record_name("reporter_iso3", is_mirror=True)
    'partner_iso3'
    """
    return _SWAPPED.get(name, name) if is_mirror else name


def is_other_side(selection: Selection, flow: str) -> bool:
    """Tell whether our side is the partner of the records that a selection is answered from.

    Parameters
    ----------
    selection : Selection
        Resolved.
    flow : str
        Our flow.

    Returns
    -------
    bool
        With mirror data always; reconciled trade is stored as exports, so for imports.
    """
    return selection.source == "mirror" or (selection.source == "reconciled" and flow == "M")
