"""Readout correction and error cancellation, against matrices and superoperators built another way."""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.runtime.mitigation import (
    cancellation_overhead,
    correct_readout,
    depolarizing_inverse,
    nearest_distribution,
    pauli_inverse,
    readout_matrix,
    readout_overhead,
)

PAULIS = [np.eye(2), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]


def dense(p10: list[float], p01: list[float]) -> np.ndarray:
    return functools.reduce(np.kron, [readout_matrix(a, b) for a, b in zip(p10, p01, strict=True)])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**31))
def test_eq_12_undoes_the_full_matrix(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    p10, p01 = (rng.uniform(0, 0.1, n).tolist() for _ in range(2))
    true = rng.dirichlet(np.ones(2**n))
    measured = dense(p10, p01) @ true
    assert np.allclose(correct_readout(measured, p10, p01), true, atol=1e-12)
    assert np.allclose(correct_readout(measured, p10, p01, constrained=True), true, atol=1e-9)
    norm = np.linalg.norm(np.linalg.inv(dense(p10, p01)), 1)
    assert readout_overhead(p10, p01) == pytest.approx(norm, rel=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**31))
def test_constrained_correction_is_the_least_squares_solution(seed: int) -> None:
    rng = np.random.default_rng(seed)
    measured = rng.dirichlet(np.full(8, 0.1))
    p10, p01 = [0.08, 0.02, 0.1], [0.05, 0.09, 0.04]
    found = correct_readout(measured, p10, p01, constrained=True)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    m = dense(p10, p01)
    wanted = scipy.optimize.nnls(np.vstack([m, 1e4 * np.ones(8)]), np.append(measured, 1e4))[0]
    assert np.linalg.norm(m @ found - measured) <= np.linalg.norm(m @ wanted - measured) + 1e-7


def test_the_raw_inverse_can_be_negative() -> None:
    assert correct_readout([1.0, 0.0], 0.05, 0.05).min() < 0
    assert correct_readout([1.0, 0.0], 0.05, 0.05, constrained=True).tolist() == [1.0, 0.0]


def test_quoted_overheads() -> None:
    assert readout_overhead(0.01, 0.01) == pytest.approx(1.0204, abs=5e-5)
    assert readout_overhead([0.01] * 108, [0.01] * 108) == pytest.approx(8.86, abs=5e-3)
    assert readout_overhead(0.00372, 0.01062) == pytest.approx(1.02155, abs=5e-6)
    assert readout_overhead([0.00372] * 8, [0.01062] * 8) == pytest.approx(1.19, abs=5e-3)
    assert readout_overhead([0.00372] * 108, [0.01062] * 108) == pytest.approx(10.0, abs=0.05)
    with pytest.raises(InputError, match="told apart"):
        readout_overhead(0.5, 0.5)


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=8))
def test_projection_on_distributions(values: list[float]) -> None:
    p = nearest_distribution(values)
    assert p.min() >= 0
    assert p.sum() == pytest.approx(1)
    rng = np.random.default_rng(0)
    for _ in range(20):
        other = rng.dirichlet(np.ones(len(values)))
        assert np.linalg.norm(p - values) <= np.linalg.norm(other - values) + 1e-12


def superoperator(coefficients: np.ndarray, n: int) -> np.ndarray:
    total = np.zeros((4**n, 4**n), dtype=complex)
    for c, word in zip(coefficients, itertools.product(PAULIS, repeat=n), strict=True):
        p = functools.reduce(np.kron, word)
        total += c * np.kron(p, p.conj())
    return total


@pytest.mark.parametrize("n", [1, 2])
def test_eq_14_inverse_channel_composes_to_the_identity(n: int) -> None:
    rng = np.random.default_rng(n)
    errors = rng.dirichlet(np.ones(4**n)) * 0.1
    errors[0] += 0.9
    inverse = pauli_inverse(errors)
    assert inverse.sum() == pytest.approx(1)
    product = superoperator(inverse, n) @ superoperator(errors, n)
    assert np.abs(product - np.eye(4**n)).max() < 1e-13
    uniform = np.full(4**n, 0.01 / (4**n - 1))
    uniform[0] = 0.99
    first, other = depolarizing_inverse(0.01, n)
    assert np.allclose(pauli_inverse(uniform), [first, *[other] * (4**n - 1)], atol=1e-14)


def test_quoted_gammas() -> None:
    for p, gamma in ((1e-3, 1.002002), (0.00344, 1.00691)):
        f = 1 - 16 * p / 15
        assert (30 / f - 14) / 16 == pytest.approx(gamma, abs=5e-6)
        assert math.sqrt(cancellation_overhead(p, 2)) == pytest.approx(gamma, abs=5e-6)
    assert cancellation_overhead(0.00344, 2, 70) == pytest.approx(2.62, abs=5e-3)
    assert cancellation_overhead(0.00344, 2, 1070) == pytest.approx(2.5e6, rel=0.02)
    with pytest.raises(InputError, match="pauli_error"):
        depolarizing_inverse(0.95, 2)
    with pytest.raises(InputError, match="inverted"):
        pauli_inverse([0.5, 0.5, 0, 0])
