"""Readout correction (12) and probabilistic error cancellation (14)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError

__all__ = [
    "cancellation_overhead",
    "correct_readout",
    "depolarizing_inverse",
    "nearest_distribution",
    "pauli_inverse",
    "readout_matrix",
    "readout_overhead",
]

Floats = NDArray[np.float64]


def readout_matrix(p10: float, p01: float) -> Floats:
    """Return the 2x2 matrix M[read, prepared] of one qubit; p10 = P(1|0), p01 = P(0|1)."""
    return np.array([[1 - p10, p01], [p10, 1 - p01]])


def _rates(p10: ArrayLike, p01: ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.broadcast_arrays(np.asarray(p10, dtype=np.float64), np.asarray(p01, dtype=np.float64))
    if not ((a >= 0) & (b >= 0) & (a + b < 1)).all():
        raise InputError(
            "do not let the outcomes be told apart", where="readout errors", hint="each pair must add up to less than 1"
        )
    return a.reshape(-1), b.reshape(-1)


def readout_overhead(p10: ArrayLike, p01: ArrayLike) -> float:
    """Return the 1-norm of the inverse calibration matrix: a factor (1 + abs(p01 - p10)) / (1 - p10 - p01) a qubit.

    It is the factor by which standard errors grow at worst; scalars stand for one qubit.

    >>> round(readout_overhead(0.01, 0.01), 4)
    1.0204
    """
    a, b = _rates(p10, p01)
    return float(np.exp(np.log((1 + np.abs(b - a)) / (1 - a - b)).sum()))


def correct_readout(measured: ArrayLike, p10: ArrayLike, p01: ArrayLike, *, constrained: bool = False) -> Floats:
    """Return p_true = M^-1 p_meas (eq. 12) for independent readout errors, by one 2x2 inverse a qubit.

    Args:
        measured: Distribution, shape [2**n], qubit 0 most significant.
        p10: P(1|0) of each qubit, shape [n] or one number.
        p01: P(0|1) likewise.
        constrained: Return the distribution (no negative entries) that explains the measured one best in least squares;
            the raw inverse can have negative entries.

    Raises:
        InputError: The length is no power of two, or p10 + p01 >= 1 somewhere.
    """
    p = np.asarray(measured, dtype=np.float64)
    n = p.size.bit_length() - 1
    if p.ndim != 1 or p.size != 2**n:
        raise InputError(f"has shape {p.shape}", where="measured", hint="give 2^n probabilities")
    a, b = (np.broadcast_to(v, (n,)) if v.size == 1 else v for v in _rates(p10, p01))
    if a.size != n:
        raise InputError(f"are for {a.size} qubits, the distribution for {n}", where="readout errors")
    matrices = [readout_matrix(x, y) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    raw = _apply([np.asarray(np.linalg.inv(m), dtype=np.float64) for m in matrices], p)
    if not constrained:
        return raw
    return _least_squares(matrices, p, nearest_distribution(raw))


def _apply(matrices: list[Floats], p: Floats) -> Floats:
    tensor = p.reshape([2] * len(matrices))
    for k, m in enumerate(matrices):
        tensor = np.moveaxis(np.tensordot(m, tensor, axes=(1, k)), 0, k)
    return np.ascontiguousarray(tensor).reshape(-1)


def nearest_distribution(p: ArrayLike) -> Floats:
    """Return the distribution nearest to a vector in Euclidean distance (projection on the simplex)."""
    v = np.asarray(p, dtype=np.float64)
    u = np.sort(v)[::-1]
    total = (np.cumsum(u) - 1) / np.arange(1, v.size + 1)
    k = int(np.flatnonzero(u > total)[-1])
    out: Floats = np.maximum(v - total[k], 0.0)
    return out


def _least_squares(matrices: list[Floats], p: Floats, start: Floats) -> Floats:
    """Accelerated projected gradient with restarts (Beck and Teboulle 2009); work is counted, not timed."""
    back = [m.T for m in matrices]
    step = 1 / math.prod(float(np.linalg.norm(m, 2)) ** 2 for m in matrices)
    x, y, t = start, start, 1.0
    for _ in range(20_000):
        new = nearest_distribution(y - step * _apply(back, _apply(matrices, y) - p))
        moved = new - x
        if float(np.dot(y - new, moved)) > 0:
            y, t = x, 1.0  # going uphill: forget the momentum
            if float(np.abs(moved).max()) < 1e-15:
                break
            continue
        later = (1 + math.sqrt(1 + 4 * t * t)) / 2
        x, y, t = new, new + (t - 1) / later * moved, later
        if float(np.abs(moved).max()) < 1e-15:
            break
    return x


def pauli_inverse(probabilities: ArrayLike) -> Floats:
    """Return the quasi-probabilities that undo a Pauli channel: the c_k of eq. 14, as a statement on channels.

    Args:
        probabilities: Shape [4**n], of I, X, Y, Z for n = 1, and products with the first qubit most significant.

    Returns:
        Shape [4**n]; they sum to 1, some are negative. As operators eq. 14 is false: noisy maps are channels.

    Raises:
        InputError: The channel cannot be inverted, or the length is no power of four.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    n = (p.size.bit_length() - 1) // 2
    if p.size != 4**n:
        raise InputError(f"has {p.size} entries", where="probabilities", hint="give 4^n")
    # sign[a, b] = -1 where the Paulis anticommute.
    single = np.array([[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]], dtype=np.float64)
    tensor = p.reshape([4] * n)
    for k in range(n):
        tensor = np.moveaxis(np.tensordot(single, tensor, axes=(1, k)), 0, k)
    if np.abs(tensor).min() < 1e-12:
        raise InputError("cannot be inverted", where="Pauli channel", hint="its errors are too large")
    tensor = 1 / tensor
    for k in range(n):
        tensor = np.moveaxis(np.tensordot(single, tensor, axes=(1, k)), 0, k)
    out: Floats = np.ascontiguousarray(tensor).reshape(-1) / float(4**n)
    return out


def depolarizing_inverse(pauli_error: float, n_qubits: int) -> tuple[float, float]:
    """Return (coefficient of the identity, of every other Pauli) that undoes a depolarizing gate error of total e_F.

    For two qubits: f = 1 - 16 p / 15, (1 + 15 / f) / 16 and (1 - 1 / f) / 16.
    """
    size = 4**n_qubits
    f = 1 - size * pauli_error / (size - 1)
    if f <= 0:
        raise InputError(f"is {pauli_error}", where="pauli_error", hint=f"use less than {(size - 1) / size}")
    return (1 + (size - 1) / f) / size, (1 - 1 / f) / size


def cancellation_overhead(pauli_error: float, n_qubits: int, n_gates: int = 1) -> float:
    """Return gamma^(2 G): how many times more samples cancelling the errors of G gates takes.

    >>> round(cancellation_overhead(0.00344, 2, 70), 2)
    2.62
    """
    first, other = depolarizing_inverse(pauli_error, n_qubits)
    gamma = abs(first) + (4**n_qubits - 1) * abs(other)
    return math.exp(2 * n_gates * math.log(gamma))
