"""What a pass is, and how several are run one after another."""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

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

    @abstractmethod
    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the new tape and the witness by which `verify.validate` replays the step."""

    def __call__(self, tape: Tape, target: Target | None = None) -> Tape:
        """Return the new tape."""
        return self.rewrite(tape, target).tape

    @property
    def name(self) -> str:
        """Name on the command line and in ledgers: `merge_one_qubit` for `MergeOneQubit`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


#: Every pass that keeps the unitary, by name, built with its defaults: the law tests run all of them.
PASSES: dict[str, type[Pass]] = {}

P = TypeVar("P", bound=type[Pass])


def register(cls: P) -> P:
    """Add a pass to `PASSES` (class decorator)."""
    PASSES[re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()] = cls
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


def tape_depth(tape: Tape) -> int:
    """Return the number of layers when every row but barriers takes one."""
    counted = (tape.opcode != Op.BARRIER).astype(np.int32)
    return int(depth_of(tape.qubits, tape.wide, tape.wide_indptr, tape.wide_indices, counted, tape.n_qubits))


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
    wide = tape.opcode[(tape.arity > 2) & (tape.opcode != Op.BARRIER)]
    return len(wide), int(tape.is_two_qubit.sum()), len(tape)


@frozen
class Pipeline:
    """Passes run one after another.

    Attributes:
        passes: Passes, and groups of them that are repeated.
    """

    passes: tuple[Pass | Until, ...]

    def __call__(self, tape: Tape, target: Target | None = None) -> Tape:
        """Return the last tape."""
        return self.run(tape, target).tape

    def run(self, tape: Tape, target: Target | None = None) -> Run:
        """Run the passes; keep every intermediate tape with its witness, and a ledger. CALL rows are inlined first."""
        steps: list[Step] = []
        ledger: list[LedgerEntry] = []
        tape = tape.inlined()
        for item in self.passes:
            if isinstance(item, Pass):
                tape = _apply(item, tape, target, steps, ledger)
                continue
            for _ in range(item.most):
                cost = _cost(tape)
                for one in item.passes:
                    tape = _apply(one, tape, target, steps, ledger)
                if _cost(tape) >= cost:
                    break
        return Run(tape, tuple(steps), tuple(ledger), _final(steps))


def _final(steps: Iterable[Step]) -> NDArray[np.int32] | None:
    """Return the layouts of all steps one after another; each starts where its tape's qubits are."""
    final: NDArray[np.int32] | None = None
    for step in steps:
        if isinstance(step.witness, LayoutWitness):
            final = step.witness.final if final is None else step.witness.final[final]
    return final


def _apply(one: Pass, tape: Tape, target: Target | None, steps: list[Step], ledger: list[LedgerEntry]) -> Tape:
    start = time.perf_counter()
    done = one.rewrite(tape, target)
    seconds = time.perf_counter() - start
    if done.tape is not tape:
        steps.append(Step(tape, done.tape, done.witness))
    ledger.append(
        LedgerEntry(
            name=one.name,
            rows_before=len(tape),
            rows_after=len(done.tape),
            two_qubit_before=int(tape.is_two_qubit.sum()),
            two_qubit_after=int(done.tape.is_two_qubit.sum()),
            depth_before=ledger[-1].depth_after if ledger else tape_depth(tape),
            depth_after=tape_depth(done.tape),
            seconds=seconds,
        )
    )
    return done.tape


def tape_passes(items: Iterable[Pass | Until]) -> tuple[Pass, ...]:
    """Return the passes of a pipeline in order, groups unrolled once."""
    return tuple(p for item in items for p in (item.passes if isinstance(item, Until) else (item,)))
