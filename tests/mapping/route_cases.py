"""Random circuits, constructed optima and a checker of routes that shares no code with the router."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np

from qcompile.kernels.graphs import IntArray, reversed_wires, wires_of_pairs
from qcompile.mapping.machine import Machine
from qcompile.mapping.problem import Problem, Solution
from qcompile.tape import Tape, tape_of, tape_unitary


def grid_edges(rows: int, columns: int) -> IntArray:
    """Return the edges of a grid."""
    right = [(r * columns + c, r * columns + c + 1) for r in range(rows) for c in range(columns - 1)]
    down = [(r * columns + c, (r + 1) * columns + c) for r in range(rows - 1) for c in range(columns)]
    return np.array(sorted(right + down), np.int32)


def heavy_hex_edges(rows: int, columns: int) -> tuple[int, IntArray]:
    """Return number of qubits and edges of rows of `columns` qubits, joined by bridges at every fourth place."""
    edges, n = [], rows * columns
    for r in range(rows):
        edges += [(r * columns + c, r * columns + c + 1) for c in range(columns - 1)]
        if r + 1 < rows:
            for c in range(0 if r % 2 else 2, columns, 4):
                edges += [(r * columns + c, n), (n, (r + 1) * columns + c)]
                n += 1
    return n, np.array(edges, np.int32)


def machine(n: int, edges: IntArray) -> Machine:
    """Return a machine with all qubits usable."""
    return Machine(n_qubits=n, edges=edges, usable=np.ones(n, np.bool_))


def problem_of(pairs: IntArray, where: Machine, groups: IntArray | None = None) -> Problem:
    """Return a problem whose operations cost 1, 2 with a SWAP; a SWAP alone costs 3."""
    pairs = np.ascontiguousarray(pairs, dtype=np.int32)
    m = len(pairs)
    wires = wires_of_pairs(where.n_qubits, pairs, np.full(m, -1, np.int32) if groups is None else groups)
    acted_on = np.zeros(where.n_qubits, np.bool_)
    acted_on[pairs] = True
    return Problem(
        machine=where,
        pairs=pairs,
        wires=wires,
        backward=(np.ascontiguousarray(pairs[::-1]), reversed_wires(wires)),
        alone=np.ones(m),
        with_swap=np.full(m, 2.0),
        swap=3.0,
        acted_on=acted_on,
    )


def hidden_layout(where: Machine, n_operations: int, n_swaps: int, seed: int) -> IntArray:
    """Return operations on random couplings under a random layout that `n_swaps` SWAPs change on the way."""
    rng = np.random.default_rng(seed)
    at = rng.permutation(where.n_qubits)
    pairs: list[tuple[int, int]] = []
    for section in range(n_swaps + 1):
        for _ in range(n_operations // (n_swaps + 1)):
            a, b = at[where.edges[rng.integers(len(where.edges))]]
            pairs.append((a, b))
        if section < n_swaps:
            a, b = where.edges[rng.integers(len(where.edges))]
            at[a], at[b] = at[b], at[a]
    return np.array(pairs, np.int32)


def check_route(problem: Problem, found: Solution) -> None:
    """Replay a route: a bijection, SWAPs on couplings, every operation once, coupled and in order."""
    n, m = problem.machine.n_qubits, len(problem.pairs)
    assert sorted(found.initial) == list(range(n))
    couplings = {(int(a), int(b)) for a, b in problem.machine.edges}
    couplings |= {(b, a) for a, b in couplings}
    place = [int(p) for p in found.initial]
    seen: list[int] = []
    n_swaps = 0
    for op, a, b in found.events.tolist():
        if op < 0:
            assert (a, b) in couplings
            wa, wb = place.index(a), place.index(b)
            place[wa], place[wb] = b, a
            n_swaps += 1
            continue
        seen.append(op)
        if problem.pairs[op, 0] >= 0:
            assert [place[w] for w in problem.pairs[op]] == [a, b]
            assert (a, b) in couplings
    assert sorted(seen) == list(range(m))
    assert n_swaps == found.n_swaps
    op_start, op_wire, op_bundle = problem.wires[:3]
    bundle = [-1] * (len(problem.wires[3]) - 1)
    for op in seen:
        for i in range(op_start[op], op_start[op + 1]):
            assert op_bundle[i] >= bundle[op_wire[i]]
            bundle[op_wire[i]] = int(op_bundle[i])


def random_tape(n: int, n_gates: int, seed: int) -> Tape:
    """Return a random circuit with SWAPs, barriers and gates that commute."""
    rng = np.random.default_rng(seed)
    lines = []
    for k in range(n_gates):
        a, b = rng.choice(n, 2, replace=False)
        t = 0.1 + 0.01 * k
        choices = (
            f"h {a}",
            f"rz({t}) {a}",
            f"cx {a} {b}",
            f"rzz({t}) {a} {b}",
            f"cp({t}) {a} {b}",
            f"swap {a} {b}",
            f"barrier {a} {b}",
            f"cx {b} {a}",
        )
        lines.append(choices[rng.integers(len(choices))])
    return tape_of("; ".join([*lines, f"x {n - 1}"]))


def permutation_matrix(layout: IntArray) -> np.ndarray:
    """Return the matrix that moves logical qubit k to physical qubit `layout[k]`."""
    n = len(layout)
    out = np.zeros((2**n, 2**n))
    for x in range(2**n):
        y = sum(((x >> (n - 1 - k)) & 1) << (n - 1 - int(layout[k])) for k in range(n))
        out[y, x] = 1.0
    return out


def layout_distance(old: Tape, new: Tape, initial: IntArray, final: IntArray) -> float:
    """Return the largest entry of V P(initial) - P(final) (U x 1), phase included."""
    u = np.kron(tape_unitary(old), np.eye(2 ** (new.n_qubits - old.n_qubits)))
    return float(np.abs(tape_unitary(new) @ permutation_matrix(initial) - permutation_matrix(final) @ u).max())


def saturated_sections(where: Machine, n_swaps: int, seed: int) -> IntArray:
    """Return operations that need a SWAP in each of `n_swaps` sections and no more.

    A hub with d neighbours meets them, and all qubits with more than d neighbours meet theirs, in random order; then
    the hub meets one qubit more, after a SWAP on the way to it. No place is left for a hub with d + 1 partners. Trees
    of operations run in towards that meeting and out from it, so that sections follow each other in every order
    (idea of QUBIKOS, arXiv 2502.08839).
    """
    rng = np.random.default_rng([seed, n_swaps])
    graph = nx.Graph(where.edges.tolist())
    steps = [
        (hub, between, other)
        for hub in graph
        for between in graph[hub]
        for other in graph[between]
        if other != hub and other not in graph[hub]
    ]
    wire = rng.permutation(where.n_qubits)
    pairs: list[tuple[int, int]] = []
    met: int | None = None
    for _ in range(n_swaps):
        hub, between, other = steps[int(rng.integers(len(steps)))]
        full = [e for e in graph.edges if hub in e or max(graph.degree[e[0]], graph.degree[e[1]]) > graph.degree[hub]]

        def tree(root: int, full: list[tuple[int, int]] = full) -> list[tuple[int, int]]:
            paths = nx.single_source_shortest_path(graph, root)
            steps = {step for e in full for v in e for step in itertools.pairwise(paths[v])}
            return sorted(steps, key=lambda step: len(paths[step[1]]))

        places = [] if met is None else tree(met)
        places += [full[k] for k in rng.permutation(len(full))]
        places += tree(other)[::-1]
        pairs += [(wire[a], wire[b]) for a, b in places]
        moved, met = (hub, other) if rng.random() < 0.5 else (other, hub)
        wire[[moved, between]] = wire[[between, moved]]
        pairs.append((wire[between], wire[met]))
    return np.array(pairs, np.int32)
