"""The stylesheet is whole: a brace that is not closed hides all rules after it on wide screens."""

from __future__ import annotations

import re
from pathlib import Path


def test_every_block_is_closed_before_the_next_rule_of_the_top_level(project_root: Path) -> None:
    text = (project_root / "assets" / "app.css").read_text(encoding="utf-8")
    bare = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    depth, nested = 0, []
    for number, line in enumerate(bare.split("\n"), start=1):
        if depth and line and line[0] not in " }":
            nested.append(f"{number}: {line}")
        depth += line.count("{") - line.count("}")
    assert nested == []
    assert depth == 0
