"""The outlier desk: which figures need an explanation?"""

from __future__ import annotations

from typing import Final

from callbacks.views.outliers_frames import FRAMES as FRAMES
from layouts import outliers as drawings
from layouts.panels import Panel, View

_CHOSEN: Final = frozenset({"regions", "members", "case", "status", "collection"})

VIEW: Final = View(
    "outliers",
    (
        Panel(
            "list",
            ("outliers", "judged_series"),
            drawings.draw_list,
            kind="block",
            fields=_CHOSEN,
            area="two-thirds",
        ),
        Panel(
            "case",
            ("outlier_case", "case_log"),
            drawings.draw_case,
            kind="block",
            fields=_CHOSEN,
            area="third",
        ),
        Panel(
            "series",
            ("outlier_series", "outlier_case"),
            drawings.draw_series,
            fields=_CHOSEN,
            area="two-thirds",
        ),
        Panel(
            "parts",
            ("outlier_parts", "outlier_case"),
            drawings.draw_parts,
            kind="block",
            fields=_CHOSEN,
            area="third",
        ),
        Panel(
            "log",
            ("case_log",),
            drawings.draw_log,
            kind="block",
            fields=_CHOSEN,
            area="two-thirds",
            is_staged=False,  # it names persons
        ),
        Panel(
            "findings",
            ("case_findings", "outlier_case"),
            drawings.draw_findings,
            kind="block",
            fields=_CHOSEN,
            area="third",
            is_staged=False,
        ),
    ),
    controls=drawings.controls,
    parent="quality",
)
