"""Runs of one-qubit rows, and products of small matrices over groups of rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["one_qubit_runs", "pair_products", "single_products"]

ComplexArray = npt.NDArray[np.complex128]
IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]


@jit
def one_qubit_runs(
    qubits: IntArray,
    wide: IntArray,
    wide_indptr: IntArray,
    wide_indices: IntArray,
    mergeable: BoolArray,
    stops_all: BoolArray,
    n_qubits: int,
) -> IntArray:
    """Return int32[n]: for each mergeable row the first row of its run (rows next to each other on one wire), else -1.

    Args:
        qubits, wide, wide_indptr, wide_indices: Where the rows act, as in a tape.
        mergeable: bool[n], one-qubit rows that may join a run.
        stops_all: bool[n], rows that end every run (a barrier over all qubits).
        n_qubits: Width.
    """
    out = np.full(qubits.shape[0], -1, np.int32)
    first = np.full(n_qubits, -1, np.int32)
    for row in range(qubits.shape[0]):
        if mergeable[row]:
            q = qubits[row, 0]
            if first[q] < 0:
                first[q] = row
            out[row] = first[q]
        elif stops_all[row]:
            first[:] = -1
        elif wide[row] >= 0:
            for k in range(wide_indptr[wide[row]], wide_indptr[wide[row] + 1]):
                first[wide_indices[k]] = -1
        else:
            for k in range(2):
                if qubits[row, k] >= 0:
                    first[qubits[row, k]] = -1
    return out


@jit
def single_products(matrices: ComplexArray, group: IntArray, n_groups: int) -> ComplexArray:
    """Return complex[n_groups,2,2]: the product of `matrices[m,2,2]` of each group, later ones on the left."""
    out = np.zeros((n_groups, 2, 2), np.complex128)
    for g in range(n_groups):
        out[g, 0, 0] = 1.0
        out[g, 1, 1] = 1.0
    for k in range(matrices.shape[0]):
        u, m = out[group[k]], matrices[k]
        for j in range(2):
            x, y = u[0, j], u[1, j]
            u[0, j] = m[0, 0] * x + m[0, 1] * y
            u[1, j] = m[1, 0] * x + m[1, 1] * y
    return out


@jit
def pair_products(
    group: IntArray,
    place: npt.NDArray[np.int8],
    index: IntArray,
    singles: ComplexArray,
    pairs: ComplexArray,
    n_groups: int,
) -> ComplexArray:
    """Return complex[n_groups,4,4]: products of one- and two-qubit matrices on the pair of each group.

    Args:
        group: int32[m], rows in order of execution.
        place: int8[m]; 0 or 1 a one-qubit matrix on the first (more significant) or second qubit of the pair, 2 a
            two-qubit matrix in the order of the pair, 3 one with its qubits exchanged.
        index: int32[m], row of `singles` or `pairs`.
        singles: complex[a, 2, 2].
        pairs: complex[b, 4, 4].
        n_groups: Number of groups.
    """
    out = np.zeros((n_groups, 4, 4), np.complex128)
    for g in range(n_groups):
        for i in range(4):
            out[g, i, i] = 1.0
    work = np.zeros((4, 4), np.complex128)
    exchange = np.array([0, 2, 1, 3])
    for k in range(group.size):
        u = out[group[k]]
        if place[k] < 2:
            m = singles[index[k]]
            step = 2 if place[k] == 0 else 1
            for i in (0, 3 - step):
                for j in range(4):
                    x, y = u[i, j], u[i + step, j]
                    u[i, j] = m[0, 0] * x + m[0, 1] * y
                    u[i + step, j] = m[1, 0] * x + m[1, 1] * y
        else:
            p = pairs[index[k]]
            for i in range(4):
                row = i if place[k] == 2 else exchange[i]
                for j in range(4):
                    if place[k] == 2:
                        work[i, j] = (
                            p[row, 0] * u[0, j] + p[row, 1] * u[1, j] + p[row, 2] * u[2, j] + p[row, 3] * u[3, j]
                        )
                    else:
                        work[i, j] = (
                            p[row, 0] * u[0, j] + p[row, 2] * u[1, j] + p[row, 1] * u[2, j] + p[row, 3] * u[3, j]
                        )
            for i in range(4):
                for j in range(4):
                    u[i, j] = work[i, j]
    return out
