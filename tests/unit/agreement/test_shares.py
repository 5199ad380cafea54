"""Wilson's interval of a share."""

import pytest

from archive.domain.agreement.shares import wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (20, 20, 0.8389, 1.0),  # none of 20, turned round
        (81, 263, 0.2553, 0.3662),  # Newcombe, Statistics in Medicine 17 (1998), table 1
        (15, 148, 0.0624, 0.1605),  # the same
        (0, 20, 0.0000, 0.1611),  # the same
        (1, 29, 0.0061, 0.1718),  # the same
    ],
)
def test_the_interval_of_a_share(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
