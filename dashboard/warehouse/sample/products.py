"""What is traded: products, how much of world trade they are, their price and season.

Shares, prices and seasons are rough orders of magnitude per chapter, set by
hand so that charts look like trade; they are no statistics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dashboard import reference
from dashboard.warehouse.sample.draws import Floats, stream

USUAL_WEIGHT: Final = 0.25
CHAPTER_WEIGHTS: Final = {
    "02": 0.8, "03": 0.7, "04": 0.5, "07": 0.4, "08": 0.7, "09": 0.4, "10": 0.7, "12": 0.6,
    "15": 0.7, "17": 0.3, "19": 0.4, "20": 0.4, "21": 0.5, "22": 0.7, "23": 0.5, "24": 0.3,
    "25": 0.3, "26": 1.5, "27": 13.0, "28": 0.9, "29": 2.7, "30": 4.2, "31": 0.5, "32": 0.5,
    "33": 0.9, "34": 0.4, "38": 1.4, "39": 3.6, "40": 1.1, "42": 0.4, "44": 0.8, "48": 0.9,
    "49": 0.2, "52": 0.3, "54": 0.3, "61": 1.3, "62": 1.2, "63": 0.4, "64": 0.8, "68": 0.3,
    "69": 0.3, "70": 0.5, "71": 4.3, "72": 2.5, "73": 1.7, "74": 1.0, "75": 0.2, "76": 1.3,
    "82": 0.4, "83": 0.4, "84": 12.0, "85": 16.0, "86": 0.2, "87": 8.0, "88": 1.6, "89": 0.6,
    "90": 3.3, "91": 0.3, "94": 1.5, "95": 1.0, "96": 0.3, "14": 0.02, "36": 0.05, "43": 0.05,
    "45": 0.03, "46": 0.03, "50": 0.03, "53": 0.04, "65": 0.06, "66": 0.03, "67": 0.05,
    "79": 0.08, "80": 0.05, "78": 0.05, "92": 0.05, "93": 0.12, "97": 0.25, "01": 0.15,
    "05": 0.06, "13": 0.06, "37": 0.08, "06": 0.13, "81": 0.12, "58": 0.08, "57": 0.1,
}  # fmt: skip
"""Percent of world trade, about."""

USUAL_PRICE: Final = 4.0
CHAPTER_PRICES: Final = {
    "10": 0.3, "12": 0.5, "17": 0.5, "22": 1.5, "23": 0.4, "25": 0.1, "26": 0.25, "27": 0.6,
    "28": 0.9, "29": 2.0, "30": 90.0, "31": 0.4, "39": 2.2, "44": 0.7, "48": 1.1, "61": 18.0,
    "62": 22.0, "64": 16.0, "68": 0.5, "69": 0.9, "70": 1.2, "71": 2500.0, "72": 0.9, "73": 2.0,
    "74": 8.0, "76": 3.2, "84": 18.0, "85": 35.0, "86": 6.0, "87": 11.0, "88": 400.0, "89": 5.0,
    "90": 75.0, "91": 180.0, "93": 60.0, "94": 4.5, "95": 9.0, "97": 150.0,
}  # fmt: skip
"""US dollars a kilogram, about."""

SEASONAL_CHAPTERS: Final = {
    "03": 0.15, "06": 0.35, "07": 0.4, "08": 0.4, "09": 0.25, "10": 0.35, "12": 0.4, "20": 0.15,
    "22": 0.12, "24": 0.15, "27": 0.12, "31": 0.35, "42": 0.15, "61": 0.22, "62": 0.22, "64": 0.18,
    "87": 0.08, "95": 0.4, "94": 0.1,
}  # fmt: skip
"""Half the swing of the season, as a part of the yearly mean."""

USUAL_SEASON: Final = 0.05

PIECES: Final = frozenset({"61", "62", "64", "84", "85", "86", "87", "88", "89", "90", "91", "95"})
LITRES: Final = frozenset({"22"})
CARATS: Final = frozenset({"7102"})


@dataclass(frozen=True, slots=True)
class Products:
    """HS subheadings as they were called before and after HS 2022.

    ``code_h5`` or ``code_h6`` is empty where the edition has no such product;
    a retired code goes on under a new one of its heading where there is one.
    """

    frame: pd.DataFrame
    weights: Floats

    def __len__(self) -> int:
        return len(self.frame)


def sample_products(seed: int) -> Products:
    """Draw the weight, price and season of every product.

    Parameters
    ----------
    seed : int
        The sample's seed.

    Returns
    -------
    Products
        One row per product of HS 2017 or HS 2022, with ``chapter``,
        ``price_usd_kg``, ``season``, ``peak_month``, ``unit`` and ``unit_mass_kg``.
    """
    rng = stream(seed, "products")
    frame = _codes()
    chapter = frame["code"].str[:2]
    heading = frame["code"].str[:4]
    # Within a chapter a few products make most of the trade.
    within = rng.pareto(1.1, len(frame)) + 0.05
    total = pd.Series(within).groupby(chapter).transform("sum").to_numpy()
    weights = chapter.map(CHAPTER_WEIGHTS).fillna(USUAL_WEIGHT).to_numpy() * within / total

    headings, heading_position = np.unique(heading.to_numpy(dtype=str), return_inverse=True)
    heading_price = rng.lognormal(0, 0.5, len(headings))[heading_position]
    price = chapter.map(CHAPTER_PRICES).fillna(USUAL_PRICE).to_numpy()
    chapters, chapter_position = np.unique(chapter.to_numpy(dtype=str), return_inverse=True)
    peak = rng.uniform(0, 12, len(chapters))[chapter_position]
    frame = frame.assign(
        chapter=chapter,
        price_usd_kg=price * heading_price * rng.lognormal(0, 0.25, len(frame)),
        season=chapter.map(SEASONAL_CHAPTERS).fillna(USUAL_SEASON).to_numpy(),
        peak_month=(peak + rng.normal(0, 0.7, len(frame))) % 12,
        unit=np.select(
            [heading.isin(CARATS), chapter.isin(LITRES), chapter.isin(PIECES)],
            ["carat", "l", "u"],
            "",
        ),
        unit_mass_kg=np.select(
            [heading.isin(CARATS), chapter.isin(LITRES)],
            [0.0002, 1.0],
            np.exp(rng.normal(0.5, 1.2, len(headings)))[heading_position],
        ),
    )
    return Products(frame, weights)


def _codes() -> pd.DataFrame:
    validity = reference.hs_validity()
    validity = validity[validity["code"].str.len() == 6]
    in_h5 = validity["editions"].str[5] == "1"
    in_h6 = validity["editions"].str[6] == "1"
    stable = validity[in_h5 & in_h6][["code"]]
    stable = stable.assign(code_h5=stable["code"], code_h6=stable["code"])
    retired = _numbered(validity[in_h5 & ~in_h6])
    new = _numbered(validity[~in_h5 & in_h6])
    changed = retired.merge(new, on=["heading", "place"], how="outer", suffixes=("_h5", "_h6"))
    changed = changed[["code_h5", "code_h6"]].fillna("")
    changed["code"] = changed["code_h6"].where(changed["code_h6"] != "", changed["code_h5"])
    frame = pd.concat([stable, changed], ignore_index=True)
    return frame.sort_values("code", ignore_index=True)


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame[["code"]].assign(heading=frame["code"].str[:4])
    return frame.assign(place=frame.groupby("heading").cumcount())
