"""The router and its helpers: costs of merged SWAPs, cuts, leaps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.kernels.graphs import IntArray, all_distances, graph_of_edges, reversed_wires, wires_of_pairs
from qcompile.kernels.routing import route_pairs
from qcompile.kernels.routing_leap import leap_route
from qcompile.kernels.routing_lookahead import N_OPTIONS
from qcompile.kernels.routing_refine import improve_route
from qcompile.kernels.routing_splice import (
    depth_of_events,
    forward_events,
    layout_after,
    operations_in,
    route_cost,
)
from qcompile.kernels.routing_state import first_random, next_random

N = 9
EDGES = np.array(
    [(0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8), (0, 3), (1, 4), (2, 5), (3, 6), (4, 7), (5, 8)], np.int32
)
GRID = graph_of_edges(N, EDGES)
DISTANCE = all_distances(GRID)
OPTIONS = np.array([20.0, 0.4, 0.7, 1.5, 0.01, 0.0, 0.5, 0.0])
NOTHING = np.zeros(0, np.int32)


def costs(m: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return costs of CNOT-like operations on a CZ machine."""
    return np.ones(m), np.full(m, 2.0), np.ones(len(EDGES)), np.array([3.0])


def random_pairs(seed: int, m: int) -> IntArray:
    """Return random pairs of N wires."""
    rng = np.random.default_rng(seed)
    return np.array([rng.choice(N, 2, replace=False) for _ in range(m)], np.int32).reshape(-1, 2)


def legal(pairs: IntArray, groups: IntArray, initial: IntArray, events: IntArray, past: IntArray = NOTHING) -> None:
    """Check a route event by event."""
    place, at = initial.copy(), np.argsort(initial)
    seen = past.tolist()
    for op, a, b in events.tolist():
        assert DISTANCE[a, b] == 1
        if op < 0:
            place[at[a]], place[at[b]] = b, a
            at = np.argsort(place)
        else:
            assert place[pairs[op]].tolist() == [a, b]
            seen.append(op)
    assert sorted(seen) == list(range(len(pairs)))
    for w in range(N):
        on = [k for k in seen if w in pairs[k]]
        for earlier, later in pairwise(on):
            assert earlier < later or (groups[earlier] >= 0 and groups[earlier] == groups[later])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), m=st.integers(0, 30), grouped=st.booleans(), noise=st.sampled_from([0.0, 0.5]))
def test_routes_are_legal_and_cost_what_they_say(seed: int, m: int, grouped: bool, noise: float) -> None:
    pairs = random_pairs(seed, m)
    groups = np.arange(m, dtype=np.int32) // 8 if grouped else np.full(m, -1, np.int32)
    wires = wires_of_pairs(N, pairs, groups)
    layout = np.random.default_rng(seed).permutation(N).astype(np.int32)
    initial = layout.copy()
    options = OPTIONS.copy()
    options[7] = noise
    events, cost, n_swaps = route_pairs(pairs, wires, costs(m), GRID, DISTANCE, layout, options, seed, np.inf, NOTHING)
    legal(pairs, groups, initial, events)
    assert np.array_equal(layout_after(initial, events, len(events)), layout)
    assert n_swaps == int((events[:, 0] < 0).sum())
    counted, swaps = route_cost(events, costs(m), GRID)
    assert swaps == n_swaps
    assert counted <= cost + 1e-9  # the router does not see SWAPs merge with what comes after them
    assert depth_of_events(events, costs(m), wires, initial) <= m + 3 * n_swaps


def test_limit_gives_up() -> None:
    pairs = random_pairs(1, 40)
    wires = wires_of_pairs(N, pairs, np.full(40, -1, np.int32))
    layout = np.arange(N, dtype=np.int32)
    _, cost, _ = route_pairs(pairs, wires, costs(40), GRID, DISTANCE, layout, OPTIONS, 0, 2.0, NOTHING)
    assert np.isinf(cost)


