"""States prepared within a stated infidelity: Schmidt spectra cut off where the data allow it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from qcompile.errors import InputError
from qcompile.ir.truncation import truncated
from qcompile.synthesis.state_preparation import normalised_state, prepare_state
from qcompile.tape import Tape

__all__ = ["ApproximateState", "prepare_approximate"]

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
