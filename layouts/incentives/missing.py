"""What is missing of whom, and to which pillars the weight went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.incentives.reading import (
    is_in_scope,
    no_ranking,
    pillar_name,
    ranked,
    weight_shares,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 12


def draw_missing(frames: Frames, scene: Scene) -> Drawing:
    """The members scored without a pillar, those selected first, with the weights they have."""
    frame, words = ranked(frames["ranking"]), scene.words
    if frame.empty:
        return Drawing(empty=no_ranking(scene, frames["ranking"]))
    rule = words(f"incentives.policy.{scene.framework.ranking.missing}")
    shares = weight_shares(frames["schemes"])
    partial = frame[frame["pillars_missing"].fillna("") != ""]
    if partial.empty:
        sentence = words("incentives.nothing_missing", count=words.number(len(frame)))
        return Drawing(children=html.P(f"{sentence} {rule}"))
    chosen = is_in_scope(partial, scene)
    listed = pd.concat([partial[chosen], partial[~chosen]]).head(ROWS_AT_MOST)
    heads = ("missing_member", "missing_pillar", "missing_weights")
    table = html.Table(
        [
            html.Thead(
                html.Tr([html.Th(words(f"incentives.{head}"), scope="col") for head in heads])
            ),
            html.Tbody([_line(row, shares, scene) for row in rows(listed)]),
        ],
        className="data-table",
    )
    parts: list[Any] = [html.P(rule), html.Div(table, className="table-scroll", tabIndex="0")]
    if len(partial) > len(listed):
        more = words.number(len(partial) - len(listed))
        parts.append(html.P(words("incentives.apart_more", count=more), className="hint"))
    return Drawing(children=html.Div(parts))


def _line(row: Any, shares: Mapping[str, float], scene: Scene) -> html.Tr:
    words = scene.words
    missing = str(row.pillars_missing).split(",")
    name = html.Button(
        scene.names.member(row.member_iso3),
        type="button",
        className="mark",
        **attributes(data_event=f"member:{row.member_iso3}"),
    )
    weights = ", ".join(
        f"{pillar_name(scene, pillar)} {words.value(share, 'share')}"
        for pillar, share in redistributed(shares, missing).items()
    )
    gone = ", ".join(
        f"{pillar_name(scene, pillar)} ({words.value(shares.get(pillar, 0.0), 'share')})"
        for pillar in missing
    )
    return html.Tr([html.Th(name, scope="row"), html.Td(gone), html.Td(weights)])


def redistributed(shares: Mapping[str, float], missing: list[str]) -> dict[str, float]:
    """Return the weights of the pillars that are there, in proportion and adding up to 1.

    Examples
    --------
    >>> redistributed({"timeliness": 0.5, "quality": 0.3, "coverage": 0.2}, ["timeliness"])
    {'quality': 0.6, 'coverage': 0.4}
    """
    there = {name: share for name, share in shares.items() if name not in missing and share > 0}
    whole = sum(there.values()) or 1.0
    return {name: share / whole for name, share in there.items()}
