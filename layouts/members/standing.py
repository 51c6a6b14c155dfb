"""Where one member stands among others: quality by dimension, pillars of its score."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.members.directory import income
from layouts.members.subject import nobody, number_or_none, profile_of, staged_title, subject
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SCORE_TICKS = (0, 25, 50, 75, 100)


def _layout(labels: list[str], scene: Scene, **options: Any) -> dict[str, Any]:
    palette = scene.palette
    return base_layout(
        scene,
        xaxis=axis(palette, range=[-2, 106], tickvals=list(SCORE_TICKS)),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(range(len(labels))),
            ticktext=labels,
            tickfont={"size": scene.font_size, "color": palette.ink},
            range=[len(labels) - 0.5, -0.7],
        ),
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        **options,
    )


def _own_dots(
    values: list[float | None], texts: list[str], marks: list[str | None], scene: Scene
) -> dict[str, Any]:
    """Return the member's dots, labelled above."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": values,
        "y": list(range(len(values))),
        "text": [scene.words.measured(value, "quality_score") for value in values],
        "textposition": "top center",
        "textfont": {"color": scene.palette.accent, "size": scene.font_size},
        "cliponaxis": False,
        "marker": {"size": scene.font_size * 0.9, "color": scene.palette.accent},
        "hovertext": texts,
        "hoverinfo": "text",
        "customdata": marks,
    }


def draw_dimensions(frames: Frames, scene: Scene) -> Drawing:
    """The member's quality scores against the medians of its region and of all."""
    iso3 = subject(scene)
    if iso3 is None:
        return nobody(scene)
    frame = frames["quality_by_member"]
    own = rows(frame[frame["member_iso3"] == iso3])
    words = scene.words
    if not own or number_or_none(own[0].quality_score) is None:
        name = scene.names.member(iso3)
        return Drawing(empty=words("members.no_scores", name=name, range=scene.range_text))
    region = scene.catalogue.members[iso3]
    return Drawing(
        figure=dimension_dots(frame, own[0], region, scene),
        subtitle=scene.subtitle(words("unit.score"), words("members.trade_collection_only")),
        note=words("members.dimension_note", region=scene.names.region(region)),
    )


def dimension_dots(frame: pd.DataFrame, own: Any, region: str, scene: Scene) -> Figure:
    """Return a row per dimension: spread of all members, two medians, the member."""
    palette, words = scene.palette, scene.words
    measures = ["quality_score", *scene.catalogue.dimensions]
    measures = [one for one in measures if one in frame.columns]
    labels = [words.label(one) for one in measures]
    regional = frame[frame["region_id"] == region]
    spread_x: list[float | None] = []
    spread_y: list[float | None] = []
    for place, one in enumerate(measures):
        known = frame[one].dropna()
        if len(known):
            spread_x += [float(known.quantile(0.1)), float(known.quantile(0.9)), None]
            spread_y += [place, place, None]
    everybody = [number_or_none(frame[one].median()) for one in measures]
    there = [number_or_none(regional[one].median()) for one in measures]
    values = [number_or_none(getattr(own, one)) for one in measures]
    texts = [
        tooltip(
            f"{scene.names.member(own.member_iso3)}: {label}",
            words.measured(value, one),
            words("members.region_median", value=words.measured(middle, one)),
            words("members.all_median", value=words.measured(all_middle, one)),
            words("members.rows_checked", count=words.number(own.rows_checked)),
        )
        for one, label, value, middle, all_middle in zip(
            measures, labels, values, there, everybody, strict=True
        )
    ]
    marks = [None if one == "quality_score" else mark("dimension", one) for one in measures]
    size = scene.font_size * 0.9
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": spread_x,
            "y": spread_y,
            "line": {"width": size, "color": palette.faint},
            "hoverinfo": "skip",
        },
        _tick(everybody, palette.soft_ink, size),
        {
            "type": "scatter",
            "mode": "markers",
            "x": there,
            "y": list(range(len(there))),
            "marker": {"symbol": "diamond", "size": size * 0.8, "color": REGION_COLOURS[region]},
            "hoverinfo": "skip",
        },
        _own_dots(values, texts, marks, scene),
    ]
    notes = [
        annotation(
            scene,
            1,
            place,
            words("members.not_computed"),
            xanchor="left",
            font={"size": scene.font_size, "color": palette.soft_ink},
        )
        for place, value in enumerate(values)
        if value is None
    ]
    return figure(data, _layout(labels, scene, annotations=notes))


