"""Loads trade files into a workshop: one submission per reporter, period and collection.

Rows are read by `staging`, understood by `conforming` and judged by `rules`;
here they become submissions. Nothing is published here, and a served
generation is never touched.
"""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.errors import ConfigError, DataContractError
from dashboard.framework import Collection, Framework
from dashboard.warehouse import conforming, rules, staging
from dashboard.warehouse.intake import next_id
from dashboard.warehouse.noting import findings_since, insert_findings
from dashboard.warehouse.report import FileReport, LoadReport, rule_findings
from dashboard.warehouse.resolving import Areas, Commodities
from dashboard.warehouse.staging import SourceFile, Staged
from dashboard.warehouse.submitting import Receipt, insert_facts, submit

if TYPE_CHECKING:
    from dashboard.warehouse.workshop import Progress, Workshop


def load_files(
    workshop: Workshop,
    paths: Sequence[Path],
    *,
    collection_id: str | None = None,
    receipt: Receipt | None = None,
    loaded_at: datetime,
    is_again: bool = False,
    examples: int | None = None,
    progress: Progress,
) -> LoadReport:
    """Load files into a workshop and check the submissions that they made.

    Parameters
    ----------
    workshop : Workshop
        Holds the copy of the warehouse that is changed.
    paths : sequence of Path
        Trade files.
    collection_id : str, optional
        The collection of all of them; without it, each file's own is found by
        its layout, frequency and chapters.
    receipt : Receipt, optional
        When the files were received; by default the day is unknown, or that of
        a receipt already on record.
    loaded_at : datetime
        Now, UTC without an offset.
    is_again : bool, default False
        Read a file even if the very same one was loaded before.
    examples : int, optional
        Findings of loaded rows to keep per rule and submission, in place of the usual limits.
    progress : Progress
        Told of each file.

    Returns
    -------
    LoadReport
        Every row accounted for. A file that cannot be read is reported as
        refused and leaves nothing behind; the others are loaded.

    Raises
    ------
    ConfigError
        If ``collection_id`` is none of the framework's.
    """
    if collection_id is not None:
        workshop.framework.collection(collection_id)
    loader = _Loader(workshop, receipt or Receipt(), loaded_at, examples)
    reports = []
    progress.step("Reading files", len(paths))
    for path in paths:
        reports.append(loader.load(path, collection_id, is_again=is_again))
        progress.advance()
    progress.done()
    return loader.finish(reports, progress)


def find_collection(
    framework: Framework, *, layout_id: str, frequency: str, chapters: frozenset[str]
) -> Collection:
    """Return the only collection that a file can belong to.

    Parameters
    ----------
    framework : Framework
        Declares the collections.
    layout_id : str
        The file's layout.
    frequency : str
        ``M`` or ``A``.
    chapters : frozenset of str
        HS chapters in the file, ``TOTAL`` among them if it states totals.

    Returns
    -------
    Collection
        The one whose layouts name this layout, whose frequency is this one,
        and whose declared chapters, if any, include the file's.

    Raises
    ------
    ConfigError
        If there is none or more than one.
    """
    fitting = [
        collection
        for collection in framework.collections
        if layout_id in collection.layouts
        and frequency == collection.frequency
        and (not collection.chapters or chapters <= set(collection.chapters))
    ]
    if len(fitting) == 1:
        return fitting[0]
    what = f"layout {layout_id!r}, frequency {frequency!r}, chapters {_some(chapters)}"
    offered = "; ".join(
        f"{c.id} (frequency {c.frequency}, layouts {sorted(c.layouts)}"
        + (f", chapters {_some(frozenset(c.chapters))}" if c.chapters else "")
        + ")"
        for c in framework.collections
        if c.layouts
    )
    if fitting:
        raise ConfigError(
            f"Several collections fit a file of {what}: {sorted(c.id for c in fitting)}.",
            remedy="Name one with --collection.",
        )
    raise ConfigError(
        f"No collection of framework {framework.framework.id!r} fits a file of {what}.",
        f"It has: {offered or 'none that names a layout'}.",
        "Name one with --collection, or give the framework file with --framework.",
    )


