"""Ways of bringing a rewritten circuit onto a machine, each carried out to native gates, and which one is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.api.figures import neutral_metrics
from qcompile.api.options import Options
from qcompile.api.rewritten import rewritten_run
from qcompile.api.settle import settle
from qcompile.deadline import out_of_time
from qcompile.mapping import (
    MOST_GATES,
    Objective,
    Routed,
    cascade_route,
    leanest,
    line_schedule,
    put,
    recognise,
    route,
    wave_schedule,
)
from qcompile.passes import (
    CollectTwoQubitBlocks,
    DropIdentities,
    ElideSwaps,
    FoldParities,
    FoldSwaps,
    LedgerEntry,
    MergeOneQubit,
    MergeRotations,
    Pass,
    Pipeline,
    Step,
)
from qcompile.passes.base import Run, tape_depth
from qcompile.passes.cost import native_two_qubit
from qcompile.passes.presets import post_routing, pre_routing
from qcompile.tape import LayoutWitness, Op, Tape
from qcompile.tape.opcodes import IS_UNITARY
from qcompile.target import Target

__all__ = ["Placed", "best_of", "best_placed"]

Ints = NDArray[np.int32]

_FAST = ("depth", "makespan", "esp")  # objectives for which a line's few layers can pay for its many gates
#: Two-qubit gates of which circuits that are cascades may be written, and passes that bring the phases out.
_PHASES = (Op.CX, Op.CZ, Op.CP, Op.CRZ, Op.RZZ, Op.SWAP)
_UNFUSED = (DropIdentities(), ElideSwaps(), FoldParities())
#: SWAPs written as CNOTs, for each two-qubit gate, from which a circuit is carried out without them, too.
_SWAPPED = 0.02
#: A circuit that, written anew, takes at most this part of the native gates is not routed as it was if it needs swaps.
_FAR = 0.8
#: Circuits of at most this many two-qubit blocks are also routed from their end.
_TURNED = 64
_ROUTING: dict[str, Objective] = {"depth": "depth", "makespan": "depth", "esp": "esp", "swaps": "swaps"}


@frozen(kw_only=True, eq=False)
class Placed:
    """A circuit in native gates on a machine, and how it came there.

    Attributes:
        tape: On physical qubits.
        steps, ledger: From the first tape on.
        initial_layout, final_layout: int32[n_physical], see `Compiled`.
        n_swaps: Inserted swaps.
    """

    tape: Tape
    steps: tuple[Step, ...]
    ledger: tuple[LedgerEntry, ...]
    initial_layout: Ints
    final_layout: Ints
    n_swaps: int


def best_placed(tape: Tape, before: Run, target: Target, options: Options) -> Placed:
    """Return the best of the ways that apply: routing, and for cascades of phases a plan that needs no routing.

    Args:
        tape: The circuit as it was before any pass.
        before: The passes before routing.
        target: The machine.
        options: Of the compile.

    Raises:
        InputError: The circuit does not fit the machine.
    """
    if options.effort == 1 and options.initial_layout is None and _needs_swaps(before.tape, target):
        run = rewritten_run(tape, target, options)
        if run is not None and native_two_qubit(run.tape, target) <= _FAR * native_two_qubit(before.tape, target):
            return _routed(run, target, options)
    best = _routed(before, target, options)
    if not best.n_swaps:
        best = best_of([best, *_left_apart(before, best, target, options)], target, options.objective)
    if options.initial_layout is not None or target.all_to_all:
        return best
    ways = [best]
    most = MOST_GATES * _size(best, target)[0]
    others: Iterator[Placed] = _unswapped(tape, target, options, most)
    if best.n_swaps:
        others = chain(
            _cascades(Run(tape, (), ()), before, target, options, most),
            _rewritten(tape, target, options),
            _turned(before, target, options),
            others,
        )
    while not out_of_time() and (other := next(others, None)) is not None:
        ways.append(other)
    return best_of(ways, target, options.objective)


def _needs_swaps(tape: Tape, target: Target) -> bool:
    """Return whether a qubit meets more others than any qubit of the machine is coupled to: no layout needs no swap."""
    rows = np.flatnonzero(tape.is_two_qubit & (tape.opcode != Op.SWAP))
    pairs = np.unique(np.sort(tape.qubits[rows], axis=1), axis=0)
    met, coupled = np.bincount(pairs.ravel(), minlength=1), np.bincount(target.edges.ravel(), minlength=1)
    return bool(met.max() > coupled.max())


def best_of(ways: Sequence[Placed], target: Target, objective: str) -> Placed:
    """Return the way that is best by the objective; the first of equal ones."""
    if len(ways) == 1:
        return ways[0]
    sizes = [_size(one, target) for one in ways]
    if objective in ("depth", "makespan"):
        return ways[min(range(len(ways)), key=lambda k: sizes[k][::-1])]
    if objective == "esp":
        lost = [neutral_metrics(one.tape, target)["log10esp"] for one in ways]
        if None not in lost:
            return ways[min(range(len(ways)), key=lambda k: (-float(lost[k]), *sizes[k]))]
    return ways[leanest(sizes)]


def _size(one: Placed, target: Target) -> tuple[float, float]:
    """Return the number of native two-qubit gates, and of layers of them."""
    found = neutral_metrics(one.tape, target)
    return float(found["n2"]), float(found["d2"])


def _routed(
    before: Run,
    target: Target,
    options: Options,
    n_swaps: int = 0,
    layout: Sequence[int] | None = None,
    apart: bool = False,
) -> Placed:
    """Return the circuit routed and translated; `n_swaps` were inserted already. `layout` is where wires start.

    With `apart`, blocks are left apart where fusing them saves nothing.
    """
    start = time.perf_counter()
    routed = _on_machine(before.tape, target, options, options.initial_layout if layout is None else layout)
    entry = _entry("route", before.tape, routed.tape, time.perf_counter() - start)
    return _carried_out(before, routed, entry, target, options, n_swaps, apart)


def _on_machine(tape: Tape, target: Target, options: Options, layout: Any) -> Routed:
    return route(
        tape,
        target,
        layout,
        seed=options.seed,
        effort=options.effort,
        objective=_ROUTING.get(options.objective, "two_qubit_gates"),
        allowed_qubits=options.allowed_qubits,
    )


def _turned(before: Run, target: Target, options: Options) -> Iterator[Placed]:
    """Yield the way from where the circuit's inverse, routed by itself, ends: a good place to start from."""
    tape = before.tape
    most = _TURNED if options.effort == 1 else _TURNED * 30
    if options.effort == 0 or int(tape.is_two_qubit.sum()) > most:
        return
    if not IS_UNITARY[tape.opcode].all() or (tape.condition >= 0).any():
        return
    end = _on_machine(tape.adjoint(), target, options, None).final_layout
    yield _routed(before, target, options, layout=[int(q) for q in end[: tape.n_qubits]])


