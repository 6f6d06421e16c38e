"""What a share, counted in few cases, leaves open."""

from math import sqrt


def wilson(hits: float, n: int, z: float) -> tuple[float, float]:
    """Return the interval of a share, of so many hits in n, as wide as `z` standard deviations.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22 (1927), 209-212.
    """
    share, square = hits / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    width = z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    # Rounding may put a share of 0 or 1 just outside.
    return max(min(centre - width, share), 0.0), min(max(centre + width, share), 1.0)
