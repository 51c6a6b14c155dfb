"""Every tactic has a key result that moves when its evidence moves, and each key result does.

A small warehouse with a little evidence for everything is finished. For each key result one piece
of evidence is added or marked, what follows from the facts is computed anew, and the key result
must have come nearer to its target.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from dashboard.config import PROJECT_ROOT
from dashboard.framework import Framework, parse_framework
from dashboard.warehouse import key_results, obligations, rollups
from dashboard.warehouse.tables import insert_rows
from dashboard.warehouse.workshop import discard
from tests.support.workshops import (
    ALBANIA,
    ALGERIA,
    DATA_ON,
    FRANCE,
    GERMANY,
    Filler,
    finish_by_hand,
    open_workshop,
)

Evidence = Callable[[Filler], None]

ACT_DAY = date(2024, 1, 20)

FEBRUARY_OF_2023 = 14
"""Number of Albania's submission of that month: the twelve of 2022 and January come before it."""

MONTHS_OF_2022 = [202200 + month for month in range(1, 13)]
MONTHS_OF_2023 = [202300 + month for month in range(1, 13)]


def shipped_framework() -> str:
    """The framework as shipped; two members owe the monthly trade, one owes all the rest."""
    text = (PROJECT_ROOT / "dashboard" / "frameworks" / "default.toml").read_text(encoding="utf-8")
    head, *collections = re.split(r"(?=\[\[collections\]\])", text)
    collections[-1], rest = re.split(r"(?=\[\[dimensions\]\])", collections[-1], maxsplit=1)
    owed = {"trade_monthly": ["ALB", "FRA"]}
    parts = []
    for part in collections:
        name = re.search(r'id = "(\w+)"', part)
        assert name is not None
        who = owed.get(name[1], ["DEU"])
        parts.append(re.sub(r'starts = "\S+"', f'starts = "2022-01"\nowed_by = {who}', part))
    return head + "".join(parts) + rest


TEXT = shipped_framework()
FRAMEWORK: Framework = parse_framework(TEXT, source="test")


def received(period: int, *, is_late: bool = False) -> str:
    """A day on which a month's submission is in time (30 days after it) or late (75 days)."""
    year, month = divmod(period, 100)
    ahead = year * 12 + month - 1 + (3 if is_late else 2)
    return f"{ahead // 12}-{ahead % 12 + 1:02d}-01" if is_late else f"{_next(period)}-20"


def _next(period: int) -> str:
    year, month = divmod(period, 100)
    return f"{year + month // 12}-{month % 12 + 1:02d}"


def act(
    kind: str, amount: float = 1, *, done: bool = True, member: int | None = ALBANIA
) -> Evidence:
    """One more act of a kind."""
    tactic = "1.1"  # the kind decides what it counts for

    def change(filler: Filler) -> None:
        connection = filler.workshop.connection
        found = connection.execute("SELECT coalesce(max(activity_id), 0) + 1 FROM fct_activity")
        number = found.fetchone()
        assert number is not None
        region = (
            "europe" if member in (ALBANIA, FRANCE, GERMANY, None) else "north_africa_middle_east"
        )
        row = (number[0], tactic, kind, member, region, ACT_DAY, float(amount), done, None)
        insert_rows(connection, "fct_activity", [row])

    return change


def marked_done(kind: str) -> Evidence:
    """What was planned is marked as done."""

    def change(filler: Filler) -> None:
        filler.workshop.connection.execute(
            "UPDATE fct_activity SET is_done = true WHERE kind = ?", [kind]
        )

    return change


def check_in(key_result: str, value: float) -> Evidence:
    """The owner reports a value."""

    def change(filler: Filler) -> None:
        connection = filler.workshop.connection
        found = connection.execute("SELECT coalesce(max(check_in_id), 0) + 1 FROM fct_check_in")
        number = found.fetchone()
        assert number is not None
        row = (number[0], key_result, ACT_DAY, value, 0.6, None, "Owner")
        insert_rows(connection, "fct_check_in", [row])

    return change


