"""What the checks found about a case's figure."""

from __future__ import annotations

from typing import Any

from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.outliers.wording import button, case_name, no_case, usd
from layouts.panels import Drawing, Frames
from layouts.scene import Scene


def draw_findings(frames: Frames, scene: Scene) -> Drawing:
    """A row per rule, with what to do."""
    reason = no_case(frames, scene)
    if reason is not None:
        return Drawing(empty=reason)
    words, frame = scene.words, frames["case_findings"]
    (case,) = rows(frames["outlier_case"])
    if frame.empty:
        return Drawing(empty=words("outliers.no_findings"))
    names = ("rule_id", "finding_count", "effect_usd")
    head = [html.Th(words("column.rule_id"), scope="col")]
    head += [
        html.Th(
            words.label(name) if name == "finding_count" else words(f"column.{name}"),
            scope="col",
            className="number",
        )
        for name in names[1:]
    ]
    return Drawing(
        children=html.Div(
            html.Table(
                [html.Thead(html.Tr(head)), html.Tbody([_row(row, scene) for row in rows(frame)])],
                className="data-table case-findings",
            ),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("outliers.findings.title")),
        ),
        subtitle=case_name(case, scene),
        note=words("outliers.findings_note"),
    )


def _row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    rule = next((one for one in scene.framework.rules if one.id == row.rule_id), None)
    title = getattr(rule.title, words.language) if rule else str(row.rule_id)
    remedy = getattr(rule.remedy, words.language) if rule else ""
    place = words("outliers.of_whole" if row.is_whole else "outliers.of_commodity")
    return html.Tr(
        [
            html.Td(
                [
                    button(title, f"rule:{row.rule_id}"),
                    html.Span(f"{words(f'quality.{row.severity}')}, {place}", className="soft"),
                    html.P(remedy, className="hint"),
                ]
            ),
            html.Td(words.number(int(row.finding_count)), className="number"),
            html.Td(usd(row.effect_usd, scene), className="number whole"),
        ]
    )
