"""Which form each three-qubit gate takes: forms compared by the two-qubit blocks that they leave, neighbours included.

The scan is that of `blocks.pair_blocks` (a row joins the last block of its pair past rows that it commutes with), with
a cost a block instead of matrices: a block in which one wire keeps one Pauli basis is a controlled gate.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["choose_forms"]

IntArray = npt.NDArray[np.int32]
Int8Array = npt.NDArray[np.int8]

#: What `kind` says of a row.
OTHER, SINGLE, PAIR, SLOT, SWAP_SLOT = 0, 1, 2, 3, 4


@jit
def _touch(w: int, a: int, place: IntArray, basis: Int8Array, start: IntArray) -> int:
    """Put a row of axis `a` on wire w; return where its run starts. `place` is advanced by the caller."""
    if a == 4 and basis[w] != 0:
        return int(start[w])
    if a != 0 and a == basis[w]:
        return int(start[w])
    if basis[w] == 4 and a != 0:
        basis[w] = a
        return int(start[w])
    start[w] = place[w]
    basis[w] = a
    return int(start[w])


@jit
def _single(
    w: int,
    a: int,
    place: IntArray,
    basis: Int8Array,
    start: IntArray,
    tail: IntArray,
    side_wire: IntArray,
    end: IntArray,
    dirty: Int8Array,
) -> None:
    """Put a one-qubit row on wire w."""
    run = _touch(w, a, place, basis, start)
    b = tail[w]
    if b >= 0:
        s = 0 if side_wire[b, 0] == w else 1
        if end[b, s] >= run - 1:
            if end[b, s] == place[w] - 1:
                end[b, s] = place[w]
            if a != 4:
                dirty[b, s] = a if (dirty[b, s] == 4 or dirty[b, s] == a) else 0
        else:
            tail[w] = -1
    place[w] += 1


@jit
def _block_cost(const: Int8Array, total: int, controlled: int) -> int:
    """Return the native gates of a block: controlled gates cost at most `controlled`, any gate at most 3."""
    if const[0] != 0 or const[1] != 0:
        return int(min(controlled, total))
    return int(min(3, total))


@jit
def _pair(
    p: int,
    q: int,
    a: int,
    b: int,
    price: int,
    pair: int,
    controlled: int,
    n_blocks: int,
    place: IntArray,
    basis: Int8Array,
    start: IntArray,
    tail: IntArray,
    last: IntArray,
    stamp: IntArray,
    now: int,
    side_wire: IntArray,
    end: IntArray,
    dirty: Int8Array,
    const: Int8Array,
    total: IntArray,
) -> tuple[int, int]:
    """Put a two-qubit row of axes a, b on wires p, q; return the change of cost and the number of blocks."""
    run_p = _touch(p, a, place, basis, start)
    run_q = _touch(q, b, place, basis, start)
    block = last[pair] if stamp[pair] == now else -1
    change = 0
    side = 0
    joins = block >= 0
    if joins:
        side = 0 if side_wire[block, 0] == p else 1
        joins = end[block, side] >= run_p - 1 and end[block, 1 - side] >= run_q - 1
    if joins:
        before = _block_cost(const[block], total[block], controlled)
        for k in range(2):
            s = side if k == 0 else 1 - side
            w, axis = (p, a) if k == 0 else (q, b)
            if (
                const[block, s] != 0
                and axis != 4
                and (const[block, s] != axis or (dirty[block, s] != 4 and dirty[block, s] != axis))
            ):
                const[block, s] = 0
            if end[block, s] == place[w] - 1:
                end[block, s] = place[w]
                tail[w] = block
        total[block] += price
        change = _block_cost(const[block], total[block], controlled) - before
    else:
        block = n_blocks
        n_blocks += 1
        last[pair] = block
        stamp[pair] = now
        side_wire[block, 0], side_wire[block, 1] = p, q
        end[block, 0], end[block, 1] = place[p], place[q]
        tail[p], tail[q] = block, block
        const[block, 0], const[block, 1] = a, b
        dirty[block, 0], dirty[block, 1] = 4, 4
        total[block] = price
        change = _block_cost(const[block], price, controlled)
    place[p] += 1
    place[q] += 1
    return change, n_blocks


@jit
def _play(
    rows: IntArray,
    indptr: IntArray,
    wire: IntArray,
    axis: Int8Array,
    kind: Int8Array,
    price: IntArray,
    pair: IntArray,
    choice: IntArray,
    table: Int8Array,
    exact_price: int,
    controlled: int,
    place: IntArray,
    basis: Int8Array,
    start: IntArray,
    tail: IntArray,
    last: IntArray,
    stamp: IntArray,
    now: int,
    side_wire: IntArray,
    end: IntArray,
    dirty: Int8Array,
    const: Int8Array,
    total: IntArray,
    n_blocks: int,
    cost: int,
    most_cost: int,
) -> tuple[int, int]:
    """Return the native gates after some more rows, and the number of blocks, when the slots take the forms `choice`.

    Rows never lower the cost of those before them: the count stops once it has reached `most_cost`.

    Args:
        rows: int32[m], ascending.
        indptr, wire, axis, kind, price, pair, choice, table, exact_price, controlled: As in `choose_forms`.
        place, basis, start, tail: Of each wire: rows so far, basis and start of its run, its last block.
        last, stamp: int32[n_pairs], last block of each pair, where its stamp is `now`.
        side_wire, end, dirty, const: [most, 2], of each block and its sides.
        total: int32[most], native gates of the rows of each block.
        n_blocks, cost: So far.
        most_cost: See above.
    """
    n_forms = table.shape[0]
    q = np.zeros(3, np.int32)
    s = np.zeros(3, np.int32)
    for row in rows:
        if cost >= most_cost:
            return cost, n_blocks
        at = indptr[row]
        if kind[row] == 1:
            _single(wire[at], axis[at], place, basis, start, tail, side_wire, end, dirty)
        elif kind[row] == 2:
            change, n_blocks = _pair(
                wire[at], wire[at + 1], axis[at], axis[at + 1], price[row], pair[row, 0], controlled, n_blocks,
                place, basis, start, tail, last, stamp, now, side_wire, end, dirty, const, total,
            )  # fmt: skip
            cost += change
        elif kind[row] > 2:
            for k in range(3):
                q[k] = wire[at + k]
                s[k] = 3
            form = choice[row] % n_forms
            i, j = 1, 2
            if kind[row] == 4:
                if choice[row] // n_forms == 1:
                    i, j = 2, 1
                # CSWAP = CX(j, i) CCX(0, i -> j) CX(j, i)
                change, n_blocks = _pair(
                    q[j], q[i], 3, 1, 1, pair[row, 2], controlled, n_blocks,
                    place, basis, start, tail, last, stamp, now, side_wire, end, dirty, const, total,
                )  # fmt: skip
                cost += change
                s[j] = 1
            else:
                for k in range(3):
                    s[k] = axis[at + k]
            for step in range(table.shape[1]):
                what, x, y = table[form, step, 0], table[form, step, 1], table[form, step, 2]
                if what == 1:
                    _single(q[x], s[x], place, basis, start, tail, side_wire, end, dirty)
                elif what > 1:
                    other = s[y] if what == 3 else (1 if s[y] == 3 else 3)
                    change, n_blocks = _pair(
                        q[x], q[y], s[x], other, exact_price if what == 3 else 1, pair[row, x + y - 1], controlled,
                        n_blocks, place, basis, start, tail, last, stamp, now, side_wire, end, dirty, const, total,
                    )  # fmt: skip
                    cost += change
            if kind[row] == 4:
                change, n_blocks = _pair(
                    q[j], q[i], 3, 1, 1, pair[row, 2], controlled, n_blocks,
                    place, basis, start, tail, last, stamp, now, side_wire, end, dirty, const, total,
                )  # fmt: skip
                cost += change
        else:
            for k in range(at, indptr[row + 1]):
                w = wire[k]
                _touch(w, axis[k], place, basis, start)
                tail[w] = -1
                place[w] += 1
    return cost, n_blocks


@jit
def _rows_by_wire(indptr: IntArray, wire: IntArray, n_wires: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return the rows of each wire in CSR form, and the place of each entry in its wire's list."""
    first = np.zeros(n_wires + 1, np.int32)
    for k in range(wire.size):
        first[wire[k] + 1] += 1
    for w in range(n_wires):
        first[w + 1] += first[w]
    fill = first[:-1].copy()
    rows = np.empty(wire.size, np.int32)
    place = np.empty(wire.size, np.int32)
    for row in range(indptr.size - 1):
        for k in range(indptr[row], indptr[row + 1]):
            rows[fill[wire[k]]] = row
            place[k] = fill[wire[k]]
            fill[wire[k]] += 1
    return first, rows, place


