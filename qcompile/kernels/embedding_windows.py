"""How far a circuit can be run on one layout: runs of operations whose interaction graph embeds."""

from __future__ import annotations

import numpy as np

from qcompile.kernels.embedding import embed_graph
from qcompile.kernels.embedding_domains import WordArray
from qcompile.kernels.graphs import Graph, IntArray, RealArray, graph_of_edges
from qcompile.kernels.jit import jit

__all__ = ["longest_window", "windows_of_few_partners"]

#: Tenths of the longest window that are tried from the top.
_SHARES = 5


@jit
def windows_of_few_partners(pairs: IntArray, n: int, most: int) -> IntArray:
    """Return the maximal runs of operations in which no wire meets more than `most` others.

    Args:
        pairs: `int32[m, 2]`, operations; negative rows need no coupling.
        n: Number of wires.
        most: The highest degree of the machine, 1 or more; a run with more partners cannot embed.

    Returns:
        `int32[k, 3]`: first operation, operation after the last one, number of different pairs; by first operation.
    """
    meetings = np.zeros((n, n), np.int32)
    degree = np.zeros(n, np.int32)
    windows = np.empty((pairs.shape[0] + 1, 3), np.int32)
    count, n_edges, first = 0, 0, 0
    for k in range(pairs.shape[0]):
        a, b = pairs[k, 0], pairs[k, 1]
        if a < 0:
            continue
        if meetings[a, b] == 0:
            if degree[a] == most or degree[b] == most:
                windows[count, 0], windows[count, 1], windows[count, 2] = first, k, n_edges
                count += 1
            while degree[a] == most or degree[b] == most:
                c, d = pairs[first, 0], pairs[first, 1]
                first += 1
                if c < 0:
                    continue
                meetings[c, d] -= 1
                meetings[d, c] = meetings[c, d]
                if meetings[c, d] == 0:
                    degree[c] -= 1
                    degree[d] -= 1
                    n_edges -= 1
            degree[a] += 1
            degree[b] += 1
            n_edges += 1
        meetings[a, b] += 1
        meetings[b, a] = meetings[a, b]
    windows[count, 0], windows[count, 1], windows[count, 2] = first, pairs.shape[0], n_edges
    return windows[: count + 1]


@jit
def longest_window(
    base: IntArray,
    pairs: IntArray,
    known: IntArray,
    at_least: int,
    from_top: bool,
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
    limit can make the window shorter than it could be. Nearly all edges of a machine often embed at once where two
    thirds of them leave too much choice.

    Args:
        base: `int32[k, 2]`, edges that must embed in any case.
        pairs: `int32[m, 2]`, operations; negative rows need no coupling.
        known: `int32[n]`, a place for each wire that is taken as far as it serves; empty if the base is known to
            embed, but not where.
        at_least: Shorter windows than this are of no use and not looked for.
        from_top: Try large shares of the longest window that the degrees allow first.
        target: The machine of n qubits.
        t_table: `walk_tables(target)`.
        vertex_cost: See `embed_graph`.
        home: See `embed_graph`.
        distance: `int32[n, n]` of the target.
        seed: See `embed_graph`.
        node_limit: Of each search.

    Returns:
        Place of each wire (all -1 if there is none for the base, or no window of that length is found), number of
        operations covered, number of new edges among them, assignments tried.
    """
    n = target[0].size - 1
    most = 0
    for p in range(n):
        most = max(most, target[0][p + 1] - target[0][p])
    seen = np.zeros((n, n), np.bool_)
    degree = np.zeros(n, np.int32)
    edges = np.empty((base.shape[0] + pairs.shape[0], 2), np.int32)
    count = 0
    for k in range(base.shape[0]):
        a, b = base[k, 0], base[k, 1]
        if not seen[a, b]:
            seen[a, b] = seen[b, a] = True
            degree[a] += 1
            degree[b] += 1
            edges[count, 0], edges[count, 1] = a, b
            count += 1
    n_base = count
    nothing = np.full(n, -1, np.int32)
    if degree.max() > most:
        return nothing, 0, 0, 0
    # covered[j]: operations that run when j new edges are there.
    covered = np.empty(pairs.shape[0] + 1, np.int32)
    end, n_new, n_all = pairs.shape[0], 0, 0
    for k in range(pairs.shape[0]):
        a, b = pairs[k, 0], pairs[k, 1]
        if a >= 0 and not seen[a, b]:
            seen[a, b] = seen[b, a] = True
            degree[a] += 1
            degree[b] += 1
            n_all += 1
            if end < pairs.shape[0]:
                continue
            if degree[a] > most or degree[b] > most:
                end = k
                continue
            edges[count, 0], edges[count, 1] = a, b
            covered[n_new] = k
            count += 1
            n_new += 1
    covered[n_new] = end
    # low: new edges known to embed, -1 while not even the base is.
    low, high, nodes = 0, n_all + 1, 0
    place = nothing
    if known.size > 0:
        served = 0
        while served < count:
            p, q = known[edges[served, 0]], known[edges[served, 1]]
            if p < 0 or q < 0 or distance[p, q] != 1:
                break
            served += 1
        low = -1
        if served >= n_base:
            low, place = served - n_base, known
    least = 0
    while least <= n_new and covered[least] < at_least:
        least += 1
    if least > n_new:
        return nothing, 0, 0, 0
    step = max(1, n_all // 8)
    if from_top:
        high = n_new + 1
    doubling, shares = True, _SHARES if from_top else 0
    while high - low > 1:
        if least > low:
            middle = least
        elif shares > 0:
            middle = max(low + 1, min(high - 1, n_new * (10 - _SHARES + shares) // 10))
        else:
            middle = min(low + step, high - 1) if doubling else (low + high) // 2
        if middle > n_new:
            high = middle
            doubling = False
            continue
        found, tried = embed_graph(
            graph_of_edges(n, edges[: n_base + middle]),
            target,
            t_table,
            vertex_cost,
            home,
            distance,
            seed,
            node_limit,
        )
        nodes += tried
        if found.max() >= 0:
            place = found
            low = middle
            step *= 2
            doubling = doubling and shares == 0
            shares = 0
        elif least > low:
            return nothing, 0, 0, nodes
        else:
            high = middle
            doubling = doubling and shares > 0
            shares = max(0, shares - 1)
    if low < 0:
        return nothing, 0, 0, nodes
    return place, int(covered[low]), low, nodes
