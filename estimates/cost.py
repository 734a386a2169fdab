"""The paper's cost model, eqs. 46 and 107-110, recomputed from its own inputs. Amounts are US dollars.

There is no line for quantum hardware in it, and its total of 6.0e6 matches no published breakdown; what can be checked
is the arithmetic, and which inputs the printed results would need.
"""

from __future__ import annotations

from attrs import frozen

from qcompile.errors import InputError

__all__ = [
    "PRINTED",
    "PrintedCosts",
    "efficiency_ratio",
    "energy_cost",
    "energy_ratio_needed",
    "hardware_cost",
    "infrastructure_cost",
    "qubits_needed",
    "reduction",
    "speed_ratio_needed",
    "total_cost",
]


@frozen(kw_only=True)
class PrintedCosts:
    """The figures of section 12 as printed: the classical split and what the equations say of it."""

    hardware: float = 4.2e6
    energy: float = 1.2e6
    infrastructure: float = 0.6e6
    new_hardware: float = 1.05e6
    new_energy: float = 0.3e6
    new_infrastructure: float = 0.15e6
    quantum_s: float = 0.044
    classical_s: float = 0.252
    efficiency: float = 0.95

    @property
    def classical(self) -> float:
        """Sum of the classical split."""
        return self.hardware + self.energy + self.infrastructure


PRINTED = PrintedCosts()


def efficiency_ratio(quantum_cost: float, classical_cost: float) -> float:
    """Return eq. 46, the ratio of costs; the paper's 0.95 contradicts its own 0.25 of eq. 110."""
    return quantum_cost / _positive(classical_cost, "classical_cost")


def hardware_cost(classical: float, n_qubits: float, n_params: float) -> float:
    """Return eq. 107: classical cost times qubits per parameter.

    100 qubits for 671e9 parameters leave 0.0006 dollars of 4.2e6; a qubit is taken to cost what a parameter costs.
    """
    return classical * n_qubits / _positive(n_params, "n_params")


def qubits_needed(result: float, classical: float, n_params: float) -> float:
    """Return the qubits at which eq. 107 gives `result`."""
    return result / _positive(classical, "classical") * n_params


def energy_cost(classical: float, quantum_s: float, classical_s: float) -> float:
    """Return eq. 108: classical cost times the squared ratio of times.

    A quadratic speed-up would be T_q = sqrt(T_c), not a squared ratio.
    """
    return classical * (quantum_s / _positive(classical_s, "classical_s")) ** 2


def energy_ratio_needed(result: float, classical: float) -> float:
    """Return the ratio of times at which eq. 108 gives `result`."""
    return float((result / _positive(classical, "classical")) ** 0.5)


def infrastructure_cost(classical: float, quantum_size: float, classical_size: float) -> float:
    """Return eq. 109: classical cost times a ratio of sizes that the paper does not define.

    Read as the factor of eq. 52 the law is upside down: a larger speed-up would cost more.
    """
    return classical * quantum_size / _positive(classical_size, "classical_size")


def speed_ratio_needed(result: float, classical: float) -> float:
    """Return the ratio of sizes at which eq. 109 gives `result`."""
    return result / _positive(classical, "classical")


def total_cost(
    hardware: float, energy: float, infrastructure: float, *, quantum_hardware: float | None = 0.0
) -> float | None:
    """Return eq. 110: the sum. None when the cost of quantum hardware is unknown (None), which the paper leaves out."""
    return None if quantum_hardware is None else hardware + energy + infrastructure + quantum_hardware


def reduction(new: float, old: float) -> float:
    """Return the part saved, 0.75 for eq. 110."""
    return 1.0 - new / _positive(old, "old")


def _positive(value: float, where: str) -> float:
    if not value > 0:
        raise InputError(f"is {value}", where=where, hint="use a number above 0")
    return value
