"""Build the map outlines that the browser draws, from those that Plotly publishes.

``python -m tools.build_outlines plotly-geo-assets.js`` writes
``assets/outlines/world_110m.json``: Plotly's 1:110 million world, with the
countries that it lacks taken from the 1:50 million one, on a coarser grid.
The input is ``dist/plotly-geo-assets.js`` of the npm package ``plotly.js``, in
the version that the installed Plotly carries; ``docs/sources.md`` says more.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

TARGET: Final = Path(__file__).resolve().parents[1] / "assets" / "outlines" / "world_110m.json"
COARSE: Final = "world_110m"
FINE: Final = "world_50m"
STEP: Final = 0.025
"""Width of the grid in degrees: 2.8 km at the equator, far below a pixel of a world map."""
ORIGIN: Final = (-180.0, -90.0)
LAYERS: Final = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
"""The layers that Plotly asks for by name; no map of the product shows the empty ones."""
EMPTY_LAYERS: Final = ("rivers", "subunits")
CELLS_OF_RING: Final = 3
CELLS_OF_STRAIGHT: Final = 20
LITTLE_ISLAND: Final = 0.06
"""Extent in degrees below which one ring of a country of many is left out."""

Topology = dict[str, Any]
Geometry = dict[str, Any]
Cell = tuple[int, int]
Line = list[Cell]


def read_topology(script: str, name: str) -> Topology:
    """Return one topology of Plotly's script: a literal that is JSON but for its keys."""
    start = script.index(f'{name}.json"(exports, module)')
    begin = script.index("module.exports = ", start) + len("module.exports = ")
    literal = script[begin : script.index(";\n", begin)]
    quoted = re.sub(r"([{,]\s*)([A-Za-z_]\w*)(\s*:)", r'\1"\2"\3', literal)
    topology: Topology = json.loads(quoted, parse_float=number_of)
    return topology


def number_of(text: str) -> int | float:
    """Return a number of the script, where a thousand is written ``1e3``, whole if it is whole."""
    number = float(text)
    return int(number) if number.is_integer() else number


def decode_arcs(topology: Topology) -> list[Line]:
    """Return the arcs as absolute cells of this product's grid, without repeated cells."""
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for deltas in topology["arcs"]:
        line: Line = []
        x = y = 0
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            longitude, latitude = x * scale_x + shift_x, y * scale_y + shift_y
            cell = (round((longitude - ORIGIN[0]) / STEP), round((latitude - ORIGIN[1]) / STEP))
            if line and cell == line[-1]:
                continue
            if len(line) > 1 and goes_straight(line[-2], line[-1], cell):
                line.pop()
            line.append(cell)
        arcs.append(line)
    return arcs


def goes_straight(first: Cell, second: Cell, third: Cell) -> bool:
    """Return whether the second of three cells adds nothing to the line through them.

    A map joins two cells by a great circle, not by a line on the grid: over a
    longer way, along a parallel, the cell in the middle does add something.
    """
    (x, y), (dx, dy) = (
        (second[0] - first[0], second[1] - first[1]),
        (third[0] - second[0], third[1] - second[1]),
    )
    is_short = max(abs(x + dx), abs(y + dy)) <= CELLS_OF_STRAIGHT
    return is_short and x * dy == y * dx and x * dx + y * dy > 0


def polygons(geometry: Geometry) -> list[list[list[int]]]:
    """Return the polygons of a geometry, each a list of rings of arc numbers."""
    arcs: list[Any] = geometry["arcs"]
    return [arcs] if geometry["type"] == "Polygon" else arcs


def cells(ring: Sequence[int], arcs: Sequence[Line]) -> Line:
    """Return a ring's cells; a negative number ``~n`` is arc ``n`` from its end."""
    line: Line = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        line.extend(part if not line else part[1:])
    return line


def extent(line: Line) -> float:
    """Return the larger side of a line's box, in degrees."""
    columns = [x for x, _ in line]
    rows = [y for _, y in line]
    return STEP * max(max(columns) - min(columns), max(rows) - min(rows))


def absolute(number: int) -> int:
    """Return the number of an arc that may be named from its end."""
    return number if number >= 0 else ~number


def coastal_arcs(topology: Topology) -> set[int]:
    """Return the numbers of the arcs that are coast."""
    shapes = topology["objects"]["coastlines"]["geometries"]
    return {absolute(number) for shape in shapes for part in shape["arcs"] for number in part}


def border(shape: Geometry, topology: Topology) -> int:
    """Return the length of all rings of a shape, in steps of its topology's grid."""
    numbers = {absolute(n) for polygon in polygons(shape) for ring in polygon for n in ring}
    return sum(abs(dx) + abs(dy) for n in numbers for dx, dy in topology["arcs"][n][1:])


def countries(topology: Topology) -> dict[str, Geometry]:
    """Return one shape per country: some have their islands apart, under the same code."""
    found: dict[str, Geometry] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        first = found.get(shape["id"])
        if first is None:
            found[shape["id"]] = shape
            continue
        # The shape with the longer border is the mainland, whose label point the whole keeps.
        mainland = max(first, shape, key=lambda part: border(part, topology))
        found[shape["id"]] = areal(polygons(first) + polygons(shape), mainland)
    return found


