"""Estimators, mixtures and masks, against enumeration and against the numbers of the equation table."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.runtime.sampling import (
    adaptive_alpha,
    combine_estimates,
    final_distribution,
    heuristic,
    importance_distribution,
    interference_sum,
    inverse_variance_alpha,
    mean_overlap,
    mixture,
    mixture_moments,
    monte_carlo_estimate,
    printed_final_distribution,
    sample_mixture,
    softmax,
    top_k_mask,
)

SEEDS = st.integers(0, 2**31)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_eq_17_three_estimators(seed: int) -> None:
    """Exact expectations: the printed one is 1/N of the truth for uniform x, and sum p^2 f for x from p."""
    rng = np.random.default_rng(seed)
    p, f = rng.dirichlet(np.ones(16)), rng.random(16)
    truth = float(p @ f)
    everywhere = np.arange(16)
    assert monte_carlo_estimate(f, p, estimator="printed") == pytest.approx(truth / 16)
    assert monte_carlo_estimate(f, p) == pytest.approx(truth)
    drawn = rng.choice(everywhere, size=200_000, p=p)
    assert monte_carlo_estimate(f[drawn], estimator="samples") == pytest.approx(truth, abs=6e-3)
    assert monte_carlo_estimate(f[drawn], p[drawn], estimator="printed") == pytest.approx((p**2 * f).sum(), abs=6e-3)
    with pytest.raises(InputError, match="all 0"):
        monte_carlo_estimate([1.0], [0.0])
    with pytest.raises(InputError, match="missing"):
        monte_carlo_estimate([1.0])


def test_eq_45_is_constant_over_a_basis() -> None:
    rng = np.random.default_rng(0)
    u = np.linalg.qr(rng.normal(size=(256, 256)) + 1j * rng.normal(size=(256, 256)))[0]
    assert mean_overlap(np.abs(u[:, 0]) ** 2) == pytest.approx(0.00390625, rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(0, 1))
def test_eq_24_moments_by_enumeration(seed: int, alpha: float) -> None:
    rng = np.random.default_rng(seed)
    p, q, f = rng.dirichlet(np.ones(8)), rng.dirichlet(np.ones(8)), rng.normal(size=8)
    mixed = mixture(p, q, alpha)
    assert mixed.sum() == pytest.approx(1)

    def moments(d: np.ndarray) -> tuple[float, float]:
        mean = float(d @ f)
        return mean, float(d @ (f - mean) ** 2)

    assert mixture_moments(*moments(p), *moments(q), alpha) == pytest.approx(moments(mixed), abs=1e-12)


def test_eq_24_draws() -> None:
    p, q = np.array([0.9, 0.1, 0.0]), np.array([0.0, 0.2, 0.8])
    drawn = sample_mixture(p, q, 0.25, 100_000, np.random.default_rng(1))
    assert np.allclose(np.bincount(drawn, minlength=3) / 1e5, 0.25 * p + 0.75 * q, atol=5e-3)
    with pytest.raises(InputError, match="alpha"):
        mixture(p, q, 1.5)


def test_eqs_26_and_27() -> None:
    f = np.array([0.0, 1.0, 2.0])
    h = heuristic(f, 1.0, 0.5, beta=2.0)
    assert h[1] == 1
    assert np.log(h[0]) == pytest.approx(-4)
    assert ((h > 0) & (h <= 1)).all()
    assert heuristic(f, 1.0, 0.0).tolist() == [0, 1, 0]
    p = importance_distribution([0.2, 0.5, 0.3], h)
    assert p.sum() == pytest.approx(1)
    assert p[0] / p[2] == pytest.approx(2 / 3)
    with pytest.raises(InputError, match="all 0"):
        importance_distribution([1.0], [0.0])


def test_eqs_28_and_29() -> None:
    assert adaptive_alpha(0.3, 0.2) == inverse_variance_alpha(np.sqrt(0.3), np.sqrt(0.2)) == pytest.approx(0.6)
    assert adaptive_alpha(0.0, 0.0) == 0.5
    # The optimum of a^2 vq + (1 - a)^2 vc by search, and what the density mixture makes of it.
    grid = np.linspace(0, 1, 100_001)
    best = grid[np.argmin(grid**2 * 0.2 + (1 - grid) ** 2 * 0.3)]
    found = combine_estimates(1.0, 0.2, 2.0, 0.3)
    assert found.alpha == pytest.approx(best, abs=1e-5)
    assert found.variance == pytest.approx(1 / (1 / 0.2 + 1 / 0.3))
    assert np.sqrt(combine_estimates(0, 0.04, 0, 0.09).variance) == pytest.approx(0.1664, abs=5e-5)
    assert mixture_moments(0.0, 1.0, 1.0, 1.0, 0.5)[1] == pytest.approx(1.25)


def test_eq_44_masks_with_minus_infinity() -> None:
    logits = [-1.0, -2.0, -3.0, -4.0]
    assert final_distribution(logits, top_k=2) == pytest.approx([0.731, 0.269, 0, 0], abs=5e-4)
    assert printed_final_distribution(logits, 2) == pytest.approx([0.147, 0.054, 0.399, 0.399], abs=6e-4)
    assert final_distribution(logits, top_k=2, eta=0.4, temperature=3.0) == pytest.approx(
        final_distribution(logits, top_k=2), abs=1e-15
    )
    assert final_distribution(logits, eta=[3.0, 0, 0, 0])[0] > final_distribution(logits)[0]
    assert top_k_mask([1.0, 1.0, 1.0], 2).tolist() == [True, True, False]
    with pytest.raises(InputError, match="top_k"):
        top_k_mask(logits, 5)
    with pytest.raises(InputError, match="finite maximum"):
        softmax([-np.inf, -np.inf])


def test_eqs_48_and_49() -> None:
    a, b = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])
    for phase, total in ((0.0, 2.0), (np.pi / 2, 1.532), (np.pi, 0.8)):
        printed = np.abs(a + b * np.exp(1j * phase))
        assert printed.sum() == pytest.approx(total, abs=5e-4)
        assert interference_sum(a, b, phase) == pytest.approx(printed / printed.sum(), abs=1e-14)
    with pytest.raises(InputError, match="cancel"):
        interference_sum(a, a, np.pi)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_softmax_against_logs(seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=(3, 5)) * 50
    p = softmax(x)
    for row, i, j in itertools.product(range(3), range(5), range(5)):
        if p[row, i] > 1e-300 and p[row, j] > 1e-300:
            assert np.log(p[row, i] / p[row, j]) == pytest.approx(x[row, i] - x[row, j], abs=1e-9)
