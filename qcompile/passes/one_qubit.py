"""Passes that look at one wire at a time: identities dropped, runs fused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from qcompile.kernels.rewrite import (
    kinds_of_singles,
    multiples_of_identity,
    one_qubit_runs,
    runs_of_several,
    single_products,
)
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
    return multiples_of_identity(matrices, atol)


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

    settles = True
    atol: float = field(default=1e-12, validator=validators.ge(0))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape without identities."""
        free = free_rows(tape, self.no_touch) & ~tape.is_symbolic
        gone = np.zeros(len(tape), dtype=bool)
        phase = 0.0
        for k in (1, 2, 3):
            rows = np.flatnonzero(free & (ARITY[tape.opcode] == k))
            if len(rows):
                hit, phases = identity_phases(row_matrices(tape, rows), self.atol)
                gone[rows] = hit
                phase += float(phases[hit].sum())
        if tape.holds(Op.MCX, Op.MCP):
            rows = np.flatnonzero(free & (tape.opcode == Op.MCP))
            gone[rows] = np.abs(np.exp(1j * tape.angle[rows, 0]) - 1) <= self.atol
        if not gone.any():
            return unchanged(tape)
        return assemble(tape, np.arange(len(tape)), ~gone, phase=phase)


def rows_of_matrices(
    matrices: Complex,
    qubits: NDArray[np.int32],
    region: NDArray[np.int64],
    like: NDArray[np.intp],
    atol: float,
    *,
    order: NDArray[np.int64] | None = None,
) -> tuple[list[NewRows], float]:
    """Return one row a one-qubit matrix (none for identities, RZ for diagonal ones, else MAT1), and the phase left.

    Args:
        matrices: complex[m, 2, 2].
        qubits: int32[m].
        region: int[m].
        like: int[m], old rows to take the origin from.
        atol: Entries up to this count as zero.
        order: int[m], places inside the regions; the default is the order given.
    """
    kind, turn, phases = kinds_of_singles(matrices, atol)
    total = float(phases.sum())
    out: list[NewRows] = []
    for code in (1, 2):
        rows = np.flatnonzero(kind == code)
        angle = np.zeros((len(rows), 3))
        angle[:, 0] = turn[rows]
        out.append(
            NewRows(
                opcode=Op.RZ if code == 1 else Op.MAT1,
                qubits=singles(qubits[rows]),
                region=region[rows],
                angle=angle if code == 1 else None,
                matrix=None if code == 1 else matrices[rows],
                like=like[rows],
                order=None if order is None else order[rows],
            )
        )
    return out, total


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

    settles = True
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
        rows, group, anchors = runs_of_several(first)
        if not len(rows):
            return unchanged(tape)
        products = single_products(row_matrices(tape, rows), group, len(anchors))
        new, phase = rows_of_matrices(products, tape.qubits[anchors, 0], anchors, anchors, self.atol)
        region = np.arange(len(tape))
        region[rows] = first[rows]
        keep = np.ones(len(tape), dtype=bool)
        keep[rows] = False
        return assemble(tape, region, keep, new, phase=phase)
