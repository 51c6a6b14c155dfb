"""Figures of rules: the catalogue, the page of one rule, where it fails, whether it is right."""

from layouts.rules.catalogue import draw_catalogue
from layouts.rules.page import draw_rule, draw_rule_findings
from layouts.rules.precision import draw_precision
from layouts.rules.where import draw_rule_members, draw_rule_trend

__all__ = [
    "draw_catalogue",
    "draw_precision",
    "draw_rule",
    "draw_rule_findings",
    "draw_rule_members",
    "draw_rule_trend",
]
