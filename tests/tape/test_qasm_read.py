"""OpenQASM 2 and 3 read as what they mean; anything else is refused with its line and column."""

from __future__ import annotations

import math
import re

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.tape import Condition, Op, Tape, parse_expr, qasm_state, read_qasm, tape_of, tape_unitary

TWO = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
THREE = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def two(body: str) -> Tape:
    return read_qasm(TWO + body)


def three(body: str) -> Tape:
    return read_qasm(THREE + body)


def same_up_to_phase(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(abs(abs(np.vdot(a, b)) / len(a) - 1) < 1e-9)


# OpenQASM 2 ------------------------------------------------------------------------------------------------------

# The library as the language's authors published it, so that the names known here are checked against its own words.
QELIB1 = """
gate u3(theta,phi,lambda) q { U(theta,phi,lambda) q; }
gate u2(phi,lambda) q { U(pi/2,phi,lambda) q; }
gate u1(lambda) q { U(0,0,lambda) q; }
gate cx c,t { CX c,t; }
gate id a { U(0,0,0) a; }
gate x a { u3(pi,0,pi) a; }
gate y a { u3(pi,pi/2,pi/2) a; }
gate z a { u1(pi) a; }
gate h a { u2(0,pi) a; }
gate s a { u1(pi/2) a; }
gate sdg a { u1(-pi/2) a; }
gate t a { u1(pi/4) a; }
gate tdg a { u1(-pi/4) a; }
gate rx(theta) a { u3(theta,-pi/2,pi/2) a; }
gate ry(theta) a { u3(theta,0,0) a; }
gate rz(phi) a { u1(phi) a; }
gate cz a,b { h b; cx a,b; h b; }
gate cy a,b { sdg b; cx a,b; s b; }
gate swap a,b { cx a,b; cx b,a; cx a,b; }
gate ch a,b { h b; sdg b; cx a,b; h b; t b; cx a,b; t b; h b; s b; x b; s a; }
gate ccx a,b,c { h c; cx b,c; tdg c; cx a,c; t c; cx b,c; tdg c; cx a,c; t b; t c; h c; cx a,b; t a; tdg b; cx a,b; }
gate cswap a,b,c { cx c,b; ccx a,b,c; cx c,b; }
gate crz(lambda) a,b { u1(lambda/2) b; cx a,b; u1(-lambda/2) b; cx a,b; }
gate cu1(lambda) a,b { u1(lambda/2) a; cx a,b; u1(-lambda/2) b; cx a,b; u1(lambda/2) b; }
gate cu3(theta,phi,lambda) c,t { u1((lambda+phi)/2) c; u1((lambda-phi)/2) t; cx c,t;
  u3(-theta/2,0,-(phi+lambda)/2) t; cx c,t; u3(theta/2,phi,0) t; }
gate rzz(theta) a,b { cx a,b; u1(theta) b; cx a,b; }
gate rxx(theta) a,b { h a; h b; rzz(theta) a,b; h a; h b; }
gate sx a { sdg a; h a; sdg a; }
gate sxdg a { s a; h a; s a; }
gate crx(lambda) a,b { u1(pi/2) b; cx a,b; u3(-lambda/2,0,0) b; cx a,b; u3(lambda/2,-pi/2,0) b; }
gate cry(lambda) a,b { ry(lambda/2) b; cx a,b; ry(-lambda/2) b; cx a,b; }
gate csx a,b { h b; cu1(pi/2) a,b; h b; }
gate c3x a,b,c,d { h d; cu1(pi/4) a,d; cx a,b; cu1(-pi/4) b,d; cx a,b; cu1(pi/4) b,d; cx b,c; cu1(-pi/4) c,d; cx a,c;
  cu1(pi/4) c,d; cx b,c; cu1(-pi/4) c,d; cx a,c; cu1(pi/4) c,d; h d; }
gate c3sqrtx a,b,c,d { h d; cu1(pi/8) a,d; cx a,b; cu1(-pi/8) b,d; cx a,b; cu1(pi/8) b,d; cx b,c; cu1(-pi/8) c,d;
  cx a,c; cu1(pi/8) c,d; cx b,c; cu1(-pi/8) c,d; cx a,c; cu1(pi/8) c,d; h d; }
gate cu(theta,phi,lambda,gamma) c,t { u1(gamma) c; u1((lambda+phi)/2) c; u1((lambda-phi)/2) t; cx c,t;
  u3(-theta/2,0,-(phi+lambda)/2) t; cx c,t; u3(theta/2,phi,0) t; }
gate rccx a,b,c { u2(0,pi) c; u1(pi/4) c; cx b,c; u1(-pi/4) c; cx a,c; u1(pi/4) c; cx b,c; u1(-pi/4) c; u2(0,pi) c; }
"""


SHAPES = {
    name: (len(angles.split(",")) if angles else 0, len(qubits.split(",")))
    for name, angles, qubits in re.findall(r"gate (\w+)(?:\(([^)]*)\))? ([\w, ]+?) *\{", QELIB1)
}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_library_means_what_its_text_says_up_to_phase(name: str) -> None:
    n_angles, n_qubits = SHAPES[name]
    angles = f"({','.join(['0.3', '-1.1', '2.3', '0.7'][:n_angles])})" if n_angles else ""
    call = f"qreg q[{n_qubits}];\n{name}{angles} {','.join(f'q[{k}]' for k in range(n_qubits))};"
    known, spelled_out = two(call), read_qasm("OPENQASM 2.0;" + QELIB1 + call)
    assert same_up_to_phase(tape_unitary(known), tape_unitary(spelled_out))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_cirq_writes(seed: int) -> None:
    line = cirq.LineQubit.range(4)
    circuit = cirq.testing.random_circuit(line, 8, 0.8, random_state=seed)
    text = circuit.to_qasm(qubit_order=line)
    wanted = circuit.unitary(qubit_order=line, qubits_that_should_be_present=line)
    assert same_up_to_phase(tape_unitary(read_qasm(text)), wanted)


def test_registers_keep_their_order_and_unused_qubits_count() -> None:
    tape = two("qreg b[2];\nqreg a[3];\nx a[0]; cx b[1], a[2];")
    assert tape.n_qubits == 5
    assert tape.ops() == ["x 2", "cx 1 4"]
    assert tape.qubit_names == ("b[0]", "b[1]", "a[0]", "a[1]", "a[2]")


def test_calls_are_broadcast_over_registers() -> None:
    tape = two("qreg q[2]; qreg r[2]; h q; cx q,r; cx q[0],r; rx(0.5) r;")
    assert tape.ops() == ["h 0", "h 1", "cx 0 2", "cx 1 3", "cx 0 2", "cx 0 3", "rx(0.5) 2", "rx(0.5) 3"]


def test_defined_gates_nest_and_take_angles() -> None:
    gates = "gate a(t) x { rx(2*t) x; } gate b(s, t) x, y { a(s+t) y; barrier x; cx y, x; }"
    body = gates + "qreg q[2]; b(0.1, pi) q[1], q[0];"
    tape = two(body)
    assert tape.opcode.tolist() == [Op.RX, Op.BARRIER, Op.CX]
    assert tape.angle[0, 0] == pytest.approx(2 * (0.1 + math.pi))
    assert tape.qubits_of(2) == (0, 1)


def test_a_definition_that_means_a_known_gate_is_that_gate() -> None:
    gates = "gate iswap a,b { s a; s b; h a; cx a,b; cx b,a; h b; } gate ecr a,b { h a; }"
    assert two(gates + "qreg q[2]; iswap q[1],q[0]; ecr q[0],q[1];").ops() == ["iswap 1 0", "h 0"]
    off = two("gate swap a,b { cx a,b; cx b,a; cx a,b; rz(2*pi) a; } qreg q[2]; swap q[0],q[1]; swap q[0],q[1];")
    assert off.ops() == ["swap 0 1"] * 2
    assert abs(off.phase.const) == pytest.approx(2 * math.pi)


def test_the_version_without_a_library() -> None:
    tape = read_qasm("OPENQASM 2.0; qreg q[2]; U(0.1,0.2,0.3) q[0]; CX q[0],q[1];")
    assert tape.ops() == ["u3(0.1,0.2,0.3) 0", "cx 0 1"]


def test_single_measurements_that_follow_one_another_are_one() -> None:
    tape = two("qreg q[3]; creg c[3]; measure q[2] -> c[1]; measure q[0] -> c[0]; measure q[1] -> c[2]; x q[0];")
    assert tape.ops() == ["measure 0 2 1", "x 0"]
    tape = two("qreg q[3]; creg c[3]; measure q[2] -> c[2]; x q[2]; measure q[0] -> c[0];")
    assert tape.ops() == ["measure 2", "x 2", "measure 0"]
    assert [m.offset for m in tape.measurements] == [2, 0]
    assert two("qreg q[3]; creg c[3]; measure q -> c;").ops() == ["measure 0 1 2"]


def test_conditions_read_registers_least_bit_first() -> None:
    tape = two("qreg q[3]; creg c[2]; measure q[0] -> c[0]; measure q[1] -> c[1]; if (c == 1) x q[2];")
    assert tape.conditions == (Condition(("c",), "bits", (("c", 1), ("c", 0)), 1),)
    run = cirq.Simulator().run(two(
        "qreg q[3]; creg c[2]; creg d[1]; x q[0]; measure q[0] -> c[0]; measure q[1] -> c[1];"
        "if(c==1) x q[2]; if(c==2) x q[2]; measure q[2] -> d[0];"
    ).to_cirq())  # fmt: skip
    assert run.measurements["d"].tolist() == [[1]]


def test_bits_that_nothing_measured_are_zero() -> None:
    tape = two(
        "qreg q[2]; creg c[2]; if(c==0) x q[0]; if(c==1) y q[0]; measure q[0] -> c[0];if(c==2) z q[1]; if(c==1) h q[1];"
    )
    assert tape.ops() == ["x 0", "measure 0", "h 1"]
    assert tape.conditions == (Condition(("c",), "bits", (("c", 0),), 1),)


def test_opaque_gates_stay_in_order() -> None:
    tape = two("opaque magic(a) x, y; qreg q[2]; h q[0]; magic(0.5) q[1], q[0]; reset q[0];")
    assert tape.ops() == ["h 0", "opaque 1 0", "reset 0"]
    assert tape.opaques[0].text == "magic(0.5)"


def test_comments_are_spaces() -> None:
    assert two("// qreg z[9];\nqreg q[1]; /* x q[0];\n*/ h q[0]; // end").ops() == ["h 0"]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for head in ("", TWO + "qreg q[2];", THREE + "qubit[2] q;"):
        try:
            read_qasm(head + text)
        except InputError as error:
            assert "line" in str(error)  # noqa: PT017 - both outcomes are right


TOKENS = st.sampled_from(
    [
        *"q[](){};,012:+-*hxc=@",
        "->",
        "==",
        "pi",
        "cx",
        "rx(",
        "gate",
        "if",
        "for",
        "in",
        "measure",
        "bit",
        "ctrl",
        "inv",
    ]
)


@settings(max_examples=100, deadline=None)
@given(tokens=st.lists(TOKENS, max_size=14))
def test_any_tokens_are_read_or_refused(tokens: list[str]) -> None:
    for head in (TWO + "qreg q[2]; creg c[2];", THREE + "qubit[2] q; bit[2] c;"):
        try:
            read_qasm(head + " ".join(tokens))
        except InputError as error:
            assert "line" in str(error)  # noqa: PT017 - both outcomes are right


# OpenQASM 3 ------------------------------------------------------------------------------------------------------


def test_modifiers() -> None:
    def unitary(text: str) -> np.ndarray:
        return tape_unitary(three("qubit[3] q; " + text))

    np.testing.assert_allclose(unitary("ctrl @ x q[0], q[1];"), unitary("cx q[0], q[1];"), atol=1e-12)
    np.testing.assert_allclose(unitary("ctrl(2) @ x q[0], q[1], q[2];"), unitary("ccx q[0], q[1], q[2];"), atol=1e-12)
    np.testing.assert_allclose(
        unitary("negctrl @ ctrl @ rz(0.3) q[0], q[1], q[2];"),
        unitary("x q[0]; ctrl(2) @ rz(0.3) q[0], q[1], q[2]; x q[0];"),
        atol=1e-12,
    )
    np.testing.assert_allclose(
        unitary("inv @ u3(0.1, 0.2, 0.3) q[0];"), unitary("u3(-0.1, -0.3, -0.2) q[0];"), atol=1e-12
    )
    np.testing.assert_allclose(unitary("pow(1/2) @ x q[0];"), unitary("sx q[0];"), atol=1e-12)
    np.testing.assert_allclose(unitary("pow(-2) @ s q[0];"), unitary("z q[0];"), atol=1e-12)
    np.testing.assert_allclose(
        unitary("inv @ ctrl @ pow(2) @ t q[0], q[1];"), unitary("cp(-pi/2) q[0], q[1];"), atol=1e-12
    )
    np.testing.assert_allclose(unitary("ctrl @ gphase(0.3) q[0];"), unitary("p(0.3) q[0];"), atol=1e-12)
    np.testing.assert_allclose(unitary("gphase(0.3);"), np.exp(0.3j) * np.eye(8), atol=1e-12)
    np.testing.assert_allclose(
        unitary("gate g(t) a, b { gphase(t); cx a, b; } ctrl @ g(0.3) q[2], q[0], q[1];"),
        unitary("p(0.3) q[2]; ccx q[2], q[0], q[1];"),
        atol=1e-12,
    )


def test_the_four_angle_gate_is_the_controlled_one() -> None:
    made = tape_unitary(three("qubit[2] q; cu(0.1, 0.2, 0.3, 0.4) q[0], q[1];"))
    inner = tape_unitary(tape_of("u3(0.1, 0.2, 0.3) 0"))
    np.testing.assert_allclose(made[2:, 2:], np.exp(0.4j) * inner, atol=1e-12)
    np.testing.assert_allclose(made[:2, :2], np.eye(2), atol=1e-12)


def test_inputs_are_parameters() -> None:
    tape = three(
        "input float[64] theta; input angle b; qubit q; gate g(t) a { rz(t/2) a; } g(2*theta + b) q; rx(sin(b)) q;"
    )
    assert tape.parameters == ("b", "theta")
    bound = tape.bind({"theta": 0.3, "b": 0.1})
    np.testing.assert_allclose(bound.angle[:, 0], [0.35, math.sin(0.1)], atol=1e-15)


def test_names_of_angles_do_not_meet_outer_parameters() -> None:
    tape = three("input float t; qubit q; gate g(s, t) a { rz(s) a; rx(t) a; } g(t, 2*t) q;")
    assert tape.ops() == ["rz(t) 0", "rx(2*t) 0"]


def test_loops_are_unrolled() -> None:
    body = "const int n = 4; qubit[n] q; for int i in [0:n-2] { cx q[i], q[i+1]; rz(pi*i) q[i]; }"
    assert three(body + "for uint k in {0, 3} x q[k];").ops() == [
        "cx 0 1",
        "rz(0) 0",
        "cx 1 2",
        "rz(3.14159265359) 1",
        "cx 2 3",
        "rz(6.28318530718) 2",
        "x 0",
        "x 3",
    ]
    assert three("qubit[4] q; for int i in [3:-2:0] { for int j in [0:0] h q[i-j]; }").ops() == ["h 3", "h 1"]
    assert three("qubit q; for int i in [1:0] { nonsense here; } x q;").ops() == ["x 0"]
    assert three("qubit[3] q; gate g a, b { for int i in [1:2] { cx a, b; } } g q[0], q[2];").ops() == ["cx 0 2"] * 2


def test_loops_in_loops_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qasm_state, "_MAX_STEPS", 100)
    with pytest.raises(InputError, match="more than 100 turns of loops"):
        three("for int i in [0:20] { for int j in [0:20] { ; } }")


