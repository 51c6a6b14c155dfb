"""The list of cases, those that move a total most first."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.cases import STATES
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.chips import commodity_name
from layouts.outliers.wording import (
    collection_text,
    flow_text,
    number_or_none,
    past_note,
    share,
    state_mark,
    usd,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

LISTED_AT_MOST: Final = 60
STAGED_ROWS: Final = 9


def draw_list(frames: Frames, scene: Scene) -> Drawing:
    """A table of cases with value, expected value, effect and state."""
    frame, words = frames["outliers"], scene.words
    if frame.empty:
        return Drawing(empty=why_empty(frames["judged_series"], scene))
    listed = frame.head(STAGED_ROWS if scene.is_present else LISTED_AT_MOST)
    chosen = scene.chosen.case or str(frame["case_id"].iloc[0])
    table = html.Table(
        [
            html.Thead(html.Tr(_head(scene))),
            html.Tbody([_row(row, chosen, scene) for row in rows(listed)]),
        ],
        className="data-table outlier-list",
    )
    return Drawing(
        children=html.Div(
            table,
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("outliers.list.title")),
        ),
        title=_finding(rows(frame.head(1))[0], scene),
        subtitle=scene.subtitle(
            words("outliers.list_unit", count=words.number(len(frame))),
            flow_text(scene.selection.flow or "X", scene),
            scene.scope_text,
            collection_text(scene),
        ),
        note=_note(frame, len(listed), frames["judged_series"], scene),
    )


def _finding(row: Any, scene: Scene) -> str:
    words = scene.words
    effect = number_or_none(row.effect_usd) or 0.0
    is_one = len(scene.chosen.members) == 1
    return words(
        "outliers.largest_more" if effect > 0 else "outliers.largest_less",
        member=scene.names.member(str(row.member_iso3)),
        what=commodity_name(scene, str(row.commodity_code)),
        period=words.period(int(row.period_id)),
        value=usd(abs(effect), scene),
        share=share(row.member_share if is_one else row.region_share, scene),
        whose=words("outliers.whose_member" if is_one else "outliers.whose_region"),
        flow=words(f"flow.{row.flow_code}"),
    )


def why_empty(judged: pd.DataFrame, scene: Scene) -> str:
    """Return why there is no case: no trade, series too short, or nothing unusual."""
    words, chosen = scene.words, scene.chosen
    about = {
        "scope": scene.scope_text,
        "collection": collection_text(scene),
        "range": scene.range_text,
        "flow": words(f"flow.{scene.selection.flow}"),
    }
    if scene.selection.flow not in {"M", "X"}:
        return words("outliers.only_two_flows")
    if judged.empty:
        return words("outliers.no_trade", **about)
    if not judged["judged_count"].sum():
        return words(
            "outliers.too_short",
            count=words.number(judged["series_count"].sum()),
            fewest=words.number(judged["fewest_points"].max()),
            **about,
        )
    if chosen.status in STATES:
        state = words(f"outliers.state.{chosen.status}").lower()
        return words("outliers.none_in_state", state=state, **about)
    return words("outliers.none", **about)


def _note(frame: pd.DataFrame, listed: int, judged: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    is_one = len(scene.chosen.members) == 1
    parts = [words("outliers.rank_member" if is_one else "outliers.rank_region")]
    unjudged = int(judged["series_count"].sum() - judged["judged_count"].sum())
    if unjudged:
        parts.append(
            words(
                "outliers.unjudged",
                count=words.number(unjudged),
                all=words.number(judged["series_count"].sum()),
                fewest=words.number(judged["fewest_points"].max()),
            )
        )
    if len(frame) > listed:
        parts.append(words("common.more_rows", count=words.number(len(frame) - listed)))
    if frame["case_state"].isna().all():
        parts.append(words("outliers.log_lost"))
    parts.append(past_note(scene))
    return " ".join(part for part in parts if part)


def _head(scene: Scene) -> list[html.Th]:
    words = scene.words
    texts = [
        (words("column.member_iso3"), ""),
        (words("outliers.what"), ""),
        (words("column.period_id"), ""),
        (words("outliers.reported"), "number"),
        (words("outliers.expected"), "number"),
        (words("outliers.effect"), "number"),
        (words("outliers.share_region"), "number"),
        (words("outliers.share_member"), "number"),
        (words("column.case_state"), ""),
    ]
    return [html.Th(text, scope="col", className=kind) for text, kind in texts]


def _row(row: Any, chosen: str, scene: Scene) -> html.Tr:
    words, names = scene.words, scene.names
    code = str(row.commodity_code)
    effect = words.value(number_or_none(row.effect_usd), "usd", is_change=True)
    is_chosen = row.case_id == chosen
    cells = [
        html.Td(
            html.Button(
                names.member(str(row.member_iso3)),
                type="button",
                className="mark",
                **attributes(
                    data_event=f"case:{row.case_id}",
                    aria_pressed="true" if is_chosen else "false",
                    aria_label=words("outliers.look_at", case=_spoken(row, scene)),
                ),
            )
        ),
        html.Td(
            html.Span(commodity_name(scene, code), className="clamp"),
            title=commodity_name(scene, code),
            className="outlier-list__what",
        ),
        html.Td(words.period(int(row.period_id)), className="whole"),
        html.Td(usd(row.value_usd, scene), className="number whole"),
        html.Td(usd(row.expected_usd, scene), className="number whole"),
        html.Td(
            effect, className="number whole", **attributes(data_label=words("outliers.effect"))
        ),
        html.Td(
            share(row.region_share, scene),
            className="number whole",
            **attributes(data_label=words("outliers.share_region")),
        ),
        html.Td(
            share(row.member_share, scene),
            className="number whole",
            **attributes(data_label=words("outliers.share_member")),
        ),
        html.Td(state_mark(row.case_state, scene), className="whole"),
    ]
    return html.Tr(cells, className="is-chosen" if is_chosen else "")


def _spoken(row: Any, scene: Scene) -> str:
    return ", ".join(
        [
            scene.names.member(str(row.member_iso3)),
            commodity_name(scene, str(row.commodity_code)),
            scene.words.period(int(row.period_id)),
        ]
    )
