"""Gates that go only when the caller grants it: inputs known to be zero, outputs seen through measurements alone.

These passes do not keep the unitary, so they are not in `PASSES`; `verify.validate` replays them when it is told what
was granted.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.unobserved import unobserved_rows
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass
from qcompile.passes.one_qubit import rows_of_matrices, singles
from qcompile.passes.wires import free_rows, wires_of
from qcompile.tape import Expr, Op, Rewrite, Tape
from qcompile.tape.opcodes import ARITY
from qcompile.tape.simulate import row_matrix

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["RemoveOnKnownZero", "RemoveUnobserved"]

Complex = NDArray[np.complex128]

_ATOL = 1e-12
_ZERO = np.array([1.0, 0.0], dtype=np.complex128)
#: What a controlled gate does to its second qubit while its first is 1; nothing while it is 0.
_CONTROLLED = {
    Op.CX: Op.X,
    Op.CY: Op.Y,
    Op.CZ: Op.Z,
    Op.CH: Op.H,
    Op.CRX: Op.RX,
    Op.CRY: Op.RY,
    Op.CRZ: Op.RZ,
    Op.CP: Op.P,
}
_TWICE_CONTROLLED = {Op.CCX: Op.CX, Op.CCZ: Op.CZ, Op.CSWAP: Op.SWAP}


@frozen
class RemoveUnobserved(Pass):
    """Remove gates that no measurement can notice. For `outputs="measured"`.

    A gate goes when on each of its wires either nothing follows, or it is diagonal there and only diagonal rows follow
    until the wire is measured, reset or left. The global phase is not kept.

    >>> from qcompile.tape import tape_of
    >>> RemoveUnobserved()(tape_of("h 0; cx 0 1; t 0; cz 0 2; h 2; measure 0")).ops()
    ['h 0', 'measure 0']
    """

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape without what is not observed."""
        wires = wires_of(tape, self.no_touch)
        ends = np.where(tape.opcode == Op.MEASURE, 1, np.where(tape.opcode == Op.RESET, 2, 0)).astype(np.int8)
        ends[tape.condition >= 0] = 0
        free = free_rows(tape, self.no_touch)
        gone = unobserved_rows(wires.indptr, wires.wire, wires.axis, free, ends, tape.n_qubits, wires.n_wires)
        return assemble(tape, np.arange(len(tape)), ~gone) if gone.any() else unchanged(tape)


