"""The central warehouse: its schema, its engines, and how data gets into it."""
