"""Copies of one qubit in the Z basis, made along the couplings of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass
from qcompile.passes.wires import free_rows
from qcompile.tape import Op, Rewrite, Tape

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["SpreadCopies", "copy_tree", "largest_copies"]

Ints = NDArray[np.int32]
Tree = list[tuple[int, int]]


def largest_copies(tape: Tape) -> NDArray[np.intp]:
    """Return the rows of the largest run of CX that copy one qubit onto qubits still in 0, every qubit from 0.

    After CX (c, t) with t in 0 the two hold the same bit, so that either can be copied from next: any tree over the
    same qubits with the same root does the same. A run ends with the first other row on one of its qubits.
    """
    free = free_rows(tape)
    zero = [True] * tape.n_qubits
    group = list(range(tape.n_qubits))  # by qubit; every qubit starts alone
    rows: dict[int, list[int]] = {}
    best: list[int] = []
    fresh = tape.n_qubits
    for row in range(len(tape)):
        qubits = tape.qubits_of(row) or tuple(range(tape.n_qubits))  # a barrier that names none holds all
        if tape.opcode[row] == Op.CX and free[row] and zero[qubits[1]] and not zero[qubits[0]]:
            control, target = qubits
            zero[target], group[target] = False, group[control]
            mine = rows.setdefault(group[control], [])
            mine.append(row)
            best = mine if len(mine) > len(best) else best
            continue
        for q in qubits:
            zero[q] = False
            old, fresh = group[q], fresh + 1
            for k, other in enumerate(group):  # what is left of the group takes no more copies
                if other == old:
                    group[k] = fresh + k
        fresh += tape.n_qubits
    return np.array(best, dtype=np.intp)


def copy_tree(target: Target, n: int) -> tuple[Ints, Tree]:
    """Return n places, the root first, and pairs (from, to) of their indices in the order in which bits are copied.

    Breadth first from the place with the nearest n - 1 others; where all are coupled, every holder copies at once.
    """
    if target.all_to_all:
        places = np.flatnonzero(target.enabled)[:n].astype(np.int32)
        return places, [(k - (1 << (k.bit_length() - 1)), k) for k in range(1, n)]
    far = np.where(target.enabled[:, None] & target.enabled[None, :], target.distance, np.iinfo(np.int32).max)
    nearest = np.argsort(far, axis=1, kind="stable")[:, :n]
    reach = np.take_along_axis(far, nearest, axis=1).astype(np.int64)
    order = np.lexsort((np.arange(len(far)), reach.sum(axis=1), reach[:, -1]))
    places = nearest[order[0]].astype(np.int32)
    index = {int(p): k for k, p in enumerate(places)}
    parent = [-1] * n
    for k in range(1, n):
        p = int(places[k])
        near = target.neighbor_indices[target.neighbor_indptr[p] : target.neighbor_indptr[p + 1]]
        parent[k] = min(index[int(q)] for q in near if int(q) in index and far[places[0], q] < far[places[0], p])
    height = [0] * n
    for k in range(n - 1, 0, -1):
        height[parent[k]] = max(height[parent[k]], height[k] + 1)
    done: list[tuple[int, int, int]] = []
    arrival = [0] * n
    for k in range(n):  # parents come before children
        children = sorted((c for c in range(1, n) if parent[c] == k), key=lambda c: (-height[c], c))
        for wait, c in enumerate(children, start=1):
            arrival[c] = arrival[k] + wait
            done.append((arrival[c], k, c))
    return places, [(a, b) for _, a, b in sorted(done)]


@frozen
class SpreadCopies(Pass):
    """Copy along the machine's couplings: CX onto qubits in 0 from whichever holder of the bit is near.

    For `inputs="zero"`; `verify.validate` has to be told. `place` says where the copies are thought to be.

    >>> from qcompile.tape import tape_of
    >>> from qcompile.target import Target
    >>> SpreadCopies()(tape_of("h 0; cx 0 1; cx 0 2; cx 0 3"), Target.load("all_to_all(4)")).ops()
    ['h 0', 'cx 0 1', 'cx 0 2', 'cx 1 3']
    """

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with its largest run of copies rearranged."""
        rows = largest_copies(tape)
        if target is None or len(rows) < 3:
            return unchanged(tape)
        qubits = np.concatenate([tape.qubits[rows[:1], 0], tape.qubits[rows, 1]]).astype(np.int32)
        tree = np.array(copy_tree(target, len(qubits))[1])
        pairs = qubits[tree]
        if np.array_equal(pairs, tape.qubits[rows]):
            return unchanged(tape)
        anchor = np.full(len(rows), rows[-1])
        region = np.arange(len(tape))
        region[rows] = rows[-1]
        keep = np.ones(len(tape), dtype=bool)
        keep[rows] = False
        new = NewRows(opcode=Op.CX, qubits=pairs, region=anchor, order=np.arange(len(rows)), like=anchor)
        return assemble(tape, region, keep, [new])

    def place(self, tape: Tape, target: Target) -> Ints | None:
        """Return the places of all qubits when the copies are made along couplings, None where they do not fit."""
        rows = largest_copies(tape)
        n = len(rows) + 1
        if target.all_to_all or n < 4 or n > int(target.enabled.sum()):
            return None
        places = copy_tree(target, n)[0]
        if target.distance[places[0], places].max() >= target.n_qubits:
            return None
        out = np.full(tape.n_qubits, -1, dtype=np.int32)
        out[np.concatenate([tape.qubits[rows[:1], 0], tape.qubits[rows, 1]])] = places
        rest = np.setdiff1d(np.flatnonzero(target.enabled), places)
        out[out < 0] = rest[: int((out < 0).sum())]
        return out
