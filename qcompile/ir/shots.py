"""How often a circuit must run for a wanted error: Hoeffding's bound (57) and a relative form."""

from __future__ import annotations

import math

from qcompile.errors import InputError

__all__ = ["hoeffding_shots", "relative_shots"]


def hoeffding_shots(error: float, delta: float, *, value_range: float = 1.0) -> int:
    """Return the least shots with P(abs(mean - truth) >= error) <= delta, for values within a range b - a (eq. 57).

    >>> hoeffding_shots(0.01, 0.05)
    18445
    """
    _check(error, delta)
    return math.ceil(value_range**2 * math.log(2 / delta) / (2 * error**2))


def relative_shots(error: float, delta: float, *, probability: float) -> int:
    """Return shots with P(abs(mean - p) >= error p) <= delta, by Chernoff: 2 exp(-error^2 p S / 3).

    Args:
        error: Relative, at most 1.
        delta: Allowed failure probability.
        probability: A lower bound on p, such as the mean overlap 2^-n of generic states.
    """
    _check(error, delta)
    if not 0 < probability <= 1:
        raise InputError(f"is {probability}", where="probability", hint="use a number above 0, at most 1")
    # Through the exponent, so that 2^-n of wide registers neither underflows nor loses the integer.
    mantissa, exponent = math.frexp(probability)
    value = 3 * math.log(2 / delta) / (error**2 * mantissa)
    return math.ceil(value * 2.0**-exponent) if -exponent < 900 else math.ceil(value) << -exponent


def _check(error: float, delta: float) -> None:
    if not error > 0 or not math.isfinite(error):
        raise InputError(f"is {error}", where="error", hint="use a number above 0")
    if not 0 < delta < 1:
        raise InputError(f"is {delta}", where="delta", hint="use a probability between 0 and 1")
