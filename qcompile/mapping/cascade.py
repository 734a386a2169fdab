"""Cascades of phases: Fourier transforms, their inverses and approximations, and everything else of that shape.

In a cascade the qubits have an order in which each one in turn, the root, has diagonal two-qubit gates with later ones
and then takes part in no more of them; before its turn a qubit sees nothing but diagonal gates, at its turn any gate.
"""

from __future__ import annotations

import heapq
from typing import cast

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from qcompile.passes.wires import free_rows, wires_of
from qcompile.tape import Op, Tape
from qcompile.tape.opcodes import ARITY, IS_UNITARY
from qcompile.tape.simulate import row_matrices

__all__ = ["Cascade", "recognise", "rotation_angles"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Two-qubit gates for each qubit below which a circuit is left to the router.
LEAST_PER_QUBIT = 2
_DIAGONAL = (Op.CZ, Op.CP, Op.CRZ, Op.RZZ, Op.MAT2)
_ATOL = 1e-12


@frozen(kw_only=True, eq=False)
class Cascade:
    """A tape seen as a cascade.

    Attributes:
        qubits: int64[n], the qubits that meet others, in the order of the cascade.
        star_rows: int64[m], the diagonal two-qubit rows.
        star: int64[m], place of the root of each.
        mate: int64[m], place of the other qubit of each, always larger.
        reverse: Whether the stars run from the last root to the first, as in an inverse Fourier transform.
        slot: int64[rows], sorted by it (rows of one slot in their own order) the tape runs star by star: the star at
            time t is slot 8 t + 10, what its root sees before and after it 8 t + 9 and 8 t + 11.
    """

    qubits: Ints
    star_rows: Ints
    star: Ints
    mate: Ints
    reverse: bool
    slot: Ints = field(repr=False)

    @property
    def partner(self) -> NDArray[np.bool_]:
        """bool[n, n], whether root i has a phase with qubit j > i."""
        out = np.zeros((len(self.qubits),) * 2, dtype=np.bool_)
        out[self.star, self.mate] = True
        return out

    def time_of(self, star: Ints | int) -> Ints | int:
        """Return when a star runs."""
        return len(self.qubits) - 1 - star if self.reverse else star


def recognise(tape: Tape) -> Cascade | None:
    """Return the tape as a cascade, or None when it is none or too thin to be worth it.

    Numeric CZ, CP, CRZ, RZZ and diagonal matrices count; any gates on one qubit and measurements at the end may stand
    beside. Rows in fences, conditions and symbolic two-qubit rows make a tape no cascade.
    """
    two = np.flatnonzero(ARITY[tape.opcode] == 2)
    if len(two) < 3 or not np.isin(tape.opcode[two], _DIAGONAL).all() or tape.is_symbolic[two].any():
        return None
    matrices = two[tape.opcode[two] == Op.MAT2]
    if len(matrices):
        entries = tape.mat2[tape.payload[matrices]]
        if (np.abs(entries[:, ~np.eye(4, dtype=np.bool_)]) > _ATOL).any():
            return None
    unitary = IS_UNITARY[tape.opcode]
    if not (free_rows(tape) | ~unitary).all() or ((tape.arity > 2) & unitary).any() or not _ends_quietly(tape):
        return None
    pairs = tape.qubits[two]
    if len(np.unique(pairs.min(axis=1).astype(np.int64) * tape.n_qubits + pairs.max(axis=1))) < LEAST_PER_QUBIT * len(
        np.unique(pairs)
    ):
        return None
    wires = wires_of(tape)
    runs = wires.run[wires.indptr[two][:, None] + np.arange(2)].astype(np.int64)
    early = np.full(tape.n_qubits, np.iinfo(np.int64).max)
    late = np.full(tape.n_qubits, -1)
    np.minimum.at(early, pairs, runs)
    np.maximum.at(late, pairs, runs)
    is_early, is_late = runs == early[pairs], runs == late[pairs]
    if not (is_early | is_late).all():
        return None
    for reverse in (False, True):
        found = _ordered(tape, two, pairs.astype(np.int64), is_early, is_late, reverse)
        if found is not None:
            return found
    return None


def rotation_angles(tape: Tape, rows: Ints) -> tuple[Floats, Floats, Floats, float]:
    """Return the angles t of exp(-i t ZZ/2), of Z on the first and on the second qubit, and the summed phase.

    Args:
        tape: A tape.
        rows: Its diagonal two-qubit rows.
    """
    turn = np.angle(np.diagonal(row_matrices(tape, rows.astype(np.intp)), axis1=1, axis2=2))
    signs = np.array([[1, -1, -1, 1], [1, 1, -1, -1], [1, -1, 1, -1]])
    zz, first, second = -0.5 * (signs @ turn.T)
    return zz, first, second, float(turn.mean(axis=1).sum())


def _ends_quietly(tape: Tape) -> bool:
    """Return whether measurements and barriers are all that is not unitary, and nothing comes after them."""
    loud = np.flatnonzero(~IS_UNITARY[tape.opcode])
    if not len(loud):
        return True
    if not np.isin(tape.opcode[loud], (Op.MEASURE, Op.BARRIER)).all() or (tape.condition[loud] >= 0).any():
        return False
    return bool(loud[0] == len(tape) - len(loud))


def _ordered(
    tape: Tape, two: Ints, pairs: Ints, is_early: NDArray[np.bool_], is_late: NDArray[np.bool_], reverse: bool
) -> Cascade | None:
    """Return the cascade whose roots act in the last run of diagonal gates on their wire (the first, if reversed)."""
    rooted = (is_early if reverse else is_late) & ~(is_early & is_late)
    mated = (is_late if reverse else is_early) & ~(is_early & is_late)
    first_leads = rooted[:, 0] | mated[:, 1]
    second_leads = rooted[:, 1] | mated[:, 0]
    if (first_leads & second_leads).any():
        return None
    order = _sorted(pairs, first_leads, second_leads, tape.n_qubits)
    if order is None:
        return None
    place = np.full(tape.n_qubits, -1)
    place[order] = np.arange(len(order))
    where = np.sort(place[pairs], axis=1)
    n = len(order)
    # Gates on one qubit: before the wire's first run, between its runs, after its last.
    first_row = np.full(tape.n_qubits, len(tape))
    np.minimum.at(first_row, pairs, two[:, None])
    second_row = np.full(tape.n_qubits, len(tape))
    later = is_late & ~is_early
    np.minimum.at(second_row, pairs[later], np.broadcast_to(two[:, None], pairs.shape)[later])
    slot = np.zeros(len(tape), dtype=np.int64)
    single = np.flatnonzero(tape.arity == 1)
    wire = tape.qubits[single, 0]
    time = n - 1 - place[wire] if reverse else place[wire]
    split = second_row < len(tape)
    end = 8 * n + 16
    before_second = np.where(split[wire], 8 * time + (11 if reverse else 9), end if reverse else 8 * time + 11)
    after_second = np.full(len(single), end) if reverse else 8 * time + 11
    chosen = np.where(single < second_row[wire], before_second, after_second)
    slot[single] = np.where((single < first_row[wire]) | (place[wire] < 0), 0, chosen)
    slot[~IS_UNITARY[tape.opcode]] = end + 8
    slot[two] = 8 * (n - 1 - where[:, 0] if reverse else where[:, 0]) + 10
    return Cascade(qubits=order, star_rows=two, star=where[:, 0], mate=where[:, 1], reverse=reverse, slot=slot)


def _sorted(pairs: Ints, first_leads: NDArray[np.bool_], second_leads: NDArray[np.bool_], n_qubits: int) -> Ints | None:
    """Return the qubits such that leaders come before those they lead, the busiest first; None if there is no way."""
    busy = np.bincount(pairs.ravel(), minlength=n_qubits)
    leader = np.concatenate([pairs[first_leads, 0], pairs[second_leads, 1]])
    led = np.concatenate([pairs[first_leads, 1], pairs[second_leads, 0]])
    waiting = np.bincount(led, minlength=n_qubits)
    sequence = np.argsort(leader, kind="stable")
    followers = led[sequence]
    begin = np.searchsorted(leader[sequence], np.arange(n_qubits + 1))
    ready = [(-int(busy[q]), q) for q in range(n_qubits) if busy[q] and not waiting[q]]
    heapq.heapify(ready)
    out = []
    while ready:
        _, q = heapq.heappop(ready)
        out.append(q)
        for w in followers[begin[q] : begin[q + 1]].tolist():
            waiting[w] -= 1
            if not waiting[w]:
                heapq.heappush(ready, (-int(busy[w]), w))
    return cast(Ints, np.array(out)) if len(out) == int((busy > 0).sum()) else None
