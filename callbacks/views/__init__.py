"""The views: each module declares one view, its panels and its named frames."""
