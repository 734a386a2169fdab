"""Bring logical qubits to the places where the caller wants them at the end, by swaps along the couplings."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qcompile.api.options import Options
from qcompile.errors import InputError
from qcompile.mapping import Routed
from qcompile.tape import LayoutWitness, Op, Rewrite, Tape, TapeBuilder
from qcompile.target import Target

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["settle"]

Ints = NDArray[np.int32]


def settle(routed: Routed, target: Target, options: Options, at_end: Ints) -> tuple[Rewrite, Ints, int]:
    """Return the routed tape with closing swaps, its witness, the final layout and the number of swaps.

    Args:
        routed: A routed tape.
        target: The machine.
        options: Of the compile.
        at_end: int32[n_logical], the wire of the tape before routing on which each logical qubit ends.

    Raises:
        InputError: A wanted place cannot be reached from where the qubit is.
    """
    tape, n_logical = routed.tape, len(at_end)
    final = np.array(routed.final_layout, dtype=np.int32)
    if options.final_layout == "any":
        return Rewrite(tape, routed.witness), _of_qubits(final, at_end), 0
    wanted = routed.initial_layout[:n_logical] if options.final_layout == "same" else np.asarray(options.final_layout)
    swaps = _token_swaps(_couplings(target, options), {int(final[at_end[q]]): int(wanted[q]) for q in range(n_logical)})
    if not swaps:
        return Rewrite(tape, routed.witness), _of_qubits(final, at_end), 0
    builder = TapeBuilder(tape.n_qubits, tape.qubit_names)
    inverse = np.argsort(final)
    measured_last = _measured(tape)
    for a, b in swaps:
        builder.add(Op.SWAP, a, b)
        inverse[[a, b]] = inverse[[b, a]]
    if measured_last.any():
        raise InputError(
            "holds measurements", where="final_layout", hint="a measured qubit has no place to return to: use 'any'"
        )
    longer = Tape.concat([tape, builder.build()])
    settled = np.argsort(inverse).astype(np.int32)
    rows = np.arange(len(tape), len(longer), dtype=np.int32)
    events = np.concatenate([routed.witness.events, np.stack([np.full_like(rows, -1), rows], axis=1)])
    witness = LayoutWitness(events=events, initial=routed.witness.initial, final=settled)
    return Rewrite(longer, witness), _of_qubits(settled, at_end), len(swaps)


def _of_qubits(final: Ints, at_end: Ints) -> Ints:
    """Return the final layout by logical qubit from the one by wire."""
    out = final.copy()
    out[: len(at_end)] = final[at_end]
    return out


def _measured(tape: Tape) -> NDArray[np.bool_]:
    return np.asarray(tape.opcode == Op.MEASURE)


def _couplings(target: Target, options: Options) -> nx.Graph:
    """Return the couplings between qubits that may be used."""
    import networkx as nx

    allowed = None if options.allowed_qubits is None else {int(q) for q in options.allowed_qubits}
    graph = nx.Graph()
    graph.add_nodes_from(int(q) for q in np.flatnonzero(target.enabled) if allowed is None or int(q) in allowed)
    graph.add_edges_from((int(a), int(b)) for a, b in target.edges if int(a) in graph and int(b) in graph)
    return graph


def _token_swaps(graph: nx.Graph, moves: dict[int, int]) -> list[tuple[int, int]]:
    """Return swaps along the edges of `graph` that carry each token to its place.

    Inside a tree that joins all places involved, leaves are settled one by one and cut off, so that a settled place is
    never disturbed; qubits without a wish fill the places that are left.
    """
    import networkx as nx

    if all(a == b for a, b in moves.items()):
        return []
    for a, b in moves.items():
        if a != b and (a not in graph or b not in graph):
            raise InputError(
                f"asks for a way from {a} to {b}, where a qubit may not be used",
                where="final_layout",
                hint="allow both in allowed_qubits, or use 'any'",
            )
    swaps: list[tuple[int, int]] = []
    for nodes in sorted(nx.connected_components(graph), key=min):
        mine = {a: b for a, b in moves.items() if a in nodes}
        if any(b not in nodes for b in mine.values()):
            raise InputError(
                "asks for a qubit on another part of the machine, or beyond qubits that may not be used",
                where="final_layout",
                hint="allow qubits between them, or use 'any'",
            )
        if all(a == b for a, b in mine.items()):
            continue
        tree = _joining_tree(graph.subgraph(nodes), sorted({*mine, *mine.values()}))
        free_from, free_to = sorted(set(tree) - set(mine)), sorted(set(tree) - set(mine.values()))
        stay = set(free_from) & set(free_to)
        wish = mine | {q: q for q in stay}
        wish |= dict(zip((q for q in free_from if q not in stay), (q for q in free_to if q not in stay), strict=True))
        while tree.number_of_nodes() > 1:
            owner = {b: a for a, b in wish.items()}
            leaves = [q for q in tree if tree.degree(q) == 1]
            leaf = min(leaves, key=lambda q: (nx.shortest_path_length(tree, owner[q], q), q))
            path = nx.shortest_path(tree, owner[leaf], leaf)
            for a, b in itertools.pairwise(path):
                wish[a], wish[b] = wish[b], wish[a]
                swaps.append((min(a, b), max(a, b)))
            tree.remove_node(leaf)
            del wish[leaf]
    return swaps


def _joining_tree(graph: nx.Graph, wanted: list[int]) -> nx.Graph:
    """Return a small tree of `graph` that holds all wanted nodes, grown path by path."""
    import networkx as nx

    tree = nx.Graph()
    tree.add_node(wanted[0])
    while missing := [q for q in wanted if q not in tree]:
        reach = nx.multi_source_dijkstra_path(graph, set(tree))
        path = min((reach[q] for q in missing), key=lambda p: (len(p), p))
        nx.add_path(tree, path)
    return tree
