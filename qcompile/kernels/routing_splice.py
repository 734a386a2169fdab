"""Routes cut in two and joined again: their cost, the layout at a cut, and how a backward route reads forward."""

from __future__ import annotations

import numpy as np

from qcompile.kernels.graphs import Graph, IntArray, RealArray, Wires
from qcompile.kernels.jit import jit

__all__ = ["depth_of_events", "forward_events", "layout_after", "operations_in", "route_cost"]


@jit
def route_cost(
    events: IntArray, costs: tuple[RealArray, RealArray, RealArray, RealArray], graph: Graph
) -> tuple[float, int]:
    """Return (cost beyond that of the operations, number of SWAPs) of a route.

    A SWAP merges with the block that comes directly before or after it on both its qubits; two SWAPs in a row cancel.

    Args:
        events: `int32[k, 3]`, see `qcompile.kernels.routing.route_pairs`.
        costs: See `qcompile.kernels.routing.Costs`.
        graph: The machine.
    """
    alone, with_swap, factor, lone = costs
    start, neighbour, edge = graph
    n = start.size - 1
    last = np.full(n, -1, np.int32)
    # Of the run of events that ends at an event: its block, and whether an odd number of SWAPs is in it.
    block = np.full(events.shape[0], -1, np.int32)
    odd = np.zeros(events.shape[0], np.bool_)
    total, n_swaps = 0.0, 0
    for k in range(events.shape[0]):
        op, a, b = events[k, 0], events[k, 1], events[k, 2]
        if a < 0:
            # No coupling, but nothing merges across it; which qubits it is on does not show in the event.
            last[:] = -1
            continue
        e = 0
        for j in range(start[a], start[a + 1]):
            if neighbour[j] == b:
                e = edge[j]
        run = last[a] if last[a] == last[b] else -1
        before = 0.0
        if run >= 0 and (op < 0 or block[run] < 0):
            block[k], odd[k] = block[run], odd[run]
            if odd[run]:
                before = lone[0] if block[run] < 0 else with_swap[block[run]] - alone[block[run]]
        if op < 0:
            n_swaps += 1
            odd[k] = not odd[k]
        else:
            block[k] = op
        after = 0.0
        if odd[k]:
            after = lone[0] if block[k] < 0 else with_swap[block[k]] - alone[block[k]]
        total += (after - before) * factor[e]
        last[a] = last[b] = k
    return total, n_swaps


@jit
def layout_after(layout: IntArray, events: IntArray, n_events: int) -> IntArray:
    """Return the layout after the first `n_events` events; `int32[n]`."""
    out = layout.copy()
    at = np.empty(out.size, np.int32)
    for w in range(out.size):
        at[out[w]] = w
    for k in range(n_events):
        if events[k, 0] < 0:
            a, b = events[k, 1], events[k, 2]
            wa, wb = at[a], at[b]
            at[a], at[b], out[wa], out[wb] = wb, wa, b, a
    return out


@jit
def operations_in(events: IntArray, low: int, high: int, n_operations: int, backward: bool) -> IntArray:
    """Return the operations of events low .. high - 1; `backward` reads and counts them from the end."""
    out = np.empty(max(high - low, 0), np.int32)
    count = 0
    for i in range(low, high):
        k = high - 1 - (i - low) if backward else i
        if events[k, 0] >= 0:
            out[count] = n_operations - 1 - events[k, 0] if backward else events[k, 0]
            count += 1
    return out[:count].copy()


@jit
def forward_events(events: IntArray, n_operations: int) -> IntArray:
    """Return the route of the circuit whose backward run took these events."""
    k = events.shape[0]
    out = np.empty((k, 3), np.int32)
    for i in range(k):
        j = k - 1 - i
        out[i, 0] = n_operations - 1 - events[j, 0] if events[j, 0] >= 0 else events[j, 0]
        out[i, 1], out[i, 2] = events[j, 1], events[j, 2]
    return out


@jit
def depth_of_events(
    events: IntArray, costs: tuple[RealArray, RealArray, RealArray, RealArray], wires: Wires, layout: IntArray
) -> float:
    """Return the depth in native two-qubit gates, an upper bound where SWAPs merge with the block after them.

    Args:
        events: `int32[k, 3]`.
        costs: See `qcompile.kernels.routing.Costs`.
        wires: Of the operations.
        layout: `int32[n]` at the start.
    """
    alone, with_swap, _, lone = costs
    op_start, op_wire = wires[0], wires[1]
    n = layout.size
    place = layout.copy()
    at = np.empty(n, np.int32)
    for w in range(n):
        at[place[w]] = w
    busy = np.zeros(max(n, wires[3].size - 1), np.float64)
    last = np.full(n, -1, np.int32)
    depth = 0.0
    for k in range(events.shape[0]):
        op, a, b = events[k, 0], events[k, 1], events[k, 2]
        ready = 0.0
        if op < 0:
            cost = lone[0]
            if last[a] >= 0 and last[a] == last[b]:
                cost = with_swap[last[a]] - alone[last[a]]
            busy[a] = busy[b] = max(busy[a], busy[b]) + cost
            last[a] = last[b] = -1
            wa, wb = at[a], at[b]
            at[a], at[b], place[wa], place[wb] = wb, wa, b, a
        elif a >= 0:
            busy[a] = busy[b] = max(busy[a], busy[b]) + alone[op]
            last[a] = last[b] = op
        else:
            for i in range(op_start[op], op_start[op + 1]):
                w = op_wire[i]
                ready = max(ready, busy[place[w]] if w < n else busy[w])
            for i in range(op_start[op], op_start[op + 1]):
                w = op_wire[i]
                if w < n:
                    busy[place[w]] = ready
                    last[place[w]] = -1
                else:
                    busy[w] = ready
        if a >= 0:
            depth = max(depth, busy[a])
    return depth
