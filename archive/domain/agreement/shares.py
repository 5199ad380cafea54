"""A share of cases, and how sure it is.

Source: Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
"""

from math import sqrt

from archive.domain.agreement.alpha import Interval

_Z = 1.959964  # of the normal curve, 95 % lie between −z and z


def wilson(part: int, whole: int) -> Interval:
    """Between which bounds a share lies, by 95 %, of which so many cases were seen; at least one case."""
    share, squared = part / whole, _Z**2
    middle = share + squared / (2 * whole)
    spread = _Z * sqrt(share * (1 - share) / whole + squared / (4 * whole**2))
    scale = 1 + squared / whole
    return Interval(max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))
