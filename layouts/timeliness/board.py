"""The status board: members down, periods across, one small square an obligation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.stats.statuses import status_table
from layouts.attributes import attributes
from layouts.charts import Figure, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.drawn_images import svg_address
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.board_rows import (
    Geometry,
    Row,
    folded,
    geometry,
    member_regions,
    ordered_rows,
)
from layouts.timeliness.fitting import period_ticks, shortened
from layouts.timeliness.legend import (
    STATUS_CODES,
    STATUS_ORDER,
    status_colours,
    status_legend,
    stepped_scale,
    with_muted,
)
from layouts.timeliness.region_board import draw_region_status_board
from layouts.timeliness.stories import cell_stories, member_story, trend_sign, values_of

GLYPHS: Final[Mapping[str, str]] = {
    "late": "m-{0} 0l{0}-.25 {0} .25-{0} .25z",
    "overdue": "m-{0}-.25l{1} .5m0-.5l-{1} .5",
    "waived": "m-{0} 0h{1}",
}
"""SVG path of the glyph of each status that has one, from the middle of its cell; the blanks
are a quarter and half of its width."""
STAGED_ROWS: Final = 17


def draw_status_board(frames: Frames, scene: Scene) -> Drawing:
    """Members down (by region, or the worst first), periods across."""
    frame, members = frames["status_board"], frames["on_time_by_member"]
    words, chosen = scene.words, scene.chosen
    if scene.is_present and not chosen.members and len(chosen.regions) != 1:
        counts_one = frame.assign(obligation_count=1)
        by_region = status_table(counts_one, ["region_id", "period_id"])
        return draw_region_status_board({"status_by_region": by_region}, scene)
    if chosen.regions:
        frame = frame[frame["region_id"].isin(chosen.regions)]
    elif scene.is_present and chosen.members:
        frame = frame[frame["member_iso3"].isin(chosen.members)]
    if frame.empty:
        return Drawing(empty=no_obligations(scene))
    counts = {str(k): int(n) for k, n in frame["status"].value_counts().items()}
    collection = scene.names.collections[scene.selection.collection or ""]
    subtitle = scene.subtitle(collection, words("timeliness.board_unit"))
    if chosen.status in STATUS_CODES:  # not the state of a case
        having = frame.loc[frame["status"] == chosen.status, "member_iso3"].unique()
        frame = frame[frame["member_iso3"].isin(having)]
    if frame.empty:
        state = words(f"status.{chosen.status}")
        return Drawing(
            empty=words("timeliness.no_status", status=state, range=scene.range_text),
            subtitle=subtitle,
            note=board_note(scene, counts),
        )
    if scene.is_present:
        frame = worst_members(frame, members)
    drawn, height = status_board(frame, members, scene)
    return Drawing(figure=drawn, height=height, subtitle=subtitle, note=board_note(scene, counts))


def no_obligations(scene: Scene) -> str:
    """Say why there are no obligations to show."""
    return scene.words(
        "timeliness.no_obligations",
        scope=scene.scope_within,
        range=scene.range_text,
        collection=scene.names.collections[scene.selection.collection or ""],
    )


def worst_members(frame: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return the obligations of the members with the lowest shares: what a stage has room for."""
    inside = members[members["member_iso3"].isin(frame["member_iso3"].unique())]
    worst = inside.sort_values("on_time_share").head(STAGED_ROWS)["member_iso3"]
    return frame[frame["member_iso3"].isin(worst)]


def board_note(scene: Scene, counts: dict[str, int]) -> Any:
    """Return the legend and the choice of an order."""
    words = scene.words
    parts: list[Any] = [status_legend(scene, counts)]
    if not scene.is_present:
        parts.append(
            html.Span(
                [
                    html.Span(words("timeliness.sort")),
                    *(sort_button(scene, choice) for choice in ("name", "share")),
                ],
                className="legend legend--sort",
            )
        )
        parts.append(html.Span(words("timeliness.row_ends"), className="legend__hint"))
    return parts


def sort_button(scene: Scene, choice: str) -> html.Button:
    """Return the button of an order of rows."""
    is_on = scene.selection.sort == choice
    return html.Button(
        scene.words(f"timeliness.sort_{choice}"),
        type="button",
        className="legend__item" + (" is-on" if is_on else ""),
        **attributes(
            data_event="sort:" if choice == "name" else "sort:share",
            data_removal="1" if choice == "name" else "",
            aria_pressed="true" if is_on else "false",
        ),
    )


