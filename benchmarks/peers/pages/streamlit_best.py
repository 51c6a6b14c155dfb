"""Streamlit at its best: a fragment runs again, rows and figures are kept, charts have keys."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from benchmarks.peers.pages import data
from benchmarks.peers.pages.figures import CHARTS, figure

st.set_page_config(layout="wide")


@st.cache_resource
def names() -> dict[str, str]:
    """Return the regions; with them, once, the connection is opened."""
    return data.regions()


@st.cache_data
def rows(chart: str, region: str) -> pd.DataFrame:
    """Return the rows of a chart."""
    return data.ask(chart, region)


@st.cache_resource
def drawn(chart: str, region: str) -> go.Figure:
    """Return the figure of a chart; shared by all sessions, none changes it."""
    return go.Figure(figure(chart, rows(chart, region)))


@st.fragment
def panels() -> None:
    """Draw the control and the charts."""
    offered = names()
    region = st.radio("Region", list(offered), format_func=offered.__getitem__, horizontal=True)
    for row in (CHARTS[:3], CHARTS[3:]):
        for chart, column in zip(row, st.columns(3), strict=True):
            with column:
                st.plotly_chart(drawn(chart, region), theme=None, key=chart)


panels()
