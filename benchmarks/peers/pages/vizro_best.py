"""Vizro at its best: the data manager keeps what it loaded, orjson writes, gunicorn serves."""

from flask_caching import Cache
from vizro.managers import data_manager

from benchmarks.peers.pages.vizro_page import build

data_manager.cache = Cache(config={"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 3600})
server = build().dash.server
