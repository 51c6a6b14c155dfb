"""How a score is made: its dimensions, how sure each is, and where the weight went."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import rows
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.quality.intervals import sureness, whisker
from layouts.quality.subject import DIMENSIONS, FULL_WEIGHT, collection_text, no_scores, past_note
from layouts.scene import Scene

MARK: Final = "quality_score"


def weights(scene: Scene) -> dict[str, float]:
    """Return the framework's weights as shares, by dimension; those that weigh nothing left out."""
    declared = {d.id: d.weight for d in scene.framework.dimensions if d.weight > 0}
    whole = sum(declared.values())
    return {one: declared[one] / whole for one in DIMENSIONS if one in declared}


def weights_here(row: Any, scene: Scene) -> dict[str, float]:
    """Return the weights of a score: those of the dimensions it lacks went to the others."""
    there = {one: w for one, w in weights(scene).items() if getattr(row, one) == getattr(row, one)}
    whole = sum(there.values())
    return {one: weight / whole for one, weight in there.items()}


def redistribution(row: Any, scene: Scene) -> str:
    """Say which dimensions a score lacks, and to what weights the others grew."""
    words, declared, here = scene.words, weights(scene), weights_here(row, scene)
    left = [one for one in declared if one not in here]
    if not left or not here:
        return ""
    return words(
        "quality.redistributed",
        left=", ".join(
            f"{words(f'dimension.{one}')} ({words.value(declared[one], 'share')})" for one in left
        ),
        others=", ".join(
            f"{words(f'dimension.{one}')} {_grown(one, declared, here, scene)}" for one in here
        ),
    )


def _grown(one: str, declared: dict[str, float], here: dict[str, float], scene: Scene) -> str:
    before, now = scene.words.value(declared[one], "share"), scene.words.value(here[one], "share")
    return f"{before} → {now}"


def draw_makeup(frames: Frames, scene: Scene) -> Drawing:
    """The score of the chosen member or region taken apart; of all, what scores lack."""
    members, regions = frames["quality_by_member"], frames["quality_by_region"]
    row, name = _subject(members, regions, scene)
    if row is None:
        return _of_all(members, scene)
    words = scene.words
    if row.quality_score != row.quality_score:
        return Drawing(empty=words("quality.no_score_of", name=name, range=scene.range_text))
    declared, here = weights(scene), weights_here(row, scene)
    lines = [_line(one, row, declared, here, scene) for one in declared]
    head = [
        element("Th", words(f"quality.{key}"), scope="col", **({"className": kind} if kind else {}))
        for key, kind in (
            ("dimension", ""),
            ("score_strip", "whisker-cell"),
            ("weight", "number"),
            ("adds", "number"),
        )
    ]
    table = element(
        "Table",
        [
            element("Thead", element("Tr", head)),
            element("Tbody", lines),
            element("Tfoot", _total(row, scene)),
        ],
        className="makeup",
    )
    told = redistribution(row, scene)
    parts = [table, *([element("P", told, className="makeup__moved")] if told else [])]
    return Drawing(
        children=element("Div", parts),
        title=words("quality.makeup_of", name=name, score=words.value(row.quality_score, "score")),
        subtitle=scene.subtitle(words("quality.score_unit"), collection_text(scene)),
        note=" ".join(part for part in (words("quality.interval_note"), past_note(scene)) if part),
    )


def _subject(members: pd.DataFrame, regions: pd.DataFrame, scene: Scene) -> tuple[Any, str]:
    """Return the row that the panel is about and its name: the first member or region chosen."""
    chosen = scene.chosen
    for column, frame, wanted, name in (
        ("member_iso3", members, chosen.members, scene.names.member),
        ("region_id", regions, chosen.regions, scene.names.region),
    ):
        found = rows(frame[frame[column] == wanted[0]]) if wanted else []
        if found:
            return found[0], name(wanted[0])
        if wanted:
            break
    return None, ""


def _line(
    one: str, row: Any, declared: dict[str, float], here: dict[str, float], scene: Scene
) -> Element:
    words, score = scene.words, getattr(row, one)
    name = element("Th", words.label(one), scope="row")
    if one not in here:
        key = "too_few_rows" if one in row.too_few.split(",") else f"lacks_{one}"
        return element(
            "Tr",
            [
                name,
                element("Td", words(f"quality.{key}"), className="makeup__lacks"),
                element("Td", f"{words.value(declared[one], 'share')} → 0", className="number"),
                element("Td", "–", className="number"),
            ],
            className="is-missing",
        )
    is_grown = here[one] - declared[one] > 1 - FULL_WEIGHT
    weight = _grown(one, declared, here, scene) if is_grown else words.value(declared[one], "share")
    told = sureness(row, one, scene)
    strip = element(
        "Td",
        [
            element("Span", words.value(score, "score"), className="makeup__score"),
            whisker(row, one, scene, text=told),
        ],
        className="whisker-cell",
    )
    return element(
        "Tr",
        [
            name,
            strip,
            element("Td", weight, className="number"),
            element("Td", words.number(score * here[one], 1), className="number"),
        ],
    )


def _total(row: Any, scene: Scene) -> Element:
    words = scene.words
    strip = element(
        "Td",
        [
            element("Span", words.value(row.quality_score, "score"), className="makeup__score"),
            whisker(row, MARK, scene),
        ],
        className="whisker-cell",
    )
    told = sureness(row, MARK, scene)
    return element(
        "Tr",
        [
            element("Th", words("quality.overall"), scope="row"),
            strip,
            element("Td", told, colSpan=2, className="number makeup__sure"),
        ],
    )


def _of_all(members: pd.DataFrame, scene: Scene) -> Drawing:
    """Say for how many members each dimension is missing, and why."""
    words = scene.words
    if scene.chosen.members:
        name = scene.names.member(scene.chosen.members[0])
        return Drawing(empty=words("quality.no_score_of", name=name, range=scene.range_text))
    scored = members.dropna(subset=["quality_score"])
    if scored.empty:
        return Drawing(empty=no_scores(scene))
    declared = weights(scene)
    left, few = (scored[name].str.split(",") for name in ("left_out", "too_few"))
    body = []
    for one in declared:
        lacking = sum(one in names for names in left)
        short = sum(one in names for names in few)
        reasons = [
            words(f"quality.{key}", count=words.number(count))
            for key, count in (("short_rows_count", short), (f"lack_{one}", lacking - short))
            if count
        ]
        body.append(
            element(
                "Tr",
                [
                    element("Th", words.label(one), scope="row"),
                    element("Td", words.value(declared[one], "share"), className="number"),
                    element("Td", words.number(len(scored) - lacking), className="number"),
                    element("Td", "; ".join(reasons) or "–", className="makeup__lacks"),
                ],
            )
        )
    head = [
        element("Th", words(f"quality.{key}"), scope="col", **({"className": kind} if kind else {}))
        for key, kind in (
            ("dimension", ""),
            ("weight", "number"),
            ("have_it", "number"),
            ("lack_it", ""),
        )
    ]
    table = element(
        "Table",
        [element("Thead", element("Tr", head)), element("Tbody", body)],
        className="makeup",
    )
    return Drawing(
        children=element("Div", table),
        subtitle=scene.subtitle(words("quality.weights_unit"), collection_text(scene)),
        note=words("quality.makeup_note"),
    )
