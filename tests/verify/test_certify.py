"""A faithful compile is certified by whichever method its size allows, and a wrong one never is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.ir.contract import Contract, ContractKind
from qcompile.tape import Tape, TapeBuilder, tape_of
from qcompile.verify import Effort, Subject, certify
from tests.verify.circuits import ladder_ansatz, random_tape, routed, with_measurements

SEEDS = st.integers(0, 2**31)


def subject(logical: Tape, physical: Tape, initial: list[int], final: list[int], **options: object) -> Subject:
    return Subject(
        logical=logical,
        physical=physical,
        initial_layout=initial,
        final_layout=final,
        **options,  # type: ignore[arg-type]
    )


def broken(tape: Tape, qubit: int) -> Tape:
    return Tape.concat([tape, tape_of(f"rx(1e-4) {qubit}", n_qubits=tape.n_qubits)])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(0, 3), SEEDS)
def test_routed_circuits_are_proved_and_mutants_are_not(n: int, more: int, seed: int) -> None:
    tape = random_tape(n, 12, seed)
    made, initial, final = routed(tape, n + more, seed + 1)
    good = certify(subject(tape, made, initial, final))
    assert good.ok
    assert good.proof
    assert good.distance is not None
    assert good.distance < 1e-12
    bad = certify(subject(tape, broken(made, final[0]), initial, final))
    assert not bad.ok
    assert bad.detail("normalized") == pytest.approx(5e-5, rel=1e-4)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_the_global_phase_counts(seed: int) -> None:
    tape = random_tape(3, 10, seed)
    other = certify(Subject.of(tape, tape.with_phase(0.3)))
    assert not other.ok
    assert other.detail("aligned") < 1e-12
    assert other.detail("normalized") == pytest.approx(2 * np.sin(0.15), rel=1e-9)


def test_an_ancilla_that_does_not_return_is_found() -> None:
    logical = tape_of("h 0", n_qubits=1)
    physical = tape_of("h 0; cx 0 1", n_qubits=2)
    assert not certify(subject(logical, physical, [0], [0])).ok
    assert certify(subject(logical, tape_of("cx 1 0; h 0"), [0], [0])).ok  # the control starts in 0


def test_the_wrong_final_layout_is_found() -> None:
    tape = random_tape(3, 10, 5)
    made, initial, final = routed(tape, 4, 6)
    assert not certify(subject(tape, made, initial, final[::-1])).ok


def test_zero_inputs_forgive_what_unknown_inputs_do_not() -> None:
    logical, physical = tape_of("cx 0 1; h 0"), tape_of("h 0", n_qubits=2)
    assert not certify(Subject.of(logical, physical)).ok
    known = Contract(ContractKind.ISOMETRY, (0, 1))
    assert certify(Subject.of(logical, physical, contract=known)).ok


def test_contract_ancillas_must_come_back() -> None:
    both = tape_of("h 0; cx 0 1")
    assert certify(Subject.of(both, both)).ok
    kept = Contract(ContractKind.ISOMETRY, (), (1,))
    found = certify(Subject.of(both, both, contract=kept))
    assert not found.ok
    assert found.detail("ancilla_leak") == pytest.approx(np.sqrt(0.5))


def test_idle_qubits_cost_nothing() -> None:
    wide = random_tape(3, 10, 1).relabeled([40, 7, 93], n_qubits=100)
    found = certify(Subject.of(wide, wide))
    assert found.proof
    assert found.n_active == 3


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_instruments_are_compared_exactly(seed: int) -> None:
    tape = with_measurements(random_tape(3, 8, seed), seed)
    made, initial, final = routed(tape, 4, seed + 1)
    good = certify(subject(tape, made, initial, final, contract=Contract(ContractKind.CHANNEL)))
    assert good.ok
    assert good.proof


def test_a_flipped_bit_is_found() -> None:
    b = TapeBuilder(2)
    b.add("h", 0)
    b.measure(0, key="m")
    b.add("x", 1)
    b.measure(1, key="n")
    good = b.build()
    c = TapeBuilder(2)
    c.add("h", 0)
    c.measure(0, key="m", invert=(True,))
    c.add("x", 1)
    c.measure(1, key="n")
    assert certify(Subject.of(good, good)).ok
    assert certify(Subject.of(good, c.build())).ok is False
    # With the input in 0 the flipped bit is as random as the other, but no longer tied to the state.
    outcomes = Contract(ContractKind.OUTCOMES, (0, 1))
    assert certify(Subject.of(good, c.build(), contract=outcomes)).ok


def test_terminal_measurements_leave_an_exact_unitary_check() -> None:
    b = TapeBuilder(3)
    b.extend(random_tape(3, 10, 3))
    b.measure(0, 1, 2, key="m")
    made, initial, final = routed(b.build(), 5, 4)
    found = certify(subject(b.build(), made, initial, final))
    assert found.proof
    assert found.ok
    assert found.method.startswith("exact unitary")


def test_peeling_before_a_measurement_keeps_outcomes_only() -> None:
    full, peeled = TapeBuilder(2), TapeBuilder(2)
    for b in (full, peeled):
        b.extend(tape_of("h 0; cx 0 1"))
    full.extend(tape_of("rz(0.3) 0; cz 0 1"))
    for b in (full, peeled):
        b.measure(0, 1, key="m")
    assert not certify(Subject.of(full.build(), peeled.build())).ok
    outcomes = Contract(ContractKind.OUTCOMES, (0, 1))
    assert certify(Subject.of(full.build(), peeled.build(), contract=outcomes)).ok


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_wide_clifford_circuits_are_decided(seed: int) -> None:
    tape = random_tape(30, 120, seed, clifford=True)
    made, initial, final = routed(tape, 35, seed + 1)
    good = certify(subject(tape, made, initial, final))
    assert good.ok
    assert good.method.startswith("stabilizer")
    bad = Tape.concat([made, tape_of(f"s {final[3]}", n_qubits=35)])
    assert not certify(subject(tape, bad, initial, final)).ok


def test_random_states_take_over_from_every_column() -> None:
    tape = random_tape(5, 30, 9)
    made, initial, final = routed(tape, 6, 10)
    effort = Effort(exact_qubits=2)
    found = certify(subject(tape, made, initial, final), effort=effort)
    assert found.ok
    assert not found.proof
    assert found.method.startswith("state vectors")
    assert not certify(subject(tape, broken(made, final[1]), initial, final), effort=effort).ok


@pytest.mark.parametrize(("n", "layers"), [(68, 3), (108, 4)])
def test_shallow_circuits_are_checked_at_full_width(n: int, layers: int) -> None:
    tape = ladder_ansatz(n, layers)
    made = Tape.concat([tape_of("swap 0 1", n_qubits=n), tape.relabeled([1, 0, *range(2, n)])])
    initial = final = list(range(n))
    found = certify(subject(tape, made, initial, [1, 0, *final[2:]]))
    assert found.ok
    assert found.method.startswith("matrix-product states")
    assert found.distance is not None
    assert found.distance < 1e-11
    assert not certify(subject(tape, broken(made, 50), initial, [1, 0, *final[2:]])).ok


def test_symbols_are_bound_at_seeded_points() -> None:
    tape = ladder_ansatz(3, 2, symbolic=True)
    made, initial, final = routed(tape, 4, 2)
    found = certify(subject(tape, made, initial, final), seed=5)
    assert found.ok
    assert not found.proof
    assert found.points == 2
    assert "parameters" in found.cannot_see[0]
    again = certify(subject(tape, made, initial, final), seed=5)
    assert again == found


def test_deep_wide_symbolic_circuits_are_tried_at_clifford_points() -> None:
    tape = ladder_ansatz(30, 6, symbolic=True)
    found = certify(Subject.of(tape, tape), effort=Effort(max_bond=4))
    assert found.ok
    assert "multiples of pi/2" in found.cannot_see[0]
    missing = tape.take(np.arange(len(tape)) != len(tape) - 1)
    assert not certify(Subject.of(tape, missing), effort=Effort(max_bond=4, points=4)).ok


def test_without_any_method_only_witnesses_speak() -> None:
    tape = ladder_ansatz(40, 6)
    found = certify(Subject.of(tape, tape), effort=Effort(max_bond=4))
    assert found.distance is None
    assert not found.ok
    assert found.method == "witnesses only"


def test_what_was_dropped_widens_the_limit() -> None:
    full, cut = tape_of("h 0; rz(1e-6) 0"), tape_of("h 0")
    assert not certify(Subject.of(full, cut)).ok
    assert certify(Subject.of(full, cut, dropped_bound=5e-7)).ok


def test_wrong_input() -> None:
    with pytest.raises(InputError, match="different qubits"):
        subject(tape_of("cx 0 1"), tape_of("cx 0 1"), [0, 0], [0, 1])
    with pytest.raises(InputError, match="lacks"):
        Subject.of(tape_of("rx(0.1) 0"), tape_of("rx(t) 0"))
