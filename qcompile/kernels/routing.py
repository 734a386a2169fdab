"""Routing by relative scores: SABRE with lookahead, SWAP absorption and a release valve.

Li, Ding and Xie 2019 (SABRE), scored as in LightSABRE (arXiv 2409.08368): only what a candidate changes is summed.
A candidate SWAP pays its own synthesis cost, which is that of the merged block where it can be absorbed.
"""

from __future__ import annotations

import numpy as np

from qcompile.kernels.graphs import Graph, IntArray, RealArray, Wires
from qcompile.kernels.jit import jit
from qcompile.kernels.routing_lookahead import (
    COST_WEIGHT,
    DECAY,
    DEPTH_WEIGHT,
    FAR,
    NOISE,
    look_ahead,
)
from qcompile.kernels.routing_state import (
    absorbing_event,
    block_site,
    complete,
    first_random,
    new_progress,
    new_site,
    next_random,
    note_operation,
    note_swap,
)

__all__ = ["SWAP", "Costs", "route_pairs"]

#: (weight[m], weight_with_swap[m], edge_factor[e], swap_cost[1]): native gates of a block; of the block merged with a
#: SWAP; cost factor of each edge; native gates of a lone SWAP.
Costs = tuple[RealArray, RealArray, RealArray, RealArray]

#: Marks a SWAP in the first column of the events.
SWAP = -1
_MOVED = -2


