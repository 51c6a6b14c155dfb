"""Streamlit as its tutorial does: a script from top to bottom, run again at each choice."""

import plotly.graph_objects as go
import plotly.io
import streamlit as st

from benchmarks.peers.pages import data
from benchmarks.peers.pages.figures import CHARTS, figure

plotly.io.json.config.default_engine = "json"  # what Plotly does without orjson
st.set_page_config(layout="wide")
names = data.regions()
region = st.radio("Region", list(names), format_func=names.__getitem__, horizontal=True)
for row in (CHARTS[:3], CHARTS[3:]):
    for chart, column in zip(row, st.columns(3), strict=True):
        with column:
            st.plotly_chart(go.Figure(figure(chart, data.ask(chart, region))))
