"""What the ranking can and cannot claim, in plain words and with its own numbers."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.incentives.reading import (
    band_text,
    has_tiers,
    no_ranking,
    peer_text,
    pillar_name,
    ranked,
    standing_text,
    tier_text,
    weight_shares,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SELECTED_AT_MOST: Final = 5
APART_AT_MOST: Final = 8


def draw_claims(frames: Frames, scene: Scene) -> Drawing:
    """The members selected in a sentence each, then what can and what cannot be said."""
    frame = ranked(frames["ranking"])
    if frame.empty:
        return Drawing(empty=no_ranking(scene, frames["ranking"]))
    words = scene.words
    apart = frames["ranking"][frames["ranking"]["rank"].isna()]
    shares = weight_shares(frames["schemes"])
    parts: list[Any] = _selected(frame, apart, scene)
    for kind, sentences in (
        ("can", can_say(frame, scene)),
        ("cannot", cannot_say(frame, len(apart), shares, scene)),
    ):
        parts += [
            html.H3(words(f"incentives.{kind}_title"), className="claims__title"),
            html.Ul([html.Li(sentence) for sentence in sentences], className="claims__list"),
        ]
    parts += _listed_apart(apart, scene)
    return Drawing(children=html.Div(parts, className="claims"))


def _name(iso3: str, scene: Scene) -> html.Button:
    return html.Button(
        scene.names.member(iso3),
        type="button",
        className="mark",
        **attributes(data_event=f"member:{iso3}"),
    )


def _listed_apart(apart: pd.DataFrame, scene: Scene) -> list[Any]:
    """Return who is not ranked and why: too few to rank is no place at the end."""
    if apart.empty:
        return []
    words = scene.words
    shown = [
        html.Li([_name(row.member_iso3, scene), " ", standing_text(row.standing, scene)])
        for row in rows(apart.head(APART_AT_MOST))
    ]
    more = len(apart) - len(shown)
    if more:
        shown.append(html.Li(words("incentives.apart_more", count=words.number(more))))
    title = words("incentives.apart_title", count=words.number(len(apart)))
    return [
        html.H3(title, className="claims__title"),
        html.Ul(shown, className="claims__list"),
    ]


def _selected(frame: pd.DataFrame, apart: pd.DataFrame, scene: Scene) -> list[Any]:
    words = scene.words
    shown = frame[frame["member_iso3"].isin(scene.chosen.members)].head(SELECTED_AT_MOST)
    known = {*frame["member_iso3"], *apart["member_iso3"]}
    absent = [iso3 for iso3 in scene.chosen.members if iso3 not in known]
    lines = [
        html.P(
            [
                _name(row.member_iso3, scene),
                " "
                + words(
                    "incentives.selected",
                    rank=words.number(row.rank),
                    count=words.number(len(frame)),
                    band="; ".join(
                        part
                        for part in (
                            band_text(row, scene),
                            tier_text(row, scene),
                            peer_text(row, scene),
                        )
                        if part
                    ),
                ),
            ],
            className="claims__member",
        )
        for row in rows(shown)
    ]
    lines += [
        html.P(
            [_name(row.member_iso3, scene), " ", standing_text(row.standing, scene)],
            className="claims__member",
        )
        for row in rows(apart[apart["member_iso3"].isin(scene.chosen.members)])
    ]
    lines += [
        html.P(words("incentives.not_ranked", scope=scene.names.member(iso3))) for iso3 in absent
    ]
    return lines


def can_say(frame: pd.DataFrame, scene: Scene) -> list[str]:
    """Return what the bands bear out."""
    words = scene.words
    count = len(frame)
    third = max(1, count // 3)
    upper = int((frame["rank_high"] <= third).sum())
    lower = int((frame["rank_low"] > count - third).sum())
    sure = int((frame["tier_probability"] >= 0.9).sum())
    tiers = [words("incentives.can_tiers", sure=words.number(sure), count=words.number(count))]
    return [
        words(
            "incentives.can_thirds",
            upper=words.number(upper),
            lower=words.number(lower),
            middle=words.number(count - upper - lower),
        ),
        *(tiers if has_tiers(scene) else []),
        words("incentives.can_groups", groups=words.number(int(frame["group"].max()))),
    ]


def cannot_say(
    frame: pd.DataFrame, apart: int, shares: dict[str, float], scene: Scene
) -> list[str]:
    """Return what the bands do not bear out, and what the score leaves out."""
    words = scene.words
    width = float((frame["rank_high"] - frame["rank_low"]).median())
    # Of an audience that does not name everybody the catalogue has the named members alone.
    is_whole = scene.audience.is_everything
    absent = len(scene.catalogue.members) - len(frame) - apart if is_whole else 0
    partial = int((frame["pillars_missing"].fillna("") != "").sum())
    heaviest = max(shares, key=lambda pillar: shares[pillar])
    sentences = [
        words("incentives.cannot_order", places=words.number(width)),
        words(
            "incentives.cannot_weights",
            pillar=pillar_name(scene, heaviest),
            share=words.value(shares[heaviest], "share"),
        ),
        words("incentives.cannot_capacity"),
    ]
    if not has_tiers(scene):
        sentences.append(words("incentives.cannot_tiers"))
    if absent > 0:
        sentences.append(words("incentives.cannot_absent", count=words.number(absent)))
    if partial:
        sentences.append(words("incentives.cannot_partial", count=words.number(partial)))
    return sentences
