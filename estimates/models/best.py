"""Search over data blocks, factories, copies, distances and the split of the budget; a front of qubits against time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from attrs import evolve

from estimates.budget import ErrorBudget
from estimates.codes import MAX_DISTANCE, Code, code_named
from estimates.counts import LogicalCounts
from estimates.data_blocks import DATA_BLOCKS, DataBlock
from estimates.factories.catalogue import TableFactory, cultivation_factories, litinski_factories
from estimates.factories.ccz2t import Ccz2tFactory
from estimates.factories.factory import Factory
from estimates.hardware import FtHardware
from estimates.models.design import Design, infeasible
from estimates.models.gidney_fowler import design_at
from estimates.rotations import t_per_rotation

__all__ = ["best"]

ROTATION_SHARES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5)
"""Parts of the budget tried for rotations: T per rotation moves by log2 of the part only."""

_CCZ2T = tuple((l1, l2) for l1 in (9, 11, 13, 15, 17, 19, 21, 25) for l2 in range(l1 + 2, min(2 * l1, 39) + 1, 4))
_ASSUMPTIONS = (
    "Clifford gates take no time of their own; each magic state is consumed by the data block's rule",
    "time is at least the chain of rotations and T gates times the reaction time",
    "data patches fail once per cycle and patch; failures are added",
    "factories of published tables are used at the next tabulated error rate and never beyond their best error",
    "a CCZ gate takes 4 T states where the factory makes T states only",
)


class _Point(NamedTuple):
    """One candidate, small enough to make thousands of."""

    qubits: int
    cycles: int
    distance: int
    block: DataBlock
    factory: Factory
    copies: int
    budget: ErrorBudget
    limited_by: str


def best(
    counts: LogicalCounts,
    hardware: FtHardware,
    error_budget: float | ErrorBudget,
    *,
    formula: str = "mixed_fallback",
    objective: str = "volume",
    code: str | Code | None = None,
    max_qubits: int | None = None,
    max_seconds: float | None = None,
    max_factories: int = 64,
) -> tuple[Design, tuple[Design, ...]]:
    """Return the best design by `objective`, and the Pareto front (fewest qubits first).

    Args:
        error_budget: Allowed failure probability per execution, split by the search; or its parts, kept as given.
        code: Logical error model, see `codes.CODES`; by default the fit of simulated memories for surface codes made
            of gates, and the machine's own code otherwise.
        max_qubits, max_seconds, max_factories: Limits; a search that ends empty says so in the design.
    """
    if code is None:
        code = "memory_fit" if hardware.code in ("beverland", "gidney_fowler") else hardware.code
    law = code_named(code) if isinstance(code, str) else code
    splits = (error_budget,) if isinstance(error_budget, ErrorBudget) else _splits(error_budget, counts, formula)
    shown = splits[-1]
    if not law.suppresses(hardware.p):
        return _none(law.needs_below(hardware.p), shown, formula), ()
    found: list[_Point] = []
    least_error = math.inf
    for budget in splits:
        per_rotation = t_per_rotation(counts.rotations, budget.rotations, formula=formula)
        n_t, n_ccz = counts.t + per_rotation * counts.rotations, counts.ccz
        known = _factories(hardware, n_t)
        least_error = min([least_error, *(f.error(n_t, n_ccz) for f in known)])
        chain = per_rotation * counts.rotation_depth  # each layer of rotations waits for the one before
        for factory in _useful([f for f in known if f.error(n_t, n_ccz) < budget.physical], n_t, n_ccz):
            found += _points(counts, hardware, budget, factory, law, n_t, n_ccz, chain, max_factories)
    if not found:
        reason = (
            f"no factory and code distance of the catalogue meets {shown.physical:.3g}; the states of the best "
            f"factory fail with {least_error:.3g}"
        )
        return _none(reason, shown, formula), ()
    front = tuple(_design(counts, hardware, point, law, formula) for point in _front(found))
    cycle = hardware.cycle_s
    kept = [
        x
        for x in found
        if (max_qubits is None or x.qubits <= max_qubits) and (max_seconds is None or x.cycles * cycle <= max_seconds)
    ]
    if not kept:
        few, fast = front[0], front[-1]
        reason = (
            f"no design within {max_qubits} qubits and {max_seconds} s; the smallest has {few.physical_qubits} qubits "
            f"and takes {few.seconds:.3g} s, the fastest {fast.physical_qubits} qubits and {fast.seconds:.3g} s"
        )
        return _none(reason, shown, formula), front
    return _design(counts, hardware, min(kept, key=_KEYS[objective]), law, formula), front


def _splits(total: float, counts: LogicalCounts, formula: str) -> tuple[ErrorBudget, ...]:
    """Return the splits worth trying: of those with equal T per rotation the one that leaves most to the rest."""
    if not counts.rotations:
        return (ErrorBudget.of(total, has_rotations=False),)
    seen: dict[int, ErrorBudget] = {}
    for share in ROTATION_SHARES:
        budget = ErrorBudget.of(total, has_rotations=True, rotation_share=share)
        seen.setdefault(t_per_rotation(counts.rotations, budget.rotations, formula=formula), budget)
    return tuple(seen.values())


def _none(reason: str, budget: ErrorBudget, formula: str) -> Design:
    return infeasible("best", reason, budget=budget, rotation_formula=formula, assumptions=_ASSUMPTIONS)


@lru_cache(maxsize=64)
def _catalogue(p: float) -> tuple[Factory, ...]:
    """Return the factories known at a physical error rate; of one kind only those that no other of it beats."""
    tables: tuple[Factory, ...] = cultivation_factories(p) + litinski_factories(p)
    fowler = code_named("gidney_fowler")
    if not fowler.suppresses(p):
        return tables
    made = [Ccz2tFactory(l1, l2, fowler, p) for l1, l2 in _CCZ2T]
    return tables + tuple(_useful(made, 1000, 1000))  # costs of one kind grow alike: any counts compare them


def _factories(hardware: FtHardware, n_t: int) -> list[Factory]:
    return [f for f in _catalogue(hardware.p) if not isinstance(f, TableFactory) or f.can_make(n_t)]


def _useful(factories: Sequence[Factory], n_t: int, n_ccz: int) -> list[Factory]:
    """Return the factories that no other beats in qubits, time and error at once, the first of equals."""
    if not factories:
        return []
    rated = np.array([(f.qubits, f.cycles(n_t, n_ccz), f.error(n_t, n_ccz)) for f in factories])
    no_worse = (rated[:, None] <= rated[None]).all(axis=2)
    equal = (rated[:, None] == rated[None]).all(axis=2)
    beats = (no_worse & ~equal) | np.triu(equal, 1)
    return [factories[i] for i in np.flatnonzero(~beats.any(axis=0)).tolist()]


def _points(
    counts: LogicalCounts,
    hardware: FtHardware,
    budget: ErrorBudget,
    factory: Factory,
    law: Code,
    n_t: int,
    n_ccz: int,
    chain: int,
    max_factories: int,
) -> Iterator[_Point]:
    """Yield candidates with one factory kind: per data block, from one copy to as many as the block can use."""
    left = budget.physical - factory.error(n_t, n_ccz)
    reaction = math.ceil(chain * hardware.reaction_s / hardware.cycle_s)
    all_made = factory.cycles(n_t, n_ccz)
    for block in _BLOCKS:
        patches = block.n_patches(counts.n_qubits)
        distance = 3
        # Copies that make states faster than the block or the reaction time can use them are of no use.
        n_useful = -(-all_made // max(1, block.consumption_cycles(n_t + n_ccz, distance), reaction))
        n_plans = min(max_factories.bit_length(), max(0, n_useful - 1).bit_length() + 1)
        # More copies never need a larger distance, so the search runs from many copies to one and keeps its distance.
        for copies in (2**k for k in reversed(range(n_plans))):
            made = -(-all_made // copies)
            while True:
                used = block.consumption_cycles(n_t + n_ccz, distance)
                cycles = max(made, used, reaction, distance)
                if patches * cycles * law.error_per_cycle(distance, hardware.p) <= left:
                    break
                # Cycles never fall with distance: the law at today's cycles says how far to go at least.
                allowed = left / (patches * cycles) * (MAX_DISTANCE if law.per == "step" else 1)
                jump = law.smallest_distance(hardware.p, allowed, first=distance + 2)
                if jump is None:
                    return
                distance = jump
            limited = {made: "factories", used: "consumption", reaction: "reaction"}.get(cycles, "logical steps")
            qubits = law.physical_qubits(distance) * patches + factory.qubits * copies
            yield _Point(qubits, cycles, distance, block, factory, copies, budget, limited)


def _design(counts: LogicalCounts, hardware: FtHardware, point: _Point, law: Code, formula: str) -> Design:
    design = design_at(
        "best", counts, hardware, point.budget, point.block, point.factory, point.copies, law, formula, point.distance
    )
    patches = point.block.n_patches(counts.n_qubits)
    logical = patches * point.cycles * law.error_per_cycle(point.distance, hardware.p)
    return evolve(
        design,
        cycles=point.cycles,
        seconds=point.cycles * hardware.cycle_s,
        limited_by=point.limited_by,
        spent=evolve(design.spent, logical=logical),
        assumptions=_ASSUMPTIONS,
    )


# A block that takes any number of states at once leaves out what this search weighs.
_BLOCKS = tuple(block for block in DATA_BLOCKS.values() if block.steps_per_state)


def _by_qubits(x: _Point) -> tuple[float, float]:
    return (x.qubits, x.cycles)


def _by_time(x: _Point) -> tuple[float, float]:
    return (x.cycles, x.qubits)


def _by_volume(x: _Point) -> tuple[float, float]:
    return (float(x.qubits) * x.cycles, x.qubits)


_KEYS: dict[str, Callable[[_Point], tuple[float, float]]] = {
    "qubits": _by_qubits,
    "time": _by_time,
    "volume": _by_volume,
}


def _front(points: list[_Point]) -> Iterator[_Point]:
    """Yield the points that no other beats in both qubits and time, fewest qubits first."""
    fastest = math.inf
    for point in sorted(points, key=_by_qubits):
        if point.cycles < fastest:
            yield point
            fastest = point.cycles
