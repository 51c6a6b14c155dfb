"""The ranking: every member's rank as a dot with its band, best on top."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

import pandas as pd

from dashboard.peers import INCOME_GROUPS, TRADE_GROUPS, UNCLASSIFIED
from dashboard.stats.composite import GEOMETRIC_FLOOR
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, safe
from layouts.incentives.reading import (
    chance_text,
    decision_text,
    has_tiers,
    is_in_scope,
    member_story,
    no_ranking,
    peer_group_name,
    ranked,
    scheme_text,
    shortened,
    text_width,
    tier_name,
    weight_shares,
)
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROW_PIXELS: Final = 19
HEAD_PIXELS: Final = 56
STAGE_ROWS: Final = 16
ROOM_OF_A_DOT: Final = "\u00a0\u00a0"
"""Behind a rank, so that on a phone the first dots do not cover it; as in `assets/ranking.js`."""


def draw_ranking(frames: Frames, scene: Scene) -> Drawing:
    """All ranked members; those selected stand first, the others below them, muted."""
    frame = ranked(frames["ranking"])
    words = scene.words
    if frame.empty:
        return Drawing(empty=no_ranking(scene, frames["ranking"]))
    listed = ordered_rows(frame, scene)
    title = None
    if scene.is_present:
        listed = listed.head(STAGE_ROWS)
        title = words(
            "incentives.ranking.stage_scope"
            if listed["is_chosen"].any()
            else "incentives.ranking.stage_title",
            count=words.number(len(frame)),
            scope=scene.scope_text,
        )
    chart = ranking_chart(listed, scene, len(frame))
    # An audience that is not told the pillars of everybody cannot rank anew by itself.
    if not scene.is_present and scene.audience.is_everything:
        # What the browser needs to rank anew while a weight moves.
        chart["layout"]["meta"] = {"ranking": live_facts(listed, frames, scene)}
    return Drawing(
        figure=chart,
        height=None
        if scene.is_present
        else HEAD_PIXELS + ROW_PIXELS * (int(listed["y"].max()) + 1),
        title=title,
        subtitle=scene.subtitle(
            words("incentives.ranking_unit", count=words.number(len(frame))), scheme_text(scene)
        ),
        note=words("incentives.ranking_note")
        + (" " + words("incentives.peers_note") if scene.selection.peers else "")
        + (" " + words("incentives.decision_note") if _has_decisions(listed) else ""),
    )


def ordered_rows(frame: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the rows from top to bottom, with ``is_chosen`` and their place ``y``."""
    has_peers = bool(scene.selection.peers)
    by = frame["peer_group"] if has_peers else frame["tier"]
    order = {name: place for place, name in enumerate(peer_order(frame, scene))}
    place = by.map(order).fillna(0).astype("int64") if has_peers else 0
    table = frame.assign(
        is_chosen=is_in_scope(frame, scene), section=by.fillna("").astype("str"), place=place
    ).sort_values(
        ["is_chosen", "place", "rank", "rank_median", "member_iso3"],
        ascending=[False, True, True, True, True],
    )
    # Every tier or peer group begins with a row for its name; so do the others after those
    # selected.
    section = table["is_chosen"].astype("str") + table["section"]
    begins = (section != section.shift()).cumsum().to_numpy()
    return table.assign(y=begins + range(len(table)))


def peer_order(frame: pd.DataFrame, scene: Scene) -> list[str]:
    """Return the peer groups that there are, in the order in which they stand."""
    known = [*scene.catalogue.regions, *INCOME_GROUPS, *TRADE_GROUPS, UNCLASSIFIED]
    there = set(frame["peer_group"].dropna())
    return [name for name in known if name in there]


