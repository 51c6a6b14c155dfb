"""The scores of every member by dimension, as a table that can be read and clicked."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pandas as pd

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.quality.intervals import whisker
from layouts.quality.makeup import redistribution
from layouts.quality.subject import (
    CLASS_BREAKS,
    DIMENSIONS,
    FULL_WEIGHT,
    class_colours,
    collection_text,
    is_in_scope,
    is_named,
    no_scores,
    past_note,
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
    there = set(frame["member_iso3"])
    absent = [iso3 for iso3 in scene.catalogue.members if iso3 not in there]
    if scene.is_present:
        ordered, absent = ordered.head(STAGED_ROWS), []
    # Chosen members that sent nothing are told first: they were asked for.
    asked = [iso3 for iso3 in absent if iso3 in scene.chosen.members]
    others = [iso3 for iso3 in absent if iso3 not in asked]
    body = [
        *(_absent_row(iso3, scene) for iso3 in asked),
        *(_row(row, scene) for row in rows(ordered)),
        *(_absent_row(iso3, scene) for iso3 in others),
    ]
    table = element(
        "Table",
        [element("Thead", element("Tr", _head(scene))), element("Tbody", body)],
        className="heat-table",
        # The colours stand once on the table, not in each of a thousand cells.
        style={
            f"--heat-{part}-{place}": colour
            for place, pair in enumerate(class_colours(scene.palette))
            for part, colour in zip(("paper", "ink"), pair, strict=True)
        },
    )
    scrolled = element(
        "Div",
        table,
        className="heat-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=words("quality.scores.title")),
    )
    return Drawing(
        children=element("Div", [_legend(scene), scrolled]),
        subtitle=scene.subtitle(words("quality.score_unit"), collection_text(scene)),
        note=" ".join(
            [
                words("quality.weight_note"),
                "" if scene.is_present else words("quality.sort_note"),
                past_note(scene),
            ]
        ).strip(),
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


def _head(scene: Scene) -> list[Element]:
    words, chosen = scene.words, scene.chosen.dimension
    cells = [element("Th", words("column.member_iso3"), scope="col")]
    overall: Any = words("quality.overall")
    if chosen:
        overall = _button(overall, f"dimension:{chosen}", overall)
    cells.append(element("Th", overall, scope="col", className="number"))
    cells.append(element("Th", words("quality.sureness"), scope="col", className="whisker-cell"))
    for dimension in DIMENSIONS:
        title = words("quality.sort_by", dimension=words(f"dimension.{dimension}"))
        button = _button(words(f"quality.short_{dimension}"), f"dimension:{dimension}", title)
        state = "number is-sorted" if dimension == chosen else "number"
        cells.append(element("Th", button, scope="col", className=state))
    return cells


def _button(label: str, event: str, title: str) -> Element:
    return element(
        "Button",
        label,
        type="button",
        className="mark",
        title=title,
        **attributes(data_event=event),
    )


def _row(row: Any, scene: Scene) -> Element:
    words, shown = scene.words, score_shown(scene)
    is_partial = row.weight_used < FULL_WEIGHT
    title = words("quality.rows_checked", rows=words.short(float(row.rows_checked)))
    if is_partial:
        title += ". " + redistribution(row, scene)
    cells = [
        _name_cell(row.member_iso3, scene),
        _score_cell(row.quality_score, scene, mark="*" if is_partial else "", title=title),
        element("Td", whisker(row, shown, scene), className="whisker-cell"),
    ]
    few = set(row.too_few.split(",")) if is_partial else set()
    for dimension in DIMENSIONS:
        key = "too_few_rows" if dimension in few else "nothing_to_compare"
        cells.append(_score_cell(getattr(row, dimension), scene, missing=key))
    is_chosen = row.member_iso3 in scene.chosen.members
    kind = "is-chosen" if is_chosen else "" if _is_lit(row, scene) else "is-muted"
    return element("Tr", cells, className=kind)


def _is_lit(row: Any, scene: Scene) -> bool:
    return is_in_scope(scene, row.member_iso3, row.region_id)


def _name_cell(iso3: str, scene: Scene) -> Element:
    region, name = scene.catalogue.members.get(iso3, ""), scene.names.member(iso3)
    colour = REGION_COLOURS.get(region, scene.palette.muted)
    dot = element(
        "Span",
        className="region-dot",
        title=scene.names.region(region),
        style={"background": colour},
    )
    return element("Th", [dot, _button(name, f"member:{iso3}", name)], scope="row")


def _score_cell(
    score: float, scene: Scene, *, mark: str = "", title: str = "", missing: str = "too_few"
) -> Element:
    if score != score:
        text = scene.words(f"quality.{missing}")
        return element("Td", "–", className="heat heat--missing", title=text)
    options: dict[str, Any] = {"title": title} if title else {}
    return element(
        "Td",
        scene.words.value(score, "score") + mark,
        className=f"heat heat--{score_class(score)}",
        **options,
    )


def _absent_row(iso3: str, scene: Scene) -> Element:
    kind = "is-chosen" if iso3 in scene.chosen.members else "is-muted"
    told = element(
        "Td",
        scene.words("quality.nothing_sent"),
        colSpan=len(DIMENSIONS) + 2,
        className="heat heat--missing",
    )
    return element("Tr", [_name_cell(iso3, scene), told], className=kind)


def _legend(scene: Scene) -> Element:
    words = scene.words
    steps = [words.number(step) for step in CLASS_BREAKS]
    labels = [
        words("quality.below", step=steps[0]),
        *(f"{low}–{high}" for low, high in pairwise(steps)),
        words("quality.from", step=steps[-1]),
    ]
    keys = [
        element("Span", label, className="heat-key", style={"background": paper, "color": ink})
        for label, (paper, ink) in zip(labels, class_colours(scene.palette), strict=True)
    ]
    return element("P", keys, className="heat-keys")
