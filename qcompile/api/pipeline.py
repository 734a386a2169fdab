"""One tape onto one machine: wide gates opened, rewritten, placed, routed, translated, checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve

from qcompile.api.ancillas import n_ancillas, widened
from qcompile.api.candidates import Placed, best_of, best_placed
from qcompile.api.compiled import Compiled
from qcompile.api.legality import diagnose
from qcompile.api.options import Options
from qcompile.deadline import was_cut_short
from qcompile.errors import InputError
from qcompile.ir import Contract, ContractKind, Readout
from qcompile.passes import MergeRotations, Pass, Pipeline, Step
from qcompile.passes.approximate import Approximate
from qcompile.passes.base import Run
from qcompile.passes.copies import SpreadCopies, largest_copies
from qcompile.passes.presets import opening, post_routing, pre_routing
from qcompile.tape import SPECS, Op, RegionWitness, Tape
from qcompile.target import Target
from qcompile.verify import granted

__all__ = ["compile_tape", "translate"]


def compile_tape(
    tape: Tape,
    target: Target,
    options: Options,
    *,
    name: str = "circuit",
    readout: Readout | None = None,
    contract: Contract | None = None,
) -> Compiled:
    """Return `tape` compiled for `target`.

    Raises:
        InputError: The circuit does not fit the machine, or holds a gate that cannot be synthesized.
    """
    _require_fit(tape, target)
    contract = contract or _contract(tape, options)
    allowed = granted(contract, tape)
    inputs = allowed["inputs"] if options.inputs == "zero" else "unknown"
    outputs = allowed["outputs"] if options.outputs == "measured" else "all"
    flat = tape.inlined().replace()  # a tape of its own: nothing is remembered from one compile to the next
    ways = [_carried_out(flat, 0, target, evolve(options, max_error=0.0), inputs, outputs, name)]
    if options.max_error:
        ways.append(_carried_out(flat, 0, target, options, inputs, outputs, name))
    if inputs == "zero" and options.initial_layout is None and options.allowed_qubits is None:
        ways += _copies_spread(flat, target, options, outputs, name)
    lent = n_ancillas(flat, target, options)
    if lent:
        ways.append(_carried_out(flat, lent, target, options, inputs, outputs, name))
    placed = best_of(ways, target, options.objective)
    violations = diagnose(placed.tape, target, most=1)
    if violations:
        worst = violations[0]
        raise InputError(f"{worst.text}: {worst.hint}", where=f"{name}: compiled row {worst.row}:")
    return Compiled(
        name=name,
        source=tape,
        tape=placed.tape,
        target=target,
        initial_layout=placed.initial_layout,
        final_layout=placed.final_layout,
        n_swaps=placed.n_swaps,
        steps=placed.steps,
        ledger=placed.ledger,
        options=options,
        contract=contract,
        readout=readout,
        cut_short=was_cut_short(),
    )


def _carried_out(
    tape: Tape, lent: int, target: Target, options: Options, inputs: str, outputs: str, name: str
) -> Placed:
    """Return the tape in native gates on the machine, with the help of `lent` clean ancillas."""
    steps = (widened(tape, lent),) if lent else ()
    wide = steps[-1].after if steps else tape
    clean = tuple(range(tape.n_qubits, wide.n_qubits))
    first = Pipeline(opening(inputs=inputs, outputs=outputs, clean=clean)).run(wide, target)
    if options.max_error:
        small = Approximate(max_error=options.max_error, rotations_only=True)
        first = _further(first, (MergeRotations(), small), target)
    before = Pipeline(pre_routing(options.effort, all_to_all=target.all_to_all)).run(first.tape, target)
    if options.max_error:
        left = max(0.0, options.max_error - _error_of(first.steps))
        before = _further(before, (Approximate(max_error=left),), target)
    _require_routable(before.tape, name)
    placed = best_placed(first.tape, before, target, options)
    return evolve(placed, steps=(*steps, *first.steps, *placed.steps), ledger=(*first.ledger, *placed.ledger))


def _further(run: Run, passes: tuple[Pass, ...], target: Target) -> Run:
    return run.then(Pipeline(passes).run(run.tape, target))


def _error_of(steps: Sequence[Step]) -> float:
    return math.fsum(s.witness.claimed for s in steps if isinstance(s.witness, RegionWitness))


def _copies_spread(tape: Tape, target: Target, options: Options, outputs: str, name: str) -> Iterator[Placed]:
    """Yield the tape with copies of one qubit made along the couplings, placed where that needs no SWAP."""
    spread = SpreadCopies()
    if len(largest_copies(tape)) < 3:
        return
    first = Pipeline(opening(inputs="zero", outputs=outputs)).run(tape, target)
    place = spread.place(first.tape, target)
    if place is None and not target.all_to_all:
        return
    placing = options if place is None else evolve(options, initial_layout=tuple(int(p) for p in place))
    copied = Pipeline((spread,)).run(first.tape, target)
    before = Pipeline(pre_routing(options.effort, all_to_all=target.all_to_all)).run(copied.tape, target)
    _require_routable(before.tape, name)
    placed = best_placed(copied.tape, before, target, placing)
    runs = (first, copied, placed)
    yield evolve(placed, steps=tuple(s for r in runs for s in r.steps), ledger=tuple(e for r in runs for e in r.ledger))


def translate(tape: Tape, target: Target) -> Tape:
    """Return a tape in the machine's gates without placing or routing it."""
    before = Pipeline((*opening(), *pre_routing(1))).run(tape)
    return Pipeline(post_routing(1)).run(before.tape, _everywhere(tape, target)).tape


