"""What a spec may allow beyond the plain reading: other circuits, known amplitudes, approximate data."""

from __future__ import annotations

import math

import numpy as np
import pytest

import qcompile as qc
from estimates.program import estimate_program
from qcompile import ir
from qcompile.api.priced import NOT_PRICED, priced
from qcompile.errors import InputError
from qcompile.ir.truncation import near_vector, truncated
from qcompile.spec import load_model, lower_spec, preset_text
from qcompile.spec.estimation import median_shots, phase_qubits_for
from qcompile.synthesis.blocks import synthesize
from qcompile.verify.reference import reference_value
from tests.laws.rule_cases import assert_same_readout

NANO = preset_text("nano")
MASK = "{of: attention, method: compute_uncompute, error: 0.05, delta: 0.05, mode: absolute}"


def text(mask: str, *changes: tuple[str, str]) -> str:
    out = NANO
    for old, new in ((MASK, mask), *changes):
        assert old in out
        out = out.replace(old, new)
    return out


def program(mask: str, *changes: tuple[str, str]) -> ir.Program:
    return lower_spec(load_model(text(mask, *changes)))


def estimation(options: str = "phase_qubits: 4, shots: 100", *, precompute: bool = True) -> str:
    consent = ", precompute: eigenbasis" if precompute else ""
    return f"{{of: attention, method: amplitude_estimation, {options}{consent}}}"


# Overlaps read another way ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("consent", "kind", "width"),
    [("[]", ir.SwapTest, 9), ("[bell]", ir.BellMeasurement, 8), ("[compute_uncompute]", ir.ComputeUncompute, 4)],
)
def test_a_swap_test_becomes_what_the_spec_allows(consent: str, kind: type[ir.Block], width: int) -> None:
    whole = program(f"{{of: attention, method: swap_test, shots: 100, consent: {consent}}}")
    short, _ = ir.simplify(whole)
    mask = short["attention.mask"]
    assert isinstance(mask.block, kind)
    assert mask.n_qubits == width
    np.testing.assert_allclose(reference_value(mask), reference_value(whole["attention.mask"]), atol=1e-10)


# Amplitude estimation -----------------------------------------------------------------------------------------------


def test_an_overlap_is_read_by_amplitude_estimation() -> None:
    """The outcome y with the largest probability stands for sin^2(pi y / 2^m), within the bound of the error."""
    whole = program("{of: attention, method: amplitude_estimation, error: 0.1, delta: 0.05}")
    mask = whole["attention.mask"]
    m = len(mask.measured)
    assert m == phase_qubits_for(0.1) == 6
    assert mask.shots == median_shots(0.05)
    overlap = reference_value(program(MASK)["attention.mask"])
    y = int(np.argmax(reference_value(mask)))
    assert abs(math.sin(math.pi * y / 2**m) ** 2 - float(overlap)) <= 0.1
    near = [k for k in range(2**m) if abs(math.sin(math.pi * k / 2**m) ** 2 - float(overlap)) <= 0.1]
    assert reference_value(mask)[near].sum() >= 8 / math.pi**2


def test_the_amplitude_is_known_by_consent_only() -> None:
    whole, strict = program(estimation()), program(estimation(precompute=False))
    short, trace = ir.simplify(whole)
    assert "eigenbasis-of-powers" in trace.rules
    mask = short["attention.mask"]
    assert mask.n_qubits == 5
    overlap = float(reference_value(program(MASK)["attention.mask"]))
    assert float(mask.precomputed.split()[2]) == pytest.approx(overlap, rel=1e-9)
    for shown in (str(trace), short.tree()):
        assert "computed classically at compile time" in shown
    np.testing.assert_allclose(reference_value(mask), reference_value(whole["attention.mask"]), atol=1e-9)
    assert "eigenbasis-of-powers" not in ir.simplify(strict)[1].rules
    assert ir.simplify(strict)[0]["attention.mask"].precomputed == ""


def test_no_estimate_uses_a_known_amplitude() -> None:
    spec = load_model(text(estimation()))
    strict = load_model(text(estimation(precompute=False)))
    short, _ = ir.simplify(lower_spec(spec))
    with pytest.raises(InputError, match=r"cannot be priced: the amplitude .* was computed classically"):
        estimate_program(short)
    whole, honest = ({r.name: r.estimate.counts for r in qc.estimate(s).readouts} for s in (spec, strict))
    assert whole == honest
    whole_program = lower_spec(spec)
    mask = whole_program.with_readouts([whole_program["attention.mask"]])
    built = qc.compile(mask, target="all_to_all(8)", effort=0)
    assert built.program["attention.mask"].precomputed
    full, tapes = priced(built)
    assert tapes == {}
    assert not full["attention.mask"].precomputed
    assert qc.estimate(built).readouts[0].estimate.counts == honest["attention.mask"]
    assert NOT_PRICED in {rule.name for rule in ir.RULES}


