"""A circuit as the router reads it: operations on wires, and which rows belong to which."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.kernels.graphs import IntArray, Wires, reversed_wires, wires_of_operations
from qcompile.kernels.routing_rows import COUPLED, ELIDED, RIDER, SYNC, operations_of_rows
from qcompile.tape import SPECS, Op, Tape
from qcompile.tape.opcodes import AXES

__all__ = ["Interactions", "interactions_of"]


@frozen(kw_only=True, eq=False)
class Interactions:
    """The operations of a circuit. Wires 0 .. n_physical - 1 are qubits, later ones classical keys and fences.

    Attributes:
        pairs: `int32[m, 2]` wires that must be coupled, negative for operations that need no coupling.
        joins: `int32[m, 2]`, see `qcompile.kernels.graphs.wires_of_operations`.
        extra_start: `int32[m + 1]`.
        extra_wire: Wires of operations beyond their pair.
        n_wires: Number of wires.
        row_op: `int32[n]`, operation of each row, -1 for rows that ride on a wire.
        row_place: `int32[n]`, operations before a riding row on its wire.
        row_wire: `int32[n, 2]`, wires of rows that have no other dependency.
        sync_start: `int32[n + 1]`.
        sync_wire: Wires of rows of other kinds.
        wire_of: `int32[n_physical]`, the wire of each logical qubit at the end: SWAPs that are only remembered rename.
        acted_on: `bool[n_physical]`, wires that hold a qubit with at least one row.
    """

    pairs: IntArray
    joins: IntArray
    extra_start: IntArray
    extra_wire: IntArray
    n_wires: int
    row_op: IntArray
    row_place: IntArray
    row_wire: IntArray
    sync_start: IntArray
    sync_wire: IntArray
    wire_of: IntArray
    acted_on: np.ndarray = field()

    @cached_property
    def wires(self) -> Wires:
        """Dependencies of the operations."""
        return wires_of_operations(self.n_wires, self.pairs, self.joins, self.extra_start, self.extra_wire)

    @cached_property
    def backward(self) -> tuple[IntArray, Wires]:
        """Pairs and dependencies of the circuit run backwards."""
        return np.ascontiguousarray(self.pairs[::-1]), reversed_wires(self.wires)


def interactions_of(tape: Tape, n_physical: int, *, elide_swaps: bool = True) -> Interactions:
    """Return the operations of a circuit that is to run on `n_physical` qubits.

    Args:
        tape: Rows of unitary gates on at most two qubits, measurements, resets, barriers and opaque rows.
        n_physical: Number of physical qubits.
        elide_swaps: Whether SWAP gates of the circuit are remembered instead of performed.

    Raises:
        InputError: The circuit is wider than the machine, or holds a CALL or a gate on three or more qubits.
    """
    n = len(tape)
    if tape.n_qubits > n_physical:
        raise InputError(
            f"has {tape.n_qubits} qubits", where="circuit", hint=f"the target has {n_physical}; choose a larger one"
        )
    opcode, arity = tape.opcode, tape.arity
    two = tape.is_two_qubit
    wide = (arity > 2) & (opcode < Op.MEASURE)
    if wide.any() or (opcode == Op.CALL).any():
        row = int(np.argmax(wide | (opcode == Op.CALL)))
        raise InputError(
            f"is {SPECS[Op(int(opcode[row]))].name!r}",
            where=f"circuit: row {row}",
            hint="route circuits of one- and two-qubit gates; decompose wider gates and unroll calls first",
        )
    classical = (tape.condition >= 0) | (opcode == Op.MEASURE) | (tape.fence > 0)
    sync = (~two & ((arity != 1) | classical)) | (opcode == Op.BARRIER) | (opcode == Op.OPAQUE)
    kind = np.full(n, RIDER, np.int32)
    kind[two] = COUPLED
    kind[sync] = SYNC
    if elide_swaps:
        kind[(opcode == Op.SWAP) & ~classical] = ELIDED
    start, wire, n_wires = _synchronised(tape, kind, classical, n_physical)
    axes = AXES[opcode, :2].astype(np.int32)
    qubits = tape.qubits.copy()
    pairs, joins, extra_start, extra_wire, row_op, row_place, row_wire, wire_of = operations_of_rows(
        n_physical, kind, qubits, axes, start, wire, n_wires
    )
    acted_on = np.zeros(n_physical, np.bool_)
    acted_on[row_wire[row_wire >= 0]] = True
    acted_on[wire[wire < n_physical]] = True
    return Interactions(
        pairs=pairs,
        joins=joins,
        extra_start=extra_start,
        extra_wire=extra_wire,
        n_wires=n_wires,
        row_op=row_op,
        row_place=row_place,
        row_wire=row_wire,
        sync_start=start,
        sync_wire=wire,
        wire_of=wire_of,
        acted_on=acted_on,
    )


def _synchronised(tape: Tape, kind: IntArray, classical: np.ndarray, n_physical: int) -> tuple[IntArray, IntArray, int]:
    """Return (start[n + 1], wires, number of wires) of rows that wait for more than a pair of qubits."""
    n = len(tape)
    rows = np.flatnonzero((kind == SYNC) | classical)
    keys: dict[str, int] = {}
    fences = {int(f): k for k, f in enumerate(np.unique(tape.fence[tape.fence > 0]))}
    lists: list[list[int]] = []
    for row in (int(r) for r in rows):
        wires = list(tape.qubits_of(row)) if kind[row] == SYNC else []
        named: list[str] = []
        if tape.opcode[row] == Op.MEASURE:
            named.append(tape.measurements[tape.payload[row]].key)
        if tape.condition[row] >= 0:
            named.extend(tape.conditions[tape.condition[row]].keys)
        wires.extend(n_physical + len(fences) + keys.setdefault(name, len(keys)) for name in dict.fromkeys(named))
        if tape.fence[row] > 0:
            wires.append(n_physical + fences[int(tape.fence[row])])
        lists.append(wires)
    count = np.zeros(n + 1, np.int32)
    count[rows + 1] = [len(wires) for wires in lists]
    flat = np.array([w for wires in lists for w in wires], np.int32)
    return np.cumsum(count).astype(np.int32), flat, n_physical + len(fences) + len(keys)
