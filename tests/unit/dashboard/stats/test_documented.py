"""Hold docs/indicators.md to the functions and measures it is about."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from dashboard import stats
from dashboard.measures import MEASURES

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "indicators.md").read_text(encoding="utf-8")
HEADINGS = set(re.findall(r"^### (\w+)$", PAGE, flags=re.MULTILINE))
NAMED = set(re.findall(r"`(dashboard\.stats\.\w+\.\w+)`", PAGE))


def public_functions() -> set[str]:
    found = set()
    for module_info in pkgutil.iter_modules(stats.__path__, "dashboard.stats."):
        module = importlib.import_module(module_info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found.add(f"{module.__name__}.{name}")
    return found


def test_every_public_function_is_named_on_the_page_and_no_other() -> None:
    assert public_functions() == NAMED


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_every_measure_has_an_entry(measure: str) -> None:
    assert measure in HEADINGS


@pytest.mark.parametrize(
    "name",
    ["trade_value_usd", "grubel_lloyd", "balassa_index", "rank_band", "tier", "key_result_status"],
)
def test_figures_that_are_no_measure_can_be_linked_to(name: str) -> None:
    assert name in HEADINGS or f'<a id="{name}"></a>' in PAGE
