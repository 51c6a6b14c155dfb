"""Components and figures: frames and a scene in, plain dicts and Dash components out.

Nothing here reads data.
"""
