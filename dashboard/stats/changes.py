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
"""A unit value that moved by more than this factor is no price: the goods are others, or a weight
is wrong."""


def price_and_quantity(cells: pd.DataFrame) -> pd.DataFrame:
    """Split the change in value into what unit values and what quantities moved.

    In a cell with weights in both ranges, with unit value ``p`` and weight ``q`` of the records
    that give one, the price effect is ``(p1 - p0) * (q0 + q1) / 2`` and the quantity effect
    ``(q1 - q0) * (p0 + p1) / 2``; together they are the change of these records exactly. Whatever
    else changed is told apart.

    Parameters
    ----------
    cells : DataFrame
        One row per cell: ``value_usd``, ``mass_kg`` and ``weighed_usd``, the
        value of the records that give a weight, of the range; the same with
        ``base_`` of the base; missing or 0 where there is none.

    Returns
    -------
    DataFrame
        One row per effect of :data:`EFFECTS`: ``effect``, ``effect_usd``, which
        add up to the change of the total; ``value_usd`` and ``base_value_usd``
        behind it, the same for price and quantity; ``n`` cells. A cell in one
        range alone is ``new`` or ``gone``; ``unweighed`` are records without a
        weight, and cells without any in one range or whose unit value moved by
        more than :data:`MOST_PRICE_CHANGE`.

    References
    ----------
    .. [1] Bennet, T. L. (1920). The theory of measurement of changes in cost of
       living. J. R. Stat. Soc. 83(3), 455-462.
    .. [2] Diewert, W. E. (2005). Index number theory using differences rather
       than ratios. Am. J. Econ. Sociol. 64(1), 311-360.

    Examples
    --------
    >>> cells = pd.DataFrame({"value_usd": [36.0], "mass_kg": [12.0], "weighed_usd": [36.0],
    ...                       "base_value_usd": [20.0], "base_mass_kg": [10.0],
    ...                       "base_weighed_usd": [20.0]})
    >>> price_and_quantity(cells)["effect_usd"].tolist()
    [11.0, 5.0, 0.0, 0.0, 0.0]
    """
    now, mass, weighed, before, base_mass, base_weighed = (
        cells[f"{range_}{name}"].fillna(0.0).to_numpy(dtype=np.float64)
        for range_ in ("", "base_")
        for name in ("value_usd", "mass_kg", "weighed_usd")
    )
    is_new, is_gone = (before == 0) & (now != 0), (now == 0) & (before != 0)
    is_there = (now != 0) & (before != 0)
    is_priced = is_there & (np.minimum(mass, base_mass) > 0)
    is_priced &= np.minimum(weighed, base_weighed) > 0
    price = np.divide(weighed, mass, out=np.ones_like(now), where=is_priced)
    base_price = np.divide(base_weighed, base_mass, out=np.ones_like(now), where=is_priced)
    is_priced &= np.abs(np.log(price / base_price)) <= np.log(MOST_PRICE_CHANGE)
    # What of a split cell has no weight is told with what cannot be split.
    split, base_split = np.where(is_priced, weighed, 0.0), np.where(is_priced, base_weighed, 0.0)
    rest, base_rest = (
        np.where(is_there, now, 0.0) - split,
        np.where(is_there, before, 0.0) - base_split,
    )
    change = (price - base_price) * (mass + base_mass) / 2
    by_price = float(change[is_priced].sum())
    sums = {
        "price": (split.sum(), base_split.sum(), is_priced),
        "quantity": (split.sum(), base_split.sum(), is_priced),
        "new": (now[is_new].sum(), 0.0, is_new),
        "gone": (0.0, before[is_gone].sum(), is_gone),
        "unweighed": (rest.sum(), base_rest.sum(), (rest != 0) | (base_rest != 0)),
    }
    rows = [
        (name, float(one) - float(base), float(one), float(base), int(of.sum()))
        for name, (one, base, of) in sums.items()
    ]
    found = pd.DataFrame(rows, columns=["effect", "effect_usd", "value_usd", "base_value_usd", "n"])
    # The rest of the change, so that the two add up to the last digit.
    found.loc[found["effect"] == "price", "effect_usd"] = by_price
    found.loc[found["effect"] == "quantity", "effect_usd"] -= by_price
    return found
