"""What of a frame an audience gets: its rows, without whatever would name a member to it.

Frames in, frames out. It must not read a warehouse, nor know which frame is which.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from dashboard.errors import ClosedError

FEWEST: Final = 3
"""Nameless members that a figure must be of: of one or two it would be their own."""

PSEUDONYM: Final = "member-"
"""Begins the code that stands for a nameless member; a number follows."""

ALL: Final = "all"
"""Stands in a key for everybody together."""

Source = Literal["obligations", "submissions"]
"""Whose members are behind a figure: those that owed, or those whose data were checked."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Shown to nobody but the audience of everything."""


@dataclass(frozen=True, slots=True)
class Open:
    """Tells of no member: shown to all, of its columns only ``kept`` where that is given.

    With ``is_published`` it is trade as members publish it themselves: what their partners
    recorded instead is not shown.
    """

    kept: tuple[str, ...] | None = None
    is_published: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A row is of a member: rows of those named are shown, without the columns ``blank``.

    Without ``member`` all rows are of the member that is selected, who can only be a named one.
    """

    blank: tuple[str, ...] = ()
    member: str | None = "member_iso3"


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A row is of a member: the nameless ones keep the columns ``kept``, under a pseudonym.

    ``kept`` has the step to which each number is rounded, or None to keep it as it is. Rows are
    ordered by ``order``, columns that are kept, and then by pseudonym.
    """

    kept: Mapping[str, float | None] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    member: str = "member_iso3"


@dataclass(frozen=True, slots=True)
class Pooled:
    """A row is a figure of several members, told apart by ``keys``.

    It is shown if nobody nameless is behind it, or at least ``FEWEST``. Who that is, ``sources``
    say, each by itself. ``is_compared``: it tells of the range before the selected one too.
    ``has_all``: some rows are of no region but of everybody. Columns ``blank`` are left out.
    """

    keys: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ("obligations",)
    is_compared: bool = False
    has_all: bool = False
    blank: tuple[str, ...] = ()


Disclosure = Closed | Open | Named | Anonymous | Pooled

CLOSED: Final = Closed()


