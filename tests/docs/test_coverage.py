"""Each view, table, setting and named frame is told of where a reader looks for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from callbacks import FRAMES, VIEWS
from dashboard.warehouse.schema import metadata
from dashboard.words import read_words


def _page(project_root: Path, name: str) -> str:
    return (project_root / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("view", [view.id for view in VIEWS])
def test_each_view_has_its_part_of_the_page(project_root: Path, view: str) -> None:
    assert f"\n## {view}\n" in _page(project_root, "views.md")


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_each_table_is_described(project_root: Path, table: str) -> None:
    assert f"`{table}`" in _page(project_root, "warehouse.md")


def test_each_setting_is_described(project_root: Path) -> None:
    code = (project_root / "dashboard" / "config.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', code))
    assert "WAREHOUSE_URL" in named
    page = _page(project_root, "configuration.md")
    assert {name for name in named if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_frame_says_what_a_row_is_and_each_column_has_a_label(language: str) -> None:
    words = read_words(language)
    for frame in FRAMES.values():
        assert words(f"frame.{frame.name}")
        for column in frame.columns:
            assert words(column.label_key)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_panel_asks_its_question(language: str) -> None:
    words = read_words(language)
    for view in VIEWS:
        assert words(f"{view.id}.name")
        assert words(f"{view.id}.title")
        for panel in view.panels:
            assert words(f"{view.id}.{panel.id}.title")
            assert set(panel.frames) <= set(FRAMES)
