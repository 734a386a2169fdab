"""What the checker reads from tapes: wires with axes, equality of rows, matrices. Shares no code with the passes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.tape import Op, Tape
from qcompile.tape.opcodes import AXES
from qcompile.tape.simulate import row_matrices

__all__ = ["Entries", "entries_of", "flat_qubits", "rows_equal"]

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Complex = NDArray[np.complex128]

#: A matrix counts as block diagonal when its other entries are below this; what they are is added to the bound.
AXIS_ATOL = 1e-10
_PAULIS = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
_LOOKED_INTO = (Op.MAT1, Op.U3, Op.PHXZ, Op.GPI, Op.GPI2, Op.MAT2)


@frozen(eq=False)
class Entries:
    """Wires of each row in CSR form, quantum wires first, then classical ones.

    Attributes:
        indptr: int32[n+1].
        wire: int32[m].
        axis: int8[m]; 0 none, 1 X, 2 Y, 3 Z, 4 all (no order at all).
        n_wires: Number of wires.
        slack: Bound on the operator-norm error of treating nearly block diagonal matrices as block diagonal.
    """

    indptr: Ints
    wire: Ints
    axis: NDArray[np.int8]
    n_wires: int
    slack: float


def flat_qubits(tape: Tape) -> tuple[Ints, Ints]:
    """Return the qubits of all rows in CSR form: int32[n+1], int32[m]."""
    length = tape.arity
    indptr = np.zeros(len(tape) + 1, dtype=np.int32)
    np.cumsum(length, out=indptr[1:])
    flat = np.empty(int(indptr[-1]), dtype=np.int32)
    for k in (0, 1):
        rows = np.flatnonzero((tape.wide < 0) & (tape.qubits[:, k] >= 0))
        flat[indptr[rows] + k] = tape.qubits[rows, k]
    for row in np.flatnonzero(tape.wide >= 0):
        flat[indptr[row] : indptr[row + 1]] = tape.qubits_of(int(row))
    return indptr, flat


def _axes_by_matrix(matrices: Complex, n_qubits: int) -> tuple[NDArray[np.int8], float]:
    """Return int8[m, n_qubits] by commutators with Paulis, and the summed deviation of those called block diagonal."""
    out = np.zeros((len(matrices), n_qubits), dtype=np.int8)
    slack = 0.0
    for k in range(n_qubits):
        gaps = []
        for pauli in _PAULIS:
            full = pauli if n_qubits == 1 else np.kron(*((pauli, np.eye(2)) if k == 0 else (np.eye(2), pauli)))
            gaps.append(np.abs(matrices @ full - full @ matrices).max(axis=(1, 2)))
        gap = np.stack(gaps)
        near = gap <= AXIS_ATOL
        out[:, k] = np.where(near.sum(axis=0) >= 2, 4, np.where(near.any(axis=0), 1 + near.argmax(axis=0), 0))
        # [M, P] / 2 is what is off the blocks; a row moved there and back costs twice its operator norm.
        slack += float(4.0 * gap[near].sum())
    return out, slack


def _wide_axes(tape: Tape, row: int, length: int) -> list[int]:
    code = tape.opcode[row]
    if code in (Op.MEASURE, Op.MCP):
        return [3] * length
    if code == Op.MCX:
        return [3] * (length - 1) + [1]
    return (
        [int(a) for a in AXES[code]] if length == 3 and code not in (Op.BARRIER, Op.OPAQUE, Op.CALL) else [0] * length
    )


def entries_of(tape: Tape) -> Entries:
    """Return the wires of a tape. Rows of fences commute with nothing, and the rows of a fence share one more wire."""
    indptr, flat = flat_qubits(tape)
    axis = np.zeros(len(flat), dtype=np.int8)
    slack = 0.0
    symbolic = tape.is_symbolic
    for k in (0, 1):
        rows = np.flatnonzero((tape.wide < 0) & (tape.qubits[:, k] >= 0))
        axis[indptr[rows] + k] = AXES[tape.opcode[rows], k]
    for op in _LOOKED_INTO:
        rows = np.flatnonzero((tape.opcode == op) & ~symbolic)
        if len(rows):
            n_qubits = 2 if op is Op.MAT2 else 1
            found, more = _axes_by_matrix(row_matrices(tape, rows), n_qubits)
            slack += more
            for k in range(n_qubits):
                axis[indptr[rows] + k] = found[:, k]
    frames = np.flatnonzero((tape.opcode == Op.PHXZ) & symbolic & (tape.expr[:, 0] < 0) & (tape.angle[:, 0] == 0))
    axis[indptr[frames]] = 3
    for row in (int(r) for r in np.flatnonzero((tape.wide >= 0) | (tape.opcode == Op.MEASURE))):
        axis[indptr[row] : indptr[row + 1]] = _wide_axes(tape, row, int(indptr[row + 1] - indptr[row]))
    row_of = np.repeat(np.arange(len(tape)), np.diff(indptr))
    axis[tape.fence[row_of] != 0] = 0
    more_rows, more_wires, more_axes, n_wires = _other_wires(tape)
    rows_all = np.concatenate([row_of, more_rows])
    sequence = np.argsort(rows_all, kind="stable")
    full = np.zeros(len(tape) + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows_all, minlength=len(tape)), out=full[1:])
    return Entries(
        full,
        np.concatenate([flat, more_wires]).astype(np.int32)[sequence],
        np.concatenate([axis, more_axes]).astype(np.int8)[sequence],
        n_wires,
        slack,
    )


def _other_wires(tape: Tape) -> tuple[Ints, Ints, NDArray[np.int8], int]:
    """Return entries on measurement keys and on fences, and on every qubit for barriers that name none."""
    n = tape.n_qubits
    found: dict[tuple[int, int], int] = {}
    keys: dict[Hashable, int] = {}
    anything = bool((tape.opcode == Op.CALL).any())  # a call may measure any key

    def wire(key: Hashable) -> int:
        return n + keys.setdefault(key, len(keys))

    for row in (int(r) for r in np.flatnonzero(tape.condition >= 0)):
        for key in tape.conditions[tape.condition[row]].keys:
            found[row, wire("any" if anything else ("key", key))] = 3
    for row in (int(r) for r in np.flatnonzero(tape.opcode == Op.MEASURE)):
        found[row, wire("any" if anything else ("key", tape.measurements[tape.payload[row]].key))] = 0
    for row in (int(r) for r in np.flatnonzero(tape.opcode == Op.CALL)):
        found[row, wire("any")] = 0
    for row in (int(r) for r in np.flatnonzero(tape.fence)):
        found[row, wire(("fence", int(tape.fence[row])))] = 0
    n_wires = n + len(keys)
    for row in (int(r) for r in np.flatnonzero((tape.opcode == Op.BARRIER) & (tape.arity == 0))):
        found.update(((row, w), 0) for w in range(n_wires))
    items = sorted(found.items())
    return (
        np.array([r for (r, _), _ in items], dtype=np.int32),
        np.array([w for (_, w), _ in items], dtype=np.int32),
        np.array([a for _, a in items], dtype=np.int8),
        n_wires,
    )


def _shared_ids(first: Sequence[Any], second: Sequence[Any]) -> tuple[Ints, Ints]:
    """Return numbers for the items of two tables such that equal items have equal numbers; -1 is appended."""
    known: dict[Any, int] = {}
    out = []
    for items in (first, second):
        out.append(np.array([known.setdefault(item, len(known)) for item in items] + [-1], dtype=np.int32))
    return out[0], out[1]


def rows_equal(old: Tape, rows: NDArray[np.intp], new: Tape, others: NDArray[np.intp], *, qubits: bool = True) -> Bools:
    """Return whether row `rows[k]` of `old` has the content of row `others[k]` of `new`; origins do not count."""
    same = old.opcode[rows] == new.opcode[others]
    a, b = old.expr[rows], new.expr[others]
    to_a, to_b = _shared_ids(old.exprs, new.exprs)
    same &= (to_a[a] == to_b[b]).all(axis=1)
    same &= ((old.angle[rows] == new.angle[others]) | (a >= 0)).all(axis=1)
    to_a, to_b = _shared_ids(old.conditions, new.conditions)
    same &= to_a[old.condition[rows]] == to_b[new.condition[others]]
    to_a, to_b = _shared_ids(old.tags, new.tags)
    same &= to_a[old.tag[rows]] == to_b[new.tag[others]]
    same &= old.fence[rows] == new.fence[others]
    same &= old.arity[rows] == new.arity[others]
    for op, name in ((Op.MEASURE, "measurements"), (Op.OPAQUE, "opaques"), (Op.CALL, "calls")):
        at = np.flatnonzero(same & (old.opcode[rows] == op))
        if len(at):
            to_a, to_b = _shared_ids(getattr(old, name), getattr(new, name))
            same[at] &= to_a[old.payload[rows[at]]] == to_b[new.payload[others[at]]]
    for op, name in ((Op.MAT1, "mat1"), (Op.MAT2, "mat2"), (Op.MAT3, "mat3")):
        at = np.flatnonzero(same & (old.opcode[rows] == op))
        if len(at):
            one, two = getattr(old, name)[old.payload[rows[at]]], getattr(new, name)[new.payload[others[at]]]
            same[at] &= (one == two).all(axis=(1, 2))
    if qubits:
        same &= (old.qubits[rows] == new.qubits[others]).all(axis=1)
        for k in (int(i) for i in np.flatnonzero(same & (old.wide[rows] >= 0))):
            same[k] = old.qubits_of(int(rows[k])) == new.qubits_of(int(others[k]))
    return cast(Bools, same)
