"""`compile` keeps what it is given: unitaries, layouts, symbols, order; and refuses what it cannot use."""

import cirq
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import qcompile as qc
from qcompile.api.legality import diagnose
from qcompile.errors import InputError
from qcompile.tape import Op

NATIVES = ("cz", "ecr", "sqrtiswap", "iswap", "syc", "rzz", "rxx")
EDGES = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (1, 4), (4, 5)]


def _random(n: int, depth: int, seed: int) -> cirq.Circuit:
    gates = {cirq.H: 1, cirq.T: 1, cirq.CNOT: 2, cirq.CZ**0.3: 2, cirq.ISWAP: 2, cirq.CCX: 3, cirq.rx(0.4): 1}
    qubits = cirq.LineQubit.range(n)
    circuit = cirq.testing.random_circuit(qubits, depth, 0.7, gates, random_state=seed)
    return circuit + cirq.Circuit(cirq.I.on_each(qubits))


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), native=st.sampled_from(NATIVES), n=st.integers(2, 4))
def test_any_circuit_keeps_its_unitary_on_any_native_gate(seed: int, native: str, n: int) -> None:
    target = qc.Target.from_couplings(6, EDGES, native=native)
    built = qc.compile(_random(n, 8, seed), target=target, seed=seed)
    certificate = qc.certify(built)
    assert certificate.ok, (str(certificate), certificate.replay)
    assert certificate.replay.ok
    assert not diagnose(built.tape, target)


@pytest.mark.parametrize("final", ["same", (5, 4, 3, 2)])
def test_qubits_end_where_the_caller_wants_them(final: object) -> None:
    built = qc.compile(_random(4, 12, 3), target=qc.Target.from_couplings(6, EDGES), final_layout=final)
    wanted = built.initial_layout[:4] if final == "same" else np.array(final)
    assert built.final_layout[:4].tolist() == list(wanted)
    assert qc.certify(built).ok


def test_initial_layout_and_allowed_qubits_are_kept() -> None:
    target = qc.Target.load("grid(3,4)")
    built = qc.compile(_random(3, 6, 1), target=target, initial_layout=[5, 6, 10])
    assert built.initial_layout[:3].tolist() == [5, 6, 10]
    inside = qc.compile(_random(3, 6, 1), target=target, allowed_qubits=[0, 1, 2, 4])
    used = inside.tape.qubits[inside.tape.qubits >= 0]
    assert set(used.tolist()) <= {0, 1, 2, 4}


def test_symbols_survive_and_binding_is_compiling_the_bound_circuit() -> None:
    a, b = sympy.symbols("a b")
    q = cirq.LineQubit.range(3)
    circuit = cirq.Circuit(cirq.rx(a)(q[0]), cirq.CNOT(q[0], q[1]), cirq.rz(2 * b + 1)(q[1]), cirq.ZZ(q[1], q[2]) ** a)
    built = qc.compile(circuit, target="line(3)")
    assert set(built.parameters) == {"a", "b"}
    assert cirq.parameter_names(built.circuit) == {"a", "b"}
    bound = built.bind({"a": 0.3, "b": -0.7})
    assert not bound.parameters
    certificate = qc.certify(bound)
    assert certificate.ok
    assert certificate.distance < 1e-9


def test_measurements_conditions_and_repeated_keys_stay_in_order() -> None:
    q = cirq.LineQubit.range(3)
    circuit = cirq.Circuit(
        cirq.H(q[0]),
        cirq.measure(q[0], key="m"),
        cirq.X(q[1]).with_classical_controls("m"),
        cirq.CNOT(q[1], q[2]),
        cirq.measure(q[0], key="m"),
        cirq.measure(q[1], q[2], key="end"),
    )
    built = qc.compile(circuit, target="line(3)")
    records = cirq.Simulator(dtype=np.complex128, seed=1).run(built.circuit, repetitions=50).records
    assert np.array_equal(records["m"][:, 0, 0], records["m"][:, 1, 0])
    assert np.array_equal(records["end"][:, 0, 0], records["m"][:, 0, 0])
    assert np.array_equal(records["end"][:, 0, 0], records["end"][:, 0, 1])


def test_small_and_empty_circuits_work() -> None:
    q = cirq.LineQubit.range(2)
    assert len(qc.compile(cirq.Circuit(), target="line(2)").tape) == 0
    assert qc.certify(qc.compile(cirq.Circuit(cirq.H(q[0])), target="line(2)")).ok
    apart = qc.Target.from_couplings(4, [(0, 1), (2, 3)])
    two_parts = qc.tape_of("cx 0 1; cx 2 3; h 0; cx 0 1")
    assert qc.certify(qc.compile(two_parts, target=apart)).ok


def test_a_list_gives_a_list_and_route_leaves_swaps_visible() -> None:
    many = qc.compile([qc.tape_of("cx 0 1"), qc.tape_of("cx 0 1; cx 1 2")], target="line(3)")
    assert [one.n_qubits for one in many] == [2, 3]
    routed = qc.route(qc.tape_of("cx 0 1; cx 1 2; cx 0 2; cx 0 1; cx 1 2; cx 0 2"), "line(3)")
    assert int((routed.tape.opcode == Op.SWAP).sum()) == routed.n_swaps > 0
    assert qc.certify(routed).ok


def test_the_same_seed_gives_the_same_tape() -> None:
    circuit = _random(4, 10, 7)
    one, two = (qc.compile(circuit, target="grid(3,3)", seed=5) for _ in range(2))
    assert one.tape.digest == two.tape.digest


def test_cirqs_own_transformer_takes_the_gateset() -> None:
    q = cirq.LineQubit.range(2)
    circuit = cirq.Circuit(cirq.CNOT(*q), cirq.ry(0.3)(q[0]), cirq.ISWAP(*q) ** 0.4)
    done = cirq.optimize_for_target_gateset(circuit, gateset=qc.TargetGateset("line(2)"))
    cirq.testing.assert_allclose_up_to_global_phase(cirq.unitary(circuit), cirq.unitary(done), atol=1e-7)
    assert all(isinstance(op.gate, cirq.CZPowGate | cirq.PhasedXZGate) for op in done.all_operations())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "google_wilow_105"}, "google_willow_105"),
        ({"target": "line(2)"}, "needs 3 qubits"),
        ({"target": "line(3)", "effort": 9}, "effort is 9"),
        ({"target": "line(3)", "objective": "speed"}, "objective is 'speed'"),
        ({"target": "line(3)", "seed": -1}, "seed is -1"),
        ({"target": "line(3)", "time_limit": 0}, "time limit is 0"),
        ({"target": "line(3)", "initial_layout": [0, 0, 1]}, "initial_layout"),
        ({"target": "line(3)", "initial_layout": [0, 1, 7]}, "holds 7"),
        ({"target": "line(3)", "allowed_qubits": [0]}, "allowed_qubits"),
        ({"target": "line(3)", "final_layout": "home"}, "final_layout"),
        ({"target": "line(3)", "flavour": 1}, "flavour"),
    ],
)
def test_wrong_options_are_one_clear_message(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        qc.compile(qc.tape_of("cx 0 1; cx 1 2"), **options)


def test_a_gate_without_a_meaning_is_refused() -> None:
    class Mystery(cirq.Gate):
        def _num_qubits_(self) -> int:
            return 2

    with pytest.raises(InputError, match="Mystery"):
        qc.compile(cirq.Circuit(Mystery()(*cirq.LineQubit.range(2))), target="line(3)")
    with pytest.raises(InputError, match="circuit is a int"):
        qc.compile(7, target="line(3)")
