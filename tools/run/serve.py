"""Serve the dashboard: find the port and the warehouse, say what is served, become gunicorn.

It never writes a warehouse that exists.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from dashboard.config import Config
from dashboard.errors import DashboardError

HOST = "127.0.0.1"
DEFAULT_PORT = 8050
GUNICORN_CONFIG = Path(__file__).with_name("gunicorn_conf.py")
DUCKDB = "duckdb:///"


def read_port(given: str | None, environment: str | None) -> int:
    """Return the port of ``--port``, else of ``PORT``, else 8050."""
    name, text = ("--port", given) if given is not None else ("PORT", (environment or "").strip())
    if not text:
        return DEFAULT_PORT
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise SystemExit(f"{name}={text!r} is not a port; give a whole number from 1 to 65535.")


def holder_of(port: int) -> str | None:
    """Return the program that listens on a port of this machine, where the system tells."""
    entries = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for line in Path(table).read_text().splitlines()[1:]
    ]
    listening = "0A"
    inodes = {
        f"socket:[{entry[9]}]"
        for entry in entries
        if entry[3] == listening and int(entry[1].rsplit(":", 1)[1], 16) == port
    }
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(handle.readlink()) in inodes for handle in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()}, process {process.name}"
        except OSError:  # another user's process, or one that has just ended
            continue
    return None


def check_port(port: int) -> None:
    """Stop with a message if nothing can listen on a port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            reason = error.strerror or str(error)
        else:
            return
    holder = holder_of(port)
    found = f"another program ({holder}) listens there" if holder else reason
    other = port + 1 if port < 65535 else DEFAULT_PORT
    raise SystemExit(
        f"Port {port} of {HOST} cannot be used: {found}. End that program, or choose another port: "
        f"./run --port {other}"
    )


def absolute(url: str) -> str:
    """Return a DuckDB address with a relative file made absolute; another address unchanged."""
    path = url.removeprefix(DUCKDB)
    return url if path == url else DUCKDB + str(Path(path).absolute())


def file_of(url: str) -> Path | None:
    """Return the file of a DuckDB address, None for another address."""
    return Path(url.removeprefix(DUCKDB)) if url.startswith(DUCKDB) else None


def warehouse_program(*arguments: str, capture: bool) -> subprocess.CompletedProcess[str]:
    """Run ``python -m dashboard.warehouse`` with the arguments."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "dashboard.warehouse", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=capture,
        text=True,
        check=False,
    )


def read_status(url: str) -> dict[str, Any] | None:
    """Return what the warehouse says of itself, or None if its file is not there.

    Raises
    ------
    SystemExit
        If there is a warehouse and it cannot be read.
    """
    file = file_of(url)
    if file is not None and not os.path.lexists(file):
        return None
    done = warehouse_program("status", "--json", capture=True)
    try:
        status = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        status = None
    if isinstance(status, dict):
        return status
    raise SystemExit(
        f"{(done.stderr or done.stdout).strip()}\nThe warehouse cannot be read (above). Mend it, "
        "name another with WAREHOUSE_URL, or see './run warehouse --help'."
    )


def describe(status: dict[str, Any]) -> str:
    """Return one line on which warehouse is served, and whether its data are real.

    Examples
    --------
    >>> describe({"warehouse": "w.duckdb", "version": "7", "is_synthetic": True, "data_on": None})
    'Warehouse: w.duckdb, version 7, SYNTHETIC sample data'
    """
    kind = "SYNTHETIC sample data" if status.get("is_synthetic", True) else "members' data"
    until = f" of {status['data_on']}" if status.get("data_on") else ""
    return f"Warehouse: {status.get('warehouse')}, version {status.get('version')}, {kind}{until}"


def ensure_warehouse(url: str) -> dict[str, Any]:
    """Return the status of the warehouse; build a sample one where there is none."""
    status = read_status(url)
    if status is None:
        print(f"No warehouse at {file_of(url)}; building a sample of synthetic data.", flush=True)
        done = warehouse_program("sample", "--scale", "standard", capture=False)
        if done.returncode != 0:
            raise SystemExit("The sample warehouse could not be built; the reason is above.")
        status = read_status(url)
    if status is None:
        raise SystemExit(f"The sample was built, yet there is no warehouse at {file_of(url)}.")
    return status


def main(arguments: list[str]) -> int:
    """Serve until told to end; this process becomes gunicorn."""
    parser = argparse.ArgumentParser(prog="./run", description="Serve the dashboard.")
    parser.add_argument("--port", metavar="N", help=f"port on {HOST} (default: $PORT or 8050)")
    port = read_port(parser.parse_args(arguments).port, os.environ.get("PORT"))
    check_port(port)
    try:
        url = absolute(Config.from_environment(os.environ).warehouse_url)
    except DashboardError as error:
        raise SystemExit(str(error)) from error
    os.environ["WAREHOUSE_URL"] = url
    print(describe(ensure_warehouse(url)), flush=True)
    command = [sys.executable, "-P", "-m", "gunicorn", "--config", str(GUNICORN_CONFIG)]
    os.execv(sys.executable, [*command, "--bind", f"{HOST}:{port}", "app:server"])
