"""Matrix steps of quantum Shannon synthesis: block-ZXZ, demultiplexing, and two-qubit gates that need one CNOT less.

Block-ZXZ (De Vos, De Baerdemacker 2016): every unitary is 1/2 (A1 + A2)(H x 1)(1 + B)(H x 1)(1 + C), + the direct sum
over the first qubit. Used for circuits it saves two CNOTs a level where the cosine-sine form saves one (Krol, Al-Ars
2024).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import scipy.linalg

from qcompile.kernels.kak import weyl_coordinates

__all__ = ["block_zxz", "complete", "demultiplex", "split_zz"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]

_MAGIC = np.array([[1, 1j, 0, 0], [0, 0, 1j, 1], [0, 0, 1j, -1], [1, -1j, 0, 0]]) * math.sqrt(0.5)
_ZZ = np.array([1.0, -1.0, -1.0, 1.0])


def _polar(x: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
    """Return (S, V) with x = S V, S positive semidefinite, V unitary."""
    left, values, right = np.linalg.svd(x)
    return (left * values) @ left.conj().T, left @ right


def block_zxz(u: ComplexArray) -> tuple[ComplexArray, ComplexArray, ComplexArray, ComplexArray]:
    """Return (A1, A2, B, C) of a unitary of even dimension.

    With u = [[X, Y], [Z, W]] and polar forms X = S_X V_X, Y = S_Y V_Y: C = -i V_X^dagger V_Y, A1 = X + Y C^dagger =
    (S_X + i S_Y) V_X,
    A2 = Z + W C^dagger, B = 2 A1^dagger X - 1. A1 is unitary since S_X^2 + S_Y^2 = 1 makes the factors commute; A2
    and B follow.
    """
    half = u.shape[0] // 2
    x, y = u[:half, :half], u[:half, half:]
    z, w = u[half:, :half], u[half:, half:]
    _, vx = _polar(x)
    _, vy = _polar(y)
    c = -1j * vx.conj().T @ vy
    a1 = x + y @ c.conj().T
    a2 = z + w @ c.conj().T
    b = 2 * a1.conj().T @ x - np.eye(half)
    return a1, a2, b, c


def demultiplex(u0: ComplexArray, u1: ComplexArray) -> tuple[ComplexArray, FloatArray, ComplexArray]:
    """Return (V, angles, W) with u0 + u1 = (1 x V)(multiplexed Rz(angles) on the first qubit)(1 x W).

    From the Schur form of the normal matrix u0 u1^dagger = V D^2 V^dagger (Shende, Bullock, Markov 2006, theorem 12);
    angles[x] is the
    rotation where the other qubits spell x: D = diag(exp(-i angles/2)).
    """
    t, v = scipy.linalg.schur(u0 @ u1.conj().T, output="complex")
    half = 0.5 * np.angle(np.diag(t))
    w = np.exp(1j * half)[:, None] * (v.conj().T @ u1)
    return v, -2.0 * half, w


def split_zz(u: ComplexArray) -> tuple[ComplexArray, FloatArray]:
    """Return (v, phases) with u = v diag(exp(i phases)) and v within two CNOTs of local gates.

    The diagonal is exp(i psi/2 ZZ). Two CNOTs suffice when tr M^T M is real in the magic basis (Shende, Bullock,
    Markov 2004), which fixes psi.
    """
    if weyl_coordinates(np.ascontiguousarray(u[None]))[0, 2] == 0.0:
        return u, np.zeros(4)
    m = _MAGIC.conj().T @ u @ _MAGIC
    t = np.diag(m.T @ m) / np.sqrt(complex(np.linalg.det(u)))
    plus, minus = t[0] + t[1], t[2] + t[3]
    psi = math.atan2((plus + minus).imag, (plus - minus).real)
    psi = _refined(u, psi)
    return u * np.exp(-0.5j * psi * _ZZ), 0.5 * psi * _ZZ


def _refined(u: ComplexArray, psi: float) -> float:
    """Return psi after a secant search, for unitaries so weak that the trace loses its digits.

    The imaginary part of the trace is 4 sin 2a sin 2b sin 2c: from the coordinates it keeps them, and it is a sine of
    psi.
    """

    def third(angle: float) -> tuple[float, float]:
        a, b, c = weyl_coordinates(np.ascontiguousarray((u * np.exp(-0.5j * angle * _ZZ))[None]))[0]
        return float(c), math.sin(2 * a) * math.sin(2 * b) * math.sin(2 * c)

    best, best_value = psi, third(psi)
    if abs(best_value[0]) < 1e-13:
        return psi
    old, old_value = 0.0, third(0.0)
    if abs(old_value[1]) < abs(best_value[1]):
        best, best_value = old, old_value
    old, old_value = best, best_value
    new = old + 4.0 * old_value[0]
    for _ in range(20):
        new_value = third(new)
        if abs(new_value[0]) < abs(best_value[0]):
            best, best_value = new, new_value
        if abs(best_value[0]) < 1e-14 or new_value[1] == old_value[1]:
            break
        step = new_value[1] * (new - old) / (new_value[1] - old_value[1])
        old, old_value, new = new, new_value, new - math.remainder(step, math.pi)
    return best


def complete(columns: ComplexArray) -> ComplexArray:
    """Return a unitary whose first columns are the orthonormal `columns`, the others chosen without randomness."""
    rows, n = columns.shape
    if rows == n:
        return columns
    q, r = np.linalg.qr(np.concatenate([columns, np.eye(rows, dtype=np.complex128)], axis=1))
    q = q[:, :rows].copy()
    q[:, :n] = columns
    # A second pass takes out what rounding left of the given columns.
    rest = q[:, n:] - columns @ (columns.conj().T @ q[:, n:])
    q[:, n:], _ = np.linalg.qr(rest)
    del r
    return np.asarray(q)
