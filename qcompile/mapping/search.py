"""Which engines run on a problem, how long, and which of their answers is kept.

Work is counted in operations routed, never in seconds, so that the same seed gives the same answer everywhere.
"""

from __future__ import annotations

import numpy as np

from qcompile.deadline import has_deadline, out_of_time
from qcompile.errors import InputError
from qcompile.kernels.annealing import anneal_layout, compact_layout, discounted_weights
from qcompile.kernels.embedding import embed_graph
from qcompile.kernels.embedding_windows import longest_window
from qcompile.kernels.graphs import IntArray, interaction_graph, operation_levels
from qcompile.kernels.routing import route_pairs
from qcompile.kernels.routing_refine import improve_route
from qcompile.kernels.routing_splice import forward_events, layout_after
from qcompile.mapping.nearly import fills_machine, is_sparse, nearly_embeds, solve_by_annealing
from qcompile.mapping.problem import Problem, Solution
from qcompile.mapping.sabre import ROUTER_OPTIONS, route_once, router_options
from qcompile.mapping.sections import solve_by_sections
from qcompile.mapping.unplaced import solve_unplaced

__all__ = ["solve"]

#: Levels over which the weight of an interaction halves when layouts are annealed, by trial; 0 is never.
_HORIZONS = (20.0, 0.0, 60.0, 8.0)
#: Moves of annealing for each qubit in use.
_MOVES = 200
_TRIALS = 24
_CUTS = 150
#: Work of all trials, and of all cuts, at effort 1, in operations and SWAPs on 16 qubits; wide circuits make longer
#: fronts.
_WORK = 80_000
#: At least so many passes, as long as they stay below so much work; four in any case.
_FEW_PASSES = 40
_MOST_WORK = 4_000_000
#: With so many operations for each SWAP, a route by sections is taken as it is.
_RARE = 20
#: With so many, a route by sections is not worth another search unless all degrees fit.
_SCARCE = 50
#: Cuts between two looks at the clock, where there is a time limit.
_PORTION = 4
_NOTHING = np.zeros(0, np.int32)
_EMBEDDING_NODES = 10_000
_WINDOW_NODES = 200
#: Where nothing rules an embedding out at once, more nodes.
_SPARSE_NODES = 80_000


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
    found = solve_unplaced(problem, seed, depth_weight)
    if found is None:
        found = solve_by_sections(problem, seed)
    unsure = found is None or is_sparse(problem) or coupled.sum() < _SCARCE * found.n_swaps
    if unsure and nearly_embeds(problem):
        found = solve_by_annealing(problem, found, seed, effort, depth_weight)
    if found is not None and coupled.sum() >= _RARE * found.n_swaps:
        if coupled.sum() < 4 * _RARE * found.n_swaps:
            found = _improved(problem, found, seed, effort, depth_weight, fixed_start=False)
        return found
    return _by_trials(problem, found, seed, effort, depth_weight)


def _embedded(problem: Problem, seed: int, effort: int) -> IntArray | None:
    """Return a layout that needs no SWAP, the least noisy of a few, or None if none is found."""
    machine = problem.machine
    best, least = None, np.inf
    noisy = bool(np.ptp(machine.qubit_cost) > 0) if machine.n_qubits else False
    limit = (_SPARSE_NODES if is_sparse(problem) and fills_machine(problem) else _EMBEDDING_NODES) * effort
    for trial in range(1 + 7 * noisy):
        place, _ = embed_graph(
            problem.pattern,
            machine.graph,
            machine.walks,
            machine.qubit_cost * 2.0**trial,
            _NOTHING,
            machine.distance,
            seed + trial,
            limit,
        )
        if place.max(initial=-1) < 0:
            break
        at = place[problem.pairs[problem.pairs[:, 0] >= 0]]
        loss = float(machine.qubit_cost[at].sum())
        if loss < least:
            best, least = place, loss
        limit = 2000
        if out_of_time():
            break
    return best


def _as_placed(problem: Problem, layout: IntArray, engine: str) -> Solution:
    found = route_once(problem, layout, seed=0)
    if found is None or found.n_swaps:
        raise InputError("cannot be placed", where="circuit", hint="this is a defect of the embedding search")
    return Solution(initial=found.initial, events=found.events, cost=0.0, n_swaps=0, engine=engine)


def _passes(problem: Problem, n_swaps: int, effort: int, most: int) -> int:
    """Return how many passes over the circuit the work allows, given the SWAPs that one pass makes."""
    per_pass = max(1, len(problem.pairs) + n_swaps) * (8 + int(problem.acted_on.sum())) / 24
    least = min(_FEW_PASSES, max(4, int(_MOST_WORK / per_pass)))
    return effort * max(least, min(most, int(_WORK / per_pass)))


