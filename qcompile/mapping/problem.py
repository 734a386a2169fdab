"""A placement and routing problem in arrays, and its answer."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.kernels.graphs import Graph, IntArray, RealArray, Wires, components, interaction_graph
from qcompile.kernels.placement import completed_layout, region_of_wires
from qcompile.kernels.routing import Costs
from qcompile.kernels.routing_splice import depth_of_events
from qcompile.mapping.machine import Machine

__all__ = ["Problem", "Solution"]


@frozen(kw_only=True, eq=False)
class Problem:
    """What is to be routed where.

    Attributes:
        machine: The machine of n qubits.
        pairs: `int32[m, 2]`, wires below n that must meet, negative without a coupling.
        wires: Dependencies.
        backward: Pairs and dependencies of the circuit run backwards.
        alone: `float64[m]` cost of each operation.
        with_swap: `float64[m]` cost of each operation merged with a SWAP.
        swap: Cost of a lone SWAP.
        acted_on: `bool[n]`, wires in use.
    """

    machine: Machine
    pairs: IntArray
    wires: Wires
    backward: tuple[IntArray, Wires]
    alone: RealArray
    with_swap: RealArray
    swap: float
    acted_on: np.ndarray = field()

    @cached_property
    def costs(self) -> Costs:
        """Costs as the router reads them."""
        return self.alone, self.with_swap, self.machine.edge_factor, np.array([self.swap])

    @cached_property
    def backward_costs(self) -> Costs:
        """The same for the circuit run backwards."""
        alone, with_swap = (np.ascontiguousarray(a[::-1]) for a in (self.alone, self.with_swap))
        return alone, with_swap, self.machine.edge_factor, np.array([self.swap])

    @cached_property
    def pattern(self) -> Graph:
        """Graph of wires that interact."""
        return interaction_graph(self.machine.n_qubits, self.pairs, self.alone)[0]

    @cached_property
    def usable(self) -> IntArray:
        """`int32[n]`, 1 for physical qubits that may be used."""
        return self.machine.usable.astype(np.int32)

    @cached_property
    def region(self) -> IntArray:
        """`int32[n]`, component of the machine for each wire in use.

        Raises:
            InputError: A connected part of the circuit is larger than any part of the machine that is left.
        """
        part = components(self.pattern)
        region = region_of_wires(part, self.acted_on.astype(np.int32), self.machine.component, self.usable)
        if (region == -2).any():
            size = int((part[self.acted_on] == part[int(np.argmax(region == -2))]).sum())
            raise InputError(
                f"needs {size} connected qubits",
                where="circuit",
                hint="the usable part of the target has no such component left; use another one or allow more qubits",
            )
        return region

    def completed(self, partial: IntArray, hint: IntArray | None = None) -> IntArray:
        """Return a bijection that agrees with `partial` where that is not -1."""
        return completed_layout(
            partial, self.region, self.machine.component, self.usable, partial if hint is None else hint
        )

    def score(self, found: Solution, depth_weight: float) -> float:
        """Return what is to be small: cost, and the two-qubit depth times what a unit of it counts."""
        if depth_weight == 0:
            return found.cost
        return found.cost + depth_weight * depth_of_events(found.events, self.costs, self.wires, found.initial)


@frozen(kw_only=True, eq=False)
class Solution:
    """A routed problem.

    Attributes:
        initial: `int32[n]`, place of each wire at the start.
        events: `int32[k, 3]`, see `qcompile.kernels.routing.route_pairs`.
        cost: What SWAPs cost beyond the operations.
        n_swaps: Number of SWAPs.
        engine: What found it.
    """

    initial: IntArray
    events: IntArray
    cost: float
    n_swaps: int
    engine: str
