"""Machine graphs and circuit graphs as arrays: neighbour lists, distances, components, wires.

A graph of `n` vertices is a triple of int32 arrays, the compressed sparse rows of its undirected edges:
`start[n + 1]`, `neighbour[2 e]` (ascending inside a row) and `edge[2 e]`, the index of the undirected edge.

A circuit is a list of operations on wires, the tuple `Wires = (op_start, op_wire, op_bundle, wire_start, wire_op,
wire_stop)`: operation `m` touches the wires `op_wire[op_start[m]:op_start[m + 1]]`; wire `w` meets the operations
`wire_op[wire_start[w]:wire_start[w + 1]]` in order. Along a wire operations come in *bundles* of neighbours that
commute: `wire_stop[k]` is the end of the bundle that position `k` is in, `op_bundle` (aligned with `op_wire`) the
position where the bundle of an operation begins. All of a bundle are done before the next of that wire begins.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.jit import jit

__all__ = [
    "UNREACHABLE",
    "Graph",
    "IntArray",
    "RealArray",
    "Wires",
    "all_distances",
    "components",
    "graph_of_edges",
    "interaction_graph",
    "operation_levels",
    "reversed_wires",
    "wires_of_operations",
    "wires_of_pairs",
]

IntArray = NDArray[np.int32]
RealArray = NDArray[np.float64]
Graph = tuple[IntArray, IntArray, IntArray]
Wires = tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray]

#: Distance between vertices of different components. Sums of a few thousand of them still fit an int32.
UNREACHABLE = 1 << 16


@jit
def graph_of_edges(n: int, edges: IntArray) -> Graph:
    """Return the sparse rows of an undirected graph; repeated edges, reversed edges and loops count once or not at all.

    The index of an edge is that of its first appearance in `edges[e, 2]`.
    """
    start = np.zeros(n + 1, np.int32)
    for k in range(edges.shape[0]):
        if edges[k, 0] != edges[k, 1]:
            start[edges[k, 0] + 1] += 1
            start[edges[k, 1] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
    fill = start.copy()
    neighbour = np.empty(start[n], np.int32)
    edge = np.empty(start[n], np.int32)
    for k in range(edges.shape[0]):
        a, b = edges[k, 0], edges[k, 1]
        if a == b:
            continue
        for u, v in ((a, b), (b, a)):
            j = fill[u]
            while j > start[u] and neighbour[j - 1] > v:
                neighbour[j], edge[j] = neighbour[j - 1], edge[j - 1]
                j -= 1
            neighbour[j], edge[j] = v, k
            fill[u] += 1
    # Repeats sit side by side now, the earliest first since the insertion above is stable.
    tight = np.zeros(n + 1, np.int32)
    kept = 0
    for v in range(n):
        last = -1
        for j in range(start[v], start[v + 1]):
            if neighbour[j] != last:
                last = neighbour[j]
                neighbour[kept], edge[kept] = neighbour[j], edge[j]
                kept += 1
        tight[v + 1] = kept
    return tight, neighbour[:kept].copy(), edge[:kept].copy()


@jit
def all_distances(graph: Graph) -> IntArray:
    """Return the number of edges between every two vertices, `UNREACHABLE` across components; `int32[n, n]`."""
    start, neighbour, _ = graph
    n = start.size - 1
    distance = np.full((n, n), UNREACHABLE, np.int32)
    queue = np.empty(n, np.int32)
    for root in range(n):
        distance[root, root] = 0
        queue[0] = root
        head, tail = 0, 1
        while head < tail:
            u = queue[head]
            head += 1
            for j in range(start[u], start[u + 1]):
                v = neighbour[j]
                if distance[root, v] == UNREACHABLE:
                    distance[root, v] = distance[root, u] + 1
                    queue[tail] = v
                    tail += 1
    return distance


@jit
def components(graph: Graph) -> IntArray:
    """Return the component of each vertex, numbered by lowest vertex; `int32[n]`."""
    start, neighbour, _ = graph
    n = start.size - 1
    label = np.full(n, -1, np.int32)
    stack = np.empty(n, np.int32)
    count = 0
    for root in range(n):
        if label[root] >= 0:
            continue
        label[root] = count
        stack[0] = root
        top = 1
        while top > 0:
            top -= 1
            u = stack[top]
            for j in range(start[u], start[u + 1]):
                v = neighbour[j]
                if label[v] < 0:
                    label[v] = count
                    stack[top] = v
                    top += 1
        count += 1
    return label


@jit
def interaction_graph(n: int, pairs: IntArray, weights: RealArray) -> tuple[Graph, RealArray]:
    """Return the graph of qubits that interact, and the summed weight of each edge.

    Args:
        n: Number of logical qubits.
        pairs: `int32[m, 2]`; rows with a negative entry are operations without a coupling and are left out.
        weights: `float64[m]`.

    Returns:
        The graph, its edges numbered by first appearance in `pairs` (so the index is below `m`), and `float64[m]`:
        the total weight at the index of each edge, zero elsewhere.
    """
    m = pairs.shape[0]
    loops = pairs.copy()
    for k in range(m):
        if loops[k, 0] < 0 or loops[k, 1] < 0:
            loops[k, 0] = loops[k, 1] = 0
    graph = graph_of_edges(n, loops)
    start, neighbour, edge = graph
    total = np.zeros(max(m, 1), np.float64)
    for k in range(m):
        a, b = loops[k, 0], loops[k, 1]
        if a == b:
            continue
        low, high = start[a], start[a + 1]
        while high - low > 1:
            middle = (low + high) // 2
            if neighbour[middle] <= b:
                low = middle
            else:
                high = middle
        total[edge[low]] += weights[k]
    return graph, total


@jit
def wires_of_operations(
    n_wires: int, pairs: IntArray, joins: IntArray, extra_start: IntArray, extra_wire: IntArray
) -> Wires:
    """Return the wires of operations that touch a pair of qubits, further wires, or both.

    Args:
        n_wires: Number of wires; the qubits come first.
        pairs: `int32[m, 2]` coupled qubits, (-1, -1) for an operation that needs no coupling.
        joins: `int32[m, 2]`, 1 where the operation commutes, on that qubit of its pair, with the bundle before it.
        extra_start: `int32[m + 1]` rows of `extra_wire`, the wires an operation touches beyond its pair.
        extra_wire: `int32[...]`.
    """
    m = pairs.shape[0]
    op_start = np.zeros(m + 1, np.int32)
    for k in range(m):
        op_start[k + 1] = op_start[k] + extra_start[k + 1] - extra_start[k] + (2 if pairs[k, 0] >= 0 else 0)
    op_wire = np.empty(op_start[m], np.int32)
    wire_start = np.zeros(n_wires + 1, np.int32)
    for k in range(m):
        j = op_start[k]
        if pairs[k, 0] >= 0:
            op_wire[j], op_wire[j + 1] = pairs[k, 0], pairs[k, 1]
            j += 2
        for i in range(extra_start[k], extra_start[k + 1]):
            op_wire[j] = extra_wire[i]
            j += 1
        for i in range(op_start[k], op_start[k + 1]):
            wire_start[op_wire[i] + 1] += 1
    for w in range(n_wires):
        wire_start[w + 1] += wire_start[w]
    fill = wire_start[:n_wires].copy()
    wire_op = np.empty(op_start[m], np.int32)
    wire_stop = np.empty(op_start[m], np.int32)
    op_bundle = np.empty(op_start[m], np.int32)
    opened = wire_start[:n_wires].copy()
    for k in range(m):
        for i in range(op_start[k], op_start[k + 1]):
            w = op_wire[i]
            at = fill[w]
            fill[w] += 1
            side = i - op_start[k]
            if at == wire_start[w] or pairs[k, 0] < 0 or side > 1 or joins[k, side] == 0:
                opened[w] = at
            wire_op[at] = k
            op_bundle[i] = opened[w]
            wire_stop[opened[w]] = at + 1
    for w in range(n_wires):
        k = wire_start[w]
        while k < wire_start[w + 1]:
            stop = wire_stop[k]
            while k < stop:
                wire_stop[k] = stop
                k += 1
    return op_start, op_wire, op_bundle, wire_start, wire_op, wire_stop


@jit
def wires_of_pairs(n: int, pairs: IntArray, groups: IntArray) -> Wires:
    """Return the wires of a plain list of two-qubit interactions on `n` qubits.

    Args:
        n: Number of wires.
        pairs: `int32[m, 2]`.
        groups: `int32[m]`; neighbours on a wire with the same group from 0 on commute, -1 commutes with nothing.
    """
    m = pairs.shape[0]
    joins = np.zeros((m, 2), np.int32)
    last = np.full(n, -1, np.int32)
    for k in range(m):
        for side in range(2):
            q = pairs[k, side]
            if q >= 0:
                if last[q] >= 0 and groups[k] >= 0 and groups[last[q]] == groups[k]:
                    joins[k, side] = 1
                last[q] = k
    return wires_of_operations(n, pairs, joins, np.zeros(m + 1, np.int32), np.empty(0, np.int32))


@jit
def reversed_wires(wires: Wires) -> Wires:
    """Return the wires of the same operations run backwards: operation k becomes m - 1 - k, bundles stay together."""
    op_start, op_wire, op_bundle, wire_start, wire_op, wire_stop = wires
    m, total = op_start.size - 1, op_wire.size
    back_start = np.zeros(m + 1, np.int32)
    for k in range(m):
        back_start[k + 1] = back_start[k] + op_start[m - k] - op_start[m - 1 - k]
    back_wire, back_bundle = np.empty(total, np.int32), np.empty(total, np.int32)
    back_op, back_stop = np.empty(total, np.int32), np.empty(total, np.int32)
    for w in range(wire_start.size - 1):
        low, high = wire_start[w], wire_start[w + 1]
        k = low
        while k < high:
            stop = wire_stop[k]
            for i in range(k, stop):
                back_op[low + high - 1 - i] = m - 1 - wire_op[i]
                back_stop[low + high - 1 - i] = low + high - k
            k = stop
    for k in range(m):
        for i in range(op_start[k], op_start[k + 1]):
            j = back_start[m - 1 - k] + i - op_start[k]
            w = op_wire[i]
            back_wire[j] = w
            back_bundle[j] = wire_start[w] + wire_start[w + 1] - wire_stop[op_bundle[i]]
    return back_start, back_wire, back_bundle, wire_start, back_op, back_stop


@jit
def operation_levels(wires: Wires) -> IntArray:
    """Return the earliest level of each operation, `int32[m]`, when an operation takes one level.

    Members of a bundle share a wire, so they take turns in program order.
    """
    op_start, op_wire, _, wire_start, _, _ = wires
    level = np.zeros(op_start.size - 1, np.int32)
    busy = np.zeros(wire_start.size - 1, np.int32)
    for m in range(level.size):
        ready = 0
        for i in range(op_start[m], op_start[m + 1]):
            ready = max(ready, busy[op_wire[i]])
        level[m] = ready
        for i in range(op_start[m], op_start[m + 1]):
            busy[op_wire[i]] = ready + 1
    return level
