"""Gates applied in place to a batch of state vectors. Qubit 0 is the most significant bit of an index."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.jit import jit

__all__ = ["apply_gates", "apply_many", "apply_one", "apply_two"]

Complex = NDArray[np.complex128]
Ints = NDArray[np.int32]


@jit
def apply_one(states: Complex, matrix: Complex, qubit: int, n_qubits: int) -> None:
    """Apply a 2x2 matrix to one qubit of every row of `states`, shape [k, 2**n_qubits]."""
    step = 1 << (n_qubits - 1 - qubit)
    a, b, c, d = matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]
    size = states.shape[1]
    for k in range(states.shape[0]):
        row = states[k]
        for base in range(0, size, 2 * step):
            for i in range(base, base + step):
                x, y = row[i], row[i + step]
                row[i] = a * x + b * y
                row[i + step] = c * x + d * y


@jit
def apply_two(states: Complex, matrix: Complex, first: int, second: int, n_qubits: int) -> None:
    """Apply a 4x4 matrix to two qubits; `first` is its more significant one."""
    s1, s0 = 1 << (n_qubits - 1 - first), 1 << (n_qubits - 1 - second)
    low, high = min(s0, s1), max(s0, s1)
    size = states.shape[1]
    diagonal = True
    for i in range(4):
        for j in range(4):
            if i != j and matrix[i, j] != 0:
                diagonal = False
    for k in range(states.shape[0]):
        row = states[k]
        for outer in range(0, size, 2 * high):
            for middle in range(outer, outer + high, 2 * low):
                for i in range(middle, middle + low):
                    v0, v1, v2, v3 = row[i], row[i + s0], row[i + s1], row[i + s0 + s1]
                    if diagonal:
                        row[i] = matrix[0, 0] * v0
                        row[i + s0] = matrix[1, 1] * v1
                        row[i + s1] = matrix[2, 2] * v2
                        row[i + s0 + s1] = matrix[3, 3] * v3
                        continue
                    row[i] = matrix[0, 0] * v0 + matrix[0, 1] * v1 + matrix[0, 2] * v2 + matrix[0, 3] * v3
                    row[i + s0] = matrix[1, 0] * v0 + matrix[1, 1] * v1 + matrix[1, 2] * v2 + matrix[1, 3] * v3
                    row[i + s1] = matrix[2, 0] * v0 + matrix[2, 1] * v1 + matrix[2, 2] * v2 + matrix[2, 3] * v3
                    row[i + s0 + s1] = matrix[3, 0] * v0 + matrix[3, 1] * v1 + matrix[3, 2] * v2 + matrix[3, 3] * v3


@jit
def apply_many(states: Complex, matrix: Complex, qubits: Ints, n_qubits: int) -> None:
    """Apply a matrix of any width; `qubits[0]` is its most significant one."""
    width = qubits.size
    size = 1 << width
    offset = np.zeros(size, np.int64)
    mask = np.int64(0)
    for j in range(width):
        bit = np.int64(1) << (n_qubits - 1 - qubits[j])
        mask |= bit
        for i in range(size):
            if (i >> (width - 1 - j)) & 1:
                offset[i] += bit
    old = np.zeros(size, np.complex128)
    for k in range(states.shape[0]):
        row = states[k]
        for base in range(states.shape[1]):
            if base & mask:
                continue
            for i in range(size):
                old[i] = row[base + offset[i]]
            for i in range(size):
                total = 0j
                for j in range(size):
                    total += matrix[i, j] * old[j]
                row[base + offset[i]] = total


@jit
def apply_gates(
    states: Complex, indptr: Ints, qubits: Ints, matrix_start: NDArray[np.int64], entries: Complex, n_qubits: int
) -> None:
    """Apply gates in order.

    Args:
        states: complex128[k, 2**n_qubits], changed in place.
        indptr: int32[g + 1], gate i acts on `qubits[indptr[i]:indptr[i + 1]]`.
        qubits: int32.
        matrix_start: int64[g], where in `entries` the matrix of gate i begins, row by row.
        entries: complex128, all matrices flat.
        n_qubits: Width.
    """
    for gate in range(indptr.size - 1):
        begin = indptr[gate]
        width = indptr[gate + 1] - begin
        size = 1 << width
        at = matrix_start[gate]
        matrix = entries[at : at + size * size].copy().reshape((size, size))
        if width == 1:
            apply_one(states, matrix, qubits[begin], n_qubits)
        elif width == 2:
            apply_two(states, matrix, qubits[begin], qubits[begin + 1], n_qubits)
        else:
            apply_many(states, matrix, qubits[begin : begin + width], n_qubits)
