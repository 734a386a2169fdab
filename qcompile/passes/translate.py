"""One-qubit gates in the machine's own set: PhasedXZ; RZ, SX and X; or GPI, GPI2 and RZ."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from qcompile.kernels.euler import gpi_angles, phxz_exponents, zsx_angles
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.one_qubit import identity_phases, singles
from qcompile.passes.wires import protected_rows
from qcompile.tape import Expr, Op, Rewrite, Tape
from qcompile.tape.opcodes import ARITY, IS_UNITARY
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["ONE_QUBIT_OPS", "TranslateOneQubit"]

Complex = NDArray[np.complex128]
Rows = NDArray[np.intp]

#: Native one-qubit operations of each gate set.
ONE_QUBIT_OPS: dict[str, tuple[Op, ...]] = {
    "phxz": (Op.PHXZ,),
    "zsx": (Op.RZ, Op.SX, Op.X),
    "gpi": (Op.GPI, Op.GPI2, Op.RZ),
}
_PI = math.pi


@register
@frozen
class TranslateOneQubit(Pass):
    """Write every one-qubit gate in the machine's set, phase exact; a symbolic gate becomes one symbolic native gate.

    Gates inside fences and under classical conditions are translated where they are. Emitted angles are rounded to
    1e-13.

    Attributes:
        one_qubit: `phxz`, `zsx`, `gpi`, or None for the target's set (without a target `phxz`).
        atol: Entries of a matrix up to this count as zero.

    >>> from qcompile.tape import tape_of
    >>> TranslateOneQubit("zsx")(tape_of("h 0; rx(t) 0")).ops()[:3]
    ['rz(1.5707963267949) 0', 'sx 0', 'rz(1.5707963267949) 0']
    """

    one_qubit: str | None = field(default=None, validator=validators.in_((None, *ONE_QUBIT_OPS)))
    atol: float = field(default=1e-12, validator=validators.ge(0))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with native one-qubit gates."""
        kind = self.one_qubit or (target.one_qubit if target is not None else "phxz")
        native = np.zeros(256, dtype=bool)
        native[list(ONE_QUBIT_OPS[kind])] = True
        alien = (ARITY[tape.opcode] == 1) & IS_UNITARY[tape.opcode] & ~native[tape.opcode]
        alien &= ~protected_rows(tape, self.no_touch)
        if not alien.any():
            return unchanged(tape)
        symbolic = tape.is_symbolic
        rows = np.flatnonzero(alien & ~symbolic)
        matrices = row_matrices(tape, rows)
        idle, phases = identity_phases(matrices, self.atol)
        phase: list[float | Expr] = [math.fsum(phases[idle & (tape.condition[rows] < 0)])]
        parts = _NUMERIC[kind](tape, rows[~idle], matrices[~idle], phase)
        parts += _symbolic_rows(tape, np.flatnonzero(alien & symbolic), kind, phase)
        return assemble(tape, np.arange(len(tape)), ~alien, parts, phase=Expr.total(phase))


def _part(
    tape: Tape,
    rows: Rows,
    op: Op,
    angle: NDArray[np.float64] | None,
    place: int,
    chosen: NDArray[np.bool_] | None = None,
) -> NewRows:
    """Return one new row for each old one (or each chosen one), at a place in its region."""
    if chosen is not None:
        rows, angle = rows[chosen], None if angle is None else angle[chosen]
    full = np.zeros((len(rows), 3))
    if angle is not None:
        full[:, : angle.shape[1]] = np.round(angle, 13) + 0.0
    return NewRows(
        opcode=op,
        qubits=singles(tape.qubits[rows, 0]),
        region=rows,
        angle=full,
        order=np.full(len(rows), place),
        like=rows,
        inside=True,
    )


def _free_phase(tape: Tape, rows: Rows, phases: NDArray[np.float64]) -> float:
    """Return the phases of unconditional rows; under a classical condition a global phase is no part of the meaning."""
    return math.fsum(phases[tape.condition[rows] < 0])


def _phxz(tape: Tape, rows: Rows, matrices: Complex, phase: list[float | Expr]) -> list[NewRows]:
    exponents, phases = phxz_exponents(matrices)
    phase.append(_free_phase(tape, rows, phases))
    return [_part(tape, rows, Op.PHXZ, exponents * _PI, 0)]


def _zsx(tape: Tape, rows: Rows, matrices: Complex, phase: list[float | Expr]) -> list[NewRows]:
    angles, pulses, phases = zsx_angles(matrices)
    half_turn = (pulses == 2) & (angles[:, 1] == 0.0) & (angles[:, 2] == 0.0)  # SX SX is X
    phase.append(_free_phase(tape, rows, phases))
    return [
        _part(tape, rows, Op.RZ, angles[:, 2:3], 0, (pulses > 0) & (angles[:, 2] != 0)),
        _part(tape, rows, Op.SX, None, 1, (pulses == 2) & ~half_turn),
        _part(tape, rows, Op.RZ, angles[:, 1:2], 2, (pulses == 2) & (angles[:, 1] != 0)),
        _part(tape, rows, Op.SX, None, 3, (pulses > 0) & ~half_turn),
        _part(tape, rows, Op.X, None, 3, half_turn),
        _part(tape, rows, Op.RZ, angles[:, 0:1], 4, angles[:, 0] != 0),
    ]


