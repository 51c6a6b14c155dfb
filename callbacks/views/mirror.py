"""The mirror workbench: why do two records of the same trade differ?"""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views import mirror_frames as frames
from dashboard.frames import Column
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
)

VIEW: Final = View(
    "mirror",
    (
        Panel("waterfall", ("mirror_split",), drawings.draw_waterfall),
        Panel("over_time", ("mirror_cells",), drawings.draw_over_time),
        Panel("cells", ("mirror_cells",), drawings.draw_cells, area="full scrolls"),
    ),
    controls=drawings.controls,
    parent="quality",
)
