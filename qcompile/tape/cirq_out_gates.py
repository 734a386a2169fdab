"""Tape rows as Cirq gates, exact: each maker returns a gate and the phase by which the row exceeds it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

import cirq
import sympy

from qcompile.tape.expr import Angle, Expr
from qcompile.tape.matrices import gate_matrix
from qcompile.tape.opcodes import Op

__all__ = ["MAKERS", "fixed_gates", "gate_of", "half_turns"]

_PI = math.pi


def half_turns(angle: Angle) -> Any:
    """Return radians as an exponent of Cirq."""
    if not isinstance(angle, Expr):
        return angle / _PI
    if angle.is_number:
        return angle.const / _PI
    if angle.program:
        return angle.to_sympy() / sympy.pi
    parts = [_turns(angle.const)] if angle.const else []
    return sympy.Add(*parts, *(_turns(factor) * sympy.Symbol(name) for name, factor in angle.terms))


def _turns(factor: float) -> Any:
    """Return a factor over pi, short where it was read from a short number of half-turns."""
    turns = round(factor / _PI, 12)
    if len(repr(turns)) <= 8 and abs(turns * _PI - factor) <= 4 * math.ulp(factor):
        return sympy.Integer(int(turns)) if turns.is_integer() else sympy.Float(turns, 17)
    whole = sympy.Integer(int(factor)) if factor.is_integer() else sympy.Float(factor, 17)
    return whole / sympy.pi


def _value(angle: Angle) -> Any:
    if isinstance(angle, Expr):
        return angle.const if angle.is_number else angle.to_sympy()
    return angle


def fixed_gates() -> dict[int, Any]:
    """Return the gates without angles, by code; SYC is Google's own when cirq_google is loaded."""
    google = sys.modules.get("cirq_google")
    return {
        Op.I: cirq.I,
        Op.X: cirq.X,
        Op.Y: cirq.Y,
        Op.Z: cirq.Z,
        Op.H: cirq.H,
        Op.S: cirq.S,
        Op.SDG: cirq.S**-1,
        Op.T: cirq.T,
        Op.TDG: cirq.T**-1,
        Op.SX: cirq.X**0.5,
        Op.SXDG: cirq.X**-0.5,
        Op.CX: cirq.CX,
        Op.CY: cirq.ControlledGate(cirq.Y),
        Op.CZ: cirq.CZ,
        Op.CH: cirq.ControlledGate(cirq.H),
        Op.SWAP: cirq.SWAP,
        Op.ISWAP: cirq.ISWAP,
        Op.ISWAPDG: cirq.ISWAP**-1,
        Op.SQISWAP: cirq.SQRT_ISWAP,
        Op.SQISWAPDG: cirq.SQRT_ISWAP_INV,
        Op.ECR: cirq.MatrixGate(gate_matrix(Op.ECR), name="ecr"),
        Op.SYC: google.SYC if google is not None else cirq.FSimGate(_PI / 2, _PI / 6),
        Op.CCX: cirq.CCX,
        Op.CCZ: cirq.CCZ,
        Op.CSWAP: cirq.CSWAP,
        Op.RESET: cirq.ResetChannel(),
    }


def _phxz(t: Sequence[Angle]) -> tuple[Any, Angle]:
    x, z, a = (half_turns(v) for v in t)
    return cirq.PhasedXZGate(x_exponent=x, z_exponent=z, axis_phase_exponent=a), 0.0


def _u3(t: Sequence[Angle]) -> tuple[Any, Angle]:
    # U3(t, p, l) = exp(-i t / 2) PHXZ(t, p + l, pi/2 - l)
    theta, phi, lam = t
    return _phxz((theta, phi + lam, _PI / 2 - lam))[0], theta * -0.5


def _controlled(make: Callable[[Any], Any]) -> Callable[[Sequence[Angle]], tuple[Any, Angle]]:
    return lambda t: (cirq.ControlledGate(make(_value(t[0]))), 0.0)


def _gpi(t: Sequence[Angle]) -> tuple[Any, Angle]:
    return cirq.PhasedXPowGate(phase_exponent=half_turns(t[0])), 0.0


def _gpi2(t: Sequence[Angle]) -> tuple[Any, Angle]:
    return cirq.PhasedXPowGate(phase_exponent=half_turns(t[0]), exponent=0.5, global_shift=-0.5), 0.0


MAKERS: dict[int, Callable[[Sequence[Angle]], tuple[Any, Angle]]] = {
    Op.RX: lambda t: (cirq.Rx(rads=_value(t[0])), 0.0),
    Op.RY: lambda t: (cirq.Ry(rads=_value(t[0])), 0.0),
    Op.RZ: lambda t: (cirq.Rz(rads=_value(t[0])), 0.0),
    Op.P: lambda t: (cirq.ZPowGate(exponent=half_turns(t[0])), 0.0),
    Op.U3: _u3,
    Op.PHXZ: _phxz,
    Op.GPI: _gpi,
    Op.GPI2: _gpi2,
    Op.CRX: _controlled(lambda t: cirq.Rx(rads=t)),
    Op.CRY: _controlled(lambda t: cirq.Ry(rads=t)),
    Op.CRZ: _controlled(lambda t: cirq.Rz(rads=t)),
    Op.CP: lambda t: (cirq.CZPowGate(exponent=half_turns(t[0])), 0.0),
    Op.RXX: lambda t: (cirq.XXPowGate(exponent=half_turns(t[0]), global_shift=-0.5), 0.0),
    Op.RYY: lambda t: (cirq.YYPowGate(exponent=half_turns(t[0]), global_shift=-0.5), 0.0),
    Op.RZZ: lambda t: (cirq.ZZPowGate(exponent=half_turns(t[0]), global_shift=-0.5), 0.0),
    Op.FSIM: lambda t: (cirq.FSimGate(_value(t[0]), _value(t[1])), 0.0),
}


def gate_of(op: Op, angles: Sequence[Angle], n_qubits: int) -> tuple[Any, Angle]:
    """Return (gate, phase): a row with angles, or of any width, is exp(i phase) times the gate.

    Raises:
        KeyError: The code has no gate of its own.
    """
    if op is Op.MCX:
        return (cirq.ControlledGate(cirq.X, num_controls=n_qubits - 1) if n_qubits > 1 else cirq.X), 0.0
    if op is Op.MCP:
        phase = cirq.ZPowGate(exponent=half_turns(angles[0]))
        return (cirq.ControlledGate(phase, num_controls=n_qubits - 1) if n_qubits > 1 else phase), 0.0
    return MAKERS[op](angles)
