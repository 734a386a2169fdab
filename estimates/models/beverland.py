"""The closed form of Beverland et al., as the first Azure Quantum resource estimator computes it."""

from __future__ import annotations

import math

from estimates.budget import ErrorBudget, ErrorSpent
from estimates.codes import Code, code_named
from estimates.counts import LogicalCounts
from estimates.data_blocks import block_named
from estimates.factories.round_based import RoundBasedFactory, cheapest_round_based, step_ns
from estimates.figures import Quality
from estimates.hardware import FtHardware
from estimates.models.design import Design, infeasible
from estimates.rotations import rotation_formula

__all__ = ["beverland"]

_LAST_DISTANCE = 49
_MEASUREMENTS_PER_ROTATION = 1
_STEPS_PER_CCZ = 3
_ASSUMPTIONS = (
    "fast data block: 2n + ceil(sqrt(8n)) + 1 patches, one T state per logical step of d cycles",
    "Clifford gates take no time; a rotation layer takes as many steps as T gates per rotation",
    "a CCZ takes 3 steps and 4 T states",
    "the budget is split evenly over rotations (if any), T states and logical errors",
    "factories run whole runs only and share their qubits between rounds",
)


def beverland(
    counts: LogicalCounts,
    hardware: FtHardware,
    budget: ErrorBudget,
    *,
    formula: str = "mixed_fallback",
    code: Code | None = None,
) -> Design:
    """Return the design of least factory volume within the time the algorithm needs anyway.

    When no factory is fast enough for that time, the algorithm is slowed down and the distance grows with it.
    """
    code = code or code_named(hardware.code if hardware.code != "gidney_fowler" else "beverland")
    if not code.suppresses(hardware.p):
        return _none(code.needs_below(hardware.p), budget, formula)
    per_rotation = 0
    if counts.rotations:
        per_rotation = rotation_formula(formula).count(budget.rotations / counts.rotations)
    n_t = counts.t + per_rotation * counts.rotations
    n_states = n_t + 4 * counts.ccz
    patches = _n_patches(counts.n_qubits)
    steps = (
        counts.measurements
        + _MEASUREMENTS_PER_ROTATION * counts.rotations
        + counts.t
        + _STEPS_PER_CCZ * counts.ccz
        + per_rotation * counts.rotation_depth
    )
    if steps == 0:
        steps = 1  # a Clifford circuit without measurement still lives for one step
    allowed = budget.distillation / n_states if n_states else 1.0
    while True:
        distance = code.smallest_distance(hardware.p, budget.logical / (patches * steps), last=_LAST_DISTANCE)
        if distance is None:
            return _none(
                f"no code distance up to {_LAST_DISTANCE} keeps {patches} patches for {steps} steps within "
                f"{budget.logical:g}",
                budget,
                formula,
            )
        if n_states == 0:
            return _design(counts, hardware, budget, formula, code, per_rotation, distance, patches, steps, None, 0)
        most = math.floor(budget.logical / (patches * code.logical_error(distance, hardware.p)))
        step = step_ns(hardware, distance)
        factory = cheapest_round_based(
            hardware, code, error=allowed, max_distance=distance, max_duration_ns=steps * step
        )
        if factory is None:
            factory = cheapest_round_based(
                hardware, code, error=allowed, max_distance=distance, max_duration_ns=most * step
            )
            if factory is not None:
                steps = max(steps, -(-factory.duration_ns // step))
        if factory is not None:
            copies = -(-n_states // (steps * step // factory.duration_ns))
            return _design(
                counts, hardware, budget, formula, code, per_rotation, distance, patches, steps, factory, copies
            )
        steps = max(most + 1, steps + 1)


def _n_patches(n_qubits: int) -> int:
    return 2 * n_qubits + math.ceil(math.sqrt(8 * n_qubits)) + 1


def _none(reason: str, budget: ErrorBudget, formula: str) -> Design:
    return infeasible("beverland", reason, budget=budget, rotation_formula=formula, assumptions=_ASSUMPTIONS)


def _factory_cycles(factory: RoundBasedFactory | None, n_states: int, copies: int, hardware: FtHardware) -> int:
    if factory is None:
        return 0
    runs = -(-n_states // copies)
    return math.ceil(runs * factory.duration_ns / (hardware.cycle_s * 1e9))


def _design(
    counts: LogicalCounts,
    hardware: FtHardware,
    budget: ErrorBudget,
    formula: str,
    code: Code,
    per_rotation: int,
    distance: int,
    patches: int,
    steps: int,
    factory: RoundBasedFactory | None,
    copies: int,
) -> Design:
    n_t = counts.t + per_rotation * counts.rotations
    data_qubits = patches * code.physical_qubits(distance)
    factory_qubits = factory.qubits * copies if factory else 0
    return Design(
        model="beverland",
        feasible=True,
        budget=budget,
        spent=ErrorSpent(
            rotations=budget.rotations if counts.rotations else 0.0,
            distillation=factory.state_error * (n_t + 4 * counts.ccz) if factory else 0.0,
            logical=patches * steps * code.logical_error(distance, hardware.p),
        ),
        rotation_formula=formula,
        t_per_rotation=per_rotation,
        n_t=n_t,
        n_ccz=counts.ccz,
        code=code.name,
        distance=distance,
        data_block="fast",
        n_patches=patches,
        data_qubits=data_qubits,
        factory=factory.name if factory else "none",
        n_factories=copies,
        factory_qubits=factory_qubits,
        factory_cycles=_factory_cycles(factory, n_t + 4 * counts.ccz, copies, hardware),
        physical_qubits=data_qubits + factory_qubits,
        cycles=steps * distance,
        seconds=steps * step_ns(hardware, distance) / 1e9,
        limited_by="logical steps",
        quality=Quality.MODEL if distance <= code.tested_to else Quality.EXTRAPOLATED,
        sources=(
            ("code", code.source),
            ("data_block", block_named("fast").source),
            ("factory", factory.source if factory else "none needed"),
            ("hardware", hardware.source),
            ("t_per_rotation", rotation_formula(formula).source),
        ),
        assumptions=_ASSUMPTIONS,
    )
