"""What became of the members in scope between two days: figures, and the members that moved."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.measures import Unit
from layouts.brief.results import days_text
from layouts.charts import rows
from layouts.listed import mark
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

LISTED_AT_MOST: Final = 6
STAGED_AT_MOST: Final = 5
UNITS: Final[dict[str, Unit]] = {
    "on_time": "share",
    "overdue": "count",
    "quality": "score",
    "upper_tiers": "count",
}
OF_COUNT: Final = frozenset({"overdue", "upper_tiers"})


def draw_members(frames: Frames, scene: Scene) -> Drawing:
    """Figures then and now with their intervals; who moved, changed tier, or newly owes."""
    figures, members = frames["since_figures"], frames["since_members"]
    words = scene.words
    if figures["value"].isna().all() and figures["value_then"].isna().all():
        return Drawing(empty=words("brief.no_figures", scope=scene.scope_within))
    first = rows(figures.head(1))[0]
    parts: list[Any] = [
        _figures(figures, scene),
        html.Div(_lists(members, scene), className="brief__columns"),
    ]
    ranges = words(
        "brief.ranges", then=_range(first.then_range, scene), now=_range(first.now_range, scene)
    )
    return Drawing(
        children=html.Div(parts, className="brief"),
        title=words("brief.members_title", scope=scene.scope_text),
        subtitle=f"{days_text(first, scene)} · {ranges}",
        note=words("brief.members_note"),
    )


def _range(text: str, scene: Scene) -> str:
    first, _, last = text.partition("/")
    return f"{scene.words.month(first)} – {scene.words.month(last)}"


def _figures(figures: pd.DataFrame, scene: Scene) -> html.Table:
    words = scene.words
    head = html.Tr(
        [
            html.Th(words("brief.figure"), scope="col"),
            html.Th(words("brief.column_then"), scope="col", className="number"),
            html.Th(words("brief.column_now"), scope="col", className="number"),
        ]
    )
    body = [
        html.Tr(
            [
                html.Th(words(f"brief.figure_{row.figure}"), scope="row"),
                html.Td(
                    _value(
                        row.figure,
                        (row.value_then, row.low_then, row.high_then, row.count_then),
                        scene,
                    ),
                    className="number",
                ),
                html.Td(
                    _value(row.figure, (row.value, row.low, row.high, row.count), scene),
                    className="number",
                ),
            ]
        )
        for row in rows(figures)
    ]
    return html.Table([html.Thead(head), html.Tbody(body)], className="data-table")


def _value(figure: str, found: tuple[float, float, float, float], scene: Scene) -> str:
    """Write a figure with its interval, or with the number that it is a part of."""
    value, low, high, count = found
    words, unit = scene.words, UNITS[figure]
    if math.isnan(value):
        return "–"
    text = words.value(value, unit)
    if figure in OF_COUNT:
        return words("brief.of", part=text, whole=words.number(int(count)))
    if math.isnan(low) or math.isnan(high):
        return text
    bounds = (words.value(low, unit), words.value(high, unit))
    return words("brief.with_interval", value=text, low=bounds[0], high=bounds[1])


def _lists(members: pd.DataFrame, scene: Scene) -> list[html.Div]:
    words = scene.words
    tiers = {tier.id: getattr(tier.name, words.language) for tier in scene.framework.tiers}
    both = members.dropna(subset=["tier", "tier_then"])
    changed = both[both["tier"] != both["tier_then"]]
    newly = members[members["newly_owes"].astype("bool")]
    newly = newly.sort_values(["overdue", "member_iso3"], ascending=[False, True])
    clear = members[members["is_clear"].astype("bool")]
    return [
        _part(
            words("brief.clear_movers", count=words.number(len(clear))),
            clear,
            lambda row: words(
                "brief.rank_move",
                then=_band(row.rank_then, row.rank_low_then, row.rank_high_then, scene),
                now=_band(row.rank, row.rank_low, row.rank_high, scene),
            ),
            words("brief.no_clear_movers"),
            scene,
        ),
        _part(
            words("brief.tier_moves", count=words.number(len(changed))),
            changed,
            lambda row: words(
                "brief.tier_move",
                then=tiers.get(row.tier_then, row.tier_then),
                sure_then=words.value(row.tier_probability_then, "share"),
                now=tiers.get(row.tier, row.tier),
                sure=words.value(row.tier_probability, "share"),
            ),
            words("brief.no_tier_moves"),
            scene,
        ),
        _part(
            words("brief.newly_owe", count=words.number(len(newly))),
            newly,
            lambda row: words("brief.owes", count=words.number(int(row.overdue))),
            words("brief.none_newly_owe"),
            scene,
        ),
    ]


def _band(rank: float, low: float, high: float, scene: Scene) -> str:
    words = scene.words
    return words(
        "brief.band",
        rank=words.number(int(rank)),
        low=words.number(int(low)),
        high=words.number(int(high)),
    )


def _part(title: str, table: pd.DataFrame, told: Any, otherwise: str, scene: Scene) -> html.Div:
    most = STAGED_AT_MOST if scene.is_present else LISTED_AT_MOST
    items = [
        html.Li([mark(scene.names.member(row.member_iso3), f"member:{row.member_iso3}"), told(row)])
        for row in rows(table.head(most))
    ]
    children: list[Any] = [html.H3(title, className="brief__title")]
    children.append(html.Ul(items) if items else html.P(otherwise, className="hint"))
    if len(table) > most and not scene.is_present:
        more = scene.words.number(len(table) - most)
        children.append(html.P(scene.words("common.more_rows", count=more), className="hint"))
    return html.Div(children, className="brief__part")