def _everywhere(tape: Tape, target: Target) -> Target:
    """Return a machine with the same gates on every pair of the tape's qubits."""
    return Target.from_couplings(
        max(2, tape.n_qubits),
        "all_to_all",
        native=[g.name for g in target.natives],
        one_qubit=target.one_qubit,
        name=target.name,
    )


def _contract(tape: Tape, options: Options) -> Contract:
    """Return what a compile keeps of a circuit: the strict contract unless the caller grants more."""
    zero = tuple(range(tape.n_qubits)) if options.inputs == "zero" else ()
    flat = tape.inlined()
    measured = bool((flat.opcode == Op.MEASURE).any())
    if measured or not flat.is_unitary:
        return (
            Contract(ContractKind.OUTCOMES, zero)
            if options.outputs == "measured" and measured
            else Contract(ContractKind.CHANNEL, zero)
        )
    return Contract(ContractKind.ISOMETRY if zero else ContractKind.UNITARY, zero)


def _require_fit(tape: Tape, target: Target) -> None:
    usable = int(target.enabled.sum())
    if tape.n_qubits > usable:
        raise InputError(
            f"needs {tape.n_qubits} qubits and {target.name} has {usable}",
            where="circuit",
            hint="choose a larger machine; `qcompile targets` lists them",
        )


def _require_routable(tape: Tape, name: str) -> None:
    bad = (tape.opcode == Op.OPAQUE) & (tape.arity > 1)
    if bad.any():
        row = int(np.argmax(bad))
        what = tape.opaques[tape.payload[row]].text
        raise InputError(
            f"{what} on {tape.arity[row]} qubits cannot be synthesized",
            where=f"{name}: operation {row}:",
            hint="give it a unitary or a decomposition",
        )
    wide = (tape.arity > 2) & np.isin(tape.opcode, [int(op) for op, spec in SPECS.items() if spec.unitary])
    if wide.any():
        row = int(np.argmax(wide))
        raise InputError(
            f"{SPECS[Op(int(tape.opcode[row]))].name!r} on {tape.arity[row]} qubits cannot be synthesized",
            where=f"{name}: operation {row}:",
            hint="give a decomposition into gates on one and two qubits",
        )
