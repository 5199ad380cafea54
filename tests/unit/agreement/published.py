"""Ratings that were published together with their alpha.

Each table was compared with at least two public copies. The alphas are worked out from the formulas of the papers in
whole fractions, apart from this program; rounded, they are what the papers print.
"""

from collections.abc import Sequence
from fractions import Fraction

Units = Sequence[Sequence[int | str | None]]

# Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part A: Meg and Owen, ten units.
TWO_VALUES: Units = list(zip("0100000010", "1110010000", strict=True))
# Part B: Ben and Gerry, twelve units.
FIVE_VALUES: Units = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
# Part C: four observers, twelve units, missing values as None.
FOUR_OBSERVERS: Units = [
    (1, 1, None, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (None, 5, 5, 5),
    (None, None, 1, 1),
    (None, None, 3, None),
]
_TONES = (
    "112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1 111.1 212.2 1233. 1101. "
    "000.0 0011. 00.00 2333. 0000. 12.22 0111. 00010 1212. 1122. 112.2 110.0 2121. 22.22 3222. 222.2 223.2 222.2 22.12 "
    "2222. 111.1"
)
# Andrew F. Hayes and Klaus Krippendorff, "Answering the Call for a Standard Reliability Measure for Coding Data",
# Communication Methods and Measures 1 (2007), table 1: the tone of 40 articles, from 0 to 3, by five observers.
# One article a word, one observer a character, a point where one said nothing.
TONES: Units = [[None if tone == "." else int(tone) for tone in article] for article in _TONES.split()]

# data, values in order, difference, alpha, alpha as printed
PUBLISHED = (
    (TWO_VALUES, "01", "nominal", Fraction(2, 21), 0.095),
    (FIVE_VALUES, "abcde", "nominal", Fraction(155, 224), 0.692),
    (FOUR_OBSERVERS, (1, 2, 3, 4, 5), "nominal", Fraction(113, 152), 0.743),
    (FOUR_OBSERVERS, (1, 2, 3, 4, 5), "ordinal", Fraction(108_577, 133_160), 0.815),
    (FOUR_OBSERVERS, (1, 2, 3, 4, 5), "interval", Fraction(951, 1_120), 0.849),
    (TONES, (0, 1, 2, 3), "nominal", Fraction(6_400, 13_431), 0.477),
    (TONES, (0, 1, 2, 3), "ordinal", Fraction(441_835_031, 581_492_574), 0.7598),
    (TONES, (0, 1, 2, 3), "interval", Fraction(10_111, 13_350), 0.757),
)
