"""The scores of every member by dimension, as a table that can be read and clicked."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.quality.subject import (
    CLASS_BREAKS,
    DIMENSIONS,
    FULL_WEIGHT,
    class_colours,
    collection_text,
    is_in_scope,
    is_named,
    no_scores,
    score_class,
    score_shown,
)
from layouts.scene import Scene

STAGED_ROWS: Final = 18


def draw_scores(frames: Frames, scene: Scene) -> Drawing:
    """Members down, overall score and dimensions across; the worst first."""
    frame = frames["quality_by_member"]
    words, shown = scene.words, score_shown(scene)
    if frame[shown].dropna().empty and not scene.chosen.members:
        return Drawing(empty=no_scores(scene))
    ordered = table_order(frame, scene)
    absent = [iso3 for iso3 in scene.catalogue.members if iso3 not in set(frame["member_iso3"])]
    if scene.is_present:
        ordered, absent = ordered.head(STAGED_ROWS), []
    # Chosen members that sent nothing are told first: they were asked for.
    asked = [iso3 for iso3 in absent if iso3 in scene.chosen.members]
    others = [iso3 for iso3 in absent if iso3 not in asked]
    body = [_row(row, scene) for row in rows(ordered)]
    table = html.Table(
        [
            html.Thead(html.Tr(_head(scene))),
            html.Tbody(
                [
                    *(_absent_row(iso3, scene) for iso3 in asked),
                    *body,
                    *(_absent_row(iso3, scene) for iso3 in others),
                ]
            ),
        ],
        className="heat-table",
        # The colours stand once on the table, not in each of a thousand cells.
        style={
            f"--heat-{part}-{place}": colour
            for place, pair in enumerate(class_colours(scene.palette))
            for part, colour in zip(("paper", "ink"), pair, strict=True)
        },
    )
    return Drawing(
        children=html.Div(
            [
                _legend(scene),
                html.Div(
                    table,
                    className="heat-scroll",
                    tabIndex="0",
                    **attributes(aria_label=words("quality.scores.title"), role="region"),
                ),
            ]
        ),
        subtitle=scene.subtitle(words("quality.score_unit"), collection_text(scene)),
        note=words("quality.weight_note")
        + ("" if scene.is_present else f" {words('quality.sort_note')}"),
    )


def table_order(frame: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the members in the order of the table: the chosen first, then the worst first."""
    shown = score_shown(scene)
    lit = [
        is_named(scene.chosen) and is_in_scope(scene, iso3, region)
        for iso3, region in zip(frame["member_iso3"], frame["region_id"], strict=True)
    ]
    return (
        frame.assign(is_lit=lit)
        .sort_values([shown, "member_iso3"], na_position="last", kind="stable")
        .sort_values("is_lit", ascending=False, kind="stable")
    )


def _head(scene: Scene) -> list[Any]:
    words, chosen = scene.words, scene.chosen.dimension
    cells: list[Any] = [html.Th(words("column.member_iso3"), scope="col")]
    overall: Any = words("quality.overall")
    if chosen:
        overall = html.Button(
            overall, type="button", className="mark", **attributes(data_event=f"dimension:{chosen}")
        )
    cells.append(html.Th(overall, scope="col", className="number"))
    for dimension in DIMENSIONS:
        button = html.Button(
            words(f"quality.short_{dimension}"),
            type="button",
            className="mark",
            title=words("quality.sort_by", dimension=words(f"dimension.{dimension}")),
            **attributes(data_event=f"dimension:{dimension}"),
        )
        state = "number is-sorted" if dimension == chosen else "number"
        cells.append(html.Th(button, scope="col", className=state))
    return cells


def _row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    is_partial = row.weight_used < FULL_WEIGHT
    cells: list[Any] = [_name_cell(row.member_iso3, scene)]
    title = words("quality.rows_checked", rows=words.short(float(row.rows_checked)))
    if is_partial:
        title += ", " + words("quality.weight_used", share=words.value(row.weight_used, "share"))
    cells.append(_score_cell(row.quality_score, scene, mark="*" if is_partial else "", title=title))
    cells += [_score_cell(getattr(row, dimension), scene) for dimension in DIMENSIONS]
    is_chosen = row.member_iso3 in scene.chosen.members
    kind = "is-chosen" if is_chosen else "" if _is_lit(row, scene) else "is-muted"
    return html.Tr(cells, className=kind)


def _is_lit(row: Any, scene: Scene) -> bool:
    return is_in_scope(scene, row.member_iso3, row.region_id)


def _name_cell(iso3: str, scene: Scene) -> html.Th:
    region = scene.catalogue.members.get(iso3, "")
    return html.Th(
        [
            html.Span(
                className="region-dot",
                title=scene.names.region(region),
                style={"background": REGION_COLOURS.get(region, scene.palette.muted)},
            ),
            html.Button(
                scene.names.member(iso3),
                type="button",
                className="mark",
                title=scene.names.member(iso3),
                **attributes(data_event=f"member:{iso3}"),
            ),
        ],
        scope="row",
    )


def _score_cell(score: float, scene: Scene, *, mark: str = "", title: str = "") -> html.Td:
    if score != score:
        return html.Td("–", className="heat heat--missing", title=scene.words("quality.too_few"))
    options: dict[str, Any] = {"title": title} if title else {}
    return html.Td(
        scene.words.value(score, "score") + mark,
        className=f"heat heat--{score_class(score)}",
        **options,
    )


def _absent_row(iso3: str, scene: Scene) -> html.Tr:
    kind = "is-chosen" if iso3 in scene.chosen.members else "is-muted"
    return html.Tr(
        [
            _name_cell(iso3, scene),
            html.Td(
                scene.words("quality.nothing_sent"),
                colSpan=len(DIMENSIONS) + 1,
                className="heat heat--missing",
            ),
        ],
        className=kind,
    )


def _legend(scene: Scene) -> html.P:
    words = scene.words
    steps = [words.number(step) for step in CLASS_BREAKS]
    labels = [
        words("quality.below", step=steps[0]),
        *(f"{low}–{high}" for low, high in pairwise(steps)),
        words("quality.from", step=steps[-1]),
    ]
    return html.P(
        [
            html.Span(label, className="heat-key", style={"background": paper, "color": ink})
            for label, (paper, ink) in zip(labels, class_colours(scene.palette), strict=True)
        ],
        className="heat-keys",
    )
