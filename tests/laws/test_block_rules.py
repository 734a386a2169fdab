"""Every structural rule keeps the meaning where it applies, and declines where it must: layers, ends, angles."""

from __future__ import annotations

import numpy as np
import pytest

import qcompile as qc
from qcompile import ir
from qcompile.errors import InputError
from qcompile.ir import rules
from qcompile.ir.diagnostics import remarks, schmidt_rank_bound
from qcompile.ir.rules.redundant import euler_xyz
from qcompile.synthesis.blocks import synthesize, tape_counts
from qcompile.tape import tape_unitary
from qcompile.verify.reference import reference_state, reference_unitary, reference_value
from tests.ir.block_cases import READOUTS, UNITARIES
from tests.laws.rule_cases import ATOL, COST, angles, assert_same_readout, born, encoding, hadamard, overlap

# The whole set ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", UNITARIES)
def test_simplify_keeps_unitaries(name: str, seed: int) -> None:
    block = UNITARIES[name](np.random.default_rng(seed))
    new, _ = ir.simplify(block)
    np.testing.assert_allclose(reference_unitary(new), reference_unitary(block), atol=ATOL)
    np.testing.assert_allclose(tape_unitary(synthesize(new)), reference_unitary(block), atol=ATOL)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", READOUTS)
def test_simplify_keeps_outcomes(name: str, seed: int) -> None:
    readout = READOUTS[name](np.random.default_rng(seed))
    new, trace = ir.simplify(readout)
    assert_same_readout(new, readout)
    again, nothing = ir.simplify(new)
    assert again == new
    assert nothing.steps == ()
    for step in trace.steps:
        assert step.rule in str(step)


def test_every_rule_states_itself() -> None:
    for rule in ir.RULES:
        assert "Proof:" in (type(rule).__doc__ or "")
        assert rule.id
        assert rule.when
        assert rule.name in {r.name for r in rules.rule_named(rule.name)}
    assert len({r.name for r in ir.RULES}) == len(ir.RULES)


def test_a_rule_can_be_switched_off() -> None:
    block = ir.Router(2, 2, [0.1, 0.2])
    assert ir.simplify(block, without=["collapse-router"])[0] == block
    assert ir.simplify(block, without=["S1"])[0] == block
    with pytest.raises(InputError, match="did you mean collapse-router"):
        ir.simplify(block, without=["colapse-router"])


