"""Vectors close to given ones that cost less to prepare: Schmidt spectra cut off along the chain of qubits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.ir.vectors import Vector

__all__ = ["near_vector", "schmidt_work", "truncated"]

ComplexArray = NDArray[np.complex128]


def truncated(state: ComplexArray, weight: float) -> tuple[ComplexArray, int]:
    """Return the normalised state after dropping Schmidt coefficients at each cut, and the most that were kept at one.

    Args:
        state: Unit vector of 2^n amplitudes.
        weight: Squared norm that may be dropped at each cut; as many coefficients as fit go, down to a power of two.

    The phase is turned so that the overlap with `state` is real and positive.
    """
    n = state.size.bit_length() - 1
    rest, tensors, bond = state.reshape(-1, 1), [], 1
    for _ in range(n - 1):
        left, values, right = np.linalg.svd(rest.reshape(rest.shape[0] // 2, -1), full_matrices=False)
        kept = 1
        while kept < values.size and (values[kept:] ** 2).sum() > weight + 1e-28:
            kept *= 2
        bond = max(bond, min(kept, values.size))
        tensors.append(right[:kept])
        rest = left[:, :kept] * values[:kept]
    out = rest.reshape(2, -1)
    for right in reversed(tensors):
        out = (out @ right).reshape(out.shape[0] * 2, -1)
    vector = out.reshape(-1)
    overlap = np.vdot(vector, state)
    return np.asarray(vector * (overlap / abs(overlap)) / np.linalg.norm(vector), dtype=np.complex128), bond


def near_vector(vector: Vector, fidelity: float) -> tuple[Vector, float]:
    """Return a vector within a fidelity of a given one that takes least Schmidt work, and the fidelity it has.

    Cuts drop the whole allowance each, half of it, a quarter and so on; the vector itself is the last resort.

    Args:
        vector: With known entries.
        fidelity: Least abs(<wanted; prepared>)^2, in (0, 1].

    Raises:
        InputError: The entries are not known, or the fidelity is out of range.
    """
    if not 0 < fidelity <= 1:
        raise InputError(f"is {fidelity}", where="fidelity", hint="use a number above 0, at most 1")
    n = int(vector.n_qubits)
    state = vector.normalised(n)
    best, reached, least = vector, 1.0, schmidt_work(vector, n)
    weight = 1 - fidelity
    while n > 1 and weight > (1 - fidelity) / (2 * n):
        near, _ = truncated(state, weight)
        found = float(abs(np.vdot(near, state)) ** 2)
        candidate = Vector.of(near.real if vector.is_real else near, label=vector.label)
        work = schmidt_work(candidate, n)
        if found >= fidelity and work < least:
            best, reached, least = candidate, min(found, 1.0), work
        weight *= 0.5
    return best, reached


def schmidt_work(vector: Vector, n: int) -> int:
    """Return the sum over cuts of the Schmidt rank, a measure of preparation cost; generic data takes the largest."""
    total = 0
    state = None if vector.is_generic else vector.normalised(n)
    for cut in range(1, n):
        if state is None:
            total += 2 ** min(cut, n - cut)
        else:
            values = np.linalg.svd(state.reshape(2**cut, -1), compute_uv=False)
            total += int((values > 1e-12).sum())
    return total
