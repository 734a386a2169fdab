"""Equations that are measured: overlaps, phases, Born probabilities, amplitude estimation."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qcompile import ir
from qcompile.api.equations_blocks import golden_angles, kron, literal_ansatz
from qcompile.api.equations_rows import Checks, Rows, holds, near
from qcompile.ir.outcomes import leak, outcome_distribution, outcome_value
from qcompile.runtime.attention import phases_of_overlaps
from qcompile.runtime.rotary import quantum_rope, rotation_phase
from qcompile.runtime.sampling import mean_overlap, monte_carlo_estimate
from qcompile.synthesis.blocks import synthesize
from qcompile.tape import tape_state

__all__ = ["ROWS"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]

ROWS = Rows()


def _value(readout: ir.Readout) -> Any:
    """Return the readout's value from the state of its simulated circuit."""
    return outcome_value(readout, outcome_distribution(readout, _born(readout)))


def _born(readout: ir.Readout) -> Floats:
    n = readout.block.width
    p = np.abs(tape_state(synthesize(readout.block))) ** 2
    rest = [q for q in range(n) if q not in readout.measured]
    view = p.reshape([2] * n).transpose(*readout.measured, *rest)
    return np.asarray(view.reshape(2 ** len(readout.measured), -1).sum(axis=1), dtype=np.float64)


def _test(block: ir.Block, measured: int = 1, post: str = "expectation") -> float:
    return float(_value(ir.Readout("value", block, range(measured), post)))


def _unit(x: Any) -> Complex:
    return np.asarray(x / np.linalg.norm(x), dtype=np.complex128)


@ROWS.add(
    17,
    "quantum Monte Carlo estimate of E[f]",
    "READOUT CLASSICAL",
    "qcompile.runtime.sampling.monte_carlo_estimate",
    "weights from simulated circuits against the sum over all 16 outcomes of the literal unitary; quoted biases",
    note="as printed it is biased: 1/N of the truth for uniform x, and p counted twice for x drawn from p; the self-"
    "normalised estimator and the mean over samples are right and are offered beside it",
)
def _eq_17() -> Checks:
    theta = golden_angles(2, 4)
    p = np.abs(literal_ansatz(theta)[:, 0]) ** 2
    f = np.cos(np.arange(16.0)) ** 2
    truth = float(p @ f)
    ansatz, start = ir.Ansatz(4, 2, theta), ir.identity(4)
    weights = [_test(ir.ComputeUncompute(start, ansatz, ir.BasisEncoding(k, 4)), 4, "all_zero") for k in range(16)]
    yield near("weights by compute-uncompute", np.array(weights), p, atol=1e-12)
    yield near("self-normalised", monte_carlo_estimate(f, weights), truth, rel=1e-9)
    yield near(
        "printed, uniform x: 1/N of the truth", monte_carlo_estimate(f, p, estimator="printed"), truth / 16, rel=1e-9
    )
    x = np.random.default_rng(17).choice(16, size=100_000, p=p)
    yield near("mean over samples", monte_carlo_estimate(f[x], estimator="samples"), truth, atol=0.01)
    printed = monte_carlo_estimate(f[x], p[x], estimator="printed")
    yield near("printed, x from p: sum p^2 f", printed, float(p**2 @ f), atol=0.005)


