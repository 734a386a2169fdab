"""Error rates that say what they measure, and their conversions.

With d = 2^n and e_F the process (entanglement) infidelity, which equals the total Pauli error after twirling:

    average infidelity   r = e_F d / (d + 1)
    depolarizing         lambda = e_F / (1 - 1/d^2),   rho -> (1 - lambda) rho + lambda I/d

so that e_F is 3/2 r or 3/4 lambda for one qubit, 5/4 r or 15/16 lambda for two (Nielsen 2002; Magesan et al. 2012).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from qcompile.errors import InputError

__all__ = ["Convention", "ErrorKind", "ErrorRate", "Metric", "Scope", "largest_value", "pauli_error"]

Metric = Literal["average_gate_infidelity", "pauli_error", "depolarizing_lambda", "diamond_distance"]
Scope = Literal["isolated", "simultaneous", "layered", "per_cycle"]
Convention = Literal["stated", "assumed"]


def pauli_error(value: float, metric: Metric, num_qubits: int) -> float | None:
    """Return the process infidelity e_F behind a reported number; None for a diamond distance, which does not fix it.

    >>> round(pauli_error(0.002, "average_gate_infidelity", 2), 6)
    0.0025
    """
    d = float(2**num_qubits)
    if metric == "pauli_error":
        return value
    if metric == "average_gate_infidelity":
        return value * (d + 1) / d
    if metric == "depolarizing_lambda":
        return value * (1 - 1 / (d * d))
    return None


def largest_value(metric: Metric, num_qubits: int) -> float:
    """Return the largest number that the metric can take on any channel (lambda = d^2 / (d^2 - 1) has e_F = 1)."""
    d = float(2**num_qubits)
    if metric == "average_gate_infidelity":
        return d / (d + 1)
    if metric == "depolarizing_lambda":
        return d * d / (d * d - 1)
    return 1.0


class ErrorKind(BaseModel):
    """What an error figure measures.

    Attributes:
        metric: Which of the quantities above.
        num_qubits: Arity n of the gate.
        scope: Measured alone, with the neighbours busy, per benchmark layer, or per cycle with one-qubit gates inside.
        parallel: For `per_cycle`, whether neighbours were busy; None when it was not said.
        includes_decoherence: Whether T1 and T2 of its own qubits during the gate are inside the number.
        complement: Whether the figure is a fidelity, that is 1 - error.
        convention: Whether the source states the metric, or it was assumed here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    metric: Metric
    num_qubits: int = Field(ge=1, le=3)
    scope: Scope = "isolated"
    parallel: bool | None = None
    includes_decoherence: bool = True
    complement: bool = False
    convention: Convention = "stated"

    def error_of(self, value: float) -> float:
        """Return the error that a figure states, itself or as a fidelity. Fidelities are decimals, and stay ones."""
        return round(1 - value, 12) if self.complement else value

    def rate(self, value: float, *, std_err: float | None = None) -> ErrorRate:
        """Return the figure `value` as an error rate."""
        shared = self.model_dump(exclude={"complement"})
        return ErrorRate(value=self.error_of(value), std_err=std_err, **shared)

    def pauli(self, value: float) -> float | None:
        """Return e_F of the figure `value`."""
        return pauli_error(self.error_of(value), self.metric, self.num_qubits)


class ErrorRate(BaseModel):
    """An error with its metric, arity and scope.

    Raises:
        InputError: The value is outside what the metric can take.

    >>> ErrorRate(value=0.001, metric="pauli_error", num_qubits=2).average
    0.0008
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    value: float
    metric: Metric
    num_qubits: int = Field(ge=1, le=3)
    scope: Scope = "isolated"
    parallel: bool | None = None
    includes_decoherence: bool = True
    convention: Convention = "stated"
    std_err: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _in_range(self) -> ErrorRate:
        top = largest_value(self.metric, self.num_qubits)
        if not 0 <= self.value <= top:
            hint = f"use a number from 0 to {top:.4g} for {self.metric} of {self.num_qubits} qubits"
            raise InputError(f"is {self.value!r}", where="error rate", hint=hint)
        return self

    @property
    def pauli(self) -> float | None:
        """Process (entanglement) infidelity e_F, the total Pauli error."""
        return pauli_error(self.value, self.metric, self.num_qubits)

    @property
    def average(self) -> float | None:
        """Average gate infidelity r."""
        if self.metric == "average_gate_infidelity":
            return self.value
        d = float(2**self.num_qubits)
        return None if self.pauli is None else self.pauli * d / (d + 1)

    @property
    def depolarizing(self) -> float | None:
        """Depolarizing lambda of rho -> (1 - lambda) rho + lambda I/d."""
        if self.metric == "depolarizing_lambda":
            return self.value
        d = float(2**self.num_qubits)
        return None if self.pauli is None else self.pauli / (1 - 1 / (d * d))
