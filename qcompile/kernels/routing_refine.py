"""Improving a route: cut it, route one side again from the layout at the cut, keep what is no worse.

The side before the cut is routed backwards, so that the initial layout is free to change. Now and then the layout at
the cut is disturbed and both sides are routed again.
"""

from __future__ import annotations

import numpy as np

from qcompile.kernels.graphs import Graph, IntArray, RealArray, Wires
from qcompile.kernels.jit import jit
from qcompile.kernels.routing import Costs, route_pairs
from qcompile.kernels.routing_lookahead import COST_WEIGHT, DISCOUNT, EXTENDED_WEIGHT, NOISE, TURN
from qcompile.kernels.routing_splice import depth_of_events, forward_events, layout_after, operations_in, route_cost
from qcompile.kernels.routing_state import first_random, next_random

__all__ = ["improve_route"]

_LARGEST = 2147483647.0


@jit
def improve_route(
    initial: IntArray,
    events: IntArray,
    forward: tuple[IntArray, Wires, Costs],
    backward: tuple[IntArray, Wires, Costs],
    graph: Graph,
    distance: IntArray,
    options: RealArray,
    n_tries: int,
    depth_weight: float,
    fixed_start: bool,
    seed: int,
) -> tuple[IntArray, IntArray, float, int]:
    """Return (initial layout, events, cost of SWAPs, number of SWAPs) of the best route found.

    Args:
        initial: `int32[n]`, layout at the start.
        events: `int32[k, 3]`, the route to improve.
        forward: Pairs, wires and costs of the circuit.
        backward: The same of the circuit run backwards.
        graph: The machine.
        distance: `int32[n, n]`.
        options: Of the router; each try varies them.
        n_tries: How many cuts to try.
        depth_weight: What a unit of depth counts in native gates.
        fixed_start: Keep the initial layout: only the side after the cut is routed again.
        seed: Any integer.
    """
    pairs, wires, costs = forward
    back_pairs, back_wires, back_costs = backward
    n, m = initial.size, pairs.shape[0]
    start, neighbour, _ = graph
    state = first_random(seed)
    own = options.copy()
    score, n_swaps = route_cost(events, costs, graph)
    cost = score
    if depth_weight > 0.0:
        score += depth_weight * depth_of_events(events, costs, wires, initial)
    for _ in range(n_tries):
        if n_swaps == 0:
            break
        for which, spread, top in (
            (EXTENDED_WEIGHT, 0.5, 1.0),
            (DISCOUNT, 0.3, 0.95),
            (COST_WEIGHT, 0.5, 9.0),
            (TURN, 0.5, 0.95),
        ):
            state = next_random(state)
            own[which] = min(top, options[which] * (1.0 - spread + 2.0 * spread * (state / _LARGEST)))
        state = next_random(state)
        own[NOISE] = 0.6 * (state / _LARGEST)
        state = next_random(state)
        cut = state % (events.shape[0] + 1)
        middle = layout_after(initial, events, cut)
        state = next_random(state)
        both = state % 10 == 0 and not fixed_start
        after = both or fixed_start or state % 2 == 1
        if both:
            state = next_random(state)
            w = state % n
            a = middle[w]
            if start[a] < start[a + 1]:
                state = next_random(state)
                b = neighbour[start[a] + state % (start[a + 1] - start[a])]
                for v in range(n):
                    if middle[v] == b:
                        middle[v] = a
                        break
                middle[w] = b
        head, tail = events[:cut], events[cut:]
        begin = initial
        state = next_random(state)
        if after:
            past = operations_in(events, 0, cut, m, False)
            tail, _, _ = route_pairs(pairs, wires, costs, graph, distance, middle.copy(), own, state, np.inf, past)
        if both or not after:
            past = operations_in(events, cut, events.shape[0], m, True)
            begin = middle.copy()
            found, _, _ = route_pairs(
                back_pairs, back_wires, back_costs, graph, distance, begin, own, state, np.inf, past
            )
            head = forward_events(found, m)
        joined = np.concatenate((head, tail))
        new_cost, new_swaps = route_cost(joined, costs, graph)
        new_score = new_cost
        if depth_weight > 0.0:
            new_score += depth_weight * depth_of_events(joined, costs, wires, begin)
        if new_score <= score + 1e-9:
            initial, events, score, cost, n_swaps = begin, joined, new_score, new_cost, new_swaps
    return initial, events, cost, n_swaps