@ROWS.add(
    25,
    "Born probabilities of the ansatz",
    "READOUT",
    "qcompile.ir.Readout",
    "simulated circuit, before and after peeling, against the literal kron product; Cirq's samples by chi-squared",
    note="the final rotation layer about z and a final ladder are peeled: they do not change Z-basis probabilities, or "
    "only relabel bits",
)
def _eq_25() -> Checks:
    rng = np.random.default_rng(25)
    for order in ("matrix", "time"):
        theta = rng.uniform(-np.pi, np.pi, (2, 4, 3))
        readout = ir.Readout("born", ir.Ansatz(4, 2, theta, product_order=order), range(4), "distribution")
        short, _ = ir.simplify(readout)
        if order == "matrix":
            yield near(
                "against the literal product", _value(readout), np.abs(literal_ansatz(theta)[:, 0]) ** 2, atol=1e-12
            )
        yield near(f"peeled, {order} order", _value(short), _value(readout), atol=1e-12)
        fewer = readout.block.counts().rotation > short.block.counts().rotation
        yield holds(f"fewer rotations, {order} order", fewer)
    import cirq
    import scipy.stats

    from qcompile.tape.cirq_out import to_cirq

    circuit, qubits = to_cirq(synthesize(readout.block)), cirq.LineQubit.range(4)
    state = cirq.final_state_vector(circuit, qubit_order=qubits, dtype=np.complex128)
    bits = cirq.sample_state_vector(state, range(4), repetitions=20_000, seed=25)
    counts = np.bincount(bits @ [8, 4, 2, 1], minlength=16)
    wanted = np.abs(state) ** 2
    likely = scipy.stats.chisquare(counts, 20_000 * _value(readout) / _value(readout).sum()).pvalue
    yield near("Cirq's state", wanted, _value(readout), atol=1e-10)
    yield holds(f"chi-squared of 20 000 Cirq samples: p = {likely:.2f} is above 0.001", likely > 1e-3)


@ROWS.add(
    31,
    "attention mask from the modulus of an overlap",
    "READOUT",
    "qcompile.ir.ComputeUncompute",
    "compute-uncompute, Hadamard tests, swap test and Bell measurement against the dense inner product",
    note="compute-uncompute is used: no ancilla; it is a bounded bias of the scores, not a mask",
)
def _eq_31() -> Checks:
    rng = np.random.default_rng(31)
    x, y = rng.normal(size=4), rng.normal(size=4) + 1j * rng.normal(size=4)
    theta = rng.uniform(-3, 3, (2, 2, 3))
    parts = ir.AmplitudeEncoding(x), ir.Ansatz(2, 2, theta), ir.AmplitudeEncoding(y)
    inner = np.vdot(_unit(y), literal_ansatz(theta) @ _unit(x))
    yield near("compute-uncompute", _test(ir.ComputeUncompute(*parts), 2, "all_zero"), abs(inner) ** 2, atol=1e-12)
    yield near("swap test", _test(ir.SwapTest(*parts)), abs(inner) ** 2, atol=1e-12)
    yield near("Bell measurement", _test(ir.BellMeasurement(*parts), 4, "bell"), abs(inner) ** 2, atol=1e-12)
    real, imag = (_test(ir.HadamardTest(*parts, part=part)) for part in ("real", "imag"))
    yield near("Hadamard tests", real**2 + imag**2, abs(inner) ** 2, atol=1e-12)
    quoted = ir.ComputeUncompute(
        ir.UniformSuperposition(8), ir.Ansatz(3, 2, golden_angles(2, 3)), ir.BasisEncoding(0, 3)
    )
    yield near("golden overlap n = 3", _test(quoted, 3, "all_zero"), 0.054987178, atol=6e-10)


@ROWS.add(
    32,
    "phase of an overlap",
    "READOUT",
    "qcompile.ir.HadamardTest",
    "simulated Hadamard tests against -Theta/2 of the layer on all zeros; quoted spread 0.253 at 4000 shots",
    note="not defined at modulus 0: phases of moduli below 3 / sqrt(shots) are masked or an error",
)
def _eq_32() -> Checks:
    zero = ir.identity(2)
    layer = ir.PhaseLayer(2, 3, [0.1, 0.2, 0.3])
    for control in ("all", "rotations"):
        parts = [_test(ir.HadamardTest(zero, layer, zero, part=p, control=control)) for p in ("real", "imag")]
        yield near(f"phase on all zeros, control {control}", np.arctan2(parts[1], parts[0]), -0.3, atol=1e-12)
    rng, shots, r = np.random.default_rng(32), 4000, 0.0625
    real = 2 * rng.binomial(shots, (1 + r) / 2, 20_000) / shots - 1
    imag = 2 * rng.binomial(shots, 0.5, 20_000) / shots - 1
    # Half the distance of the quantiles of one deviation: the few draws of modulus near 0 do not count.
    low, high = np.quantile(np.arctan2(imag, real), [0.1587, 0.8413])
    yield near("spread of drawn phases", (high - low) / 2, 0.253, rel=0.04)
    masked = phases_of_overlaps([0.01, 0.5], shots=shots)
    yield holds("undefined phase is masked", np.isnan(masked[0]) and masked[1] == 0)


