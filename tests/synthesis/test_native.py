"""Laws of the decomposition of wide and symbolic gates: same unitary, phase included, and nothing wide left."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.synthesis.native import decompose_wide
from qcompile.tape import Call, Condition, Expr, Op, Tape, TapeBuilder, tape_unitary

WIDE = {
    "ccx": (3, 0, 6), "ccz": (3, 0, 6), "cswap": (3, 0, 7), "mcx": (4, 0, 14), "mcp": (4, 1, 14),
}  # fmt: skip
PAIRS = {"crx": 2, "cry": 2, "crz": 2, "cp": 2, "rxx": 2, "ryy": 2, "rzz": 2, "fsim": 4}


@pytest.mark.parametrize("name", WIDE)
def test_one_wide_gate(name: str) -> None:
    arity, n_angles, count = WIDE[name]
    b = TapeBuilder(arity)
    b.add(name, *reversed(range(arity)), angles=[0.7] * n_angles)
    tape = b.build()
    out = decompose_wide(tape)
    assert np.abs(tape_unitary(out) - tape_unitary(tape)).max() < 1e-13
    assert out.is_two_qubit.sum() == count
    assert out.arity.max() <= 2


def test_a_matrix_on_three_qubits() -> None:
    b = TapeBuilder(4)
    b.add_matrix(cirq.testing.random_unitary(8, random_state=1), 3, 0, 2)
    out = decompose_wide(b.build())
    assert np.abs(tape_unitary(out) - tape_unitary(b.build())).max() < 1e-12
    assert out.is_two_qubit.sum() == 19


@pytest.mark.parametrize("keep", [(), (Op.RZZ,), (Op.RXX,)])
@pytest.mark.parametrize("name", PAIRS)
def test_one_symbolic_gate(name: str, keep: tuple[Op, ...]) -> None:
    angles = [Expr.symbol("t") + 0.1, Expr.symbol("f") * 2.0][: 2 if name == "fsim" else 1]
    b = TapeBuilder(2)
    b.add(name, 1, 0, angles=angles)
    tape = b.build()
    out = decompose_wide(tape, keep=keep)
    values = {name: 0.3 * k + 0.2 for k, name in enumerate(tape.parameters)}
    assert np.abs(tape_unitary(out.bind(values)) - tape_unitary(tape.bind(values))).max() < 1e-13
    if not keep:
        assert out.is_two_qubit.sum() == PAIRS[name]
        assert set(out.opcode[out.is_two_qubit]) == {Op.CX}
    else:
        # One native primitive for each rotation, no CX.
        assert set(out.opcode[out.is_two_qubit]) == set(keep)
        assert out.is_two_qubit.sum() == (3 if name == "fsim" else 1)


def test_numeric_pairs_stay() -> None:
    b = TapeBuilder(2)
    b.add("cp", 0, 1, angles=[0.3])
    assert decompose_wide(b.build()) == b.build()


@st.composite
def tapes(draw: st.DrawFn) -> Tape:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    b = TapeBuilder(5)
    symbols = [Expr.symbol("s"), Expr.symbol("t")]
    for _ in range(draw(st.integers(0, 12))):
        b.origin, b.fence = ["", "here"][rng.integers(2)], int(rng.integers(2))
        name = str(rng.choice(["h", "rx", "cx", "crx", "cp", "fsim", "ccx", "cswap", "mcx", "mcp", "rzz", "mat3"]))
        q = [int(k) for k in rng.permutation(5)]
        if name == "mat3":
            b.add_matrix(cirq.testing.random_unitary(8, random_state=int(rng.integers(2**31))), *q[:3])
            continue
        arity = {"h": 1, "rx": 1, "ccx": 3, "cswap": 3, "mcx": 4, "mcp": 4}.get(name, 2)
        n_angles = {"h": 0, "cx": 0, "ccx": 0, "cswap": 0, "mcx": 0, "fsim": 2}.get(name, 1)
        angles = [rng.normal() * symbols[rng.integers(2)] + rng.normal() for _ in range(n_angles)]
        b.add(name, *q[:arity], angles=angles, tags=("kept",) if rng.integers(2) else ())
    b.phase = Expr.of(0.4)
    return b.build()


@given(tapes(), st.booleans())
@settings(max_examples=30, deadline=None)
def test_any_tape_keeps_its_unitary(tape: Tape, borrow: bool) -> None:
    out = decompose_wide(tape, borrow=borrow)
    values = {name: 0.7 - k for k, name in enumerate(tape.parameters)}
    assert out.arity.max(initial=0) <= 2
    assert set(out.parameters) == set(tape.parameters)
    assert np.abs(tape_unitary(out.bind(values)) - tape_unitary(tape.bind(values))).max() < 1e-11


def test_conditions_hold_phases_too() -> None:
    b = TapeBuilder(3)
    b.measure(0, key="m")
    b.add("mcp", 1, 2, angles=[Expr.symbol("t")], condition=Condition(("m",)), tags=("kept",))
    out = decompose_wide(b.build())
    assert out.phase == Expr()
    assert (out.condition[1:] >= 0).all()
    assert {out.tags[k] for k in out.tag[1:]} == {("kept",)}
    free = out.take(np.arange(1, len(out))).replace(condition=np.full(len(out) - 1, -1))
    expected = np.kron(np.eye(2), np.diag([1, 1, 1, np.exp(0.7j)]))
    assert np.abs(tape_unitary(free.bind({"t": 0.7})) - expected).max() < 1e-13


def test_bodies_of_calls() -> None:
    body = TapeBuilder(3)
    body.add("ccx", 0, 1, 2)
    b = TapeBuilder(4)
    b.call(Call(body.build(), 3), 3, 1, 0)
    out = decompose_wide(b.build())
    assert out.calls[0].tape.arity.max() <= 2
    assert np.abs(tape_unitary(out) - tape_unitary(b.build())).max() < 1e-13


def test_keep_wide_gates() -> None:
    b = TapeBuilder(3)
    b.add("ccx", 0, 1, 2)
    assert decompose_wide(b.build(), keep=[Op.CCX]) == b.build()
