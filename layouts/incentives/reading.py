"""How a row of the ranking reads: names, places, bands, tiers; shared by its figures."""

from __future__ import annotations

import re
from typing import Any, Final

import pandas as pd

from dashboard.stats.composite import MEANS
from layouts.charts import tooltip
from layouts.record.overrides import override_text
from layouts.scene import Scene

LABEL_LENGTH: Final = 22
LABEL_LENGTH_NARROW: Final = 20
ALMOST_SURE: Final = 0.99
WIDTH_OF_A_LETTER: Final = 0.53
"""Mean width of a letter as a share of the text's size."""
WIDTH_WHEN_BOLD: Final = 1.12


def shortened(name: str, length: int = LABEL_LENGTH) -> str:
    """Return a name that fits beside its row; the whole name stands in the hover text."""
    return name if len(name) <= length else name[: length - 1].rstrip() + "…"


def text_width(texts: list[str], size: float) -> int:
    """Return about how wide the longest of some texts is, px, with a little air."""
    widest = 0.0
    for text in texts:
        letters = len(re.sub(r"<[^>]*>|&[a-z]+;", " ", text))
        widest = max(widest, letters * (WIDTH_WHEN_BOLD if text.startswith("<b>") else 1.0))
    return round(widest * size * WIDTH_OF_A_LETTER) + 12


def is_in_scope(frame: pd.DataFrame, scene: Scene) -> pd.Series:
    """Tell which rows the user has selected; members that are named narrow the regions."""
    if scene.chosen.members:
        return frame["member_iso3"].isin(scene.chosen.members)
    if scene.chosen.regions:
        return frame["region_id"].isin(scene.chosen.regions)
    return pd.Series(False, index=frame.index)


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the members that have a rank, best first; whole numbers are plain integers."""
    columns = ["rank", "rank_median", "rank_low", "rank_high"]
    return frame.dropna(subset=["rank"]).astype(dict.fromkeys(columns, "int64"))


def tier_name(scene: Scene, tier_id: str) -> str:
    """Return the name of a tier in the page's language."""
    for tier in scene.framework.tiers:
        if tier.id == tier_id:
            return str(getattr(tier.name, scene.words.language))
    return tier_id


def pillar_name(scene: Scene, pillar_id: str) -> str:
    """Return the name of a pillar in the page's language."""
    for pillar in scene.framework.pillars:
        if pillar.id == pillar_id:
            return str(getattr(pillar.name, scene.words.language))
    return scene.words.label(f"{pillar_id}_pillar")


def weight_shares(schemes: pd.DataFrame) -> dict[str, float]:
    """Return the weights in use by pillar, as shares of their sum.

    ``schemes`` is the named frame of that name.
    """
    used = schemes[schemes["is_used"].astype(bool)]
    return dict(zip(used["pillar"], used["weight_share"], strict=True))


def scheme_name(scene: Scene) -> str:
    """Return the name of the weights in use, in the page's language."""
    for scheme in scene.framework.schemes:
        if scheme.id == scene.selection.scheme:
            return str(getattr(scheme.name, scene.words.language))
    return scene.words("incentives.scheme_own")


def has_tiers(scene: Scene) -> bool:
    """Tell whether the score is one that the thresholds of tiers are made for."""
    return scene.selection.aggregation in MEANS


def band_text(row: Any, scene: Scene) -> str:
    """Return the band of a rank in words."""
    words = scene.words
    return words(
        "incentives.band", low=words.number(row.rank_low), high=words.number(row.rank_high)
    )


def chance_text(probability: float, scene: Scene) -> str:
    """Return a probability from draws in whole percents; draws never make it certain."""
    words = scene.words
    if probability > ALMOST_SURE:
        return words("incentives.above", value=words.value(ALMOST_SURE, "share"))
    if probability < 1 - ALMOST_SURE:
        return words("incentives.below", value=words.value(1 - ALMOST_SURE, "share"))
    return words.value(round(probability, 2), "share")


def tier_text(row: Any, scene: Scene) -> str:
    """Return a tier with its probability, never without it; nothing where there are no tiers."""
    if pd.isna(row.tier):
        return ""
    return scene.words(
        "incentives.tier_with_probability",
        tier=tier_name(scene, row.tier),
        probability=chance_text(row.tier_probability, scene),
    )


