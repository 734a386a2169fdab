"""Laws of writing OpenQASM: it reads back as the same circuit, in both versions, global phase included."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.tape import Condition, Expr, Op, Opaque, Tape, TapeBuilder, read_qasm, tape_of, tape_unitary, write_qasm
from qcompile.tape.qasm_write_gates import angle_text
from tests.tape.samples import UNITARY_OPS, bindings, every_gate, random_tape

WRITABLE = tuple(op for op in UNITARY_OPS if op not in (Op.MAT2, Op.MAT3))
IN_TWO = tuple(op for op in WRITABLE if op is not Op.MCP)
quick = settings(max_examples=20, deadline=None)


@pytest.mark.parametrize(("version", "ops"), [("3.0", WRITABLE), ("2.0", IN_TWO)])
def test_every_gate_reads_back(version: str, ops: tuple[Op, ...]) -> None:
    tape = every_gate(ops=ops, n_qubits=5)
    back = read_qasm(write_qasm(tape, version=version))
    np.testing.assert_allclose(tape_unitary(back), tape_unitary(tape), atol=1e-13)


@pytest.mark.parametrize("version", ["3.0", "2.0"])
def test_named_gates_read_back_as_themselves(version: str) -> None:
    names = [op for op in IN_TWO if op not in (Op.MAT1, Op.MCX)]
    tape = every_gate(ops=names)
    assert read_qasm(write_qasm(tape, version=version)) == tape


@quick
@given(seed=st.integers(0, 10**6))
def test_symbols_read_back(seed: int) -> None:
    tape = random_tape(seed, ops=WRITABLE, symbols=("theta", "b")).with_phase(0.7 * Expr.symbol("b"))
    back = read_qasm(write_qasm(tape))
    assert set(back.parameters) == set(tape.parameters)
    values = bindings(tape, seed)
    np.testing.assert_allclose(tape_unitary(back.bind(values)), tape_unitary(tape.bind(values)), atol=1e-12)


def test_formulas_read_back() -> None:
    tape = tape_of("rx(atan(a)*b) 0; rz(1/(a - b)) 0; ry(-(a**2)) 0; p(sqrt(abs(a*b)) - asin(b/2)) 0")
    values = {"a": 0.7, "b": -0.4}
    back = read_qasm(write_qasm(tape))
    np.testing.assert_allclose(back.bind(values).angle, tape.bind(values).angle, atol=1e-15)
    assert "arctan(a)" in write_qasm(tape)


def test_what_is_written_is_stable_and_plain() -> None:
    tape = tape_of("h 0; rz(pi/2) 1; cx 0 1; fsim(0.25, 0) 0 1", n_qubits=3)
    assert write_qasm(tape) == (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
        "gate rxx(t) a, b { h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; }\n"
        "gate ryy(t) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(t) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }\n"
        "gate fsim(t, f) a, b { rxx(t) a, b; ryy(t) a, b; cp(-f) a, b; }\n"
        "qubit[3] q;\nh q[0];\nrz(pi/2) q[1];\ncx q[0], q[1];\nfsim(0.25, 0.0) q[0], q[1];\n"
    )
    assert write_qasm(tape_of("p(0.5) 0"), version="2.0").endswith("qreg q[1];\nu1(0.5) q[0];\n")


@settings(deadline=None)
@given(value=st.floats(-100, 100))
def test_angles_read_back_bit_by_bit(value: float) -> None:
    text = f'OPENQASM 3.0; include "stdgates.inc"; qubit q; rz({angle_text(value)}) q;'
    assert read_qasm(text).angle[0, 0] == value


@pytest.mark.parametrize("d", [1, 2, 3, 4, 6, 8, 16])
def test_multiples_of_pi_are_named(d: int) -> None:
    text = angle_text(3 * np.pi / d)
    assert "pi" in text
    assert read_qasm(f'OPENQASM 3.0; include "stdgates.inc"; qubit q; p({text}) q;').angle[0, 0] == 3 * np.pi / d


def test_measurements_and_conditions_read_back() -> None:
    b = TapeBuilder(4)
    b.measure(2, 0, key="c", offset=1)
    b.add("x", 1, condition=Condition(("c",), "bits", (("c", 2), ("c", 1)), 2))
    b.add("z", 1, condition=Condition(("c",), "bits", (("c", 2), ("c", 1)), 2, negate=True))
    b.add("y", 1, condition=Condition(("c",), "bits", (("c", 1),), 1))
    b.add("barrier", 0, 1)
    b.add("reset", 3)
    tape = b.build()
    assert read_qasm(write_qasm(tape)) == tape


def test_conditions_on_whole_keys() -> None:
    b = TapeBuilder(3)
    b.measure(0, 1, key="c")
    b.add("x", 2, condition=Condition(("c",)))
    b.add("z", 2, condition=Condition(("c",), negate=True))
    text = write_qasm(b.build())
    assert "if (c != 0) x q[2];" in text
    back = read_qasm(text)
    assert back.conditions[0] == Condition(("c",), "bits", (("c", 1), ("c", 0)), 0, negate=True)


def test_conditions_in_version_two() -> None:
    b = TapeBuilder(2)
    b.measure(0, key="c")
    b.add("x", 1, condition=Condition(("c",)))
    b.add("y", 1, condition=Condition(("c",), "bits", (("c", 0),), 0))
    text = write_qasm(b.build(), version="2.0")
    assert "if (c == 1) x q[1];\nif (c == 0) y q[1];\n" in text
    assert len(read_qasm(text).conditions) == 2


def test_inverted_outcomes_are_flipped_by_gates() -> None:
    b = TapeBuilder(2)
    b.measure(0, 1, key="c", invert=(False, True))
    assert read_qasm(write_qasm(b.build())).ops() == ["x 1", "measure 0 1", "x 1"]


def test_waits_and_opaque_gates() -> None:
    b = TapeBuilder(1)
    b.opaque(Opaque("wait", cirq.WaitGate(cirq.Duration(nanos=2.5))), 0)
    assert read_qasm(write_qasm(b.build())).opaques[0].payload == cirq.WaitGate(cirq.Duration(nanos=2.5))
    text = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nopaque magic(p0, p1) a0;\nqreg q[1];\nmagic(0.5,1.0) q[0];\n'
    assert write_qasm(read_qasm(text), version="2.0") == text


def test_names_that_the_language_forbids_are_changed_and_told() -> None:
    b = TapeBuilder(2)
    b.add("rx", 0, angles=[Expr.symbol("theta[0]")])
    b.add("rx", 0, angles=[Expr.symbol("theta_0")])
    b.add("rx", 0, angles=[Expr.symbol("gate")])
    b.measure(0, key="0:m")
    b.measure(1, key="q")
    text = write_qasm(b.build())
    assert "// theta_0_1 stands for theta[0]" in text
    back = read_qasm(text)
    assert len(back.parameters) == 3
    assert len({m.key for m in back.measurements}) == 2


def test_calls_are_unrolled() -> None:
    circuit = cirq.CircuitOperation(cirq.FrozenCircuit(cirq.H(cirq.LineQubit(0))), repetitions=3)
    assert read_qasm(write_qasm(Tape.from_cirq(cirq.Circuit(circuit)))).ops() == ["h 0"] * 3


def test_empty_tapes() -> None:
    for version in ("2.0", "3.0"):
        assert len(read_qasm(write_qasm(TapeBuilder(0).build(), version=version))) == 0
        assert read_qasm(write_qasm(TapeBuilder(3).build(), version=version)).n_qubits == 3


def wide() -> Tape:
    b = TapeBuilder(2)
    b.add_matrix(np.eye(4, dtype=np.complex128), 0, 1)
    return b.build()


def noisy() -> Tape:
    return Tape.from_cirq(cirq.Circuit(cirq.depolarize(0.1)(cirq.LineQubit(0))))


@pytest.mark.parametrize(
    ("tape", "version", "message"),
    [
        (wide(), "3.0", "synthesize the circuit first"),
        (noisy(), "3.0", "depolarize"),
        (tape_of("rx(t) 0"), "2.0", "write version 3.0"),
        (tape_of("mcx 0 1 2 3 4 5"), "2.0", "5 controls"),
        (tape_of("h 0"), "4.0", "use 3.0 or 2.0"),
    ],
)
def test_what_cannot_be_said_is_refused(tape: Tape, version: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        write_qasm(tape, version=version)
