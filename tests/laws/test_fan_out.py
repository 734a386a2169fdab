"""A control copied onto idle qubits: the same outcomes, chosen where it pays and only there."""

from __future__ import annotations

import numpy as np
import pytest

import qcompile as qc
from qcompile import ir
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


def test_without_a_machine_there_are_no_copies() -> None:
    readout = hadamard(overlap_test(6, 3).prep_in, overlap_test(6, 3).unitary, overlap_test(6, 3).prep_out)
    new, trace = ir.simplify(readout)
    assert "fan-out-control" not in trace.rules
    assert isinstance(new.block, ir.HadamardTest)
    assert new.block.control == "rotations"
    assert RULE.rewrite(readout, ir.GateCost()) is None


def compiled(readout: ir.Readout, target: str, objective: str, *, copies: bool) -> qc.Compiled:
    off = () if copies else ("fan-out-control",)
    return qc.compile(ir.Program((readout,)), target=target, objective=objective, no_simplify=off)["r"]


@pytest.mark.parametrize("objective", ["two_qubit_gates", "depth", "makespan", "esp"])
def test_copies_pay_on_a_grid(objective: str) -> None:
    """n = 12, L = 4 on the Sycamore grid: at most 364 two-qubit gates at two-qubit depth at most 112."""
    readout = read(overlap_test(12, 4))
    found = compiled(readout, "google_sycamore_2019", objective, copies=True)
    plain = compiled(readout, "google_sycamore_2019", objective, copies=False)
    assert found.n_qubits > plain.n_qubits == 13
    assert found.metrics["n2"] <= 364
    assert found.metrics["d2"] <= 112
    assert found.metrics["d2"] < plain.metrics["d2"]
    assert found.metrics["log10esp"] > plain.metrics["log10esp"]
    assert qc.certify(found).ok


@pytest.mark.parametrize("objective", ["two_qubit_gates", "depth", "makespan", "esp"])
@pytest.mark.parametrize("machine", ["ibm_boston", "ibm_torino", "heavy_hex(5)"])
def test_copies_do_not_pay_for_one_layer_on_heavy_hexagons(machine: str, objective: str) -> None:
    """What they save in waiting is less than what their qubits could have done."""
    assert compiled(read(overlap_test(12, 1)), machine, objective, copies=True).n_qubits == 13


def score(built: qc.Compiled, objective: str) -> tuple[float, ...]:
    n2, d2, success = (built.metrics[key] for key in ("n2", "d2", "log10esp"))
    if objective == "makespan" and built.schedule.makespan_s is not None:
        return (built.schedule.makespan_s,)
    return {"two_qubit_gates": (n2, d2), "esp": (-success if success is not None else n2,)}.get(objective, (d2, n2))


@pytest.mark.parametrize("seed", range(8))
def test_copies_never_make_the_objective_worse(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, layers = int(rng.integers(3, 13)), int(rng.integers(1, 6))
    order, part = ("matrix", "time")[rng.integers(2)], ("real", "imag")[rng.integers(2)]
    machine = ("google_sycamore_2019", "ibm_boston", "grid(5,5)", "heavy_hex(3)", "google_willow_105")[rng.integers(5)]
    objective = ("two_qubit_gates", "depth", "makespan", "esp")[seed % 4]
    readout = read(overlap_test(n, layers, order, part=part))
    found, plain = (compiled(readout, machine, objective, copies=copies) for copies in (True, False))
    assert score(found, objective) <= score(plain, objective)


@pytest.mark.parametrize(("control", "copies"), [("fan_out", 0), ("rotations", 2), ("all", 1), ("fan_out", -1)])
def test_copies_belong_to_fan_out(control: str, copies: int) -> None:
    with pytest.raises(InputError, match="copies"):
        overlap_test(2, 1, control=control, copies=copies)
