"""What a pass is, and how several are run one after another."""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable
from functools import cache
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from qcompile.deadline import out_of_time
from qcompile.kernels.depth import depth_of
from qcompile.passes.wires import NO_TOUCH
from qcompile.tape import LayoutWitness, Op, Rewrite, Tape, Witness

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["PASSES", "LedgerEntry", "Pass", "Pipeline", "Run", "Step", "Until", "register", "tape_depth"]


@frozen
class Pass(ABC):
    """A rewrite of a tape that keeps its meaning, global phase included.

    A pass is a frozen value; its fields are its options. It leaves its input as it was.

    Attributes:
        no_touch: Rows with one of these tags are kept as they are and where they are.
    """

    no_touch: tuple[Hashable, ...] = field(default=(NO_TOUCH,), kw_only=True)

    #: Whether a second run on what the first one returned never changes anything.
    settles: ClassVar[bool] = False

    @abstractmethod
    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the new tape and the witness by which `verify.validate` replays the step."""

    def __call__(self, tape: Tape, target: Target | None = None) -> Tape:
        """Return the new tape."""
        return self.rewrite(tape, target).tape

    @property
    def name(self) -> str:
        """Name on the command line and in ledgers: `merge_one_qubit` for `MergeOneQubit`."""
        return _name_of(type(self))


@cache
def _name_of(cls: type[Pass]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


#: Every pass that keeps the unitary, by name, built with its defaults: the law tests run all of them.
PASSES: dict[str, type[Pass]] = {}

P = TypeVar("P", bound=type[Pass])

#: Tapes up to this many rows keep what passes made of them: the ways that are tried begin with the same passes.
_REMEMBERED = 20_000


def register(cls: P) -> P:
    """Add a pass to `PASSES` (class decorator)."""
    PASSES[_name_of(cls)] = cls
    return cls


@frozen(eq=False)
class Step:
    """One pass that was run."""

    before: Tape
    after: Tape
    witness: Witness


@frozen(kw_only=True)
class LedgerEntry:
    """What one pass did.

    Attributes:
        name: The pass.
        rows_before, rows_after: Number of rows.
        two_qubit_before, two_qubit_after: Rows that are two-qubit unitaries.
        depth_before, depth_after: Depth counting every row but barriers.
        seconds: Wall time, for information; no decision depends on it.
    """

    name: str
    rows_before: int
    rows_after: int
    two_qubit_before: int
    two_qubit_after: int
    depth_before: int
    depth_after: int
    seconds: float


@frozen(eq=False)
class Run:
    """A pipeline's result.

    Attributes:
        tape: The last tape.
        steps: Every pass that changed something.
        ledger: Every pass that was run.
        final: int32[n_qubits], where each qubit of the first tape is at the end, or None when it has not moved.
    """

    tape: Tape
    steps: tuple[Step, ...]
    ledger: tuple[LedgerEntry, ...]
    final: NDArray[np.int32] | None = None

    def then(self, other: Run) -> Run:
        """Return this run and another one that starts from its tape."""
        steps = (*self.steps, *other.steps)
        return Run(other.tape, steps, (*self.ledger, *other.ledger), _final(steps))


def tape_depth(tape: Tape) -> int:
    """Return the number of layers when every row but barriers takes one."""
    if "depth" not in tape.memo:
        counted = (tape.opcode != Op.BARRIER).astype(np.int32)
        at = (tape.qubits, tape.wide, tape.wide_indptr, tape.wide_indices)
        tape.memo["depth"] = int(depth_of(*at, counted, tape.n_qubits))
    return cast(int, tape.memo["depth"])


@frozen
class Until:
    """Passes repeated while they lower the cost (two-qubit rows, then rows), at most `most` times.

    Attributes:
        passes: Run in order, one round after another.
        most: Largest number of rounds.
    """

    passes: tuple[Pass, ...]
    most: int = 10


def _cost(tape: Tape) -> tuple[int, int, int]:
    wide = np.count_nonzero((tape.wide >= 0) & (tape.opcode != Op.BARRIER)) if len(tape.wide_indices) else 0
    return int(wide), tape.n_two_qubit, len(tape)


@frozen
class Pipeline:
    """Passes run one after another.

    Attributes:
        passes: Passes, and groups of them that are repeated.
    """

    passes: tuple[Pass | Until, ...]

    def __call__(self, tape: Tape, target: Target | None = None) -> Tape:
        """Return the last tape."""
        return self._carry_out(tape, target, None).tape

    def run(self, tape: Tape, target: Target | None = None) -> Run:
        """Run the passes; keep every intermediate tape with its witness, and a ledger. CALL rows are inlined first."""
        record = _Record([], [])
        done = self._carry_out(tape, target, record)
        return Run(done.tape, tuple(record.steps), tuple(record.ledger), _final(record.steps))

    def _carry_out(self, tape: Tape, target: Target | None, record: _Record | None) -> _State:
        state = _State(tape.inlined(), target, record)
        for item in self.passes:
            if isinstance(item, Pass):
                state.apply(item)
                continue
            cost = _cost(state.tape)
            for _ in range(item.most):
                for one in item.passes:
                    state.apply(one)
                before, cost = cost, _cost(state.tape)
                if cost >= before or out_of_time():
                    break
        return state


def _final(steps: Iterable[Step]) -> NDArray[np.int32] | None:
    """Return the layouts of all steps one after another; each starts where its tape's qubits are."""
    final: NDArray[np.int32] | None = None
    for step in steps:
        if isinstance(step.witness, LayoutWitness):
            final = step.witness.final if final is None else step.witness.final[final]
    return final


