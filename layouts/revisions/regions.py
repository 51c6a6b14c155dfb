"""How often the figures of each region are revised, and by how much."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.revisions.wording import collection_name, nothing_received
from layouts.scene import Scene
from layouts.timeliness.fitting import wrapped

NAME_CHARACTERS: Final = 15
TIMES: Final = ("once", "twice", "more")
SYMBOLS: Final = {"export_rmar": "circle", "import_rmar": "diamond-open"}


def draw_regions(frames: Frames, scene: Scene) -> Drawing:
    """Bars of the share revised once, twice, more; beside them RMAR of both flows."""
    frame = frames["revision_regions"]
    words = scene.words
    subtitle = scene.subtitle(collection_name(scene))
    if frame.empty:
        return Drawing(empty=nothing_received(scene), subtitle=subtitle)
    whole = frame[frame["region_id"] == "all"].iloc[0]
    count = words.number(whole["received"])
    if not whole["revised"]:
        return Drawing(
            empty=words(
                "revisions.none_revised",
                count=count,
                collection=collection_name(scene),
                day=words.day(scene.as_of),
            ),
            subtitle=subtitle,
        )
    has_values = bool(frame[["export_rmar", "import_rmar"]].notna().any(axis=None))
    return Drawing(
        figure=region_bars(frame, scene),
        title=words(
            "revisions.share_revised",
            share=words.measured(whole["revised_share"], "revised_share"),
            count=count,
        ),
        subtitle=subtitle,
        note=words("revisions.regions_note" if has_values else "revisions.regions_note_receipts"),
    )


def region_bars(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return stacked bars with the regions revised most on top, all members first."""
    palette, words, size = scene.palette, scene.words, scene.font_size
    order = frame.assign(is_all=frame["region_id"] == "all").sort_values(
        ["is_all", "revised_share", "region_id"]
    )
    listed = rows(order)
    places = list(range(len(listed)))
    has_values = bool(frame[["export_rmar", "import_rmar"]].notna().any(axis=None))
    split = 0.56 if has_values else 1.0
    data = [_bars(listed, time, shade, scene) for shade, time in enumerate(TIMES)]
    most = float(frame["revised_share"].max()) or 0.01
    axes: dict[str, Any] = {}
    if has_values:
        data += [_dots(listed, column, scene) for column in SYMBOLS]
        rmar = max(float(frame[column].max()) for column in SYMBOLS)
        axes["xaxis2"] = axis(
            palette, domain=[split + 0.06, 1], range=[0, rmar * 1.15], nticks=3,
            tickformat=".0%", anchor="y",
        )  # fmt: skip
    heads = [annotation(scene, 0, 1.0, words("revisions.revised_head"), xref="paper",
                        yref="paper", xanchor="left", yanchor="bottom",
                        font={"size": size, "color": palette.soft_ink})]  # fmt: skip
    if has_values:
        heads.append(annotation(scene, split + 0.06, 1.0, words("revisions.rmar_short"),
                                xref="paper", yref="paper", xanchor="left", yanchor="bottom",
                                font={"size": size, "color": palette.soft_ink}))  # fmt: skip
    labels = [
        annotation(
            scene, float(row.revised_share), place,
            words.measured(row.revised_share, "revised_share"),
            xanchor="left", xshift=4, font={"size": size, "color": _ink(row.region_id, scene)},
        )
        for place, row in zip(places, listed, strict=True)
    ]  # fmt: skip
    layout = base_layout(
        scene,
        barmode="stack",
        bargap=0.45,
        xaxis=axis(palette, domain=[0, split], range=[0, most * 1.45], nticks=3, tickformat=".0%"),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=[_name(row.region_id, scene) for row in listed],
            tickfont={"color": palette.ink, "size": size},
            range=[-0.6, len(listed) - 0.3],
        ),
        annotations=[*heads, *labels],
        margin={"l": 8, "r": 12, "t": round(size * 1.8), "b": 8},
        **axes,
    )
    return figure(data, layout)


def _name(region: str, scene: Scene) -> str:
    if region == "all":
        return f"<b>{wrapped(scene.words('common.all_members'), NAME_CHARACTERS)}</b>"
    return wrapped(scene.names.region(region), NAME_CHARACTERS)


def _is_muted(region: str, scene: Scene) -> bool:
    chosen = scene.chosen
    wanted = set(chosen.regions) | {scene.catalogue.members[iso3] for iso3 in chosen.members}
    return bool(wanted) and region not in wanted


def _ink(region: str, scene: Scene) -> str:
    return scene.palette.soft_ink if _is_muted(region, scene) else scene.palette.ink


def _colour(region: str, scene: Scene) -> str:
    return scene.palette.soft_ink if region == "all" else REGION_COLOURS[region]


def _bars(listed: list[Any], time: str, shade: int, scene: Scene) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(listed))),
        "x": [getattr(row, time) / row.received for row in listed],
        "marker": {
            "color": [_colour(row.region_id, scene) for row in listed],
            "opacity": [
                (0.45 if _is_muted(row.region_id, scene) else 1.0) * (0.45, 0.75, 1.0)[shade]
                for row in listed
            ],
            "line": {"width": 0},
        },
        "customdata": [
            "" if row.region_id == "all" else mark("region", row.region_id) for row in listed
        ],
        "hovertext": [_story(row, scene) for row in listed],
        "hoverinfo": "text",
    }


def _dots(listed: list[Any], column: str, scene: Scene) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "xaxis": "x2",
        "y": list(range(len(listed))),
        "x": [None if pd.isna(getattr(row, column)) else getattr(row, column) for row in listed],
        "marker": {
            "symbol": SYMBOLS[column],
            "size": scene.font_size * 0.85,
            "color": [_colour(row.region_id, scene) for row in listed],
            "opacity": [0.35 if _is_muted(row.region_id, scene) else 1.0 for row in listed],
        },
        "customdata": [
            "" if row.region_id == "all" else mark("region", row.region_id) for row in listed
        ],
        "hovertext": [_story(row, scene) for row in listed],
        "hoverinfo": "text",
    }


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    is_all = row.region_id == "all"
    name = (
        words("common.all_members") if is_all else scene.names.region(row.region_id, is_short=False)
    )
    counts = {time: words.number(getattr(row, time)) for time in TIMES}
    values = ""
    if not (pd.isna(row.export_rmar) and pd.isna(row.import_rmar)):
        values = words(
            "revisions.both_rmar",
            exports=words.measured(row.export_rmar, "rmar"),
            imports=words.measured(row.import_rmar, "rmar"),
        )
    return tooltip(
        name,
        words("revisions.revised_is", share=words.measured(row.revised_share, "revised_share")),
        words(
            "common.interval",
            low=words.value(row.low, "share"),
            high=words.value(row.high, "share"),
        ),
        words("revisions.how_often", **counts),
        values,
        words("common.n", n=words.number(row.received)),
    )
