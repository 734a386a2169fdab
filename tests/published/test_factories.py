"""Published factories: the tables agree with the formulas of their authors."""

from __future__ import annotations

import math

import pytest

from estimates.bill import estimate_counts
from estimates.counts import LogicalCounts
from estimates.factories.catalogue import cultivation_factories, litinski_factories
from estimates.figures import Quality
from estimates.hardware import hardware_named


@pytest.mark.parametrize(
    ("p", "name", "dx", "dz", "dm"), [(1e-4, "15-to-1(7,3,3)", 7, 3, 3), (1e-3, "15-to-1(17,7,7)", 17, 7, 7)]
)
def test_litinski_one_level(p: float, name: str, dx: int, dz: int, dm: int) -> None:
    # arXiv:1905.06903, page 11: qubits 2 (dX + 4 dZ) 3 dX + 4 dm, cycles 6 dm / (1 - p_fail), p_fail a few percent
    row = next(f for f in litinski_factories(p) if f.name == name)
    assert row.qubits == pytest.approx(2 * (dx + 4 * dz) * 3 * dx + 4 * dm, rel=0.01)
    assert 6 * dm <= row.cycles_per_state <= 6 * dm * 1.05
    assert row.state_error < 35 * p**3 * 1e4


def test_cultivation_volumes() -> None:
    # arXiv:2409.17595: 2e-9 at p = 1e-3 for 57,067 qubit-rounds per state, 4e-11 at 5e-4 for 18,963
    rows = {round(f.qubits * f.cycles_per_state): f for f in cultivation_factories(1e-3)}
    for volume, error in [(57_067, 2.1e-9), (127_164, 7.9e-10), (16_619, 3.0e-7), (7_067, 2.98e-6)]:
        near = min(rows, key=lambda v: abs(v - volume))
        assert near == pytest.approx(volume, rel=1e-3)
        assert rows[near].state_error == error
    best = min(cultivation_factories(5e-4), key=lambda f: f.state_error)
    assert best.qubits * best.cycles_per_state == pytest.approx(18_963, rel=1e-3)
    assert best.state_error == 4.3e-11


def test_tables_are_never_extrapolated() -> None:
    assert cultivation_factories(2e-3) == ()
    assert litinski_factories(1.1e-3) == ()
    between = litinski_factories(3e-4)
    assert {f.p for f in between} == {1e-3}
    assert {f.quality for f in between} == {Quality.BOUND}
    assert {f.quality for f in litinski_factories(1e-4)} == {Quality.MODEL}


def test_cultivation_has_a_floor_and_distillation_takes_over() -> None:
    few = estimate_counts(LogicalCounts(n_qubits=50, t=10**4), error_budget=1e-3)
    many = estimate_counts(LogicalCounts(n_qubits=50, t=10**9), error_budget=1e-2)
    assert few.design.factory.startswith("cultivation")
    assert "15-to-1" in many.design.factory
    assert many.feasible


def test_small_models_are_an_order_cheaper_with_cultivation() -> None:
    # 30 qubits, 50,000 rotations, p = 1e-3: 50,778 qubits with cultivation in another estimator, 0.6 to 0.9 M without
    c = LogicalCounts(n_qubits=30, rotations=50_000, rotation_depth=2_500, measurements=30)
    here = estimate_counts(c, error_budget=1e-2, objective="qubits").physical_qubits
    there = estimate_counts(c, error_budget=1e-2, model="beverland").physical_qubits
    assert here is not None
    assert there is not None
    assert 50_778 / 3 <= here <= 50_778 * 3
    assert there > 10 * here


@pytest.mark.parametrize(
    ("n", "t", "p", "low", "high"),
    # qubits of three other models on the same counts (Qualtran's grid, both Azure estimators), budget 1e-2
    [
        (50, 10**6, 1e-3, 70_743, 495_737),
        (500, 10**9, 1e-3, 1_391_585, 2_089_185),
        (100, 10**8, 1e-3, 254_810, 1_008_430),
    ],
)
def test_within_a_factor_of_three_of_other_models(n: int, t: int, p: float, low: int, high: int) -> None:
    machine = hardware_named("gate_ns_e3").with_error(p)
    qubits = estimate_counts(LogicalCounts(n_qubits=n, t=t), hardware=machine, error_budget=1e-2).physical_qubits
    assert qubits is not None
    assert low / 3 <= qubits <= high * 3
    assert math.isfinite(qubits)
