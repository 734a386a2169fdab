"""Distances between what two circuits do, each for its own contract."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError

__all__ = [
    "Distances",
    "choi_distance",
    "frobenius",
    "isometry_distance",
    "phase_between",
    "total_variation",
    "trace_distance",
]

Complex = NDArray[np.complex128]


@frozen(kw_only=True)
class Distances:
    """The three forms of eq. 85, for unitaries or isometries with `d` columns.

    Attributes:
        raw: Frobenius norm of the difference, global phase included.
        aligned: The same after the best global phase was taken out of one of them.
        normalized: `raw` / sqrt(d).
        aligned_normalized: `aligned` / sqrt(d).
        column: Largest norm of the difference of a column, global phase included.
    """

    raw: float
    aligned: float
    normalized: float
    aligned_normalized: float
    column: float


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[Complex, Complex]:
    left, right = np.asarray(a), np.asarray(b)
    for name, value in (("first", left), ("second", right)):
        if value.dtype == np.complex64 or value.dtype == np.float32:
            raise InputError(
                f"is {value.dtype}", where=f"{name} matrix", hint="use complex128; single precision hides 4e-7"
            )
    if left.shape != right.shape or left.ndim != 2:
        raise InputError(f"have shapes {left.shape} and {right.shape}", where="matrices", hint="compare equal shapes")
    return left.astype(np.complex128), right.astype(np.complex128)


def phase_between(a: ArrayLike, b: ArrayLike) -> float:
    """Return the angle t for which `a` is nearest to exp(i t) `b`; 0 where they are orthogonal."""
    overlap = complex(np.vdot(np.asarray(b), np.asarray(a)))
    return float(np.angle(overlap)) if abs(overlap) > 0 else 0.0


def frobenius(a: ArrayLike, b: ArrayLike) -> Distances:
    """Return the distances of eq. 85 between two matrices of one shape, complex128 only.

    The phase is aligned first and the difference taken after; sqrt(2 N - 2 abs(trace)) loses half of the digits.

    Raises:
        InputError: The shapes differ, or a matrix is of single precision.

    >>> import numpy as np
    >>> round(frobenius(np.eye(2), -np.eye(2)).aligned, 12)
    0.0
    """
    left, right = _pair(a, b)
    difference = left - right
    raw = float(np.linalg.norm(difference))
    aligned = min(raw, float(np.linalg.norm(left - np.exp(1j * phase_between(left, right)) * right)))
    root = float(np.sqrt(left.shape[1]))
    column = float(np.sqrt((np.abs(difference) ** 2).sum(axis=0)).max(initial=0.0))
    return Distances(raw=raw, aligned=aligned, normalized=raw / root, aligned_normalized=aligned / root, column=column)


def isometry_distance(a: ArrayLike, b: ArrayLike) -> float:
    """Return the largest norm of a column of the difference, global phase included."""
    return frobenius(a, b).column


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """Return half of the summed difference of two distributions over the same outcomes.

    Raises:
        InputError: The shapes differ.
    """
    left, right = np.asarray(p, dtype=np.float64), np.asarray(q, dtype=np.float64)
    if left.shape != right.shape:
        raise InputError(f"have shapes {left.shape} and {right.shape}", where="distributions")
    return float(0.5 * np.abs(left - right).sum())


def trace_distance(a: Complex, b: Complex) -> float:
    """Return half of the trace norm of sum_k a_k a_k^dag - sum_k b_k b_k^dag.

    Args:
        a: Shape [r, d]: unnormalised states, one a row.
        b: Shape [s, d].

    The small Hermitian matrix that decides it comes from a QR factorisation, so that equal mixtures give 1e-16 and not
    the 1e-8 that overlaps would give.
    """
    columns = np.concatenate([a, b]).T
    if not columns.size:
        return 0.0
    r = np.linalg.qr(columns)[1]
    sign = np.concatenate([np.ones(len(a)), -np.ones(len(b))])
    small: Any = (r * sign) @ r.conj().T
    values = np.linalg.eigvalsh(small)
    return float(0.5 * np.abs(values).sum())


def choi_distance(a: ArrayLike, b: ArrayLike) -> float:
    """Return half of the trace norm of the difference of two Choi matrices of trace 1.

    It is at most half of the diamond norm of the difference of the channels, and at least that divided by their input
    dimension.

    Raises:
        InputError: The shapes differ.
    """
    left, right = _pair(a, b)
    difference: Any = left - right
    return float(0.5 * np.abs(np.linalg.eigvalsh(difference)).sum())
