"""A spec as a program: names, widths, numbers of runs, data and weights from every source."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qcompile import ir
from qcompile.cli.actions import explain_path
from qcompile.errors import InputError
from qcompile.spec import PRESETS, load_model, lower_spec, preset_text, registers_of
from qcompile.synthesis.blocks import synthesize
from qcompile.verify.reference import reference_state, reference_value

NANO = preset_text("nano")


def program(*changes: tuple[str, str]) -> ir.Program:
    text = NANO
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return lower_spec(load_model(text))


def test_nano() -> None:
    nano = program()
    assert list(nano) == [
        "attention.mask",
        "attention.phase.real",
        "attention.phase.imag",
        "router",
        "rotary.theta.real",
        "rotary.theta.imag",
        "rotary.phi.real",
        "rotary.phi.imag",
        "expert",
        "sampling",
    ]
    assert nano.n_overlaps_value == 2 * 2 * 8**2
    assert nano["attention.mask"].n_qubits == 4
    assert nano["attention.phase.real"].n_qubits == 5
    assert nano["attention.mask"].shots == 738
    assert nano.executions("attention.mask") == 738 * 256
    assert nano["router"].measured == (0, 1)
    assert nano["attention.phase.real"].min_modulus == pytest.approx(3 / np.sqrt(738))
    assert {key.split()[0] for key, _ in nano.conventions} >= {f"C{k}" for k in range(1, 8)}
    assert "heads*layers*seq**2 = 256" in nano.tree()
    with pytest.raises(KeyError, match="did you mean router"):
        nano["rooter"]


def test_v3_overlaps_and_registers() -> None:
    spec = load_model("v3")
    v3 = lower_spec(spec)
    assert v3.n_overlaps_value == 61 * 128 * 4096**2
    assert float(v3.n_overlaps_value) == pytest.approx(1.31e11, rel=1e-3)
    registers = registers_of(spec)
    assert (registers.dev, registers.test, registers.prod, registers.circuit) == (13, 27, 108, 108)
    assert v3["attention.mask"].n_qubits == 108
    assert v3["router"].n_qubits == 13
    assert v3.runs("router") == 58 * 4096
    assert any("1.31e+11" in note and "6.551e+10" in note for note in v3.notes)


@pytest.mark.parametrize(
    ("name", "widths"), [("dev", (8, 17, 68)), ("v2lite", (11, 23, 92)), ("v2", (13, 27, 108)), ("v3", (13, 27, 108))]
)
def test_published_register_widths(name: str, widths: tuple[int, int, int]) -> None:
    registers = registers_of(load_model(name))
    assert (registers.dev, registers.test, registers.prod) == widths


def test_eq_79_alone_would_force_eight_qubits() -> None:
    nano = program(("override: 4, ", ""))
    mask = nano["attention.mask"]
    assert mask.n_qubits == 8
    state = reference_state(mask.block.children()[0])
    assert np.flatnonzero(np.abs(state) > 1e-12).max() < 16  # zero-padded: the data is on the last four qubits


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_lowers_and_simplifies(name: str) -> None:
    whole = lower_spec(load_model(name))
    simple, trace = ir.simplify(whole)
    assert set(simple) | {c.name for c in simple.closed_forms} == set(whole)
    assert trace.steps
    assert len(simple.closed_forms) == 4


def test_pairs_are_a_choice_that_is_printed() -> None:
    nano = program(("mode: absolute}", "mode: absolute, pairs: causal}"))
    assert nano.runs("attention.mask") == 2 * 2 * 8 * 9 // 2
    assert nano.runs("attention.phase.real") == 256
    assert dict(nano.conventions)["attention pairs"] == "all and causal"


@pytest.mark.parametrize(("method", "width"), [("swap_test", 9), ("bell", 8)])
def test_other_ways_to_read_the_modulus(method: str, width: int) -> None:
    other = program(("compute_uncompute", method))["attention.mask"]
    assert other.n_qubits == width
    np.testing.assert_allclose(reference_value(other), reference_value(program()["attention.mask"]), atol=1e-12)


def test_switched_off_parts_give_no_readout() -> None:
    off = program(("{layers: all, heads: all}", "{router: false, rotary: false, sampling: false}"))
    assert list(off) == ["attention.mask", "attention.phase.real", "attention.phase.imag", "expert"]


def test_symbolic_weights_bind_to_numbers() -> None:
    symbolic = program(("{init: uniform, seed: 2}", "symbolic"))
    assert "attention_0_1_x" in symbolic.parameters
    rng = np.random.default_rng([2, 0])
    angles = np.pi * rng.uniform(-1, 1, size=(2, 4, 3))
    bound = symbolic.bind({"attention": angles})["attention.mask"]
    assert bound == program()["attention.mask"]


def test_product_orders_differ() -> None:
    other = program(("product_order: matrix, cnot_ladder: matrix", "product_order: time, cnot_ladder: time"))
    assert not np.allclose(reference_value(other["attention.mask"]), reference_value(program()["attention.mask"]))


def test_data_and_weights_from_files(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    tokens = rng.normal(size=(2, 16))
    np.save(tmp_path / "tokens.npy", tokens)
    shapes = {"attention": (2, 4, 3), "phase": (2,), "router": (2, 4), "sampling": (2, 4, 3), "expert": (2, 4, 3)}
    np.savez(tmp_path / "weights.npz", **{k: rng.normal(size=s) for k, s in shapes.items()})
    text = NANO.replace("{random: normal, seed: 1}", "{file: tokens.npy}").replace(
        "{init: uniform, seed: 2}", "{file: weights.npz}"
    )
    path = tmp_path / "model.yaml"
    path.write_text(text)
    whole = lower_spec(load_model(path))
    state = reference_state(whole["attention.mask"].block.children()[0])
    np.testing.assert_allclose(state, tokens[1] / np.linalg.norm(tokens[1]), atol=1e-12)

    np.save(tmp_path / "tokens.npy", tokens[:, :3])
    with pytest.raises(InputError, match=r"has shape \[2, 3\].*use \[tokens > 1, 16\]"):
        lower_spec(load_model(path))
    np.save(tmp_path / "tokens.npy", np.zeros((2, 16)))
    with pytest.raises(InputError, match="vector token1 is zero"):
        lower_spec(load_model(path))
    (tmp_path / "tokens.npy").unlink()
    with pytest.raises(InputError, match="is not there"):
        lower_spec(load_model(path))
    np.save(tmp_path / "tokens.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="cannot be read"):
        lower_spec(load_model(path))
    np.save(tmp_path / "tokens.npy", tokens)
    np.savez(tmp_path / "weights.npz", attention=np.zeros(3))
    with pytest.raises(InputError, match=r"holds|has attention as"):
        lower_spec(load_model(path))


@pytest.mark.parametrize("kind", ["amplitude", "phase", "angle"])
@pytest.mark.parametrize("data", ["generic", "{random: uniform, seed: 3}"])
def test_encodings(kind: str, data: str) -> None:
    whole = program(
        ("kind: amplitude", f"kind: {kind}"),
        ("{random: normal, seed: 1}", data),
        ("d_model: 16", "d_model: 4"),
    )
    block = whole["attention.mask"].block.with_data(1)
    assert synthesize(block).n_qubits == 4


def test_a_register_too_small_for_a_token() -> None:
    with pytest.raises(InputError, match="a token needs 4; raise override"):
        program(("override: 4", "override: 3"))


def test_rotary_on_a_token_pair_is_a_product() -> None:
    """One qubit: the overlap is a number, by 2x2 algebra; with data that are not known it keeps its circuit."""
    whole = program(("reference: zero", "reference: pair"))
    simple, _ = ir.simplify(whole)
    values = {form.name: float(form.value) for form in simple.closed_forms}
    assert set(values) == {name for name in whole if name.startswith("rotary")}
    for name, value in values.items():
        assert value == pytest.approx(float(reference_value(whole[name])), abs=1e-12)
    generic = program(("reference: zero", "reference: pair"), ("{random: normal, seed: 1}", "generic"))
    assert ir.simplify(generic)[0].closed_forms == ()


def test_experts_that_are_no_power_of_two() -> None:
    whole = program(("count: 4", "count: 3"))
    router = whole["router"]
    assert router.n_labels == 3
    assert reference_value(router).shape == (3,)
    assert float(reference_value(router).sum()) == pytest.approx(1.0)


def test_shots_in_relative_mode_grow_with_the_width() -> None:
    relative = ("mode: absolute", "mode: relative")
    shots = [program(relative, ("override: 4", f"override: {n}"))["attention.mask"].shots for n in (4, 8)]
    assert shots[1] == pytest.approx(16 * shots[0], abs=20)


def test_lowering_is_deterministic() -> None:
    assert program() == program()
    assert hash(program()) == hash(program())


def test_a_wider_register_than_needed_is_noted() -> None:
    spec = load_model(preset_text("nano").replace("override: 4,", "override: 12,"))
    assert any("qubits.override asks for N_dev 12" in note for note in lower_spec(spec).notes)
    assert not any("qubits.override" in note for note in lower_spec(load_model("nano")).notes)


def test_a_router_without_a_readout_is_measured_all_the_same() -> None:
    """As rotary phases, experts and sampling are."""
    without = program(("  route: {of: router, method: born, shots: 1000}\n", ""))
    assert without["router"].block == program()["router"].block
    assert without["router"].shots is None
    assert "router" not in program(
        ("  route: {of: router, method: born, shots: 1000}\n", ""), ("heads: all}", "heads: all, router: false}")
    )


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_explained(name: str, tmp_path: Path) -> None:
    """The tree with formulas, each rewrite with what it saved, and remarks on what cannot be seen."""
    path = tmp_path / "model.yaml"
    path.write_text(preset_text(name))
    shown = explain_path(path, no_simplify=(), show=False)
    assert "runs heads*layers*seq**2" in shown["program"]
    assert shown["program"] != shown["simplified"]
    assert {"S2 collapse-phase-layer", "S5 merge-rotary"} <= {row["rule"] for row in shown["rewrites"]}
    assert all(row["saved"] or row["rule"].startswith(("P7", "S3")) for row in shown["rewrites"])
    assert any("the mean overlap is 2^-" in remark for remark in shown["remarks"])
