"""Who trades what with whom: trade lines and what either side reports of them.

Values follow a gravity model of economies and distances; the result is a few
parameters per line, which `expansion` turns into months. It must not touch a
database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dashboard import reference
from dashboard.warehouse.sample.draws import Flags, Floats, Integers, stream, weighted
from dashboard.warehouse.sample.products import Products
from dashboard.warehouse.sample.scales import Scale

WORLD_TRADE_USD: Final = 23e12
"""World merchandise trade of a year, about; only an order of magnitude."""

EARTH_RADIUS_KM: Final = 6371.0
GDP_ELASTICITY: Final = 0.84
DISTANCE_ELASTICITY: Final = -0.95
DISTANCE_FLOOR_KM: Final = 300.0
PAIR_NOISE: Final = 0.8
SAME_REGION: Final = 0.4

LAST_MONTH: Final = 9999
"""Month number of what never ends."""

NEW_EDITION_MONTH: Final = 72
"""2022-01, counted from 2016-01."""

OTHER_AREAS: Final = (
    # area, output in billions of US dollars (rough), longitude, latitude of its label
    (490, 760.0, 121.0, 23.7),
    (92, 1.4, -64.6, 18.4),
    (136, 6.0, -81.2, 19.3),
    (212, 0.6, -61.4, 15.4),
    (234, 3.5, -6.9, 62.0),
    (258, 6.0, -149.4, -17.7),
    (292, 3.0, -5.4, 36.1),
    (296, 0.2, 173.0, 1.4),
    (304, 3.2, -42.0, 72.0),
    (308, 1.2, -61.7, 12.1),
    (316, 6.5, 144.8, 13.4),
    (408, 16.0, 127.5, 40.0),
    (438, 7.0, 9.5, 47.2),
    (520, 0.15, 166.9, -0.5),
    (533, 3.5, -70.0, 12.5),
    (540, 9.5, 165.6, -21.3),
    (583, 0.4, 158.2, 6.9),
    (584, 0.3, 171.2, 7.1),
    (659, 1.0, -62.7, 17.3),
    (670, 0.9, -61.2, 13.2),
    (674, 1.8, 12.4, 43.9),
    (798, 0.06, 179.2, -8.5),
)
VOLUNTARY_REPORTERS: Final = (304, 540)
"""Areas that are no members and report all the same: submissions without obligations."""

AREAS_NOT_SPECIFIED: Final = 899
BUNKERS: Final = 837
FREE_ZONES: Final = 838

ENTREPOTS: Final = ("SGP", "HKG", "NLD", "BEL", "ARE", "PAN")
FUEL_EXPORTERS: Final = (
    *("SAU", "RUS", "ARE", "IRQ", "KWT", "QAT", "NOR", "NGA", "AGO", "IRN", "KAZ", "DZA", "LBY"),
    *("VEN", "OMN", "BRN", "AZE", "COG", "GAB", "GNQ", "TCD", "GUY", "TTO", "COL", "ECU", "BHR"),
)
CLOTHING_EXPORTERS: Final = ("BGD", "KHM", "VNM", "LKA", "PAK", "HTI", "LSO", "MDG", "MMR", "HND")
CLOTHING: Final = ("61", "62", "63", "64")


@dataclass(frozen=True, slots=True)
class Areas:
    """The economies that trade: members first, then the others."""

    ids: Integers
    iso3: list[str]
    gdp_usd: Floats
    longitude: Floats
    latitude: Floats
    region: list[str]
    is_member: Flags
    is_reporter: Flags

    def __len__(self) -> int:
        return len(self.ids)


def trading_areas(members: pd.DataFrame) -> Areas:
    """Return the economies of the gravity model.

    Parameters
    ----------
    members : DataFrame
        As `traits.sample_members` gives them.

    Returns
    -------
    Areas
        Members, and the partners that are none.
    """
    names = reference.areas().set_index("area_id")["iso3"]
    other = pd.DataFrame(OTHER_AREAS, columns=["area_id", "gdp_billion", "longitude", "latitude"])
    count = len(members)
    ids = np.concatenate([members["member_id"].to_numpy(), other["area_id"].to_numpy()])
    is_member = np.arange(len(ids)) < count
    return Areas(
        ids=ids.astype(np.int64),
        iso3=[*members["iso3"], *(names[area] for area in other["area_id"])],
        gdp_usd=np.concatenate([members["gdp_usd"], other["gdp_billion"] * 1e9]).astype(float),
        longitude=np.concatenate([members["longitude"], other["longitude"]]).astype(float),
        latitude=np.concatenate([members["latitude"], other["latitude"]]).astype(float),
        region=[*members["region_id"], *([""] * len(other))],
        is_member=is_member,
        is_reporter=is_member | np.isin(ids, VOLUNTARY_REPORTERS),
    )


def great_circle_km(longitude: Floats, latitude: Floats) -> Floats:
    """Return the distances between all pairs of points.

    Parameters
    ----------
    longitude, latitude : ndarray of float, shape (n,)
        Degrees.

    Returns
    -------
    ndarray of float, shape (n, n)
        Kilometres along the great circle; 0 on the diagonal.

    References
    ----------
    .. [1] Sinnott, R. W. (1984). Virtues of the haversine. Sky and Telescope 68(2), 159.

    Examples
    --------
    >>> quarter = great_circle_km(np.array([0.0, 90.0]), np.array([0.0, 0.0]))[0, 1]
    >>> round(float(quarter))
    10008
    """
    east, north = np.radians(longitude), np.radians(latitude)
    half = (
        np.sin((north[:, None] - north[None, :]) / 2) ** 2
        + np.cos(north)[:, None]
        * np.cos(north)[None, :]
        * np.sin((east[:, None] - east[None, :]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def pair_values(areas: Areas, distances: Floats, seed: int) -> Floats:
    """Return what every exporter sells to every importer in a year.

    Parameters
    ----------
    areas : Areas
        The economies.
    distances : ndarray of float, shape (n, n)
        Kilometres.
    seed : int
        The sample's seed.

    Returns
    -------
    ndarray of float, shape (n, n)
        US dollars, exporters in rows; 0 on the diagonal; adds up to world trade.
    """
    rng = stream(seed, "pairs")
    size = np.log(areas.gdp_usd)
    region = np.array(areas.region)
    near = (region[:, None] == region[None, :]) & (region != "")[:, None]
    hub = np.where(np.isin(areas.iso3, ENTREPOTS), np.log(2.0), 0.0)
    values = np.exp(
        GDP_ELASTICITY * (size[:, None] + size[None, :])
        + DISTANCE_ELASTICITY * np.log(distances + DISTANCE_FLOOR_KM)
        + SAME_REGION * near
        + hub[:, None]
        + hub[None, :]
        + rng.normal(0, PAIR_NOISE, distances.shape)
    )
    np.fill_diagonal(values, 0.0)
    return np.asarray(values * (WORLD_TRADE_USD / values.sum()))


def trade_lines(
    areas: Areas, products: Products, traits: pd.DataFrame, scale: Scale, seed: int
) -> pd.DataFrame:
    """Draw the lines of trade: exporter, importer and product, with their course.

    Parameters
    ----------
    areas : Areas
        The economies.
    products : Products
        What can be traded.
    traits : DataFrame
        As `traits.member_traits` gives them.
    scale : Scale
        How many lines there are.
    seed : int
        The sample's seed.

    Returns
    -------
    DataFrame
        One row per line: ``line_id``, positions of ``exporter``, ``importer``
        and ``product``, ``usd_month`` at the level of the base year,
        ``growth`` a month, ``first_month`` and ``last_month``, the share of
        months in which it is ``active``, ``distance_km`` and whether it is an
        ``anchor`` that never pauses.
    """
    rng = stream(seed, "lines")
    distances = great_circle_km(areas.longitude, areas.latitude)
    values = pair_values(areas, distances, seed)
    exporter, importer, anchor, expected = _pairs(areas, values, scale, rng)
    product = _products_of(exporter, anchor, areas, products, rng)
    _cover_chapters(product, anchor, products, rng)
    key = (exporter * len(areas) + importer) * len(products) + product
    # Anchors first: of lines drawn twice, here and in `sides`, the first one stays.
    order = np.argsort(~anchor, kind="stable")
    first = order[np.sort(np.unique(key[order], return_index=True)[1])]
    exporter, importer, product, anchor = (
        one[first] for one in (exporter, importer, product, anchor)
    )

    count = len(exporter)
    share = np.sqrt(products.weights[product]) * rng.lognormal(0, 1.2, count)
    pair = exporter * len(areas) + importer
    total = np.bincount(pair, weights=share, minlength=len(areas) ** 2)
    # A pair that had little chance to be drawn stands for others like it, so that a small
    # sample spreads trade over members as a large one does.
    weight = values / -np.expm1(-expected)
    usd_year = weight.ravel()[pair] * share / total[pair]
    usd_year *= WORLD_TRADE_USD / usd_year.sum()
    rank = usd_year.argsort().argsort() / count
    growth = np.zeros(len(areas))
    growth[: len(traits)] = traits["growth"]
    born = rng.random(count) < 0.15
    dies = rng.random(count) < 0.10
    starts = np.where(born & ~anchor, rng.integers(1, 120, count), 0)
    ends = np.where(dies & ~anchor, starts + rng.integers(12, 150, count), LAST_MONTH)
    return pd.DataFrame(
        {
            "line_id": np.arange(1, count + 1),
            "exporter": exporter,
            "importer": importer,
            "product": product,
            "usd_month": usd_year / 12,
            "growth": (growth[exporter] + rng.normal(0, 0.05, count)) / 12,
            "first_month": starts,
            "last_month": ends,
            "active": np.where(anchor, 1.0, _regularity(rank, rng)),
            "distance_km": distances[exporter, importer],
            "anchor": anchor,
        }
    )


def _regularity(rank: Floats, rng: np.random.Generator) -> Floats:
    """Return the share of months with trade: most large lines never pause, small ones do."""
    is_regular = rng.random(len(rank)) < 0.25 + 0.7 * rank
    often = rng.uniform(0.96, 0.999, len(rank))
    seldom = rng.uniform(0.08, 0.6, len(rank))
    return np.where(is_regular, often, seldom)


def _pairs(
    areas: Areas, values: Floats, scale: Scale, rng: np.random.Generator
) -> tuple[Integers, Integers, Flags, Floats]:
    """Draw pairs, at least so many for each member on either side.

    The last part of the result is how often each pair was to be expected.
    """
    attraction = np.sqrt(values)
    expected = np.full(values.shape, np.finfo(float).tiny)
    exporters, importers, anchors = [], [], []
    for position in np.flatnonzero(areas.is_reporter):
        for row, least, exports in (
            (attraction[position], scale.least_exports, True),
            (attraction[:, position], scale.least_imports, False),
        ):
            partners = weighted(rng, row, least)
            own = np.full(least, position)
            exporters.append(own if exports else partners)
            importers.append(partners if exports else own)
            anchors.append(np.arange(least) < 1)
            if exports:
                expected[position] += least * row / row.sum()
            else:
                expected[:, position] += least * row / row.sum()
    rest = max(0, scale.lines - sum(len(part) for part in exporters))
    drawn = weighted(rng, attraction.ravel(), rest)
    exporters.append(drawn // len(areas))
    importers.append(drawn % len(areas))
    anchors.append(np.zeros(rest, dtype=bool))
    expected += attraction * (rest / attraction.sum())
    return (
        np.concatenate(exporters),
        np.concatenate(importers),
        np.concatenate(anchors),
        expected,
    )


def _products_of(
    exporter: Integers, anchor: Flags, areas: Areas, products: Products, rng: np.random.Generator
) -> Integers:
    """Draw what each exporter sells: its own tilt by chapter upon the world's weights."""
    chapters, position = np.unique(
        products.frame["chapter"].to_numpy(dtype=str), return_inverse=True
    )
    tilt = rng.lognormal(0, 1.0, (len(areas), len(chapters)))
    tilt[np.ix_(np.isin(areas.iso3, FUEL_EXPORTERS), chapters == "27")] *= 25
    tilt[np.ix_(np.isin(areas.iso3, CLOTHING_EXPORTERS), np.isin(chapters, CLOTHING))] *= 15
    is_stable = ((products.frame["code_h5"] != "") & (products.frame["code_h6"] != "")).to_numpy()
    product = np.zeros(len(exporter), dtype=np.int64)
    order = np.argsort(exporter, kind="stable")
    bounds = np.searchsorted(exporter[order], np.arange(len(areas) + 1))
    for area in range(len(areas)):
        rows = order[bounds[area] : bounds[area + 1]]
        # The square root spreads lines over more products than value would.
        weights = np.sqrt(products.weights) * tilt[area][position] ** 0.7
        product[rows] = weighted(rng, weights, len(rows))
        lasting = rows[anchor[rows]]
        product[lasting] = weighted(rng, weights * is_stable, len(lasting))
    return product


def _cover_chapters(
    product: Integers, anchor: Flags, products: Products, rng: np.random.Generator
) -> None:
    """Give every chapter some lines, so that no section is empty at any scale."""
    free = np.flatnonzero(~anchor)
    chapter = products.frame["chapter"].to_numpy(dtype=str)
    places = iter(rng.permutation(free))
    for one in np.unique(chapter):
        candidates = np.flatnonzero(
            (chapter == one) & (products.frame["code_h5"] != "") & (products.frame["code_h6"] != "")
        )
        if not len(candidates):
            continue
        for _ in range(2):
            product[next(places)] = rng.choice(candidates)
