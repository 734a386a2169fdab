"""How far a circuit can be run on one layout: the longest run of operations whose interaction graph embeds."""

from __future__ import annotations

import numpy as np

from qcompile.kernels.embedding import embed_graph
from qcompile.kernels.embedding_domains import WordArray
from qcompile.kernels.graphs import Graph, IntArray, RealArray, graph_of_edges
from qcompile.kernels.jit import jit

__all__ = ["longest_window"]


@jit
def longest_window(
    base: IntArray,
    pairs: IntArray,
    target: Graph,
    t_table: WordArray,
    vertex_cost: RealArray,
    home: IntArray,
    distance: IntArray,
    seed: int,
    node_limit: int,
) -> tuple[IntArray, int, int, int]:
    """Embed as many operations as possible, from the first one on, together with edges that must be kept.

    The number of new edges is doubled until the search fails and then bisected, so a search that gives up at its
    limit can make the window shorter than it could be.

    Args:
        base: `int32[k, 2]`, edges that must embed in any case.
        pairs: `int32[m, 2]`, operations; negative rows need no coupling.
        target: The machine of n qubits.
        t_table: `walk_tables(target)`.
        vertex_cost: See `embed_graph`.
        home: See `embed_graph`.
        distance: See `embed_graph`.
        seed: See `embed_graph`.
        node_limit: Of each search.

    Returns:
        Place of each wire (all -1 if not even one more edge fits), number of operations covered, number of new edges
        among them, assignments tried.
    """
    n = target[0].size - 1
    seen = np.zeros((n, n), np.bool_)
    edges = np.empty((base.shape[0] + pairs.shape[0], 2), np.int32)
    count = 0
    for k in range(base.shape[0]):
        a, b = base[k, 0], base[k, 1]
        if not seen[a, b]:
            seen[a, b] = seen[b, a] = True
            edges[count, 0], edges[count, 1] = a, b
            count += 1
    n_base = count
    # covered[j]: operations that run when j new edges are there.
    covered = np.empty(pairs.shape[0] + 1, np.int32)
    for k in range(pairs.shape[0]):
        a, b = pairs[k, 0], pairs[k, 1]
        if a >= 0 and not seen[a, b]:
            seen[a, b] = seen[b, a] = True
            edges[count, 0], edges[count, 1] = a, b
            covered[count - n_base] = k
            count += 1
    n_new = count - n_base
    covered[n_new] = pairs.shape[0]
    place = np.full(n, -1, np.int32)
    low, high, step, nodes = 0, n_new + 1, max(1, n_new // 8), 0
    doubling = True
    while high - low > 1:
        middle = min(low + step, high - 1) if doubling else (low + high) // 2
        found, tried = embed_graph(
            graph_of_edges(n, edges[: n_base + middle]), target, t_table, vertex_cost, home, distance, seed, node_limit
        )
        nodes += tried
        if found.max() >= 0:
            place = found
            low = middle
            step *= 2
        else:
            high = middle
            doubling = False
    return place, int(covered[low]), low, nodes
