"""Two-qubit gates left out or made cheaper where that changes the unitary by little, within a stated total.

This pass does not keep the unitary, so it is not in `PASSES`. Its witness states by how much each region may differ;
`verify.validate` measures that again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve, field, frozen, validators
from numpy.typing import NDArray

from qcompile.kernels.kak import kak_vectors
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass
from qcompile.passes.natives import native_counts, native_edges
from qcompile.passes.one_qubit import rows_of_matrices, singles
from qcompile.passes.wires import free_rows
from qcompile.tape import Op, RegionWitness, Rewrite, Tape
from qcompile.tape.opcodes import ARITY
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["Approximate"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_ATOL = 1e-12
#: Eigenvalues of XX, YY and ZZ on their common eigenvectors.
_SIGNS = np.array([[1, -1, 1], [1, 1, -1], [-1, 1, 1], [-1, -1, -1]], dtype=np.float64)
_XX = np.fliplr(np.eye(4))
_YY = np.fliplr(np.diag([-1.0, 1.0, 1.0, -1.0]))
_ZZ = np.diag([1.0, -1.0, -1.0, 1.0])
_PROJECTORS = np.array([(np.eye(4) + sx * _XX + sy * _YY + sz * _ZZ) / 4 for sx, sy, sz in _SIGNS], dtype=np.complex128)
#: Rotations about ZZ: angle of the ZZ part, and of RZ on both qubits, in units of the gate's angle.
_DIAGONAL: dict[Op, tuple[float, float, float]] = {
    Op.RZZ: (1.0, 0.0, 0.0),
    Op.CP: (-0.5, 0.5, 0.5),
    Op.CRZ: (-0.5, 0.0, 0.5),
}
#: Angles of ZZ up to this one are looked at as they stand: their nearest product of one-qubit gates are the RZ.
_SMALL = 1.0


@frozen
class Approximate(Pass):
    """Make two-qubit gates cheaper by leaving out the least of what they do between the qubits.

    A gate is exp(i (a XX + b YY + c ZZ)) between one-qubit gates, a >= b >= |c|. Leaving out c, then b, then a changes
    it by a known operator norm. What saves most native gates for its error goes first, until `max_error` is used up;
    errors of gates add up to a bound on the whole circuit's.

    Attributes:
        max_error: Largest operator-norm distance, summed over all gates changed.
        rotations_only: Whether only rotations about ZZ are left out, such as small controlled phases, and no block of
            several gates is looked at before it is complete.

    >>> from qcompile.tape import tape_of
    >>> Approximate(max_error=1e-3)(tape_of("cp(0.001) 0 1; cp(0.5) 1 2; cp(0.3) 0 2")).ops()
    ['rz(0.0005) 0', 'rz(0.0005) 1', 'cp(0.5) 1 2', 'cp(0.3) 0 2']
    """

    max_error: float = field(default=0.0, validator=validators.ge(0))
    rotations_only: bool = False

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with cheaper gates; its witness states the error of each."""
        free = free_rows(tape, self.no_touch) & ~tape.is_symbolic & (ARITY[tape.opcode] == 2)
        rows = np.flatnonzero(free & np.isin(tape.opcode, list(_DIAGONAL)) if self.rotations_only else free)
        if not self.max_error or not len(rows):
            return unchanged(tape)
        matrices = row_matrices(tape, rows)
        coords, left, right, phase = kak_vectors(np.ascontiguousarray(matrices))
        edges = native_edges(target, tape.qubits[rows])
        now = native_counts(edges, matrices)[1]
        error, saved = np.full((3, len(rows)), np.inf), np.zeros((3, len(rows)), dtype=np.int64)
        less: list[Complex] = []
        for k in range(3):  # how many coordinates stay
            kept = coords.copy()
            kept[:, k:] = 0.0
            turned = (coords - kept) @ _SIGNS.T
            # The phase that is best on the whole goes to the tape; it is zero but where all three are left out.
            shift = np.angle(np.exp(1j * turned).sum(axis=1))
            error[k] = 2 * np.abs(np.sin((turned - shift[:, None]) / 2)).max(axis=1)
            less.append(_product(kept, left, right, phase + shift))
            saved[k] = now - native_counts(edges, less[k])[1]
        level = _chosen(error, saved, self.max_error)
        changed = level < 3
        if not changed.any():
            return unchanged(tape)
        parts, extra = _apart(tape, rows, level, left, right, phase, coords)
        for k in (1, 2):
            mine = rows[level == k]
            parts.append(
                NewRows(opcode=Op.MAT2, qubits=tape.qubits[mine], region=mine, matrix=less[k][level == k], like=mine)
            )
        keep = np.ones(len(tape), dtype=bool)
        keep[rows[changed]] = False
        done = assemble(tape, np.arange(len(tape)), keep, parts, phase=extra)
        claimed = np.zeros(len(tape))
        claimed[rows[changed]] = error[level[changed], np.flatnonzero(changed)]
        assert isinstance(done.witness, RegionWitness)
        return Rewrite(done.tape, evolve(done.witness, error=claimed))


