"""A symbolic global phase spread over gates that can carry it, for Cirq cannot draw one that stands alone."""

from __future__ import annotations

from typing import Any

import cirq
import numpy as np

from qcompile.tape.expr import Expr
from qcompile.tape.opcodes import Op
from qcompile.tape.tape import Tape

__all__ = ["CARRIERS", "absorb_phase"]

# Gates of Cirq with a `global_shift` s, which adds the phase s times the angle; and the shift of the row's own matrix.
CARRIERS: dict[int, tuple[Any, float]] = {
    Op.RX: (cirq.XPowGate, -0.5),
    Op.RY: (cirq.YPowGate, -0.5),
    Op.RZ: (cirq.ZPowGate, -0.5),
    Op.P: (cirq.ZPowGate, 0.0),
    Op.CP: (cirq.CZPowGate, 0.0),
    Op.RXX: (cirq.XXPowGate, -0.5),
    Op.RYY: (cirq.YYPowGate, -0.5),
    Op.RZZ: (cirq.ZZPowGate, -0.5),
}
_ATOL = 1e-14


def absorb_phase(tape: Tape, phase: Expr) -> tuple[dict[int, float], Expr]:
    """Return the global shift of each row that takes part of a symbolic phase, and the phase that is left.

    First `R(t)` becomes the power `exp(i t / 2) R(t)` wherever that brings the phase nearer to zero, which undoes what
    reading powers from Cirq did; then the last row that holds one parameter takes what is left of it.
    """
    if phase.is_number or phase.program:
        return {}, phase
    left = dict(phase.terms)
    const, shifts = phase.const, dict[int, float]()
    last: dict[str, tuple[int, float, float]] = {}
    usable = tape.is_symbolic & (tape.condition < 0) & np.isin(tape.opcode, list(CARRIERS))
    for row in (int(r) for r in np.flatnonzero(usable)):
        angle = Expr.of(tape.angles_of(row)[0])
        if len(angle.terms) != 1 or angle.program or angle.terms[0][0] not in left:
            continue
        (name, factor), own = angle.terms[0], CARRIERS[int(tape.opcode[row])][1]
        last[name] = (row, factor, angle.const)
        if own and abs(left[name] - factor / 2) < abs(left[name]) - _ATOL:
            shifts[row] = 0.0
            left[name] -= factor / 2
            const -= angle.const / 2
    for name, (row, factor, offset) in last.items():
        if abs(left[name]) > _ATOL:
            share = left[name] / factor
            shifts[row] = shifts.get(row, CARRIERS[int(tape.opcode[row])][1]) + share
            const -= share * offset
        del left[name]
    return shifts, Expr(const, tuple(left.items()))
