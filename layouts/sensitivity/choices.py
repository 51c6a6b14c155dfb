"""Which choice behind the ranking moves it most."""

from __future__ import annotations

from typing import Any, Final

from layouts.charts import axis, base_layout, figure, rows, safe, tooltip
from layouts.incentives.reading import no_ranking, pillar_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

EFFECTS: Final = ("first", "total")

OTHER_CHOICES: Final = ("normalisation", "aggregation", "treatment", "sampling")
"""Choices that are not the weight of a pillar."""


def draw_choices(frames: Frames, scene: Scene) -> Drawing:
    """Bars of the Sobol indices with their intervals, the choice that matters most first."""
    frame = frames["ranking_choices"]
    if frame.empty:
        return Drawing(empty=no_ranking(scene))
    words, palette = scene.words, scene.palette
    table = rows(frame)
    data = [_bars(table, effect, scene) for effect in EFFECTS]
    layout = base_layout(
        scene,
        barmode="group",
        bargap=0.25,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
        # By chance an estimate can lie below 0; there is nothing to see there.
        xaxis=axis(palette, tickformat=".0%", nticks=5, range=[0, _end(table)]),
        yaxis=axis(palette, autorange="reversed", showgrid=False, tickfont={"color": palette.ink}),
    )
    first = table[0]
    shift = words.number(first.mean_shift, 1)
    if first.total_effect <= 0:
        title = words("sensitivity.nothing_moves")
    elif len(table) > 1 and first.total_effect_low < table[1].total_effect_high:
        title = words(
            "sensitivity.most_of_two",
            choice=choice_name(first.choice, scene),
            other=choice_name(table[1].choice, scene),
        )
    else:
        title = words("sensitivity.most", choice=choice_name(first.choice, scene))
    return Drawing(
        figure=figure(data, layout),
        title=title,
        subtitle=scene.subtitle(words("sensitivity.choices_unit")),
        note=words("sensitivity.choices_note", shift=shift),
    )


def choice_name(choice: str, scene: Scene) -> str:
    """Return the name of a choice; a weight is named by its pillar."""
    words = scene.words
    if choice in OTHER_CHOICES:
        return words(f"sensitivity.choice_{choice}")
    return words("sensitivity.weight_of", pillar=pillar_name(scene, choice))


def _end(table: list[Any]) -> float:
    """Return the largest share that is drawn, with its interval."""
    return 1.03 * max(0.5, *(float(row.total_effect_high) for row in table))


def _bars(table: list[Any], effect: str, scene: Scene) -> dict[str, Any]:
    words, palette = scene.words, scene.palette
    value = [getattr(row, f"{effect}_effect") for row in table]
    low = [getattr(row, f"{effect}_effect_low") for row in table]
    high = [getattr(row, f"{effect}_effect_high") for row in table]
    return {
        "type": "bar",
        "orientation": "h",
        "name": words(f"sensitivity.{effect}"),
        "y": [safe(choice_name(row.choice, scene)) for row in table],
        "x": value,
        "marker": {"color": palette.sequential[4 if effect == "first" else 2]},
        "error_x": {
            "type": "data",
            "array": [max(0.0, b - v) for v, b in zip(value, high, strict=True)],
            "arrayminus": [max(0.0, v - a) for v, a in zip(value, low, strict=True)],
            "color": palette.soft_ink,
            "thickness": 1,
            "width": 3,
        },
        "hovertext": [
            tooltip(
                choice_name(row.choice, scene),
                f"{words(f'sensitivity.{effect}')}: {words.value(v, 'share')}",
                words(
                    "sensitivity.interval",
                    low=words.value(a, "share"),
                    high=words.value(b, "share"),
                ),
            )
            for row, v, a, b in zip(table, value, low, high, strict=True)
        ],
        "hoverinfo": "text",
    }
