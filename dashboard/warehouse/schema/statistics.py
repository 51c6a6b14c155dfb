"""Statistics that cost too much for a request: built once per generation, at publication."""

from __future__ import annotations
