"""Monte Carlo weights (17, 45), hybrid mixtures (24, 26-29), final sampling (44), the mixing sum (48, 49)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError

__all__ = [
    "Combined",
    "adaptive_alpha",
    "combine_estimates",
    "final_distribution",
    "heuristic",
    "importance_distribution",
    "interference_sum",
    "inverse_variance_alpha",
    "mean_overlap",
    "mixture",
    "mixture_moments",
    "monte_carlo_estimate",
    "printed_final_distribution",
    "sample_mixture",
    "softmax",
    "top_k_mask",
]

Floats = NDArray[np.float64]
Estimator = Literal["printed", "self_normalised", "samples"]


def monte_carlo_estimate(
    f: ArrayLike, w: ArrayLike | None = None, *, estimator: Estimator = "self_normalised"
) -> float:
    """Return an estimate of E[f] under p(x) = abs(<x; U; ref>)^2 (eq. 17).

    Args:
        f: f(x_i), shape [Ns].
        w: Weights p(x_i), shape [Ns]; not used by `samples`.
        estimator: `printed`: mean(f w), biased by 1 / N for uniform x_i and weighting p twice for x_i from p.
            `self_normalised`: sum(f w) / sum(w), right for uniform x_i. `samples`: mean(f), right when the x_i are
            measured outcomes of the circuit.

    Raises:
        InputError: Nothing to average, or all weights are 0.
    """
    values = np.asarray(f, dtype=np.float64)
    if not values.size:
        raise InputError("is empty", where="f")
    if estimator == "samples":
        return float(values.mean())
    if w is None:
        raise InputError("are missing", where="weights", hint="give one weight a sample, or use estimator='samples'")
    weights = np.asarray(w, dtype=np.float64)
    if weights.shape != values.shape or (weights < 0).any():
        raise InputError("do not match f, or are negative", where="weights")
    if estimator == "printed":
        return float((values * weights).mean())
    if not weights.sum() > 0:
        raise InputError("are all 0", where="weights")
    return float((values * weights).sum() / weights.sum())


def mean_overlap(weights: ArrayLike) -> float:
    """Return eta_Q of eq. 45, the mean of measured overlaps; over a full basis it is 2^-n for every U (Parseval)."""
    return float(np.mean(np.asarray(weights, dtype=np.float64)))


def _weight(alpha: float) -> float:
    if not 0 <= alpha <= 1:
        raise InputError(f"is {alpha}", where="alpha", hint="use a number from 0 to 1")
    return float(alpha)


def mixture(p_quantum: ArrayLike, p_classical: ArrayLike, alpha: float) -> Floats:
    """Return alpha p_quantum + (1 - alpha) p_classical (eq. 24)."""
    a = _weight(alpha)
    p, q = np.asarray(p_quantum, dtype=np.float64), np.asarray(p_classical, dtype=np.float64)
    if p.shape != q.shape:
        raise InputError(f"have shapes {p.shape} and {q.shape}", where="distributions")
    return a * p + (1 - a) * q


def sample_mixture(
    p_quantum: ArrayLike, p_classical: ArrayLike, alpha: float, n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return `n` draws from eq. 24: a coin of bias alpha chooses the sampler, then the sampler draws."""
    p, q = np.asarray(p_quantum, dtype=np.float64), np.asarray(p_classical, dtype=np.float64)
    from_p = rng.random(n) < _weight(alpha)
    a, b = rng.choice(p.size, size=n, p=p), rng.choice(q.size, size=n, p=q)
    return np.where(from_p, a, b)


def mixture_moments(
    mean_quantum: float, var_quantum: float, mean_classical: float, var_classical: float, alpha: float
) -> tuple[float, float]:
    """Return mean and variance of f under eq. 24; the variance holds alpha (1 - alpha) times the squared mean gap."""
    a = _weight(alpha)
    gap = mean_quantum - mean_classical
    mean = a * mean_quantum + (1 - a) * mean_classical
    return mean, a * var_quantum + (1 - a) * var_classical + a * (1 - a) * gap * gap


def importance_distribution(q: ArrayLike, h: ArrayLike) -> Floats:
    """Return q h / sum(q h) (eq. 26); on samples of q (q = 1 for each) these are self-normalised weights.

    Raises:
        InputError: The products are negative or all 0.
    """
    weight = np.asarray(q, dtype=np.float64) * np.asarray(h, dtype=np.float64)
    if (weight < 0).any() or not weight.sum() > 0:
        raise InputError("are negative or all 0", where="q h", hint="give nonnegative weights, one of them positive")
    out: Floats = weight / weight.sum()
    return out


def heuristic(f: ArrayLike, mean: float, deviation: float, *, beta: float = 1.0) -> Floats:
    """Return h = exp(-beta abs(f - mean) / deviation) (eq. 27), in (0, 1].

    A deviation of 0 is taken as the limit: 1 where f equals the mean, else 0.
    """
    if deviation < 0 or beta < 0:
        raise InputError(f"are {deviation} and {beta}", where="deviation, beta", hint="use numbers from 0")
    gap = np.abs(np.asarray(f, dtype=np.float64) - mean)
    if deviation == 0:
        return np.where(gap == 0, 1.0, 0.0 if beta > 0 else 1.0)
    out: Floats = np.exp(-beta * gap / deviation)
    return out


