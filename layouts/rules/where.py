"""Where the rule in focus fails, and since when."""

from __future__ import annotations

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, rows, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.quality.rules import BARS_AT_MOST, ROW_PIXELS, STAGED_BARS, bars_layout, labels_above
from layouts.quality.subject import (
    counts_text,
    is_in_scope,
    is_named,
    period_event,
    period_ticks,
    rule_title,
    small_share,
)
from layouts.scene import Scene


def draw_rule_members(frames: Frames, scene: Scene) -> Drawing:
    """Members by the share that fails the focused rule, the worst on top."""
    frame = frames["rule_failures_of_all"]
    words = scene.words
    failing = frame[frame["rows_failed"] > 0]
    if failing.empty:
        return Drawing(
            empty=words("rules.nobody_fails", range=scene.range_text), is_good=not frame.empty
        )
    shown = _members_kept(failing, scene)
    return Drawing(
        figure=rule_member_bars(shown, scene),
        height=None if scene.is_present else len(shown) * ROW_PIXELS + 12,
        subtitle=scene.subtitle(
            words.label("failed_share"), rule_title(scene, str(failing.iloc[0]["rule_id"]))
        ),
        note=words(
            "rules.failing_members",
            count=words.number(len(failing)),
            all=words.number(len(frame)),
        ),
    )


def _members_kept(failing: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the worst rows, and the chosen members' wherever they stand."""
    most = STAGED_BARS if scene.is_present else BARS_AT_MOST
    if is_named(scene.chosen):
        lit = [
            is_in_scope(scene, iso3, region)
            for iso3, region in zip(failing["member_iso3"], failing["region_id"], strict=True)
        ]
        wanted = failing[lit].head(most // 2)
    else:
        wanted = failing.head(0)
    rest = failing.drop(wanted.index).head(most - len(wanted))
    return failing.loc[sorted({*wanted.index, *rest.index})]


def rule_member_bars(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a bar per member in its region's colour; the chosen members are accented."""
    palette, words, names = scene.palette, scene.words, scene.names
    shares = frame["failed_share"].fillna(0.0).tolist()
    are_chosen = [iso3 in scene.chosen.members for iso3 in frame["member_iso3"]]
    titles = [names.member(iso3) for iso3 in frame["member_iso3"]]
    events = [mark("member", iso3) for iso3 in frame["member_iso3"]]
    colours = [
        palette.accent if is_chosen else REGION_COLOURS.get(region, palette.muted)
        for region, is_chosen in zip(frame["region_id"], are_chosen, strict=True)
    ]
    opacities = [
        1.0 if is_in_scope(scene, row.member_iso3, row.region_id) else 0.3 for row in rows(frame)
    ]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": shares,
            "y": list(range(len(frame))),
            "width": 0.34,
            "marker": {"color": colours, "opacity": opacities},
            "text": [
                f"{small_share(row.failed_share, scene)} ({words.short(float(row.rows_failed))})"
                for row in rows(frame)
            ],
            "textposition": "outside",
            "textfont": {"size": scene.font_size * 0.9},
            "constraintext": "none",
            "cliponaxis": False,
            "customdata": events,
            "hovertext": [
                tooltip(
                    names.member(row.member_iso3),
                    rule_title(scene, row.rule_id),
                    f"{words.label('failed_share')} {small_share(row.failed_share, scene)}",
                    words(
                        "quality.member_counts",
                        failed=words.number(row.rows_failed),
                        checked=words.number(row.rows_checked),
                        submissions=words.number(row.submissions_failing),
                        all=words.number(row.submissions_checked),
                    ),
                )
                for row in rows(frame)
            ],
            "hoverinfo": "text",
        }
    ]
    return figure(data, bars_layout(shares, labels_above(titles, events, are_chosen, scene), scene))


def draw_rule_trend(frames: Frames, scene: Scene) -> Drawing:
    """The share that fails the focused rule, by period."""
    frame = frames["rule_failures_by_period"]
    words = scene.words
    if frame.empty:
        return Drawing(empty=words("quality.no_checks", range=scene.range_text))
    rule_id = str(frame.iloc[0]["rule_id"])
    return Drawing(
        figure=rule_trend(frame, scene),
        subtitle=scene.subtitle(
            words.label("failed_share"), rule_title(scene, rule_id), scene.scope_text
        ),
    )


def rule_trend(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a bar per period; a click selects the period."""
    palette, words = scene.palette, scene.words
    ordered = frame.sort_values("period_id")
    periods = [int(period) for period in ordered["period_id"]]
    ticks, labels = period_ticks(periods, scene)
    data = [
        {
            "type": "bar",
            "x": list(range(len(periods))),
            "y": ordered["failed_share"].tolist(),
            "marker": {"color": palette.accent if scene.chosen.rule else palette.soft_ink},
            "customdata": [mark("month", period_event(period)) for period in periods],
            "hovertext": [
                tooltip(
                    words.period(int(row.period_id)),
                    f"{words.label('failed_share')} {small_share(row.failed_share, scene)}",
                    counts_text(row, scene),
                )
                for row in rows(ordered)
            ],
            "hoverinfo": "text",
        }
    ]
    top = max(float(ordered["failed_share"].max()), 1e-6)
    steps = [0.0, top / 2, top]
    layout = base_layout(
        scene,
        bargap=0.25,
        xaxis=axis(
            palette,
            showgrid=False,
            tickvals=ticks,
            ticktext=labels,
            tickangle=0,
        ),
        yaxis=axis(
            palette,
            range=[0, top * 1.08],
            tickvals=steps,
            ticktext=[small_share(step, scene) for step in steps],
        ),
    )
    return figure(data, layout)
