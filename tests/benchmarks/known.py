"""Circuits whose least number of swaps is known by construction, made for one coupling graph from a seed."""

from __future__ import annotations

import itertools
from collections import deque

import numpy as np

__all__ = ["qubikos", "queko"]

Edges = list[tuple[int, int]]
Rng = np.random.Generator


def _neighbours(n: int, edges: Edges) -> list[list[int]]:
    near: list[set[int]] = [set() for _ in range(n)]
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    return [sorted(one) for one in near]


def _text(n: int, gates: list[tuple[int, ...]], rng: Rng) -> str:
    """OpenQASM 2: a pair is a CNOT of random direction, a single qubit a random u3 (so that nothing cancels)."""
    lines = ["OPENQASM 2.0;", 'include "qelib1.inc";', f"qreg q[{n}];"]
    for gate in gates:
        if len(gate) == 1:
            angles = ",".join(f"{a:.12f}" for a in rng.uniform(-np.pi, np.pi, 3))
            lines.append(f"u3({angles}) q[{gate[0]}];")
        else:
            a, b = gate if rng.random() < 0.5 else gate[::-1]
            lines.append(f"cx q[{a}],q[{b}];")
    return "\n".join(lines) + "\n"


def queko(n: int, edges: Edges, depth: int, seed: int) -> str:
    """Return a circuit of `depth` layers that some relabelling runs without a swap.

    Every layer is a random matching of coupled pairs with random one-qubit gates between, and holds a backbone gate
    that shares a qubit with the backbone gate before, so that no layer can be dropped. Labels are a random
    permutation (Tan and Cong, "Optimality study of existing quantum computing layout synthesis tools").
    """
    rng = np.random.default_rng([seed, n, depth])
    near = _neighbours(n, edges)
    label = rng.permutation(n)
    gates: list[tuple[int, ...]] = []
    at = edges[int(rng.integers(len(edges)))][0]
    for _ in range(depth):
        other = near[at][int(rng.integers(len(near[at])))]
        used, layer = {at, other}, [(at, other)]
        for k in rng.permutation(len(edges)):
            a, b = edges[k]
            if a not in used and b not in used and rng.random() < 0.7:
                used |= {a, b}
                layer.append((a, b))
        for a, b in layer:
            gates.append((int(label[a]), int(label[b])))
            gates += [(int(label[q]),) for q in (a, b) if rng.random() < 0.6]
        at = other
    return _text(n, gates, rng)


def _path(near: list[list[int]], start: int, end: int) -> list[int]:
    before = {start: start}
    queue = deque([start])
    while queue:
        q = queue.popleft()
        if q == end:
            break
        for other in near[q]:
            if other not in before:
                before[other] = q
                queue.append(other)
    path = [end]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]


def qubikos(n: int, edges: Edges, swaps: int, gates_a_section: int, seed: int) -> str:
    """Return a circuit whose least number of swaps is `swaps`, on a connected graph.

    In each of `swaps` sections a hub, placed on a qubit of largest degree, meets all its neighbours and then one qubit
    more: more partners than any qubit of the graph has, so the section needs a swap between its first and its last hub
    gate. A chain of gates leads from that last gate to the first hub gate of the next section, so the sections follow
    each other in any order of execution and no swap serves two. One swap of the hub with a neighbour serves each, so
    the bound is met. Filler gates act on pairs that are coupled at their time (idea of the QUBIKOS benchmarks).
    """
    rng = np.random.default_rng([seed, n, swaps, gates_a_section])
    near = _neighbours(n, edges)
    most = max(map(len, near))
    # A hub needs a neighbour with a neighbour that is not its own: where the extra partner sits.
    steps = [
        (p, q, r)
        for p in range(n)
        if len(near[p]) == most
        for q in near[p]
        for r in near[q]
        if r != p and r not in near[p]
    ]
    if not steps:
        raise ValueError("the graph has no qubit of largest degree with a qubit at distance two")
    label = [int(q) for q in rng.permutation(n)]
    gates: list[tuple[int, ...]] = []

    def couple(a: int, b: int) -> None:
        gates.append((label[a], label[b]))
        gates.extend((label[q],) for q in (a, b) if rng.random() < 0.6)

    def fill(count: int) -> None:
        for k in rng.integers(len(edges), size=count):
            couple(*edges[k])

    last: int | None = None
    for _ in range(swaps):
        p, q, r = steps[int(rng.integers(len(steps)))]
        if last is not None:
            path = _path(near, last, p)
            for a, b in itertools.pairwise(path):
                couple(a, b)
        fill(gates_a_section // 2)
        for other in rng.permutation(near[p]):
            couple(p, int(other))
        fill(gates_a_section // 2)
        label[p], label[q] = label[q], label[p]
        couple(q, r)
        last = q
    fill(gates_a_section // 2)
    return _text(n, gates, rng)
