"""Equations around the circuits: attention, routing, experts, mitigation, devices."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import scipy.stats

from qcompile.api.equations_blocks import kron
from qcompile.api.equations_rows import Checks, Rows, equal, holds, near
from qcompile.errors import InputError
from qcompile.runtime.attention import (
    attention_shift_bound,
    next_token_distribution,
    phase_coherence,
    quantum_attention,
)
from qcompile.runtime.devices import choose, run_queue, utilisation
from qcompile.runtime.encoding import encoding_phases
from qcompile.runtime.mitigation import (
    cancellation_overhead,
    correct_readout,
    pauli_inverse,
    readout_matrix,
    readout_overhead,
)
from qcompile.runtime.rotary import rope_angles
from qcompile.runtime.routing import expert_output, routing_loss, unused_probability, usage
from qcompile.runtime.sampling import final_distribution, printed_final_distribution

__all__ = ["ROWS"]

ROWS = Rows()


@ROWS.add(
    9,
    "phase of each entry of a vector",
    "CLASSICAL",
    "qcompile.runtime.encoding.encoding_phases",
    "quoted phases of -0.5, 0 and 0.5, and atan2 of the two parts",
    note="the second i of the printed formula is the imaginary unit; one phase an amplitude, 2^n parameters",
)
def _eq_9() -> Checks:
    found = encoding_phases([-0.5, 0.0, 0.5])
    yield near("phase of -0.5", found[0], 3.14159263359, atol=1e-11)
    yield near("phases of 0 and 0.5", found[1:], [math.pi / 2, 2e-8], atol=1e-15)
    yield near("with theta 0.7", encoding_phases([0.5], [0.7])[0], 0.7 + math.atan2(1e-8, 0.5), atol=1e-15)


@ROWS.add(
    12,
    "readout correction by the inverse of the calibration matrix",
    "CLASSICAL",
    "qcompile.runtime.mitigation.correct_readout",
    "round trip through the full 2^n matrix; quoted 1-norms 1.0204, 8.86 (n = 108) and 1.02155",
    note="one 2x2 inverse a qubit; the raw inverse can be negative, so a least-squares distribution is offered too",
)
def _eq_12() -> Checks:
    rng = np.random.default_rng(12)
    p10, p01 = rng.uniform(0, 0.1, 4), rng.uniform(0, 0.1, 4)
    full = kron(*(readout_matrix(a, b) for a, b in zip(p10.tolist(), p01.tolist(), strict=True))).real
    true = rng.dirichlet(np.ones(16))
    yield near("full matrix undone, n = 4", correct_readout(full @ true, p10, p01), true, atol=1e-12)
    norm = np.abs(np.linalg.inv(full)).sum(axis=0).max()
    yield near("1-norm of the inverse", readout_overhead(p10, p01), norm, rel=1e-9)
    yield near("1-norm, e = 0.01", readout_overhead(0.01, 0.01), 1.0204, atol=5e-5)
    yield near("1-norm, e = 0.01, n = 108", readout_overhead([0.01] * 108, [0.01] * 108), 8.86, atol=5e-3)
    yield near("1-norm on Willow", readout_overhead(0.00372, 0.01062), 1.02155, atol=5e-6)
    yield holds(
        "the constrained form is no negative", correct_readout([1.0, 0.0], 0.05, 0.05, constrained=True).min() >= 0
    )


@ROWS.add(
    14,
    "probabilistic error cancellation",
    "CLASSICAL",
    "qcompile.runtime.mitigation.pauli_inverse",
    "superoperator of a channel composed with its inverse is the identity; quoted gamma 1.00691 and sample factor 2.62",
    note="false as a statement on operators, since noisy maps are channels; made on superoperators",
)
def _eq_14() -> Checks:
    paulis = [np.eye(2), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
    words = [np.kron(a, b) for a, b in product(paulis, repeat=2)]
    rng = np.random.default_rng(14)
    errors = 0.1 * rng.dirichlet(np.ones(16))
    errors[0] += 0.9

    def channel(weights: object) -> np.ndarray[tuple[int, ...], np.dtype[np.complex128]]:
        return np.asarray(sum(w * np.kron(p, p.conj()) for w, p in zip(np.asarray(weights), words, strict=True)))

    yield near("channel after inverse", channel(pauli_inverse(errors)) @ channel(errors), np.eye(16), atol=1e-12)
    yield near("gamma at 0.00344", math.sqrt(cancellation_overhead(0.00344, 2)), 1.00691, atol=5e-6)
    yield near("gamma at 0.001", math.sqrt(cancellation_overhead(1e-3, 2)), 1.002002, atol=5e-7)
    yield near("samples for 70 gates", cancellation_overhead(0.00344, 2, 70), 2.62, atol=5e-3)
    yield near("samples for 1070 gates", cancellation_overhead(0.00344, 2, 1070), 2.5e6, rel=0.02)


@ROWS.add(
    15,
    "utilisation of several devices",
    "CLASSICAL",
    "qcompile.runtime.devices.utilisation",
    "busy time of a simulated queue; quoted 3 circuits on 4 devices",
)
def _eq_15() -> Checks:
    yield near("3 on 4", utilisation(3, 4), 0.75)
    yield near("busy share of a queue", run_queue([2.0] * 3, 4).utilisation, 0.75)
    yield near("never above 1", utilisation(9, 4), run_queue([1.0] * 8, 4).utilisation)


@ROWS.add(
    30,
    "attention with a quantum mask and a quantum phase",
    "CLASSICAL READOUT",
    "qcompile.runtime.attention.quantum_attention",
    "loops over queries and keys with math.exp; what is constant along a row changes nothing; quoted bound 0.2449",
    note="mask and phase must be n x n matrices from pairs of states: scalars cancel in the softmax and are an error",
)
def _eq_30() -> Checks:
    rng = np.random.default_rng(30)
    q, k, v = rng.normal(size=(4, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    m, phi = rng.random((4, 5)), rng.uniform(-np.pi, np.pi, (4, 5))
    rows = []
    for i in range(4):
        weights = [math.exp(float(q[i] @ k[j]) / math.sqrt(3) + m[i, j] + phi[i, j]) for j in range(5)]
        rows.append(sum(w * v[j] for j, w in enumerate(weights)) / sum(weights))
    yield near("against loops", quantum_attention(q, k, v, mask=m, phase=phi), np.array(rows), atol=1e-13)
    constant = np.repeat(rng.random((4, 1)), 5, axis=1)
    plain = quantum_attention(q, k, v)
    yield near("row constant cancels", quantum_attention(q, k, v, mask=constant), plain, atol=1e-14)
    # Two keys in balance reach the bound.
    a, b = scipy.special.softmax([-0.25, 0.25]), scipy.special.softmax([0.25, -0.25])
    yield near("largest shift by a mask in [0, 1]", attention_shift_bound(1.0), 0.5 * np.abs(a - b).sum(), atol=1e-12)
    yield near("quoted bound", attention_shift_bound(1.0), 0.2449, atol=5e-5)
    try:
        quantum_attention(q, k, v, mask=0.5)
        yield holds("scalar mask refused", False)
    except InputError:
        yield holds("scalar mask refused", True)


def _routing_loss() -> Checks:
    rng = np.random.default_rng(37)
    p, chosen = rng.dirichlet(np.ones(4), size=20), rng.integers(0, 3, 20)  # expert 3 is never used
    found = routing_loss(p, chosen, weight=0.5)
    wanted = scipy.stats.entropy(np.full(4, 0.25), usage(chosen, 4))
    yield near("divergence by scipy", found.divergence, wanted, rel=1e-12)
    total = sum(-math.log(p[i, e]) for i, e in enumerate(chosen)) + 0.5 * wanted
    yield near("loss by a loop", found.total, total, rel=1e-12)
    yield equal("without smoothing", routing_loss(p, chosen, smoothing=False).divergence, math.inf)
    exact = 1 - sum((-1) ** j * math.comb(256, j) * Fraction(256 - j, 256) ** 1000 for j in range(257))
    yield near("P(unused expert), 256 of 1000 tokens", unused_probability(256, 1000), float(exact), atol=1e-12)


ROWS.add(
    37,
    "routing loss with a load term",
    "CLASSICAL",
    "qcompile.runtime.routing.routing_loss",
    "divergence by scipy.stats.entropy, likelihood by a loop, unused experts by exact fractions",
    note="infinite when an expert is never used, as happens in 99.5 % of cases for 256 experts and 1000 uniform "
    "tokens; shares are smoothed by one use each",
    same_as=(67,),
)(_routing_loss)
ROWS.alias(67, 37, "routing loss, printed again")


@ROWS.add(
    40,
    "rotary frequencies",
    "CLASSICAL",
    "qcompile.runtime.rotary.rope_angles",
    "quoted values at m = 3, and a geometric series by repeated multiplication",
    note="the printed symbol omits the index k of the pair; w[m, k] with k = 0 .. d/2 - 1",
)
def _eq_40() -> Checks:
    w = rope_angles([3], 16)[0]
    yield near("m = 3, k = 0", w[0], 3.0)
    yield near("m = 3, k at d/2", rope_angles([3], 20_000)[0, -1], 3e-4, rel=1e-3)
    series = [3.0]
    for _ in range(7):
        series.append(series[-1] * 10000.0 ** (-1 / 8))
    yield near("geometric series", w, series, rel=1e-12)


@ROWS.add(
    41,
    "coherence of measured phases",
    "CLASSICAL",
    "qcompile.runtime.attention.phase_coherence",
    "mean cosine over all pairs of phases; 1 for equal phases; quoted mean 0.02 for 50 random ones",
)
def _eq_41() -> Checks:
    phi = np.random.default_rng(41).uniform(-np.pi, np.pi, (4000, 50))
    pairs = float(np.cos(phi[0][:, None] - phi[0][None, :]).mean())
    yield near("mean over pairs", phase_coherence(phi[0]), pairs, atol=1e-14)
    yield near("equal phases", phase_coherence(np.full(7, 1.3)), 1.0, atol=1e-12)
    yield near("50 random phases", np.mean([phase_coherence(row) for row in phi]), 0.02, atol=1e-3)


@ROWS.add(
    42,
    "probability of the next token",
    "CLASSICAL",
    "qcompile.runtime.attention.next_token_distribution",
    "the result is a distribution with the odds that the logits say; the printed one has negative entries",
    note="attention returns a vector of d_v entries, no distribution: output weights and a softmax are added",
)
def _eq_42() -> Checks:
    rng = np.random.default_rng(42)
    y = quantum_attention(rng.normal(size=(1, 4)), rng.normal(size=(6, 4)), rng.normal(size=(6, 3)))
    weights = rng.normal(size=(3, 11))
    p = next_token_distribution(y, weights)[0]
    yield near("sum", p.sum(), 1.0, atol=1e-12)
    yield near("log odds", np.log(p[1:] / p[0]), (y[0] @ (weights[:, 1:] - weights[:, :1])), atol=1e-12)
    yield holds("attention alone is no distribution", y.min() < 0 or abs(y.sum() - 1) > 1e-6)


@ROWS.add(
    44,
    "final sampling with a top-k mask and eta_Q",
    "CLASSICAL",
    "qcompile.runtime.sampling.final_distribution",
    "quoted distributions for logits -1..-4, masked and as printed; a scalar eta_Q changes nothing",
    note="a mask as a factor sends masked logits to 0 and lets them win over negative ones; masked by -inf instead; a "
    "scalar eta_Q cancels, so one value a token is taken",
)
def _eq_44() -> Checks:
    logits = [-1.0, -2.0, -3.0, -4.0]
    masked = final_distribution(logits, top_k=2)
    yield near("top 2 by -inf", masked, [0.731, 0.269, 0, 0], atol=6e-4)
    yield near("top 2 as printed", printed_final_distribution(logits, 2), [0.147, 0.054, 0.399, 0.399], atol=6e-4)
    yield near("scalar eta", final_distribution(logits, top_k=2, eta=0.4, temperature=3.0), masked, atol=1e-15)
    eta = [0.5, 0.0, -1.0, 2.0]
    wanted = scipy.special.softmax(np.array(logits) + 3.0 * np.array(eta))
    yield near("eta a token", final_distribution(logits, eta=eta, temperature=3.0), wanted, atol=1e-14)


@ROWS.add(
    68,
    "mixture of quantum and classical experts",
    "CLASSICAL",
    "qcompile.runtime.routing.expert_output",
    "a loop over experts whose expectations come from the literal kron product; common experts",
    note="as printed the experts do not depend on e, so the router drops out; experts of their own are taken; a "
    "quantum expert (ir.QuantumExpert) is an ansatz with Z expectations and a linear map",
)
def _eq_68() -> Checks:
    from qcompile import ir
    from qcompile.api.equations_blocks import kron, literal_ansatz
    from qcompile.ir.outcomes import outcome_distribution, outcome_value
    from qcompile.synthesis.blocks import synthesize
    from qcompile.tape import tape_state

    rng = np.random.default_rng(68)
    x, quantum, dense = rng.normal(size=8), [], []
    z, one = np.diag([1.0, -1.0]), np.eye(2)
    observables = [kron(z, one, one), kron(one, z, one), kron(one, one, z)]
    for _ in range(4):
        angles, weight, bias = rng.uniform(-3, 3, (1, 3, 3)), rng.normal(size=(3, 3)), rng.normal(size=3)
        expert = ir.QuantumExpert(ir.AmplitudeEncoding(x), ir.Ansatz(3, 1, angles), weight=weight, bias=bias)
        readout = expert.readout("expert")
        born = np.abs(tape_state(synthesize(readout.block))) ** 2
        quantum.append(expert.output(outcome_value(readout, outcome_distribution(readout, born))))
        psi = literal_ansatz(angles) @ x / np.linalg.norm(x)
        expectations = [(psi.conj() @ o @ psi).real for o in observables]
        dense.append([sum(w * e for w, e in zip(row, expectations, strict=True)) for row in weight] + bias)
    p, c = rng.dirichlet(np.ones(4)), rng.normal(size=(4, 3))
    by_hand = sum(p[e] * (0.3 * dense[e] + 0.7 * c[e]) for e in range(4))
    yield near("loop over experts", expert_output(p, quantum, c, 0.3), by_hand, atol=1e-12)
    same = np.broadcast_to(c[0], (4, 3))
    for _ in range(2):
        found = expert_output(rng.dirichlet(np.ones(4)), same, same, 0.3)
        yield near("common experts: the router drops out", found, c[0], atol=1e-12)


@ROWS.add(
    78,
    "fastest layout within a budget",
    "CLASSICAL",
    "qcompile.runtime.devices.choose",
    "brute force over random candidates",
    note="candidates are listed and the front of time against cost comes with the best one",
)
def _eq_78() -> Checks:
    rng = np.random.default_rng(78)
    same = True
    for _ in range(200):
        time, cost = rng.integers(0, 9, 8).astype(float).tolist(), rng.integers(0, 9, 8).astype(float).tolist()
        within = [k for k in range(8) if cost[k] <= 4]
        found = choose(time, cost, 4).best
        least = min((time[k] for k in within), default=None)
        same &= (found is None) == (not within) and (found is None or (cost[found] <= 4 and time[found] == least))
    yield holds("200 random sets", same)
