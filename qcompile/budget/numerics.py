"""Limits on numbers rather than on machines: normalisation of an encoded vector (8), the error sum (64)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from qcompile.errors import InputError

__all__ = ["ErrorSum", "error_sum", "is_encodable", "norm_deviation", "smallest_norm"]

#: The stability parameter of eq. 7.
EPSILON = 1e-8
#: The normalisation tolerance of eq. 8.
TOLERANCE = 1e-6


def norm_deviation(x: ArrayLike, *, epsilon: float = EPSILON) -> float:
    """Return abs(norm^2 - 1) of the vector that eq. 7 prints, x / sqrt(sum x^2 + epsilon).

    No circuit prepares that vector, for it is not normalised; the compiler prepares x / norm(x). This says how far the
    printed one is off, s / (s + epsilon) with s = sum abs(x)^2.

    >>> norm_deviation([0.1001]) < 1e-6 < norm_deviation([0.0999])
    True
    """
    s = float(np.sum(np.abs(np.asarray(x)) ** 2))
    if not math.isfinite(s):
        raise InputError("holds values that are not finite", where="x")
    return epsilon / (s + epsilon)


def is_encodable(x: ArrayLike, *, epsilon: float = EPSILON, tolerance: float = TOLERANCE) -> bool:
    """Return whether a vector passes eq. 8 as printed: its norm is at least 0.1 for the printed constants."""
    return norm_deviation(x, epsilon=epsilon) <= tolerance


def smallest_norm(*, epsilon: float = EPSILON, tolerance: float = TOLERANCE) -> float:
    """Return the least norm that passes eq. 8: sqrt(epsilon / tolerance - epsilon)."""
    return math.sqrt(epsilon / tolerance - epsilon)


@frozen(kw_only=True)
class ErrorSum:
    """Eq. 64 as a ledger.

    Attributes:
        parts: (cause, contribution) in order; they add up to `total`.
        printed: The sum exactly as printed, eps_QMC + p_L + eps_device.
    """

    parts: tuple[tuple[str, float], ...]
    printed: float

    @property
    def total(self) -> float:
        """Union bound, at most 1."""
        return min(1.0, math.fsum(value for _, value in self.parts))


def error_sum(
    sampling: float, logical_error: float, n_logical_operations: float, devices: Sequence[tuple[str, float]] = ()
) -> ErrorSum:
    """Return the total error bound of eq. 64, corrected.

    p_L is per logical operation, so it counts as often as there are operations; an error-corrected operation has no
    device error besides its p_L, so `devices` lists only what runs without correction.

    Args:
        sampling: eps_QMC.
        logical_error: p_L of one logical operation.
        n_logical_operations: Error-corrected operations.
        devices: (name, error) of what is not error-corrected.

    Raises:
        InputError: A number is negative.
    """
    parts = (
        ("sampling", float(sampling)),
        ("logical", float(logical_error) * n_logical_operations),
        *((name, float(value)) for name, value in devices),
    )
    for name, value in parts:
        if not value >= 0:
            raise InputError(f"is {value}", where=f"error_sum: {name}", hint="use a number from 0")
    return ErrorSum(parts=parts, printed=math.fsum([sampling, logical_error, *(v for _, v in devices)]))
