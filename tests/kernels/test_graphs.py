"""Graphs and wires as arrays, against networkx and against their own definition."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qcompile.kernels.graphs import (
    UNREACHABLE,
    all_distances,
    components,
    graph_of_edges,
    interaction_graph,
    operation_levels,
    reversed_wires,
    wires_of_pairs,
)

EDGES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20)


@given(edges=EDGES)
def test_distances_and_components(edges: list[tuple[int, int]]) -> None:
    graph = graph_of_edges(9, np.array(edges, np.int32).reshape(-1, 2))
    reference = nx.Graph()
    reference.add_nodes_from(range(9))
    reference.add_edges_from((a, b) for a, b in edges if a != b)
    assert [sorted(reference[v]) for v in range(9)] == [
        graph[1][graph[0][v] : graph[0][v + 1]].tolist() for v in range(9)
    ]
    lengths = dict(nx.all_pairs_shortest_path_length(reference))
    want = [[lengths[a].get(b, UNREACHABLE) for b in range(9)] for a in range(9)]
    assert all_distances(graph).tolist() == want
    label = components(graph)
    for a in range(9):
        assert label[a] == min(label[b] for b in lengths[a])
        assert all((label[a] == label[b]) == (b in lengths[a]) for b in range(9))
    for v in range(9):
        for j in range(graph[0][v], graph[0][v + 1]):
            assert set(edges[graph[2][j]]) == {v, int(graph[1][j])}


def test_interaction_graph_sums_weights() -> None:
    pairs = np.array([(0, 1), (1, 2), (1, 0), (-1, -1)], np.int32)
    graph, total = interaction_graph(3, pairs, np.array([1.0, 2.0, 4.0, 8.0]))
    assert graph[1].tolist() == [1, 0, 2, 1]
    assert total[:2].tolist() == [5.0, 2.0]


PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(-1, 1)), max_size=15)


@given(rows=PAIRS)
def test_wires_group_neighbours_that_commute(rows: list[tuple[int, int, int]]) -> None:
    pairs = np.array([(a, b + (b >= a)) for a, b, _ in rows], np.int32).reshape(-1, 2)
    groups = np.array([g for _, _, g in rows], np.int32)
    wires = wires_of_pairs(5, pairs, groups)
    op_start, op_wire, op_bundle, start, ops, stop = wires
    for w in range(5):
        on = [k for k in range(len(pairs)) if w in pairs[k]]
        assert ops[start[w] : start[w + 1]].tolist() == on
        for i, k in enumerate(on):
            end = i + 1
            while end < len(on) and groups[k] >= 0 and groups[on[end]] == groups[k]:
                end += 1
            assert stop[start[w] + i] == start[w] + end
    for k in range(len(pairs)):
        for i in range(op_start[k], op_start[k + 1]):
            members = ops[op_bundle[i] : stop[op_bundle[i]]]
            assert k in members
            assert start[op_wire[i]] <= op_bundle[i] < start[op_wire[i] + 1]
    twice = reversed_wires(reversed_wires(wires))
    assert all(np.array_equal(a, b) for a, b in zip(twice, wires, strict=True))


def test_levels() -> None:
    pairs = np.array([(0, 1), (2, 3), (1, 2), (0, 3)], np.int32)
    assert operation_levels(wires_of_pairs(4, pairs, np.full(4, -1, np.int32))).tolist() == [0, 0, 1, 1]
