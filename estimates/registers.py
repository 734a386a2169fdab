"""Register widths of the paper's three phases, eqs. 79, 81 and 83. All exact."""

from __future__ import annotations

from estimates.counts import Count
from qcompile.errors import InputError

__all__ = ["n_qubits_dev", "n_qubits_prod", "n_qubits_test"]

DEV_FLOOR = 8
PROD_FACTOR = 4


def n_qubits_dev(d_model: int, *, override: int | None = None) -> int:
    """Return eq. 79: qubits that hold `d_model` amplitudes, and at least 8.

    Args:
        override: Width to take instead of the floor of 8, for small test models; it must still hold the amplitudes.

    >>> [n_qubits_dev(d) for d in (256, 2048, 5120, 7168)]
    [8, 11, 13, 13]
    """
    if d_model < 1:
        raise InputError(f"is {d_model}", where="d_model", hint="use an integer from 1")
    needed = max(1, (d_model - 1).bit_length())  # ceil(log2(d_model)) without floating point
    if override is None:
        return max(DEV_FLOOR, needed)
    if override < needed:
        raise InputError(
            f"is {override}", where="qubits.override", hint=f"{d_model} amplitudes need at least {needed} qubits"
        )
    return override


def n_qubits_test(n_dev: Count, n_ancilla: Count = 1) -> Count:
    """Return eq. 81: two registers and ancillas; with one ancilla exactly a swap test's register."""
    return 2 * n_dev + n_ancilla


def n_qubits_prod(n_test: Count, k: Count = PROD_FACTOR) -> Count:
    """Return eq. 83: k test registers side by side, k at least 4 (k parallel swap tests)."""
    if isinstance(k, int) and k < PROD_FACTOR:
        raise InputError(f"is {k}", where="qubits.k", hint="eq. 83 asks for at least 4")
    return k * n_test
