"""Times of every panel, and of the statements of trade by rollups and by facts."""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Select

from callbacks import FRAMES, VIEWS, build_app
from callbacks.drawing import Gallery
from dashboard.config import Config
from dashboard.flows import of_trade
from dashboard.selection import Selection
from queries import flows, rollups

SELECTIONS = (
    Selection(),
    Selection(members=("KEN",)),
    Selection(regions=("europe",)),
    Selection(members=("FRA",)),
)
"""All members, one with few data, one region, one with many."""

DRILLS = (
    ("chapter 87 of France", Selection(members=("FRA",), commodity="87")),
    (
        "heading 8703, France with Germany",
        Selection(members=("FRA",), partners=("DEU",), commodity="8703"),
    ),
    ("chapter 27 of everybody", Selection(commodity="27")),
)
"""Selections that go below a chapter: no rollup has them."""

Samples = list[float]
_turns = itertools.count()


def gallery(url: str) -> Gallery:
    """Return the views over a warehouse; nothing is kept, so every answer is computed."""
    app = build_app(Config(warehouse_url=url, query_deadline_seconds=600, cache_megabytes=0))
    gc.collect()
    gc.freeze()  # as a worker of the product does
    return Gallery(app.server.config["WCO_SERVICES"], VIEWS, FRAMES)


def panel_times(drawn: Gallery, rounds: int) -> Iterator[tuple[str, Samples, Samples]]:
    """Yield the name of each panel, its times when first asked, and when asked again."""
    for view in VIEWS:
        for panel in view.panels:
            first: Samples = []
            again: Samples = []
            for selection in SELECTIONS:
                scene = drawn.scene(selection, "light", path=view.path)
                first.append(_timed(drawn, view.id, panel.id, scene))
                again += [_timed(drawn, view.id, panel.id, scene) for _ in range(rounds)]
            yield f"{view.id}/{panel.id}", first, again


def _timed(drawn: Gallery, view: str, panel: str, scene: object) -> float:
    began = time.perf_counter()
    drawn.answer(view, panel, scene, f"asked {next(_turns)}")  # type: ignore[arg-type]
    return (time.perf_counter() - began) * 1000


STATEMENTS: Sequence[tuple[str, Callable[..., Select]]] = (
    ("region_flows", flows.region_flows),
    ("member_trade", flows.member_trade),
    ("partner_trade", flows.partner_trade),
    ("chapter_trade", flows.chapter_trade),
    ("trade_series", flows.trade_series),
    ("pair_flows", flows.pair_flows),
)


def statement_times(drawn: Gallery, rounds: int) -> Iterator[tuple[str, Samples, Samples]]:
    """Yield the name of each statement of trade, its times by rollups, and by facts alone."""
    services = drawn.services
    for name, builder in STATEMENTS:
        by_rollup: Samples = []
        by_facts: Samples = []
        for selection in SELECTIONS:
            trade = of_trade(selection.resolve(services.catalogue), services.catalogue)
            by_rollup += _asked(drawn, builder(trade, is_past=False), rounds)
            with _facts_alone():
                by_facts += _asked(drawn, builder(trade, is_past=False), rounds)
        yield name, by_rollup, by_facts


def drill_times(drawn: Gallery, rounds: int) -> Iterator[tuple[str, Samples]]:
    """Yield the times of selections that no rollup answers: HS6, and a past day."""
    services = drawn.services
    for name, selection in DRILLS:
        trade = of_trade(selection.resolve(services.catalogue), services.catalogue)
        yield name, _asked(drawn, flows.subheading_trade(trade, is_past=False), rounds)
    first, last = services.catalogue.known_from, services.catalogue.data_on
    past = replace(Selection(), as_of=first + (last - first) / 2)
    for name, builder in STATEMENTS:
        trade = of_trade(past.resolve(services.catalogue), services.catalogue)
        yield f"{name} on {past.as_of}", _asked(drawn, builder(trade, is_past=True), rounds)


def _asked(drawn: Gallery, statement: Select, rounds: int) -> Samples:
    times: Samples = []
    for _ in range(rounds):
        began = time.perf_counter()
        drawn.services.warehouse.frame(statement)
        times.append((time.perf_counter() - began) * 1000)
    return times


@contextmanager
def _facts_alone() -> Iterator[None]:
    kept = rollups.ROLLUPS
    rollups.ROLLUPS = ()  # type: ignore[misc]
    try:
        yield
    finally:
        rollups.ROLLUPS = kept  # type: ignore[misc]