def _tick(values: list[float | None], colour: str, size: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": list(range(len(values))),
        "marker": {
            "symbol": "line-ns",
            "size": size,
            "line": {"width": 2, "color": colour},
        },
        "hoverinfo": "skip",
    }


def draw_pillars(frames: Frames, scene: Scene) -> Drawing:
    """The pillars of the member's score among those of its peers by income."""
    iso3 = subject(scene)
    if iso3 is None:
        return nobody(scene)
    ranking, facts = frames["ranking"], frames["member_facts"]
    own = rows(ranking[ranking["member_iso3"] == iso3])
    profile = profile_of(facts, iso3)
    words, name = scene.words, scene.names.member(iso3)
    if not own or profile is None or number_or_none(own[0].incentive_score) is None:
        return Drawing(empty=words("members.no_score", name=name, range=scene.range_text))
    group = profile.income_group
    alike = facts[facts["income_group"] == group]["member_iso3"]
    peers = ranking[ranking["member_iso3"].isin(list(alike)) & (ranking["member_iso3"] != iso3)]
    return Drawing(
        figure=pillar_dots(peers, own[0], scene),
        title=staged_title(scene, "pillars"),
        subtitle=scene.subtitle(words("unit.score"), words("members.every_collection")),
        note=words(
            "members.pillar_note", group=income(group, scene), count=words.number(len(peers))
        ),
    )


def pillar_dots(peers: pd.DataFrame, own: Any, scene: Scene) -> Figure:
    """Return a row per pillar: peers as quiet dots, their median, the member.

    Peers are not named, unless they are compared.
    """
    palette, words = scene.palette, scene.words
    measures = ["incentive_score", *(f"{pillar}_pillar" for pillar in scene.catalogue.pillars)]
    measures = [one for one in measures if one in peers.columns]
    labels = [words.label(one) for one in measures]
    values = [number_or_none(getattr(own, one)) for one in measures]
    middles = [number_or_none(peers[one].median()) for one in measures]
    xs: list[float] = []
    ys: list[float] = []
    for place, one in enumerate(measures):
        known = peers[one].dropna().tolist()
        xs += known
        ys += [place] * len(known)
    texts = [
        tooltip(
            f"{scene.names.member(own.member_iso3)}: {label}",
            words.measured(value, one),
            words("members.peer_median", value=words.measured(middle, one)),
        )
        for one, label, value, middle in zip(measures, labels, values, middles, strict=True)
    ]
    size = scene.font_size * 0.9
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": xs,
            "y": ys,
            "marker": {"size": size * 0.6, "color": palette.muted, "opacity": 0.45},
            "hoverinfo": "skip",
        },
        _tick(middles, palette.soft_ink, size),
        *_compared_dots(peers, measures, scene),
        _own_dots(values, texts, [None] * len(values), scene),
    ]
    return figure(data, _layout(labels, scene))


def _compared_dots(peers: pd.DataFrame, measures: list[str], scene: Scene) -> list[dict[str, Any]]:
    words, found = scene.words, []
    for row in rows(peers[peers["member_iso3"].isin(list(scene.chosen.compared))]):
        name = scene.names.member(row.member_iso3)
        values = [number_or_none(getattr(row, one)) for one in measures]
        found.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": values,
                "y": list(range(len(values))),
                "marker": {
                    "symbol": "circle-open",
                    "size": scene.font_size * 0.8,
                    "color": REGION_COLOURS[row.region_id],
                    "line": {"width": 2},
                },
                "hovertext": [
                    tooltip(f"{name}: {words.label(one)}", words.measured(value, one))
                    for one, value in zip(measures, values, strict=True)
                ],
                "hoverinfo": "text",
                "customdata": [mark("compared", row.member_iso3)] * len(values),
            }
        )
    return found
