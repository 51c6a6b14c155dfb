"""The findings: one failing row or cell each, with where, why and what to do."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.quality.subject import collection_text, in_language, rule_title, rules
from layouts.scene import Scene

LISTED_AT_MOST: Final = 40
STAGED_ROWS: Final = 7
SMALL: Final = 0.01
"""Below it two decimals show nothing."""


def draw_findings(frames: Frames, scene: Scene, *, has_remedy: bool = True) -> Drawing:
    """A table of findings, those of the greatest effect first; the remedy of one rule above it."""
    frame, failures = frames["findings"], frames["rule_failures"]
    words, chosen = scene.words, scene.chosen
    if frame.empty:
        key = "quality.no_findings_of_rule" if chosen.rule else "quality.no_findings"
        return Drawing(
            empty=words(
                key,
                scope=scene.scope_text,
                range=scene.range_text,
                rule=rule_title(scene, chosen.rule or ""),
            )
        )
    listed = frame.head(STAGED_ROWS if scene.is_present else LISTED_AT_MOST)
    wanted = failures if not chosen.rule else failures[failures["rule_id"] == chosen.rule]
    note = words(
        "quality.findings_count",
        listed=words.number(len(listed)),
        recorded=words.number(frame["recorded_count"].iloc[0]),
        failed=words.number(wanted["rows_failed"].sum()),
    )
    parts: list[Any] = []
    rule = rules(scene).get(chosen.rule or "")
    if rule is not None and has_remedy:
        parts.append(
            html.P(
                [html.Strong(words("quality.remedy")), " ", in_language(rule.remedy, scene)],
                className="remedy",
            )
        )
    is_mixed = rule is None
    parts.append(
        html.Div(
            html.Table(
                [
                    html.Thead(html.Tr(_head(scene, is_mixed=is_mixed))),
                    html.Tbody([_row(row, scene, is_mixed=is_mixed) for row in rows(listed)]),
                ],
                className="data-table findings",
            ),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("quality.findings.title")),
        )
    )
    return Drawing(
        children=html.Div(parts),
        subtitle=scene.subtitle(
            rule_title(scene, chosen.rule) if chosen.rule else "",
            scene.scope_text,
            collection_text(scene),
        ),
        note=note,
    )


def _head(scene: Scene, *, is_mixed: bool) -> list[Any]:
    words = scene.words
    labels = [words("column.member_iso3"), words("column.period_id")]
    if is_mixed:
        labels.append(words("column.rule_id"))
    labels += [words("quality.found"), words("column.expected"), words("quality.where")]
    cells = [html.Th(label, scope="col") for label in labels]
    cells.append(html.Th(words("column.effect_usd"), scope="col", className="number"))
    if is_mixed:
        cells.append(html.Th(words("quality.remedy"), scope="col"))
    cells.append(html.Th(words("quality.file_line"), scope="col"))
    return cells


def _row(row: Any, scene: Scene, *, is_mixed: bool) -> html.Tr:
    words, names = scene.words, scene.names
    cells = [
        html.Td(_button(names.member(row.member_iso3), f"member:{row.member_iso3}")),
        html.Td(words.period(int(row.period_id)), className="nowrap"),
    ]
    if is_mixed:
        cells.append(
            html.Td(
                [
                    _button(rule_title(scene, row.rule_id), f"rule:{row.rule_id}"),
                    html.Span(" " + words(f"quality.{row.severity}"), className="soft"),
                ]
            )
        )
    cells += [
        _labelled(words("quality.found"), found_text(row, scene)),
        _labelled(words("column.expected"), expected_text(row.expected, scene)),
        _labelled(words("quality.where"), where_text(row, scene)),
        _labelled(
            words("column.effect_usd"),
            words.value(_number(row.effect_usd), "usd"),
            "number nowrap",
        ),
    ]
    if is_mixed:
        rule = rules(scene).get(row.rule_id)
        remedy = in_language(rule.remedy, scene) if rule else ""
        cells.append(
            _labelled(
                words("quality.remedy"),
                html.Span(remedy, className="clamp", title=remedy),
                "soft",
            )
        )
    cells.append(_labelled(words("quality.file_line"), file_text(row), "soft file"))
    return html.Tr(cells)


def _labelled(label: str, content: Any, kind: str = "") -> html.Td:
    """Return a cell that carries its heading, which a phone has no room to show above it."""
    return html.Td(content, className=kind, **attributes(data_label=label))


def _button(label: str, event: str) -> html.Button:
    return html.Button(label, type="button", className="mark", **attributes(data_event=event))


def _number(value: Any) -> float | None:
    return None if _is_missing(value) else float(value)


def _is_missing(value: Any) -> bool:
    # NA is neither equal nor unequal to itself, so it is told by its name first.
    return value is None or type(value).__name__ == "NAType" or value != value


def found_text(row: Any, scene: Scene) -> str:
    """Say which field held what; a code is named."""
    words, names = scene.words, scene.names
    field = "" if _is_missing(row.field) else str(row.field)
    value = "" if _is_missing(row.value) else str(row.value)
    key = f"quality.field_{_slug(field)}"
    label = words(key) if words.has(key) else field
    if field == "partner" and not _is_missing(row.partner_iso3):
        value = names.member(str(row.partner_iso3))
    elif field == "period" and value.isdecimal():
        value = scene.words.period(int(value))
    elif field == "chapter" and value in names.chapters:
        value = f"{value} {names.chapters[value]}"
    elif re.fullmatch(r"-?\d+(\.\d+)?", value) and field not in ("partner", "commodity"):
        value = small_number(float(value), scene)
    return f"{label}: {value or words('quality.empty_value')}"


def expected_text(text: Any, scene: Scene) -> str:
    """Say what was expected, in the page's language where the phrase is a known one."""
    words = scene.words
    if _is_missing(text):
        return "–"
    phrase = re.fullmatch(r"(.*?)\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)", str(text))
    if phrase and words.has(key := f"quality.expected_{_slug(phrase[1])}"):
        return words(key, value=small_number(float(phrase[2]), scene))
    key = f"quality.expected_{_slug(str(text))}"
    return words(key) if words.has(key) else str(text)


def small_number(value: float, scene: Scene) -> str:
    """Write a number in two or three digits, however small it is."""
    if value == 0 or abs(value) >= SMALL:
        return scene.words.short(value)
    return scene.words.number(value, min(9, 1 - math.floor(math.log10(abs(value)))))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def where_text(row: Any, scene: Scene) -> str:
    """Say which flow, commodity and partner a finding is about."""
    words, names = scene.words, scene.names
    parts = []
    if not _is_missing(row.flow_code):
        key = f"flow.{row.flow_code}"
        parts.append(words(key) if words.has(key) else str(row.flow_code))
    if not _is_missing(row.commodity_code) and row.field != "chapter":
        parts.append(f"HS {row.commodity_code}")
    if not _is_missing(row.partner_iso3) and row.field != "partner":
        parts.append(names.member(str(row.partner_iso3)))
    return ", ".join(parts) or "–"


def file_text(row: Any) -> str:
    """Name the file, and the line where it is known."""
    if _is_missing(row.file_name):
        return "–"
    if _is_missing(row.line_number):
        return str(row.file_name)
    return f"{row.file_name}:{int(row.line_number)}"
