"""Routes from a layout by leaps, there and back."""

from __future__ import annotations

import numpy as np

from qcompile.kernels.graphs import IntArray, Wires
from qcompile.kernels.routing_leap import leap_route
from qcompile.kernels.routing_splice import forward_events, layout_after, route_cost
from qcompile.mapping.problem import Problem, Solution

__all__ = ["route_by_leaps"]

_BEAM = 8
_ROUNDS = 3
_MOST_SWAPS = 200
_NOTHING = np.zeros(0, np.int32)


def route_by_leaps(problem: Problem, layout: IntArray, depth_weight: float) -> Solution | None:
    """Return the best of some leaping routes there and back, each from where the one before ended, or None."""
    best: Solution | None = None
    now, least = layout, np.inf
    for _ in range(_ROUNDS):
        events = _leaped(problem, problem.pairs, problem.wires, now)
        if events is None:
            break
        candidates = [(now, events)]
        now = layout_after(now, events, len(events))
        events = _leaped(problem, *problem.backward, now)
        if events is not None:
            now = layout_after(now, events, len(events))
            candidates.append((now, forward_events(events, len(problem.pairs))))
        before = least
        for initial, route in candidates:
            cost, n_swaps = route_cost(route, problem.costs, problem.machine.graph)
            found = Solution(initial=initial, events=route, cost=cost, n_swaps=n_swaps, engine="leaps")
            score = problem.score(found, depth_weight)
            if score < least - 1e-9:
                best, least = found, score
        if events is None or least == before:
            break
    return best


def _leaped(problem: Problem, pairs: IntArray, wires: Wires, layout: IntArray) -> IntArray | None:
    machine = problem.machine
    events, _, finished = leap_route(
        pairs, wires, machine.graph, machine.distance, layout.copy(), _NOTHING, _BEAM, _MOST_SWAPS, 0
    )
    return events if finished else None