@jit
def _neighbourhood(
    slot: int,
    reach: int,
    indptr: IntArray,
    wire: IntArray,
    first: IntArray,
    rows: IntArray,
    place: IntArray,
    out: IntArray,
) -> int:
    """Write the rows within `reach` of `slot` on its three wires to `out`, ascending; return how many."""
    at = np.zeros(3, np.int32)
    stop = np.zeros(3, np.int32)
    for k in range(3):
        e = indptr[slot] + k
        at[k] = max(first[wire[e]], place[e] - reach)
        stop[k] = min(first[wire[e] + 1], place[e] + reach + 1)
    count = 0
    while True:
        least = -1
        for k in range(3):
            if at[k] < stop[k] and (least < 0 or rows[at[k]] < least):
                least = rows[at[k]]
        if least < 0:
            return count
        for k in range(3):
            if at[k] < stop[k] and rows[at[k]] == least:
                at[k] += 1
        out[count] = least
        count += 1


@jit
def choose_forms(
    slots: IntArray,
    reach: int,
    sweeps: int,
    indptr: IntArray,
    wire: IntArray,
    axis: Int8Array,
    kind: Int8Array,
    price: IntArray,
    pair: IntArray,
    choice: IntArray,
    table: Int8Array,
    exact_price: int,
    controlled: int,
    n_pairs: int,
    n_wires: int,
) -> None:
    """Improve `choice` in place, one three-qubit gate at a time, by the cost of what stands around it on its wires.

    A gate is looked at again only while a neighbour has changed. What stands before it is read once for all forms.

    Args:
        slots: int32[k], the rows to choose for, ascending.
        reach: How many rows of each of its wires are looked at before and behind.
        sweeps: How often all gates are looked at.
        indptr, wire, axis: Wires of each row.
        kind: int8[n], see the constants above.
        price: int32[n], native gates of a two-qubit row.
        pair: int32[n, 3], numbers of its pairs (0 1), (0 2), (1 2).
        choice: int32[n], form of each slot; for SWAP slots form + n_forms * orientation.
        table: int8[n_forms, n_steps, 3], see `toffoli_forms`.
        exact_price: Native gates of a pair rotation by pi/4.
        controlled: Most native gates of a controlled gate.
        n_pairs, n_wires: Sizes.
    """
    first, rows, place = _rows_by_wire(indptr, wire, n_wires)
    near = np.empty(6 * reach + 3, np.int32)
    stale = np.ones(indptr.size, np.bool_)
    most = 12 * near.size + 1
    n_forms = table.shape[0]
    # The state of `_play` twice: after the rows before the gate, and from there on with one form.
    last, stamp = np.full((2, n_pairs + 1), -1, np.int32), np.full((2, n_pairs + 1), -1, np.int32)
    at, start, tail = (
        np.zeros((2, n_wires), np.int32),
        np.zeros((2, n_wires), np.int32),
        np.zeros((2, n_wires), np.int32),
    )
    basis = np.zeros((2, n_wires), np.int8)
    side_wire, end = np.zeros((2, most, 2), np.int32), np.zeros((2, most, 2), np.int32)
    dirty, const = np.zeros((2, most, 2), np.int8), np.zeros((2, most, 2), np.int8)
    total = np.zeros((2, most), np.int32)
    now = 0
    for _ in range(sweeps):
        moved = False
        for slot in slots:
            if not stale[slot]:
                continue
            stale[slot] = False
            m = _neighbourhood(slot, reach, indptr, wire, first, rows, place, near)
            here = 0
            while near[here] != slot:
                here += 1
            now += 1
            at[0], start[0], tail[0], basis[0] = 0, 0, -1, 0
            before, n_before = _play(
                near[:here], indptr, wire, axis, kind, price, pair, choice, table, exact_price, controlled,
                at[0], basis[0], start[0], tail[0], last[0], stamp[0], now,
                side_wire[0], end[0], dirty[0], const[0], total[0], 0, 0, 1 << 30,
            )  # fmt: skip
            kept, best = choice[slot], choice[slot]
            least = 1 << 30
            options = n_forms * (2 if kind[slot] == 4 else 1)
            for k in range(-1, options):
                choice[slot] = kept if k < 0 else k
                if k == kept:
                    continue
                at[1], start[1], tail[1], basis[1], last[1], stamp[1] = (
                    at[0],
                    start[0],
                    tail[0],
                    basis[0],
                    last[0],
                    stamp[0],
                )
                for i in range(n_before):
                    total[1, i] = total[0, i]
                    for j in range(2):
                        side_wire[1, i, j], end[1, i, j] = side_wire[0, i, j], end[0, i, j]
                        dirty[1, i, j], const[1, i, j] = dirty[0, i, j], const[0, i, j]
                cost, _ = _play(
                    near[here:m], indptr, wire, axis, kind, price, pair, choice, table, exact_price, controlled,
                    at[1], basis[1], start[1], tail[1], last[1], stamp[1], now,
                    side_wire[1], end[1], dirty[1], const[1], total[1], n_before, before, least,
                )  # fmt: skip
                if cost < least:
                    least, best = cost, choice[slot]
            choice[slot] = best
            if best != kept:
                moved = True
                for k in range(m):
                    if kind[near[k]] > 2 and near[k] != slot:
                        stale[near[k]] = True
        if not moved:
            return
