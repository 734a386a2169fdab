"""States prepared within a stated infidelity: Schmidt spectra cut off where the data allow it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from qcompile.errors import InputError
from qcompile.synthesis.state_preparation import normalised_state, prepare_state
from qcompile.tape import Tape

__all__ = ["ApproximateState", "prepare_approximate", "truncated"]

ComplexArray = npt.NDArray[np.complex128]


@frozen(eq=False)
class ApproximateState:
    """A preparation and how close it comes.

    Attributes:
        tape: The circuit.
        fidelity: |<wanted|prepared>|^2 of the circuit's exact output.
        bond: Largest number of Schmidt coefficients kept at any cut of the chain of qubits; 0 when nothing was cut.
    """

    tape: Tape
    fidelity: float
    bond: int


def truncated(state: ComplexArray, weight: float) -> tuple[ComplexArray, int]:
    """Return the normalised state after dropping Schmidt coefficients at each cut, and the most that were kept at one.

    Args:
        state: Unit vector of 2^n amplitudes.
        weight: Squared norm that may be dropped at each cut; as many coefficients as fit go, down to a power of two.

    The phase is turned so that the overlap with `state` is real and positive.
    """
    n = state.size.bit_length() - 1
    rest, tensors, bond = state.reshape(-1, 1), [], 1
    for _ in range(n - 1):
        left, values, right = np.linalg.svd(rest.reshape(rest.shape[0] // 2, -1), full_matrices=False)
        kept = 1
        while kept < values.size and (values[kept:] ** 2).sum() > weight + 1e-28:
            kept *= 2
        bond = max(bond, min(kept, values.size))
        tensors.append(right[:kept])
        rest = left[:, :kept] * values[:kept]
    out = rest.reshape(2, -1)
    for right in reversed(tensors):
        out = (out @ right).reshape(out.shape[0] * 2, -1)
    vector = out.reshape(-1)
    overlap = np.vdot(vector, state)
    return np.asarray(vector * (overlap / abs(overlap)) / np.linalg.norm(vector), dtype=np.complex128), bond


def prepare_approximate(vector: npt.ArrayLike, infidelity: float) -> ApproximateState:
    """Return the cheapest preparation found whose fidelity is at least 1 - infidelity.

    Schmidt coefficients are dropped at every cut of the chain of qubits, at each as much as the whole allowance, half
    of it, a quarter and so on; what is left is prepared by its cheapest exact method. The exact state is the last
    resort.

    Raises:
        InputError: `infidelity` is not in [0, 1), or the vector is unusable.

    >>> prepare_approximate([1, 0.01, 0.01, -0.02], 1e-3).tape.is_two_qubit.sum()
    np.int64(0)
    """
    if not 0 <= infidelity < 1:
        raise InputError(f"is {infidelity}", where="infidelity", hint="use a number from 0 to below 1")
    state = normalised_state(vector)
    n = state.size.bit_length() - 1
    tape, fidelity, bond = prepare_state(state), 1.0, 0
    weight = infidelity
    while n > 1 and weight > infidelity / (2 * n):
        near, kept = truncated(state, weight)
        reached = float(abs(np.vdot(near, state)) ** 2)
        if reached >= 1 - infidelity:
            candidate = prepare_state(near)
            if candidate.is_two_qubit.sum() < tape.is_two_qubit.sum():
                tape, fidelity, bond = candidate, min(reached, 1.0), kept
        weight *= 0.5
    return ApproximateState(tape, fidelity, bond)
