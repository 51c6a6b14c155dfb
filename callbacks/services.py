"""What handlers are given: the warehouse, the cache, words and names.

One object per process; nothing in it depends on a request.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any

import pandas as pd

from dashboard.audience import EVERYTHING, Audience
from dashboard.cache import ResultCache, cache_key
from dashboard.config import Config
from dashboard.errors import ClosedError, WarehouseError
from dashboard.framework import Framework, fingerprint, read_framework
from dashboard.incentive_rules import scheme_weights
from dashboard.measures import METHOD_VERSION
from dashboard.selection import Catalogue, Selection
from dashboard.warehouse.casework import Casework
from dashboard.warehouse.check_ins import CheckIns
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.score_log import ScoreLog
from dashboard.words import Words, read_words
from layouts.scene import Names
from queries import Statement
from queries import catalogue as statements

logger = logging.getLogger(__name__)

_is_computing: ContextVar[bool] = ContextVar("is_computing", default=False)


@contextmanager
def computing() -> Iterator[None]:
    """Within, frames are read whole: what is made of them is what is told or kept back.

    Yields
    ------
    None
        Only a named frame does this, while it computes.
    """
    token = _is_computing.set(True)
    try:
        yield
    finally:
        _is_computing.reset(token)


def is_computing() -> bool:
    """Tell whether a named frame is being computed."""
    return _is_computing.get()


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks on, and the members that it sees by name and does not."""

    audience: Audience
    named: frozenset[str]
    hidden: frozenset[str]


