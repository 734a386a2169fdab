"""What a tape will cost in native two-qubit gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qcompile.passes.natives import native_counts, native_edges
from qcompile.synthesis.two_qubit import NATIVE_OPS
from qcompile.tape import Op, Tape
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["native_costs", "native_two_qubit", "symbolic_price"]


def native_costs(tape: Tape, target: Target | None = None) -> NDArray[np.int32]:
    """Return int32[n], how many native gates each two-qubit row takes by itself; 0 for other rows.

    Args:
        tape: Any tape.
        target: Machine, any pair of which may be used; without one the native gate is CZ.
    """
    two = tape.is_two_qubit
    out = two.astype(np.int32)
    if tape.exprs:
        out[two & tape.is_symbolic] = symbolic_price(target)
    native = [Op.CZ] if target is None else [NATIVE_OPS[g.name] for g in target.natives if g.name in NATIVE_OPS]
    rows = np.flatnonzero(two & ~tape.is_symbolic & ~np.isin(tape.opcode, native))
    if len(rows):
        edges = native_edges(target, np.zeros((len(rows), 2), dtype=np.int32))
        out[rows] = native_counts(edges, row_matrices(tape, rows))[1]
    return out


def native_two_qubit(tape: Tape, target: Target | None = None, *, free_swaps: bool = False) -> int:
    """Return how many native two-qubit gates the two-qubit rows take, one by one; wider rows do not count.

    Args:
        tape: Any tape; blocks should be collected.
        target: Machine; without one the native gate is CZ.
        free_swaps: Whether plain SWAP rows cost nothing.
    """
    costs = native_costs(tape, target)
    return int(costs[tape.opcode != Op.SWAP].sum() if free_swaps else costs.sum())


def symbolic_price(target: Target | None) -> int:
    """Return how many native gates a two-qubit row with a symbolic angle is taken to need."""
    angled = target is not None and any(g.parametric and g.angle_range is None for g in target.natives)
    return 1 if angled else 2
