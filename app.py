"""Composition root: builds the app from its settings."""

from __future__ import annotations

import os

from callbacks import build_app
from dashboard.config import Config

app = build_app(Config.from_environment(os.environ))
server = app.server