def drawable(shape: Geometry, arcs: Sequence[Line], *, little: float) -> list[list[list[int]]]:
    """Return the polygons that are left of a shape on the grid, always its largest."""
    kept = [
        [ring for ring in polygon if len(set(cells(ring, arcs))) >= CELLS_OF_RING]
        for polygon in polygons(shape)
        if len(set(cells(polygon[0], arcs))) >= CELLS_OF_RING
    ]
    largest = max((extent(cells(polygon[0], arcs)) for polygon in kept), default=0.0)
    return [polygon for polygon in kept if extent(cells(polygon[0], arcs)) >= min(little, largest)]


class Outlines:
    """A topology under construction: arcs are kept once and numbered as they come."""

    def __init__(self) -> None:
        self.arcs: list[Line] = []
        self.layers: dict[str, list[Geometry]] = {layer: [] for layer in LAYERS}
        self._numbers: dict[tuple[Cell, ...], int] = {}

    def number(self, line: Line) -> int:
        """Return the number of an arc, adding it if it is new."""
        key = tuple(line)
        if key not in self._numbers:
            self._numbers[key] = len(self.arcs)
            self.arcs.append(line)
        return self._numbers[key]

    def renumber(self, arcs: Any, lines: Sequence[Line]) -> Any:
        """Return nested arc numbers of another topology as numbers of this one."""
        if isinstance(arcs, int):
            return self.number(lines[arcs]) if arcs >= 0 else ~self.number(lines[~arcs])
        return [self.renumber(part, lines) for part in arcs]

    def add(self, layer: str, shape: Geometry, lines: Sequence[Line]) -> None:
        """Add a shape of another topology to a layer."""
        kept: Geometry = {"type": shape["type"], "arcs": self.renumber(shape["arcs"], lines)}
        if "id" in shape:
            kept["id"] = shape["id"]
            kept["properties"] = {"ct": shape["properties"]["ct"]}
        self.layers[layer].append(kept)

    def topology(self) -> Topology:
        """Return the finished topology, arcs written as steps from cell to cell."""
        return {
            "type": "Topology",
            "transform": {"scale": [STEP, STEP], "translate": list(ORIGIN)},
            "objects": {
                layer: {"type": "GeometryCollection", "geometries": shapes}
                for layer, shapes in self.layers.items()
            },
            "arcs": [list(steps(line)) for line in self.arcs],
        }


def steps(line: Line) -> Iterator[list[int]]:
    x = y = 0
    for next_x, next_y in line:
        yield [next_x - x, next_y - y]
        x, y = next_x, next_y


def build(coarse: Topology, fine: Topology) -> Topology:
    """Return the coarse world, completed by the countries that only the fine one has."""
    outlines = Outlines()
    lines = decode_arcs(coarse)
    for layer in LAYERS:
        if layer in EMPTY_LAYERS:
            continue
        shapes = coarse["objects"][layer]["geometries"]
        for shape in countries(coarse).values() if layer == "countries" else shapes:
            if layer == "coastlines":
                shown = [part for part in shape["arcs"] if len(set(cells(part, lines))) > 1]
                kept = {**shape, "arcs": shown}
            else:
                kept = areal(drawable(shape, lines, little=LITTLE_ISLAND), shape)
            outlines.add(layer, kept, lines)
    fine_lines = decode_arcs(fine)
    coast = coastal_arcs(fine)
    missing = sorted(set(countries(fine)) - set(countries(coarse)))
    for code in missing:
        shape = countries(fine)[code]
        rings = drawable(shape, fine_lines, little=LITTLE_ISLAND)
        if not rings:
            print(f"{code}: too small for the grid")
            continue
        outlines.add("countries", areal(rings, shape), fine_lines)
        outlines.add("land", {"type": "MultiPolygon", "arcs": rings}, fine_lines)
        shore = [[n] for polygon in rings for ring in polygon for n in ring if absolute(n) in coast]
        if shore:
            outlines.add("coastlines", {"type": "MultiLineString", "arcs": shore}, fine_lines)
    outlines.layers["countries"].sort(key=lambda shape: str(shape["id"]))
    return outlines.topology()


def areal(kept: list[list[list[int]]], shape: Geometry) -> Geometry:
    """Return a shape with the given polygons."""
    single = len(kept) == 1
    return {
        **shape,
        "type": "Polygon" if single else "MultiPolygon",
        "arcs": kept[0] if single else kept,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("script", type=Path, help="plotly-geo-assets.js of the npm package")
    script = parser.parse_args().script.read_text(encoding="utf-8")
    topology = build(read_topology(script, COARSE), read_topology(script, FINE))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(topology, separators=(",", ":")) + "\n", encoding="utf-8")
    shapes = len(topology["objects"]["countries"]["geometries"])
    print(f"{TARGET.name}: {shapes} countries, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
