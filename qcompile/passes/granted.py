"""Gates that go only when the caller grants it: inputs known to be zero, outputs seen through measurements alone.

These passes do not keep the unitary, so they are not in `PASSES`; `verify.validate` replays them when it is told what
was granted.
"""

from __future__ import annotations

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
    """Simplify gates on qubits that still are in a known basis state. For `inputs="zero"`.

    Controls known to be 0 take their gate away, controls known to be 1 fall away, phases of known states go into the
    global phase; X gates and SWAPs are followed.

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
    """Follows known basis states through a tape, collecting what replaces the rows that they simplify."""

    def __init__(self, tape: Tape, free: NDArray[np.bool_]) -> None:
        self.tape, self.free = tape, free
        self.known: list[int] = [0] * tape.n_qubits  # 0, 1, or -1 for unknown
        self.n_known = tape.n_qubits
        self.keep = np.ones(len(tape), dtype=bool)
        self.parts: list[NewRows] = []
        self.phases: list[float | Expr] = []

    def forget(self, qubits: tuple[int, ...]) -> None:
        for q in qubits:
            self.set(q, -1)

    def set(self, q: int, value: int) -> None:
        self.n_known += (value >= 0) - (self.known[q] >= 0)
        self.known[q] = value

    def visit(self, row: int) -> None:
        """Follow one row, replacing it where that is possible."""
        tape = self.tape
        code, qubits = Op(int(tape.opcode[row])), tape.qubits_of(row)
        if code is Op.RESET and tape.condition[row] < 0:
            self.set(qubits[0], 0)
        elif code in (Op.BARRIER, Op.MEASURE) or all(self.known[q] < 0 for q in qubits):
            return
        elif not self.free[row]:
            self.forget(qubits)
        elif len(qubits) == 1:
            self._single(row, qubits[0])
        elif len(qubits) == 2:
            self._pair(row, code, qubits[0], qubits[1])
        else:
            self._wide(row, code, qubits)

    def _single(self, row: int, q: int) -> None:
        if self.tape.is_symbolic[row]:
            self.set(q, -1)
            return
        m = row_matrix(self.tape, row)
        v = self.known[q]
        to = int(np.argmax(np.abs(m[:, v])))
        if abs(m[1 - to, v]) > _ATOL:
            self.set(q, -1)
        elif to == v:
            self._drop(row, float(np.angle(m[v, v])))
        else:
            self.set(q, to)

    def _drop(self, row: int, phase: float = 0.0) -> None:
        self.keep[row] = False
        self.phases.append(phase)

    def _replace(self, row: int, part: list[NewRows]) -> None:
        self.keep[row] = False
        self.parts += part

    def _pair(self, row: int, code: Op, a: int, b: int) -> None:
        tape, known = self.tape, self.known
        if code is Op.SWAP:
            if known[a] == known[b]:
                self._drop(row)
            x, y = known[a], known[b]
            self.set(a, y)
            self.set(b, x)
        elif code in _CONTROLLED and known[a] == 0:
            self._drop(row)
        elif tape.is_symbolic[row]:
            self._symbolic_pair(row, code, a, b)
        else:
            self._numeric_pair(row, a, b)

    def _symbolic_pair(self, row: int, code: Op, a: int, b: int) -> None:
        angle = Expr.of(self.tape.angles_of(row)[0])
        known = self.known
        if code in _CONTROLLED and known[a] == 1:
            self._replace(row, [_symbolic(row, _CONTROLLED[code], b, angle)])
            self.set(b, -1)
        elif code is Op.CP and known[b] >= 0:
            if known[b] == 0:
                self._drop(row)
            else:
                self._replace(row, [_symbolic(row, Op.P, a, angle)])
        elif code is Op.RZZ:
            one, other = (a, b) if known[a] >= 0 else (b, a)
            self._replace(row, [_symbolic(row, Op.RZ, other, angle * (1.0 - 2.0 * known[one]))])
        else:
            self.forget((a, b))

    def _numeric_pair(self, row: int, a: int, b: int) -> None:
        m = row_matrix(self.tape, row).reshape(2, 2, 2, 2)  # out a, out b, in a, in b
        for one, other, tensor in ((a, b, m), (b, a, m.transpose(1, 0, 3, 2))):
            v = self.known[one]
            if v < 0 or np.abs(tensor[1 - v, :, v, :]).max() > _ATOL:
                continue
            inner = np.ascontiguousarray(tensor[v, :, v, :])
            u = self.known[other]
            if u >= 0 and abs(inner[1 - u, u]) <= _ATOL:
                self._drop(row, float(np.angle(inner[u, u])))
                return
            where = np.array([row], dtype=np.int64)
            new, phase = rows_of_matrices(
                inner[None], np.array([other], dtype=np.int32), where, where.astype(np.intp), _ATOL
            )
            self._replace(row, new)
            self.phases.append(phase)
            self.set(other, 1 - u if u >= 0 and abs(inner[u, u]) <= _ATOL else -1)
            return
        self.forget((a, b))

    def _wide(self, row: int, code: Op, qubits: tuple[int, ...]) -> None:
        known = self.known
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
            self.forget(tuple(q for q in qubits if q not in controls))


def _symbolic(row: int, op: Op, qubit: int, angle: Expr) -> NewRows:
    assert ARITY[op] == 1
    return NewRows(
        opcode=op,
        qubits=singles(np.array([qubit], dtype=np.int32)),
        region=np.array([row]),
        exprs={(0, 0): angle},
        like=np.array([row]),
    )
