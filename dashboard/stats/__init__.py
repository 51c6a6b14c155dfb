"""Hold the statistics of the dashboard: arrays in, arrays out.

Nothing here may import Dash, SQLAlchemy or another package of the project.
"""
