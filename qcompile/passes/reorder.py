"""Rows that commute put in an order with fewer layers of two-qubit gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from qcompile.kernels.commuting_order import early_order
from qcompile.kernels.depth import depth_of
from qcompile.passes.assemble import assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.cost import native_costs
from qcompile.passes.wires import protected_rows, wires_of
from qcompile.tape import Rewrite, Tape

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["ReorderCommuting"]


@register
@frozen
class ReorderCommuting(Pass):
    """Reorder rows that commute so that two-qubit gates take fewer layers; a two-qubit row counts its native gates.

    Tapes with fences or protected rows are left as they are.

    >>> from qcompile.tape import tape_of
    >>> ReorderCommuting()(tape_of("cz 0 1; cz 1 2; cz 2 3")).ops()
    ['cz 0 1', 'cz 2 3', 'cz 1 2']
    """

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape in another order, where that has fewer layers."""
        if tape.n_two_qubit < 2 or tape.fence.any() or protected_rows(tape, self.no_touch).any():
            return unchanged(tape)
        weight = native_costs(tape, target)
        wires = wires_of(tape, self.no_touch)
        order = early_order(wires.indptr, wires.wire, wires.run, weight, wires.n_wires)
        wide = (tape.wide, tape.wide_indptr, tape.wide_indices)
        before = depth_of(tape.qubits, *wide, weight, tape.n_qubits)
        if depth_of(tape.qubits[order], tape.wide[order], *wide[1:], weight[order], tape.n_qubits) >= before:
            return unchanged(tape)
        place = np.empty(len(tape), dtype=np.int64)
        place[order] = np.arange(len(tape))
        return assemble(tape, place, np.ones(len(tape), dtype=bool))
