"""Which engines run on a problem, how long, and which of their answers is kept.

Work is counted in operations routed, never in seconds, so that the same seed gives the same answer everywhere.
"""

from __future__ import annotations

import numpy as np

from qcompile.errors import InputError
from qcompile.kernels.annealing import anneal_layout, compact_layout, discounted_weights
from qcompile.kernels.embedding import embed_graph
from qcompile.kernels.graphs import IntArray, interaction_graph, operation_levels
from qcompile.kernels.routing import N_OPTIONS, route_pairs
from qcompile.kernels.routing_refine import improve_route
from qcompile.kernels.routing_splice import depth_of_events, forward_events, layout_after
from qcompile.mapping.problem import Problem, Solution
from qcompile.mapping.sections import solve_by_sections

__all__ = ["ROUTER_OPTIONS", "solve"]

#: Options of the router by place, see `qcompile.kernels.routing`: lookahead of 30 operations at 0.4 x 0.7^level, 1.5 per
#: SWAP cost, 0.01 per recent SWAP on a qubit, no depth term, 0.5 per turn on a shared wire, no noise.
ROUTER_OPTIONS = np.array([30.0, 0.4, 0.7, 1.5, 0.01, 0.0, 0.5, 0.0])
assert ROUTER_OPTIONS.size == N_OPTIONS

#: Levels over which the weight of an interaction halves when layouts are annealed, by trial; 0 is never.
_HORIZONS = (20.0, 0.0, 60.0, 8.0)
_TRIALS = 8
_CUTS = 100
#: Operations that all trials, and all cuts, may route together at effort 1.
_WORK = 120_000
#: With so many operations for each SWAP, a route by sections is taken as it is.
_RARE = 20
_NOTHING = np.zeros(0, np.int32)
_EMBEDDING_NODES = 20_000


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    effort: int = 1,
    depth_weight: float = 0.0,
    layout: IntArray | None = None,
) -> Solution:
    """Return the cheapest route found.

    Args:
        problem: The problem.
        seed: Any integer.
        effort: Scales the work; 1 is the default.
        depth_weight: What a unit of two-qubit depth counts in native gates.
        layout: Initial layout to keep; by default one is searched for.

    Raises:
        InputError: A connected part of the circuit does not fit, or the given layout tears one apart.
    """
    effort = max(1, effort)
    if layout is not None:
        return _routed_from(problem, layout, seed, effort, depth_weight)
    coupled = problem.pairs[:, 0] >= 0
    if problem.machine.is_complete or not coupled.any():
        return _as_placed(problem, problem.completed(np.full(problem.machine.n_qubits, -1, np.int32)), "free")
    place = _embedded(problem, seed, effort)
    if place is not None:
        return _as_placed(problem, problem.completed(place), "embedding")
    found = solve_by_sections(problem, seed)
    if found is not None and coupled.sum() >= _RARE * found.n_swaps:
        return found
    return _by_trials(problem, found, seed, effort, depth_weight)


def _embedded(problem: Problem, seed: int, effort: int) -> IntArray | None:
    """Return a layout that needs no SWAP, the least noisy of a few, or None if none is found."""
    machine = problem.machine
    best, least = None, np.inf
    noisy = bool(np.ptp(machine.qubit_cost) > 0) if machine.n_qubits else False
    limit = _EMBEDDING_NODES * effort
    for trial in range(1 + 7 * noisy):
        place, _ = embed_graph(
            problem.pattern, machine.graph, machine.walks, machine.qubit_cost * 2.0**trial, seed + trial, limit
        )
        if place.max(initial=-1) < 0:
            break
        at = place[problem.pairs[problem.pairs[:, 0] >= 0]]
        loss = float(machine.qubit_cost[at].sum())
        if loss < least:
            best, least = place, loss
        limit = 2000
    return best


def _as_placed(problem: Problem, layout: IntArray, engine: str) -> Solution:
    found = _route(problem, layout, seed=0)
    if found is None or found.n_swaps:
        raise InputError("cannot be placed", where="circuit", hint="this is a defect of the embedding search")
    return Solution(initial=found.initial, events=found.events, cost=0.0, n_swaps=0, engine=engine)


