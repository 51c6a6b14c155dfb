"""The map outlines hold what Plotly asks for and agree with the table of members."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dashboard import reference

OUTLINES = Path(__file__).resolve().parents[4] / "assets" / "outlines"
# The layers that plotly.js 4.1.1 takes from a file, by these names.
LAYERS = {"coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits"}
MOST_BYTES = 200_000
SMALL_DEGREES = 1.0

Point = tuple[float, float]


@cache
def topology() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((OUTLINES / "world_110m.json").read_text("utf-8"))
    return content


@cache
def arcs() -> list[list[Point]]:
    """Every arc in degrees, decoded as the TopoJSON specification says."""
    scale, shift = (topology()["transform"][part] for part in ("scale", "translate"))
    lines = []
    for steps in topology()["arcs"]:
        x = y = 0
        line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        lines.append(line)
    return lines


def rings(shape: dict[str, Any]) -> Iterator[list[Point]]:
    """The outer rings of a shape, closed."""
    parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    for part in parts:
        ring: list[Point] = []
        for number in part[0]:
            line = arcs()[number] if number >= 0 else arcs()[~number][::-1]
            assert not ring or ring[-1] == line[0], f"{shape.get('id')}: a gap in a ring"
            ring.extend(line if not ring else line[1:])
        yield ring


def holds(ring: list[Point], point: Point) -> bool:
    """Is the point inside the ring, by the even-odd rule."""
    x, y = point
    crossings = (
        x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y)
    )
    return sum(crossings) % 2 == 1


def extent(ring: list[Point]) -> float:
    return max(max(axis) - min(axis) for axis in zip(*ring, strict=True))


def shapes() -> dict[str, dict[str, Any]]:
    return {shape["id"]: shape for shape in topology()["objects"]["countries"]["geometries"]}


def test_one_small_file_has_every_layer() -> None:
    assert [path.name for path in OUTLINES.iterdir()] == ["world_110m.json"]
    assert (OUTLINES / "world_110m.json").stat().st_size < MOST_BYTES
    assert set(topology()["objects"]) == LAYERS


def test_every_country_is_drawn_once() -> None:
    assert len(shapes()) == len(topology()["objects"]["countries"]["geometries"])


@pytest.mark.parametrize("layer", sorted(LAYERS - {"coastlines"}))
def test_rings_are_closed(layer: str) -> None:
    for shape in topology()["objects"][layer]["geometries"]:
        if shape["type"] in ("Polygon", "MultiPolygon"):
            assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings(shape))


def test_every_arc_is_used_and_every_used_arc_is_there() -> None:
    def numbers(nested: Any) -> Iterator[int]:
        if isinstance(nested, int):
            yield nested if nested >= 0 else ~nested
        else:
            for part in nested:
                yield from numbers(part)

    used = {
        number
        for layer in topology()["objects"].values()
        for shape in layer["geometries"]
        for number in numbers(shape["arcs"])
    }
    assert used == set(range(len(arcs())))


def test_table_of_members_says_what_is_drawn() -> None:
    drawn = {}
    for iso3 in reference.members()["iso3"]:
        shape = shapes().get(iso3)
        largest = max((extent(ring) for ring in rings(shape)), default=0.0) if shape else 0.0
        drawn[iso3] = "none" if not shape else "small" if largest < SMALL_DEGREES else "large"
    members = reference.members()
    assert dict(zip(members["iso3"], members["outline"], strict=True)) == drawn


def test_only_kosovo_and_the_union_have_no_outline() -> None:
    members = reference.members()
    assert set(members.loc[members["outline"] == "none", "iso3"]) == {"XKX", "EUR"}


def test_label_points_lie_on_the_land_of_their_member() -> None:
    members = reference.members()
    outside = [
        member.iso3
        for member in members[members["outline"] != "none"].itertuples()
        if not any(
            holds(ring, (member.longitude, member.latitude))
            for ring in rings(shapes()[str(member.iso3)])
        )
    ]
    assert outside == []


@pytest.mark.parametrize("iso3", ["ESP", "PRT", "ECU"])
def test_islands_and_mainland_are_one_shape(iso3: str) -> None:
    longitudes = [x for ring in rings(shapes()[iso3]) for x, _ in ring]
    assert max(longitudes) - min(longitudes) > 10
