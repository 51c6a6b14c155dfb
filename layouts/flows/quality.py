"""What a mark's value stands on: reported, estimated, partners' records, or an incomplete range.

Shown by pattern and dash, never by colour alone. It must not draw whole figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from layouts.flows.wording import estimated_of
from layouts.scene import Scene

DOUBTFUL: Final = 0.1
"""Share of a value that is not plainly reported from which a mark says so."""

PATTERNS: Final = {"estimated": "/", "mirrored": ".", "uncovered": "x"}


@dataclass(frozen=True)
class Standing:
    """The parts of a value by what they stand on; they add up to 1."""

    reported: float
    estimated: float
    mirrored: float
    uncovered: float

    @property
    def doubtful(self) -> float:
        """What is not plainly reported."""
        return 1.0 - self.reported

    @property
    def leading(self) -> str:
        """The largest part that is not plainly reported."""
        return max(PATTERNS, key=lambda name: float(getattr(self, name)))


def standing(row: Any) -> Standing:
    """Split a mark's value: estimates first, of the rest what partners record, then what lacks."""
    estimated, mirrored, lack = (
        _share(row[name]) for name in ("estimated_share", "mirrored_share", "uncovered_share")
    )
    rest = 1.0 - estimated
    return Standing(
        reported=rest * (1.0 - mirrored) * (1.0 - lack),
        estimated=estimated,
        mirrored=rest * mirrored,
        uncovered=rest * (1.0 - mirrored) * lack,
    )


SHARES: Final = ("estimated_share", "mirrored_share", "uncovered_share")


def shares_of_all(frame: pd.DataFrame) -> dict[str, float]:
    """Return the shares of many marks together, weighted by value."""
    value = float(frame["value_usd"].sum())
    return {
        name: float((frame[name] * frame["value_usd"]).sum()) / value if value else float("nan")
        for name in SHARES
    }


def _share(value: Any) -> float:
    share = float(value)
    return share if share == share else 0.0


def quality_lines(row: Any, scene: Scene) -> list[str]:
    """Say in a tooltip how much of a value is estimated, mirrored, or lacks part of the range."""
    words = scene.words
    lines = [estimated_of(row["estimated_share"], scene)]
    if scene.selection.source == "reconciled" and _share(row["mirrored_share"]) > 0:
        share = words.value(row["mirrored_share"], "share")
        lines.append(words("flows.quality.mirrored", share=share))
    if _share(row["uncovered_share"]) > 0:
        share = words.value(row["uncovered_share"], "share")
        lines.append(words("flows.quality.uncovered", share=share))
    return lines


def overlays(rows: list[tuple[float, float, Standing]], scene: Scene) -> list[dict[str, Any]]:
    """Return bars that hatch what of each horizontal bar is not plainly reported.

    ``rows`` are the place, the length and the standing of each bar; the hatching begins at the end.
    """
    found: list[dict[str, Any]] = []
    for name, shape in PATTERNS.items():
        order = list(PATTERNS)
        before = order[: order.index(name)]
        bars = []
        for place, length, parts in rows:
            share = float(getattr(parts, name))
            end = length * (1.0 - sum(float(getattr(parts, one)) for one in before))
            if share > 0:
                bars.append((place, end - length * share, length * share))
        if bars:
            found.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "name": name,
                    "x": [bar[2] for bar in bars],
                    "base": [bar[1] for bar in bars],
                    "y": [bar[0] for bar in bars],
                    "marker": {
                        "color": "rgba(0,0,0,0)",
                        "line": {"width": 0},
                        "pattern": {
                            "shape": shape,
                            "fgcolor": scene.palette.paper,
                            "bgcolor": "rgba(0,0,0,0)",
                            "size": 5,
                            "solidity": 0.4,
                        },
                    },
                    "hoverinfo": "skip",
                }
            )
    return found


def key_text(scene: Scene, kinds: list[str]) -> str:
    """Explain the patterns that a figure uses."""
    words = scene.words
    if not kinds:
        return ""
    return words(
        "flows.quality.key",
        kinds=", ".join(words(f"flows.quality.kind.{kind}") for kind in kinds),
    )
