"""Which rules fail, what each means, and where it fails."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import dcc

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.palette import Palette
from layouts.panels import Drawing, Frames
from layouts.quality.subject import (
    collection_text,
    counts_text,
    rule_title,
    small_share,
)
from layouts.scene import Scene

BARS_AT_MOST: Final = 24
STAGED_BARS: Final = 8
ROW_PIXELS: Final = 38


def draw_rules(frames: Frames, scene: Scene) -> Drawing:
    """Rules by the share of checked rows that fail, the worst on top."""
    frame = frames["rule_failures"]
    words = scene.words
    failing = frame[(frame["rows_failed"] > 0) | (frame["unplaced_count"] > 0)]
    if frame.empty:
        return Drawing(empty=words("quality.no_checks", range=scene.range_text))
    if failing.empty:
        return Drawing(
            empty=words(
                "quality.none_fails", scope=scene.scope_text, count=words.number(len(frame))
            ),
            is_good=True,
        )
    shown = _kept(failing, scene)
    clean = int(((frame["rows_failed"] == 0) & (frame["unplaced_count"] == 0)).sum())
    return Drawing(
        figure=rule_bars(shown, scene),
        height=None if scene.is_present else len(shown) * ROW_PIXELS + 12,
        subtitle=scene.subtitle(
            words.label("failed_share"), scene.scope_text, collection_text(scene)
        ),
        note=_note(clean, scene),
    )


def _note(clean: int, scene: Scene) -> list[Any]:
    """Count the rules that hold, and lead to the page of each rule."""
    words = scene.words
    parts: list[Any] = []
    if clean:
        parts.append(words("quality.clean_rules", count=words.number(clean)) + " ")
    if not scene.is_present:
        parts.append(dcc.Link(words("quality.all_rules"), href="/rules" + scene.chosen.search()))
    return parts


def _kept(failing: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    most = STAGED_BARS if scene.is_present else BARS_AT_MOST
    head = failing.head(most)
    chosen = failing[failing["rule_id"] == scene.chosen.rule]
    if chosen.empty or scene.chosen.rule in set(head["rule_id"]):
        return head
    return pd.concat([head.head(most - 1), chosen])


def severity_colour(severity: str, palette: Palette) -> str:
    """Return the shade of a severity: the graver, the stronger."""
    return {"error": palette.ink, "warning": palette.soft_ink}.get(severity, palette.muted)


def rule_bars(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a bar per rule with its title above it; bars and titles can be clicked."""
    palette, words = scene.palette, scene.words
    chosen, dimension = scene.chosen.rule, scene.chosen.dimension
    shares = frame["failed_share"].fillna(0.0).tolist()
    places = list(range(len(frame)))
    colours, opacities, texts = [], [], []
    for row in rows(frame):
        is_lit = (not chosen or row.rule_id == chosen) and (
            not dimension or row.dimension_id == dimension
        )
        colours.append(
            palette.accent if row.rule_id == chosen else severity_colour(row.severity, palette)
        )
        opacities.append(1.0 if is_lit else 0.4)
        texts.append(_share_text(row, scene))
    titles = [
        f"{rule_title(scene, row.rule_id)} · {words(f'quality.{row.severity}')}"
        for row in rows(frame)
    ]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": shares,
            "y": places,
            "width": 0.34,
            "marker": {"color": colours, "opacity": opacities},
            "text": texts,
            "textposition": "outside",
            "textfont": {"size": scene.font_size * 0.9},
            "constraintext": "none",
            "cliponaxis": False,
            "customdata": [mark("rule", rule_id) for rule_id in frame["rule_id"]],
            "hovertext": [_rule_story(row, scene) for row in rows(frame)],
            "hoverinfo": "text",
        }
    ]
    labels = labels_above(
        titles,
        [mark("rule", rule_id) for rule_id in frame["rule_id"]],
        [row.rule_id == chosen for row in rows(frame)],
        scene,
    )
    return figure(data, bars_layout(shares, labels, scene))


def labels_above(
    titles: list[str], events: list[str], are_chosen: list[bool], scene: Scene
) -> list[dict[str, Any]]:
    return [
        annotation(
            scene,
            0,
            place - 0.2,
            title,
            xref="paper",
            xanchor="left",
            yanchor="bottom",
            captureevents=True,
            name=event,
            font={
                "size": scene.font_size,
                "color": scene.palette.ink,
                "weight": 600 if is_chosen else 400,
            },
        )
        for place, (title, event, is_chosen) in enumerate(
            zip(titles, events, are_chosen, strict=True)
        )
    ]


def bars_layout(shares: list[float], labels: list[dict[str, Any]], scene: Scene) -> dict[str, Any]:
    return base_layout(
        scene,
        xaxis=axis(
            scene.palette,
            visible=False,
            range=[0, (max(shares) or 1) * 1.32],
        ),
        yaxis=axis(scene.palette, visible=False, range=[len(shares) - 0.72, -0.72]),
        annotations=labels,
        bargap=0,
        margin={"l": 2, "r": 8, "t": 2, "b": 2},
    )


def _share_text(row: Any, scene: Scene) -> str:
    words = scene.words
    if row.rows_failed == 0:
        return words("quality.unplaced", count=words.number(row.unplaced_count))
    return f"{small_share(row.failed_share, scene)} ({words.short(float(row.rows_failed))})"


def _rule_story(row: Any, scene: Scene) -> str:
    words = scene.words
    if row.rows_failed == 0:
        return tooltip(
            rule_title(scene, row.rule_id),
            words("quality.unplaced", count=words.number(row.unplaced_count)),
        )
    return tooltip(
        rule_title(scene, row.rule_id),
        f"{words.label('failed_share')} {small_share(row.failed_share, scene)}",
        counts_text(row, scene),
        words(f"dimension.{row.dimension_id}"),
    )
