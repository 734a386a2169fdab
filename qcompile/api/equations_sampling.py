"""Equations about sampling and its errors."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import scipy.stats

from qcompile.api.equations_rows import Checks, Rows, equal, holds, near
from qcompile.runtime.sampling import (
    adaptive_alpha,
    combine_estimates,
    heuristic,
    importance_distribution,
    interference_sum,
    inverse_variance_alpha,
    mixture,
    mixture_moments,
    sample_mixture,
)
from qcompile.runtime.statistics import (
    device_error,
    error_propagation,
    hoeffding_bound,
    hoeffding_shots,
    monte_carlo_error,
    recovery_probability,
    sampling_variance,
    success_lower_bound,
    trials_without_failure,
)

__all__ = ["ROWS", "coherent_errors"]

ROWS = Rows()


def coherent_errors() -> tuple[float, float]:
    """Return the operator-norm error of Rx(0.1) and of Rx(0.1) twice."""

    def rx(t: float) -> np.ndarray[tuple[int, ...], np.dtype[np.complex128]]:
        return np.array([[math.cos(t / 2), -1j * math.sin(t / 2)], [-1j * math.sin(t / 2), math.cos(t / 2)]])

    one = float(np.linalg.norm(rx(0.1) - np.eye(2), 2))
    return one, float(np.linalg.norm(rx(0.1) @ rx(0.1) - np.eye(2), 2))


@ROWS.add(
    23,
    "device error from gate, readout and decoherence errors",
    "CLASSICAL",
    "qcompile.runtime.statistics.device_error",
    "operator norms of two equal small rotations: 0.09996 together, against 0.0707 by the printed rule",
    note="a definition, but no bound: coherent errors add linearly; the root of squares and the sum are both given",
)
def _eq_23() -> Checks:
    one, both = coherent_errors()
    found = device_error(one, one)
    yield near("error of both rotations", both, 0.09996, atol=5e-6)
    yield near("root of squares", found.rss, 0.0707, atol=5e-5)
    yield holds("root of squares is below, the sum is not", found.rss < both <= found.bound)
    yield near("3-4-5", device_error(0.3, 0.4).rss, 0.5, atol=1e-15)


@ROWS.add(
    24,
    "mixture of a quantum and a classical sampler",
    "CLASSICAL",
    "qcompile.runtime.sampling.mixture",
    "frequencies of 100 000 drawn samples; moments by enumeration of the eight outcomes",
    note="the variance holds alpha (1 - alpha) times the squared gap of the means",
)
def _eq_24() -> Checks:
    rng = np.random.default_rng(24)
    p, q, f = rng.dirichlet(np.ones(8)), rng.dirichlet(np.ones(8)), rng.normal(size=8)
    drawn = np.bincount(sample_mixture(p, q, 0.25, 100_000, rng), minlength=8) / 1e5
    yield near("frequencies", drawn, mixture(p, q, 0.25), atol=6e-3)

    def moments(d: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
        mean = float(d @ f)
        return mean, float(d @ (f - mean) ** 2)

    direct = moments(np.array([0.25 * a + 0.75 * b for a, b in zip(p, q, strict=True)]))
    yield near("mean and variance", np.array(mixture_moments(*moments(p), *moments(q), 0.25)), direct, atol=1e-12)


@ROWS.add(
    26,
    "classical importance distribution",
    "CLASSICAL",
    "qcompile.runtime.sampling.importance_distribution",
    "odds of two outcomes by exact fractions; sums to 1",
    note="all weights 0 is an error",
)
def _eq_26() -> Checks:
    found = importance_distribution([0.2, 0.5, 0.3], [1.0, 0.5, 2.0])
    yield near("sum", found.sum(), 1.0, atol=1e-15)
    yield near("odds 1 to 3", found[0] / found[2], 1 / 3, atol=1e-15)
    yield near("odds 1 to 2", found[0] / found[1], 4 / 5, atol=1e-15)


@ROWS.add(
    27,
    "heuristic weight of a sample",
    "CLASSICAL",
    "qcompile.runtime.sampling.heuristic",
    "1 at the mean, one e-fold a deviation and unit of beta, within (0, 1]",
    note="a deviation of 0 is taken as the limit",
)
def _eq_27() -> Checks:
    h = heuristic([0.0, 0.5, 1.0, 2.0], 1.0, 0.5, beta=2.0)
    yield near("at the mean", h[2], 1.0)
    yield near("e-folds", np.log(h), [-4.0, -2.0, 0.0, -4.0], atol=1e-12)
    yield equal("deviation 0", heuristic([0.0, 1.0], 1.0, 0.0).tolist(), [0.0, 1.0])


@ROWS.add(
    28,
    "adaptive mixing weight",
    "CLASSICAL",
    "qcompile.runtime.sampling.adaptive_alpha",
    "with gamma 1 the same as eq. 29; least variance found by search on a grid",
    note="the variance of a distribution is not defined; that of the estimator of E[f] is taken; both 0 gives 1/2",
)
def _eq_28() -> Checks:
    grid = np.linspace(0, 1, 100_001)
    best = grid[np.argmin(grid**2 * 0.2 + (1 - grid) ** 2 * 0.3)]
    yield near("gamma 1: least variance", adaptive_alpha(0.3, 0.2), best, atol=1e-5)
    scaled = grid[np.argmin(grid**2 * 0.5 + (1 - grid) ** 2 * 0.3)]
    yield near("gamma 2.5: as a variance 2.5 times as large", adaptive_alpha(0.3, 0.2, gamma=2.5), scaled, atol=1e-5)
    yield near("both 0", adaptive_alpha(0.0, 0.0), 0.5)


@ROWS.add(
    29,
    "inverse-variance mixing weight",
    "CLASSICAL",
    "qcompile.runtime.sampling.inverse_variance_alpha",
    "spread of simulated combined estimates; quoted 0.1664 for deviations 0.2 and 0.3; 1.25 for the density mixture",
    note="right for combining independent unbiased estimates, not for the mixture of eq. 24",
)
def _eq_29() -> Checks:
    rng = np.random.default_rng(29)
    alpha = inverse_variance_alpha(0.3, 0.2)
    drawn = alpha * 0.2 * rng.normal(size=200_000) + (1 - alpha) * 0.3 * rng.normal(size=200_000)
    sd = math.sqrt(combine_estimates(0.0, 0.04, 0.0, 0.09).variance)
    yield near("simulated spread", sd, drawn.std(), rel=0.01)
    yield near("quoted", sd, 0.1664, atol=5e-5)
    yield near("density mixture", mixture_moments(0.0, 1.0, 1.0, 1.0, 0.5)[1], 1.25)


@ROWS.add(
    47,
    "error propagation of E(theta, N)",
    "CLASSICAL",
    "qcompile.runtime.statistics.error_propagation",
    "quoted 0.4 for theta^2 at 2 with spread 0.1; spread of a simulation for a linear energy",
    note="N is an integer: a difference over N - 1 and N + 1; errors are taken as independent",
)
def _eq_47() -> Checks:
    yield near("theta^2", error_propagation(lambda t, n: t**2, 2.0, 1, 0.1, 0.0), 0.4, rel=1e-9)
    rng = np.random.default_rng(47)
    drawn = 3 * (1 + 0.2 * rng.normal(size=200_000)) - 0.5 * (10 + 2 * rng.normal(size=200_000))
    found = error_propagation(lambda t, n: 3 * t - 0.5 * n, 1.0, 10, 0.2, 2.0)
    yield near("linear energy", found, drawn.std(), rel=0.01)


def _interference() -> Checks:
    a, b = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])
    for phase, total in ((0.0, 2.0), (math.pi / 2, 1.532), (math.pi, 0.8)):
        printed = np.array([abs(complex(x) + y * np.exp(1j * phase)) for x, y in zip(a, b, strict=True)])
        yield near(f"printed total at phase {phase:.4g}", printed.sum(), total, atol=5e-4)
        yield near("renormalised", interference_sum(a, b, phase), printed / printed.sum(), atol=1e-14)
    one = interference_sum(interference_sum(a, b, 1.0), b, 1.0)
    other = interference_sum(a, interference_sum(b, b, 1.0), 1.0)
    yield holds("not associative", np.abs(one - other).max() > 1e-3)


ROWS.add(
    48,
    "quantum and classical estimates put together",
    "CLASSICAL",
    "qcompile.runtime.sampling.interference_sum",
    "moduli of complex sums, entry by entry; quoted totals 2.0, 1.532 and 0.8 at three phases",
    note="the sum of eq. 49, renormalised",
)(_interference)
ROWS.add(
    49,
    "the mixing sum a (+) b with a phase",
    "CLASSICAL",
    "qcompile.runtime.sampling.interference_sum",
    "moduli of complex sums, entry by entry; quoted totals 2.0, 1.532 and 0.8 at three phases",
    note="no distribution as printed: renormalised; everything may cancel, which is an error; not associative",
)(_interference)


@ROWS.add(
    50,
    "variance of the Monte Carlo mean",
    "CLASSICAL",
    "qcompile.runtime.statistics.sampling_variance",
    "enumeration of every sample of size 2 from three values",
    note="classical Monte Carlo, no N_q in it; dividing by Ns inside is too small on average, Ns - 1 is the default",
)
def _eq_50() -> Checks:
    population = [0.0, 1.0, 5.0]
    pairs = [np.array(pair) for pair in product(population, repeat=2)]
    means = np.array([pair.mean() for pair in pairs])
    yield near("mean of the estimates", np.mean([sampling_variance(pair) for pair in pairs]), means.var(), rel=1e-12)
    printed = np.mean([sampling_variance(pair, unbiased=False) for pair in pairs])
    yield near("printed form is half of it", printed, means.var() / 2, rel=1e-12)


@ROWS.add(
    57,
    "Hoeffding bound and number of samples",
    "CLASSICAL",
    "qcompile.runtime.statistics.hoeffding_shots",
    "quoted 18445 samples for 0.01 at 0.05; exact binomial tails stay below the bound",
    note="right as printed; independent samples in a bounded range, no N_q in it",
)
def _eq_57() -> Checks:
    yield equal("samples for 0.01 at 0.05", hoeffding_shots(0.01, 0.05), 18445)
    yield near("bound at 200 samples, 0.1", hoeffding_bound(200, 0.1), 0.0366, atol=5e-5)
    k = np.arange(201)
    for p in (0.5, 0.2, 0.03):
        tail = float(scipy.stats.binom.pmf(k[np.abs(k / 200 - p) >= 0.1], 200, p).sum())
        yield holds(f"exact tail {tail:.3g} below it, p = {p}", tail <= hoeffding_bound(200, 0.1))


@ROWS.add(
    86,
    "success fraction of tests",
    "CLASSICAL",
    "qcompile.runtime.statistics.success_lower_bound",
    "exact binomial tail at the bound; quoted 299 trials without a failure for 0.99 at 95 %",
    note="a measured fraction is no probability: the Clopper-Pearson lower bound is held against 1 - delta",
)
def _eq_86() -> Checks:
    low = success_lower_bound(95, 100)
    yield near("tail at the bound, 95 of 100", scipy.stats.binom.sf(94, 100, low), 0.05, rel=1e-6)
    yield equal("trials without a failure", trials_without_failure(0.01), 299)
    yield holds("299 are enough, 298 are not", success_lower_bound(299, 299) >= 0.99 > success_lower_bound(298, 298))


@ROWS.add(
    89,
    "probability of success after retries",
    "CLASSICAL",
    "qcompile.runtime.statistics.recovery_probability",
    "sum over all histories of r tries; quoted 0.875 for p = 1/2, r = 3",
    note="needs independent tries and a way to know that one succeeded",
)
def _eq_89() -> Checks:
    yield near("p = 1/2, r = 3", recovery_probability(0.5, 3), 0.875, atol=1e-15)
    histories = [h for h in product((0, 1), repeat=5) if any(h)]
    total = sum(math.prod(0.3 if x else 0.7 for x in h) for h in histories)
    yield near("p = 0.3, r = 5", recovery_probability(0.3, 5), total, atol=1e-12)


@ROWS.add(
    99,
    "classical sampling error 1 / sqrt(Ns)",
    "CLASSICAL",
    "qcompile.runtime.statistics.monte_carlo_error",
    "slope of the spread of simulated means against the number of samples",
    note="true",
)
def _eq_99() -> Checks:
    rng = np.random.default_rng(99)
    sizes = np.array([64, 256, 1024])
    spread = np.array([rng.random((2000, n)).mean(axis=1).std() for n in sizes])
    yield near("slope", np.polyfit(np.log(sizes), np.log(spread), 1)[0], -0.5, atol=0.03)
    wanted = np.array([monte_carlo_error(12**-0.5, int(n)) for n in sizes])
    yield near("spread", spread, wanted, rel=0.06)
