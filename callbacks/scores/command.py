"""Run one command of the record: publish, override, withdraw, compare, certify, list, verify.

It only parses, calls and reports.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from callbacks.scores.arguments import PROGRAM, parser
from callbacks.scores.certifying import certify
from callbacks.scores.computing import computed_again, computed_run, official, opened, ranked
from dashboard.config import Config
from dashboard.errors import ConfigError, DashboardError, SelectionError
from dashboard.framework import read_framework
from dashboard.score_changes import effect, moves
from dashboard.score_overrides import last_run, override_content, withdrawal_content
from dashboard.score_record import OVERRIDE, RUN, WITHDRAWAL, Content, Entry, sha256
from dashboard.warehouse.arguments import FOUND, OK, TROUBLE, USAGE
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.loading import utc_now
from dashboard.warehouse.score_log import ScoreLog
from dashboard.warehouse.verifying_scores import kept_generations, verify_entries


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program's name; by default that of the process.

    Returns
    -------
    int
        The exit code.
    """
    options = parser().parse_args(arguments)
    try:
        config = Config.from_environment(os.environ)
        url = config.warehouse_url
        log = ScoreLog(Ledger(url, is_writable=config.is_casework_writable))
        try:
            return _COMMANDS[options.command](options, url, log)
        finally:
            log.ledger.close()
    except (ConfigError, SelectionError) as error:
        return _fail(options, error, USAGE)
    except DashboardError as error:
        return _fail(options, error, TROUBLE)


def _publish(options: argparse.Namespace, url: str, log: ScoreLog) -> int:
    entries = log.entries()
    with opened(url) as services:
        content = computed_run(services, official(services, **_range(options)))
    before = last_run(entries)
    if before is not None and not options.again and _is_same(before, content):
        said = {"run": before.number, "hash": before.hash, "is_new": False}
        _say(options, said, f"Nothing changed since run {before.number}; it stands.")
        return OK
    entry = _append(log, RUN, content, entries, options.by)
    _say(
        options,
        {"run": entry.number, "hash": entry.hash, "is_new": True},
        f"Published run {entry.number}: {len(content['results'])} members, generation "
        f"{content['generation']}, hash {entry.hash}.\n"
        "Note the hash where nobody can change it: it proves the record up to here.",
    )
    return OK


def _is_same(before: Entry, content: Content) -> bool:
    held = before.read()
    return all(held.get(name) == json.loads(json.dumps(value)) for name, value in content.items())


def _override(options: argparse.Namespace, url: str, log: ScoreLog) -> int:
    del url
    entries = log.entries()
    content = override_content(
        entries,
        options.member.upper(),
        tier=options.tier,
        score=options.score,
        reason=options.reason,
        by=options.by,
        seconded=options.seconded,
    )
    return _told(options, _append(log, OVERRIDE, content, entries, content["by"]))


def _withdraw(options: argparse.Namespace, url: str, log: ScoreLog) -> int:
    del url
    entries = log.entries()
    content = withdrawal_content(
        entries,
        options.number,
        reason=options.reason,
        by=options.by,
        seconded=options.seconded,
    )
    return _told(options, _append(log, WITHDRAWAL, content, entries, content["by"]))


def _told(options: argparse.Namespace, entry: Entry) -> int:
    said = {"entry": entry.number, "kind": entry.kind, "hash": entry.hash}
    _say(options, said, f"Kept as entry {entry.number} ({entry.kind}), hash {entry.hash}.")
    return OK


def _append(
    log: ScoreLog, kind: str, content: Content, after: Sequence[Entry], author: str
) -> Entry:
    now = utc_now()
    request = sha256(f"{kind} {len(after)} {author} {now.isoformat()}")[:32]
    return log.append(kind, content, after=after, author=author, request_id=request, at=now)


