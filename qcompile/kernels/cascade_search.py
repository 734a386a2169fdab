"""Search for the order in which the vertices of a patch become root, and for the trees.

A beam of partial plans is carried from root to root. CNOTs and layers of every plan are counted as they are emitted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.cascade import GONE, cut_vertices, heard_after, next_tree, sweep_order, turn_held
from qcompile.kernels.jit import jit

__all__ = ["plan_cascade"]

IntArray = NDArray[np.int32]
RealArray = NDArray[np.float64]

#: (tilt, flat) of `next_tree` by variant.
_VARIANTS = np.array([[4.0, 2.0], [1.0, 0.5], [8.0, 0.0], [2.0, 4.0]])


@jit
def _held_of(parent: IntArray, root: int) -> IntArray:
    held = np.full(parent.size, -1, np.int32)
    for v in range(parent.size):
        if parent[v] >= 0 and parent[v] != root:
            held[v] = parent[v]
    return held


@jit
def _advance(held: IntArray, parent: IntArray, root: int, level: IntArray, gates: IntArray) -> tuple[int, IntArray]:
    """Add to `level` the layers of turning `held` and of both sweeps; return the number of CNOTs and the order."""
    order = sweep_order(parent, root)
    count = turn_held(held, _held_of(parent, root), order, gates)
    for k in range(count):
        a, b = gates[k, 0], gates[k, 1]
        level[a] = level[b] = max(level[a], level[b]) + 1
    for i in range(1, order.size):
        v = order[i]
        p = parent[v]
        level[v] = level[p] = max(level[v], level[p]) + 1
    for i in range(order.size - 1, 0, -1):
        v = order[i]
        p = parent[v]
        level[v] = level[p] = max(level[v], level[p]) + 1
    return count + 2 * (order.size - 1), order


@jit
def plan_cascade(
    start: IntArray,
    neighbour: IntArray,
    first: int,
    first_tree: IntArray,
    width: int,
    variants: int,
    weight: float,
    ahead: float,
    pull: RealArray,
) -> tuple[IntArray, IntArray, int, int]:
    """Return the best plan found that begins with a given root and tree.

    Args:
        start, neighbour: A connected graph of n vertices.
        first: The first root; the graph without it is connected.
        first_tree: int32[n], its tree.
        width: Plans that are kept at each step.
        variants: Ways of attaching orphans that are tried, 1 to 4.
        weight: CNOTs that one layer is worth.
        ahead: Layers that one layer of the present sweep is expected to cost later on.
        pull: float64[n], what each vertex counts beside, in CNOTs, times the steps left when it becomes root: vertices
            with little of it are made root first.

    Returns:
        int32[n] roots in order, int32[n, n] parents by step, the number of CNOTs and of layers.
    """
    n = start.size - 1
    gates = np.empty((4 * n + 4, 2), np.int32)
    parents = np.full((n, width, n), GONE, np.int32)
    roots = np.full((n, width), -1, np.int32)
    back = np.full((n, width), -1, np.int32)
    level = np.zeros((width, n), np.int32)
    count = np.zeros(width, np.int64)
    late = np.zeros(width, np.float64)
    parents[0, 0], roots[0, 0] = first_tree, first
    cost, _ = _advance(np.full(n, -1, np.int32), first_tree, first, level[0], gates)
    count[0] = cost
    live = 1
    for step in range(1, n):
        score = np.full(width, np.inf)
        new_level = np.zeros((width, n), np.int32)
        new_count = np.zeros(width, np.int64)
        new_late = np.zeros(width, np.float64)
        found = 0
        for b in range(live):
            parent, root = parents[step - 1, b], roots[step - 1, b]
            held = _held_of(parent, root)
            cut = cut_vertices(start, neighbour, parent, root)
            near = False
            for k in range(start[root], start[root + 1]):
                c = neighbour[k]
                if parent[c] != GONE and not cut[c]:
                    near = True
            for c in range(n):
                if parent[c] == GONE or c == root or cut[c]:
                    continue
                if near:
                    touching = False
                    for k in range(start[root], start[root + 1]):
                        touching = touching or neighbour[k] == c
                    if not touching:
                        continue
                for variant in range(variants):
                    tree = next_tree(start, neighbour, parent, root, c, _VARIANTS[variant, 0], _VARIANTS[variant, 1])
                    trial = level[b].copy()
                    cost, order = _advance(held, tree, c, trial, gates)
                    total = count[b] + cost
                    pending = 0
                    for v in range(n):
                        if tree[v] >= 0 and tree[v] != c:
                            pending += 1
                    lag = late[b] + pull[c] * (n - step)
                    value = total + pending + lag + weight * (trial[c] + ahead * heard_after(order, tree))
                    if found == width and value >= score[width - 1]:
                        continue
                    same = False
                    for j in range(found):
                        if roots[step, j] == c and new_count[j] == total and score[j] == value:
                            same = True
                    if same:
                        continue
                    j = min(found, width - 1)
                    while j > 0 and score[j - 1] > value:
                        score[j] = score[j - 1]
                        new_count[j], roots[step, j], back[step, j] = (
                            new_count[j - 1],
                            roots[step, j - 1],
                            back[step, j - 1],
                        )
                        parents[step, j] = parents[step, j - 1]
                        new_level[j] = new_level[j - 1]
                        new_late[j] = new_late[j - 1]
                        j -= 1
                    score[j], new_count[j], roots[step, j], back[step, j] = value, total, c, b
                    parents[step, j] = tree
                    new_level[j] = trial
                    new_late[j] = lag
                    found = min(found + 1, width)
        level, count, late, live = new_level, new_count, new_late, found
    best, at = np.inf, 0
    for b in range(live):
        value = count[b] + late[b] + weight * level[b].max()
        if value < best:
            best, at = value, b
    total, depth = count[at], level[at].max()
    order = np.empty(n, np.int32)
    trees = np.empty((n, n), np.int32)
    for step in range(n - 1, -1, -1):
        order[step], trees[step] = roots[step, at], parents[step, at]
        at = back[step, at]
    return order, trees, int(total), int(depth)
