"""Whom to write to: a row per member, the one that holds back most first."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.forecast.listing import LIKELY_LATE as LATE_BELOW
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 40
STAGED_ROWS: Final = 12
STAGED_COLUMNS: Final = 5
"""Without delays and correspondents: names of persons are not for a stage."""

SMALL: Final = 0.1
"""What holds back less is written with a third digit after the decimal sign."""

COVERED: Final = 0.5
"""Share of all that is held back which the title counts members up to."""


def draw_list(frames: Frames, scene: Scene) -> Drawing:
    """The members to write to, with what each holds back and why it is here."""
    frame, obligations = frames["chase_list"], frames["chase_obligations"]
    words = scene.words
    regions = [scene.names.region(one) for one in scene.chosen.regions]
    scope = ", ".join(regions) or words("common.all_members")
    subtitle = scene.subtitle(words("chase.every_collection"), scope)
    if frame.empty:
        empty = words(
            "chase.nothing",
            scope=", ".join(regions) or words("common.all_members_within"),
            range=scene.range_text,
        )
        return Drawing(empty=empty, subtitle=subtitle, is_good=True)
    most = STAGED_ROWS if scene.is_present else ROWS_AT_MOST
    chosen = frame["member_iso3"].isin(list(scene.chosen.members)) & (frame["rank"] > most)
    # A chosen member is always to be seen, however far down it stands.
    shown = pd.concat([frame.head(most), frame[chosen]])
    why = reasons(obligations, scene)
    largest = float(frame["held_back"].max()) if frame["held_back"].notna().any() else 1.0
    body: list[Any] = [
        _row(row, why[row.member_iso3], largest or 1.0, scene) for row in rows(shown)
    ]
    table = html.Table(
        [html.Thead(html.Tr(_heads(scene))), html.Tbody(body)], className="data-table chase-list"
    )
    return Drawing(
        children=html.Div(
            _scrolled(table, scene)
            if scene.is_present
            else [_exports(scene), _scrolled(table, scene), *_rest(len(frame) - len(shown), scene)]
        ),
        title=finding(frame, scene),
        subtitle=subtitle,
        note=None if scene.is_present else _note(frame, scene),
    )


def finding(frame: pd.DataFrame, scene: Scene) -> str:
    """Return how many members hold back half of all that is held back."""
    words = scene.words
    count = int(frame["overdue_count"].sum() + frame["likely_late_count"].sum())
    known = frame["held_back"].dropna()
    if len(frame) < 3 or not known.sum() > 0:
        key = "chase.finding_one" if len(frame) == 1 else "chase.finding_few"
        name = scene.names.member(str(frame["member_iso3"].iloc[0]))
        return words(key, member=name, members=words.number(len(frame)), count=words.number(count))
    share = known.sort_values(ascending=False).cumsum() / known.sum()
    first = int((share < COVERED - 1e-12).sum()) + 1
    return words(
        "chase.finding" if first > 1 else "chase.finding_first",
        first=words.number(first),
        member=scene.names.member(str(frame["member_iso3"].iloc[0])),
        members=words.number(len(frame)),
    )


def reasons(obligations: pd.DataFrame, scene: Scene) -> dict[str, str]:
    """Return why each member is on the list: its collections and how many periods of each."""
    counts = obligations.groupby(["member_iso3", "collection_id"], sort=False).size()
    texts: dict[str, list[str]] = {}
    for iso3, collection, count in counts.reset_index().itertuples(index=False, name=None):
        name = scene.names.collections.get(collection, collection)
        text = name if count == 1 else f"{name} ×{scene.words.number(int(count))}"
        texts.setdefault(iso3, []).append(text)
    return {iso3: ", ".join(parts) for iso3, parts in texts.items()}


def _heads(scene: Scene) -> list[html.Th]:
    words = scene.words
    texts = [
        ("", "number"),
        (words("column.member_iso3"), ""),
        (words("chase.held_back"), "number"),
        (words("chase.of_region"), "number"),
        (words("chase.why"), ""),
        (words("chase.longest"), "number"),
        (words("chase.arrives"), "number"),
        (words("column.correspondent"), ""),
    ]
    heads = [html.Th(text, scope="col", className=kind) for text, kind in texts]
    return heads[:STAGED_COLUMNS] if scene.is_present else heads


def _row(row: Any, why: str, largest: float, scene: Scene) -> Element:
    words, names = scene.words, scene.names
    cells = [
        element("Td", words.number(int(row.rank)), className="number"),
        element(
            "Td",
            [
                element(
                    "Button",
                    names.member(row.member_iso3),
                    type="button",
                    className="mark",
                    title=words("chase.write", member=names.member(row.member_iso3)),
                    **attributes(data_event=f"member:{row.member_iso3}"),
                ),
                *_aside(names.region(row.region_id), scene),
            ],
        ),
        _held_back(row, largest, scene),
        element(
            "Td",
            words("chase.no_trade")
            if pd.isna(row.trade_share)
            else words.measured(row.trade_share, "trade_share"),
            className="number",
        ),
        element(
            "Td",
            [
                element("Span", _counts(row, scene)),
                *_aside(why, scene),
            ],
        ),
        element(
            "Td",
            words.value(float(row.days_late), "days") if row.overdue_count else "",
            className="number whole",
        ),
        element(
            "Td",
            words.measured(row.within_90_days_share, "within_90_days_share"),
            className="number whole",
            title=words("chase.arrives_note"),
        ),
        element(
            "Td",
            words("chase.nobody_named") if pd.isna(row.correspondent) else row.correspondent,
            className="hint" if pd.isna(row.correspondent) else "",
        ),
    ]
    cells = cells[:STAGED_COLUMNS] if scene.is_present else cells
    return element(
        "Tr", cells, className="is-chosen" if row.member_iso3 in scene.chosen.members else ""
    )


def _aside(text: str, scene: Scene) -> list[Element]:
    """Return a second line, for which a stage has no room."""
    return [] if scene.is_present else [element("Div", text, className="hint")]


def _held_back(row: Any, largest: float, scene: Scene) -> Element:
    if pd.isna(row.held_back):
        return element("Td", "–", className="number")
    width = {"width": f"{100 * float(row.held_back) / largest:.1f}%"}
    return element(
        "Td",
        [
            element("Span", scene.words.number(row.held_back, 2 if row.held_back >= SMALL else 3)),
            element("Span", element("Span", style=width), className="inline-bar"),
        ],
        className="number with-bar",
    )


def _counts(row: Any, scene: Scene) -> str:
    parts = [
        scene.words(f"chase.{name}", count=scene.words.number(int(count)))
        for name in ("overdue_count", "likely_late_count")
        if (count := getattr(row, name)) > 0
    ]
    return " · ".join(parts)


def _note(frame: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    parts = [words("chase.list_note", collection=weighed_by(scene))]
    if frame["within_90_days_share"].isna().all():
        parts.append(words("chase.no_forecast"))
    else:
        parts.append(words("chase.likely_note", share=words.value(LATE_BELOW, "share")))
    return " ".join(parts)


def weighed_by(scene: Scene) -> str:
    """Return the collection whose values tell how much a member trades."""
    collections = scene.catalogue.trade_collections
    return scene.names.collections[collections[0]] if collections else "–"


def _rest(count: int, scene: Scene) -> list[html.P]:
    if count < 1:
        return []
    return [html.P(scene.words("chase.more", count=scene.words.number(count)), className="hint")]


def _scrolled(table: html.Table, scene: Scene) -> html.Div:
    return html.Div(
        table,
        className="table-scroll",
        tabIndex="0",
        **attributes(role="region", aria_label=scene.words("chase.list.title")),
    )


def _exports(scene: Scene) -> html.Div:
    words = scene.words
    search = scene.chosen.search()
    forms = (
        (words("chase.export_xlsx"), "chase", "xlsx"),
        (words("chase.export_csv"), "chase_obligations", "csv"),
    )
    return html.Div(
        [
            html.A(
                label,
                href=f"/data/{name}.{form}{search}",
                className="button",
                **attributes(data_frame=name, data_format=form),
            )
            for label, name, form in forms
        ],
        className="exports",
    )
