"""Every member's trend in order, beside the order that chance alone would make."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SIGNIFICANT: Final = 0.05
PER_YEAR: Final = {"M": 12, "A": 1}
SHOWN: Final = 0.97
"""Share of the slopes that the axis must hold; what lies beyond points off the chart."""


def per_year(scene: Scene) -> int:
    """Return how many periods of the selected collection a year has."""
    return PER_YEAR[scene.catalogue.collections.get(scene.selection.collection or "", "M")]


def draw_trends(frames: Frames, scene: Scene) -> Drawing:
    """Members by slope, with the band that their places would have by chance."""
    table, chance = frames["member_delay_trends"], frames["delay_trend_chance"]
    if table.empty or chance.empty:
        return Drawing(empty=no_trends(chance, scene))
    words = scene.words
    row = rows(chance)[0]
    return Drawing(
        figure=trend_places(table, scene),
        title=finding(row, scene),
        subtitle=scene.subtitle(
            scene.names.collections[scene.selection.collection or ""], words("delays.slope_unit")
        ),
        note=chance_note(row, scene),
    )


def no_trends(chance: pd.DataFrame, scene: Scene) -> str:
    """Say why there is no trend of anybody."""
    seen = 0 if chance.empty else int(chance["members_seen"].iloc[0])
    return scene.words(
        "delays.no_trends",
        collection=scene.names.collections[scene.selection.collection or ""],
        range=scene.range_text,
        members=scene.words.number(seen),
    )


def finding(row: Any, scene: Scene) -> str:
    """Return how many trends hold after the correction for their number."""
    words = scene.words
    return words(
        "delays.trend_finding" if row.below_adjusted else "delays.trend_finding_none",
        count=words.number(row.below_adjusted),
        tested=words.number(row.members_tested),
    )


def chance_note(row: Any, scene: Scene) -> str:
    """Return what chance alone would show, and how the band was made."""
    words = scene.words
    counts = {
        "count": words.number(row.below_raw),
        "expected": words.number(row.expected_below, 0 if row.expected_below >= 10 else 1),
    }
    if not row.draws:
        return f"{words('delays.uncorrected', **counts)} {words('delays.no_band')}"
    ends = {"low": words.number(row.below_low), "high": words.number(row.below_high)}
    band = words("delays.chance_band", draws=words.number(row.draws))
    return f"{words('delays.uncorrected_band', **counts, **ends)} {band}"


def is_sure(row: Any) -> bool:
    """Tell whether a member's trend holds after the correction."""
    return bool(row.trend_p_value < SIGNIFICANT)


def is_picked(row: Any, scene: Scene) -> bool:
    """Tell whether a member is selected, itself or by its region."""
    chosen = scene.chosen
    if chosen.members:
        return row.member_iso3 in chosen.members
    return not chosen.regions or row.region_id in chosen.regions


def trend_story(row: Any, scene: Scene) -> str:
    """Return the hover text of a member's trend."""
    words, times = scene.words, per_year(scene)
    slope = row.slope_days * times
    key = (
        "delays.stays"
        if slope == 0
        else "delays.gets_faster"
        if slope < 0
        else "delays.gets_slower"
    )
    return tooltip(
        scene.names.member(row.member_iso3),
        words(key, days=words.number(abs(slope), 1)),
        ""
        if pd.isna(row.low) or pd.isna(row.high)
        else words(
            "common.interval",
            low=words.number(row.low * times, 1),
            high=words.number(row.high * times, 1),
        ),
        words(
            "delays.p_values",
            raw=words.number(row.raw_p_value, 3),
            adjusted=words.number(row.trend_p_value, 3),
        ),
        words("delays.periods_n", n=words.number(row.n), waiting=words.number(row.waiting)),
    )


def slope_limit(table: pd.DataFrame, scene: Scene) -> float:
    """Return how far the axis reaches, days a year: a few steep slopes do not flatten the rest."""
    steep = table[["slope_days", "chance_low", "chance_high"]].abs()
    reach = max(float(steep["slope_days"].quantile(SHOWN)), 0.0)
    band = steep[["chance_low", "chance_high"]].max().max()
    reach = max(reach, 0.0 if pd.isna(band) else float(band))
    return 1.15 * per_year(scene) * (reach or 1.0)