@jit
def route_pairs(
    pairs: IntArray,
    wires: Wires,
    costs: Costs,
    graph: Graph,
    distance: IntArray,
    layout: IntArray,
    options: RealArray,
    seed: int,
    cost_limit: float,
    past: IntArray,
) -> tuple[IntArray, float, int]:
    """Bring every pair together by SWAPs.

    Args:
        pairs: `int32[m, 2]` logical qubits of each operation, negative if it needs no coupling.
        wires: Dependencies of the operations, see `qcompile.kernels.graphs`.
        costs: See `Costs`.
        graph: The machine.
        distance: `int32[n, n]` of the machine.
        layout: `int32[n]` physical place of each logical qubit, a bijection; changed to the final layout.
        options: `float64[N_OPTIONS]`.
        seed: Breaks ties.
        cost_limit: Give up once the cost of SWAPs exceeds this.
        past: `int32[k]`, operations that are done already, in an order that respects the wires.

    Returns:
        Events `int32[k, 3]` in order, (operation, physical, physical), SWAPs with `SWAP` for the operation, operations
        without a coupling with -1 for the qubits; the cost of SWAPs beyond that of the operations (negative
        where SWAPs save gates), inf after giving up; the number of SWAPs.
    """
    start, neighbour, edge = graph
    n, m_total = start.size - 1, pairs.shape[0]
    block_cost, merged_cost, factor, lone = costs
    swap_cost = lone[0]
    op_start, op_wire, op_bundle = wires[0], wires[1], wires[2]
    progress = new_progress(wires)
    ready, count = progress[3], progress[4]
    done = np.zeros(m_total, np.bool_)
    for k in range(past.size):
        done[past[k]] = True
        complete(past[k], wires, progress)
    site = new_site(n, factor.size)
    at = np.empty(n, np.int32)
    for q in range(n):
        at[layout[q]] = q
    n_wires = wires[3].size - 1
    memo = (
        np.full(m_total, -1, np.int32),
        np.empty(m_total, np.int32),
        np.full(n_wires, -1, np.int32),
        np.empty(n_wires, np.int32),
        np.empty(n_wires, np.int32),
        np.empty(m_total, np.int32),
    )
    entry = (
        np.empty(n_wires, np.int32),
        np.empty(2 * m_total, np.int32),
        np.empty(2 * m_total, np.float64),
        np.empty(2 * m_total, np.int32),
    )
    head, chain, entry_weight, entry_partner = entry
    events = np.empty((2 * m_total + 64, 3), np.int32)
    n_events = 0
    front = np.empty(m_total, np.int32)
    n_front = 0
    tried = np.full(factor.size, -1, np.int32)
    turns = np.empty((n_wires, FAR + 1), np.int32)
    sharing = False
    used = np.zeros(n, np.float64)
    busy = np.zeros(n, np.float64)
    state = first_random(seed)
    stalled = 0
    spent = 0.0
    n_swaps = 0
    round_ = 0
    step = 0
    last_edge = -1
    noise = options[NOISE] / 2147483647.0
    patience = 12 + 2 * int(np.sqrt(float(n)))
    forced = -1
    while True:
        moved_on = False
        while count[0] > 0:
            count[0] -= 1
            m = ready[count[0]]
            if done[m]:
                continue
            if n_events + 2 >= events.shape[0]:
                events = _grown(events)
            if pairs[m, 0] < 0:
                for i in range(op_start[m], op_start[m + 1]):
                    if op_wire[i] < n:
                        block_site(layout[op_wire[i]], n_events, site)
                events[n_events, 0], events[n_events, 1], events[n_events, 2] = m, -1, -1
                n_events += 1
                complete(m, wires, progress)
                moved_on = True
                continue
            a, b = layout[pairs[m, 0]], layout[pairs[m, 1]]
            if distance[a, b] != 1:
                front[n_front] = m
                n_front += 1
                continue
            e = _edge_between(a, b, graph)
            note_operation(n_events, op_bundle[op_start[m]], op_bundle[op_start[m] + 1], a, b, e, site)
            events[n_events, 0], events[n_events, 1], events[n_events, 2] = m, a, b
            n_events += 1
            busy[a] = busy[b] = max(busy[a], busy[b]) + block_cost[m]
            complete(m, wires, progress)
            moved_on = True
        if n_front == 0:
            break
        if moved_on or step == 0 or sharing:
            round_ += 1
            sharing = look_ahead(
                front, n_front, pairs, wires, progress, options, memo, entry, round_, layout, distance, turns
            )
        if moved_on or step == 0:
            used[:] = 0.0
            stalled = 0
            last_edge = -1
            forced = -1
        if stalled > patience and forced < 0:
            # Release valve: the closest pair walks straight to each other.
            for k in range(n_front):
                if forced < 0 or (
                    distance[layout[pairs[front[k], 0]], layout[pairs[front[k], 1]]]
                    < distance[layout[pairs[forced, 0]], layout[pairs[forced, 1]]]
                ):
                    forced = front[k]
        best_a, best_b, best_edge, best, ties = -1, -1, -1, 0.0, 0
        step += 1
        for k in range(n_front):
            if forced >= 0 and front[k] != forced:
                continue
            for side in range(2):
                a = layout[pairs[front[k], side]]
                target = layout[pairs[front[k], 1 - side]]
                la = at[a]
                for j in range(start[a], start[a + 1]):
                    e = edge[j]
                    if tried[e] == step or e == last_edge:
                        continue
                    tried[e] = step
                    b = neighbour[j]
                    if forced >= 0 and distance[b, target] >= distance[a, target]:
                        continue
                    lb = at[b]
                    score = 0.0
                    i = head[la] if la < n_wires else -1
                    while i >= 0:
                        if entry_partner[i] != lb:
                            p = layout[entry_partner[i]]
                            score += entry_weight[i] * (distance[b, p] - distance[a, p])
                        i = chain[i]
                    i = head[lb] if lb < n_wires else -1
                    while i >= 0:
                        if entry_partner[i] != la:
                            p = layout[entry_partner[i]]
                            score += entry_weight[i] * (distance[a, p] - distance[b, p])
                        i = chain[i]
                    event = absorbing_event(a, b, e, site)
                    price = swap_cost
                    if event >= 0:
                        price = merged_cost[events[event, 0]] - block_cost[events[event, 0]]
                    score += options[COST_WEIGHT] * price * factor[e] / swap_cost
                    score += options[DECAY] * max(used[a], used[b])
                    score += options[DEPTH_WEIGHT] * max(busy[a], busy[b])
                    if noise > 0.0:
                        state = next_random(state)
                        score += noise * state
                    if best_edge < 0 or score < best - 1e-9:
                        best_a, best_b, best_edge, best, ties = a, b, e, score, 1
                    elif score <= best + 1e-9:
                        ties += 1
                        state = next_random(state)
                        if state % ties == 0:
                            best_a, best_b, best_edge = a, b, e
        if best_edge < 0:
            # Only the SWAP just made leads on (a qubit with one neighbour): allow it again.
            if last_edge < 0:
                return events[:0], np.inf, 0
            last_edge = -1
            continue
        if n_events + 2 >= events.shape[0]:
            events = _grown(events)
        event = absorbing_event(best_a, best_b, best_edge, site)
        price = swap_cost
        if event >= 0:
            m = events[event, 0]
            price = merged_cost[m] - block_cost[m]
            events[n_events, 0], events[n_events, 1], events[n_events, 2] = m, events[event, 1], events[event, 2]
            events[event, 0] = _MOVED
            n_events += 1
        events[n_events, 0], events[n_events, 1], events[n_events, 2] = SWAP, best_a, best_b
        note_swap(n_events, best_a, best_b, best_edge, site)
        n_events += 1
        n_swaps += 1
        stalled += 1
        spent += price * factor[best_edge]
        if spent > cost_limit:
            return events[:0], np.inf, 0
        used[best_a] += 1.0
        used[best_b] += 1.0
        busy[best_a] = busy[best_b] = max(busy[best_a], busy[best_b]) + price
        last_edge = best_edge
        la, lb = at[best_a], at[best_b]
        at[best_a], at[best_b] = lb, la
        layout[la], layout[lb] = best_b, best_a
        kept = 0
        for k in range(n_front):
            m = front[k]
            if distance[layout[pairs[m, 0]], layout[pairs[m, 1]]] == 1:
                ready[count[0]] = m
                count[0] += 1
            else:
                front[kept] = m
                kept += 1
        n_front = kept
    return _without_moved(events, n_events), spent, n_swaps


@jit
def _edge_between(a: int, b: int, graph: Graph) -> int:
    start, neighbour, edge = graph
    for j in range(start[a], start[a + 1]):
        if neighbour[j] == b:
            return int(edge[j])
    return -1


@jit
def _grown(events: IntArray) -> IntArray:
    wider = np.empty((2 * events.shape[0], 3), np.int32)
    wider[: events.shape[0]] = events
    return wider


@jit
def _without_moved(events: IntArray, n_events: int) -> IntArray:
    kept = np.empty((n_events, 3), np.int32)
    count = 0
    for k in range(n_events):
        if events[k, 0] != _MOVED:
            kept[count, 0], kept[count, 1], kept[count, 2] = events[k, 0], events[k, 1], events[k, 2]
            count += 1
    return kept[:count].copy()
