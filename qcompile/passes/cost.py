"""What a tape will cost in native two-qubit gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qcompile.passes.natives import native_counts, native_edges
from qcompile.tape import Op, Tape
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["native_two_qubit"]


def native_two_qubit(tape: Tape, target: Target | None = None, *, free_swaps: bool = False) -> int:
    """Return how many native two-qubit gates the two-qubit rows take, one by one; wider rows do not count.

    Args:
        tape: Any tape; blocks should be collected.
        target: Machine; without one the native gate is CZ.
        free_swaps: Whether plain SWAP rows cost nothing.
    """
    two = tape.is_two_qubit & ~((tape.opcode == Op.SWAP) & free_swaps)
    rows = np.flatnonzero(two & ~tape.is_symbolic)
    total = 0
    if len(rows):
        edges = native_edges(target, np.zeros((len(rows), 2), dtype=np.int32))
        total = int(native_counts(edges, row_matrices(tape, rows))[1].sum())
    angled = target is not None and any(g.parametric and g.angle_range is None for g in target.natives)
    return total + int((two & tape.is_symbolic).sum()) * (1 if angled else 2)
