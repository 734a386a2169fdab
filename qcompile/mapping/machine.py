"""A target as the placement and routing kernels read it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

import numpy as np
from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.kernels.embedding_domains import WordArray, walk_tables
from qcompile.kernels.graphs import (
    UNREACHABLE,
    Graph,
    IntArray,
    RealArray,
    all_distances,
    components,
    graph_of_edges,
)
from qcompile.target import Target

__all__ = ["Machine", "machine_of"]


@frozen(kw_only=True, eq=False)
class Machine:
    """A coupling graph with costs.

    Attributes:
        n_qubits: Number n of physical qubits, unusable ones included; those have no edges.
        edges: `int32[m, 2]`.
        usable: `bool[n]`, which qubits may hold a qubit that is acted on.
        edge_factor: `float64[m]`, cost of a native gate on each edge relative to the mean, at least 0.
        qubit_cost: `float64[n]`, a tie-break between equally good places: mean error of the edges of a qubit plus
            its own.
    """

    n_qubits: int
    edges: IntArray
    usable: np.ndarray
    edge_factor: RealArray = field()
    qubit_cost: RealArray = field()

    @edge_factor.default
    def _alike(self) -> RealArray:
        return np.ones(len(self.edges), np.float64)

    @qubit_cost.default
    def _indifferent(self) -> RealArray:
        return np.zeros(self.n_qubits, np.float64)

    @cached_property
    def graph(self) -> Graph:
        """Sparse rows of the usable couplings."""
        return graph_of_edges(self.n_qubits, self.edges)

    @cached_property
    def distance(self) -> IntArray:
        """`int32[n, n]`."""
        if self.is_complete:
            return np.ones((self.n_qubits, self.n_qubits), np.int32) - np.eye(self.n_qubits, dtype=np.int32)
        return all_distances(self.graph)

    @cached_property
    def component(self) -> IntArray:
        """`int32[n]`."""
        return components(self.graph)

    @cached_property
    def walks(self) -> WordArray:
        """Tables of the embedding search."""
        return walk_tables(self.graph)

    @cached_property
    def is_complete(self) -> bool:
        """Whether every two qubits are coupled, so that nothing needs routing."""
        return len(self.edges) == self.n_qubits * (self.n_qubits - 1) // 2

    @cached_property
    def diameter(self) -> int:
        """Longest distance inside a component."""
        inside = self.distance[self.distance < UNREACHABLE]
        return int(inside.max()) if inside.size else 0


def machine_of(target: Target, *, allowed_qubits: Iterable[int] | None = None, noise_aware: bool = False) -> Machine:
    """Return the machine that `target` is to the router.

    Args:
        target: The target.
        allowed_qubits: Physical qubits that may be used; all enabled ones by default.
        noise_aware: Whether a worse edge costs more, as -log of its fidelity. Unknown errors count as the mean.

    Raises:
        InputError: `allowed_qubits` names a qubit that does not exist or is switched off.
    """
    allowed = None if allowed_qubits is None else tuple(sorted({int(q) for q in allowed_qubits}))
    for q in allowed or ():
        if not (0 <= q < target.n_qubits and target.enabled[q]):
            raise InputError(f"names qubit {q}", where="allowed_qubits", hint="use enabled qubits of the target")
    return _machine(target, allowed, noise_aware)


@lru_cache(maxsize=32)
def _machine(target: Target, allowed: tuple[int, ...] | None, noise_aware: bool) -> Machine:
    usable = target.enabled.copy()
    if allowed is not None:
        mask = np.zeros(target.n_qubits, np.bool_)
        mask[list(allowed)] = True
        usable &= mask
    keep = usable[target.edges].all(axis=1) if len(target.edges) else np.zeros(0, np.bool_)
    edges = np.ascontiguousarray(target.edges[keep])
    errors = np.full((len(target.natives), len(edges)), np.nan)
    for k, gate in enumerate(target.natives):
        errors[k] = np.where(gate.available[keep], gate.error[keep], np.nan)
    known = np.where(np.isnan(errors), np.inf, errors).min(axis=0, initial=np.inf)
    loss = -np.log1p(-np.clip(known, 0.0, 0.999))
    typical = float(loss[np.isfinite(loss)].mean()) if np.isfinite(known).any() else 0.0
    loss = np.where(np.isfinite(known), loss, typical)
    factor = np.round(loss / typical, 6) if noise_aware and typical > 0 else np.ones(len(edges))
    cost = np.zeros(target.n_qubits)
    degree = np.maximum(np.bincount(edges.ravel(), minlength=target.n_qubits), 1)
    if typical > 0:
        for side in range(2):
            np.add.at(cost, edges[:, side], loss / typical)
    return Machine(
        n_qubits=target.n_qubits,
        edges=edges,
        usable=usable,
        edge_factor=factor,
        qubit_cost=np.round(cost / degree, 6),
    )