def peer_group_name(scene: Scene, group: Any) -> str:
    """Return the name of a peer group in the page's language."""
    if group in scene.catalogue.regions:
        return scene.names.region(str(group))
    return scene.words(f"incentives.peers.{group}")


def peer_text(row: Any, scene: Scene) -> str:
    """Return the place among peers in words; nothing where none are chosen."""
    if pd.isna(row.peer_rank):
        return ""
    words, group = scene.words, peer_group_name(scene, row.peer_group)
    if row.peer_count == 1:
        return words("incentives.peer_alone", group=group)
    return words(
        "incentives.peer_place",
        rank=words.number(row.peer_rank),
        count=words.number(row.peer_count),
        group=group,
    )


def standing_text(standing: str, scene: Scene) -> str:
    """Return why a member is not ranked."""
    rules = scene.framework.ranking
    least = {
        "few_obligations": rules.minimum_obligations,
        "few_rows": rules.minimum_checked_rows,
        "few_pillars": rules.minimum_pillars,
    }.get(standing, 0)
    key = standing
    if standing == "few_pillars" and rules.missing == "leave_out":
        key = "left_out"
    return scene.words(f"incentives.standing.{key}", least=scene.words.number(least))


def change_text(row: Any, scene: Scene) -> str:
    """Return how many places were gained or lost, with the band."""
    words = scene.words
    if pd.isna(row.change):
        return words("incentives.no_change_known")
    change = int(row.change)
    key = "gained" if change > 0 else "lost" if change < 0 else "kept"
    if abs(change) == 1:
        key += "_one"
    return words(
        f"incentives.{key}",
        count=words.number(abs(change)),
        low=signed(int(row.change_low), scene),
        high=signed(int(row.change_high), scene),
    )


def signed(value: int, scene: Scene) -> str:
    """Return a number of places with its sign."""
    return ("+" if value > 0 else "") + scene.words.number(value)


def member_story(row: Any, scene: Scene) -> str:
    """Return the hover text of a member: rank, band, score, tier, change, what is missing."""
    words, names = scene.words, scene.names
    missing = [pillar for pillar in str(row.pillars_missing or "").split(",") if pillar]
    return tooltip(
        names.member(row.member_iso3),
        names.region(row.region_id, is_short=False),
        f"{words.label('rank')} {words.number(row.rank)}, {band_text(row, scene)}",
        f"{words.label('incentive_score')}: "
        + words.measured(row.incentive_score, "incentive_score"),
        peer_text(row, scene),
        tier_text(row, scene),
        decision_text(row, scene),
        change_text(row, scene),
        words(
            "incentives.missing",
            pillars=", ".join(pillar_name(scene, pillar) for pillar in missing),
        )
        if missing
        else "",
    )


def decision_text(row: Any, scene: Scene) -> str:
    """Say what was given by decision; empty if the score is as it was computed."""
    override = getattr(row, "override", None)
    # Empty for a member that is not named to who looks on.
    if override is None or pd.isna(override) or override == "":
        return ""
    return scene.words("record.mark", given=override_text(override, scene))


def no_ranking(scene: Scene, frame: pd.DataFrame | None = None) -> str:
    """Say why nobody is ranked: nothing was owed, or too little was seen of everybody.

    ``frame`` is the frame ``ranking``; it has rows where something was owed.
    """
    if frame is None or frame.empty:
        return scene.words("incentives.no_ranking", range=scene.range_text)
    most = str(frame["standing"].mode().iloc[0])
    return scene.words(
        "incentives.nobody_ranked",
        range=scene.range_text,
        count=scene.words.number(len(frame)),
        reason=standing_text(most, scene),
    )


def scheme_text(scene: Scene) -> str:
    """Return how the score is made, in words: the mean, the normalisation, whose weights."""
    words = scene.words
    return words(
        "incentives.scheme",
        mean=words(f"aggregation.{scene.selection.aggregation}"),
        normalisation=words(f"normalisation.{scene.selection.normalisation}"),
        scheme=scheme_name(scene),
    )