# S1, S2, S5: layers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(7,), (4, 5)])
def test_router_collapses(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(len(shape))
    router = ir.Router(5, shape[0], angles(rng, *shape))
    layer = rules.CollapseRouter().rewrite(router, COST)
    assert isinstance(layer, ir.RotationLayer)
    np.testing.assert_allclose(reference_unitary(layer), reference_unitary(router), atol=ATOL)
    assert layer.counts().rotation == 5
    assert layer.counts().one_qubit == 0


def test_router_collapses_with_symbols() -> None:
    router = ir.Router(2, 3)
    layer, trace = ir.simplify(router)
    values = {name: 0.1 * k for k, name in enumerate(router.parameters)}
    assert set(layer.parameters) == set(router.parameters)
    np.testing.assert_allclose(reference_unitary(layer.bind(values)), reference_unitary(router.bind(values)), atol=ATOL)
    assert trace.steps[0].saved() == {"rotation": 4, "one_qubit": 12}


def test_an_entangling_router_does_not_collapse() -> None:
    walls = ir.Gate("h") @ ir.Gate("h")
    entangling = walls >> ir.Gate("cz") >> walls
    new, trace = ir.simplify(entangling)
    assert "collapse-router" not in trace.rules
    np.testing.assert_allclose(reference_unitary(new), reference_unitary(entangling), atol=ATOL)
    symbolic = ir.Router(ir.SYMBOLS["n"], ir.SYMBOLS["L"])
    assert rules.CollapseRouter().rewrite(symbolic, COST) is None


def test_phase_layer_collapses() -> None:
    block = ir.PhaseLayer(5, 4, angles(np.random.default_rng(0), 4))
    new, _ = ir.simplify(block)
    assert new.counts().rotation == 5
    np.testing.assert_allclose(reference_unitary(new), reference_unitary(block), atol=ATOL)


def test_unmeasured_rotations_are_dead() -> None:
    rng = np.random.default_rng(0)
    readout = born(encoding(rng, 4) >> ir.Router(4, 2, angles(rng, 2, 4)), measured=2)
    new, trace = ir.simplify(readout)
    assert "drop-unmeasured-rotations" in trace.rules
    assert_same_readout(new, readout)
    everything = born(encoding(rng, 3) >> ir.Router(3, 2, angles(rng, 2, 3)))
    assert "drop-unmeasured-rotations" not in ir.simplify(everything)[1].rules


# S3: inverses -------------------------------------------------------------------------------------------------------


def test_correlation_of_eq_54_has_no_parameters() -> None:
    rng = np.random.default_rng(0)
    ansatz = ir.Ansatz(3, 2)
    readout = overlap(ir.ComputeUncompute(encoding(rng, 3), ansatz >> ansatz.adjoint(), encoding(rng, 3)))
    new, trace = ir.simplify(readout)
    assert trace.rules[0] == "cancel-inverse"
    assert new.block.parameters == ()
    values = dict.fromkeys(readout.parameters, 0.3)
    np.testing.assert_allclose(reference_value(new), reference_value(readout.bind(values)), atol=ATOL)


def test_only_inverses_cancel() -> None:
    one, two = ir.Ansatz(2, 1, np.ones((1, 2, 3))), ir.Ansatz(2, 1, np.zeros((1, 2, 3)))
    for block in (one >> two.adjoint(), one >> one, ir.Ladder(3) >> ir.Ladder(3)):
        assert "cancel-inverse" not in ir.simplify(block)[1].rules
    assert ir.simplify(ir.Ladder(3) >> ir.Ladder(3, "time"))[0] == ir.identity(3)


def test_equal_states_need_no_circuit() -> None:
    prep = encoding(np.random.default_rng(0), 2)
    readout = overlap(ir.ComputeUncompute(prep, ir.identity(2), prep))
    program, _ = ir.simplify(ir.Program((readout,)))
    assert len(program) == 0
    assert float(program.closed_forms[0].value) == 1.0
    assert reference_value(readout) == pytest.approx(1.0)


# S4, S12: peeling ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["matrix", "time"])
@pytest.mark.parametrize("start", ["plus", "zero", "bare"])
def test_peeling(order: str, start: str) -> None:
    rng = np.random.default_rng(1)
    ansatz = ir.Ansatz(5, 3, angles(rng, 3, 5, 3), product_order=order)
    prep = {"plus": ir.UniformSuperposition(32), "zero": ir.BasisEncoding(0, 5), "bare": None}[start]
    readout = born(ansatz if prep is None else prep >> ansatz)
    new, _ = ir.simplify(readout, without=["S6"])
    assert_same_readout(new, readout)
    saved = readout.counts().cnot - new.counts().cnot
    assert saved == 4  # MATRIX: the first ladder; TIME: the last, as a relabelling
    assert new.relabel == (() if order == "matrix" else tuple(tuple(range(k + 1)) for k in range(5)))
    z_axes = 5 + (5 if start == "plus" else 0)  # Rx on plus; Rz before the measurement
    assert readout.counts().rotation - new.counts().rotation == z_axes


@pytest.mark.parametrize("ladder", ["matrix", "time"])
def test_peeling_with_the_ladder_in_either_direction(ladder: str) -> None:
    rng = np.random.default_rng(2)
    for order in ("matrix", "time"):
        ansatz = ir.Ansatz(4, 2, angles(rng, 2, 4, 3), product_order=order, cnot_ladder=ladder)
        readout = born(ir.UniformSuperposition(16) >> ansatz)
        assert_same_readout(ir.simplify(readout)[0], readout)


def test_peeling_saves_a_ladder_at_the_papers_size() -> None:
    """(n, L) = (8, 10): 70 CNOT become 63."""
    rng = np.random.default_rng(3)
    readout = born(ir.UniformSuperposition(256) >> ir.Ansatz(8, 10, angles(rng, 10, 8, 3)))
    new, _ = ir.simplify(readout)
    assert (readout.counts().cnot, new.counts().cnot) == (70, 63)
    assert_same_readout(new, readout)


def test_a_uniform_state_over_fewer_states_is_not_peeled() -> None:
    rng = np.random.default_rng(4)
    readout = born(ir.UniformSuperposition(6) >> ir.Ansatz(3, 2, angles(rng, 2, 3, 3)))
    new, trace = ir.simplify(readout)
    assert "peel-fixed-input" not in trace.rules
    assert_same_readout(new, readout)


def test_peeling_needs_the_right_place() -> None:
    """Not under a control, not on unknown inputs, not before a measurement of some qubits only."""
    rng = np.random.default_rng(5)
    ansatz = ir.Ansatz(3, 2, angles(rng, 2, 3, 3))
    plus = ir.UniformSuperposition(8)
    peels = {"peel-fixed-input", "peel-fixed-output", "peel-before-measurement"}
    assert not peels & set(ir.simplify(hadamard(plus, ansatz, plus))[1].rules)
    assert not peels & set(ir.simplify(plus >> ansatz)[1].rules)
    some = born(encoding(rng, 3) >> ansatz, measured=2)
    assert not peels & set(ir.simplify(some)[1].rules)
    assert_same_readout(ir.simplify(some)[0], some)


@pytest.mark.parametrize("order", ["matrix", "time"])
def test_both_ends_of_an_overlap_are_peeled(order: str) -> None:
    rng = np.random.default_rng(6)
    for one, two in (
        (ir.UniformSuperposition(8), ir.BasisEncoding(0, 3)),
        (ir.identity(3), ir.UniformSuperposition(8)),
    ):
        ansatz = ir.Ansatz(3, 2, angles(rng, 2, 3, 3), product_order=order)
        readout = overlap(ir.ComputeUncompute(one, ansatz, two))
        new, trace = ir.simplify(readout)
        assert {"peel-fixed-input", "peel-fixed-output"} & set(trace.rules)
        assert_same_readout(new, readout)


# S6: redundant angles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "layers", "rank"), [(3, 2, 16), (3, 3, 23), (4, 2, 22), (4, 3, 32)])
@pytest.mark.parametrize("order", ["matrix", "time"])
def test_redundant_angles_go(n: int, layers: int, rank: int, order: str) -> None:
    block = ir.Ansatz(n, layers, angles(np.random.default_rng(n), layers, n, 3), product_order=order)
    new = rules.DropRedundantAngles().rewrite(block, COST)
    assert new is not None
    assert new.counts().rotation == rank
    np.testing.assert_allclose(reference_unitary(new), reference_unitary(block), atol=ATOL)
    assert tape_counts(synthesize(new)).rotation == rank


def test_redundant_angles_need_numbers_and_the_usual_axes() -> None:
    rule = rules.DropRedundantAngles()
    assert rule.rewrite(ir.Ansatz(3, 2), COST) is None
    assert rule.rewrite(ir.Ansatz(3, 1, np.ones((1, 3, 3))), COST) is None
    assert rule.rewrite(ir.Ansatz(3, 2, np.ones((2, 3, 2)), rotations=("y", "z")), COST) is None
    assert rule.rewrite(ir.Ansatz(3, 2, np.ones((2, 3, 3))).without("first_axis"), COST) is None


def test_euler_angles_keep_the_sign() -> None:
    rng = np.random.default_rng(0)
    for y in [*rng.uniform(-7, 7, size=30), np.pi / 2, -np.pi / 2, np.pi / 2 - 1e-9]:
        x, z = rng.uniform(-7, 7, size=2)
        matrix = reference_unitary(ir.EulerRotation([x, y, z]))
        again = reference_unitary(ir.EulerRotation(list(euler_xyz(matrix))))
        np.testing.assert_allclose(again, matrix, atol=1e-7 if abs(abs(y) - np.pi / 2) < 1e-6 else 1e-12)


# S7, S9, S14 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "cnots", "depth"), [(8, 11, 5), (32, 57, 9), (108, 205, 12)])
def test_log_depth_ladder_sizes(n: int, cnots: int, depth: int) -> None:
    for order in ("matrix", "time"):
        counts = ir.Ladder(n, order, form="log").counts()
        assert (counts.cnot, counts.depth_two_qubit) == (cnots, depth)
        assert ir.Ladder(n, order).counts().cnot == n - 1


@pytest.mark.parametrize("n", range(1, 8))
@pytest.mark.parametrize("order", ["matrix", "time"])
def test_log_depth_ladder_is_the_ladder(n: int, order: str) -> None:
    log = synthesize(ir.Ladder(n, order, form="log"))
    np.testing.assert_array_equal(tape_unitary(log), reference_unitary(ir.Ladder(n, order)))


def test_log_depth_is_for_machines_that_want_it() -> None:
    rng = np.random.default_rng(0)
    ladder, ansatz = ir.Ladder(16), ir.Ansatz(16, 1, angles(rng, 1, 16, 3))
    for block in (ladder, ansatz):
        assert "log-depth-ladder" not in ir.simplify(block)[1].rules
        new, trace = ir.simplify(block, cost_model=ir.DepthCost())
        assert trace.rules == ("log-depth-ladder",)
        assert new.counts().depth_two_qubit < block.counts().depth_two_qubit
        assert dict(tape_counts(synthesize(new))) == dict(new.counts())
    deep = ir.Ansatz(6, 10, angles(rng, 10, 6, 3))
    assert "log-depth-ladder" not in ir.simplify(deep, without=["S6"], cost_model=ir.DepthCost())[1].rules
    small = ir.Ansatz(5, 2, angles(rng, 2, 5, 3), ladder_form="log")
    np.testing.assert_allclose(tape_unitary(synthesize(small)), reference_unitary(small), atol=ATOL)


@pytest.mark.parametrize(
    ("machine", "objective", "fires"),
    [
        ("all_to_all(16)", "depth", True),
        ("quantinuum_h2_1_56", "makespan", True),
        ("all_to_all(16)", "two_qubit_gates", False),
        ("ionq_forte_36", "makespan", False),  # one gate at a time
        ("line(16)", "depth", False),
        ("ibm_boston", "depth", False),
    ],
)
def test_log_depth_is_chosen_by_the_machine(machine: str, objective: str, fires: bool) -> None:
    rng = np.random.default_rng(0)
    readout = born(ir.AngleEncoding(angles(rng, 16)) >> ir.Ansatz(16, 1, angles(rng, 1, 16, 3)))
    _, trace = qc.simplify(ir.Program((readout,)), target=qc.Target.load(machine), objective=objective)
    assert ("log-depth-ladder" in trace.rules) == fires


@pytest.mark.parametrize("order", ["matrix", "time"])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_schmidt_rank_is_bounded(order: str, layers: int) -> None:
    rng = np.random.default_rng(layers)
    block = ir.Ansatz(8, layers, angles(rng, layers, 8, 3), product_order=order)
    bound = schmidt_rank_bound(block, from_product=True)
    state = reference_state(block).reshape(16, 16)
    rank = int((np.linalg.svd(state, compute_uv=False) > 1e-10).sum())
    assert rank == bound == 2 ** (layers - (order == "matrix"))


def test_remarks_tell_of_overlaps_that_cannot_be_seen() -> None:
    rng = np.random.default_rng(0)
    block = ir.ComputeUncompute(encoding(rng, 8), ir.Ansatz(8, 2, angles(rng, 2, 8, 3)), encoding(rng, 8))
    program = ir.Program((ir.Readout("mask", block, range(8), "all_zero", shots=738),))
    text = " ".join(map(str, remarks(program)))
    assert "mask: for generic angles the mean overlap is 2^-8 = 0.00391" in text
    assert "738 shots do not resolve it" in text


def test_a_ladder_longer_than_every_path_is_remarked_on() -> None:
    program = ir.Program((born(ir.Ansatz(12, 2)),))
    found = [r for r in remarks(program, longest_path=9) if r.id == "S15"]
    assert "12 qubits, a simple path of the machine at most 9" in str(found[0])
    assert not [r for r in remarks(program, longest_path=12) if r.id == "S15"]
    assert not [r for r in remarks(program) if r.id == "S15"]