def _carried_out(
    before: Run,
    routed: Routed,
    entry: LedgerEntry,
    target: Target,
    options: Options,
    n_swaps: int = 0,
    apart: bool = False,
) -> Placed:
    settled, final_layout, n_more = settle(routed, target, options, _at_end(before))
    after = Pipeline(post_routing(options.effort, apart=apart or target.all_to_all)).run(settled.tape, target)
    return Placed(
        tape=after.tape,
        steps=(*before.steps, Step(before.tape, settled.tape, settled.witness), *after.steps),
        ledger=(*before.ledger, entry, *after.ledger),
        initial_layout=routed.initial_layout,
        final_layout=final_layout,
        n_swaps=n_swaps + routed.n_swaps + n_more,
    )


def _unswapped(tape: Tape, target: Target, options: Options, most: float) -> Iterator[Placed]:
    """Yield the ways of a circuit whose SWAPs are written as CNOTs, once they are left to the layout."""
    if options.effort == 0:
        return
    folded = Pipeline((DropIdentities(), FoldSwaps())).run(tape, target)
    n_found = folded.tape.counts[Op.SWAP] - tape.counts[Op.SWAP]
    if not n_found or n_found < _SWAPPED * tape.n_two_qubit:
        return
    before = folded.then(Pipeline(pre_routing(options.effort)).run(folded.tape, target))
    yield _routed(before, target, options)
    yield from _cascades(folded, before, target, options, most)


