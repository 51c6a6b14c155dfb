"""The chase list: whom to write to about what is missing, and what to say."""

from __future__ import annotations

from typing import Final

from callbacks.views.chase_frames import FRAMES as FRAMES
from layouts import chase as drawings
from layouts.panels import Panel, View

_CHOSEN: Final = frozenset({"regions", "members"})

VIEW: Final = View(
    "chase",
    (
        Panel(
            "list",
            ("chase_list", "chase_obligations"),
            drawings.draw_list,
            kind="block",
            fields=_CHOSEN,
            area="two-thirds",
        ),
        Panel(
            "note",
            ("chase_note",),
            drawings.draw_note,
            kind="block",
            fields=_CHOSEN,
            area="third",
            is_staged=False,
        ),
    ),
    parent="timeliness",
)