def _gpi(tape: Tape, rows: Rows, matrices: Complex, phase: list[float | Expr]) -> list[NewRows]:
    angles, kind, phases = gpi_angles(matrices)
    phase.append(_free_phase(tape, rows, phases))
    return [
        _part(tape, rows, Op.GPI2, angles[:, 2:3], 0, (kind == 1) | (kind == 2)),
        _part(tape, rows, Op.GPI, angles[:, 2:3], 0, kind == 3),
        _part(tape, rows, Op.GPI2, angles[:, 1:2], 1, kind == 2),
        _part(tape, rows, Op.RZ, angles[:, 0:1], 2, angles[:, 0] != 0),
    ]


_NUMERIC: dict[str, Callable[[Tape, Rows, Complex, list[float | Expr]], list[NewRows]]] = {
    "phxz": _phxz,
    "zsx": _zsx,
    "gpi": _gpi,
}

# Symbolic gates -------------------------------------------------------------------------------------------------------


def _zxz(op: Op, t: tuple[Expr, ...]) -> tuple[Expr, Expr, Expr, Expr]:
    """Return (a, b, c, f) with gate = exp(i f) RZ(a) RX(b) RZ(c), affine in the gate's angles."""
    zero, quarter = Expr(), Expr(_PI / 2)
    if op is Op.RX:
        return zero, t[0], zero, zero
    if op is Op.RY:
        return quarter, t[0], -quarter, zero
    if op is Op.RZ:
        return t[0], zero, zero, zero
    if op is Op.P:
        return t[0], zero, zero, t[0] * 0.5
    if op is Op.U3:
        return t[1] + quarter, t[0], t[2] - quarter, (t[1] + t[2]) * 0.5
    if op is Op.PHXZ:
        return t[1] + t[2], t[0], -t[2], (t[0] + t[1]) * 0.5
    if op is Op.GPI:
        return t[0], Expr(_PI), -t[0], quarter
    return t[0], quarter, -t[0], zero  # GPI2


def _native_chain(kind: str, a: Expr, b: Expr, c: Expr, f: Expr) -> tuple[list[tuple[Op, tuple[Expr, ...]]], Expr]:
    """Return the native gates of exp(i f) RZ(a) RX(b) RZ(c), the first to act first, and the phase that is left.

    RX(b) = i^-1 RZ(pi/2) SX RZ(b + pi) SX RZ(pi/2) up to the sign that both sides share, and
    RX(pi/2) RZ(c) = RZ(c) GPI2(-c).
    """
    frame = b.is_number and b.const == 0.0
    if kind == "phxz":
        z = a + c
        return [(Op.PHXZ, (b, z, Expr() if frame else -c))], f - (z + b) * 0.5
    if frame:
        return [(Op.RZ, (a + c,))], f
    first, middle, last = c + _PI / 2, b + _PI, a + _PI / 2
    if kind == "zsx":
        # RZ(pi/2) SX RZ(b + pi) SX RZ(pi/2) = i (RZ RX RZ RX RZ)(..) = i * (-1) RX(b).
        return [
            (Op.RZ, (first,)),
            (Op.SX, ()),
            (Op.RZ, (middle,)),
            (Op.SX, ()),
            (Op.RZ, (last,)),
        ], f + _PI / 2
    second = first + middle
    return [(Op.GPI2, (-first,)), (Op.GPI2, (-second,)), (Op.RZ, (last + second,))], f + _PI


def _symbolic_rows(tape: Tape, rows: Rows, kind: str, phase: list[float | Expr]) -> list[NewRows]:
    """Return the native rows of symbolic gates; what is symbolic stays one affine angle a native gate."""
    out: list[tuple[int, Op, tuple[Expr, ...]]] = []
    for row in (int(r) for r in rows):
        angles = tuple(Expr.of(v) for v in tape.angles_of(row))
        chain, left = _native_chain(kind, *_zxz(Op(int(tape.opcode[row])), angles))
        if tape.condition[row] < 0:
            phase.append(left)
        for op, values in chain:
            if op is Op.RZ and values[0].is_number and values[0].const == 0.0:
                continue
            out.append((row, op, values))
    if not out:
        return []
    where = np.array([row for row, _, _ in out], dtype=np.intp)
    angle = np.zeros((len(out), 3))
    exprs: dict[tuple[int, int], Expr] = {}
    for k, (_, _, values) in enumerate(out):
        for column, value in enumerate(values):
            if value.is_number:
                angle[k, column] = round(value.const, 13)
            else:
                exprs[k, column] = value
    return [
        NewRows(
            opcode=cast(NDArray[np.uint8], np.array([int(op) for _, op, _ in out], dtype=np.uint8)),
            qubits=singles(tape.qubits[where, 0]),
            region=where,
            angle=angle,
            exprs=exprs,
            like=where,
            inside=True,
        )
    ]
