"""What two-qubit blocks cost in native gates, alone and merged with a SWAP."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from qcompile.kernels.graphs import IntArray, RealArray
from qcompile.kernels.kak import weyl_coordinates
from qcompile.kernels.routing_rows import block_products
from qcompile.synthesis.two_qubit import cost, cost_after_swap
from qcompile.tape import Op, Tape
from qcompile.tape.matrices import gate_matrices_of
from qcompile.tape.opcodes import ARITY, IS_UNITARY
from qcompile.target import Target

__all__ = ["BlockCosts", "block_costs", "unit_costs"]

Complex = NDArray[np.complex128]

#: Where a symbol stands, its gate costs what it costs at an angle that is not special.
_GENERIC_ANGLE = 0.7390851332151607
_ROUTABLE = ("cz", "cx", "ecr", "iswap", "sqrtiswap", "syc", "rzz", "rxx")


@frozen(kw_only=True, eq=False)
class BlockCosts:
    """Costs in native two-qubit gates.

    Attributes:
        alone: `float64[m]`, each operation by itself; zero without a coupling.
        with_swap: `float64[m]`, each operation merged with a SWAP on its pair.
        swap: A SWAP with nothing to merge into.
    """

    alone: RealArray = field()
    with_swap: RealArray = field()
    swap: float = 3.0


def unit_costs(m: int, *, swap: float = 1.0) -> BlockCosts:
    """Return costs that count SWAPs and nothing else: merging is worth nothing."""
    return BlockCosts(alone=np.zeros(m), with_swap=np.full(m, swap), swap=swap)


def block_costs(tape: Tape, target: Target, pairs: IntArray, row_op: IntArray, row_wire: IntArray) -> BlockCosts:
    """Return the cost of each operation of a circuit on a machine.

    The matrix of each block is classified by its Weyl coordinates, and of the native gates the one that does the block
    with the fewest is taken. Blocks with symbols are classified at an angle that is not special.

    Args:
        tape: The circuit.
        target: The machine.
        pairs: `int32[m, 2]`, see `qcompile.kernels.routing_rows`.
        row_op: `int32[n]`.
        row_wire: `int32[n, 2]`.
    """
    m = len(pairs)
    in_block = (row_op >= 0) & (tape.condition < 0) & IS_UNITARY[tape.opcode]
    in_block[in_block] &= pairs[row_op[in_block], 0] >= 0
    matrix_of, one, two = _matrices(tape, in_block)
    products = block_products(m, pairs, row_op, row_wire, matrix_of, one, two)
    coupled = pairs[:, 0] >= 0
    coords = weyl_coordinates(products[coupled])
    swap_coords = np.full((1, 3), np.pi / 4)
    alone, with_swap = np.zeros(m), np.zeros(m)
    best = np.full((2, int(coupled.sum())), np.inf)
    lone = np.inf
    for name in [g.name for g in target.natives if g.name in _ROUTABLE] or ["cz"]:
        best[0] = np.minimum(best[0], cost(coords, name))
        best[1] = np.minimum(best[1], cost_after_swap(coords, name))
        lone = min(lone, float(cost(swap_coords, name)[0]))
    alone[coupled], with_swap[coupled] = best
    # A conditional gate does not always run: nothing merges with it.
    conditional = np.zeros(m, np.bool_)
    at = (row_op >= 0) & (tape.condition >= 0)
    conditional[row_op[at]] = True
    conditional &= coupled
    alone[conditional] = 1.0
    with_swap[conditional] = 1.0 + lone
    return BlockCosts(alone=alone, with_swap=with_swap, swap=lone)


def _matrices(tape: Tape, rows: NDArray[np.bool_]) -> tuple[IntArray, Complex, Complex]:
    """Return (row of its table or -1 for each row, one-qubit matrices, two-qubit matrices) of the chosen rows."""
    index = np.full(len(tape), -1, np.int32)
    parts: dict[int, list[Complex]] = {1: [np.zeros((0, 2, 2), np.complex128)], 2: [np.zeros((0, 4, 4), np.complex128)]}
    count = {1: 0, 2: 0}
    angle = np.where(tape.expr >= 0, _GENERIC_ANGLE, tape.angle)
    for code in np.unique(tape.opcode[rows]):
        op, width = Op(int(code)), int(ARITY[code])
        at = np.flatnonzero(rows & (tape.opcode == code))
        stack: Any
        if op is Op.MAT1 or op is Op.MAT2:
            stack = getattr(tape, op.name.lower())[tape.payload[at]]
        else:
            stack = gate_matrices_of(op, angle[at])
        index[at] = count[width] + np.arange(len(at))
        count[width] += len(at)
        parts[width].append(np.asarray(stack, np.complex128))
    return index, np.concatenate(parts[1]), np.concatenate(parts[2])