def _some(values: frozenset[str]) -> str:
    listed = sorted(values)
    return str(listed) if len(listed) <= 6 else f"{listed[0]} to {listed[-1]} ({len(listed)})"


class _Loader:
    """The loading of several files as one publication."""

    def __init__(
        self, workshop: Workshop, receipt: Receipt, loaded_at: datetime, examples: int | None
    ) -> None:
        self.examples = examples
        self.connection = workshop.connection
        self.framework = workshop.framework
        self.receipt = receipt
        self.loaded_at = loaded_at
        self.areas = Areas()
        self.commodities = Commodities()
        self.problem_counts: dict[str, int] = {}
        self.connection.execute("""
            create or replace temp table new_submission (submission_id integer);
            create or replace temp table loaded_line
                (submission_id integer, file_name varchar, line bigint, flow_code varchar,
                 partner_id smallint, commodity_code varchar);
            create or replace temp table unplaced
                (submission_id integer, rule_id varchar, rows bigint);
        """)
        self.first_finding = next_id(self.connection, "fct_finding", "finding_id")

    def load(self, path: Path, collection_id: str | None, *, is_again: bool) -> FileReport:
        try:
            source = staging.inspect(path)
            if not is_again and (before := self._loaded_before(source, collection_id)):
                return before
            staged = staging.stage(self.connection, source)
            today = self.loaded_at.date()
            conforming.conform(
                self.connection, areas=self.areas, commodities=self.commodities, today=today
            )
            collection = self._collection(staged, collection_id, source)
        except (DataContractError, ConfigError) as error:
            return FileReport(path.name, "refused", message=str(error))
        return self._write(source, staged, collection)

    def _loaded_before(self, source: SourceFile, collection_id: str | None) -> FileReport | None:
        row = self.connection.execute(
            """
            select layout_id, collection_id, rows_read, rows_loaded, rows_control, rows_finding,
                submissions_new + submissions_revised + submissions_unchanged, loaded_at
            from load_log
            where file_sha256 = ? and kind = 'trade' and collection_id = coalesce(?, collection_id)
            order by load_id desc limit 1
            """,
            [source.sha256, collection_id],
        ).fetchone()
        if row is None:
            return None
        return FileReport(
            source.name,
            "unchanged",
            layout_id=row[0],
            collection_id=row[1],
            encoding=source.encoding,
            rows_read=row[2],
            rows_loaded=row[3],
            rows_control=row[4],
            rows_finding=row[5],
            rows_held=row[3] + row[4],
            submissions_unchanged=row[6],
            message=f"the very same file was loaded on {row[7]:%Y-%m-%d %H:%M} UTC",
        )

    def _collection(
        self, staged: Staged, collection_id: str | None, source: SourceFile
    ) -> Collection:
        chapters = frozenset(
            code
            for (code,) in self.connection.execute(
                "select distinct case when commodity_code = 'TOTAL' then 'TOTAL' "
                "else left(commodity_code, 2) end from conformed where commodity_code is not null"
            ).fetchall()
        )
        row = self.connection.execute(
            "select case when period_id > 9999 then 'M' else 'A' end, count(*) from conformed "
            "where period_id is not null group by 1 order by 2 desc, 1 limit 1"
        ).fetchone()
        if row is None:
            raise DataContractError(
                f"{source.name} has no row with a period that can be read.",
                "Periods are years such as 2023 or months such as 202301.",
                "Check the period column.",
            )
        if collection_id is not None:
            collection = self.framework.collection(collection_id)
        else:
            collection = find_collection(
                self.framework,
                layout_id=staged.recognised.layout.id,
                frequency=row[0],
                chapters=chapters,
            )
        is_other = "period_id <= 9999" if collection.frequency == "M" else "period_id > 9999"
        self.connection.execute(
            "update conformed set problem = 'unknown_period', problem_field = 'period', "
            f"problem_value = period_id::varchar where problem is null and {is_other}"
        )
        return collection

    def _write(self, source: SourceFile, staged: Staged, collection: Collection) -> FileReport:
        load_id = next_id(self.connection, "load_log", "load_id")
        layout_id = staged.recognised.layout.id
        submit(self.connection, collection, self.receipt, load_id=load_id, layout_id=layout_id)
        insert_facts(self.connection)
        self._count("empty_submission", insert_findings(self.connection, source, staged, load_id))
        report = self._account(source, staged, collection)
        self.connection.execute(
            "insert into load_log values (?, ?, ?, 'trade', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(load_id, source.name, source.sha256, report.layout_id, report.collection_id),
                *(self.loaded_at, report.rows_read, report.rows_loaded, report.rows_control),
                *(report.rows_finding, report.submissions_new, report.submissions_revised),
                report.submissions_unchanged,
            ],
        )
        self.connection.execute("drop table stage; drop table conformed")
        return report

    def _account(self, source: SourceFile, staged: Staged, collection: Collection) -> FileReport:
        kinds = dict(
            self.connection.execute(
                "select kind, count(*) from conformed where problem is null group by 1"
            ).fetchall()
        )
        problems = dict(
            self.connection.execute(
                "select problem, count(*) from conformed where problem is not null group by 1"
            ).fetchall()
        )
        if staged.ragged_count:
            problems["ragged_row"] = staged.ragged_count
        for rule_id, count in problems.items():
            self._count(rule_id, count)
        fates = dict(
            self.connection.execute("select fate, count(*) from incoming group by 1").fetchall()
        )
        (held,) = self.connection.execute(
            "select coalesce(sum(row_count + control_row_count), 0) from incoming "
            "where fate = 'unchanged'"
        ).fetchone() or (0,)
        loaded = kinds.pop("trade", 0)
        (homeless,) = self.connection.execute(
            "select count(*) from placed_or_not where submission_id is null"
        ).fetchone() or (0,)
        has_change = bool(fates.get("new", 0) + fates.get("revised", 0) + homeless)
        return FileReport(
            source.name,
            "loaded" if has_change else "unchanged",
            layout_id=staged.recognised.layout.id,
            collection_id=collection.id,
            encoding=source.encoding,
            rows_read=staged.rows_read,
            rows_loaded=loaded,
            rows_control=sum(kinds.values()),
            rows_finding=sum(problems.values()),
            rows_held=int(held),
            controls=kinds,
            problems=problems,
            submissions_new=fates.get("new", 0),
            submissions_revised=fates.get("revised", 0),
            submissions_unchanged=fates.get("unchanged", 0),
            ignored_columns=staged.recognised.ignored,
        )

    def _count(self, rule_id: str, count: int) -> None:
        self.problem_counts[rule_id] = self.problem_counts.get(rule_id, 0) + count

    def finish(self, files: Sequence[FileReport], progress: Progress) -> LoadReport:
        progress.step("Checking")
        rules.run_checks(
            self.connection,
            self.framework,
            "select submission_id from new_submission",
            unplaced="unplaced",
            examples=self.examples,
        )
        self.connection.execute(
            """
            update fct_finding set file_name = l.file_name, line_number = l.line
            from loaded_line l
            where fct_finding.finding_id >= ? and fct_finding.line_number is null
                and l.submission_id = fct_finding.submission_id
                and l.partner_id = fct_finding.partner_id
                and l.flow_code = fct_finding.flow_code
                and l.commodity_code = fct_finding.commodity_code
            """,
            [self.first_finding],
        )
        # a rule that the framework leaves out is reported, but has no place in the warehouse
        self.connection.execute(
            "delete from fct_finding where finding_id >= ? and not list_contains(?, rule_id)",
            [self.first_finding, [rule.id for rule in self.framework.rules]],
        )
        progress.done()
        counts = {
            **rules.failure_counts(self.connection, "select submission_id from new_submission"),
            **{rule: count for rule, count in self.problem_counts.items() if count},
        }
        examples = findings_since(self.connection, self.first_finding)
        return LoadReport(tuple(files), rule_findings(self.framework, counts, examples))


def utc_now() -> datetime:
    """Return the present moment as the warehouse keeps it.

    Returns
    -------
    datetime
        UTC without an offset, to the second.
    """
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
