"""S7: CNOT ladders in logarithmic depth where links allow."""

from __future__ import annotations

from typing import ClassVar

from attrs import evolve, frozen

from qcompile.ir.ansatz import Ansatz
from qcompile.ir.block import Block
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.gates import Ladder
from qcompile.ir.rules.base import BlockRule

__all__ = ["LogDepthLadder"]


@frozen
class LogDepthLadder(BlockRule):
    """A ladder is a prefix network: depth about 2 log2 n for about twice the CNOT.

    Proof: the ladder in order of time gives every qubit the parity of itself and all before it. Going up, block sums of
    1, 2, 4... qubits are formed in place; going down, each is added to the block right of it: the same parities. The
    other direction is the inverse, the same network backwards. On a line the staircase is better: it pipelines with the
    next ladder and needs no other link.
    """

    id: ClassVar[str] = "S7"
    name: ClassVar[str] = "log-depth-ladder"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "a staircase ladder, alone or in an ansatz, that the cost model finds dearer than the network"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the block with the network where it is cheaper."""
        new: Block
        if isinstance(block, Ladder) and block.form == "staircase":
            new = evolve(block, form="log")
        elif isinstance(block, Ansatz) and block.ladder_form == "staircase":
            new = evolve(block, ladder_form="log")
        else:
            return None
        if not isinstance(block.n_qubits, int) or block.sizes:
            return None
        before, after = cost_model.cost(block), cost_model.cost(new)
        return new if before is not None and after is not None and after < before else None
