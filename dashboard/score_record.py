"""The record of scores: what an entry holds, how it is sealed, and where it was tampered with.

Entries are scoring runs, manual overrides, their withdrawals and lists of recognition. Each is
chained to the one before, so that none can be changed, left out or moved without its hash and
those after it telling. It must not store anything.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

GENESIS: Final = "0" * 64
"""What stands for the hash before the first entry."""

RUN: Final = "run"
OVERRIDE: Final = "override"
WITHDRAWAL: Final = "withdrawal"
RECOGNITION: Final = "recognition"

SEAL_DIGITS: Final = 16
"""Hexadecimal digits of a seal: 64 bits, enough to tell any change that was not made for it."""

TOLERANCE: Final = 1e-6
"""How far a number that is computed again may be from the one kept, in its own unit."""

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is kept."""

    number: int
    kind: str
    author: str
    written_at: datetime
    content: str
    """Canonical JSON."""

    seals: str
    """Canonical JSON: a seal in the place of each value of the content."""

    previous_hash: str
    hash: str

    def read(self) -> dict[str, Any]:
        """Return the content.

        Returns
        -------
        dict
            Empty if it cannot be read, which :func:`tampered` tells.
        """
        return read_content(self.content)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written: which entry, where in it, and what."""

    number: int
    place: str
    """Such as ``results.KEN.incentive_score``."""

    what: str


def canonical(value: object) -> str:
    """Return the one JSON text of a value: keys sorted, no blanks, missing numbers as null.

    Parameters
    ----------
    value : object
        Of dicts with text keys, lists, texts, numbers, booleans and None.

    Returns
    -------
    str
        Numbers in the fewest digits that give them back, whole ones without a point.

    Examples
    --------
    >>> canonical({"b": 1.0, "a": [0.1, float("nan"), "é"]})
    '{"a":[0.1,null,"é"],"b":1}'
    """
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    return value


def read_content(text: str) -> dict[str, Any]:
    """Return what the text of an entry holds.

    Parameters
    ----------
    text : str
        JSON.

    Returns
    -------
    dict
        Empty if it is none.
    """
    found = _parsed(text)
    return found if isinstance(found, dict) else {}


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(
    kind: str,
    content: Content,
    *,
    author: str,
    written_at: datetime,
    previous: Entry | None,
) -> Entry:
    """Make the entry that follows another.

    Parameters
    ----------
    kind : str
        Such as ``run``.
    content : mapping
        What it holds.
    author : str
        Who wrote it.
    written_at : datetime
        UTC, without an offset.
    previous : Entry or None
        The last entry; None for the first.

    Returns
    -------
    Entry
        Sealed and chained.
    """
    number = 1 if previous is None else previous.number + 1
    head = {
        "number": number,
        "kind": kind,
        "author": author,
        "written_at": written_at.isoformat(),
    }
    text = canonical({**content, "entry": head})
    seals = canonical(_seals(json.loads(text), ""))
    before = GENESIS if previous is None else previous.hash
    digest = _hash(number, before, text, seals)
    return Entry(number, kind, author, written_at, text, seals, before, digest)


def _seals(value: object, place: str) -> object:
    if isinstance(value, dict) and value:
        return {key: _seals(one, f"{place}.{key}" if place else key) for key, one in value.items()}
    return _seal(place, value)


def _seal(place: str, value: object) -> str:
    return sha256(canonical([place, value]))[:SEAL_DIGITS]


def _hash(number: int, previous_hash: str, content: str, seals: str) -> str:
    parts = (str(number), previous_hash, sha256(content), sha256(seals))
    return sha256("\n".join(parts))


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def tampered(entries: Sequence[Entry], *, is_quick: bool = False) -> list[Finding]:
    """Tell what of a chain is not as it was written.

    A value that was changed is found by its seal and so named exactly; a seal, a hash, an entry
    that is gone or moved by the chain.

    Parameters
    ----------
    entries : sequence of Entry
        The whole chain in the order of their numbers.
    is_quick : bool, default False
        Look at the seals only of an entry whose hash does not hold: as sure unless somebody
        computed hashes anew, and a hundred times as fast.

    Returns
    -------
    list of Finding
        Empty if the chain holds.
    """
    found: list[Finding] = []
    before, last = GENESIS, 0
    for entry in entries:
        if entry.number != last + 1:
            gone = (
                f"{last + 1}" if entry.number == last + 2 else f"{last + 1} to {entry.number - 1}"
            )
            found.append(Finding(entry.number, "number", f"entry {gone} before it is missing"))
        holds = entry.hash == _hash(entry.number, entry.previous_hash, entry.content, entry.seals)
        if not (holds and is_quick):
            found.extend(_changed(entry))
        if not holds:
            found.append(Finding(entry.number, "hash", "it is not that of what the entry holds"))
        if entry.previous_hash != before:
            found.append(
                Finding(entry.number, "previous_hash", "it does not follow the entry before it")
            )
        before, last = entry.hash, entry.number
    return found


def _changed(entry: Entry) -> Iterator[Finding]:
    """Compare an entry's values with their seals, and its columns with what it says of itself."""
    content, seals = _parsed(entry.content), _parsed(entry.seals)
    if not isinstance(content, dict):
        yield Finding(entry.number, "content", "it cannot be read")
        return
    if not isinstance(seals, dict):
        yield Finding(entry.number, "seals", "they cannot be read")
        return
    values, marks = dict(_leaves(content)), dict(_leaves(seals))
    for place in sorted(values.keys() | marks.keys()):
        if place not in values:
            yield Finding(entry.number, place, "it was taken out")
        elif place not in marks:
            yield Finding(entry.number, place, "it was added")
        elif _seal(place, values[place]) != marks[place]:
            yield Finding(entry.number, place, f"{_shown(values[place])} is not what was written")
    said = content.get("entry")
    for name, value in _head(entry).items():
        if not isinstance(said, dict) or said.get(name) != value:
            yield Finding(entry.number, name, f"{_shown(value)} is not what was written")


def _head(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "kind": entry.kind,
        "author": entry.author,
        "written_at": entry.written_at.isoformat(),
    }


def _leaves(value: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for key, one in value.items():
        path = f"{place}.{key}" if place else str(key)
        if isinstance(one, dict) and one:
            yield from _leaves(one, path)
        else:
            yield path, one


def _shown(value: object) -> str:
    text = canonical(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def differences(number: int, kept: Content, again: Content, place: str) -> list[Finding]:
    """Tell where values that were computed again differ from those kept.

    Parameters
    ----------
    number : int
        Of the entry.
    kept, again : mapping
        Nested alike.
    place : str
        Where both stand in the entry.

    Returns
    -------
    list of Finding
        One per value.

    Examples
    --------
    >>> differences(1, {"KEN": {"rank": 2}}, {"KEN": {"rank": 3}}, "results")
    [Finding(number=1, place='results.KEN.rank', what='2 is kept, 3 is computed')]
    """
    ours = dict(_leaves(json.loads(canonical(kept)), place))
    theirs = dict(_leaves(json.loads(canonical(again)), place))
    return [
        Finding(
            number,
            one,
            f"{_shown(ours.get(one))} is kept, {_shown(theirs.get(one))} is computed",
        )
        for one in sorted(ours.keys() | theirs.keys())
        if not _is_same(ours.get(one), theirs.get(one))
    ]


def _is_same(one: object, other: object) -> bool:
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return abs(one - other) <= TOLERANCE
    return one == other