def _compare(options: argparse.Namespace, url: str, log: ScoreLog) -> int:
    del log
    proposed, _ = read_framework(options.framework)
    with opened(url) as services:
        selection = official(services, **_range(options))
        before = ranked(services, selection)
        held = services.framework.framework
    with opened(url, framework=proposed) as services:
        after = ranked(services, official(services, **_range(options)))
    moved = moves(before, after)
    whole = effect(moved)
    shown = moved[(moved["change"] != 0) | (moved["tier_before"] != moved["tier"])]
    shown = shown.head(max(0, options.most))
    new = proposed.framework
    what = f"{held.id} {held.version} against {new.id} {new.version}"
    who = f"{whole.moved} of {whole.members} members move, by {whole.largest} places at most"
    lines = [
        f"{what}, {selection.first} to {selection.last}. Nothing was written.",
        f"{who}; {whole.tier_changes} change their tier; rank correlation {whole.rho:.3f}.",
        *(
            f"  {row['member_iso3']}  rank {row['rank_before']} to {row['rank']}  "
            f"tier {row['tier_before']} to {row['tier']}"
            for row in shown.to_dict("records")
        ),
        "Rules, due days and collections act when data is loaded: their effect is not in this.",
    ]
    rows = json.loads(moved.to_json(orient="records"))
    _say(options, {"effect": asdict(whole), "members": rows}, "\n".join(lines))
    return OK


def _certify(options: argparse.Namespace, url: str, log: ScoreLog) -> int:
    made = certify(
        url,
        log,
        options.out,
        run=options.run,
        kinds=options.award,
        members=options.member,
        by=options.by,
        now=utc_now(),
    )
    _say(
        options,
        {"run": made.run, "files": list(made.files), "new": made.new, "entry": made.entry},
        f"Wrote {len(made.files)} certificates of run {made.run} to {options.out}; "
        + (
            f"{made.new} awards are new, kept as entry {made.entry}."
            if made.new
            else "none is new."
        ),
    )
    return OK


def _list(options: argparse.Namespace, url: str, log: ScoreLog) -> int:
    del url
    entries = log.entries()
    rows = [
        {
            "number": entry.number,
            "kind": entry.kind,
            "written_at": entry.written_at.isoformat(),
            "author": entry.author,
            "hash": entry.hash,
        }
        for entry in entries
    ]
    lines = [
        f"{entry.number:>4}  {entry.written_at.isoformat()}  {entry.kind:<12}"
        f"{entry.hash[:12]}  {entry.author}"
        for entry in entries
    ]
    _say(options, {"entries": rows}, "\n".join(lines) or "Nothing was published yet.")
    return OK


def _verify(options: argparse.Namespace, url: str, log: ScoreLog) -> int:
    entries = log.entries()
    kept = kept_generations(url)
    found = verify_entries(
        entries, kept=kept, computed=lambda content: computed_again(url, content)
    )
    lines = [f"  entry {one.number}, {one.place}: {one.what}" for one in found]
    holds = options.holds is None or any(one.hash == options.holds for one in entries)
    if not holds:
        lines.append(f"  no entry has the hash {options.holds[:64]}")
    runs = [entry.read() for entry in entries if entry.kind == RUN]
    again = sum(run.get("generation") in kept for run in runs)
    head = (
        f"{len(entries)} entries, {len(runs)} runs, {again} of them computed again from their "
        f"generation: {'all as written' if not lines else f'{len(lines)} findings'}."
    )
    _say(
        options,
        {
            "entries": len(entries),
            "runs": len(runs),
            "computed_again": again,
            "is_ok": not lines,
            "findings": [asdict(one) for one in found],
        },
        "\n".join([head, *lines]),
    )
    return OK if not lines else FOUND


def _range(options: argparse.Namespace) -> dict[str, Any]:
    return {"first": options.first, "last": options.last, "as_of": options.as_of}


def _say(options: argparse.Namespace, machine: Mapping[str, Any], human: str) -> None:
    text = json.dumps(machine, indent=2, ensure_ascii=False, default=str) if options.json else human
    sys.stdout.write(text + "\n")


def _fail(options: argparse.Namespace, error: DashboardError, code: int) -> int:
    if options.json:
        found = {"error": error.found, "accepted": error.accepted, "remedy": error.remedy}
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{PROGRAM}: {error}\n")
    return code


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace, str, ScoreLog], int]]] = {
    "publish": _publish,
    "override": _override,
    "withdraw": _withdraw,
    "compare": _compare,
    "certify": _certify,
    "list": _list,
    "verify": _verify,
}
