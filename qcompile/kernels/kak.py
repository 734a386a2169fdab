"""Batched KAK: two-qubit unitaries as local gates around exp(i (a XX + b YY + c ZZ)), in the canonical Weyl chamber.

In the magic basis local gates are real and the interaction is diagonal (Makhlin 2002; Zhang, Vala, Sastry, Whaley
2003). The symmetric unitary M^T M = X + iY has commuting real parts X and Y; both are diagonalised at once by Jacobi
rotations (Bunse-Gerstner, Byers, Mehrmann 1993), which is exact for degenerate spectra as well, needs no LAPACK and
so gives the same bits on every machine.

Chamber: pi/4 >= a >= b >= |c|, and c >= 0 where a = pi/4 (within `EDGE`). Qubit 0 is the left factor of every
product.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["EDGE", "canonical_coordinates", "canonicalise", "kak_one", "kak_vectors", "weyl_coordinates"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]

#: Coordinates nearer than this to a wall of the chamber count as lying on it.
EDGE = 1e-12

_QUARTER = math.pi / 4
_ROOT = math.sqrt(0.5)
#: Columns are Bell states with phases such that XX, YY, ZZ have the signs `_SIGNS` on them.
_MAGIC = np.array([[1, 1j, 0, 0], [0, 0, 1j, 1], [0, 0, 1j, -1], [1, -1j, 0, 0]], dtype=np.complex128) * _ROOT
_MAGIC_DAGGER = np.ascontiguousarray(_MAGIC.conj().T)
_PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=np.complex128)
#: exp(i pi/4 P)-type Cliffords that exchange two Pauli axes when applied to both qubits: rows exchange (y,z), (x,z),
#: (x,y).
_SWAPPER = np.array([[[1, -1j], [1j, -1]], [[1, 1], [1, -1]], [[0, 1 - 1j], [1 + 1j, 0]]], dtype=np.complex128) * _ROOT


@jit
def _multiply4(a: ComplexArray, b: ComplexArray, out: ComplexArray) -> None:
    """Write a b of 4x4 matrices to `out`."""
    for i in range(4):
        for j in range(4):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j] + a[i, 3] * b[3, j]


@jit
def _multiply2_right(a: ComplexArray, b: ComplexArray) -> None:
    """Replace the 2x2 matrix a by a b."""
    for i in range(2):
        x, y = a[i, 0], a[i, 1]
        a[i, 0] = x * b[0, 0] + y * b[1, 0]
        a[i, 1] = x * b[0, 1] + y * b[1, 1]


@jit
def _multiply2_left(b: ComplexArray, a: ComplexArray) -> None:
    """Replace the 2x2 matrix a by b a."""
    for j in range(2):
        x, y = a[0, j], a[1, j]
        a[0, j] = b[0, 0] * x + b[0, 1] * y
        a[1, j] = b[1, 0] * x + b[1, 1] * y


@jit
def _diagonalise(x: FloatArray, y: FloatArray, p: FloatArray) -> None:
    """Rotate the commuting symmetric 4x4 matrices x and y to diagonal form in place, `p` taking the rotations as
    columns.

    Each rotation minimises the off-diagonal weight of both matrices in its plane (Cardoso, Souloumiac 1996, real case).
    """
    for _ in range(40):
        moved = False
        for i in range(3):
            for j in range(i + 1, 4):
                off = 2.0 * max(abs(x[i, j]), abs(y[i, j]))
                if off < 1e-16:
                    continue
                hx, hy = x[i, i] - x[j, j], y[i, i] - y[j, j]
                ox, oy = 2.0 * x[i, j], 2.0 * y[i, j]
                # Principal axis of the sum of (h, o)(h, o)^T over both matrices; half of its angle,
                # itself half of the double angle below, is the rotation's.
                ton = (hx * hx - ox * ox) + (hy * hy - oy * oy)
                toff = 2.0 * (hx * ox + hy * oy)
                theta = 0.25 * math.atan2(toff, ton)
                if abs(theta) < 1e-17:
                    continue
                if abs(math.sin(theta)) * math.hypot(hx, hy) > 1e-15 or off > 1e-15:
                    moved = True
                c, s = math.cos(theta), math.sin(theta)
                for k in range(4):
                    u, v = x[k, i], x[k, j]
                    x[k, i], x[k, j] = c * u + s * v, c * v - s * u
                    u, v = y[k, i], y[k, j]
                    y[k, i], y[k, j] = c * u + s * v, c * v - s * u
                    u, v = p[k, i], p[k, j]
                    p[k, i], p[k, j] = c * u + s * v, c * v - s * u
                for k in range(4):
                    u, v = x[i, k], x[j, k]
                    x[i, k], x[j, k] = c * u + s * v, c * v - s * u
                    u, v = y[i, k], y[j, k]
                    y[i, k], y[j, k] = c * u + s * v, c * v - s * u
        if not moved:
            return


@jit
def _split_local(
    real: FloatArray, left: ComplexArray, right: ComplexArray, work: ComplexArray, full: ComplexArray
) -> None:
    """Write the factors of the local gate whose magic-basis matrix is `real` (special orthogonal); det(right) = 1."""
    for i in range(4):
        for j in range(4):
            work[i, j] = (
                _MAGIC[i, 0] * real[0, j]
                + _MAGIC[i, 1] * real[1, j]
                + _MAGIC[i, 2] * real[2, j]
                + _MAGIC[i, 3] * real[3, j]
            )
    _multiply4(work, _MAGIC_DAGGER, full)
    # The heaviest 2x2 block is a multiple of the right factor; the left one follows by a weighted mean over its
    # entries.
    best, row, col = -1.0, 0, 0
    for i in range(2):
        for j in range(2):
            weight = 0.0
            for k in range(2):
                for n in range(2):
                    e = full[2 * i + k, 2 * j + n]
                    weight += e.real * e.real + e.imag * e.imag
            if weight > best + 1e-9:
                best, row, col = weight, i, j
    for k in range(2):
        for n in range(2):
            right[k, n] = full[2 * row + k, 2 * col + n]
    det = right[0, 0] * right[1, 1] - right[0, 1] * right[1, 0]
    size = math.sqrt(math.hypot(det.real, det.imag))
    turn = -0.5 * math.atan2(det.imag, det.real)
    scale = complex(math.cos(turn), math.sin(turn)) / size
    for k in range(2):
        for n in range(2):
            right[k, n] *= scale
    for i in range(2):
        for j in range(2):
            total = complex(0.0, 0.0)
            for k in range(2):
                for n in range(2):
                    total += full[2 * i + k, 2 * j + n] * right[k, n].conjugate()
            left[i, j] = 0.5 * total


@jit
def _shift(v: FloatArray, k: int, steps: int, k1: ComplexArray) -> float:
    """Add `steps` pi/2 to coordinate k and undo it on the left locals `k1[2,2,2]`; return the phase change."""
    v[k] += steps * 0.5 * math.pi
    if steps % 2:
        # exp(i pi/2 PP) = i PP, and PP = P x P is local.
        _multiply2_right(k1[0], _PAULI[k])
        _multiply2_right(k1[1], _PAULI[k])
    return -steps * 0.5 * math.pi


@jit
def _negate(v: FloatArray, i: int, j: int, k1: ComplexArray, k2: ComplexArray) -> None:
    """Flip the signs of coordinates i and j by conjugating qubit 0 with the third Pauli."""
    v[i], v[j] = -v[i], -v[j]
    third = 3 - i - j
    _multiply2_right(k1[0], _PAULI[third])
    _multiply2_left(_PAULI[third], k2[0])


@jit
def _exchange(v: FloatArray, i: int, j: int, k1: ComplexArray, k2: ComplexArray) -> None:
    """Exchange coordinates i and j by conjugating both qubits with the Clifford that exchanges the axes."""
    v[i], v[j] = v[j], v[i]
    clifford = _SWAPPER[3 - i - j]
    for q in range(2):
        _multiply2_right(k1[q], clifford)
        _multiply2_left(clifford, k2[q])


@jit
def canonicalise(v: FloatArray, k1: ComplexArray, k2: ComplexArray) -> float:
    """Move coordinates v[3] into the chamber, locals following; return the phase gained."""
    phase = 0.0
    for k in range(3):
        steps = -math.floor(v[k] / (0.5 * math.pi) + 0.5)
        if v[k] + steps * 0.5 * math.pi <= -_QUARTER + EDGE:
            steps += 1
        if steps != 0:
            phase += _shift(v, k, steps, k1)
    if abs(v[0]) + 1e-13 < abs(v[1]):
        _exchange(v, 0, 1, k1, k2)
    if abs(v[1]) + 1e-13 < abs(v[2]):
        _exchange(v, 1, 2, k1, k2)
    if abs(v[0]) + 1e-13 < abs(v[1]):
        _exchange(v, 0, 1, k1, k2)
    if v[0] < 0.0:
        _negate(v, 0, 2, k1, k2)
    if v[1] < 0.0:
        _negate(v, 1, 2, k1, k2)
    if v[0] > _QUARTER - EDGE and v[2] < 0.0:
        phase += _shift(v, 0, -1, k1)
        _negate(v, 0, 2, k1, k2)
    return phase


@jit
def kak_one(
    u: ComplexArray, v: FloatArray, k1: ComplexArray, k2: ComplexArray, work: ComplexArray, real: FloatArray
) -> float:
    """Decompose one 4x4 unitary; write coordinates `v[3]`, locals `k1[2,2,2]`, `k2[2,2,2]` and return the phase.

    u = exp(i phase) (k1[0] x k1[1]) exp(i (v0 XX + v1 YY + v2 ZZ)) (k2[0] x k2[1]).

    Args:
        u: Unitary.
        v, k1, k2: Output.
        work: Scratch, complex [3,4,4].
        real: Scratch, float [4,4,4].
    """
    m, full = work[0], work[1]
    _multiply4(_MAGIC_DAGGER, u, full)
    _multiply4(full, _MAGIC, m)
    x, y, p = real[0], real[1], real[2]
    for i in range(4):
        for j in range(4):
            t = m[0, i] * m[0, j] + m[1, i] * m[1, j] + m[2, i] * m[2, j] + m[3, i] * m[3, j]
            x[i, j], y[i, j] = t.real, t.imag
            p[i, j] = 1.0 if i == j else 0.0
    _diagonalise(x, y, p)
    # m = O1 exp(i d) P^T with d half the phases of the diagonal of P^T m^T m P; columns of m P are exp(i d_j) O1_j.
    d0, d1, d2, d3 = 0.0, 0.0, 0.0, 0.0
    orth = real[3]
    for j in range(4):
        angle = 0.5 * math.atan2(y[j, j], x[j, j])
        back = complex(math.cos(angle), -math.sin(angle))
        for i in range(4):
            e = m[i, 0] * p[0, j] + m[i, 1] * p[1, j] + m[i, 2] * p[2, j] + m[i, 3] * p[3, j]
            orth[i, j] = (e * back).real
        if j == 0:
            d0 = angle
        elif j == 1:
            d1 = angle
        elif j == 2:
            d2 = angle
        else:
            d3 = angle
    if _det4(orth) < 0.0:
        d0 += math.pi
        for i in range(4):
            orth[i, 0] = -orth[i, 0]
    # Jacobi rotations have determinant 1, so p is special orthogonal already; its transpose is the right factor.
    for i in range(4):
        for j in range(4):
            x[i, j] = p[j, i]
    _split_local(orth, k1[0], k1[1], work[2], full)
    _split_local(x, k2[0], k2[1], work[2], full)
    # Signs of XX, YY, ZZ on the four magic states: (+,-,+), (-,+,+), (+,+,-), (-,-,-).
    v[0] = 0.25 * (d0 - d1 + d2 - d3)
    v[1] = 0.25 * (-d0 + d1 + d2 - d3)
    v[2] = 0.25 * (d0 + d1 - d2 - d3)
    phase = 0.25 * (d0 + d1 + d2 + d3)
    return float(phase + canonicalise(v, k1, k2))


@jit
def _det4(a: FloatArray) -> float:
    """Return the determinant of a 4x4 matrix by 2x2 minors."""
    s0 = a[0, 0] * a[1, 1] - a[1, 0] * a[0, 1]
    s1 = a[0, 0] * a[1, 2] - a[1, 0] * a[0, 2]
    s2 = a[0, 0] * a[1, 3] - a[1, 0] * a[0, 3]
    s3 = a[0, 1] * a[1, 2] - a[1, 1] * a[0, 2]
    s4 = a[0, 1] * a[1, 3] - a[1, 1] * a[0, 3]
    s5 = a[0, 2] * a[1, 3] - a[1, 2] * a[0, 3]
    c5 = a[2, 2] * a[3, 3] - a[3, 2] * a[2, 3]
    c4 = a[2, 1] * a[3, 3] - a[3, 1] * a[2, 3]
    c3 = a[2, 1] * a[3, 2] - a[3, 1] * a[2, 2]
    c2 = a[2, 0] * a[3, 3] - a[3, 0] * a[2, 3]
    c1 = a[2, 0] * a[3, 2] - a[3, 0] * a[2, 2]
    c0 = a[2, 0] * a[3, 1] - a[3, 0] * a[2, 1]
    return float(s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0)


@jit
def kak_vectors(u: ComplexArray) -> tuple[FloatArray, ComplexArray, ComplexArray, FloatArray]:
    """Return `coords[m,3]`, `left[m,2,2,2]`, `right[m,2,2,2]`, `phase[m]` of `u[m,4,4]`.

    u = exp(i phase) (left[0] x left[1]) exp(i (a XX + b YY + c ZZ)) (right[0] x right[1]); locals are unitary, phase
    in (-pi, pi].
    """
    m = u.shape[0]
    coords = np.zeros((m, 3), np.float64)
    left = np.zeros((m, 2, 2, 2), np.complex128)
    right = np.zeros((m, 2, 2, 2), np.complex128)
    phase = np.zeros(m, np.float64)
    work = np.zeros((3, 4, 4), np.complex128)
    real = np.zeros((4, 4, 4), np.float64)
    for k in range(m):
        angle = kak_one(u[k], coords[k], left[k], right[k], work, real)
        phase[k] = math.atan2(math.sin(angle), math.cos(angle))
    return coords, left, right, phase


@jit
def weyl_coordinates(u: ComplexArray) -> FloatArray:
    """Return `coords[m,3]` = (a, b, c) of `u[m,4,4]` in the canonical chamber, without the local factors."""
    m = u.shape[0]
    coords = np.zeros((m, 3), np.float64)
    work = np.zeros((2, 4, 4), np.complex128)
    real = np.zeros((3, 4, 4), np.float64)
    d = np.zeros(4, np.float64)
    for k in range(m):
        mm, full = work[0], work[1]
        _multiply4(_MAGIC_DAGGER, u[k], full)
        _multiply4(full, _MAGIC, mm)
        x, y, p = real[0], real[1], real[2]
        for i in range(4):
            for j in range(4):
                t = mm[0, i] * mm[0, j] + mm[1, i] * mm[1, j] + mm[2, i] * mm[2, j] + mm[3, i] * mm[3, j]
                x[i, j], y[i, j] = t.real, t.imag
                p[i, j] = 1.0 if i == j else 0.0
        _diagonalise(x, y, p)
        for j in range(4):
            d[j] = 0.5 * math.atan2(y[j, j], x[j, j])
        # The sign of det(O1) that kak_one reads from the columns is that of det(m) exp(-i sum d).
        det = _det_unitary(mm)
        total = d[0] + d[1] + d[2] + d[3]
        if (det * complex(math.cos(total), -math.sin(total))).real < 0.0:
            d[0] += math.pi
        v = coords[k]
        v[0] = 0.25 * (d[0] - d[1] + d[2] - d[3])
        v[1] = 0.25 * (-d[0] + d[1] + d[2] - d[3])
        v[2] = 0.25 * (d[0] + d[1] - d[2] - d[3])
        canonical_coordinates(v)
    return coords


@jit
def _det_unitary(a: ComplexArray) -> complex:
    """Return the determinant of a 4x4 complex matrix by 2x2 minors."""
    total = complex(0.0, 0.0)
    for i in range(3):
        for j in range(i + 1, 4):
            rest0 = 0 if i != 0 else (1 if j != 1 else 2)
            rest1 = 6 - i - j - rest0
            if rest1 < rest0:
                rest0, rest1 = rest1, rest0
            sign = 1.0 if (i + j) % 2 == 1 else -1.0
            top = a[0, i] * a[1, j] - a[0, j] * a[1, i]
            bottom = a[2, rest0] * a[3, rest1] - a[2, rest1] * a[3, rest0]
            total += sign * top * bottom
    return total


@jit
def canonical_coordinates(v: FloatArray) -> None:
    """Move coordinates v[3] into the canonical chamber in place (the map of `canonicalise` without locals)."""
    for k in range(3):
        steps = -math.floor(v[k] / (0.5 * math.pi) + 0.5)
        if v[k] + steps * 0.5 * math.pi <= -_QUARTER + EDGE:
            steps += 1
        v[k] += steps * 0.5 * math.pi
    for i, j in ((0, 1), (1, 2), (0, 1)):
        if abs(v[i]) + 1e-13 < abs(v[j]):
            v[i], v[j] = v[j], v[i]
    if v[0] < 0.0:
        v[0], v[2] = -v[0], -v[2]
    if v[1] < 0.0:
        v[1], v[2] = -v[1], -v[2]
    if v[0] > _QUARTER - EDGE and v[2] < 0.0:
        v[0], v[2] = 0.5 * math.pi - v[0], -v[2]
