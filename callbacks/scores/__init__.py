"""The command line of the record of scores: publish, override, compare, certify, verify.

It is here because a run must hold the very ranking that the screen shows, which is read by the
statements of `queries`; the record itself is of the core.
"""
