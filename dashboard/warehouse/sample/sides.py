"""What either side of a trade line reports of it.

The exporter's and the importer's record differ by freight, noise, bias,
attribution, timing and silence, each by the member's traits. It must not
touch a database.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dashboard.warehouse.sample.draws import Floats, Integers, stream
from dashboard.warehouse.sample.gravity import (
    AREAS_NOT_SPECIFIED,
    BUNKERS,
    ENTREPOTS,
    FREE_ZONES,
    LAST_MONTH,
    NEW_EDITION_MONTH,
    Areas,
)
from dashboard.warehouse.sample.products import Products

CIF_AT_HOME: Final = 0.02
CIF_PER_1000_KM: Final = 0.006
SEA_FREIGHT_KM: Final = 8000.0
"""From here on half of the arrivals are recorded a month after they were shipped."""

FROZEN_SHARE: Final = 0.003
_TRAITS: Final = (
    *("report_noise", "report_bias", "unreported_exports", "unreported_imports", "misattributed"),
    *("missing_mass", "estimated", "slip", "revision_spread", "gaps", "without_unit"),
)
_OUTSIDER: Final = {
    "report_noise": 0.2,
    "report_bias": 0.2,
    "unreported_exports": 0.1,
    "unreported_imports": 0.05,
    "misattributed": 0.05,
    "missing_mass": 0.05,
    "estimated": 0.1,
    "slip": 0.001,
    "revision_spread": 0.08,
    "gaps": 0.02,
    "without_unit": 0.0,
}


def reported_sides(
    lines: pd.DataFrame, areas: Areas, products: Products, traits: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Return what is reported of every line, by either side and flow.

    Parameters
    ----------
    lines : DataFrame
        As `gravity.trade_lines` gives them.
    areas : Areas
        The economies.
    products : Products
        What is traded.
    traits : DataFrame
        As `traits.member_traits` gives them.
    seed : int
        The sample's seed.

    Returns
    -------
    DataFrame
        One row per reporter, partner, product and flow, never twice, with the
        parameters of its months. ``noise_key`` is shared by a flow and the
        re-export or re-import within it, so that the part never exceeds it.
    """
    rng = stream(seed, "sides")
    values = _trait_values(areas, traits)
    exports = _exports(lines, areas, products, values, rng)
    imports = _imports(lines, areas, values, rng)
    main = pd.concat([exports, imports], ignore_index=True)
    main["noise_key"] = np.arange(1, len(main) + 1)
    keys = ["reporter_id", "flow_code", "partner_id", "product"]
    main = main.drop_duplicates(keys, ignore_index=True)
    sides = pd.concat([main, _again(main, areas, rng)], ignore_index=True)
    sides = sides.drop_duplicates(keys, ignore_index=True)
    return _with_course(sides, lines, areas, products, values, seed)


def _trait_values(areas: Areas, traits: pd.DataFrame) -> dict[str, Floats]:
    return {
        name: np.concatenate(
            [traits[name].to_numpy(dtype=float), np.full(len(areas) - len(traits), _OUTSIDER[name])]
        )
        for name in _TRAITS
    }


def _exports(
    lines: pd.DataFrame,
    areas: Areas,
    products: Products,
    values: dict[str, Floats],
    rng: np.random.Generator,
) -> pd.DataFrame:
    count = len(lines)
    exporter = lines["exporter"].to_numpy()
    importer = lines["importer"].to_numpy()
    anchor = lines["anchor"].to_numpy()
    is_fuel = (products.frame["chapter"] == "27").to_numpy()[lines["product"]]
    hubs = areas.ids[np.isin(areas.iso3, ENTREPOTS)]
    chance = rng.random(count)
    hub = rng.choice(hubs, count)
    bias = np.exp(values["report_bias"][exporter] * rng.normal(0, 1, count))
    silent = rng.random(count) < values["unreported_exports"][exporter]
    astray = chance < values["misattributed"][exporter]
    partner = np.where(astray & (hub != areas.ids[exporter]), hub, areas.ids[importer])
    partner = np.where(chance > 0.988, AREAS_NOT_SPECIFIED, partner)
    partner = np.where(is_fuel & (chance > 0.96), BUNKERS, partner)
    partner = np.where(chance > 0.9985, FREE_ZONES, partner)
    partner = np.where(anchor, areas.ids[importer], partner)
    keep = areas.is_reporter[exporter] & (anchor | ~silent)
    frame = pd.DataFrame(
        {
            "line": np.arange(count),
            "reporter": exporter,
            "reporter_id": areas.ids[exporter],
            "partner_id": partner,
            "product": lines["product"].to_numpy(),
            "flow_code": "X",
            "factor": bias,
            "lag": 0,
        }
    )
    return pd.DataFrame(frame.loc[keep])


