"""Exact placement without SWAPs: subgraph monomorphism of the interaction graph into the machine.

Backtracking over bitset domains, smallest domain first, in the manner of LAD (Solnon 2010) and the Glasgow solver
(McCreesh and Prosser 2015): assigning u to p leaves a vertex v at distance k from u only the places that a walk of exactly k
steps from p reaches. In bipartite machines (grids, heavy-hex) that carries the parity as well.
Words hold 60 bits, so that the same code runs on Python integers and on int64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.graphs import UNREACHABLE, Graph, IntArray, RealArray, all_distances, components
from qcompile.kernels.jit import jit
from qcompile.kernels.routing_state import first_random, next_random

__all__ = ["WordArray", "embed_graph", "walk_tables"]

WordArray = NDArray[np.int64]

_BITS = 60
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
    words = (n + _BITS - 1) // _BITS
    table = np.zeros((_REACH + 1, n, words), np.int64)
    seen = np.full(n, -1, np.int32)
    for p in range(n):
        for j in range(start[p], start[p + 1]):
            q = neighbour[j]
            table[0, p, q // _BITS] |= np.int64(1) << np.int64(q % _BITS)
        for j in range(start[p], start[p + 1]):
            for i in range(start[neighbour[j]], start[neighbour[j] + 1]):
                q = neighbour[i]
                if q != p and seen[q] == p:
                    table[_REACH, p, q // _BITS] |= np.int64(1) << np.int64(q % _BITS)
                seen[q] = p
    for k in range(1, _REACH):
        for p in range(n):
            for j in range(start[p], start[p + 1]):
                for w in range(words):
                    table[k, p, w] |= table[k - 1, neighbour[j], w]
    return table


@jit
def _size(row: WordArray, used: WordArray) -> int:
    total = 0
    for w in range(row.size):
        word = row[w] & ~used[w]
        if word != 0:
            total += _popcount(word)
    return total


@jit
def _first_domains(pattern: Graph, target: Graph, p_table: WordArray, t_table: WordArray) -> WordArray:
    """Return the places that degrees, neighbour degrees, walk counts and component sizes leave to each pattern vertex."""
    p_start, p_next, _ = pattern
    t_start, t_next, _ = target
    n_p, n_t = p_start.size - 1, t_start.size - 1
    words = t_table.shape[2]
    none_p, none_t = np.zeros(p_table.shape[2], np.int64), np.zeros(words, np.int64)
    p_reach = np.empty((n_p, _REACH + 1), np.int32)
    t_reach = np.empty((n_t, _REACH + 1), np.int32)
    for k in range(_REACH + 1):
        for u in range(n_p):
            p_reach[u, k] = _size(p_table[k, u], none_p)
        for p in range(n_t):
            t_reach[p, k] = _size(t_table[k, p], none_t)
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
                fits = p_reach[u, k] <= t_reach[p, k]
                k += 1
            j = 0
            while fits and j < degree:
                fits = p_near[p_start[u] + j] <= t_near[t_start[p] + j]
                j += 1
            if fits:
                domain[u, p // _BITS] |= np.int64(1) << np.int64(p % _BITS)
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
def _relations(pattern: Graph, p_table: WordArray) -> IntArray:
    """Return which table of the machine constrains each pair of pattern vertices, -1 for none; `int32[n, n]`."""
    distance = all_distances(pattern)
    n = distance.shape[0]
    relation = np.full((n, n), -1, np.int32)
    for u in range(n):
        for v in range(n):
            d = distance[u, v]
            if u != v and d < UNREACHABLE and d <= _REACH:
                relation[u, v] = d - 1
                if d == 2 and (p_table[_REACH, u, v // _BITS] >> np.int64(v % _BITS)) & 1:
                    relation[u, v] = _REACH
    return relation


@jit
def embed_graph(
    pattern: Graph,
    target: Graph,
    t_table: WordArray,
    vertex_cost: RealArray,
    home: IntArray,
    distance: IntArray,
    seed: int,
    node_limit: int,
) -> tuple[IntArray, int]:
    """Map the pattern into the target so that every pattern edge falls on a target edge.

    Args:
        pattern: Interaction graph. Vertices without edges are not mapped.
        target: Machine graph; unusable qubits are vertices without edges.
        t_table: `walk_tables(target)`.
        vertex_cost: `float64[n]`; the cheaper of equally tight places is tried first.
        home: `int32[n_pattern]`, where vertices should stay if they can, or empty.
        distance: `int32[n, n]` of the target, read only with `home`.
        seed: Orders ties after a restart; the first descent has no random choice.
        node_limit: Number of assignments to try in all. Restarts share it.

    Returns:
        `int32[n_pattern]` the place of each vertex (-1 for those without edges), and the number of assignments tried. All
        places are -1 if none was found; the number is then below `node_limit` only if none exists.
    """
    p_start, p_next, _ = pattern
    t_start, t_next, _ = target
    n_p, n_t = p_start.size - 1, t_start.size - 1
    words = t_table.shape[2]
    place = np.full(n_p, -1, np.int32)
    n_linked = 0
    for u in range(n_p):
        if p_start[u] < p_start[u + 1]:
            n_linked += 1
    if n_linked == 0:
        return place, 0
    p_table = walk_tables(pattern)
    domain = _first_domains(pattern, target, p_table, t_table)
    relation = _relations(pattern, p_table)
    used = np.zeros(words, np.int64)
    free_degree = np.empty(n_t, np.int32)
    open_degree = np.empty(n_p, np.int32)
    for p in range(n_t):
        free_degree[p] = t_start[p + 1] - t_start[p]
    for u in range(n_p):
        open_degree[u] = p_start[u + 1] - p_start[u]
    chosen = np.empty(n_linked + 1, np.int32)
    choices = np.empty((n_linked + 1, n_t), np.int32)
    n_choices = np.zeros(n_linked + 1, np.int32)
    next_choice = np.zeros(n_linked + 1, np.int32)
    trail_at = np.zeros(n_linked + 2, np.int64)
    trail_row = np.empty(4096, np.int32)
    trail_word = np.empty(4096, np.int64)
    key = np.empty(n_t, np.float64)
    failures = np.ones(n_p, np.float64)
    p_part = components(pattern)
    p_size = np.zeros(n_p, np.int32)
    for v in range(n_p):
        p_size[p_part[v]] += 1
    scratch = np.empty((4, max(n_p, n_t) + 1), np.int32)
    state = first_random(seed)
    nodes = 0
    depth = 0
    restart_at = 2 * n_linked + 32
    allowance = restart_at
    restarts = 0
    descend = True
    while True:
        if descend:
            if depth == n_linked:
                return place, nodes
            # The smallest domain, weighted by the conflicts a vertex caused (dom/wdeg, Boussemart et al. 2004).
            u, best = -1, 0.0
            for v in range(n_p):
                if place[v] < 0 and p_start[v] < p_start[v + 1]:
                    size = _size(domain[v], used)
                    assigned = (p_start[v + 1] - p_start[v]) - open_degree[v]
                    score = size / (
                        failures[v] * (1.0 + 4.0 * assigned + 0.5 * open_degree[v] + 0.1 * p_size[p_part[v]])
                    )
                    if size == 0:
                        failures[v] += 1.0
                        u = -1
                        break
                    if u < 0 or score < best:
                        u, best = v, score
            chosen[depth] = u
            count = 0
            if u >= 0 and open_degree[u] == p_start[u + 1] - p_start[u] and depth > 0:
                # A new component begins: do those that are left fit into the pieces that are left?
                if not _room_left(pattern, target, p_part, place, used, scratch):
                    u = -1
            if u >= 0:
                for w in range(words):
                    word = domain[u, w] & ~used[w]
                    b = 0
                    while word != 0:
                        if word & 1:
                            p = w * _BITS + b
                            tight = free_degree[p] - open_degree[u]
                            if tight >= 0:
                                # Packing against what is used leaves room in one piece for the rest.
                                score = float(tight) + 1e-3 * vertex_cost[p]
                                if home.size > 0:
                                    score = 0.2 * score + distance[home[u], p]
                                if restarts > 0:
                                    state = next_random(state)
                                    score += (state % 1024) / 1024.0 * (0.9 if restarts % 2 == 1 else 3.0)
                                i = count
                                while i > 0 and key[i - 1] > score:
                                    key[i] = key[i - 1]
                                    choices[depth, i] = choices[depth, i - 1]
                                    i -= 1
                                key[i] = score
                                choices[depth, i] = p
                                count += 1
                        word >>= 1
                        b += 1
                if count == 0:
                    failures[u] += 1.0
            n_choices[depth] = count
            next_choice[depth] = 0
        if next_choice[depth] >= n_choices[depth]:
            # Nothing left here: take the last assignment back.
            if depth == 0:
                place[:] = -1
                return place, nodes
            depth -= 1
            _take_back(chosen[depth], place, used, free_degree, open_degree, pattern, target)
            _restore(domain, trail_row, trail_word, int(trail_at[depth]), int(trail_at[depth + 1]))
            descend = False
            if nodes >= restart_at:
                while depth > 0:
                    depth -= 1
                    _take_back(chosen[depth], place, used, free_degree, open_degree, pattern, target)
                    _restore(domain, trail_row, trail_word, int(trail_at[depth]), int(trail_at[depth + 1]))
                restarts += 1
                allowance = allowance + allowance // 64
                restart_at = nodes + allowance
                descend = True
            continue
        u, p = chosen[depth], choices[depth, next_choice[depth]]
        next_choice[depth] += 1
        if nodes >= node_limit:
            place[:] = -1
            return place, node_limit
        nodes += 1
        place[u] = p
        used[p // _BITS] |= np.int64(1) << np.int64(p % _BITS)
        for j in range(t_start[p], t_start[p + 1]):
            free_degree[t_next[j]] -= 1
        for j in range(p_start[u], p_start[u + 1]):
            open_degree[p_next[j]] -= 1
        # Forward checking; `trail` remembers what it removes.
        top = trail_at[depth]
        dead = False
        for v in range(n_p):
            k = relation[u, v]
            if k < 0 or place[v] >= 0:
                continue
            alive = False
            for w in range(words):
                old = domain[v, w]
                new = old & t_table[k, p, w]
                if new != old:
                    if top == trail_row.size:
                        trail_row = np.concatenate((trail_row, np.empty(trail_row.size, np.int32)))
                        trail_word = np.concatenate((trail_word, np.empty(trail_word.size, np.int64)))
                    trail_row[top] = v * words + w
                    trail_word[top] = old
                    top += 1
                    domain[v, w] = new
                if new & ~used[w]:
                    alive = True
            if not alive:
                failures[v] += 1.0
                dead = True
                break
        trail_at[depth + 1] = top
        if dead:
            _take_back(u, place, used, free_degree, open_degree, pattern, target)
            _restore(domain, trail_row, trail_word, int(trail_at[depth]), int(top))
            descend = False
            continue
        depth += 1
        descend = True


@jit
def _room_left(
    pattern: Graph, target: Graph, p_part: IntArray, place: IntArray, used: WordArray, scratch: IntArray
) -> bool:
    """Return False if the components not placed yet cannot fit into the connected pieces of free vertices.

    A component of s vertices needs a piece of s or more, so for every s the components of at least s vertices together
    must not be larger than the pieces of at least s vertices together.
    """
    p_start = pattern[0]
    t_start, t_next, _ = target
    n_p, n_t = p_start.size - 1, t_start.size - 1
    size, need, have, stack = scratch[0], scratch[1], scratch[2], scratch[3]
    size[:] = 0
    need[:] = 0
    have[:] = 0
    for v in range(n_p):
        if p_start[v] < p_start[v + 1]:
            size[p_part[v]] += 1
    for v in range(n_p):
        # What is left of a component that was begun may lie in several pieces.
        if place[v] >= 0:
            size[p_part[v]] = 0
    for c in range(n_p):
        need[size[c]] += size[c]
    size[:] = 0
    for root in range(n_t):
        if size[root] == 1 or t_start[root] == t_start[root + 1] or (used[root // _BITS] >> (root % _BITS)) & 1:
            continue
        size[root] = 1
        stack[0] = root
        top, count = 1, 0
        while top > 0:
            top -= 1
            p = stack[top]
            count += 1
            for j in range(t_start[p], t_start[p + 1]):
                q = t_next[j]
                if size[q] == 0 and not (used[q // _BITS] >> (q % _BITS)) & 1:
                    size[q] = 1
                    stack[top] = q
                    top += 1
        have[count] += count
    needed, available = 0, 0
    for s in range(need.size - 1, 0, -1):
        needed += need[s]
        available += have[s]
        if needed > available:
            return False
    return True


@jit
def _take_back(
    u: int,
    place: IntArray,
    used: WordArray,
    free_degree: IntArray,
    open_degree: IntArray,
    pattern: Graph,
    target: Graph,
) -> None:
    p_start, p_next, _ = pattern
    t_start, t_next, _ = target
    p = place[u]
    place[u] = -1
    used[p // _BITS] &= ~(np.int64(1) << np.int64(p % _BITS))
    for j in range(t_start[p], t_start[p + 1]):
        free_degree[t_next[j]] += 1
    for j in range(p_start[u], p_start[u + 1]):
        open_degree[p_next[j]] += 1


@jit
def _restore(domain: WordArray, trail_row: IntArray, trail_word: WordArray, low: int, high: int) -> None:
    words = domain.shape[1]
    for i in range(high - 1, low - 1, -1):
        row = trail_row[i]
        domain[row // words, row % words] = trail_word[i]
