"""What all drawings of revisions say alike: the flow, the change, and why there is nothing."""

from __future__ import annotations

from typing import Final

import pandas as pd

from layouts.scene import Scene

FLOWS: Final = ("X", "M")
"""Exports and imports: re-exports and re-imports are parts of them."""


def shown_flow(scene: Scene) -> str:
    """Return the flow that is compared: the one chosen, exports for a part of a flow."""
    return scene.selection.flow if scene.selection.flow in FLOWS else "X"


def change_text(value: float | None, scene: Scene) -> str:
    """Return a relative revision with its sign; one that is too large to mean much as a factor."""
    words = scene.words
    if value is None or pd.isna(value):
        return words("revisions.no_ratio")
    if value > 9.995:
        return words("revisions.times", factor=words.number(1 + value))
    sign = "+" if value > 0 else ""
    return sign + words.value(value, "share")


def in_scope(releases: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the releases of the selected members or regions."""
    chosen = scene.chosen
    if chosen.members:
        return releases[releases["member_iso3"].isin(chosen.members)]
    if chosen.regions:
        return releases[releases["region_id"].isin(chosen.regions)]
    return releases


def collection_name(scene: Scene) -> str:
    """Return the name of the selected collection."""
    return scene.names.collections[scene.selection.collection or ""]


def nothing_received(scene: Scene) -> str:
    """Say that nothing had been received of what is selected."""
    return scene.words(
        "revisions.nothing_received",
        collection=collection_name(scene),
        scope=scene.scope_within,
        range=scene.range_text,
        day=scene.words.day(scene.as_of),
    )


def why_nothing(releases: pd.DataFrame, scene: Scene, *, is_short: bool = False) -> str:
    """Say why there is no revision to show: nothing received, no values, or nothing revised.

    The last in few words where another panel has said it in full.
    """
    words = scene.words
    here = in_scope(releases, scene)
    if here.empty:
        return nothing_received(scene)
    figures = here.drop_duplicates(["member_iso3", "period_id"])
    with_data = here[here["has_data"].astype(bool)]
    if with_data.empty:
        return words("revisions.receipts_only", collection=collection_name(scene))
    figures = with_data.drop_duplicates(["member_iso3", "period_id"])
    if is_short:
        return words("revisions.none_to_list", day=words.day(scene.as_of))
    key = "never_revised_one" if len(figures) == 1 else "never_revised"
    return words(
        f"revisions.{key}",
        count=words.number(len(figures)),
        collection=collection_name(scene),
        scope=scene.scope_within,
        day=words.day(scene.as_of),
    )