def test_registers_ranges_and_aliases() -> None:
    tape = three(
        "qubit[4] q; qubit a; let b = q[1:2]; x b; h q[-1]; cx q[{3, 0}], b; let all = a ++ q; z all[0]; y q[0:2:3];"
    )
    assert tape.ops() == ["x 1", "x 2", "h 3", "cx 3 1", "cx 0 2", "z 4", "y 0", "y 2"]


def test_hardware_qubits() -> None:
    tape = three("h $2; cx $2, $0;")
    assert (tape.n_qubits, tape.ops()) == (3, ["h 2", "cx 2 0"])


def test_measurements_conditions_and_branches() -> None:
    tape = three(
        "qubit[3] q; bit[2] c; bit d = measure q[2]; c = measure q[0:1];"
        "if (c == 2) { x q[2]; } else { z q[2]; }"
        "if (c[0] && !c[1]) y q[2]; if (!(c[0] == 1 && d == 1)) h q[2]; if (d) { if (c[1]) { s q[2]; } }"
        "if (1 < 2) t q[2]; if (c == \"01\") tdg q[2];"
    )  # fmt: skip
    bits = (("c", 1), ("c", 0))
    assert tape.ops()[2:] == ["x 2", "z 2", "y 2", "h 2", "s 2", "t 2", "tdg 2"]
    assert [tape.conditions[k] if k >= 0 else None for k in tape.condition[2:]] == [
        Condition(("c",), "bits", bits, 2),
        Condition(("c",), "bits", bits, 2, negate=True),
        Condition(("c",), "bits", bits, 1),
        Condition(("d", "c"), "bits", (("d", 0), ("c", 0)), 3, negate=True),
        Condition(("c", "d"), "bits", (("c", 1), ("d", 0)), 3),
        None,
        Condition(("c",), "bits", bits, 1),
    ]


