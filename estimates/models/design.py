"""What a model answers: one design, or the reason why there is none."""

from __future__ import annotations

import math

from attrs import field, frozen

from estimates.budget import ErrorBudget, ErrorSpent
from estimates.figures import Quality

__all__ = ["Design", "infeasible"]


@frozen(kw_only=True)
class Design:
    """A fault-tolerant machine for one execution of a circuit.

    Attributes:
        feasible: Whether the budget is met; if not, `reason` says why and every number is None or nan.
        t_per_rotation: T gates each rotation becomes.
        n_t: T states in all, those of rotations included.
        n_ccz: CCZ states.
        distance: Code distance of the data patches.
        n_patches: Data patches, routing included.
        n_factories: Copies of `factory`.
        factory_cycles: Cycles in which the copies make all states.
        cycles: Rounds of syndrome measurement of the whole execution.
        limited_by: What sets the time: "factories", "consumption", "reaction" or "logical steps".
    """

    model: str
    feasible: bool
    reason: str = ""
    budget: ErrorBudget
    spent: ErrorSpent
    rotation_formula: str
    t_per_rotation: int | None = None
    n_t: int | None = None
    n_ccz: int | None = None
    code: str = ""
    distance: int | None = None
    data_block: str = ""
    n_patches: int | None = None
    data_qubits: int | None = None
    factory: str = ""
    n_factories: int | None = None
    factory_qubits: int | None = None
    factory_cycles: int | None = None
    physical_qubits: int | None = None
    cycles: int | None = None
    seconds: float | None = None
    limited_by: str = ""
    quality: Quality = Quality.MODEL
    sources: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[str, ...] = field(default=())

    @property
    def volume(self) -> float:
        """Qubit-seconds, infinite where there is no design."""
        if self.physical_qubits is None or self.seconds is None:
            return math.inf
        return self.physical_qubits * self.seconds


def infeasible(
    model: str, reason: str, *, budget: ErrorBudget, rotation_formula: str, assumptions: tuple[str, ...] = ()
) -> Design:
    """Return a design that says why there is none."""
    nan = math.nan
    return Design(
        model=model,
        feasible=False,
        reason=reason,
        budget=budget,
        spent=ErrorSpent(rotations=nan, distillation=nan, logical=nan),
        rotation_formula=rotation_formula,
        assumptions=assumptions,
    )
