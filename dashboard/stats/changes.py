"""Take a change between two ranges apart: what was reported of both, and what of one.

It must not know which ranges they are.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

PARTS: Final = ("both", "now_only", "base_only")
"""Whether the same period was reported in both ranges, or in one of them alone."""


def like_for_like(now: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return two totals parted by whether each reporter reported the same period of both ranges.

    Parameters
    ----------
    now, base : DataFrame
        One row per reporter and period that it reported, whatever it traded:
        ``iso3``, ``place`` of the period in its range, ``value_usd`` and
        ``mass_kg``, missing where it traded nothing or gave no weight.

    Returns
    -------
    DataFrame
        One row per part of :data:`PARTS`: ``part``, ``value_usd`` and
        ``mass_kg`` of the first table, ``base_value_usd`` and
        ``base_mass_kg`` of the second, and ``n``, the reporter-periods. Each
        column adds up to the table's total, what is missing counting as 0.

    Examples
    --------
    >>> now = pd.DataFrame({"iso3": ["KEN"], "place": [0], "value_usd": [7.0], "mass_kg": [1.0]})
    >>> base = pd.DataFrame({"iso3": ["FRA"], "place": [0], "value_usd": [5.0], "mass_kg": [1.0]})
    >>> like_for_like(now, base)["value_usd"].tolist()
    [0.0, 7.0, 0.0]
    """
    keys, numbers = ["iso3", "place"], ["value_usd", "mass_kg"]
    both = now[[*keys, *numbers]].merge(
        base[[*keys, *numbers]].rename(columns={name: f"base_{name}" for name in numbers}),
        on=keys,
        how="outer",
        indicator="part",
    )
    part = both["part"].astype(str).map({"both": "both", "left_only": "now_only"})
    both = both.assign(part=part.fillna("base_only"), n=1)
    names = [*numbers, *(f"base_{name}" for name in numbers), "n"]
    sums = both.groupby("part")[names].sum()
    return sums.reindex(list(PARTS), fill_value=0).rename_axis("part").reset_index()
