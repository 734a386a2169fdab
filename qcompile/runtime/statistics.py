"""Error bars: device (23), propagation (47), sampling (50, 99), Hoeffding (57), recursion (77), success (86, 89)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from qcompile.budget.deployment import clopper_pearson
from qcompile.errors import InputError
from qcompile.ir.shots import hoeffding_shots

__all__ = [
    "DeviceError",
    "device_error",
    "error_propagation",
    "error_recursion",
    "hoeffding_bound",
    "hoeffding_halfwidth",
    "hoeffding_shots",
    "monte_carlo_error",
    "recovery_probability",
    "sampling_variance",
    "success_lower_bound",
    "trials_without_failure",
]


@frozen(kw_only=True)
class DeviceError:
    """Both ways to put errors together.

    Attributes:
        rss: Root of the summed squares, eq. 23 as printed: the spread of independent errors, no bound.
        bound: Sum, which bounds coherent errors too.
    """

    rss: float
    bound: float


def device_error(*errors: float) -> DeviceError:
    """Return eq. 23 for gate, readout, decoherence and further errors (74 has the same form).

    >>> device_error(0.3, 0.4)
    DeviceError(rss=0.5, bound=0.7)
    """
    if any(not e >= 0 for e in errors):
        raise InputError(f"are {errors}", where="errors", hint="use numbers from 0")
    return DeviceError(rss=math.hypot(*errors), bound=math.fsum(errors))


def error_propagation(
    energy: Callable[[float, int], float], theta: float, n: int, sd_theta: float, sd_n: float, *, step: float = 1e-5
) -> float:
    """Return the propagated error of E(theta, N) (eq. 47), for independent errors.

    The derivative in theta is a central difference of order 4; N is an integer, so its derivative is the central
    difference over N - 1 and N + 1.
    """
    h = step * max(1.0, abs(theta))

    def at(offset: float) -> float:
        return energy(theta + offset, n)

    slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    slope_n = (energy(theta, n + 1) - energy(theta, n - 1)) / 2 if sd_n else 0.0
    return math.hypot(slope * sd_theta, slope_n * sd_n)


def sampling_variance(f: ArrayLike, *, unbiased: bool = True) -> float:
    """Return the variance of the mean of f over samples (eq. 50): classical Monte Carlo, no N_q in it.

    Args:
        f: Values, shape [Ns].
        unbiased: Divide by Ns - 1 inside; the printed form divides by Ns and is too small on average.

    Raises:
        InputError: Too few samples.
    """
    values = np.asarray(f, dtype=np.float64)
    n = values.size
    if n < (2 if unbiased else 1):
        raise InputError(f"has {n} values", where="f", hint="two samples are the least")
    return float(values.var(ddof=1 if unbiased else 0)) / n


def error_recursion(first: float, device: float, alphas: Iterable[float]) -> tuple[float, ...]:
    """Return the errors of e_(k+1) = alpha_k e_k + (1 - alpha_k) device (eq. 77), the first one included.

    Each step is a weighted mean with the device error, so the sequence moves towards it from above and from below and
    never passes it: no mitigation beyond the device error.

    Args:
        first: Error before the first step.
        device: Error of the device.
        alphas: One weight a step, each from 0 to below 1.

    Raises:
        InputError: A weight is out of range.
    """
    out = [float(first)]
    for k, alpha in enumerate(alphas):
        if not 0 <= alpha < 1:
            raise InputError(f"is {alpha}", where=f"alpha[{k}]", hint="use a number from 0 to below 1")
        out.append(alpha * out[-1] + (1 - alpha) * device)
    return tuple(out)


def monte_carlo_error(sd: float, n_samples: int) -> float:
    """Return sd / sqrt(Ns): the standard error of a mean (eq. 99)."""
    if n_samples < 1:
        raise InputError(f"is {n_samples}", where="n_samples", hint="use an integer from 1")
    return sd / math.sqrt(n_samples)


def hoeffding_bound(n_samples: int, error: float, *, value_range: float = 1.0) -> float:
    """Return min(1, 2 exp(-2 Ns error^2 / (b - a)^2)) (eq. 57), for independent values within a range b - a."""
    if n_samples < 0 or error < 0 or not value_range > 0:
        raise InputError("are out of range", where="n_samples, error, value_range")
    return min(1.0, 2 * math.exp(-2 * n_samples * (error / value_range) ** 2))


def hoeffding_halfwidth(n_samples: int, delta: float, *, value_range: float = 1.0) -> float:
    """Return (b - a) sqrt(ln(2 / delta) / (2 Ns)): what eq. 22 should say about sampling."""
    if n_samples < 1 or not 0 < delta < 1:
        raise InputError("are out of range", where="n_samples, delta")
    return value_range * math.sqrt(math.log(2 / delta) / (2 * n_samples))


def success_lower_bound(n_correct: int, n_total: int, *, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson lower bound on a success probability: hold it against 1 - delta (eq. 86)."""
    return clopper_pearson(n_correct, n_total, confidence=2 * confidence - 1)[0]


def trials_without_failure(delta: float, *, confidence: float = 0.95) -> int:
    """Return how many trials without a failure show a success probability of at least 1 - delta.

    >>> trials_without_failure(0.01)
    299
    """
    if not 0 < delta < 1 or not 0 < confidence < 1:
        raise InputError("are out of range", where="delta, confidence", hint="use numbers between 0 and 1")
    return math.ceil(math.log(1 - confidence) / math.log1p(-delta) - 1e-12)


def recovery_probability(p_correct: float, n_retries: int) -> float:
    """Return 1 - (1 - p)^r (eq. 89): at least one of r independent tries succeeds, and success is recognised.

    >>> recovery_probability(0.5, 3)
    0.875
    """
    if not 0 <= p_correct <= 1 or n_retries < 0:
        raise InputError("are out of range", where="p_correct, n_retries")
    return (
        1.0 if p_correct == 1 and n_retries else -math.expm1(n_retries * math.log1p(-p_correct)) if n_retries else 0.0
    )
