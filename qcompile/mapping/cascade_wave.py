"""A cascade on a line in waves and sweeps: two CNOTs for each qubit that a root meets or passes.

The qubits in the order of the line are a chain: the next root and the one after it hold themselves, each other one
x_j + x_l with l to its left. A root runs along the chain: a CNOT from qubit j onto it turns x_k + x_l into x_k + x_j,
which takes the phase, and the two change places; a CNOT and a SWAP are two CNOTs. Behind the last qubit that it meets
it stays, x_k + x_j as every link of the chain, and one CNOT mends the link after it. The next wave starts five layers
later. Roots that stand in front of the chain in the end are cut off it. Or, slower, a root stays where it is and sweeps
CNOTs out and back; then nothing is in the way of later ones.

The Fourier transform takes n^2 + 2 n - 7 CNOTs in 6 n - 10 layers (Park, Ahn, Sci. Rep. 13, 8638, 2023, have
n^2 + n - 4 CNOTs on a line), one that reaches m qubits far about 2 m n in 2 m n layers by sweeps, by waves 4 m n in
5 n layers.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.mapping.cascade import Cascade, rotation_angles
from qcompile.mapping.cascade_line import with_swaps
from qcompile.mapping.cascade_rewrite import open_phases
from qcompile.mapping.choice import leanest
from qcompile.passes.assemble import NewRows, assemble
from qcompile.passes.base import Step
from qcompile.tape import Op, RegionWitness, Tape

__all__ = ["wave_schedule"]

Ints = NDArray[np.int64]

#: Fewest qubits; parts of the roots, the first ones, that may run as waves.
_LEAST, _PARTS = 4, (1.0, 0.75, 0.5, 0.25, 0.0)
#: A CNOT (control, target), or a phase (on this qubit, of it and that one).
_CNOT, _PHASE = 0, 1
#: Where rows run: in the star of a root, or at its turn, just before.
_STAR, _TURN = 0, 1


def wave_schedule(tape: Tape, cascade: Cascade) -> tuple[tuple[Step, ...], int] | None:
    """Return the steps to a tape whose two-qubit gates join neighbours on a line, and the number of SWAPs in it.

    Each SWAP stands beside a CNOT on the same pair: both are two native gates. Roots run as waves or as sweeps so that
    gates times layers are few, at no more than half again the fewest gates. None for fewer than four qubits.

    Args:
        tape: A tape.
        cascade: `recognise(tape)`.
    """
    opened = open_phases(tape, cascade)
    if opened is None:
        return None
    steps, tape, found = opened
    n = len(found.qubits)
    if n < _LEAST:
        return None
    plans = [_plan(found.partner, round(part * n)) for part in _PARTS]
    sizes = [_size(waves, n) for _, waves in plans]
    closed, waves = plans[leanest(sizes)]
    frame = _Frame(tape, found)
    before, labels = tape, frame.number
    for stage in (closed, waves):
        after, sequence = frame.built(stage)
        names = frame.labels(stage, sequence, claimed=False)
        known = np.unique(np.concatenate([labels, names]))
        witness = RegionWitness(old=np.searchsorted(known, labels), new=np.searchsorted(known, names))
        steps.append(Step(before, after, witness))
        before, labels = after, frame.labels(stage, sequence, claimed=True)
    source, ends = frame.exchanges(waves, sequence)
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
    """

    rows: Ints
    at: Ints
    claim: Ints
    swapped: NDArray[np.bool_]


_Item = tuple[int, int, int, int, int, int, int, bool]


def _stage(items: list[_Item]) -> _Stage:
    table = np.array(items, dtype=np.int64).reshape(-1, 8)
    return _Stage(table[:, :3], table[:, 3:5], table[:, 5:7], table[:, 7].astype(np.bool_))


def _size(stage: _Stage, n: int) -> tuple[int, int]:
    """Return the number of CNOTs, and of layers of them."""
    level = [0] * n
    count = 0
    for (kind, a, b), swapped in zip(stage.rows.tolist(), stage.swapped.tolist(), strict=True):
        if kind == _CNOT:
            count += 1 + swapped
            level[a] = level[b] = max(level[a], level[b]) + 1 + swapped
    return count, max(level)


def _plan(partner: NDArray[np.bool_], n_waves: int) -> tuple[_Stage, _Stage]:
    """Return stars that begin and end with no links, and the same with the links kept from star to star.

    Args:
        partner: bool[n, n], whether root i has a phase with j > i.
        n_waves: How many roots run as waves, the first ones.
    """
    n = len(partner)
    chain = list(range(n))
    closed: list[_Item] = []
    joined: list[_Item] = [(_CNOT, j - 1, j, _TURN, 0, _TURN, 0, False) for j in range(n - 1, 1, -1)]
    for k in range(n - 1):
        links = list(pairwise(chain))[1:]
        closed += [(_CNOT, a, b, _STAR, k, _TURN, k, False) for a, b in reversed(links)]
        end = max((i for i, j in enumerate(chain) if j > k and partner[k, j]), default=0)
        runs = k < n_waves and end > 0 and (k < n - 2 or end > 1)
        star = _run(k, chain[: end + 1], partner) if runs else _sweep(chain[: end + 1], partner)
        closed += star
        joined += star
        closed += [(_CNOT, a, b, _STAR, k, _TURN, k + 1, False) for a, b in links]
        turn = []
        if runs:
            closed.append((_CNOT, chain[end], k, _STAR, k, _TURN, k + 1, False))
            turn += [(k, j) for j in chain[end + 1 : end + 2]]
            chain = [*chain[1 : end + 1], k, *chain[end + 1 :]]
        else:
            chain = chain[1:]
        while chain[0] <= k:  # a root of before that is the first now
            turn.append((chain[0], chain[1]))
            chain = chain[1:]
        turn += list(pairwise(chain))[: 1 if k < n - 2 else n]
        joined += [(_CNOT, a, b, _TURN, k + 1, _TURN, k + 1, False) for a, b in turn]
    return _stage(closed), _stage(joined)


def _run(k: int, met: list[int], partner: NDArray[np.bool_]) -> list[_Item]:
    """Return a wave of root k past the others of `met`."""
    out: list[_Item] = []
    for j in met[1:]:
        out.append((_CNOT, j, k, _STAR, k, _STAR, k, True))
        if j > k and partner[k, j]:
            out.append((_PHASE, k, j, _STAR, k, _STAR, k, False))
    return out


def _sweep(met: list[int], partner: NDArray[np.bool_]) -> list[_Item]:
    """Return a sweep of the first of `met` over the others, out and back."""
    k = met[0]
    out: list[_Item] = [(_CNOT, a, b, _STAR, k, _STAR, k, False) for a, b in pairwise(met)]
    phases: list[_Item] = [(_PHASE, j, k, _STAR, k, _STAR, k, False) for j in met[1:] if j > k and partner[k, j]]
    return [*out, *phases, *out[::-1]]


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

    def built(self, stage: _Stage) -> tuple[Tape, Ints]:
        """Return the tape, and which row of the tape (or len(tape) + which of the stage's) each row of it was."""
        kept = ~self.star_row
        some = np.arange(len(stage.rows))[:: -1 if self.cascade.reverse else 1]
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
                angle[:, 0] = self.angle[np.minimum(one[at], other[at]), np.maximum(one[at], other[at])]
                pair[:, 1] = -1
            like = self.like[np.minimum(one[at], other[at])]
            parts.append(NewRows(opcode=op, qubits=pair, region=region[at], angle=angle, order=order[at], like=like))
        after = assemble(self.tape, self.number, kept, parts, phase=self.phase).tape
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