def _route(n_labels: int, theta: Floats, x: Any, **options: Any) -> ir.Readout:
    n, r = theta.shape[1], max(1, (n_labels - 1).bit_length())
    block = ir.AmplitudeEncoding(x, n) >> ir.Router(n, theta.shape[0], theta)
    return ir.Readout("route", block, range(r), "distribution", n_labels=n_labels, **options)


def _routing() -> Checks:
    rng = np.random.default_rng(35)
    theta = rng.uniform(-np.pi, np.pi, (3, 4))
    basis = np.eye(16)[6]
    half = theta.sum(axis=0) / 2
    stay, flip = np.cos(half) ** 2, np.sin(half) ** 2
    bits = [0, 1, 1, 0]
    product = np.array([1.0])
    for q in range(4):
        product = np.kron(product, [stay[q], flip[q]] if bits[q] == 0 else [flip[q], stay[q]])
    yield near("basis input: product formula", _value(_route(16, theta, basis)), product, atol=1e-12)
    # Any input is an XOR-convolution of its amplitudes with a product kernel.
    x = rng.normal(size=16)
    kernel = kron(*([np.cos(h), -1j * np.sin(h)] for h in half))
    out = np.array([sum(kernel[e ^ k] * x[k] for k in range(16)) for e in range(16)]) / np.linalg.norm(x)
    p = np.abs(out) ** 2
    yield near("any input: XOR convolution", _value(_route(16, theta, x)), p, atol=1e-12)
    yield near("4 experts: rest traced out", _value(_route(4, theta, x)), p.reshape(4, 4).sum(axis=1), atol=1e-12)
    invalid = (2**8 - 160) / 2**8
    yield near("invalid labels at E = 160", invalid, 0.375, atol=1e-12)
    few = _route(3, theta, x, invalid_labels="renormalise")
    d = outcome_distribution(few, _born(few))
    valid = p.reshape(4, 4).sum(axis=1)[:3]
    yield near("3 experts renormalised", outcome_value(few, d), valid / valid.sum(), atol=1e-12)
    yield near("leak to invalid labels", leak(few, d), 1 - valid.sum(), atol=1e-12)


ROWS.add(
    35,
    "probability of an expert for a token",
    "READOUT",
    "qcompile.ir.Router",
    "simulated circuit against the product formula for basis tokens and the XOR convolution for any token",
    note="token and expert registers have different widths: the first ceil log2 E qubits are measured, the rest traced "
    "out; labels from E on are renormalised and the leak is reported",
    same_as=(66,),
)(_routing)
ROWS.alias(66, 35, "routing probability, printed again")


