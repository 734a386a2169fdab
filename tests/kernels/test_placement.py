"""Embedding, annealing, layouts and token swapping on small machines."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from networkx.algorithms.isomorphism import GraphMatcher

from qcompile.kernels import token_swap
from qcompile.kernels.annealing import anneal_layout, compact_layout, discounted_weights
from qcompile.kernels.embedding import embed_graph
from qcompile.kernels.embedding_domains import domain_size, walk_tables
from qcompile.kernels.embedding_windows import longest_window, windows_of_few_partners
from qcompile.kernels.graphs import Graph, IntArray, all_distances, components, graph_of_edges
from qcompile.kernels.placement import completed_layout, region_of_wires
from qcompile.kernels.token_swap import swap_tokens

NONE = np.zeros(0, np.int32)


def grid(rows: int, columns: int) -> tuple[IntArray, Graph]:
    """Return edges and sparse rows of a grid."""
    lattice = nx.convert_node_labels_to_integers(nx.grid_2d_graph(rows, columns), ordering="sorted")
    edges = np.array(sorted(lattice.edges), np.int32)
    return edges, graph_of_edges(rows * columns, edges)


EDGES, GRID = grid(3, 4)
DISTANCE = all_distances(GRID)
WALKS = walk_tables(GRID)
ALL = np.ones(12, np.int32)


def embed(pattern: IntArray, limit: int = 100_000, home: IntArray = NONE) -> tuple[IntArray, int]:
    """Embed edges into the 3 x 4 grid."""
    return embed_graph(graph_of_edges(12, pattern), GRID, WALKS, np.zeros(12), home, DISTANCE, 0, limit)


@settings(max_examples=60, deadline=None)
@given(edges=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=9))
def test_embedding_agrees_with_networkx(edges: list[tuple[int, int]]) -> None:
    pattern = nx.Graph((a, b) for a, b in edges if a != b)
    place, tried = embed(np.array(edges, np.int32))
    lattice = nx.Graph(EDGES.tolist())
    exists = GraphMatcher(lattice, pattern).subgraph_is_monomorphic() if pattern.size() else False
    assert (place.max() >= 0) == exists
    if exists:
        linked = sorted(pattern)
        assert len({int(place[v]) for v in linked}) == len(linked)
        assert all(lattice.has_edge(int(place[a]), int(place[b])) for a, b in pattern.edges)
    else:
        assert tried < 20_000


def test_walk_tables_are_powers_of_the_adjacency() -> None:
    adjacency = nx.to_numpy_array(nx.Graph(EDGES.tolist()), nodelist=range(12), dtype=int)
    power = np.eye(12, dtype=int)
    for k in range(8):
        power = power @ adjacency
        got = [[(int(WALKS[k, p, 0]) >> q) & 1 for q in range(12)] for p in range(12)]
        assert (np.array(got) == (power > 0)).all()
    square = (adjacency @ adjacency >= 2) & ~np.eye(12, dtype=bool)
    assert [[bool((int(WALKS[8, p, 0]) >> q) & 1) for q in range(12)] for p in range(12)] == square.tolist()


def test_domain_size_counts_bits() -> None:
    row = np.array([(1 << 60) - 1, 0b1011], np.int64)
    assert domain_size(row, np.zeros(2, np.int64)) == 63
    assert domain_size(row, np.array([1, 0b11], np.int64)) == 60


def test_limit_is_kept() -> None:
    # A star of five does not fit, and the degree says so at once; a path through every vertex takes a search.
    star, none = embed(np.array([(0, k) for k in range(1, 6)], np.int32))
    assert star.max() == -1
    assert none == 0
    ladder = np.array([(k, k + 1) for k in range(11)], np.int32)
    place, tried = embed(ladder, limit=3)
    assert place.max() == -1
    assert tried == 3


def test_home_is_preferred() -> None:
    home = np.arange(12, dtype=np.int32)
    place, _ = embed(np.array([(5, 6), (6, 10)], np.int32), home=home)
    assert place[[5, 6, 10]].tolist() == [5, 6, 10]


EDGELESS = np.zeros((0, 2), np.int32)


def window(base: IntArray, pairs: IntArray, known: IntArray = NONE, at_least: int = 0) -> tuple[IntArray, int, int]:
    """Return the longest window on the 3 x 4 grid: places, operations, new edges."""
    place, covered, n_new, _ = longest_window(
        base, pairs, known, at_least, False, GRID, WALKS, np.zeros(12), NONE, DISTANCE, 0, 1000
    )
    return place, covered, n_new


def test_window_ends_where_nothing_more_fits() -> None:
    pairs = np.array([(0, 1), (1, 2), (0, 1), (2, 3), (0, 3), (0, 2), (3, 4)], np.int32)
    place, covered, n_new = window(EDGELESS, pairs)
    assert covered == 5  # the diagonal of the square does not fit a bipartite machine
    assert n_new == 4
    assert DISTANCE[place[0], place[3]] == 1
    assert window(EDGELESS, pairs, place, 5)[1:] == (5, 4)
    assert window(EDGELESS, pairs, at_least=6)[0].max() == -1
    assert window(pairs[:5], pairs[5:])[1:] == (0, 0)
    assert window(pairs[:6], pairs[6:])[0].max() == -1


@given(pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30), most=st.integers(1, 3))
def test_windows_of_few_partners_are_maximal(pairs: list[tuple[int, int]], most: int) -> None:
    array = np.array([(a, b) if a != b else (-1, -1) for a, b in pairs], np.int32)

    def edges(start: int, end: int) -> set[frozenset[int]]:
        return {frozenset(pair) for pair in array[start:end].tolist() if pair[0] >= 0}

    def fits(start: int, end: int) -> bool:
        return max((d for _, d in nx.Graph(map(tuple, edges(start, end))).degree), default=0) <= most

    found = windows_of_few_partners(array, 6, most).tolist()
    assert found[-1][1] == len(array)
    for start, end, n_edges in found:
        assert len(edges(start, end)) == n_edges
        assert fits(start, end)
        assert start == 0 or not fits(start - 1, end)
        assert end == len(array) or not fits(start, end + 1)
    # None is missing: every run that fits lies in one of them.
    runs = [(a, b) for a in range(len(array)) for b in range(a + 1, len(array) + 1) if fits(a, b)]
    assert all(any(start <= a and b <= end for start, end, _ in found) for a, b in runs)


def test_annealing_finds_a_path() -> None:
    pattern = graph_of_edges(12, np.array([(k, k + 1) for k in range(9)], np.int32))
    region = np.where(np.arange(12) < 10, 0, -1).astype(np.int32)
    component = components(GRID)
    layout = completed_layout(
        compact_layout(region, component, ALL, DISTANCE, GRID, 1), region, component, ALL, NONE_12
    )
    assert sorted(layout) == list(range(12))
    energy = anneal_layout(layout, pattern, np.ones(9), GRID, DISTANCE, region, component, ALL, 60_000, 1.0, 0.1, 5)
    assert energy == 0.0
    assert all(DISTANCE[layout[k], layout[k + 1]] == 1 for k in range(9))


NONE_12 = np.full(12, -1, np.int32)


def test_discount() -> None:
    pairs = np.array([(0, 1), (1, 2)], np.int32)
    level = np.array([0, 4], np.int32)
    assert discounted_weights(pairs, level, np.ones(2), 2.0).tolist() == [1.0, 0.25]
    assert discounted_weights(pairs, level, np.ones(2), 0.0).tolist() == [1.0, 1.0]


def test_regions_pack_the_largest_part_first() -> None:
    component = np.array([0, 0, 0, 0, 4, 4, 4, 7], np.int32)
    part = np.array([0, 0, 0, 3, 3, 3, 6, 7], np.int32)
    acted_on = np.array([1, 1, 1, 1, 1, 1, 1, 0], np.int32)
    assert region_of_wires(part, acted_on, component, np.ones(8, np.int32)).tolist() == [4, 4, 4, 0, 0, 0, 0, -1]
    dead = np.array([1, 1, 1, 1, 1, 1, 0, 1], np.int32)
    assert region_of_wires(part, acted_on, component, dead).tolist() == [0, 0, 0, -2, -2, -2, 0, -1]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), free=st.integers(0, 12), tree=st.booleans())
def test_tokens_reach_their_goals(seed: int, free: int, tree: bool) -> None:
    rng = np.random.default_rng(seed)
    goal = rng.permutation(12).astype(np.int32)
    goal[rng.permutation(12)[:free]] = -1
    if tree:
        swaps = token_swap._by_tree(goal.copy(), GRID, DISTANCE, np.empty((600, 2), np.int32), 0)
    else:
        swaps = swap_tokens(goal, GRID, DISTANCE, 3, seed)
    wish = goal.tolist()
    for a, b in swaps.tolist():
        assert DISTANCE[a, b] == 1
        wish[a], wish[b] = wish[b], wish[a]
    assert all(wish[p] in (p, -1) for p in range(12))
    least = sum(int(DISTANCE[p, g]) for p, g in enumerate(goal) if g >= 0)
    assert 2 * len(swaps) >= least
