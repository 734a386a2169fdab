"""Expert routing: the loss (37, 67), the mixture of experts (68)."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError

__all__ = ["RoutingLoss", "expert_output", "load_divergence", "routing_loss", "unused_probability", "usage"]

Floats = NDArray[np.float64]


def usage(chosen: ArrayLike, n_experts: int, *, smoothing: bool = True) -> Floats:
    """Return how often each expert is used, shape [E].

    Args:
        chosen: Expert of each token, shape [T].
        n_experts: E.
        smoothing: Add one use of each expert, (count + 1) / (T + E), so that no share is 0.
    """
    tokens = np.asarray(chosen, dtype=np.int64)
    if tokens.size and (tokens.min() < 0 or tokens.max() >= n_experts):
        raise InputError("names an expert that is not there", where="chosen", hint=f"use 0 to {n_experts - 1}")
    counts = np.bincount(tokens, minlength=n_experts).astype(np.float64)
    if smoothing:
        counts += 1
    out: Floats = counts / counts.sum()
    return out


def load_divergence(used: ArrayLike) -> float:
    """Return D(uniform || used) in nats; infinite where an expert is never used."""
    p = np.asarray(used, dtype=np.float64)
    if (p <= 0).any():
        return math.inf
    return float(-np.log(p * p.size).mean())


@frozen(kw_only=True)
class RoutingLoss:
    """Parts of eq. 37.

    Attributes:
        likelihood: -sum_i log P(e_i | x_i).
        divergence: D(uniform || used).
        weight: lambda.
    """

    likelihood: float
    divergence: float
    weight: float

    @property
    def total(self) -> float:
        """likelihood + weight x divergence."""
        return self.likelihood + self.weight * self.divergence


def routing_loss(
    probabilities: ArrayLike, chosen: ArrayLike, *, weight: float = 1.0, smoothing: bool = True
) -> RoutingLoss:
    """Return the routing loss (37 = 67).

    Args:
        probabilities: P(e | x_i), shape [T, E].
        chosen: e_i, shape [T].
        weight: lambda.
        smoothing: Smooth the shares of the experts: with 256 experts and 1000 uniform tokens some expert is unused in
            99.5 % of cases, and the divergence infinite.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    tokens = np.asarray(chosen, dtype=np.int64)
    if p.ndim != 2 or tokens.shape != (len(p),):
        raise InputError(f"have shapes {p.shape} and {tokens.shape}", where="probabilities, chosen")
    picked = p[np.arange(len(p)), tokens]
    likelihood = math.inf if (picked <= 0).any() else float(-np.log(picked).sum())
    divergence = load_divergence(usage(tokens, p.shape[1], smoothing=smoothing))
    return RoutingLoss(likelihood=likelihood, divergence=divergence, weight=weight)


def unused_probability(n_experts: int, n_tokens: int) -> float:
    """Return P(some expert gets no token) for uniform tokens, by following the number of experts met so far."""
    met = np.zeros(n_experts + 1)
    met[0] = 1.0
    stay = np.arange(n_experts + 1) / n_experts
    for _ in range(n_tokens):
        moved = met * (1 - stay)
        met = met * stay
        met[1:] += moved[:-1]
    return float(met[:-1].sum())


def expert_output(probabilities: ArrayLike, quantum: ArrayLike, classical: ArrayLike, alpha: float) -> Floats:
    """Return y = sum_e P(e|x) [alpha E_q^(e)(x) + (1 - alpha) E_c^(e)(x)] (eq. 68, experts indexed by e).

    As printed the experts carry no e, so that the probabilities sum to 1 and the router drops out.

    Args:
        probabilities: Shape [..., E].
        quantum: Outputs of the quantum experts, shape [..., E, d].
        classical: The same for the classical ones.
        alpha: Share of the quantum experts, 0 to 1.

    Raises:
        InputError: Outputs are not given for each expert.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    a, b = np.asarray(quantum, dtype=np.float64), np.asarray(classical, dtype=np.float64)
    if a.shape != b.shape or a.ndim < 2 or a.shape[-2] != p.shape[-1]:
        raise InputError(
            f"have shapes {a.shape} and {b.shape} for {p.shape[-1]} experts", where="experts", hint="give [..., E, d]"
        )
    if not 0 <= alpha <= 1:
        raise InputError(f"is {alpha}", where="alpha", hint="use a number from 0 to 1")
    out: Floats = np.einsum("...e,...ed->...d", p, alpha * a + (1 - alpha) * b)
    return out
