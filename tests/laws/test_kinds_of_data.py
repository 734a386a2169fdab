"""Data of each kind that models produce: the state itself, the counts of its kind, and the fidelity that is stated."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile import ir
from qcompile.ir.generic_state import state_cnots, state_rotations
from qcompile.synthesis.approximate_state import prepare_approximate
from qcompile.synthesis.blocks import synthesize, tape_counts
from qcompile.synthesis.schmidt_state import cost_chain, cost_schmidt
from qcompile.synthesis.uniform_state import n_cz_uniform
from qcompile.tape import tape_state
from tests.laws.test_blocks import assert_counts

SIZES = range(2, 9)


def local(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.normal(size=size) + 1j * rng.normal(size=size)


def counts_of(data: np.ndarray, n: int) -> ir.Counts:
    """Return the counts of the automatic preparation, once the state and the block's own counts are right."""
    block = ir.AmplitudeEncoding(data, n)
    tape = synthesize(block)
    wanted = np.zeros(2**n, dtype=complex)
    wanted[: len(data)] = data / np.linalg.norm(data)
    np.testing.assert_allclose(tape_state(tape), wanted, atol=1e-10)
    assert_counts(block, tape)
    return tape_counts(tape)


@pytest.mark.parametrize("n", SIZES)
def test_basis_states(n: int) -> None:
    index = int(np.random.default_rng(n).integers(2**n))
    found = counts_of(-1j * np.eye(2**n)[index], n)
    assert (found.cnot, found.rotation, found.one_qubit) == (0, 0, index.bit_count())


@pytest.mark.parametrize("n", SIZES)
def test_product_states(n: int) -> None:
    rng = np.random.default_rng(n)
    state = np.ones(1)
    for _ in range(n):
        state = np.kron(state, local(rng, 2))
    found = counts_of(state, n)
    assert (found.cnot, found.rotation, found.one_qubit) == (0, n, 0)


@pytest.mark.parametrize("n", SIZES)
def test_uniform_states(n: int) -> None:
    for size in {*np.random.default_rng(n).integers(1, 2**n + 1, size=6).tolist(), 2**n, 2**n - 1}:
        assert counts_of(np.full(size, 0.3j), n).cnot <= n_cz_uniform(size)


@pytest.mark.parametrize("n", SIZES)
def test_signs_and_reals(n: int) -> None:
    rng = np.random.default_rng(n)
    bound = min(state_cnots(n), 2**n - n - 1)
    for data in (rng.normal(size=2**n), np.sign(rng.normal(size=2**n)), rng.integers(1, 5, size=2**n).astype(float)):
        assert counts_of(data, n).cnot <= bound


@pytest.mark.parametrize("n", SIZES)
def test_generic_complex_data(n: int) -> None:
    rng = np.random.default_rng(n)
    found = counts_of(local(rng, int(rng.integers(2 ** (n - 1) + 1, 2**n + 1))), n)
    assert (found.cnot, found.rotation) == (state_cnots(n), state_rotations(n))


@pytest.mark.parametrize("n", range(4, 9))
@pytest.mark.parametrize("terms", [2, 3])
def test_sparse_states(n: int, terms: int) -> None:
    """Two basis states: at most a CNOT for each bit that differs; a third takes as many and a controlled merge."""
    rng = np.random.default_rng(n)
    data = np.zeros(2**n, dtype=complex)
    data[rng.permutation(2**n)[:terms]] = local(rng, terms)
    assert counts_of(data, n).cnot <= (n - 1 if terms == 2 else 2 * n + 6)


@pytest.mark.parametrize("n", range(3, 9))
def test_chains_of_schmidt_rank_two(n: int) -> None:
    """A matrix-product state of bond 2: one CNOT, then two a qubit."""
    rng = np.random.default_rng(n)
    chain = local(rng, 4).reshape(1, 2, 2)
    for k in range(1, n):
        chain = np.einsum("xpa,aqb->xpqb", chain, local(rng, 8).reshape(2, 2, 2)[:, :, : 1 if k == n - 1 else 2])
        chain = chain.reshape(1, -1, chain.shape[-1])
    assert counts_of(chain.ravel(), n).cnot == min(cost_chain([1] * (n - 1)), state_cnots(n))


@pytest.mark.parametrize("n", range(4, 9))
def test_one_cut_of_schmidt_rank_two(n: int) -> None:
    rng = np.random.default_rng(n)
    half = n // 2
    state = local(rng, 2 ** (half + 1)).reshape(-1, 2) @ local(rng, 2 ** (n - half + 1)).reshape(2, -1)
    ranks = [min(k, n - k, abs(k - half) + 1) for k in range(1, n)]
    assert counts_of(state.ravel(), n).cnot <= cost_schmidt(ranks)[0] <= state_cnots(n)


@pytest.mark.parametrize("n", range(2, 9))
@pytest.mark.parametrize("infidelity", [0.0, 1e-6, 1e-3, 0.05, 0.3])
def test_approximate_states_are_as_near_as_stated(n: int, infidelity: float) -> None:
    rng = np.random.default_rng(n)
    for data in (local(rng, 2**n), local(rng, 2**n) * np.exp(-0.2 * np.arange(2**n))):
        found = prepare_approximate(data, infidelity)
        reached = abs(np.vdot(tape_state(found.tape), data / np.linalg.norm(data))) ** 2
        assert reached >= found.fidelity - 1e-12
        assert found.fidelity >= 1 - infidelity
        assert found.tape.is_two_qubit.sum() <= state_cnots(n)
