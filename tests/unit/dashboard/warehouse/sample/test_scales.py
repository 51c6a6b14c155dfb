"""How large a sample is."""

from __future__ import annotations

from datetime import date

from dashboard.framework import read_framework
from dashboard.warehouse.sample.scales import SCALES, sample_framework


def test_only_the_small_scale_shortens_history() -> None:
    assert SCALES["small"].first_year(date(2026, 6, 15)) == 2023
    assert SCALES["standard"].first_year(date(2026, 6, 15)) == 2016
    assert SCALES["small"].first_year(date(2017, 6, 15)) == 2016


def test_collections_start_no_earlier_than_the_sample() -> None:
    framework = read_framework()[0]
    short = sample_framework(framework, SCALES["small"], date(2026, 6, 15))
    assert {one.starts for one in short.collections} == {"2023-01"}
    assert sample_framework(framework, SCALES["standard"], date(2026, 6, 15)) == framework
