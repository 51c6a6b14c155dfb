"""Which rules fail, what each means, and where it fails."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import dcc

from layouts.attributes import attributes
from layouts.charts import annotation, axis, base_layout, mark, rows
from layouts.elements import Element, element
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
        children=_list(shown, scene),
        subtitle=scene.subtitle(
            words.label("failed_share"), scene.scope_text, collection_text(scene)
        ),
        note=_note(clean, scene),
    )


def _list(shown: pd.DataFrame, scene: Scene) -> Element:
    largest = float(shown["failed_share"].max()) or 1.0
    listed = [_failing(row, largest, scene) for row in rows(shown)]
    return element(
        "Div",
        element("Ul", listed, className="remedies"),
        className="heat-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=scene.words("quality.rules.title")),
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


def _failing(row: Any, largest: float, scene: Scene) -> Element:
    """Return a rule with its share and a bar of it; its title selects it."""
    words, chosen = scene.words, scene.chosen.rule
    is_chosen = row.rule_id == chosen
    is_lit = (not chosen or is_chosen) and (
        not scene.chosen.dimension or row.dimension_id == scene.chosen.dimension
    )
    share = 0.0 if pd.isna(row.failed_share) else float(row.failed_share)
    title = element(
        "Button",
        rule_title(scene, row.rule_id),
        type="button",
        className="mark",
        **attributes(data_event=mark("rule", row.rule_id)),
    )
    severity = words(f"quality.{row.severity}")
    facts = element("Span", f"{severity} · {_share_text(row, scene)}", className="remedies__gain")
    bar = element(
        "Span",
        className=f"lift failing failing--{row.severity}",
        style={"--from": "0", "--to": f"{100 * share / largest:.1f}"},
        **attributes(aria_hidden="true"),
    )
    shade = "" if is_lit else "failing--unlit"
    return element(
        "Li",
        [element("Div", [title, facts], className="remedies__line"), bar],
        className="is-chosen" if is_chosen else shade,
        title=_rule_story(row, scene),
    )


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
        return words("quality.unplaced", count=words.number(row.unplaced_count))
    share = f"{words.label('failed_share')} {small_share(row.failed_share, scene)}"
    lines = [share, counts_text(row, scene), words(f"dimension.{row.dimension_id}")]
    return "\n".join(lines)
