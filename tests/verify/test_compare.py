"""Distances of eq. 85 and their relatives."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.verify import choi_distance, frobenius, isometry_distance, total_variation
from qcompile.verify.compare import phase_between, trace_distance

SEEDS = st.integers(0, 2**31)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(-3, 3))
def test_a_phase_is_raw_distance_and_no_aligned_one(seed: int, phase: float) -> None:
    u = cirq.testing.random_unitary(8, random_state=seed)
    found = frobenius(np.exp(1j * phase) * u, u)
    assert found.aligned < 1e-14
    assert found.raw == pytest.approx(2 * abs(np.sin(phase / 2)) * np.sqrt(8), abs=1e-13)
    assert found.normalized == pytest.approx(found.raw / np.sqrt(8))
    assert phase_between(np.exp(1j * phase) * u, u) == pytest.approx(phase, abs=1e-12)


def test_alignment_keeps_the_digits_that_the_trace_formula_loses() -> None:
    """n = 8: aligned 1.9e-15; sqrt(2 N - 2 abs tr) stops at 2.4e-7; raw with phase 0.3 is 4.78."""
    u = cirq.testing.random_unitary(256, random_state=1)
    found = frobenius(np.exp(0.3j) * u, u)
    assert found.aligned < 1e-13
    assert found.raw == pytest.approx(4.78, abs=5e-3)


def test_single_precision_is_refused() -> None:
    with pytest.raises(InputError, match="complex128"):
        frobenius(np.eye(2, dtype=np.complex64), np.eye(2))
    with pytest.raises(InputError, match="equal shapes"):
        frobenius(np.eye(2), np.eye(4))


def test_columns_of_isometries() -> None:
    a, b = np.eye(4)[:, :2], np.eye(4)[:, [0, 2]]
    assert isometry_distance(a, b) == pytest.approx(np.sqrt(2))
    assert total_variation([0.5, 0.5, 0], [0.5, 0, 0.5]) == 0.5
    with pytest.raises(InputError, match="shapes"):
        total_variation([1.0], [0.5, 0.5])


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_trace_distance_of_mixtures_is_that_of_their_matrices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=(k, 6)) + 1j * rng.normal(size=(k, 6)) for k in (3, 2))
    dense = a.T @ a.conj() - b.T @ b.conj()
    assert trace_distance(a, b) == pytest.approx(0.5 * np.abs(np.linalg.eigvalsh(dense)).sum(), rel=1e-12)
    turned = np.linalg.qr(rng.normal(size=(3, 3)))[0] @ a
    assert trace_distance(a, turned.astype(complex)) < 1e-13


def test_choi_distance_of_dephasing() -> None:
    def choi(p: float) -> np.ndarray:
        kraus = [np.sqrt(1 - p) * np.eye(2), np.sqrt(p) * np.diag([1, -1])]
        return np.asarray(sum(np.outer(k.ravel(), k.ravel().conj()) for k in kraus) / 2)

    assert choi_distance(choi(0.3), choi(0.0)) == pytest.approx(0.3)
