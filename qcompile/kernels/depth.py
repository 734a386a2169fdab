"""Depth of a circuit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["depth_of"]

IntArray = npt.NDArray[np.int32]


@jit
def depth_of(
    qubits: IntArray, wide: IntArray, wide_indptr: IntArray, wide_indices: IntArray, counted: IntArray, n_qubits: int
) -> int:
    """Return the longest path through rows that share qubits, row k counting `counted[k]`."""
    level = np.zeros(n_qubits + 1, np.int64)
    deepest = 0
    for row in range(qubits.shape[0]):
        top = 0
        if wide[row] >= 0:
            first, last = wide_indptr[wide[row]], wide_indptr[wide[row] + 1]
            for k in range(first, last):
                top = max(top, level[wide_indices[k]])
            for k in range(first, last):
                level[wide_indices[k]] = top + counted[row]
        else:
            for k in range(2):
                if qubits[row, k] >= 0:
                    top = max(top, level[qubits[row, k]])
            for k in range(2):
                if qubits[row, k] >= 0:
                    level[qubits[row, k]] = top + counted[row]
        deepest = max(deepest, top + counted[row])
    return deepest