@frozen(eq=False)
class _Record:
    """Steps and ledger of a run, as they grow."""

    steps: list[Step]
    ledger: list[LedgerEntry]


def _rewritten(tape: Tape, one: Pass, target: Target | None) -> Rewrite | None:
    """Return what a pass makes of a tape, None where it leaves it alone; small tapes remember it for other runs."""
    if len(tape) > _REMEMBERED:
        done = one.rewrite(tape, target)
        return None if done.tape is tape else done
    key = (one, target)
    if key not in tape.memo:
        done = one.rewrite(tape, target)
        found = None if done.tape is tape else done
        if out_of_time():  # it may have been cut short
            return found
        tape.memo[key] = found
    return cast("Rewrite | None", tape.memo[key])


class _State:
    """The tape of a run, and which passes are known to leave it as it is."""

    def __init__(self, tape: Tape, target: Target | None, record: _Record | None) -> None:
        self.tape, self.target, self.record = tape, target, record
        self._idle: list[Pass] = []
        self._depth = tape_depth(tape) if record is not None else 0

    def apply(self, one: Pass) -> None:
        """Run a pass unless nothing has changed since it last left the tape alone."""
        start, before = time.perf_counter(), self.tape
        if one not in self._idle:
            done = _rewritten(before, one, self.target)
            if done is not None:
                self.tape = done.tape
                self._idle = [one] if one.settles else []
                if self.record is not None:
                    self.record.steps.append(Step(before, done.tape, done.witness))
            else:
                self._idle.append(one)
        if self.record is not None:
            self._enter(one, before, time.perf_counter() - start)

    def _enter(self, one: Pass, before: Tape, seconds: float) -> None:
        """Add a line to the ledger."""
        assert self.record is not None
        depth = self._depth
        if self.tape is not before:
            self._depth = tape_depth(self.tape)
        self.record.ledger.append(
            LedgerEntry(
                name=one.name,
                rows_before=len(before),
                rows_after=len(self.tape),
                two_qubit_before=before.n_two_qubit,
                two_qubit_after=self.tape.n_two_qubit,
                depth_before=depth,
                depth_after=self._depth,
                seconds=seconds,
            )
        )


def tape_passes(items: Iterable[Pass | Until]) -> tuple[Pass, ...]:
    """Return the passes of a pipeline in order, groups unrolled once."""
    return tuple(p for item in items for p in (item.passes if isinstance(item, Until) else (item,)))
