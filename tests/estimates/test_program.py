"""The bill of a program: parts, sums, what is unknown, and a forward pass of a large model."""

from __future__ import annotations

import json
import math

import pytest

from estimates.bill import estimate
from estimates.block_counts import counts_of_block
from estimates.budget import ErrorBudget
from estimates.classical import NATIVE_SHOT_SECONDS, overlaps_per_pass
from estimates.codes import code_named
from estimates.counts import LogicalCounts
from estimates.figures import Quality
from estimates.hardware import FtHardware, hardware_presets
from estimates.program import ProgramEstimate, ReadoutCounts, counts_of_program, estimate_program
from estimates.registers import n_qubits_dev, n_qubits_prod, n_qubits_test
from estimates.tape_counts import counts_of_tape
from qcompile.errors import InputError
from qcompile.ir import (
    SYMBOLS,
    Ansatz,
    Block,
    ComputeUncompute,
    PhaseLayer,
    Post,
    Program,
    Readout,
    Repeat,
    Router,
)
from qcompile.tape import TapeBuilder

MASK = ReadoutCounts(name="mask", counts=LogicalCounts(n_qubits=13, rotations=372), runs=100, shots=1000)
ROUTE = ReadoutCounts(name="route", counts=LogicalCounts(n_qubits=8, rotations=8), runs=10, shots=50)


def test_a_pass_is_the_sum_of_its_readouts() -> None:
    bill = estimate_program([MASK, ROUTE])
    a, b = bill.readouts
    assert a.executions == 100_000
    assert bill.seconds_per_pass == pytest.approx((a.seconds_per_pass or 0) + (b.seconds_per_pass or 0))
    assert bill.physical_qubits == max(a.estimate.physical_qubits or 0, b.estimate.physical_qubits or 0)
    halves = estimate_program([MASK, ROUTE], n_machines=2)
    assert halves.seconds_per_pass == pytest.approx((bill.seconds_per_pass or 0) / 2)
    assert halves.content_id != bill.content_id
    assert json.loads(json.dumps(bill.to_dict(), allow_nan=False))["circuits"][0]["name"] == "mask"
    assert "mask" in bill._repr_html_()


def test_unknown_shots_stay_unknown() -> None:
    bill = estimate_program([MASK, ReadoutCounts(name="phase", counts=MASK.counts, runs=3)])
    assert bill.seconds_per_pass is None
    assert any("at least" in r and "phase" in r for r in bill.remarks)
    with pytest.raises(InputError, match="shots"):
        estimate_program([ReadoutCounts(name="phase", counts=MASK.counts)], scope="forward_pass")


def test_a_budget_for_the_whole_pass_is_tighter() -> None:
    one = estimate_program([MASK, ROUTE])
    every = estimate_program([MASK, ROUTE], scope="forward_pass", model="beverland", error_budget=0.1)
    total = sum((r.executions or 0) * r.estimate.design.spent.total for r in every.readouts)
    assert total <= 0.1
    tight, loose = every.readouts[0].estimate.design, one.readouts[0].estimate.design
    assert (tight.t_per_rotation or 0) > (loose.t_per_rotation or 0)
    parts = ErrorBudget(rotations=0.1 / 3, distillation=0.1 / 3, logical=0.1 / 3)
    same = estimate_program([MASK, ROUTE], scope="forward_pass", model="beverland", error_budget=parts)
    assert same.readouts[0].estimate.design.t_per_rotation == tight.t_per_rotation


def test_shots_that_cannot_resolve_an_overlap_are_named() -> None:
    wide = ReadoutCounts(
        name="wide", counts=LogicalCounts(n_qubits=108, rotations=3222), shots=10_000, overlap_qubits=108
    )
    assert any("2^-108" in r for r in estimate_program([wide]).remarks)
    narrow = ReadoutCounts(name="narrow", counts=ROUTE.counts, shots=1000, overlap_qubits=8)
    assert not any("2^-" in r for r in estimate_program([narrow]).remarks)


def program(n: int, layers: int) -> Program:
    block = Ansatz(n, layers)
    runs = SYMBOLS["layers"] * SYMBOLS["heads"] * SYMBOLS["seq"] ** 2
    readout = Readout("attention.mask", block, tuple(range(n)), Post.ALL_ZERO, runs=runs, shots=10_000)
    sizes = {"layers": 61, "heads": 128, "seq": 4096}
    return Program((readout,), name="large", n_overlaps=runs, sizes=sizes)


