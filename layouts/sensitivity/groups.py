"""Which members cannot be told apart."""

from __future__ import annotations

from typing import Any, Final

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.incentives.reading import no_ranking, ranked
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

STAGE_GROUPS: Final = 4


def draw_groups(frames: Frames, scene: Scene) -> Drawing:
    """A line per group: its places, how many it has, and their names."""
    frame = ranked(frames["ranking"])
    if frame.empty:
        return Drawing(empty=no_ranking(scene, frames["ranking"]))
    words = scene.words
    groups = [rows(part) for _, part in frame.groupby("group", sort=True)]
    shown = groups[:STAGE_GROUPS] if scene.is_present else groups
    head = [
        element("Th", words(f"sensitivity.group_{key}"), scope="col", className=kind)
        for key, kind in (("places", ""), ("count", "number"), ("members", ""))
    ]
    table = element(
        "Table",
        [
            element("Thead", element("Tr", head)),
            element("Tbody", [_row(group, scene) for group in shown]),
        ],
        className="makeup",
    )
    return Drawing(
        children=element(
            "Div",
            table,
            className="table-scroll",
            tabIndex="0",
            role="region",
            **attributes(aria_label=words("sensitivity.groups.title")),
        ),
        title=words(
            "sensitivity.groups_found",
            count=words.number(len(groups)),
            all=words.number(len(frame)),
        ),
        subtitle=scene.subtitle(words("sensitivity.groups_unit")),
        note=words("sensitivity.groups_note"),
    )


def _row(group: list[Any], scene: Scene) -> Element:
    words, chosen = scene.words, scene.chosen.members
    first, last = group[0].rank, group[-1].rank
    places = (
        words.number(first) if first == last else f"{words.number(first)} – {words.number(last)}"
    )
    names = [
        element(
            "Button",
            scene.names.member(row.member_iso3),
            type="button",
            className="mark",
            **attributes(
                data_event=f"member:{row.member_iso3}",
                aria_pressed="true" if row.member_iso3 in chosen else "false",
            ),
        )
        for row in group
    ]
    spaced = [part for name in names for part in (name, " ")]
    return element(
        "Tr",
        [
            element("Th", places, scope="row"),
            element("Td", words.number(len(group)), className="number"),
            element("Td", spaced, className="spaced-names"),
        ],
        className="is-chosen" if any(row.member_iso3 in chosen for row in group) else "",
    )
