"""The model of Gidney and Fowler's spreadsheet and of Qualtran's `PhysicalCostModel`, with a distance search."""

from __future__ import annotations

from estimates.budget import ErrorBudget, ErrorSpent
from estimates.codes import MAX_DISTANCE, Code, code_named
from estimates.counts import LogicalCounts
from estimates.data_blocks import DataBlock, block_named
from estimates.factories.ccz2t import Ccz2tFactory
from estimates.factories.factory import Factory
from estimates.figures import Quality
from estimates.hardware import FtHardware
from estimates.models.design import Design, infeasible
from estimates.rotations import rotation_formula, t_per_rotation

__all__ = ["design_at", "gidney_fowler"]

_ASSUMPTIONS = (
    "Clifford gates and measurements take no time; T and CCZ states are used as fast as the factories make them",
    "data patches fail once per cycle and patch; failures are added, not multiplied",
    "distillation and data share what the budget leaves after rotations",
    "a rotation becomes T gates of its own; none are shared between equal angles",
)


def gidney_fowler(
    counts: LogicalCounts,
    hardware: FtHardware,
    budget: ErrorBudget,
    *,
    formula: str = "mixed_fallback",
    l1: int = 15,
    l2: int = 31,
    n_factories: int = 1,
    data_block: str | DataBlock = "simple",
    code: Code | None = None,
) -> Design:
    """Return the design with the smallest odd data distance that meets the budget.

    Args:
        l1, l2: Distances of the CCZ -> 2T factory; (15, 31) is the published one, 147,904 qubits.
        n_factories: Copies of it.
    """
    code = code or code_named("gidney_fowler")
    factory = Ccz2tFactory(l1, l2, code, hardware.p)
    return smallest_design(
        "gidney_fowler", counts, hardware, budget, block_named(data_block), factory, n_factories, code, formula
    )


def smallest_design(
    model: str,
    counts: LogicalCounts,
    hardware: FtHardware,
    budget: ErrorBudget,
    block: DataBlock,
    factory: Factory,
    n_factories: int,
    code: Code,
    formula: str,
) -> Design:
    """Return the design of smallest distance within the budget for a given block, factory and number of copies."""
    if not code.suppresses(hardware.p):
        return infeasible(
            model, code.needs_below(hardware.p), budget=budget, rotation_formula=formula, assumptions=_ASSUMPTIONS
        )
    per_rotation = t_per_rotation(counts.rotations, budget.rotations, formula=formula)
    n_t, n_ccz = counts.t + per_rotation * counts.rotations, counts.ccz
    left = budget.physical - factory.error(n_t, n_ccz)
    if left <= 0:
        return infeasible(
            model,
            f"the states of {factory.name} alone fail with probability {factory.error(n_t, n_ccz):.3g}, above the "
            f"{budget.physical:.3g} allowed; use a better factory or a larger budget",
            budget=budget,
            rotation_formula=formula,
            assumptions=_ASSUMPTIONS,
        )
    for distance in range(3, MAX_DISTANCE + 1, 2):
        design = design_at(model, counts, hardware, budget, block, factory, n_factories, code, formula, distance)
        if design.spent.distillation + design.spent.logical <= budget.physical:
            return design
    return infeasible(
        model,
        f"no distance up to {MAX_DISTANCE} meets the budget at a physical error rate of {hardware.p:g}",
        budget=budget,
        rotation_formula=formula,
        assumptions=_ASSUMPTIONS,
    )


def design_at(
    model: str,
    counts: LogicalCounts,
    hardware: FtHardware,
    budget: ErrorBudget,
    block: DataBlock,
    factory: Factory,
    n_factories: int,
    code: Code,
    formula: str,
    distance: int,
) -> Design:
    """Return the design at a given distance, within its budget or not."""
    per_rotation = t_per_rotation(counts.rotations, budget.rotations, formula=formula)
    n_t, n_ccz = counts.t + per_rotation * counts.rotations, counts.ccz
    made = -(-factory.cycles(n_t, n_ccz) // n_factories)
    used = block.consumption_cycles(n_t + n_ccz, distance)
    cycles = max(made, used)
    patches = block.n_patches(counts.n_qubits)
    data_qubits = code.physical_qubits(distance) * patches
    factory_qubits = factory.qubits * n_factories
    spent = ErrorSpent(
        rotations=budget.rotations if counts.rotations else 0.0,
        distillation=factory.error(n_t, n_ccz),
        logical=patches * cycles * code.error_per_cycle(distance, hardware.p),
    )
    return Design(
        model=model,
        feasible=True,
        budget=budget,
        spent=spent,
        rotation_formula=formula,
        t_per_rotation=per_rotation,
        n_t=n_t,
        n_ccz=n_ccz,
        code=code.name,
        distance=distance,
        data_block=block.name,
        n_patches=patches,
        data_qubits=data_qubits,
        factory=factory.name,
        n_factories=n_factories,
        factory_qubits=factory_qubits,
        factory_cycles=made,
        physical_qubits=data_qubits + factory_qubits,
        cycles=cycles,
        seconds=cycles * hardware.cycle_s,
        limited_by="factories" if made >= used else "consumption",
        quality=Quality.MODEL if distance <= code.tested_to else Quality.EXTRAPOLATED,
        sources=(
            ("code", code.source),
            ("data_block", block.source),
            ("factory", factory.source),
            ("hardware", hardware.source),
            ("t_per_rotation", rotation_formula(formula).source),
        ),
        assumptions=_ASSUMPTIONS,
    )
