"""Gates that no machine has, written with gates on at most two qubits and one symbolic angle each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from qcompile.passes.assemble import assemble_from, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.wires import protected_rows
from qcompile.synthesis.native import decompose_wide
from qcompile.tape import Op, Rewrite, Tape
from qcompile.tape.opcodes import ARITY, IS_UNITARY

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["ExpandWide"]


@register
@frozen
class ExpandWide(Pass):
    """Write gates on three and more qubits, and symbolic two-qubit gates, with pairs and one-qubit rotations.

    A symbolic rotation about a pair keeps its angle: in RZZ or RXX where the target has that gate at any angle, else in
    a one-qubit rotation between two CX. Gates under conditions and inside fences are expanded where they are.

    Attributes:
        borrow: Use idle qubits as dirty ancillas of gates with many controls.
        clean: Qubits that no row touches and that start in 0, used as clean ancillas and given back in 0 (then
            `validate` must be told).
        three_qubit: Whether CCX, CCZ and CSWAP are expanded, too (`ExpandToffoli` does better).

    >>> from qcompile.tape import tape_of
    >>> ExpandWide()(tape_of("rzz(t) 0 1")).ops()
    ['cx 0 1', 'rz(t) 1', 'cx 0 1']
    """

    settles = True
    borrow: bool = True
    three_qubit: bool = True
    clean: tuple[int, ...] = ()

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape without wide and symbolic pair gates."""
        keep = {Op.RZZ: "rzz", Op.RXX: "rxx"}
        natives = target.natives if target is not None else ()
        kept = [op for op, name in keep.items() if any(g.name == name and g.angle_range is None for g in natives)]
        if not self.three_qubit:
            kept += [Op.CCX, Op.CCZ, Op.CSWAP]
        if not tape.exprs and not len(tape.wide_indices):
            return unchanged(tape)
        wide = IS_UNITARY[tape.opcode] & (tape.arity > 2)
        pairs = (ARITY[tape.opcode] == 2) & tape.is_symbolic
        todo = (wide | pairs) & ~np.isin(tape.opcode, kept) & ~protected_rows(tape, self.no_touch)
        rows = np.flatnonzero(todo)
        if not len(rows):
            return unchanged(tape)
        part = tape.take(rows).replace(origin=np.arange(len(rows)), origins=tuple(map(str, rows)), phase=0.0)
        done = decompose_wide(part, keep=kept, borrow=self.borrow, clean=self.clean)
        source = np.array([int(name) for name in done.origins] or [0], dtype=np.int64)[done.origin]
        return assemble_from(tape, ~todo, done, source)
