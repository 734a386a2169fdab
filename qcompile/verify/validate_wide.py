"""Regions on more than three qubits: Clifford gates and Pauli rotations, compared by Pauli tables.

stub
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.tape import Tape

__all__ = ["WideOutcome", "compare_wide"]


@frozen(eq=False)
class WideOutcome:
    reason: str
    error: float = 0.0
    phases: NDArray[np.float64] = np.zeros(2)


def compare_wide(old: Tape, rows: NDArray[np.intp], new: Tape, others: NDArray[np.intp], names: Sequence[str], points: NDArray[np.float64]) -> WideOutcome:
    return WideOutcome("cannot be compared")
