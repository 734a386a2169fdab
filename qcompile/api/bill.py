"""The error-corrected bill of a model or a circuit, with Qualtran's own figures beside ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qcompile.ir import Program
from qcompile.tape import Tape

if TYPE_CHECKING:
    from qcompile.api.front import Progress
    from qcompile.spec import ModelSpec

__all__ = ["bill_of", "bill_of_program", "estimate_options"]

Json = dict[str, Any]


def estimate_options(
    spec: ModelSpec | None, *, hardware: str | None = None, model: str | None = None, error_budget: float | None = None
) -> Json:
    """Return the options of the estimate: those given, else the spec's, else the defaults."""
    section = spec.estimate if spec is not None else None
    objective = section.objective if section is not None else "volume"
    return {
        "hardware": hardware or (section.hardware if section else "gate_ns_e3"),
        "model": model or (section.model if section else "best"),
        "error_budget": error_budget if error_budget is not None else (section.error_budget if section else 1e-3),
        "objective": "volume" if objective == "frontier" else objective,
    }


def bill_of(
    source: ModelSpec | Program | Tape,
    *,
    name: str = "circuit",
    hardware: str | None = None,
    model: str | None = None,
    error_budget: float | None = None,
    progress: Progress | None = None,
) -> Json:
    """Return the bill as plain JSON values.

    Raises:
        InputError: An option is unknown or a size is not bound.
    """
    from qcompile.api.priced import priced_program
    from qcompile.spec import ModelSpec, lower_spec

    spec = source if isinstance(source, ModelSpec) else None
    options = estimate_options(spec, hardware=hardware, model=model, error_budget=error_budget)
    if isinstance(source, Tape):
        return bill_of_tape(source, name=name, options=options)
    program = lower_spec(source) if isinstance(source, ModelSpec) else source
    n_machines = spec.devices.count if spec is not None and spec.devices is not None else 1
    return bill_of_program(priced_program(program), options=options, n_machines=n_machines, progress=progress)


def bill_of_tape(tape: Tape, *, name: str, options: Json) -> Json:
    """Return the bill of one circuit, counted gate by gate."""
    from estimates import counts_of_tape
    from estimates.program import ReadoutCounts, estimate_program

    counts = counts_of_tape(tape.inlined())
    bill = estimate_program([ReadoutCounts(name=name, counts=counts, runs=1, shots=None)], **options)
    return _with_qualtran(bill)


def bill_of_program(
    program: Program,
    *,
    tapes: Mapping[str, Tape] | None = None,
    options: Json,
    n_machines: int = 1,
    progress: Progress | None = None,
) -> Json:
    """Return the bill of a program: each readout once, then a forward pass."""
    from estimates.program import estimate_program

    if progress:
        progress("bill", 0, 1)
    bill = estimate_program(program, tapes=tapes, n_machines=n_machines, **options)
    out = _with_qualtran(bill)
    if progress:
        progress("bill", 1, 1)
    return out


def _with_qualtran(bill: Any) -> Json:
    from estimates.qualtran_view import compare

    out: Json = bill.to_dict()
    out["qualtran"] = [{"name": r.name, **term.to_dict()} for r in bill.readouts for term in compare(r.estimate)]
    return out