def test_delays_are_waits() -> None:
    tape = three("qubit[2] q; delay[100ns] q[1]; delay[1.5us] q;")
    waits = [cirq.WaitGate(cirq.Duration(nanos=t)) for t in (100, 1500, 1500)]
    assert [item.payload for item in tape.opaques] == waits
    assert tape.ops() == ["opaque 1", "opaque 0", "opaque 1"]


def test_annotations_pragmas_and_boxes_are_passed_over() -> None:
    assert three("#pragma some thing\n@mark it\nqubit q; box[100ns] { x q; }\npragma more\nh q;").ops() == [
        "x 0",
        "h 0",
    ]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (TWO + "qreg q[2];\n  foo q[0];", (4, 3), "unknown gate 'foo'"),
        (TWO + "qreg q[2];\nhh q[0];", (4, 1), "did you mean h"),
        ("OPENQASM 2.0;\nqreg q[1]; h q[0];", (2, 12), "qelib1.inc"),
        (TWO + "qreg q[2];\nrx(pi/) q[0];", (4, 4), "ends too early"),
        (TWO + "qreg q[2];\nrx(theta) q[0];", (4, 4), "unknown name 'theta'"),
        (TWO + "qreg q[2];\nh q[2];", (4, 5), "index 2 of 'q'; use 0 to 1"),
        (TWO + "qreg q[2];\nh r[0];", (4, 3), "unknown qubit 'r'"),
        (TWO + "qreg q[2];\nh q[0]", (4, 7), "';' is missing"),
        (TWO + "qreg q[2];\ncx q[0],q[0];", (4, 4), "twice to one qubit"),
        (TWO + "qreg q[2];\ncx q[0];", (4, 4), "it takes 2"),
        (TWO + "qreg q[2];\nrx q[0];", (4, 1), "it takes 1"),
        (TWO + "qreg q[2]; qreg r[3];\ncx q,r;", (4, 4), "sizes"),
        (TWO + "qreg q[2];\nqreg q[3];", (4, 6), "twice"),
        (TWO + "qreg q[0];", (3, 6), "declares 0 qubits"),
        (TWO + "qreg q[99999999999];", (3, 6), "use 1 to"),
        (TWO + "qreg q[2]; creg c[1];\nmeasure q -> c;", (4, 16), "2 qubits into 1 bits"),
        (TWO + "gate g a { g a; }", (3, 12), "unknown gate 'g'"),
        (TWO + "gate g a { h a; } gate g a { x a; }", (3, 24), "twice"),
        (TWO + "gate g a { measure a; }", (3, 12), "'measure'"),
        (TWO + "qreg q[1]; rx(1e999) q[0];", (3, 15), "not finite"),
        (TWO + 'include "other.inc";', (3, 9), "paste its gates in"),
        (TWO + 'qreg q[1]; rx(__import__("os")) q[0];', (3, 15), "unexpected character"),
        ("OPENQASM 4.0;", (1, 10), "use version 2.0 or 3.0"),
        (THREE + "def f(qubit q) { x q; }", (3, 1), "not supported"),
        (THREE + "while (true) { }", (3, 1), "not supported"),
        (THREE + "qubit q; int n = 1;\nn = 2;", (4, 1), "variables that change"),
        (THREE + "int n = 1.5;", (3, 5), "whole number"),
        (THREE + "qubit q;\npow(0.5) @ ctrl(2000) @ x q;", (4, 17), "2000 controls"),
        (THREE + "qubit q; bit c;\nif (c == 2 || c == 1) x q;", (4, 5), "'||'"),
        (THREE + "qubit q; bit c; c = measure q;\nif (c) c = measure q;", (4, 22), "its own condition"),
        (THREE + "for int i in [0:10000000] { }", (3, 15), "at most 1000000"),
        (THREE + "if (true) {" * 600, None, "nested too deeply"),
        (THREE + "qubit q; U(" + "(" * 500 + "1" + ")" * 500 + ", 0, 0) q;", (3, 12), "nested too deeply"),
        (THREE + "qubit q; delay[5dt] q;", (3, 16), "a number with a unit"),
    ],
)
def test_errors_name_line_and_column(text: str, place: tuple[int, int] | None, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_qasm(text, where="my.qasm")
    assert message in str(caught.value)
    if place is not None:
        assert f"my.qasm: line {place[0]}, column {place[1]} " in str(caught.value)


def test_parameters_may_be_called_like_constants_of_other_languages() -> None:
    tape = two("gate g(e) a { rz(e) a; } qreg q[1]; g(0.5) q[0];")
    assert tape.angle[0, 0] == 0.5
    assert parse_expr("e").const == math.e