def _cascades(start: Run, before: Run, target: Target, options: Options, most: float) -> Iterator[Placed]:
    """Yield the ways of a cascade of phases, if the circuit is one: as the passes left it, or before they did.

    `start` is the circuit with its gates still apart. Lines with more than `most` blocks, each a native gate or more,
    are left out where gates are counted.
    """
    clock, tape = time.perf_counter(), start.tape
    cascade = recognise(before.tape)
    if cascade is None and np.isin(tape.opcode[tape.is_two_qubit], _PHASES).all():
        before = start.then(Pipeline(_UNFUSED).run(tape, target))
        if not (before.tape.opcode == Op.CX).any():
            before = _extended(before, (), (MergeOneQubit(), MergeRotations()), target)
            cascade = recognise(before.tape)
    if cascade is None:
        return
    found = cascade_route(
        before.tape,
        target,
        cascade,
        objective=options.objective,
        effort=options.effort,
        allowed_qubits=options.allowed_qubits,
    )
    if found is not None:
        steps, place = found
        entry = _entry("cascade_route", before.tape, steps[-1].after, time.perf_counter() - clock)
        swept = _extended(before, steps, (MergeOneQubit(), MergeRotations()), target)
        yield _carried_out(swept, put(swept.tape, target, place), entry, target, options)
    waves = wave_schedule(before.tape, cascade)
    if waves is not None:
        steps, n_swaps = waves
        line = _extended(before, steps, (CollectTwoQubitBlocks(),), target)
        if options.objective in _FAST or int(line.tape.is_two_qubit.sum()) <= most:
            yield _routed(line, target, options, n_swaps)
    if options.objective in _FAST:
        step, n_swaps = line_schedule(before.tape, cascade)
        line = _extended(before, (step,), (CollectTwoQubitBlocks(),), target)
        yield _routed(line, target, options, n_swaps)


def _rewritten(tape: Tape, target: Target, options: Options) -> Iterator[Placed]:
    """Yield the way of Pauli rotations and Cliffords written anew, if the circuit is of such."""
    run = rewritten_run(tape, target, options)
    if run is not None:
        yield _routed(run, target, options)


def _left_apart(before: Run, placed: Placed, target: Target, options: Options) -> Iterator[Placed]:
    """Yield a way that needs no SWAP with rows apart in blocks that save nothing, where that changes anything.

    There, such blocks only make other rows wait. Where every pair is coupled they are apart already.
    """
    fuse = CollectTwoQubitBlocks(apart=True)
    if target.all_to_all or not before.steps or before.ledger[-1].name != fuse.name:
        return
    last = before.steps[-1]
    if last.after is not before.tape or last.before.n_two_qubit == before.tape.n_two_qubit:
        return
    anew = Pipeline((fuse,)).run(last.before, target)
    if anew.tape.n_two_qubit > before.tape.n_two_qubit:
        run = Run(anew.tape, (*before.steps[:-1], *anew.steps), (*before.ledger[:-1], *anew.ledger))
        start = [int(q) for q in placed.initial_layout[: anew.tape.n_qubits]]
        yield _routed(run, target, options, layout=start, apart=True)


def _extended(before: Run, steps: tuple[Step, ...], passes: tuple[Pass, ...], target: Target) -> Run:
    """Return the run with further steps, then passes."""
    so_far = before.then(Run(steps[-1].after, steps, ())) if steps else before
    return so_far.then(Pipeline(passes).run(so_far.tape, target))


def _at_end(run: Run) -> Ints:
    """Return the wire of the last tape on which each qubit of the first one ends."""
    at = np.arange(run.tape.n_qubits, dtype=np.int32)
    for step in run.steps:
        if isinstance(step.witness, LayoutWitness):
            at = step.witness.final[at]
    return at


def _entry(name: str, before: Tape, after: Tape, seconds: float) -> LedgerEntry:
    return LedgerEntry(
        name=name,
        rows_before=len(before),
        rows_after=len(after),
        two_qubit_before=int(before.is_two_qubit.sum()),
        two_qubit_after=int(after.is_two_qubit.sum()),
        depth_before=tape_depth(before),
        depth_after=tape_depth(after),
        seconds=seconds,
    )
