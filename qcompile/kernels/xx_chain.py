"""Chains of one fixed XX interaction: which local gates between n copies of exp(i t XX) reach a given Weyl class.

The step (Peterson, Crooks, Smith 2020): exp(i t XX) (Rz(r) x Rz(s)) exp(i (p XX + q YY + c ZZ)) keeps c. On span{00,
11} and on span{01, 10} it is a product of three rotations of a single qubit, so p - q and p + q move independently
and each obeys a spherical triangle with sides t and p -+ q. Two steps reach exactly c = 0, a + b <= 2t; a third
reaches every class that some choice of the axis kept allows; a fourth is needed only for weak interactions when the
swap parity is wrong. All solutions are closed-form.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit
from qcompile.kernels.kak import kak_one

__all__ = ["chain_inner", "chain_reaches", "interaction", "kron2", "sandwich"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]

_HALF = 0.5 * math.pi
#: How far outside its range a triangle side may be by rounding.
_SLACK = 4e-12


@jit
def kron2(a: ComplexArray, b: ComplexArray, out: ComplexArray) -> None:
    """Write the 4x4 product a x b to `out`."""
    for i in range(2):
        for j in range(2):
            for k in range(2):
                for n in range(2):
                    out[2 * i + k, 2 * j + n] = a[i, j] * b[k, n]


@jit
def interaction(a: float, b: float, c: float, out: ComplexArray) -> None:
    """Write exp(i (a XX + b YY + c ZZ)) to `out`."""
    for i in range(4):
        for j in range(4):
            out[i, j] = complex(0.0, 0.0)
    even, odd = complex(math.cos(c), math.sin(c)), complex(math.cos(c), -math.sin(c))
    out[0, 0] = out[3, 3] = even * math.cos(a - b)
    out[0, 3] = out[3, 0] = even * complex(0.0, math.sin(a - b))
    out[1, 1] = out[2, 2] = odd * math.cos(a + b)
    out[1, 2] = out[2, 1] = odd * complex(0.0, math.sin(a + b))


@jit
def sandwich(gate: ComplexArray, local: ComplexArray, tail: ComplexArray) -> ComplexArray:
    """Return gate (local[0] x local[1]) tail."""
    middle = np.empty((4, 4), np.complex128)
    kron2(local[0], local[1], middle)
    first = np.zeros((4, 4), np.complex128)
    out = np.zeros((4, 4), np.complex128)
    for i in range(4):
        for j in range(4):
            for k in range(4):
                first[i, j] += middle[i, k] * tail[k, j]
    for i in range(4):
        for j in range(4):
            for k in range(4):
                out[i, j] += gate[i, k] * first[k, j]
    return out


@jit
def _fold(angle: float) -> float:
    """Return the angle in [0, pi/2] with the same squared cosine."""
    angle = abs(angle) % math.pi
    return math.pi - angle if angle > _HALF else angle


@jit
def _turn(t: float, w: float, theta: float) -> float:
    """Return f with exp(itX) exp(-i f Z/2) exp(iwX) = Z-rotation, exp(i theta X), Z-rotation; theta folded, the
    triangle holding.

    Half-angle forms: cos^2(f/2) and sin^2(f/2) are products of sines of the triangle's excesses, accurate at its
    degenerate ends.
    """
    inner = max(0.0, math.sin(theta - (t - w)) * math.sin(theta + (t - w)))
    outer = max(0.0, math.sin(t + w - theta) * math.sin(t + w + theta))
    return 2.0 * math.atan2(math.sqrt(outer), math.sqrt(inner))


@jit
def _rz_pair(minus: float, plus: float, out: ComplexArray) -> None:
    """Write Rz(r), Rz(s) with r + s = minus (the turn on span{00, 11}) and r - s = plus (on span{01, 10})."""
    for q in range(2):
        angle = 0.25 * (minus + plus) if q == 0 else 0.25 * (minus - plus)
        out[q, 0, 0] = complex(math.cos(angle), -math.sin(angle))
        out[q, 1, 1] = complex(math.cos(angle), math.sin(angle))
        out[q, 0, 1] = out[q, 1, 0] = complex(0.0, 0.0)


@jit
def _choose(v: FloatArray, t: float) -> tuple[bool, float, float, float, float]:
    """Return (found, p, x, y, z): an image (x, y, z) of the class v that one step reaches from (p, 0, z), itself two
    steps deep.

    Among the images (which axis is kept, reflected or not) the one with the widest choice of p is taken, p in the
    middle.
    """
    best, best_p, bx, by, bz = -1.0, 0.0, 0.0, 0.0, 0.0
    for mirror in range(2):
        a, b, c = v[0], v[1], v[2]
        if mirror == 1:
            a, c = _HALF - a, -c
        for kept in range(3):
            if kept == 0:
                x, y, z = b, c, a
            elif kept == 1:
                x, y, z = a, c, b
            else:
                x, y, z = a, b, c
            if abs(z) > 0.5 * _HALF + _SLACK:
                continue
            minus, plus = _fold(x - y), _fold(x + y)
            low = max(abs(minus - t), abs(plus - t))
            high = min(min(minus, plus) + t, math.pi - t - max(minus, plus))
            high = min(high, min(0.5 * _HALF, 2.0 * t - abs(z)))
            width = high - low
            # At t = pi/4 the choice p = t is always open and turns the fewest gates away from Clifford angles.
            if width >= -_SLACK and width > best + 1e-9:
                best = max(width, 0.0)
                middle = 0.5 * (low + high)
                if low <= t <= high or width < 0.0:
                    middle = t if low - _SLACK <= t <= high + _SLACK else middle
                best_p, bx, by, bz = middle, x, y, z
    return best >= 0.0, best_p, bx, by, bz


@jit
def chain_reaches(v: FloatArray, n: int, t: float, tol: float) -> bool:
    """Return whether n copies of exp(i t XX), 0 < t <= pi/4, reach the class v[3] (canonical): n from 0 to 4."""
    a, b, c = v[0], v[1], abs(v[2])
    if n == 0:
        return bool(a <= tol)
    if n == 1:
        return bool(abs(a - t) <= tol and b <= tol and c <= tol)
    if n == 2:
        return bool(c <= tol and a + b <= 2.0 * t + tol)
    if n == 3:
        found, _, _, _, _ = _choose(v, t)
        return found
    return True


@jit
def _two(x: float, y: float, t: float, local: ComplexArray) -> None:
    """Write the local gates between two interactions that reach (x, y, 0)."""
    _rz_pair(_turn(t, t, _fold(x - y)), _turn(t, t, _fold(x + y)), local)


@jit
def _placed(w: ComplexArray, x: float, z: float, out: ComplexArray) -> None:
    """Write local gates `out` such that (out) w = exp(i (x XX + z ZZ)) times local gates on its right; w has that
    class.
    """
    v = np.zeros(3)
    k1, k2 = np.zeros((2, 2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    w1, w2 = np.zeros((2, 2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    work, real = np.zeros((3, 4, 4), np.complex128), np.zeros((4, 4, 4), np.float64)
    kak_one(w, v, k1, k2, work, real)
    goal = np.zeros((4, 4), np.complex128)
    interaction(x, 0.0, z, goal)
    kak_one(goal, v, w1, w2, work, real)
    # goal = w1 Can w2 and w = k1 Can k2: w1 k1^dagger w = goal (w2^dagger k2).
    for q in range(2):
        for i in range(2):
            for j in range(2):
                out[q, i, j] = w1[q, i, 0] * k1[q, j, 0].conjugate() + w1[q, i, 1] * k1[q, j, 1].conjugate()


@jit
def _multiply_pair(a: ComplexArray, b: ComplexArray, out: ComplexArray) -> None:
    """Write the products a[q] b[q] to out[q]."""
    for q in range(2):
        for i in range(2):
            for j in range(2):
                out[q, i, j] = a[q, i, 0] * b[q, 0, j] + a[q, i, 1] * b[q, 1, j]


@jit
def _three(v: FloatArray, t: float, inner: ComplexArray) -> bool:
    """Write inner[0] and inner[1] for three interactions reaching the class v."""
    gate = np.zeros((4, 4), np.complex128)
    interaction(t, 0.0, 0.0, gate)
    found, p, x, y, z = _choose(v, t)
    if not found:
        return False
    turns, place = np.zeros((2, 2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    _two(p, z, t, inner[0])
    _placed(sandwich(gate, inner[0], gate), p, z, place)
    _rz_pair(_turn(t, p, _fold(x - y)), _turn(t, p, _fold(x + y)), turns)
    _multiply_pair(turns, place, inner[1])
    return True


@jit
def chain_inner(v: FloatArray, n: int, t: float, inner: ComplexArray) -> bool:
    """Write `inner[n-1,2,2,2]` such that XX(t) inner[n-2] ... inner[0] XX(t) has the class v[3]; return whether it
    does.

    Args:
        v: Canonical coordinates.
        n: Number of interactions, 1 to 4.
        t: Strength of each, 0 < t <= pi/4.
        inner: Output, complex; inner[0] acts first.
    """
    if n <= 1:
        return True
    gate = np.zeros((4, 4), np.complex128)
    interaction(t, 0.0, 0.0, gate)
    if n == 2:
        _two(v[0], v[1], t, inner[0])
        return True
    if n == 3:
        return _three(v, t, inner)
    turns, place = np.zeros((2, 2, 2), np.complex128), np.zeros((2, 2, 2), np.complex128)
    # Four: from (t, 0, c), which three reach, the last step goes anywhere with a + b <= 2t that keeps c.
    middle = np.array([t, abs(v[2]), 0.0])
    if not _three(middle, t, inner):
        return False
    w = sandwich(gate, inner[1], sandwich(gate, inner[0], gate))
    _placed(w, t, v[2], place)
    _rz_pair(_turn(t, t, _fold(v[0] - v[1])), _turn(t, t, _fold(v[0] + v[1])), turns)
    _multiply_pair(turns, place, inner[2])
    return True
