"""Engines against constructed optima: embeddings, sections, sparse and dense circuits, broken machines."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile.kernels.graphs import IntArray
from qcompile.mapping.machine import Machine
from qcompile.mapping.search import solve
from qcompile.mapping.sections import solve_by_sections
from tests.mapping.route_cases import (
    check_route,
    grid_edges,
    heavy_hex_edges,
    hidden_layout,
    machine,
    problem_of,
    saturated_sections,
)

GRID = machine(36, grid_edges(6, 6))
HEX = machine(*heavy_hex_edges(4, 11))
RING = machine(16, np.array([(k, (k + 1) % 16) for k in range(16)] + [(3, 12), (4, 11)], np.int32))
MACHINES = {"grid": GRID, "hex": HEX, "ring": RING}


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("seed", range(3))
def test_hidden_embedding_is_found(name: str, seed: int) -> None:
    where = MACHINES[name]
    problem = problem_of(hidden_layout(where, 3 * len(where.edges), 0, seed), where)
    found = solve(problem)
    check_route(problem, found)
    assert found.n_swaps == 0
    assert found.cost == 0.0


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("seed", range(2))
def test_few_hidden_swaps_are_found(name: str, seed: int) -> None:
    where = MACHINES[name]
    problem = problem_of(hidden_layout(where, 24 * len(where.edges), 5, seed), where)
    found = solve(problem)
    check_route(problem, found)
    assert found.n_swaps <= 15


def test_sections_route_is_legal_backwards_and_forwards() -> None:
    problem = problem_of(hidden_layout(GRID, 1200, 3, 11), GRID)
    found = solve_by_sections(problem, 0)
    assert found is not None
    check_route(problem, found)


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("hidden", [5, 20])
def test_saturated_sections_take_one_swap_each(name: str, seed: int, hidden: int) -> None:
    where = MACHINES[name]
    problem = problem_of(saturated_sections(where, hidden, seed), where)
    found = solve(problem)
    check_route(problem, found)
    # More than the least only where they merge with operations and so cost less.
    assert hidden <= found.n_swaps <= 1.5 * hidden


def test_sections_decline_what_has_none() -> None:
    rng = np.random.default_rng(0)
    pairs = np.array([rng.choice(36, 2, replace=False) for _ in range(200)], np.int32)
    assert solve_by_sections(problem_of(pairs, GRID), 0) is None


@pytest.mark.parametrize("length", [10, 36])
def test_line_on_a_grid_is_a_path(length: int) -> None:
    pairs = np.array([(k, k + 1) for k in range(length - 1)], np.int32)
    assert solve(problem_of(pairs, GRID)).n_swaps == 0


def test_line_longer_than_any_path_takes_few_swaps() -> None:
    # 3 x 3 grid without a corner: four against four, but the longest path leaves one out of the two colours uneven.
    cross = machine(
        13,
        np.array([(0, 1), (1, 2), (0, 3), (3, 4), (0, 5), (5, 6), (0, 7), (7, 8), (2, 9), (4, 10), (6, 11), (8, 12)]),
    )
    pairs = np.array([(k, k + 1) for _ in range(4) for k in range(9)], np.int32)
    problem = problem_of(pairs, cross)
    found = solve(problem)
    check_route(problem, found)
    assert 0 < found.n_swaps <= 16


@pytest.mark.parametrize("chain", ["ladder", "bricks"])
def test_repetitions_of_a_line_too_long_share_their_swaps(chain: str) -> None:
    # A 5 x 5 grid without (0, 1) has 13 places of one colour and 11 of the other: no path of 24.
    usable = np.arange(25) != 1
    edges = grid_edges(5, 5)
    where = Machine(n_qubits=25, edges=edges[usable[edges].all(axis=1)], usable=usable)
    layers = 8
    order = range(23) if chain == "ladder" else [*range(0, 23, 2), *range(1, 23, 2)]
    pairs = np.array([(k, k + 1) for k in order] * layers, np.int32)
    problem = problem_of(pairs, where)
    found = solve(problem)
    check_route(problem, found)
    assert 0 < found.n_swaps <= layers


@pytest.mark.parametrize("name", ["grid", "hex"])
@pytest.mark.parametrize("seed", range(2))
def test_swaps_hidden_among_few_operations_are_found(name: str, seed: int) -> None:
    where = MACHINES[name]
    hidden = 5
    problem = problem_of(hidden_layout(where, 3 * len(where.edges), hidden, seed), where)
    found = solve(problem)
    check_route(problem, found)
    assert found.n_swaps <= 2 * hidden


def dense(n: int, m: int, seed: int) -> IntArray:
    """Return random pairs of n wires."""
    rng = np.random.default_rng(seed)
    return np.array([rng.choice(n, 2, replace=False) for _ in range(m)], np.int32)


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("commuting", [False, True])
def test_dense_circuits_are_routed_legally(name: str, commuting: bool) -> None:
    where = MACHINES[name]
    pairs = dense(12, 90, 1)
    groups = np.arange(90, dtype=np.int32) // 30 if commuting else None
    problem = problem_of(pairs, where, groups)
    for effort in (1, 2):
        found = solve(problem, seed=3, effort=effort)
        check_route(problem, found)
    again = solve(problem, seed=3, effort=2)
    assert np.array_equal(again.events, found.events)
    assert np.array_equal(again.initial, found.initial)


def test_commuting_pairs_cost_less() -> None:
    pairs = dense(12, 60, 5)
    ordered = solve(problem_of(pairs, GRID))
    free = solve(problem_of(pairs, GRID, np.zeros(60, np.int32)))
    assert free.cost < ordered.cost


def test_star_walks() -> None:
    # A hub meets 20 others on a grid: at most one SWAP for every second partner.
    pairs = np.array([(0, k) for k in range(1, 21)], np.int32)
    problem = problem_of(pairs, GRID, np.zeros(20, np.int32))
    found = solve(problem)
    check_route(problem, found)
    assert found.n_swaps <= 10


def test_given_layout_is_the_start() -> None:
    layout = np.random.default_rng(2).permutation(36).astype(np.int32)
    problem = problem_of(dense(10, 40, 2), GRID)
    found = solve(problem, layout=layout)
    check_route(problem, found)
    assert np.array_equal(found.initial, layout)


def test_dead_qubits_are_left_alone() -> None:
    usable = np.ones(36, np.bool_)
    usable[[7, 14, 15, 28]] = False
    edges = GRID.edges[usable[GRID.edges].all(axis=1)]
    where = Machine(n_qubits=36, edges=edges, usable=usable)
    problem = problem_of(dense(20, 120, 4), where)
    found = solve(problem)
    check_route(problem, found)
    assert usable[found.initial[:20]].all()
