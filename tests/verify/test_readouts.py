"""Readouts against linear algebra, witnesses replayed, wide outcomes by drawing."""

from __future__ import annotations

from typing import Any

import cirq
import numpy as np
import pytest

from qcompile.ir import Angles, Ansatz, ComputeUncompute, Contract, ContractKind, Post, Readout, UniformSuperposition
from qcompile.tape import LayoutWitness, RegionWitness, Tape, TapeBuilder, tape_of
from qcompile.verify import Effort, Step, Subject, certify, certify_readout, frobenius, replay, tape_distribution
from tests.verify.circuits import ladder_ansatz


def overlap(n: int, layers: int) -> Readout:
    angles = Angles.symbols("t", layers, n, 3, labels=("x", "y", "z"))
    block = ComputeUncompute(UniformSuperposition(2**n), Ansatz(n, layers, angles), UniformSuperposition(2**n))
    return Readout("mask", block, tuple(range(n)), Post.ALL_ZERO)


def by_hand(n: int, layers: int) -> Tape:
    """Return Hadamards, ladders before rotations (MATRIX), Hadamards."""
    from qcompile.tape import Expr

    b = TapeBuilder(n + 2)
    for q in range(n):
        b.add("h", q)
    for layer in reversed(range(layers)):  # the rightmost factor acts first
        for k in reversed(range(n - 1)):
            b.add("cx", k, k + 1)
        for q in range(n):
            for axis in "xyz":
                b.add(f"r{axis}", q, angles=[Expr.symbol(f"t_{layer}_{q}_{axis}")])
    for q in range(n):
        b.add("h", q)
    b.measure(*range(n), key="mask")
    return b.build()


@pytest.fixture
def readout() -> Readout:
    return overlap(3, 2)


def test_a_readout_agrees_with_its_theory(readout: Readout) -> None:
    tape = by_hand(3, 2)
    found = certify_readout(readout, tape)
    assert found.ok
    assert found.points == 2
    assert found.contract.kind is ContractKind.OUTCOMES
    assert found.distance is not None
    assert found.distance < 1e-13
    wrong = tape.take(np.arange(len(tape)) != 6)
    assert not certify_readout(readout, wrong).ok
    values = dict.fromkeys(readout.parameters, 0.1)
    numeric = certify_readout(readout.bind(values), tape.bind(values))
    assert numeric.proof
    p = tape_distribution(readout, tape.bind(values))
    assert p is not None
    assert p.sum() == pytest.approx(1)


def test_wide_readouts_fall_back_to_their_synthesized_circuit() -> None:
    wide = overlap(24, 1)
    tape = by_hand(24, 1)
    assert certify_readout(wide, tape).distance is None
    assert not certify_readout(wide, tape).ok
    subject = Subject.of(tape, tape, contract=Contract(ContractKind.OUTCOMES, tuple(range(26))))
    found = certify_readout(wide, tape, subject=subject)
    assert found.ok
    assert "synthesis" in found.cannot_see[0]


def measured(tape: Tape, rows: str, order: list[int]) -> Tape:
    b = TapeBuilder(tape.n_qubits)
    b.extend(tape)
    if rows:
        b.extend(tape_of(rows, n_qubits=tape.n_qubits))
    b.measure(*order, key="m")
    return b.build()


def test_wide_outcomes_forgive_what_cannot_be_measured() -> None:
    n = 60
    tape = ladder_ansatz(n, 3)
    contract = Contract(ContractKind.OUTCOMES, tuple(range(n)))
    order = list(range(n))
    full = measured(tape, "rz(0.3) 5; cz 7 8", order)
    found = certify(Subject.of(full, measured(tape, "", order), contract=contract))
    assert found.ok
    assert found.method.startswith("probabilities of")
    assert not certify(Subject.of(full, measured(tape, "rx(0.001) 30", order), contract=contract)).ok
    # Measuring fewer qubits, and a swap absorbed by the measurement.
    some = measured(tape, "", [3, 50, 20])
    swapped = measured(tape, "swap 50 51; x 3; x 3", [3, 51, 20])
    assert certify(Subject.of(some, swapped, contract=contract)).ok


def test_replay_follows_the_steps() -> None:
    start = tape_of("h 0; rz(0) 0; cx 0 1")
    middle = start.take([0, 2])
    gone = np.array([False, True, False])
    step = Step(name="drop", before=start, after=middle, witness=RegionWitness.removed(gone))
    same = Step(name="keep", before=middle, after=middle, witness=RegionWitness.removed(np.zeros(2, dtype=bool)))
    assert replay([step, same]).ok
    assert replay([]).ok is None
    assert replay([same, step]).ok is False
    assert "does not start" in replay([same, step]).message
    lie = Step(
        name="lie",
        before=start,
        after=start.take([1, 2]),
        witness=RegionWitness.removed(np.array([True, False, False])),
    )
    assert replay([lie]).ok is False
    found = certify(Subject.of(start, middle, steps=(step, same)))
    assert found.ok
    assert found.replay.n_steps == 2
    assert not certify(Subject.of(start, middle, steps=(lie,))).ok


def test_layouts_of_the_steps_must_compose() -> None:
    """Two changes of layout after each other: dropping one of them from the claim is found without any simulation."""
    before = tape_of("swap 0 1; cx 0 1; rx(0.3) 0", n_qubits=2)
    free = tape_of("cx 1 0; rx(0.3) 1", n_qubits=2)
    elided = LayoutWitness(events=[(0, -1), (1, 0), (2, 1)], initial=[0, 1], final=[1, 0])
    placed = tape_of("cx 0 2; rx(0.3) 0", n_qubits=3)
    moved = LayoutWitness(events=[(0, 0), (1, 1)], initial=[2, 0, 1], final=[2, 0, 1])
    steps = (
        Step(name="elide", before=before, after=free, witness=elided),
        Step(name="place", before=free, after=placed, witness=moved),
    )
    claim: dict[str, Any] = {"logical": before, "physical": placed, "initial_layout": [2, 0], "steps": steps}
    good = certify(Subject(final_layout=[0, 2], **claim))
    assert good.ok
    assert good.replay.covers
    bad = replay(steps, Subject(final_layout=[2, 0], **claim))
    assert bad.ok is False
    assert "final layout" in bad.message


def test_witnesses_alone_must_cover_the_whole_way() -> None:
    tape = ladder_ansatz(40, 6)
    keep = RegionWitness.removed(np.zeros(len(tape), dtype=bool))
    whole = Step(name="keep", before=tape, after=tape, witness=keep)
    little = Effort(max_bond=4)
    found = certify(Subject.of(tape, tape, steps=(whole,)), effort=little)
    assert found.ok
    assert found.distance is None
    other = tape.take(np.arange(len(tape) - 1))
    assert not certify(Subject.of(tape, other, steps=(whole,)), effort=little).ok


def test_cirq_keeps_a_unitary_up_to_its_phase_only() -> None:
    """Eq. 85 on the output of another compiler: far off raw, equal once aligned."""
    q = cirq.LineQubit.range(2)
    circuit = cirq.testing.random_circuit(q, 12, 0.9, random_state=3)
    made = cirq.optimize_for_target_gateset(circuit, gateset=cirq.CZTargetGateset())
    found = frobenius(made.unitary(qubit_order=q), circuit.unitary(qubit_order=q))
    assert found.aligned < 1e-6
    assert found.raw >= found.aligned
