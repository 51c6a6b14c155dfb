"""The year in twelve charts: the annual page, ready to present and to print."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views import delays, flows, incentives, quality, strategy, timeliness
from dashboard.selection import Catalogue, Selection
from dashboard.year import chosen_year
from layouts import year as drawings
from layouts.panels import Panel, View

_SOURCES: Final[dict[str, NamedFrame]] = {
    frame.name: frame
    for module in (timeliness, delays, quality, flows, incentives, strategy)
    for frame in module.FRAMES
}


def in_year(selection: Selection, catalogue: Catalogue, *, before: int = 0) -> Selection:
    """Return a resolved selection of the annual page's year, or of one before it."""
    year = chosen_year(selection, catalogue) - before
    return replace(selection, first=f"{year}-01", last=f"{year}-12", base=None)


def at_year_end(selection: Selection, catalogue: Catalogue) -> Selection:
    """Return a resolved selection put back to the end of the year, if that is past."""
    assert selection.as_of is not None
    year = chosen_year(selection, catalogue)
    return replace(selection, as_of=min(selection.as_of, date(year, 12, 31)))


def _of_year(name: str, source: str, *, before: int = 0, is_by_region: bool = False) -> NamedFrame:
    """Return a frame of another view, read for the year; by all regions where it asks which."""
    frame = _SOURCES[source]

    def read(services: Services, selection: Selection) -> pd.DataFrame:
        yearly = in_year(selection, services.catalogue, before=before)
        if is_by_region:
            yearly = replace(yearly, grouping="region", regions=(), members=())
        return frame.read(services, yearly.only(frame.fields))

    fields = frame.fields | {"first", "last", "as_of"}
    return NamedFrame(name, frame.columns, read, fields, is_live=frame.is_live)


def _at_year_end(name: str, source: str) -> NamedFrame:
    """Return a frame of the strategy, read as of the end of the year."""
    frame = _SOURCES[source]

    def read(services: Services, selection: Selection) -> pd.DataFrame:
        then = at_year_end(selection, services.catalogue)
        return frame.read(services, then.only(frame.fields))

    fields = frame.fields | {"first", "last", "as_of"}
    return NamedFrame(name, frame.columns, read, fields, is_live=frame.is_live)


FRAMES = (
    _of_year("year_status", "timeliness_by_period"),
    _of_year("year_on_time", "on_time_by_region"),
    _of_year("year_delays", "delay_groups", is_by_region=True),
    _of_year("year_quality", "quality_by_region"),
    _of_year("year_rules", "rule_failures"),
    _of_year("year_flows", "region_flows"),
    _of_year("year_ranking", "ranking"),
    _of_year("year_ranking_before", "ranking", before=1),
    _at_year_end("year_results", "key_results"),
    _at_year_end("year_series", "key_result_series"),
)

REGIONS: Final = frozenset({"regions"})

VIEW = View(
    "year",
    (
        Panel("received", ("year_status",), drawings.draw_received, area="third"),
        Panel("on_time", ("year_on_time",), drawings.draw_on_time, fields=REGIONS, area="third"),
        Panel("delay", ("year_delays",), drawings.draw_delay, fields=REGIONS, area="third"),
        Panel("unbroken", ("year_series",), drawings.draw_unbroken, area="third"),
        Panel("quality", ("year_quality",), drawings.draw_quality, fields=REGIONS, area="third"),
        Panel("rules", ("year_rules",), drawings.draw_rules, area="third"),
        Panel(
            "covered",
            ("collection_coverage",),
            drawings.draw_covered,
            fields=frozenset({"first", "last"}),
            area="third",
        ),
        Panel("flows", ("year_flows",), drawings.draw_flows, fields=REGIONS, area="third"),
        Panel("tiers", ("year_ranking", "year_ranking_before"), drawings.draw_tiers, area="third"),
        Panel("improved", ("year_ranking",), drawings.draw_improved, area="third"),
        Panel("results", ("year_results",), drawings.draw_results, area="third"),
        Panel("training", ("year_series",), drawings.draw_training, area="third"),
    ),
    controls=drawings.controls,
    parent="strategy",
)
