"""Cirq gates as tape rows, one function a family, global phase exact.

Each function returns `(phase, rows)`: the gate equals exp(i phase) times its rows in order, a row being
`(code, local qubits, angles)` or, for MAT1 to MAT3, `(code, local qubits, matrix)`.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import cirq
import numpy as np
import sympy

from qcompile.errors import InputError
from qcompile.tape.expr import Angle, Expr
from qcompile.tape.matrices import gate_matrix
from qcompile.tape.opcodes import Op

__all__ = ["Piece", "Row", "handler_of"]

Row = tuple[int, tuple[int, ...], Any]
Piece = tuple[Angle, tuple[Row, ...]]
Handler = Callable[[Any], Piece | None]

_PI = math.pi
_A, _AB, _ABC = (0,), (0, 1), (0, 1, 2)
_NONE: tuple[Angle, ...] = ()


def turned(exponent: Any) -> Angle:
    """Return `exponent` half-turns in radians."""
    return float(exponent) * _PI if isinstance(exponent, int | float) else _turned_other(exponent)


def radians(value: Any) -> Angle:
    """Return an angle that Cirq holds in radians."""
    return float(value) if isinstance(value, int | float) else _radians_other(value)


def _turned_other(value: Any) -> Angle:
    if isinstance(value, sympy.Basic):
        return _symbolic(value * sympy.pi)  # the product with pi is done by sympy, so that t/pi comes back as t
    return float(value) * _PI


def _radians_other(value: Any) -> Angle:
    return _symbolic(value) if isinstance(value, sympy.Basic) else float(value)


@lru_cache(maxsize=4096)
def _symbolic(value: sympy.Basic) -> Expr:
    return Expr.from_sympy(value)


def phase_of(coefficient: Any) -> Angle:
    """Return the angle of a unit complex number, or of a product of symbolic exponentials.

    Raises:
        InputError: The angle of a symbolic coefficient cannot be read off.
    """
    if not isinstance(coefficient, sympy.Basic):
        return cmath.phase(complex(coefficient))
    if coefficient.is_number:
        return cmath.phase(complex(coefficient))
    if coefficient.is_Mul:
        return Expr.total(phase_of(arg) for arg in coefficient.args)
    if isinstance(coefficient, sympy.exp):
        return Expr.from_sympy(sympy.expand(coefficient.args[0] / sympy.I))
    if coefficient.is_Pow and coefficient.base.is_number:
        return Expr.from_sympy(coefficient.exp) * phase_of(coefficient.base)
    raise InputError(
        f"is {coefficient}", where="global phase", hint="write a symbolic phase as sympy.exp(sympy.I * angle)"
    )


def _power(quarters: dict[float, Op], code: Op, axis_phase: float) -> Handler:
    """Return the handler of a Pauli power: exp(i pi t (shift + axis_phase)) R(pi t), or a named gate."""

    def handle(gate: Any) -> Piece:
        t, shift = gate._exponent, gate._global_shift
        if shift != -0.5 and isinstance(t, int | float) and t in quarters:
            return (shift * t * _PI if shift else 0.0), ((quarters[t], _QUBITS[code], _NONE),)
        angle = turned(t)
        total = shift + axis_phase
        return (total * angle if total else 0.0), ((code, _QUBITS[code], (angle,)),)

    return handle


_QUBITS = {Op.RX: _A, Op.RY: _A, Op.RXX: _AB, Op.RYY: _AB, Op.RZZ: _AB}
_x_power = _power({1.0: Op.X, -1.0: Op.X, 0.5: Op.SX, -0.5: Op.SXDG}, Op.RX, 0.5)
_y_power = _power({1.0: Op.Y, -1.0: Op.Y}, Op.RY, 0.5)
_xx_power, _yy_power, _zz_power = (_power({}, code, 0.5) for code in (Op.RXX, Op.RYY, Op.RZZ))
_Z_QUARTERS = {1.0: Op.Z, -1.0: Op.Z, 0.5: Op.S, -0.5: Op.SDG, 0.25: Op.T, -0.25: Op.TDG}


def _z_power(gate: Any) -> Piece:
    t, shift = gate._exponent, gate._global_shift
    if shift == -0.5:
        return 0.0, ((Op.RZ, _A, (turned(t),)),)
    if isinstance(t, int | float) and t in _Z_QUARTERS:
        return (shift * t * _PI if shift else 0.0), ((_Z_QUARTERS[t], _A, _NONE),)
    angle = turned(t)
    return (shift * angle if shift else 0.0), ((Op.P, _A, (angle,)),)


def _rotation(code: Op) -> Handler:
    return lambda gate: (0.0, ((code, _A, (radians(gate._rads),)),))


def _is_odd(t: Any) -> bool:
    return isinstance(t, int | float) and t % 2 == 1


def _h_power(gate: Any) -> Piece:
    t, shift = gate._exponent, gate._global_shift
    if _is_odd(t):
        return turned(t) * shift, ((Op.H, _A, _NONE),)
    # H = RY(pi/4) Z RY(-pi/4)
    angle = turned(t)
    rows = ((Op.RY, _A, (-_PI / 4,)), (Op.P, _A, (angle,)), (Op.RY, _A, (_PI / 4,)))
    return angle * shift, rows


def _cx_power(gate: Any) -> Piece:
    t, shift = gate._exponent, gate._global_shift
    if _is_odd(t):
        return (turned(t) * shift if shift else 0.0), ((Op.CX, _AB, _NONE),)
    angle = turned(t)
    return angle * shift, ((Op.CRX, _AB, (angle,)), (Op.P, _A, (angle * 0.5,)))


def _cy_power(gate: Any) -> Piece:
    t, shift = gate._exponent, gate._global_shift
    if _is_odd(t):
        return turned(t) * shift, ((Op.CY, _AB, _NONE),)
    angle = turned(t)
    return angle * shift, ((Op.CRY, _AB, (angle,)), (Op.P, _A, (angle * 0.5,)))


def _cz_power(gate: Any) -> Piece:
    t, shift = gate._exponent, gate._global_shift
    if _is_odd(t):
        return (turned(t) * shift if shift else 0.0), ((Op.CZ, _AB, _NONE),)
    angle = turned(t)
    return angle * shift, ((Op.CP, _AB, (angle,)),)


def _swap_power(gate: Any) -> Piece:
    t, shift = gate._exponent, gate._global_shift
    angle = turned(t)
    if _is_odd(t):
        return angle * shift, ((Op.SWAP, _AB, _NONE),)
    # SWAP = (1 + XX + YY + ZZ) / 2, so SWAP^t = exp(i pi t / 4) exp(-i pi t (XX + YY) / 4) exp(-i pi t ZZ / 4)
    half = angle * 0.5
    return angle * (shift + 0.25), ((Op.FSIM, _AB, (half, 0.0)), (Op.RZZ, _AB, (half,)))


_ISWAPS = {1.0: Op.ISWAP, -1.0: Op.ISWAPDG, 0.5: Op.SQISWAP, -0.5: Op.SQISWAPDG}


def _iswap_row(t: Any) -> Row:
    if isinstance(t, int | float) and t in _ISWAPS:
        return (_ISWAPS[t], _AB, _NONE)
    return (Op.FSIM, _AB, (turned(t) * -0.5, 0.0))


def _iswap_power(gate: Any) -> Piece:
    return turned(gate._exponent) * gate._global_shift, (_iswap_row(gate._exponent),)


def _phased_iswap(gate: Any) -> Piece:
    # (Z^-p x Z^p) ISWAP^t (Z^p x Z^-p)
    p = turned(gate.phase_exponent)
    rows = (
        (Op.P, _A, (p,)),
        (Op.P, (1,), (-p,)),
        _iswap_row(gate._exponent),
        (Op.P, _A, (-p,)),
        (Op.P, (1,), (p,)),
    )
    return turned(gate._exponent) * gate._global_shift, rows


def _phased_x(gate: Any) -> Piece:
    x = turned(gate.exponent)
    return x * gate.global_shift, ((Op.PHXZ, _A, (x, 0.0, turned(gate.phase_exponent))),)


def _phased_xz(gate: Any) -> Piece:
    angles = (turned(gate._x_exponent), turned(gate._z_exponent), turned(gate._axis_phase_exponent))
    return 0.0, ((Op.PHXZ, _A, angles),)


def _fsim(gate: Any) -> Piece:
    theta, phi = gate.theta, gate.phi
    if isinstance(theta, float) and theta == _PI / 2 and isinstance(phi, float) and phi == _PI / 6:
        return 0.0, ((Op.SYC, _AB, _NONE),)
    return 0.0, ((Op.FSIM, _AB, (radians(theta), radians(phi))),)


def _ccx_power(gate: Any) -> Piece:
    t, shift = gate._exponent, gate._global_shift
    angle = turned(t)
    if _is_odd(t):
        return angle * shift, ((Op.CCX, _ABC, _NONE),)
    return angle * shift, ((Op.H, (2,), _NONE), (Op.MCP, _ABC, (angle,)), (Op.H, (2,), _NONE))


def _ccz_power(gate: Any) -> Piece:
    t, shift = gate._exponent, gate._global_shift
    angle = turned(t)
    return angle * shift, ((Op.CCZ, _ABC, _NONE) if _is_odd(t) else (Op.MCP, _ABC, (angle,)),)


def _identity(gate: Any) -> Piece:
    return 0.0, tuple((Op.I, (k,), _NONE) for k in range(len(cirq.qid_shape(gate))))


def _global_phase(gate: Any) -> Piece:
    return phase_of(gate.coefficient), ()


def _matrix(gate: Any) -> Piece | None:
    """Return a gate on one to three qubits as its matrix, or None when it is wider or symbolic."""
    n = cirq.num_qubits(gate)
    if not 1 <= n <= 3:
        return None
    matrix = cirq.unitary(gate, None)
    if matrix is None:
        return None
    if n == 2 and getattr(gate, "_name", None) == "ecr" and np.array_equal(matrix, gate_matrix(Op.ECR)):
        return 0.0, ((Op.ECR, _AB, _NONE),)  # written so by to_cirq
    return 0.0, (((Op.MAT1, Op.MAT2, Op.MAT3)[n - 1], _ABC[:n], np.asarray(matrix, dtype=np.complex128)),)


def _kind(gate: Any) -> type[Any]:
    return type(gate)


HANDLERS: dict[type[Any], Handler] = {
    cirq.XPowGate: _x_power,
    _kind(cirq.X): _x_power,
    cirq.Rx: _rotation(Op.RX),
    cirq.YPowGate: _y_power,
    _kind(cirq.Y): _y_power,
    cirq.Ry: _rotation(Op.RY),
    cirq.ZPowGate: _z_power,
    _kind(cirq.Z): _z_power,
    cirq.Rz: _rotation(Op.RZ),
    cirq.HPowGate: _h_power,
    cirq.CXPowGate: _cx_power,
    cirq.CZPowGate: _cz_power,
    cirq.SwapPowGate: _swap_power,
    cirq.ISwapPowGate: _iswap_power,
    cirq.XXPowGate: _xx_power,
    cirq.MSGate: _xx_power,
    cirq.YYPowGate: _yy_power,
    cirq.ZZPowGate: _zz_power,
    cirq.PhasedXPowGate: _phased_x,
    cirq.PhasedXZGate: _phased_xz,
    cirq.PhasedISwapPowGate: _phased_iswap,
    cirq.FSimGate: _fsim,
    cirq.PhasedFSimGate: _matrix,
    cirq.CCXPowGate: _ccx_power,
    cirq.CCZPowGate: _ccz_power,
    cirq.CSwapGate: lambda gate: (0.0, ((Op.CSWAP, _ABC, _NONE),)),
    cirq.IdentityGate: _identity,
    cirq.GlobalPhaseGate: _global_phase,
    cirq.MatrixGate: _matrix,
    cirq.DiagonalGate: _matrix,
    cirq.TwoQubitDiagonalGate: _matrix,
    cirq.ThreeQubitDiagonalGate: _matrix,
    cirq.ResetChannel: lambda gate: (0.0, ((Op.RESET, _A, _NONE),)),
}
if hasattr(cirq, "CYPowGate"):  # younger than the oldest Cirq that is supported
    HANDLERS[cirq.CYPowGate] = _cy_power


def handler_of(kind: type[Any]) -> Handler | None:
    """Return the handler of a class of gates, if it has one.

    Only exact classes count, for a subclass may mean something else; but Google's SYC is known without its package.
    """
    found = HANDLERS.get(kind)
    if found is None and issubclass(kind, cirq.FSimGate) and kind.__module__.startswith("cirq_google."):
        return _fsim
    return found
