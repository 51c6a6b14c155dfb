"""When revisions come: the share revised by days after the first receipt."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, rows, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.revisions.wording import collection_name, nothing_received
from layouts.scene import Scene
from layouts.timeliness.fitting import wrapped

NAME_CHARACTERS: Final = 16
MOST_OF_ALL: Final = 0.98
"""The axis ends where this share of the revisions has come."""


def draw_ages(frames: Frames, scene: Scene) -> Drawing:
    """Rising curves: all with its band, the regions, the selected members."""
    frame, words = frames["revision_ages"], scene.words
    subtitle = scene.subtitle(collection_name(scene))
    whole = frame[frame["group"] == "all"]
    if frames["releases"].empty:
        return Drawing(empty=nothing_received(scene), subtitle=subtitle)
    if whole.empty:
        return Drawing(empty=words("revisions.no_days", range=scene.range_text), subtitle=subtitle)
    n, revised = int(whole["n"].iloc[0]), int(whole["revised"].iloc[0])
    if not revised:
        return Drawing(
            empty=words("revisions.none_yet", count=words.number(n), day=words.day(scene.as_of)),
            subtitle=subtitle,
        )
    half = whole.loc[whole["revised_share"] >= whole["revised_share"].max() / 2, "days"].min()
    return Drawing(
        figure=age_curves(frame, scene),
        title=words("revisions.half_of_them", days=words.value(float(half), "days")),
        subtitle=subtitle,
        note=words("revisions.ages_note", n=words.number(n), revised=words.number(revised)),
    )


def age_curves(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return the share revised by age; the selected stand out, the rest is muted."""
    palette, words = scene.palette, scene.words
    whole = frame[frame["group"] == "all"]
    top = float(whole["revised_share"].max())
    limit = max(30.0, float(whole.loc[whole["revised_share"] >= top * MOST_OF_ALL, "days"].min()))
    shown = frame[frame["days"] <= limit]
    data = [_band(shown[shown["group"] == "all"], limit, scene)]
    ends: list[tuple[float, str, str]] = []
    for group in [*scene.catalogue.regions, "all", "selected"]:
        part = shown[shown["group"] == group]
        if part.empty:
            continue
        colour, name = _look(group, scene)
        data.append(_curve(part, limit, group, colour, name, scene))
        ends.append((float(part["revised_share"].iloc[-1]), name, colour))
    highest = max(share for share, _, _ in ends) * 1.12 or 0.01
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            range=[0, limit],
            nticks=5,
            title={
                "text": words("revisions.days_after_first"),
                "font": {"size": scene.font_size, "color": palette.soft_ink},
                "standoff": 6,
            },
        ),
        yaxis=axis(palette, range=[0, highest], nticks=6, tickformat=".0%"),
        annotations=_names(ends, limit, highest, scene),
        margin={"l": 8, "r": round(scene.font_size * 9.5), "t": 8, "b": 8},
    )
    return figure(data, layout)


def _look(group: str, scene: Scene) -> tuple[str, str]:
    """Return the colour and the name of a curve."""
    chosen, palette = scene.chosen, scene.palette
    is_focused = bool(chosen.regions or chosen.members)
    if group == "all":
        return palette.soft_ink if is_focused else palette.ink, scene.words("common.all_members")
    if group == "selected":
        return palette.accent, scene.scope_text
    is_muted = is_focused and group not in chosen.regions
    return palette.muted if is_muted else REGION_COLOURS[group], scene.names.region(group)


def _curve(
    part: pd.DataFrame, limit: float, group: str, colour: str, name: str, scene: Scene
) -> dict[str, Any]:
    words = scene.words
    is_strong = group in ("all", "selected") or group in scene.chosen.regions
    width = (2.5 if is_strong else 1.3) * (2 if scene.is_present else 1)
    n, revised = (words.number(part[column].iloc[0]) for column in ("n", "revised"))
    stories = [
        tooltip(
            name,
            words(
                "revisions.revised_within",
                share=words.measured(row.revised_share, "revised_share"),
                days=words.value(row.days, "days"),
            ),
            words("revisions.of_n", n=n, revised=revised),
        )
        for row in rows(part)
    ]
    is_region = group in scene.catalogue.regions
    points = len(part) + 2
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0.0, *part["days"].tolist(), limit],
        "y": [0.0, *part["revised_share"].tolist(), float(part["revised_share"].iloc[-1])],
        "line": {"color": colour, "width": width, "shape": "hv"},
        "customdata": [mark("region", group) if is_region else ""] * points,
        "hovertext": ["", *stories, stories[-1]],
        "hoverinfo": "text",
    }


def _band(part: pd.DataFrame, limit: float, scene: Scene) -> dict[str, Any]:
    """Return the 95 % band of all members."""
    known = part.dropna(subset=["low", "high"])
    days = known["days"].tolist()
    low, high = known["low"].tolist(), known["high"].tolist()
    if days:
        days, low, high = [*days, limit], [*low, low[-1]], [*high, high[-1]]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*days, *reversed(days)],
        "y": [*low, *reversed(high)],
        "fill": "toself",
        "fillcolor": scene.palette.muted,
        "opacity": 0.35,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _names(
    ends: list[tuple[float, str, str]], limit: float, highest: float, scene: Scene
) -> list[dict[str, Any]]:
    """Return the names at the ends of the curves, moved apart where they overlap."""
    line = highest * scene.font_size * 1.3 / (720 if scene.is_present else 430)
    place = -1.0
    found = []
    for share, name, colour in sorted(ends):
        text = wrapped(name, NAME_CHARACTERS)
        height = line * (1 + text.count("<br>"))
        place = max(share, place + height / 2)
        found.append(
            {
                "x": limit,
                "y": place,
                "xanchor": "left",
                "yanchor": "middle",
                "align": "left",
                "xshift": 4,
                "showarrow": False,
                "text": text,
                "font": {"size": scene.font_size, "color": colour},
            }
        )
        place += height / 2
    return found
