"""Rotary positions with quantum phases (38, 40), and the closed forms of their overlaps."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError

__all__ = ["phase_layer_phase", "quantum_rope", "rope_angles", "rotation_phase"]

Floats = NDArray[np.float64]
Reference = Literal["zero", "one", "plus"]


def rope_angles(positions: ArrayLike, d_model: int, *, base: float = 10000.0) -> Floats:
    """Return w_{m,k} = m / base^(2 k / d) (eq. 40, whose printed symbol lacks the k), shape [positions, d / 2].

    >>> rope_angles([3], 8)[0, 0], round(float(rope_angles([3], 8)[0, 2]), 12)
    (np.float64(3.0), 0.03)
    """
    if d_model < 2 or d_model % 2:
        raise InputError(f"is {d_model}", where="d_model", hint="use an even number from 2")
    m = np.atleast_1d(np.asarray(positions, dtype=np.float64))
    exponent = 2 * np.arange(d_model // 2) / d_model
    out: Floats = m[:, None] * np.power(base, -exponent)[None, :]
    return out


def rotation_phase(omega: ArrayLike, *, reference: Reference = "zero") -> Floats:
    """Return theta_Q = arg <psi; U_rot(omega); 0> in closed form (eqs. 38, 39).

    zero: -omega / 2, which halves the rotary frequency. one: omega / 2 - pi / 2. plus: constant -pi / 4 or 3 pi / 4,
    which carries no position. Values are those of `numpy.angle`, in (-pi, pi].
    """
    w = np.asarray(omega, dtype=np.float64)
    if reference == "zero":
        raw = -w / 2
    elif reference == "one":
        raw = w / 2 - np.pi / 2
    elif reference == "plus":
        raw = np.where(np.cos(w / 2 - np.pi / 4) >= 0, -np.pi / 4, 3 * np.pi / 4)
    else:
        raise InputError(f"is {reference!r}", where="reference", hint="use zero, one or plus")
    return _wrapped(raw)


def phase_layer_phase(total: ArrayLike) -> Floats:
    """Return phi_Q = arg <00; U_phase; 00> (eq. 34 collapsed): arg of exp(-i T / 2) cos(T / 2), T the sum of angles."""
    t = np.asarray(total, dtype=np.float64)
    return _wrapped(-t / 2 + np.where(np.cos(t / 2) >= 0, 0.0, np.pi))


def _wrapped(angle: Floats) -> Floats:
    """Return angles in (-pi, pi]."""
    return np.pi - np.remainder(np.pi - angle, 2 * np.pi)


def quantum_rope(
    x: ArrayLike,
    positions: ArrayLike,
    *,
    base: float = 10000.0,
    phi: ArrayLike = 0.0,
    theta: ArrayLike = 0.0,
) -> Floats:
    """Return QRoPE(x, m) = x exp(i (w_m + phi_Q + theta_Q)) with (x_2k, x_2k+1) as complex numbers (eq. 38).

    Args:
        x: Shape [n, d], d even.
        positions: m of each row, shape [n].
        base: Of the frequencies.
        phi: phi_Q, broadcast to [n, d / 2]; where it does not depend on m it cancels in scores.
        theta: theta_Q, broadcast likewise, such as `rotation_phase(rope_angles(...))`.
    """
    rows = np.asarray(x, dtype=np.float64)
    if rows.ndim != 2:
        raise InputError(f"has shape {rows.shape}", where="x", hint="use [n, d]")
    angle = rope_angles(positions, rows.shape[1], base=base) + np.asarray(phi) + np.asarray(theta)
    turned = (rows[:, 0::2] + 1j * rows[:, 1::2]) * np.exp(1j * angle)
    out = np.empty_like(rows)
    out[:, 0::2], out[:, 1::2] = turned.real, turned.imag
    return out
