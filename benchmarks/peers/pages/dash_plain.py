"""Dash as its tutorial does: a callback per graph, Plotly's figure objects, its own server."""

import os

import plotly.graph_objects as go
import plotly.io
from dash import Dash, Input, Output, callback, dcc, html

from benchmarks.peers.pages import data
from benchmarks.peers.pages.figures import CHARTS, figure

plotly.io.json.config.default_engine = "json"  # what Plotly does without orjson
app = Dash(__name__)
app.layout = html.Div(
    [
        dcc.RadioItems(data.regions(), data.EVERYWHERE, id="region", inline=True),
        html.Div(
            [dcc.Graph(id=chart) for chart in CHARTS],
            style={"display": "grid", "gridTemplateColumns": "repeat(3, minmax(0, 1fr))"},
        ),
    ]
)


def answer(chart: str) -> None:
    """Have a graph answer to the control."""

    @callback(Output(chart, "figure"), Input("region", "value"))
    def draw(region: str) -> go.Figure:
        return go.Figure(figure(chart, data.ask(chart, region)))


for one in CHARTS:
    answer(one)
app.run(host="127.0.0.1", port=os.environ["PEERS_PORT"])
