"""Logical counts of a block from its own formulas, symbols kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimates.counts import LogicalCounts

if TYPE_CHECKING:
    from qcompile.ir.block import Block
    from qcompile.ir.counts import Counts
    from qcompile.ir.sizes import Size

__all__ = ["counts_of_block", "counts_of_formulas"]


def counts_of_block(block: Block) -> LogicalCounts:
    """Return what the synthesized circuit of a block costs, as formulas in its sizes.

    Every rotation counts as generic: an untrained model is priced by its worst angles. The rotation depth is left at
    its bound, all rotations in a row; a tape (`counts_of_tape`) knows better. `block.counts().is_exact` tells whether
    the gate counts themselves are a bound.
    """
    return counts_of_formulas(block.counts(), block.n_qubits)


def counts_of_formulas(counts: Counts, n_qubits: Size) -> LogicalCounts:
    """Return the formulas of a block or readout as logical counts."""
    return LogicalCounts(
        n_qubits=n_qubits,
        ccz=counts.toffoli,
        rotations=counts.rotation,
        measurements=counts.measurement,
        cliffords=counts.cnot + counts.one_qubit,
        cnot=counts.cnot,
    )
