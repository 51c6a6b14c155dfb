"""The page in Vizro; its two rounds differ in what is kept and in how it is served."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
import vizro.models as vm
from vizro import Vizro
from vizro.managers import data_manager
from vizro.models.types import capture

from benchmarks.peers.pages import data
from benchmarks.peers.pages.figures import CHARTS, figure


@capture("graph")
def drawn(data_frame: pd.DataFrame, chart: str) -> go.Figure:
    """Return a chart's figure."""
    return go.Figure(figure(chart, data_frame))


def loader(chart: str) -> Callable[..., pd.DataFrame]:
    """Return the function that loads the rows of a chart."""

    def load(region: str = data.EVERYWHERE) -> pd.DataFrame:
        return data.ask(chart, region)

    load.__name__ = f"load_{chart}"
    return load


def build() -> Vizro:
    """Return the page: six graphs and one parameter of their dynamic data."""
    for chart in CHARTS:
        data_manager[chart] = loader(chart)
    page = vm.Page(
        title="Trade and its statistics",
        layout=vm.Grid(grid=[[0, 1, 2], [3, 4, 5]], row_min_height="340px"),
        components=[
            vm.Graph(id=chart, figure=drawn(data_frame=chart, chart=chart)) for chart in CHARTS
        ],
        controls=[
            vm.Parameter(
                targets=[f"{chart}.data_frame.region" for chart in CHARTS],
                selector=vm.RadioItems(
                    title="Region",
                    options=[{"label": n, "value": key} for key, n in data.regions().items()],
                    value=data.EVERYWHERE,
                ),
            )
        ],
    )
    return Vizro().build(vm.Dashboard(pages=[page]))
