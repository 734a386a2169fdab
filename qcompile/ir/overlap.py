"""Circuits that read an overlap <out; U; in>: compute-uncompute, Hadamard, swap and Bell tests (eqs. 31, 32, 54)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import evolve, field, frozen

from qcompile.errors import InputError
from qcompile.ir.block import Block
from qcompile.ir.combinators import Controlled, Parallel, Sequence, identity, sequence
from qcompile.ir.contract import Contract, ContractKind
from qcompile.ir.counts import Counts
from qcompile.ir.gates import Gate, Ladder
from qcompile.ir.sizes import Size, same_size
from qcompile.ir.thin_counts import thin_counts

__all__ = ["BellMeasurement", "ComputeUncompute", "HadamardTest", "LadderFree", "SwapTest", "ladders_of", "primitives"]


class _Overlap(Block):
    """Shared checks of the circuits that prepare two states and compare them."""

    __slots__ = ()
    prep_in: Block
    unitary: Block
    prep_out: Block

    def _check(self) -> None:
        for name, block in (("prep_in", self.prep_in), ("prep_out", self.prep_out)):
            if not same_size(block.n_qubits, self.unitary.n_qubits):
                raise InputError(
                    f"has {block.n_qubits} qubits, the unitary {self.unitary.n_qubits}", where=f"{self.title}: {name}"
                )

    @property
    def contract(self) -> Contract:
        """Judged by the distribution of its readout; all qubits start in 0."""
        return Contract(ContractKind.OUTCOMES, tuple(range(self.width)))

    def expand(self) -> Block:
        """Return the circuit as smaller blocks."""
        raise NotImplementedError

    def formula(self) -> Counts:
        """Return the counts of the expanded circuit."""
        return self.expand().formula()


@frozen
class ComputeUncompute(_Overlap):
    """Prepare in, apply U, undo the preparation of out: P(all zeros) = abs(<out; U; in>)^2. No ancilla."""

    equation: ClassVar[str] = "31"
    prep_in: Block
    unitary: Block
    prep_out: Block

    def __attrs_post_init__(self) -> None:
        self._check()

    @property
    def n_qubits(self) -> Size:
        """Width of the unitary."""
        return self.unitary.n_qubits

    def expand(self) -> Block:
        """Return in, U, inverse of out."""
        return sequence(self.prep_in, self.unitary, self.prep_out.adjoint())


@frozen
class HadamardTest(_Overlap):
    """Real or imaginary part of <out; U; in>: with W = out^-1 U in, P(qubit 0 reads 0) = (1 + part of <0; W; 0>) / 2.

    Attributes:
        prep_in, unitary, prep_out: As in `ComputeUncompute`; they act on qubits 1 to n, the ancilla is qubit 0.
        part: `real` or `imag` (S-dagger before the last Hadamard).
        control: `all`: W controlled as a whole. `rotations`: gates that fix all zeros (CNOT, CZ, SWAP) stay
            uncontrolled, since the idle branch rests there. `fan_out`: likewise, with the control copied onto
            idle qubits, so that rotations of different qubits are controlled at the same time.
        copies: Idle qubits for `fan_out`, the last ones of the block; they start and end in 0.
    """

    equation: ClassVar[str] = "32"
    prep_in: Block
    unitary: Block
    prep_out: Block
    part: str = field(default="real", kw_only=True)
    control: str = field(default="all", kw_only=True)
    copies: int = field(default=0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        self._check()
        if self.part not in ("real", "imag"):
            raise InputError(f"is {self.part!r}", where="Hadamard test: part", hint="use real or imag")
        if self.control not in ("all", "rotations", "fan_out"):
            raise InputError(
                f"is {self.control!r}", where="Hadamard test: control", hint="use all, rotations or fan_out"
            )
        if (self.copies > 0) != (self.control == "fan_out") or self.copies < 0:
            raise InputError(
                f"is {self.copies}",
                where="Hadamard test: copies",
                hint="give 1 or more with control fan_out, else none",
            )

    @property
    def n_qubits(self) -> Size:
        """Ancilla, the unitary's qubits and copies of the ancilla."""
        return self.unitary.n_qubits + (1 + self.copies)

    def inner(self) -> Block:
        """Return W."""
        return sequence(self.prep_in, self.unitary, self.prep_out.adjoint())

    def expand(self) -> Block:
        """Return Hadamard, controlled W, S-dagger for the imaginary part, Hadamard."""
        n = self.n_qubits
        middle: Block = Controlled(self.inner())
        if self.copies:
            middle = Parallel((middle, identity(self.copies)))
        phase = [Gate("sdg").on(0, of=n)] if self.part == "imag" else []
        return sequence(Gate("h").on(0, of=n), middle, *phase, Gate("h").on(0, of=n))

    def formula(self) -> Counts:
        """Return those of the expanded circuit; unless `control="all"`, every CNOT of W stays one and a copy costs two.

        Exact for free angles (`thin_counts`); else an upper bound, since runs of numbers merge.
        """
        if self.control == "all":
            return self.expand().formula()
        own = Counts(cnot=2 * self.copies, one_qubit=3 if self.part == "imag" else 2, depth_two_qubit=None)
        exact = thin_counts(self.inner())
        if exact is not None:
            return exact.then(own)
        inner = self.inner().formula()
        ones = inner.rotation + inner.one_qubit + inner.t
        bound = Counts(cnot=2 * ones + inner.cnot, rotation=7 * ones + 1, toffoli=inner.toffoli, is_exact=False)
        return bound.then(own)