def ranking_chart(table: pd.DataFrame, scene: Scene, count: int) -> Figure:
    """Return a dot with a whisker per member; blocks are members that can't be told apart."""
    palette, words = scene.palette, scene.words
    size = scene.font_size if scene.is_present else 12
    has_scope = bool(table["is_chosen"].any())
    opacity = [1.0 if is_in or not has_scope else 0.5 for is_in in table["is_chosen"]]
    # On the stage only a part is shown: its ranks fill the width.
    end = int(table["rank_high"].max()) if scene.is_present else count
    left, right = -end * 0.015, end * 1.01
    names = [_row_label(row, scene) for row in rows(table)]
    scores = [_score_text(row, scene) for row in rows(table)]
    common = {
        "y": table["y"].tolist(),
        "hovertext": [member_story(row, scene) for row in rows(table)],
        "hoverinfo": "text",
        "customdata": [mark("member", iso3) for iso3 in table["member_iso3"]],
        "cliponaxis": False,
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": table["rank"].tolist(),
        "marker": {
            "size": size * 0.75,
            "opacity": opacity,
            "color": [REGION_COLOURS.get(r, palette.muted) for r in table["region_id"]],
            "line": {
                "width": [1.5 if is_in else 0 for is_in in table["is_chosen"]],
                "color": palette.accent,
            },
        },
        **common,
    }
    data = [
        *_whiskers(table, scene, has_scope),
        dots,
        _labels(names, left, "middle left", {"size": size, "color": palette.ink}, common),
        _labels(scores, right, "middle right", {"size": size, "color": palette.soft_ink}, common),
    ]
    ticks = _rank_ticks(end)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            side="top",
            range=[left, right],
            tickangle=0,
            tickvals=ticks,
            ticktext=[words.number(tick) for tick in ticks],
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            showticklabels=False,
            range=[int(table["y"].max()) + 0.6, -0.6],
        ),
        shapes=_group_blocks(table, scene, end),
        annotations=_section_labels(table, scene, size, text_width(names, size)),
        margin={"l": text_width(names, size), "r": text_width(scores, size), "t": 8, "b": 8},
    )
    return figure(data, layout)


def _labels(
    texts: list[str], x: float, position: str, font: dict[str, Any], common: dict[str, Any]
) -> dict[str, Any]:
    # Two hundred tick labels take a browser ten times as long as the same texts as a trace.
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x] * len(texts),
        "text": texts,
        "textposition": position,
        "textfont": font,
        **common,
    }


def _whiskers(table: pd.DataFrame, scene: Scene, has_scope: bool) -> list[dict[str, Any]]:
    # One line with gaps for all bands of a kind: a trace for each would be two hundred.
    traces = []
    for is_chosen in (False, True):
        xs: list[Any] = []
        ys: list[Any] = []
        for row in rows(table[table["is_chosen"] == is_chosen]):
            xs += [row.rank_low, row.rank_high, None]
            ys += [row.y, row.y, None]
        colour = scene.palette.muted if has_scope and not is_chosen else scene.palette.soft_ink
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": ys,
                "line": {"color": colour, "width": 2 if scene.is_present else 1.25},
                "hoverinfo": "skip",
                "cliponaxis": False,
            }
        )
    return traces


def _rank_ticks(end: int) -> list[int]:
    # First, last and one or two round ranks between: they must fit on a phone.
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if end / step <= 2.5), end)
    between = [tick for tick in range(step, end, step) if 1 < tick < 0.85 * end]
    return [1, *between, end]


def _row_label(row: Any, scene: Scene) -> str:
    words, name = scene.words, shortened(scene.names.member(row.member_iso3))
    place = words.number(row.rank)
    if not pd.isna(row.peer_rank):
        place = f"{words.number(row.peer_rank)}/{words.number(row.peer_count)}"
    if decision_text(row, scene):
        place += "†"
    text = safe(f"{name}  {place}{ROOM_OF_A_DOT}")
    return f"<b>{text}</b>" if row.is_chosen else text


def _has_decisions(table: pd.DataFrame) -> bool:
    return "override" in table and bool(table["override"].notna().any())


def _score_text(row: Any, scene: Scene) -> str:
    score = scene.words.measured(row.incentive_score, "incentive_score")
    if pd.isna(row.tier):
        return safe(score)
    return safe(f"{score} · {chance_text(row.tier_probability, scene)}")