def without(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return a frame with nothing in some columns.

    Parameters
    ----------
    frame : DataFrame
        Any.
    columns : iterable of str
        Texts become empty, anything else missing.

    Returns
    -------
    DataFrame
        With the same columns.
    """
    everywhere = np.ones(len(frame), dtype=bool)
    return frame.assign(**{name: _blanked(frame[name], everywhere) for name in columns})


def named_rows(frame: pd.DataFrame, named: Collection[str], member: str) -> pd.DataFrame:
    """Return the rows of members that are named.

    Parameters
    ----------
    frame : DataFrame
        With the column ``member``.
    named : collection of str
        Iso3 codes.
    member : str
        Column of iso3 codes.

    Returns
    -------
    DataFrame
        In the order of ``frame``.
    """
    return frame[frame[member].isin(list(named))].reset_index(drop=True)


def pseudonyms(members: Iterable[str], key: bytes, picture: str) -> dict[str, str]:
    """Return the codes that stand for members in one picture.

    They number the members in an order that nobody can find out or repeat who does not hold the
    key, and that differs between pictures, so that rows of two can't be joined by it.

    Parameters
    ----------
    members : iterable of str
        Iso3 codes.
    key : bytes
        Secret.
    picture : str
        What is shown: generation, frame, selection and audience.

    Returns
    -------
    dict of str to str
        Iso3 to ``member-1``, ``member-2``, ...

    Examples
    --------
    >>> sorted(pseudonyms(["KEN", "FRA"], b"secret", "ranking").values())
    ['member-1', 'member-2']
    """

    def drawn(iso3: str) -> bytes:
        return hmac.digest(key, f"{picture}\x1f{iso3}".encode(), "sha256")

    ordered = sorted(set(members), key=drawn)
    return {iso3: f"{PSEUDONYM}{number}" for number, iso3 in enumerate(ordered, start=1)}


def anonymous_rows(
    frame: pd.DataFrame,
    disclosure: Anonymous,
    named: Collection[str],
    key: bytes,
    picture: str,
) -> pd.DataFrame:
    """Return all rows, those of nameless members under a pseudonym.

    Parameters
    ----------
    frame : DataFrame
        A row per member.
    disclosure : Anonymous
        What of the nameless is kept.
    named : collection of str
        Iso3 codes.
    key : bytes
        Secret of the pseudonyms.
    picture : str
        What is shown.

    Returns
    -------
    DataFrame
        Reordered. Fewer than ``FEWEST`` nameless members are left out.
    """
    member = disclosure.member
    is_hidden = ~frame[member].isin(list(named)).to_numpy(dtype=bool)
    codes = pseudonyms(frame.loc[is_hidden, member].dropna(), key, picture)
    if len(codes) < FEWEST:
        return named_rows(frame, named, member)
    columns: dict[str, Any] = {}
    for name in frame.columns:
        if name == member:
            columns[name] = frame[name].map(lambda iso3: codes.get(iso3, iso3)).astype("str")
        elif name not in disclosure.kept:
            columns[name] = _blanked(frame[name], is_hidden)
        else:
            columns[name] = _rounded(frame[name], is_hidden, disclosure.kept[name])
    # A row whose member is missing says nothing about whose it is, and nothing for it.
    table = pd.DataFrame(columns)[frame[member].notna().to_numpy()]
    number = table[member].str.removeprefix(PSEUDONYM)
    table = table.assign(_number=pd.to_numeric(number, errors="coerce").fillna(0))
    ordered = table.sort_values([*disclosure.order, "_number", member], na_position="last")
    return ordered.drop(columns="_number").reset_index(drop=True)


def pooled_rows(
    frame: pd.DataFrame, keys: Sequence[str], behind: pd.DataFrame, named: Collection[str]
) -> pd.DataFrame:
    """Return the rows behind which stands no nameless member, or enough of them.

    Parameters
    ----------
    frame : DataFrame
        Figures of several members each.
    keys : sequence of str
        Columns of ``frame`` that tell them apart; ``ALL`` in one stands for everybody.
    behind : DataFrame
        ``member_iso3`` and ``keys``: who counts for what.
    named : collection of str
        Iso3 codes.

    Returns
    -------
    DataFrame
        In the order of ``frame``. A row of which nobody is known to be behind it is left out.

    Raises
    ------
    ClosedError
        If all of the frame is of one or two nameless members.
    """
    members = behind[[*keys, "member_iso3"]].drop_duplicates()
    members = members.assign(is_hidden=~members["member_iso3"].isin(list(named)))
    if 0 < members.loc[members["is_hidden"], "member_iso3"].nunique() < FEWEST:
        raise ClosedError("One or two members without a name are behind these figures.")
    if not keys:
        return frame
    enough: set[tuple[Any, ...]] = set()
    for place in range(1 << len(keys)):
        # A row may be of everybody in some of its keys.
        together = [name for bit, name in enumerate(keys) if place >> bit & 1]
        one = members.assign(**dict.fromkeys(together, ALL)).drop_duplicates()
        hidden = one.groupby(list(keys))["is_hidden"].sum()
        enough |= {_as_tuple(found) for found in hidden[(hidden == 0) | (hidden >= FEWEST)].index}
    of_rows = zip(*(frame[name].tolist() for name in keys), strict=True)
    stands = np.array([row in enough for row in of_rows], dtype=bool)
    return frame[stands].reset_index(drop=True)


def names_hidden(frame: pd.DataFrame, hidden: Collection[str]) -> bool:
    """Tell whether any cell of a frame is the code of a member that is not named.

    Parameters
    ----------
    frame : DataFrame
        What is about to be shown.
    hidden : collection of str
        Iso3 codes.

    Returns
    -------
    bool
        Whether it must not be shown.
    """
    texts = frame.select_dtypes(include=["object", "string"])
    return any(bool(texts[name].isin(list(hidden)).any()) for name in texts.columns)


def _as_tuple(found: Any) -> tuple[Any, ...]:
    return found if isinstance(found, tuple) else (found,)


def _blanked(values: pd.Series, where: Any) -> pd.Series:
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("boolean").mask(where)
    if pd.api.types.is_integer_dtype(values.dtype):
        return values.astype("Int64").mask(where)
    if pd.api.types.is_object_dtype(values.dtype) or pd.api.types.is_string_dtype(values.dtype):
        return values.mask(where, "")
    return values.mask(where)


def _rounded(values: pd.Series, where: Any, step: float | None) -> pd.Series:
    if step is None:
        return values
    return values.mask(where, (values / step).round() * step)
