"""Laws of joining: one after another is the product, backwards is the adjoint, controls act on the ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.tape import Expr, Op, Tape, TapeBuilder, tape_of, tape_unitary
from qcompile.tape.control import controlled, power
from tests.tape.samples import UNITARY_OPS, add_random, bindings, every_gate, random_tape

SEEDS = st.integers(0, 10**6)
quick = settings(max_examples=20, deadline=None)


@quick
@given(seed=SEEDS, parts=st.integers(1, 4))
def test_concat_is_the_product(seed: int, parts: int) -> None:
    tapes = [random_tape(seed + k, n_qubits=3, n_rows=k * 4) for k in range(parts)]
    product = np.eye(8, dtype=complex)
    for tape in tapes:
        product = tape_unitary(tape) @ product
    np.testing.assert_allclose(tape_unitary(Tape.concat(tapes)), product, atol=1e-12)


@quick
@given(seed=SEEDS)
def test_concat_keeps_rows_and_tables(seed: int) -> None:
    tapes = [random_tape(seed + k, symbols=("a", "b")) for k in range(3)]
    whole = Tape.concat(tapes)
    assert whole.ops() == [op for tape in tapes for op in tape.ops()]
    assert set(whole.parameters) == {name for tape in tapes for name in tape.parameters}


@quick
@given(seed=SEEDS)
def test_the_adjoint_inverts_also_with_symbols(seed: int) -> None:
    tape = random_tape(seed, symbols=("a", "b"))
    values = bindings(tape, seed)
    both = Tape.concat([tape, tape.adjoint()])
    np.testing.assert_allclose(tape_unitary(both.bind(values)), np.eye(16), atol=1e-12)


def test_the_adjoint_of_every_gate() -> None:
    tape = every_gate()
    np.testing.assert_allclose(tape_unitary(tape.adjoint()), tape_unitary(tape).conj().T, atol=1e-12)


def test_what_has_no_inverse_is_refused() -> None:
    with pytest.raises(InputError, match="holds 'measure'"):
        tape_of("h 0; measure 0").adjoint()
    with pytest.raises(InputError, match="one width"):
        Tape.concat([tape_of("h 0"), tape_of("h 1")])


def under(matrix: np.ndarray, values: list[int]) -> np.ndarray:
    """Return a matrix under controls, as a matrix."""
    d = len(matrix)
    out = np.eye(2 ** len(values) * d, dtype=complex)
    at = int("".join(map(str, values)) or "0", 2) * d
    out[at : at + d, at : at + d] = matrix
    return out


@pytest.mark.parametrize("values", [[1], [0], [1, 1], [0, 1], [1, 1, 1]])
@pytest.mark.parametrize("op", UNITARY_OPS)
def test_every_gate_under_controls(op: Op, values: list[int]) -> None:
    rng = np.random.default_rng(int(op))
    builder = TapeBuilder(3)
    add_random(builder, op, rng)
    builder.phase = Expr(0.3)
    tape = builder.build()
    wanted = under(tape_unitary(tape), values)
    np.testing.assert_allclose(tape_unitary(controlled(tape, values)), wanted, atol=2e-7 if len(values) == 3 else 1e-7)


@quick
@given(seed=SEEDS)
def test_symbols_under_controls(seed: int) -> None:
    ops = [op for op in UNITARY_OPS if op not in (Op.MAT2, Op.MAT3)]
    tape = random_tape(seed, n_qubits=2, n_rows=4, ops=[op for op in ops if op not in (Op.CCX, Op.CCZ, Op.CSWAP)],
                       symbols=("a",)).with_phase(Expr.symbol("a"))  # fmt: skip
    values = bindings(tape, seed)
    wanted = under(tape_unitary(tape.bind(values)), [1, 0])
    np.testing.assert_allclose(tape_unitary(controlled(tape, [1, 0]).bind(values)), wanted, atol=1e-12)


def test_no_controls_change_nothing() -> None:
    tape = random_tape(5)
    np.testing.assert_allclose(tape_unitary(controlled(tape, [])), tape_unitary(tape), atol=1e-12)
    with pytest.raises(InputError, match="cannot be controlled"):
        controlled(tape_of("measure 0"))


@quick
@given(seed=SEEDS, k=st.sampled_from([-2, -1, 0, 1, 3]))
def test_whole_powers_repeat(seed: int, k: int) -> None:
    tape = random_tape(seed, n_qubits=3, n_rows=4)
    wanted = np.linalg.matrix_power(tape_unitary(tape), k)
    np.testing.assert_allclose(tape_unitary(power(tape, k)), wanted, atol=1e-11)


@quick
@given(seed=SEEDS, parts=st.sampled_from([2, 3, 5]))
def test_roots_are_roots(seed: int, parts: int) -> None:
    tape = random_tape(seed, n_qubits=2, n_rows=3, ops=(Op.X, Op.H, Op.CX, Op.MAT2, Op.FSIM, Op.RZ))
    root = tape_unitary(power(tape, 1 / parts))
    np.testing.assert_allclose(np.linalg.matrix_power(root, parts), tape_unitary(tape), atol=1e-10)


def test_the_root_of_x_is_sx() -> None:
    np.testing.assert_allclose(tape_unitary(power(tape_of("x 0"), 0.5)), tape_unitary(tape_of("sx 0")), atol=1e-12)
    symbolic = power(tape_of("rx(t) 0"), 0.5)
    assert symbolic.ops() == ["rx(0.5*t) 0"]
    with pytest.raises(InputError, match="symbolic"):
        power(tape_of("rx(t) 0; rz(t) 0"), 0.5)