def test_the_forward_pass_of_a_large_model() -> None:
    n = n_qubits_dev(7168)
    bill = estimate(program(n, 10), model="gidney_fowler", hardware="gidney_fowler")
    assert isinstance(bill, ProgramEstimate)
    assert bill.n_overlaps == overlaps_per_pass(61, 128, 4096) == bill.readouts[0].runs
    assert bill.n_overlaps == pytest.approx(1.31e11, rel=1e-3)
    assert any("overlaps per forward pass" in remark for remark in bill.remarks)
    c = bill.readouts[0].estimate.counts
    assert (c.n_qubits, c.cnot, c.rotations, c.measurements) == (13, 120, 390, 13)
    seconds = bill.seconds_per_pass
    assert seconds is not None
    # 2 us a shot without error correction is 83 years; with it, each shot takes about a second
    assert seconds / (1.31e11 * 1e4 * NATIVE_SHOT_SECONDS) > 1e5
    assert any("years" in remark for remark in bill.remarks)
    # k test registers side by side
    assert n_qubits_prod(n_qubits_test(n)) == 108


def test_counts_of_a_block_are_those_of_its_tape() -> None:
    from qcompile.synthesis.blocks import synthesize

    for n, layers in [(2, 1), (3, 2), (5, 3)]:
        block = Ansatz(n, layers)
        formulas, gates = counts_of_block(block), counts_of_tape(synthesize(block))
        for name in ("n_qubits", "rotations", "cnot", "t", "ccz"):
            assert getattr(formulas, name) == getattr(gates, name)
        assert gates.rotation_depth <= formulas.rotation_depth


@pytest.mark.parametrize(
    "block",
    [
        Router(3, 4),
        PhaseLayer(4, 2),
        Ansatz(3, 2) >> Router(3, 2),
        Ansatz(2, 1) @ Router(3, 5),
        Repeat(Ansatz(3, 1), 3),
        Ansatz(3, 2).adjoint(),
        ComputeUncompute(Router(2, 1), Ansatz(2, 3), Router(2, 1)),
    ],
)
def test_the_rotation_depth_of_formulas_is_a_bound(block: Block) -> None:
    from qcompile.synthesis.blocks import synthesize

    formulas, gates = counts_of_block(block), counts_of_tape(synthesize(block))
    assert gates.rotation_depth <= formulas.rotation_depth <= formulas.rotations
    assert gates.rotations == formulas.rotations


def test_formulas_of_a_block_keep_their_symbols() -> None:
    formula = counts_of_block(Ansatz(SYMBOLS["n"], SYMBOLS["L"]))
    assert formula.symbols == ("L", "n")
    assert formula.evaluate(n=13, L=10) == counts_of_block(Ansatz(13, 10))


def test_a_tape_replaces_formulas() -> None:
    small = program(2, 1)
    tape = TapeBuilder(2)
    tape.add("rz", 0, angles=[0.3])
    (counts,) = counts_of_program(small, tapes={"attention.mask": tape.build()})
    assert (counts.counts.rotations, counts.counts.measurements, counts.quality) == (1, 2, Quality.EXACT)
    with pytest.raises(InputError, match="scope"):
        estimate_program(small, scope="never")


def test_presets_come_from_the_profile() -> None:
    presets = hardware_presets()
    ns = presets["gate_ns_e3"]
    assert (ns.p, ns.cycle_s, ns.t_error, ns.t_gate_s, ns.reaction_s) == (1e-3, 4e-7, 1e-3, 5e-8, 1e-5)
    assert presets["gate_us_e3"].cycle_s == 6e-4
    assert presets["maj_ns_e4"].code == "floquet"
    assert presets["gidney_fowler"].cycle_s == 1e-6
    assert all("arXiv" in h.source or "github" in h.source for h in presets.values())
    assert all(isinstance(h, FtHardware) and not math.isnan(h.p) for h in presets.values())


def test_codes_agree_with_the_profile() -> None:
    from hardware_profiles import load_profile

    codes = load_profile("surface_code_assumptions").codes
    for name, ours in [
        ("surface_code_gate_based", "beverland"),
        ("surface_code_measurement_based", "beverland_measurement"),
        ("floquet_code", "floquet"),
    ]:
        assert codes[name].figures["threshold"].value == code_named(ours).threshold
        assert codes[name].figures["crossing_prefactor"].value == code_named(ours).prefactor


def test_spec_and_estimates_give_the_same_registers() -> None:
    from qcompile.spec import load_model
    from qcompile.spec.registers import registers_of

    for preset in ("nano", "dev", "v3"):
        spec = load_model(preset)
        found = registers_of(spec)
        dev = n_qubits_dev(spec.model.d_model, override=spec.qubits.override)
        assert (found.dev, found.test) == (dev, n_qubits_test(dev, spec.qubits.ancilla))
        assert found.prod == n_qubits_prod(found.test, spec.qubits.k)


def test_the_reaction_time_can_be_given() -> None:
    fast = estimate_program([MASK], reaction_s=0.0)
    slow = estimate_program([MASK], reaction_s=1e-3)
    assert (slow.readouts[0].estimate.seconds or 0) > (fast.readouts[0].estimate.seconds or 0)
