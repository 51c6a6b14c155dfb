"""Dash at its best: one callback for all graphs, plain dictionaries, orjson, kept answers."""

from typing import Any

from dash import Dash, Input, Output, callback, dcc, html
from flask import Response, request

from benchmarks.peers.pages import data
from benchmarks.peers.pages.figures import CHARTS, figure

UPDATES = "/_dash-update-component"

app = Dash(__name__)
server = app.server
app.layout = html.Div(
    [
        dcc.RadioItems(data.regions(), data.EVERYWHERE, id="region", inline=True),
        html.Div(
            [dcc.Graph(id=chart) for chart in CHARTS],
            style={"display": "grid", "gridTemplateColumns": "repeat(3, minmax(0, 1fr))"},
        ),
    ]
)
kept: dict[bytes, bytes] = {}


@callback([Output(chart, "figure") for chart in CHARTS], Input("region", "value"))
def draw(region: str) -> list[dict[str, Any]]:
    """Return all six figures."""
    return [figure(chart, data.ask(chart, region)) for chart in CHARTS]


@server.before_request
def known() -> Response | None:
    """Return the answer to a question that was asked before."""
    if request.path == UPDATES and (body := kept.get(request.get_data())) is not None:
        return Response(body, mimetype="application/json")
    return None


@server.after_request
def keep(response: Response) -> Response:
    """Keep an answer."""
    if request.path == UPDATES and response.status_code == 200:
        kept[request.get_data()] = response.get_data()
    return response
