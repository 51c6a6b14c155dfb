"""The training effect: do trained members get better than those not trained yet?"""

from __future__ import annotations

from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.frames import Column
from dashboard.selection import Selection
from layouts import training as drawings
from layouts.panels import Panel, View
from queries import evidence as statements


def read_effects(services: Services, _selection: Selection) -> pd.DataFrame:
    """Return what came after training; it was worked out for the last known day."""
    found = services.frame(statements.training_effects())
    counts = dict.fromkeys(("quarters_since", "treated_count", "control_count"), "Int64")
    return found.astype(counts)


EFFECT_COLUMNS: Final = (
    Column("measure_id"),
    Column("part"),
    Column("quarters_since"),
    Column("effect"),
    Column("effect_error"),
    Column("effect_low"),
    Column("effect_high"),
    Column("treated_count", unit="count"),
    Column("control_count", unit="count"),
)

FRAMES = (NamedFrame("training_effects", EFFECT_COLUMNS, read_effects, frozenset()),)

AS_OF: Final = frozenset({"as_of"})

VIEW = View(
    "training",
    (
        Panel("quality", ("training_effects",), drawings.draw_quality, fields=AS_OF),
        Panel("on_time", ("training_effects",), drawings.draw_on_time, fields=AS_OF),
        Panel(
            "reading",
            ("training_effects",),
            drawings.draw_reading,
            kind="block",
            fields=AS_OF,
            area="full",
        ),
    ),
    parent="strategy",
)
