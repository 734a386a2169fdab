"""What every block means, by linear algebra alone: numpy and the IR, never a gate list.

A block acts on the columns of an array of shape [2**n, k], qubit 0 most significant, complex128, global phase kept.
Where only the image of all zeros is meant (preparations), the rest is completed by a Householder reflection; a
comparison under the block's contract does not look at it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.ir import Block, Dephasing, Readout, Sequence
from qcompile.ir.outcomes import outcome_distribution, outcome_value
from qcompile.verify import reference_blocks as _blocks
from qcompile.verify import reference_estimation as _estimation
from qcompile.verify import reference_states as _states
from qcompile.verify.reference_core import apply, reference

__all__ = [
    "reference",
    "reference_distribution",
    "reference_probabilities",
    "reference_state",
    "reference_superoperator",
    "reference_unitary",
    "reference_value",
]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]

# Importing a file of meanings registers them.
REGISTERED = (_blocks, _states, _estimation)


def reference_unitary(block: Block) -> Complex:
    """Return the unitary of a bound block, shape [2**n, 2**n].

    Raises:
        InputError: A size or parameter is free.
    """
    return apply(block, np.eye(2**block.width, dtype=np.complex128), False)


def reference_state(block: Block) -> Complex:
    """Return what a bound block makes of all zeros, shape [2**n]."""
    start = np.zeros((2**block.width, 1), dtype=np.complex128)
    start[0] = 1
    return apply(block, start, False)[:, 0]


def reference_probabilities(readout: Readout) -> Floats:
    """Return the probabilities of the measured bit strings, shape [2**len(measured)]."""
    n = readout.block.width
    p = np.abs(reference_state(readout.block)) ** 2
    rest = tuple(q for q in range(n) if q not in readout.measured)
    view = p.reshape([2] * n).transpose(*readout.measured, *rest)
    return np.asarray(view.reshape(2 ** len(readout.measured), -1).sum(axis=1))


def reference_distribution(readout: Readout) -> Floats:
    """Return the distribution that the readout's contract compares, see `qcompile.ir.outcomes`."""
    return outcome_distribution(readout, reference_probabilities(readout))


def reference_value(readout: Readout) -> Floats:
    """Return the readout's exact value."""
    return outcome_value(readout, reference_distribution(readout))


def reference_superoperator(block: Block) -> Complex:
    """Return the channel's matrix on row-major density matrices, shape [4**n, 4**n]: kron(U, conj U) of a unitary."""
    if isinstance(block, Dephasing):
        shrink = np.exp(-block.rate * block.time)
        return np.diag([1, shrink, shrink, 1]).astype(np.complex128)
    if isinstance(block, Sequence):
        out = np.eye(4**block.width, dtype=np.complex128)
        for part in block.blocks:
            out = reference_superoperator(part) @ out
        return out
    unitary = reference_unitary(block)
    return np.asarray(np.kron(unitary, unitary.conj()), dtype=np.complex128)