def status_board(frame: pd.DataFrame, members: pd.DataFrame, scene: Scene) -> tuple[Figure, int]:
    """Return the board of a frame of obligations, and its height in px.

    ``members`` gives the row ends: on-time share and trend of each member.
    """
    periods = sorted(frame["period_id"].unique())
    regions = member_regions(frame)
    facts = {row.member_iso3: row for row in rows(members) if row.member_iso3 in regions}
    shares = {iso3: row.on_time_share for iso3, row in facts.items()}
    ordered = ordered_rows(regions, shares, scene)
    sizes = geometry(len(ordered), len(periods), is_present=scene.is_present)
    blocks = folded(ordered, sizes.blocks)
    cells = _cells(frame, scene, {period: i for i, period in enumerate(periods)})
    data: list[dict[str, Any]] = []
    glyphs: Places = {name: [] for name in GLYPHS}
    for index, block in enumerate(blocks):
        data.append(_heatmap(block, cells, len(periods), sizes.start(index), scene, glyphs))
    data += _row_texts(blocks, facts, sizes, len(periods), scene)
    longest = max(len(block) for block in blocks)
    layout = base_layout(
        scene,
        xaxis=_period_axis(periods, sizes, len(blocks), scene),
        yaxis=axis(scene.palette, visible=False, range=[longest - 0.5, -0.5], automargin=False),
        images=[_glyphs(glyphs, sizes, longest, scene)],
        margin={"l": 0, "r": 0, "t": 40 if scene.is_present else 20, "b": 0},
    )
    return figure(data, layout), round(longest * sizes.pixels) + (44 if scene.is_present else 24)


Cells = dict[str, dict[int, tuple[int, str]]]
Places = dict[str, list[tuple[float, float]]]


def _cells(frame: pd.DataFrame, scene: Scene, columns: dict[int, int]) -> Cells:
    """Return column to (status code, story) of each member."""
    cells: Cells = {}
    wanted = scene.chosen.status if scene.chosen.status in STATUS_CODES else None
    muted = len(STATUS_ORDER)
    codes = {
        status: code + (muted if wanted and status != wanted else 0)
        for status, code in STATUS_CODES.items()
    }
    for iso3, period, status, story in zip(
        values_of(frame["member_iso3"]),
        values_of(frame["period_id"]),
        values_of(frame["status"]),
        cell_stories(frame, scene),
        strict=True,
    ):
        cells.setdefault(iso3, {})[columns[period]] = (codes[status], story)
    return cells


def _heatmap(
    block: Sequence[Row],
    cells: Cells,
    periods: int,
    start: float,
    scene: Scene,
    glyphs: Places,
) -> dict[str, Any]:
    count = len(STATUS_ORDER)
    is_any_chosen = bool(set(scene.chosen.members) & set(cells))
    z: list[list[int | None]] = []
    texts: list[list[str]] = []
    marks: list[list[str]] = []
    for y, row in enumerate(block):
        found = cells.get(row.member or "", {})
        shift = count if is_any_chosen and row.member not in scene.chosen.members else 0
        z.append([None] * periods)
        texts.append([""] * periods)
        marks.append([mark("member", row.member)] * periods if row.member else [""] * periods)
        for x, (code, story) in found.items():
            z[y][x] = code if code >= count else code + shift
            texts[y][x] = story
            name = STATUS_ORDER[code] if code < count and not shift else ""
            if name in glyphs:
                glyphs[name].append((round(start + x + 0.5, 3), y))
    return {
        "type": "heatmap",
        "x0": start + 0.5,
        "dx": 1,
        "y0": 0,
        "dy": 1,
        "z": z,
        "zmin": -0.5,
        "zmax": 2 * count - 0.5,
        "colorscale": stepped_scale(with_muted(status_colours(scene.palette), scene.palette)),
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "customdata": marks,
        "text": texts,
        "hoverinfo": "text",
        "hoverongaps": False,
    }


def _glyphs(
    places: Mapping[str, Sequence[tuple[float, float]]],
    sizes: Geometry,
    height: int,
    scene: Scene,
) -> dict[str, Any]:
    """Return the glyphs of the bad statuses as one picture over the cells.

    As markers, two thousand of them took five times as long to draw as the board itself.
    """
    width = sizes.pitch * sizes.blocks
    square = min(1.0, sizes.pixels * sizes.pixel)  # wide cells would draw the glyphs out
    paths = []
    for name, blank in GLYPHS.items():
        stroke = blank.format(f"{square / 4:.3g}", f"{square / 2:.3g}")
        colour = scene.palette.soft_ink if name == "waived" else scene.palette.paper
        drawn = "".join(f"M{x:g} {y + 0.5:g}{stroke}" for x, y in places[name])
        ink = f'fill="{colour}"' if name == "late" else f'fill="none" stroke="{colour}"'
        paths.append(f'<path d="{drawn}" {ink} vector-effect="non-scaling-stroke"/>')
    picture = (
        # As large as it is shown: strokes are scaled from this size, not from the view box.
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width / sizes.pixel:.0f}" '
        f'height="{height * sizes.pixels:.0f}" '
        f'viewBox="0 0 {width:g} {height}" preserveAspectRatio="none">{"".join(paths)}</svg>'
    )
    return {
        "source": svg_address(picture),
        "xref": "x",
        "yref": "y",
        "x": 0,
        "y": -0.5,
        "xanchor": "left",
        "yanchor": "top",
        "sizex": width,
        "sizey": height,
        "sizing": "stretch",
        "layer": "above",
    }


