"""Make the certificates of a run, and keep what was given.

Who is recognised is `dashboard.recognition`; what a certificate looks like, `layouts`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from callbacks.scores.computing import opened
from dashboard.errors import SelectionError, WarehouseError
from dashboard.framework import Framework
from dashboard.recognition import Award, Given, awards, given
from dashboard.score_overrides import holding
from dashboard.score_record import RECOGNITION, RUN, Content, Entry, sha256
from dashboard.selection import LANGUAGES
from dashboard.warehouse.score_log import ScoreLog
from dashboard.words import read_words
from layouts.certificates import Origin, certificate

ACTIVITY_FILE: Final = "activity-{entry}.csv"
"""What an entry gave, as `python -m dashboard.warehouse activity` loads it."""

COUNTING: Final = "count_recognition"
"""The binding of the key result that counts recognition."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a call of :func:`certify` made."""

    run: int
    files: tuple[str, ...]
    new: int
    entry: int | None


def certify(
    url: str,
    log: ScoreLog,
    folder: Path,
    *,
    run: int | None,
    kinds: Sequence[str] | None,
    members: Sequence[str] | None,
    by: str,
    now: datetime,
) -> Made:
    """Write the certificates of a run in both languages, and append those that are new.

    Parameters
    ----------
    url : str
        ``WAREHOUSE_URL``; members' names are read there.
    log : ScoreLog
        Of the same warehouse.
    folder : Path
        Where the files go; made if it is not there.
    run : int or None
        Number of the run; None for the last one.
    kinds, members : sequence of str or None
        Only these awards and members; None for all.
    by : str
        Who gives them.
    now : datetime
        UTC.

    Returns
    -------
    Made
        Files, and how many awards are new.
    """
    entries = log.entries()
    entry = _run(entries, run)
    content = entry.read()
    chosen = [
        award
        for award in awards(content, holding(entries))
        if (not kinds or award.kind in kinds)
        and (not members or award.member in {one.upper() for one in members})
    ]
    known = {(one.run, one.award.member, one.award.id): one for one in given(entries)}
    new = [one for one in chosen if (entry.number, one.member, one.id) not in known]
    appended: Entry | None = None
    if new:
        appended = log.append(
            RECOGNITION,
            _recognition(entry, new),
            after=entries,
            author=" ".join(by.split()),
            request_id=sha256(f"{RECOGNITION} {entry.number} {len(entries)} {by}")[:32],
            at=now,
        )
        known |= {(one.run, one.award.member, one.award.id): one for one in given([appended])}
    held = [known[entry.number, one.member, one.id] for one in chosen]
    files = _write(url, folder, entry, content, held)
    if appended is not None:
        _list_activity(folder, content, given([appended]))
    return Made(entry.number, files, len(new), appended.number if appended else None)


def _run(entries: Sequence[Entry], number: int | None) -> Entry:
    runs = [entry for entry in entries if entry.kind == RUN]
    found = [one for one in runs if number is None or one.number == number]
    if not found:
        accepted = ", ".join(str(one.number) for one in runs) or "none yet"
        raise SelectionError(
            "There is no run to certify." if number is None else f"Entry {number} is no run.",
            f"Runs are {accepted}.",
            "Publish one, or give the number of one.",
        )
    return found[-1]


def _recognition(run: Entry, new: Sequence[Award]) -> Content:
    found: dict[str, dict[str, Any]] = {}
    for award in new:
        found.setdefault(award.member, {})[award.id] = {
            "kind": award.kind,
            "tier": award.tier,
            "override": award.override,
        }
    return {"run": run.number, "run_hash": run.hash, "awards": found}


def _write(
    url: str, folder: Path, run: Entry, content: Content, held: Sequence[Given]
) -> tuple[str, ...]:
    names = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with opened(url) as services:
            known = {language: services.names(language).members for language in LANGUAGES}
        for one in held:
            origin = Origin(run.number, run.hash, one.given_at)
            for language in LANGUAGES:
                member = known[language].get(one.award.member, one.award.member)
                page = certificate(one.award, member, content, origin, read_words(language))
                name = f"run{run.number}-{one.award.member}-{one.award.id}-{language}.pdf"
                (folder / name).write_bytes(page)
                names.append(name)
    except OSError as error:
        raise WarehouseError(
            f"The certificates cannot be written: {error.strerror}.",
            remedy="Give a folder that can be written; what was given is kept already.",
        ) from None
    return tuple(names)


def _list_activity(folder: Path, content: Content, new: Sequence[Given]) -> None:
    """Write the new awards as acts of the strategy, for the activity log to count."""
    framework = Framework.model_validate_json(content["framework"]["text"])
    tactic = next((one.tactic for one in framework.key_results if one.binding == COUNTING), None)
    if tactic is None:
        return
    with (folder / ACTIVITY_FILE.format(entry=new[0].entry)).open(
        "w", encoding="utf-8", newline=""
    ) as file:
        writer = csv.writer(file)
        writer.writerow(["tactic", "kind", "happened_on", "member", "is_done", "note"])
        for one in new:
            day = one.given_at.date().isoformat()
            about = f"{one.award.id}, scoring run {one.run}"
            writer.writerow([tactic, "recognition", day, one.award.member, "true", about])
