"""One pass of the router, and the options it is given."""

from __future__ import annotations

import numpy as np

from qcompile.kernels.graphs import IntArray, RealArray
from qcompile.kernels.routing import route_pairs
from qcompile.kernels.routing_lookahead import EXTENDED_SIZE, N_OPTIONS
from qcompile.mapping.problem import Problem, Solution

__all__ = ["ROUTER_OPTIONS", "route_once", "router_options"]

#: Options of the router by place, see `qcompile.kernels.routing`: lookahead of 30 operations at 0.4 x 0.7^level, 1.5
#: per SWAP cost, 0.01 per recent SWAP on a qubit, no depth term, 0.5 per turn on a shared wire, no noise. The other
#: rows suit circuits that commute (short sight), wide ones (a lookahead of more than one operation a qubit, here as
#: a factor below 10) and those with much to merge. The first trials use one row each, the later ones the row that
#: did best.
ROUTER_OPTIONS = np.array(
    [
        [30.0, 0.4, 0.7, 1.5, 0.01, 0.0, 0.5, 0.0],
        [30.0, 0.2, 0.7, 1.5, 0.01, 0.0, 0.5, 0.0],
        [1.2, 0.4, 0.7, 1.5, 0.05, 0.0, 0.5, 0.0],
        [30.0, 0.3, 0.8, 3.0, 0.01, 0.0, 0.3, 0.0],
    ]
)
assert ROUTER_OPTIONS.shape[1] == N_OPTIONS

_NOTHING = np.zeros(0, np.int32)


def route_once(problem: Problem, layout: IntArray, *, seed: int, row: int = 0) -> Solution | None:
    """Return the route that one pass from a layout finds, with options of row `row`; None where it gets stuck."""
    machine = problem.machine
    events, cost, n_swaps = route_pairs(
        problem.pairs,
        problem.wires,
        problem.costs,
        machine.graph,
        machine.distance,
        layout.copy(),
        router_options(problem, row),
        seed,
        np.inf,
        _NOTHING,
    )
    if np.isinf(cost):
        return None
    return Solution(initial=layout, events=events, cost=cost, n_swaps=n_swaps, engine="sabre")


def router_options(problem: Problem, row: int) -> RealArray:
    """Return a row of `ROUTER_OPTIONS`, its lookahead in operations."""
    options: RealArray = ROUTER_OPTIONS[row].copy()
    if options[EXTENDED_SIZE] < 10.0:
        options[EXTENDED_SIZE] = max(40.0, np.floor(options[EXTENDED_SIZE] * problem.acted_on.sum()))
    return options
