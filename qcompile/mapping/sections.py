"""Circuits that almost fit: long stretches embed exactly, and one SWAP leads from each to the next.

A window of the circuit is embedded; from there the router leaps in both directions. Where it stalls, everything run
so far is embedded again together with more of what comes next: qubits that had not met yet find their places only
then. If that does not help, the next window is embedded near where qubits are, and tokens are swapped to get there.
"""

from __future__ import annotations

import numpy as np

from qcompile.kernels.embedding_windows import longest_window
from qcompile.kernels.graphs import IntArray, Wires
from qcompile.kernels.routing_leap import leap_route
from qcompile.kernels.routing_splice import forward_events, layout_after, route_cost
from qcompile.kernels.token_swap import swap_tokens
from qcompile.mapping.problem import Problem, Solution

__all__ = ["solve_by_sections"]

_BEAM = 8
_LEAST_GAIN = 24
_MAX_SWAPS = 200
#: With so many operations for each SWAP no other window is tried.
_RARE = 100
#: SWAPs of a search without hope of a long stretch, when nothing else helps.
_RESCUE = 8
#: Windows are tried in stages of (number of starting points, nodes per embedding); a later stage only if the one
#: before ran at least this share of the circuit, and so many operations for each SWAP.
_STAGES = ((2, 200), (6, 1000), (12, 4000))
_PROMISING = 0.12
_PER_SWAP = 12
#: Operations that a window must run for each SWAP on the way to it.
_PER_JUMP = 6
#: Circuits in which pairs meet less often than this on average have no long stretches.
_MEETINGS = 2.0
#: So many times the couplings per qubit of the machine are still few different pairs per qubit of the circuit.
_DENSITY = 1.7
_NOWHERE = np.zeros(0, np.int32)


def solve_by_sections(problem: Problem, seed: int) -> Solution | None:
    """Return a route with few SWAPs between long stretches, or None if the circuit is not of that kind.

    Args:
        problem: The problem.
        seed: Any integer.
    """
    m = len(problem.pairs)
    coupled = int((problem.pairs[:, 0] >= 0).sum())
    n_pairs = len(problem.pattern[1]) / 2
    if coupled < _MEETINGS * n_pairs:
        return None
    # As many different pairs as a few layouts of the machine offer: worth all stages.
    linked = max(1, int((np.diff(problem.pattern[0]) > 0).sum()))
    degree = len(problem.machine.edges) / max(1, int(problem.machine.usable.sum()))
    likely = linked >= 0.6 * problem.machine.usable.sum() and n_pairs <= _DENSITY * degree * linked
    best: Solution | None = None
    for stage, (n_starts, limit) in enumerate(_STAGES):
        windows = []
        for k in range(n_starts):
            start = k * m // n_starts
            place, length, n_edges, _ = longest_window(
                np.zeros((0, 2), np.int32),
                problem.pairs[start:],
                _NOWHERE,
                0,
                False,
                problem.machine.graph,
                problem.machine.walks,
                problem.machine.qubit_cost,
                _NOWHERE,
                problem.machine.distance,
                seed,
                limit,
            )
            windows.append((-n_edges, start, length, place))
        windows.sort(key=lambda window: window[:2])
        furthest = 0
        for _, start, _, place in windows[: 2 + stage]:
            if place.max(initial=-1) < 0:
                continue
            room = _MAX_SWAPS if best is None else best.n_swaps - 1
            found, n_run, n_swaps = _from_window(problem, place, start, seed, limit, room, rescue=stage == 2)
            if found is not None and (best is None or found.n_swaps < best.n_swaps):
                best = found
                if _RARE * best.n_swaps <= coupled:
                    return best
            if n_run >= _PER_SWAP * (n_swaps + 1):
                furthest = max(furthest, n_run)
        if best is not None:
            return best
        if not likely and furthest < _PROMISING * coupled:
            return None
    return None


