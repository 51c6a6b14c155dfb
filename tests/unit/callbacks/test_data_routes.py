"""Cells of a CSV cannot run as formulas."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from callbacks.data_routes import safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-3.5, -3.5),
        (7, 7),
        ("Kenya", "Kenya"),
        (None, ""),
        (math.nan, ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (pd.Timestamp("2024-08-27"), "2024-08-27"),
        (True, True),
    ],
)
def test_other_cells_stay_what_they_are(value: Any, cell: Any) -> None:
    assert safe_cell(value) == cell
