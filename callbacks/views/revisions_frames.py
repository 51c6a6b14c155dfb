"""What the frames of revisions hold: releases joined with their statistics.

Nothing is drawn here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.frames import BASE_FIELDS, SCOPE_FIELDS, Column
from dashboard.selection import Selection
from dashboard.stats import revisions as stats
from dashboard.stats.timeliness import adjust_p_values, delay_distribution, wilson_interval
from queries import revisions as statements

COMPARING_FIELDS: Final = BASE_FIELDS - SCOPE_FIELDS
"""Fields of frames that hold everybody, so that the selected can be compared."""


def read_releases(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every accepted submission of the collection that was known on the as-of day."""
    return services.frame(statements.releases(selection))


RELEASES: Final = NamedFrame(
    "releases",
    (
        Column("member_iso3"),
        Column("region_id"),
        Column("period_id"),
        Column("period_ends_on"),
        Column("revision"),
        Column("known_on"),
        Column("received_bound"),
        Column("has_data"),
        Column("export_usd", measure="export_usd"),
        Column("import_usd", measure="import_usd"),
    ),
    read_releases,
    COMPARING_FIELDS,
)


def selected(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return the rows of the selected members or regions; all if none are."""
    if selection.members:
        return frame[frame["member_iso3"].isin(selection.members)]
    if selection.regions:
        return frame[frame["region_id"].isin(selection.regions)]
    return frame


def comparable_releases(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the releases of everybody that follow each other, numbered."""
    return stats.comparable(RELEASES.read(services, selection))


def read_revised_figures(services: Services, selection: Selection) -> pd.DataFrame:
    """Return first and latest value of each selected figure that was revised, greatest first."""
    compared = stats.first_and_latest(selected(comparable_releases(services, selection), selection))
    size = -compared["revision_usd"].abs()
    order = compared.assign(size=size).sort_values(
        ["size", "member_iso3", "period_id", "flow_code"]
    )
    return order.drop(columns="size").assign(
        revision_days=(order["latest_on"] - order["first_on"]).dt.days.astype("Int64")
    )


def read_revision_sizes(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how much each selected member's figures were revised, by flow, greatest first."""
    releases = selected(comparable_releases(services, selection), selection)
    with_data = releases[releases["has_data"].astype(bool)]
    received = stats.revision_counts(with_data, ["member_iso3"])[["member_iso3", "received"]]
    keys = ["region_id", "member_iso3", "flow_code"]
    sizes = stats.revision_sizes(stats.first_and_latest(releases), keys)
    sizes = sizes.merge(received, on="member_iso3", how="left")
    moved = sizes["mean_absolute_revision"] * sizes["n"]
    sizes = sizes.assign(
        moved_usd=moved, p_value=adjust_p_values(sizes["p_value"].to_numpy(dtype=float))
    )
    order = sizes.assign(size=-moved).sort_values(["size", "member_iso3", "flow_code"])
    return order[[*keys, *(column.name for column in SIZE_COLUMNS)]]


SIZE_COLUMNS: Final = (
    Column("received", unit="count"),
    Column("n", unit="count", words="column.revised_figures"),
    Column("moved_usd", unit="usd"),
    Column("mean_absolute_revision", unit="usd"),
    Column("rmar", measure="rmar"),
    Column("mean_revision", unit="usd"),
    Column("relative_mean_revision", measure="relative_mean_revision"),
    Column("low", unit="share"),
    Column("high", unit="share"),
    Column("p_value", unit="ratio"),
)


def read_revision_regions(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how often and how much the figures of all and of each region were revised."""
    releases = comparable_releases(services, selection)
    compared = stats.first_and_latest(releases)
    parts = []
    for frame, figures in (
        (releases.assign(region_id="all"), compared.assign(region_id="all")),
        (releases, compared),
    ):
        counts = stats.revision_counts(frame, ["region_id"])
        sizes = stats.revision_sizes(figures, ["region_id", "flow_code"])
        for flow, name in (("X", "export_rmar"), ("M", "import_rmar")):
            given = sizes[sizes["flow_code"] == flow].set_index("region_id")["rmar"]
            counts[name] = counts["region_id"].map(given).astype("float64")
        parts.append(counts)
    both = pd.concat(parts, ignore_index=True)
    low, high = wilson_interval(both["revised"], both["received"])
    share = both["revised"] / both["received"]
    both = both.assign(revised_share=share.astype("float64"), low=low, high=high)
    return both[[column.name for column in REGION_COLUMNS]]


REGION_COLUMNS: Final = (
    Column("region_id"),
    Column("received", unit="count"),
    Column("once", unit="count"),
    Column("twice", unit="count"),
    Column("more", unit="count"),
    Column("revised", unit="count"),
    Column("revised_share", measure="revised_share"),
    Column("low", unit="share"),
    Column("high", unit="share"),
    Column("export_rmar", unit="share"),
    Column("import_rmar", unit="share"),
)


def read_revision_ages(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the share revised within so many days of the first receipt: all, regions, selected."""
    assert selection.as_of is not None
    times = stats.times_to_revision(
        comparable_releases(services, selection), pd.Timestamp(selection.as_of)
    )
    groups = {"all": times, **{str(key): rows for key, rows in times.groupby("region_id")}}
    if selection.members:
        groups["selected"] = selected(times, selection)
    parts = []
    for group, rows in groups.items():
        found = delay_distribution(rows["days"].to_numpy(), rows["is_censored"].to_numpy())
        parts.append(
            pd.DataFrame(
                {
                    "group": group,
                    "days": found.days,
                    "revised_share": 1.0 - found.survival,
                    "low": 1.0 - found.high,
                    "high": 1.0 - found.low,
                    "n": found.n,
                    "revised": found.n - found.n_censored,
                }
            )
        )
    curves = pd.concat(parts, ignore_index=True)
    # A day on which nothing was revised leaves the curve where it is; the last day tells its end.
    is_step = curves["revised_share"].diff().ne(0) | curves["group"].ne(curves["group"].shift())
    is_last = curves["group"].ne(curves["group"].shift(-1))
    return curves[is_step | is_last]


def shown_flow(selection: Selection) -> str:
    """Return the flow that is compared: the one chosen, exports for a part of a flow."""
    return selection.flow if selection.flow in stats.FLOWS else "X"


def triangle_subject(releases: pd.DataFrame, selection: Selection) -> str | None:
    """Return the member whose triangle is shown: the one chosen, else the most revised.

    Parameters
    ----------
    releases : DataFrame
        Of everybody, as ``dashboard.stats.revisions.comparable`` returns them.
    selection : Selection
        Resolved.

    Returns
    -------
    str or None
        Its iso3; None without any release in the selection.
    """
    asked = selected(releases, selection)
    if asked.empty:
        return selection.members[0] if len(selection.members) == 1 else None
    compared = stats.first_and_latest(asked)
    compared = compared[compared["flow_code"] == shown_flow(selection)]
    if compared.empty:
        return str(asked["member_iso3"].iloc[0])
    moved = compared["revision_usd"].abs().groupby(compared["member_iso3"]).sum()
    return str(moved.sort_index().idxmax())


def shown_periods(selection: Selection, frequency: str) -> pd.DataFrame:
    """Return the periods of the range that had ended by the as-of day, with their last months."""
    assert selection.first and selection.last and selection.as_of
    is_annual = frequency == "A"
    bounds = (selection.first, selection.last)
    first, last = (int(text[:4]) * 12 + int(text[5:7]) for text in bounds)
    as_of = selection.as_of.year * 12 + selection.as_of.month
    if is_annual:
        years = np.arange(int(selection.first[:4]), int(selection.last[:4]) + 1)
        ids, months = years, years * 12 + 12
    else:
        months = np.arange(first, last + 1)
        ids = (months - 1) // 12 * 100 + (months - 1) % 12 + 1
    ended = months < as_of
    return pd.DataFrame({"period_id": ids[ended], "end_month": months[ended]})


def read_revision_triangle(services: Services, selection: Selection) -> pd.DataFrame:
    """Return for how long each value of one member's figures was what was known."""
    assert selection.as_of is not None
    releases = comparable_releases(services, selection)
    subject = triangle_subject(releases, selection)
    rows = releases[releases["member_iso3"] == subject]
    frequency = services.catalogue.collections.get(selection.collection or "", "M")
    last_month = selection.as_of.year * 12 + selection.as_of.month
    found = stats.vintages(
        rows, shown_periods(selection, frequency), shown_flow(selection), last_month
    )
    found.insert(0, "member_iso3", pd.Series(subject, index=found.index, dtype="str"))
    return found if subject else found.iloc[:0]
