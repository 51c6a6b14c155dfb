"""The shape of the checkout: what design.md fixes and no other tool checks."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("callbacks", "dashboard", "layouts", "queries")
FOLDERS = {"assets", *PACKAGES, "tests", "docs", "tools", "benchmarks", "examples", "changes"}
FILES = {
    "app.py",
    "LICENSE",
    "pyproject.toml",
    "README.md",
    "requirements-test.lock",
    "requirements-uv.lock",
    "requirements.lock",
    "run",
}
MOST_LINES_OF_APP = 40
MOST_LINES = 400

# Modules over 400 lines, each with the reason why it is not two modules.
LONG_MODULES: dict[str, str] = {
    "dashboard/selection.py": "the selection, its URL form and its reducer change together",
    "dashboard/stats/timeliness.py": "half of it is documentation: formulas, sources, examples",
    "dashboard/stats/training_effect.py": "half of it is documentation; estimates share the pairs",
}

# `dashboard.stats` is arrays in, arrays out.
STATS_MAY_IMPORT = {"numpy", "pandas", "scipy", *sys.stdlib_module_names}


def modules() -> list[Path]:
    """Every module of the product, as a path below the root, sorted."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in [*found, *ROOT.glob("*.py")])


def tree(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=str(module))


def imported(module: Path) -> Iterator[str]:
    """The absolute names that a module imports."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("name", ["app", *PACKAGES])
def test_top_level_name_resolves_inside_the_checkout(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None, f"{name} has no __init__.py: another package would win"
    assert ROOT in Path(spec.origin).parents


def test_app_is_a_composition_root_of_forty_lines() -> None:
    lines = (ROOT / "app.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES_OF_APP


def test_app_reaches_the_database_only_through_the_other_packages() -> None:
    names = {name.split(".")[0] for name in imported(Path("app.py"))}
    assert names & {"duckdb", "duckdb_sqlalchemy", "psycopg", "sqlalchemy"} == set()


def test_nothing_imports_the_composition_root() -> None:
    others = [module for module in modules() if module.name != "app.py"]
    assert [str(module) for module in others if "app" in set(imported(module))] == []


def committed_names() -> set[str]:
    """The top-level names that git tracks, without the hidden ones."""
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return {name for name in listed.stdout.split() if not name.startswith(".")}


def test_top_level_holds_only_what_the_design_names() -> None:
    assert sorted(committed_names() - FOLDERS - FILES) == []


def test_top_level_holds_all_that_the_design_names() -> None:
    needed = {*FILES, *PACKAGES, "assets", "tests", "docs"}
    assert sorted(name for name in needed if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("*.lock")))
def test_lock_names_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_test_lock_pins_everything_of_the_runtime_lock_alike() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.split(" ")[0] for line in lines if line[:1].isalnum() and "==" in line}

    assert pins("requirements.lock") - pins("requirements-test.lock") == set()


@pytest.mark.parametrize("module", modules(), ids=str)
def test_module_is_short_or_has_a_reason(module: Path) -> None:
    count = len((ROOT / module).read_text(encoding="utf-8").splitlines())
    name = module.as_posix()
    if name in LONG_MODULES:
        assert count > MOST_LINES, f"{name} is short again: take it off the list"
    else:
        assert count <= MOST_LINES, "divide it, or give a reason in LONG_MODULES"


def literal_ids(module: Path) -> list[str]:
    """Where a component gets a literal id: ``id="..."``, ``id={...: "..."}``, ``Input("...")``."""
    places = []
    for node in ast.walk(tree(module)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        values = [keyword.value for keyword in node.keywords if keyword.arg == "id"]
        if name in {"Input", "Output", "State"} and node.args:
            values.append(node.args[0])
        for value in values:
            is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
            if is_text or isinstance(value, ast.JoinedStr | ast.Dict):
                places.append(f"{module}:{value.lineno}")
    return places


@pytest.mark.parametrize(
    "module", [m for m in modules() if m.parts[0] not in {"dashboard", "queries"}], ids=str
)
def test_component_ids_come_from_the_catalogue_of_ids(module: Path) -> None:
    assert literal_ids(module) == []


def test_literal_ids_are_found_where_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = 'Input("a", "value")\nhtml.Div(id="b")\nhtml.Div(id={"type": "c"})\nhtml.Div(id=ids.D)'
    (tmp_path / "view.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert literal_ids(Path("view.py")) == ["view.py:1", "view.py:2", "view.py:3"]


@pytest.mark.parametrize(
    "module", [m for m in modules() if m.parts[:2] == ("dashboard", "stats")], ids=str
)
def test_stats_imports_only_numerical_libraries(module: Path) -> None:
    others = {
        name
        for name in imported(module)
        if name.split(".")[0] not in STATS_MAY_IMPORT
        and name.split(".")[:2] != ["dashboard", "stats"]
    }
    assert others == set()


@pytest.mark.parametrize("module", modules(), ids=str)
def test_module_neither_leaves_work_undone_nor_hides_in_a_vague_name(module: Path) -> None:
    marks = ("TO" + "DO", "FIX" + "ME")
    text = (ROOT / module).read_text(encoding="utf-8")
    assert [mark for mark in marks if mark in text] == []
    assert module.name not in {"utils.py", "helpers.py", "common.py"}
