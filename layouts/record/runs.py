"""The runs: what was published when, on what, and whether it is as it was written."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import rows
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.record.parts import cell, day, nothing_published, table
from layouts.scene import Scene

LISTED_AT_MOST: Final = 24
STAGED_AT_MOST: Final = 5
HASH_DIGITS: Final = 12


def draw_runs(frames: Frames, scene: Scene) -> Drawing:
    """A row per run, the latest first."""
    frame, words = frames["scoring_runs"], scene.words
    if frame.empty:
        return Drawing(empty=nothing_published(scene))
    most = STAGED_AT_MOST if scene.is_present else LISTED_AT_MOST
    listed = frame.head(most)
    names = (
        *(("run", "number"), ("written_at", ""), ("range", ""), ("data", "")),
        *(("framework", ""), ("method", "number"), ("seed", "number"), ("hash", "")),
        *(("proof", ""), ("changed", "")),
    )
    heads = [(words(f"record.head_{name}"), kind) for name, kind in names]
    flawed = int((frame["flaws"] > 0).sum())
    note = words("record.runs_note")
    if len(frame) > len(listed):
        note += " " + words("common.more_rows", count=words.number(len(frame) - len(listed)))
    return Drawing(
        children=table(
            heads, [_row(row, scene) for row in rows(listed)], words("record.runs.title")
        ),
        title=words("record.flawed", count=words.number(flawed)) if flawed else None,
        subtitle=words("record.runs_unit", count=words.number(len(frame))),
        note=note,
    )


def _row(row: Any, scene: Scene) -> Element:
    words = scene.words
    stretch = f"{words.month(row.range_first)} – {words.month(row.range_last)}"
    return element(
        "Tr",
        [
            element("Th", words.number(row.run), scope="row", className="number"),
            cell([day(row.written_at, scene), element("Div", str(row.author), className="hint")]),
            cell(stretch),
            cell(_code(str(row.generation))),
            cell(str(row.run_framework)),
            cell(str(row.run_method), "number"),
            cell(str(row.seed), "number"),
            cell(_code(str(row.hash)[:HASH_DIGITS], title=str(row.hash))),
            cell(_proof(row, scene), "whole"),
            cell(_change(row, scene)),
        ],
    )


def _code(text: str, **properties: Any) -> Element:
    return element("Span", text, style={"fontFamily": "monospace"}, **properties)


def _proof(row: Any, scene: Scene) -> Element:
    if row.flaws:
        text = scene.words("record.not_as_written", count=scene.words.number(row.flaws))
        return element("Strong", f"✗ {text}", className="record-flaw")
    return element("Span", f"✓ {scene.words('record.as_written')}")


def _change(row: Any, scene: Scene) -> Any:
    """Write what differs from the run before, and what that did."""
    words = scene.words
    if pd.isna(row.members_moved):
        return words("record.first_run", members=words.number(row.members_ranked))
    names = [one for one in str(row.what_changed).split(",") if one and one != "nan"]
    premises = ", ".join(words(f"record.premise_{one}") for one in names)
    did = words(
        "record.did",
        moved=words.number(row.members_moved),
        members=words.number(row.members_ranked),
        largest=words.number(row.largest_move),
        tiers=words.number(row.tier_changes),
        rho=words.number(row.rank_rho, 2),
    )
    return [
        element("Div", premises or words("record.premise_none")),
        element("Div", did, className="hint"),
    ]