@frozen
class RemoveOnKnownZero(Pass):
    """Simplify gates on qubits that still are in a known state of their own. For `inputs="zero"`.

    Controls known to be 0 take their gate away, controls known to be 1 fall away, a CX on a target in |-> is a Z on its
    control (Bernstein and Vazirani's circuit needs no two-qubit gate), phases of known states go into the global phase;
    one-qubit gates and SWAPs are followed.

    >>> from qcompile.tape import tape_of
    >>> RemoveOnKnownZero()(tape_of("x 0; cx 0 1; ccx 2 1 0; h 2; cx 2 0")).ops()
    ['x 0', 'mat1 1', 'h 2', 'cx 2 0']
    """

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape without gates that known zeros make idle."""
        walk = _Walk(tape, free_rows(tape, self.no_touch))
        last_reset = int(np.flatnonzero(tape.opcode == Op.RESET).max(initial=-1))
        for row in range(len(tape)):
            if not walk.n_known and row > last_reset:
                break
            walk.visit(row)
        if walk.keep.all():
            return unchanged(tape)
        return assemble(tape, np.arange(len(tape)), walk.keep, walk.parts, phase=Expr.total(walk.phases))


class _Walk:
    """Follows qubits in known states through a tape, collecting what replaces the rows that they simplify.

    A state is a unit vector complex128[2], known up to a phase; None when the qubit may be entangled or unknown.
    """

    def __init__(self, tape: Tape, free: NDArray[np.bool_]) -> None:
        self.tape, self.free = tape, free
        self.state: list[Complex | None] = [_ZERO] * tape.n_qubits
        self.n_known = tape.n_qubits
        self.keep = np.ones(len(tape), dtype=bool)
        self.parts: list[NewRows] = []
        self.phases: list[float | Expr] = []

    def forget(self, qubits: tuple[int, ...]) -> None:
        for q in qubits:
            self.set(q, None)

    def set(self, q: int, state: Complex | None) -> None:
        self.n_known += (state is not None) - (self.state[q] is not None)
        self.state[q] = state

    def bit(self, q: int) -> int:
        """Return 0 or 1 where the qubit is in that basis state, else -1."""
        state = self.state[q]
        if state is None or min(abs(state[0]), abs(state[1])) > _ATOL:
            return -1
        return int(abs(state[1]) > 0.5)

    def visit(self, row: int) -> None:
        """Follow one row, replacing it where that is possible."""
        tape = self.tape
        code, qubits = Op(int(tape.opcode[row])), tape.qubits_of(row)
        if code is Op.RESET and tape.condition[row] < 0:
            self.set(qubits[0], _ZERO)
        elif code is Op.BARRIER or all(self.state[q] is None for q in qubits):
            return
        elif code is Op.MEASURE:
            self.forget(tuple(q for q in qubits if self.bit(q) < 0))
        elif not self.free[row]:
            self.forget(qubits)
        elif len(qubits) == 1:
            self._single(row, qubits[0])
        elif len(qubits) == 2:
            self._pair(row, code, qubits[0], qubits[1])
        else:
            self._wide(row, code, qubits)

    def _single(self, row: int, q: int) -> None:
        state = self.state[q]
        if self.tape.is_symbolic[row] or state is None:
            self.set(q, None)
            return
        after = row_matrix(self.tape, row) @ state
        overlap = np.vdot(state, after)
        if np.abs(after - overlap * state).max() <= _ATOL:
            self._drop(row, float(np.angle(overlap)))
        else:
            self.set(q, after)

    def _drop(self, row: int, phase: float = 0.0) -> None:
        self.keep[row] = False
        self.phases.append(phase)

    def _replace(self, row: int, part: list[NewRows]) -> None:
        self.keep[row] = False
        self.parts += part

    def _pair(self, row: int, code: Op, a: int, b: int) -> None:
        tape = self.tape
        if code is Op.SWAP:
            x, y = self.state[a], self.state[b]
            if x is not None and y is not None and np.abs(x - np.vdot(y, x) * y).max() <= _ATOL:
                self._drop(row)
            self.set(a, y)
            self.set(b, x)
        elif code in _CONTROLLED and self.bit(a) == 0:
            self._drop(row)
        elif tape.is_symbolic[row]:
            self._symbolic_pair(row, code, a, b)
        else:
            self._numeric_pair(row, a, b)

    def _symbolic_pair(self, row: int, code: Op, a: int, b: int) -> None:
        angle = Expr.of(self.tape.angles_of(row)[0])
        bits = self.bit(a), self.bit(b)
        if code in _CONTROLLED and bits[0] == 1:
            self._replace(row, [_symbolic(row, _CONTROLLED[code], b, angle)])
            self.set(b, None)
        elif code is Op.CP and bits[1] >= 0:
            if bits[1] == 0:
                self._drop(row)
            else:
                self._replace(row, [_symbolic(row, Op.P, a, angle)])
                self.set(a, None)
        elif code is Op.RZZ and max(bits) >= 0:
            other, bit = (b, bits[0]) if bits[0] >= 0 else (a, bits[1])
            self._replace(row, [_symbolic(row, Op.RZ, other, angle * (1.0 - 2.0 * bit))])
            self.set(other, None)
        else:
            self.forget((a, b))

    def _numeric_pair(self, row: int, a: int, b: int) -> None:
        """Write a gate as one on each qubit where a known state makes it that."""
        m = row_matrix(self.tape, row).reshape(2, 2, 2, 2)  # out a, out b, in a, in b
        x, y = self.state[a], self.state[b]
        if x is not None and y is not None:
            found = _product(np.einsum("abcd,c,d->ab", m, x, y))
            if found is not None:
                self._replace_ones(row, {a: _turn(x, found[0]), b: _turn(y, found[1])})
                self.set(a, found[0])
                self.set(b, found[1])
                return
        for one, other, state, tensor in ((a, b, x, m), (b, a, y, m.transpose(1, 0, 3, 2))):
            if state is None:
                continue
            found = _product(np.einsum("abcd,c->abd", tensor, state).reshape(2, 4))
            if found is None:
                continue
            inner = found[1].reshape(2, 2) * math.sqrt(2.0)  # a unitary on the other qubit
            self._replace_ones(row, {one: _turn(state, found[0]), other: inner})
            self.set(one, found[0])
            self.set(other, None)
            return
        self.forget((a, b))

    def _replace_ones(self, row: int, gates: dict[int, Complex]) -> None:
        """Put one-qubit gates in the place of a row; those that are identities up to a phase are left out."""
        self.keep[row] = False
        where = np.array([row], dtype=np.int64)
        for q, matrix in gates.items():
            new, phase = rows_of_matrices(
                matrix[None], np.array([q], dtype=np.int32), where, where.astype(np.intp), _ATOL
            )
            self.parts += new
            self.phases.append(phase)

    def _wide(self, row: int, code: Op, qubits: tuple[int, ...]) -> None:
        known = {q: self.bit(q) for q in qubits}
        controls = qubits[:1] if code is Op.CSWAP else qubits if code in (Op.CCZ, Op.MCP) else qubits[:-1]
        if code not in (Op.CCX, Op.CCZ, Op.CSWAP, Op.MCX, Op.MCP):
            self.forget(qubits)
        elif any(known[q] == 0 for q in controls):
            self._drop(row)
        elif code in _TWICE_CONTROLLED and any(known[q] == 1 for q in controls):
            gone = next(q for q in controls if known[q] == 1)
            rest = np.array([[q for q in qubits if q != gone]], dtype=np.int32)
            self._replace(
                row,
                [NewRows(opcode=_TWICE_CONTROLLED[code], qubits=rest, region=np.array([row]), like=np.array([row]))],
            )
            self.forget(tuple(int(q) for q in rest[0]))
        else:
            self.forget(tuple(q for q in qubits if q not in controls or known[q] < 0))


def _product(m: Complex) -> tuple[Complex, Complex] | None:
    """Return unit vectors (u, v) with the matrix = |m| u v^T, or None when its rank is two."""
    lengths = np.sqrt((np.abs(m) ** 2).sum(axis=0))
    largest = int(np.argmax(np.round(lengths, 9)))
    u = m[:, largest] / lengths[largest]
    v = u.conj() @ m
    if np.abs(m - np.outer(u, v)).max() > _ATOL:
        return None
    return u, v / np.sqrt((np.abs(v) ** 2).sum())


def _turn(before: Complex, after: Complex) -> Complex:
    """Return a unitary that takes one unit vector to another, the identity where they are the same up to a phase."""
    overlap = np.vdot(before, after)
    if abs(abs(overlap) - 1.0) <= _ATOL:
        return np.asarray(overlap * np.eye(2), dtype=np.complex128)
    other = [np.array([-v[1].conjugate(), v[0].conjugate()]) for v in (before, after)]
    return np.asarray(np.outer(after, before.conj()) + np.outer(other[1], other[0].conj()), dtype=np.complex128)


def _symbolic(row: int, op: Op, qubit: int, angle: Expr) -> NewRows:
    assert ARITY[op] == 1
    return NewRows(
        opcode=op,
        qubits=singles(np.array([qubit], dtype=np.int32)),
        region=np.array([row]),
        exprs={(0, 0): angle},
        like=np.array([row]),
    )
