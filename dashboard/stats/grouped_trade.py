"""Indices of trade for many groups at once: concentration and two-way trade over their cells.

It must not add up flows itself: each row is one cell of its group.
"""

import pandas as pd

from dashboard.stats.trade import share


def herfindahl_by(groups: pd.Series, values: pd.Series) -> pd.Series:
    """Return the concentration of each group's trade over its cells.

    Parameters
    ----------
    groups : Series, length n
        The group of each cell.
    values : Series of float, length n
        Trade of the cell, 0 or more, in any unit; a missing one is no part of its
        group.

    Returns
    -------
    Series of float, by group
        Herfindahl-Hirschman index, 1/n to 1; see
        :func:`dashboard.stats.trade.herfindahl`. NaN where a group has no trade.

    Examples
    --------
    >>> groups = pd.Series(["a", "a", "b"])
    >>> herfindahl_by(groups, pd.Series([1.0, 1.0, 7.0])).to_dict()
    {'a': 0.5, 'b': 1.0}
    """
    total = values.groupby(groups, sort=True).sum()
    parts = pd.Series(share(values, groups.map(total)), index=values.index)
    return (parts**2).groupby(groups, sort=True).sum(min_count=1)


def grubel_lloyd_by(groups: pd.Series, exports: pd.Series, imports: pd.Series) -> pd.Series:
    """Return the share of two-way trade of each group over its cells.

    Parameters
    ----------
    groups : Series, length n
        The group of each cell.
    exports, imports : Series of float, length n
        Values of the cell in the two directions, US dollars, 0 or more; a direction
        without trade is 0.

    Returns
    -------
    Series of float, by group
        Index, 0 to 1; see :func:`dashboard.stats.trade.grubel_lloyd_aggregate`. NaN
        where a group has no trade.

    Examples
    --------
    >>> groups = pd.Series(["a", "a", "b"])
    >>> exports, imports = pd.Series([100.0, 10.0, 5.0]), pd.Series([100.0, 30.0, 0.0])
    >>> found = grubel_lloyd_by(groups, exports, imports)
    >>> round(float(found["a"]), 4), float(found["b"])
    (0.9167, 0.0)
    """
    whole = exports + imports
    gap = (exports - imports).abs()
    sums = pd.DataFrame({"gap": gap, "whole": whole}).groupby(groups, sort=True).sum()
    return 1.0 - pd.Series(share(sums["gap"], sums["whole"]), index=sums.index)


def yearly_per_base(
    groups: pd.Series, values: pd.Series, years: pd.Series, bases: pd.Series
) -> pd.Series:
    """Return the yearly trade of each group over what it is held against.

    Parameters
    ----------
    groups : Series, length n
        The group of each member.
    values : Series of float, length n
        Trade of the member, US dollars.
    years : Series of float, length n
        Years that the member has reported of it; 0.5 for six months.
    bases : Series of float, length n
        The member's population, gross domestic product or the like.

    Returns
    -------
    Series of float, by group
        Sum of yearly values over the sum of bases, of the members that have all three.
        NaN where none has.

    Examples
    --------
    >>> one = pd.Series(["a", "a"])
    >>> years, people = pd.Series([1.0, 0.5]), pd.Series([10.0, float("nan")])
    >>> yearly_per_base(one, pd.Series([50.0, 70.0]), years, people).to_dict()
    {'a': 5.0}
    """
    yearly = values / years.where(years > 0)
    is_whole = yearly.notna() & bases.notna()
    top = yearly.where(is_whole).groupby(groups, sort=True).sum(min_count=1)
    bottom = bases.where(is_whole).groupby(groups, sort=True).sum(min_count=1)
    return pd.Series(share(top, bottom), index=top.index)
