"""Fixtures for every kind of test: sample warehouses, PostgreSQL, shared data, the real server.

They start programs lazily: a unit test that asks for none of them starts nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT / ".." / "shared" / "data"
GUNICORN_CONFIG = ROOT / "tools" / "run" / "gunicorn_conf.py"
DRIVER = "postgresql+psycopg"
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 15.0

# The same examples on every run: a failure that comes and goes tells nobody anything.
settings.register_profile("project", deadline=None, derandomize=True, database=None)
settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need, so that ``-m`` can choose among them."""
    for item in items:
        for folder in ("browser", "contract"):
            if (ROOT / "tests" / folder) in item.path.parents:
                item.add_marker(folder)
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("data")


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout under test."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the shared data sets; without it CI fails and a developer's run skips."""
    folder = SHARED_DATA.resolve()
    if not folder.is_dir():
        problem = f"the shared data are not at {folder}"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    return folder


def _project_environment(**changes: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **changes}


def _end(process: subprocess.Popen[str]) -> None:
    """End a program that this session started, by its own process id."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# --- PostgreSQL --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL that may create databases: TEST_DATABASE_URL, else a private one."""
    if given := os.environ.get("TEST_DATABASE_URL", "").strip():
        yield make_url(given).set(drivername=DRIVER).render_as_string(hide_password=False)
        return
    log = tmp_path_factory.mktemp("postgres") / "keeper.log"
    with log.open("w", encoding="utf-8") as errors:
        keeper = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.support.postgres_keeper"],
            env=_project_environment(),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl-C reaches the tests first, and they close the pipe
        )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        address = keeper.stdout.readline().strip()
        if not address:
            pytest.fail(f"the private PostgreSQL did not start:\n{log.read_text()}")
        yield make_url(address).set(drivername=DRIVER).render_as_string(hide_password=False)
    finally:
        keeper.stdin.close()
        keeper.stdout.close()
        try:
            keeper.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            _end(keeper)


@contextmanager
def _private_database(server_url: str, purpose: str) -> Iterator[str]:
    """Create an empty database with a name of its own, and drop it at the end."""
    url = make_url(server_url)
    name = f"wco_{purpose}_{uuid.uuid4().hex[:12]}"
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def run(statement: sql.Composed) -> None:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement)

    run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_url(postgres_server_url: str) -> Iterator[str]:
    """SQLAlchemy's address of an empty PostgreSQL database that lives as long as the session."""
    with _private_database(postgres_server_url, "test") as url:
        yield url


@pytest.fixture
def fresh_postgres_url(postgres_server_url: str) -> Iterator[str]:
    """SQLAlchemy's address of an empty PostgreSQL database for this one test."""
    with _private_database(postgres_server_url, "fresh") as url:
        yield url


# --- Sample warehouses -------------------------------------------------------------------------


def _build_sample(url: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "dashboard.warehouse", "sample", "--scale", "small"],
        env=_project_environment(WAREHOUSE_URL=url),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"the sample warehouse could not be built:\n{done.stdout}\n{done.stderr}")


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a small sample warehouse in DuckDB; nobody may write it."""
    folder = tmp_path_factory.mktemp("warehouse")
    path = folder / "warehouse.duckdb"
    _build_sample(f"duckdb:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def sample_warehouse_url(sample_warehouse: Path) -> str:
    """SQLAlchemy's address of ``sample_warehouse``."""
    return f"duckdb:///{sample_warehouse}"


@pytest.fixture(scope="session")
def postgres_warehouse(
    postgres_server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """SQLAlchemy's address of the same small sample warehouse in PostgreSQL."""
    with _private_database(postgres_server_url, "sample") as url:
        _build_sample(url, tmp_path_factory.mktemp("postgres-warehouse"))
        yield url


# --- The real server ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A running dashboard: its address, its warehouse, and what it has logged."""

    url: str
    warehouse_url: str
    pid: int
    log_path: Path

    def log(self) -> str:
        """Return all that the server has written."""
        return self.log_path.read_text(encoding="utf-8")


READY = "Dashboard ready at "


def _ready_address(process: subprocess.Popen[str], log: Path) -> str:
    """Wait for the address that a worker prints once its own first page is served."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            if line.startswith(READY):
                return line.removeprefix(READY).split()[0]
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def _wait_until_healthy(url: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            with error:
                problem = f"{error.code}: {error.read()[:500]!r}"
        except OSError as error:
            problem = str(error)
        if time.monotonic() > deadline:
            pytest.fail(f"{url}/healthz did not answer 200; last: {problem}")
        time.sleep(0.1)


@contextmanager
def running_server(warehouse_url: str, folder: Path, **environment: str) -> Iterator[Server]:
    """Serve a warehouse as ``./run`` does, on a free loopback port, and stop at the end."""
    log = folder / "server.log"
    command = [sys.executable, "-P", "-m", "gunicorn", "--config", str(GUNICORN_CONFIG)]
    # With setpriv the system ends the server if the tests are killed.
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command, "--bind", "127.0.0.1:0", "app:server"],
            env=_project_environment(WAREHOUSE_URL=warehouse_url, **environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        url = _ready_address(process, log)
        _wait_until_healthy(url)
        yield Server(url, warehouse_url, process.pid, log)
    finally:
        _end(process)


@pytest.fixture(scope="session")
def server(sample_warehouse_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real application under gunicorn, on the small sample warehouse."""
    with running_server(sample_warehouse_url, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def start_server() -> Callable[..., object]:
    """``running_server``, for a test that needs a server or a warehouse of its own.

    ``with start_server(warehouse_url, folder, CACHE_MEGABYTES="0") as server: ...``
    """
    return running_server
