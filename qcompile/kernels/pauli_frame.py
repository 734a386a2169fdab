"""Circuits of Pauli rotations as a Clifford behind a reduced list of rotations, the global phase counted in eighths.

A Pauli is i**k X^x Z^z with x, z packed in 64-bit words. U = e^{i phase} F R_m ... R_1: each rotation is pulled before
the Clifford F, its whole multiples of pi/2 go into F, and it joins an earlier rotation about the same Pauli when it
commutes with all between. Words that are reduced in this way are unique up to commutation (normal forms of graph
products of groups). The phase of F is kept as one amplitude of F^-1 |0>, whose stabilizers are the images of Z.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["frame_phase", "match_rotations", "reduce_rotations"]

Words = npt.NDArray[np.uint64]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

_QUARTER = math.pi / 2
_EDGE = 1e-9  # angles of pi/4 and -pi/4 must fall on the same side in both circuits
_DROP = 1e-11  # radians left of a rotation that is no rotation any more


@jit
def _odd(a: Words, b: Words) -> bool:
    """Return the parity of the bits that both have."""
    v = np.uint64(0)
    for w in range(a.size):
        v ^= a[w] & b[w]
    for s in (32, 16, 8, 4, 2, 1):
        v ^= v >> np.uint64(s)
    return bool((v & np.uint64(1)) == np.uint64(1))


@jit
def _count(a: Words, b: Words) -> int:
    """Return the number of bits that both have."""
    total = 0
    for w in range(a.size):
        v = a[w] & b[w]
        while v != np.uint64(0):
            v &= v - np.uint64(1)
            total += 1
    return total


@jit
def _anticommute(ax: Words, az: Words, bx: Words, bz: Words) -> bool:
    return bool(_odd(ax, bz) != _odd(az, bx))


@jit
def _same(ax: Words, az: Words, bx: Words, bz: Words) -> bool:
    differ = np.uint64(0)
    for w in range(ax.size):
        differ |= (ax[w] ^ bx[w]) | (az[w] ^ bz[w])
    return bool(differ == np.uint64(0))


@jit
def _is_zero(a: Words) -> bool:
    some = np.uint64(0)
    for w in range(a.size):
        some |= a[w]
    return bool(some == np.uint64(0))


@jit
def _stabilizer_with(x: Words, z: Words, k: IntArray, px: Words, gz: Words) -> int:
    """Write Z^z of a product of the odd rows whose X part is `px` to `gz`; return its power of i, or -1 if none is."""
    n = k.size // 2
    size = px.size
    rx, rz, rk = x[1::2].copy(), z[1::2].copy(), k[1::2].copy()
    left = px.copy()
    gz[:] = np.uint64(0)
    power = 0
    gx = np.zeros(size, np.uint64)
    used = 0
    for w in range(size):
        for bit in range(64):
            mask = np.uint64(1) << np.uint64(bit)
            pivot = -1
            for r in range(used, n):
                if rx[r, w] & mask:
                    pivot = r
                    break
            if pivot < 0:
                if left[w] & mask:
                    return -1
                continue
            if pivot != used:
                for v in range(size):
                    tx, tz = rx[used, v], rz[used, v]
                    rx[used, v], rz[used, v] = rx[pivot, v], rz[pivot, v]
                    rx[pivot, v], rz[pivot, v] = tx, tz
                tk = rk[used]
                rk[used] = rk[pivot]
                rk[pivot] = tk
            for r in range(used + 1, n):
                if rx[r, w] & mask:
                    rk[r] = (rk[r] + rk[used] + (2 if _odd(rz[r], rx[used]) else 0)) % 4
                    for v in range(size):
                        rx[r, v] ^= rx[used, v]
                        rz[r, v] ^= rz[used, v]
            if left[w] & mask:
                power = (power + rk[used] + (2 if _odd(gz, rx[used]) else 0)) % 4
                for v in range(size):
                    left[v] ^= rx[used, v]
                    gx[v] ^= rx[used, v]
                    gz[v] ^= rz[used, v]
            used += 1
    return power


@jit
def _quarter_turn(px: Words, pz: Words, pk: int, x: Words, z: Words, k: IntArray, at: Words, eighths: int) -> int:
    """Put R_P(pi/2) before the Clifford: all arrays change in place; returns the new eighths of the amplitude."""
    n = k.size // 2
    size = px.size
    # psi -> (1 + i P) psi / sqrt(2), where (P psi)(at) = c psi(at) with c = 0 or i**e.
    e = -1
    there = at.copy()
    for w in range(size):
        there[w] ^= px[w]
    if _is_zero(px):
        e = (pk + (2 if _odd(pz, at) else 0)) % 4
    else:
        gz = np.zeros(size, np.uint64)
        power = _stabilizer_with(x, z, k, px, gz)
        if power >= 0:
            for w in range(size):
                gz[w] ^= pz[w]
            e = (pk - power + 4 + (2 if _odd(gz, there) else 0)) % 4
    if e == 0:
        eighths += 1
    elif e == 2:
        eighths -= 1
    elif e == 1:  # the amplitude vanishes: go to where a stabilizer h that anticommutes with P leads
        for q in range(n):
            h = 2 * q + 1
            if _anticommute(px, pz, x[h], z[h]):
                eighths += 2 * k[h] + (4 if _odd(z[h], at) else 0)
                for w in range(size):
                    at[w] ^= x[h, w]
                break
    for r in range(2 * n):
        if _anticommute(px, pz, x[r], z[r]):
            k[r] = (k[r] + pk + 3 + (2 if _odd(z[r], px) else 0)) % 4  # Q -> -i Q P
            for w in range(size):
                x[r, w] ^= px[w]
                z[r, w] ^= pz[w]
    return eighths % 8


@jit
def reduce_rotations(
    first: IntArray, second: IntArray, axes: IntArray, angles: FloatArray, n: int
) -> tuple[Words, Words, FloatArray, Words, Words, IntArray, Words, int, float]:
    """Return the normal form of rotations in order of execution.

    Args:
        first, second: int64[m], qubits, second -1 for one qubit.
        axes: int64[m, 2], 1 X, 2 Y, 3 Z on each.
        angles: float64[m], radians.
        n: Number of qubits.

    Returns:
        Rotations: uint64[l, w] X parts and Z parts, about the Pauli with plus sign, and float64[l] angles in
        (-pi/4, pi/4]; F^-1 P F for P = X_0, Z_0, X_1, ...: uint64[2 n, w] twice and powers of i; the bits of a basis
        state on which F^-1 |0> has an amplitude, its phase in multiples of pi/4; radians that were dropped.
    """
    size = (n + 63) // 64
    x = np.zeros((2 * n, size), np.uint64)
    z = np.zeros((2 * n, size), np.uint64)
    k = np.zeros(2 * n, np.int64)
    for q in range(n):
        x[2 * q, q // 64] = np.uint64(1) << np.uint64(q % 64)
        z[2 * q + 1, q // 64] = np.uint64(1) << np.uint64(q % 64)
    at = np.zeros(size, np.uint64)
    eighths = 0
    dropped = 0.0
    m = first.size
    lx = np.zeros((m, size), np.uint64)
    lz = np.zeros((m, size), np.uint64)
    left = np.zeros(m, np.float64)
    count = 0
    px = np.zeros(size, np.uint64)
    pz = np.zeros(size, np.uint64)
    for t in range(m):
        px[:] = np.uint64(0)
        pz[:] = np.uint64(0)
        pk = 0
        for side in range(2):
            q = first[t] if side == 0 else second[t]
            if q < 0:
                continue
            axis = axes[t, side]
            pk += 1 if axis == 2 else 0  # Y = i X Z
            for r in (2 * q, 2 * q + 1):
                if axis == 2 or (axis == 1) == (r % 2 == 0):
                    pk += k[r] + (2 if _odd(pz, x[r]) else 0)
                    for w in range(size):
                        px[w] ^= x[r, w]
                        pz[w] ^= z[r, w]
        plus = _count(px, pz) % 4
        angle = angles[t] if (pk - plus) % 4 == 0 else -angles[t]
        place = count
        for j in range(count - 1, -1, -1):
            if _same(px, pz, lx[j], lz[j]):
                place = j
                angle += left[j]
                break
            if _anticommute(px, pz, lx[j], lz[j]):
                break
        steps = math.floor((angle + 0.5 * _QUARTER - _EDGE) / _QUARTER)
        angle -= steps * _QUARTER
        if abs(angle) <= _DROP:
            dropped += abs(angle)
            if place < count:
                for j in range(place, count - 1):
                    lx[j] = lx[j + 1]
                    lz[j] = lz[j + 1]
                    left[j] = left[j + 1]
                count -= 1
        else:
            lx[place] = px
            lz[place] = pz
            left[place] = angle
            count = max(count, place + 1)
        turns = steps % 8
        if turns >= 4:  # a full turn is -1
            turns -= 4
            eighths += 4
        if turns == 3:  # three quarters are a full turn and a quarter backwards, about the Pauli with a minus
            eighths = _quarter_turn(px, pz, (plus + 2) % 4, x, z, k, at, eighths + 4)
        else:
            for _ in range(turns):
                eighths = _quarter_turn(px, pz, plus, x, z, k, at, eighths)
    return lx[:count], lz[:count], left[:count], x, z, k, at, eighths, dropped


@jit
def match_rotations(ax: Words, az: Words, a: FloatArray, bx: Words, bz: Words, b: FloatArray, atol: float) -> float:
    """Return the sum of the differences of the angles of two reduced lists that are equal up to order, else -1."""
    m = a.size
    if b.size != m:
        return -1.0
    after = np.arange(1, m + 2)  # linked list of what is left of the first, entry m is its head
    after[m] = 0
    total = 0.0
    for i in range(m):
        before, j = m, after[m]
        while j < m and not _same(ax[j], az[j], bx[i], bz[i]):
            if _anticommute(ax[j], az[j], bx[i], bz[i]):
                return -1.0
            before, j = j, after[j]
        if j >= m or not abs(a[j] - b[i]) <= atol:
            return -1.0
        total += abs(a[j] - b[i])
        after[before] = after[j]
    return total


@jit
def frame_phase(x: Words, z: Words, k: IntArray, at: Words, eighths: int, other_at: Words, other_eighths: int) -> int:
    """Return the phase of a Clifford over another with the same images, in multiples of pi/4, or -1.

    Args:
        x, z, k: The images, of both.
        at, eighths: The amplitude of F^-1 |0> of the one.
        other_at, other_eighths: Of the other.
    """
    size = at.size
    gz = np.zeros(size, np.uint64)
    px = np.zeros(size, np.uint64)
    for w in range(size):
        px[w] = at[w] ^ other_at[w]
    power = _stabilizer_with(x, z, k, px, gz)
    if power < 0:
        return -1
    moved = other_eighths - 2 * power + (4 if _odd(gz, at) else 0)
    return int((moved - eighths) % 8)
