"""S3: a block next to its inverse is nothing (eq. 54)."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from qcompile.ir.block import Block
from qcompile.ir.combinators import Parallel, Repeat, Sequence, sequence
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.expert import QuantumExpert
from qcompile.ir.gates import GlobalPhase
from qcompile.ir.rules.base import BlockRule

__all__ = ["CancelInverse", "DropIdentity", "OpenExpert"]


@frozen
class CancelInverse(BlockRule):
    """U^-1 U = 1, so both go; C(i,j) of eq. 54 does not depend on theta.

    Proof: by definition of the inverse. For preparations, of which only the image of all zeros is meant, V^-1 V is the
    identity for whichever unitary V the synthesis picks, since `Adjoint` is made of the same gates backwards; V V^-1
    likewise.
    """

    id: ClassVar[str] = "S3"
    name: ClassVar[str] = "cancel-inverse"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "two neighbours of a sequence are inverse to each other"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the sequence without the first such pair."""
        if not isinstance(block, Sequence) or block.sizes:
            return None
        parts = block.blocks
        for k in range(len(parts) - 1):
            a, b = parts[k], parts[k + 1]
            if a.adjoint() == b or b.adjoint() == a:
                return Sequence(parts[:k] + parts[k + 2 :], n_qubits=block.n_qubits)
        return None


@frozen
class DropIdentity(BlockRule):
    """Empty sequences and phases inside a sequence are dropped or collected.

    Proof: the identity changes nothing; global phases commute with everything and add.
    """

    id: ClassVar[str] = "S3"
    name: ClassVar[str] = "drop-identity"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "a sequence holds an identity, a nested sequence, or two global phases"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the flattened sequence."""
        if isinstance(block, Repeat) and block.times == 1:
            return block.block
        if not isinstance(block, Sequence) or not block.blocks:
            return None
        flat: list[Block] = []
        for part in block.blocks:
            flat += part.blocks if isinstance(part, Sequence) else [part]
        flat = [part for part in flat if not _is_identity(part)]
        phases = [part for part in flat if isinstance(part, GlobalPhase)]
        if len(phases) > 1:
            total = phases[0]
            for phase in phases[1:]:
                total = GlobalPhase(block.n_qubits, total.angle + phase.angle)
            flat = [part for part in flat if not isinstance(part, GlobalPhase)] + [total]
        if tuple(flat) == block.blocks and len(flat) > 1:
            return None
        return sequence(*flat) if flat else Sequence((), n_qubits=block.n_qubits)


def _is_identity(block: Block) -> bool:
    if isinstance(block, Sequence):
        return not block.blocks
    if isinstance(block, Parallel):
        return all(_is_identity(part) for part in block.blocks)
    return isinstance(block, GlobalPhase) and block.angle.is_number and block.angle.const == 0.0


@frozen
class OpenExpert(BlockRule):
    """An expert is its token followed by its ansatz, so that rules on sequences apply to it.

    Proof: by definition of the block; its linear map is classical and stays with the expert.
    """

    id: ClassVar[str] = "P7"
    name: ClassVar[str] = "open-expert"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "the block is a quantum expert of eq. 68"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the sequence."""
        return block.expand() if isinstance(block, QuantumExpert) else None
