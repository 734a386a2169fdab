"""A cascade on a line in waves: two CNOTs a pair, in a number of layers linear in the number of qubits.

Between stars the qubits that still wait hold differences x_j + x_{j-1}, the next root and the one after it nothing but
themselves. The root runs along the line; a CNOT from qubit j onto it turns x_k + x_{j-1} into x_k + x_j, which takes
the phase, and then the two change places: a CNOT and a SWAP are two CNOTs. A wave can start five layers after the one
before. In the end every qubit holds the last one beside itself, which a last sweep takes away. Once blocks are merged,
n^2 + 2 n - 7 CNOTs in 6 n - 10 layers (Park, Ahn, Sci. Rep. 13, 8638, 2023, have n^2 + n - 4 CNOTs on a line).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.mapping.cascade import Cascade, recognise, rotation_angles
from qcompile.mapping.cascade_line import with_swaps
from qcompile.mapping.cascade_rewrite import split_phases
from qcompile.passes.assemble import NewRows, assemble
from qcompile.passes.base import Step
from qcompile.passes.commuting import MergeRotations
from qcompile.tape import Op, RegionWitness, Tape

__all__ = ["wave_schedule"]

Ints = NDArray[np.int64]

#: Part of all pairs from which on waves, which pass every pair, can be worth it; and fewest qubits.
_FULL, _LEAST = 0.5, 4
#: A CNOT (control, target), or a phase (root, partner).
_CNOT, _PHASE = 0, 1
#: Where rows run: in the star of a root, or at its turn, just before.
_STAR, _TURN = 0, 1


def wave_schedule(tape: Tape, cascade: Cascade) -> tuple[tuple[Step, ...], int] | None:
    """Return the steps to a tape whose two-qubit gates join neighbours on a line, and the number of SWAPs in it.

    Each SWAP stands beside a CNOT on the same pair: both are two native gates. None where too few pairs have a phase.

    Args:
        tape: A tape.
        cascade: `recognise(tape)`.
    """
    steps: list[Step] = []
    for rewrite in (lambda t: split_phases(t, cascade.star_rows), MergeRotations().rewrite):
        done = rewrite(tape)
        if done.tape is not tape:
            steps.append(Step(tape, done.tape, done.witness))
        tape = done.tape
    found = recognise(tape)
    if found is None:
        return None
    n = len(found.qubits)
    if n < _LEAST or found.partner.sum() < _FULL * n * (n - 1) / 2:
        return None
    frame = _Frame(tape, found)
    before, labels = tape, frame.number
    for stage in (_fan_outs(n), _closed_waves(n), _waves(n)):
        after, sequence = frame.built(stage)
        names = frame.labels(stage, sequence, claimed=False)
        known = np.unique(np.concatenate([labels, names]))
        witness = RegionWitness(old=np.searchsorted(known, labels), new=np.searchsorted(known, names))
        steps.append(Step(before, after, witness))
        before, labels = after, frame.labels(stage, sequence, claimed=True)
    source, ends = frame.exchanges(stage, sequence)
    step, n_swaps = with_swaps(before, source, ends)
    return (*steps, step), n_swaps


@frozen(eq=False)
class _Stage:
    """Rows that take the place of stars.

    Attributes:
        rows: int64[m, 3], kind and two places in the cascade.
        at: int64[m, 2], where each runs, and of which root.
        claim: int64[m, 2], likewise where it will be counted in the next rewrite.
        swapped: bool[m], CNOTs after which the two change places.
        stars: Whether the stars themselves are still there.
    """

    rows: Ints
    at: Ints
    claim: Ints
    swapped: NDArray[np.bool_]
    stars: bool


_Item = tuple[int, int, int, int, int, int, int, bool]


def _stage(items: Iterator[_Item], *, stars: bool = False) -> _Stage:
    table = np.array(list(items), dtype=np.int64).reshape(-1, 8)
    return _Stage(table[:, :3], table[:, 3:5], table[:, 5:7], table[:, 7].astype(np.bool_), stars)


def _fan_outs(n: int) -> _Stage:
    """Return, before the turn of the last qubit, a CNOT from it to each other one, twice; the first is for the star."""

    def items() -> Iterator[_Item]:
        for k in range(n - 1):
            yield _CNOT, n - 1, k, _TURN, n - 1, _STAR, k, False
            yield _CNOT, n - 1, k, _TURN, n - 1, _TURN, n - 1, False

    return _stage(items(), stars=True)


def _closed_waves(n: int) -> _Stage:
    """Return waves, each between taking differences and giving them back, and the fan-out that is left."""

    def items() -> Iterator[_Item]:
        for k in range(n - 1):
            for j in range(n - 1, k + 1, -1):
                yield _CNOT, j - 1, j, _STAR, k, _TURN, k, False
            for j in range(k + 1, n):
                yield _CNOT, j, k, _STAR, k, _STAR, k, False
                yield _PHASE, k, j, _STAR, k, _STAR, k, False
            for j in range(k + 2, n):
                yield _CNOT, j - 1, j, _STAR, k, _TURN, k + 1, False
        for k in range(n - 1):
            yield _CNOT, n - 1, k, _TURN, n - 1, _TURN, n - 1, False

    return _stage(items())


def _waves(n: int) -> _Stage:
    """Return the waves alone, with one CNOT between two of them, and the fan-out as a sweep along the line."""

    def items() -> Iterator[_Item]:
        for j in range(n - 1, 1, -1):
            yield _CNOT, j - 1, j, _TURN, 0, _TURN, 0, False
        for k in range(n - 1):
            for j in range(k + 1, n):
                yield _CNOT, j, k, _STAR, k, _STAR, k, k < n - 2
                yield _PHASE, k, j, _STAR, k, _STAR, k, False
            if k < n - 2:
                yield _CNOT, k + 1, k + 2, _TURN, k + 1, _TURN, k + 1, False
        # The last two have not changed places: n - 1 sits between n - 2 and n - 3.
        for k in range(n - 3):
            yield _CNOT, k + 1, k, _TURN, n - 1, _TURN, n - 1, False
        yield _CNOT, n - 1, n - 2, _TURN, n - 1, _TURN, n - 1, False
        yield _CNOT, n - 1, n - 3, _TURN, n - 1, _TURN, n - 1, False
        for k in range(n - 4, -1, -1):
            yield _CNOT, k + 1, k, _TURN, n - 1, _TURN, n - 1, False

    return _stage(items())


class _Frame:
    """What stays while stars become waves: the rows on one qubit, and where everything runs.

    Attributes:
        number: int64[rows], for every row of the tape its place in the order; rows of one star share one.
    """

    def __init__(self, tape: Tape, cascade: Cascade) -> None:
        n = len(cascade.qubits)
        self.tape, self.cascade, self.n = tape, cascade, n
        self.width = len(tape) + 1
        self.star_row = np.zeros(len(tape), dtype=np.bool_)
        self.star_row[cascade.star_rows] = True
        # What ends a wire waits for the last sweep; what begins one comes first anyway.
        slot = np.where(~cascade.reverse & (cascade.slot % 8 == 3), 8 * n + 16, cascade.slot)
        self.number = slot * self.width + np.where(self.star_row, 0, np.arange(len(tape)))
        self.angle = np.zeros((n, n))
        zz, _, _, self.phase = rotation_angles(tape, cascade.star_rows)
        np.add.at(self.angle, (cascade.star, cascade.mate), zz)
        self.like = np.full(n, cascade.star_rows[0])
        self.like[cascade.star] = cascade.star_rows

    def _numbers(self, at: Ints) -> Ints:
        time = np.asarray(self.cascade.time_of(at[:, 1]))
        turn = 12 if self.cascade.reverse else 8
        return (8 * time + np.where(at[:, 0] == _STAR, 10, turn)) * self.width

    def _ordered(self, stage: _Stage) -> tuple[NDArray[np.bool_], Ints, Ints]:
        """Return which rows of the tape stay, which rows of the stage there are, and those in order of execution."""
        kept = self.star_row | True if stage.stars else ~self.star_row
        rows = stage.rows
        some = np.flatnonzero((rows[:, 0] == _CNOT) | self.cascade.partner[rows[:, 1], rows[:, 2]])
        return kept, some, some[::-1] if self.cascade.reverse else some

    def built(self, stage: _Stage) -> tuple[Tape, Ints]:
        """Return the tape, and which row of the tape (or len(tape) + which of the stage's) each row of it was."""
        kept, _, some = self._ordered(stage)
        kind, one, other = stage.rows[some].T
        region = self._numbers(stage.at[some])
        order = np.arange(len(some))
        qubits = self.cascade.qubits[np.stack([one, other], axis=1)]
        parts = []
        for code, op in ((_CNOT, Op.CX), (_PHASE, Op.RZ)):
            at = np.flatnonzero(kind == code)
            angle = np.zeros((len(at), 3))
            pair = qubits[at].copy()
            if code == _PHASE:
                angle[:, 0] = self.angle[one[at], other[at]]
                pair[:, 1] = -1
            like = self.like[np.minimum(one[at], other[at])]
            parts.append(NewRows(opcode=op, qubits=pair, region=region[at], angle=angle, order=order[at], like=like))
        after = assemble(self.tape, self.number, kept, parts, phase=0.0 if stage.stars else self.phase).tape
        keys = np.concatenate([self.number[kept], region])
        ids = np.concatenate([np.flatnonzero(kept), len(self.tape) + some])
        return after, ids[np.lexsort((np.arange(len(keys)), keys))]

    def labels(self, stage: _Stage, sequence: Ints, *, claimed: bool) -> Ints:
        """Return the region of each row of the tape of a stage, as the step to it or (claimed) the next one has it."""
        table = np.concatenate([self.number, self._numbers(stage.claim if claimed else stage.at)])
        return table[sequence]

    def exchanges(self, stage: _Stage, sequence: Ints) -> tuple[Ints, Ints]:
        """Return the rows with -1 where two qubits change places, and which ones."""
        chosen = np.concatenate([np.zeros(len(self.tape), dtype=np.bool_), stage.swapped])[sequence]
        side = 0 if self.cascade.reverse else 1
        source = np.insert(np.arange(len(sequence)), np.flatnonzero(chosen) + side, -1)
        pairs = stage.rows[sequence[chosen] - len(self.tape), 1:]
        return source, self.cascade.qubits[pairs]
