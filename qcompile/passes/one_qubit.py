"""Passes that look at one wire at a time: identities dropped, runs fused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from qcompile.kernels.rewrite import one_qubit_runs, single_products
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.wires import free_rows
from qcompile.tape import Op, Rewrite, Tape
from qcompile.tape.opcodes import ARITY
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["DropIdentities", "MergeOneQubit", "identity_phases", "rows_of_matrices", "singles"]

Complex = NDArray[np.complex128]
Bools = NDArray[np.bool_]


def identity_phases(matrices: Complex, atol: float) -> tuple[Bools, NDArray[np.float64]]:
    """Return which of `matrices[m,d,d]` are the identity up to a phase within `atol` (entrywise), and the phases."""
    d = matrices.shape[-1]
    lead = np.trace(matrices, axis1=1, axis2=2) / d
    size = np.abs(lead)
    unit = lead / np.where(size > 0.5, size, 1.0)
    is_identity = (size > 0.5) & (np.abs(matrices - unit[:, None, None] * np.eye(d)).max(axis=(1, 2)) <= atol)
    return is_identity, np.angle(unit)


@register
@frozen
class DropIdentities(Pass):
    """Remove gates that act as the identity up to a phase, and keep the phase.

    Attributes:
        atol: Largest entry by which a matrix may differ from a multiple of the identity.

    >>> from qcompile.tape import tape_of
    >>> DropIdentities()(tape_of("x 0; id 0; rz(0) 0; h 0")).ops()
    ['x 0', 'h 0']
    """

    atol: float = field(default=1e-12, validator=validators.ge(0))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape without identities."""
        free = free_rows(tape, self.no_touch) & ~tape.is_symbolic
        gone = np.zeros(len(tape), dtype=bool)
        phase = 0.0
        for k in (1, 2, 3):
            rows = np.flatnonzero(free & (tape.arity == k))
            if len(rows):
                hit, phases = identity_phases(row_matrices(tape, rows), self.atol)
                gone[rows] = hit
                phase += float(phases[hit].sum())
        wide = free & (tape.opcode == Op.MCP) & (tape.arity > 3)
        gone |= wide & (np.abs(np.exp(1j * tape.angle[:, 0]) - 1) <= self.atol)
        if not gone.any():
            return unchanged(tape)
        return assemble(tape, np.arange(len(tape)), ~gone, phase=phase)


def rows_of_matrices(
    matrices: Complex, qubits: NDArray[np.int32], region: NDArray[np.int64], like: NDArray[np.intp], atol: float
) -> tuple[list[NewRows], float]:
    """Return one row a one-qubit matrix (none for identities, RZ for diagonal ones, else MAT1), and the phase left.

    Args:
        matrices: complex[m, 2, 2].
        qubits: int32[m].
        region: int[m].
        like: int[m], old rows to take the origin from.
        atol: Entries up to this count as zero.
    """
    idle, phases = identity_phases(matrices, atol)
    off = np.maximum(np.abs(matrices[:, 0, 1]), np.abs(matrices[:, 1, 0]))
    frame = ~idle & (off <= atol)
    turn = np.angle(matrices[:, 1, 1] * matrices[:, 0, 0].conj())
    total = float(phases[idle].sum())
    total += float((np.angle(matrices[frame, 0, 0]) + turn[frame] / 2).sum())
    rows = np.flatnonzero(frame)
    angle = np.zeros((len(rows), 3))
    angle[:, 0] = turn[rows]
    frames = NewRows(opcode=Op.RZ, qubits=singles(qubits[rows]), region=region[rows], angle=angle, like=like[rows])
    rows = np.flatnonzero(~idle & ~frame)
    turns = NewRows(
        opcode=Op.MAT1,
        qubits=singles(qubits[rows]),
        region=region[rows],
        matrix=matrices[rows],
        like=like[rows],
    )
    return [frames, turns], total


def singles(qubits: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the qubit columns of one-qubit rows, int32[m, 2]."""
    return np.stack([qubits, np.full(len(qubits), -1, dtype=np.int32)], axis=1)


@register
@frozen
class MergeOneQubit(Pass):
    """Fuse runs of numeric one-qubit gates on one wire to a single gate, RZ where it is diagonal and MAT1 elsewhere.

    A gate alone and a symbolic gate stay as they are.

    Attributes:
        atol: Entries of a product up to this count as zero.

    >>> from qcompile.tape import tape_of
    >>> MergeOneQubit()(tape_of("h 0; z 0; h 0; x 0; s 1; t 1; cx 0 1")).ops()
    ['rz(2.35619449019) 1', 'cx 0 1']
    """

    atol: float = field(default=1e-12, validator=validators.ge(0))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with one gate a run."""
        ready = free_rows(tape, self.no_touch) & (ARITY[tape.opcode] == 1) & ~tape.is_symbolic
        first = one_qubit_runs(
            tape.qubits,
            tape.wide,
            tape.wide_indptr,
            tape.wide_indices,
            ready,
            (tape.opcode == Op.BARRIER) & (tape.arity == 0),
            tape.n_qubits,
        )
        size = np.bincount(first[first >= 0], minlength=len(tape))
        grouped = (first >= 0) & (size[first] > 1)
        rows = np.flatnonzero(grouped)
        if not len(rows):
            return unchanged(tape)
        anchors, group = np.unique(first[rows], return_inverse=True)
        products = single_products(row_matrices(tape, rows), group.astype(np.int32), len(anchors))
        new, phase = rows_of_matrices(
            products, tape.qubits[anchors, 0], anchors.astype(np.int64), anchors.astype(np.intp), self.atol
        )
        region = np.where(grouped, first, np.arange(len(tape)))
        return assemble(tape, region, ~grouped, new, phase=phase)
