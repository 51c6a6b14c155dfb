"""The one selection that every view answers to, its URL form, and how events change it.

It must not know a view, a query or Dash. A URL never raises here: what it
refuses, it says in notices.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

from dashboard.audience import EVERYTHING, TIERS, Audience
from dashboard.cases import STATES, read_case
from dashboard.measures import TRADE_MEASURES

LANGUAGES: Final = ("en", "fr")
FLOWS: Final = ("M", "X", "RM", "RX")
SOURCES: Final = ("reported", "mirror", "reconciled")
AGGREGATIONS: Final = ("arithmetic", "geometric", "copeland")
NORMALISATIONS: Final = ("goalposts", "min_max", "z_score", "rank")
PEERS: Final = ("income", "trade", "region")
"""By what the members that a member is compared with are alike."""
SCALES: Final = ("level", "index")
SORTS: Final = ("name", "share")
GROUPINGS: Final = ("region", "income_group", "collection")
STATUSES: Final = (
    *("on_time", "late", "overdue", "pending", "waived", "unknown"),
    *STATES,
)
"""Statuses of obligations, and states of cases."""
COMPARED_AT_MOST: Final = 6
CHOSEN_AT_MOST: Final = 40
SEARCH_LENGTH_AT_MOST: Final = 4000
WEIGHT_AT_MOST: Final = 100
SINCE_MONTHS: Final = 6
"""How far back the last meeting is taken to be, months."""

_KEYS: Final[Mapping[str, str]] = {
    "first": "from",
    "last": "to",
    "base": "base",
    "as_of": "asof",
    "since": "since",
    "collection": "collection",
    "regions": "region",
    "members": "member",
    "partners": "partner",
    "partner_regions": "towards",
    "flow": "flow",
    "commodity": "hs",
    "measure": "measure",
    "source": "source",
    "status": "status",
    "sort": "sort",
    "scale": "scale",
    "dimension": "dimension",
    "rule": "rule",
    "tactic": "tactic",
    "result": "result",
    "grouping": "by",
    "case": "case",
    "indicator": "indicator",
    "weights": "weights",
    "scheme": "scheme",
    "normalisation": "normalisation",
    "aggregation": "aggregation",
    "peers": "peers",
    "compared": "compare",
    "audience": "audience",
    "language": "lang",
}
"""Field of :class:`Selection` to its key in the URL."""

_LISTS: Final = frozenset({"regions", "members", "partners", "partner_regions", "compared"})


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of a URL that was refused: a words key and what to fill in."""

    key: str
    found: str
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be selected in the warehouse that is served.

    ``months`` bounds the months of reference (``YYYY-MM``). ``known_from`` is the
    day of the first known receipt and ``data_on`` the last day the warehouse
    knows of: between them lie the as-of days. The tuples are in display order.
    """

    version: str
    known_from: date
    data_on: date
    months: tuple[str, str]
    collections: Mapping[str, str]  # id -> frequency
    trade_collections: tuple[str, ...]
    default_collection: str
    regions: tuple[str, ...]
    members: Mapping[str, str]  # iso3 -> region_id
    partners: frozenset[str]  # iso3 or special code of every area
    sections: tuple[int, ...]
    dimensions: tuple[str, ...]
    rules: frozenset[str]
    tactics: frozenset[str]
    pillars: Mapping[str, float]  # id -> official weight
    periods: Mapping[str, tuple[int, int]]  # collection -> first and last period_id
    indicators: Mapping[str, str] = field(default_factory=dict)  # id -> unit
    traded: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Collection of trade to the first and last ``period_id`` that holds any."""
    key_results: Mapping[str, str] = field(default_factory=dict)  # id -> tactic
    schemes: Mapping[str, Mapping[str, float] | None] = field(default_factory=dict)
    """Scheme to its weights by pillar; None where they follow from the scores."""
    official_scheme: str = "official"
    """The scheme that holds where none is chosen."""
    audience: Audience = EVERYTHING
    """Who looks on: a link can only narrow it."""

    def seen_by(self, audience: Audience) -> Catalogue:
        """Return what an audience can select: no member or partner that it does not name.

        Parameters
        ----------
        audience : Audience
            One that this catalogue's audience holds.

        Returns
        -------
        Catalogue
            With fewer ``members`` and ``partners``; ``regions`` stay, to be drawn in their order.
        """
        if audience.is_everything:
            return self
        named = audience.named(self.members)
        return replace(
            self,
            audience=audience,
            members={iso3: region for iso3, region in self.members.items() if iso3 in named},
            partners=self.partners & named,
        )

    @property
    def selectable_regions(self) -> tuple[str, ...]:
        """Regions that can be selected.

        Of an audience that does not name everybody only the one that it names: the rows of any
        other region, or of the region of one member, would tell who among the nameless is near.
        """
        if self.audience.is_everything:
            return self.regions
        subject = self.audience.subject
        return (subject,) if subject in self.regions else ()

    def traded_range(self, collection: str | None) -> tuple[str, str] | None:
        """Return the months for which a collection holds trade.

        Parameters
        ----------
        collection : str or None
            A collection.

        Returns
        -------
        tuple of str or None
            First and last ``YYYY-MM``; None where it holds none.
        """
        held = self.traded.get(collection or "")
        if held is None:
            return None
        low, high = held
        return (
            (f"{low}-01", f"{high}-12") if low < 10_000 else (_month_text(low), _month_text(high))
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected; None or () means "not chosen", so the default holds.

    Months are text ``YYYY-MM``; ``base`` is the first month of the range that the selected one
    is compared with, as long and wholly before it. Regions, collections, rules and the like are
    ids; members and partners are ISO 3166 alpha-3 codes (or the special codes
    of UN Comtrade); ``case`` is a case of the outlier desk (``KEN.X.27.202403``);
    ``indicator`` is a score of another organisation; ``result`` is a key result, which stands by
    itself or among those of ``tactic``;
    ``weights`` are (pillar, 0 or more) in catalogue order: whole numbers up to 100 if they
    were chosen one by one, those of ``scheme`` otherwise; ``audience`` is who looks on,
    where that is less than all whom the process serves.
    """

    first: str | None = None
    last: str | None = None
    base: str | None = None
    as_of: date | None = None
    since: date | None = None
    collection: str | None = None
    regions: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    partner_regions: tuple[str, ...] = ()
    flow: str | None = None
    commodity: str | None = None
    measure: str | None = None
    source: str | None = None
    status: str | None = None
    sort: str | None = None
    scale: str | None = None
    dimension: str | None = None
    rule: str | None = None
    tactic: str | None = None
    result: str | None = None
    grouping: str | None = None
    case: str | None = None
    indicator: str | None = None
    weights: tuple[tuple[str, float], ...] = ()
    scheme: str | None = None
    normalisation: str | None = None
    aggregation: str | None = None
    peers: str | None = None
    compared: tuple[str, ...] = ()
    audience: str | None = None
    language: str = "en"

    def only(self, names: frozenset[str]) -> Selection:
        """Return this selection with every field outside ``names`` at its default.

        Who looks on is always kept.

        Parameters
        ----------
        names : frozenset of str
            Field names to keep.

        Returns
        -------
        Selection
            Equal for two selections that differ only elsewhere, so it can key
            a cache.
        """
        empty = Selection()
        kept = names | {"audience"}
        drop = {f.name: getattr(empty, f.name) for f in fields(self) if f.name not in kept}
        return replace(self, **drop)

    def search(self) -> str:
        """Return the URL search string: keys sorted, defaults left out.

        Returns
        -------
        str
            Empty, or ``?`` and the pairs.

        Examples
        --------
        >>> Selection(members=("KEN",), first="2020-01").search()
        '?from=2020-01&member=KEN'
        """
        pairs: list[tuple[str, str]] = []
        empty = Selection()
        for name, key in _KEYS.items():
            value = getattr(self, name)
            if value == getattr(empty, name) or (name == "weights" and self.scheme):
                continue
            if name == "weights":
                text = ",".join(f"{pillar}:{weight}" for pillar, weight in value)
            elif name in _LISTS:
                text = ",".join(value)
            elif isinstance(value, date):
                text = value.isoformat()
            else:
                text = str(value)
            pairs.append((key, text))
        return "?" + urlencode(sorted(pairs), safe=",:") if pairs else ""

    def resolve(self, catalogue: Catalogue) -> Selection:
        """Fill in what was not chosen, so that builders find concrete values.

        Parameters
        ----------
        catalogue : Catalogue
            What the warehouse holds.

        Returns
        -------
        Selection
            ``collection``, ``first``, ``last``, ``flow``, ``measure``,
            ``source``, ``aggregation``, ``normalisation``, ``sort``, ``scale``, ``grouping``,
            ``as_of``, ``since`` and ``audience`` are set. Weights chosen one by one leave no
            ``scheme``; otherwise ``weights`` are those of the scheme, and none if they follow from
            the scores.
        """
        collection = self.collection or catalogue.default_collection
        first, last = self._range(collection, catalogue)
        scheme = self.scheme or (None if self.weights else catalogue.official_scheme)
        declared = catalogue.schemes.get(scheme, catalogue.pillars) if scheme else None
        return replace(
            self,
            collection=collection,
            first=first,
            last=last,
            as_of=self.as_of or catalogue.data_on,
            since=self.since or usual_since(self.as_of or catalogue.data_on, catalogue),
            flow=self.flow or "X",
            measure=self.measure or "value_usd",
            source=self.source or "reported",
            aggregation=self.aggregation or "arithmetic",
            sort=self.sort or "name",
            scale=self.scale or "level",
            normalisation=self.normalisation or "goalposts",
            grouping=self.grouping or "region",
            audience=str(self.audience_within(catalogue)),
            scheme=scheme,
            weights=self.weights or tuple((declared or {}).items()),
        )

    def audience_within(self, catalogue: Catalogue) -> Audience:
        """Return who looks on: the catalogue's audience, or the narrower one chosen.

        Parameters
        ----------
        catalogue : Catalogue
            With the widest audience.

        Returns
        -------
        Audience
            Never wider than the catalogue's, and nobody by name if it is not understood.
        """
        widest = catalogue.audience
        if self.audience is None:
            return widest
        asked = Audience.parse(self.audience)
        if asked is None or not (asked == widest or asked.is_known(catalogue.members)):
            return TIERS
        return asked if widest.holds(asked, catalogue.members) else widest

    def _range(self, collection: str, catalogue: Catalogue) -> tuple[str, str]:
        low, high = catalogue.periods.get(collection, (0, 0))
        annual = catalogue.collections.get(collection) == "A"
        last = self.last or (f"{high}-12" if annual else _month_text(high))
        if self.as_of and not self.last:
            # On a past day the latest period is the last that had ended by then.
            ended = shift_month(f"{self.as_of:%Y-%m}", -1)
            last = min(last, f"{self.as_of.year - 1}-12" if annual else ended)
        span = 9 * 12 + 11 if annual else 35
        first = self.first or max(
            shift_month(last, -span), f"{low}-01" if annual else _month_text(low)
        )
        return min(first, last), last

    @classmethod
    def from_search(cls, search: str, catalogue: Catalogue) -> tuple[Selection, tuple[Notice, ...]]:
        """Read a URL search string.

        Parameters
        ----------
        search : str
            With or without the leading ``?``; anything at all.
        catalogue : Catalogue
            What can be selected.

        Returns
        -------
        selection : Selection
            What could be understood.
        notices : tuple of Notice
            One for each thing that was refused.
        """
        return _Reader(catalogue).read(search)


def shift_month(month: str, count: int) -> str:
    """Return the month ``count`` months later.

    Parameters
    ----------
    month : str
        ``YYYY-MM``.
    count : int
        Months; negative goes back.

    Returns
    -------
    str
        ``YYYY-MM``.

    Examples
    --------
    >>> shift_month("2020-01", -1)
    '2019-12'
    """
    index = int(month[:4]) * 12 + int(month[5:7]) - 1 + count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def months_between(first: str, last: str) -> int:
    """Return how many months a range holds, both ends included.

    Parameters
    ----------
    first, last : str
        ``YYYY-MM``.

    Returns
    -------
    int
        The number of months; 1 for a single month.

    Examples
    --------
    >>> months_between("2020-11", "2021-02")
    4
    """
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1


def usual_since(as_of: date, catalogue: Catalogue) -> date:
    """Return the day that the as-of day is compared with where none is chosen.

    Parameters
    ----------
    as_of : date
        The as-of day.
    catalogue : Catalogue
        What the warehouse holds.

    Returns
    -------
    date
        The same day six months before, or the last one of that month; the first day that the
        warehouse knows of if that is later.
    """
    month = shift_month(f"{as_of:%Y-%m}", -SINCE_MONTHS)
    year, number = int(month[:4]), int(month[5:7])
    day = date(year, number, min(as_of.day, monthrange(year, number)[1]))
    return min(max(day, catalogue.known_from), as_of)


def latest_base(selection: Selection, catalogue: Catalogue) -> str:
    """Return the last month in which a base range can begin and end before the selected range.

    Parameters
    ----------
    selection : Selection
        Resolved or not.
    catalogue : Catalogue
        What the warehouse holds.

    Returns
    -------
    str
        ``YYYY-MM``.
    """
    resolved = selection.resolve(catalogue)
    assert resolved.first is not None and resolved.last is not None
    return shift_month(resolved.first, -months_between(resolved.first, resolved.last))


def _month_text(period_id: int) -> str:
    return f"{period_id // 100:04d}-{period_id % 100:02d}"


class _Reader:
    """Reads one search string; collects notices instead of raising."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.notices: list[Notice] = []

    def read(self, search: str) -> tuple[Selection, tuple[Notice, ...]]:
        pairs = self._pairs(search)
        names = {key: name for name, key in _KEYS.items()}
        # First of all: what else can be selected depends on who looks on.
        values: dict[str, Any] = {"audience": self._audience(pairs.pop(_KEYS["audience"], None))}
        for key, text in pairs.items():
            name = names.get(key)
            if name is None:
                self.notices.append(Notice("unknown_key", self._echo(key)))
                continue
            value = self.value(name, text)
            if value is not None:
                values[name] = value
        selection = Selection(**values)
        if selection.first and selection.last and selection.first > selection.last:
            self.notices.append(Notice("range_reversed", selection.first, selection.last))
            selection = replace(selection, first=selection.last, last=selection.first)
        if selection.weights and selection.scheme:
            self.notices.append(Notice("scheme_overruled", selection.scheme))
            selection = replace(selection, scheme=None)
        as_of = selection.as_of or self.catalogue.data_on
        if selection.since is not None and selection.since >= as_of:
            accepted = f"{self.catalogue.known_from} / {as_of}"
            self.notices.append(Notice("since_outside", f"{selection.since}", accepted))
            selection = replace(selection, since=None)
        return self._with_possible_base(selection), tuple(self.notices)

    def _pairs(self, search: str) -> dict[str, str]:
        pairs: dict[str, str] = {}
        if len(search) > SEARCH_LENGTH_AT_MOST:
            self.notices.append(Notice("too_long", str(len(search)), str(SEARCH_LENGTH_AT_MOST)))
        else:
            try:
                pairs = dict(parse_qsl(search.lstrip("?"), max_num_fields=60))
            except ValueError:
                self.notices.append(Notice("unreadable", self._echo(search)))
        # A link that was made for fewer must not open to all because it can't be read.
        key = _KEYS["audience"]
        return {key: "", **pairs} if f"{key}=" in search else pairs

    def _audience(self, text: str | None) -> str | None:
        """Read who looks on; from here on only what that audience may select is known."""
        widest = self.catalogue.audience
        selection = Selection(audience=text)
        audience = selection.audience_within(self.catalogue)
        if text is not None and str(audience) != text:
            key = "audience_unknown" if audience == TIERS != widest else "audience_wider"
            self.notices.append(Notice(key, text[:40] if widest.is_everything else "", ""))
        self.catalogue = self.catalogue.seen_by(audience)
        return None if audience == widest else str(audience)

    def _echo(self, text: str) -> str:
        """Return what a notice repeats: nothing, where the text may be a hidden member's name."""
        return text[:40] if self.catalogue.audience.is_everything else "…"

    def _with_possible_base(self, selection: Selection) -> Selection:
        """Leave out a base range that would reach into the selected one, and say so."""
        latest = latest_base(selection, self.catalogue)
        if selection.base is None or selection.base <= latest:
            return selection
        self.notices.append(Notice("base_impossible", selection.base, latest))
        return replace(selection, base=None)

    def value(self, name: str, text: str) -> Any:
        catalogue = self.catalogue
        match name:
            case "first" | "last" | "base":
                return self._month(name, text)
            case "as_of":
                return self._day(text)
            case "since":
                return self._since(text)
            case "weights":
                return self._weights(text)
            case "commodity":
                return self._commodity(text)
            case "case":
                return self._case(text)
        choices: Collection[str] = {
            "collection": catalogue.collections,
            "regions": catalogue.selectable_regions,
            "members": catalogue.members,
            "partners": catalogue.partners,
            "partner_regions": catalogue.selectable_regions,
            "flow": FLOWS,
            "measure": TRADE_MEASURES,
            "source": SOURCES,
            "status": STATUSES,
            "sort": SORTS,
            "scale": SCALES,
            "grouping": GROUPINGS,
            "dimension": catalogue.dimensions,
            "rule": catalogue.rules,
            "tactic": catalogue.tactics,
            "result": catalogue.key_results,
            "indicator": catalogue.indicators,
            "scheme": catalogue.schemes,
            "normalisation": NORMALISATIONS,
            "aggregation": AGGREGATIONS,
            # Places among peers tell the group of each, and with it who the nameless are near.
            "peers": PEERS if catalogue.audience.is_everything else (),
            "compared": catalogue.members,
            "language": LANGUAGES,
        }[name]
        if name not in _LISTS:
            if text in choices:
                return text
            self._refuse(name, text)
            return None
        most = COMPARED_AT_MOST if name == "compared" else CHOSEN_AT_MOST
        asked = list(dict.fromkeys(part for part in text.split(",") if part))
        kept = [part for part in asked if part in choices]
        for part in asked:
            if part not in choices:
                self._refuse(name, part)
        if len(kept) > most:
            self.notices.append(Notice("too_many", _KEYS[name], str(most)))
        return tuple(kept[:most]) or None

    def _refuse(self, name: str, text: str) -> None:
        if len(self.notices) < 8:
            self.notices.append(Notice("refused", f"{_KEYS[name]}={self._echo(text)}"))

    def _month(self, name: str, text: str) -> str | None:
        low, high = self.catalogue.months
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
            self._refuse(name, text)
            return None
        if not low <= text <= high:
            self.notices.append(Notice("month_outside", f"{_KEYS[name]}={text}", f"{low} / {high}"))
            return min(max(text, low), high)
        return text

    def _day(self, text: str) -> date | None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self._refuse("as_of", text)
            return None
        low = self.catalogue.known_from
        if not low <= day <= self.catalogue.data_on:
            accepted = f"{low} / {self.catalogue.data_on}"
            self.notices.append(Notice("day_outside", text[:40], accepted))
            return None
        return day if day != self.catalogue.data_on else None

    def _since(self, text: str) -> date | None:
        """Read the day to compare with; that it lies before the as-of day is checked later."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self._refuse("since", text)
            return None
        low, high = self.catalogue.known_from, self.catalogue.data_on
        if low <= day < high:
            return day
        self.notices.append(Notice("since_outside", text[:40], f"{low} / {high}"))
        return None

    def _weights(self, text: str) -> tuple[tuple[str, float], ...] | None:
        """Read weights; one that is bad refuses all, as the others would be another scheme."""
        pillars = self.catalogue.pillars
        parts = text.split(",")
        if len(parts) > len(pillars):
            self.notices.append(Notice("weights_many", str(len(parts)), str(len(pillars))))
            return None
        given: dict[str, int] = {}
        for part in parts:
            pillar, _, number = part.partition(":")
            is_number = re.fullmatch(r"[0-9]{1,3}", number) and int(number) <= WEIGHT_AT_MOST
            if pillar not in pillars or not is_number:
                accepted = ", ".join(sorted(pillars))
                self.notices.append(Notice("weights_refused", self._echo(part), accepted))
                return None
            given[pillar] = int(number)
        if not any(given.values()):
            self.notices.append(Notice("weights_zero", self._echo(text)))
            return None
        return tuple((pillar, given.get(pillar, 0)) for pillar in pillars)

    def _commodity(self, text: str) -> str | None:
        if re.fullmatch(r"S\d{1,2}", text) and int(text[1:]) in self.catalogue.sections:
            return text
        if re.fullmatch(r"\d{2}|\d{4}|\d{6}", text):
            return text
        self._refuse("commodity", text)
        return None

    def _case(self, text: str) -> str | None:
        """Read a case: reporter, flow, commodity and period, joined by dots."""
        case = read_case(text)
        # A case of a nameless member would name it in every link; of all, any may be asked for.
        is_open = self.catalogue.audience.is_everything
        if case is not None and (is_open or case.iso3 in self.catalogue.members):
            return text
        self._refuse("case", text)
        return None


EventKind = Literal[
    "member", "region", "partner", "partner_region", "month", "commodity", "status",
    "dimension", "rule", "tactic", "result", "collection", "compared", "flow", "measure", "source",
    "aggregation", "weights", "first", "last", "as_of", "language", "clear", "pair", "sort",
    "grouping", "case", "indicator", "base", "scale", "scheme", "normalisation", "peers", "since",
]  # fmt: skip

_TARGET: Final[Mapping[str, str]] = {
    "member": "members",
    "region": "regions",
    "partner": "partners",
    "partner_region": "partner_regions",
    "compared": "compared",
}
_SINGLE: Final = frozenset(
    {"collection", "status", "dimension", "rule", "tactic", "result", "flow", "measure", "source"}
    | {"aggregation", "commodity", "language", "first", "last", "as_of", "since", "sort"}
    | {"grouping", "case", "indicator", "base", "scale", "scheme", "normalisation", "peers"}
)
_ALWAYS_SET: Final = frozenset(
    {"collection", "language", "first", "last", "as_of", "since", "weights", "base"}
)
"""What a control sets: hearing it twice changes nothing, it is no mark that releases."""


@dataclass(frozen=True, slots=True)
class Event:
    """A user's act on a mark or a chip.

    ``kind`` names what the mark stands for, ``values`` which; ``is_additive``
    is a shift-click, a box or a lasso; ``is_removal`` a chip's cross.
    """

    kind: str
    values: tuple[str, ...] = ()
    is_additive: bool = False
    is_removal: bool = False


def reduce(selection: Selection, event: Event, catalogue: Catalogue) -> Selection:
    """Return the selection after an event.

    A click selects; the same click again releases; an additive one adds.
    Values that the catalogue does not know change nothing.

    Parameters
    ----------
    selection : Selection
        Before.
    event : Event
        What the user did.
    catalogue : Catalogue
        What can be selected.

    Returns
    -------
    Selection
        After.
    """
    catalogue = catalogue.seen_by(selection.audience_within(catalogue))
    after = _after(selection, event, catalogue)
    if after.since is not None and after.since >= (after.as_of or catalogue.data_on):
        after = replace(after, since=None)
    if after.base is not None and after.base > latest_base(after, catalogue):
        return replace(after, base=None)
    return after


def _after(selection: Selection, event: Event, catalogue: Catalogue) -> Selection:
    if event.kind == "clear":
        return Selection(language=selection.language, audience=selection.audience)
    if event.kind == "pair" and len(event.values) == 2:
        return _toggle_pair(selection, event.values, catalogue)
    if event.kind == "month" and event.values:
        return _toggle_month(selection, event, catalogue)
    if event.kind in _TARGET:
        return _toggle_list(selection, event, catalogue)
    if event.kind in _SINGLE or event.kind == "weights":
        return _set_single(selection, event, catalogue)
    return selection


def _read_field(name: str, text: str, catalogue: Catalogue) -> Any:
    return _Reader(catalogue).value(name, text)


def _toggle_list(selection: Selection, event: Event, catalogue: Catalogue) -> Selection:
    name = _TARGET[event.kind]
    before: tuple[str, ...] = getattr(selection, name)
    values = tuple(_read_field(name, ",".join(event.values), catalogue) or ())
    if event.values and not values:
        return selection
    if event.is_removal:
        after = tuple(value for value in before if value not in values)
    elif event.is_additive or event.kind == "compared":
        fresh = tuple(value for value in values if value not in before)
        if fresh:
            after = before + fresh
        else:
            after = tuple(value for value in before if value not in values)
    else:
        after = () if before == values else values
    most = COMPARED_AT_MOST if name == "compared" else CHOSEN_AT_MOST
    changed: dict[str, Any] = {name: after[:most]}
    return replace(selection, **changed)


def _toggle_pair(selection: Selection, values: tuple[str, ...], catalogue: Catalogue) -> Selection:
    if values[0] in catalogue.members and values[1] in catalogue.partners:
        own, other = values[:1], values[1:]
        if (selection.members, selection.partners) == (own, other):
            own, other = (), ()
        return replace(selection, members=own, partners=other, partner_regions=())
    ours = tuple(_read_field("regions", values[0], catalogue) or ())
    theirs = tuple(_read_field("partner_regions", values[1], catalogue) or ())
    if not ours or not theirs:
        return selection
    if (selection.regions, selection.partner_regions) == (ours, theirs):
        return replace(selection, regions=(), partner_regions=())
    return replace(selection, regions=ours, partner_regions=theirs)


def _toggle_month(selection: Selection, event: Event, catalogue: Catalogue) -> Selection:
    low, high = min(event.values), max(event.values)
    first, last = _read_field("first", low, catalogue), _read_field("last", high, catalogue)
    if first is None or last is None:
        return selection
    if event.is_removal or (selection.first, selection.last) == (first, last):
        return replace(selection, first=None, last=None)
    return replace(selection, first=first, last=last)


def _set_single(selection: Selection, event: Event, catalogue: Catalogue) -> Selection:
    name = event.kind
    empty = getattr(Selection(), name)
    if event.is_removal or not event.values or not event.values[0]:
        return replace(selection, **{name: empty})
    value = _read_field(name, event.values[0], catalogue)
    if value is None:
        return replace(selection, **{name: empty}) if name == "as_of" else selection
    if value == getattr(selection, name) and name not in _ALWAYS_SET:
        return replace(selection, **{name: empty})
    after = replace(selection, **{name: value})
    if name in {"scheme", "weights"}:
        # Each says what the weights are: the last that is heard holds.
        after = replace(after, **{"weights": ()} if name == "scheme" else {"scheme": None})
    if after.first and after.last and after.first > after.last:
        after = replace(after, first=after.last, last=after.first)
    return after
