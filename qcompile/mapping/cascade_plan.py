"""Where on a machine a cascade is cheapest: patches, first roots, trees."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.cascade import breadth_tree, cut_vertices
from qcompile.kernels.cascade_emit import emit_cascade
from qcompile.kernels.cascade_search import plan_cascade
from qcompile.kernels.graphs import UNREACHABLE, Graph, all_distances, graph_of_edges
from qcompile.mapping.machine import Machine

__all__ = ["Plan", "plan"]

Ints = NDArray[np.int32]

#: CNOTs that a layer is worth, by objective.
LAYER_WEIGHT = {"two_qubit_gates": 0.3, "swaps": 0.3, "depth": 3.0, "esp": 1.0}
_AHEAD = 1.0
_WIDTH = 8
#: From this share of all pairs on, stars count as full. Roots of others should sweep over the patch, so that those who
#: meet sit near each other: starts are tried with several strengths of pull.
_FULL = 0.95
_FULL_PULLS, _PARTIAL_PULLS = (0.0,), (0.0, 0.03, 0.1)
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
    patches = list(_patches(machine, n, 2 + 2 * effort))
    if not patches:
        return None
    effort = max(1, effort)
    full = partner.sum() > _FULL * n * (n - 1) / 2
    pulls, streams, weights = (_FULL_PULLS, (0, 1), (0.3,)) if full else (_PARTIAL_PULLS, (0,), (0.3, 1.0))
    each = len(patches) * len(pulls) * len(streams)
    n_roots = max(3, _QUICK * effort // (n * n * each))
    trials: list[tuple[float, int, _Start]] = []
    for patch in patches:
        graph = _inside(machine, patch)
        distance = all_distances(graph)
        firm = np.flatnonzero(~cut_vertices(graph[0], graph[1], np.zeros(n, np.int32), -1))
        if not full:  # begin at the rim
            rim = distance[firm].max(axis=1)
            firm = firm[rim >= np.quantile(rim, 0.7)]
        for root in firm[:: max(1, len(firm) // n_roots)].tolist():
            far = distance[np.argmax(distance[root])].astype(np.float64)
            for pull in pulls:
                for stream in streams:
                    start = _Start(patch, graph, root, stream, pull * (far.max() - far))
                    value = _value(start.carried_on(1, weights[-1], partner), weight)
                    trials.append((value, len(trials), start))
    # Beams weigh layers little whatever the objective: with more, plans are short-sighted and deeper in the end.
    trials.sort(key=lambda t: t[:2])
    chosen = [start for _, _, start in trials[: max(2, _THOROUGH * effort // (n * n * len(weights)))]]
    plans = (start.carried_on(_WIDTH, w, partner) for start in chosen for w in weights)
    return min(plans, key=lambda one: _value(one, weight))


def _value(one: Plan, weight: float) -> float:
    return one.count + weight * one.depth


@frozen(eq=False)
class _Start:
    """A patch with its first root, the `stream` of its first tree, and what draws roots early, see `plan_cascade`."""

    patch: Ints
    graph: Graph
    root: int
    stream: int
    pull: NDArray[np.float64]

    def carried_on(self, width: int, weight: float, partner: NDArray[np.bool_]) -> Plan:
        """Return the plan that a beam of `width` finds from here."""
        start, neighbour, _ = self.graph
        tree = breadth_tree(start, neighbour, self.root, self.stream)
        variants = 1 if width == 1 else 2
        order, trees, _, _ = plan_cascade(start, neighbour, self.root, tree, width, variants, weight, _AHEAD, self.pull)
        return emitted(self.patch, order, trees, partner)


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
