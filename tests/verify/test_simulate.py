"""States, histories and distributions against Cirq and against dense linear algebra."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.tape import Condition, Opaque, TapeBuilder, tape_of, tape_state, tape_unitary
from qcompile.verify import branches, compact, measured_bits, outcome_distribution, tape_isometry
from qcompile.verify.gates import dense_gates
from qcompile.verify.mps import MatrixProductState, TooEntangled, mps_distance, svd_of
from qcompile.verify.stabilizer import clifford_table
from tests.verify.circuits import ladder_ansatz, random_tape, with_measurements

SEEDS = st.integers(0, 2**31)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), SEEDS, st.booleans())
def test_kernels_agree_with_the_dense_product(n: int, seed: int, fuse: bool) -> None:
    tape = random_tape(n, 15, seed)
    rows = dense_gates(tape, fuse=fuse).apply(np.eye(2**n, dtype=complex))
    assert np.abs(rows.T - tape_unitary(tape)).max() < 1e-13
    assert np.abs(tape_isometry(tape, [0]) - tape_unitary(tape)[:, : 2 ** (n - 1)]).max() < 1e-13


def test_compact_keeps_order_and_meaning() -> None:
    tape = tape_of("h 5; cx 5 2; barrier 0 1; rz(0.4) 9")
    small, active = compact(tape, keep=[7])
    assert active.tolist() == [2, 5, 7, 9]
    assert small.ops() == ["h 1", "cx 1 0", "rz(0.4) 3"]


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_histories_add_up_to_the_density_matrix_of_cirq(seed: int) -> None:
    n = 3
    tape = with_measurements(random_tape(n, 6, seed), seed)
    found = branches(tape, np.eye(2**n, dtype=complex)[0])
    assert sum(np.vdot(b.state, b.state).real for b in found) == pytest.approx(1, abs=1e-12)
    table = outcome_distribution(tape)
    assert table.bits == measured_bits(tape)
    by_hand: dict[tuple[int, ...], float] = {}
    for b in found:
        key = tuple(b.bits.get(bit, 0) for bit in table.bits)
        by_hand[key] = by_hand.get(key, 0.0) + float(np.vdot(b.state, b.state).real)
    tensor = table.probability.reshape([2] * len(table.bits))
    for key, p in by_hand.items():
        assert tensor[key] == pytest.approx(p, abs=1e-12)


def test_teleportation_leaves_the_state_in_every_history() -> None:
    b = TapeBuilder(3)
    b.extend(tape_of("ry(0.7) 0; rz(0.2) 0; h 1; cx 1 2; cx 0 1; h 0"))
    b.measure(0, key="a")
    b.measure(1, key="b")
    b.add("x", 2, condition=Condition(("b",)))
    b.add("z", 2, condition=Condition(("a",)))
    wanted = tape_state(tape_of("ry(0.7) 0; rz(0.2) 0"))
    found = branches(b.build(), np.eye(8, dtype=complex)[0])
    assert len(found) == 4
    for branch in found:
        part = branch.state.reshape(2, 2, 2)[branch.bits["a", 0], branch.bits["b", 0]]
        assert abs(np.vdot(wanted, part)) ** 2 == pytest.approx(0.25)


def test_conditions_of_every_kind() -> None:
    def p_one(condition: Condition) -> float:
        b = TapeBuilder(3)
        b.extend(tape_of("x 0", n_qubits=3))
        b.measure(0, 1, key="m")
        b.add("x", 2, condition=condition)
        b.measure(2, key="out")
        return float(outcome_distribution(b.build()).marginal((("out", 0),))[1])

    assert p_one(Condition(("m",))) == 1
    assert p_one(Condition(("m",), negate=True)) == 0
    assert p_one(Condition(("m",), "bits", (("m", 0), ("m", 1)), 2)) == 1
    assert p_one(Condition(("m",), "bits", (("m", 1), ("m", 0)), 2)) == 0
    greater = cirq.SympyCondition(sympy.Symbol("m") > 1)
    assert p_one(Condition(("m",), "cirq", payload=greater)) == 1
    with pytest.raises(InputError, match="before it is measured"):
        p_one(Condition(("later",)))


def test_marginals_follow_the_bits_and_their_flips() -> None:
    b = TapeBuilder(3)
    b.extend(tape_of("ry(0.5) 0; ry(1.1) 1; cx 0 2"))
    b.measure(2, 0, key="m", invert=(True,))
    b.measure(1, key="n")
    table = outcome_distribution(b.build())
    p = np.sin(0.25) ** 2
    assert np.allclose(table.marginal((("m", 0), ("m", 1))), [0, p, 1 - p, 0], atol=1e-15)
    assert np.allclose(table.marginal((("m", 1), ("m", 0))), [0, 1 - p, p, 0], atol=1e-15)
    assert table.marginal((("n", 0),))[1] == pytest.approx(np.sin(0.55) ** 2)


def test_channels_go_by_their_kraus_operators() -> None:
    b = TapeBuilder(1)
    b.add("h", 0)
    b.opaque(Opaque("phase_damp", cirq.phase_damp(0.36)), 0)
    b.add("h", 0)
    b.measure(0, key="m")
    p = outcome_distribution(b.build()).probability
    assert p[0] == pytest.approx((1 + np.sqrt(1 - 0.36)) / 2)


def test_nothing_measured() -> None:
    with pytest.raises(InputError, match="measures nothing"):
        outcome_distribution(tape_of("h 0"))


@pytest.mark.parametrize("seed", range(4))
def test_matrix_product_states_have_every_amplitude(seed: int) -> None:
    n = 6
    tape = ladder_ansatz(n, 3, seed=seed)
    tape = type(tape).concat(
        [
            tape,
            tape_of(
                "cp(0.4) 0 5; iswap 4 1; ecr 5 2; " + "; ".join(f"cx 3 {k}; ry(0.3) {k}" for k in (5, 0, 4, 1, 2)),
                n_qubits=n,
            ),
        ]
    )
    state = MatrixProductState(np.tile([1, 0], (n, 1)).astype(complex))
    site = state.apply(dense_gates(tape))
    wanted = tape_state(tape)
    for index in range(2**n):
        bits = [0] * n
        for k in range(n):
            bits[site[k]] = (index >> (n - 1 - k)) & 1
        assert abs(state.amplitude(bits) - wanted[index]) < 1e-14
    p = (np.abs(wanted) ** 2).reshape([2] * n)
    assert np.allclose(state.marginal([site[4], site[1]]).reshape(2, 2), p.sum(axis=(0, 2, 3, 5)).T, atol=1e-14)


def test_singular_values_where_the_quick_routine_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    matrix = rng.normal(size=(12, 20)) + 1j * rng.normal(size=(12, 20))
    wanted, rows = svd_of(matrix)

    def fails(*args: object, **kwargs: object) -> None:
        raise np.linalg.LinAlgError("SVD did not converge")

    monkeypatch.setattr(np.linalg, "svd", fails)
    values, right = svd_of(matrix)
    assert np.abs(values - wanted).max() < 1e-12
    overlap = np.abs(np.diagonal(right @ rows.conj().T))
    assert np.abs(overlap - 1).max() < 1e-12


def test_distance_of_matrix_product_states_keeps_its_digits() -> None:
    n = 30
    states = []
    for angle in (0.0, 1e-10):
        state = MatrixProductState(np.tile([1, 0], (n, 1)).astype(complex))
        state.apply(dense_gates(ladder_ansatz(n, 2)))
        state.apply(dense_gates(tape_of(f"rx({angle}) 7", n_qubits=n)))
        states.append(state)
    assert mps_distance(*states) == pytest.approx(5e-11, rel=1e-3)
    states[0].phase += 0.2
    assert mps_distance(*states) == pytest.approx(2 * np.sin(0.1), rel=1e-9)
    assert mps_distance(*states, aligned=True) == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize(("n", "layers"), [(108, 1), (108, 4)])
def test_the_bond_of_a_ladder_ansatz(n: int, layers: int) -> None:
    """One CNOT crosses each cut a layer; from a product input the first adds nothing in order MATRIX (S9)."""
    state = MatrixProductState(np.tile([1, 0], (n, 1)).astype(complex))
    state.apply(dense_gates(ladder_ansatz(n, layers)))
    assert state.bond == 2 ** (layers - 1)
    assert state.norm() == pytest.approx(1, abs=1e-12)


def test_entanglement_beyond_the_limit_is_said() -> None:
    state = MatrixProductState(np.tile([1, 0], (12, 1)).astype(complex), max_bond=2)
    with pytest.raises(TooEntangled):
        state.apply(dense_gates(ladder_ansatz(12, 4)))


def test_which_gates_are_clifford() -> None:
    for text, clifford in (("h 0", True), ("t 0", False), ("iswap 0 1", True), ("cp(0.1) 0 1", False)):
        gate = dense_gates(tape_of(text), fuse=False).gates[0][1]
        assert (clifford_table(gate) is not None) == clifford