def _row_texts(
    blocks: Sequence[Sequence[Row]],
    facts: dict[str, Any],
    sizes: Geometry,
    periods: int,
    scene: Scene,
) -> list[dict[str, Any]]:
    """Return names and headings before the cells, shares and trends behind them."""
    words, names, palette = scene.words, scene.names, scene.palette
    chosen = set(scene.chosen.members) & set(facts)
    is_grouped = scene.selection.sort != "share"
    labels, heads, ends, arrows = (_Texts(scene, sizes.font) for _ in range(4))
    pixel = sizes.pixel
    for index, block in enumerate(blocks):
        start = sizes.start(index)
        for y, row in enumerate(block):
            if row.member is None:
                heads.add(
                    start, y, *_heading(row, facts, scene), REGION_COLOURS.get(row.region or "")
                )
                continue
            fact = facts.get(row.member)
            room = sizes.label_characters - (0 if is_grouped else 2)
            room -= 2 if row.member in chosen else 0  # bold is wider
            name = safe(shortened(names.member(row.member), room))
            if row.member in chosen:
                name = f"<b>{name}</b>"
            ink = palette.soft_ink if chosen and row.member not in chosen else palette.ink
            if not is_grouped and row.region:
                name += f' <span style="color:{REGION_COLOURS[row.region]}">■</span>'
            story = member_story(fact, scene) if fact else safe(names.member(row.member))
            where = mark("member", row.member)
            labels.add(start - 3 * pixel, y, name, story, where, ink)
            if fact is None or pd.isna(fact.on_time_share):
                continue
            text = words.measured(fact.on_time_share, "on_time_share")
            behind = start + periods + 4.2 * pixel * sizes.font
            ends.add(behind, y, text, story, where, ink)
            sign = trend_sign(fact)
            if sign:
                colour = palette.status["on_time" if sign > 0 else "overdue"]
                arrows.add(behind + 3 * pixel, y, "▲" if sign > 0 else "▼", story, where, colour)
    return [
        labels.trace("middle left"),
        heads.trace("middle right"),
        ends.trace("middle left"),
        arrows.trace("middle right"),
    ]


def _heading(row: Row, facts: dict[str, Any], scene: Scene) -> tuple[str, str, str]:
    """Return text, story and mark of a heading."""
    words = scene.words
    if row.region is None:
        return f"<b>{safe(words('timeliness.selected'))}</b>", "", ""
    name = scene.names.region(row.region)
    inside = [fact for fact in facts.values() if fact.region_id == row.region]
    counted = sum(int(fact.counted) for fact in inside)
    text = f"<b>{safe(name)}</b>"
    if row.is_continued:
        text += " " + safe(words("timeliness.continued"))
    elif counted:
        share = sum(int(fact.on_time) for fact in inside) / counted
        text += " " + safe(words.measured(share, "on_time_share"))
    story = tooltip(scene.names.region(row.region, is_short=False), words("common.n", n=counted))
    return text, story, mark("region", row.region)


class _Texts:
    """Gathers the points of one trace of texts."""

    def __init__(self, scene: Scene, size: float) -> None:
        self.scene, self.size = scene, size
        self.x: list[float] = []
        self.y: list[int] = []
        self.text: list[str] = []
        self.story: list[str] = []
        self.mark: list[str] = []
        self.colour: list[str] = []

    def add(self, x: float, y: int, text: str, story: str, where: str, colour: str | None) -> None:
        self.x.append(x)
        self.y.append(y)
        self.text.append(text)
        self.story.append(story)
        self.mark.append(where)
        self.colour.append(colour or self.scene.palette.ink)

    def trace(self, position: str) -> dict[str, Any]:
        return {
            "type": "scatter",
            "mode": "text",
            "x": self.x,
            "y": self.y,
            "text": self.text,
            "textposition": position,
            "textfont": {"size": self.size, "color": self.colour},
            "hovertext": self.story,
            "hoverinfo": "text",
            "customdata": self.mark,
            "cliponaxis": False,
        }


def _period_axis(
    periods: Sequence[int], sizes: Geometry, blocks: int, scene: Scene
) -> dict[str, Any]:
    """Return the axis of periods: a year at each January, or each period where few."""
    room = (150 if scene.is_present else 64) * sizes.pixel  # of a tick's text, in cells
    shown = period_ticks(periods, scene.words, most=int(len(periods) / room))
    return axis(
        scene.palette,
        side="top",
        tickangle=0,
        showgrid=False,
        automargin=False,
        tickvals=[sizes.start(block) + i + 0.5 for block in range(blocks) for i, _ in shown],
        ticktext=[text for _ in range(blocks) for _, text in shown],
        tickfont={
            "size": 24 if scene.is_present else max(11.0, sizes.font),
            "color": scene.palette.soft_ink,
        },
        range=[0, sizes.pitch * sizes.blocks],
    )