@ROWS.add(
    38,
    "rotary position with two quantum phases",
    "CLASSICAL READOUT",
    "qcompile.runtime.rotary.quantum_rope",
    "closed forms of the phases against simulated circuits; scores against a shift of all positions; quoted step 0.185",
    note="phi_Q does not depend on the position and cancels in scores; only basis references keep relative positions",
)
def _eq_38() -> Checks:
    for omega in (-1.5, 0.37, 2.9, 4.8):
        column = tape_state(synthesize(ir.RotaryRotation(omega)))
        overlaps: dict[Literal["zero", "one", "plus"], complex] = {
            "zero": column[0],
            "one": column[1],
            "plus": column.sum() / np.sqrt(2),
        }
        for reference, overlap in overlaps.items():
            found = np.exp(1j * float(rotation_phase(omega, reference=reference)))
            yield near(f"theta_Q, {reference}, w = {omega}", found, overlap / abs(overlap), atol=1e-12)
    rng = np.random.default_rng(38)
    x, y = rng.normal(size=(2, 1, 8))

    def score(shift: int) -> float:
        rows = []
        for vector, m in ((x, 9 + shift), (y, 4 + shift)):
            w = m * 10000.0 ** -(2 * np.arange(4) / 8)
            rows.append(quantum_rope(vector, [m], theta=rotation_phase(w), phi=0.4))
        return float(rows[0][0] @ rows[1][0])

    yield near("score after a shift by 11", score(11), score(0), atol=1e-12)
    one = np.array([[1.0, 0.0]])
    turned = [quantum_rope(one, [m], theta=rotation_phase(0.37 * m), base=1.0)[0] for m in (0, 1)]
    step = np.angle(complex(*turned[1])) - np.angle(complex(*turned[0])) - 1.0  # rope's own frequency is 1 here
    yield near("theta_Q's part of a step, w = 0.37", -step, 0.185, atol=1e-12)


@ROWS.add(
    45,
    "mean overlap eta_Q",
    "READOUT",
    "qcompile.runtime.sampling.mean_overlap",
    "overlaps of simulated circuits over a full basis against 2^-n, for every U (Parseval)",
    note="a constant over a full basis: it carries no information; as a scalar it cancels in eq. 44",
)
def _eq_45() -> Checks:
    rng = np.random.default_rng(45)
    for n in (3, 8):
        state = tape_state(synthesize(ir.Ansatz(n, 2, rng.uniform(-3, 3, (2, n, 3)))))
        yield near(f"full basis n = {n}", mean_overlap(np.abs(state) ** 2), 2.0**-n, atol=1e-15)


@ROWS.add(
    102,
    "sampling error 1 / sqrt(Ns Nq), and Algorithm 1",
    "CLAIM",
    "qcompile.ir.AmplitudeEstimation",
    "simulated estimation circuit against the textbook outcome law; powers of Q against sin^2((2k+1) theta)",
    note="the claim is false for repetitions (floor sqrt(vb/Ns)); what does better is amplitude estimation, whose "
    "depth grows with the precision: these circuits are checked here, the claim is not",
    same_as=(21, 56),
)
def _eq_102() -> Checks:
    rng = np.random.default_rng(102)
    x = _unit(rng.normal(size=4) + 1j * rng.normal(size=4))
    theta = np.arcsin(np.sqrt(float((np.abs(x[2:]) ** 2).sum())))
    good, m = {0: 1}, 4
    preparation = ir.AmplitudeEncoding(x)
    for k in (1, 2, 5):
        (readout,) = ir.power_readouts("q", preparation, good, [k])
        yield near(f"P(good) after Q^{k}", float(_born(readout)[1]), np.sin((2 * k + 1) * theta) ** 2, atol=1e-10)
    # Brassard, Hoyer, Mosca, Tapp 2000, theorem 11: an equal mixture of the two eigenphases +-theta / pi.
    y, j = np.arange(2**m), np.arange(2**m)
    law = np.zeros(2**m)
    for phase in (theta / np.pi, 1 - theta / np.pi):
        law += 0.5 * np.abs(np.exp(2j * np.pi * np.outer(phase - y / 2**m, j)).sum(axis=1) / 2**m) ** 2
    for control in ("all", "reflections"):
        block = ir.AmplitudeEstimation(preparation, good, m, control=control)
        found = _born(ir.Readout("ae", block, range(m), "distribution"))
        yield near(f"outcomes of 4 phase qubits, control {control}", found, law, atol=1e-9)
