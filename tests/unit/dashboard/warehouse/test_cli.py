"""The command line: what each command prints, changes, refuses and returns."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.warehouse import cli
from dashboard.warehouse.arguments import (
    FOUND,
    INTERRUPTED,
    OK,
    REFUSED,
    TROUBLE,
    USAGE,
    parser,
)
from dashboard.warehouse.sample import SCALES, Scale
from tests.support.trade_files import FRAMEWORK, csv_text, row, write

Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a framework, a good file and a bad one, and no warehouse yet."""
    monkeypatch.setenv("WAREHOUSE_URL", f"duckdb:///{tmp_path / 'w.duckdb'}")
    write(tmp_path / "framework.toml", FRAMEWORK)
    write(tmp_path / "good.csv", csv_text([row(), row(partnerCode="0")]))
    write(tmp_path / "doubtful.csv", csv_text([row(period="202302"), row(cmdCode="00")]))
    write(tmp_path / "broken.csv", csv_text([row(period="202303")]) + '"')
    return tmp_path


@pytest.fixture
def run(place: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; file names are of ``place``."""

    def call(*arguments: str) -> tuple[int, str, str]:
        named = [str(place / one) if (place / one).is_file() else one for one in arguments]
        code = cli.main(named)
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def status(run: Run) -> dict[str, Any]:
    code, out, _ = run("status", "--json")
    assert code == OK
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty warehouse, which is copied for each test."""
    folder = tmp_path_factory.mktemp("created")
    declared = folder.with_suffix(".toml")
    write(declared, FRAMEWORK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_URL", f"duckdb:///{folder / 'w.duckdb'}")
        assert cli.main(["create", "--framework", str(declared)]) == OK
    return folder


@pytest.fixture
def made(run: Run, place: Path, created: Path) -> Run:
    shutil.copytree(created, place, symlinks=True, dirs_exist_ok=True)
    return run


def test_status_tells_what_was_loaded(made: Run, place: Path) -> None:
    empty = status(made)
    assert (empty["trade_rows"], empty["submissions"], empty["is_synthetic"]) == (0, 0, False)
    code, out, _ = made("load", "good.csv", "--received-at", "2023-03-05")
    assert code == OK
    assert "2 rows read = 1 loaded + 1 control totals + 0 findings" in out
    full = status(made)
    assert set(full) >= {
        *("warehouse", "version", "is_synthetic", "data_on", "collections", "submissions"),
        "trade_rows",
    }
    assert (full["trade_rows"], full["submissions"], full["data_on"]) == (1, 1, "2023-03-05")
    assert full["version"] != empty["version"]
    assert full["version"] in out
    assert full["collections"] == [
        {
            "collection": "monthly",
            "submissions": 1,
            "members": 1,
            "first_period": 202301,
            "last_period": 202301,
        }
    ]


def test_loading_again_publishes_nothing(made: Run) -> None:
    made("load", "good.csv")
    before = status(made)["version"]
    code, out, _ = made("load", "good.csv")
    assert (code, status(made)["version"]) == (OK, before)
    assert "Nothing was published." in out


def test_check_prints_the_report_of_load_and_publishes_nothing(made: Run) -> None:
    before = status(made)
    code, checked, _ = made("check", "doubtful.csv", "--json")
    assert code == FOUND
    assert status(made) == before
    code, loaded, _ = made("load", "doubtful.csv", "--json")
    assert code == OK
    one, other = json.loads(checked), json.loads(loaded)
    assert one.pop("version") is None
    assert other.pop("version") == status(made)["version"]
    assert one == other


def test_check_of_a_clean_file_is_ok(made: Run) -> None:
    assert made("check", "good.csv")[0] == OK


def test_refused_file_is_told_and_the_others_are_loaded(made: Run) -> None:
    code, out, _ = made("load", "broken.csv", "good.csv")
    assert code == REFUSED
    assert "broken.csv: refused" in out
    assert status(made)["submissions"] == 1


def test_files_of_one_load_are_one_publication(made: Run, place: Path) -> None:
    made("load", "good.csv", "doubtful.csv")
    assert len(list(place.glob("w-*.duckdb"))) == 2
    assert status(made)["submissions"] == 2


def test_log_indicators_and_check_in_are_published(made: Run, place: Path) -> None:
    write(
        place / "log.csv", "member,collection,period,received_at\nNAM,monthly,202301,2023-03-05\n"
    )
    write(place / "s.csv", "member,year,indicator,value,source\nNAM,2018,spi_overall,5,x\n")
    assert made("log", "log.csv")[0] == OK
    assert status(made)["data_on"] == "2023-03-05"
    code, out, _ = made("indicators", "s.csv", "--json")
    assert (code, json.loads(out)["version"]) == (OK, status(made)["version"])
    assert made("check-in", "s.csv")[0] == REFUSED
    assert made("activity", "none.csv")[0] == REFUSED


def test_verify_reads_every_row(made: Run) -> None:
    made("load", "good.csv")
    code, out, _ = made("verify", "--json")
    report = json.loads(out)
    assert (code, report["is_ok"], report["problems"]) == (OK, True, [])
    assert report["row_counts"]["fct_trade"] == 1


def test_real_warehouse_is_not_replaced_by_accident(made: Run) -> None:
    for command in (("create",), ("sample", "--scale", "small")):
        code, _, err = made(*command)
        assert code == TROUBLE
        assert "--replace" in err


def test_sample_and_real_data_replace_each_other_only_when_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = Scale("small", lines=620, least_exports=1, least_imports=2, years=1)
    monkeypatch.setitem(SCALES, "small", tiny)
    code, out, _ = run("sample", "--scale", "small", "--today", "2024-06-30")
    assert code == OK
    assert "synthetic" in out
    before = status(run)
    assert (before["is_synthetic"], before["data_on"]) == (True, "2024-06-30")
    code, _, err = run("load", "good.csv")
    assert (code, status(run)) == (TROUBLE, before)
    assert "--replace" in err
    code, _, _ = run("load", "good.csv", "--replace", "--framework", "framework.toml")
    after = status(run)
    assert (code, after["is_synthetic"], after["trade_rows"]) == (OK, False, 1)
    assert [one["collection"] for one in after["collections"]] == ["monthly"]


def test_no_warehouse_is_trouble(run: Run) -> None:
    code, _, err = run("status")
    assert code == TROUBLE
    assert err.startswith("python -m dashboard.warehouse: ")


def test_unknown_collection_is_wrong_usage(made: Run) -> None:
    code, _, err = made("load", "good.csv", "--collection", "weekly")
    assert code == USAGE
    assert "'weekly'" in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["load"],
        ["load", "f.csv", "--received-at", "yesterday"],
        ["load", "f.csv", "--channel", "pigeon"],
        ["sample", "--scale", "huge"],
    ],
)
def test_wrong_arguments_are_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == USAGE


