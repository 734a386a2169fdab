"""The same for rules on overlaps, data, values without a circuit and amplitude estimation."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile import ir
from qcompile.ir.overlap import primitives
from qcompile.synthesis.blocks import synthesize, tape_counts
from qcompile.verify.reference import reference_state, reference_unitary, reference_value
from tests.ir.block_cases import READOUTS
from tests.laws.rule_cases import ATOL, angles, assert_same_readout, encoding, hadamard, overlap

# S10 and kin --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "layers", "most"), [(3, 2, 26), (4, 3, 47), (8, 10, 262)])
@pytest.mark.parametrize("order", ["matrix", "time"])
def test_hadamard_test_without_controlled_ladders(n: int, layers: int, most: int, order: str) -> None:
    """Preparation by one-qubit gates, ansatz, inverse preparation: at most the CZ of the theory notes."""
    rng = np.random.default_rng(n)
    one, two = (ir.RotationLayer(n, ("y", "z"), angles(rng, n, 2)) for _ in range(2))
    readout = hadamard(one, ir.Ansatz(n, layers, angles(rng, layers, n, 3), product_order=order), two)
    new, trace = ir.simplify(readout)
    assert "ladder-free-control" in trace.rules
    counts = tape_counts(synthesize(new.block))
    assert counts.toffoli == 0
    assert counts.cnot <= most
    assert_same_readout(new, readout)


@pytest.mark.parametrize("part", ["real", "imag"])
@pytest.mark.parametrize("order", ["matrix", "time"])
@pytest.mark.parametrize("is_real", [True, False])
def test_a_pair_is_prepared_at_once(part: str, order: str, is_real: bool) -> None:
    rng = np.random.default_rng(7)
    middle = ir.Ansatz(3, 2, angles(rng, 2, 3, 3), product_order=order)
    readout = hadamard(encoding(rng, 3), middle, encoding(rng, 3, is_real=is_real), part=part)
    new, trace = ir.simplify(readout)
    assert "prepare-pair" in trace.rules
    assert_same_readout(new, readout)
    thin, _ = ir.simplify(readout, without=["prepare-pair"])
    assert tape_counts(synthesize(new.block)).cnot < tape_counts(synthesize(thin.block)).cnot


def test_a_pair_on_the_last_qubits_of_a_wide_register() -> None:
    rng = np.random.default_rng(8)
    one, two = (ir.AmplitudeEncoding(rng.normal(size=3), 5) for _ in range(2))
    readout = hadamard(one, ir.PhaseLayer(5, 2, angles(rng, 2)), two)
    new, trace = ir.simplify(readout)
    assert "prepare-pair" in trace.rules
    assert_same_readout(new, readout)


def test_a_pair_with_free_angles() -> None:
    rng = np.random.default_rng(9)
    readout = hadamard(encoding(rng, 2), ir.Ansatz(2, 2), encoding(rng, 2))
    new, _ = ir.simplify(readout)
    values = {name: 0.1 + 0.2 * k for k, name in enumerate(readout.parameters)}
    assert_same_readout(new.bind(values), readout.bind(values))


def test_no_pair_for_other_blocks() -> None:
    rng = np.random.default_rng(10)
    middle = ir.Controlled(ir.Ansatz(1, 1, angles(rng, 1, 1, 3)))
    readout = hadamard(encoding(rng, 2), middle, encoding(rng, 2))
    new, trace = ir.simplify(readout)
    assert "prepare-pair" not in trace.rules
    assert_same_readout(new, readout)


def test_a_swap_test_asks_for_consent() -> None:
    rng = np.random.default_rng(11)
    block = ir.SwapTest(encoding(rng, 3), ir.Ansatz(3, 1, angles(rng, 1, 3, 3)), encoding(rng, 3))
    strict = ir.Readout("r", block, (0,), "expectation")
    assert isinstance(ir.simplify(strict)[0].block, ir.SwapTest)
    bell, _ = ir.simplify(ir.Readout("r", block, (0,), "expectation", consents=("bell",)))
    assert bell.post is ir.Post.BELL
    assert_same_readout(bell, strict)
    none, _ = ir.simplify(ir.Readout("r", block, (0,), "expectation", consents=("compute_uncompute",)))
    assert none.n_qubits == 3
    np.testing.assert_allclose(reference_value(none), reference_value(strict), atol=ATOL)


@pytest.mark.parametrize("name", ["compute uncompute", "born", "expectations"])
def test_a_modulus_never_uses_an_ancilla(name: str) -> None:
    readout = READOUTS[name](np.random.default_rng(0))
    new, _ = ir.simplify(readout)
    assert new.n_qubits == readout.n_qubits


# S11 and kin: data --------------------------------------------------------------------------------------------------


def product_state(rng: np.random.Generator, n: int) -> np.ndarray:
    state = np.ones(1)
    for _ in range(n):
        state = np.kron(state, rng.normal(size=2))
    return state


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ([0, 0, -2.0, 0], ir.BasisEncoding),
        ([0, 0.5j, 0, 0], ir.BasisEncoding),
        ([1, 1, 1, 1], ir.UniformSuperposition),
        ([-3.0] * 6, ir.UniformSuperposition),
        (product_state(np.random.default_rng(0), 3), ir.AngleEncoding),
        (-product_state(np.random.default_rng(1), 4), ir.AngleEncoding),
    ],
)
def test_cheap_inputs_are_recognised(data: list[float], kind: type[ir.Block]) -> None:
    block = ir.AmplitudeEncoding(data)
    new, trace = ir.simplify(block)
    assert trace.rules[0] == "recognise-cheap-input"
    found = next(iter(primitives(new)))
    assert isinstance(found, kind)
    np.testing.assert_allclose(reference_state(new), reference_state(block), atol=1e-13)
    wide, _ = ir.simplify(ir.AmplitudeEncoding(data, 6))
    np.testing.assert_allclose(reference_state(wide), reference_state(ir.AmplitudeEncoding(data, 6)), atol=1e-13)


@pytest.mark.parametrize("data", [[1, 2, 3, 4.5], [0, 1, 1, 1], [1, 1, 1, -1], [1, 1, 0, 1], [1, 1j, 1, 1]])
def test_other_inputs_stay(data: list[float]) -> None:
    block = ir.AmplitudeEncoding(data)
    assert ir.simplify(block)[0] == block


@pytest.mark.parametrize("order", ["matrix", "time"])
@pytest.mark.parametrize("is_real", [True, False])
def test_a_ladder_is_folded_into_the_data(order: str, is_real: bool) -> None:
    rng = np.random.default_rng(12)
    ansatz = ir.Ansatz(3, 2, angles(rng, 2, 3, 3), product_order=order)
    readout = overlap(ir.ComputeUncompute(encoding(rng, 3, is_real=is_real), ansatz, encoding(rng, 3)))
    new, trace = ir.simplify(readout)
    assert "fold-ladder-into-data" in trace.rules
    assert readout.counts().cnot - new.counts().cnot == 2
    assert_same_readout(new, readout)


@pytest.mark.parametrize("order", ["matrix", "time"])
@pytest.mark.parametrize("ladder", ["matrix", "time"])
def test_a_ladder_on_padded_data_acts_on_the_data_alone(order: str, ladder: str) -> None:
    rng = np.random.default_rng(13)
    one, two = (ir.AmplitudeEncoding(rng.normal(size=4), 5) for _ in range(2))
    ansatz = ir.Ansatz(5, 2, angles(rng, 2, 5, 3), product_order=order, cnot_ladder=ladder)
    readout = overlap(ir.ComputeUncompute(one, ansatz, two))
    new, trace = ir.simplify(readout)
    assert "fold-ladder-into-data" in trace.rules
    assert new.counts().cnot == readout.counts().cnot - 4
    assert_same_readout(new, readout)
    for part in ("real", "imag"):
        test = hadamard(one, ansatz, two, part=part)
        pair, trace = ir.simplify(test)
        assert "prepare-pair" in trace.rules
        assert_same_readout(pair, test)


def test_a_ladder_is_not_folded_into_simpler_data() -> None:
    rng = np.random.default_rng(13)
    ansatz = ir.Ansatz(4, 2, angles(rng, 2, 4, 3))
    low_rank = ir.AmplitudeEncoding(np.kron(rng.normal(size=4), rng.normal(size=4)))
    readout = overlap(ir.ComputeUncompute(low_rank, ansatz, encoding(rng, 4)))
    new, trace = ir.simplify(readout)
    assert "fold-ladder-into-data" not in trace.rules
    assert_same_readout(new, readout)


# S5: closed forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["real", "imag"])
def test_values_without_a_circuit(part: str) -> None:
    rng = np.random.default_rng(14)
    zero = ir.identity(1)
    for middle in (ir.RotaryRotation(0.37), ir.PhaseLayer(3, 2, angles(rng, 2)), ir.PhaseLayer(1, 2, [0.3, 4.0])):
        ends = ir.identity(middle.n_qubits)
        readout = hadamard(ends, middle, ends, part=part)
        program, _ = ir.simplify(ir.Program((readout,)))
        assert len(program) == 0
        assert float(program.closed_forms[0].value) == pytest.approx(float(reference_value(readout)), abs=1e-12)
    other = hadamard(zero, ir.RotaryRotation(0.37), ir.UniformSuperposition(2), part=part)
    assert "fold-product-overlap" not in ir.simplify(ir.Program((other,)))[1].rules


def test_a_closed_form_keeps_its_symbol() -> None:
    omega = ir.Expr.symbol("omega")
    readout = hadamard(ir.identity(1), ir.RotaryRotation(omega), ir.identity(1), part="imag")
    value = ir.simplify(ir.Program((readout,)))[0].closed_forms[0].value
    assert value.names == ("omega",)
    assert value.evaluate({"omega": 1.0}) == pytest.approx(-0.339005, abs=1e-6)


# P3 to P5: amplitude estimation, Fourier transform ------------------------------------------------------------


def estimation(rng: np.random.Generator, n: int, m: int, **options: object) -> ir.Readout:
    block = ir.AmplitudeEstimation(encoding(rng, n), {0: 1}, m)
    return ir.Readout("ae", block, range(m), "distribution", **options)


def test_amplitude_estimation_controls_reflections_only() -> None:
    readout = estimation(np.random.default_rng(0), 2, 3)
    new, trace = ir.simplify(readout)
    assert trace.rules == ("control-reflections",)
    assert_same_readout(new, readout)
    before, after = (tape_counts(synthesize(r.block)) for r in (readout, new))
    assert after.cnot + 6 * after.toffoli < before.cnot + 6 * before.toffoli


def test_amplitude_estimation_at_eight_phase_qubits() -> None:
    """m = 8 over 3 state qubits, all-to-all: at most 5640 two-qubit gates."""
    new, _ = ir.simplify(estimation(np.random.default_rng(1), 3, 8))
    counts = tape_counts(synthesize(new.block))
    assert counts.toffoli == 0
    assert counts.cnot <= 5640


def test_the_eigenbasis_of_powers_needs_consent_and_says_so() -> None:
    readout = estimation(np.random.default_rng(2), 3, 4, consents=("eigenbasis",))
    new, trace = ir.simplify(readout)
    assert trace.rules[-1] == "eigenbasis-of-powers"
    assert "computed classically" in new.precomputed
    assert "computed classically" in str(trace)
    assert_same_readout(new, readout)
    strict = estimation(np.random.default_rng(2), 3, 4)
    assert "eigenbasis-of-powers" not in ir.simplify(strict)[1].rules
    wide = estimation(np.random.default_rng(2), 5, 2, consents=("eigenbasis",))
    assert "eigenbasis-of-powers" not in ir.simplify(wide)[1].rules


def test_the_eigenbasis_at_eight_phase_qubits() -> None:
    """At most 148 ZZ gates; a controlled phase or Rz is one of them."""
    new, _ = ir.simplify(estimation(np.random.default_rng(3), 3, 8, consents=("eigenbasis",)))
    assert int(synthesize(new.block).is_two_qubit.sum()) <= 148


class PreferLine:
    """A machine on which only the line form is cheap."""

    def cost(self, block: ir.Block) -> float | None:
        return 1.0 if isinstance(block, ir.QFT) and block.form == "line" else 2.0

    def trial(self, readout: ir.Readout) -> None:
        return None


def test_the_line_transform_asks_the_machine() -> None:
    block = ir.QFT(5)
    assert ir.simplify(block)[0] == block
    line, trace = ir.simplify(block, cost_model=PreferLine())
    assert trace.rules == ("line-transform",)
    np.testing.assert_allclose(reference_unitary(line), reference_unitary(block), atol=ATOL)


def test_the_line_transform_at_32_qubits() -> None:
    tape = synthesize(ir.QFT(32, form="line"))
    pairs = tape.qubits[tape.is_two_qubit]
    assert np.all(np.abs(pairs[:, 0] - pairs[:, 1]) == 1)
    assert tape_counts(tape).depth_two_qubit == 183
    assert np.all(tape.fence != 0)


@pytest.mark.parametrize("a", [0.0, 0.3, 1.0])
def test_grover_powers_turn_by_twice_theta(a: float) -> None:
    """P(good) after Q^k is sin^2((2k + 1) theta): the oracle of maximum-likelihood estimation."""
    prep = ir.AmplitudeEncoding([np.sqrt((1 - a) / 2), np.sqrt((1 - a) / 2), np.sqrt(a), 0.0])
    theta = np.arcsin(np.sqrt(a))
    for readout, k in zip(ir.power_readouts("ml", prep, {0: 1}, [0, 1, 3]), [0, 1, 3], strict=True):
        expected = np.sin((2 * k + 1) * theta) ** 2
        assert reference_value(readout)[1] == pytest.approx(expected, abs=1e-12)


def test_amplitude_estimation_reads_the_amplitude() -> None:
    """For sin^2(pi y / 2^m) = a exactly, the outcomes are y and 2^m - y, nothing else."""
    m, y = 3, 1
    a = np.sin(np.pi * y / 2**m) ** 2
    prep = ir.AmplitudeEncoding([np.sqrt(1 - a), np.sqrt(a)])
    values = reference_value(ir.Readout("ae", ir.AmplitudeEstimation(prep, {0: 1}, m), range(m), "distribution"))
    np.testing.assert_allclose(values[[y, 2**m - y]], [0.5, 0.5], atol=1e-12)


def test_qft_cutoff_error_is_bounded() -> None:
    for cutoff in (1, 2, 3):
        block = ir.QFT(5, cutoff=cutoff)
        error = np.linalg.norm(reference_unitary(block) - reference_unitary(ir.QFT(5)), ord=2)
        assert error <= block.error_bound
    assert ir.QFT(5).error_bound == 0


@pytest.mark.parametrize("n_labels", [0, 3])
def test_a_router_on_the_uniform_state_needs_no_circuit(n_labels: int) -> None:
    rng = np.random.default_rng(15)
    router = ir.Router(3, 2, angles(rng, 2, 3))
    options = {"n_labels": n_labels, "invalid_labels": "renormalise"}
    readout = ir.Readout("r", ir.UniformSuperposition(8) >> router, range(2), "distribution", **options)
    program, trace = ir.simplify(ir.Program((readout,)))
    assert "fold-uniform-router" in trace.rules
    np.testing.assert_allclose(reference_value(readout), float(program.closed_forms[0].value), atol=1e-12)
    other = ir.Readout("r", ir.UniformSuperposition(6) >> router, range(2), "distribution")
    assert "fold-uniform-router" not in ir.simplify(other)[1].rules
