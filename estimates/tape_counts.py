"""Logical counts of a circuit on a tape: one pass over the columns, angles looked at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from estimates.counts import LogicalCounts
from qcompile.errors import InputError

if TYPE_CHECKING:
    from qcompile.tape import Tape

__all__ = ["counts_of_tape"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ANGLE_ATOL = 1e-9
"""How near to a multiple of pi/4 (in radians) an angle counts as that multiple."""

_NOTHING, _CLIFFORD, _T, _ROTATION = 0, 1, 2, 3


def counts_of_tape(tape: Tape) -> LogicalCounts:
    """Return what a tape costs, gate by gate as it stands; run the merging passes first.

    An angle that is a multiple of pi/2 is a Clifford, an odd multiple of pi/4 a T, anything else, symbols included, one
    generic rotation. Per gate: RXX, RYY, RZZ 1 rotation; CRX, CRY, CRZ 2; P on m qubits m - 1 CCZ states and 1
    rotation (3 T where the angle allows); FSIM 2 rotations and a controlled phase; a one-qubit gate at most 3
    rotations; a two-qubit matrix at most 15, a three-qubit matrix at most 89 (20 CNOT, each followed by 4 angles, and 9
    to begin with); CCX, CCZ, CSWAP 1 CCZ state; X on m controls m - 1.
    Where an AND is computed into an ancilla and undone by measurement, an ancilla per nested AND is added to the width.

    Raises:
        InputError: A row is no known gate, so that its cost is unknown.
    """
    tally = _Tally(tape)
    return tally.total()


class _Tally:
    """Columns of counts for the rows of one tape: t, ccz, rotations, cliffords, cnot, and rotation layers per row."""

    def __init__(self, tape: Tape) -> None:
        from qcompile.tape.opcodes import Op

        if any(call.bindings for call in tape.calls):
            tape = tape.inlined()
        self.op, self.tape, n = Op, tape, len(tape)
        self.t, self.ccz, self.rotations = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
        self.cliffords, self.cnot, self.layers = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
        self.measurements, self.ancillas = np.zeros(n, np.int64), 0
        opaque = np.flatnonzero(tape.opcode == Op.OPAQUE)
        if opaque.size:
            name = tape.opaques[int(tape.payload[opaque[0]])].text
            raise InputError(f"is {name}", where=f"row {opaque[0]}", hint="give it a decomposition to have it counted")
        self._one_qubit()
        self._two_qubit()
        self._wider()

    def _rows(self, *ops: int) -> Ints:
        return cast(Ints, np.flatnonzero(np.isin(self.tape.opcode, ops)))

    def _angle(self, rows: Ints, column: int) -> Floats:
        """Angles of a column, nan where symbolic."""
        return np.where(self.tape.expr[rows, column] >= 0, np.nan, self.tape.angle[rows, column])

    def _spend(self, rows: Ints, kinds: NDArray[np.int8], times: int = 1) -> None:
        """Add `times` rotations of the given kinds to rows; rotations of one call share a layer."""
        self.t[rows] += times * (kinds == _T)
        self.rotations[rows] += times * (kinds == _ROTATION)
        self.cliffords[rows] += times * (kinds == _CLIFFORD)
        self.layers[rows] += kinds == _ROTATION

    def _fixed(self, ops: tuple[int, ...], *, cliffords: int = 0, cnot: int = 0, t: int = 0, ccz: int = 0) -> None:
        rows = self._rows(*ops)
        self.cliffords[rows] += cliffords + cnot
        self.cnot[rows] += cnot
        self.t[rows] += t
        self.ccz[rows] += ccz

    def _one_qubit(self) -> None:
        op = self.op
        self._fixed((op.X, op.Y, op.Z, op.H, op.S, op.SDG, op.SX, op.SXDG), cliffords=1)
        self._fixed((op.T, op.TDG), t=1)
        rows = self._rows(op.RX, op.RY, op.RZ, op.P)
        self._spend(rows, _kinds(self._angle(rows, 0)))
        rows = self._rows(op.U3)  # P(phi) RY(theta) P(lambda) up to phase
        self._euler(rows, self._angle(rows, 0), self._angle(rows, 1), self._angle(rows, 2))
        rows = self._rows(op.PHXZ)  # P(z + a) RX(x) P(-a) up to phase
        x, z, a = (self._angle(rows, k) for k in range(3))
        self._euler(rows, x, z + a, -a)
        rows = self._rows(op.GPI)  # X P(-2 phi) up to phase
        self._spend(rows, _kinds(2 * self._angle(rows, 0)))
        self.cliffords[rows] += 1
        rows = self._rows(op.GPI2)
        phi = self._angle(rows, 0)
        self._euler(rows, np.full(rows.size, np.pi / 2), phi, -phi)
        rows = self._rows(op.MAT1)
        u = self.tape.mat1[self.tape.payload[rows]]
        theta = 2 * np.arctan2(np.abs(u[:, 1, 0]), np.abs(u[:, 0, 0]))
        plus, minus = np.angle(u[:, 1, 1] * u[:, 0, 0].conj()), np.angle(-u[:, 1, 0] * u[:, 0, 1].conj())
        self._euler(rows, theta, (plus + minus) / 2, (plus - minus) / 2)

    def _euler(self, rows: Ints, middle: Floats, left: Floats, right: Floats) -> None:
        """Count Z(left) R(middle) Z(right), where R turns about X or Y: 1 rotation when R is the identity or a flip."""
        half = np.round(middle / np.pi)
        flat = ~np.isnan(middle) & (np.abs(middle - half * np.pi) <= ANGLE_ATOL)
        # A turn by pi moves through Z(right) by inverting it; it is a Pauli and costs nothing to speak of.
        merged = np.where(half % 2 == 0, left + right, left - right)
        self._spend(rows[flat], _kinds(merged[flat]))
        self.cliffords[rows[flat]] += half[flat] % 2 != 0
        for angle in (left, middle, right):
            self._spend(rows[~flat], _kinds(angle[~flat]))

    def _two_qubit(self) -> None:
        op = self.op
        self._fixed((op.CX, op.CY, op.CZ, op.ECR), cnot=1)
        self._fixed((op.CH,), cnot=1, t=2)
        self._fixed((op.SWAP,), cnot=3)
        self._fixed((op.ISWAP, op.ISWAPDG), cnot=2)
        self._fixed((op.SQISWAP, op.SQISWAPDG), cnot=2, t=2)
        rows = self._rows(op.CRX, op.CRY, op.CRZ)  # R(t/2) CX R(-t/2) CX: the two are not in one layer
        for _ in range(2):
            self._spend(rows, _kinds(self._angle(rows, 0) / 2))
        self._cnots(rows, 2)
        rows = self._rows(op.RXX, op.RYY, op.RZZ)
        self._spend(rows, _kinds(self._angle(rows, 0)))
        self._cnots(rows, 2)
        rows = self._rows(op.CP)
        self._controlled_phase(rows, self._angle(rows, 0))
        rows = self._rows(op.FSIM)  # RXX(t) RYY(t) commute, then P(-phi) on both qubits
        self._spend(rows, _kinds(self._angle(rows, 0)), times=2)
        self._cnots(rows, 2)
        self._controlled_phase(rows, self._angle(rows, 1))
        rows = self._rows(op.SYC)  # FSIM(pi/2, pi/6)
        self._cnots(rows, 2)
        self._controlled_phase(rows, np.full(rows.size, np.pi / 6))
        rows = self._rows(op.MAT2)
        self.rotations[rows] += 15
        self.layers[rows] += 9
        self._cnots(rows, 3)

    def _cnots(self, rows: Ints, n: int) -> None:
        self.cnot[rows] += n
        self.cliffords[rows] += n

    def _controlled_phase(self, rows: Ints, angle: Floats) -> None:
        """Count P(angle) on two qubits: 3 T or Cliffords where half the angle allows, else an AND and one rotation."""
        kinds = _kinds((angle - 2 * np.pi * np.round(angle / (2 * np.pi))) / 2)
        for kind, n in ((_CLIFFORD, 1), (_T, 2)):
            self._cnots(rows[kinds == kind], n)
        self.t[rows[kinds == _T]] += 3
        generic = rows[kinds == _ROTATION]
        self.ccz[generic] += 1
        self.rotations[generic] += 1
        self.layers[generic] += 1
        self.measurements[generic] += 1
        self.ancillas = max(self.ancillas, int(generic.size > 0))

    def _wider(self) -> None:
        op, tape = self.op, self.tape
        self._fixed((op.CCX, op.CCZ), ccz=1)
        self._fixed((op.CSWAP,), ccz=1, cnot=2)
        rows = self._rows(op.MAT3)
        self.rotations[rows] += 89
        self.layers[rows] += 49
        self._cnots(rows, 20)
        rows = self._rows(op.MCX)
        arity = tape.arity[rows].astype(np.int64)
        self.ccz[rows] += np.maximum(arity - 2, 0)
        self.measurements[rows] += np.maximum(arity - 3, 0)
        self._cnots(rows[arity == 2], 1)
        self.cliffords[rows[arity == 1]] += 1
        rows_p = self._rows(op.MCP)
        arity_p = tape.arity[rows_p].astype(np.int64)
        single, many = arity_p == 1, arity_p > 1
        self._spend(rows_p[single], _kinds(self._angle(rows_p[single], 0)))
        self._controlled_phase(rows_p[many], self._angle(rows_p[many], 0))
        self.ccz[rows_p[many]] += arity_p[many] - 2
        self.measurements[rows_p[many]] += np.maximum(arity_p[many] - 2, 0)
        nested = [0, *(arity - 3).tolist(), *(arity_p - 2 + (self.rotations[rows_p] > 0)).tolist()]
        self.ancillas = max(self.ancillas, *nested)
        rows = self._rows(op.MEASURE)
        self.measurements[rows] += tape.arity[rows]

    def total(self) -> LogicalCounts:
        """Return the sums, with sub-tapes counted as often as they run."""
        depth = self._rotation_depth()
        counts = LogicalCounts(
            n_qubits=self.tape.n_qubits + self.ancillas,
            t=int(self.t.sum()),
            ccz=int(self.ccz.sum()),
            rotations=int(self.rotations.sum()),
            rotation_depth=depth,
            measurements=int(self.measurements.sum()),
            cliffords=int(self.cliffords.sum()),
            cnot=int(self.cnot.sum()),
        )
        for row in self._rows(self.op.CALL):
            call = self.tape.calls[int(self.tape.payload[row])]
            inner = counts_of_tape(call.tape)
            # Ancillas of the body come on top of the caller's width.
            wider = LogicalCounts(n_qubits=self.tape.n_qubits + inner.n_qubits - call.tape.n_qubits)
            counts = counts + inner * call.repetitions + wider
        return counts

    def _rotation_depth(self) -> int:
        """Return how many layers hold rotations when every gate runs as early as its qubits allow (calls left out)."""
        when = [0] * max(1, self.tape.n_qubits)
        first, second = self.tape.qubits[:, 0].tolist(), self.tape.qubits[:, 1].tolist()
        for row, (a, b, layers) in enumerate(zip(first, second, self.layers.tolist(), strict=True)):
            if a < 0 or self.tape.wide[row] >= 0:
                qubits = self.tape.qubits_of(row)
                end = max((when[q] for q in qubits), default=0) + layers
                for q in qubits:
                    when[q] = end
            elif b < 0:
                when[a] += layers
            else:
                when[a] = when[b] = max(when[a], when[b]) + layers
        return max(when)


def _kinds(angle: Floats) -> NDArray[np.int8]:
    """Return what a Pauli rotation by each angle is: nothing, a Clifford, a T, or a rotation (nan too)."""
    eighths = np.round(np.nan_to_num(angle) / (math.pi / 4))
    whole = ~np.isnan(angle) & (np.abs(angle - eighths * (math.pi / 4)) <= ANGLE_ATOL)
    kind = np.where(eighths % 2 != 0, _T, np.where(eighths % 8 == 0, _NOTHING, _CLIFFORD))
    return np.where(whole, kind, _ROTATION).astype(np.int8)