class Generation:
    """What is read once of a generation: its facts, framework, catalogue and names.

    Another framework than its own may be given, to see what it would change.
    """

    def __init__(
        self, warehouse: Warehouse, version: str, framework: Framework | None = None
    ) -> None:
        self.version = version
        self.info: Mapping[str, str] = warehouse.info()
        self.framework = framework or Framework.model_validate_json(self.info["framework"])
        self._frames = {
            name: warehouse.frame(statement())
            for name, statement in {
                "regions": statements.all_regions,
                "members": statements.all_members,
                "partners": statements.all_partners,
                "collections": statements.all_collections,
                "sections": statements.all_sections,
                "chapters": statements.all_chapters,
                "traded": statements.traded_periods,
                "owed": statements.owed_periods,
                "received": statements.first_receipt,
            }.items()
        }
        self.catalogue = self._catalogue()
        self.members = self._frames["members"]
        self.partners = self._frames["partners"]
        self.collections = self._frames["collections"]

    def _catalogue(self) -> Catalogue:
        frames, framework = self._frames, self.framework
        collections = frames["collections"]
        # What is owed and what is there may differ: a collection can hold trade that nobody owes.
        held = pd.concat([frames["owed"], frames["traded"], _empty_ranges(collections)])
        ranges = held.groupby("collection_id").agg(
            {"first_period_id": "min", "last_period_id": "max"}
        )
        periods = {
            str(name): (int(row["first_period_id"]), int(row["last_period_id"]))
            for name, row in ranges.iterrows()
        }
        spans = [
            (first, last) if first > 9999 else (first * 100 + 1, last * 100 + 12)
            for first, last in periods.values()
        ]
        low, high = min(first for first, _ in spans), max(last for _, last in spans)
        partners = frames["partners"]
        members = frames["members"]
        data_on = date.fromisoformat(self.info["data_on"])
        received_on = frames["received"]["received_on"].iloc[0]
        return Catalogue(
            version=self.version,
            # Where no day of receipt is known, there is no past day to go back to.
            known_from=data_on if pd.isna(received_on) else min(received_on.date(), data_on),
            data_on=data_on,
            months=(_month(low), _month(high)),
            collections=dict(
                zip(collections["collection_id"], collections["frequency"], strict=True)
            ),
            trade_collections=tuple(
                collections.loc[collections["domain"] == "trade", "collection_id"]
            ),
            default_collection=framework.framework.default_collection,
            regions=tuple(frames["regions"]["region_id"]),
            members=dict(zip(members["iso3"], members["region_id"], strict=True)),
            partners=frozenset(partners["iso3"].dropna()),
            sections=tuple(int(section) for section in frames["sections"]["section_id"]),
            dimensions=tuple(dimension.id for dimension in framework.dimensions),
            rules=frozenset(rule.id for rule in framework.rules),
            tactics=frozenset(tactic.id for tactic in framework.tactics),
            key_results={one.id: one.tactic for one in framework.key_results},
            pillars={pillar.id: pillar.weight for pillar in framework.pillars},
            schemes={
                scheme.id: scheme_weights(scheme, framework.pillars) for scheme in framework.schemes
            },
            official_scheme=next(one.id for one in framework.schemes if one.kind == "official"),
            periods=periods,
            indicators={one.id: one.unit for one in framework.indicators},
            traded={
                str(row["collection_id"]): (row["first_period_id"], row["last_period_id"])
                for row in frames["traded"].to_dict("records")
            },
        )

    def names(self, language: str, audience: Audience = EVERYTHING) -> Names:
        """Names in a language: of members only those that an audience names."""
        frames = self._frames

        def column(frame: str, key: str, stem: str = "name") -> dict[Any, str]:
            table = frames[frame].dropna(subset=[key])
            return dict(zip(table[key], table[f"{stem}_{language}"], strict=True))

        members = frames["members"]
        chapters = frames["chapters"]
        names = Names(
            members=column("members", "iso3"),
            partners=column("partners", "iso3"),
            regions=column("regions", "region_id"),
            short_regions=column("regions", "region_id", "short"),
            collections=column("collections", "collection_id"),
            sections={int(k): v for k, v in column("sections", "section_id", "title").items()},
            chapters=column("chapters", "commodity_code", "title"),
            chapter_sections={
                str(row["commodity_code"]): int(row["section_id"])
                for row in chapters.dropna(subset=["section_id"]).to_dict("records")
            },
            coordinates={
                str(row["iso3"]): (float(row["longitude"]), float(row["latitude"]))
                for row in members.dropna(subset=["longitude", "latitude"]).to_dict("records")
            },
        )
        if audience.is_everything:
            return names
        named = audience.named(self.catalogue.members)
        nameless = _words(language)
        return replace(
            names,
            members=_those(names.members, named),
            partners=_those(names.partners, named),
            coordinates=_those(names.coordinates, named),
            pseudonym=lambda number: nameless("audience.pseudonym", number=number),
            nameless=nameless("audience.nameless"),
        )


def _those(names: Mapping[str, Any], named: frozenset[str]) -> dict[str, Any]:
    return {iso3: name for iso3, name in names.items() if iso3 in named}