@frozen
class LadderFree(Block):
    """A block controlled by qubit 0, but with its CNOT ladders acting in both branches.

    The map is P for control 0 and B for control 1, where B is the block and P the product of B's ladders alone.
    Controlling a ladder needs Toffoli gates, leaving it alone needs none.
    """

    block: Block

    @property
    def n_qubits(self) -> Size:
        """Control and the block's qubits."""
        return self.block.n_qubits + 1

    @property
    def contract(self) -> Contract:
        """That of the block behind its control."""
        inner = self.block.contract
        return Contract(inner.kind, tuple(q + 1 for q in inner.zero_inputs))

    def ladders(self) -> Block:
        """Return P."""
        return ladders_of(self.block)

    def adjoint(self) -> Block:
        """Return the same for the inverse block."""
        return LadderFree(self.block.adjoint())

    def formula(self) -> Counts:
        """Return two CNOT for each rotation that is left after y and z share them, ladders as they are.

        Exact for free angles (`thin_counts`); else an upper bound, since runs of numbers merge.
        """
        exact = thin_counts(self.block)
        if exact is not None:
            return exact
        inner, free = self.block.formula(), self.ladders().formula()
        ones = inner.rotation + inner.one_qubit + inner.t
        tofs = inner.cnot - free.cnot
        return Counts(
            cnot=2 * ones + free.cnot,
            rotation=7 * ones + 1,
            toffoli=tofs + inner.toffoli,
            depth_two_qubit=None,
            is_exact=False,
        )


@frozen
class SwapTest(_Overlap):
    """abs(<out; U; in>)^2 = 2 P(qubit 0 reads 0) - 1 with both states side by side and n controlled swaps."""

    equation: ClassVar[str] = "31"
    prep_in: Block
    unitary: Block
    prep_out: Block

    def __attrs_post_init__(self) -> None:
        self._check()

    @property
    def n_qubits(self) -> Size:
        """2 n + 1 (eq. 81 with one ancilla)."""
        return 2 * self.unitary.n_qubits + 1

    def expand(self) -> Block:
        """Return both preparations, then Hadamard, controlled swaps, Hadamard."""
        n = self.unitary.width
        total = 2 * n + 1
        h = Gate("h").on(0, of=total)
        swaps = [Gate("cswap").on(0, 1 + q, 1 + n + q, of=total) for q in range(n)]
        states = Parallel((identity(1), sequence(self.prep_in, self.unitary), self.prep_out))
        return sequence(states, h, *swaps, h)

    def formula(self) -> Counts:
        """Return both preparations, the unitary, n controlled swaps and two Hadamards."""
        n = self.unitary.n_qubits
        states = self.prep_in.formula().then(self.unitary.formula()).beside(self.prep_out.formula())
        return states.then(Counts(toffoli=n, cnot=2 * n, one_qubit=2, depth_two_qubit=None))


@frozen
class BellMeasurement(_Overlap):
    """Both states side by side, each pair (a, b) of their qubits measured in the Bell basis.

    abs(<out; U; in>)^2 is the mean of (-1)^(sum a b): a classical map replaces the controlled swaps.
    """

    equation: ClassVar[str] = "31"
    prep_in: Block
    unitary: Block
    prep_out: Block

    def __attrs_post_init__(self) -> None:
        self._check()

    @property
    def n_qubits(self) -> Size:
        """2 n."""
        return 2 * self.unitary.n_qubits

    def expand(self) -> Block:
        """Return both preparations, then CNOT and Hadamard on each pair."""
        n = self.unitary.width
        bell = [g for q in range(n) for g in (Gate("cx").on(q, n + q, of=2 * n), Gate("h").on(q, of=2 * n))]
        return sequence(Parallel((sequence(self.prep_in, self.unitary), self.prep_out)), *bell)

    def formula(self) -> Counts:
        """Return both preparations, the unitary, n CNOT and n Hadamards."""
        n = self.unitary.n_qubits
        states = self.prep_in.formula().then(self.unitary.formula()).beside(self.prep_out.formula())
        total = states.then(Counts(cnot=n, one_qubit=n))
        # Every qubit meets one more CNOT, the deepest one too.
        depth = None if states.depth_two_qubit is None else states.depth_two_qubit + 1
        return evolve(total, depth_two_qubit=depth)


def primitives(block: Block) -> Iterator[Block]:
    """Yield the blocks in order of time, sequences and families with ladders opened up."""
    from qcompile.ir.ansatz import Ansatz
    from qcompile.ir.combinators import Adjoint, Repeat

    if isinstance(block, Sequence):
        for part in block.blocks:
            yield from primitives(part)
    elif isinstance(block, Ansatz):
        yield from block.steps()
    elif isinstance(block, ComputeUncompute):
        yield from primitives(block.expand())
    elif isinstance(block, Repeat) and isinstance(block.times, int):
        for _ in range(block.times):
            yield from primitives(block.block)
    elif isinstance(block, Adjoint) and isinstance(block.block, Ansatz):
        yield from (step.adjoint() for step in reversed(block.block.steps()))
    else:
        yield block


def ladders_of(block: Block) -> Block:
    """Return the ladders of a block alone, in order of time."""
    found = tuple(part for part in primitives(block) if isinstance(part, Ladder))
    return Sequence(found, n_qubits=block.n_qubits)
