"""Reported against mirror: what we say of a trade beside what the partners say of it."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from dashboard.flows import MIRRORED_FLOW
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, safe, tooltip
from layouts.chips import commodity_name
from layouts.flows.scale import round_short
from layouts.flows.wording import (
    collection_text,
    flow_label,
    nothing,
    region_code,
    region_name,
    towards_text,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 14
ROWS_ON_STAGE: Final = 9
TICKS_AT_MOST: Final = 5


def draw_mirror(frames: Frames, scene: Scene) -> Drawing:
    """Two dots a row on a log scale: the same distance is the same ratio."""
    frame = frames["mirror_trade"]
    words, selection = scene.words, scene.selection
    matched = matched_rows(frame, scene)
    if selection.flow not in MIRRORED_FLOW:
        flow = words(f"flow.{selection.flow}")
        return Drawing(empty=words("flows.no_mirror_flow", flow=flow))
    if matched.empty:
        one_sided = float(frame["reported_only_usd"].sum() + frame["mirrored_only_usd"].sum())
        if one_sided > 0:
            return Drawing(
                empty=words("flows.mirror.one_sided", amount=words.value(one_sided, "usd"))
            )
        return Drawing(empty=nothing(scene))
    return Drawing(
        figure=mirror_dots(frame, scene),
        subtitle=_subtitle(frame, scene),
        note=_note(frame, matched, scene),
    )


def matched_rows(frame: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the rows that both sides report, the largest first."""
    both = frame[(frame["reported_usd"] > 0) & (frame["mirrored_usd"] > 0)]
    order = (both["reported_usd"] + both["mirrored_usd"]).sort_values(
        ascending=False, kind="stable"
    )
    return both.loc[order.index].head(ROWS_ON_STAGE if scene.is_present else ROWS_AT_MOST)


def _subtitle(frame: pd.DataFrame, scene: Scene) -> str:
    words, chosen = scene.words, scene.chosen
    whole = frame[["reported_usd", "mirrored_usd", "reported_only_usd", "mirrored_only_usd"]].sum(
        axis=1
    )
    total = float(whole.sum())
    share = float((frame["estimated_share"] * whole).sum()) / total
    code = chosen.commodity
    return scene.subtitle(
        f"{flow_label(scene)}, {words.label('value_usd').lower()}",
        scene.scope_text if chosen.members or chosen.regions else "",
        towards_text(scene),
        commodity_name(scene, code) if code else "",
        collection_text(scene),
        words("flows.estimated", share=words.value(share, "share")),
    )


def _note(frame: pd.DataFrame, shown: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    both = float(frame["reported_usd"].sum())
    only = float(frame["reported_only_usd"].sum())
    parts = [
        words(
            "flows.mirror.margin",
            margin=words.value(scene.framework.framework.cif_fob_margin, "share"),
        ),
        words("flows.mirror.matched", share=words.value(both / (both + only), "share")),
    ]
    others = int(((frame["reported_usd"] > 0) & (frame["mirrored_usd"] > 0)).sum()) - len(shown)
    if others:
        parts.append(words("flows.mirror.others", count=words.number(others)))
    return " ".join(parts)


def mirror_dots(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a row per partner or region pair: our dot, the partners', the ratio at the right."""
    words, palette = scene.words, scene.palette
    shown = matched_rows(frame, scene)
    records = shown.to_dict("records")
    places = list(range(len(records)))
    size = scene.font_size if scene.is_present else 12
    xs: list[float | None] = []
    ys: list[float | None] = []
    for place, row in enumerate(records):
        xs += [row["reported_usd"], row["mirrored_usd"], None]
        ys += [place, place, None]
    chosen = scene.chosen.partners
    opacity = [1.0 if not chosen or row["partner_iso3"] in chosen else 0.3 for row in records]
    shared = {
        "type": "scatter",
        "mode": "markers",
        "y": places,
        "hovertext": [_story(row, scene) for row in records],
        "hoverinfo": "text",
        "customdata": [_mark(row) for row in records],
        "cliponaxis": False,
    }
    dot = scene.font_size * 0.85
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": xs,
            "y": ys,
            "line": {"width": 2, "color": palette.muted},
            "hoverinfo": "skip",
        },
        {
            **shared,
            "x": [row["mirrored_usd"] for row in records],
            "marker": {
                "symbol": "diamond-open",
                "size": dot,
                "color": palette.ink,
                "opacity": opacity,
                "line": {"width": 2},
            },
            "name": "mirrored",
        },
        {
            **shared,
            "x": [row["reported_usd"] for row in records],
            "marker": {"size": dot, "color": palette.ink, "opacity": opacity},
            "name": "reported",
        },
    ]
    low, high, ticks = _log_axis([value for value in xs if value is not None])
    annotations = [
        annotation(
            scene,
            1,
            place,
            _ratio_text(row["mirror_ratio"], scene),
            xref="paper",
            xanchor="left",
            xshift=12,
            font={"size": size, "color": palette.ink},
        )
        for place, row in enumerate(records)
    ]
    annotations += [
        annotation(
            scene,
            0,
            1,
            words("flows.mirror.key", ours="●", theirs="◇"),
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            font={"size": size, "color": palette.soft_ink},
        ),
        annotation(
            scene,
            1,
            1,
            words("flows.mirror.heading"),
            xref="paper",
            yref="paper",
            xanchor="left",
            xshift=12,
            yanchor="bottom",
            font={"size": size, "color": palette.soft_ink},
        ),
    ]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            type="log",
            tickangle=0,
            range=[low, high],
            tickvals=ticks,
            ticktext=[round_short(value, scene) for value in ticks],
        ),
        yaxis=axis(
            palette,
            tickvals=places,
            ticktext=[_row_name(row, scene) for row in records],
            tickfont={"size": size, "color": palette.ink},
            range=[max(len(records), 4) - 0.5, -0.6],
        ),
        annotations=annotations,
        margin={"l": 8, "r": size * 5, "t": size + 14, "b": 8},
    )
    return figure(data, layout)


