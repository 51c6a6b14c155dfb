"""The slider that moves the selected range through time, and plays it.

The input itself is made in the browser (``assets/timeline.js``), which follows the two selects of
the selection bar: the range is theirs, whoever changes it.
"""

from __future__ import annotations

import json

from dash import html

from dashboard import ids
from dashboard.flows import trade_collection
from layouts.attributes import attributes
from layouts.scene import Scene


def timeline(scene: Scene) -> html.Div:
    """Return the place of the slider with its buttons: play, a step back, a step on.

    A step is a month, or a year where the collection of trade is annual; it ends where the trade
    that is held does.
    """
    words, catalogue = scene.words, scene.catalogue
    steps = {}
    for collection in catalogue.collections:
        shown = trade_collection(collection, catalogue)
        first, last = catalogue.traded_range(shown) or catalogue.months
        months = 12 if catalogue.collections.get(shown or "") == "A" else 1
        steps[collection] = {"first": first, "last": last, "months": months}
    return html.Div(
        [
            html.Label(words("flows.control.time"), htmlFor=ids.TIME, className="choice__label"),
            html.Button(
                "▶",
                type="button",
                className="button timeline__play",
                **attributes(
                    data_time_play="1",
                    data_play=words("flows.control.play"),
                    data_pause=words("flows.control.pause"),
                    aria_label=words("flows.control.play"),
                ),
            ),
            _step(-1, "‹", words("flows.control.earlier")),
            html.Span(className="timeline__slot", **attributes(data_time_slot=ids.TIME)),
            _step(1, "›", words("flows.control.later")),
            html.Span(className="timeline__range", **attributes(data_time_range="1")),
        ],
        className="choice timeline",
        role="group",
        **attributes(
            aria_label=words("flows.control.time"),
            data_time_first=ids.FIRST,
            data_time_last=ids.LAST,
            data_time_collection=ids.COLLECTION,
            data_time_steps=json.dumps(steps),
            data_time_whole=words("flows.control.whole"),
        ),
    )


def _step(steps: int, sign: str, label: str) -> html.Button:
    return html.Button(
        sign,
        type="button",
        className="button",
        title=label,
        **attributes(aria_label=label, data_time_step=str(steps)),
    )
