"""Token swapping: from one layout to another by SWAPs along couplings.

Greedy SWAPs that bring tokens closer to their places; where none does, the closest token that is not at home walks
there. If that goes on for too long, places are filled one after another from the leaves of a spanning tree, which
always ends (Miltzow et al. 2016 on the greedy part and its hardness).
"""

from __future__ import annotations

import numpy as np

from qcompile.kernels.graphs import UNREACHABLE, Graph, IntArray
from qcompile.kernels.jit import jit
from qcompile.kernels.routing_state import first_random, next_random

__all__ = ["swap_tokens"]


@jit
def swap_tokens(goal: IntArray, graph: Graph, distance: IntArray, n_trials: int, seed: int) -> IntArray:
    """Return SWAPs `int32[k, 2]` after which every token is where it should be.

    Args:
        goal: `int32[n]`, where the token that is now on a qubit has to go, -1 if anywhere will do. Goals are distinct
            and lie in the component of their token.
        graph: The machine.
        distance: `int32[n, n]`.
        n_trials: Number of random orders of equally good SWAPs; the shortest sequence is returned.
        seed: Any integer.
    """
    best = _greedy(goal, graph, distance, first_random(seed))
    for trial in range(1, n_trials):
        found = _greedy(goal, graph, distance, first_random(seed + trial))
        if found.shape[0] < best.shape[0]:
            best = found
    return best


@jit
def _greedy(goal: IntArray, graph: Graph, distance: IntArray, state: int) -> IntArray:
    start, neighbour, _ = graph
    n = goal.size
    wish = goal.copy()
    swaps = np.empty((4 * n * n + 16, 2), np.int32)
    count = 0
    patience = n * n
    walker = -1
    while count < patience:
        best, best_a, best_b, ties = 0, -1, -1, 0
        for a in range(n):
            for j in range(start[a], start[a + 1]):
                b = neighbour[j]
                if b < a:
                    continue
                gain = 0
                if wish[a] >= 0:
                    gain += distance[a, wish[a]] - distance[b, wish[a]]
                if wish[b] >= 0:
                    gain += distance[b, wish[b]] - distance[a, wish[b]]
                if gain > best:
                    best, best_a, best_b, ties = gain, a, b, 1
                elif gain == best and best > 0:
                    ties += 1
                    state = next_random(state)
                    if state % ties == 0:
                        best_a, best_b = a, b
        if best_a < 0:
            if walker < 0 or wish[walker] < 0 or wish[walker] == walker:
                walker = -1
                for a in range(n):
                    away = wish[a] >= 0 and wish[a] != a
                    if away and (walker < 0 or distance[a, wish[a]] < distance[walker, wish[walker]]):
                        walker = a
                if walker < 0:
                    return swaps[:count].copy()
            best_a = walker
            for j in range(start[walker], start[walker + 1]):
                if distance[neighbour[j], wish[walker]] < distance[walker, wish[walker]]:
                    best_b = neighbour[j]
                    break
            walker = best_b
        elif walker in (best_a, best_b):
            walker = -1
        swaps[count, 0], swaps[count, 1] = best_a, best_b
        count += 1
        wish[best_a], wish[best_b] = wish[best_b], wish[best_a]
    return _by_tree(wish, graph, distance, swaps, count)


@jit
def _by_tree(wish: IntArray, graph: Graph, distance: IntArray, swaps: IntArray, count: int) -> IntArray:
    start, neighbour, _ = graph
    n = wish.size
    parent = np.full(n, -1, np.int32)
    depth = np.full(n, -1, np.int32)
    order = np.empty(n, np.int32)
    tail = 0
    for root in range(n):
        if depth[root] >= 0:
            continue
        depth[root] = 0
        order[tail] = root
        head = tail
        tail += 1
        while head < tail:
            u = order[head]
            head += 1
            for j in range(start[u], start[u + 1]):
                v = neighbour[j]
                if depth[v] < 0:
                    depth[v], parent[v] = depth[u] + 1, u
                    order[tail] = v
                    tail += 1
    for k in range(n - 1, -1, -1):
        leaf = order[k]
        at = -1
        for a in range(n):
            if wish[a] == leaf and distance[a, leaf] < UNREACHABLE:
                at = a
        if at < 0:
            # Nobody has to come here; whoever is here and has to leave will be fetched, unless the rest is full.
            if wish[leaf] < 0:
                continue
            for i in range(k):
                if wish[order[i]] < 0 and distance[order[i], leaf] < UNREACHABLE:
                    at = order[i]
            if at < 0:
                continue
        # Up from both ends until the paths to the root meet; the token then moves along, the others shift.
        path = np.empty(2 * n, np.int32)
        down = np.empty(n, np.int32)
        u, v = at, leaf
        length, n_down = 0, 0
        while u != v:
            if depth[u] >= depth[v]:
                path[length] = u
                length += 1
                u = parent[u]
            else:
                down[n_down] = v
                n_down += 1
                v = parent[v]
        path[length] = u
        length += 1
        for i in range(n_down - 1, -1, -1):
            path[length] = down[i]
            length += 1
        for i in range(length - 1):
            a, b = path[i], path[i + 1]
            swaps[count, 0], swaps[count, 1] = a, b
            count += 1
            wish[a], wish[b] = wish[b], wish[a]
    return swaps[:count].copy()
