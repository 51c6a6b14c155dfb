"""What a rank is made of: the five pillars of the members selected, or of the first ones."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.incentive_rules import STANDARD_INDICATORS
from dashboard.incentive_values import ENGAGEMENT_KINDS
from layouts.charts import Figure, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.incentives.reading import (
    is_in_scope,
    no_ranking,
    pillar_name,
    ranked,
    shortened,
    weight_shares,
)
from layouts.incentives.treatments import indicator_value
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 10
STAGE_ROWS_AT_MOST: Final = 8
ROWS_AT_LEAST: Final = 6
"""Rows that share the height: a single member's cells would else fill it."""


SAID_IN_WORDS: Final = frozenset(
    {
        *STANDARD_INDICATORS.values(),
        *ENGAGEMENT_KINDS,
    }
)
"""Indicators that the sentence of their pillar tells of; others stand with their names."""


def draw_pillars(frames: Frames, scene: Scene) -> Drawing:
    """Pillar scores of the members selected, or of the first ones, as a table of shades."""
    frame = ranked(frames["ranking"])
    # An audience that does not name everybody gets the pillars of the members that it names.
    frame = frame[frame["member_iso3"].isin(frames["pillars"]["member_iso3"])]
    if frame.empty:
        return Drawing(empty=no_ranking(scene, frames["ranking"]))
    words = scene.words
    is_chosen = is_in_scope(frame, scene)
    most = STAGE_ROWS_AT_MOST if scene.is_present else ROWS_AT_MOST
    listed = frame[is_chosen] if is_chosen.any() else frame
    key = "pillars_of_scope" if is_chosen.any() else "pillars_of_first"
    if scene.chosen.members and not is_chosen.any():
        return Drawing(empty=words("incentives.not_ranked", scope=scene.scope_text))
    shown = listed.head(most)
    return Drawing(
        figure=pillar_table(shown, frames["pillars"], weight_shares(frames["schemes"]), scene),
        subtitle=scene.subtitle(
            words(f"incentives.{key}", shown=words.number(len(shown)), all=len(listed)),
        ),
        note=words(f"incentives.pillars_note.{scene.selection.normalisation}"),
    )


def pillar_table(
    shown: pd.DataFrame, pillars: pd.DataFrame, shares: dict[str, float], scene: Scene
) -> Figure:
    """Return a heat table: members down, pillars across, the score in each cell."""
    palette, words = scene.palette, scene.words
    names = list(shares)
    raw = pillars[pillars["span"] == "selected"].set_index("member_iso3")
    z, texts, hover, marks = [], [], [], []
    for row in rows(shown):
        scores = [getattr(row, f"{name}_pillar") for name in names]
        z.append([None if pd.isna(score) else float(score) for score in scores])
        texts.append([words.value(score, "score") for score in scores])
        hover.append(
            [
                _cell_story(row, name, score, raw.loc[row.member_iso3], scene)
                for name, score in zip(names, scores, strict=True)
            ]
        )
        marks.append([mark("member", row.member_iso3)] * len(names))
    # Only the steps on which the ink can be read.
    steps = palette.sequential[:3]
    places = list(range(len(shown)))
    size = scene.font_size if scene.is_present else 12
    heads = [
        f"{safe(pillar_name(scene, name))}<br>{safe(words.value(shares[name], 'share'))}"
        for name in names
    ]
    data: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": list(range(len(names))),
            "y": places,
            "z": z,
            "zmin": 0,
            "zmax": 100,
            "colorscale": [[i / (len(steps) - 1), colour] for i, colour in enumerate(steps)],
            "showscale": False,
            "xgap": 2,
            "ygap": 2,
            "text": texts,
            "texttemplate": "%{text}",
            "textfont": {"size": size, "color": palette.ink},
            "hovertext": hover,
            "hoverinfo": "text",
            "hoverongaps": True,
            "customdata": marks,
        }
    ]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            side="top",
            showgrid=False,
            tickvals=list(range(len(names))),
            ticktext=heads,
            range=[-0.5, len(names) - 0.5],
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=[_row_label(row, scene) for row in rows(shown)],
            tickfont={"size": size, "color": palette.ink},
            range=[max(len(shown), ROWS_AT_LEAST) - 0.5, -0.5],
        ),
    )
    return figure(data, layout)


def _row_label(row: Any, scene: Scene) -> str:
    name = shortened(scene.names.member(row.member_iso3))
    band = f"{scene.words.number(row.rank_low)}–{scene.words.number(row.rank_high)}"
    # Two lines, so that the cells keep some width on a phone.
    return f"{safe(name)}<br>{scene.words.number(row.rank)} ({band})"


def _cell_story(row: Any, pillar: str, score: float, raw: pd.Series, scene: Scene) -> str:
    words = scene.words
    measured = words.value(score, "score")
    error = raw[f"{pillar}_error"]
    return tooltip(
        scene.names.member(row.member_iso3),
        f"{pillar_name(scene, pillar)}: {measured}",
        words("incentives.error", error=words.value(float(error), "score"))
        if not pd.isna(error) and error > 0
        else "",
        raw_text(pillar, raw, scene),
    )


def raw_text(pillar: str, raw: pd.Series, scene: Scene) -> str:
    """Return what a pillar was scored from, in its own unit and with its n."""
    words = scene.words
    declared = next((one.indicators for one in scene.framework.pillars if one.id == pillar), [])
    if any(one.id not in SAID_IN_WORDS for one in declared):
        values = [
            f"{getattr(one.name, words.language)} {indicator_value(raw[one.id], one.id, scene)}"
            for one in declared
        ]
        return ", ".join(values)
    counted = {name: words.number(float(raw[name])) for name in ("on_time", "counted")}
    received = {name: words.number(float(raw[name])) for name in ("received", "owed")}
    match pillar:
        case "timeliness":
            return words("incentives.raw_timeliness", **counted)
        case "quality":
            score = words.measured(float(raw["quality_score"]), "quality_score")
            return words("incentives.raw_quality", score=score)
        case "coverage":
            return words("incentives.raw_coverage", **received)
        case "improvement":
            if pd.isna(raw["on_time_change"]):
                return words("incentives.raw_no_past")
            change = words.value(float(raw["on_time_change"]), "share", is_change=True)
            return words("incentives.raw_improvement", change=change)
        case _:
            kinds = sum(float(raw[name] or 0) for name in ("correspondent", "survey", "training"))
            return words("incentives.raw_engagement", kinds=words.number(kinds))
