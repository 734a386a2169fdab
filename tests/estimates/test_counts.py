"""Logical counts: arithmetic, formulas, and what each gate of a tape costs."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from estimates.counts import LogicalCounts
from estimates.tape_counts import counts_of_tape
from qcompile.errors import InputError
from qcompile.tape import Call, Expr, Tape, TapeBuilder

FIELDS = ("t", "ccz", "rotations", "rotation_depth", "measurements", "cliffords", "cnot")
small = st.builds(
    LogicalCounts,
    n_qubits=st.integers(1, 50),
    t=st.integers(0, 99),
    ccz=st.integers(0, 99),
    rotations=st.integers(0, 99),
    measurements=st.integers(0, 99),
    cliffords=st.integers(0, 99),
)


@given(a=small, b=small, k=st.integers(0, 9))
def test_sums_and_multiples(a: LogicalCounts, b: LogicalCounts, k: int) -> None:
    both = a + b
    assert both.n_qubits == max(a.n_qubits, b.n_qubits)
    for name in FIELDS:
        assert getattr(both, name) == getattr(a, name) + getattr(b, name)
        assert getattr(a * k, name) == k * getattr(a, name)
    assert a * 2 == a + a
    assert k * a == a * k


@given(n=st.integers(1, 200), layers=st.integers(1, 50))
def test_formulas_evaluate_to_the_counts_of_the_numbers(n: int, layers: int) -> None:
    s, depth = sympy.symbols("n L", integer=True, positive=True)
    formula = LogicalCounts(n_qubits=s, rotations=3 * s * depth - 2 * (depth - 1), cnot=(s - 1) * depth)
    assert formula.symbols == ("L", "n")
    number = formula.evaluate(n=n, L=layers)
    assert number == LogicalCounts(n_qubits=n, rotations=3 * n * layers - 2 * (layers - 1), cnot=(n - 1) * layers)
    assert formula.evaluate(n=n).symbols == ("L",)
    assert isinstance(number.rotations, int)


def test_bad_counts_are_refused() -> None:
    with pytest.raises(InputError, match=r"counts\.t"):
        LogicalCounts(n_qubits=1, t=-1)
    for wrong in (1.5, "x", None, True, math.nan):
        with pytest.raises(InputError, match=r"counts\.t"):
            LogicalCounts(n_qubits=1, t=wrong)
    assert LogicalCounts(n_qubits=np.int64(3), t=1e6).t == 10**6
    with pytest.raises(InputError, match="no size"):
        LogicalCounts(n_qubits=1).evaluate(n=3)


def tape_of_gate(op: str, n: int, angles: tuple[object, ...] = ()) -> Tape:
    builder = TapeBuilder(n)
    builder.add(op, *range(n), angles=angles)  # type: ignore[arg-type]
    return builder.build()


S = Expr.symbol("t")
PI = math.pi
# gate, qubits, angles -> T, CCZ states, rotations, CNOT
GATES = [
    ("rz", 1, (0.3,), 0, 0, 1, 0),
    ("rz", 1, (S,), 0, 0, 1, 0),
    ("rz", 1, (PI / 4,), 1, 0, 0, 0),
    ("rx", 1, (-3 * PI / 4,), 1, 0, 0, 0),
    ("ry", 1, (PI / 2,), 0, 0, 0, 0),
    ("rz", 1, (2 * PI,), 0, 0, 0, 0),
    ("rz", 1, (1e-6,), 0, 0, 1, 0),
    ("p", 1, (7 * PI / 4,), 1, 0, 0, 0),
    ("t", 1, (), 1, 0, 0, 0),
    ("crz", 2, (0.3,), 0, 0, 2, 2),
    ("cry", 2, (0.3,), 0, 0, 2, 2),
    ("crx", 2, (PI / 2,), 2, 0, 0, 2),
    ("crx", 2, (PI,), 0, 0, 0, 2),
    ("rzz", 2, (0.3,), 0, 0, 1, 2),
    ("rxx", 2, (S,), 0, 0, 1, 2),
    ("ryy", 2, (PI / 4,), 1, 0, 0, 2),
    ("cp", 2, (0.3,), 0, 1, 1, 0),
    ("cp", 2, (PI / 2,), 3, 0, 0, 2),
    ("cp", 2, (PI,), 0, 0, 0, 1),
    ("cp", 2, (2 * PI,), 0, 0, 0, 0),
    ("cp", 2, (3 * PI / 2,), 3, 0, 0, 2),
    ("ccz", 3, (), 0, 1, 0, 0),
    ("ccx", 3, (), 0, 1, 0, 0),
    ("cswap", 3, (), 0, 1, 0, 2),
    ("mcp", 3, (0.3,), 0, 2, 1, 0),
    ("mcp", 4, (PI,), 0, 2, 0, 1),
    ("mcx", 4, (), 0, 2, 0, 0),
    ("mcx", 3, (), 0, 1, 0, 0),
    ("fsim", 2, (0.2, 0.3), 0, 1, 3, 2),
    ("phxz", 1, (0.1, 0.2, 0.3), 0, 0, 3, 0),
    ("phxz", 1, (0.0, 0.2, 0.3), 0, 0, 1, 0),
    ("phxz", 1, (PI, 0.2, 0.3), 0, 0, 1, 0),
    ("phxz", 1, (PI / 2, -0.3, 0.3), 0, 0, 1, 0),
    ("u3", 1, (0.1, 0.2, 0.3), 0, 0, 3, 0),
    ("u3", 1, (PI / 2, 0.0, PI), 0, 0, 0, 0),
    ("h", 1, (), 0, 0, 0, 0),
    ("swap", 2, (), 0, 0, 0, 3),
    ("iswap", 2, (), 0, 0, 0, 2),
    ("ch", 2, (), 2, 0, 0, 1),
]


@pytest.mark.parametrize(("op", "n", "angles", "t", "ccz", "rotations", "cnot"), GATES)
def test_gates(op: str, n: int, angles: tuple[object, ...], t: int, ccz: int, rotations: int, cnot: int) -> None:
    c = counts_of_tape(tape_of_gate(op, n, angles))
    assert (c.t, c.ccz, c.rotations, c.cnot) == (t, ccz, rotations, cnot)
    assert c.cliffords >= c.cnot


@given(st.lists(st.floats(-7, 7), min_size=3, max_size=3))
def test_a_matrix_costs_what_its_gate_costs(angles: list[float]) -> None:
    """The oracle is another road: the 2x2 matrix of a U3, with its angles found again."""
    from qcompile.tape import tape_unitary

    gate = tape_of_gate("u3", 1, tuple(angles))
    builder = TapeBuilder(1)
    builder.add_matrix(tape_unitary(gate), 0)
    assert counts_of_tape(builder.build()).rotations <= 3
    exact = np.exp(0.3j) * np.diag([1, np.exp(1j * PI / 4)])
    builder = TapeBuilder(1)
    builder.add_matrix(exact, 0)
    c = counts_of_tape(builder.build())
    assert (c.t, c.rotations) == (1, 0)


def ansatz(n: int, layers: int, symbolic: bool) -> Tape:
    builder = TapeBuilder(n)
    for layer in range(layers):
        for q in range(n):
            for axis in ("rx", "ry", "rz"):
                angle = Expr.symbol(f"t_{layer}_{q}_{axis}") if symbolic else 0.1 + 0.3 * layer + 0.2 * q
                builder.add(axis, q, angles=[angle])
        for q in range(n - 1):
            builder.add("cx", q, q + 1)
    return builder.build()


@pytest.mark.parametrize("symbolic", [False, True])
@given(n=st.integers(2, 6), layers=st.integers(1, 4))
def test_an_ansatz_costs_its_formula(symbolic: bool, n: int, layers: int) -> None:
    c = counts_of_tape(ansatz(n, layers, symbolic))
    assert (c.rotations, c.cnot, c.n_qubits, c.t) == (3 * n * layers, (n - 1) * layers, n, 0)
    assert 3 * layers <= c.rotation_depth <= c.rotations


def test_parallel_rotations_share_their_layer() -> None:
    builder = TapeBuilder(5)
    for q in range(5):
        builder.add("rz", q, angles=[0.3])
    assert counts_of_tape(builder.build()).rotation_depth == 1


def test_measurements_and_calls() -> None:
    body = ansatz(3, 1, False)
    builder = TapeBuilder(4)
    builder.call(Call(body, repetitions=1000), 0, 1, 2)
    builder.measure(0, 1, key="m")
    c = counts_of_tape(builder.build())
    assert (c.rotations, c.cnot, c.measurements, c.n_qubits) == (9000, 2000, 2, 4)


def test_an_ancilla_for_an_and() -> None:
    assert counts_of_tape(tape_of_gate("cp", 2, (0.3,))).n_qubits == 3
    assert counts_of_tape(tape_of_gate("mcx", 5, ())).n_qubits == 7
    assert counts_of_tape(tape_of_gate("ccx", 3, ())).n_qubits == 3
