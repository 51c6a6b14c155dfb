"""The colours of both themes; the only place where a colour is written in Python.

``assets/app.css`` holds the same inks for HTML; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

REGION_COLOURS: Final[Mapping[str, str]] = {
    "americas": "#b8628f",
    "asia_pacific": "#00916a",
    "east_southern_africa": "#7b61b3",
    "europe": "#2474b5",
    "north_africa_middle_east": "#a07a00",
    "west_central_africa": "#4f97ad",
}
"""Fixed hue of each region in every chart and theme; at least 3:1 on both papers."""

STATUS_SYMBOLS: Final[Mapping[str, str]] = {
    "on_time": "●",
    "late": "◆",
    "overdue": "✕",
    "pending": "○",
    "waived": "–",
    "unknown": "?",
}

STATUS_PATTERNS: Final[Mapping[str, str]] = {
    "on_time": "",
    "late": "/",
    "unknown": ".",
    "overdue": "x",
    "on_track": "",
    "at_risk": "/",
    "off_track": "x",
    "not_started": ".",
    "missing": "",
}
"""Plotly's pattern of each status of an obligation or a key result, where bars are filled by it."""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme."""

    name: str
    paper: str
    ink: str
    soft_ink: str
    faint: str
    line: str
    accent: str
    muted: str
    missing: str
    land: str
    status: Mapping[str, str]
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]


LIGHT: Final = Palette(
    name="light",
    paper="#ffffff",
    ink="#14213d",
    soft_ink="#55617a",
    faint="#eef1f5",
    line="#dde2ea",
    accent="#d9480f",
    muted="#b9c1cd",
    missing="#f3f4f7",
    land="#e9edf2",
    status={
        "on_time": "#2f7f93",
        "late": "#efb23c",
        "overdue": "#b3261e",
        "pending": "#dfe4ea",
        "waived": "#f3f4f7",
        "unknown": "#a9b2bf",
    },
    sequential=("#e3edf5", "#b9d3e6", "#85b1d1", "#4c87b3", "#1d5c8c", "#0b3558"),
    diverging=("#8c510a", "#d8b365", "#f1ead9", "#d5e8ee", "#5ab4c5", "#01665e"),
)

DARK: Final = Palette(
    name="dark",
    paper="#121a2b",
    ink="#e8ecf4",
    soft_ink="#a3aec2",
    faint="#1c2740",
    line="#2b3853",
    accent="#ff8a4c",
    muted="#4c5a75",
    missing="#1a2338",
    land="#24304a",
    status={
        "on_time": "#58b4c6",
        "late": "#f3c25f",
        "overdue": "#ef6a5f",
        "pending": "#33415c",
        "waived": "#1a2338",
        "unknown": "#6d7a92",
    },
    sequential=("#1d2c46", "#24466b", "#2f6596", "#4c8abf", "#82b4de", "#c6e0f6"),
    diverging=("#e0a458", "#b98343", "#4b4434", "#2f4b58", "#4fa3b5", "#8ad8e5"),
)

PALETTES: Final[Mapping[str, Palette]] = {"light": LIGHT, "dark": DARK}
