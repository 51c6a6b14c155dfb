"""What the figures of trade have in common in words: measure, flow, source, estimates.

It must not draw anything.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from dashboard.flows import MIRRORED_FLOW, OUTSIDE, is_past, trade_collection, why_not_reconciled
from layouts.chips import commodity_name
from layouts.palette import REGION_COLOURS, Palette
from layouts.scene import Scene

Unreconciled = Literal["flow", "past", "commodity", "view"]
"""Why records are not reconciled: as ``dashboard.flows`` has it, or the view does not show it."""


def measured_column(scene: Scene) -> str:
    """Return the column of the selected measure."""
    return "mass_kg" if scene.selection.measure == "mass_kg" else "value_usd"


def amount(value: float | None, scene: Scene) -> str:
    """Write a value of the selected measure."""
    return scene.words.measured(value, measured_column(scene))


def estimated(frame: pd.DataFrame, scene: Scene) -> str:
    """Say how much of the value of a frame is estimated: a sum over a sum."""
    value = float(frame["value_usd"].sum())
    if not value > 0:
        return ""
    share = float((frame["estimated_share"] * frame["value_usd"]).sum()) / value
    return scene.words("flows.estimated", share=scene.words.value(share, "share"))


def estimated_of(share: float | None, scene: Scene) -> str:
    """Say how much of one mark's value is estimated."""
    return scene.words("flows.estimated", share=scene.words.value(share, "share"))


def region_name(region_id: str, scene: Scene) -> str:
    """Name of a region, or of what lies outside the six."""
    if region_id == OUTSIDE:
        return scene.words("flows.outside")
    return scene.names.region(region_id)


def region_code(region_id: str, scene: Scene) -> str:
    """Acronym of a region, as officers use it."""
    key = f"flows.code.{region_id}"
    return scene.words(key) if scene.words.has(key) else region_name(region_id, scene)


def region_colour(region_id: object, palette: Palette) -> str:
    """Fixed hue of a region; grey for what lies outside the six."""
    return REGION_COLOURS.get(str(region_id), palette.muted)


def chosen_regions(scene: Scene) -> tuple[str, ...]:
    """Regions that are highlighted on our side: those chosen, or those of the members chosen."""
    chosen = scene.chosen
    if chosen.members:
        known = scene.catalogue.members
        return tuple(dict.fromkeys(known[iso3] for iso3 in chosen.members if iso3 in known))
    return chosen.regions


def chosen_members(scene: Scene) -> frozenset[str]:
    """Members that are highlighted: those chosen, or those of the regions chosen."""
    chosen = scene.chosen
    if chosen.members or not chosen.regions:
        return frozenset(chosen.members)
    return frozenset(
        iso3 for iso3, region in scene.catalogue.members.items() if region in chosen.regions
    )


def towards_text(scene: Scene) -> str:
    """Say which partners the figure is narrowed to, if it is."""
    chosen, names = scene.chosen, scene.names
    if chosen.partners:
        listed = [names.member(iso3) for iso3 in chosen.partners[:3]]
    elif chosen.partner_regions:
        listed = [names.region(region) for region in chosen.partner_regions[:3]]
    else:
        return ""
    return scene.words("chip.towards", name=", ".join(listed))


def flow_label(scene: Scene) -> str:
    """Return the selected flow as a heading: ``Exports``."""
    text = scene.words(f"flow.{scene.selection.flow}")
    return text[:1].upper() + text[1:]


def trade_subtitle(
    scene: Scene,
    frame: pd.DataFrame | None = None,
    *,
    scope: bool = True,
    towards: bool = False,
    commodity: bool = True,
    flow: bool = True,
    label: str | None = None,
    records: bool = True,
    unreconciled: Unreconciled | None = None,
) -> str:
    """Say what is shown: flow and measure, of whom, with whom, of what, from which records.

    ``label`` is the measure's where it is no sum; for ``unreconciled`` see :func:`records_text`.
    """
    words, selection = scene.words, scene.selection
    label = label or words.label(measured_column(scene))
    parts = [
        f"{flow_label(scene)}, {label[:1].lower()}{label[1:]}" if flow else label,
        scene.scope_text if scope and (scene.chosen.members or scene.chosen.regions) else "",
        towards_text(scene) if towards else "",
        commodity_name(scene, selection.commodity) if commodity and selection.commodity else "",
        records_text(scene, unreconciled) if records else "",
        collection_text(scene),
    ]
    return scene.subtitle(*parts, estimated(frame, scene) if frame is not None else "")


def reason_not_reconciled(scene: Scene) -> Unreconciled | None:
    """Return why the selection can't be reconciled, if it can't."""
    past = is_past(scene.selection, scene.catalogue)
    return why_not_reconciled(scene.selection, past=past)


def records_text(scene: Scene, unreconciled: Unreconciled | None = None) -> str:
    """Say whose records are shown, if not the reporters' own.

    Where reconciled records are asked for and there are none, say that those reported are shown,
    and why: ``unreconciled`` is a figure's own reason.
    """
    words, source = scene.words, scene.selection.source
    if source == "mirror":
        return words("flows.mirrored")
    if source != "reconciled":
        return ""
    reason = unreconciled or reason_not_reconciled(scene)
    if reason is None:
        return words("flows.reconciled")
    return words(f"flows.not_reconciled.{reason}", flow=words(f"flow.{scene.selection.flow}"))


def source_text(scene: Scene, unreconciled: Unreconciled | None = None) -> str:
    """Name the source of a mark's value in its tooltip."""
    source = scene.selection.source
    if source == "reconciled" and (unreconciled or reason_not_reconciled(scene)):
        source = "reported"
    return scene.words(f"source.{source}")


def collection_text(scene: Scene) -> str:
    """Name the collection where it is not the one selected."""
    used = trade_collection(scene.selection.collection, scene.catalogue)
    if used == scene.selection.collection:
        return ""
    return scene.words("flows.collection", name=scene.names.collections.get(used, used))


def nothing(scene: Scene, *, source: str | None = None) -> str:
    """Say why there is no trade to show, and what to do; of another source than selected."""
    words, selection = scene.words, scene.selection
    flow = words(f"flow.{selection.flow}")
    if (source or selection.source) == "mirror" and selection.flow not in MIRRORED_FLOW:
        return words("flows.no_mirror_flow", flow=flow)
    return words("flows.nothing", flow=flow, scope=scene.scope_within, range=scene.range_text)
