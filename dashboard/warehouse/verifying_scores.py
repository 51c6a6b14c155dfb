"""Prove the record of scores: every seal, every hash, every score.

It must not mend anything, and must not trust what the record says of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from dashboard.measures import METHOD_VERSION
from dashboard.score_record import (
    OVERRIDE,
    RECOGNITION,
    RUN,
    WITHDRAWAL,
    Content,
    Entry,
    Finding,
    differences,
    sha256,
    tampered,
)
from dashboard.scoring_run import ranked_again
from dashboard.warehouse.copying import connected, kept_versions
from dashboard.warehouse.targets import DUCKDB, parse_target

Computed = Callable[[Content], tuple[Content, Content]]
"""Reads a run's generation again and gives its inputs and results."""

MOST_SHOWN: Final = 20
"""Findings that are told of one entry; more say only how many."""


def kept_generations(url: str) -> frozenset[str]:
    """Return the generations that can still be read.

    Parameters
    ----------
    url : str
        ``WAREHOUSE_URL``.

    Returns
    -------
    frozenset of str
        Versions.
    """
    target = parse_target(url)
    if target.engine == DUCKDB:
        return frozenset(target.generations())
    with connected(target) as database:
        return frozenset(kept_versions(database))


def verify_entries(
    entries: Sequence[Entry],
    *,
    kept: frozenset[str] = frozenset(),
    computed: Computed | None = None,
) -> list[Finding]:
    """Tell what of the record is not as it was written, or does not follow from its inputs.

    Parameters
    ----------
    entries : sequence of Entry
        The whole chain, in order.
    kept : frozenset of str, optional
        Generations that can still be read.
    computed : callable, optional
        Computes a run again from its generation.

    Returns
    -------
    list of Finding
        Empty if all is proved.
    """
    found = tampered(entries)
    runs: dict[int, Mapping[str, Any]] = {}
    for entry in entries:
        content = entry.read()
        if entry.kind == RUN:
            runs[entry.number] = content
            found.extend(_run_again(entry.number, content, kept, computed))
        elif entry.kind in {OVERRIDE, WITHDRAWAL, RECOGNITION}:
            found.extend(_unfounded(entry, content, runs, entries))
        else:
            found.append(Finding(entry.number, "kind", f"{entry.kind!r} is no kind of entry"))
    return _once(found)


def _run_again(
    number: int, content: Content, kept: frozenset[str], computed: Computed | None
) -> Iterator[Finding]:
    framework = content.get("framework")
    if not isinstance(framework, dict) or sha256(str(framework.get("text"))) != framework.get(
        "sha256"
    ):
        yield Finding(number, "framework.sha256", "it is not that of the framework's text")
    if content.get("method") != METHOD_VERSION:
        return  # other formulas: what they gave cannot be computed here
    if computed is not None and content.get("generation") in kept:
        # Inputs first: one of them that was forged changes the results of many members.
        inputs, results = computed(content)
        yield from differences(number, content.get("inputs", {}), inputs, "inputs")
        yield from differences(number, content.get("results", {}), results, "results")
    try:
        again = ranked_again(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield Finding(number, "inputs", f"no ranking follows from them ({type(error).__name__})")
        return
    yield from differences(number, content.get("results", {}), again, "results")


def _unfounded(
    entry: Entry,
    content: Content,
    runs: Mapping[int, Mapping[str, Any]],
    entries: Sequence[Entry],
) -> Iterator[Finding]:
    """Find an entry that refers to nothing, or lacks what makes it one."""
    if entry.kind == WITHDRAWAL:
        known = {
            one.number for one in entries if one.kind == OVERRIDE and one.number < entry.number
        }
        if content.get("override") not in known:
            yield Finding(entry.number, "override", "there is no such override before it")
    elif content.get("run") not in runs:
        yield Finding(entry.number, "run", "there is no such run before it")
    if entry.kind == RECOGNITION:
        return
    names = [str(content.get(one, "")).strip() for one in ("by", "seconded")]
    if not all(names) or names[0].casefold() == names[1].casefold():
        yield Finding(entry.number, "seconded", "two different names are needed")
    if not str(content.get("reason", "")).strip():
        yield Finding(entry.number, "reason", "there is none")


def _once(found: Sequence[Finding]) -> list[Finding]:
    """Leave out what was told of the same place before, and what is too much of one entry."""
    seen: dict[tuple[int, str], Finding] = {}
    for one in found:
        seen.setdefault((one.number, one.place), one)
    counts: dict[int, int] = {}
    told = []
    for one in sorted(seen.values(), key=lambda one: one.number):
        counts[one.number] = counts.get(one.number, 0) + 1
        if counts[one.number] <= MOST_SHOWN:
            told.append(one)
    told += [
        Finding(number, "more", f"{count - MOST_SHOWN} more places of this entry differ")
        for number, count in counts.items()
        if count > MOST_SHOWN
    ]
    return sorted(told, key=lambda one: one.number)