def submitted(member: int, period: int, *, channel: str = "portal") -> Evidence:
    """A submission in time, accepted, in the framework's layout."""
    return lambda filler: _submit(filler, member, period, channel=channel)


def _submit(
    filler: Filler,
    member: int,
    period: int,
    *,
    is_late: bool = False,
    channel: str = "email",
    layout: str = "comtrade_current",
    is_accepted: bool = True,
) -> None:
    filler.submission(
        member,
        period,
        received(period, is_late=is_late),
        collection="trade_monthly",
        channel=channel,
        layout=layout,
        is_accepted=is_accepted,
    )


def base(filler: Filler) -> None:
    """A little evidence for everything, so that every key result has a value that can rise."""
    # Albania is in time, and lacks one month of the last twelve; its March was refused at first.
    for period in (*MONTHS_OF_2022, *MONTHS_OF_2023):
        if period == 202306:
            continue
        if period == 202303:
            _submit(filler, ALBANIA, period, is_accepted=False)
        _submit(filler, ALBANIA, period, layout="other" if period == 202305 else "comtrade_current")
    # France was always late in 2022; of 2023 nine of twelve months came, in time.
    for period in MONTHS_OF_2022:
        _submit(filler, FRANCE, period, is_late=True)
    for period in MONTHS_OF_2023[:9]:
        _submit(filler, FRANCE, period)
    for result in FRAMEWORK.key_results:
        if result.source == "check_in":
            check_in(result.id, result.baseline)(filler)
    for kind in ("audit", "survey"):  # planned, one of two done
        act(kind)(filler)
        act(kind, done=False)(filler)
    for kind, days in (("feedback", 90), ("audit_finding", 200)):  # closed too late
        act(kind, days)(filler)
    connection = filler.workshop.connection
    connection.execute(
        "UPDATE fct_activity SET happened_on = DATE '2023-06-01' "
        "WHERE kind IN ('feedback', 'audit_finding')"
    )
    act("report", 12)(filler)  # twelve days after its date
    scores = [(ALBANIA, 40.0), (ALGERIA, 45.0), (FRANCE, 90.0)]
    insert_rows(
        connection,
        "fct_indicator",
        [(m, "spi_overall", 2022, score, "test") for m, score in scores],
    )


EVIDENCE: dict[str, Evidence] = {
    "conforming_submissions": submitted(ALBANIA, 202306),
    "unbroken_members": submitted(ALBANIA, 202306),
    "tool_users": check_in("tool_users", 200),
    "trained_officers": act("training", 12),
    "trained_members": act("training", 12),
    "portal_submissions": submitted(ALBANIA, 202306),
    "first_pass": submitted(ALBANIA, 202306),
    "audits_done": marked_done("audit"),
    "audit_findings_closed": act("audit_finding", 10),
    "data_partnerships": act("partnership", member=None),
    "datasets_exchanged": act("data_exchange", 3, member=None),
    "collections_covered": submitted(FRANCE, 202311),
    "feedback_answered": act("feedback", 5),
    "campaign_reach": check_in("campaign_reach", 0.4),
    "annual_reports": act("report", 0, member=None),
    "reports_punctual": act("report", 0, member=None),
    "events_held": act("event", 30, member=None),
    "members_represented": act("representation"),
    "visuals_issued": act("visual", member=None),
    "visuals_a_quarter": act("visual", member=None),
    "media_pieces": act("media", member=None),
    "site_visits": check_in("site_visits", 5000),
    "social_engagement": check_in("social_engagement", 0.03),
    "case_studies": act("case_study"),
    "messages_in_line": check_in("messages_in_line", 0.6),
    "research_projects": act("research", member=None),
    "members_met": act("meeting"),
    "correspondents": act("correspondent"),
    "members_assisted": act("assistance"),
    "low_capacity_assisted": act("assistance", member=ALGERIA),
    "exchanges_held": act("exchange"),
    "exchanging_members": act("exchange"),
    "forum_members": check_in("forum_members", 60),
    "agreements_in_force": act("agreement"),
    "upper_tiers": submitted(FRANCE, 202310),
    "moved_up": submitted(FRANCE, 202310),
    "survey_answers": marked_done("survey"),
    "regional_programmes": act("programme", 20, member=None),
    "regions_with_programme": act("programme", 20, member=None),
    "regional_officers": act("programme", 20, member=None),
    "recognitions": act("recognition"),
    "regions_recognised": act("recognition"),
}
"""By key result: what is added to the base, or marked in it."""

