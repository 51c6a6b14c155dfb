"""The mirror workbench: why do two records of the same trade differ?"""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views import mirror_frames as frames
from dashboard.frames import PERIOD_FIELDS, Column
from layouts import mirror as drawings
from layouts.panels import Panel, View

FRAMES: Final = (
    frames.MATRIX,
    frames.CELLS,
    NamedFrame(
        "mirror_split",
        (
            Column("reporter_iso3"),
            Column("partner_iso3"),
            Column("part"),
            Column("part_usd", unit="usd"),
            Column("raised_usd", unit="usd"),
            Column("lowered_usd", unit="usd"),
            Column("reported_usd", unit="usd", words="column.mirror_reported"),
            Column("mirrored_usd", unit="usd", words="column.mirror_mirrored"),
        ),
        frames.read_split,
        frames.PAIR_FIELDS,
    ),
    NamedFrame(
        "mirror_partners",
        frames.PARTNER_COLUMNS,
        frames.read_partners,
        frames.PAIR_FIELDS,
    ),
    NamedFrame(
        "mirror_standings",
        frames.STANDING_COLUMNS,
        frames.read_standings,
        PERIOD_FIELDS | {"as_of", "collection", "flow"},
    ),
    frames.ENQUIRY,
    NamedFrame("mirror_letter", frames.LETTER_COLUMNS, frames.read_letter, frames.PAIR_FIELDS),
)

_PAIR: Final = frozenset({"members", "partners", "regions"})

VIEW: Final = View(
    "mirror",
    (
        Panel(
            "matrix",
            ("mirror_matrix",),
            drawings.draw_matrix,
            fields=_PAIR,
            area="two-thirds scrolls long",
        ),
        Panel(
            "standings",
            ("mirror_standings",),
            drawings.draw_standings,
            fields=_PAIR,
            area="third scrolls long",
        ),
        Panel("waterfall", ("mirror_split",), drawings.draw_waterfall),
        Panel("over_time", ("mirror_cells",), drawings.draw_over_time),
        Panel("cells", ("mirror_cells",), drawings.draw_cells, area="full scrolls"),
        Panel(
            "chapters",
            ("mirror_cells",),
            drawings.draw_chapters,
            kind="block",
            fields=frozenset({"commodity"}),
            area="full",
        ),
        Panel(
            "partners",
            ("mirror_partners",),
            drawings.draw_partners,
            kind="block",
            fields=_PAIR,
            area="full",
        ),
        Panel(
            "enquiry",
            ("mirror_enquiry", "mirror_letter"),
            drawings.draw_enquiry,
            kind="block",
            area="full",
            is_staged=False,
        ),
    ),
    controls=drawings.controls,
    parent="quality",
)
