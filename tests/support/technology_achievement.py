"""The technology achievement index, the worked example of the OECD/JRC Handbook.

OECD and JRC (2008), Handbook on Constructing Composite Indicators, ISBN 978-92-64-04345-9:
table A.2 (the first 23 countries, telephones and electricity as logarithms), ranks of table
38 and of table 23, goalposts of UNDP (2001), Human Development Report 2001, technical note 2.
"""

from __future__ import annotations

import numpy as np

COUNTRIES = (
    *("Finland", "United States", "Sweden", "Japan", "Korea", "Netherlands", "United Kingdom"),
    *("Canada", "Australia", "Singapore", "Germany", "Norway", "Ireland", "Belgium"),
    *("New Zealand", "Austria", "France", "Israel", "Spain", "Italy", "Czech Republic"),
    *("Hungary", "Slovenia"),
)
INDICATORS = (
    *("patents", "royalties", "internet", "exports"),
    *("telephones", "electricity", "schooling", "university"),
)
RAW = np.array(
    [
        [187, 125.6, 200.2, 50.7, 3.08, 4.15, 10, 27.4],
        [289, 130, 179.1, 66.2, 3.00, 4.07, 12, 13.9],
        [271, 156.6, 125.8, 59.7, 3.10, 4.14, 11.4, 15.3],
        [994, 64.6, 49, 80.8, 3.00, 3.86, 9.5, 10],
        [779, 9.8, 4.8, 66.7, 2.97, 3.65, 10.8, 23.2],
        [189, 151.2, 136, 50.9, 3.02, 3.77, 9.4, 9.5],
        [82, 134, 57.4, 61.9, 3.02, 3.73, 9.4, 14.9],
        [31, 38.6, 108, 48.7, 2.94, 4.18, 11.6, 14.2],
        [75, 18.2, 125.9, 16.2, 2.94, 3.94, 10.9, 25.3],
        [8, 25.5, 72.3, 74.9, 2.95, 3.83, 7.1, 24.2],
        [235, 36.8, 41.2, 64.2, 2.94, 3.75, 10.2, 14.4],
        [103, 20.2, 193.6, 19, 3.12, 4.39, 11.9, 11.2],
        [106, 110.3, 48.6, 53.6, 2.97, 3.68, 9.4, 12.3],
        [72, 73.9, 58.9, 47.6, 2.91, 3.86, 9.3, 13.6],
        [103, 13, 146.7, 15.4, 2.86, 3.91, 11.7, 13.1],
        [165, 14.8, 84.2, 50.3, 2.99, 3.79, 8.4, 13.6],
        [205, 33.6, 36.4, 58.9, 2.97, 3.80, 7.9, 12.6],
        [74, 43.6, 43.2, 45, 2.96, 3.74, 9.6, 11],
        [42, 8.6, 21, 53.4, 2.86, 3.62, 7.3, 15.6],
        [13, 9.8, 30.4, 51, 3.00, 3.65, 7.2, 13],
        [28, 4.2, 25, 51.7, 2.75, 3.68, 9.5, 8.2],
        [26, 6.2, 21.6, 63.5, 2.73, 3.46, 9.1, 7.7],
        [105, 4, 20.3, 49.5, 2.84, 3.71, 7.1, 10.6],
    ]
)
WORST = np.array([0, 0, 0, 0, np.log10(1), np.log10(22), 0.8, 0.1])
BEST = np.array([994, 272.6, 232.4, 80.8, np.log10(901), np.log10(6969), 12.0, 27.4])

LINEAR_RANK = np.array(
    [1, 2, 3, 4, 5, 6, 7, 9, 10, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
)
"""Table 38, LIN: the index as it was published, equal weights."""
GEOMETRIC_RANK = np.array(
    [2, 1, 3, 4, 16, 5, 6, 13, 14, 18, 8, 11, 7, 9, 17, 12, 10, 15, 19, 21, 23, 22, 20]
)
"""Table 38, GME: geometric mean, equal weights."""
OUTRANKING_RANK = np.array(
    [3, 1, 2, 4, 9, 8, 5, 11, 9, 12, 7, 6, 13, 17, 15, 15, 14, 18, 20, 19, 21, 23, 22]
)
"""Table 38, NCMC: outranking matrix, ranked by the permutation with the most support."""

FIVE = np.array(
    [
        [187, 125.6, 200.2, 50.7, 3.080, 4.150, 10, 27.4],
        [289, 130, 179.1, 66.2, 2.997, 4.073, 12, 13.9],
        [271, 156.6, 125.8, 59.7, 3.096, 4.145, 11.4, 15.3],
        [994, 64.6, 49, 80.8, 3.003, 3.865, 9.5, 10],
        [779, 9.8, 4.8, 66.7, 2.972, 3.653, 10.8, 23.2],
    ]
)
"""Table 35: the first five, to three decimals."""
FIVE_OUTRANKING = np.array(
    [
        [0, 0.5, 0.375, 0.75, 0.625],
        [0.5, 0, 0.5, 0.625, 0.625],
        [0.625, 0.5, 0, 0.75, 0.625],
        [0.25, 0.375, 0.25, 0, 0.75],
        [0.375, 0.375, 0.375, 0.25, 0],
    ]
)
"""Table 36."""

SCHOOLING_Z = np.array(
    [
        *(0.26, 1.52, 1.14, -0.06, 0.76, -0.12, -0.12, 1.27, 0.83, -1.58, 0.38, 1.46),
        *(-0.12, -0.19, 1.33, -0.76, -1.08, 0.00, -1.46, -1.52, -0.06, -0.31, -1.58),
    ]
)
"""Table 15, z-score of schooling."""
SCHOOLING_MINMAX = np.array(
    [
        *(0.59, 1.00, 0.88, 0.49, 0.76, 0.47, 0.47, 0.92, 0.78, 0.00, 0.63, 0.98),
        *(0.47, 0.45, 0.94, 0.27, 0.16, 0.51, 0.04, 0.02, 0.49, 0.41, 0.00),
    ]
)
"""Table 15, min-max of schooling."""
SCHOOLING_RANK = np.array(
    [15, 23, 19, 12, 17, 9, 9, 20, 18, 1, 16, 22, 9, 8, 21, 6, 5, 14, 4, 3, 12, 7, 1]
)
"""Table 15, rank of schooling, the least value first."""
