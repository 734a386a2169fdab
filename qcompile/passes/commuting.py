"""Rotations about one axis added up, across everything that they commute with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.one_qubit import singles
from qcompile.passes.rotations import PAIR_FORM, SINGLE_FORM, RotationSums, pair_gate
from qcompile.passes.wires import free_rows, wires_of
from qcompile.tape import Expr, Op, Rewrite, Tape

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["MergeRotations"]

_ROTATION = {1: Op.RX, 2: Op.RY, 3: Op.RZ}


@register
@frozen
class MergeRotations(Pass):
    """Add up rotations about one axis: on a wire, or about a product of two Paulis on one pair of qubits.

    Rows of one run on every wire they act on (all block diagonal there in one Pauli basis) commute with each other and
    with all between them, so each group of them becomes one gate. Controlled Paulis and controlled rotations count
    as rotations about the product with local ones beside, hence two CX far apart cancel, and CZ, CP and RZZ merge.
    Symbolic angles are added as expressions.

    Attributes:
        atol: Rotations by angles up to this are dropped.

    >>> from qcompile.tape import tape_of
    >>> MergeRotations()(tape_of("cx 0 1; rz(0.2) 0; cz 0 2; cx 0 1; rz(a) 0")).ops()
    ['rz(0.2 + a) 0', 'cz 0 2']
    """

    atol: float = field(default=1e-12, validator=validators.ge(0))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with one rotation an axis and run."""
        free = free_rows(tape, self.no_touch)
        wires = wires_of(tape, self.no_touch)
        start = wires.indptr[:-1]
        region = np.arange(len(tape), dtype=np.int64)
        keep = np.ones(len(tape), dtype=bool)
        parts: list[NewRows] = []
        phases: list[float | Expr] = []
        for forms, arity in ((SINGLE_FORM, 1), (PAIR_FORM, 2)):
            rows = np.flatnonzero(free & forms.known[tape.opcode])
            if not len(rows):
                continue
            exchanged = (tape.qubits[rows, 0] > tape.qubits[rows, 1]) & (arity == 2)
            low = start[rows] + exchanged
            key = wires.run[low].astype(np.int64)
            if arity == 2:
                key = key * (int(wires.run.max()) + 1) + wires.run[start[rows] + ~exchanged]
            ordered = np.sort(key)
            if not (ordered[1:] == ordered[:-1]).any():
                continue
            _, first, inverse, size = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
            rich = size > 1
            mine = rich[inverse]
            anchors = rows[first[rich]]
            rows, exchanged = rows[mine], exchanged[mine]
            group = (np.cumsum(rich) - 1)[inverse[mine]]
            region[rows] = anchors[group]
            keep[rows] = False
            sums = RotationSums.of(tape, forms, rows, group, exchanged, len(anchors))
            phases += sums.phases
            if arity == 1:
                axis = wires.axis[start[anchors]]
                parts += _single_rows(sums.main, anchors, tape.qubits[anchors, 0], axis, self.atol, phases)
            else:
                lo, hi = tape.qubits[anchors].min(axis=1), tape.qubits[anchors].max(axis=1)
                swapped = tape.qubits[anchors, 0] > tape.qubits[anchors, 1]
                axes = np.stack([wires.axis[start[anchors] + swapped], wires.axis[start[anchors] + ~swapped]], axis=1)
                parts += _pair_rows(sums, anchors, lo, hi, axes, self.atol, phases)
        if keep.all():
            return unchanged(tape)
        return assemble(tape, region, keep, parts, phase=Expr.total(phases))


def _single_rows(
    sums: list[float | Expr],
    anchors: NDArray[np.intp],
    qubits: NDArray[np.int32],
    axis: NDArray[np.int8],
    atol: float,
    phases: list[float | Expr],
) -> list[NewRows]:
    """Return one rotation a sum, about `axis`; multiples of 2 pi go, their signs into `phases`."""
    angle = np.zeros((len(sums), 3))
    exprs: dict[tuple[int, int], Expr] = {}
    some = np.ones(len(sums), dtype=bool)
    turns = 0.0
    for k, value in enumerate(sums):
        if isinstance(value, Expr):
            exprs[k, 0] = value
            continue
        whole = math.floor(value / (2 * math.pi) + 0.5)
        turns += whole
        angle[k, 0] = value - 2 * math.pi * whole
        some[k] = abs(angle[k, 0]) > atol
    phases.append(math.pi * math.fmod(turns, 2.0))
    index = np.cumsum(some) - 1
    codes = np.array([0, Op.RX, Op.RY, Op.RZ], dtype=np.uint8)
    return [
        NewRows(
            opcode=codes[axis[some]],
            qubits=singles(qubits[some]),
            region=anchors[some],
            angle=angle[some],
            exprs={(int(index[k]), 0): e for (k, _), e in exprs.items()},
            like=anchors[some],
        )
    ]


def _pair_rows(
    sums: RotationSums,
    anchors: NDArray[np.intp],
    lo: NDArray[np.int32],
    hi: NDArray[np.int32],
    axes: NDArray[np.int8],
    atol: float,
    phases: list[float | Expr],
) -> list[NewRows]:
    """Return the gates of each sum: one on the pair, one on each wire."""
    made = [
        pair_gate(sums.main[k], sums.first[k], sums.second[k], int(axes[k, 0]), int(axes[k, 1]), atol)
        for k in range(len(anchors))
    ]
    phases += [m.phase for m in made]
    parts = []
    some = np.array([m.op is not None for m in made], dtype=bool)
    angle = np.zeros((int(some.sum()), 3))
    exprs: dict[tuple[int, int], Expr] = {}
    for row, k in enumerate(np.flatnonzero(some)):
        value = made[k].angle
        if isinstance(value, Expr):
            exprs[row, 0] = value
        else:
            angle[row, 0] = value
    flipped = np.array([m.flipped for m in made], dtype=bool)[some]
    qubits = np.stack([np.where(flipped, hi[some], lo[some]), np.where(flipped, lo[some], hi[some])], axis=1)
    codes = np.array([int(m.op) for m in made if m.op is not None], dtype=np.uint8)
    parts.append(
        NewRows(opcode=codes, qubits=qubits, region=anchors[some], angle=angle, exprs=exprs, like=anchors[some])
    )
    for values, where, axis in (
        ([m.first for m in made], lo, axes[:, 0]),
        ([m.second for m in made], hi, axes[:, 1]),
    ):
        parts += _single_rows(values, anchors, where, axis, atol, phases)
    return parts
