"""Claims of the paper that are no growth law: hypotheses, sampling and routing claims, the cost model."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np

from estimates import cost, scaling
from estimates.memory import code_capacity_error
from qcompile.api.equations_rows import Checks, Rows, equal, holds, near
from qcompile.api.equations_sampling import coherent_errors
from qcompile.runtime.routing import load_divergence
from qcompile.runtime.sampling import combine_estimates
from qcompile.runtime.statistics import device_error, error_recursion, hoeffding_halfwidth, hoeffding_shots
from qcompile.verify.compare import total_variation

__all__ = ["ROWS"]

ROWS = Rows()
_P = cost.PRINTED


@ROWS.add(
    2,
    "H2: logical error 0.5 +- 0.02 at distances 3, 5 and 7",
    "CLAIM",
    "estimates.memory.code_capacity_error",
    "all 512 errors of distance 3 decoded by least weight; quoted surface-code simulations: at p = 0.001 the rates are "
    "7.6e-4, 1.2e-4 and 1.9e-5",
    note="FALSE at any useful noise: with circuit noise it holds only above p = 0.065, ten thresholds, with perfect "
    "checks only where flips are nearly coins; contradicts eqs. 60, 84, 98",
)
def _eq_2() -> Checks:
    flips = np.array(list(itertools.product((0, 1), repeat=9)))
    # The checks of distance 3, drawn by hand, qubits row by row; the logical Z is the first column.
    drawn = ([0, 1, 3, 4], [4, 5, 7, 8], [1, 2], [6, 7])
    syndrome = np.array([flips[:, c].sum(axis=1) % 2 for c in drawn]).T @ [8, 4, 2, 1]
    parity = flips[:, ::3].sum(axis=1) % 2
    weight = flips.sum(axis=1)
    lightest = {s: parity[syndrome == s][np.argmin(weight[syndrome == s])] for s in range(16)}
    failed = np.array([parity[k] != lightest[s] for k, s in enumerate(syndrome)])
    for p in (0.001, 0.03):
        by_weight = float((p ** weight[failed] * (1 - p) ** (9 - weight[failed])).sum())
        yield near(f"d = 3, p = {p}: best decoder, least weight", code_capacity_error(3, p), by_weight, rel=0.01)
    yield near("coins stay coins", code_capacity_error(5, 0.5), 0.5, atol=1e-12)
    rates = [code_capacity_error(d, 0.06) for d in (3, 5)]
    yield holds("at p = 0.06 far below 0.48, and not equal", rates[1] < rates[0] < 0.1)


@ROWS.add(
    77,
    "recursion of the error under mitigation",
    "CLAIM",
    "qcompile.runtime.statistics.error_recursion",
    "the product of the weights in exact fractions; quoted fixed point: from 0.1 down to 0.01, from 0.001 up to 0.01",
    note="converges to the device error for 0 <= alpha < 1, from below too: no mitigation under that error",
)
def _eq_77() -> Checks:
    weights = [Fraction(1, 2), Fraction(3, 4), Fraction(1, 3)]
    left = Fraction(9, 100) * math.prod(weights)
    found = error_recursion(0.1, 0.01, [float(w) for w in weights])
    yield near("three steps from 0.1", found[-1], float(Fraction(1, 100) + left), rel=1e-12)
    for first in (0.1, 0.001):
        run = error_recursion(first, 0.01, [0.5] * 60)
        yield near(f"limit from {first}", run[-1], 0.01, rel=1e-9)
        yield holds("always on the same side", all((e - 0.01) * (first - 0.01) >= 0 for e in run))


@ROWS.add(
    1,
    "H1: 0.044 s against 0.252 s at 6 qubits",
    "CLAIM",
    "estimates.cost.PrintedCosts",
    "quoted ratio 0.1746, a factor of 5.73",
    note="UNTESTABLE as printed: no sequence length, width, shots or machine; 0.252 s is a long-sequence workload",
)
def _eq_1() -> Checks:
    yield near("ratio", _P.quantum_s / _P.classical_s, 0.1746, atol=5e-5)
    yield near("factor", _P.classical_s / _P.quantum_s, 5.73, atol=5e-3)


@ROWS.add(
    3,
    "H3: the hybrid error is the smaller of the two",
    "CLAIM",
    "qcompile.runtime.sampling.combine_estimates",
    "quoted 0.1664 for deviations 0.2 and 0.3: an inverse-variance combination beats the minimum",
    note="FALSE in general: independent unbiased errors combine to less than it, a biased mixture can exceed it",
)
def _eq_3() -> Checks:
    sd = math.sqrt(combine_estimates(0.0, 0.04, 0.0, 0.09).variance)
    yield near("combined", sd, 0.1664, atol=5e-5)
    yield holds("below the minimum of 0.2 and 0.3", sd < 0.2)


@ROWS.add(
    4,
    "H4: N_b states prepared in N_q log N_b gates",
    "CLAIM",
    "qcompile.ir.AmplitudeEncoding",
    "CNOT counted in synthesized worst-case circuits against the claim and the parameter-counting lower bound",
    note="FALSE for amplitude encoding: at n = 8 the lower bound of 124 CNOT for complex data exceeds the claim's 28",
)
def _eq_4() -> Checks:
    from qcompile import ir
    from qcompile.synthesis.blocks import synthesize, tape_counts

    rng = np.random.default_rng(4)
    for n in (4, 6):
        real = tape_counts(synthesize(ir.AmplitudeEncoding(rng.normal(size=2**n), method="tree"))).cnot
        yield equal(f"CNOT of the tree, real data, n = {n}", real, {4: 14, 6: 62}[n])
    bound = math.ceil((2 ** (8 + 1) - 2 - 2 * 8) / 4)
    yield holds(f"at n = 8 the lower bound {bound} is above {8 * math.log(32):.1f}", bound == 124 > 8 * math.log(32))


def _router_accuracy() -> Checks:
    yield near(
        "as printed, E = 256, Nq = 8", scaling.routing_accuracy("ours_product", 256, 8), 0.99999999977, atol=1e-11
    )
    yield near("as eq. 58", scaling.routing_accuracy("ours_ratio", 256, 8), 0.5139, atol=1e-4)
    yield near("as eq. 58, Nq = 17", scaling.routing_accuracy("ours_ratio", 256, 17), 0.784, atol=1e-3)


ROWS.add(
    5,
    "H5: routing accuracy 1 - exp(-N_q log(E) / 2)",
    "CLAIM",
    "estimates.scaling.routing_accuracy",
    "quoted values of both readings at 256 experts",
    note="INCONSISTENT with eq. 58 and FALSE: neither reading knows the data; random labels give 1/E",
    same_as=(106,),
)(_router_accuracy)
ROWS.alias(106, 5, "routing accuracy of this paper")


@ROWS.add(
    6,
    "H6: errors 0.07-0.52 of quantum against 0.58-0.99 of classical sampling",
    "CLAIM",
    "qcompile.verify.total_variation",
    "simulated: samples of a circuit and classical samples of the same distribution are equally far from it",
    note="UNTESTABLE (error of what, N, shots); as a claim on sampling FALSE",
)
def _eq_6() -> Checks:
    import cirq

    from qcompile import ir
    from qcompile.api.equations_blocks import golden_angles, literal_ansatz
    from qcompile.synthesis.blocks import synthesize
    from qcompile.tape.cirq_out import to_cirq

    theta, rounds, shots = golden_angles(2, 4), 300, 64
    p = np.abs(literal_ansatz(theta)[:, 0]) ** 2
    circuit = to_cirq(synthesize(ir.Ansatz(4, 2, theta)))
    state = cirq.final_state_vector(circuit, qubit_order=cirq.LineQubit.range(4), dtype=np.complex128)
    bits = cirq.sample_state_vector(state, range(4), repetitions=rounds * shots, seed=6)
    by_circuit = (bits @ [8, 4, 2, 1]).reshape(rounds, shots)
    by_table = np.random.default_rng(6).choice(16, size=(rounds, shots), p=p / p.sum())
    means = [
        float(np.mean([total_variation(np.bincount(row, minlength=16) / shots, p) for row in drawn]))
        for drawn in (by_circuit, by_table)
    ]
    yield near("mean total variation of 64 samples, circuit against table", means[0], means[1], rel=0.05)
    yield holds("neither is 0.07", min(means) > 0.1)


def _repetition() -> Checks:
    rng = np.random.default_rng(21)
    p = rng.uniform(0.2, 0.8, size=(2000, 100))
    seen = rng.binomial(1024, p) / 1024
    rms = float(np.sqrt(np.mean((seen.mean(axis=1) - 0.5) ** 2)))
    yield near("error of 100 samples, 1024 shots each: the floor", rms, math.sqrt(0.6**2 / 12 / 100), rel=0.1)
    yield holds(
        f"the law promises {scaling.sampling_error('ours', 100, 1024):.4f}",
        rms > 4 * scaling.sampling_error("ours", 100, 1024),
    )


ROWS.add(
    21,
    "sampling error 1 / sqrt(Ns Nq)",
    "CLAIM",
    "estimates.scaling.sampling_error",
    "two-level simulation: more shots a sample meet the floor sqrt(vb / Ns)",
    note="FALSE as an advantage: repetitions only remove the noise within a sample",
    same_as=(56, 102),
)(_repetition)
ROWS.alias(56, 21, "sampling error, printed again")


@ROWS.add(
    22,
    "bound C / sqrt(Ns Nq) + device error",
    "CLAIM",
    "qcompile.runtime.statistics.hoeffding_halfwidth",
    "coverage of the Hoeffding interval in 4000 simulated means",
    note="C is not defined, and a random error has no deterministic bound: Hoeffding's half-width and a bias bound",
)
def _eq_22() -> Checks:
    rng = np.random.default_rng(22)
    half = hoeffding_halfwidth(200, 0.05)
    inside = np.abs(rng.binomial(200, 0.3, 4000) / 200 - 0.3) <= half
    yield holds(f"coverage {inside.mean():.4f} is at least 0.95", inside.mean() >= 0.95)
    yield near(
        "half-width of the samples of eq. 57", hoeffding_halfwidth(hoeffding_shots(0.01, 0.05), 0.05), 0.01, rel=1e-4
    )


@ROWS.add(
    46,
    "cost of the quantum system over the classical one: 0.95",
    "CLAIM",
    "estimates.cost.efficiency_ratio",
    "the ratio of the paper's own totals is 0.25",
    note="INCONSISTENT with eqs. 110 (0.25) and 1 (0.175)",
)
def _eq_46() -> Checks:
    yield near("1.5e6 over 6.0e6", cost.efficiency_ratio(1.5e6, _P.classical), 0.25, rel=1e-12)
    yield near("0.95 would be, in millions", _P.efficiency * _P.classical / 1e6, 5.7, rel=1e-12)


@ROWS.add(
    58,
    "routing accuracy 1 - exp(-N_q / (2 log E))",
    "CLAIM",
    "estimates.scaling.routing_accuracy",
    "quoted: at N_q = log2 E it is 0.5139 for every E",
    note="FALSE: a trained router of eq. 36 stays at chance, and random labels give 1/E",
)
def _eq_58() -> Checks:
    for experts in (2, 16, 256):
        found = scaling.routing_accuracy("ours_ratio", experts, math.log2(experts))
        yield near(f"E = {experts}", found, 0.5139, atol=1e-4)


@ROWS.add(
    59,
    "load: KL(used to uniform) at most log(E) / N_q",
    "CLAIM",
    "qcompile.runtime.routing.load_divergence",
    "counterexample: all tokens on one expert have KL = log E = 5.545 against a bound of 0.693",
    note="FALSE; the divergence is the other way round in eqs. 37 and 67, where an unused expert makes it infinite",
)
def _eq_59() -> Checks:
    used = np.eye(256)[0]
    kl = float(np.sum(used[:1] * np.log(256 * used[:1])))
    yield near("KL of one expert", kl, 5.545, atol=5e-4)
    yield holds("above log(E) / N_q = 0.693", kl > math.log(256) / 8)
    yield equal("the other direction", load_divergence(used), math.inf)


@ROWS.add(
    74,
    "interface error as a root of squares",
    "CLAIM",
    "qcompile.runtime.statistics.device_error",
    "operator norms of two coherent errors: 0.09996 above the bound of 0.0707",
    note="FALSE as an upper bound: the sum is used",
)
def _eq_74() -> Checks:
    one, both = coherent_errors()
    found = device_error(one, one)
    yield near("both errors", both, 0.09996, atol=5e-6)
    yield holds("above the printed bound, within the sum", found.rss < both <= found.bound)


@ROWS.add(
    107,
    "hardware cost 1.05 million",
    "CLAIM",
    "estimates.cost.hardware_cost",
    "quoted 0.0006 dollars for 100 qubits, and 1.7e11 qubits needed",
    note="inputs unsupported: a qubit is taken to cost what a parameter costs",
)
def _eq_107() -> Checks:
    yield near("with 100 qubits", cost.hardware_cost(_P.hardware, 100, 671e9), 6.3e-4, rel=0.01)
    yield near("qubits needed", cost.qubits_needed(_P.new_hardware, _P.hardware, 671e9), 1.7e11, rel=0.02)


@ROWS.add(
    108,
    "energy cost 0.3 million",
    "CLAIM",
    "estimates.cost.energy_cost",
    "quoted 36 584 dollars from the times of H1; a ratio of 0.5 would be needed",
    note="INCONSISTENT with H1; a quadratic speed-up is no squared ratio of times",
)
def _eq_108() -> Checks:
    yield near("from H1", cost.energy_cost(_P.energy, _P.quantum_s, _P.classical_s), 36_584, rel=1e-4)
    yield near("ratio needed", cost.energy_ratio_needed(_P.new_energy, _P.energy), 0.5, rel=1e-12)


@ROWS.add(
    109,
    "infrastructure cost 0.15 million",
    "CLAIM",
    "estimates.cost.infrastructure_cost",
    "quoted: a ratio of 0.25 is needed, of sizes that are not defined",
    note="UNTESTABLE: read as the factor of eq. 52, a larger speed-up would cost more",
)
def _eq_109() -> Checks:
    yield near("ratio needed", cost.speed_ratio_needed(_P.new_infrastructure, _P.infrastructure), 0.25, rel=1e-12)
    yield near("cost at sizes 1 and 4", cost.infrastructure_cost(_P.infrastructure, 1, 4), 150_000, rel=1e-12)
    larger = cost.infrastructure_cost(1.0, scaling.quantum_factor(4096, 8), 1.0)
    yield holds("as a speed-up it would raise the cost", larger > 1)


@ROWS.add(
    110,
    "total cost 1.5 million, 75 % less",
    "CLAIM",
    "estimates.cost.total_cost",
    "printed parts added by hand",
    note="arithmetic right, inputs unsupported; no line for quantum hardware, whose cost makes the total unknown",
)
def _eq_110() -> Checks:
    total = cost.total_cost(_P.new_hardware, _P.new_energy, _P.new_infrastructure)
    yield near("total", total, 1.5e6, rel=1e-12)
    yield near("saved", cost.reduction(1.5e6, _P.classical), 0.75, rel=1e-12)
    yield equal("with unknown quantum hardware", cost.total_cost(1, 1, 1, quantum_hardware=None), None)
