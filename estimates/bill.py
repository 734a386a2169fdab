"""`estimate`: the front door of this package."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import evolve

from estimates.budget import ErrorBudget
from estimates.counts import LogicalCounts
from estimates.figures import Quality
from estimates.hardware import FtHardware, hardware_named
from estimates.models.beverland import beverland
from estimates.models.gidney_fowler import gidney_fowler
from estimates.result import Estimate
from estimates.rotations import rotation_formula
from qcompile.errors import InputError, nearest

if TYPE_CHECKING:
    from estimates.program import ProgramEstimate

__all__ = ["MODELS", "OBJECTIVES", "estimate", "estimate_counts"]

MODELS = ("best", "gidney_fowler", "beverland")
OBJECTIVES = ("qubits", "time", "volume")


def estimate(
    what: Any,
    *,
    hardware: str | FtHardware = "gate_ns_e3",
    model: str = "best",
    error_budget: float | ErrorBudget = 1e-3,
    formula: str = "mixed_fallback",
    objective: str = "volume",
    **options: Any,
) -> Estimate | ProgramEstimate:
    """Return what running something with error correction costs.

    Args:
        what: `LogicalCounts`, a `Tape`, a block, anything with a `tape` (a compiled circuit), or a program of readouts.
        hardware: A preset (`gate_ns_e3`, ...) or an `FtHardware`.
        model: "best" searches blocks, factories, copies, distances and the split of the budget; "gidney_fowler" is
            Qualtran's physical cost model; "beverland" is the Azure Quantum resource estimator's.
        error_budget: Failure probability allowed per execution, or its parts.
        formula: How rotations become T gates, a name of `ROTATION_FORMULAS`.
        objective: What "best" makes small: "qubits", "time" or "volume" (their product).
        options: `reaction_s` for another reaction time than the machine's; `tapes`, `n_machines` and `scope` for a
            program; the rest is passed on to the model, such as `n_factories=4` for gidney_fowler.

    Raises:
        InputError: A name is unknown, a size is not bound, or the budget is no probability.

    >>> bill = estimate(LogicalCounts(n_qubits=50, t=10**6), model="beverland", error_budget=0.01)
    >>> bill.physical_qubits
    321938
    """
    counts = what if isinstance(what, LogicalCounts) else _counts_of(what)
    if counts is None:
        from estimates.program import estimate_program

        return estimate_program(
            what,
            hardware=hardware,
            model=model,
            error_budget=error_budget,
            formula=formula,
            objective=objective,
            **options,
        )
    return estimate_counts(
        counts,
        hardware=hardware,
        model=model,
        error_budget=error_budget,
        formula=formula,
        objective=objective,
        **options,
    )


def estimate_counts(
    counts: LogicalCounts,
    *,
    hardware: str | FtHardware = "gate_ns_e3",
    model: str = "best",
    error_budget: float | ErrorBudget = 1e-3,
    formula: str = "mixed_fallback",
    objective: str = "volume",
    reaction_s: float | None = None,
    counts_quality: Quality = Quality.EXACT,
    **options: Any,
) -> Estimate:
    """Return the estimate of one execution with the given logical counts; see `estimate`."""
    machine = hardware_named(hardware)
    if reaction_s is not None:
        machine = evolve(machine, reaction_s=reaction_s)
    rotation_formula(formula)
    for value, known, where in ((model, MODELS, "model"), (objective, OBJECTIVES, "objective")):
        if value not in known:
            raise InputError(f"is {value!r}", where=where, hint=nearest(value, known))
    if counts.symbols:
        names = ", ".join(f"{name}=..." for name in counts.symbols)
        raise InputError(
            f"still hold the sizes {', '.join(counts.symbols)}", where="counts", hint=f"bind them: evaluate({names})"
        )
    budget = _budget(error_budget, counts, model)
    question = {
        "counts": counts.to_dict(),
        "hardware": machine.to_dict(),
        "model": model,
        "budget": budget.to_dict() if isinstance(error_budget, ErrorBudget) else float(error_budget),
        "formula": formula,
        "objective": objective,
        "options": {
            name: (value if isinstance(value, int | float | str) else str(value)) for name, value in options.items()
        },
    }
    frontier: tuple[Any, ...] = ()
    if model == "gidney_fowler":
        design = gidney_fowler(counts, machine, budget, formula=formula, **options)
    elif model == "beverland":
        design = beverland(counts, machine, budget, formula=formula, **options)
    else:
        from estimates.models.best import best

        design, frontier = best(counts, machine, error_budget, formula=formula, objective=objective, **options)
    return Estimate(
        question=json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False),
        counts=counts,
        hardware=machine,
        design=design,
        counts_quality=counts_quality,
        frontier=frontier,
    )


def _budget(error_budget: float | ErrorBudget, counts: LogicalCounts, model: str) -> ErrorBudget:
    if isinstance(error_budget, ErrorBudget):
        if counts.rotations and not error_budget.rotations:
            raise InputError("is 0", where="error_budget.rotations", hint="the circuit has rotations: give them a part")
        return error_budget
    share = 0.5 if model == "gidney_fowler" else None
    return ErrorBudget.of(error_budget, has_rotations=bool(counts.rotations), rotation_share=share)


def _counts_of(what: Any) -> LogicalCounts | None:
    """Return the counts of a tape, a compiled circuit or a block; None for a program."""
    if hasattr(what, "readouts"):
        return None
    source: Any = getattr(what, "source", None)
    tape: Any = source if hasattr(source, "opcode") else getattr(what, "tape", what)
    if hasattr(tape, "opcode"):
        from estimates.tape_counts import counts_of_tape

        return counts_of_tape(tape)
    if callable(getattr(what, "counts", None)):
        from estimates.block_counts import counts_of_block

        return counts_of_block(what)
    raise InputError(
        f"is a {type(what).__name__}", where="estimate", hint="give LogicalCounts, a tape, a block or a program"
    )
