"""Maximal runs of rows on one pair of qubits, rows that commute moved back to join one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["pair_blocks"]

IntArray = npt.NDArray[np.int32]
Int8Array = npt.NDArray[np.int8]


@jit
def pair_blocks(
    indptr: IntArray,
    wire: IntArray,
    axis: Int8Array,
    kind: Int8Array,
    pair: IntArray,
    n_pairs: int,
    n_wires: int,
    commute: bool,
) -> IntArray:
    """Return int32[n]: for each row the two-qubit row that opens its block, or -1.

    A block holds rows on one pair, in row order, and runs at the place of the row that opens it. A row joins the last
    block of its pair when, on each of its wires, everything after the block's contiguous part lies in the row's own run
    (rows block diagonal in one Pauli basis), so that it may move back to the block. One-qubit rows join the block
    before them, or else the block that opens after them.

    Sorting rows by block opener (rows outside blocks by themselves) is a legal order. Let u come before v on a wire and
    not commute with it there. If v opened its block, or waited for it, u's block opened no later than v's. If v moved
    back, u lies in the contiguous part of v's block (then both are in one block) or before it, and again u's block
    opened earlier.

    Args:
        indptr, wire, axis: Wires of each row; 0 no axis, 1 to 3 a Pauli, 4 all.
        kind: int8[n], 1 one-qubit row that may join, 2 two-qubit row that may join, 0 other.
        pair: int32[n], number of the pair of qubits of rows of kind 2, else -1.
        n_pairs: How many pairs there are.
        n_wires: How many wires there are.
        commute: Whether rows may move back past rows that they commute with.
    """
    n = indptr.size - 1
    block = np.full(n, -1, np.int32)
    place = np.zeros(n_wires, np.int32)  # rows seen on each wire
    basis = np.zeros(n_wires, np.int8)
    start = np.zeros(n_wires, np.int32)  # where the present run starts
    last_of_pair = np.full(n_pairs + 1, -1, np.int32)  # opener of the last block of a pair
    end = np.full((n, 2), -1, np.int32)  # by opener: end of the contiguous part on its two wires
    tail = np.full(n_wires, -1, np.int32)  # opener of the block that the wire's last row is in
    waiting = np.full(n_wires, -1, np.int32)  # last waiting one-qubit row of a wire, linked to earlier ones
    before = np.full(n, -1, np.int32)
    run_start = np.zeros(2, np.int32)
    for row in range(n):
        first, size = indptr[row], indptr[row + 1] - indptr[row]
        for k in range(size):
            w, a = wire[first + k], axis[first + k]
            if (a == 4 and basis[w] != 0 and commute) or (a != 0 and a == basis[w] and commute):
                pass
            elif basis[w] == 4 and a != 0 and commute:
                basis[w] = a
            else:
                start[w] = place[w]
                basis[w] = a
            if k < 2:
                run_start[k] = start[w]
        if kind[row] == 1:
            w = wire[first]
            b = tail[w]
            if b >= 0:
                side = 0 if wire[indptr[b]] == w else 1
                if end[b, side] >= run_start[0] - 1:
                    block[row] = b
                    if end[b, side] == place[w] - 1:
                        end[b, side] = place[w]
                else:
                    b = -1
            if b < 0:
                before[row] = waiting[w] if tail[w] < 0 else -1
                waiting[w] = row
                tail[w] = -1
            place[w] += 1
            continue
        if kind[row] == 2:
            p, q = wire[first], wire[first + 1]
            b = last_of_pair[pair[row]]
            joins = b >= 0
            if joins:
                side = 0 if wire[indptr[b]] == p else 1
                joins = end[b, side] >= run_start[0] - 1 and end[b, 1 - side] >= run_start[1] - 1
            if joins:
                block[row] = b
                for k in range(2):
                    w = p if k == 0 else q
                    s = side if k == 0 else 1 - side
                    if end[b, s] == place[w] - 1:
                        end[b, s] = place[w]
                        tail[w] = b
                    elif tail[w] < 0:
                        waiting[w] = -1  # waiting rows stay alone: this row has moved before them
                    # Otherwise the wire still ends in the block of the rows that this one has passed.
            else:
                block[row] = row
                last_of_pair[pair[row]] = row
                for k in range(2):
                    w = p if k == 0 else q
                    if tail[w] < 0:
                        at = waiting[w]
                        while at >= 0:
                            block[at] = row
                            at = before[at]
                    waiting[w] = -1
                    end[row, k] = place[w]
                    tail[w] = row
        else:
            for k in range(size):
                w = wire[first + k]
                tail[w] = -1
                waiting[w] = -1
        for k in range(size):
            place[wire[first + k]] += 1
    return block