def adaptive_alpha(var_classical: float, var_quantum: float, *, gamma: float = 1.0) -> float:
    """Return Var_c / (Var_c + gamma Var_q) (eq. 28), 1/2 when both are 0.

    Var is the variance of each side's estimator of E[f]; the printed Var of a distribution is not defined. With
    gamma = 1 this is eq. 29, which is optimal for combining independent unbiased estimators, not for the mixture (24).
    """
    if var_classical < 0 or var_quantum < 0 or gamma < 0:
        raise InputError("are negative", where="variances")
    total = var_classical + gamma * var_quantum
    return 0.5 if total == 0 else var_classical / total


def inverse_variance_alpha(sd_classical: float, sd_quantum: float) -> float:
    """Return eq. 29 from standard deviations."""
    return adaptive_alpha(sd_classical**2, sd_quantum**2)


@frozen(kw_only=True)
class Combined:
    """A combined estimate.

    Attributes:
        value: alpha a + (1 - alpha) b.
        variance: For independent estimates.
        alpha: Weight of the quantum one.
    """

    value: float
    variance: float
    alpha: float


def combine_estimates(quantum: float, var_quantum: float, classical: float, var_classical: float) -> Combined:
    """Return the inverse-variance combination of two independent unbiased estimates: what eq. 29 is right for."""
    alpha = adaptive_alpha(var_classical, var_quantum)
    return Combined(
        value=alpha * quantum + (1 - alpha) * classical,
        variance=alpha**2 * var_quantum + (1 - alpha) ** 2 * var_classical,
        alpha=alpha,
    )


def softmax(logits: ArrayLike, axis: int = -1) -> Floats:
    """Return the softmax; -inf entries get 0.

    Raises:
        InputError: A row is all -inf, or holds nan or +inf.
    """
    x = np.asarray(logits, dtype=np.float64)
    top = x.max(axis=axis, keepdims=True)
    if not np.isfinite(top).all():
        raise InputError("holds a row without a finite maximum", where="logits", hint="leave one entry unmasked")
    e = np.exp(x - top)
    out: Floats = e / e.sum(axis=axis, keepdims=True)
    return out


def top_k_mask(logits: ArrayLike, k: int) -> NDArray[np.bool_]:
    """Return which of the last axis are among the k largest, ties to the lower index."""
    x = np.asarray(logits, dtype=np.float64)
    if not 1 <= k <= x.shape[-1]:
        raise InputError(f"is {k}", where="top_k", hint=f"use 1 to {x.shape[-1]}")
    chosen = np.argsort(-x, axis=-1, kind="stable")[..., :k]
    mask = np.zeros(x.shape, dtype=bool)
    np.put_along_axis(mask, chosen, True, axis=-1)
    return mask


def final_distribution(
    logits: ArrayLike, *, top_k: int | None = None, temperature: float = 1.0, eta: ArrayLike = 0.0
) -> Floats:
    """Return softmax over the top k of logits + T eta_Q (eq. 44), everything else -inf.

    Args:
        logits: Shape [..., vocab].
        top_k: How many stay; all when left out.
        temperature: T.
        eta: Shape [vocab] or a number; a number is the same for every token and cancels exactly.
    """
    x = np.asarray(logits, dtype=np.float64)
    shifted = x + temperature * np.asarray(eta, dtype=np.float64)
    if top_k is not None:
        shifted = np.where(top_k_mask(x, top_k), shifted, -np.inf)
    return softmax(shifted)


def printed_final_distribution(logits: ArrayLike, top_k: int) -> Floats:
    """Return eq. 44 with the mask as a factor, as printed: masked logits become 0 and beat negative ones."""
    x = np.asarray(logits, dtype=np.float64)
    return softmax(x * top_k_mask(x, top_k))


def interference_sum(a: ArrayLike, b: ArrayLike, phase: float) -> Floats:
    """Return a (+) b = sqrt(a^2 + b^2 + 2 a b cos phi), elementwise and renormalised (48, 49).

    The printed sum is abs(a + b e^{i phi}), which is no distribution; it is divided by its total.

    Raises:
        InputError: Everything cancels (a = b, phi = pi), or an entry is negative.
    """
    p, q = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if (p < 0).any() or (q < 0).any() or p.shape != q.shape:
        raise InputError("are negative or differ in shape", where="distributions")
    # (a - b)^2 + 2 a b (1 + cos) stays nonnegative in floating point.
    out = np.sqrt((p - q) ** 2 + 4 * p * q * np.cos(phase / 2) ** 2)
    total = float(out.sum())
    if total < 1e-15:
        raise InputError("cancel everywhere", where="a (+) b", hint="equal distributions at phase pi leave nothing")
    return np.asarray(out / total)
