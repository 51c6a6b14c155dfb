"""Benchmarks: run by ``./run bench``; none of them is a timed test."""
