"""Laws of reading Cirq: the unitary is that of the circuit, global phase included, and what is no gate stays."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.tape import Condition, Op, Tape, tape_unitary
from tests.tape.samples import unitary

Q = cirq.LineQubit.range(4)
A, B = sympy.symbols("a b")
RNG = np.random.default_rng(7)
EXPONENTS = (1, -1, 0.5, -0.5, 0.25, 0.3, 1.7, 3)
SHIFTS = (0, -0.5, 0.3)
POWERS = [
    cirq.XPowGate, cirq.YPowGate, cirq.ZPowGate, cirq.HPowGate, cirq.CXPowGate, cirq.CZPowGate, cirq.SwapPowGate,
    cirq.ISwapPowGate, cirq.XXPowGate, cirq.YYPowGate, cirq.ZZPowGate, cirq.CCXPowGate, cirq.CCZPowGate,
]  # fmt: skip


def check(*ops: cirq.OP_TREE) -> Tape:
    """Assert that a circuit and its tape have one unitary, and return the tape."""
    circuit = cirq.Circuit(*ops)
    tape = Tape.from_cirq(circuit)
    np.testing.assert_allclose(tape_unitary(tape), cirq.unitary(circuit), atol=1e-7)
    return tape


@pytest.mark.parametrize("gate", POWERS)
def test_powers_with_any_global_shift(gate: type[cirq.EigenGate]) -> None:
    for exponent in EXPONENTS:
        for shift in SHIFTS:
            made = gate(exponent=exponent, global_shift=shift)
            check(made.on(*Q[: cirq.num_qubits(made)]))


@pytest.mark.parametrize(
    "gate",
    [
        cirq.PhasedXPowGate(phase_exponent=0.37, exponent=0.6, global_shift=0.2),
        cirq.PhasedXZGate(x_exponent=0.3, z_exponent=0.2, axis_phase_exponent=0.7),
        cirq.PhasedISwapPowGate(phase_exponent=0.37, exponent=0.6),
        cirq.FSimGate(0.3, 0.7),
        cirq.PhasedFSimGate(0.1, 0.2, 0.3, 0.4, 0.5),
        cirq.CSWAP,
        cirq.rx(0.3),
        cirq.ry(7.0),
        cirq.ms(0.3),
        cirq.MatrixGate(unitary(2, RNG)),
        cirq.MatrixGate(unitary(4, RNG)),
        cirq.MatrixGate(unitary(8, RNG)),
        cirq.QubitPermutationGate([2, 0, 1]),
        cirq.DiagonalGate([0.1, 0.2, 0.3, 0.4]),
        cirq.TwoQubitDiagonalGate([0.1, 0.2, 0.3, 0.4]),
        cirq.ThreeQubitDiagonalGate([0.1 * k for k in range(8)]),
        cirq.DensePauliString("XYZ", coefficient=1j),
        cirq.QuantumFourierTransformGate(3),
        cirq.PhaseGradientGate(num_qubits=3, exponent=0.3),
        cirq.ParallelGate(cirq.X**0.3, 3),
        cirq.SingleQubitCliffordGate.X_sqrt,
        cirq.BooleanHamiltonianGate(["a", "b"], ["a & b"], 0.3),
        cirq.PauliInteractionGate(cirq.X, True, cirq.Y, False, exponent=0.3),
        cirq.IdentityGate(3),
        cirq.FSimGate(np.pi / 2, np.pi / 6),
    ],
    ids=lambda gate: type(gate).__name__,
)
def test_other_gates_alone_and_under_controls(gate: cirq.Gate) -> None:
    n = cirq.num_qubits(gate)
    check(gate.on(*Q[:n]))
    for values in ([1], [0], [[0, 1]]):
        check(gate.on(*Q[:n]).controlled_by(Q[3], control_values=values))
    check(cirq.ControlledGate(gate, control_values=cirq.SumOfProducts([(0,)])).on(Q[3], *Q[:n]))


def test_control_values_of_every_form() -> None:
    turn = cirq.Y**0.3
    check(cirq.ControlledGate(turn, control_values=cirq.SumOfProducts([(0, 1), (1, 0)])).on(*Q[:3]))
    check(turn(Q[0]).controlled_by(*Q[1:], control_values=[0, [0, 1], 1]))
    check(cirq.ControlledGate(cirq.ControlledGate(turn, control_values=[0])).on(*Q[:3]))
    check(cirq.global_phase_operation(1j).controlled_by(Q[0], Q[1], control_values=[0, 1]))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), density=st.floats(0.2, 1))
def test_random_circuits(seed: int, density: float) -> None:
    circuit = cirq.testing.random_circuit(4, 12, density, random_state=seed)
    if circuit.all_qubits():
        check(circuit)


def test_pauli_strings_and_phasors() -> None:
    string = cirq.X(Q[0]) * cirq.Y(Q[2])
    check(string * -1j)
    check(cirq.PauliStringPhasor(string * -1, exponent_neg=0.3, exponent_pos=0.1))
    check(cirq.PauliStringPhasor(string, exponent_neg=0.3).controlled_by(Q[3]))
    check(cirq.X(Q[0]), cirq.X(Q[0]) * cirq.X(Q[1]))


def test_global_phases() -> None:
    tape = check(cirq.X(Q[0]), cirq.global_phase_operation(1j), cirq.global_phase_operation(-1))
    assert tape.phase.const == pytest.approx(1.5 * np.pi)


def test_a_gate_that_only_decomposes_up_to_phase_keeps_its_own_phase() -> None:
    class Sloppy(cirq.Gate):
        def _num_qubits_(self) -> int:
            return 1

        def _unitary_(self) -> np.ndarray:
            return 1j * cirq.unitary(cirq.Z)

        def _decompose_(self, qubits: list[cirq.Qid]) -> list[cirq.Operation]:
            return [cirq.Z(qubits[0])]

    class Wrong(Sloppy):
        def _decompose_(self, qubits: list[cirq.Qid]) -> list[cirq.Operation]:
            return [cirq.X(qubits[0])]

    check(Sloppy().on(Q[0]))
    assert check(Wrong().on(Q[0])).opcode.tolist() == [Op.MAT1]


def test_symbols_become_parameters() -> None:
    circuit = cirq.Circuit(
        cirq.X(Q[0]) ** A,
        cirq.rz(2 * A + B)(Q[1]),
        cirq.SWAP(Q[0], Q[1]) ** B,
        cirq.CX(Q[0], Q[1]) ** (A * B),
        cirq.H(Q[0]) ** A,
        cirq.PhasedFSimGate(A, B, 0.1, 0.2, A)(Q[0], Q[1]),
        cirq.PhasedISwapPowGate(phase_exponent=A, exponent=B)(Q[0], Q[1]),
        cirq.PhasedXPowGate(phase_exponent=A, exponent=sympy.sin(B))(Q[1]),
        cirq.GlobalPhaseGate(sympy.exp(sympy.I * A) * sympy.I**B)(),
        (cirq.Y(Q[0]) ** A).controlled_by(Q[1], Q[2]),
        cirq.CCZ(*Q[:3]) ** A,
        cirq.CircuitOperation(cirq.FrozenCircuit(cirq.X(Q[0]) ** A), repetitions=2, param_resolver={A: B}),
    )
    tape = Tape.from_cirq(circuit)
    assert set(tape.parameters) == {"a", "b"}
    values = {"a": 0.3, "b": -0.7}
    wanted = cirq.unitary(cirq.resolve_parameters(circuit, values))
    np.testing.assert_allclose(tape_unitary(tape.bind(values)), wanted, atol=1e-7)


def test_radians_over_pi_come_back_as_radians() -> None:
    tape = Tape.from_cirq(cirq.Circuit(cirq.rz(A)(Q[0]), cirq.CZ(Q[0], Q[1]) ** (B / sympy.pi)))
    assert tape.ops() == ["rz(a) 0", "cp(b) 0 1"]


def test_repeated_sub_circuits_become_calls() -> None:
    sub = cirq.FrozenCircuit(cirq.H(Q[0]), cirq.CX(Q[0], Q[1]) ** 0.3, cirq.X(Q[1]) ** 0.2)
    for times in (3, -2, 1, 0):
        tape = check(cirq.CircuitOperation(sub, repetitions=times, qubit_map={Q[0]: Q[2]}), cirq.Z(Q[0]))
        assert len(tape.calls) == (abs(times) > 1)
    check(cirq.CircuitOperation(sub, repetitions=2).controlled_by(Q[3]))
    nested = cirq.FrozenCircuit(cirq.CircuitOperation(sub, repetitions=2), cirq.T(Q[0]))
    check(cirq.CircuitOperation(nested, repetitions=2))


def test_sub_circuits_with_measurements_are_unrolled() -> None:
    sub = cirq.FrozenCircuit(cirq.H(Q[0]), cirq.measure(Q[0], key="m"), cirq.X(Q[0]).with_classical_controls("m"))
    op = cirq.CircuitOperation(sub, repetitions=2, use_repetition_ids=True, measurement_key_map={"m": "k"})
    tape = Tape.from_cirq(cirq.Circuit(op))
    assert [m.key for m in tape.measurements] == ["0:k", "1:k"]
    assert tape.conditions == (Condition(("0:k",)), Condition(("1:k",)))


def test_measurements_keep_keys_masks_and_repetition() -> None:
    circuit = cirq.Circuit(
        cirq.measure(Q[2], Q[0], key="m", invert_mask=(False, True)), cirq.measure(Q[1], key="m"), cirq.measure(Q[1])
    )
    tape = Tape.from_cirq(circuit)
    assert [tape.qubits_of(r) for r in range(3)] == [(2, 0), (1,), (1,)]
    assert [(m.key, m.invert) for m in tape.measurements] == [("m", (False, True)), ("m", ()), ("q(1)", ())]


def test_pauli_measurements_are_a_change_of_basis() -> None:
    tape = Tape.from_cirq(cirq.Circuit(cirq.measure_single_paulistring(cirq.X(Q[0]) * cirq.Y(Q[1]), key="p")))
    assert tape.measurements[0].key == "p"
    assert (tape.opcode == Op.MEASURE).sum() == 1


@pytest.mark.parametrize(
    ("control", "wanted"),
    [
        ("m", Condition(("m",))),
        (sympy.Eq(sympy.Symbol("m"), 2), Condition(("m",), "bits", (("m", 0), ("m", 1)), 2)),
        (sympy.Ne(sympy.Symbol("m"), 1), Condition(("m",), "bits", (("m", 0), ("m", 1)), 1, negate=True)),
        (cirq.BitMaskKeyCondition("m", bitmask=1, target_value=1, equal_target=True),
         Condition(("m",), "bits", (("m", 1),), 1)),
        (cirq.BitMaskKeyCondition("m"), Condition(("m",))),
    ],
)  # fmt: skip
def test_conditions_become_bits(control: object, wanted: Condition) -> None:
    tape = Tape.from_cirq(cirq.Circuit(cirq.measure(*Q[:2], key="m"), cirq.X(Q[2]).with_classical_controls(control)))
    assert tape.conditions == (wanted,)
    assert tape.condition.tolist() == [-1, 0]


def test_other_conditions_are_kept_as_they_are() -> None:
    above = sympy.Symbol("m") > 1
    tape = Tape.from_cirq(cirq.Circuit(cirq.measure(*Q[:2], key="m"), cirq.X(Q[2]).with_classical_controls(above, "m")))
    assert tape.conditions[0].kind == "cirq"
    assert set(tape.conditions[0].payload) == {cirq.SympyCondition(above), cirq.KeyCondition(cirq.MeasurementKey("m"))}


def test_tags_stay_on_every_row_of_their_operation() -> None:
    circuit = cirq.Circuit(cirq.X(Q[0]).with_tags("one"), cirq.QFT(*Q[:2]).with_tags("two") if hasattr(cirq, "QFT") else
                           cirq.QuantumFourierTransformGate(2).on(*Q[:2]).with_tags("two"))  # fmt: skip
    tape = Tape.from_cirq(circuit)
    assert set(tape.tags) == {("one",), ("two",)}
    assert (tape.tag >= 0).all()


def test_channels_and_waits_stay_in_order() -> None:
    channel = cirq.depolarize(0.1)
    circuit = cirq.Circuit(cirq.X(Q[0]), channel(Q[0]), cirq.wait(Q[0], nanos=3), cirq.reset(Q[0]), cirq.H(Q[0]))
    tape = Tape.from_cirq(circuit)
    assert tape.opcode.tolist() == [Op.X, Op.OPAQUE, Op.OPAQUE, Op.RESET, Op.H]
    assert [item.payload for item in tape.opaques] == [channel, cirq.WaitGate(cirq.Duration(nanos=3))]
    assert not tape.is_unitary


def test_the_order_of_qubits_is_cirqs_or_the_callers() -> None:
    a, b = cirq.NamedQubit("a"), cirq.GridQubit(0, 3)
    circuit = cirq.Circuit(cirq.X(a), cirq.CX(a, b))
    wanted = cirq.QubitOrder.DEFAULT.order_for(circuit.all_qubits())
    assert Tape.from_cirq(circuit).qubit_names == tuple(str(q) for q in wanted)
    tape = Tape.from_cirq(circuit, qubit_order=[Q[0], b, a])
    assert tape.n_qubits == 3
    assert tape.ops() == ["x 2", "cx 2 1"]


def test_an_empty_circuit() -> None:
    assert len(Tape.from_cirq(cirq.Circuit())) == 0
    assert Tape.from_cirq(cirq.Circuit(cirq.global_phase_operation(1j))).phase.const == np.pi / 2


@pytest.mark.parametrize(
    ("op", "message"),
    [
        (cirq.XPowGate(dimension=3).on(cirq.LineQid(0, 3)), "3 levels"),
        (cirq.measure(Q[0], key="m", confusion_map={(0,): np.array([[0.9, 0.1], [0.2, 0.8]])}), "confusion map"),
        (cirq.CircuitOperation(cirq.FrozenCircuit(cirq.X(Q[0]), cirq.measure(Q[0], key="m")),
                               use_repetition_ids=False, repeat_until=cirq.KeyCondition(cirq.MeasurementKey("m"))),
         "no fixed number"),
        (cirq.CircuitOperation(cirq.FrozenCircuit(cirq.X(Q[0])), repetitions=sympy.Symbol("n")), "no fixed number"),
        (cirq.rz(sympy.gamma(A))(Q[0]), "uses gamma"),
        (cirq.GlobalPhaseGate(A)(), "symbolic phase"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_here_is_refused(op: cirq.Operation, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Tape.from_cirq(cirq.Circuit(op))


def test_googles_sycamore_is_known() -> None:
    import cirq_google

    tape = check(cirq_google.SYC(*Q[:2]))
    assert tape.ops() == ["syc 0 1"]
    assert tape.to_cirq() == cirq.Circuit(cirq_google.SYC(*Q[:2]))
