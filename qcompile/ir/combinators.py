"""How blocks are put together: in sequence, side by side, repeated, controlled, inverted, embedded."""

from __future__ import annotations

from functools import reduce

from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.ir.block import Block
from qcompile.ir.contract import Contract, ContractKind
from qcompile.ir.counts import Counts
from qcompile.ir.fields import as_tuple, to_controls, to_times, to_width
from qcompile.ir.sizes import Size, as_size, concrete, same_size

__all__ = ["Adjoint", "Controlled", "On", "Parallel", "Repeat", "Sequence", "identity", "parallel", "sequence"]

_WEAKNESS = list(ContractKind)


def _weakest(kinds: list[ContractKind]) -> ContractKind:
    return max(kinds, key=_WEAKNESS.index, default=ContractKind.UNITARY)


@frozen
class Sequence(Block):
    """Blocks of equal width, the first acts first. Empty: the identity on `n_qubits`.

    Raises:
        InputError: Widths differ.
    """

    blocks: tuple[Block, ...] = field(converter=as_tuple)
    n_qubits: Size = field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        for block in self.blocks:
            if not same_size(block.n_qubits, self.n_qubits):
                raise InputError(
                    f"has {block.n_qubits} qubits beside {self.n_qubits}",
                    where=f"sequence: {block.title}",
                    hint="embed it with block.on(qubits, of=n)",
                )

    @property
    def contract(self) -> Contract:
        """Zero inputs of the first block; the weakest kind of all."""
        contracts = [b.contract for b in self.blocks]
        kind = _weakest([c.kind for c in contracts])
        zero = contracts[0].zero_inputs if contracts else ()
        return Contract(kind, zero if kind is not ContractKind.UNITARY else ())

    def adjoint(self) -> Block:
        """Return the inverses in reverse order."""
        return Sequence(tuple(b.adjoint() for b in reversed(self.blocks)), n_qubits=self.n_qubits)

    def formula(self) -> Counts:
        """Return the sum."""
        return reduce(Counts.then, (b.formula() for b in self.blocks), Counts())

    def describe(self) -> str:
        """Return one line for `tree`."""
        return "Sequence" if self.blocks else "Identity"


@frozen
class Parallel(Block):
    """Blocks side by side; the first has the most significant qubits."""

    blocks: tuple[Block, ...] = field(converter=as_tuple)

    @property
    def n_qubits(self) -> Size:
        """Sum of the widths."""
        return as_size(sum(b.n_qubits for b in self.blocks))

    @property
    def contract(self) -> Contract:
        """Zero inputs of every part."""
        kind = _weakest([b.contract.kind for b in self.blocks])
        zero: list[int] = []
        if kind is not ContractKind.UNITARY:
            offset: Size = 0
            for b in self.blocks:
                if b.contract.zero_inputs:
                    zero += [concrete(offset) + q for q in b.contract.zero_inputs]
                offset = offset + b.n_qubits
        return Contract(kind, tuple(zero))

    def adjoint(self) -> Block:
        """Return the inverses side by side."""
        return Parallel(tuple(b.adjoint() for b in self.blocks))

    def formula(self) -> Counts:
        """Return the sum; the depth is the largest."""
        return reduce(Counts.beside, (b.formula() for b in self.blocks), Counts())

    def describe(self) -> str:
        """Return one line for `tree`."""
        return "Parallel"


@frozen
class Repeat(Block):
    """The same block `times` times in sequence, parameters shared."""

    block: Block
    times: Size = field(converter=to_times)

    @property
    def n_qubits(self) -> Size:
        """Width of the block."""
        return self.block.n_qubits

    @property
    def contract(self) -> Contract:
        """That of the block."""
        return self.block.contract

    def adjoint(self) -> Block:
        """Return the inverse repeated."""
        return Repeat(self.block.adjoint(), self.times)

    def formula(self) -> Counts:
        """Return the block's counts times `times`."""
        return self.block.formula().times(self.times)


