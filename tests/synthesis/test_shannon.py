"""Laws of Shannon synthesis: any unitary or isometry, phase included, within the known CNOT counts."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.kernels.kak import weyl_coordinates
from qcompile.kernels.weyl import n_cz
from qcompile.synthesis.block_zxz import block_zxz, complete, demultiplex, split_zz
from qcompile.synthesis.columns import isometry
from qcompile.synthesis.schmidt_state import cost_isometry, cost_state
from qcompile.synthesis.shannon import add_isometry, unitary
from qcompile.tape import TapeBuilder, tape_unitary
from qcompile.tape.simulate import apply_rows

CX = {1: 0, 2: 3, 3: 19, 4: 95, 5: 423}


@pytest.mark.parametrize("n", CX)
def test_generic_unitaries(n: int) -> None:
    u = cirq.testing.random_unitary(1 << n, random_state=n)
    tape = unitary(u)
    assert np.abs(tape_unitary(tape) - u).max() < 1e-12
    assert tape.is_two_qubit.sum() == CX[n] == (0 if n == 1 else round(22 / 48 * 4**n - 1.5 * 2**n + 5 / 3))


@given(st.integers(1, 3), st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_random_unitaries(n: int, seed: int) -> None:
    u = cirq.testing.random_unitary(1 << n, random_state=seed)
    tape = unitary(u)
    assert np.abs(tape_unitary(tape) - u).max() < 1e-12
    assert tape.is_two_qubit.sum() == CX[n]


@pytest.mark.parametrize(
    "u",
    [
        np.eye(8),
        -1j * np.eye(8),
        np.eye(8)[::-1],
        cirq.unitary(cirq.CCNOT),
        cirq.unitary(cirq.CSWAP),
        np.diag(np.exp(1j * np.arange(8.0) ** 2)),
        np.kron(cirq.unitary(cirq.H), np.eye(4)),
        np.kron(np.eye(2), cirq.unitary(cirq.CNOT)),
        cirq.unitary(cirq.QuantumFourierTransformGate(3)),
        np.roll(np.eye(8), 1, axis=0),
    ],
)
def test_structured_unitaries(u: np.ndarray) -> None:
    tape = unitary(u)
    assert np.abs(tape_unitary(tape) - u).max() < 1e-12
    assert tape.is_two_qubit.sum() <= CX[3]


def test_products_need_no_cnot() -> None:
    parts = [cirq.testing.random_unitary(2, random_state=k) for k in range(2)]
    assert unitary(np.kron(*parts)).is_two_qubit.sum() == 0
    assert unitary(np.eye(16)).is_two_qubit.sum() == 0


@given(st.integers(1, 4), st.integers(0, 4), st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=30, deadline=None)
def test_isometries(k: int, m: int, seed: int, free: bool) -> None:
    m = min(m, k)
    columns = cirq.testing.random_unitary(1 << k, random_state=seed)[:, : 1 << m]
    b = TapeBuilder(k)
    phases = add_isometry(b, columns, range(k), free=free)
    assert phases.shape == (1 << m,)
    assert free or not phases.any()
    got = tape_unitary(b.build())[:, : 1 << m] * np.exp(1j * phases)
    assert np.abs(got - columns).max() < 1e-12


@pytest.mark.parametrize(("k", "m"), [(k, m) for k in range(1, 7) for m in range(k + 1)])
def test_isometries_of_any_size(k: int, m: int) -> None:
    """Generic columns: the count by recursion, and one CX more since the first block keeps its diagonal."""
    rng = np.random.default_rng(8 * k + m)
    columns = np.linalg.qr(rng.normal(size=(1 << k, 1 << m)) + 1j * rng.normal(size=(1 << k, 1 << m)))[0]
    tape = isometry(columns)
    start = np.zeros((1 << k, 1 << m), dtype=complex)
    start[np.arange(1 << m), np.arange(1 << m)] = 1
    assert np.abs(apply_rows(tape, start) - columns).max() < 1e-12
    assert tape.is_two_qubit.sum() == (cost_isometry(m, k) + (k > 1) if m else cost_state(k))


def test_no_isometry() -> None:
    for bad, text in ((np.ones((4, 2)), "orthonormal"), (np.eye(6)[:, :2], "shape"), (np.eye(4)[:, :3], "shape")):
        with pytest.raises(InputError, match=text):
            isometry(bad)


@given(st.integers(1, 3), st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_matrix_steps(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    half = 1 << (n - 1)
    u = cirq.testing.random_unitary(2 * half, random_state=seed)
    if rng.integers(2):
        u[:half, half:] = u[half:, :half] = 0
        u[:half, :half] = cirq.testing.random_unitary(half, random_state=seed)
        u[half:, half:] = cirq.testing.random_unitary(half, random_state=seed // 2)
    a1, a2, b, c = block_zxz(u)
    one, zero = np.eye(half), np.zeros((half, half))
    hadamard = np.kron(np.array([[1, 1], [1, -1]]) / np.sqrt(2), one)
    product = (
        np.block([[a1, zero], [zero, a2]])
        @ hadamard
        @ np.block([[one, zero], [zero, b]])
        @ hadamard
        @ np.block([[one, zero], [zero, c]])
    )
    assert np.abs(product - u).max() < 1e-12
    v, angles, w = demultiplex(a1, a2)
    assert np.abs(v * np.exp(-0.5j * angles) @ w - a1).max() < 1e-12
    assert np.abs(v * np.exp(0.5j * angles) @ w - a2).max() < 1e-12


@pytest.mark.parametrize("scale", [1.0, 1e-2, 1e-4, 1e-6, 1e-8, 0.0])
def test_a_zz_phase_saves_a_cnot(scale: float) -> None:
    rng = np.random.default_rng(7)
    for _ in range(10):
        h = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
        values, vectors = np.linalg.eigh(h + h.conj().T)
        u = (vectors * np.exp(1j * scale * values)) @ vectors.conj().T
        v, phases = split_zz(u)
        assert np.abs(v * np.exp(1j * phases) - u).max() < 1e-14
        assert abs(phases.sum()) < 1e-14
        assert n_cz(weyl_coordinates(np.ascontiguousarray(v[None])))[0] <= 2


def test_completion() -> None:
    u = cirq.testing.random_unitary(8, random_state=3)
    for columns in (u[:, :3], u, np.eye(8, dtype=complex)[:, 5:6]):
        full = complete(columns)
        assert np.array_equal(full[:, : columns.shape[1]], columns)
        assert np.abs(full @ full.conj().T - np.eye(8)).max() < 1e-13


def test_no_unitary() -> None:
    with pytest.raises(InputError, match="shape"):
        unitary(np.eye(3))
    with pytest.raises(InputError, match="not unitary"):
        unitary(np.ones((2, 2)))