def test_the_report_of_a_compile_says_what_was_known(tmp_path: object) -> None:
    from qcompile.api.document import compile_to_result

    off = ("{layers: all, heads: all}", "{layers: all, heads: all, router: false, rotary: false, sampling: false}")
    phase = ("  phase: {of: attention, method: hadamard_test, error: 0.1, delta: 0.05, min_modulus: 3sigma}\n", "")
    spec = load_model(text(estimation("phase_qubits: 2, shots: 9"), off, phase, ("kind: quantum", "kind: classical")))
    result, files = compile_to_result(spec, name="m", target="all_to_all(8)", effort=0)
    assert result["verified"]
    assert "computed classically at compile time" in next(iter(result["circuits"]))["note"]
    assert "computed classically at compile time" in files["report.md"]
    assert next(iter(result["estimate"]["circuits"]))["algorithm_qubits"] >= 6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ((("override: 4", "override: 5"),), "is for at most 4 state qubits, here are 5"),
        ((("{init: uniform, seed: 2}", "symbolic"),), "attention_0_0_x is a free symbol"),
        ((("{random: normal, seed: 1}", "generic"),), "needs known data"),
    ],
)
def test_consent_to_a_known_amplitude_has_conditions(changes: tuple[tuple[str, str], ...], message: str) -> None:
    with pytest.raises(InputError, match=r"readouts.mask.precompute: eigenbasis.*") as caught:
        program(estimation(), *changes)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        ("{of: attention, method: swap_test, shots: 9, precompute: eigenbasis}", "it is for amplitude_estimation"),
        ("{of: attention, method: bell, shots: 9, phase_qubits: 3}", "it is for amplitude_estimation"),
        ("{of: attention, method: amplitude_estimation, shots: 9}", "needs phase_qubits, or an absolute error"),
        ("{of: attention, method: compute_uncompute, shots: 9, consent: [bell]}", "it is for swap_test and bell"),
        ("{of: attention, method: swap_test, shots: 9, consent: [guess]}", "consent"),
        ("{of: attention, method: amplitude_estimation, phase_qubits: 3, precompute: all}", "precompute"),
    ],
)
def test_consent_that_does_not_fit_is_an_error(mask: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        program(mask)
    assert message in str(caught.value)


@pytest.mark.parametrize("seed", range(6))
def test_known_amplitudes_keep_the_outcomes(seed: int) -> None:
    """Random states of 1 to 4 qubits by every kind of block that is known, and random good bits."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    order = ("matrix", "time")[rng.integers(2)]
    first = [
        ir.AmplitudeEncoding(rng.normal(size=2**n) + 1j * rng.normal(size=2**n)),
        ir.AngleEncoding(rng.uniform(-3, 3, n)),
        ir.BasisEncoding(int(rng.integers(2**n)), n),
    ][rng.integers(3)]
    ansatz = ir.Ansatz(n, 2, rng.uniform(-3, 3, (2, n, 3)), product_order=order)
    middle = [ansatz, ir.Router(n, 2, rng.uniform(-3, 3, (2, n))), ir.PhaseLayer(n, 2, rng.uniform(-3, 3, 2))]
    block = first >> middle[seed % 3] >> ansatz.adjoint()
    good = {int(q): int(rng.integers(2)) for q in rng.permutation(n)[: int(rng.integers(1, n + 1))]}
    readout = ir.Readout(
        "r", ir.AmplitudeEstimation(block, good, 3), range(3), "distribution", consents=("eigenbasis",)
    )
    new, trace = ir.simplify(readout)
    assert trace.rules[-1] == "eigenbasis-of-powers"
    assert_same_readout(new, readout)


# Approximate data ---------------------------------------------------------------------------------------------------


def encoded(preparation: str, seed: int = 1) -> ir.Program:
    data = f"{{random: normal, seed: {seed}}}"
    return program(MASK, ("data: {random: normal, seed: 1}", f"data: {data}, preparation: {preparation}"))


@pytest.mark.parametrize("fidelity", [0.7, 0.9, 0.99, 1.0])
def test_approximate_data_keep_the_stated_fidelity(fidelity: float) -> None:
    plain, near = encoded("{method: auto}"), encoded(f"{{method: approximate, fidelity: {fidelity}}}")
    one, two = (p["attention.mask"].block.children()[0].state() for p in (plain, near))
    reached = abs(np.vdot(one, two)) ** 2
    assert reached >= fidelity - 1e-12
    (note,) = [n for n in near.notes if "token 1 is prepared approximately" in n]
    assert f"{reached:.6f}" in note
    before, after = (synthesize(p["attention.mask"].block) for p in (plain, near))
    assert after.is_two_qubit.sum() <= before.is_two_qubit.sum()
    if fidelity == 0.7:
        assert after.is_two_qubit.sum() < before.is_two_qubit.sum()


def test_a_tree_is_prepared_where_asked_for() -> None:
    block = encoded("{method: tree}")["attention.mask"].block.children()[0]
    assert isinstance(block, ir.AmplitudeEncoding)
    assert block.method == "tree"


@pytest.mark.parametrize(
    ("preparation", "message"),
    [
        ("{method: approximate}", "fidelity: 0.99"),
        ("{method: auto, fidelity: 0.9}", "fidelity goes with method: approximate"),
        ("{method: approximate, fidelity: 1.5}", "fidelity"),
        ("{method: approximate, fidelity: 0}", "fidelity"),
        ("{method: magic}", "method"),
    ],
)
def test_preparations_that_do_not_fit(preparation: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        encoded(preparation)
    assert message in str(caught.value)


def test_generic_or_phase_data_are_not_cut() -> None:
    for old in ("kind: amplitude, data: {random: normal, seed: 1}", "data: {random: normal, seed: 1}"):
        new = "kind: phase, data: {random: normal, seed: 1}" if "kind" in old else "data: generic"
        with pytest.raises(InputError, match=r"preparation\.method is 'approximate' for"):
            program(MASK, (old, f"{new}, preparation: {{method: approximate, fidelity: 0.9}}"))


def test_near_vectors_are_real_where_the_data_are() -> None:
    vector = ir.Vector.of(np.linspace(0.1, 2, 16) ** 3)
    near, reached = near_vector(vector, 0.95)
    assert near.is_real
    assert reached >= 0.95
    assert near_vector(vector, 1.0) == (vector, 1.0)
    state, kept = truncated(vector.normalised(4), 0.05)
    assert kept >= 1
    assert np.linalg.norm(state) == pytest.approx(1)
    with pytest.raises(InputError, match="fidelity"):
        near_vector(vector, 0.0)
