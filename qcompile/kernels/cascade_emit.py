"""The gates of a plan, for stars with their own partners: once with every star closed in itself, once joined."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.cascade import GONE, sweep_order, turn_held
from qcompile.kernels.jit import jit

__all__ = ["CLOSE", "DOWN", "OPEN", "PHASE", "TURN", "UP", "closed_cascade", "emit_cascade"]

IntArray = NDArray[np.int32]

#: Kinds of rows: what is held changes between steps; sweep down; phase on the second vertex; sweep up.
TURN, DOWN, PHASE, UP = 0, 1, 2, 3
#: In closed stars, what is held is put on before the sweep and taken off after it.
OPEN, CLOSE = 4, 5


@jit
def emit_cascade(roots: IntArray, trees: IntArray, partner: NDArray[np.bool_]) -> tuple[IntArray, IntArray, int, int]:
    """Return the CNOTs and parity marks of a plan, for stars with their own partners.

    Args:
        roots: int32[n].
        trees: int32[n, n].
        partner: bool[n, n], whether step i has a phase with the vertex that becomes root at step j > i.

    Returns:
        int32[k, 4], rows (step, kind, control or root, target or partner), kinds as above; int32[n, n], what each
        vertex holds during each step, or -1; the number of CNOTs, and of layers of them.
    """
    n = roots.size
    size = 0
    rows = np.empty((n * (7 * n + 8) + 16, 4), np.int32)
    holds = np.full((n, n), -1, np.int32)
    held = np.full(n, -1, np.int32)
    gates = np.empty((4 * n + 4, 2), np.int32)
    level = np.zeros(n, np.int32)
    count = 0
    for step in range(n):
        root, parent = roots[step], trees[step]
        needed = np.zeros(n, np.bool_)
        for j in range(step + 1, n):
            if partner[step, j]:
                v = roots[j]
                while v != root and not needed[v]:
                    needed[v] = True
                    v = parent[v]
        wanted = np.full(n, -1, np.int32)
        pruned = parent.copy()
        for v in range(n):
            if parent[v] >= 0 and parent[v] != root and (needed[v] or held[v] == parent[v]):
                wanted[v] = parent[v]
            if v != root and not needed[v]:
                pruned[v] = GONE
        n_turns = turn_held(held, wanted, sweep_order(parent, root), gates)
        held = wanted
        holds[step] = wanted
        order = sweep_order(pruned, root)
        for k in range(n_turns):
            a, b = gates[k, 0], gates[k, 1]
            rows[size, 0], rows[size, 1], rows[size, 2], rows[size, 3] = step, TURN, a, b
            level[a] = level[b] = max(level[a], level[b]) + 1
            size += 1
        for i in range(1, order.size):
            v = order[i]
            p = parent[v]
            rows[size, 0], rows[size, 1], rows[size, 2], rows[size, 3] = step, DOWN, p, v
            level[v] = level[p] = max(level[v], level[p]) + 1
            size += 1
        for j in range(step + 1, n):
            if partner[step, j]:
                rows[size, 0], rows[size, 1], rows[size, 2], rows[size, 3] = step, PHASE, root, roots[j]
                size += 1
        for i in range(order.size - 1, 0, -1):
            v = order[i]
            p = parent[v]
            rows[size, 0], rows[size, 1], rows[size, 2], rows[size, 3] = step, UP, p, v
            level[v] = level[p] = max(level[v], level[p]) + 1
            size += 1
        count += n_turns + 2 * (order.size - 1)
    return rows[:size].copy(), holds, count, int(level.max())


@jit
def closed_cascade(rows: IntArray, roots: IntArray, trees: IntArray, holds: IntArray) -> IntArray:
    """Return the rows of `emit_cascade` with each star closed in itself: it begins and ends with nothing held."""
    n = roots.size
    out = np.empty((rows.shape[0] + 2 * n * n, 4), np.int32)
    size, at = 0, 0
    for step in range(n):
        order = sweep_order(trees[step], roots[step])
        for i in range(order.size - 1, 0, -1):
            v = order[i]
            if holds[step, v] >= 0:
                out[size, 0], out[size, 1], out[size, 2], out[size, 3] = step, OPEN, holds[step, v], v
                size += 1
        while at < rows.shape[0] and rows[at, 0] == step:
            if rows[at, 1] != TURN:
                out[size] = rows[at]
                size += 1
            at += 1
        for i in range(1, order.size):
            v = order[i]
            if holds[step, v] >= 0:
                out[size, 0], out[size, 1], out[size, 2], out[size, 3] = step, CLOSE, holds[step, v], v
                size += 1
    return out[:size].copy()
