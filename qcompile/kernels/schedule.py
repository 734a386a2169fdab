"""Start times of operations: dependencies, list scheduling under a parallelism limit, longest chains.

Times are int64 picoseconds. Rows are numbered in an order that respects every dependency. Ties go to the lower row.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.jit import jit

__all__ = ["chain_ends", "dependencies", "known_ends", "list_schedule", "place_in_order", "transpose"]

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]


@jit
def dependencies(indptr: Ints, wires: Ints, shared: Flags, n_wires: int) -> tuple[Ints, Ints]:
    """Return the direct predecessors of every row as CSR (int32[n + 1], int32[k]).

    Args:
        indptr: int32[n + 1], wires of row r are `wires[indptr[r]:indptr[r + 1]]`.
        wires: int32[m], qubits and classical bits.
        shared: bool[m], whether the row only reads the wire; two readers may overlap.
        n_wires: Number of wires.
    """
    n = indptr.size - 1
    writer = np.full(n_wires, -1, np.int32)
    reader = np.full(n_wires, -1, np.int32)  # head of the list of readers since the last writer
    earlier = np.full(wires.size, -1, np.int32)  # next older entry in that list
    row_of = np.zeros(wires.size, np.int32)
    out_indptr = np.zeros(n + 1, np.int32)
    out = np.zeros(2 * wires.size, np.int32)
    k = 0
    for row in range(n):
        for at in range(indptr[row], indptr[row + 1]):
            wire = wires[at]
            row_of[at] = row
            if shared[at]:
                if writer[wire] >= 0:
                    out[k] = writer[wire]
                    k += 1
                earlier[at] = reader[wire]
                reader[wire] = at
                continue
            entry = reader[wire]
            if entry < 0 and writer[wire] >= 0:
                out[k] = writer[wire]
                k += 1
            while entry >= 0:
                if row_of[entry] != row:
                    out[k] = row_of[entry]
                    k += 1
                entry = earlier[entry]
            writer[wire] = row
            reader[wire] = -1
        out_indptr[row + 1] = k
    return out_indptr, out[:k].copy()


@jit
def transpose(indptr: Ints, indices: Ints) -> tuple[Ints, Ints]:
    """Return the successors of every row, in ascending order, from the predecessors."""
    n = indptr.size - 1
    out_indptr = np.zeros(n + 1, np.int32)
    for at in range(indices.size):
        out_indptr[indices[at] + 1] += 1
    for row in range(n):
        out_indptr[row + 1] += out_indptr[row]
    fill = out_indptr.copy()
    out = np.zeros(indices.size, np.int32)
    for row in range(n):
        for at in range(indptr[row], indptr[row + 1]):
            before = indices[at]
            out[fill[before]] = row
            fill[before] += 1
    return out_indptr, out


@jit
def chain_ends(indptr: Ints, before: Ints, duration: Longs, forward: bool) -> tuple[Longs, Ints]:
    """Return for each row the length of the longest chain up to and including it, and its neighbour on that chain.

    With `forward` False, `before` holds successors and the chain runs from the row to the end.
    """
    n = indptr.size - 1
    length = np.zeros(n, np.int64)
    link = np.full(n, -1, np.int32)
    for step in range(n):
        row = step if forward else n - 1 - step
        best = np.int64(0)
        for at in range(indptr[row], indptr[row + 1]):
            other = before[at]
            if link[row] < 0 or length[other] > best:
                best = length[other]
                link[row] = other
        length[row] = best + max(duration[row], 0)
    return length, link


@jit
def known_ends(indptr: Ints, before: Ints, duration: Longs) -> Flags:
    """Return whether the end of each row follows from known durations; -1 is an unknown duration."""
    n = indptr.size - 1
    known = np.zeros(n, np.bool_)
    for row in range(n):
        ok = duration[row] >= 0
        for at in range(indptr[row], indptr[row + 1]):
            ok = ok and known[before[at]]
        known[row] = ok
    return known


@jit
def place_in_order(
    order: Ints, indptr: Ints, before: Ints, duration: Longs, limited: Flags, max_parallel: int
) -> Longs:
    """Return start times when rows are placed one by one, each as early as those placed before it allow.

    Args:
        order: int32[n], every row after its predecessors.
        indptr: Predecessors, CSR.
        before: Predecessors, CSR.
        duration: int64[n], picoseconds.
        limited: bool[n], rows of which at most `max_parallel` run at one time.
        max_parallel: The limit; 0 for none.
    """
    start = np.zeros(duration.size, np.int64)
    free = np.zeros(max(max_parallel, 1), np.int64)
    for step in range(order.size):
        row = order[step]
        at_earliest = np.int64(0)
        for at in range(indptr[row], indptr[row + 1]):
            at_earliest = max(at_earliest, start[before[at]] + duration[before[at]])
        if limited[row] and max_parallel > 0 and duration[row] > 0:
            # The slot that wastes least: the latest that is free in time, else the first to become free.
            chosen = 0
            for slot in range(1, max_parallel):
                if free[slot] <= at_earliest:
                    if free[chosen] > at_earliest or free[slot] > free[chosen]:
                        chosen = slot
                elif free[chosen] > at_earliest and free[slot] < free[chosen]:
                    chosen = slot
            at_earliest = max(at_earliest, free[chosen])
            free[chosen] = at_earliest + duration[row]
        start[row] = at_earliest
    return start


@jit
def list_schedule(
    indptr: Ints,
    before: Ints,
    after_indptr: Ints,
    after: Ints,
    duration: Longs,
    tail: Longs,
    limited: Flags,
    max_parallel: int,
) -> Longs:
    """Return start times by list scheduling: when a slot is free, the waiting row with the longest tail takes it."""
    n = duration.size
    waiting = np.zeros(n, np.int32)
    ready = np.zeros(n, np.int64)
    start = np.zeros(n, np.int64)
    free = np.zeros(max_parallel, np.int64)
    heap = [(np.int64(0), np.int64(0), np.int64(-1))]  # numba learns the type of the list from its first item
    heap.pop()
    for row in range(n):
        waiting[row] = indptr[row + 1] - indptr[row]
        if waiting[row] == 0:
            heapq.heappush(heap, (np.int64(0), -tail[row], np.int64(row)))
    while len(heap) > 0:
        now, key, popped = heapq.heappop(heap)
        row = int(popped)
        if limited[row] and duration[row] > 0:
            slot = 0
            for other in range(1, max_parallel):
                if free[other] < free[slot]:
                    slot = other
            if free[slot] > now:
                heapq.heappush(heap, (free[slot], key, popped))
                continue
            free[slot] = now + duration[row]
        start[row] = now
        for at in range(after_indptr[row], after_indptr[row + 1]):
            follower = np.int64(after[at])
            ready[follower] = max(ready[follower], now + duration[row])
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heapq.heappush(heap, (ready[follower], -tail[follower], follower))
    return start
