"""The head of a member's page: who it is and its five key figures beside those of its region."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.drawn_images import svg_address
from layouts.incentives.reading import decision_text
from layouts.members.directory import draw_directory, income
from layouts.members.subject import is_union, number_or_none, profile_of, subject
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.sparkline import sparkline

FLAGS = ("is_ldc", "is_sids", "is_lldc")
TINY = 0.0005
STRIP_WIDTH, STRIP_HEIGHT = 72.0, 24.0


def draw_profile(frames: Frames, scene: Scene) -> Drawing:
    """Who the member is, and its key figures; without a member, the directory of all."""
    profiles = frames["member_profiles"]
    iso3 = subject(scene)
    profile = profile_of(profiles, iso3)
    if iso3 is None or profile is None:
        return draw_directory(profiles, scene)
    words = scene.words
    name = scene.names.member(iso3)
    absence = why_absent(profile, scene)
    figures = html.Div(_figures(profile, frames, scene), className="key-figures")
    other = html.Button(
        words("members.all_members"),
        type="button",
        className="button",
        **attributes(data_event=f"member:{iso3}", data_removal="1"),
    )
    facts = _facts(profile, scene)
    return Drawing(
        children=html.Div(
            [
                html.Div(facts if scene.is_present else [*facts, other], className="member-facts"),
                figures if absence is None else _absence(absence, profile, scene),
            ],
            className="member-profile" + (" member-profile--absent" if absence else ""),
        ),
        title=name,
        subtitle=scene.subtitle(scene.names.collections[scene.selection.collection or ""]),
        note=words("members.only_first", name=name) if scene.chosen.members[1:] else None,
    )


def why_absent(profile: Any, scene: Scene) -> str | None:
    """Say why a member owes nothing in the whole range, if that is so from the start."""
    words, name = scene.words, scene.names.member(profile.member_iso3)
    if is_union(profile):
        return words("members.union_owes_nothing", name=name)
    assert scene.selection.last is not None
    if profile.joined_on.strftime("%Y-%m") > scene.selection.last:
        day = words.day(profile.joined_on.date())
        return words("members.joined_later", name=name, day=day, range=scene.range_text)
    return None


def _absence(sentence: str, profile: Any, scene: Scene) -> html.Div:
    """Return the sentence, and a way to periods with data if there is one."""
    parts: list[Any] = [html.P(sentence)]
    if not is_union(profile) and not scene.is_present:
        selection = scene.selection
        parts.append(
            html.Button(
                scene.words("members.latest_periods"),
                type="button",
                className="button",
                **attributes(
                    data_event=f"month:{selection.first}|{selection.last}", data_removal="1"
                ),
            )
        )
    return html.Div(parts, className="member-well")


def _facts(profile: Any, scene: Scene) -> list[Any]:
    words = scene.words
    region = html.Button(
        scene.names.region(profile.region_id, is_short=False),
        type="button",
        className="mark",
        **attributes(data_event=f"region:{profile.region_id}"),
    )
    facts: list[Any] = [
        html.Span(region),
        html.Span(words("members.member_since", day=words.day(profile.joined_on.date()))),
        html.Span(income(profile.income_group, scene)),
    ]
    facts += [html.Span(words(f"members.{flag}")) for flag in FLAGS if getattr(profile, flag)]
    return facts


def _figures(profile: Any, frames: Frames, scene: Scene) -> list[html.Div]:
    peers = frames["member_profiles"]
    region = peers[peers["region_id"] == profile.region_id]
    return [
        _on_time(profile, region, frames, scene),
        _quality(profile, region, frames, scene),
        _rank(profile, peers, scene),
        _trade(profile, region, frames, scene),
        _open(frames, scene),
    ]


def _figure(label: str, value: str, picture: Any, *reading: str) -> html.Div:
    return html.Div(
        [
            html.Div(label, className="key-figure__label"),
            html.Div(value, className="key-figure__value"),
            html.Div(picture),
            html.Div([html.Div(line) for line in reading if line], className="key-figure__reading"),
        ],
        className="key-figure",
    )


def _against(value: float | None, reference: float | None, measure: str, scene: Scene) -> str:
    """Say how far a value lies from that of the region."""
    words = scene.words
    if value is None or reference is None:
        return ""
    key = "members.against_share" if measure == "on_time_share" else "members.against_median"
    return words(
        key,
        value=words.measured(reference, measure),
        change=words.measured(value - reference, measure, is_change=True),
    )


def _on_time(profile: Any, region: pd.DataFrame, frames: Frames, scene: Scene) -> html.Div:
    words = scene.words
    trail = frames["member_on_time_by_period"]
    trail = trail[trail["member_iso3"] == profile.member_iso3]
    share = number_or_none(profile.on_time_share)
    counted = int(region["counted"].sum())
    whole = int(region["on_time"].sum()) / counted if counted else None
    count = ""
    if share is not None:
        count = words(
            "members.share_story",
            on_time=words.number(profile.on_time),
            counted=words.number(profile.counted),
            low=words.value(profile.low, "share"),
            high=words.value(profile.high, "share"),
        )
    return _figure(
        words.label("on_time_share"),
        words.value(share, "share"),
        sparkline(trail["on_time_share"].tolist(), scene, label=words("members.trend")),
        count or words("members.none_counted"),
        _against(share, whole, "on_time_share", scene),
    )


def _quality(profile: Any, region: pd.DataFrame, frames: Frames, scene: Scene) -> html.Div:
    words = scene.words
    score = number_or_none(profile.quality_score)
    trail = frames["quality_of_members"]
    trail = trail[trail["member_iso3"] == profile.member_iso3]
    median = number_or_none(region["quality_score"].median())
    return _figure(
        words.label("quality_score"),
        words.measured(score, "quality_score"),
        sparkline(trail["quality_score"].tolist(), scene, label=words("members.trend")),
        "" if score is not None else words("members.no_quality"),
        _against(score, median, "quality_score", scene),
    )


def _rank(profile: Any, peers: pd.DataFrame, scene: Scene) -> html.Div:
    words = scene.words
    count = int(peers["rank"].notna().sum())
    rank = number_or_none(profile.rank)
    if rank is None:
        return _figure(words.label("rank"), words.value(None, "rank"), "", words("members.no_rank"))
    low, high = float(profile.rank_low), float(profile.rank_high)
    tiers = {tier.id: tier.name for tier in scene.framework.tiers}
    tier = tiers.get(profile.tier)
    reading = [
        words("members.rank_band", low=words.number(low), high=words.number(high)),
        # A score by comparisons two by two has no tier.
        words(
            "members.tier" if tier else "members.score_alone",
            name=getattr(tier, words.language) if tier else "",
            score=words.measured(profile.incentive_score, "incentive_score"),
        ),
    ]
    decision = decision_text(profile, scene)
    if decision:
        reading.append(decision)
    return _figure(
        words("members.rank_of", count=words.number(count)),
        words.number(rank),
        rank_strip(rank, low, high, count, scene),
        *reading,
    )


def rank_strip(rank: float, low: float, high: float, count: int, scene: Scene) -> html.Img:
    """Return a strip from first (left) to last with the band of a rank and its place."""
    palette, width = scene.palette, STRIP_WIDTH - 6

    def place(value: float) -> float:
        return 3 + width * (value - 1) / max(1, count - 1)

    left, right = place(low), place(high)
    middle = STRIP_HEIGHT / 2
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {STRIP_WIDTH:g} {STRIP_HEIGHT:g}">'
        f'<line x1="3" x2="{3 + width:g}" y1="{middle:g}" y2="{middle:g}" '
        f'stroke="{palette.muted}" stroke-width="1"/>'
        f'<rect x="{left:.1f}" y="{middle - 4:g}" width="{max(1.0, right - left):.1f}" height="8" '
        f'rx="2" fill="{palette.muted}"/>'
        f'<circle cx="{place(rank):.1f}" cy="{middle:g}" r="3.5" fill="{palette.accent}"/></svg>'
    )
    return html.Img(
        src=svg_address(picture),
        alt=scene.words("members.rank_strip"),
        className="spark",
    )


def _trade(profile: Any, region: pd.DataFrame, frames: Frames, scene: Scene) -> html.Div:
    words = scene.words
    flows = [number_or_none(profile.export_usd), number_or_none(profile.import_usd)]
    known = [value for value in flows if value is not None]
    total = sum(known) if known else None
    whole = float(region[["export_usd", "import_usd"]].sum().sum())
    series = frames["member_series"].groupby("period_id")["value_usd"].sum()
    share = ""
    if total is not None and whole > 0:
        share = words(
            "members.share_of_region",
            share=words("members.tiny")
            if 0 < total / whole < TINY
            else words.value(total / whole, "share"),
        )
    return _figure(
        words("members.trade_label"),
        words.measured(total, "value_usd"),
        sparkline(series.tolist(), scene, label=words("members.trend")),
        words(
            "members.trade_reading",
            exports=words.measured(flows[0], "value_usd"),
            imports=words.measured(flows[1], "value_usd"),
        )
        if known
        else words("members.no_trade_short"),
        share,
    )


def _open(frames: Frames, scene: Scene) -> html.Div:
    words = scene.words
    due = frames["member_due_dates"]
    overdue = due[due["status"] == "overdue"]
    coming = rows(due[due["status"] != "overdue"].sort_values("due_on").head(1))
    rules = frames["member_rules"]
    failed = int(rules["rows_failed"].sum())
    following = ""
    if coming:
        one = coming[0]
        following = words(
            "members.next_due",
            what=scene.names.collections[one.collection_id],
            period=words.period(int(one.period_id)),
            days=words.value(one.days_left, "days"),
        )
    return _figure(
        words("members.overdue_all"),
        words.number(len(overdue)) if len(due) else words.number(None),
        "",
        words("members.failed_rows", count=words.number(failed)) if len(rules) else "",
        following,
    )
