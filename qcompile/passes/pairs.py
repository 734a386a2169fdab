"""Blocks of rows on one pair of qubits: found, and multiplied out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from qcompile.kernels.blocks import pair_blocks
from qcompile.kernels.rewrite import pair_products
from qcompile.passes.wires import Wires
from qcompile.tape import Tape
from qcompile.tape.opcodes import ARITY
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["Blocks", "Pairs", "find_blocks"]

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Complex = NDArray[np.complex128]


@frozen(eq=False)
class Blocks:
    """Two-qubit blocks of a tape.

    Attributes:
        tape: The tape.
        opener: int32[n], the two-qubit row at whose place the block of each row runs, or -1: the block's first one, or
            its last one when rows were moved forward.
        anchors: int[m], openers in ascending order.
        n_two: int[m], two-qubit rows of each block.
        n_one: int[m], one-qubit rows of each block.
        counts: Native gates of each block by machine, as they were asked for.
    """

    tape: Tape
    opener: Ints
    anchors: NDArray[np.intp]
    n_two: NDArray[np.int64]
    n_one: NDArray[np.int64]
    counts: dict[Target | None, NDArray[np.int64]] = field(factory=dict)

    @staticmethod
    def of(tape: Tape, kind: NDArray[np.int8], opener: Ints) -> Blocks:
        """Return the blocks that `opener` says, of rows of `kind`, see `Pairs`."""
        inside = np.flatnonzero(opener >= 0)
        two = opener[inside[kind[inside] == 2]]
        size = np.bincount(opener[inside], minlength=len(tape))
        n_two = np.bincount(two, minlength=len(tape))
        anchors = np.flatnonzero(n_two)
        return Blocks(tape, opener, anchors, n_two[anchors], (size - n_two)[anchors])

    def only(self, chosen: Bools) -> Blocks:
        """Return the chosen blocks alone."""
        opener = np.where(self.members(chosen), self.opener, -1).astype(np.int32)
        return Blocks(self.tape, opener, self.anchors[chosen], self.n_two[chosen], self.n_one[chosen])

    def region(self, chosen: Bools) -> NDArray[np.int64]:
        """Return regions of all rows: chosen blocks at their openers, every other row alone."""
        index = np.arange(len(self.tape), dtype=np.int64)
        return np.where(self.members(chosen), self.opener, index)

    def members(self, chosen: Bools) -> Bools:
        """Return which rows belong to the chosen blocks."""
        mark = np.zeros(len(self.tape) + 1, dtype=bool)
        mark[self.anchors[chosen]] = True
        return cast(Bools, mark[self.opener])

    @cached_property
    def unitaries(self) -> Complex:
        """The unitary of each block on the qubits of its opener in their order, complex[m, 4, 4]."""
        tape = self.tape
        rows = np.flatnonzero(self.opener >= 0)
        rank = np.full(len(tape), -1, dtype=np.int32)
        rank[self.anchors] = np.arange(len(self.anchors))
        group = rank[self.opener[rows]]
        two = ARITY[tape.opcode[rows]] == 2
        index = np.zeros(len(rows), dtype=np.int32)
        index[two] = np.arange(int(two.sum()))
        index[~two] = np.arange(int((~two).sum()))
        same = tape.qubits[rows, 0] == tape.qubits[self.opener[rows], 0]
        place = np.where(two, np.where(same, 2, 3), np.where(same, 0, 1)).astype(np.int8)
        return pair_products(
            group, place, index, row_matrices(tape, rows[~two]), row_matrices(tape, rows[two]), len(self.anchors)
        )


@frozen(eq=False)
class Pairs:
    """Which rows of a tape may be in blocks, and on which pair the two-qubit ones act.

    Attributes:
        kind: int8[n], 2 or 1 for rows on so many qubits, 0 for rows that stay outside.
        pair: int32[n], number of the pair of each row of kind 2, else -1.
        count: How many pairs there are.
    """

    kind: NDArray[np.int8]
    pair: Ints
    count: int

    @staticmethod
    def of(tape: Tape, ready: Bools) -> Pairs:
        """Return them for the rows that are `ready` (bool[n], numeric unitaries on one or two qubits)."""
        kind = ARITY[tape.opcode]
        kind[~ready] = 0
        two = np.flatnonzero(kind == 2)
        a, b = tape.qubits[two, 0].astype(np.int64), tape.qubits[two, 1].astype(np.int64)
        keys, inverse = np.unique(np.minimum(a, b) * tape.n_qubits + np.maximum(a, b), return_inverse=True)
        pair = np.full(len(tape), -1, dtype=np.int32)
        pair[two] = inverse
        return Pairs(kind, pair, len(keys))


def find_blocks(tape: Tape, wires: Wires, pairs: Pairs, *, commute: bool = True, forward: bool = False) -> Blocks:
    """Return the blocks of a tape.

    Rows move back to the block that they join; with `forward`, read from the end, they move forward to it.
    """
    kind, pair, n_pairs = pairs.kind, pairs.pair, pairs.count
    if forward:
        indptr, wire, axis = _from_the_end(wires)
        back = np.ascontiguousarray(kind[::-1]), np.ascontiguousarray(pair[::-1])
        opener = pair_blocks(indptr, wire, axis, *back, n_pairs, wires.n_wires, commute)
        opener = np.where(opener >= 0, len(tape) - 1 - opener, -1).astype(np.int32)[::-1]
    else:
        opener = pair_blocks(wires.indptr, wires.wire, wires.axis, kind, pair, n_pairs, wires.n_wires, commute)
    return Blocks.of(tape, kind, opener)


def _from_the_end(wires: Wires) -> tuple[Ints, Ints, NDArray[np.int8]]:
    """Return `indptr`, `wire` and `axis` of the rows in reverse order."""
    size = np.diff(wires.indptr)[::-1]
    indptr = np.concatenate([[0], np.cumsum(size)]).astype(np.int32)
    entry = np.arange(len(wires.wire)) + np.repeat(wires.indptr[:-1][::-1] - indptr[:-1], size)
    return indptr, wires.wire[entry], wires.axis[entry]
