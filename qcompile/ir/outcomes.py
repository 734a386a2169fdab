"""From probabilities of measured bits to what a readout means: classical maps, the same for theory and for machines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.ir.readout import Post, Readout

__all__ = ["leak", "outcome_distribution", "outcome_value", "relabel_bits"]

Floats = NDArray[np.float64]


def relabel_bits(rows: tuple[tuple[int, ...], ...], n_bits: int) -> NDArray[np.int64]:
    """Return for each measured bit string (as a number) the true one: bit k is the parity of the bits in `rows[k]`."""
    index = np.arange(2**n_bits, dtype=np.int64)
    bits = (index[:, None] >> np.arange(n_bits)[::-1]) & 1
    out: NDArray[np.int64] = np.zeros(2**n_bits, dtype=np.int64)
    for row in rows:
        out = (2 * out + (bits[:, list(row)].sum(axis=1) & 1)).astype(np.int64)
    return out


def outcome_distribution(readout: Readout, probabilities: Floats) -> Floats:
    """Return the distribution that the readout's contract compares.

    Args:
        readout: The readout.
        probabilities: Of the measured bit strings, shape [2**len(measured)].

    Returns:
        ALL_ZERO: [P(not all zero), P(all zero)]. EXPECTATION and BELL: [P(+1), P(-1)]. Else: of the relabeled strings.
    """
    n = len(readout.measured)
    p = np.asarray(probabilities, dtype=np.float64)
    if readout.relabel:
        p = np.asarray(np.bincount(relabel_bits(readout.relabel, n), weights=p, minlength=2**n), dtype=np.float64)
    if readout.post is Post.ALL_ZERO:
        return np.array([1.0 - p[0], p[0]])
    if readout.post is Post.EXPECTATION:
        return np.array([p[0::2].sum(), p[1::2].sum()]) if n == 1 else _parity(p, np.arange(2**n))
    if readout.post is Post.BELL:
        index, half = np.arange(2**n), n // 2
        return _parity(p, (index >> half) & index & (2**half - 1))
    return p


def _parity(p: Floats, masks: NDArray[np.int64]) -> Floats:
    odd = np.array([int(m).bit_count() & 1 for m in masks], dtype=bool)
    return np.array([p[~odd].sum(), p[odd].sum()])


def outcome_value(readout: Readout, distribution: Floats) -> Floats:
    """Return the readout's value from its `outcome_distribution`.

    Returns:
        A 0-d array for ALL_ZERO, EXPECTATION and BELL; probabilities by label for DISTRIBUTION (renormalised over valid
        labels when the readout says so, nan when all of it leaked); one expectation a bit for Z_EXPECTATIONS.
    """
    d = np.asarray(distribution, dtype=np.float64)
    if readout.post is Post.ALL_ZERO:
        return np.asarray(d[1])
    if readout.post in (Post.EXPECTATION, Post.BELL):
        return np.asarray(d[0] - d[1])
    if readout.post is Post.Z_EXPECTATIONS:
        n = len(readout.measured)
        bits = (np.arange(2**n)[:, None] >> np.arange(n)[::-1]) & 1
        return np.asarray((d[:, None] * (1 - 2 * bits)).sum(axis=0))
    if readout.n_labels and readout.invalid_labels != "keep":
        valid = d[: readout.n_labels]
        total = float(valid.sum())
        return valid / total if total > 0 else np.full(readout.n_labels, np.nan)
    return d


def leak(readout: Readout, distribution: Floats) -> float:
    """Return the probability of labels that name nothing (eq. 35 with E not a power of two)."""
    return float(np.asarray(distribution)[readout.n_labels :].sum()) if readout.n_labels else 0.0
