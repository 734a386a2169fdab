"""Where on a machine a cascade is cheapest: patches, first roots, trees."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.cascade import breadth_tree, cut_vertices
from qcompile.kernels.cascade_emit import emit_cascade
from qcompile.kernels.cascade_search import plan_cascade
from qcompile.kernels.graphs import UNREACHABLE, Graph, graph_of_edges
from qcompile.mapping.machine import Machine

__all__ = ["Plan", "plan"]

Ints = NDArray[np.int32]

#: CNOTs that a layer is worth, by objective.
LAYER_WEIGHT = {"two_qubit_gates": 0.3, "swaps": 0.3, "depth": 3.0, "esp": 1.0}
_AHEAD = 1.0
_WIDTH = 8
#: Vertices times vertices that the quick and the thorough search may visit at effort 1.
_QUICK, _THOROUGH = 60_000, 16_000


@frozen(kw_only=True, eq=False)
class Plan:
    """A cascade placed.

    Attributes:
        place: int32[n], physical qubit of the root of each step.
        trees: int32[n, n], parents by step, vertices numbered by the step at which they are root; -1 the root, -2 gone.
        rows: int32[k, 4], see `emit_cascade`, vertices numbered likewise.
        holds: int32[n, n], see there.
        count, depth: Number of CNOTs and of layers of them.
    """

    place: Ints
    trees: Ints
    rows: Ints
    holds: Ints
    count: int
    depth: int


def plan(
    machine: Machine, partner: NDArray[np.bool_], *, objective: str = "two_qubit_gates", effort: int = 1
) -> Plan | None:
    """Return the best plan found for stars with the given partners, or None if no part of the machine is large enough.

    Args:
        machine: The machine.
        partner: bool[n, n], which later qubits each root has a phase with.
        objective: What to save.
        effort: Scales the search.
    """
    n = len(partner)
    weight = LAYER_WEIGHT.get(objective, 0.3)
    trials: list[tuple[float, int, Ints, Graph, int, int]] = []
    patches = list(_patches(machine, n, 2 + 2 * effort))
    if not patches:
        return None
    roots_each = max(2, _QUICK * max(1, effort) // (n * n) // (len(patches)))
    graphs = [(patch, _inside(machine, patch)) for patch in patches]
    for patch, graph in graphs:
        start, neighbour, _ = graph
        firm = np.flatnonzero(~cut_vertices(start, neighbour, np.zeros(n, np.int32), -1))
        for root in firm[:: max(1, len(firm) // roots_each)].tolist():
            for stream in (0, 1):
                tree = breadth_tree(start, neighbour, root, stream)
                _, _, count, depth = plan_cascade(start, neighbour, root, tree, 1, 1, weight, _AHEAD)
                trials.append((count + weight * depth, len(trials), patch, graph, root, stream))
    trials.sort(key=lambda t: t[:2])
    best: Plan | None = None
    least = np.inf
    for _, _, patch, graph, root, stream in trials[: max(2, _THOROUGH * max(1, effort) // (n * n))]:
        start, neighbour, _ = graph
        tree = breadth_tree(start, neighbour, root, stream)
        order, trees, _, _ = plan_cascade(start, neighbour, root, tree, _WIDTH, 2, weight, _AHEAD)
        found = emitted(patch, order, trees, partner)
        value = found.count + weight * found.depth
        if value < least:
            best, least = found, value
    return best


def emitted(patch: Ints, order: Ints, trees: Ints, partner: NDArray[np.bool_]) -> Plan:
    """Return a plan with its gates; `order` and `trees` number the vertices as `patch` does."""
    n = len(order)
    step_of = np.full(n + 2, -1, np.int32)
    step_of[order] = np.arange(n)
    step_of[n:] = (-2, -1)  # reached by the parents -2 and -1
    renamed = np.ascontiguousarray(step_of[trees][:, order])
    rows, holds, count, depth = emit_cascade(np.arange(n, dtype=np.int32), renamed, partner)
    return Plan(place=patch[order].astype(np.int32), trees=renamed, rows=rows, holds=holds, count=count, depth=depth)


def _patches(machine: Machine, n: int, most: int) -> Iterator[Ints]:
    """Yield compact connected sets of n usable qubits, alike ones only once (the least noisy of them)."""
    distance = machine.distance
    near = np.sort(np.where(machine.usable[None, :], distance, UNREACHABLE), axis=1)[:, :n]
    reach = np.where(machine.usable, near.sum(axis=1), np.iinfo(np.int64).max)
    known: dict[tuple[int, ...], tuple[float, Ints]] = {}
    tried = 0
    for s in np.argsort(reach, kind="stable").tolist():
        if near.shape[1] < n or near[s, -1] >= UNREACHABLE or not machine.usable[s]:
            break
        for grow in (_ball, _cluster):
            patch = grow(machine, s, n)
            inside = distance[np.ix_(patch, patch)]
            key = (*np.bincount((inside == 1).sum(axis=1), minlength=5).tolist(), int(inside.sum()))
            noise = float(machine.qubit_cost[patch].sum())
            if key not in known and len(known) >= most:
                continue
            if key not in known or noise < known[key][0] - 1e-9:
                known[key] = (noise, patch)
        tried += 1
        if tried >= 12:
            break
    yield from (patch for _, patch in known.values())


def _ball(machine: Machine, s: int, n: int) -> Ints:
    far = np.where(machine.usable, machine.distance[s], UNREACHABLE)
    return np.sort(np.argsort(far, kind="stable")[:n]).astype(np.int32)


def _cluster(machine: Machine, s: int, n: int) -> Ints:
    """Return n qubits grown from `s`, each time the one with most neighbours inside, the nearest of those."""
    start, neighbour, _ = machine.graph
    touching = np.zeros(machine.n_qubits, np.int64)
    inside = np.zeros(machine.n_qubits, np.bool_)
    v = s
    for _ in range(n):
        inside[v] = True
        touching[neighbour[start[v] : start[v + 1]]] += 1
        score = np.where(inside | (touching == 0), -1, touching * UNREACHABLE - machine.distance[s])
        v = int(np.argmax(score))
    return np.flatnonzero(inside).astype(np.int32)


def _inside(machine: Machine, patch: Ints) -> Graph:
    index = np.full(machine.n_qubits, -1, np.int32)
    index[patch] = np.arange(len(patch))
    edges = index[machine.edges]
    return graph_of_edges(len(patch), np.ascontiguousarray(edges[(edges >= 0).all(axis=1)]))