def _log_axis(values: list[float]) -> tuple[float, float, list[float]]:
    """Return the exponents of the axis' ends and the round values between."""
    low, high = math.log10(min(values)) - 0.15, math.log10(max(values)) + 0.15
    ticks: list[float] = []
    for digits in ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)):
        ladder = [
            digit * 10.0**power
            for power in range(math.floor(low), math.floor(high) + 1)
            for digit in digits
            if low <= math.log10(digit * 10.0**power) <= high
        ]
        if not ticks or len(ladder) <= TICKS_AT_MOST:
            ticks = ladder
    return low, high, ticks[:: -(-len(ticks) // TICKS_AT_MOST) or 1]


def _ratio_text(ratio: float, scene: Scene) -> str:
    return "× " + scene.words.value(ratio, "ratio")


def _mark(row: Any) -> str:
    if isinstance(row["partner_iso3"], str):
        return mark("partner", row["partner_iso3"])
    return mark("pair", row["reporter_region_id"], row["partner_region_id"])


def _row_name(row: Any, scene: Scene) -> str:
    if isinstance(row["partner_iso3"], str):
        name = scene.names.member(row["partner_iso3"])
        return safe(name if len(name) <= 26 else name[:25].rstrip(" ,") + "…")
    arrow = "←" if scene.selection.flow == "M" else "→"
    ours, theirs = (
        region_code(str(row[key]), scene) for key in ("reporter_region_id", "partner_region_id")
    )
    return safe(f"{ours} {arrow} {theirs}")


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    if isinstance(row["partner_iso3"], str):
        name = scene.names.member(row["partner_iso3"])
    else:
        way = "in" if scene.selection.flow == "M" else "out"
        name = words(
            f"flows.way.{way}",
            ours=region_name(str(row["reporter_region_id"]), scene),
            theirs=region_name(str(row["partner_region_id"]), scene),
        )
    return tooltip(
        name,
        words("flows.mirror.reported", amount=words.value(row["reported_usd"], "usd")),
        words("flows.mirror.mirrored", amount=words.value(row["mirrored_usd"], "usd")),
        words("flows.mirror.ratio", ratio=words.value(row["mirror_ratio"], "ratio")),
        words(
            "flows.mirror.only",
            ours=words.value(row["reported_only_usd"], "usd"),
            theirs=words.value(row["mirrored_only_usd"], "usd"),
        ),
        words("flows.estimated", share=words.value(row["estimated_share"], "share")),
        words(
            "flows.mirror.cells",
            matched=words.number(row["matched_count"]),
            cells=words.number(row["cell_count"]),
        ),
    )
