"""Exact matrices of the gates of `opcodes`, in batches."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels import gate_matrices as kernels
from qcompile.tape.opcodes import ARITY, SPECS, Op

__all__ = ["adjoint_op", "gate_matrices_of", "gate_matrix", "matrices_of_rows"]

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


#: Gates with angles: how the matrix is made, and about which Pauli.
_FORMS: dict[Op, tuple[int, Complex | None]] = {
    Op.RX: (kernels.ROTATION, _X),
    Op.RY: (kernels.ROTATION, _Y),
    Op.RZ: (kernels.ROTATION, _Z),
    Op.P: (kernels.PHASE, None),
    Op.U3: (kernels.U3, None),
    Op.PHXZ: (kernels.PHXZ, None),
    Op.GPI: (kernels.GPI, None),
    Op.GPI2: (kernels.GPI2, None),
    Op.MAT1: (kernels.LISTED, None),
    Op.CRX: (kernels.CONTROLLED, _controlled(_X)),
    Op.CRY: (kernels.CONTROLLED, _controlled(_Y)),
    Op.CRZ: (kernels.CONTROLLED, _controlled(_Z)),
    Op.CP: (kernels.PHASE, None),
    Op.RXX: (kernels.ROTATION, _XX),
    Op.RYY: (kernels.ROTATION, _YY),
    Op.RZZ: (kernels.ROTATION, _ZZ),
    Op.FSIM: (kernels.FSIM, None),
    Op.MAT2: (kernels.LISTED, None),
}


def _tables() -> tuple[NDArray[np.int8], Complex, Complex]:
    """Return the form of each code, and by code the 2x2 and 4x4 matrices that the kernels start from."""
    form = np.zeros(len(ARITY), dtype=np.int8)
    singles = np.zeros((len(ARITY), 2, 2), dtype=np.complex128)
    pairs = np.zeros((len(ARITY), 4, 4), dtype=np.complex128)
    given: dict[Op, tuple[int, Complex | None]] = {op: (kernels.FIXED, matrix) for op, matrix in _FIXED.items()}
    for op, (kind, matrix) in (given | _FORMS).items():
        form[op] = kind
        if matrix is not None and ARITY[op] <= 2:
            (singles if ARITY[op] == 1 else pairs)[op] = matrix
    return form, singles, pairs


_FORM, _SINGLES, _PAIRS = _tables()
_NO_ROW = np.full(1, -1, dtype=np.int32)


def matrices_of_rows(
    opcode: NDArray[np.uint8], angles: Floats, payload: NDArray[np.int32], listed: Complex, *, n_qubits: int
) -> Complex:
    """Return the matrices of gates that all act on one qubit or all on two, shape [m, d, d].

    Args:
        opcode: uint8[m], unitary codes.
        angles: float64[m, 3], radians.
        payload: int32[m], row of `listed` for MAT1 and MAT2.
        listed: complex[k, d, d].
        n_qubits: 1 or 2.
    """
    if n_qubits == 1:
        return kernels.matrices_of_singles(opcode, angles, payload, _FORM, _SINGLES, listed)
    return kernels.matrices_of_pairs(opcode, angles, payload, _FORM, _PAIRS, listed)


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
    if op in _FORMS and op not in (Op.MAT1, Op.MAT2):
        codes = np.full(len(angles), op, dtype=np.uint8)
        rows = np.broadcast_to(_NO_ROW, len(angles)).copy()
        angles = np.ascontiguousarray(angles, dtype=np.float64)
        width = int(ARITY[op])
        return matrices_of_rows(codes, angles, rows, (_SINGLES, _PAIRS)[width - 1], n_qubits=width)
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
