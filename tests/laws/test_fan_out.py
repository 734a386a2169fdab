"""A control copied onto idle qubits: the same outcomes, chosen by depth where it pays and only there."""

from __future__ import annotations

import numpy as np
import pytest

import qcompile as qc
from qcompile import ir
from qcompile.api.simplified import MachineCost
from qcompile.errors import InputError
from qcompile.ir.rules.overlaps import FanOutControl
from qcompile.synthesis.blocks import synthesize, tape_counts
from qcompile.tape import tape_state
from tests.laws.rule_cases import angles, assert_same_readout, hadamard
from tests.laws.test_blocks import assert_counts

RULE = FanOutControl()


def overlap_test(n: int, layers: int, order: str = "matrix", **options: object) -> ir.HadamardTest:
    rng = np.random.default_rng(n)
    one, two = (ir.RotationLayer(n, ("y", "z"), angles(rng, n, 2)) for _ in range(2))
    middle = ir.Ansatz(n, layers, angles(rng, layers, n, 3), product_order=order)
    return ir.HadamardTest(one, middle, two, **options)


def read(block: ir.Block) -> ir.Readout:
    return ir.Readout("r", block, (0,), "expectation")


@pytest.mark.parametrize("part", ["real", "imag"])
@pytest.mark.parametrize("order", ["matrix", "time"])
@pytest.mark.parametrize(("n", "copies"), [(1, 1), (2, 1), (3, 2), (4, 1), (4, 3)])
def test_copies_change_no_outcome_and_end_in_zero(n: int, copies: int, order: str, part: str) -> None:
    block = overlap_test(n, 2, order, part=part, control="fan_out", copies=copies)
    assert block.n_qubits == n + 1 + copies
    assert_same_readout(read(block), read(overlap_test(n, 2, order, part=part)))
    tape = synthesize(block)
    state = tape_state(tape).reshape(2 ** (n + 1), 2**copies)
    np.testing.assert_allclose(state[:, 1:], 0, atol=1e-12)
    assert_counts(block, tape)
    thin = tape_counts(synthesize(overlap_test(n, 2, order, part=part, control="rotations")))
    assert tape_counts(tape).cnot == thin.cnot + 2 * copies


def test_gates_alone_never_choose_copies() -> None:
    readout = hadamard(overlap_test(6, 3).prep_in, overlap_test(6, 3).unitary, overlap_test(6, 3).prep_out)
    new, trace = ir.simplify(readout)
    assert "fan-out-control" not in trace.rules
    assert isinstance(new.block, ir.HadamardTest)
    assert new.block.control == "rotations"
    assert RULE.rewrite(readout, ir.GateCost()) is None


def test_copies_pay_in_depth_on_a_grid() -> None:
    """n = 12, L = 4 on the Sycamore grid: at most 364 two-qubit gates at two-qubit depth at most 112."""
    target = qc.Target.load("google_sycamore_2019")
    new = RULE.rewrite(read(overlap_test(12, 4, control="rotations")), MachineCost(target, "depth"))
    assert new is not None
    found = qc.compile(synthesize(new.block), target=target, objective="depth").metrics
    assert found["n2"] <= 364
    assert found["d2"] <= 112


def test_copies_do_not_pay_for_one_layer_on_heavy_hexagons() -> None:
    """By gates, the default objective; where depth alone is asked for, copies may pay even here."""
    target = qc.Target.load("ibm_boston")
    readout = read(overlap_test(12, 1, control="rotations"))
    assert RULE.rewrite(readout, MachineCost(target)) is None


@pytest.mark.parametrize(("control", "copies"), [("fan_out", 0), ("rotations", 2), ("all", 1), ("fan_out", -1)])
def test_copies_belong_to_fan_out(control: str, copies: int) -> None:
    with pytest.raises(InputError, match="copies"):
        overlap_test(2, 1, control=control, copies=copies)
