"""Vizro as its tutorial does: dynamic data through the data manager, which keeps nothing."""

import os

import plotly.io

from benchmarks.peers.pages.vizro_page import build

plotly.io.json.config.default_engine = "json"  # what Plotly does without orjson
build().run(host="127.0.0.1", port=int(os.environ["PEERS_PORT"]))
