"""Drawings of the evidence: from a key result to members, submissions and findings."""

from layouts.evidence.counted import draw_findings, draw_rows
from layouts.evidence.receipt import draw_receipt
from layouts.evidence.results import draw_results
from layouts.evidence.waterfall import draw_waterfall

__all__ = ["draw_findings", "draw_receipt", "draw_results", "draw_rows", "draw_waterfall"]
