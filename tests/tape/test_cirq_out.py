"""Laws of writing Cirq: unitary and phase stay, moments are the earliest, conditions mean the same."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.tape import Call, Condition, Expr, Op, Opaque, Tape, TapeBuilder, tape_of, tape_unitary
from tests.tape.samples import bindings, every_gate, random_tape

Q: list[cirq.Qid] = [*cirq.LineQubit.range(4)]
quick = settings(max_examples=20, deadline=None)


def unitary_of(circuit: cirq.Circuit, n_qubits: int = 4) -> np.ndarray:
    line = cirq.LineQubit.range(n_qubits)
    return circuit.unitary(qubit_order=line, qubits_that_should_be_present=line)


def test_every_gate() -> None:
    tape = every_gate()
    np.testing.assert_allclose(unitary_of(tape.to_cirq()), tape_unitary(tape), atol=1e-7)


@quick
@given(seed=st.integers(0, 10**6))
def test_there_and_back(seed: int) -> None:
    tape = random_tape(seed)
    circuit = tape.to_cirq()
    np.testing.assert_allclose(unitary_of(circuit), tape_unitary(tape), atol=1e-7)
    back = Tape.from_cirq(circuit, qubit_order=Q)
    np.testing.assert_allclose(tape_unitary(back), tape_unitary(tape), atol=1e-9)


@quick
@given(seed=st.integers(0, 10**6))
def test_symbols_there_and_back(seed: int) -> None:
    tape = random_tape(seed, symbols=("a", "b")).with_phase(0.7 * Expr.symbol("a") + 0.1)
    values = bindings(tape, seed)
    wanted = tape_unitary(tape.bind(values))
    circuit = tape.to_cirq()
    assert cirq.parameter_names(circuit) == set(tape.parameters)
    np.testing.assert_allclose(unitary_of(cirq.resolve_parameters(circuit, values)), wanted, atol=1e-7)
    back = Tape.from_cirq(circuit, qubit_order=Q)
    np.testing.assert_allclose(tape_unitary(back.bind(bindings(back, 0) | values)), wanted, atol=1e-9)


def test_powers_with_symbols_come_back_as_they_were() -> None:
    a, b = sympy.symbols("a b")
    circuit = cirq.Circuit(cirq.X(Q[0]) ** a, cirq.ZZ(Q[0], Q[1]) ** b, cirq.Y(Q[1]) ** a, cirq.rz(b)(Q[0]))
    made = Tape.from_cirq(circuit).to_cirq()
    assert [op for op in made.all_operations() if not op.qubits] == []
    values = {"a": 0.3, "b": 0.4}
    np.testing.assert_allclose(
        unitary_of(cirq.resolve_parameters(made, values), 2),
        cirq.unitary(cirq.resolve_parameters(circuit, values)),
        atol=1e-7,
    )
    assert "X^a" in str(made)


@quick
@given(seed=st.integers(0, 10**6))
def test_moments_are_those_of_cirqs_earliest_strategy(seed: int) -> None:
    tape = random_tape(seed, n_rows=30).replace(phase=Expr())
    circuit = tape.to_cirq()
    assert cirq.Circuit(op for op in circuit.all_operations() if op.qubits).moments == [
        cirq.Moment(op for op in moment if op.qubits) for moment in circuit.moments
    ]


def test_a_barrier_is_not_crossed() -> None:
    circuit = tape_of("x 0; x 0; barrier 0 1; x 1").to_cirq()
    assert [len(moment.operations) for moment in circuit.moments] == [1, 1, 1]


def test_qubits_of_the_caller() -> None:
    a, b = cirq.NamedQubit.range(2, prefix="n")
    assert tape_of("cx 1 0").to_cirq(qubits=[a, b]) == cirq.Circuit(cirq.CX(b, a))
    for bad in ([a], [a, a]):
        with pytest.raises(InputError, match="give 2 different qubits"):
            tape_of("cx 1 0").to_cirq(qubits=bad)


def test_tags_measurements_masks_and_channels_come_back() -> None:
    circuit = cirq.Circuit(
        cirq.Moment(cirq.X(Q[0]).with_tags("one", 2), cirq.H(Q[1])),
        cirq.Moment(cirq.depolarize(0.1)(Q[0]), cirq.wait(Q[1], nanos=3)),
        cirq.Moment(cirq.measure(*Q[:3], key="m", invert_mask=(True,)).with_tags("read")),
        cirq.Moment(cirq.reset(Q[0]), cirq.measure(Q[1], key="m2")),
    )
    assert Tape.from_cirq(circuit).to_cirq() == circuit


def test_repeated_keys_come_back() -> None:
    circuit = cirq.Circuit(cirq.measure(Q[0], key="m"), cirq.X(Q[0]), cirq.measure(Q[0], key="m"))
    assert Tape.from_cirq(circuit).to_cirq() == circuit


@pytest.mark.parametrize(
    "control",
    ["m", sympy.Eq(sympy.Symbol("m"), 2), sympy.Symbol("m") > 1, sympy.Ne(sympy.Symbol("m"), 1),
     cirq.BitMaskKeyCondition("m", bitmask=1, target_value=1, equal_target=True)],
)  # fmt: skip
def test_conditions_mean_the_same_when_they_come_back(control: object) -> None:
    op = cirq.X(Q[2]).with_classical_controls(control)
    made = next(
        op
        for op in Tape.from_cirq(cirq.Circuit(cirq.measure(*Q[:2], key="m"), op)).to_cirq().all_operations()
        if cirq.control_keys(op)
    )
    for a in (0, 1):
        for b in (0, 1):
            data = cirq.ClassicalDataDictionaryStore()
            data.record_measurement(cirq.MeasurementKey("m"), (a, b), Q[:2])
            first, second = (all(c.resolve(data) for c in one.classical_controls) for one in (op, made))
            assert first == second


@settings(max_examples=60, deadline=None)
@given(
    split=st.booleans(),
    bits=st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True),
    value=st.integers(0, 15),
    negate=st.booleans(),
)
def test_conditions_on_bits(split: bool, bits: list[int], value: int, negate: bool) -> None:
    """Conditions on any bits, of one key or several, hold exactly when they should."""
    value %= 1 << len(bits)
    b = TapeBuilder(5)
    if split:  # the bits of one key measured in two pieces
        b.measure(0, 1, key="m")
        b.measure(2, 3, key="m", offset=2)
    else:
        b.measure(0, 1, 2, 3, key="m")
    b.add("x", 4, condition=Condition(("m",), "bits", tuple(("m", k) for k in bits), value, negate))
    circuit = b.build().to_cirq()
    conditions = [c for op in circuit.all_operations() for c in getattr(op, "classical_controls", ())]
    measured = [op for op in circuit.all_operations() if cirq.is_measurement(op)]
    for outcome in range(16):
        digits = [outcome >> k & 1 for k in range(4)]
        data = cirq.ClassicalDataDictionaryStore()
        for op in measured:
            key = cirq.MeasurementKey(cirq.measurement_key_name(op))
            data.record_measurement(key, [digits[Q.index(q)] for q in op.qubits], op.qubits)
        read = 0
        for k in bits:
            read = read << 1 | digits[k]
        assert all(c.resolve(data) for c in conditions) == ((read == value) != negate)


def test_conditions_on_several_keys() -> None:
    b = TapeBuilder(3)
    b.measure(0, key="a")
    b.measure(1, key="b")
    b.add("x", 2, condition=Condition(("a", "b"), "bits", (("a", 0), ("b", 0)), 2))
    b.add("z", 2, condition=Condition(("a", "b"), negate=True))
    b.add("y", 2, condition=Condition(("a", "b")))
    made = [op for op in b.build().to_cirq().all_operations() if cirq.control_keys(op)]
    for a in (0, 1):
        for c in (0, 1):
            data = cirq.ClassicalDataDictionaryStore()
            data.record_measurement(cirq.MeasurementKey("a"), (a,), Q[:1])
            data.record_measurement(cirq.MeasurementKey("b"), (c,), Q[1:2])
            held = [all(one.resolve(data) for one in op.classical_controls) for op in made]
            assert held == [(a, c) == (1, 0), (a, c) == (0, 0), (a, c) != (0, 0)]


def test_conditions_wait_for_their_key_and_share_moments() -> None:
    b = TapeBuilder(3)
    b.measure(0, key="m")
    b.add("x", 1, condition=Condition(("m",)))
    b.add("x", 2, condition=Condition(("m",)))
    b.measure(0, key="m")
    circuit = b.build().to_cirq()
    assert [len(moment.operations) for moment in circuit.moments] == [1, 2, 1]
    b = TapeBuilder(1)
    b.add("x", 0, condition=Condition(("m",)))
    with pytest.raises(InputError, match="not measured before"):
        b.build().to_cirq()


def test_calls_become_circuit_operations() -> None:
    body = random_tape(2, n_qubits=3, n_rows=5)
    b = TapeBuilder(4)
    b.call(Call(body, 3), 3, 0, 2)
    tape = b.build()
    circuit = tape.to_cirq()
    assert isinstance(circuit[0].operations[0], cirq.CircuitOperation)
    np.testing.assert_allclose(unitary_of(circuit), tape_unitary(tape), atol=1e-7)
    np.testing.assert_allclose(tape_unitary(Tape.from_cirq(circuit, qubit_order=Q)), tape_unitary(tape), atol=1e-9)
    idle = TapeBuilder(2)
    idle.call(Call(TapeBuilder(2).build(), 2), 1, 0)
    assert unitary_of(idle.build().to_cirq(), 2).shape == (4, 4)


def test_an_opaque_gate_without_a_gate_is_refused() -> None:
    b = TapeBuilder(1)
    b.opaque(Opaque("magic(0.5)", None), 0)
    with pytest.raises(InputError, match=r"opaque gate 'magic\(0.5\)'"):
        b.build().to_cirq()


def test_samples_agree_with_the_circuit_that_was_read() -> None:
    circuit = cirq.Circuit(
        cirq.X(Q[0]),
        cirq.measure(Q[0], Q[1], key="m", invert_mask=(False, True)),
        cirq.X(Q[2]).with_classical_controls(sympy.Eq(sympy.Symbol("m"), 3)),
        cirq.measure(Q[2], key="out"),
    )
    for made in (circuit, Tape.from_cirq(circuit).to_cirq()):
        result = cirq.Simulator(seed=1).run(made, repetitions=3)
        assert result.measurements["m"].tolist() == [[1, 1]] * 3
        assert result.measurements["out"].tolist() == [[1]] * 3


def test_sycamore_survives_the_round_trip() -> None:
    tape = tape_of("syc 0 1; ecr 1 0; iswapdg 0 1; sqiswap 0 1")
    assert Tape.from_cirq(tape.to_cirq()) == tape
    assert tape.opcode[0] == Op.SYC