HARM: dict[str, Evidence] = {
    "conforming_submissions": lambda filler: insert_rows(
        filler.workshop.connection, "fct_check", [(FEBRUARY_OF_2023, "ragged_row", 10, 1)]
    ),
    "first_pass": lambda filler: _submit(filler, ALBANIA, 202306, is_accepted=False),
    "audits_done": act("audit", done=False),
    "survey_answers": act("survey", done=False),
}
"""Evidence that takes a key result away from its target."""

UNHARMED = {"low_capacity_assisted": act("assistance", member=FRANCE)}
"""Evidence beside the point: help to a member whose capacity is not low."""


ELSEWHERE = {"training_effect"}
"""Key results that move in a test of their own: this one compares trained members with others, so
it needs a year of them (tests/unit/dashboard/warehouse/test_key_results.py)."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filler]:
    url = f"duckdb:///{tmp_path_factory.mktemp('tactics') / 'w.duckdb'}"
    filler = open_workshop(url, text=TEXT)
    base(filler)
    finish_by_hand(filler.workshop)
    try:
        yield filler
    finally:
        discard(filler.workshop)


@pytest.fixture
def filler(finished: Filler) -> Iterator[Filler]:
    """The finished workshop; what a test changes in it is taken back."""
    finished.workshop.connection.begin()
    try:
        yield Filler(finished.workshop, finished.last_submission, dict(finished.revisions))
    finally:
        finished.workshop.connection.rollback()


def value(filler: Filler, key_result: str) -> float:
    """The value at the last month end; 0 where nothing was counted yet."""
    row = filler.workshop.connection.execute(
        "SELECT value FROM fct_key_result_value WHERE key_result_id = ? AND measured_on = ?",
        [key_result, DATA_ON],
    ).fetchone()
    assert row is not None, f"{key_result} has no value at the last month end"
    return float(row[0])


def moved(filler: Filler, key_result: str, evidence: Evidence) -> float:
    """How much nearer to its target, as a share of the way, evidence takes a key result."""
    declared = {one.id: one for one in FRAMEWORK.key_results}[key_result]
    before = value(filler, key_result)
    submissions = filler.last_submission
    evidence(filler)
    # What `finish` does to what a key result is computed from, in its order.
    connection, framework = filler.workshop.connection, filler.workshop.framework
    if filler.last_submission > submissions:
        obligations.fill(connection, framework, DATA_ON)
        rollups.fill(connection)
    key_results.fill(connection, framework, DATA_ON)
    return (value(filler, key_result) - before) / (declared.target - declared.baseline)


def test_every_key_result_has_its_evidence_here_and_every_tactic_a_key_result() -> None:
    assert {one.id for one in FRAMEWORK.key_results} == set(EVIDENCE) | ELSEWHERE
    assert len(FRAMEWORK.tactics) == 30
    moving = {one.tactic for one in FRAMEWORK.key_results if one.id in EVIDENCE}
    assert moving == {one.id for one in FRAMEWORK.tactics}


@pytest.mark.parametrize("key_result", sorted(EVIDENCE))
def test_key_result_comes_nearer_to_its_target_with_its_evidence(
    filler: Filler, key_result: str
) -> None:
    assert moved(filler, key_result, EVIDENCE[key_result]) > 0


@pytest.mark.parametrize("key_result", sorted(HARM))
def test_key_result_goes_away_from_its_target_with_evidence_against_it(
    filler: Filler, key_result: str
) -> None:
    assert moved(filler, key_result, HARM[key_result]) < 0


@pytest.mark.parametrize("key_result", sorted(UNHARMED))
def test_key_result_stays_with_evidence_beside_the_point(filler: Filler, key_result: str) -> None:
    assert moved(filler, key_result, UNHARMED[key_result]) == 0
