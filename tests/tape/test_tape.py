"""Laws of the tape: binding, taking, joining, inverting and naming rows keep what the circuit means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.tape import Call, Condition, Expr, Op, Tape, TapeBuilder, tape_of, tape_state, tape_unitary
from tests.tape.samples import bindings, every_gate, random_tape

SEEDS = st.integers(0, 10**6)
quick = settings(max_examples=20, deadline=None)


@quick
@given(seed=SEEDS)
def test_binding_is_the_same_before_and_after(seed: int) -> None:
    tape = random_tape(seed, symbols=("a", "b"))
    values = bindings(tape, seed)
    bound = tape.bind(values)
    assert bound.parameters == ()
    columns = np.array([[values[name] for name in tape.parameters]])
    np.testing.assert_allclose(tape.angles_at(columns)[0], bound.angle, atol=1e-12)
    one_by_one = tape
    for name, value in values.items():
        one_by_one = one_by_one.bind({name: value})
    np.testing.assert_allclose(tape_unitary(one_by_one), tape_unitary(bound), atol=1e-12)


@quick
@given(seed=SEEDS)
def test_relabeling_permutes_the_unitary(seed: int) -> None:
    tape = random_tape(seed, n_qubits=3)
    order = np.random.default_rng(seed).permutation(3)
    tensor = tape_unitary(tape).reshape([2] * 6)
    source = np.argsort(order)
    wanted = tensor.transpose([*source, *(3 + source)]).reshape(8, 8)
    np.testing.assert_allclose(tape_unitary(tape.relabeled(order)), wanted, atol=1e-12)


@quick
@given(seed=SEEDS)
def test_taking_all_rows_changes_nothing(seed: int) -> None:
    tape = random_tape(seed)
    assert tape.take(np.arange(len(tape))) == tape
    assert tape.take(np.ones(len(tape), dtype=bool)) == tape
    assert (tape.take([0]) == tape) == (len(tape) == 1)


@quick
@given(seed=SEEDS)
def test_the_digest_is_of_the_content_not_of_the_tables(seed: int) -> None:
    tape = random_tape(seed, symbols=("a",))
    again = TapeBuilder(tape.n_qubits)
    again.extend(tape)
    assert again.build() == tape
    # The same rows, their tables in another order and with unused entries.
    half = len(tape) // 2
    joined = Tape.concat([tape.take(np.arange(half)), tape.take(np.arange(half, len(tape))).replace(phase=Expr())])
    assert joined == tape
    assert hash(joined) == hash(tape)
    reversed_tables = tape.replace(
        exprs=tuple(reversed(tape.exprs)),
        expr=np.where(tape.expr >= 0, len(tape.exprs) - 1 - tape.expr, -1),
    )
    assert reversed_tables == tape


@pytest.mark.parametrize(
    "other",
    ["x 0; rz(0.5) 1; cx 1 0", "x 1; rz(0.5) 1; cx 0 1", "x 0; rz(0.25) 1; cx 0 1", "x 0; rz(t) 1; cx 0 1",
     "x 0; cx 0 1", "rz(0.5) 1; x 0; cx 0 1"],
)  # fmt: skip
def test_the_digest_tells_circuits_apart(other: str) -> None:
    assert tape_of(other, n_qubits=2) != tape_of("x 0; rz(0.5) 1; cx 0 1", n_qubits=2)


def test_the_digest_sees_every_table() -> None:
    def build(change: str) -> Tape:
        b = TapeBuilder(3)
        b.add_matrix(np.eye(2, dtype=np.complex128) * (-1 if change == "matrix" else 1), 0)
        b.measure(0, 1, 2, key="k" if change == "key" else "m", invert=(change == "invert",))
        b.add("x", 0, condition=Condition(("m",), negate=change == "condition"), tags=(change == "tag",))
        b.call(Call(tape_of("h 0; h 1"), 3 if change == "call" else 2), *((0, 1) if change != "wire" else (1, 0)))
        b.add("ccx", *((0, 1, 2) if change != "wide" else (1, 0, 2)))
        b.phase = Expr(float(change == "phase"))
        return b.build()

    changes = ["", "matrix", "key", "invert", "condition", "tag", "call", "wire", "wide", "phase"]
    assert len({build(change).digest for change in changes}) == len(changes)


def test_conditions_and_tags_of_different_rows_are_told_apart() -> None:
    def build(first: str, second: str) -> Tape:
        b = TapeBuilder(1)
        b.measure(0, key="a")
        b.measure(0, key="b")
        b.add("x", 0, condition=Condition((first,)), tags=(first,))
        b.add("x", 0, condition=Condition((second,)), tags=(second,))
        return b.build()

    assert build("a", "b") != build("b", "a")


def test_columns_are_read_only() -> None:
    tape = every_gate()
    for name in ("opcode", "qubits", "angle", "expr", "mat2"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(tape, name)[0] = 1


def test_calls_are_runs_of_their_body() -> None:
    body = random_tape(1, n_qubits=2)
    b = TapeBuilder(3)
    b.add("h", 2)
    b.call(Call(body, 3), 2, 0)
    b.add("h", 1)
    tape = b.build()
    by_hand = TapeBuilder(3)
    by_hand.add("h", 2)
    for _ in range(3):
        by_hand.extend(body, [2, 0])
    by_hand.add("h", 1)
    np.testing.assert_allclose(tape_unitary(tape), tape_unitary(by_hand.build()), atol=1e-12)


def test_calls_bind_their_parameters_run_by_run() -> None:
    b = TapeBuilder(1)
    run = ((("t", 0.5),), (("t", Expr.symbol("u")),))
    b.call(Call(tape_of("rx(t) 0; rz(v) 0"), 2, run), 0)
    tape = b.build()
    assert tape.parameters == ("v", "u")
    wanted = tape_of("rx(0.5) 0; rz(2) 0; rx(3) 0; rz(2) 0")
    np.testing.assert_allclose(tape_unitary(tape.bind({"u": 3, "v": 2})), tape_unitary(wanted), atol=1e-14)


def test_conditioned_extension_keeps_tags() -> None:
    inner = TapeBuilder(1)
    inner.add("x", 0, tags=("in",))
    b = TapeBuilder(2)
    b.measure(0, key="m")
    b.extend(inner.build(), [1], condition=Condition(("m",)), tags=("out",))
    tape = b.build()
    assert tape.conditions == (Condition(("m",)),)
    assert tape.tags == (("out", "in"),)
    with pytest.raises(InputError, match="condition inside a condition"):
        b.extend(tape, condition=Condition(("m",)))


def test_the_state_is_the_first_column() -> None:
    tape = random_tape(3)
    np.testing.assert_allclose(tape_state(tape), tape_unitary(tape)[:, 0], atol=1e-13)


def test_an_empty_tape_is_the_identity() -> None:
    tape = TapeBuilder(2).build()
    np.testing.assert_array_equal(tape_unitary(tape), np.eye(4))
    assert len(tape) == 0
    assert tape.adjoint() == tape


@pytest.mark.parametrize(
    ("text", "message"),
    [("hh 0", "did you mean h"), ("cx 0 0", "acts twice"), ("cx 0", "takes 2 qubits"), ("rz 0", "and 1 angles")],
)
def test_bad_gates_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        tape_of(text)


def test_bad_bindings_are_refused() -> None:
    tape = tape_of("rz(theta) 0; rx(1/phi) 0")
    with pytest.raises(InputError, match="did you mean theta"):
        tape.bind({"teta": 1})
    with pytest.raises(InputError, match="not finite"):
        tape.bind({"theta": float("nan")})
    with pytest.raises(InputError, match="unbound parameters"):
        tape_unitary(tape)


def test_what_is_unitary() -> None:
    assert tape_of("h 0; cx 0 1; barrier 0 1").is_unitary
    assert not tape_of("h 0; measure 0").is_unitary
    assert not tape_of("reset 0").is_unitary


def test_plain_rows_are_ordinary_rows() -> None:
    fast, slow = TapeBuilder(3), TapeBuilder(3)
    for b in (fast, slow):
        b.add("ccx", 0, 1, 2)
    assert fast.add_plain(Op.RZ, (2,), (0.5,))
    assert fast.add_plain(Op.FSIM, (2, 1), (0.5, -0.1))
    assert fast.add_plain(Op.H, (0,))
    assert not fast.add_plain(Op.RZ, (0,), (Expr.symbol("t"),))
    slow.add("rz", 2, angles=[0.5])
    slow.add("fsim", 2, 1, angles=[0.5, -0.1])
    slow.add("h", 0)
    assert fast.build() == slow.build()
    fast.origin = "block"
    assert not fast.add_plain(Op.H, (0,))


def test_parameters_of_rows_that_are_gone_need_no_value() -> None:
    tape = tape_of("rx(a) 0; ry(b) 0").take([1])
    assert tape.parameters == ("b",)
    assert tape.bind({"b": 0.5}).ops() == ["ry(0.5) 0"]
