"""Placement and routing of circuits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from attrs import frozen

from qcompile.errors import InputError
from qcompile.kernels.routing_rows import SYNC, rows_of_events
from qcompile.mapping.costs import BlockCosts, block_costs, unit_costs
from qcompile.mapping.interactions import Interactions, interactions_of
from qcompile.mapping.layout import Layout, layout_array
from qcompile.mapping.machine import machine_of
from qcompile.mapping.problem import Problem, Solution
from qcompile.mapping.search import solve
from qcompile.tape import LayoutWitness, Op, Tape
from qcompile.target import Target

__all__ = ["Objective", "Routed", "place", "route"]

Objective = Literal["two_qubit_gates", "depth", "esp", "swaps"]

#: Native gates that one unit of two-qubit depth is worth.
_DEPTH_WEIGHT = {"two_qubit_gates": 0.0, "depth": 3.0, "esp": 0.5, "swaps": 0.0}


@frozen(kw_only=True, eq=False)
class Routed:
    """A circuit on a machine.

    Attributes:
        tape: Rows on physical qubits; every two-qubit unitary on a coupling, inserted SWAPs as SWAP rows.
        layout: Where each logical qubit is at the start and at the end.
        n_swaps: Number of inserted SWAPs.
        cost: Estimated native two-qubit gates of the whole circuit, SWAPs merged into blocks where they can be.
        engine: What found the layout: `embedding` (no SWAPs), `sabre`, ...
        witness: How `verify.validate` replays the step.
    """

    tape: Tape
    layout: Layout
    n_swaps: int
    cost: float
    engine: str
    witness: LayoutWitness

    @property
    def initial_layout(self) -> np.ndarray:
        """`int32[n_physical]`."""
        return self.layout.initial

    @property
    def final_layout(self) -> np.ndarray:
        """`int32[n_physical]`."""
        return self.layout.final


def route(
    tape: Tape,
    target: Target,
    layout: Layout | Any | None = None,
    *,
    seed: int = 0,
    effort: int = 1,
    objective: Objective = "two_qubit_gates",
    costs: BlockCosts | None = None,
    allowed_qubits: Iterable[int] | None = None,
    elide_swaps: bool = True,
) -> Routed:
    """Move a circuit onto a machine and bring the qubits of every two-qubit gate together.

    Args:
        tape: Gates on at most two qubits; measurements, resets, barriers, conditions and opaque rows are kept in
            order.
        target: The machine.
        layout: Initial layout to use: a `Layout`, places by logical qubit, or a mapping. Searched for if None.
        seed: Any integer; the same seed gives the same circuit.
        effort: How much work to spend, 1 is the default.
        objective: What to save: native two-qubit gates, the depth in them, the success probability, or SWAPs.
        costs: Costs of the operations, if the caller knows better than `block_costs`.
        allowed_qubits: Physical qubits that may be used.
        elide_swaps: Remember SWAP gates of the circuit in the layout instead of performing them.

    Raises:
        InputError: The circuit does not fit, or holds a row that cannot be routed.
    """
    machine = machine_of(target, allowed_qubits=allowed_qubits, noise_aware=objective == "esp")
    ops = interactions_of(tape, target.n_qubits, elide_swaps=elide_swaps)
    if costs is None:
        if objective == "swaps":
            costs = unit_costs(len(ops.pairs))
        else:
            costs = block_costs(tape, target, ops.pairs, ops.row_op, ops.row_wire)
    problem = Problem(
        machine=machine,
        pairs=ops.pairs,
        wires=ops.wires,
        backward=ops.backward,
        alone=costs.alone,
        with_swap=costs.with_swap,
        swap=costs.swap,
        acted_on=ops.acted_on,
    )
    start = None
    if layout is not None:
        start = layout_array(layout, tape.n_qubits, target.n_qubits)
        idle = ops.acted_on & ~machine.usable[start]
        if idle.any():
            raise InputError(
                f"puts qubit {int(np.argmax(idle))} on {int(start[np.argmax(idle)])}",
                where="initial_layout",
                hint="that physical qubit cannot be used",
            )
    weight = _DEPTH_WEIGHT[objective]
    found = solve(problem, seed=seed, effort=effort, depth_weight=weight, layout=start)
    return _assembled(tape, target, ops, found, float(costs.alone.sum()))


def place(
    tape: Tape,
    target: Target,
    *,
    seed: int = 0,
    effort: int = 1,
    initial_layout: Layout | Any | None = None,
    allowed_qubits: Iterable[int] | None = None,
) -> Layout:
    """Return the layout that `route` would use; see there."""
    return route(tape, target, initial_layout, seed=seed, effort=effort, allowed_qubits=allowed_qubits).layout


def _assembled(tape: Tape, target: Target, ops: Interactions, found: Solution, base: float) -> Routed:
    final = found.initial.copy()
    source, physical, placed = rows_of_events(
        found.events,
        final,
        ops.wires,
        ops.row_op,
        ops.row_place,
        ops.row_wire,
        ops.sync_start,
        ops.sync_wire,
        target.n_qubits,
    )
    final = final[ops.wire_of]
    is_swap = source < 0
    elided = np.zeros(len(source), np.bool_)
    elided[~is_swap] = (
        (ops.row_op[source[~is_swap]] >= 0) & (ops.pairs[np.maximum(ops.row_op[source[~is_swap]], 0), 0] == -2)
        if len(ops.pairs)
        else False
    )
    kept = ~elided
    rows = np.where(is_swap, 0, source)[kept]
    new_row = np.cumsum(kept) - 1
    events = np.stack([source, np.where(kept, new_row, -1)], axis=1).astype(np.int32)
    swap = is_swap[kept]
    physical = physical[kept]
    columns = {name: getattr(tape, name)[rows].copy() if len(tape) else getattr(tape, name) for name in _ROW_COLUMNS}
    if swap.any():
        columns["opcode"][swap] = Op.SWAP
        columns["angle"][swap] = 0.0
        for name in ("expr", "wide", "payload", "condition", "tag", "origin"):
            columns[name][swap] = -1
        columns["fence"][swap] = 0
    # Rows on two wires or fewer were given their qubits; the others take theirs from the list of placed wires.
    indptr: list[int] = [0]
    indices: list[int] = []
    loose = np.flatnonzero((physical[:, 0] < 0) & ~swap)
    for at in (int(k) for k in loose):
        row = int(rows[at])
        qubits = placed[ops.sync_start[row] : ops.sync_start[row + 1]]
        qubits = qubits[qubits >= 0]
        physical[at, : min(2, len(qubits))] = qubits[:2]
        if columns["wide"][at] >= 0:
            columns["wide"][at] = len(indptr) - 1
            indices.extend(int(q) for q in qubits)
            indptr.append(len(indices))
    routed = tape.replace(
        n_qubits=target.n_qubits,
        qubit_names=target.qubit_names,
        qubits=physical,
        wide_indptr=np.array(indptr, np.int32),
        wide_indices=np.array(indices, np.int32),
        **columns,
    )
    layout = Layout(n_logical=tape.n_qubits, initial=found.initial, final=final)
    return Routed(
        tape=routed,
        layout=layout,
        n_swaps=found.n_swaps,
        cost=base + found.cost,
        engine=found.engine,
        witness=LayoutWitness(events=events, initial=layout.initial, final=layout.final),
    )


_ROW_COLUMNS = ("opcode", "angle", "expr", "wide", "payload", "condition", "tag", "origin", "fence")
assert SYNC == 2
