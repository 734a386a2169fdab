"""Phases of a parity written with two CNOTs, seen as one gate again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.wires import free_rows, row_axes, wires_of
from qcompile.tape import Op, Rewrite, Tape
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["FoldParities"]

_Z = 3


@register
@frozen
class FoldParities(Pass):
    """Write CX, diagonal gates on its target, and the same CX again as one RZZ.

    Between the two, the control may see whatever commutes with them. Symbolic gates are left as they are.

    >>> from qcompile.tape import tape_of
    >>> FoldParities()(tape_of("cx 0 1; rz(0.3) 1; t 0; cx 0 1; h 1")).ops()
    ['rzz(0.3) 0 1', 't 0', 'h 1']
    """

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with parities folded."""
        free = free_rows(tape, self.no_touch)
        diagonal = free & (tape.arity == 1) & (row_axes(tape)[:, 0] == _Z) & ~tape.is_symbolic
        entangler = free & (tape.opcode == Op.CX)
        if int(entangler.sum()) < 2:
            return unchanged(tape)
        wires = wires_of(tape, self.no_touch)
        region = np.arange(len(tape), dtype=np.int64)
        keep = np.ones(len(tape), dtype=np.bool_)
        open_: dict[int, list[int]] = {}  # by target: its CX and the diagonal rows after it
        found: list[list[int]] = []
        for row in range(len(tape)):
            if diagonal[row]:
                if (mine := open_.get(int(tape.qubits[row, 0]))) is not None:
                    mine.append(row)
                continue
            low, high = wires.indptr[row], wires.indptr[row + 1]
            touched = wires.wire[low:high].tolist()
            if entangler[row]:
                control, goal = tape.qubits[row].tolist()
                mine = open_.pop(goal, None)
                open_.pop(control, None)
                same = mine is not None and tape.qubits[mine[0], 0] == control
                if mine is not None and same and len(mine) > 1 and wires.run[wires.indptr[mine[0]]] == wires.run[low]:
                    found.append([*mine, row])
                else:
                    open_[goal] = [row]
                continue
            for wire in touched:
                open_.pop(wire, None)
        if not found:
            return unchanged(tape)
        first = np.array([rows[0] for rows in found])
        angle = np.zeros((len(found), 3))
        phase = 0.0
        for k, rows in enumerate(found):
            region[rows] = rows[0]
            keep[rows] = False
            turn = np.angle(np.diagonal(row_matrices(tape, np.array(rows[1:-1])), axis1=1, axis2=2)).sum(axis=0)
            angle[k, 0] = turn[1] - turn[0]
            phase += float(turn.sum()) / 2
        part = NewRows(opcode=Op.RZZ, qubits=tape.qubits[first], region=first, angle=angle, like=first)
        return assemble(tape, region, keep, [part], phase=phase)
