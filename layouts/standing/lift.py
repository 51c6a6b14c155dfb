"""What would lift a member to the next tier, in its own units, each change tried out."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from dashboard.lifting import is_fixed, next_tier
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.incentives.reading import (
    chance_text,
    has_tiers,
    is_in_scope,
    scheme_text,
    tier_name,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.standing.reading import member_button, points

NEAR_AT_MOST: Final = 10
STAGED_AT_MOST: Final = 5


def draw_lift(frames: Frames, scene: Scene) -> Drawing:
    """The plans of the one member selected, or who is near a threshold."""
    words = scene.words
    if not has_tiers(scene):
        return Drawing(empty=words("incentives.no_tiers"))
    if not is_fixed(scene.framework, scene.selection.normalisation):
        return Drawing(empty=words("standing.not_fixed"))
    movement = frames["score_movement"]
    known = movement.dropna(subset=["incentive_score"])
    if known.empty:
        return Drawing(empty=words("standing.nobody", range=scene.range_text))
    subtitle = scene.subtitle(scheme_text(scene))
    if len(scene.chosen.members) != 1:
        return Drawing(children=_near(known, scene), subtitle=subtitle)
    iso3 = scene.chosen.members[0]
    own = known[known["member_iso3"] == iso3]
    name = scene.names.member(iso3)
    if own.empty:
        return Drawing(empty=words("standing.not_ranked", member=name, range=scene.range_text))
    score = float(own["incentive_score"].iloc[0])
    tier = next_tier(score, scene.framework)
    now = tier_name(scene, str(own["tier"].iloc[0]))
    if tier is None:
        top = max(one.threshold for one in scene.framework.tiers)
        sentence = words(
            "standing.at_top",
            member=name,
            tier=now,
            score=points(score, scene),
            above=points(score - top, scene),
        )
        return Drawing(children=element("P", sentence), subtitle=subtitle)
    facts = {
        "member": name,
        "tier": now,
        "score": points(score, scene),
        "next": tier_name(scene, tier.id),
        "threshold": words.number(tier.threshold),
        "short": points(tier.threshold - score, scene),
    }
    plans = frames["lift_plans"]
    if plans.empty:
        return Drawing(children=element("P", words("standing.out_of_reach", **facts)))
    return Drawing(
        children=_plans(plans, facts, scene),
        title=words("standing.lift.one", **facts),
        subtitle=subtitle,
        note=words("standing.lift_note", **facts),
    )


def _plans(plans: pd.DataFrame, facts: dict[str, str], scene: Scene) -> Element:
    words = scene.words
    found = [own for _, own in plans.groupby("plan", sort=True)]
    if scene.is_present:
        found = found[:STAGED_AT_MOST]
    before = chance_text(float(plans["tier_chance_before"].iloc[0]), scene)
    heads = [
        (words("standing.head_change"), ""),
        (words("standing.head_score"), "number"),
        (words("standing.head_rank"), "number"),
        (words("standing.head_chance", tier=facts["next"], before=before), "number"),
    ]
    body = [_plan(own, scene) for own in found]
    return element(
        "Div",
        [
            element("P", words("standing.short_of", **facts)),
            _table(heads, body, words("standing.lift.title")),
        ],
    )


def plan_text(plan: pd.DataFrame, scene: Scene) -> str:
    """Return the changes of a plan as one sentence in raw units."""
    words = scene.words
    parts = [_change_text(row, scene) for row in rows(plan)]
    text = words("standing.and").join(parts)
    return text[:1].upper() + text[1:]


def _change_text(row: Any, scene: Scene) -> str:
    words = scene.words
    key = f"standing.lever.{row.lever}"
    if row.lever in {"on_time", "received"} and row.steps == 1:
        key += "_one"
    digits = 1 if row.lever == "quality" else 0
    return words(
        key,
        steps=words.number(row.steps),
        before=words.number(row.value_before, digits),
        after=words.number(row.value_after, digits),
        whole=words.number(row.out_of),
    )


def _plan(plan: pd.DataFrame, scene: Scene) -> Element:
    words, first = scene.words, rows(plan)[0]
    text: list[Any] = [plan_text(plan, scene)]
    if first.plan == 1:
        text.append(element("Div", words("standing.least"), className="hint"))
    return element(
        "Tr",
        [
            element("Th", text, scope="row"),
            element("Td", points(first.incentive_score, scene), className="number"),
            element("Td", words.number(first.rank), className="number"),
            element("Td", chance_text(first.tier_chance, scene), className="number"),
        ],
    )


def _near(known: pd.DataFrame, scene: Scene) -> Element:
    """Return who is nearest below a threshold, those selected if there are several."""
    words = scene.words
    scope = known[is_in_scope(known, scene)]
    listed = known if scope.empty else scope
    tiers = [next_tier(float(score), scene.framework) for score in listed["incentive_score"]]
    table = listed.assign(
        aim=[tier.id if tier else "" for tier in tiers],
        short=[
            tier.threshold - score if tier else math.nan
            for tier, score in zip(tiers, listed["incentive_score"], strict=True)
        ],
    ).dropna(subset=["short"])
    table = table.sort_values(["short", "member_iso3"]).head(
        STAGED_AT_MOST if scene.is_present else NEAR_AT_MOST
    )
    heads = [
        (words("standing.head_member"), ""),
        (words("standing.head_tier"), ""),
        (words("standing.head_short"), "number"),
    ]
    body = [
        element(
            "Tr",
            [
                element("Th", member_button(row.member_iso3, scene), scope="row"),
                element("Td", f"{tier_name(scene, row.tier)} → {tier_name(scene, row.aim)}"),
                element("Td", points(row.short, scene), className="number"),
            ],
        )
        for row in rows(table)
    ]
    sentence = words("standing.choose_one" if body else "standing.all_at_top")
    parts = [element("P", sentence)]
    if body:
        parts.append(_table(heads, body, words("standing.near")))
    return element("Div", parts)


def _table(heads: list[tuple[str, str]], body: list[Element], label: str) -> Element:
    head = [element("Th", text, scope="col", className=kind) for text, kind in heads]
    return element(
        "Div",
        element(
            "Table",
            [element("Thead", element("Tr", head)), element("Tbody", body)],
            className="data-table",
        ),
        className="table-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=label),
    )
