"""SWAPs taken out of a circuit and remembered in a layout."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["elide_swaps"]

IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]


@jit
def elide_swaps(
    qubits: IntArray, wide: IntArray, wide_indptr: IntArray, wide_indices: IntArray, gone: BoolArray, layout: IntArray
) -> tuple[IntArray, IntArray]:
    """Return the qubits of all rows after each SWAP of `gone` has changed `layout` (in place) instead of acting.

    Args:
        qubits, wide, wide_indptr, wide_indices: Where the rows act, as in a tape.
        gone: bool[n], SWAP rows to take out.
        layout: int32[n_qubits], where each qubit is.

    Returns:
        int32[n, 2] and the new `wide_indices`.
    """
    out = np.full(qubits.shape, -1, np.int32)
    indices = wide_indices.copy()
    for row in range(qubits.shape[0]):
        if gone[row]:
            a, b = qubits[row, 0], qubits[row, 1]
            layout[a], layout[b] = layout[b], layout[a]
            continue
        for k in range(2):
            if qubits[row, k] >= 0:
                out[row, k] = layout[qubits[row, k]]
        if wide[row] >= 0:
            for k in range(wide_indptr[wide[row]], wide_indptr[wide[row] + 1]):
                indices[k] = layout[wide_indices[k]]
    return out, indices