def _routed_from(problem: Problem, layout: IntArray, seed: int, effort: int, depth_weight: float) -> Solution:
    torn = problem.pairs[problem.pairs[:, 0] >= 0]
    part = problem.machine.component[layout]
    if (part[torn[:, 0]] != part[torn[:, 1]]).any():
        raise InputError("puts qubits that interact into unconnected parts of the target", where="initial_layout")
    found = route_once(problem, layout, seed=seed)
    if found is None:
        raise InputError("cannot be routed", where="initial_layout")
    return _improved(problem, found, seed, effort, depth_weight, fixed_start=True)


def _by_trials(problem: Problem, incumbent: Solution | None, seed: int, effort: int, depth_weight: float) -> Solution:
    """Route from annealed layouts, there and back, then improve the best route."""
    machine = problem.machine
    m = len(problem.pairs)
    level = operation_levels(problem.wires)
    backward = problem.backward
    best, best_row = incumbent, 0
    best_score = np.inf if best is None else problem.score(best, depth_weight)
    seen: set[tuple[int, bool, bytes]] = set()
    trial, n_trials = 0, 1
    while trial < n_trials and not (best is not None and out_of_time()):
        # Every choice of router options from the circuit's start, then from its end; then the best one by turns.
        rounds, row = divmod(trial, len(ROUTER_OPTIONS))
        turned = rounds == 1 if rounds < 2 else trial % 2 == 1
        row = row if rounds < 2 else best_row
        stream = (seed * 8191 + trial) % 2147483647
        start = compact_layout(
            problem.region, machine.component, problem.usable, machine.distance, machine.graph, stream
        )
        moves = _MOVES * int(problem.acted_on.sum())
        if trial == 0:
            # The first trial starts where as much as possible runs at once.
            place, n_run, _, _ = longest_window(
                np.zeros((0, 2), np.int32),
                problem.pairs,
                _NOTHING,
                0,
                False,
                machine.graph,
                machine.walks,
                machine.qubit_cost,
                _NOTHING,
                machine.distance,
                seed,
                _WINDOW_NODES,
            )
            if 2 * n_run >= 3 * problem.acted_on.sum():
                start, moves = place, 0
        layout = problem.completed(start)
        order = level.max(initial=0) - level if turned else level
        weights = discounted_weights(problem.pairs, order, np.ones(m), _HORIZONS[trial % len(_HORIZONS)])
        pattern, weight = interaction_graph(machine.n_qubits, problem.pairs, weights)
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
        key = (row, turned, layout.tobytes())
        if key in seen:
            trial += 1
            continue
        seen.add(key)
        for there in range(2):
            candidates: list[Solution] = []
            if turned and there == 0:
                end = layout
            else:
                found = route_once(problem, layout, seed=stream, row=row)
                assert found is not None
                candidates.append(found)
                end = layout_after(found.initial, found.events, len(found.events))
            events, cost, n_swaps = route_pairs(
                *backward,
                problem.backward_costs,
                machine.graph,
                machine.distance,
                end,
                router_options(problem, row),
                stream,
                np.inf,
                _NOTHING,
            )
            layout = end
            candidates.append(
                Solution(initial=layout, events=forward_events(events, m), cost=cost, n_swaps=n_swaps, engine="sabre")
            )
            for candidate in candidates:
                score = problem.score(candidate, depth_weight)
                if score < best_score - 1e-9:
                    best, best_score, best_row = candidate, score, row
        if trial == 0:
            n_trials = -(-_passes(problem, candidates[0].n_swaps, effort, 4 * _TRIALS) // 4)
        trial += 1
    assert best is not None
    return _improved(problem, best, seed, effort, depth_weight, fixed_start=False, row=best_row)


def _improved(
    problem: Problem,
    found: Solution,
    seed: int,
    effort: int,
    depth_weight: float,
    *,
    fixed_start: bool,
    row: int = 0,
) -> Solution:
    machine = problem.machine
    cuts = _passes(problem, found.n_swaps, effort, _CUTS)
    portion = _PORTION if has_deadline() else cuts
    for tried in range(0, cuts, portion):
        if out_of_time():
            break
        initial, events, cost, n_swaps = improve_route(
            found.initial,
            found.events,
            (problem.pairs, problem.wires, problem.costs),
            (*problem.backward, problem.backward_costs),
            machine.graph,
            machine.distance,
            router_options(problem, row),
            min(portion, cuts - tried),
            depth_weight,
            fixed_start,
            seed + tried,
        )
        found = Solution(initial=initial, events=events, cost=cost, n_swaps=n_swaps, engine=found.engine)
    return found
