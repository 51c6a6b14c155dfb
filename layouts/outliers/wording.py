"""How cases and their figures are named on the desk."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.flows import is_past, trade_collection
from layouts.attributes import attributes
from layouts.chips import commodity_name
from layouts.panels import Frames
from layouts.scene import Scene


def collection_text(scene: Scene) -> str:
    """Return the name of the collection of trade that the desk is about."""
    collection = trade_collection(scene.selection.collection, scene.catalogue)
    return scene.names.collections.get(collection, collection)


def number_or_none(value: Any) -> float | None:
    """Return a number of a frame, or None where it is missing."""
    if value is None or type(value).__name__ == "NAType" or value != value:
        return None
    return float(value)


def usd(value: Any, scene: Scene) -> str:
    """Write an amount."""
    return scene.words.value(number_or_none(value), "usd")


def share(value: Any, scene: Scene) -> str:
    """Write a share."""
    return scene.words.value(number_or_none(value), "share")


def flow_text(flow: str, scene: Scene) -> str:
    """Write a flow with a capital."""
    text = scene.words(f"flow.{flow}")
    return text[:1].upper() + text[1:]


def case_name(row: Any, scene: Scene) -> str:
    """Name a case: member, flow, commodity and period."""
    return " · ".join(
        [
            scene.names.member(str(row.member_iso3)),
            flow_text(str(row.flow_code), scene),
            commodity_name(scene, str(row.commodity_code)),
            scene.words.period(int(row.period_id)),
        ]
    )


def state_mark(state: Any, scene: Scene) -> html.Span:
    """Return the state of a case as a small label; a dash where the log cannot be read."""
    if not isinstance(state, str):
        return html.Span("–", title=scene.words("outliers.log_lost"))
    return html.Span(
        scene.words(f"outliers.state.{state}"), className=f"case-state case-state--{state}"
    )


def no_case(frames: Frames, scene: Scene) -> str | None:
    """Return why there is no case to look at, or None if there is one."""
    if len(frames["outlier_case"]):
        return None
    if scene.chosen.case:
        return scene.words(
            "outliers.unknown_case", case=scene.chosen.case, collection=collection_text(scene)
        )
    return scene.words("outliers.no_case")


def past_note(scene: Scene) -> str:
    """Return what the desk can't say of a past day; empty for the present."""
    if not is_past(scene.selection, scene.catalogue):
        return ""
    return scene.words("outliers.past_note", day=scene.words.day(scene.as_of))


def button(label: str, event: str, kind: str = "mark") -> html.Button:
    """Return a button that sends an event."""
    return html.Button(label, type="button", className=kind, **attributes(data_event=event))
