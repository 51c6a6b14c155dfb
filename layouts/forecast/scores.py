"""Whether the forecast is worth having: its score beside those of two baselines, in words."""

from __future__ import annotations

import math
from typing import Any, Final

from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.forecast.chances import as_of_text, collection_text
from layouts.forecast.reliability import no_tests
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

BASELINES: Final = ("own", "everyone")
DIGITS: Final = 3


def draw_scores(frames: Frames, scene: Scene) -> Drawing:
    """A table of Brier scores and what follows from them, with a verdict as its title."""
    frame, words = frames["forecast_scores"], scene.words
    tested = [row for row in rows(frame) if row.n]
    subtitle = " · ".join(
        [
            collection_text(scene),
            scene.scope_text,
            words("forecast.scores_unit"),
            as_of_text(scene),
        ]
    )
    if not tested:
        return Drawing(empty=no_tests(scene, "no_tests"), subtitle=subtitle)
    return Drawing(
        children=html.Div(
            [
                html.Div(
                    _table(tested, scene),
                    className="table-scroll",
                    tabIndex="0",
                    **attributes(role="region", aria_label=words("forecast.scores.title")),
                ),
                html.Ul([html.Li(line) for line in _lines(tested, scene)], className="plain-list"),
            ]
        ),
        title=_finding(tested, scene),
        subtitle=subtitle,
        note=None if scene.is_present else words("forecast.scores_note"),
    )


def _finding(tested: list[Any], scene: Scene) -> str:
    found = [verdict(row) for row in tested]
    text = scene.words(f"forecast.verdict_{found[0]}")
    if len(set(found)) == 1:
        return text
    lead = scene.words(f"forecast.lead_{tested[0].lead}")
    return scene.words("forecast.verdict_at", verdict=text, lead=lead)


def beats(low: float, high: float) -> str:
    """Say how a skill's interval lies to 0: ``better``, ``worse``, ``alike`` or ``unsure``."""
    if math.isnan(low) or math.isnan(high):
        return "unsure"
    if low > 0:
        return "better"
    return "worse" if high < 0 else "alike"


def verdict(row: Any) -> str:
    """Return the name of the verdict on one lead: of the harder baseline, if all is well."""
    own, everyone = (
        # Nothing is better than a baseline that was always right.
        beats(getattr(row, f"{name}_skill_low"), getattr(row, f"{name}_skill_high"))
        if getattr(row, f"{name}_brier_score") > 0
        else "alike"
        for name in BASELINES
    )
    if "unsure" in {own, everyone}:
        return "unsure"
    if own == everyone == "better":
        return "both"
    if everyone == "better":
        return f"own_{own}"
    return "everyone"


def _table(tested: list[Any], scene: Scene) -> html.Table:
    words = scene.words
    texts = ["tested", "the_forecast", "baseline_own", "baseline_everyone"]
    head = [html.Th("", scope="col")]
    head += [html.Th(words(f"forecast.{key}"), scope="col", className="number") for key in texts]
    return html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([_row(row, scene) for row in tested])],
        className="data-table",
    )


def _row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    cells: list[Any] = [
        html.Th(words(f"forecast.lead_{row.lead}"), scope="row"),
        html.Td(words.number(row.n), className="number"),
        html.Td(html.Strong(words.number(row.brier_score, DIGITS)), className="number"),
    ]
    for name in BASELINES:
        score, skill, low, high = (
            getattr(row, f"{name}{part}")
            for part in ("_brier_score", "_skill", "_skill_low", "_skill_high")
        )
        cells.append(
            html.Td(
                [
                    html.Span(words.number(score, DIGITS)),
                    html.Span(_skill(skill, low, high, scene), className="hint chance__interval"),
                ],
                className="number",
            )
        )
    return html.Tr(cells)


def _skill(skill: float, low: float, high: float, scene: Scene) -> str:
    words = scene.words
    if math.isnan(skill):
        return ""
    percent = words.number(abs(100 * skill), 1)
    key = "error_less" if skill >= 0 else "error_more"
    text = words(f"forecast.{key}", percent=percent)
    if math.isnan(low):
        return text
    values = {"low": words.number(100 * low, 1), "high": words.number(100 * high, 1)}
    return f"{text} {words('forecast.error_interval', **values)}"


def _lines(tested: list[Any], scene: Scene) -> list[str]:
    words = scene.words
    main = tested[0]
    lines = [
        words(
            f"forecast.line_{verdict(row)}",
            lead=words(f"forecast.lead_{row.lead}"),
        )
        for row in tested
    ]
    lines.append(
        words(
            "forecast.line_counts",
            held=words.number(main.counts_held),
            tested=words.number(main.counts_tested),
        )
    )
    lines.append(
        words(
            "forecast.line_parts",
            reliability=words.number(main.reliability, DIGITS),
            resolution=words.number(main.resolution, DIGITS),
            uncertainty=words.number(main.uncertainty, DIGITS),
        )
    )
    lines.append(
        words(
            "forecast.line_span" if main.member_count > 1 else "forecast.line_span_one",
            n=words.number(main.n),
            members=words.number(main.member_count),
            first=words.period(int(main.first_period_id)),
            last=words.period(int(main.last_period_id)),
        )
    )
    return lines
