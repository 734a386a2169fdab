"""The paper's limits, each against a number worked out another way; and verdicts."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from qcompile.budget import Found, Status, check
from qcompile.budget.coherence import development_coherence_s, idle_survival, layers_within, serial_sum_s
from qcompile.budget.deployment import (
    bandwidth_bytes_per_s,
    clopper_pearson,
    failure_rate,
    fits_memory,
    fits_time,
    largest_accumulation,
    queries_per_second,
    query_rate_ok,
)
from qcompile.budget.fidelity import (
    PRODUCTION_FIDELITY,
    TEST_FIDELITY,
    average_fidelity,
    circuit_fidelity,
    gate_fidelity_lines,
    process_fidelity,
)
from qcompile.budget.numerics import error_sum, is_encodable, norm_deviation, smallest_norm
from qcompile.budget.verdict import judge
from qcompile.errors import InputError
from qcompile.spec import Limit
from qcompile.target import Target


@pytest.mark.parametrize(
    ("norm", "deviation", "ok"), [(0.1001, 9.98e-7, True), (0.0999, 1.002e-6, False), (0.001, 9.9e-3, False)]
)
def test_eq_8(norm: float, deviation: float, ok: bool) -> None:
    x = np.array([0.6, -0.8]) * norm
    printed = x / np.sqrt((x**2).sum() + 1e-8)
    assert norm_deviation(x) == pytest.approx(abs((printed**2).sum() - 1), rel=1e-6)
    assert norm_deviation(x) == pytest.approx(deviation, rel=5e-3)
    assert is_encodable(x) is ok
    assert is_encodable([smallest_norm() * (1 + 1e-9)])
    assert not is_encodable([smallest_norm() * (1 - 1e-9)])


def test_eq_64_counts_each_logical_operation_and_no_device_error_twice() -> None:
    found = error_sum(0.01, 1e-6, 5000, [("readout", 0.002)])
    assert found.total == pytest.approx(0.01 + 0.005 + 0.002)
    assert found.printed == pytest.approx(0.01 + 1e-6 + 0.002)
    # A union bound holds for any joint law: three events of these probabilities.
    rng = np.random.default_rng(0)
    u = rng.random((3, 20000))
    assert (u < np.array([[0.01], [0.005], [0.002]])).any(axis=0).mean() <= found.total + 3e-3
    with pytest.raises(InputError, match="sampling"):
        error_sum(-1, 0, 0)


def test_eq_72_and_70() -> None:
    assert bandwidth_bytes_per_s(671e9, 214.72) == pytest.approx(25e9)
    assert largest_accumulation(671e9, 32 * 512e9) == 2  # fails for B >= 3
    assert largest_accumulation(671e9, 1e12) == -1


@pytest.mark.parametrize(("n", "microseconds"), [(8, 3.05), (17, 6.65), (68, 27.05), (108, 43.05)])
def test_eq_76_as_printed(n: int, microseconds: float) -> None:
    assert serial_sum_s([25e-9] * 10, [40e-9] * (10 * (n - 1))) == pytest.approx(microseconds * 1e-6)


def test_eq_76_leaves_only_one_over_e() -> None:
    assert idle_survival([70e-6], [70e-6]) == pytest.approx(1 / math.e)
    assert math.isnan(idle_survival([1e-6], [math.nan]))


def test_eq_80() -> None:
    assert (layers_within(70.2e-6), layers_within(100e-6), layers_within(9e-6)) == (7, 10, 0)
    for layers in range(200):
        assert layers_within(development_coherence_s(layers)) == layers


def test_eqs_82_and_84() -> None:
    assert circuit_fidelity(0.99, 150) == pytest.approx(0.22, abs=0.003)
    assert circuit_fidelity(0.99, 330) == pytest.approx(0.036, abs=5e-4)
    assert circuit_fidelity(0.999, 150) == pytest.approx(0.86, abs=2e-3)
    assert circuit_fidelity(0.999, 2150) == pytest.approx(0.116, abs=5e-4)
    willow = Target.from_couplings(2, [(0, 1)], "cz", f1=1 - 0.000405, f2=1 - 0.00344)
    one, two = gate_fidelity_lines(willow, PRODUCTION_FIDELITY)
    assert one.fidelity == pytest.approx(0.99973, abs=1e-5)
    assert two.fidelity == pytest.approx(0.99725, abs=1e-5)
    assert (one.status, two.status) == (Status.PASS, Status.FAIL)
    assert all(line.status is Status.PASS for line in gate_fidelity_lines(willow, TEST_FIDELITY))
    unknown = Target.from_couplings(2, [(0, 1)], "cz")
    assert {line.status for line in gate_fidelity_lines(unknown, TEST_FIDELITY)} == {Status.UNKNOWN}


@given(st.floats(0, 0.5), st.integers(1, 2))
def test_fidelity_conversions_invert(error: float, n: int) -> None:
    assert process_fidelity(1 - average_fidelity(error, n), n) == pytest.approx(1 - error, abs=1e-12)


def test_eqs_87_and_88() -> None:
    assert fits_memory(10.0, 12.0, overhead_bytes=2.0) is Status.PASS
    assert fits_memory(10.0, 12.0, overhead_bytes=2.1) is Status.FAIL
    assert fits_time(None, 5.0) is Status.UNKNOWN


def test_eq_90() -> None:
    assert queries_per_second(10, 2) == 5
    assert query_rate_ok(10, 2, 5)
    assert not query_rate_ok(10, 2, 4.9)
    with pytest.raises(InputError, match="seconds"):
        queries_per_second(1, 0)


@pytest.mark.parametrize(("k", "n"), [(0, 299), (3, 50), (50, 50), (17, 40)])
def test_eq_91_interval_inverts_the_binomial_tails(k: int, n: int) -> None:
    low, high = clopper_pearson(k, n)
    if k:
        assert scipy.stats.binom.sf(k - 1, n, low) == pytest.approx(0.025, rel=1e-6)
    if k < n:
        assert scipy.stats.binom.cdf(k, n, high) == pytest.approx(0.025, rel=1e-6)
    assert low <= k / n <= high


def test_eq_91_status() -> None:
    assert failure_rate(0, 1000, 0.01).status is Status.PASS
    assert failure_rate(50, 100, 0.01).status is Status.FAIL
    assert failure_rate(1, 100, 0.02).status is Status.UNKNOWN


def test_verdict_lines() -> None:
    class Asked:
        name, required, found, status, note = "t2", ">= 100 us", 89e-6, "fail", "median"

    verdict = check(
        {"mask": {"esp": 0.6, "exposure_t2": Found(note="no T2")}, "route": {"esp": Found(at_most=0.4)}},
        {"esp": ">= 0.5", "exposure_t2": "<= 0.1", "runtime_s": "<= 10"},
        criteria=[Asked()],
        machine="willow",
    )
    states = {(line.subject, line.name): line.status.value for line in verdict.lines}
    assert states == {
        ("program", "runtime_s"): "unknown",
        ("mask", "esp"): "pass",
        ("mask", "exposure_t2"): "unknown",
        ("route", "esp"): "fail",
        ("willow", "t2"): "fail",
    }
    assert not verdict.ok
    assert verdict.status is Status.FAIL
    assert check({"a": {"esp": 0.9}}, {"esp": ">= 0.5"}, criteria=[Asked()]).ok
    assert [line.name for line in verdict.select("fail")] == ["esp", "t2"]


def test_bounds_decide_where_they_can() -> None:
    limit = Limit.parse("<= 1")
    assert judge(limit, Found(at_least=2)) is Status.FAIL
    assert judge(limit, Found(at_most=0.5)) is Status.PASS
    assert judge(limit, Found(at_least=0.5)) is Status.UNKNOWN
    assert judge(Limit.parse("> 1"), Found(at_most=0.5)) is Status.FAIL
    with pytest.raises(InputError, match=r"limits\.esp is 'about 3'; use a comparison"):
        check({}, {"esp": "about 3"})
    with pytest.raises(InputError, match="comparison"):
        check({}, {"esp": ">= 1.2.3"})
