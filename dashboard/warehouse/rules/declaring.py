"""What a check is. It must not know any single rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A rule as SQL over the tables that ``run_checks`` prepares.

    ``{threshold}`` in a statement is the framework's threshold of the rule, or
    the default here.
    """

    id: str
    counts: str
    """Yields submission_id, rows_checked, rows_failed."""
    failing: str
    """Yields submission_id, field, value, expected, partner_id, commodity_code, flow_code,
    effect_usd: one row per failure, of which the greatest effects are kept as examples."""
    threshold: float = 0.0
    prepare: tuple[str, ...] = ()
    """Statements that run first."""
    is_rejudged: bool = False
    """Whether new submissions change what is true of others: those are judged again."""
    judged: str = ""
    """Of a rule that judges again: yields the submissions that it judges."""
