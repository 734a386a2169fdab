"""Gate fidelity limits of the paper (82, 84), per gate class and for whole circuits."""

from __future__ import annotations

from typing import Literal

import numpy as np
from attrs import frozen

from qcompile.budget.verdict import Status
from qcompile.errors import InputError
from qcompile.target import Target

__all__ = [
    "PRODUCTION_FIDELITY",
    "TEST_FIDELITY",
    "GateClassLine",
    "average_fidelity",
    "circuit_fidelity",
    "gate_fidelity_lines",
    "process_fidelity",
]

TEST_FIDELITY = 0.99  # eq. 82
PRODUCTION_FIDELITY = 0.999  # eq. 84
Reading = Literal["average", "process"]


def average_fidelity(process_error: float, n_qubits: int) -> float:
    """Return 1 - r of a gate with process infidelity e_F: r = e_F d / (d + 1), d = 2^n.

    >>> round(average_fidelity(0.00344, 2), 5)
    0.99725
    """
    d = 1 << n_qubits
    return 1 - process_error * d / (d + 1)


def process_fidelity(average_error: float, n_qubits: int) -> float:
    """Return 1 - e_F of a gate with average infidelity r."""
    d = 1 << n_qubits
    return 1 - average_error * (d + 1) / d


def circuit_fidelity(gate_fidelity: float, n_gates: int) -> float:
    """Return the product over equal gates: what a per-gate limit leaves of a circuit.

    >>> round(circuit_fidelity(0.99, 150), 2), round(circuit_fidelity(0.999, 2150), 3)
    (0.22, 0.116)
    """
    if not 0 <= gate_fidelity <= 1:
        raise InputError(f"is {gate_fidelity}", where="gate_fidelity", hint="use a number from 0 to 1")
    return gate_fidelity**n_gates


@frozen(kw_only=True)
class GateClassLine:
    """One gate class against a per-gate limit.

    Attributes:
        gate: `one_qubit`, or the name of a native two-qubit gate.
        fidelity: Median over the machine in the chosen reading; None when unknown.
        limit: Least fidelity.
        status: pass, fail or unknown.
    """

    gate: str
    fidelity: float | None
    limit: float
    status: Status


def gate_fidelity_lines(target: Target, limit: float, *, reading: Reading = "average") -> tuple[GateClassLine, ...]:
    """Return eqs. 82 or 84 line by line: medians of each gate class of a machine, since the paper names none.

    Args:
        target: The machine.
        limit: `TEST_FIDELITY`, `PRODUCTION_FIDELITY`, or another.
        reading: State-average or process fidelity; the paper does not say which.
    """
    classes = [("one_qubit", 1, target.error_1q[target.enabled])]
    classes += [(gate.name, 2, gate.error[gate.available]) for gate in target.natives]
    lines = []
    for name, width, errors in classes:
        known = errors[~np.isnan(errors)]
        fidelity = None
        if known.size:
            error = float(np.median(known))
            fidelity = average_fidelity(error, width) if reading == "average" else 1 - error
        status = Status.UNKNOWN if fidelity is None else Status.PASS if fidelity >= limit else Status.FAIL
        lines.append(GateClassLine(gate=name, fidelity=fidelity, limit=limit, status=status))
    return tuple(lines)
