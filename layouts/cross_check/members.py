"""Who is out of line: members that our score and another rank far apart."""

from __future__ import annotations

from typing import Any, Final

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.cross_check.subject import (
    focus_of,
    indicator_name,
    shown_score,
    why_empty,
)
from layouts.elements import Element, element, member_heading
from layouts.panels import Drawing, Frames
from layouts.quality.subject import is_in_scope
from layouts.scene import Scene

LISTED_AT_MOST: Final = 12
STAGED_AT_MOST: Final = 7


def draw_members(frames: Frames, scene: Scene) -> Drawing:
    """A table of who is out of line, the surest first; chosen members are told of in any case."""
    members, agreement = frames["outside_members"], frames["outside_agreement"]
    words = scene.words
    focus = focus_of(agreement, members, scene)
    if focus is None or focus.rho != focus.rho:
        return Drawing(empty=why_empty(focus, scene))
    chosen = scene.chosen.members
    known = [row for row in rows(members) if is_in_scope(scene, row.member_iso3, row.region_id)]
    listed = [row for row in known if row.is_out_of_line or row.member_iso3 in chosen]
    if not listed:
        key = "chosen_lacks_one" if chosen else "nobody_out_of_line"
        return Drawing(
            empty=words(
                f"cross-check.{key}",
                scope=scene.scope_text,
                name=indicator_name(focus.indicator_id, scene),
                range=scene.range_text,
            )
        )
    most = STAGED_AT_MOST if scene.is_present else LISTED_AT_MOST
    head = [
        element("Th", words(key), scope="col", **({"className": kind} if kind else {}))
        for key, kind in (
            ("column.member_iso3", ""),
            ("cross-check.place_ours", "number"),
            ("cross-check.place_theirs", "number"),
            ("cross-check.apart", "number"),
            ("cross-check.what_to_ask", ""),
        )
    ]
    table = element(
        "Table",
        [
            element("Thead", element("Tr", head)),
            element("Tbody", [_row(row, scene) for row in listed[:most]]),
        ],
        className="data-table",
    )
    count = sum(bool(row.is_out_of_line) for row in known)
    return Drawing(
        children=element(
            "Div",
            table,
            className="table-scroll",
            tabIndex="0",
            role="region",
            **attributes(aria_label=words("cross-check.members.title")),
        ),
        subtitle=words(
            "cross-check.members_unit",
            measure=words.label(shown_score(scene)),
            range=scene.range_text,
            name=indicator_name(focus.indicator_id, scene),
            year=str(focus.year),
        ),
        note=words(
            "cross-check.members_note", count=words.number(count), all=words.number(len(known))
        ),
    )


def _row(row: Any, scene: Scene) -> Element:
    words = scene.words
    member = member_heading(row, scene)
    if not row.is_out_of_line:
        asked = "in_line" if row.difference_low == row.difference_low else "no_limits"
    else:
        asked = "ours_higher" if row.difference > 0 else "ours_lower"
    return element(
        "Tr",
        [
            member,
            element("Td", words.number(row.place_ours), className="number"),
            element("Td", words.number(row.place_theirs), className="number"),
            element("Td", _apart(row, scene), className="number"),
            element("Td", words(f"cross-check.{asked}")),
        ],
    )


def _apart(row: Any, scene: Scene) -> str:
    """Write how many places lie between, and the range that our interval leaves."""
    words = scene.words

    def signed(value: float) -> str:
        return ("+" if value > 0 else "") + words.number(value)

    if row.difference_low != row.difference_low:
        return signed(row.difference)
    low, high = sorted((row.difference_low, row.difference_high))
    return words(
        "cross-check.apart_between",
        difference=signed(row.difference),
        low=signed(low),
        high=signed(high),
    )
