"""From the rows of a circuit to operations for the router, and from its events back to rows.

Rows on the same two wires with nothing between them on either wire form one operation, a *block*; one-qubit rows
inside a block belong to it, the others ride on their wire and are emitted with the next operation there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.graphs import IntArray
from qcompile.kernels.jit import jit

__all__ = ["COUPLED", "ELIDED", "FREE", "RIDER", "SYNC", "block_products", "operations_of_rows", "rows_of_events"]

#: What a row is to the router: on one wire; on two qubits that must be coupled; on any wires, no coupling needed; a
#: SWAP that only renames wires. `FREE` marks the pair of an operation without a coupling.
RIDER, COUPLED, SYNC, ELIDED = 0, 1, 2, 3
FREE = -1
_RENAMING = -2

ComplexArray = NDArray[np.complex128]


@jit
def operations_of_rows(
    n_qubits: int,
    kind: IntArray,
    qubits: IntArray,
    axes: IntArray,
    sync_start: IntArray,
    sync_wire: IntArray,
    n_wires: int,
) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray, IntArray, IntArray]:
    """Group rows into operations.

    Args:
        n_qubits: Number of qubits; wire k below it is qubit k until a renamed SWAP.
        kind: `int32[n]`, one of `RIDER`, `COUPLED`, `SYNC`, `ELIDED`.
        qubits: `int32[n, 2]` of riders (one), coupled and elided rows (two).
        axes: `int32[n, 2]` Pauli basis in which a row is diagonal on each of its qubits, 0 none, 4 any.
        sync_start: `int32[n + 1]` rows of `sync_wire`.
        sync_wire: Qubits and further wires (from `n_qubits` on) of `SYNC` rows, further wires alone of `COUPLED` rows,
            which then form blocks of their own. Qubits are replaced by their wires in place.
        n_wires: Number of wires.

    Returns:
        `pairs[m, 2]` wires of each operation (-1: no coupling, -2: an elided SWAP); `joins[m, 2]`; `extra_start[m +
        1]` and `extra_wire`; `row_op[n]` the operation a row belongs to, -1 for riders; `row_place[n]` for riders
        the number of operations before them on their wire; `row_wire[n, 2]` wires of each row; `wire_of[n_qubits]`
        at the end.
    """
    n = kind.size
    wire_of = np.arange(n_qubits).astype(np.int32)
    row_op = np.full(n, -1, np.int32)
    row_place = np.zeros(n, np.int32)
    row_wire = np.full((n, 2), -1, np.int32)
    pairs = np.empty((n, 2), np.int32)
    op_axis = np.zeros((n, 2), np.int32)
    # Bases of the riders just before an operation, one bit a basis.
    before = np.zeros((n, 2), np.int32)
    extra_start = np.zeros(n + 1, np.int32)
    extra_wire = np.empty(sync_wire.size + 2 * n, np.int32)
    n_extra = 0
    last_op = np.full(n_wires, -1, np.int32)
    met = np.zeros(n_wires, np.int32)
    waiting = np.full(n_wires, -1, np.int32)
    chain = np.full(n, -1, np.int32)
    closed = np.zeros(n, np.bool_)
    bases = np.zeros(n_wires, np.int32)
    m = 0
    for row in range(n):
        if kind[row] == RIDER:
            w = wire_of[qubits[row, 0]]
            row_wire[row, 0] = w
            row_place[row] = met[w]
            chain[row] = waiting[w]
            waiting[w] = row
            bases[w] |= 1 << axes[row, 0]
            continue
        if kind[row] == SYNC:
            for i in range(sync_start[row], sync_start[row + 1]):
                w = sync_wire[i]
                if w < n_qubits:
                    w = wire_of[w]
                    sync_wire[i] = w
                extra_wire[n_extra] = w
                n_extra += 1
                last_op[w] = m
                met[w] += 1
                waiting[w] = -1
                bases[w] = 0
            pairs[m, 0] = pairs[m, 1] = FREE
            row_op[row] = m
            m += 1
            extra_start[m] = n_extra
            continue
        p, q = wire_of[qubits[row, 0]], wire_of[qubits[row, 1]]
        row_wire[row, 0], row_wire[row, 1] = p, q
        if kind[row] == ELIDED:
            wire_of[qubits[row, 0]], wire_of[qubits[row, 1]] = q, p
            pairs[m, 0] = pairs[m, 1] = _RENAMING
            for w in (p, q):
                extra_wire[n_extra] = w
                n_extra += 1
                last_op[w] = m
                met[w] += 1
                waiting[w] = -1
                bases[w] = 0
            row_op[row] = m
            m += 1
            extra_start[m] = n_extra
            continue
        block = last_op[p]
        alone = sync_start[row] < sync_start[row + 1]
        if not alone and block >= 0 and block == last_op[q] and pairs[block, 0] >= 0 and not closed[block]:
            for w in (p, q):
                side = 0 if pairs[block, 0] == w else 1
                r = waiting[w]
                while r >= 0:
                    row_op[r] = block
                    op_axis[block, side] = _common(op_axis[block, side], axes[r, 0])
                    r = chain[r]
            row_op[row] = block
            for k in range(2):
                side = 0 if pairs[block, 0] == row_wire[row, k] else 1
                op_axis[block, side] = _common(op_axis[block, side], axes[row, k])
        else:
            pairs[m, 0], pairs[m, 1] = p, q
            if alone:
                closed[m] = True
                for i in range(sync_start[row], sync_start[row + 1]):
                    extra_wire[n_extra] = sync_wire[i]
                    n_extra += 1
            else:
                op_axis[m, 0], op_axis[m, 1] = axes[row, 0], axes[row, 1]
            before[m, 0], before[m, 1] = bases[p], bases[q]
            row_op[row] = m
            for w in (p, q):
                last_op[w] = m
                met[w] += 1
            m += 1
            extra_start[m] = n_extra
        for w in (p, q):
            waiting[w] = -1
            bases[w] = 0
    joins = np.zeros((m, 2), np.int32)
    bundle_axis = np.zeros(n_wires, np.int32)
    for k in range(m):
        if pairs[k, 0] < 0:
            for i in range(extra_start[k], extra_start[k + 1]):
                bundle_axis[extra_wire[i]] = 0
            continue
        for side in range(2):
            w, axis = pairs[k, side], op_axis[k, side]
            if 0 < axis < 4 and bundle_axis[w] == axis and before[k, side] & ~((1 << axis) | 16) == 0:
                joins[k, side] = 1
            bundle_axis[w] = axis if axis < 4 else 0
    return (
        pairs[:m].copy(),
        joins,
        extra_start[: m + 1].copy(),
        extra_wire[:n_extra].copy(),
        row_op,
        row_place,
        row_wire,
        wire_of,
    )


@jit
def _common(a: int, b: int) -> int:
    if a == 4:
        return b
    if b == a or b == 4:
        return a
    return 0


@jit
def block_products(
    n_operations: int,
    pairs: IntArray,
    row_op: IntArray,
    row_wire: IntArray,
    matrix_of: IntArray,
    one: ComplexArray,
    two: ComplexArray,
) -> ComplexArray:
    """Return the matrix of each block on its pair, in the pair's order; identity for the other operations.

    Args:
        n_operations: Number m of operations.
        pairs: `int32[m, 2]`.
        row_op: `int32[n]`, operation of each row.
        row_wire: `int32[n, 2]`.
        matrix_of: `int32[n]`, row of `one` for one-qubit rows and of `two` for two-qubit rows; -1 leaves a row out.
        one: `complex128[k, 2, 2]`.
        two: `complex128[k, 4, 4]`.
    """
    out = np.zeros((n_operations, 4, 4), np.complex128)
    for m in range(n_operations):
        for i in range(4):
            out[m, i, i] = 1.0
    gate = np.zeros((4, 4), np.complex128)
    work = np.zeros((4, 4), np.complex128)
    for row in range(row_op.size):
        m = row_op[row]
        if m < 0 or matrix_of[row] < 0 or pairs[m, 0] < 0:
            continue
        flip = row_wire[row, 0] != pairs[m, 0]
        for i in range(4):
            for j in range(4):
                i1, i0, j1, j0 = i >> 1, i & 1, j >> 1, j & 1
                if row_wire[row, 1] >= 0:
                    if flip:
                        i1, i0, j1, j0 = i0, i1, j0, j1
                    gate[i, j] = two[matrix_of[row], 2 * i1 + i0, 2 * j1 + j0]
                elif flip:
                    gate[i, j] = one[matrix_of[row], i0, j0] if i1 == j1 else 0.0
                else:
                    gate[i, j] = one[matrix_of[row], i1, j1] if i0 == j0 else 0.0
        for i in range(4):
            for j in range(4):
                total = 0.0 + 0.0j
                for k in range(4):
                    total += gate[i, k] * out[m, k, j]
                work[i, j] = total
        for i in range(4):
            for j in range(4):
                out[m, i, j] = work[i, j]
    return out


@jit
def rows_of_events(
    events: IntArray,
    layout: IntArray,
    wires: tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray],
    row_op: IntArray,
    row_place: IntArray,
    row_wire: IntArray,
    sync_start: IntArray,
    sync_wire: IntArray,
    n_logical: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """Put every row in its place in the routed order.

    Args:
        events: `int32[k, 3]` of the router.
        layout: `int32[n_physical]` place of each wire at the start; changed to the end's.
        wires: Of the operations.
        row_op: `int32[n]`.
        row_place: `int32[n]`.
        row_wire: `int32[n, 2]`.
        sync_start: `int32[n + 1]`.
        sync_wire: As `operations_of_rows` left it.
        n_logical: Number of wires that are qubits.

    Returns:
        `source[r]` old row or -1 for an inserted SWAP, in the new order; `physical[r, 2]` the qubits of riders,
        coupled and elided rows and SWAPs; `placed`, aligned with `sync_wire`, the qubits of `SYNC` rows.
    """
    op_start, op_wire, _, wire_start, _, wire_stop = wires
    n, m = row_op.size, op_start.size - 1
    first, rows = _group(row_op, m)
    rider_wire = np.full(n, -1, np.int32)
    for row in range(n):
        if row_op[row] < 0:
            rider_wire[row] = row_wire[row, 0]
    ride_first, riders = _group(rider_wire, n_logical)
    ride = ride_first[:n_logical].copy()
    done = np.zeros(wire_start.size - 1, np.int32)
    begin = np.zeros(wire_start.size - 1, np.int32)
    n_swaps = 0
    for k in range(events.shape[0]):
        if events[k, 0] < 0:
            n_swaps += 1
    source = np.empty(n + n_swaps, np.int32)
    physical = np.full((n + n_swaps, 2), -1, np.int32)
    placed = np.full(sync_wire.size, -1, np.int32)
    at = np.empty(layout.size, np.int32)
    for w in range(layout.size):
        at[layout[w]] = w
    out = 0
    for k in range(events.shape[0]):
        op, a, b = events[k, 0], events[k, 1], events[k, 2]
        if op < 0:
            source[out], physical[out, 0], physical[out, 1] = -1, a, b
            out += 1
            wa, wb = at[a], at[b]
            at[a], at[b], layout[wa], layout[wb] = wb, wa, b, a
            continue
        for i in range(op_start[op], op_start[op + 1]):
            w = op_wire[i]
            if w < n_logical:
                while ride[w] < ride_first[w + 1] and row_place[riders[ride[w]]] <= begin[w]:
                    source[out], physical[out, 0] = riders[ride[w]], layout[w]
                    out += 1
                    ride[w] += 1
            done[w] += 1
            stop = wire_stop[wire_start[w] + begin[w]] - wire_start[w]
            if done[w] == stop:
                begin[w] = stop
        for i in range(first[op], first[op + 1]):
            row = rows[i]
            source[out] = row
            for j in range(sync_start[row], sync_start[row + 1]):
                if sync_wire[j] < n_logical:
                    placed[j] = layout[sync_wire[j]]
            if row_wire[row, 0] >= 0:
                physical[out, 0] = layout[row_wire[row, 0]]
            if row_wire[row, 1] >= 0:
                physical[out, 1] = layout[row_wire[row, 1]]
            out += 1
    for w in range(n_logical):
        for i in range(ride[w], ride_first[w + 1]):
            source[out], physical[out, 0] = riders[i], layout[w]
            out += 1
    return source[:out].copy(), physical[:out].copy(), placed


@jit
def _group(label: IntArray, n: int) -> tuple[IntArray, IntArray]:
    """Return (first[n + 1], members) of the members of each label from 0, in ascending order."""
    first = np.zeros(n + 1, np.int32)
    for k in range(label.size):
        if label[k] >= 0:
            first[label[k] + 1] += 1
    for v in range(n):
        first[v + 1] += first[v]
    fill = first[:n].copy()
    members = np.empty(first[n], np.int32)
    for k in range(label.size):
        if label[k] >= 0:
            members[fill[label[k]]] = k
            fill[label[k]] += 1
    return first, members
