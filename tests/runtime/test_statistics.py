"""Error bars, queues and choices, against enumeration, simulation and quoted numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.runtime.devices import choose, pareto, run_queue, utilisation
from qcompile.runtime.statistics import (
    device_error,
    error_propagation,
    hoeffding_bound,
    hoeffding_halfwidth,
    hoeffding_shots,
    monte_carlo_error,
    recovery_probability,
    sampling_variance,
    success_lower_bound,
    trials_without_failure,
)


def test_eq_23_is_no_bound_for_coherent_errors() -> None:
    def rx(t: float) -> np.ndarray:
        return np.array([[math.cos(t / 2), -1j * math.sin(t / 2)], [-1j * math.sin(t / 2), math.cos(t / 2)]])

    one = float(np.linalg.norm(rx(0.1) - np.eye(2), 2))
    both = float(np.linalg.norm(rx(0.1) @ rx(0.1) - np.eye(2), 2))
    found = device_error(one, one)
    assert both == pytest.approx(0.09996, abs=5e-6)
    assert found.rss == pytest.approx(0.0707, abs=5e-5)
    assert found.rss < both <= found.bound
    with pytest.raises(InputError, match="errors"):
        device_error(-0.1)


def test_eq_47() -> None:
    assert error_propagation(lambda t, n: t**2, 2.0, 1, 0.1, 0.0) == pytest.approx(0.4, rel=1e-9)
    # A linear energy: the propagated error is the spread of a simulation.
    rng = np.random.default_rng(0)
    drawn = 3 * (1 + 0.2 * rng.normal(size=200_000)) - 0.5 * (10 + 2 * rng.normal(size=200_000))
    found = error_propagation(lambda t, n: 3 * t - 0.5 * n, 1.0, 10, 0.2, 2.0)
    assert found == pytest.approx(drawn.std(), rel=0.01)


def test_eq_50_by_enumeration() -> None:
    population = [0.0, 1.0, 5.0]
    true = np.var(population) / 2
    pairs = [np.array(pair) for pair in itertools.product(population, repeat=2)]
    assert np.mean([sampling_variance(pair) for pair in pairs]) == pytest.approx(true)
    assert np.mean([sampling_variance(pair, unbiased=False) for pair in pairs]) == pytest.approx(true / 2)
    with pytest.raises(InputError, match="two samples"):
        sampling_variance([1.0])


def test_eq_99_has_slope_minus_one_half() -> None:
    rng = np.random.default_rng(1)
    sizes = [64, 256, 1024, 4096]
    errors = [rng.random((800, n)).mean(axis=1).std() for n in sizes]
    slope = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.03)
    for n, error in zip(sizes, errors, strict=True):
        assert monte_carlo_error(math.sqrt(1 / 12), n) == pytest.approx(error, rel=0.1)


def test_eq_57() -> None:
    assert hoeffding_shots(0.01, 0.05) == 18445
    assert hoeffding_bound(18445, 0.01) <= 0.05 < hoeffding_bound(18444, 0.01)
    assert hoeffding_halfwidth(18445, 0.05) == pytest.approx(0.01, rel=1e-4)
    assert hoeffding_bound(200, 0.1) == pytest.approx(0.0366, abs=5e-5)
    # Exact tails of a binomial stay below.
    for p in (0.5, 0.2, 0.03):
        k = np.arange(201)
        far = np.abs(k / 200 - p) >= 0.1
        assert scipy.stats.binom.pmf(k[far], 200, p).sum() <= hoeffding_bound(200, 0.1)


def test_eq_86() -> None:
    assert trials_without_failure(0.01) == 299
    assert success_lower_bound(299, 299) >= 0.99 > success_lower_bound(298, 298)
    low = success_lower_bound(95, 100)
    assert scipy.stats.binom.sf(94, 100, low) == pytest.approx(0.05, rel=1e-6)
    with pytest.raises(InputError, match="delta"):
        trials_without_failure(0.0)


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 1), st.integers(0, 6))
def test_eq_89_by_enumeration(p: float, r: int) -> None:
    total = 0.0
    for outcome in itertools.product((0, 1), repeat=r):
        if any(outcome):
            total += math.prod(p if x else 1 - p for x in outcome)
    assert recovery_probability(p, r) == pytest.approx(total, abs=1e-12)
    assert recovery_probability(0.5, 3) == 0.875
    assert recovery_probability(1e-18, 3) == pytest.approx(3e-18)


def test_eq_15() -> None:
    assert utilisation(3, 4) == 0.75
    assert utilisation(9, 4) == 1
    queue = run_queue([1.0] * 3, 4)
    assert queue.utilisation == 0.75
    assert queue.makespan_s == 1
    with pytest.raises(InputError, match="n_devices"):
        utilisation(1, 0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 4))
def test_a_queue_wastes_no_time(durations: list[int], n: int) -> None:
    found = run_queue([float(d) for d in durations], n)
    for k in range(n):
        mine = [(found.start_s[i], durations[i]) for i in range(len(durations)) if found.device[i] == k]
        at = 0.0
        for start, length in mine:
            assert start == at
            at += length
        assert at <= found.makespan_s
    # Graham 1966: list scheduling is within twice the best, which is at least the mean load and the longest job.
    least = max(sum(durations) / n, max(durations, default=0))
    assert least <= found.makespan_s <= 2 * least


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8), st.integers(0, 9))
def test_eq_78_by_brute_force(pairs: list[tuple[int, int]], limit: int) -> None:
    time, cost = [float(t) for t, _ in pairs], [float(c) for _, c in pairs]
    found = choose(time, cost, limit)
    allowed = [k for k in range(len(pairs)) if cost[k] <= limit]
    if found.best is None:
        assert not allowed
    else:
        assert cost[found.best] <= limit
        assert time[found.best] == min(time[k] for k in allowed)
    beaten = {
        k
        for k in range(len(pairs))
        for j in range(len(pairs))
        if time[j] <= time[k] and cost[j] <= cost[k] and ((time[j], cost[j]) != (time[k], cost[k]) or j < k)
    }
    assert set(pareto(time, cost)) == set(range(len(pairs))) - beaten
