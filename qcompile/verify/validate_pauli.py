"""Two circuits of Cliffords and Pauli rotations compared by their normal forms, at any width, phase included."""

from __future__ import annotations

import math

import numpy as np

from qcompile.kernels.pauli_frame import frame_phase, match_rotations, reduce_rotations
from qcompile.tape import Tape
from qcompile.verify.pauli_terms import pauli_terms

__all__ = ["compare_pauli"]


def compare_pauli(old: Tape, new: Tape, atol: float = 1e-8) -> tuple[float, float] | None:
    """Return the phase of old over new, and a bound on the distance besides it, when both are proved equal.

    Args:
        old, new: Numeric unitary tapes of one width.
        atol: Largest difference of two angles.

    Returns:
        Radians and operator norm; None when a row is no Clifford or Pauli rotation known here, or when the normal
        forms differ: different circuits always do, equal ones may (arithmetic coincidences between their angles).
    """
    terms = [pauli_terms(t) for t in (old, new)]
    a, b = terms
    if a is None or b is None:
        return None
    n = old.n_qubits
    ax, az, a_angles, x, z, k, a_at, a_eighths, a_dropped = reduce_rotations(a.first, a.second, a.axes, a.angles, n)
    bx, bz, b_angles, u, v, w, b_at, b_eighths, b_dropped = reduce_rotations(b.first, b.second, b.axes, b.angles, n)
    if not ((x == u).all() and (z == v).all() and ((k - w) % 4 == 0).all()):
        return None
    gap = match_rotations(ax, az, a_angles, bx, bz, b_angles, atol)
    eighths = frame_phase(x, z, k, a_at, a_eighths, b_at, b_eighths)
    if gap < 0 or gap > atol or eighths < 0:
        return None
    phase = a.phase - b.phase + eighths * math.pi / 4
    error = 0.5 * (gap + a_dropped + b_dropped) + a.error + b.error
    return float(np.remainder(phase, 2 * math.pi)), error