def _group_blocks(table: pd.DataFrame, scene: Scene, end: int) -> list[dict[str, Any]]:
    blocks = []
    keys = list(zip(table["is_chosen"], table["group"], table["y"], strict=True))
    for (_, group), run in groupby(keys, key=lambda key: (key[0], key[1])):
        places = [key[2] for key in run]
        if group % 2 == 0:
            blocks.append(
                {
                    "type": "rect",
                    "xref": "x",
                    "yref": "y",
                    "x0": 0,
                    "x1": end * 1.01,
                    "y0": places[0] - 0.5,
                    "y1": places[-1] + 0.5,
                    "fillcolor": scene.palette.faint,
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
    return blocks


def _section_labels(
    table: pd.DataFrame, scene: Scene, size: float, margin: int
) -> list[dict[str, Any]]:
    """Return the name of each tier or peer group, in the row above its first member."""
    labels = []
    keys = list(zip(table["is_chosen"], table["section"], table["y"], strict=True))
    for (is_chosen, section), run in groupby(keys, key=lambda key: (key[0], key[1])):
        colour = scene.palette.accent if is_chosen else scene.palette.soft_ink
        labels.append(
            annotation(
                scene,
                0,
                next(run)[2] - 1,
                section_name(section, scene),
                xref="paper",
                xshift=4 - margin,
                xanchor="left",
                yanchor="middle",
                font={"size": size, "color": colour},
            )
        )
    return labels


def section_name(section: str, scene: Scene) -> str:
    """Return the name of a tier with its threshold, of a peer group, or of a ranking without."""
    words = scene.words
    if scene.selection.peers:
        return peer_group_name(scene, section)
    thresholds = {tier.id: tier.threshold for tier in scene.framework.tiers}
    if section not in thresholds:
        return words("incentives.without_tiers")
    return words(
        "incentives.tier_from",
        tier=tier_name(scene, section),
        score=words.number(thresholds[section]),
    )


def live_facts(table: pd.DataFrame, frames: Frames, scene: Scene) -> dict[str, Any]:
    """Return what the browser needs to rank the members anew: ``assets/ranking.js`` reads it.

    ``table`` is what is drawn, in the order of its traces; of members that are not, because
    they have too few weighted pillars, only the scores go along: other weights may rank them.
    """
    rules = scene.framework.ranking
    every = frames["ranking"]
    pillars = [pillar.id for pillar in scene.framework.pillars]
    names = [f"{pillar}_pillar" for pillar in pillars]
    others = every.loc[every["standing"].isin(["few_pillars", "no_pillars"]), "member_iso3"]
    seen = frames["pillars"]
    seen = seen[(seen["span"] == "selected") & seen["member_iso3"].isin(others)]
    return {
        "pillars": pillars,
        "weights": weight_shares(frames["schemes"]),
        "schemes": _scheme_weights(frames["schemes"]),
        "aggregation": scene.selection.aggregation,
        "floor": GEOMETRIC_FLOOR,
        "missing": rules.missing,
        "minimum": rules.minimum_pillars,
        "scores": _numbers(table[names]),
        "others": _numbers(seen[names]),
        "members": table["member_iso3"].tolist(),
        "regions": [
            scene.catalogue.members[iso3]
            for iso3 in scene.chosen.members
            if iso3 in scene.catalogue.members
        ],
        "names": [safe(shortened(scene.names.member(one))) for one in table["member_iso3"]],
        "chosen": [bool(one) for one in table["is_chosen"]],
        "sections": table["section"].tolist() if scene.selection.peers else None,
        "headings": {
            section: safe(section_name(section, scene))
            for section in (
                peer_order(table, scene)
                if scene.selection.peers
                else [tier.id for tier in scene.framework.tiers] + [""]
            )
        },
        "tiers": [[tier.threshold, tier.id] for tier in scene.framework.tiers]
        if has_tiers(scene)
        else [],
        "colours": [scene.palette.soft_ink, scene.palette.accent],
    }


def _numbers(table: pd.DataFrame) -> list[list[float | None]]:
    values = table.to_numpy(dtype="float64")
    return [[None if value != value else float(value) for value in row] for row in values]


def _scheme_weights(schemes: pd.DataFrame) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    parts = (schemes[name].tolist() for name in ("scheme", "pillar", "weight_share"))
    for scheme, pillar, share in zip(*parts, strict=True):
        found.setdefault(scheme, {})[pillar] = share
    return found