def test_cut_and_continue() -> None:
    pairs = random_pairs(2, 25)
    groups = np.full(25, -1, np.int32)
    wires = wires_of_pairs(N, pairs, groups)
    start = np.arange(N, dtype=np.int32)
    events, _, _ = route_pairs(pairs, wires, costs(25), GRID, DISTANCE, start.copy(), OPTIONS, 0, np.inf, NOTHING)
    cut = len(events) // 2
    middle = layout_after(start, events, cut)
    past = operations_in(events, 0, cut, 25, False)
    tail, _, _ = route_pairs(pairs, wires, costs(25), GRID, DISTANCE, middle.copy(), OPTIONS, 9, np.inf, past)
    legal(pairs, groups, start, np.concatenate([events[:cut], tail]))
    done = operations_in(events, cut, len(events), 25, True)
    back = np.ascontiguousarray(pairs[::-1])
    begin = middle.copy()
    head, _, _ = route_pairs(back, reversed_wires(wires), costs(25), GRID, DISTANCE, begin, OPTIONS, 9, np.inf, done)
    legal(pairs, groups, begin, np.concatenate([forward_events(head, 25), events[cut:]]))


@pytest.mark.parametrize("fixed", [False, True])
def test_improvement_is_legal_and_no_worse(fixed: bool) -> None:
    pairs = random_pairs(3, 40)
    groups = np.full(40, -1, np.int32)
    wires = wires_of_pairs(N, pairs, groups)
    start = np.arange(N, dtype=np.int32)
    events, cost, _ = route_pairs(pairs, wires, costs(40), GRID, DISTANCE, start.copy(), OPTIONS, 0, np.inf, NOTHING)
    forward = (pairs, wires, costs(40))
    backward = (np.ascontiguousarray(pairs[::-1]), reversed_wires(wires), costs(40))
    initial, better, new_cost, n_swaps = improve_route(
        start, events, forward, backward, GRID, DISTANCE, OPTIONS, 60, 0.0, fixed, 4
    )
    legal(pairs, groups, initial, better)
    assert new_cost <= cost
    assert route_cost(better, costs(40), GRID) == (new_cost, n_swaps)
    assert not fixed or np.array_equal(initial, start)


def test_swap_costs_depend_on_the_neighbours() -> None:
    swap, other = [-1, 0, 1], [-1, 3, 4]
    for rows, want in (
        ([[0, 0, 1], swap], 1.0),
        ([swap, [0, 0, 1]], 1.0),
        ([swap], 3.0),
        ([swap, swap], 0.0),
        ([swap, [0, 0, 1], swap], 0.0),
        ([[0, 0, 1], [1, 1, 4], swap], 3.0),
        ([[0, 0, 1], other, swap], 4.0),
        ([[0, 0, 1], swap, [1, 0, 1]], 1.0),
    ):
        assert route_cost(np.array(rows, np.int32), costs(2), GRID)[0] == want, rows


def test_leap_takes_the_swap_that_opens_most() -> None:
    pairs = [(a, b) for a, b in EDGES.tolist()] * 3
    exchanged = {4: 5, 5: 4}
    pairs += [(exchanged.get(a, a), exchanged.get(b, b)) for a, b in EDGES.tolist()] * 3
    array = np.array(pairs, np.int32)
    groups = np.full(len(pairs), -1, np.int32)
    wires = wires_of_pairs(N, array, groups)
    layout = np.arange(N, dtype=np.int32)
    events, n_swaps, finished = leap_route(array, wires, GRID, DISTANCE, layout, NOTHING, 4, 10, 3)
    assert finished
    assert n_swaps == 1
    legal(array, groups, np.arange(N, dtype=np.int32), events)
    assert layout.tolist() == [0, 1, 2, 3, 5, 4, 6, 7, 8]


def test_random_states_stay_in_range() -> None:
    states = [first_random(seed) for seed in range(50)]
    assert len(set(states)) == 50
    for state in states:
        for _ in range(20):
            state = next_random(state)
            assert 0 < state < 2147483647
    assert OPTIONS.size == N_OPTIONS
