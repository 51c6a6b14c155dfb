"""Serves the stylesheet that comes from an installed package.

Bootstrap's css is not copied into the project; it is taken from the wheel
that carries it, under an address with its version so that it can be cached
for good.
"""

from __future__ import annotations

import importlib.metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import flask

from dashboard.errors import ConfigError

BOOTSTRAP_PATH: Final = f"/vendor/{importlib.metadata.version('bootstrap-flask')}/bootstrap.min.css"


def register(server: flask.Flask) -> None:
    """Attach the route."""

    @server.get(BOOTSTRAP_PATH)
    def give_bootstrap() -> flask.Response:
        response = flask.send_file(_bootstrap_css(), mimetype="text/css", conditional=True)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _bootstrap_css() -> Path:
    spec = find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise ConfigError("The package bootstrap-flask is missing.", remedy="Run ./run again.")
    return Path(spec.origin).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