def _imports(
    lines: pd.DataFrame, areas: Areas, values: dict[str, Floats], rng: np.random.Generator
) -> pd.DataFrame:
    count = len(lines)
    exporter = lines["exporter"].to_numpy()
    importer = lines["importer"].to_numpy()
    anchor = lines["anchor"].to_numpy()
    distance = lines["distance_km"].to_numpy()
    margin = np.clip(
        CIF_AT_HOME + CIF_PER_1000_KM * distance / 1000 + rng.normal(0, 0.012, count), 0.005, 0.18
    )
    bias = np.exp(values["report_bias"][importer] * rng.normal(0, 1, count))
    silent = rng.random(count) < values["unreported_imports"][importer]
    unspecified = (rng.random(count) < 0.008) & ~anchor
    returned = (rng.random(count) < 0.001) & ~anchor
    partner = np.where(unspecified, AREAS_NOT_SPECIFIED, areas.ids[exporter])
    partner = np.where(returned, areas.ids[importer], partner)
    lag = ((distance > SEA_FREIGHT_KM) & (rng.random(count) < 0.5)).astype(np.int64)
    keep = areas.is_reporter[importer] & (anchor | ~silent)
    frame = pd.DataFrame(
        {
            "line": np.arange(count),
            "reporter": importer,
            "reporter_id": areas.ids[importer],
            "partner_id": partner,
            "product": lines["product"].to_numpy(),
            "flow_code": "M",
            "factor": (1 + margin) * bias,
            "lag": lag,
        }
    )
    return pd.DataFrame(frame.loc[keep])


def _again(main: pd.DataFrame, areas: Areas, rng: np.random.Generator) -> pd.DataFrame:
    """Re-exports and re-imports: parts of the export or import of the same line."""
    is_hub = np.isin(areas.iso3, ENTREPOTS)[main["reporter"]]
    is_export = (main["flow_code"] == "X").to_numpy()
    chance = np.where(is_export, np.where(is_hub, 0.30, 0.02), 0.008)
    chosen = main[rng.random(len(main)) < chance].copy()
    part = np.where(
        chosen["flow_code"] == "X",
        rng.uniform(0.1, 0.6, len(chosen)),
        rng.uniform(0.02, 0.2, len(chosen)),
    )
    chosen["factor"] = chosen["factor"] * part
    chosen["flow_code"] = "R" + chosen["flow_code"]
    return chosen


def _with_course(
    sides: pd.DataFrame,
    lines: pd.DataFrame,
    areas: Areas,
    products: Products,
    values: dict[str, Floats],
    seed: int,
) -> pd.DataFrame:
    """Join the parameters of the line, the product and the reporter."""
    rng = stream(seed, "course")
    line = lines.iloc[sides["line"]].reset_index(drop=True)
    product = products.frame.iloc[sides["product"]].reset_index(drop=True)
    reporter: Integers = sides["reporter"].to_numpy()
    south = areas.latitude[line["exporter"]] < 0
    frozen = (rng.random(len(sides)) < FROZEN_SHARE) & (sides["flow_code"].str.len() == 1)
    starts = np.where(product["code_h5"] == "", NEW_EDITION_MONTH, 0)
    price_bias = np.exp(stream(seed, "prices").normal(0, 0.2, len(areas)))
    return pd.DataFrame(
        {
            "line_id": line["line_id"].to_numpy(dtype=np.int32),
            "noise_key": sides["noise_key"].to_numpy(dtype=np.int32),
            "reporter_id": sides["reporter_id"].to_numpy(dtype=np.int16),
            "partner_id": sides["partner_id"].to_numpy(dtype=np.int16),
            "flow_code": sides["flow_code"].to_numpy(dtype=str),
            "code_h5": product["code_h5"].to_numpy(dtype=str),
            "code_h6": product["code_h6"].to_numpy(dtype=str),
            "usd_month": line["usd_month"].to_numpy() * sides["factor"].to_numpy(),
            "growth": line["growth"].to_numpy(),
            "season": product["season"].to_numpy(),
            "peak_month": (product["peak_month"].to_numpy() + 6.0 * south) % 12,
            "line_noise": np.where(line["anchor"], 0.15, 0.45 - 0.25 * line["active"].to_numpy()),
            "report_noise": values["report_noise"][reporter],
            "lag": sides["lag"].to_numpy(dtype=np.int16),
            "first_month": np.maximum(line["first_month"].to_numpy(), starts).astype(np.int16),
            "last_month": line["last_month"].to_numpy(dtype=np.int16),
            "active": line["active"].to_numpy(),
            "frozen_from": np.where(frozen, rng.integers(30, 125, len(sides)), LAST_MONTH).astype(
                np.int16
            ),
            "price_usd_kg": product["price_usd_kg"].to_numpy() * price_bias[line["exporter"]],
            "unit": product["unit"].to_numpy(dtype=str),
            "unit_mass_kg": product["unit_mass_kg"].to_numpy(),
            "missing_mass": values["missing_mass"][reporter],
            "estimated": values["estimated"][reporter],
            "slip": values["slip"][reporter],
            "revision_spread": values["revision_spread"][reporter],
            "without_unit": values["without_unit"][reporter],
            "gaps": np.where(line["anchor"], 0.0, values["gaps"][reporter]),
        }
    )
