"""Tactic by month: the status that the weakest key result of each had."""

from __future__ import annotations

from typing import Any, Final

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import (
    STATUSES,
    SYMBOLS,
    colour,
    status_words,
    strategy_name,
    tactic_name,
)

WORST_FIRST: Final = ("off_track", "at_risk", "not_started", "on_track", "missing")
STAGED_MONTHS: Final = 12
MISSING: Final = "·"


def draw_heatmap(frames: Frames, scene: Scene) -> Drawing:
    """Tactics down, months across; colour and sign say the status, a click chooses the tactic."""
    frame, words = frames["key_result_status_by_month"], scene.words
    if frame.empty:
        return Drawing(empty=words("strategy.none"))
    months = sorted(set(frame["period_id"].tolist()))
    if scene.is_present:
        months = months[-STAGED_MONTHS:]
    weakest = _weakest(rows(frame))
    strategies = [strategy.id for strategy in scene.framework.strategies]
    # On the stage side by side, so that every name can be read from afar.
    groups = [[one] for one in strategies] if scene.is_present else [strategies]
    tables = [_table(group, months, weakest, scene) for group in groups]
    legend = element(
        "Div",
        [
            *(status_words(status, scene) for status in STATUSES),
            element("Span", f"{MISSING} {words('pace.missing')}"),
        ],
        className="result-legend",
    )
    scroll = element(
        "Div",
        tables,
        className="table-scroll pace-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=words("pace.months.title")),
    )
    return Drawing(
        children=element("Div", [legend, scroll]),
        subtitle=words("common.as_of", day=words.day(scene.as_of)),
        note=words("pace.months_staged" if scene.is_present else "pace.months_note"),
    )


def _table(
    strategies: list[str],
    months: list[int],
    weakest: dict[tuple[str, int], Any],
    scene: Scene,
) -> Element:
    body: list[Element] = []
    for strategy in strategies:
        title = f"{strategy} {strategy_name(strategy, scene)}"
        heading = element("Th", title, colSpan=len(months) + 1, scope="colgroup")
        body.append(element("Tr", heading, className="group-row"))
        body.extend(
            _row(tactic.id, months, weakest, scene)
            for tactic in scene.framework.tactics
            if tactic.strategy == strategy
        )
    return element(
        "Table",
        [element("Thead", _head(months, scene)), element("Tbody", body)],
        className="pace-months",
        style={
            f"--{status.replace('_', '-')}": colour(status, scene.palette) for status in STATUSES
        },
    )


def _weakest(found: list[Any]) -> dict[tuple[str, int], Any]:
    """Return the row of the weakest key result of each tactic and month."""
    order = {status: place for place, status in enumerate(WORST_FIRST)}
    weakest: dict[tuple[str, int], Any] = {}
    for row in found:
        key = (row.tactic_id, row.period_id)
        kept = weakest.get(key)
        if kept is None or order[row.status] < order[kept.status]:
            weakest[key] = row
    return weakest


def _head(months: list[int], scene: Scene) -> Element:
    """Return the years over their months."""
    # Fewer months than that are narrower than the number of their year.
    least = 4 if scene.is_present else 2
    years: dict[int, int] = {}
    for month in months:
        years[month // 100] = years.get(month // 100, 0) + 1
    cells = [
        element("Th", str(year) if count >= least else "", colSpan=count, scope="colgroup")
        for year, count in years.items()
    ]
    return element("Tr", [element("Th", scene.words("pace.tactic"), scope="col"), *cells])


def _row(
    tactic: str, months: list[int], weakest: dict[tuple[str, int], Any], scene: Scene
) -> Element:
    words = scene.words
    is_chosen = tactic == scene.chosen.tactic
    name = f"{tactic} {tactic_name(tactic, scene)}"
    button = element(
        "Button",
        name,
        type="button",
        className="mark",
        **attributes(data_event=f"tactic:{tactic}", aria_pressed="true" if is_chosen else "false"),
    )
    cells = [element("Th", button, scope="row")]
    for month in months:
        row = weakest.get((tactic, month))
        status = "missing" if row is None else row.status
        told = (
            words("pace.missing")
            if row is None or status == "missing"
            else words(
                "pace.cell",
                status=words(f"strategy.status_{status}"),
                progress=words.value(row.progress, "share"),
                expected=words.value(row.expected, "share"),
            )
        )
        cells.append(
            element(
                "Td",
                SYMBOLS.get(status, MISSING),
                className=f"pace-cell pace-cell--{status}",
                title=f"{tactic} · {words.period(month)} · {told}",
                **attributes(data_event=f"tactic:{tactic}"),
            )
        )
    return element("Tr", cells, className="is-chosen" if is_chosen else "")
