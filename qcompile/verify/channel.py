"""Tapes that measure, reset or branch, compared history by history."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.ir.contract import Contract, ContractKind
from qcompile.tape import Tape
from qcompile.verify.certificate import Effort, Finding
from qcompile.verify.compare import total_variation, trace_distance
from qcompile.verify.dense import Pair
from qcompile.verify.outcomes import Bit, branches, measured_bits, outcome_distribution
from qcompile.verify.simulate import embed

__all__ = ["compare_branches", "compare_outcomes"]

Complex = NDArray[np.complex128]
Record = tuple[tuple[Bit, int], ...]

_EXACT_STATE = 14  # qubits of a Choi state (physical ones and references) that is still followed exactly


def compare_branches(pair: Pair, effort: Effort, seed: int) -> Finding | None:
    """Return the trace distance of the states after each record of measured bits, summed over records.

    With few qubits the input is one half of a maximally entangled state, which decides equality of the instruments;
    else it is random states.
    """
    n, m = pair.logical.n_qubits, pair.physical.n_qubits
    free = [k for k in range(n) if k not in set(pair.zero)]
    proof = m + len(free) <= _EXACT_STATE
    if not proof and m > effort.state_qubits - 4:
        return None
    rng = np.random.default_rng(seed)
    worst = 0.0
    try:
        for _ in range(1 if proof else effort.states):
            spectators = len(free) if proof else 0
            if proof:
                core = np.eye(2 ** len(free)) / np.sqrt(2 ** len(free))
            else:
                core = rng.normal(size=(2 ** len(free), 1)) + 1j * rng.normal(size=(2 ** len(free), 1))
                core /= np.linalg.norm(core)
            wanted = _records(pair.logical, _start(core, free, n), spectators)
            start = _start(core, [int(pair.initial[k]) for k in free], m)
            found = _records(pair.physical, start, spectators)
            place = [*pair.final.tolist(), *range(m, m + spectators)]
            total = 0.0
            for record in wanted.keys() | found.keys():
                left = wanted.get(record, np.zeros((0, 2 ** (n + spectators))))
                right = found.get(record, np.zeros((0, 2 ** (m + spectators))))
                total += trace_distance(embed(left, place, m + spectators), right)
            worst = max(worst, total)
    except InputError:
        return None  # too many histories, or an operation whose meaning is not known
    return Finding(
        method="exact branching, maximally entangled input" if proof else f"branching, {effort.states} random inputs",
        distance=worst,
        proof=proof,
        cannot_see=("the global phase", *(() if proof else ("differences that random inputs miss",)), "noise"),
        n_active=m,
    )


def _start(core: Complex, free: list[int], n: int) -> Complex:
    """Return the joint state of `n` qubits and references; `core` is [2**free, references]."""
    rows = np.asarray(core.T, dtype=np.complex128)
    return np.ascontiguousarray(embed(rows, free, n).T).reshape(-1)


def _records(tape: Tape, state: Complex, spectators: int) -> dict[Record, Complex]:
    found: dict[Record, list[Complex]] = {}
    for branch in branches(tape, state):
        found.setdefault(tuple(sorted(branch.bits.items())), []).append(branch.state)
    return {record: np.stack(states) for record, states in found.items()}


def compare_outcomes(pair: Pair, contract: Contract, effort: Effort, seed: int) -> Finding | None:
    """Return the total variation distance of the measured bits; of all qubits where nothing is measured."""
    n, m = pair.logical.n_qubits, pair.physical.n_qubits
    if contract.kind is not ContractKind.OUTCOMES or m > effort.state_qubits:
        return None
    free = [k for k in range(n) if k not in set(pair.zero)]
    rng = np.random.default_rng(seed)
    logical, physical = _measured(pair.logical, range(n)), _measured(pair.physical, pair.final.tolist())
    bits = measured_bits(logical)
    if set(bits) != set(measured_bits(physical)):
        raise InputError("measure different keys or bits", where="logical and physical circuit")
    worst = 0.0
    trials = effort.states if free else 1
    try:
        for _ in range(trials):
            raw = rng.normal(size=(1, 2 ** len(free))) + 1j * rng.normal(size=(1, 2 ** len(free)))
            inputs = (
                embed(raw / np.linalg.norm(raw), free, n)
                if free
                else embed(np.ones((1, 1), dtype=np.complex128), [], n)
            )
            wanted = outcome_distribution(logical, state=inputs[0]).marginal(bits)
            start = embed(inputs, pair.initial, m)[0]
            worst = max(worst, total_variation(wanted, outcome_distribution(physical, state=start).marginal(bits)))
    except InputError:
        return None
    return Finding(
        method="exact distribution of the measured bits" + (f", {trials} random inputs" if free else ""),
        distance=worst,
        proof=not free,
        cannot_see=("phases and states after the measurement", "noise of the machine"),
        n_active=m,
    )


def _measured(tape: Tape, order: range | list[int]) -> Tape:
    if measured_bits(tape):
        return tape
    from qcompile.tape import TapeBuilder

    builder = TapeBuilder(tape.n_qubits)
    builder.extend(tape)
    builder.measure(*order, key="z")
    return builder.build()