def _product(coords: Floats, left: Complex, right: Complex, phase: Floats) -> Complex:
    """Return exp(i phase) left exp(i coords . (XX, YY, ZZ)) right, complex[m, 4, 4]."""
    m = len(coords)
    middle = np.einsum("mk,kij->mij", np.exp(1j * (coords @ _SIGNS.T)), _PROJECTORS)
    outer = [np.einsum("mij,mkl->mikjl", one[:, 0], one[:, 1]).reshape(m, 4, 4) for one in (left, right)]
    return np.asarray(np.exp(1j * phase)[:, None, None] * (outer[0] @ middle @ outer[1]), dtype=np.complex128)


def _chosen(error: Floats, saved: NDArray[np.int64], most: float) -> NDArray[np.int64]:
    """Return for each gate how many coordinates stay, 3 for a gate left as it is: least error a saved gate first."""
    levels, gates = np.nonzero((saved > 0) & (error <= most))
    price = error[levels, gates] / saved[levels, gates]
    out = np.full(error.shape[1], 3, dtype=np.int64)
    used = 0.0
    for k in np.lexsort((gates, -levels, price)):
        level, gate = levels[k], gates[k]
        held = (error[out[gate], gate], saved[out[gate], gate]) if out[gate] < 3 else (0.0, 0)
        if saved[level, gate] > held[1] and used - held[0] + error[level, gate] <= most:
            used += error[level, gate] - held[0]
            out[gate] = level
    return out


def _apart(
    tape: Tape,
    rows: Rows,
    level: NDArray[np.int64],
    left: Complex,
    right: Complex,
    phase: Floats,
    coords: Floats,
) -> tuple[list[NewRows], float]:
    """Return what stays of gates that no longer join their qubits, and the phase left."""
    out: list[NewRows] = []
    total = 0.0
    general = level == 0
    for op, (between, first, second) in _DIAGONAL.items():
        at = np.flatnonzero((level == 0) & (tape.opcode[rows] == op))
        turn = tape.angle[rows[at], 0]
        at, turn = at[np.abs(between * turn) < _SMALL], turn[np.abs(between * turn) < _SMALL]
        general[at] = False
        total += float(turn.sum()) / 4 if op is Op.CP else 0.0
        for side, part in enumerate((first, second)):
            if part:
                angle = np.zeros((len(at), 3))
                angle[:, 0] = part * turn
                mine = rows[at]
                out.append(
                    NewRows(opcode=Op.RZ, qubits=singles(tape.qubits[mine, side]), region=mine, angle=angle, like=mine)
                )
    at = np.flatnonzero(general)
    turned = coords[at] @ _SIGNS.T
    total += float((phase[at] + np.angle(np.exp(1j * turned).sum(axis=1))).sum())
    for side in (0, 1):
        local = left[at, side] @ right[at, side]
        more, extra = rows_of_matrices(local, tape.qubits[rows[at], side], rows[at], rows[at], _ATOL)
        out += more
        total += extra
    return out, total
