"""The year's data: quality by region, rules that failed, what was covered, the largest flows."""

from __future__ import annotations

from typing import Final

from layouts.charts import mark, rows
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.quality.subject import rule_title
from layouts.scene import Scene
from layouts.year.charts import Bar, bars, dots, nothing, shown_year, subtitle

RULES: Final = 6
FLOWS: Final = 7


def draw_quality(frames: Frames, scene: Scene) -> Drawing:
    """Quality score by region, the best first, with intervals."""
    frame, words = frames["year_quality"].dropna(subset=["quality_score"]), scene.words
    frame = frame[frame["region_id"].isin(REGION_COLOURS)]
    if frame.empty:
        return nothing(scene)
    ordered = frame.sort_values(["quality_score", "region_id"], ascending=[False, True])
    chosen = scene.chosen.regions
    found = [
        Bar(
            scene.names.region(row.region_id),
            float(row.quality_score),
            words.number(row.quality_score, 1),
            REGION_COLOURS[row.region_id],
            f"region:{row.region_id}",
            row.quality_score_low if row.quality_score_low == row.quality_score_low else None,
            row.quality_score_high if row.quality_score_high == row.quality_score_high else None,
            bool(chosen) and row.region_id not in chosen,
        )
        for row in rows(ordered)
    ]
    return Drawing(
        figure=dots(found, scene),
        title=words("year.found.quality", name=found[0].name, score=found[0].text),
        subtitle=subtitle(words.label("quality_score"), scene),
    )


def draw_rules(frames: Frames, scene: Scene) -> Drawing:
    """The rules that most submissions failed."""
    frame, words = frames["year_rules"], scene.words
    failed = frame[frame["submissions_failing"].fillna(0) > 0]
    if failed.empty:
        return nothing(scene)
    ordered = failed.sort_values(["submissions_failing", "rule_id"], ascending=[False, True])
    found = [
        Bar(
            rule_title(scene, row.rule_id),
            float(row.submissions_failing),
            words.number(row.submissions_failing),
            scene.palette.sequential[3],
            f"rule:{row.rule_id}",
        )
        for row in rows(ordered.head(RULES))
    ]
    return Drawing(
        figure=bars(found, scene),
        title=words("year.found.rules", name=found[0].name, count=found[0].text),
        subtitle=subtitle(words("year.what.rules"), scene),
    )


def draw_covered(frames: Frames, scene: Scene) -> Drawing:
    """What was received of what was owed for the year, by collection."""
    frame, words, year = frames["collection_coverage"], scene.words, shown_year(scene)
    period = frame["period_id"].astype("int64")
    own = frame[(period == year) | (period // 100 == year)]
    summed = own.groupby("collection_id")[["received_count", "owed_count"]].sum()
    summed = summed[summed["owed_count"] > 0].astype("float64")
    if summed.empty:
        return nothing(scene)
    summed["share"] = summed["received_count"] / summed["owed_count"]
    ordered = summed.reset_index().sort_values(["share", "collection_id"], ascending=[False, True])
    found = [
        Bar(
            scene.names.collections.get(row.collection_id, row.collection_id),
            float(row.share),
            words.value(row.share, "share"),
            scene.palette.sequential[3],
            f"collection:{row.collection_id}",
        )
        for row in rows(ordered)
    ]
    whole = summed["received_count"].sum() / summed["owed_count"].sum()
    return Drawing(
        figure=bars(found, scene, high=1.0),
        title=words("year.found.covered", share=words.value(float(whole), "share")),
        subtitle=subtitle(words("year.what.covered"), scene),
    )


def draw_flows(frames: Frames, scene: Scene) -> Drawing:
    """The largest flows between regions."""
    frame, words, names = frames["year_flows"], scene.words, scene.names
    held = frame[
        frame["reporter_region_id"].isin(REGION_COLOURS)
        & frame["partner_region_id"].isin(REGION_COLOURS)
        & (frame["value_usd"].fillna(0) > 0)
    ]
    if held.empty:
        return nothing(scene)
    keys = ["value_usd", "reporter_region_id", "partner_region_id"]
    ordered = held.sort_values(keys, ascending=[False, True, True])
    chosen = scene.chosen.regions
    found = [
        Bar(
            f"{names.region(row.reporter_region_id)} → {names.region(row.partner_region_id)}",
            float(row.value_usd),
            words.value(row.value_usd, "usd"),
            REGION_COLOURS[row.reporter_region_id],
            mark("pair", row.reporter_region_id, row.partner_region_id),
            is_muted=bool(chosen) and row.reporter_region_id not in chosen,
        )
        for row in rows(ordered.head(FLOWS))
    ]
    return Drawing(
        figure=bars(found, scene),
        title=words("year.found.flows", name=found[0].name, value=found[0].text),
        subtitle=subtitle(words(f"flow.{scene.selection.flow}"), scene),
    )
