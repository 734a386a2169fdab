"""In which Pauli basis a matrix is block diagonal on each of its wires."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["axes_of_pairs", "axes_of_singles"]

ComplexArray = npt.NDArray[np.complex128]
Int8Array = npt.NDArray[np.int8]


@jit
def axes_of_singles(u: ComplexArray, atol: float) -> Int8Array:
    """Return int8[m] for `u[m,2,2]`: 0 none, 1 X, 2 Y, 3 Z, 4 every basis (the identity up to a phase)."""
    out = np.zeros(u.shape[0], np.int8)
    for k in range(u.shape[0]):
        equal = abs(u[k, 0, 0] - u[k, 1, 1]) <= atol
        z = abs(u[k, 0, 1]) <= atol and abs(u[k, 1, 0]) <= atol
        x = equal and abs(u[k, 0, 1] - u[k, 1, 0]) <= atol
        y = equal and abs(u[k, 0, 1] + u[k, 1, 0]) <= atol
        if z and x:
            out[k] = 4
        elif z:
            out[k] = 3
        elif x:
            out[k] = 1
        elif y:
            out[k] = 2
    return out


@jit
def _blocks_axis(a: ComplexArray, r0: int, r1: int, step: int, atol: float) -> int:
    """Return the axis of a 4x4 matrix on the wire whose bit moves an index by `step`; r0, r1 index the other bit."""
    x, y, z = True, True, True
    for i in (r0, r1):
        for j in (r0, r1):
            p, q, r, s = a[i, j], a[i, j + step], a[i + step, j], a[i + step, j + step]
            equal = abs(p - s) <= atol
            if abs(q) > atol or abs(r) > atol:
                z = False
            if not equal or abs(q - r) > atol:
                x = False
            if not equal or abs(q + r) > atol:
                y = False
    if x and z:
        return 4
    if z:
        return 3
    if x:
        return 1
    if y:
        return 2
    return 0


@jit
def axes_of_pairs(u: ComplexArray, atol: float) -> Int8Array:
    """Return int8[m,2] for `u[m,4,4]`: the axis on the first (more significant) and on the second wire."""
    out = np.zeros((u.shape[0], 2), np.int8)
    for k in range(u.shape[0]):
        out[k, 0] = _blocks_axis(u[k], 0, 1, 2, atol)
        out[k, 1] = _blocks_axis(u[k], 0, 2, 1, atol)
    return out
