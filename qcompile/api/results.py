"""Certify, check and estimate what was compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qcompile.api.compiled import Compiled, CompiledProgram
from qcompile.errors import InputError
from qcompile.verify import Certificate, Step, Subject, certify_readout
from qcompile.verify import certify as certify_subject

if TYPE_CHECKING:
    from estimates import Estimate, ProgramEstimate
    from qcompile.api.front import Progress
    from qcompile.budget import Verdict

__all__ = ["certify", "check", "estimate"]


def _steps(built: Compiled) -> tuple[Step, ...]:
    return tuple(
        Step(name=f"step {k}", before=s.before, after=s.after, witness=s.witness) for k, s in enumerate(built.steps)
    )


def certify(built: Any, *, tolerance: float = 1e-9, seed: int | None = None, progress: Progress | None = None) -> Any:
    """Return certificates: circuits against their source, readouts of a program against the theory.

    Args:
        built: What `compile` returned.
        tolerance: Largest accepted distance under the contract.
        seed: Of random states and parameter points; the default is the compile's.
        progress: Called with (name, done, total).

    Returns:
        A `Certificate` for a circuit, a dict of them by readout for a program, a list for a list.
    """
    if isinstance(built, CompiledProgram):
        out: dict[str, Certificate] = {}
        for k, (name, one) in enumerate(built.items()):
            if progress:
                progress(name, k, len(built))
            out[name] = _certify_readout(built, name, one, tolerance, seed)
            if progress:
                progress(name, k + 1, len(built))
        return out
    if isinstance(built, list | tuple):
        return [certify(one, tolerance=tolerance, seed=seed) for one in built]
    if not isinstance(built, Compiled):
        raise InputError(f"is a {type(built).__name__}", where="certify", hint="give what qc.compile returned")
    subject = Subject(
        logical=built.source,
        physical=built.tape,
        initial_layout=built.initial_layout,
        final_layout=built.final_layout,
        contract=built.contract,
        dropped_bound=min(built.error_bound, built.options.max_error),
        steps=_steps(built),
    )
    return certify_subject(subject, tolerance=tolerance, seed=built.options.seed if seed is None else seed)


def _certify_readout(
    program: CompiledProgram, name: str, one: Compiled, tolerance: float, seed: int | None
) -> Certificate:
    return certify_readout(
        program.original[name],
        one.tape,
        made=program.program[name],
        tolerance=tolerance,
        seed=program.seed if seed is None else seed,
        steps=_steps(one),
        dropped_bound=min(one.error_bound, one.options.max_error),
    )


def check(built: Any, *, certificates: Any = None) -> Verdict:
    """Return the verdict: the spec's limits line by line, and the paper's requirement for information.

    Args:
        built: What `compile` returned for a model or a circuit.
        certificates: From `certify`, for the limit on distance; computed when needed and not given.
    """
    from qcompile.api.verdict import verdict_of

    return verdict_of(built, certificates=certificates)


def estimate(what: Any, **options: Any) -> Estimate | ProgramEstimate:
    """Return the error-corrected cost of a compiled model or circuit, a program, a block, a tape or counts.

    A compiled circuit is counted before mapping: an error-corrected machine has its own layout.

    Args:
        what: See above; a `ModelSpec` or `cirq.Circuit` works too.
        options: `hardware`, `model`, `error_budget`, `formula`, `objective`; see `estimates.estimate`.
    """
    from estimates import estimate as estimate_counts
    from estimates.program import estimate_program
    from qcompile.api.bill import estimate_options
    from qcompile.api.front import as_tape
    from qcompile.api.priced import priced, priced_program
    from qcompile.ir import Program
    from qcompile.spec import ModelSpec, lower_spec

    if isinstance(what, CompiledProgram):
        program, tapes = priced(what)
        return estimate_program(program, tapes=tapes, **{**estimate_options(what.spec), **options})
    if isinstance(what, ModelSpec):
        return estimate_program(priced_program(lower_spec(what)), **{**estimate_options(what), **options})
    if isinstance(what, Program):
        return estimate_program(priced_program(what), **options)
    if isinstance(what, Compiled):
        return estimate_counts(what.source.inlined(), **options)
    if hasattr(what, "all_operations"):
        return estimate_counts(as_tape(what), **options)
    return estimate_counts(what, **options)
