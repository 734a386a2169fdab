"""The one-qubit gates around native two-qubit gates: quotients of two decompositions, with as few pulses as possible.

A gate that is diagonal is a change of frame on most machines and costs nothing; freedoms that leave the product as it
is are used to make gates diagonal, and diagonal gates are moved through the native gate to merge with the next.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["dagger_times", "push_frames", "quotients", "times", "times_dagger"]

ComplexArray = npt.NDArray[np.complex128]
Int8Array = npt.NDArray[np.int8]


@jit
def dagger_times(a: ComplexArray, b: ComplexArray, out: ComplexArray) -> None:
    """Write a^dagger b of 2x2 matrices to `out`."""
    for i in range(2):
        for j in range(2):
            out[i, j] = a[0, i].conjugate() * b[0, j] + a[1, i].conjugate() * b[1, j]


@jit
def times_dagger(a: ComplexArray, b: ComplexArray, out: ComplexArray) -> None:
    """Write a b^dagger of 2x2 matrices to `out`."""
    for i in range(2):
        for j in range(2):
            out[i, j] = a[i, 0] * b[j, 0].conjugate() + a[i, 1] * b[j, 1].conjugate()


@jit
def times(a: ComplexArray, b: ComplexArray, out: ComplexArray) -> None:
    """Write a b of 2x2 matrices to `out`."""
    for i in range(2):
        for j in range(2):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j]


@jit
def _is_diagonal(a: ComplexArray, b: ComplexArray, s: float) -> bool:
    """Return whether a Rx(s) b is diagonal."""
    c, x = math.cos(0.5 * s), complex(0.0, -math.sin(0.5 * s))
    e = c * (a[0, 0] * b[0, 1] + a[0, 1] * b[1, 1]) + x * (a[0, 0] * b[1, 1] + a[0, 1] * b[0, 1])
    return bool(abs(e.real) + abs(e.imag) < 1e-12)


@jit
def _most_diagonal(a: ComplexArray, b: ComplexArray) -> float:
    """Return the s that minimises the off-diagonal modulus of a Rx(s) b, 0 where it does not depend on s."""
    p = a[0, 0] * b[0, 1] + a[0, 1] * b[1, 1]
    q = a[0, 0] * b[1, 1] + a[0, 1] * b[0, 1]
    # |cos(s/2) p - i sin(s/2) q|^2 = const + v cos s + w sin s.
    v = 0.5 * (p.real * p.real + p.imag * p.imag - q.real * q.real - q.imag * q.imag)
    w = p.real * q.imag - p.imag * q.real
    return math.atan2(-w, -v) if math.hypot(v, w) > 1e-9 else 0.0


@jit
def _fewest_pulses(before: ComplexArray, right: ComplexArray, left: ComplexArray, after: ComplexArray) -> float:
    """Return the s for which most of before Rx(s) right, left Rx(-s) after are diagonal; 0 wins ties."""
    best, chosen = -1, 0.0
    for k in range(3):
        s = 0.0
        if k == 1:
            s = _most_diagonal(before, right)
        elif k == 2:
            s = -_most_diagonal(left, after)
        free = 0
        if _is_diagonal(before, right, s):
            free += 1
        if _is_diagonal(left, after, -s):
            free += 1
        if free > best:
            best, chosen = free, s
    return chosen


@jit
def quotients(
    k1: ComplexArray,
    k2: ComplexArray,
    left: ComplexArray,
    right: ComplexArray,
    b: float,
    first: ComplexArray,
    last: ComplexArray,
) -> None:
    """Write first[q] = k2[q]^dagger right[q] and last[q] = left[q] k1[q]^dagger.

    A class (a, 0, 0) commutes with X rotations of either qubit; they are used to leave as few pulses as possible, so
    that for instance a ZZ phase turns into gates that are diagonal on one qubit.
    """
    before, after = np.zeros((2, 2), np.complex128), np.zeros((2, 2), np.complex128)
    turn, scratch = np.zeros((2, 2), np.complex128), np.zeros((2, 2), np.complex128)
    for q in range(2):
        for i in range(2):
            for j in range(2):
                before[i, j] = k2[q, j, i].conjugate()
                after[i, j] = k1[q, j, i].conjugate()
        s = _fewest_pulses(before, right[q], left[q], after) if b <= 1e-12 else 0.0
        turn[0, 0] = turn[1, 1] = complex(math.cos(0.5 * s), 0.0)
        turn[0, 1] = turn[1, 0] = complex(0.0, -math.sin(0.5 * s))
        times(turn, right[q], scratch)
        times(before, scratch, first[q])
        turn[0, 1] = turn[1, 0] = complex(0.0, math.sin(0.5 * s))
        times(turn, after, scratch)
        times(left[q], scratch, last[q])


@jit
def push_frames(local: ComplexArray, counts: Int8Array, crosses: int, flips: int) -> None:
    """Move diagonal gates (and for CZ also half turns) through native gates towards the end, in place.

    Args:
        local: `[m,slots,2,2,2]`, as in `two_qubit.NativeBlocks`.
        counts: `int8[m]`, native gates used.
        crosses: 1 where a diagonal gate on one qubit leaves the native gate on the other (iSWAP, SYC), 0 where it stays
            (CZ, ZZ rotations).
        flips: 1 for CZ: an X on one qubit passes and leaves a Z on the other. 0: half turns stay where they are.
    """
    for k in range(counts.size):
        for slot in range(counts[k]):
            for q in range(2):
                gate, other = local[k, slot, q], 1 - q
                to = other if crosses == 1 else q
                diagonal = abs(gate[0, 1].real) + abs(gate[0, 1].imag) < 1e-12
                turned = flips == 1 and abs(gate[0, 0].real) + abs(gate[0, 0].imag) < 1e-12
                if not diagonal and not turned:
                    continue
                # gate = diag(x, y), or X diag(x, y); X diag(x, y) passes as (X diag(x, y)) on q and Z on the other.
                x = gate[0, 0] if diagonal else gate[1, 0]
                y = gate[1, 1] if diagonal else gate[0, 1]
                after = local[k, slot + 1]
                for i in range(2):
                    low, high = after[to, i, 0], after[to, i, 1]
                    after[to, i, 0] = (low if diagonal else high) * x
                    after[to, i, 1] = (high if diagonal else low) * y
                    if turned:
                        after[other, i, 1] = -after[other, i, 1]
                gate[0, 0] = gate[1, 1] = 1.0
                gate[0, 1] = gate[1, 0] = 0.0