@frozen
class Controlled(Block):
    """A block that acts when all controls are 1; the controls come first."""

    block: Block
    n_controls: int = field(default=1, converter=to_controls)

    @property
    def n_qubits(self) -> Size:
        """Controls and the block's qubits."""
        return self.block.n_qubits + self.n_controls

    @property
    def contract(self) -> Contract:
        """That of the block, its qubits moved behind the controls."""
        inner = self.block.contract
        return Contract(inner.kind, tuple(q + self.n_controls for q in inner.zero_inputs))

    def adjoint(self) -> Block:
        """Return the controlled inverse."""
        return Controlled(self.block.adjoint(), self.n_controls)

    def formula(self) -> Counts:
        """Return each gate of the block controlled by itself; an upper bound where data or angles decide its gates.

        With one control, a rotation becomes a controlled one (two CNOT, two rotations), a CNOT a Toffoli gate, a SWAP a
        controlled SWAP; a global phase moves onto the control.
        """
        from qcompile.ir.controlled_counts import controlled_counts
        from qcompile.ir.qft import wide_phase_bound

        exact = controlled_counts(self.block) if self.n_controls == 1 else None
        if exact is not None:
            return exact
        inner = self.block.formula()
        ones = inner.rotation + inner.one_qubit + inner.t
        if self.n_controls == 1 and inner.toffoli == 0:
            spare = 4 * inner.cnot  # of phases on many qubits, written out
            return Counts(
                cnot=2 * ones + inner.cnot,
                rotation=7 * ones + 1,
                one_qubit=spare,
                t=spare,
                toffoli=2 * inner.cnot,
                depth_two_qubit=None,
                is_exact=False,
            )
        wide, turns = wide_phase_bound(self.n_controls + 3)
        many = ones + inner.cnot + inner.toffoli + 1
        return Counts(
            cnot=many * (2 * wide + 4),
            rotation=many * (2 * turns + 12),
            one_qubit=many * (4 * wide + 4),
            t=many * 4 * wide,
            toffoli=2 * many,
            depth_two_qubit=None,
            is_exact=False,
        )


@frozen
class Adjoint(Block):
    """The inverse of a block."""

    block: Block

    @property
    def n_qubits(self) -> Size:
        """Width of the block."""
        return self.block.n_qubits

    @property
    def contract(self) -> Contract:
        """Of an inverse preparation only the amplitude of all zeros is fixed, so it is judged by outcomes."""
        inner = self.block.contract
        if inner.kind is ContractKind.CHANNEL:
            raise InputError("has no inverse", where=self.block.title, hint="channels cannot be inverted")
        return inner if inner.kind is ContractKind.UNITARY else Contract(ContractKind.OUTCOMES)

    def adjoint(self) -> Block:
        """Return the block itself."""
        return self.block

    def formula(self) -> Counts:
        """Return the block's counts."""
        return self.block.formula()


@frozen
class On(Block):
    """A block on some qubits of a wider register, identity elsewhere.

    Raises:
        InputError: Qubits repeat, do not fit, or differ in number from the block's width.
    """

    block: Block
    qubits: tuple[int, ...] = field(converter=as_tuple)
    n_qubits: Size = field(converter=to_width)

    def __attrs_post_init__(self) -> None:
        if len(set(self.qubits)) != len(self.qubits) or not same_size(len(self.qubits), self.block.n_qubits):
            raise InputError(f"are {list(self.qubits)} for a block of {self.block.n_qubits} qubits", where="on.qubits")
        if isinstance(self.n_qubits, int) and not all(0 <= q < self.n_qubits for q in self.qubits):
            raise InputError(f"are {list(self.qubits)}", where="on.qubits", hint=f"use 0 to {self.n_qubits - 1}")

    @property
    def contract(self) -> Contract:
        """That of the block, its qubits renamed."""
        inner = self.block.contract
        return Contract(inner.kind, tuple(self.qubits[q] for q in inner.zero_inputs))

    def adjoint(self) -> Block:
        """Return the inverse on the same qubits."""
        return On(self.block.adjoint(), self.qubits, self.n_qubits)

    def formula(self) -> Counts:
        """Return the block's counts."""
        return self.block.formula()


def identity(n_qubits: Size) -> Sequence:
    """Return the block that does nothing."""
    return Sequence((), n_qubits=n_qubits)


def sequence(*blocks: Block) -> Block:
    """Return blocks in sequence, nested sequences flattened.

    Raises:
        InputError: None given, or widths differ.
    """
    if not blocks:
        raise InputError("has no blocks", where="sequence", hint="use identity(n)")
    flat: list[Block] = []
    for block in blocks:
        flat += block.blocks if isinstance(block, Sequence) else [block]
        if not same_size(block.n_qubits, blocks[0].n_qubits):
            raise InputError(
                f"has {block.n_qubits} qubits beside {blocks[0].n_qubits}",
                where=f"sequence: {block.title}",
                hint="embed it with block.on(qubits, of=n)",
            )
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat), n_qubits=blocks[0].n_qubits)


def parallel(*blocks: Block) -> Block:
    """Return blocks side by side, nested ones flattened."""
    flat: list[Block] = []
    for block in blocks:
        flat += block.blocks if isinstance(block, Parallel) else [block]
    return flat[0] if len(flat) == 1 else Parallel(tuple(flat))
