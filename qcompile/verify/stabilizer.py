"""Clifford circuits at any width: two circuits are compared by the stabilizer group of their Choi states."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qcompile.verify.gates import DenseGates

__all__ = ["choi_stabilizers", "clifford_table", "same_group"]

Complex = NDArray[np.complex128]
Flags = NDArray[np.bool_]

_ATOL = 1e-9


@cache
def _paulis(width: int) -> Complex:
    """Return i^(x.z) X^x Z^z for all x, z: Hermitian Paulis, index = bits x then z, first qubit most significant."""
    single = [np.eye(2), np.array([[1, 0], [0, -1]]), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]])]
    out = np.empty((4**width, 2**width, 2**width), dtype=np.complex128)
    for index in range(4**width):
        matrix = np.ones((1, 1))
        for k in range(width):
            x = (index >> (2 * width - 1 - k)) & 1
            z = (index >> (width - 1 - k)) & 1
            matrix = np.kron(matrix, single[2 * x + z])
        out[index] = matrix
    return out


def clifford_table(matrix: Complex) -> tuple[NDArray[np.int64], Flags] | None:
    """Return for each Pauli P which Pauli U P U^dag is and whether it is negated; None when U is no Clifford gate."""
    width = int(np.log2(len(matrix)))
    paulis = _paulis(width)
    moved = matrix @ paulis @ matrix.conj().T
    overlap = np.einsum("aij,bji->ab", moved, paulis) / 2**width
    to = np.argmax(np.abs(overlap), axis=1)
    value = overlap[np.arange(len(paulis)), to]
    if np.abs(np.abs(value.real) - 1).max() > _ATOL or np.abs(value.imag).max() > _ATOL:
        return None
    return to, value.real < 0


def choi_stabilizers(
    gates: DenseGates, inputs: Sequence[int], outputs: Sequence[int] | None = None
) -> tuple[Flags, Flags] | None:
    """Return stabilizers of the circuit applied to halves of Bell pairs on `inputs` and 0 on its other qubits.

    Args:
        gates: The circuit; at most two-qubit gates.
        inputs: Qubits that are paired with reference qubits, in the order of the references.
        outputs: Order in which the circuit's qubits become columns; their own order when left out.

    Returns:
        (bits[r, 2 w], signs[r]) with w = n + len(inputs): x bits of outputs and references, then z bits; r = w rows.
        None when some gate is no Clifford gate.
    """
    n, m = gates.n_qubits, len(inputs)
    w = n + m
    x, z = np.zeros((w, w), dtype=bool), np.zeros((w, w), dtype=bool)
    sign = np.zeros(w, dtype=bool)
    partner = {q: n + k for k, q in enumerate(inputs)}
    row = 0
    for q in range(n):
        z[row, q] = True
        if q in partner:
            z[row, partner[q]] = True
            x[row + 1, q] = x[row + 1, partner[q]] = True
            row += 1
        row += 1
    known: dict[bytes, tuple[NDArray[np.int64], Flags] | None] = {}
    for qubits, matrix in gates.gates:
        if len(qubits) > 2:
            return None
        key = matrix.tobytes()
        if key not in known:
            known[key] = clifford_table(matrix)
        table = known[key]
        if table is None:
            return None
        at = list(qubits)
        bits = np.concatenate([x[:, at], z[:, at]], axis=1)
        weights = 1 << np.arange(2 * len(at))[::-1]
        index = bits @ weights
        sign ^= table[1][index]
        new = (table[0][index][:, None] & weights) > 0
        x[:, at], z[:, at] = new[:, : len(at)], new[:, len(at) :]
    order = [*(range(n) if outputs is None else outputs), *range(n, w)]
    return np.concatenate([x[:, order], z[:, order]], axis=1), sign


def same_group(a: tuple[Flags, Flags], b: tuple[Flags, Flags]) -> bool:
    """Return whether two lists of commuting stabilizers generate the same group, signs included."""
    left, right = _reduced(*a), _reduced(*b)
    return bool(np.array_equal(left[0], right[0]) and np.array_equal(left[1], right[1]))


def _reduced(bits: Flags, sign: Flags) -> tuple[Flags, Flags]:
    """Return the reduced row echelon form of a stabilizer group."""
    bits, sign = bits.copy(), sign.copy()
    w = bits.shape[1] // 2
    pivot = 0
    for column in range(2 * w):
        found = np.flatnonzero(bits[pivot:, column])
        if not found.size:
            continue
        row = pivot + int(found[0])
        bits[[pivot, row]], sign[[pivot, row]] = bits[[row, pivot]], sign[[row, pivot]]
        others = np.flatnonzero(bits[:, column])
        others = others[others != pivot]
        if others.size:
            # Product of i^(x.z) X^x Z^z forms: the power of i that multiplying row p into row o leaves.
            xp, zp = bits[pivot, :w], bits[pivot, w:]
            xo, zo = bits[others, :w], bits[others, w:]
            power = (xp & zp).sum() + (xo & zo).sum(axis=1) + 2 * (zo & xp).sum(axis=1)
            power = power - ((xo ^ xp) & (zo ^ zp)).sum(axis=1)
            sign[others] ^= sign[pivot] ^ ((power % 4) == 2)
            bits[others] ^= bits[pivot]
        pivot += 1
        if pivot == len(bits):
            break
    return bits, sign
