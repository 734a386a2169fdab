"""The wires of a circuit: which rows meet on which wire, in which Pauli basis, and in which runs they commute."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["run_ids", "wire_entries"]

IntArray = npt.NDArray[np.int32]
Int8Array = npt.NDArray[np.int8]

#: Rule for the axes of rows on more than three qubits: Z on all wires, or Z on all but the last, which is X.
ALL_Z, CONTROLLED_X = 3, 5


@jit
def wire_entries(
    qubits: IntArray,
    wide: IntArray,
    wide_indptr: IntArray,
    wide_indices: IntArray,
    axis: Int8Array,
    wide_axis: Int8Array,
    extra_row: IntArray,
    extra_wire: IntArray,
    extra_axis: Int8Array,
) -> tuple[IntArray, IntArray, Int8Array]:
    """Return `indptr[n+1]`, `wire[m]`, `axis[m]`: the wires of each row, in the order of its gate.

    Args:
        qubits: int32[n, 2].
        wide, wide_indptr, wide_indices: Qubits of rows on more than two qubits, as in a tape.
        axis: int8[n, 3], axis of the first three wires; 0 none, 1 X, 2 Y, 3 Z, 4 every.
        wide_axis: int8[n], 0 no axis at all, `ALL_Z`, `CONTROLLED_X`, or -1 to use `axis`; for wide rows.
        extra_row, extra_wire, extra_axis: More entries (classical wires), rows ascending.
    """
    n = qubits.shape[0]
    indptr = np.zeros(n + 1, np.int32)
    for row in range(n):
        if wide[row] >= 0:
            indptr[row + 1] = wide_indptr[wide[row] + 1] - wide_indptr[wide[row]]
        else:
            indptr[row + 1] = (1 if qubits[row, 0] >= 0 else 0) + (1 if qubits[row, 1] >= 0 else 0)
    for k in range(extra_row.size):
        indptr[extra_row[k] + 1] += 1
    for row in range(n):
        indptr[row + 1] += indptr[row]
    wire = np.empty(indptr[n], np.int32)
    out = np.empty(indptr[n], np.int8)
    extra = 0
    for row in range(n):
        at = indptr[row]
        if wide[row] >= 0:
            first, last = wide_indptr[wide[row]], wide_indptr[wide[row] + 1]
            for k in range(last - first):
                wire[at] = wide_indices[first + k]
                rule = wide_axis[row]
                if rule == -1:
                    out[at] = axis[row, k]
                elif rule == 5:
                    out[at] = 1 if k == last - first - 1 else 3
                else:
                    out[at] = rule
                at += 1
        else:
            for k in range(2):
                if qubits[row, k] >= 0:
                    wire[at] = qubits[row, k]
                    out[at] = axis[row, k]
                    at += 1
        while extra < extra_row.size and extra_row[extra] == row:
            wire[at] = extra_wire[extra]
            out[at] = extra_axis[extra]
            at += 1
            extra += 1
    return indptr, wire, out


@jit
def run_ids(indptr: IntArray, wire: IntArray, axis: Int8Array, n_wires: int) -> IntArray:
    """Return `run[m]`: entries of one wire that follow each other with the same axis share a number.

    Two rows that share only wires on which they lie in the same run commute, and so does everything between them on
    those wires. Numbers differ between wires. An entry of axis 0 is a run of its own; one of axis 4 joins the run it
    meets.
    """
    run = np.empty(wire.size, np.int32)
    current = np.full(n_wires, -1, np.int32)
    basis = np.zeros(n_wires, np.int8)
    count = 0
    for row in range(indptr.size - 1):
        for k in range(indptr[row], indptr[row + 1]):
            w, a = wire[k], axis[k]
            if current[w] >= 0 and basis[w] != 0 and (a == 4 or a == basis[w]):
                run[k] = current[w]
            elif current[w] >= 0 and basis[w] == 4 and a != 0:
                basis[w] = a
                run[k] = current[w]
            else:
                current[w] = count
                basis[w] = a
                run[k] = count
                count += 1
    return run
