"""A few orthonormal columns as a circuit: what it does to other inputs is left open."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.errors import InputError
from qcompile.synthesis.shannon import add_isometry
from qcompile.synthesis.state_preparation import prepare_state
from qcompile.tape import Tape, TapeBuilder

__all__ = ["isometry"]


def isometry(columns: npt.ArrayLike) -> Tape:
    """Return a tape on k qubits that maps |0...0>|i> to columns[:, i], phase included, i on the last m qubits.

    One column is a state, prepared its cheapest way; more are the columns of a unitary by Shannon synthesis, in which
    what meets a zero is left out.

    Args:
        columns: `complex128[2^k, 2^m]`, orthonormal within 1e-8.

    Raises:
        InputError: The shape is another, or the columns are not orthonormal.
    """
    array = np.asarray(columns, dtype=np.complex128)
    if array.ndim != 2 or any(size == 0 or size & (size - 1) for size in array.shape) or array.shape[0] < 2:
        raise InputError(f"has shape {array.shape}", where="isometry", hint="use 2^k rows and 2^m columns")
    gram = array.conj().T @ array
    if not np.isfinite(array).all() or np.abs(gram - np.eye(len(gram))).max() > 1e-8:
        raise InputError("has no orthonormal columns", where="isometry", hint="orthonormalise them within 1e-8")
    if array.shape[1] == 1:
        return prepare_state(array[:, 0])
    k = array.shape[0].bit_length() - 1
    builder = TapeBuilder(k)
    add_isometry(builder, array, range(k), free=False)
    return builder.build()
