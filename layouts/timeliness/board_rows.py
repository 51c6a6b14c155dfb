"""Which rows the status board has, in which order, and how they stand in blocks.

A long board is folded into blocks side by side, so that all members are seen
at a glance.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from layouts.scene import Scene

ROWS_OF_ONE_BLOCK: Final = 26
ROWS_OF_TWO_BLOCKS: Final = 64
BOARD_PIXELS: Final = 1330.0
"""Width a board is laid out for; it stretches with its place."""


@dataclass(frozen=True)
class Row:
    """A row: a member, or the heading of a region (or of the selected members)."""

    member: str | None = None
    region: str | None = None
    is_continued: bool = False


@dataclass(frozen=True)
class Geometry:
    """Sizes of a board, in cells; ``pixels`` is the height of a row, ``pixel`` one in cells."""

    blocks: int
    label: float
    pitch: float
    pixel: float
    pixels: float
    font: float
    label_characters: int

    def start(self, block: int) -> float:
        """Return where the cells of a block begin."""
        return block * self.pitch + self.label


def member_regions(frame: pd.DataFrame) -> dict[str, str]:
    """Return the members of a frame and their regions."""
    firsts = frame.drop_duplicates("member_iso3")
    return {
        str(iso3): str(region)
        for iso3, region in zip(firsts["member_iso3"], firsts["region_id"], strict=True)
    }


def sorting_name(name: str) -> str:
    """Return a name as it is sorted: without accents, case or leading article."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.casefold()


def ordered_rows(
    members: Mapping[str, str], shares: Mapping[str, float], scene: Scene
) -> list[Row]:
    """Return the rows of members (iso3 to region): grouped by region, or the worst first.

    Selected members stand on top once more, under a heading of their own.
    """
    chosen = [iso3 for iso3 in scene.chosen.members if iso3 in members]
    rows: list[Row] = []
    if chosen and len(chosen) < len(members):
        rows += [Row(), *(Row(member=iso3, region=members[iso3]) for iso3 in chosen)]
    by_name = sorted(members, key=lambda iso3: sorting_name(scene.names.member(iso3)))
    if scene.selection.sort == "share":

        def place(iso3: str) -> tuple[bool, float]:
            share = shares.get(iso3)
            return (share is None or pd.isna(share), share or 0.0)

        worst = [Row(member=iso3, region=members[iso3]) for iso3 in sorted(by_name, key=place)]
        return rows + worst
    for region in scene.catalogue.regions:
        inside = [iso3 for iso3 in by_name if members[iso3] == region]
        if inside:
            rows.append(Row(region=region))
            rows += [Row(member=iso3, region=region) for iso3 in inside]
    return rows


def folded(rows: Sequence[Row], blocks: int) -> list[list[Row]]:
    """Return rows in blocks of nearly the same length; a region that goes on is headed again."""
    length = -(-len(rows) // blocks)
    result: list[list[Row]] = []
    rest = list(rows)
    while rest:
        block, rest = rest[:length], rest[length:]
        if rest and block[-1].member is None:
            rest.insert(0, block.pop())
        result.append(block)
        is_grouped = any(row.member is None and row.region for row in rows)
        if rest and is_grouped and rest[0].member is not None:
            rest.insert(0, Row(region=rest[0].region, is_continued=True))
        length = max(length, -(-len(rest) // max(1, blocks - len(result))))
    return result


def geometry(rows: int, periods: int, *, is_present: bool = False) -> Geometry:
    """Return the sizes of a board of so many rows and periods."""
    if is_present:
        blocks, pixels, font, wanted, end = 1, 40.0, 24.0, 420.0, 120.0
    elif rows <= ROWS_OF_ONE_BLOCK:
        blocks, pixels, font, wanted, end = 1, 20.0, 13.0, 220.0, 84.0
    elif rows <= ROWS_OF_TWO_BLOCKS:
        blocks, pixels, font, wanted, end = 2, 16.0, 12.0, 170.0, 76.0
    else:
        blocks, pixels, font, wanted, end = 3, 9.5, 10.0, 126.0, 62.0
    width = (1800.0 if is_present else BOARD_PIXELS) / blocks
    cell = min(3 * pixels, (width - wanted - end) / max(1, periods))
    return Geometry(
        blocks=blocks,
        label=wanted / cell,
        pitch=width / cell,
        pixel=1 / cell,
        pixels=pixels,
        font=font,
        label_characters=int(wanted / (font * 0.6)),
    )
