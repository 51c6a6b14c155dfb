"""Resolves what records call areas, flows, periods and commodities.

One text at a time, from the reference facts; it must not touch rows or a database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard import reference

FLOWS: Final = ("M", "X", "RM", "RX")
"""Flows that become trade rows; all others are parts of one of them."""

PART_FLOWS: Final = ("DX", "FM", "MIP", "XIP", "MOP", "XOP", "MIF", "XIF")

FLOW_TOKENS: Final[Mapping[str, str]] = {
    **{code.lower(): code for code in (*FLOWS, *PART_FLOWS)},
    "1": "M",
    "2": "X",
    "3": "RX",
    "4": "RM",
    "import": "M",
    "imports": "M",
    "export": "X",
    "exports": "X",
    "re-export": "RX",
    "re-exports": "RX",
    "re-import": "RM",
    "re-imports": "RM",
    "domestic export": "DX",
    "foreign import": "FM",
}
"""Codes (the old layout's numbers too) and names of flows, in lower case."""

EDITIONS: Final = ("H0", "H1", "H2", "H3", "H4", "H5", "H6")
EDITION_UNKNOWN: Final = ("", "HS")
"""Texts that name the Harmonized System without saying which edition."""

TOTAL: Final = "TOTAL"
COMMODITY_SPELLINGS: Final[Mapping[str, str]] = {"9999AA": "999999"}
NO_REPORTER_KINDS: Final = ("world", "group")
AGGREGATE_KINDS: Final = ("group", "union")
FIRST_YEAR: Final = 1962
"""First year of UN Comtrade's records; an earlier period is taken for an error."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area as a record named it, resolved."""

    area_id: int
    kind: str
    stated_id: int
    """The code before a former state was mapped to its successor."""
    ended: int | None
    """Last year of the stated code, if it has one."""


class Areas:
    """Resolves codes, ISO codes and names of areas; see ``dashboard.reference``."""

    def __init__(self) -> None:
        areas = reference.areas()
        self._kinds: dict[int, str] = dict(zip(areas["area_id"], areas["kind"], strict=True))
        ended = areas.dropna(subset="valid_to")
        self._ended: dict[int, int] = dict(
            zip(ended["area_id"], ended["valid_to"].astype(int), strict=True)
        )
        aliases = reference.area_aliases()
        self._aliases: dict[tuple[str, str], int] = {
            (scheme, key): int(area_id)
            for scheme, key, area_id in zip(
                aliases["scheme"], aliases["key"], aliases["area_id"], strict=True
            )
        }
        successions = reference.successions()
        self._successors: dict[int, int] = dict(
            zip(successions["area_id"], successions["successor_area_id"], strict=True)
        )

    def resolve(self, code: str = "", iso: str = "", name: str = "") -> Area | None:
        """Return the area that a record names.

        Parameters
        ----------
        code : str
            Area code, may be empty. It decides if it is known.
        iso : str
            ISO code, may be empty; decides next.
        name : str
            Name, may be empty; decides last.

        Returns
        -------
        Area or None
            None if none of the three is known.

        Examples
        --------
        >>> Areas().resolve(name="Fmr Sudan").area_id, Areas().resolve(iso="_X ").kind
        (729, 'special')
        """
        area_id = int(code) if code.isdecimal() and len(code) <= 4 else None
        if area_id not in self._kinds:
            area_id = self._aliases.get(("iso3", reference.area_key(iso))) if iso else None
        if area_id is None and name:
            area_id = self._aliases.get(("name", reference.area_key(name)))
        if area_id is None:
            return None
        stated = int(area_id)
        mapped = int(self._successors.get(stated, stated))
        return Area(mapped, self._kinds[mapped], stated, self._ended.get(stated))


def parse_period(text: str, frequency: str, today: date) -> int | None:
    """Return the id of a period of reference.

    Parameters
    ----------
    text : str
        ``2023``, ``202301`` or ``2023-01``.
    frequency : str
        ``A`` or ``M`` if the record says it, or empty.
    today : date
        A period that begins later is an error.

    Returns
    -------
    int or None
        Year or year and month; None if it is no such period.

    Examples
    --------
    >>> parse_period("2023-01", "M", date(2024, 1, 1)), parse_period("2023", "A", date(2024, 1, 1))
    (202301, 2023)
    >>> parse_period("202313", "M", date(2024, 1, 1)) is None
    True
    """
    match = re.fullmatch(r"(\d{4})(?:-?(0[1-9]|1[0-2]))?", text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or 0)
    if frequency not in ("", "M" if month else "A"):
        return None
    if year < FIRST_YEAR or date(year, month or 1, 1) > today:
        return None
    return year * 100 + month if month else year


class Commodities:
    """Resolves commodity codes of every HS edition."""

    def __init__(self) -> None:
        validity = reference.hs_validity()
        self._editions: dict[str, str] = dict(
            zip(validity["code"], validity["editions"], strict=True)
        )

    def resolve(self, text: str, edition: str = "") -> tuple[str, bool] | None:
        """Return a commodity code as text with its leading zeros.

        Parameters
        ----------
        text : str
            As found: ``0301``, ``301`` (a leading zero lost), ``TOTAL``.
        edition : str
            ``H0`` to ``H6``, ``HS`` or empty.

        Returns
        -------
        code : str
            Two, four or six digits, or TOTAL.
        is_retired : bool
            The stated edition does not have the code, another one has.
            None instead of both if no edition has it.

        Examples
        --------
        >>> Commodities().resolve("301", "H6"), Commodities().resolve("851713", "H2")
        (('0301', False), ('851713', True))
        """
        code = COMMODITY_SPELLINGS.get(text.upper(), text.upper())
        if code == TOTAL:
            return code, False
        if code.isdecimal() and len(code) % 2:
            code = "0" + code
        editions = self._editions.get(code)
        if editions is None:
            return None
        return code, edition in EDITIONS and editions[EDITIONS.index(edition)] == "0"
