from __future__ import annotations

import re
from pathlib import Path

from benchmarks.peers.contenders import BEST, PLAIN, contenders
from benchmarks.peers.environment import REQUIREMENTS, versions
from benchmarks.peers.table import Clicks, peer_lines
from benchmarks.table import replace_part

PRODUCT_LOCK = Path(__file__).resolve().parents[3] / "requirements.lock"


def pins(path: Path) -> dict[str, str]:
    """Return the pinned versions of a file of requirements."""
    found = re.findall(r"^([\w.-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(found)


def test_ratio_is_of_medians_to_the_last_line_of_the_same_table() -> None:
    measured = [
        Clicks("Streamlit", PLAIN, [9000.0], [1000.0, 1200.0, 1400.0]),
        Clicks("Dash", PLAIN, [9000.0], [600.0, 600.0, 600.0]),
        Clicks("Dash", BEST, [400.0], [300.0, 300.0]),
        Clicks("Ours", BEST, [200.0], [150.0, 250.0]),
    ]
    lines = peer_lines(measured, ["2 cores"])
    assert lines[0] == "- 2 cores"
    assert "| Streamlit | 1,200 | 1,400 | 3 | 2.00 |" in lines
    assert "| Dash | 600 | 600 | 3 | 1.00 |" in lines
    assert "| Dash | 400 | 400 | 1 | 2.00 |" in lines
    assert "| Dash | 300 | 300 | 2 | 1.50 |" in lines
    assert not any("9,000" in line for line in lines)


def test_table_of_pages_that_were_not_measured_is_left_out() -> None:
    lines = peer_lines([Clicks("Dash", PLAIN, [1.0], [2.0])], [])
    assert [line for line in lines if line.startswith("###")] == ["### Same charts, plain"]


def test_part_is_written_between_its_marks_alone(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(
        "# Performance\n\n<!-- measured peers: begin --><!-- measured peers: end -->\nx"
    )
    for word in ("one", "two"):
        replace_part(page, "peers", [word])
    text = page.read_text(encoding="utf-8")
    assert "one" not in text
    assert text.endswith("\n\ntwo\n\n<!-- measured peers: end -->\nx")


def test_pages_are_made_with_the_products_versions_of_what_both_use() -> None:
    ours, theirs = pins(PRODUCT_LOCK), pins(REQUIREMENTS)
    same = ("dash", "plotly", "pandas", "duckdb", "gunicorn", "orjson")
    assert {name: theirs[name] for name in same} == {name: ours[name] for name in same}
    assert versions(("plotly",)) == f"plotly {ours['plotly']}"


def test_requirements_name_no_address() -> None:
    assert "://" not in REQUIREMENTS.read_text(encoding="utf-8")


def test_every_framework_stands_in_both_rounds_and_the_product_last() -> None:
    everyone = contenders(Path("python"))
    assert [(one.name, one.part) for one in everyone[:-1]] == [
        (name, part) for part in (PLAIN, BEST) for name in ("Streamlit", "Vizro", "Dash")
    ]
    assert everyone[-1].part == BEST
    assert all("127.0.0.1" in " ".join(one.command) for one in everyone if one.part == BEST)
