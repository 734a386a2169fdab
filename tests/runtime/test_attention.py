"""Attention, rotary phases and routing, against dense circuits, loops and quoted numbers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.runtime.attention import (
    attention_shift_bound,
    is_inert,
    next_token_distribution,
    phase_coherence,
    phases_of_overlaps,
    quantum_attention,
)
from qcompile.runtime.encoding import encoding_phases
from qcompile.runtime.rotary import phase_layer_phase, quantum_rope, rope_angles, rotation_phase
from qcompile.runtime.routing import expert_output, load_divergence, routing_loss, unused_probability, usage
from qcompile.tape import tape_of, tape_state

SEEDS = st.integers(0, 2**31)


def test_eq_9() -> None:
    phi = encoding_phases([-0.5, 0.0, 0.5])
    assert phi == pytest.approx([math.pi - 2e-8, math.pi / 2, 2e-8], abs=1e-15)
    assert phi[0] == pytest.approx(3.14159263359, abs=1e-11)
    assert encoding_phases([0.5], [0.7])[0] == pytest.approx(0.7 + math.atan2(1e-8, 0.5))
    with pytest.raises(InputError, match="real"):
        encoding_phases([1j])
    with pytest.raises(InputError, match="theta"):
        encoding_phases([1.0, 2.0], [0.1])


def slow_attention(q: np.ndarray, k: np.ndarray, v: np.ndarray, extra: np.ndarray) -> np.ndarray:
    rows = []
    for i in range(len(q)):
        weights = [math.exp(float(q[i] @ k[j]) / math.sqrt(k.shape[1]) + extra[i, j]) for j in range(len(k))]
        rows.append(sum(w * v[j] for j, w in enumerate(weights)) / sum(weights))
    return np.array(rows)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_eq_30_by_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    q, k, v = rng.normal(size=(4, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    m, phi = rng.random((4, 5)), rng.uniform(-np.pi, np.pi, (4, 5))
    assert np.allclose(quantum_attention(q, k, v, mask=m, phase=phi), slow_attention(q, k, v, m + phi), atol=1e-13)
    # Anything constant along a row cancels.
    constant = rng.random((4, 1)) * np.ones((1, 5))
    assert np.allclose(quantum_attention(q, k, v, mask=constant), quantum_attention(q, k, v), atol=1e-14)
    assert is_inert(constant)
    assert is_inert(0.3)
    assert not is_inert(m)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_how_far_a_bounded_part_moves_attention(seed: int) -> None:
    rng = np.random.default_rng(seed)
    s, m = rng.normal(size=6) * 3, rng.random(6)
    p, q = (np.exp(x) / np.exp(x).sum() for x in (s, s + m))
    assert 0.5 * np.abs(p - q).sum() <= attention_shift_bound(1.0) + 1e-12
    assert attention_shift_bound(1.0) == pytest.approx(0.2449, abs=5e-5)
    assert attention_shift_bound(2 * np.pi) == pytest.approx(0.917, abs=5e-4)
    # The bound is reached by two entries in balance.
    a, b = (np.exp(x) / np.exp(x).sum() for x in (np.array([-0.25, 0.25]), np.array([0.25, -0.25])))
    assert 0.5 * np.abs(a - b).sum() == pytest.approx(attention_shift_bound(1.0))


def test_masks_and_undefined_phases() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3, 4))
    causal = np.tril(np.ones((3, 3), dtype=bool))
    assert quantum_attention(x, x, x, allowed=causal)[0] == pytest.approx(x[0])
    phi = phases_of_overlaps([[1, 1j, 0.001]] * 3, shots=10_000)
    assert phi[0, :2] == pytest.approx([0, np.pi / 2])
    assert math.isnan(phi[0, 2])
    with pytest.raises(InputError, match="not defined"):
        quantum_attention(x, x, x, phase=phi)
    masked = quantum_attention(x, x, x, phase=phi, undefined="mask")
    assert np.allclose(masked, quantum_attention(x, x, x, phase=np.nan_to_num(phi), allowed=~np.isnan(phi)))
    with pytest.raises(InputError, match="M_Q"):
        quantum_attention(x, x, x, mask=0.5)
    with pytest.raises(InputError, match="finite maximum"):
        quantum_attention(x, x, x, allowed=np.zeros((3, 3), dtype=bool))


def test_eq_41() -> None:
    assert phase_coherence(np.full(7, 1.3)) == pytest.approx(1)
    assert phase_coherence([0, np.pi]) == pytest.approx(0, abs=1e-30)
    phi = np.random.default_rng(0).uniform(-np.pi, np.pi, (4000, 50))
    assert np.mean([phase_coherence(row) for row in phi]) == pytest.approx(0.02, abs=1e-3)
    pairs = np.cos(phi[0][:, None] - phi[0][None, :]).mean()
    assert phase_coherence(phi[0]) == pytest.approx(pairs, abs=1e-14)
    with pytest.raises(InputError, match="phases"):
        phase_coherence([])


def test_eq_42_becomes_a_distribution() -> None:
    rng = np.random.default_rng(2)
    y = quantum_attention(rng.normal(size=(1, 4)), rng.normal(size=(6, 4)), rng.normal(size=(6, 3)))
    assert y.min() < 0 or y.sum() != pytest.approx(1)  # what the equation prints
    p = next_token_distribution(y, rng.normal(size=(3, 11)))
    assert p.shape == (1, 11)
    assert p.min() >= 0
    assert p.sum() == pytest.approx(1)


def test_eq_40() -> None:
    w = rope_angles([3, 5], 16)
    assert w.shape == (2, 8)
    assert w[0, 0] == 3
    assert rope_angles([3], 2 * 10**4)[0, -1] == pytest.approx(3e-4, rel=1e-3)  # k near d / 2
    assert np.allclose(np.diff(np.log(w[0])), -np.log(10000) / 8)
    with pytest.raises(InputError, match="even"):
        rope_angles([1], 3)


@pytest.mark.parametrize("omega", [-1.5, -0.3, 0.0, 1.0, 2.9, 4.6, 4.8, 6.0])
def test_eq_38_closed_forms_against_the_circuit(omega: float) -> None:
    column = tape_state(tape_of(f"rx(pi/2) 0; rz({omega}) 0"))
    overlaps = {"zero": column[0], "one": column[1], "plus": column.sum() / np.sqrt(2)}
    for reference, overlap in overlaps.items():
        found = float(rotation_phase(omega, reference=reference))  # type: ignore[arg-type]
        assert np.exp(1j * found) == pytest.approx(overlap / abs(overlap), abs=1e-12)
    assert abs(overlaps["zero"]) == pytest.approx(np.sqrt(0.5))
    with pytest.raises(InputError, match="reference"):
        rotation_phase(0.1, reference="minus")  # type: ignore[arg-type]


@pytest.mark.parametrize("total", [-4.0, -0.3, 0.6, 3.0, 3.3, 7.0, 10.0])
def test_phase_layer_on_zero_against_the_circuit(total: float) -> None:
    amplitude = tape_state(tape_of(f"rz({total}) 0; ry({total}) 1"))[0]
    assert np.exp(1j * phase_layer_phase(total)) == pytest.approx(amplitude / abs(amplitude), abs=1e-12)


def test_eq_38_keeps_relative_positions_for_the_zero_reference() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 1, 8))
    scores = []
    for shift in (0, 11):
        rows = []
        for vector, m in ((x, 9 + shift), (y, 4 + shift)):
            theta = rotation_phase(rope_angles([m], 8))
            rows.append(quantum_rope(vector, [m], theta=theta, phi=0.4))
        scores.append(float(rows[0][0] @ rows[1][0]))
    assert scores[0] == pytest.approx(scores[1], abs=1e-12)
    plain = quantum_rope(x, [2.0])[0]
    matrix = [[math.cos(2), -math.sin(2)], [math.sin(2), math.cos(2)]]
    assert plain[:2] == pytest.approx(matrix @ x[0, :2])


def test_eqs_37_and_67() -> None:
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(4), size=20)
    chosen = rng.integers(0, 3, 20)  # expert 3 is never used
    found = routing_loss(p, chosen, weight=0.5)
    shares = usage(chosen, 4)
    assert shares.sum() == pytest.approx(1)
    assert shares[3] == pytest.approx(1 / 24)
    assert found.divergence == pytest.approx(scipy.stats.entropy(np.full(4, 0.25), shares))
    assert found.likelihood == pytest.approx(sum(-math.log(p[i, e]) for i, e in enumerate(chosen)))
    assert found.total == pytest.approx(found.likelihood + 0.5 * found.divergence)
    assert routing_loss(p, chosen, smoothing=False).divergence == math.inf
    assert load_divergence(np.full(7, 1 / 7)) == pytest.approx(0, abs=1e-15)
    # Inclusion and exclusion in exact fractions; treating experts as independent would give 0.994.
    exact = 1 - sum((-1) ** j * math.comb(256, j) * Fraction(256 - j, 256) ** 1000 for j in range(257))
    assert unused_probability(256, 1000) == pytest.approx(float(exact), abs=1e-12)
    assert float(exact) == pytest.approx(0.99541, abs=5e-6)
    assert unused_probability(3, 4) == pytest.approx(1 - 36 / 81)
    with pytest.raises(InputError, match="expert"):
        usage([5], 4)


def test_eq_68_needs_experts_of_their_own() -> None:
    rng = np.random.default_rng(5)
    p, q, c = rng.dirichlet(np.ones(4)), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    by_hand = sum(p[e] * (0.3 * q[e] + 0.7 * c[e]) for e in range(4))
    assert expert_output(p, q, c, 0.3) == pytest.approx(by_hand)
    same = np.broadcast_to(q[0], (4, 3))
    for _ in range(3):  # with common experts the router drops out
        assert expert_output(rng.dirichlet(np.ones(4)), same, same, 0.3) == pytest.approx(q[0])
    with pytest.raises(InputError, match="experts"):
        expert_output(p, q[:1], c[:1], 0.3)
