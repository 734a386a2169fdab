"""Phases of an encoded vector (9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError

__all__ = ["encoding_phases"]

Floats = NDArray[np.float64]


def encoding_phases(x: ArrayLike, theta: ArrayLike = 0.0, *, epsilon: float = 1e-8) -> Floats:
    """Return phi_i = angle(x_i + i epsilon) + theta_i in radians (eq. 9), i the imaginary unit.

    Args:
        x: Real vector, shape [n].
        theta: Learnable phases, shape [n] or one number.
        epsilon: The stability parameter; a zero entry gets pi / 2, any other nearly 0 or pi.

    Raises:
        InputError: `x` is complex or not finite, or the shapes differ.

    >>> encoding_phases([0.0]).tolist() == [np.pi / 2]
    True
    """
    values = np.asarray(x)
    if np.iscomplexobj(values) or not np.isfinite(values).all():
        raise InputError("is not a vector of finite real numbers", where="x")
    extra = np.asarray(theta, dtype=np.float64)
    if extra.ndim and extra.shape != values.shape:
        raise InputError(f"has shape {extra.shape}, x {values.shape}", where="theta")
    out: Floats = np.angle(values + 1j * epsilon) + extra
    return out
