"""Rows that no measurement can notice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["unobserved_rows"]

IntArray = npt.NDArray[np.int32]
Int8Array = npt.NDArray[np.int8]
BoolArray = npt.NDArray[np.bool_]


@jit
def unobserved_rows(
    indptr: IntArray, wire: IntArray, axis: Int8Array, free: BoolArray, ends: Int8Array, n_qubits: int, n_wires: int
) -> BoolArray:
    """Return bool[n]: rows that change no outcome, found backwards; rows found do not count for those before them.

    Args:
        indptr, wire, axis: Wires of each row.
        free: bool[n], rows that may go.
        ends: int8[n], 1 a measurement, 2 a reset, 0 other.
        n_qubits, n_wires: Sizes.
    """
    gone = np.zeros(indptr.size - 1, np.bool_)
    left = np.ones(n_wires, np.bool_)  # nothing follows that matters
    diagonal = np.ones(n_wires, np.bool_)  # only rows in the Z basis follow
    for w in range(n_qubits, n_wires):
        left[w] = False
    for row in range(indptr.size - 2, -1, -1):
        if free[row]:
            idle = True
            for k in range(indptr[row], indptr[row + 1]):
                w = wire[k]
                if not left[w] and not (diagonal[w] and (axis[k] == 3 or axis[k] == 4)):
                    idle = False
                    break
            if idle:
                gone[row] = True
                continue
        for k in range(indptr[row], indptr[row + 1]):
            w = wire[k]
            if w >= n_qubits:
                continue
            if ends[row] == 2:
                left[w] = True
                diagonal[w] = True
            elif ends[row] == 1:
                left[w] = False
                diagonal[w] = True
            else:
                left[w] = False
                if axis[k] != 3 and axis[k] != 4:
                    diagonal[w] = False
    return gone
