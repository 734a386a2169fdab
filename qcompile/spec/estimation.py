"""Squared overlaps read by amplitude estimation (Algorithm 1), and the consent to know them beforehand."""

from __future__ import annotations

import math

from qcompile.errors import InputError
from qcompile.ir import AmplitudeEstimation, Block, Post, Readout, Size, sequence
from qcompile.ir.amplitudes import good_probability
from qcompile.ir.rules.estimation import MOST_STATE_QUBITS
from qcompile.spec.sections import ReadoutSection

__all__ = ["estimation_readout", "median_shots", "phase_qubits_for"]

_MOST_PHASE = 16
_SURE = 8 / math.pi**2  # least probability that one run is within the error (Brassard et al. 2000, theorem 12)


def phase_qubits_for(error: float) -> int:
    """Return m with pi / 2^m + pi^2 / 4^m at most an error: the bound at the worst amplitude, 1/2.

    Raises:
        InputError: It would take more than 16.
    """
    for m in range(1, _MOST_PHASE + 1):
        if math.pi / 2**m + math.pi**2 / 4**m <= error:
            return m
    raise InputError(f"is {error}", where="error", hint=f"{_MOST_PHASE} phase qubits reach 1e-4")


def median_shots(delta: float) -> int:
    """Return runs whose median is off by more than the error with probability at most delta (Hoeffding)."""
    return math.ceil(math.log(1 / delta) / (2 * (_SURE - 0.5) ** 2))


def estimation_readout(
    name: str, section: ReadoutSection, one: Block, unitary: Block, two: Block, *, runs: Size, delta: float, note: str
) -> Readout:
    """Return the readout of abs(<two; U; one>)^2 by amplitude estimation: all zeros are the good state.

    Raises:
        InputError: `precompute: eigenbasis` for more than 4 state qubits, free symbols or data that are not known.
    """
    overlap = sequence(one, unitary, two.adjoint())
    n = overlap.width
    good = tuple((q, 0) for q in range(n))
    m = section.phase_qubits or phase_qubits_for(section.error or 1.0)
    if section.precompute:
        _may_precompute(name, overlap, good)
    shots = section.shots if section.error is None else median_shots(delta)
    return Readout(
        name,
        AmplitudeEstimation(overlap, good, m),
        range(m),
        Post.DISTRIBUTION,
        equation="31",
        runs=runs,
        shots=shots,
        consents=(section.precompute,) if section.precompute else (),
        note=f"{note}; outcome y stands for sin^2(pi y / 2^{m}), the median of the shots is taken",
    )


def _may_precompute(name: str, overlap: Block, good: tuple[tuple[int, int], ...]) -> None:
    where = f"readouts.{name.rpartition('.')[2]}.precompute: eigenbasis"
    if overlap.width > MOST_STATE_QUBITS:
        raise InputError(
            f"is for at most {MOST_STATE_QUBITS} state qubits, here are {overlap.width}",
            where=where,
            hint="leave precompute out, or use a smaller register (qubits.override)",
        )
    if overlap.parameters:
        raise InputError(
            f"needs numbers, {overlap.parameters[0]} is a free symbol",
            where=where,
            hint="give weights, or leave precompute out",
        )
    if good_probability(overlap, good) is None:
        raise InputError("needs known data", where=where, hint="give encoding.data, or leave it out")
