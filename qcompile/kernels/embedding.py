"""Exact placement without SWAPs: subgraph monomorphism of the interaction graph into the machine.

Backtracking over bitset domains, smallest domain first, in the manner of LAD (Solnon 2010) and the Glasgow solver
(McCreesh and Prosser 2015): assigning u to p leaves a vertex v at distance k from u only the places that a walk of
exactly k steps from p reaches. In bipartite machines (grids, heavy-hex) that carries the parity as well.
"""

from __future__ import annotations

import numpy as np

from qcompile.kernels.embedding_domains import BITS, WordArray, domain_size, first_domains, relations, walk_tables
from qcompile.kernels.graphs import Graph, IntArray, RealArray, components
from qcompile.kernels.jit import jit
from qcompile.kernels.routing_state import first_random, next_random

__all__ = ["embed_graph"]


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
        `int32[n_pattern]` the place of each vertex (-1 for those without edges), and the number of assignments
        tried. All places are -1 if none was found; the number is then below `node_limit` only if none exists.
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
    domain = first_domains(pattern, target, p_table, t_table)
    relation = relations(pattern, p_table)
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
                    size = domain_size(domain[v], used)
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
            # A new component begins: do those that are left fit into the pieces that are left?
            begins = u >= 0 and open_degree[u] == p_start[u + 1] - p_start[u] and depth > 0
            if begins and not _room_left(pattern, target, p_part, place, used, scratch):
                u = -1
            if u >= 0:
                for w in range(words):
                    word = domain[u, w] & ~used[w]
                    b = 0
                    while word != 0:
                        if word & 1:
                            p = w * BITS + b
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
                allowance += allowance // 64 + 1
                # Mostly short tries, now and then a long one that may also prove that there is nothing to find.
                restart_at = nodes + allowance * (24 if restarts % 8 == 7 else 1)
                descend = True
            continue
        u, p = chosen[depth], choices[depth, next_choice[depth]]
        next_choice[depth] += 1
        if nodes >= node_limit:
            place[:] = -1
            return place, node_limit
        nodes += 1
        place[u] = p
        used[p // BITS] |= np.int64(1) << np.int64(p % BITS)
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
        if size[root] == 1 or t_start[root] == t_start[root + 1] or (used[root // BITS] >> (root % BITS)) & 1:
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
                if size[q] == 0 and not (used[q // BITS] >> (q % BITS)) & 1:
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
    used[p // BITS] &= ~(np.int64(1) << np.int64(p % BITS))
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
