"""The key result that a check-in is about."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import rows
from layouts.panels import Frames
from layouts.scene import Scene

CHECK_IN_PATH: Final = "/check-in"


def chosen_result(frames: Frames, scene: Scene) -> Any | None:
    """Return the row of ``key_results`` that is chosen.

    Without a choice it is the one of the chosen tactic, or of all, whose check-in is due first;
    None if the framework declares no key result.
    """
    results, due = frames["key_results"], frames["check_ins_due"]
    name = scene.chosen.result
    if name is None:
        own = due[due["tactic_id"] == scene.chosen.tactic] if scene.chosen.tactic else due
        first = own if len(own) else due
        name = None if first.empty else str(first["key_result_id"].iloc[0])
    found = rows(results[results["key_result_id"] == name])
    return found[0] if found else None


def result_name(row: Any, scene: Scene) -> str:
    """Name of a key result in the scene's language."""
    return str(getattr(row, f"name_{scene.words.language}"))


def of_result(reports: pd.DataFrame, result: Any) -> pd.DataFrame:
    """Return the check-ins on a key result, newest first."""
    name = str(result.key_result_id)
    return reports[reports["key_result_id"] == name]
