"""What a scoring run holds, and how its results are computed again from that alone.

Frames in, plain values out. It must not read a warehouse or a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.framework import Framework
from dashboard.incentive_values import SHOWN_SPANS
from dashboard.measures import METHOD_VERSION
from dashboard.pillar_scores import PILLAR_COLUMNS
from dashboard.ranking import DRAWS, RANKING_COLUMNS, SEED, rank_members
from dashboard.score_record import Content, sha256
from dashboard.selection import Selection

KEYS: Final = ("member_iso3", "span")
GIVEN: Final = ("override", "peer_group", "peer_rank", "peer_count")
"""Columns of the ranking that people gave or that compare with peers: no result of a run."""

TEXTS: Final = frozenset(
    {"member_iso3", "region_id", "span", "standing", "tier", "pillars_missing"}
)


def run_content(
    pillars: pd.DataFrame,
    ranking: pd.DataFrame,
    selection: Selection,
    framework: Framework,
    facts: Mapping[str, str],
) -> Content:
    """Return what a run keeps.

    Parameters
    ----------
    pillars, ranking : DataFrame
        The frames of those names.
    selection : Selection
        Resolved; what they were computed for.
    framework : Framework
        Of the generation.
    facts : mapping of str to str
        ``warehouse_info`` of the generation.

    Returns
    -------
    mapping
        Inputs and results by member, and everything that they depend on.
    """
    text = framework.model_dump_json()
    assert selection.as_of is not None
    return {
        "generation": facts["version"],
        "data_on": facts["data_on"],
        "is_synthetic": facts["is_synthetic"] == "true",
        "framework": {
            "id": framework.framework.id,
            "version": framework.framework.version,
            "sha256": sha256(text),
            "text": text,
        },
        "method": METHOD_VERSION,
        "seed": SEED,
        "draws": DRAWS,
        "selection": {
            "first": selection.first,
            "last": selection.last,
            "as_of": selection.as_of.isoformat(),
        },
        "scheme": {
            "weights": dict(selection.weights),
            "aggregation": selection.aggregation,
            "normalisation": selection.normalisation,
        },
        "inputs": inputs_of(pillars),
        "results": results_of(ranking),
    }


def inputs_of(pillars: pd.DataFrame) -> dict[str, Any]:
    """Return the pillars by member and span.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars``.

    Returns
    -------
    dict
        Member to span to column to value.
    """
    found: dict[str, Any] = {}
    for row in _plain_rows(pillars):
        values = {name: value for name, value in row.items() if name not in KEYS}
        found.setdefault(str(row["member_iso3"]), {})[str(row["span"])] = values
    return found


def results_of(ranking: pd.DataFrame) -> dict[str, Any]:
    """Return the ranking by member.

    Parameters
    ----------
    ranking : DataFrame
        The frame ``ranking``.

    Returns
    -------
    dict
        Member to column to value, without what people gave.
    """
    return {
        str(row["member_iso3"]): {
            name: value
            for name, value in row.items()
            if name != "member_iso3" and name not in GIVEN
        }
        for row in _plain_rows(ranking)
    }


def _plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {
        str(name): [None if pd.isna(value) else _plain(value) for value in frame[name].tolist()]
        for name in frame.columns
    }
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def ranked_again(content: Content) -> dict[str, Any]:
    """Compute a run's results from the inputs that it keeps.

    Parameters
    ----------
    content : mapping
        Of a run.

    Returns
    -------
    dict
        As :func:`results_of`.

    Raises
    ------
    ValueError, KeyError, TypeError
        If what it keeps is no run's.
    """
    framework = Framework.model_validate_json(content["framework"]["text"])
    rows = [
        {"member_iso3": member, "span": span, **values}
        for span in SHOWN_SPANS
        for member, spans in sorted(content["inputs"].items())
        if (values := spans.get(span)) is not None
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in PILLAR_COLUMNS])
    kinds = {name: "str" if name in TEXTS else "float64" for name in frame.columns}
    scheme = content["scheme"]
    # No weights are kept of a scheme whose weights follow from the scores.
    ranking = rank_members(
        frame.astype(kinds), scheme["weights"] or None, scheme["aggregation"], framework
    )
    return results_of(
        ranking[[column.name for column in RANKING_COLUMNS if column.name in ranking]]
    )
