"""Colours: the stylesheet has the figures' inks, and everything can be told apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layouts.palette import DARK, LIGHT, PALETTES, REGION_COLOURS, STATUS_SYMBOLS, Palette

TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda p: p.name)
def test_text_can_be_read_on_paper(palette: Palette) -> None:
    assert contrast(palette.ink, palette.paper) >= TEXT_CONTRAST
    assert contrast(palette.soft_ink, palette.paper) >= TEXT_CONTRAST
    assert contrast(palette.soft_ink, palette.faint) >= TEXT_CONTRAST


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda p: p.name)
@pytest.mark.parametrize("region", sorted(REGION_COLOURS))
def test_regions_stand_out_on_paper(palette: Palette, region: str) -> None:
    assert contrast(REGION_COLOURS[region], palette.paper) >= MARK_CONTRAST


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda p: p.name)
def test_accent_and_bad_statuses_stand_out_on_paper(palette: Palette) -> None:
    assert contrast(palette.accent, palette.paper) >= MARK_CONTRAST
    for status in ("on_time", "overdue"):
        assert contrast(palette.status[status], palette.paper) >= MARK_CONTRAST


def test_every_status_has_a_shape_of_its_own() -> None:
    assert len(set(STATUS_SYMBOLS.values())) == len(STATUS_SYMBOLS)
    assert set(STATUS_SYMBOLS) == set(LIGHT.status) == set(DARK.status)


def test_sequential_scales_go_one_way() -> None:
    for palette in PALETTES.values():
        luminances = [_luminance(colour) for colour in palette.sequential]
        is_rising = palette.name == "dark"
        assert luminances == sorted(luminances, reverse=not is_rising)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda p: p.name)
def test_stylesheet_and_figures_use_the_same_inks(palette: Palette, project_root: Path) -> None:
    css = (project_root / "assets" / "app.css").read_text(encoding="utf-8")
    selector = r":root \{" if palette.name == "light" else r':root\[data-bs-theme="dark"\] \{'
    block = re.search(selector + r"(.*?)\}", css, flags=re.DOTALL)
    assert block is not None
    values = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block.group(1)))
    for name in ("paper", "ink", "soft_ink", "faint", "line", "accent", "muted"):
        assert values[name.replace("_", "-")] == getattr(palette, name), name
