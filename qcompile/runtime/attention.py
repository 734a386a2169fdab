"""Attention with measured masks and phases (30, 42), phase coherence (41)."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError
from qcompile.runtime.sampling import softmax

__all__ = [
    "attention_shift_bound",
    "is_inert",
    "next_token_distribution",
    "phase_coherence",
    "phases_of_overlaps",
    "quantum_attention",
]

Floats = NDArray[np.float64]
Undefined = Literal["raise", "mask", "zero"]


def phases_of_overlaps(overlaps: ArrayLike, *, shots: int | None = None) -> Floats:
    """Return arg of measured complex overlaps (eq. 32), nan where the phase is not defined.

    Args:
        overlaps: Complex values, any shape.
        shots: Shots for each of the two parts; moduli below 3 / sqrt(shots) cannot be told from 0. Exact when left out.
    """
    z = np.asarray(overlaps, dtype=np.complex128)
    least = 0.0 if shots is None else 3 / math.sqrt(shots)
    return np.where(np.abs(z) > least, np.angle(z), np.nan)


def _score_part(value: ArrayLike, shape: tuple[int, int], name: str, undefined: Undefined) -> Floats:
    part = np.asarray(value, dtype=np.float64)
    if part.shape != shape:
        raise InputError(
            f"has shape {part.shape}, the scores {shape}",
            where=name,
            hint="give one entry for each query and key; a scalar would cancel in the softmax",
        )
    if np.isnan(part).any():
        if undefined == "raise":
            raise InputError("holds phases that are not defined", where=name, hint="use more shots, or mask them")
        part = np.where(np.isnan(part), -np.inf if undefined == "mask" else 0.0, part)
    return part


def is_inert(part: ArrayLike, *, atol: float = 1e-12) -> bool:
    """Return whether a score matrix is constant along every row, so that the softmax removes it exactly."""
    x = np.asarray(part, dtype=np.float64)
    return x.ndim < 2 or bool((np.ptp(x, axis=-1) <= atol).all())


def quantum_attention(
    q: ArrayLike,
    k: ArrayLike,
    v: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    phase: ArrayLike | None = None,
    allowed: ArrayLike | None = None,
    undefined: Undefined = "raise",
) -> Floats:
    """Return softmax(q k^T / sqrt(d_k) + M_Q + Phi_Q) v (eq. 30).

    Args:
        q: Queries, shape [n, d_k].
        k: Keys, shape [m, d_k].
        v: Values, shape [m, d_v].
        mask: M_Q, shape [n, m]: entry (i, j) from query state i and key state j.
        phase: Phi_Q, shape [n, m], radians.
        allowed: bool [n, m], False where attention is forbidden (causal masks): -inf.
        undefined: What happens to phases that are nan: error, forbid the pair, or leave the score as it is.

    Raises:
        InputError: A shape does not fit; M_Q or Phi_Q is no matrix, for then it would cancel; a query has no key left.
    """
    queries, keys, values = (np.asarray(t, dtype=np.float64) for t in (q, k, v))
    if queries.ndim != 2 or keys.ndim != 2 or queries.shape[1] != keys.shape[1] or len(values) != len(keys):
        raise InputError(
            f"have shapes {queries.shape}, {keys.shape}, {values.shape}",
            where="q, k, v",
            hint="use [n, d], [m, d], [m, e]",
        )
    scores = queries @ keys.T / math.sqrt(keys.shape[1])
    shape = (len(queries), len(keys))
    if mask is not None:
        scores = scores + _score_part(mask, shape, "M_Q", "raise")
    if phase is not None:
        scores = scores + _score_part(phase, shape, "Phi_Q", undefined)
    if allowed is not None:
        scores = np.where(np.asarray(allowed, dtype=bool), scores, -np.inf)
    out: Floats = softmax(scores) @ values
    return out


def attention_shift_bound(spread: float) -> float:
    """Return tanh(spread / 4): the most that a score part with values in an interval moves attention (total variation).

    M_Q in [0, 1] moves it by at most 0.2449, Phi_Q in (-pi, pi] by at most 0.917.
    """
    return math.tanh(spread / 4)


def next_token_distribution(attended: ArrayLike, output_weights: ArrayLike) -> Floats:
    """Return softmax(y W_o) over the vocabulary: what eq. 42 needs, for attention returns a vector, no distribution.

    Args:
        attended: Output of `quantum_attention`, shape [..., d_v].
        output_weights: W_o, shape [d_v, vocab].
    """
    return softmax(np.asarray(attended, dtype=np.float64) @ np.asarray(output_weights, dtype=np.float64))


def phase_coherence(phases: ArrayLike) -> float:
    """Return abs(mean exp(i phi))^2 over measured phases (eq. 41): 1 when equal, about 1 / N when random.

    Raises:
        InputError: There is no phase, or one is not defined.
    """
    phi = np.asarray(phases, dtype=np.float64)
    if not phi.size or np.isnan(phi).any():
        raise InputError("are empty or hold one that is not defined", where="phases")
    return float(abs(np.exp(1j * phi).mean()) ** 2)
