"""Places that are left to a vertex: bitset tables of walks, first domains, and which table constrains which pair.

Words hold 60 bits, so that the same code runs on Python integers and on int64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.graphs import UNREACHABLE, Graph, IntArray, all_distances, components
from qcompile.kernels.jit import jit

__all__ = ["BITS", "WordArray", "domain_size", "first_domains", "relations", "walk_tables"]

WordArray = NDArray[np.int64]

BITS = 60
_REACH = 8


@jit
def _popcount(word: int) -> int:
    total = 0
    for x in (word & 0x3FFFFFFF, word >> 30):
        x = x - ((x >> 1) & 0x55555555)
        x = (x & 0x33333333) + ((x >> 2) & 0x33333333)
        x = (x + (x >> 4)) & 0x0F0F0F0F
        x = x + (x >> 8)
        total += (x + (x >> 16)) & 0x3F
    return total


@jit
def walk_tables(graph: Graph) -> WordArray:
    """Return which vertices a walk of exactly k + 1 steps reaches, and which share two neighbours.

    Returns:
        `int64[9, n, words]` bitsets of 60 bits a word: tables 0 .. 7 for walks of 1 .. 8 steps, table 8 for pairs of
        vertices with at least two common neighbours.
    """
    start, neighbour, _ = graph
    n = start.size - 1
    words = (n + BITS - 1) // BITS
    table = np.zeros((_REACH + 1, n, words), np.int64)
    seen = np.full(n, -1, np.int32)
    for p in range(n):
        for j in range(start[p], start[p + 1]):
            q = neighbour[j]
            table[0, p, q // BITS] |= np.int64(1) << np.int64(q % BITS)
        for j in range(start[p], start[p + 1]):
            for i in range(start[neighbour[j]], start[neighbour[j] + 1]):
                q = neighbour[i]
                if q != p and seen[q] == p:
                    table[_REACH, p, q // BITS] |= np.int64(1) << np.int64(q % BITS)
                seen[q] = p
    for k in range(1, _REACH):
        for p in range(n):
            for j in range(start[p], start[p + 1]):
                for w in range(words):
                    table[k, p, w] |= table[k - 1, neighbour[j], w]
    return table


@jit
def domain_size(row: WordArray, used: WordArray) -> int:
    total = 0
    for w in range(row.size):
        word = row[w] & ~used[w]
        if word != 0:
            total += _popcount(word)
    return total


@jit
def first_domains(pattern: Graph, target: Graph, p_table: WordArray, t_table: WordArray) -> WordArray:
    """Return the places that degrees nearby, walk counts and component sizes leave to each pattern vertex."""
    p_start, t_start = pattern[0], target[0]
    n_p, n_t = p_start.size - 1, t_start.size - 1
    words = t_table.shape[2]
    none_p, none_t = np.zeros(p_table.shape[2], np.int64), np.zeros(words, np.int64)
    p_reach = np.empty((n_p, _REACH + 1), np.int32)
    t_reach = np.empty((n_t, _REACH + 1), np.int32)
    for k in range(_REACH + 1):
        for u in range(n_p):
            p_reach[u, k] = domain_size(p_table[k, u], none_p)
        for p in range(n_t):
            t_reach[p, k] = domain_size(t_table[k, p], none_t)
    p_part, t_part = components(pattern), components(target)
    p_count, t_count = np.zeros(n_p, np.int32), np.zeros(n_t, np.int32)
    for u in range(n_p):
        p_count[p_part[u]] += 1
    for p in range(n_t):
        t_count[t_part[p]] += 1
    p_near = _degrees_nearby(pattern, p_reach)
    t_near = _degrees_nearby(target, t_reach)
    domain = np.zeros((n_p, words), np.int64)
    for u in range(n_p):
        degree = p_start[u + 1] - p_start[u]
        if degree == 0:
            continue
        for p in range(n_t):
            fits = degree <= t_start[p + 1] - t_start[p] and p_count[p_part[u]] <= t_count[t_part[p]]
            k = 0
            while fits and k <= _REACH:
                # A closed walk of the pattern needs one of its length: odd cycles do not fit bipartite machines.
                closed = (p_table[k, u, u // BITS] >> (u % BITS)) & 1
                around = (t_table[k, p, p // BITS] >> (p % BITS)) & 1
                fits = p_reach[u, k] <= t_reach[p, k] and closed <= around
                k += 1
            j = 0
            while fits and j < degree:
                fits = p_near[p_start[u] + j] <= t_near[t_start[p] + j]
                j += 1
            if fits:
                domain[u, p // BITS] |= np.int64(1) << np.int64(p % BITS)
    return domain


@jit
def _degrees_nearby(graph: Graph, reach: IntArray) -> IntArray:
    """Return the degrees of the neighbours of each vertex, largest first; aligned with the sparse rows."""
    start, neighbour, _ = graph
    out = np.empty(neighbour.size, np.int32)
    for v in range(start.size - 1):
        for j in range(start[v], start[v + 1]):
            degree = reach[neighbour[j], 0]
            i = j
            while i > start[v] and out[i - 1] < degree:
                out[i] = out[i - 1]
                i -= 1
            out[i] = degree
    return out


@jit
def relations(pattern: Graph, p_table: WordArray) -> IntArray:
    """Return which table of the machine constrains each pair of pattern vertices, -1 for none; `int32[n, n]`."""
    distance = all_distances(pattern)
    n = distance.shape[0]
    relation = np.full((n, n), -1, np.int32)
    for u in range(n):
        for v in range(n):
            d = distance[u, v]
            if u != v and d < UNREACHABLE and d <= _REACH:
                relation[u, v] = d - 1
                if d == 2 and (p_table[_REACH, u, v // BITS] >> np.int64(v % BITS)) & 1:
                    relation[u, v] = _REACH
    return relation
