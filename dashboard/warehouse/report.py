"""What a load tells: each row accounted for, submissions, findings by rule.

Plain values and their two forms, text for people and JSON for machines. It must
not read a warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from dashboard.framework import Framework

FileStatus = Literal["loaded", "unchanged", "refused"]
SEVERITY_ORDER: Final = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Example:
    """One finding, with where it is."""

    file_name: str | None
    line: int | None
    field: str | None
    value: str | None
    expected: str | None
    reporter_id: int | None = None
    period_id: int | None = None
    partner_id: int | None = None
    commodity_code: str | None = None
    flow_code: str | None = None
    effect_usd: float | None = None


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """All findings of one rule in one load; ``count`` is exact, ``examples`` are capped."""

    rule_id: str
    severity: str
    title: str
    remedy: str
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: ``rows_read`` is the sum of the three that follow it."""

    file_name: str
    status: FileStatus
    layout_id: str | None = None
    collection_id: str | None = None
    encoding: str = ""
    rows_read: int = 0
    rows_loaded: int = 0
    rows_control: int = 0
    rows_finding: int = 0
    rows_held: int = 0
    """Of those loaded and controls: rows of submissions that the warehouse had already."""
    controls: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, int] = field(default_factory=dict)
    """Rule -> rows that could not be placed."""
    submissions_new: int = 0
    submissions_revised: int = 0
    submissions_unchanged: int = 0
    ignored_columns: tuple[str, ...] = ()
    message: str = ""

    def adds_up(self) -> bool:
        """Tell whether each row read is accounted for.

        Returns
        -------
        bool
            True if loaded, control and finding rows add up to the rows read.
        """
        return self.rows_read == self.rows_loaded + self.rows_control + self.rows_finding


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one load did."""

    files: tuple[FileReport, ...]
    findings: tuple[RuleFindings, ...]
    version: str | None = None
    """Of the generation that was published; None if nothing was."""

    @property
    def has_changes(self) -> bool:
        """Whether anything has to be published."""
        return any(file.status == "loaded" for file in self.files)

    @property
    def has_refusals(self) -> bool:
        """Whether a file was refused whole."""
        return any(file.status == "refused" for file in self.files)

    @property
    def has_errors(self) -> bool:
        """Whether a rule of severity error found something."""
        return any(found.severity == "error" for found in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Return the report for machines.

        Returns
        -------
        dict
            Nested plain values.
        """
        return {
            "version": self.version,
            "files": [dict(asdict(file), adds_up=file.adds_up()) for file in self.files],
            "findings": [asdict(found) for found in self.findings],
        }

    def as_text(self, *, examples: int = 3) -> str:
        """Return the report for people.

        Parameters
        ----------
        examples : int, default 3
            How many examples of each rule to show.

        Returns
        -------
        str
            Lines of text.
        """
        lines: list[str] = []
        for file in self.files:
            lines += _file_lines(file)
        if len(self.files) > 1:
            lines += _total_lines(self.files)
        if self.findings:
            lines += ["", "Findings"]
        for found in self.findings:
            lines.append(f"  {found.severity:<8}{found.count:>9,}  {found.rule_id}: {found.title}")
            lines += [f"            {_example_text(one)}" for one in found.examples[:examples]]
            if found.examples:
                lines.append(f"            What to do: {found.remedy}")
        lines.append("")
        if self.version:
            lines.append(f"Published as {self.version}.")
        else:
            lines.append("Nothing was published.")
        return "\n".join(lines)


def rule_findings(
    framework: Framework,
    counts: Mapping[str, int],
    examples: Mapping[str, list[Example]],
) -> tuple[RuleFindings, ...]:
    """Put counts and examples together with what the framework says of each rule.

    Parameters
    ----------
    framework : Framework
        Declares the rules.
    counts : mapping of str to int
        Rule -> findings, exactly.
    examples : mapping of str to list of Example
        Rule -> some of them.

    Returns
    -------
    tuple of RuleFindings
        The gravest and most frequent first; rules without findings are left out.
    """
    declared = {rule.id: rule for rule in framework.rules}
    found = []
    for rule_id, count in counts.items():
        if not count:
            continue
        rule = declared.get(rule_id)
        found.append(
            RuleFindings(
                rule_id=rule_id,
                severity=rule.severity if rule else "error",
                title=rule.title.en if rule else rule_id.replace("_", " "),
                remedy=rule.remedy.en if rule else "See docs/loading.md.",
                count=count,
                examples=tuple(examples.get(rule_id, ())),
            )
        )
    return tuple(
        sorted(found, key=lambda one: (SEVERITY_ORDER.index(one.severity), -one.count, one.rule_id))
    )


def _file_lines(file: FileReport) -> list[str]:
    if file.status == "refused":
        return [f"{file.file_name}: refused", f"  {file.message}"]
    into = file.layout_id or ""
    if file.collection_id:
        into += f" -> {file.collection_id}"
    lines = [f"{file.file_name}: {into}" + (f", {file.encoding}" if file.encoding else "")]
    lines.append(
        f"  {file.rows_read:,} rows read = {file.rows_loaded:,} loaded + {file.rows_control:,} "
        f"control totals + {file.rows_finding:,} findings"
    )
    if file.controls:
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in sorted(file.controls.items()))
        lines.append(f"  control totals: {kinds}")
    if file.problems:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in sorted(file.problems.items()))
        lines.append(f"  rows that could not be placed: {rules}")
    what, changed = ("submissions", "revised") if file.collection_id else ("records", "changed")
    lines.append(
        f"  {what}: {file.submissions_new:,} new, {file.submissions_revised:,} {changed}, "
        f"{file.submissions_unchanged:,} unchanged"
    )
    if file.ignored_columns:
        lines.append(f"  columns not used: {', '.join(file.ignored_columns)}")
    if file.message:
        lines.append(f"  {file.message}")
    return lines


def _total_lines(files: tuple[FileReport, ...]) -> list[str]:
    def total(name: str) -> int:
        return sum(getattr(file, name) for file in files)

    refused = sum(file.status == "refused" for file in files)
    return [
        f"All {len(files)} files" + (f" ({refused} refused)" if refused else ""),
        (
            f"  {total('rows_read'):,} rows read = {total('rows_loaded'):,} loaded + "
            f"{total('rows_control'):,} control totals + {total('rows_finding'):,} findings"
        ),
        (
            f"  submissions: {total('submissions_new'):,} new, {total('submissions_revised'):,} "
            f"revised, {total('submissions_unchanged'):,} unchanged"
        ),
    ]


def _example_text(example: Example) -> str:
    where = example.file_name or ""
    if example.line is not None:
        where += f" line {example.line:,}"
    keys = " ".join(
        f"{name} {value}"
        for name, value in (
            ("reporter", example.reporter_id),
            ("period", example.period_id),
            ("flow", example.flow_code),
            ("partner", example.partner_id),
            ("commodity", example.commodity_code),
        )
        if value is not None
    )
    said = f"{example.field}={example.value!r}" if example.field else repr(example.value)
    tail = f"; expected {example.expected}" if example.expected else ""
    return f"{', '.join(part for part in (where.strip(), keys) if part)}: {said}{tail}"
