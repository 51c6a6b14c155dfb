"""Settings of gunicorn: 2 workers of 4 threads, each tried before it serves.

It is read as a file (``gunicorn --config``), so it imports nothing of the project.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from werkzeug.test import Client

chdir = str(Path(__file__).resolve().parents[2])
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # imported once; nothing is opened before a worker's first request
graceful_timeout = 3  # seconds; a live event stream never ends by itself
keepalive = 30  # seconds
loglevel = "warning"
control_socket_disable = True  # its default place is in the home folder, shared by all servers

WARM_UP = ("/", "/_dash-layout", "/_dash-dependencies")


def post_worker_init(worker: Any) -> None:
    """Ask the application for one page in this process; fail the start if it cannot answer.

    A cold threaded worker answers 500 to some of Dash's own scripts, because Dash registers them
    while it writes the first page.
    """
    host, port = worker.sockets[0].getsockname()[:2]
    address = f"http://{host}:{port}"
    client = Client(worker.wsgi)
    for path in WARM_UP:
        response = client.get(path, base_url=address)
        status = response.status_code
        response.close()
        if status != 200:
            raise RuntimeError(f"{path} answered {status} to this worker's own first request.")
    # What is here now stays; looking through it all for garbage would hold up an answer.
    gc.collect()
    gc.freeze()
    if worker.age == 1:
        print(f"Dashboard ready at {address} (Ctrl-C ends it)", flush=True)