def _route(problem: Problem, layout: IntArray, *, seed: int, limit: float = np.inf) -> Solution | None:
    machine = problem.machine
    events, cost, n_swaps = route_pairs(
        problem.pairs,
        problem.wires,
        problem.costs,
        machine.graph,
        machine.distance,
        layout.copy(),
        ROUTER_OPTIONS,
        seed,
        limit,
        _NOTHING,
    )
    if np.isinf(cost):
        return None
    return Solution(initial=layout, events=events, cost=cost, n_swaps=n_swaps, engine="sabre")


def _budget(problem: Problem, effort: int, passes: int, least: int) -> int:
    """Return how many passes over the circuit, of `passes` at most, the work allows."""
    per_pass = max(50, len(problem.pairs))
    return int(max(least, min(passes * effort, _WORK * effort // per_pass)))


def _routed_from(problem: Problem, layout: IntArray, seed: int, effort: int, depth_weight: float) -> Solution:
    torn = problem.pairs[problem.pairs[:, 0] >= 0]
    part = problem.machine.component[layout]
    if (part[torn[:, 0]] != part[torn[:, 1]]).any():
        raise InputError("puts qubits that interact into unconnected parts of the target", where="initial_layout")
    found = _route(problem, layout, seed=seed)
    if found is None:
        raise InputError("cannot be routed", where="initial_layout")
    return _improved(problem, found, seed, effort, depth_weight, fixed_start=True)


def _by_trials(problem: Problem, incumbent: Solution | None, seed: int, effort: int, depth_weight: float) -> Solution:
    """Route from annealed layouts, there and back, then improve the best route."""
    machine = problem.machine
    m = len(problem.pairs)
    level = operation_levels(problem.wires)
    backward = problem.backward
    best = incumbent
    best_score = np.inf if best is None else _score(problem, best, depth_weight)
    n_trials = -(-_budget(problem, effort, 4 * _TRIALS, 4) // 4)
    for trial in range(n_trials):
        stream = (seed * 8191 + trial) % 2147483647
        layout = problem.completed(
            compact_layout(problem.region, machine.component, problem.usable, machine.distance, machine.graph, stream)
        )
        weights = discounted_weights(problem.pairs, level, np.ones(m), _HORIZONS[trial % len(_HORIZONS)])
        pattern, weight = interaction_graph(machine.n_qubits, problem.pairs, weights)
        moves = 200 * int(problem.acted_on.sum())
        anneal_layout(
            layout,
            pattern,
            weight,
            machine.graph,
            machine.distance,
            problem.region,
            machine.component,
            problem.usable,
            moves,
            2.0,
            0.1,
            stream,
        )
        for _ in range(2):
            found = _route(problem, layout, seed=stream)
            assert found is not None
            candidates = [found]
            end = layout_after(found.initial, found.events, len(found.events))
            events, cost, n_swaps = route_pairs(
                *backward,
                problem.backward_costs,
                machine.graph,
                machine.distance,
                end,
                ROUTER_OPTIONS,
                stream,
                np.inf,
                _NOTHING,
            )
            layout = end
            candidates.append(
                Solution(initial=layout, events=forward_events(events, m), cost=cost, n_swaps=n_swaps, engine="sabre")
            )
            for candidate in candidates:
                score = _score(problem, candidate, depth_weight)
                if score < best_score - 1e-9:
                    best, best_score = candidate, score
    assert best is not None
    return _improved(problem, best, seed, effort, depth_weight, fixed_start=False)


def _score(problem: Problem, found: Solution, depth_weight: float) -> float:
    if depth_weight == 0:
        return found.cost
    return found.cost + depth_weight * depth_of_events(found.events, problem.costs, problem.wires, found.initial)


def _improved(
    problem: Problem, found: Solution, seed: int, effort: int, depth_weight: float, *, fixed_start: bool
) -> Solution:
    machine = problem.machine
    initial, events, cost, n_swaps = improve_route(
        found.initial,
        found.events,
        (problem.pairs, problem.wires, problem.costs),
        (*problem.backward, problem.backward_costs),
        machine.graph,
        machine.distance,
        ROUTER_OPTIONS,
        _budget(problem, effort, _CUTS, 4),
        depth_weight,
        fixed_start,
        seed,
    )
    return Solution(initial=initial, events=events, cost=cost, n_swaps=n_swaps, engine=found.engine)
