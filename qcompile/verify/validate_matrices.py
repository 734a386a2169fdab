"""Matrices of regions on up to three qubits, and the sum of phases over a tape."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.validate import region_matrices
from qcompile.tape import Tape
from qcompile.tape.simulate import row_matrices
from qcompile.verify.validate_rows import flat_qubits

__all__ = ["PhaseSum", "matrices_of", "places_of"]

Ints = NDArray[np.int32]
Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]

#: Seed of the parameter values at which symbolic phases are added up. Any values but a set of measure zero would do.
_SEED = 20_011
_N_POINTS = 2


class PhaseSum:
    """Adds up the phases of regions and compares them with the change of the tape's own phase.

    Attributes:
        names: Parameters of both tapes.
        points: float[2, n_names], values at which symbolic phases are compared.
        gap: What is left, radians modulo 2 pi, the larger of both points.
    """

    def __init__(self, old: Tape, new: Tape) -> None:
        self.names = tuple(dict.fromkeys((*old.parameters, *new.parameters)))
        self.points = np.random.default_rng(_SEED).uniform(-3.0, 3.0, (_N_POINTS, len(self.names)))
        self._sum = np.zeros(_N_POINTS)
        for k, values in enumerate(self.points):
            at = dict(zip(self.names, values, strict=True))
            self._sum[k] = old.phase.evaluate(at) - new.phase.evaluate(at)

    def add(self, phases: Floats) -> None:
        """Add phases of numeric regions (old = exp(i phase) new)."""
        self._sum += math.fsum(phases)

    def add_at(self, phases: Floats) -> None:
        """Add phases of symbolic regions, shape [2, m], at the two points."""
        self._sum += phases.sum(axis=1)

    @property
    def gap(self) -> float:
        """What is left modulo 2 pi."""
        turns = self._sum / (2 * math.pi)
        return float(np.abs(turns - np.round(turns)).max() * 2 * math.pi)


def places_of(
    tapes: Sequence[Tape], regions: Sequence[Ints], pieces: Sequence[NDArray[np.intp]], n_regions: int
) -> tuple[Ints, list[Ints]]:
    """Return int32[n_regions], the qubits each region touches, and per tape int32[m, 3], places of a row's qubits.

    Args:
        tapes: Old and new tape.
        regions: Their regions.
        pieces: Rows of each tape to look at.
        n_regions: Number of regions.
    """
    n = max(t.n_qubits for t in tapes)
    keys: list[NDArray[np.int64]] = []
    lengths: list[NDArray[np.int64]] = []
    for tape, region, rows in zip(tapes, regions, pieces, strict=True):
        indptr, flat = flat_qubits(tape)
        length = np.diff(indptr)[rows].astype(np.int64)
        at = np.repeat(indptr[rows], length) + np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        keys.append(np.repeat(region[rows], length).astype(np.int64) * n + flat[at])
        lengths.append(length)
    known = np.unique(np.concatenate(keys))
    width = np.bincount(known // n, minlength=n_regions).astype(np.int32)
    start = np.cumsum(width) - width
    slots = []
    for key, length in zip(keys, lengths, strict=True):
        place = np.searchsorted(known, key) - start[key // n]
        row = np.repeat(np.arange(len(length)), length)
        inside = np.arange(len(key)) - np.repeat(np.cumsum(length) - length, length)
        slot = np.zeros((len(length), 3), dtype=np.int32)
        few = inside < 3
        slot[row[few], inside[few]] = place[few]
        slots.append(slot)
    return width, slots


def matrices_of(
    tape: Tape, region: Ints, rows: NDArray[np.intp], slot: Ints, ids: NDArray[np.intp], width: Ints
) -> Complex:
    """Return complex[len(ids), 8, 8], the unitary of each region in `ids` in its top left corner.

    Args:
        tape: A tape that is numeric on these regions.
        region: Its regions.
        rows: Rows in order of execution, those of `ids` among them.
        slot: int32[len(rows), 3], see `places_of`.
        ids: Regions to multiply, ascending.
        width: int32[n_regions].
    """
    local = np.full(len(width), -1, dtype=np.int32)
    local[ids] = np.arange(len(ids))
    mine = np.flatnonzero(local[region[rows]] >= 0)
    chosen = rows[mine]
    arity = tape.arity[chosen].astype(np.int32)
    index = np.zeros(len(chosen), dtype=np.int32)
    mats: list[Complex] = []
    for k in (1, 2, 3):
        at = np.flatnonzero(arity == k)
        index[at] = np.arange(len(at))
        mats.append(row_matrices(tape, chosen[at]) if len(at) else np.zeros((0, 2**k, 2**k), dtype=np.complex128))
    return region_matrices(
        local[region[chosen]],
        arity,
        np.ascontiguousarray(slot[mine]),
        index,
        mats[0],
        mats[1],
        mats[2],
        len(ids),
        width[ids],
    )
