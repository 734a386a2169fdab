"""Circuits that nearly embed: the fewest pairs apart, then the SWAPs that let the most operations run.

Each pair that ever meets counts once, however often and whenever it does: what annealing minimises is how far the
whole interaction graph is from embedding. A pair that stays apart need not cost a SWAP each time it meets. As
operations wait only for those before them on their own wires, the repetitions of one pair run ahead of the rest, and
one SWAP then serves all of them; leaps in both directions find such an order.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from qcompile.deadline import out_of_time
from qcompile.kernels.annealing import anneal_layout, compact_layout
from qcompile.kernels.graphs import IntArray, interaction_graph
from qcompile.mapping.leaps import route_by_leaps
from qcompile.mapping.problem import Problem, Solution
from qcompile.mapping.sabre import route_once

__all__ = ["fills_machine", "is_sparse", "nearly_embeds", "solve_by_annealing"]

_Schedule = tuple[tuple[int, float, float], ...]
#: Moves for each qubit, first and last temperature of the trials, in turn. Graphs with cycles fold unless they cool
#: slowly from high temperatures, and one trial in three to four unfolds; paths and trees settle at lower ones.
_COOLING_SPARSE: _Schedule = ((30_000, 3.0, 0.3), (30_000, 0.6, 0.2), (30_000, 2.0, 0.15), (30_000, 1.0, 0.1))
_COOLING_DENSE: _Schedule = ((30_000, 3.0, 0.3), (40_000, 4.0, 0.5))
_TRIALS_SPARSE, _TRIALS_DENSE = 8, 12
#: From so many qubits on; fewer take fewer moves each.
_WIDE = 60
#: Circuits whose pairs meet once are worth it only if they use so much of the machine.
_BRIM = 0.9
#: Where most of the machine stays empty nothing is tight, and fewer qubits are no puzzle: plain trials do as well.
_PUZZLE = 20
_QUICK: _Schedule = ((6000, 1.0, 0.1),)
_QUICK_TRIALS = 3
#: Then the best layout is warmed up and cooled again.
_WARM: _Schedule = ((30_000, 0.8, 0.15), (30_000, 1.2, 0.2), (30_000, 0.5, 0.15))
_WARMINGS = 6
#: Two trials that agree are believed with so many operations for each SWAP.
_BELIEVED = 25
#: Pairs must meet so often on average where the degrees do not fit, and the degrees must nearly fit.
_MEETINGS = 1.1
_MISFIT = 0.3
#: A qubit with so many times the neighbours that a place has is the hub of a star, which no layout nearly embeds.
_HUB = 3


def is_sparse(problem: Problem) -> bool:
    """Return whether the interaction graph has neither more edges nor a higher degree than the machine."""
    return _misfit(problem) == 0


def nearly_embeds(problem: Problem) -> bool:
    """Return whether all degrees fit, or a puzzle's nearly do and its SWAPs would serve many operations."""
    if is_sparse(problem):
        return True
    degree, room = np.diff(problem.pattern[0]), np.diff(problem.machine.graph[0])
    fits = _misfit(problem) <= _MISFIT * len(problem.pattern[1]) and degree.max() <= _HUB * room.max()
    return fits and fills_machine(problem) and _meetings(problem) >= _MEETINGS


def fills_machine(problem: Problem, share: float = 0.5) -> bool:
    """Return whether the circuit uses this share of the machine or more: with half of it, placing it is a puzzle."""
    linked = int((np.diff(problem.pattern[0]) > 0).sum())
    return bool(linked >= share * problem.machine.usable.sum())


def _meetings(problem: Problem) -> float:
    """Return how often a pair that meets does so, on average."""
    return float((problem.pairs[:, 0] >= 0).sum() / max(1, len(problem.pattern[1]) // 2))


def _misfit(problem: Problem) -> int:
    """Return by how much the degrees of the interaction graph exceed those of the machine, both in falling order."""
    degree, room = np.diff(problem.pattern[0]), np.diff(problem.machine.graph[0])
    return int(np.maximum(np.sort(degree) - np.sort(room), 0).sum())


def solve_by_annealing(
    problem: Problem, incumbent: Solution | None, seed: int, effort: int, depth_weight: float
) -> Solution | None:
    """Return the best route from annealed layouts, or the incumbent if none is better.

    Where degrees force some pairs apart, the search ends once two trials agree on the best score; paths, of which
    many are equally close to embedding, differ in how well what is apart can be served.
    """
    sparse = is_sparse(problem)
    n_used = int(problem.acted_on.sum())
    tight = fills_machine(problem, _BRIM) or (fills_machine(problem) and _meetings(problem) >= _MEETINGS)
    tight = tight and n_used >= _PUZZLE
    if tight:
        cooling, n_trials = (_COOLING_SPARSE, _TRIALS_SPARSE) if sparse else (_COOLING_DENSE, _TRIALS_DENSE)
    else:
        cooling, n_trials = _QUICK, _QUICK_TRIALS
    n_coupled = int((problem.pairs[:, 0] >= 0).sum())
    best = incumbent
    least = np.inf if best is None else problem.score(best, depth_weight)
    for trial in range(effort * (n_trials + _WARMINGS * tight)):
        stream = (seed * 8191 + trial) % 2147483647
        warm = trial >= effort * n_trials
        if (warm and (best is None or best is incumbent)) or (best is not None and out_of_time()):
            break
        schedule = _WARM if warm else cooling
        moves, hot, cold = schedule[trial % len(schedule)]
        if tight:
            moves = min(moves, moves * n_used // _WIDE)
        layout = _annealed(problem, best.initial if warm and best is not None else None, moves, hot, cold, stream)
        found = route_by_leaps(problem, layout, depth_weight) if tight else route_once(problem, layout, seed=stream)
        if found is None:
            continue
        score = problem.score(found, depth_weight)
        if score < least - 1e-9:
            best, least = evolve(found, engine="annealing"), score
            if found.n_swaps == 0:
                break
        elif not sparse and score < least + 1e-9 and best is not incumbent and n_coupled >= _BELIEVED * found.n_swaps:
            break
    return best


def _annealed(problem: Problem, start: IntArray | None, moves: int, hot: float, cold: float, stream: int) -> IntArray:
    """Return a layout that leaves few pairs apart, each pair counted once."""
    machine = problem.machine
    pattern, total = interaction_graph(machine.n_qubits, problem.pairs, np.ones(len(problem.pairs)))
    if start is None:
        start = problem.completed(
            compact_layout(problem.region, machine.component, problem.usable, machine.distance, machine.graph, stream)
        )
    layout = start.copy()
    anneal_layout(
        layout,
        pattern,
        np.minimum(total, 1.0),
        machine.graph,
        machine.distance,
        problem.region,
        machine.component,
        problem.usable,
        moves * int(problem.acted_on.sum()),
        hot,
        cold,
        stream,
    )
    return layout