class Services:
    """Everything a handler may ask for.

    Parameters
    ----------
    config : Config
        Settings of the process.
    warehouse : Warehouse
        The read side.
    cache : ResultCache
        Results by key.
    framework : Framework, optional
        Taken in the place of the generation's own.
    """

    def __init__(
        self,
        config: Config,
        warehouse: Warehouse,
        cache: ResultCache,
        framework: Framework | None = None,
    ) -> None:
        self._proposed = framework
        self.config = config
        self.warehouse = warehouse
        self.cache = cache
        self.ledger = Ledger(config.warehouse_url, is_writable=config.is_casework_writable)
        self.casework = Casework(self.ledger)
        self.score_log = ScoreLog(self.ledger)
        self.check_ins = CheckIns(self.ledger)
        self._generation: Generation | None = None
        self._catalogue: Catalogue | None = None
        self._names: dict[tuple[str, str, Audience], Names] = {}
        self._lock = Lock()

    @property
    def generation(self) -> Generation:
        """The generation that is served now."""
        version = self.warehouse.version
        known = self._generation
        if known is not None and known.version == version:
            return known
        with self._lock:
            if self._generation is None or self._generation.version != version:
                found = Generation(self.warehouse, version, self._proposed)
                self._generation = self._checked(found)
                logger.info("serving warehouse version %s", version)
            return self._generation

    def _checked(self, generation: Generation) -> Generation:
        """Return a generation that knows whom the process is for."""
        audience = self.config.audience
        if not audience.is_known(generation.catalogue.members):
            raise WarehouseError(
                f"AUDIENCE={str(audience)!r} names no {audience.mode} of this warehouse.",
                remedy="Start the server with AUDIENCE=everything, tiers, or one that is.",
            )
        return generation

    @property
    def catalogue(self) -> Catalogue:
        """What there is, for whom the process serves; reading a selection narrows it."""
        known = self._catalogue
        full = self.generation.catalogue
        if known is None or known.version != full.version:
            known = self._catalogue = replace(full, audience=self.config.audience)
        return known

    def audience(self, selection: Selection) -> Audience:
        """Return who looks on: whom the process serves, or the fewer of a selection."""
        return selection.audience_within(self.catalogue)

    def sight(self, selection: Selection) -> Sight:
        """Return which members the audience of a selection sees by name."""
        audience, members = self.audience(selection), self.catalogue.members
        named = audience.named(members)
        return Sight(audience, named, frozenset(members) - named)

    @property
    def framework(self) -> Framework:
        """The framework of the generation."""
        return self.generation.framework

    def words(self, language: str) -> Words:
        """Return the words of a language."""
        return _words(language)

    def names(self, language: str, audience: Audience | None = None) -> Names:
        """Return the names of the generation in a language.

        Parameters
        ----------
        language : {"en", "fr"}
            Of the names.
        audience : Audience, optional
            Who looks on; by default whom the process serves, and everybody while a frame is
            computed.

        Returns
        -------
        Names
            Of those that the audience names.
        """
        generation = self.generation
        if audience is None:
            audience = EVERYTHING if is_computing() else self.config.audience
        key = (generation.version, language, audience)
        if key not in self._names:
            self._names = {k: v for k, v in self._names.items() if k[0] == generation.version}
            self._names[key] = generation.names(language, audience)
        return self._names[key]

    def frame(self, statement: Statement) -> pd.DataFrame:
        """Run a statement, uncached, for a named frame.

        Raises
        ------
        ClosedError
            If no frame is computed and the process does not serve everybody: nothing would
            keep back what is found.
        """
        if not is_computing() and not self.config.audience.is_everything:
            raise ClosedError("Only what a named frame tells is shown to this audience.")
        return self.warehouse.frame(statement)

    def close(self) -> None:
        """Let go of every connection."""
        self.warehouse.close()
        self.ledger.close()
        other = self.__dict__.get("proposed")
        if other is not None:
            other.ledger.close()

    def key(self, name: str, selection: Selection, *extra: object) -> str:
        """Return the cache key of a result of the served generation."""
        parts = (self.generation.version, METHOD_VERSION, self.config.release, *extra)
        if self._proposed is not None:
            parts += (fingerprint(self._proposed.model_dump_json()),)
        return cache_key(name, selection, *parts)

    @cached_property
    def proposed(self) -> Services | None:
        """The same with the framework that is only proposed; None if there is none.

        Raises
        ------
        ConfigError
            If its file cannot be read or is not valid.
        """
        path = self.config.proposed_framework
        if path is None:
            return None
        framework, _ = read_framework(path)
        return Services(self.config, self.warehouse, self.cache, framework)


def _empty_ranges(collections: pd.DataFrame) -> pd.DataFrame:
    """Return the first period alone, for collections that nobody owes and nothing is held of."""
    starts = collections[["collection_id", "first_period_id"]]
    return starts.assign(last_period_id=starts["first_period_id"])


@lru_cache(maxsize=4)
def _words(language: str) -> Words:
    return read_words(language)


def _month(period_id: int) -> str:
    return f"{period_id // 100:04d}-{period_id % 100:02d}"