def _from_window(
    problem: Problem, place: IntArray, start: int, seed: int, limit: int, room: int, *, rescue: bool
) -> tuple[Solution | None, int, int]:
    """Return a full route through the layout of a window, or None, and how many operations and SWAPs were run."""
    m = len(problem.pairs)
    layout = problem.completed(place)
    before = np.arange(start, dtype=np.int32)
    layout, after, ok = _extended(
        problem, problem.pairs, problem.wires, layout, before, _no_edges(), seed, limit, room, rescue
    )
    n_swaps = int((after[:, 0] < 0).sum())
    n_run = len(after) - n_swaps
    if not ok:
        return None, n_run, n_swaps
    events = after
    if start:
        at = np.argsort(layout).astype(np.int32)
        base = at[after[after[:, 1] >= 0, 1:]]
        rest = np.arange(m - start, dtype=np.int32)
        turned, back, ok = _extended(
            problem, *problem.backward, layout, rest, base, seed, limit, room - n_swaps, rescue
        )
        if not ok:
            n_back = int((back[:, 0] < 0).sum())
            return None, n_run + len(back) - n_back, n_swaps + n_back
        moved = _relocated(after, turned[at])
        events = np.concatenate([forward_events(back, m), moved])
        layout = layout_after(turned, back, len(back))
    cost, n_swaps = route_cost(events, problem.costs, problem.machine.graph)
    return Solution(initial=layout, events=events, cost=cost, n_swaps=n_swaps, engine="sections"), n_run, n_swaps


def _extended(
    problem: Problem,
    pairs: IntArray,
    wires: Wires,
    layout: IntArray,
    past: IntArray,
    base: IntArray,
    seed: int,
    limit: int,
    room: int,
    rescue: bool,
) -> tuple[IntArray, IntArray, bool]:
    """Return (layout at the start, events, whether all was run) of a run from a layout that may still be re-embedded.

    `base` are pairs of wires that must stay neighbours in the starting layout.
    """
    machine = problem.machine
    events = np.zeros((0, 3), np.int32)
    done = past
    while True:
        now = layout_after(layout, events, len(events))
        left = room - int((events[:, 0] < 0).sum())
        new, _, finished = leap_route(
            pairs, wires, machine.graph, machine.distance, now, done, _BEAM, left, _LEAST_GAIN
        )
        events = np.concatenate([events, new])
        done = np.concatenate([done, new[new[:, 0] >= 0, 0]])
        if finished:
            return layout, events, True
        left = room - int((events[:, 0] < 0).sum())
        waiting = np.ones(len(pairs), np.bool_)
        waiting[done] = False
        waiting &= pairs[:, 0] >= 0
        # Every place is named by the wire that was there at the start: in these names all that was run is one graph.
        at = np.argsort(layout).astype(np.int32)
        kept = np.concatenate([base, at[events[events[:, 1] >= 0, 1:]]])
        place, _, n_edges, _ = longest_window(
            kept,
            at[now][pairs[waiting]],
            _NOWHERE,
            0,
            False,
            machine.graph,
            machine.walks,
            machine.qubit_cost,
            _NOWHERE,
            machine.distance,
            seed,
            limit,
        )
        if n_edges > 0:
            turned = problem.completed(place, layout)
            events = _relocated(events, turned[at])
            layout = turned
            continue
        jump = _jump(problem, pairs[waiting], now, seed, limit)
        if jump is not None and len(jump) <= left:
            events = np.concatenate([events, jump])
            continue
        if not rescue or left < _RESCUE:
            return layout, events, False
        new, n_new, _ = leap_route(pairs, wires, machine.graph, machine.distance, now, done, _BEAM, _RESCUE, 0)
        if len(new) <= 2 * n_new:
            return layout, events, False
        events = np.concatenate([events, new])
        done = np.concatenate([done, new[new[:, 0] >= 0, 0]])


def _jump(problem: Problem, rest: IntArray, now: IntArray, seed: int, limit: int) -> IntArray | None:
    """Return SWAPs to a layout on which many of the next operations run, or None if it is too far for too little."""
    machine = problem.machine
    place, n_run, _, _ = longest_window(
        np.zeros((0, 2), np.int32),
        np.ascontiguousarray(rest),
        _NOWHERE,
        0,
        False,
        machine.graph,
        machine.walks,
        machine.qubit_cost,
        now,
        machine.distance,
        seed,
        limit,
    )
    goal = np.full(machine.n_qubits, -1, np.int32)
    goal[now[place >= 0]] = place[place >= 0]
    swaps = swap_tokens(goal, machine.graph, machine.distance, 4, seed)
    if len(swaps) == 0 or n_run < _PER_JUMP * len(swaps):
        return None
    return np.column_stack([np.full(len(swaps), -1, np.int32), swaps]).astype(np.int32)


def _relocated(events: IntArray, to: IntArray) -> IntArray:
    """Return events with physical qubit p renamed `to[p]`."""
    out = events.copy()
    coupled = out[:, 1] >= 0
    out[coupled, 1:] = to[out[coupled, 1:]]
    return out


def _no_edges() -> IntArray:
    return np.zeros((0, 2), np.int32)
