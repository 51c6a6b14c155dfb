"""Take a change between two ranges apart: what was reported of both, prices and quantities.

It must not know which ranges they are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
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


EFFECTS: Final = ("price", "quantity", "new", "gone", "unweighed")
"""What a change in value is split into, in the order of the waterfall."""

MOST_PRICE_CHANGE: Final = 4.0
"""A unit value that moved by more than this factor is no price: weights are missing or the goods
are others."""


def price_and_quantity(cells: pd.DataFrame) -> pd.DataFrame:
    """Split the change in value into what unit values and what quantities moved.

    In a cell with weights in both ranges, with unit value ``p`` and weight ``q``, the price effect
    is ``(p1 - p0) * (q0 + q1) / 2`` and the quantity effect ``(q1 - q0) * (p0 + p1) / 2``; together
    they are the cell's change exactly. Whatever else changed is told apart.

    Parameters
    ----------
    cells : DataFrame
        One row per cell: ``value_usd``, ``mass_kg`` of the range and
        ``base_value_usd``, ``base_mass_kg`` of the base; missing or 0 where there
        is none.

    Returns
    -------
    DataFrame
        One row per effect of :data:`EFFECTS`: ``effect``, ``effect_usd``, which
        add up to the change of the total; ``value_usd`` and ``base_value_usd``
        of its cells, the same ones for price and quantity; ``n`` cells. A cell
        in one range alone is ``new`` or ``gone``; one without a weight, or
        whose unit value moved by more than :data:`MOST_PRICE_CHANGE`, is
        ``unweighed``.

    References
    ----------
    .. [1] Bennet, T. L. (1920). The theory of measurement of changes in cost of
       living. J. R. Stat. Soc. 83(3), 455-462.
    .. [2] Diewert, W. E. (2005). Index number theory using differences rather
       than ratios. Am. J. Econ. Sociol. 64(1), 311-360.

    Examples
    --------
    >>> cells = pd.DataFrame({"value_usd": [36.0], "mass_kg": [12.0],
    ...                       "base_value_usd": [20.0], "base_mass_kg": [10.0]})
    >>> price_and_quantity(cells)["effect_usd"].tolist()
    [11.0, 5.0, 0.0, 0.0, 0.0]
    """
    now, before, mass, base_mass = (
        cells[name].fillna(0.0).to_numpy(dtype=np.float64)
        for name in ("value_usd", "base_value_usd", "mass_kg", "base_mass_kg")
    )
    is_new, is_gone = (before == 0) & (now != 0), (now == 0) & (before != 0)
    is_there = (now != 0) & (before != 0)
    is_priced = is_there & (mass > 0) & (base_mass > 0)
    price = np.divide(now, mass, out=np.ones_like(now), where=is_priced)
    base_price = np.divide(before, base_mass, out=np.ones_like(now), where=is_priced)
    moved = np.abs(np.log(price / base_price))
    is_priced &= moved <= np.log(MOST_PRICE_CHANGE)
    is_other = is_there & ~is_priced
    price_effect = (price - base_price) * (mass + base_mass) / 2
    # The rest of the cell's change, so that the two add up to the last digit.
    effects = {
        "price": (is_priced, price_effect),
        "quantity": (is_priced, now - before - price_effect),
        "new": (is_new, now - before),
        "gone": (is_gone, now - before),
        "unweighed": (is_other, now - before),
    }
    rows = [
        (name, effect[of].sum(), now[of].sum(), before[of].sum(), int(of.sum()))
        for name, (of, effect) in effects.items()
    ]
    return pd.DataFrame(rows, columns=["effect", "effect_usd", "value_usd", "base_value_usd", "n"])
