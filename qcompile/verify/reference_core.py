"""Dispatch by kind of block, and the small matrices that meanings are built of: numpy alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from qcompile.ir import Block

__all__ = ["GATES", "HADAMARD", "IDENTITY", "PAULI", "apply", "reference", "rotation", "step"]

Complex = NDArray[np.complex128]

IDENTITY = np.eye(2, dtype=np.complex128)
PAULI = {
    "x": np.array([[0, 1], [1, 0]], dtype=np.complex128),
    "y": np.array([[0, -1j], [1j, 0]], dtype=np.complex128),
    "z": np.diag([1, -1]).astype(np.complex128),
}
HADAMARD = (PAULI["x"] + PAULI["z"]) / np.sqrt(2)
_CX = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=np.complex128)
_SWAP = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=np.complex128)


def _control(matrix: Complex) -> Complex:
    d = len(matrix)
    return np.block([[np.eye(d), np.zeros((d, d))], [np.zeros((d, d)), matrix]]).astype(np.complex128)


GATES: dict[str, Complex] = {
    "h": HADAMARD,
    **PAULI,
    "s": np.diag([1, 1j]),
    "sdg": np.diag([1, -1j]),
    "t": np.diag([1, np.exp(0.25j * np.pi)]),
    "tdg": np.diag([1, np.exp(-0.25j * np.pi)]),
    "cx": _CX,
    "cz": _control(PAULI["z"]),
    "swap": _SWAP,
    "ccx": _control(_CX),
    "ccz": _control(_control(PAULI["z"])),
    "cswap": _control(_SWAP),
}


def rotation(axis: str, angle: float) -> Complex:
    """exp(-i angle P / 2) as cos - i sin P, det 1."""
    out: Complex = np.cos(angle / 2) * IDENTITY - 1j * np.sin(angle / 2) * PAULI[axis]
    return out


def _local(columns: Complex, matrix: Complex, qubits: tuple[int, ...], n: int) -> Complex:
    """Apply a small matrix to some qubits of the columns."""
    k = len(qubits)
    view = np.moveaxis(columns.reshape([2] * n + [-1]), qubits, range(k))
    done = (matrix @ view.reshape(2**k, -1)).reshape(view.shape)
    return np.moveaxis(done, range(k), qubits).reshape(columns.shape)


def step(columns: Complex, matrix: Complex, qubits: tuple[int, ...], n: int, inverse: bool) -> Complex:
    return _local(columns, matrix.conj().T if inverse else matrix, qubits, n)


@singledispatch
def apply(block: Block, columns: Complex, inverse: bool) -> Complex:
    """Apply a block or its inverse to columns of shape [2**n, k]."""
    raise NotImplementedError(f"no meaning is written down for {block.title}")


def reference(kind: type[Block]) -> Callable[[Callable[..., Complex]], Callable[..., Complex]]:
    """Register the meaning of a further kind of block: `f(block, columns, inverse) -> columns`."""
    return apply.register(kind)
