"""How cost grows with the data: publication, panels, queries at 1, 10 and 100 million rows."""
