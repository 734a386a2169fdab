"""SWAPs that need not be performed, since a layout can remember them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from qcompile.kernels.kak import weyl_coordinates
from qcompile.kernels.relabel import elide_swaps
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.natives import native_counts, native_edges
from qcompile.passes.wires import free_rows
from qcompile.synthesis.two_qubit import cost_after_swap
from qcompile.tape import LayoutWitness, Op, Rewrite, Tape
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["ElideSwaps", "SplitMirrors"]

_EXCHANGE = [0, 2, 1, 3]


@frozen
class ElideSwaps(Pass):
    """Take SWAP gates out and let everything after them act on exchanged qubits.

    The new tape is the old one up to a permutation of its outputs, the `final` layout of the witness: logical qubit k
    ends on qubit `final[k]`. Use it where the caller lets the final layout be any.

    >>> from qcompile.tape import tape_of
    >>> done = ElideSwaps().rewrite(tape_of("swap 0 1; h 0"))
    >>> done.tape.ops(), done.witness.final.tolist()
    (['h 1'], [1, 0])
    """

    settles = True

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape without SWAPs, and a layout witness."""
        if not tape.holds(Op.SWAP):
            return unchanged(tape)
        gone = free_rows(tape, self.no_touch) & (tape.opcode == Op.SWAP)
        if not gone.any():
            return unchanged(tape)
        layout = np.arange(tape.n_qubits, dtype=np.int32)
        initial = layout.copy()
        qubits, wide = elide_swaps(tape.qubits, tape.wide, tape.wide_indptr, tape.wide_indices, gone, layout)
        new = np.cumsum(~gone) - 1
        events = np.stack([np.arange(len(tape)), np.where(gone, -1, new)], axis=1)
        moved = tape.replace(qubits=qubits, wide_indices=wide).take(~gone)
        return Rewrite(moved, LayoutWitness(events=events, initial=initial, final=layout))


@register
@frozen
class SplitMirrors(Pass):
    """Write a two-qubit matrix U as a cheaper one followed by a SWAP, where SWAP U takes fewer native gates than U.

    Of use before `ElideSwaps` on machines in which every pair is coupled.
    """

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with SWAPs split off."""
        if not tape.holds(Op.MAT2):
            return unchanged(tape)
        rows = np.flatnonzero(free_rows(tape, self.no_touch) & (tape.opcode == Op.MAT2))
        if not len(rows):
            return unchanged(tape)
        matrices = row_matrices(tape, rows)
        edges = native_edges(target, tape.qubits[rows])
        native, count = native_counts(edges, matrices)
        coords = weyl_coordinates(np.ascontiguousarray(matrices))
        mirrored = np.stack([cost_after_swap(coords, op) for op in edges.ops])[native, np.arange(len(rows))]
        chosen = mirrored < count
        if not chosen.any():
            return unchanged(tape)
        rows = rows[chosen]
        first = NewRows(
            opcode=Op.MAT2,
            qubits=tape.qubits[rows],
            region=rows,
            matrix=np.ascontiguousarray(matrices[chosen][:, _EXCHANGE]),
            like=rows,
        )
        second = NewRows(opcode=Op.SWAP, qubits=tape.qubits[rows], region=rows, like=rows)
        keep = np.ones(len(tape), dtype=bool)
        keep[rows] = False
        return assemble(tape, np.arange(len(tape)), keep, [first, second])
