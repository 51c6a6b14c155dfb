"""The gap as a waterfall: from our record, cause by cause, to the partners'."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, rows, tooltip
from layouts.mirror.subject import (
    nothing,
    part_colours,
    record_name,
    short,
    side_names,
    signed,
    subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.waterfall import Bar, End, label_size, waterfall, written

BAR: Final = 0.56
NAME_ON_AXIS: Final = 30


def draw_waterfall(frames: Frames, scene: Scene) -> Drawing:
    """Return the waterfall; its title says how much of the gap is explained."""
    frame = frames["mirror_split"]
    if frame.empty:
        return nothing(scene)
    words = scene.words
    margin = words.value(scene.framework.framework.cif_fob_margin, "share")
    return Drawing(
        figure=gap_waterfall(frame, scene),
        title=_finding(frame, scene),
        subtitle=subtitle(frame, scene),
        note=words("mirror.waterfall_note", margin=margin),
    )


def _finding(frame: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    gap = float(frame["part_usd"].sum())
    if abs(gap) < 0.5:
        return words("mirror.no_gap")
    largest = str(frame["part"].to_numpy()[frame["part_usd"].abs().to_numpy().argmax()])
    is_importers = (gap > 0) == (scene.selection.flow != "M")
    return words(
        "mirror.importer_higher" if is_importers else "mirror.exporter_higher",
        amount=words.value(abs(gap), "usd"),
        part=words(f"mirror.part.{largest}").lower(),
    )


def gap_waterfall(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a row per record and part: dots for records, floating bars for parts."""
    words = scene.words
    colours = part_colours(scene.palette)
    parts = rows(frame)
    ours, theirs = (
        End(
            float(value),
            short(record_name(side, scene, is_ours=is_ours), NAME_ON_AXIS),
            tooltip(
                short(record_name(side, scene, is_ours=is_ours), NAME_ON_AXIS),
                words.value(float(value), "usd"),
            ),
            symbol,
        )
        for value, side, is_ours, symbol in zip(
            (parts[0].reported_usd, parts[0].mirrored_usd),
            side_names(frame, scene),
            (True, False),
            ("circle", "diamond-open"),
            strict=True,
        )
    )
    bars = [
        Bar(row.part_usd, words(f"mirror.part.{row.part}"), _story(row, scene), colours[row.part])
        for row in parts
    ]
    return waterfall(
        scene,
        ours,
        bars,
        theirs,
        names=("parts", "records"),
        right=label_size(scene) * 14,
        annotations=_values(parts, (ours.value, theirs.value), scene),
        top=0.9,
        bar=BAR,
    )


def _values(parts: list[Any], records: tuple[float, float], scene: Scene) -> list[dict[str, Any]]:
    """Return two columns at the right: the net part, and what moves both ways."""
    words, soft, size = scene.words, scene.palette.soft_ink, label_size(scene)
    first, second = size * 6.6, size * 13.6
    found = [
        written(scene, -0.7, words("mirror.net"), first, soft),
        written(scene, -0.7, words("mirror.both_ways"), second, soft),
        written(scene, 0, words.value(records[0], "usd"), first),
        written(scene, len(parts) + 1, words.value(records[1], "usd"), first),
    ]
    for place, row in enumerate(parts, start=1):
        gross = row.raised_usd - row.lowered_usd
        gross = gross if gross >= 0.5 else 0.0
        found.append(written(scene, place, signed(row.part_usd, scene), first))
        found.append(written(scene, place, words.value(gross, "usd"), second, soft))
    return found


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        words(f"mirror.part.{row.part}"),
        signed(row.part_usd, scene),
        words("mirror.raised", amount=words.value(row.raised_usd, "usd")),
        words("mirror.lowered", amount=words.value(-row.lowered_usd, "usd")),
        words(f"mirror.means.{row.part}"),
    )
