"""Logical counts of a block from its own formulas, symbols kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from estimates.counts import Count, LogicalCounts, larger

if TYPE_CHECKING:
    from qcompile.ir.block import Block
    from qcompile.ir.counts import Counts

__all__ = ["counts_of_block", "counts_of_formulas", "rotation_depth"]


def counts_of_block(block: Block) -> LogicalCounts:
    """Return what the synthesized circuit of a block costs, as formulas in its sizes.

    Every rotation counts as generic: an untrained model is priced by its worst angles. The rotation depth is a bound;
    a tape (`counts_of_tape`) knows better. `block.counts().is_exact` tells whether the gate counts are a bound too.
    """
    return counts_of_formulas(block.counts(), block)


def counts_of_formulas(counts: Counts, block: Block) -> LogicalCounts:
    """Return the formulas of a block, or of a readout of it, as logical counts."""
    return LogicalCounts(
        n_qubits=block.n_qubits,
        t=counts.t,
        ccz=counts.toffoli,
        rotations=counts.rotation,
        rotation_depth=rotation_depth(block),
        measurements=counts.measurement,
        cliffords=counts.cnot + counts.one_qubit,
        cnot=counts.cnot,
    )


def rotation_depth(block: Block) -> Count:
    """Return a bound on the layers of rotations of a block: its structure where that is known, else all in a row."""
    from qcompile.ir import Adjoint, AngleEncoding, Ansatz, On, Parallel, PhaseLayer, Repeat, Router, Sequence
    from qcompile.ir.gates import RotationLayer
    from qcompile.ir.overlap import ComputeUncompute

    if isinstance(block, Sequence):
        return sum((rotation_depth(part) for part in block.blocks), 0)
    if isinstance(block, Parallel):
        depth: Count = 0
        for part in block.blocks:
            depth = larger(depth, rotation_depth(part))
        return depth
    if isinstance(block, Repeat):
        return block.times * rotation_depth(block.block)
    if isinstance(block, Adjoint | On):
        return rotation_depth(block.block)
    if isinstance(block, ComputeUncompute):
        return sum((rotation_depth(part) for part in (block.prep_in, block.unitary, block.prep_out)), 0)
    if isinstance(block, Ansatz):
        return len(block.rotations) * cast(Count, block.layers)
    if isinstance(block, Router | PhaseLayer):
        return block.layers
    if isinstance(block, RotationLayer):
        return len(block.axes)
    if isinstance(block, AngleEncoding):
        return 1
    return block.counts().rotation
