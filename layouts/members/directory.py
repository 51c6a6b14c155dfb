"""The directory of all members: how a member is chosen when none is."""

from __future__ import annotations

import unicodedata
from typing import Any

import pandas as pd
from dash import dcc, html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.members.subject import number_or_none
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene


def draw_directory(profiles: pd.DataFrame, scene: Scene) -> Drawing:
    """Every member by region, with when it joined, its income group, share and score."""
    words = scene.words
    shown = profiles
    if scene.chosen.regions:
        shown = profiles[profiles["region_id"].isin(list(scene.chosen.regions))]
    parts = [
        _stage_region(region, shown, scene) if scene.is_present else _region(region, shown, scene)
        for region in scene.catalogue.regions
        if (shown["region_id"] == region).any()
    ]
    search = html.Label(
        [
            html.Span(words("members.search"), className="control__label"),
            html.Div(
                dcc.Input(
                    type="search",
                    placeholder=words("members.search_hint"),
                    className="form-control",
                    autoComplete="off",
                ),
                # An input of Dash takes no such attributes, so the place around it does.
                **attributes(data_narrows="directory"),
            ),
        ],
        className="control member-directory__search",
    )
    return Drawing(
        children=html.Div(
            [
                *([] if scene.is_present else [search]),
                html.Div(parts, className="member-directory__regions"),
                html.P(
                    words("members.none_found"),
                    className="member-directory__none hint",
                    hidden=True,
                ),
            ],
            className="member-directory",
        ),
        title=words("members.choose"),
        subtitle=scene.subtitle(
            words("members.directory_count", count=words.number((shown["kind"] == "member").sum())),
            scene.names.collections.get(scene.selection.collection or "", ""),
        ),
        note=None if scene.is_present else words("members.directory_note"),
    )


def _shares(members: pd.DataFrame) -> tuple[int, int]:
    return int(members["on_time"].sum()), int(members["counted"].sum())


def _heading(region: str, members: pd.DataFrame, scene: Scene) -> list[Any]:
    words = scene.words
    on_time, counted = _shares(members)
    share = words.value(on_time / counted, "share") if counted else words("members.no_share")
    return [
        html.Span(className="region-dot", style={"background": REGION_COLOURS[region]}),
        html.Span(scene.names.region(region)),
        html.Span(
            words(
                "members.region_summary",
                count=words.number((members["kind"] == "member").sum()),
                share=share,
            ),
            className="member-directory__summary",
        ),
    ]


def _stage_region(region: str, profiles: pd.DataFrame, scene: Scene) -> html.Div:
    members = profiles[profiles["region_id"] == region]
    return html.Div(html.H3(_heading(region, members, scene)), className="member-directory__region")


def _region(region: str, profiles: pd.DataFrame, scene: Scene) -> html.Section:
    words = scene.words
    members = profiles[profiles["region_id"] == region]
    ordered = sorted(rows(members), key=lambda row: plain(scene.names.member(row.member_iso3)))
    body: list[Any] = [_row(row, scene) for row in ordered]
    head = html.Thead(
        html.Tr(
            [
                html.Th(words("column.member_iso3"), scope="col"),
                html.Th(words("members.since"), scope="col", className="number wide-only"),
                html.Th(words("column.income_group"), scope="col", className="wide-only"),
                html.Th(words.label("on_time_share"), scope="col"),
                html.Th(words("members.quality_short"), scope="col", className="number"),
                html.Th(words("members.score_short"), scope="col", className="number"),
            ]
        )
    )
    return html.Section(
        [
            html.H3(_heading(region, members, scene)),
            html.Table(
                [head, html.Tbody(body)],
                className="data-table member-table",
            ),
        ],
        className="member-directory__region",
    )


def plain(name: str) -> str:
    """Return a name without accents and case, to sort by and to search in."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _row(row: Any, scene: Scene) -> Element:
    words, name = scene.words, scene.names.member(row.member_iso3)
    return element(
        "Tr",
        [
            element(
                "Td",
                element(
                    "Button",
                    name,
                    type="button",
                    className="mark",
                    **attributes(data_event=f"member:{row.member_iso3}"),
                ),
            ),
            element("Td", str(row.joined_on.year), className="number wide-only"),
            element("Td", income(row.income_group, scene), className="wide-only"),
            element("Td", share_bar(row, scene)),
            element(
                "Td",
                words.measured(number_or_none(row.quality_score), "quality_score"),
                className="number",
            ),
            element(
                "Td",
                words.measured(number_or_none(row.incentive_score), "incentive_score"),
                className="number",
            ),
        ],
        **attributes(data_name=f"{plain(name)} {row.member_iso3.casefold()}"),
    )


def income(group: Any, scene: Scene) -> str:
    """Return the name of a World Bank income group in the page's language."""
    if group is None or pd.isna(group):
        return scene.words("members.no_income_group")
    return scene.words(f"members.income.{str(group).casefold().replace(' ', '_')}")


def share_bar(row: Any, scene: Scene) -> Element:
    """Return an on-time share as a small bar with its number; a dash where none counts."""
    words = scene.words
    share = number_or_none(row.on_time_share)
    if share is None:
        key = "members.owes_none_short" if row.kind == "union" else "members.none_counted_short"
        return element("Div", words(key), className="member-share member-share--none")
    return element(
        "Div",
        [
            element(
                "Span",
                element("Span", style={"width": f"{100 * share:.1f}%"}),
                className="member-share__track",
                **attributes(aria_hidden="true"),
            ),
            element("Span", words.value(share, "share"), className="member-share__number"),
        ],
        className="member-share",
        title=words(
            "members.share_story",
            on_time=words.number(row.on_time),
            counted=words.number(row.counted),
            low=words.value(row.low, "share"),
            high=words.value(row.high, "share"),
        ),
    )
