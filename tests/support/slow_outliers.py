"""Outliers of one series in plain Python, beside the product's way of many at once."""

from __future__ import annotations

import math
import statistics

NAN = math.nan


def slow(values: list[float], season: int, window: int, fewest: int) -> list[tuple[float, float]]:
    """Expected value and z of each value, one series, in plain Python."""
    n = len(values)
    logs = [math.log(v) if v == v and v > 0 else NAN for v in values]
    known = [one for one in logs if one == one]
    if len(known) < fewest:
        return [(NAN, NAN)] * n
    window = min(window, n)

    def middle(part: list[float]) -> float:
        part = [one for one in part if one == one]
        return statistics.median(part) if part else NAN

    level = []
    for i in range(n):
        start = min(max(i - window // 2, 0), n - window)
        level.append(middle(logs[start : start + window]))
    factor = [0.0] * season
    if season > 1 and n >= 2 * season + 1:
        of_position = [
            [logs[i] - level[i] for i in range(position, n, season)] for position in range(season)
        ]
        kept = [[one for one in part if one == one] for part in of_position]
        factor = [statistics.median(part) if len(part) >= 3 else NAN for part in kept]
        if all(one == one for one in factor):
            mean = sum(factor) / season
            factor = [one - mean for one in factor]
        factor = [one if one == one else 0.0 for one in factor]
    rest = [logs[i] - level[i] - factor[i % season] for i in range(n)]
    centre = middle(rest)
    off = [0.0 if abs(one - centre) <= 1e-9 else one - centre for one in rest]
    mad = middle([abs(one) for one in off])
    sizes = [abs(one) for one in off if one == one]
    mean_deviation = sum(sizes) / len(sizes)
    result = []
    for i in range(n):
        expected = math.exp(level[i] + factor[i % season] + centre)
        if mad > 0:
            z = 0.6745 * off[i] / mad
        else:
            z = off[i] / (1.2533 * mean_deviation) if mean_deviation else off[i]
            if abs(off[i]) > math.log(1.1) and abs(z) < 10:
                z = math.copysign(10, off[i])
        result.append((expected, z))
    return result
