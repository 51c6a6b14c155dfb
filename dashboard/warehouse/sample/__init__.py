"""The synthetic sample: a whole warehouse drawn from a seed.

It must not read a file or a clock: the day and the seed are given.
"""

from dashboard.warehouse.sample.building import DEFAULT_SEED, SOURCE, SOURCE_FR, build_sample
from dashboard.warehouse.sample.scales import SCALES, Scale, ScaleName, sample_framework

__all__ = [
    "DEFAULT_SEED",
    "SCALES",
    "SOURCE",
    "SOURCE_FR",
    "Scale",
    "ScaleName",
    "build_sample",
    "sample_framework",
]
