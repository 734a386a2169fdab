"""Initial layouts by simulated annealing: qubits that interact soon and often come to sit close together.

The energy is the sum over pairs of weight x (distance - 1), the SWAPs that a layout leaves to be done, with weights
that decay with the time of the interaction. A move exchanges what two physical qubits hold; most moves bring a qubit
next to one of its partners.
"""

from __future__ import annotations

import math

import numpy as np

from qcompile.kernels.graphs import Graph, IntArray, RealArray
from qcompile.kernels.jit import jit
from qcompile.kernels.routing_state import first_random, next_random

__all__ = ["anneal_layout", "compact_layout", "discounted_weights"]


@jit
def discounted_weights(pairs: IntArray, level: IntArray, weights: RealArray, horizon: float) -> RealArray:
    """Return weights x 2^(-level / horizon); a horizon of zero leaves them as they are."""
    out = weights.copy()
    if horizon > 0.0:
        for k in range(pairs.shape[0]):
            out[k] *= math.pow(0.5, level[k] / horizon)
    return out


@jit
def anneal_layout(
    layout: IntArray,
    pattern: Graph,
    weight: RealArray,
    target: Graph,
    distance: IntArray,
    region: IntArray,
    component: IntArray,
    usable: IntArray,
    n_moves: int,
    hot: float,
    cold: float,
    seed: int,
) -> float:
    """Improve a layout in place and return its energy.

    Args:
        layout: `int32[n]`, a bijection.
        pattern: Interaction graph of n wires.
        weight: Weight of each of its edges, by edge index.
        target: The machine.
        distance: `int32[n, n]`.
        region: `int32[n]`, component that a wire must stay in, -1 for wires not in use.
        component: `int32[n]` of physical qubits.
        usable: `int32[n]`, 1 for physical qubits that may be used.
        n_moves: Number of moves to try; fewer if the energy reaches zero.
        hot: First temperature.
        cold: Last temperature; the schedule is geometric.
        seed: Of the moves.
    """
    p_start, p_next, p_edge = pattern
    t_start, t_next, _ = target
    n = layout.size
    at = np.empty(n, np.int32)
    for w in range(n):
        at[layout[w]] = w
    linked = np.empty(n, np.int32)
    n_linked = 0
    energy = 0.0
    for w in range(n):
        if p_start[w] < p_start[w + 1]:
            linked[n_linked] = w
            n_linked += 1
        for j in range(p_start[w], p_start[w + 1]):
            if p_next[j] > w:
                energy += weight[p_edge[j]] * (distance[layout[w], layout[p_next[j]]] - 1)
    if n_linked == 0 or n_moves == 0:
        return energy
    best = energy
    kept = layout.copy()
    state = first_random(seed)
    cooling = math.pow(cold / hot, 1.0 / n_moves)
    temperature = hot
    for _ in range(n_moves):
        temperature *= cooling
        state = next_random(state)
        u = linked[state % n_linked]
        a = layout[u]
        state = next_random(state)
        if state % 8 == 0:
            state = next_random(state)
            b = t_next[t_start[a] + state % (t_start[a + 1] - t_start[a])]
        else:
            state = next_random(state)
            v = p_next[p_start[u] + state % (p_start[u + 1] - p_start[u])]
            c = layout[v]
            state = next_random(state)
            b = t_next[t_start[c] + state % (t_start[c + 1] - t_start[c])]
        if b == a:
            continue
        v = at[b]
        if usable[b] == 0 or component[b] != region[u] or (region[v] >= 0 and component[a] != region[v]):
            continue
        change = 0.0
        for j in range(p_start[u], p_start[u + 1]):
            w = p_next[j]
            if w != v:
                c = layout[w]
                change += weight[p_edge[j]] * (distance[b, c] - distance[a, c])
        for j in range(p_start[v], p_start[v + 1]):
            w = p_next[j]
            if w != u:
                c = layout[w]
                change += weight[p_edge[j]] * (distance[a, c] - distance[b, c])
        if change > 0.0:
            state = next_random(state)
            if math.exp(-change / temperature) * 2147483647.0 <= state:
                continue
        layout[u], layout[v] = b, a
        at[a], at[b] = v, u
        energy += change
        if energy < best - 1e-9:
            best = energy
            kept[:] = layout
            if best < 1e-9:
                break
    layout[:] = kept
    return best


@jit
def compact_layout(
    region: IntArray, component: IntArray, usable: IntArray, distance: IntArray, target: Graph, seed: int
) -> IntArray:
    """Return a random layout on qubits close to a random centre, one centre a component; idle wires get -1."""
    t_start, _, _ = target
    n = region.size
    state = first_random(seed)
    layout = np.full(n, -1, np.int32)
    done = np.zeros(n, np.bool_)
    key = np.empty(n, np.int64)
    for first in range(n):
        c = region[first]
        if c < 0 or done[c]:
            continue
        done[c] = True
        members = np.empty(n, np.int32)
        count = 0
        for w in range(n):
            if region[w] == c:
                members[count] = w
                count += 1
        centre = -1
        seen = 0
        for p in range(n):
            if usable[p] == 1 and component[p] == c:
                seen += 1
                state = next_random(state)
                if state % seen == 0:
                    centre = p
        for p in range(n):
            state = next_random(state)
            key[p] = 1 << 40
            if usable[p] == 1 and component[p] == c:
                key[p] = distance[centre, p] * 4096 - (t_start[p + 1] - t_start[p]) * 16 + state % 16
        order = np.argsort(key)
        for k in range(count - 1, 0, -1):
            state = next_random(state)
            j = state % (k + 1)
            members[k], members[j] = members[j], members[k]
        for k in range(count):
            layout[members[k]] = order[k]
    return layout
