"""Batched decomposition of two-qubit unitaries into native gates and local gates, each at its minimum count.

Three kinds of native gate cover the machines: SWAP^s times a fixed XX interaction (CZ, CX, ECR, iSWAP, SYC), an XX
interaction of free angle (ZZ phase, Molmer-Sorensen), and sqrt-iSWAP. For each the inner local gates are found from
the Weyl coordinates alone; the skeleton W then has the class of U, and the outer local gates are the quotients of
both KAK decompositions: U = e^{i phase} L_n N ... N L_0.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit
from qcompile.kernels.kak import canonicalise, kak_one
from qcompile.kernels.local_gates import dagger_times, quotients, times, times_dagger
from qcompile.kernels.xx_chain import chain_inner, sandwich

__all__ = ["free_xx", "n_max_of", "sqrt_iswap_chain", "stitch", "swap_xx_chain"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]
Int8Array = npt.NDArray[np.int8]

_QUARTER = math.pi / 4
_HALF = math.pi / 2
_PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=np.complex128)


@jit
def _align(goal: FloatArray, v: FloatArray, k1: ComplexArray, k2: ComplexArray) -> float:
    """Bring a decomposition whose first coordinate sits on the wall pi/4 to the side on which `goal` is; return the
    phase gained.
    """
    direct = abs(goal[0] - v[0]) + abs(goal[2] - v[2])
    reflected = abs(goal[0] - (2.0 * _QUARTER - v[0])) + abs(goal[2] + v[2])
    if reflected < direct:
        # exp(i pi/2 XX) = i XX; then conjugating qubit 0 with Y flips the signs of X and Z interactions.
        x, y = _PAULI[0], _PAULI[1]
        scratch = np.zeros((2, 2), np.complex128)
        for q in range(2):
            times(k1[q], x, scratch)
            k1[q, :, :] = scratch
        times(k1[0], y, scratch)
        k1[0, :, :] = scratch
        times(y, k2[0], scratch)
        k2[0, :, :] = scratch
        return 2.0 * _QUARTER
    return 0.0


@jit
def stitch(
    skeleton: ComplexArray,
    goal: FloatArray,
    left: ComplexArray,
    right: ComplexArray,
    phase: float,
    first: ComplexArray,
    last: ComplexArray,
    work: ComplexArray,
    real: FloatArray,
) -> float:
    """Write local gates `first[2,2,2]`, `last[2,2,2]` and return the phase with U = e^{i phase} last skeleton first.

    Args:
        skeleton: Unitary 4x4 of the same class as U.
        goal, left, right, phase: The KAK decomposition of U.
        first, last: Output.
        work, real: Scratch of `kak_one`.
    """
    v = np.zeros(3)
    k1, k2 = np.zeros((2, 2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    angle = kak_one(skeleton, v, k1, k2, work, real)
    angle += _align(goal, v, k1, k2)
    quotients(k1, k2, left, right, goal[1], first, last)
    return phase - angle


@jit
def _free_of_natives(left: ComplexArray, right: ComplexArray, local: ComplexArray) -> None:
    """Write the product of both local layers to local[0]."""
    for q in range(2):
        times(left[q], right[q], local[q])


@jit
def n_max_of(n: Int8Array) -> int:
    """Return the largest entry, 0 for none."""
    best = 0
    for k in range(n.size):
        best = max(best, n[k])
    return best


@jit
def identity_locals(m: int, slots: int) -> ComplexArray:
    """Return `[m,slots,2,2,2]` identities."""
    out = np.zeros((m, slots, 2, 2, 2), np.complex128)
    out[:, :, :, 0, 0] = 1.0
    out[:, :, :, 1, 1] = 1.0
    return out


@jit
def swap_xx_chain(
    coords: FloatArray,
    left: ComplexArray,
    right: ComplexArray,
    phase: FloatArray,
    counts: Int8Array,
    classes: FloatArray,
    gate: ComplexArray,
    strength: float,
    swaps: int,
    dress: ComplexArray,
) -> tuple[ComplexArray, FloatArray]:
    """Decompose into copies of a gate N = SWAP^s (A0 x A1) exp(i t XX) (B0 x B1) up to phase.

    Args:
        coords, left, right, phase: KAK decompositions of m unitaries.
        counts: Number of copies for each, feasible for its class.
        classes: Coordinates `[m,3]` the bare chain must have: those of SWAP^(s n) U.
        gate: N, 4x4.
        strength: t, in (0, pi/4].
        swaps: s, 0 or 1.
        dress: A0, A1, B0, B1 as `[4,2,2]`.

    Returns:
        `local[m, max(counts)+1, 2, 2, 2]` and `phase[m]`.
    """
    m = coords.shape[0]
    local = identity_locals(m, n_max_of(counts) + 1)
    out_phase = phase.copy()
    work, real = np.zeros((3, 4, 4), np.complex128), np.zeros((4, 4, 4), np.float64)
    inner = np.zeros((4, 2, 2, 2), np.complex128)
    half, full = np.zeros((2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    for k in range(m):
        n = counts[k]
        if n == 0:
            _free_of_natives(left[k], right[k], local[k, 0])
            continue
        chain_inner(classes[k], n, strength, inner)
        skeleton = gate.copy()
        for j in range(1, n):
            # SWAPs move to the far left: the j-th inner layer has j of them on its right (see module xx_chain for the
            # bare chain).
            crossed = swaps * (j % 2)
            for q in range(2):
                a = dress[1 - q] if swaps == 1 and crossed == 0 else dress[q]
                times_dagger(inner[j - 1, q], a, half)
                full[q, :, :] = half
            for q in range(2):
                source = full[1 - q] if crossed == 1 else full[q]
                dagger_times(dress[2 + q], source, local[k, j, q])
            skeleton = sandwich(gate, local[k, j], skeleton)
        out_phase[k] = stitch(skeleton, coords[k], left[k], right[k], phase[k], local[k, 0], local[k, n], work, real)
    return local, out_phase


@jit
def free_xx(
    coords: FloatArray,
    left: ComplexArray,
    right: ComplexArray,
    phase: FloatArray,
    axes: ComplexArray,
) -> tuple[Int8Array, ComplexArray, FloatArray, FloatArray]:
    """Decompose into rotations exp(-i theta/2 PP), 0 < theta <= pi/2, one per non-zero coordinate.

    Args:
        coords, left, right, phase: KAK decompositions of m unitaries.
        axes: `[3,2,2]` unitaries C_k with C_k P C_k^dagger the k-th Pauli (X, Y, Z), P the native axis.

    Returns:
        `n[m]`, `local[m,n_max+1,2,2,2]`, `theta[m,n_max]`, `phase[m]`.
    """
    m = coords.shape[0]
    counts = np.zeros(m, np.int8)
    for k in range(m):
        for i in range(3):
            if abs(coords[k, i]) > 1e-12:
                counts[k] += 1
    top = n_max_of(counts)
    local = identity_locals(m, top + 1)
    theta = np.zeros((m, top), np.float64)
    scratch, kick = np.zeros((2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    pending = np.zeros((2, 2, 2), np.complex128)
    for k in range(m):
        for q in range(2):
            pending[q, :, :] = right[k, q]
        slot = 0
        for i in range(3):
            c = coords[k, i]
            if abs(c) <= 1e-12:
                continue
            theta[k, slot] = 2.0 * abs(c)
            for q in range(2):
                kick[q, :, :] = axes[i]
            if c > 0.0:
                # exp(+i c PP) is the native of negative angle: a Pauli that anticommutes, on qubit 0, turns the sign.
                times(_PAULI[(i + 1) % 3], axes[i], scratch)
                kick[0, :, :] = scratch
            for q in range(2):
                dagger_times(kick[q], pending[q], local[k, slot, q])
                pending[q, :, :] = kick[q]
            slot += 1
        for q in range(2):
            times(left[k, q], pending[q], local[k, slot, q])
        if counts[k] == 1:
            for q in range(2):
                for i in range(2):
                    for j in range(2):
                        kick[q, i, j] = pending[q, j, i].conjugate()
            quotients(kick, pending, left[k], right[k], coords[k, 1], local[k, 0], local[k, 1])
    return counts, local, theta, phase.copy()


@jit
def _sqrt_two(x: float, y: float, z: float, local: ComplexArray) -> None:
    """Write the local gates between two sqrt-iSWAP that reach (x, y, z), x >= y + |z| (Huang et al. 2021, eqs 4 and
    6-8).
    """
    # The paper's arccos loses half of the digits near its ends. With S, D = (beta +- alpha)/2 its equations become
    # cos D = q + p, cos S = q - p, sin S sin D = 2 sqrt(product); every sum below has terms of one sign.
    product = math.sin(x + y - z) * math.sin(x - y + z) * math.sin(x + y + z) * math.sin(x - y - z)
    p = 2.0 * math.sin(x) * math.cos(y) * math.sin(abs(z))
    run = 2.0 * math.cos(x) * math.sin(y) * math.cos(z)
    cos_x, cos_y, cos_z = math.sin(_HALF - 2.0 * x), math.cos(2.0 * y), math.cos(2.0 * z)
    rise = math.sqrt(max(0.0, cos_x * cos_y * cos_z))
    q = math.hypot(run, rise)
    short = (1.0 + cos_x * cos_y) * math.sin(z) ** 2 + 2.0 * math.sin(x + y) * math.sin(x - y) * math.cos(z) ** 2
    lack = max(0.0, short) / (1.0 + q) + p
    total = 2.0 * math.atan2(math.sqrt(max(0.0, lack)), math.sqrt(max(0.0, 2.0 - lack)))
    sine = math.sin(total)
    difference = math.atan2(2.0 * math.sqrt(max(0.0, product)) / sine, q + p) if sine > 1e-15 else 0.0
    alpha, beta = total - difference, total + difference
    gamma = math.atan2(rise, run if z >= 0.0 else -run)
    # Rz(-gamma) Rx(-alpha) Rz(-gamma) on qubit 0, Rx(-beta) on qubit 1.
    c, s = math.cos(0.5 * alpha), math.sin(0.5 * alpha)
    local[0, 0, 0] = complex(c * math.cos(gamma), c * math.sin(gamma))
    local[0, 1, 1] = complex(c * math.cos(gamma), -c * math.sin(gamma))
    local[0, 0, 1] = local[0, 1, 0] = complex(0.0, s)
    c, s = math.cos(0.5 * beta), math.sin(0.5 * beta)
    local[1, 0, 0] = local[1, 1, 1] = complex(c, 0.0)
    local[1, 0, 1] = local[1, 1, 0] = complex(0.0, s)


@jit
def sqrt_iswap_chain(
    coords: FloatArray,
    left: ComplexArray,
    right: ComplexArray,
    phase: FloatArray,
    counts: Int8Array,
    gate: ComplexArray,
) -> tuple[ComplexArray, FloatArray]:
    """Decompose into sqrt-iSWAP: `local[m,n_max+1,2,2,2]` and `phase[m]`; `counts[m]` from `n_sqrt_iswap`, `gate` the
    4x4 matrix.

    Three gates: Can(v) = Can(v1) Can(v2), with v1 the class of one gate and v2 that of two.
    """
    m = coords.shape[0]
    local = identity_locals(m, n_max_of(counts) + 1)
    out_phase = phase.copy()
    work, real = np.zeros((3, 4, 4), np.complex128), np.zeros((4, 4, 4), np.float64)
    eighth = math.pi / 8
    v1, v2, w = np.zeros(3), np.zeros(3), np.zeros(3)
    h1, h2 = np.zeros((2, 2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    g1, g2 = np.zeros((2, 2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    k1, k2 = np.zeros((2, 2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    scratch, other = np.zeros((2, 2), np.complex128), np.zeros((2, 2), np.complex128)
    for k in range(m):
        n = counts[k]
        if n == 0:
            _free_of_natives(left[k], right[k], local[k, 0])
            continue
        skeleton = gate.copy()
        if n == 2:
            _sqrt_two(coords[k, 0], coords[k, 1], coords[k, 2], local[k, 1])
            skeleton = sandwich(gate, local[k, 1], skeleton)
        elif n == 3:
            x, y, z = coords[k, 0], coords[k, 1], coords[k, 2]
            if y > eighth:
                v1[0], v1[1], v1[2] = 0.0, eighth, -eighth if z < 0.0 else eighth
            else:
                v1[0], v1[1], v1[2] = -eighth, eighth, 0.0
            v2[0], v2[1], v2[2] = x - v1[0], y - v1[1], z - v1[2]
            for q in range(2):
                for target in (h1, h2, g1, g2):
                    target[q, 0, 0] = target[q, 1, 1] = 1.0
                    target[q, 0, 1] = target[q, 1, 0] = 0.0
            canonicalise(v1, h1, h2)
            canonicalise(v2, g1, g2)
            # Can(v1) = h1 N' h2 with N' = K1 Can K2 inverted: gate = k1 Can k2 up to phase.
            _sqrt_two(v2[0], v2[1], v2[2], local[k, 1])
            two = sandwich(gate, local[k, 1], gate)
            kak_one(two, w, k1, k2, work, real)
            _align(v2, w, k1, k2)
            for q in range(2):
                # Between: h2 g1 K1^dagger, then the gate's own right local factor is divided out below.
                times_dagger(g1[q], k1[q], scratch)
                times(h2[q], scratch, other)
                local[k, 2, q, :, :] = other
            kak_one(gate, w, k1, k2, work, real)
            for q in range(2):
                dagger_times(k2[q], local[k, 2, q], scratch)
                local[k, 2, q, :, :] = scratch
            skeleton = sandwich(gate, local[k, 2], two)
        out_phase[k] = stitch(skeleton, coords[k], left[k], right[k], phase[k], local[k, 0], local[k, n], work, real)
    return local, out_phase
