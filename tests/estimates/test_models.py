"""Laws that every physical model obeys, whatever the counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.bill import estimate_counts
from estimates.budget import ErrorBudget
from estimates.codes import CODES, code_named, power_law_bound
from estimates.counts import LogicalCounts
from estimates.hardware import FtHardware, hardware_named, hardware_presets
from estimates.models.best import best
from estimates.result import Estimate
from qcompile.errors import InputError

MODELS = ("best", "gidney_fowler", "beverland")
counts = st.builds(
    LogicalCounts,
    n_qubits=st.integers(1, 300),
    t=st.integers(0, 10**6),
    ccz=st.integers(0, 10**5),
    rotations=st.integers(0, 10**5),
    measurements=st.integers(0, 100),
)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=25, deadline=None)
@given(c=counts, eps=st.floats(1e-6, 0.3))
def test_a_feasible_design_keeps_its_budget_and_adds_up(model: str, c: LogicalCounts, eps: float) -> None:
    bill = estimate_counts(c, model=model, error_budget=eps)
    d = bill.design
    if not d.feasible:
        assert d.reason
        assert d.physical_qubits is None
        return
    assert d.data_qubits is not None
    assert d.factory_qubits is not None
    assert d.physical_qubits == d.data_qubits + d.factory_qubits
    assert d.spent.total <= eps * (1 + 1e-9)
    assert d.spent.rotations <= d.budget.rotations
    assert d.distance is not None
    assert d.distance % 2 == 1
    assert d.n_t == c.t + (d.t_per_rotation or 0) * c.rotations


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=15, deadline=None)
@given(c=counts, factor=st.floats(1.1, 100.0))
def test_a_larger_budget_never_needs_more_distance(model: str, c: LogicalCounts, factor: float) -> None:
    tight = estimate_counts(c, model=model, error_budget=1e-3, objective="qubits")
    loose = estimate_counts(c, model=model, error_budget=min(0.9, 1e-3 * factor), objective="qubits")
    if model == "best":
        if tight.feasible:
            assert (loose.physical_qubits or math.inf) <= (tight.physical_qubits or 0)
    elif tight.feasible:
        assert (loose.design.distance or 99) <= (tight.design.distance or 0)


@settings(max_examples=15, deadline=None)
@given(c=counts)
def test_best_is_on_its_front_and_the_front_is_a_front(c: LogicalCounts) -> None:
    for objective in ("qubits", "time", "volume"):
        bill = estimate_counts(c, objective=objective)
        if not bill.feasible:
            continue
        points = [(d.physical_qubits, d.seconds) for d in bill.frontier]
        assert (bill.physical_qubits, bill.seconds) in points
        qubits, seconds = zip(*points, strict=True)
        assert list(qubits) == sorted(qubits)
        assert list(seconds) == sorted(seconds, reverse=True)
        assert len(set(points)) == len(points)


@settings(max_examples=15, deadline=None)
@given(c=counts, p=st.floats(1e-4, 9e-4))
def test_worse_hardware_never_needs_fewer_qubits(c: LogicalCounts, p: float) -> None:
    good, bad = hardware_named("gate_ns_e4").with_error(p), hardware_named("gate_ns_e3")
    low = estimate_counts(c, hardware=good, model="gidney_fowler")
    high = estimate_counts(c, hardware=bad, model="gidney_fowler")
    if high.feasible:
        assert (low.physical_qubits or math.inf) <= (high.physical_qubits or 0)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("p", [0.01, 0.02, 0.2])
def test_at_or_above_threshold_is_an_honest_no(model: str, p: float) -> None:
    noisy = hardware_named("gate_ns_e3").with_error(p)
    bill = estimate_counts(LogicalCounts(n_qubits=5, t=10), hardware=noisy, model=model)
    assert not bill.feasible
    assert "threshold" in bill.design.reason
    assert bill.physical_qubits is None
    assert bill.seconds is None
    assert bill.to_dict()["spent"]["total"] is None


def test_a_factory_that_is_not_good_enough_is_named() -> None:
    bill = estimate_counts(LogicalCounts(n_qubits=5, t=10**13), model="gidney_fowler", error_budget=1e-3)
    assert not bill.feasible
    assert "CCZ2T(15,31)" in bill.design.reason


@pytest.mark.parametrize("model", MODELS)
def test_a_circuit_without_magic_states(model: str) -> None:
    bill = estimate_counts(LogicalCounts(n_qubits=5, cliffords=10, cnot=10), model=model)
    assert bill.feasible
    assert bill.design.n_t == 0


def test_rotations_have_no_cap() -> None:
    bill = estimate_counts(LogicalCounts(n_qubits=10, rotations=10**6), model="beverland", error_budget=1e-6)
    assert bill.design.t_per_rotation == math.ceil(0.53 * math.log2(10**6 / (1e-6 / 3)) + 4.86)
    assert (bill.design.t_per_rotation or 0) > 20


def test_limits_are_results() -> None:
    c = LogicalCounts(n_qubits=100, t=10**7)
    free, front = best(c, hardware_named("gate_ns_e3"), 1e-3, objective="time")
    small, _ = best(c, hardware_named("gate_ns_e3"), 1e-3, objective="time", max_qubits=front[0].physical_qubits)
    assert (small.physical_qubits, small.feasible) == (front[0].physical_qubits, True)
    none, _ = best(c, hardware_named("gate_ns_e3"), 1e-3, max_qubits=10)
    assert not none.feasible
    assert "smallest has" in none.reason
    assert (free.seconds or 0) <= (small.seconds or 0)


def test_the_reaction_time_is_a_floor() -> None:
    slow = FtHardware(name="slow", p=1e-3, cycle_s=4e-7, t_error=1e-3, t_gate_s=5e-8, reaction_s=1.0)
    bill = estimate_counts(LogicalCounts(n_qubits=5, rotations=10), hardware=slow)
    chain = 10 * (bill.design.t_per_rotation or 0)
    assert bill.seconds == pytest.approx(chain, rel=1e-6)
    assert bill.design.limited_by == "reaction"


def test_codes() -> None:
    for code in CODES.values():
        p = code.threshold / 10
        d = code.smallest_distance(p, 1e-12)
        assert d is not None
        assert code.logical_error(d, p) <= 1e-12 < code.logical_error(d - 2, p)
        assert code.logical_error(5, code.threshold) == pytest.approx(code.prefactor)
        assert code.smallest_distance(code.threshold, 1e-3) is None
    with pytest.raises(InputError, match="did you mean"):
        code_named("beverlan")


@pytest.mark.parametrize(
    ("p", "distance", "measured"),
    # Stim rotated memory, d rounds, uniform circuit noise, minimum-weight matching
    [(1e-3, 3, 7.6e-4), (1e-3, 5, 1.2e-4), (1e-3, 7, 1.9e-5), (2e-3, 3, 3.0e-3), (2e-3, 5, 1.0e-3), (2e-3, 7, 2.8e-4)],
)
def test_eq_60_bounds_measured_memories(p: float, distance: int, measured: float) -> None:
    assert measured <= power_law_bound(p, distance)
    assert 0.032 * power_law_bound(p, distance) == pytest.approx(measured, rel=0.25)


def test_eq_60_says_nothing_above_its_threshold() -> None:
    assert power_law_bound(0.08, 7) == 1.0


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("hardware", "gate_ns_e5", "did you mean"),
        ("model", "bst", "best"),
        ("formula", "mixed", "mixed"),
        ("error_budget", 0.0, "above 0"),
        ("error_budget", 2.0, "below 1"),
        ("objective", "cost", "qubits"),
    ],
)
def test_wrong_options_say_what_to_use(name: str, value: object, text: str) -> None:
    with pytest.raises(InputError, match=text):
        estimate_counts(LogicalCounts(n_qubits=2, rotations=1), **{name: value})  # type: ignore[arg-type]


def test_a_budget_without_a_part_for_rotations_is_refused() -> None:
    with pytest.raises(InputError, match="rotations"):
        estimate_counts(LogicalCounts(n_qubits=2, rotations=1), error_budget=ErrorBudget(distillation=0.1, logical=0.1))


def test_presets() -> None:
    for name, preset in hardware_presets().items():
        assert hardware_named(f"qubit_{name}") == preset
        assert preset.source
        assert isinstance(estimate_counts(LogicalCounts(n_qubits=3, t=5), hardware=name, model="beverland"), Estimate)
