"""Circuits whose SWAPs are chosen before their qubits have places.

Where long stretches embed exactly and one SWAP leads from each to the next, a layout that serves one stretch need not
be the one from which the next is a SWAP away. Qubits are named by where they are at the start, and a SWAP exchanges
two names. So all that was run, before and after any SWAPs, is one graph of names that must embed, and no qubit has a
fixed place while choice is left. The search starts at the operation from which most pairs meet before a qubit has
more partners than a place has neighbours. At the first operation that cannot join, each SWAP that brings its qubits
together over one between them is tried, and the few after which the longest run embeds are followed further; then the
same backwards in time.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from qcompile.kernels.embedding_windows import longest_window, windows_of_few_partners
from qcompile.kernels.graphs import IntArray
from qcompile.kernels.routing_splice import route_cost
from qcompile.mapping.leaps import route_by_leaps
from qcompile.mapping.problem import Problem, Solution

__all__ = ["solve_unplaced"]

#: How many choices of SWAPs are followed at a time.
_BEAM = 3
_MAX_SWAPS = 200
#: Windows are tried in stages of (number of windows, nodes per embedding).
_STAGES = ((1, 200), (3, 2000), (2, 20_000))
#: A window must have this share of the machine's couplings, or nothing is tried.
_PROMISING = 0.6
#: Operations that each SWAP must let run on average, once there are a few.
_PER_SWAP = 5
_FEW_SWAPS = 4
#: Nodes of all embeddings from one window.
_BUDGET = 150_000
#: Circuits in which pairs meet less often than this on average have no long stretches.
_MEETINGS = 1.2
_NOWHERE = np.zeros(0, np.int32)


@frozen(kw_only=True, eq=False)
class _Run:
    """Operations run from a layout that is not fixed yet.

    Attributes:
        edges: `int32[k, 2]`, names that must be neighbours.
        at: `int32[n]`, the name of the place of each wire now.
        place: `int32[n]`, an embedding of the edges, -1 for names without edges.
        n_run: Number of operations run.
        swaps: (operation before which it comes, name, name) of each SWAP.
    """

    edges: IntArray
    at: IntArray
    place: IntArray
    n_run: int
    swaps: tuple[tuple[int, int, int], ...]


def solve_unplaced(problem: Problem, seed: int, depth_weight: float = 0.0) -> Solution | None:
    """Return a route with few SWAPs between long stretches, or None if the circuit is not of that kind.

    Args:
        problem: The problem.
        seed: Any integer.
        depth_weight: What a unit of two-qubit depth counts in native gates.
    """
    rows = np.flatnonzero(problem.pairs[:, 0] >= 0).astype(np.int32)
    pairs = np.ascontiguousarray(problem.pairs[rows])
    if len(pairs) < _MEETINGS * len(problem.pattern[1]) / 2:
        return None
    machine = problem.machine
    most = int(np.diff(machine.graph[0]).max())
    if most == 0:
        return None
    windows = windows_of_few_partners(pairs, machine.n_qubits, most)
    windows = windows[np.lexsort((windows[:, 0], -windows[:, 2]))]
    if windows[0, 2] < _PROMISING * len(machine.edges):
        return None
    # One window holds everything: a thorough search has said that it does not embed, and no hub tells where SWAPs go.
    whole = len(windows) == 1
    for n_windows, limit in _STAGES[:1] if whole else _STAGES:
        tried: list[tuple[int, int]] = []
        for start, end, _ in windows.tolist():
            if len(tried) == n_windows:
                break
            if any(start < b and a < end for a, b in tried):
                continue
            tried.append((start, end))
            found = _from_window(problem, pairs, start, seed, limit)
            if found is not None:
                return _assembled(problem, rows, start, *found, depth_weight)
    return None


def _from_window(problem: Problem, pairs: IntArray, start: int, seed: int, limit: int) -> tuple[_Run, _Run] | None:
    """Return what is run from the start of a window on, and what backwards from there, or None."""
    names = np.arange(problem.machine.n_qubits, dtype=np.int32)
    nothing = _Run(edges=np.zeros((0, 2), np.int32), at=names, place=_NOWHERE, n_run=0, swaps=())
    after = _run_all(problem, np.ascontiguousarray(pairs[start:]), nothing, _MAX_SWAPS, seed, limit)
    if after is None:
        return None
    back = np.ascontiguousarray(pairs[:start][::-1])
    room = _MAX_SWAPS - len(after.swaps)
    before = _run_all(problem, back, evolve(after, at=names, n_run=0, swaps=()), room, seed, limit)
    return None if before is None else (after, before)


def _run_all(problem: Problem, pairs: IntArray, run: _Run, room: int, seed: int, limit: int) -> _Run | None:
    """Return a run of all operations with at most `room` SWAPs, or None if it is not found or not worth it."""
    first, nodes = _extended(problem, pairs, run, 0, seed, limit, from_top=len(run.edges) == 0)
    if first is None:
        return None
    beam = [first]
    while beam[0].n_run < len(pairs):
        n_swaps = len(beam[0].swaps)
        if n_swaps == room or nodes > _BUDGET:
            return None
        if n_swaps >= _FEW_SWAPS:
            # Too little for each SWAP, or at this rate too many of them.
            gain = beam[0].n_run - first.n_run
            if gain < _PER_SWAP * n_swaps or room * gain < n_swaps * (len(pairs) - first.n_run):
                return None
        best: list[_Run] = []
        for parent in beam:
            for swapped in _swapped(pairs, parent):
                bar = best[-1].n_run if len(best) == _BEAM else parent.n_run
                child, tried = _extended(problem, pairs, swapped, bar + 1, seed, limit)
                nodes += tried
                if child is not None:
                    best.append(child)
                    best.sort(key=lambda one: -one.n_run)
                    del best[_BEAM:]
        if not best:
            return None
        beam = best
    return beam[0]


def _extended(
    problem: Problem, pairs: IntArray, run: _Run, at_least: int, seed: int, limit: int, *, from_top: bool = False
) -> tuple[_Run | None, int]:
    """Return a run with as many more operations as embed, None if not `at_least` so many in all, and nodes tried."""
    machine = problem.machine
    place, n_more, _, nodes = longest_window(
        run.edges,
        run.at[pairs[run.n_run :]],
        run.place,
        at_least - run.n_run,
        from_top,
        machine.graph,
        machine.walks,
        machine.qubit_cost,
        _NOWHERE,
        machine.distance,
        seed,
        limit,
    )
    if len(place) == 0 or place.max() < 0:
        return None, nodes
    n_run = run.n_run + n_more
    more = np.sort(run.at[pairs[run.n_run : n_run]], axis=1)
    edges = np.unique(np.concatenate([run.edges, more]), axis=0)
    return evolve(run, edges=edges, place=place, n_run=n_run), nodes


def _swapped(pairs: IntArray, run: _Run) -> list[_Run]:
    """Return the run with each SWAP that brings the qubits of the next operation together over one between them."""
    a, b = (int(name) for name in run.at[pairs[run.n_run]])
    beside = (run.edges == a) | (run.edges == b)
    between = np.unique(run.edges[beside.any(axis=1)])
    wire = np.argsort(run.at)
    out = []
    for c in (int(name) for name in between):
        if c in (a, b):
            continue
        path = np.sort(np.array([(a, c), (c, b)], np.int32), axis=1)
        edges = np.concatenate([run.edges, path])
        for end in (a, b):
            at = run.at.copy()
            at[wire[end]], at[wire[c]] = c, end
            out.append(evolve(run, edges=edges, at=at, swaps=(*run.swaps, (run.n_run, end, c))))
    return out


def _assembled(
    problem: Problem, rows: IntArray, start: int, after: _Run, before: _Run, depth_weight: float
) -> Solution:
    """Return the route of two runs, or one by leaps from its layout if that is better."""
    layout = problem.completed(before.place)
    m = len(problem.pairs)
    # A SWAP before the k-th operation backwards comes after that operation forwards.
    swaps = [(int(rows[start - 1 - k]) + 1, a, b) for k, a, b in before.swaps[::-1]]
    swaps += [(int(rows[start + k]), a, b) for k, a, b in after.swaps]
    initial = layout[before.at]
    now, done, parts = initial.copy(), 0, []
    for row, a, b in [*swaps, (m, -1, -1)]:
        pairs = problem.pairs[done:row]
        places = np.where(pairs >= 0, now[pairs], -1)
        parts.append(np.column_stack([np.arange(done, row), places]))
        done = row
        if a >= 0:
            p, q = layout[a], layout[b]
            parts.append(np.array([(-1, p, q)]))
            there = np.where(now == p, q, now)
            now = np.where(now == q, p, there).astype(np.int32)
    events = np.concatenate(parts).astype(np.int32)
    cost, n_swaps = route_cost(events, problem.costs, problem.machine.graph)
    found = Solution(initial=initial, events=events, cost=cost, n_swaps=n_swaps, engine="unplaced")
    other = route_by_leaps(problem, initial, depth_weight)
    if other is not None and problem.score(other, depth_weight) < problem.score(found, depth_weight) - 1e-9:
        return evolve(other, engine="unplaced")
    return found
