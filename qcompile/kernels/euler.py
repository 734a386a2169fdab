"""One-qubit unitaries to Euler angles and to pulse sequences, over a batch, global phase exact.

All kernels read `u[m,2,2]` (complex128, unitary) and write rows of angles. The phase is found last, by comparing the
matrix that the emitted angles make with the input, so that `u = exp(i phase) * product` holds to rounding at the
poles too. Angles below `ATOL` in modulus are emitted as exact zeros.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["ATOL", "gpi_angles", "phxz_exponents", "zsx_angles", "zyz", "zyz_angles"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]
Int8Array = npt.NDArray[np.int8]

ATOL = 1e-13


@jit
def wrap(angle: float, period: float) -> float:
    """Return `angle` modulo `period` in (-period/2, period/2], values within `ATOL` of a multiple of period/4
    snapped.
    """
    turns = angle / period
    turns -= math.floor(turns + 0.5)
    quarter = math.floor(4.0 * turns + 0.5)
    if abs(turns - 0.25 * quarter) * period < 1e-13:
        turns = 0.25 * quarter
    if turns <= -0.5:
        turns += 1.0
    return turns * period


@jit
def zyz(u00: complex, u01: complex, u10: complex, u11: complex) -> tuple[float, float, float]:
    """Return (a, b, c) with u proportional to Rz(a) Ry(b) Rz(c), 0 <= b <= pi.

    At the poles (b = 0 or pi within `ATOL`) one of the outer angles is free, and c is 0.
    """
    cosine = math.hypot(math.hypot(u00.real, u00.imag), math.hypot(u11.real, u11.imag))
    sine = math.hypot(math.hypot(u10.real, u10.imag), math.hypot(u01.real, u01.imag))
    b = 2.0 * math.atan2(sine, cosine)
    if b < 1e-13:
        ratio = u11 * u00.conjugate()
        return wrap(math.atan2(ratio.imag, ratio.real), 2.0 * math.pi), 0.0, 0.0
    if b > math.pi - 1e-13:
        ratio = -u10 * u01.conjugate()
        return wrap(math.atan2(ratio.imag, ratio.real), 2.0 * math.pi), math.pi, 0.0
    # a is the phase of u10 over u00 and of u11 over -u01: the sum of both weighs each entry by its own accuracy.
    left = u10 * u00.conjugate() - u11 * u01.conjugate()
    right = u11 * u10.conjugate() - u01 * u00.conjugate()
    a = wrap(math.atan2(left.imag, left.real), 2.0 * math.pi)
    c = wrap(math.atan2(right.imag, right.real), 2.0 * math.pi)
    if abs(b - 0.5 * math.pi) < 1e-13:
        b = 0.5 * math.pi
    return a, b, c


@jit
def _phase_against(u: ComplexArray, v00: complex, v01: complex, v10: complex, v11: complex) -> float:
    """Return the angle phi for which u = exp(i phi) v, from the trace of v-dagger u."""
    t = v00.conjugate() * u[0, 0] + v01.conjugate() * u[0, 1] + v10.conjugate() * u[1, 0] + v11.conjugate() * u[1, 1]
    phase = math.atan2(t.imag, t.real)
    return 0.0 if abs(phase) < 1e-13 else phase


@jit
def _rz_ry_rz(a: float, b: float, c: float) -> tuple[complex, complex, complex, complex]:
    """Return the entries of Rz(a) Ry(b) Rz(c) row by row."""
    cosine, sine = math.cos(0.5 * b), math.sin(0.5 * b)
    plus, minus = 0.5 * (a + c), 0.5 * (a - c)
    return (
        complex(cosine * math.cos(plus), -cosine * math.sin(plus)),
        complex(-sine * math.cos(minus), sine * math.sin(minus)),
        complex(sine * math.cos(minus), sine * math.sin(minus)),
        complex(cosine * math.cos(plus), cosine * math.sin(plus)),
    )


@jit
def zyz_angles(u: ComplexArray) -> tuple[FloatArray, FloatArray]:
    """Return `angles[m,3]` = (a, b, c) and `phase[m]`: u = exp(i phase) Rz(a) Ry(b) Rz(c), radians, b in [0, pi]."""
    m = u.shape[0]
    angles = np.zeros((m, 3), np.float64)
    phase = np.zeros(m, np.float64)
    for k in range(m):
        a, b, c = zyz(u[k, 0, 0], u[k, 0, 1], u[k, 1, 0], u[k, 1, 1])
        angles[k, 0], angles[k, 1], angles[k, 2] = a, b, c
        v00, v01, v10, v11 = _rz_ry_rz(a, b, c)
        phase[k] = _phase_against(u[k], v00, v01, v10, v11)
    return angles, phase


@jit
def phxz_exponents(u: ComplexArray) -> tuple[FloatArray, FloatArray]:
    """Return `exponents[m,3]` = (x, z, a) and `phase[m]`: u = exp(i phase) Z^z Z^a X^x Z^-a, as `cirq.PhasedXZGate`.

    Half-turns: x in [0, 1], z and a in (-1, 1]. At x = 0 the axis a is 0, at x = 1 the frame z is 0.
    """
    m = u.shape[0]
    out = np.zeros((m, 3), np.float64)
    phase = np.zeros(m, np.float64)
    half = 0.5 * math.pi
    for k in range(m):
        alpha, beta, gamma = zyz(u[k, 0, 0], u[k, 0, 1], u[k, 1, 0], u[k, 1, 1])
        x = beta / math.pi
        if x == 0.0:
            a, z = 0.0, wrap((alpha + gamma) / math.pi, 2.0)
        elif x == 1.0:
            # Z^z X^(axis a) at x = 1 is the half turn about the axis a + z/2: no frame change is left.
            a, z = wrap(0.5 + 0.5 * (alpha - gamma) / math.pi, 2.0), 0.0
        else:
            a, z = wrap((half - gamma) / math.pi, 2.0), wrap((alpha + gamma) / math.pi, 2.0)
        out[k, 0], out[k, 1], out[k, 2] = x, z, a
        v00, v01, v10, v11 = _rz_ry_rz(math.pi * (z + a) - half, math.pi * x, half - math.pi * a)
        # Z^z Z^a X^x Z^-a = exp(i pi (z + x)/2) Rz(pi(z+a)) Rx(pi x) Rz(-pi a).
        turn = 0.5 * math.pi * (z + x)
        lead = complex(math.cos(turn), math.sin(turn))
        phase[k] = _phase_against(u[k], lead * v00, lead * v01, lead * v10, lead * v11)
    return out, phase


@jit
def zsx_angles(u: ComplexArray) -> tuple[FloatArray, Int8Array, FloatArray]:
    """Return `angles[m,3]` = (a, b, c), `n_sx[m]` and `phase[m]` for Rz(a) SX Rz(b) SX Rz(c), c acting first.

    `n_sx` 0 stands for Rz(a) alone, 1 for Rz(a) SX Rz(c) (b is 0), 2 for the full form; a half turn has b = 0 and c = 0
    whenever one frame change suffices, so that SX SX may be sent as one X. SX = exp(i pi/4) Rx(pi/2).
    """
    m = u.shape[0]
    angles = np.zeros((m, 3), np.float64)
    pulses = np.zeros(m, np.int8)
    phase = np.zeros(m, np.float64)
    half, full = 0.5 * math.pi, 2.0 * math.pi
    for k in range(m):
        alpha, beta, gamma = zyz(u[k, 0, 0], u[k, 0, 1], u[k, 1, 0], u[k, 1, 1])
        a, b, c = 0.0, 0.0, 0.0
        if beta == 0.0:
            a = wrap(alpha + gamma, full)
        elif beta == half:
            pulses[k] = 1
            a, c = wrap(alpha + half, full), wrap(gamma - half, full)
        elif beta == math.pi:
            # X X-axis half turn: only alpha - gamma counts, all of it in one frame change after the pulses.
            pulses[k] = 2
            a = wrap(alpha - gamma + math.pi, full)
        else:
            pulses[k] = 2
            a, b, c = wrap(alpha + math.pi, full), wrap(beta + math.pi, full), wrap(gamma, full)
        angles[k, 0], angles[k, 1], angles[k, 2] = a, b, c
        v00, v01, v10, v11 = _sx_product(pulses[k], a, b, c)
        phase[k] = _phase_against(u[k], v00, v01, v10, v11)
    return angles, pulses, phase


@jit
def _sx_product(n_sx: int, a: float, b: float, c: float) -> tuple[complex, complex, complex, complex]:
    """Return Rz(a) (SX Rz(b)) (SX Rz(c)) with `n_sx` pulses."""
    if n_sx == 0:
        return _rz_ry_rz(a, 0.0, 0.0)
    p, q = complex(0.5, 0.5), complex(0.5, -0.5)
    if n_sx == 1:
        m00, m01 = p, q
        m10, m11 = q, p
    else:
        low, high = complex(math.cos(0.5 * b), -math.sin(0.5 * b)), complex(math.cos(0.5 * b), math.sin(0.5 * b))
        m00 = p * low * p + q * high * q
        m01 = p * low * q + q * high * p
        m10 = q * low * p + p * high * q
        m11 = q * low * q + p * high * p
    row = complex(math.cos(0.5 * a), -math.sin(0.5 * a))
    col = complex(math.cos(0.5 * c), -math.sin(0.5 * c))
    return (
        row * m00 * col,
        row * m01 * col.conjugate(),
        row.conjugate() * m10 * col,
        row.conjugate() * m11 * col.conjugate(),
    )


@jit
def gpi_angles(u: ComplexArray) -> tuple[FloatArray, Int8Array, FloatArray]:
    """Return `angles[m,3]` = (z, second, first), `kind[m]` and `phase[m]` for pulses about equatorial axes and a frame.

    u = exp(i phase) Rz(z) P, where P is nothing (kind 0), GPI2(first) (1), GPI2(second) GPI2(first) (2) or GPI(first)
    (3, z = 0).
    GPI(f) = [[0, e^-if], [e^if, 0]]; GPI2(f) = [[1, -i e^-if], [-i e^if, 1]] / sqrt 2. Radians.
    """
    m = u.shape[0]
    angles = np.zeros((m, 3), np.float64)
    kind = np.zeros(m, np.int8)
    phase = np.zeros(m, np.float64)
    half, full = 0.5 * math.pi, 2.0 * math.pi
    root = math.sqrt(0.5)
    for k in range(m):
        alpha, beta, gamma = zyz(u[k, 0, 0], u[k, 0, 1], u[k, 1, 0], u[k, 1, 1])
        z, second, first = 0.0, 0.0, 0.0
        v00, v01, v10, v11 = complex(1.0, 0.0), complex(0.0, 0.0), complex(0.0, 0.0), complex(1.0, 0.0)
        if beta == 0.0:
            z = wrap(alpha + gamma, full)
        elif beta == math.pi:
            kind[k] = 3
            first = wrap(half + 0.5 * (alpha - gamma), full)
            v00, v11 = complex(0.0, 0.0), complex(0.0, 0.0)
            v01 = complex(math.cos(first), -math.sin(first))
            v10 = complex(math.cos(first), math.sin(first))
        else:
            # GPI2(f) = Rz(f) GPI2(0) Rz(-f): the frame changes of Rz SX Rz SX Rz are moved to the end.
            if beta == half:
                kind[k] = 1
                first, z = wrap(half - gamma, full), wrap(alpha + gamma, full)
            else:
                kind[k] = 2
                first = wrap(-gamma, full)
                second = wrap(-(beta + math.pi) - gamma, full)
                z = wrap(alpha + beta + gamma, full)
            v00, v11 = complex(root, 0.0), complex(root, 0.0)
            v01 = complex(-math.sin(first) * root, -math.cos(first) * root)
            v10 = complex(math.sin(first) * root, -math.cos(first) * root)
            if kind[k] == 2:
                s01 = complex(-math.sin(second) * root, -math.cos(second) * root)
                s10 = complex(math.sin(second) * root, -math.cos(second) * root)
                v00, v01, v10, v11 = (
                    root * v00 + s01 * v10,
                    root * v01 + s01 * v11,
                    s10 * v00 + root * v10,
                    s10 * v01 + root * v11,
                )
        angles[k, 0], angles[k, 1], angles[k, 2] = z, second, first
        low = complex(math.cos(0.5 * z), -math.sin(0.5 * z))
        phase[k] = _phase_against(u[k], low * v00, low * v01, low.conjugate() * v10, low.conjugate() * v11)
    return angles, kind, phase
