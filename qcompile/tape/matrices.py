"""Exact matrices of the gates of `opcodes`, in batches."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qcompile.tape.opcodes import SPECS, Op

__all__ = ["adjoint_op", "gate_matrices_of", "gate_matrix"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]

_R = 1 / np.sqrt(2)
_X = np.array([[0, 1], [1, 0]], dtype=np.complex128)
_Y = np.array([[0, -1j], [1j, 0]], dtype=np.complex128)
_Z = np.diag([1, -1]).astype(np.complex128)
_I = np.eye(2, dtype=np.complex128)
_SX: Complex = np.array([[0.5 + 0.5j, 0.5 - 0.5j], [0.5 - 0.5j, 0.5 + 0.5j]])


def _controlled(matrix: Complex) -> Complex:
    out = np.zeros((*matrix.shape[:-2], 2 * matrix.shape[-1], 2 * matrix.shape[-1]), dtype=np.complex128)
    d = matrix.shape[-1]
    out[..., range(d), range(d)] = 1
    out[..., d:, d:] = matrix
    return out


def _swap_like(inner: Complex) -> Complex:
    out = np.eye(4, dtype=np.complex128)
    out[1:3, 1:3] = inner
    return out


def _fsim(theta: float, phi: float) -> Complex:
    c, s = np.cos(theta), -1j * np.sin(theta)
    out = _swap_like(np.array([[c, s], [s, c]]))
    out[3, 3] = np.exp(-1j * phi)
    return out


_ISWAP = _swap_like(np.array([[0, 1j], [1j, 0]]))
_SQISWAP = _swap_like(_R * np.array([[1, 1j], [1j, 1]]))
_SWAP = _swap_like(_X)
_CX = _controlled(_X)
_XX: Complex = np.kron(_X, _X).astype(np.complex128)
_YY: Complex = np.kron(_Y, _Y).astype(np.complex128)
_ZZ: Complex = np.kron(_Z, _Z).astype(np.complex128)

_FIXED: dict[Op, Complex] = {
    Op.I: _I,
    Op.X: _X,
    Op.Y: _Y,
    Op.Z: _Z,
    Op.H: _R * (_X + _Z),
    Op.S: np.array([[1, 0], [0, 1j]], dtype=np.complex128),
    Op.SDG: np.array([[1, 0], [0, -1j]], dtype=np.complex128),
    Op.T: np.array([[1, 0], [0, _R * (1 + 1j)]], dtype=np.complex128),
    Op.TDG: np.array([[1, 0], [0, _R * (1 - 1j)]], dtype=np.complex128),
    Op.SX: _SX,
    Op.SXDG: _SX.conj().T,
    Op.CX: _CX,
    Op.CY: _controlled(_Y),
    Op.CZ: _controlled(_Z),
    Op.CH: _controlled(_R * (_X + _Z)),
    Op.SWAP: _SWAP,
    Op.ISWAP: _ISWAP,
    Op.ISWAPDG: _ISWAP.conj().T,
    Op.SQISWAP: _SQISWAP,
    Op.SQISWAPDG: _SQISWAP.conj().T,
    # (X on the first) times (1 - i ...): RZX(pi/4) X RZX(-pi/4) as IBM defines it, first qubit most significant.
    Op.ECR: _R * (np.kron(_X, _I) - np.kron(_Y, _X)),
    Op.SYC: _fsim(np.pi / 2, np.pi / 6),
    Op.CCX: _controlled(_CX),
    Op.CCZ: _controlled(_controlled(_Z)),
    Op.CSWAP: _controlled(_SWAP),
}


def _rotation(pauli: Complex) -> Callable[[Floats], Complex]:
    eye = np.eye(len(pauli))

    def build(t: Floats) -> Complex:
        half = t[:, 0, None, None] / 2
        out: Complex = np.cos(half) * eye - 1j * np.sin(half) * pauli
        return out

    return build


def _phase(t: Floats) -> Complex:
    out = np.zeros((len(t), 2, 2), dtype=np.complex128)
    out[:, 0, 0] = 1
    out[:, 1, 1] = np.exp(1j * t[:, 0])
    return out


def _u3(t: Floats) -> Complex:
    c, s = np.cos(t[:, 0] / 2), np.sin(t[:, 0] / 2)
    phi, lam = t[:, 1], t[:, 2]
    out = np.empty((len(t), 2, 2), dtype=np.complex128)
    out[:, 0, 0] = c
    out[:, 0, 1] = -np.exp(1j * lam) * s
    out[:, 1, 0] = np.exp(1j * phi) * s
    out[:, 1, 1] = np.exp(1j * (phi + lam)) * c
    return out


def _phxz(t: Floats) -> Complex:
    x, z, a = t[:, 0], t[:, 1], t[:, 2]
    g = np.exp(0.5j * x)
    c, s = g * np.cos(x / 2), -1j * g * np.sin(x / 2)
    out = np.empty((len(t), 2, 2), dtype=np.complex128)
    out[:, 0, 0] = c
    out[:, 0, 1] = s * np.exp(-1j * a)
    out[:, 1, 0] = s * np.exp(1j * (z + a))
    out[:, 1, 1] = c * np.exp(1j * z)
    return out


def _gpi(t: Floats) -> Complex:
    out = np.zeros((len(t), 2, 2), dtype=np.complex128)
    out[:, 0, 1] = np.exp(-1j * t[:, 0])
    out[:, 1, 0] = np.exp(1j * t[:, 0])
    return out


def _gpi2(t: Floats) -> Complex:
    out = np.empty((len(t), 2, 2), dtype=np.complex128)
    out[:, 0, 0] = out[:, 1, 1] = _R
    out[:, 0, 1] = -1j * _R * np.exp(-1j * t[:, 0])
    out[:, 1, 0] = -1j * _R * np.exp(1j * t[:, 0])
    return out


def _fsims(t: Floats) -> Complex:
    c, s = np.cos(t[:, 0]), -1j * np.sin(t[:, 0])
    out = np.zeros((len(t), 4, 4), dtype=np.complex128)
    out[:, 0, 0] = 1
    out[:, 1, 1] = out[:, 2, 2] = c
    out[:, 1, 2] = out[:, 2, 1] = s
    out[:, 3, 3] = np.exp(-1j * t[:, 1])
    return out


_PARAMETRIC: dict[Op, Callable[[Floats], Complex]] = {
    Op.RX: _rotation(_X),
    Op.RY: _rotation(_Y),
    Op.RZ: _rotation(_Z),
    Op.P: _phase,
    Op.U3: _u3,
    Op.PHXZ: _phxz,
    Op.GPI: _gpi,
    Op.GPI2: _gpi2,
    Op.CRX: lambda t: _controlled(_rotation(_X)(t)),
    Op.CRY: lambda t: _controlled(_rotation(_Y)(t)),
    Op.CRZ: lambda t: _controlled(_rotation(_Z)(t)),
    Op.CP: lambda t: _controlled(_phase(t)),
    Op.RXX: _rotation(_XX),
    Op.RYY: _rotation(_YY),
    Op.RZZ: _rotation(_ZZ),
    Op.FSIM: _fsims,
}


def gate_matrices_of(op: Op, angles: Floats, *, n_qubits: int | None = None) -> Complex:
    """Return the matrices of one gate at many angles.

    Args:
        op: A unitary operation code other than MAT1, MAT2, MAT3 (their matrices live in the tape).
        angles: Shape [m, 3], radians; unused columns are ignored.
        n_qubits: Number of qubits of a gate of any width (MCX, MCP).

    Returns:
        Shape [m, d, d], complex128, global phase included.

    Raises:
        KeyError: The code has no matrix of its own.
    """
    if op in _FIXED:
        return np.broadcast_to(_FIXED[op], (len(angles), *_FIXED[op].shape)).astype(np.complex128)
    if op in _PARAMETRIC:
        return _PARAMETRIC[op](angles)
    if op in (Op.MCX, Op.MCP) and n_qubits is not None:
        d = 2**n_qubits
        out = np.broadcast_to(np.eye(d, dtype=np.complex128), (len(angles), d, d)).copy()
        if op is Op.MCX:
            out[:, d - 2 :, d - 2 :] = _X
        else:
            out[:, d - 1, d - 1] = np.exp(1j * angles[:, 0])
        return out
    raise KeyError(SPECS[op].name)


def gate_matrix(op: Op, *angles: float, n_qubits: int | None = None) -> Complex:
    """Return the matrix of one gate."""
    row = np.zeros((1, 3))
    row[0, : len(angles)] = angles
    out: Complex = gate_matrices_of(op, row, n_qubits=n_qubits)[0]
    return out


@cache
def adjoint_op(op: Op) -> tuple[Op, tuple[float, ...]] | None:
    """Return the code of the adjoint and the sign of each angle, or None when the adjoint has no such form.

    U3, PHXZ and FSIM permute their angles as well; `Tape.adjoint` treats them itself.
    """
    if SPECS[op].self_inverse:
        return op, (1.0, 1.0, 1.0)
    swapped = {
        Op.S: Op.SDG,
        Op.SDG: Op.S,
        Op.T: Op.TDG,
        Op.TDG: Op.T,
        Op.SX: Op.SXDG,
        Op.SXDG: Op.SX,
        Op.ISWAP: Op.ISWAPDG,
        Op.ISWAPDG: Op.ISWAP,
        Op.SQISWAP: Op.SQISWAPDG,
        Op.SQISWAPDG: Op.SQISWAP,
    }
    if op in swapped:
        return swapped[op], (1.0, 1.0, 1.0)
    if op in (Op.RX, Op.RY, Op.RZ, Op.P, Op.CRX, Op.CRY, Op.CRZ, Op.CP, Op.RXX, Op.RYY, Op.RZZ, Op.FSIM, Op.MCP):
        return op, (-1.0, -1.0, -1.0)
    return None
