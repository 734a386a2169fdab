"""An order of rows with few layers, among the orders that differ by rows that commute."""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["early_order"]

IntArray = npt.NDArray[np.int32]
LongArray = npt.NDArray[np.int64]

#: How often a row may be looked at again because its wires were taken meanwhile, in the mean of all rows.
_LOOKS = 64


@jit
def _members(run: IntArray, indptr: IntArray, n_runs: int) -> tuple[LongArray, IntArray]:
    """Return `first[n_runs + 1]` and the rows of each run, in order."""
    first = np.zeros(n_runs + 1, np.int64)
    for k in range(run.size):
        first[run[k] + 1] += 1
    for r in range(n_runs):
        first[r + 1] += first[r]
    rows = np.empty(run.size, np.int32)
    at = first[:-1].copy()
    for row in range(indptr.size - 1):
        for k in range(indptr[row], indptr[row + 1]):
            rows[at[run[k]]] = row
            at[run[k]] += 1
    return first, rows


@jit
def _key(
    row: int, indptr: IntArray, wire: IntArray, run: IntArray, level: LongArray, load: LongArray, behind: LongArray
) -> tuple[int, int]:
    """Return when a row can start, and minus what is left to do from there on one of its wires."""
    start, to_come = 0, 0
    for k in range(indptr[row], indptr[row + 1]):
        start = max(start, level[wire[k]])
        to_come = max(to_come, load[run[k]] + behind[run[k]])
    return start, -to_come


@jit
def early_order(indptr: IntArray, wire: IntArray, run: IntArray, weight: IntArray, n_wires: int) -> IntArray:
    """Return int32[n], rows in an order in which each starts as early as it can, long tails first.

    Rows of one run on a wire may take any order there, one at a time; rows of a run come after those of the run
    before. Of the rows that can start first, the one is taken after which most is left to do on one of its wires: what
    is left of the run, and the longest way behind it (list scheduling by critical path).

    Args:
        indptr, wire, run: Wires of each row, and the runs on them, see `run_ids`.
        weight: int32[n], layers that a row takes.
        n_wires: Number of wires.
    """
    n = indptr.size - 1
    n_runs = 0
    for k in range(run.size):
        n_runs = max(n_runs, run[k] + 1)
    first, rows = _members(run, indptr, n_runs)
    following = np.full(n_runs + 1, -1, np.int32)  # the run behind each, on its wire
    last = np.full(n_wires, -1, np.int32)
    load = np.zeros(n_runs + 1, np.int64)  # weight of the rows of a run that are still to come
    left = np.zeros(n_runs + 1, np.int64)  # and their number
    for row in range(n):
        for k in range(indptr[row], indptr[row + 1]):
            w, r = wire[k], run[k]
            if last[w] != r:
                if last[w] >= 0:
                    following[last[w]] = r
                last[w] = r
            load[r] += weight[row]
            left[r] += 1
    behind = np.zeros(n_runs + 1, np.int64)  # longest way from the end of each run; of none (-1) zero
    longest = np.zeros(n_runs + 1, np.int64)  # longest way from the start of a row of each run
    for row in range(n - 1, -1, -1):
        way = 0
        for k in range(indptr[row], indptr[row + 1]):
            after = following[run[k]]
            if after >= 0:
                behind[run[k]] = max(longest[after], load[after] + behind[after])
            way = max(way, behind[run[k]])
        way += weight[row]
        for k in range(indptr[row], indptr[row + 1]):
            longest[run[k]] = max(longest[run[k]], way)
    waits = np.zeros(n, np.int32)  # wires on which a row's run is not there yet
    seen = np.full(n_wires, -1, np.int32)
    for row in range(n):
        for k in range(indptr[row], indptr[row + 1]):
            if seen[wire[k]] < 0:
                seen[wire[k]] = run[k]
            waits[row] += seen[wire[k]] != run[k]
    level = np.zeros(n_wires, np.int64)
    order = np.empty(n, np.int32)
    count = 0
    heap: list[tuple[int, int, int, int]] = [(0, 0, 0, 0)]  # start, whether it takes layers, urgency, row
    heap.pop()
    for row in range(n):
        if waits[row] == 0:
            start, urgency = _key(row, indptr, wire, run, level, load, behind)
            heapq.heappush(heap, (start, 1 if weight[row] > 0 else 0, urgency, row))
    patience = _LOOKS * n
    while len(heap) > 0:
        start, takes, urgency, row = heapq.heappop(heap)
        now, least = _key(row, indptr, wire, run, level, load, behind)
        if patience > 0 and (now > start or least > urgency):
            patience -= 1
            heapq.heappush(heap, (now, takes, least, row))
            continue
        order[count] = row
        count += 1
        for k in range(indptr[row], indptr[row + 1]):
            r = run[k]
            level[wire[k]] = now + weight[row]
            load[r] -= weight[row]
            left[r] -= 1
        for k in range(indptr[row], indptr[row + 1]):
            r = run[k]
            if left[r] > 0 or following[r] < 0:
                continue
            for i in range(first[following[r]], first[following[r] + 1]):
                other = rows[i] + 0  # the heap holds 64 bits
                waits[other] -= 1
                if waits[other] == 0:
                    begin, urgency = _key(other, indptr, wire, run, level, load, behind)
                    heapq.heappush(heap, (begin, 1 if weight[other] > 0 else 0, urgency, other))
    return order
