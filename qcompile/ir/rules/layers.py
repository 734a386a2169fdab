"""S1, S2, S5: layers of commuting rotations become one layer."""

from __future__ import annotations

from typing import ClassVar

from attrs import evolve, frozen

from qcompile.ir.angles import Angles
from qcompile.ir.block import Block
from qcompile.ir.combinators import Sequence
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.gates import RotationLayer
from qcompile.ir.layers import PhaseLayer, RotaryRotation, Router
from qcompile.ir.readout import Post, Readout
from qcompile.ir.rules.base import BlockRule, ReadoutRule

__all__ = ["CollapsePhaseLayer", "CollapseRouter", "DropUnmeasuredRotations", "MergeRotary"]


@frozen
class CollapseRouter(BlockRule):
    """A router of any depth is one layer of Rx.

    Proof: H H = 1 and H Rz(t) H = Rx(t), as H Z H = X. So each layer is the product of Rx(t_{l,q}); rotations about one
    axis commute and their angles add: U_route = prod_q Rx(sum_l t_{l,q}), phase included.
    """

    id: ClassVar[str] = "S1"
    name: ClassVar[str] = "collapse-router"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "the block is a router of eq. 36 with a known number of layers"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the layer of Rx."""
        if not isinstance(block, Router) or not _known(block.layers, block.n_qubits):
            return None
        total = block.angles.total()
        n = block.width
        rows = [[total[()] if block.is_shared else total[q]] for q in range(n)]
        return RotationLayer(n, ("x",), Angles.of(rows))


@frozen
class CollapsePhaseLayer(BlockRule):
    """U_phase of any depth is one layer with the sum of its angles.

    Proof: on each qubit all rotations are about one axis, so they commute and add: Rz(t_1) ... Rz(t_L) = Rz(sum t), and
    the same for Ry; the angles are the same on every qubit.
    """

    id: ClassVar[str] = "S2"
    name: ClassVar[str] = "collapse-phase-layer"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "the block is U_phase of eq. 34 with a known number of layers above 1"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return one layer."""
        if not isinstance(block, PhaseLayer) or not isinstance(block.layers, int) or block.layers == 1:
            return None
        return evolve(block, layers=1, angles=Angles.of([block.angles.total()[()]]))


@frozen
class MergeRotary(BlockRule):
    """U_rot is one PhasedXZ gate: one pulse, its Rz virtual.

    Proof: P(z) H P(x) H = exp(i (x + z) / 2) Rz(z) Rx(x), with P(t) = diag(1, e^{it}) = e^{it/2} Rz(t); at x = pi/2 the
    global phase -(pi/4 + omega/2) restores Rz(omega) Rx(pi/2) exactly.
    """

    id: ClassVar[str] = "S5"
    name: ClassVar[str] = "merge-rotary"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "the block is U_rot of eq. 39 in two gates"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the merged block."""
        if not isinstance(block, RotaryRotation) or block.is_merged:
            return None
        return evolve(block, is_merged=True)


@frozen
class DropUnmeasuredRotations(ReadoutRule):
    """Rotations that act last, on qubits that are not measured, are dead code.

    Proof: a unitary on a traced-out qubit leaves the reduced state of the others as it is.
    """

    id: ClassVar[str] = "S1"
    name: ClassVar[str] = "drop-unmeasured-rotations"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "the circuit ends in a layer of rotations and some of its qubits are not measured"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the readout with the last layer on measured qubits only."""
        block = readout.block
        if readout.post not in (Post.DISTRIBUTION, Post.Z_EXPECTATIONS) or not isinstance(block, Sequence):
            return None
        last = block.blocks[-1] if block.blocks else None
        if not isinstance(last, RotationLayer) or len(readout.measured) == last.width:
            return None
        kept = tuple(sorted(readout.measured))
        rows = [[last.angles[q, k] for k in range(len(last.axes))] for q in kept]
        layer = RotationLayer(len(kept), last.axes, Angles.of(rows)).on(*kept, of=last.n_qubits)
        return evolve(readout, block=Sequence((*block.blocks[:-1], layer), n_qubits=block.n_qubits))


def _known(*sizes: object) -> bool:
    return all(isinstance(size, int) for size in sizes)
