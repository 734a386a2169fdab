"""Moving spanning trees along which a root meets every qubit that is left, one root after another.

A step has a root, which leaves afterwards, and a tree over the qubits that are left. Between steps each qubit v whose
parent p is not the root holds x_v + x_p modulo 2 ("held"), so that one sweep of CNOTs down the tree leaves x_v + x_root
everywhere, and the same sweep up takes it away again. Only what changes between two trees costs more than these sweeps.

Vertices are 0..n-1 of a connected graph in compressed sparse rows `start[n+1]`, `neighbour[2 e]`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.jit import jit

__all__ = ["GONE", "breadth_tree", "cut_vertices", "heard_after", "next_tree", "sweep_order", "turn_held"]

IntArray = NDArray[np.int32]
RealArray = NDArray[np.float64]

#: Parent of a vertex that has left; the root's parent is -1.
GONE = -2


@jit
def breadth_tree(start: IntArray, neighbour: IntArray, root: int, stream: int) -> IntArray:
    """Return int32[n], parents of a breadth-first tree; ties go to the parent with fewest children, or by `stream`."""
    n = start.size - 1
    parent = np.full(n, GONE, np.int32)
    level = np.full(n, n + 1, np.int32)
    children = np.zeros(n, np.int32)
    queue = np.empty(n, np.int32)
    parent[root], level[root], queue[0] = -1, 0, root
    head, tail = 0, 1
    while head < tail:
        v = queue[head]
        head += 1
        for k in range(start[v], start[v + 1]):
            w = neighbour[k]
            if level[w] > n:
                level[w] = level[v] + 1
                queue[tail] = w
                tail += 1
    for i in range(1, tail):
        w = queue[i]
        best, chosen = n + 1.0, -1
        for k in range(start[w], start[w + 1]):
            v = neighbour[k]
            if level[v] == level[w] - 1:
                score = children[v] + ((stream * 7919 + v * 104729 + w * 1299709) % 1009) / 1010.0 * (stream > 0)
                if score < best:
                    best, chosen = score, v
        parent[w] = chosen
        children[chosen] += 1
    return parent


@jit
def cut_vertices(start: IntArray, neighbour: IntArray, parent: IntArray, skip: int) -> NDArray[np.bool_]:
    """Return bool[n], vertices without which those not gone (`parent` not GONE, nor `skip`) fall apart."""
    n = start.size - 1
    cut = np.zeros(n, np.bool_)
    seen = np.full(n, -1, np.int32)
    low = np.zeros(n, np.int32)
    up = np.full(n, -1, np.int32)
    at = start[:-1].copy()
    stack = np.empty(n + 1, np.int32)
    first = -1
    for v in range(n):
        if parent[v] != GONE and v != skip:
            first = v
            break
    if first < 0:
        return cut
    clock, size, branches = 1, 1, 0
    stack[0], seen[first], low[first] = first, 0, 0
    while size > 0:
        v = stack[size - 1]
        if at[v] < start[v + 1]:
            w = neighbour[at[v]]
            at[v] += 1
            if parent[w] == GONE or w == skip or w == up[v]:
                continue
            if seen[w] >= 0:
                low[v] = min(low[v], seen[w])
                continue
            up[w], seen[w], low[w] = v, clock, clock
            clock += 1
            stack[size] = w
            size += 1
            if v == first:
                branches += 1
        else:
            size -= 1
            u = up[v]
            if u >= 0:
                low[u] = min(low[u], low[v])
                if u != first and low[v] >= seen[u]:
                    cut[u] = True
    cut[first] = branches > 1
    return cut


@jit
def sweep_order(parent: IntArray, root: int) -> IntArray:
    """Return the vertices of a tree, parents first, the children of each by how long their subtrees take to hear.

    A vertex tells its children one after another, so the child with the slowest subtree is told first.
    """
    n = parent.size
    first = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    size = 0
    for v in range(n - 1, -1, -1):
        if parent[v] >= 0:
            sibling[v] = first[parent[v]]
            first[parent[v]] = v
            size += 1
    order = np.empty(size + 1, np.int32)
    order[0] = root
    head, tail = 0, 1
    while head < tail:
        v = first[order[head]]
        head += 1
        while v >= 0:
            order[tail] = v
            tail += 1
            v = sibling[v]
    slow = np.zeros(n, np.int32)
    for i in range(tail - 1, -1, -1):
        v = order[i]
        # Sort the children of v, slowest first, by insertion.
        sorted_first = -1
        w = first[v]
        while w >= 0:
            after = sibling[w]
            if sorted_first < 0 or slow[w] > slow[sorted_first]:
                sibling[w] = sorted_first
                sorted_first = w
            else:
                u = sorted_first
                while sibling[u] >= 0 and slow[sibling[u]] >= slow[w]:
                    u = sibling[u]
                sibling[w] = sibling[u]
                sibling[u] = w
            w = after
        first[v] = sorted_first
        k = 1
        w = sorted_first
        while w >= 0:
            slow[v] = max(slow[v], slow[w] + k)
            k += 1
            w = sibling[w]
    head, tail = 0, 1
    while head < tail:
        v = first[order[head]]
        head += 1
        while v >= 0:
            order[tail] = v
            tail += 1
            v = sibling[v]
    return order


@jit
def heard_after(order: IntArray, parent: IntArray) -> int:
    """Return how many layers a sweep down the tree takes."""
    heard = np.zeros(parent.size, np.int32)
    busy = np.zeros(parent.size, np.int32)
    last = 0
    for i in range(1, order.size):
        v = order[i]
        p = parent[v]
        busy[p] = max(busy[p], heard[p]) + 1
        heard[v] = busy[p]
        last = max(last, heard[v])
    return last


@jit
def next_tree(
    start: IntArray, neighbour: IntArray, parent: IntArray, root: int, chosen: int, tilt: float, flat: float
) -> IntArray:
    """Return the parents when `root` has left and `chosen` is root: old edges kept, orphans attached.

    Args:
        start, neighbour: The graph.
        parent: The tree before.
        root: Its root.
        chosen: The new root.
        tilt: What turning an edge of a subtree round counts, in levels of depth.
        flat: What attaching below another vertex than the new root counts.
    """
    n = parent.size
    new = parent.copy()
    new[root] = GONE
    part = np.full(n, -1, np.int32)  # the child of the old root above each vertex
    path = np.empty(n, np.int32)
    for v in range(n):
        w, size = v, 0
        if new[v] == GONE:
            continue
        while part[w] < 0 and parent[w] != root:
            path[size] = w
            size += 1
            w = parent[w]
        top = part[w] if part[w] >= 0 else w
        part[w] = top
        for k in range(size):
            part[path[k]] = top
    depth = np.full(n, -1, np.int32)  # depth in the new tree, -1 while not attached
    below = np.zeros(n, np.int32)  # steps down from the child of the old root
    for v in range(n):
        if new[v] != GONE:
            w = v
            while parent[w] != root:
                below[v] += 1
                w = parent[w]
    pending = -1
    enter, above = chosen, -1
    while True:
        # Turn the subtree round so that `enter` is on top, below `above`.
        top = part[enter]
        v, p = enter, above
        while True:
            q = parent[v]
            new[v] = p
            if v == top:
                break
            p, v = v, q
        for v in range(n):
            if new[v] != GONE and part[v] == top and depth[v] < 0:
                w, size = v, 0
                while depth[w] < 0 and w != enter:
                    path[size] = w
                    size += 1
                    w = new[w]
                if w == enter and depth[w] < 0:
                    depth[w] = 0 if above < 0 else depth[above] + 1
                level = depth[w]
                for k in range(size - 1, -1, -1):
                    level += 1
                    depth[path[k]] = level
        best = np.inf
        pending = -1
        for v in range(n):
            if new[v] != GONE and depth[v] < 0:
                for k in range(start[v], start[v + 1]):
                    u = neighbour[k]
                    if new[u] != GONE and depth[u] >= 0:
                        score = depth[u] + tilt * below[v] + flat * (u != chosen)
                        if score < best:
                            best, pending, enter, above = score, v, v, u
        if pending < 0:
            break
    return new


@jit
def turn_held(held: IntArray, wanted: IntArray, order: IntArray, gates: IntArray) -> int:
    """Write the CNOTs that turn held parents `held` into `wanted` and return their number.

    A vertex can change what it holds only while its parents, old and new, hold nothing, so ancestors open with it.

    Args:
        held: int32[n], the vertex whose value is added on each vertex, or -1; a forest.
        wanted: The same afterwards.
        order: Vertices, parents first, of a tree that contains `wanted`.
        gates: int32[k, 2], filled with control and target, k at least 2 n.
    """
    n = held.size
    open_ = np.zeros(n, np.bool_)
    stack = np.empty(2 * n + 2, np.int32)
    for v in range(n):
        if held[v] != wanted[v] and not open_[v]:
            open_[v] = True
            stack[0] = v
            size = 1
            while size > 0:
                size -= 1
                w = stack[size]
                for p in (held[w], wanted[w]):
                    if p >= 0 and not open_[p]:
                        open_[p] = True
                        stack[size] = p
                        size += 1
    count = 0
    closed = held.copy()
    moved = True
    while moved:  # one layer of the old forest a round, top down
        moved = False
        for v in range(n):
            if open_[v] and closed[v] >= 0 and closed[closed[v]] < 0:
                gates[count, 0], gates[count, 1] = closed[v], v
                count += 1
                stack[0] = v
                moved = True
                closed[v] = -1
    for i in range(order.size - 1, -1, -1):
        v = order[i]
        if open_[v] and wanted[v] >= 0:
            gates[count, 0], gates[count, 1] = wanted[v], v
            count += 1
    return count
