"""Relaxation and dephasing of waiting qubits, and what they leave of a reported gate error."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["residual_error", "thermal_error"]

FloatArray = NDArray[np.float64]


def thermal_error(t_s: ArrayLike, t1_s: ArrayLike, t2_s: ArrayLike) -> FloatArray:
    """Return e_F of one qubit that waits: (3 - exp(-t/T1) - 2 exp(-t/T2)) / 4, nan where a number is unknown.

    Times in seconds; shapes broadcast. A qubit that waits for no time has no error, known T1 and T2 or not.
    It is the entanglement infidelity of amplitude damping with pure dephasing, 1/T2 = 1/(2 T1) + 1/Tphi, the same as
    `cirq.qis.decoherence_pauli_error` and the thermal relaxation of Qiskit Aer.
    """
    t, t1, t2 = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (t_s, t1_s, t2_s)))
    # expm1 keeps what is left of short waits: 3 - e^-x - 2 e^-y = -expm1(-x) - 2 expm1(-y).
    error = (-np.expm1(-t / t1) - 2 * np.expm1(-t / t2)) / 4
    return np.asarray(np.where(t == 0, 0.0, error), np.float64)


def residual_error(error: ArrayLike, *thermal: ArrayLike) -> FloatArray:
    """Return what is left of a gate error after the decoherence of its own qubits: 1 - (1 - e) / prod(1 - e_th).

    Clamped at 0 where the reported error is below the T1, T2 limit. Where a thermal error is unknown, nothing of it is
    applied, so nothing is taken off.
    """
    survival = 1 - np.asarray(error, np.float64)
    for part in thermal:
        survival = survival / (1 - np.nan_to_num(np.asarray(part, np.float64)))
    return np.asarray(np.maximum(1 - survival, 0.0), np.float64)
