"""Placement and routing of a problem in arrays: which engines run, and which of their answers is kept."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.kernels.embedding import embed_graph
from qcompile.kernels.graphs import Graph, IntArray, RealArray, Wires, components, interaction_graph
from qcompile.kernels.placement import completed_layout, random_layout, region_of_wires
from qcompile.kernels.routing import Costs, route_pairs
from qcompile.mapping.machine import Machine

__all__ = ["Problem", "Solution", "solve"]


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
                hint="the usable part of the target has no such component left; use another target or allow more qubits",
            )
        return region

    def completed(self, partial: IntArray, hint: IntArray | None = None) -> IntArray:
        """Return a bijection that agrees with `partial` where that is not -1."""
        return completed_layout(
            partial, self.region, self.machine.component, self.usable, partial if hint is None else hint
        )


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


def routed(
    problem: Problem, layout: IntArray, options: RealArray, seed: int, limit: float, engine: str
) -> Solution | None:
    """Return what the router makes of a layout, or None if it costs more than `limit`."""
    machine = problem.machine
    events, cost, n_swaps = route_pairs(
        problem.pairs,
        problem.wires,
        problem.costs,
        machine.graph,
        machine.distance,
        layout.copy(),
        options,
        seed,
        limit,
    )
    if cost < 0:
        return None
    return Solution(initial=layout, events=events, cost=cost, n_swaps=n_swaps, engine=engine)


DEFAULT_OPTIONS = np.array([20.0, 0.5, 0.9, 0.5, 0.01, 0.0])


def solve(problem: Problem, *, seed: int = 0, effort: int = 1, layout: IntArray | None = None) -> Solution:
    """Return the cheapest routing found.

    Args:
        problem: The problem.
        seed: Any integer.
        effort: Scales the work; 1 is the default.
        layout: Initial layout to keep; by default one is searched for.

    Raises:
        InputError: A connected part of the circuit does not fit.
    """
    machine = problem.machine
    if layout is None:
        place, _ = embed_graph(
            problem.pattern, machine.graph, machine.walks, machine.qubit_cost, seed, 20000 * max(1, effort)
        )
        if place.max(initial=-1) >= 0 or not (problem.pairs[:, 0] >= 0).any():
            found = routed(problem, problem.completed(place), DEFAULT_OPTIONS, seed, np.inf, "embedding")
            assert found is not None
            return found
    best: Solution | None = None
    for trial in range(8 * max(1, effort)):
        start = layout
        if start is None:
            start = random_layout(problem.region, machine.component, problem.usable, seed * 8191 + trial)
            for _ in range(2):
                for pairs, wires, costs in (
                    (problem.pairs, problem.wires, problem.costs),
                    (*problem.backward, problem.backward_costs),
                ):
                    route_pairs(
                        pairs, wires, costs, machine.graph, machine.distance, start, DEFAULT_OPTIONS, trial, np.inf
                    )
        limit = np.inf if best is None else best.cost
        found = routed(problem, start, DEFAULT_OPTIONS, seed * 8191 + trial, limit, "sabre")
        if found is not None and (best is None or found.cost < best.cost):
            best = found
    if best is None:
        raise InputError("cannot be routed", where="circuit", hint="the initial layout spans unconnected parts")
    return best