def test_day_of_receipt_may_not_lie_in_the_future(made: Run) -> None:
    assert made("load", "good.csv", "--received-at", "2999-01-01")[0] == USAGE


def test_error_is_json_when_asked_for(run: Run) -> None:
    code, out, _ = run("status", "--json")
    assert code == TROUBLE
    assert set(json.loads(out)) == {"error", "accepted", "remedy"}


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for command in cli._COMMANDS:
        with pytest.raises(SystemExit) as caught:
            parser().parse_args([command, "--help"])
        assert caught.value.code == 0
        assert f"example:\n  python -m dashboard.warehouse {command}" in capsys.readouterr().out


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """A process that heeds SIGINT: whoever runs the tests in the background has it ignored."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


def interrupt_and_lose_it() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize(
    "sign",
    [
        KeyboardInterrupt(),
        RuntimeError("Query interrupted"),
        duckdb.InterruptException("stop"),
        SystemError("a function returned a result with an exception set"),
        None,
    ],
    ids=lambda sign: type(sign).__name__,
)
def test_interrupt_changes_nothing_however_it_is_told(
    made: Run, place: Path, monkeypatch: pytest.MonkeyPatch, sign: BaseException | None
) -> None:
    before = status(made)
    finish = cli.finish

    def interrupted(*arguments: Any, **named: Any) -> None:
        interrupt_and_lose_it()
        if sign is not None:
            raise sign
        finish(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(cli, "finish", interrupted)
        assert made("load", "good.csv")[0] == INTERRUPTED
    assert status(made) == before
    assert [path.name for path in place.iterdir() if "workshop" in path.name] == []


@pytest.mark.usefixtures("_interruptible")
def test_interrupt_after_the_last_step_began_comes_too_late(
    made: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = status(made)
    replace = Path.replace

    def interrupted(path: Path, target: Path) -> Path:
        if path.suffix == ".link":
            signal.raise_signal(signal.SIGINT)
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupted)
        code, out, _ = made("load", "good.csv")
    assert code == OK
    after = status(made)
    assert after["version"] != before["version"]
    assert f"Published as {after['version']}" in out


def test_errors_of_others_are_not_taken_for_interrupts(
    made: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(cli, "finish", broken)
    with pytest.raises(RuntimeError, match="Query interrupted"):
        made("load", "good.csv")


@pytest.mark.parametrize(("kind", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGKILL, -9)])
def test_killed_loader_leaves_the_old_generation_whole(
    made: Run, place: Path, kind: signal.Signals, code: int
) -> None:
    before = status(made)
    rows = [row(partnerCode=partner, period=f"2023{month:02}") for partner in range(4, 800, 4)
            for month in range(1, 10)]  # fmt: skip
    write(place / "many.csv", csv_text(rows * 60))
    loader = subprocess.Popen(
        [sys.executable, "-m", "dashboard.warehouse", "load", str(place / "many.csv")],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Whoever runs the tests in the background ignores the signal, which a child inherits.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 30
    while not list(place.glob(".w.duckdb.*.workshop")) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    loader.send_signal(kind)
    assert loader.wait(30) == code
    assert status(made) == before
    assert made("load", "good.csv")[0] == OK
    assert made("verify")[0] == OK
