"""The evidence: who moved a key result, by which submissions, and what was found in them?"""

from __future__ import annotations

from typing import Final

from callbacks.views.evidence_frames import EVIDENCE_FRAMES
from layouts import evidence as drawings
from layouts.panels import Panel, View

FRAMES = EVIDENCE_FRAMES

_ABOUT: Final = ("key_result_receipt", "key_results", "check_ins")
"""What every panel needs to know which key result it is about, and to say why it is empty."""

VIEW = View(
    "evidence",
    (
        Panel(
            "results",
            ("key_results", "key_result_receipt"),
            drawings.draw_results,
            kind="block",
            area="third",
            is_staged=False,
        ),
        Panel(
            "waterfall",
            ("evidence_members", *_ABOUT),
            drawings.draw_waterfall,
            fields=frozenset({"members", "regions"}),
            area="two-thirds",
        ),
        Panel(
            "rows",
            ("evidence_rows", "evidence_members", *_ABOUT),
            drawings.draw_rows,
            kind="block",
            area="two-thirds",
        ),
        Panel(
            "receipt",
            ("key_result_receipt", "key_results"),
            drawings.draw_receipt,
            kind="block",
            area="third",
        ),
        Panel(
            "findings",
            ("evidence_findings", "evidence_rows"),
            drawings.draw_findings,
            kind="block",
            area="full",
            is_staged=False,
        ),
    ),
    parent="strategy",
)
