"""Ranks of partners by year: who came into the ten, who left."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.changes.subject import scope_subtitle
from layouts.changes.timeline import is_thin
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.flows.wording import amount, measured_column, nothing, region_colour
from layouts.incentives.reading import shortened
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

TOP: Final = 10
NAME: Final = 17
NAMED_AT_MOST: Final = 4
"""Entries and exits that the note names."""


def draw_ranks(frames: Frames, scene: Scene) -> Drawing:
    """Return the bump chart of the ten largest partners of each year."""
    frame, words = frames["partner_ranks"], scene.words
    if frame.empty:
        return Drawing(empty=nothing(scene))
    years = sorted({int(year) for year in frame["year"]})
    if len(years) < 2:
        return Drawing(empty=words("changes.ranks.one_year", year=years[0]))
    return Drawing(
        figure=rank_lines(frame, years, scene),
        title=_finding(frame, years, scene),
        subtitle=scope_subtitle(scene, f"{years[0]} – {years[-1]}"),
        note=_notes(frame, years, scene),
    )


def _top(frame: pd.DataFrame, year: int) -> list[str]:
    listed = frame[(frame["year"] == year) & (frame["rank"] <= TOP)].sort_values("rank")
    return [str(iso3) for iso3 in listed["partner_iso3"]]


def _finding(frame: pd.DataFrame, years: list[int], scene: Scene) -> str | None:
    words, names = scene.words, scene.names
    before, after = _top(frame, years[0]), _top(frame, years[-1])
    if not before or not after:
        return None
    if before[0] == after[0]:
        return words("changes.ranks.leads_still", name=names.member(after[0]), year=years[0])
    return words(
        "changes.ranks.leads_now",
        name=names.member(after[0]),
        before=names.member(before[0]),
        year=years[0],
    )


def _notes(frame: pd.DataFrame, years: list[int], scene: Scene) -> str:
    words = scene.words
    before, after = _top(frame, years[0]), _top(frame, years[-1])
    found = []
    for key, listed in (
        ("new", [one for one in after if one not in before]),
        ("gone", [one for one in before if one not in after]),
    ):
        if listed:
            named = ", ".join(scene.names.member(one) for one in listed[:NAMED_AT_MOST])
            more = len(listed) - NAMED_AT_MOST
            named = words("common.and_more", names=named, count=more) if more > 0 else named
            found.append(words(f"changes.ranks.{key}", year=years[0], names=named))
    if not found:
        found.append(words("changes.ranks.same_ten", year=years[0]))
    usual = frame.groupby("year")["reported_share"].first()
    thin = [str(year) for year in years if year in usual.index and is_thin(usual[year])]
    if thin:
        found.append(words("changes.ranks.thin", years=", ".join(thin)))
    periods = int(frame.loc[frame["year"] == years[-1], "periods"].max())
    if 1 < periods < 12:
        found.append(words("changes.ranks.part_year", year=years[-1], count=periods))
    return " ".join(found)


def rank_lines(frame: pd.DataFrame, years: list[int], scene: Scene) -> Figure:
    """Return a line per partner, broken where it is not among the ten, named at both ends."""
    palette = scene.palette
    size = scene.font_size if scene.is_present else 12
    ends = {years[0]: _top(frame, years[0]), years[-1]: _top(frame, years[-1])}
    chosen = scene.chosen.partners
    wide = 2 if scene.is_present else 1
    data: list[dict[str, Any]] = []
    kept = sorted(set(frame.loc[frame["rank"] <= TOP, "partner_iso3"]))
    # Those of the last year are drawn over the others.
    for iso3 in sorted(kept, key=lambda one: (one in ends[years[-1]], one)):
        own = {int(row.year): row for row in rows(frame[frame["partner_iso3"] == iso3])}
        is_strong = iso3 in chosen if chosen else iso3 in ends[years[-1]]
        ranks = [
            int(own[year].rank) if year in own and own[year].rank <= TOP else None for year in years
        ]
        region_id = next(iter(own.values())).region_id
        colour = region_colour(region_id, palette) if is_strong else palette.muted
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": iso3,
                "x": years,
                "y": ranks,
                "connectgaps": False,
                "line": {"width": wide * (2.5 if is_strong else 1.2), "color": colour},
                "marker": {"size": wide * (9 if is_strong else 6), "color": colour},
                "hovertext": [_story(own, iso3, year, scene) for year in years],
                "hoverinfo": "text",
                "customdata": [mark("partner", iso3)] * len(years),
                "cliponaxis": False,
            }
        )
    labels = [
        annotation(
            scene,
            x,
            place,
            f"{place} {text}" if anchor == "left" else f"{text} {place}",
            xref="paper",
            xanchor=anchor,
            xshift=shift,
            font={"size": size, "color": palette.ink},
            name=mark("partner", iso3),
            captureevents=True,
        )
        for year, x, anchor, shift in ((years[0], 0, "right", -10), (years[-1], 1, "left", 10))
        for place, iso3 in enumerate(ends[year], start=1)
        for text in [shortened(scene.names.member(iso3), NAME)]
    ]
    # The first, the last and one between: a phone has no room for more.
    named = years if len(years) < 5 else [years[0], years[len(years) // 2], years[-1]]
    room = round(size * (NAME + 3) * 0.6)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickangle=0,
            tickvals=named,
            ticktext=[str(year) for year in named],
            range=[years[0] - 0.15, years[-1] + 0.15],
        ),
        yaxis=axis(palette, showgrid=False, showticklabels=False, range=[TOP + 0.6, 0.4]),
        annotations=labels,
        margin={"l": room, "r": room, "t": 8, "b": 8},
    )
    return figure(data, layout)


def _story(own: dict[int, Any], iso3: str, year: int, scene: Scene) -> str:
    words = scene.words
    if year not in own:
        return ""
    row = own[year]
    return tooltip(
        f"{scene.names.member(iso3)}, {year}",
        words("changes.ranks.place", place=words.number(row.rank)),
        amount(float(getattr(row, measured_column(scene))), scene),
        words("flows.share_of_all", share=words.value(float(row.trade_share), "share")),
    )