def trend_places(table: pd.DataFrame, scene: Scene) -> Figure:
    """Return a dot a member at its place, filled where its trend holds, on the band of chance."""
    palette, times = scene.palette, per_year(scene)
    data: list[dict[str, Any]] = []
    known = table.dropna(subset=["chance_low", "chance_high"])
    if len(known):
        places = known["place"].tolist()
        ends = [*(known["chance_high"] * times), *(known["chance_low"] * times)[::-1]]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [*places, *places[::-1]],
                "y": ends,
                "fill": "toself",
                "fillcolor": palette.muted,
                "opacity": 0.45,
                "line": {"width": 0},
                "hoverinfo": "skip",
            }
        )
    shown = rows(table)
    limit = slope_limit(table, scene)
    data += [
        _dots([row for row in shown if is_sure(row) == sure], limit, scene)
        for sure in (False, True)
    ]
    return figure(data, _layout(table, limit, scene, has_band=bool(len(known))))


def _dots(members: list[Any], limit: float, scene: Scene) -> dict[str, Any]:
    palette, times = scene.palette, per_year(scene)
    sure = bool(members) and is_sure(members[0])
    slopes = [float(row.slope_days) * times for row in members]
    colours = [REGION_COLOURS.get(row.region_id, palette.soft_ink) for row in members]
    size = scene.font_size * (0.62 if sure else 0.5)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [int(row.place) for row in members],
        "y": [min(max(slope, -limit), limit) for slope in slopes],
        "marker": {
            "size": size,
            "symbol": [_symbol(slope, limit) + ("" if sure else "-open") for slope in slopes],
            "color": colours,
            "opacity": [1.0 if is_picked(row, scene) else 0.25 for row in members],
        },
        "customdata": [mark("member", row.member_iso3) for row in members],
        "hovertext": [trend_story(row, scene) for row in members],
        "hoverinfo": "text",
    }


def _symbol(slope: float, limit: float) -> str:
    if abs(slope) <= limit:
        return "circle"
    return "triangle-up" if slope > 0 else "triangle-down"


def _layout(table: pd.DataFrame, limit: float, scene: Scene, *, has_band: bool) -> dict[str, Any]:
    palette, words = scene.palette, scene.words
    count = len(table)
    soft = {"size": scene.font_size, "color": palette.soft_ink}
    corner = {"xref": "paper", "yref": "paper", "font": soft}
    labels = [
        annotation(
            scene, 0.99, 0.01, words("delays.faster_end"),
            xanchor="right", yanchor="bottom", **corner,
        ),
        annotation(
            scene, 0.01, 0.99, words("delays.slower_end"),
            xanchor="left", yanchor="top", **corner,
        ),
    ]  # fmt: skip
    if has_band:
        middle = table.iloc[count // 2]
        labels.append(
            annotation(
                scene,
                int(middle["place"]),
                float(middle["chance_low"]) * per_year(scene),
                words("delays.by_chance"),
                yanchor="top",
                yshift=-6,
                font=soft,
            )
        )
    labels += _picked_labels(table, limit, scene)
    return base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            range=[0, count + 1],
            tickvals=[],
            title={"text": words("delays.in_order", count=words.number(count)), "font": soft},
        ),
        yaxis=axis(
            palette,
            nticks=7,
            range=[-1.08 * limit, 1.08 * limit],
            zeroline=True,
            zerolinecolor=palette.soft_ink,
        ),
        annotations=labels,
    )


def _picked_labels(table: pd.DataFrame, limit: float, scene: Scene) -> list[dict[str, Any]]:
    chosen = table[table["member_iso3"].isin(scene.chosen.members)]
    return [
        annotation(
            scene,
            int(row.place),
            min(max(float(row.slope_days) * per_year(scene), -limit), limit),
            scene.names.member(row.member_iso3),
            xanchor="left" if row.place < len(table) / 2 else "right",
            xshift=8 if row.place < len(table) / 2 else -8,
        )
        for row in rows(chosen)
    ]
