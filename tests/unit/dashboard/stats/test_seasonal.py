"""Seasonal factors on a published series, against a plain loop, and what is too short."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.seasonal import (
    adjusted,
    centred_average,
    reported_share,
    seasonal_factors,
)

AIRLINE = """
112 118 132 129 121 135 148 148 136 119 104 118 115 126 141 135 125 149 170 170 158 133 114 140
145 150 178 163 172 178 199 199 184 162 146 166 171 180 193 181 183 218 230 242 209 191 172 194
196 196 236 235 229 243 264 272 237 211 180 201 204 188 235 227 234 264 302 293 259 229 203 229
242 233 267 269 270 315 364 347 312 274 237 278 284 277 317 313 318 374 413 405 355 306 271 306
315 301 356 348 355 422 465 467 404 347 305 336 340 318 362 348 363 435 491 505 404 359 310 337
360 342 406 396 420 472 548 559 463 407 362 405 417 391 419 461 472 535 622 606 508 461 390 432
"""
"""Monthly totals of international airline passengers, 1949 to 1960, in thousands: series G of Box
and Jenkins (1976), Time Series Analysis."""

PUBLISHED = [
    *(0.9102304, 0.8836253, 1.0073663, 0.9759060, 0.9813780, 1.1127758),
    *(1.2265555, 1.2199110, 1.0604919, 0.9217572, 0.8011781, 0.8988244),
]
"""Its multiplicative factors as R's ``decompose`` gives them (Kendall and Stuart's method)."""

SERIES = np.array(AIRLINE.split(), dtype=float)


def test_factors_are_the_published_ones_of_the_airline_series() -> None:
    factors = seasonal_factors(SERIES)
    assert factors is not None
    assert factors.tolist() == pytest.approx(PUBLISHED, abs=5e-8)
    flat = adjusted(SERIES, factors)
    assert flat[0] == pytest.approx(112 / 0.9102304, rel=1e-6)


def test_a_series_that_begins_later_has_the_same_seasons() -> None:
    factors = seasonal_factors(SERIES[5:], first=5)
    whole = seasonal_factors(SERIES)
    assert factors is not None and whole is not None
    assert factors == pytest.approx(whole, abs=0.02)
    assert int(factors.argmax()) == 6


@given(
    st.lists(st.none() | st.floats(1, 1e6), min_size=0, max_size=70),
    st.integers(0, 11),
    st.booleans(),
)
def test_factors_are_those_of_a_plain_loop(
    drawn: list[float | None], first: int, is_robust: bool
) -> None:
    values = [float("nan") if value is None else value for value in drawn]
    ratios: dict[int, list[float]] = {season: [] for season in range(12)}
    for i in range(6, len(values) - 6):
        around = values[i - 6 : i + 7]
        if not any(np.isnan(around)):
            trend = (around[0] / 2 + sum(around[1:12]) + around[12] / 2) / 12
            ratios[(i + first) % 12].append(values[i] / trend)
    found = seasonal_factors(values, first, is_robust=is_robust)
    enough = sum(value is not None for value in drawn) >= 36
    if enough and all(len(one) >= 2 for one in ratios.values()):
        centre = statistics.median if is_robust else statistics.mean
        means = [centre(one) for one in ratios.values()]
        expected = [mean / (sum(means) / 12) for mean in means]
        assert found is not None
        assert found.tolist() == pytest.approx(expected)
    else:
        assert found is None


def test_three_years_are_needed_and_a_month_must_have_trade() -> None:
    assert seasonal_factors(SERIES[:35]) is None
    assert seasonal_factors(SERIES[:36]) is not None
    none_in_march = SERIES[:48].copy()
    none_in_march[2::12] = 0.0
    assert seasonal_factors(none_in_march) is None
    assert np.isnan(centred_average(SERIES[:12])).all()


def test_gaps_stay_gaps() -> None:
    holed = SERIES[:60].copy()
    holed[30] = np.nan
    factors = seasonal_factors(holed)
    assert factors is not None
    assert np.isnan(adjusted(holed, factors)[30])


@given(
    st.lists(
        st.lists(st.none() | st.integers(0, 9), min_size=5, max_size=5), min_size=1, max_size=4
    ),
    st.integers(1, 4),
)
def test_the_reported_share_is_that_of_a_plain_loop(
    drawn: list[list[int | None]], window: int
) -> None:
    found = reported_share(np.array(drawn, dtype=float), window)
    for t in range(5):
        usual = []
        for row in drawn:
            near = [row[i] for i in range(5) if i != t and abs(i - t) <= window]
            known = [value for value in near if value is not None]
            usual.append(sum(known) / len(known) if known else 0.0)
        there = sum(u for u, row in zip(usual, drawn, strict=True) if row[t] is not None)
        expected = there / sum(usual) if sum(usual) else float("nan")
        assert found[t] == pytest.approx(expected, nan_ok=True)
