"""What a pass must know of every row before it moves one: wires, axes, runs, and which rows it may not touch."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.commute import axes_of_pairs, axes_of_singles
from qcompile.kernels.dag import ALL_Z, CONTROLLED_X, run_ids, wire_entries
from qcompile.tape import Op, Tape
from qcompile.tape.opcodes import AXES, IS_UNITARY
from qcompile.tape.simulate import row_matrices

__all__ = ["NO_TOUCH", "Wires", "free_rows", "row_axes", "wires_of"]

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

#: Rows with this tag are kept as they are.
NO_TOUCH = "qcompile.no_touch"

#: How far a matrix may be from block diagonal and still be called so.
AXIS_ATOL = 1e-12

_MATRIX_LIKE = (Op.PHXZ, Op.U3, Op.MAT1, Op.GPI)
_IS_MATRIX_LIKE = np.zeros(len(AXES), dtype=bool)
_IS_MATRIX_LIKE[list(_MATRIX_LIKE)] = True
#: Tapes up to this many rows keep their wires: there, finding them again and again is most of a pass.
_SMALL = 20_000


@frozen(eq=False)
class Wires:
    """The wires of each row, quantum first, then classical.

    Attributes:
        indptr: int32[n+1].
        wire: int32[m].
        axis: int8[m].
        run: int32[m], see `run_ids`.
        n_wires: Number of wires.
    """

    indptr: Ints
    wire: Ints
    axis: NDArray[np.int8]
    run: Ints
    n_wires: int


def free_rows(tape: Tape, no_touch: Sequence[Hashable] = (NO_TOUCH,)) -> Bools:
    """Return which rows a pass may rewrite: unconditional unitaries outside fences without a protecting tag."""
    free = IS_UNITARY[tape.opcode]
    free &= tape.fence == 0
    if tape.conditions:
        free &= tape.condition < 0
    if tape.tags:
        free &= ~protected_rows(tape, no_touch)
    return cast(Bools, free)


def protected_rows(tape: Tape, no_touch: Sequence[Hashable] = (NO_TOUCH,)) -> Bools:
    """Return which rows carry one of the tags."""
    if not tape.tags:
        return np.zeros(len(tape), dtype=bool)
    hit = np.array([any(t in no_touch for t in tags) for tags in tape.tags] + [False], dtype=bool)
    return cast(Bools, hit[tape.tag])


def row_axes(tape: Tape) -> NDArray[np.int8]:
    """Return int8[n, 3], the axis of each row on its first three wires, matrices looked into."""
    axes: NDArray[np.int8] = AXES[tape.opcode]
    symbolic = tape.is_symbolic
    if tape.holds(*_MATRIX_LIKE):
        rows = np.flatnonzero(_IS_MATRIX_LIKE[tape.opcode] & ~symbolic)
        if len(rows):
            axes[rows, 0] = axes_of_singles(row_matrices(tape, rows), AXIS_ATOL)
    if tape.holds(Op.MAT2):
        rows = np.flatnonzero(tape.opcode == Op.MAT2)
        axes[rows, :2] = axes_of_pairs(row_matrices(tape, rows), AXIS_ATOL)
    if tape.exprs and tape.holds(Op.PHXZ):
        frame = (tape.opcode == Op.PHXZ) & (tape.expr[:, 0] < 0) & (tape.angle[:, 0] == 0.0) & symbolic
        axes[frame, 0] = 3
    if tape.holds(Op.MEASURE):
        axes[tape.opcode == Op.MEASURE] = 3
    return axes


def wires_of(tape: Tape, no_touch: Sequence[Hashable] = (NO_TOUCH,)) -> Wires:
    """Return wires, axes and runs. Nothing commutes with a row of a fence or with a protected row."""
    if len(tape) > _SMALL:
        return _wires(tape, no_touch)
    key = ("wires", tuple(no_touch))
    if key not in tape.memo:
        tape.memo[key] = _wires(tape, no_touch)
    return cast(Wires, tape.memo[key])


def _wires(tape: Tape, no_touch: Sequence[Hashable]) -> Wires:
    axes = row_axes(tape)
    wide_axis = np.full(len(tape), -1, dtype=np.int8)
    wide = tape.wide >= 0
    if wide.any():
        wide_axis[wide & (tape.arity != 3)] = 0
        wide_axis[wide & (tape.opcode == Op.MCX)] = CONTROLLED_X
        wide_axis[wide & (tape.opcode == Op.MCP)] = ALL_Z
        wide_axis[wide & (tape.opcode == Op.MEASURE)] = ALL_Z
    fixed = tape.fence != 0
    if tape.tags:
        fixed |= protected_rows(tape, no_touch)
    if fixed.any():
        axes[fixed] = 0
        wide_axis[fixed] = 0
    rows, wires, bases, n_wires = _extra_wires(tape)
    indptr, wire, axis = wire_entries(
        tape.qubits,
        tape.wide,
        tape.wide_indptr,
        tape.wide_indices,
        axes,
        wide_axis,
        rows,
        wires,
        bases,
    )
    return Wires(indptr, wire, axis, run_ids(indptr, wire, axis, n_wires), n_wires)


def _extra_wires(tape: Tape) -> tuple[Ints, Ints, NDArray[np.int8], int]:
    """Return entries for measurement keys, and for barriers without qubits, which hold all of them."""
    entries: set[tuple[int, int, int]] = set()
    n = tape.n_qubits
    if not tape.conditions and not tape.holds(Op.MEASURE, Op.CALL, Op.BARRIER):
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int8), n
    classical = np.flatnonzero((tape.opcode == Op.MEASURE) | (tape.condition >= 0))
    if tape.calls:
        classical = np.union1d(classical, np.flatnonzero(tape.opcode == Op.CALL))
    n_wires = n
    if len(classical):
        single = bool((tape.opcode == Op.CALL).any())  # a call may measure: then all keys are one wire
        keys: dict[str, int] = {}
        for row in (int(r) for r in classical):
            code = tape.opcode[row]
            if code == Op.MEASURE:
                key = "" if single else tape.measurements[tape.payload[row]].key
                entries.add((row, n + keys.setdefault(key, len(keys)), 0))
            elif code == Op.CALL:
                entries.add((row, n + keys.setdefault("", len(keys)), 0))
            if tape.condition[row] >= 0:
                for name in tape.conditions[tape.condition[row]].keys:
                    entries.add((row, n + keys.setdefault("" if single else name, len(keys)), 3))
        n_wires = n + len(keys)
    for row in (int(r) for r in np.flatnonzero((tape.opcode == Op.BARRIER) & (tape.arity == 0))):
        entries |= {(row, w, 0) for w in range(n_wires)}
    # A row that writes a key and reads it as well counts as writing.
    table = sorted({(r, w): a for r, w, a in sorted(entries, key=lambda e: (e[0], e[1], -e[2]))}.items())
    return (
        np.array([r for (r, _), _ in table], dtype=np.int32),
        np.array([w for (_, w), _ in table], dtype=np.int32),
        np.array([a for _, a in table], dtype=np.int8),
        n_wires,
    )
