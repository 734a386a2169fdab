"""Which Cirq gates are the native gates of a target."""

from __future__ import annotations

import math
from typing import Any

import cirq
import numpy as np

from qcompile.target.native import NativeGate
from qcompile.target.target import Target

__all__ = ["ECR", "is_one_qubit_native", "is_virtual", "matches", "native_gateset"]

#: Echoed cross resonance, (X I - Y X) / sqrt(2) with the first qubit as control. Cirq has no gate for it.
ECR = cirq.MatrixGate(
    (np.kron(cirq.unitary(cirq.X), np.eye(2)) - np.kron(cirq.unitary(cirq.Y), cirq.unitary(cirq.X))) / math.sqrt(2),
    name="ecr",
)
_SYC = cirq.FSimGate(math.pi / 2, math.pi / 6)

#: Exponents with which sx and x, or GPI2 and GPI, are played.
_PULSES = (0.0, 0.5, 1.0, 1.5)
_ATOL = 1e-9

_ANY_1Q = (cirq.PhasedXZGate, cirq.PhasedXPowGate, cirq.XPowGate, cirq.YPowGate, cirq.ZPowGate, cirq.IdentityGate)


def is_virtual(gate: cirq.Gate, target: Target) -> bool:
    """Return whether the gate is done in software: Z rotations where they are virtual, identities and waits."""
    if isinstance(gate, cirq.IdentityGate):
        return True
    return target.virtual_z and isinstance(gate, cirq.ZPowGate) and not isinstance(gate, cirq.WaitGate)


def is_one_qubit_native(gate: cirq.Gate, target: Target) -> bool:
    """Return whether the one-qubit gate belongs to the target's set, global phase aside."""
    if isinstance(gate, cirq.ZPowGate | cirq.IdentityGate):
        return True
    if target.one_qubit == "phxz":
        return isinstance(gate, _ANY_1Q)
    if target.one_qubit == "zsx":
        return isinstance(gate, cirq.XPowGate) and _is_pulse(gate.exponent)
    return isinstance(gate, cirq.XPowGate | cirq.YPowGate | cirq.PhasedXPowGate) and _is_pulse(gate.exponent)


def _is_pulse(exponent: Any) -> bool:
    if cirq.is_parameterized(exponent):
        return False
    return any(abs(float(exponent) % 2 - pulse) < _ATOL for pulse in (*_PULSES, 2.0))


def matches(gate: cirq.Gate, native: NativeGate) -> bool:
    """Return whether a two-qubit Cirq gate is the native one, global phase aside.

    The inverse of sqrt-iSWAP counts as sqrt-iSWAP, from which it differs by Z on one qubit before and after. An angle
    that is still a symbol passes.
    """
    if native.parametric:
        return _matches_angle(gate, native)
    if cirq.num_qubits(gate) != 2 or cirq.is_parameterized(gate) or not cirq.has_unitary(gate):
        return False
    unitary = cirq.unitary(gate)
    return any(cirq.allclose_up_to_global_phase(unitary, cirq.unitary(own), atol=1e-8) for own in _fixed(native.name))


def _fixed(name: str) -> tuple[cirq.Gate, ...]:
    return {
        "cz": (cirq.CZ,),
        "cx": (cirq.CNOT,),
        "ecr": (ECR,),
        "iswap": (cirq.ISWAP,),
        "sqrtiswap": (cirq.SQRT_ISWAP, cirq.SQRT_ISWAP_INV),
        "syc": (_SYC,),
    }[name]


def _matches_angle(gate: cirq.Gate, native: NativeGate) -> bool:
    if native.name == "fsim":
        return isinstance(gate, cirq.FSimGate)
    family = cirq.ZZPowGate if native.name == "rzz" else cirq.XXPowGate
    if not isinstance(gate, family):
        return False
    if cirq.is_parameterized(gate):
        return True
    # ZZ**s is exp(-i (pi s) ZZ / 2) up to phase, and its angle matters modulo 2 pi only.
    angle = math.pi * float(gate.exponent)
    return any(native.allows_angle(angle + turn, atol=1e-9) for turn in (0.0, 2 * math.pi, -2 * math.pi))


def native_gateset(target: Target) -> cirq.Gateset:
    """Return the gates of a target as a Cirq gateset."""
    one_qubit: tuple[Any, ...]
    if target.one_qubit == "phxz":
        one_qubit = _ANY_1Q
    elif target.one_qubit == "zsx":
        one_qubit = (cirq.ZPowGate, cirq.X, cirq.X**0.5, cirq.X**-0.5, cirq.IdentityGate)
    else:
        one_qubit = (cirq.ZPowGate, cirq.PhasedXPowGate, cirq.X, cirq.Y, cirq.X**0.5, cirq.Y**0.5, cirq.IdentityGate)
    two_qubit: list[Any] = []
    for native in target.natives:
        if native.parametric:
            two_qubit.append({"rzz": cirq.ZZPowGate, "rxx": cirq.XXPowGate, "fsim": cirq.FSimGate}[native.name])
        else:
            two_qubit.extend(_fixed(native.name))
    return cirq.Gateset(
        *one_qubit, *two_qubit, cirq.MeasurementGate, cirq.ResetChannel, cirq.GlobalPhaseGate, name=target.name
    )
