"""Growth laws and cost formulas: quoted numbers, and the contradictions between them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates import cost, scaling
from estimates.bill import estimate_counts
from estimates.classical import surface_code_qubits
from estimates.codes import code_named
from estimates.counts import LogicalCounts
from qcompile.errors import InputError

N, D, Q, E = 4096, 512, 8, 256


@pytest.mark.parametrize(
    ("law", "quoted"),
    [("parallel", 22.6), ("ours", 1.20e4), ("classical", 8.59e9), ("quantum_inspired", 7.71e5), ("hybrid", 9.27e4)],
)
def test_attention_laws(law: str, quoted: float) -> None:
    assert scaling.attention_cost(law, N, D, Q) == pytest.approx(quoted, rel=5e-3)


def test_attention_laws_contradict_each_other() -> None:
    ours, parallel = scaling.attention_cost("ours", N, D), scaling.attention_cost("parallel", N, D, Q)
    assert ours / parallel == pytest.approx(532, rel=2e-3)
    assert scaling.combined_time(N, Q, E) == pytest.approx(23.3, rel=2e-3)
    for law in ("parallel", "ours", "quantum_inspired", "hybrid"):
        assert scaling.attention_cost(law, N, D, Q) < N * D  # fewer steps than numbers to load
    # "43 % less": (95)/(93) is 1/sqrt(n), 0.57 only at n = 3.08
    ratio = scaling.attention_cost("ours", 3.08, D) / scaling.attention_cost("quantum_inspired", 3.08, D)
    assert ratio == pytest.approx(0.57, rel=1e-2)
    # (95) below (94) always with natural logarithms, not with log2 between 4 and 16
    assert scaling.attention_cost("ours", 8, D) < scaling.attention_cost("hybrid", 8, D)
    assert scaling.attention_cost("ours", 8, D, base=2) > scaling.attention_cost("hybrid", 8, D)


@given(tokens=st.integers(1, 10**5), n_qubits=st.integers(7, 2000))
def test_eq_52_is_always_the_second_branch_for_registers_of_use(tokens: int, n_qubits: int) -> None:
    assert scaling.quantum_factor(tokens, n_qubits) == math.sqrt(tokens / n_qubits)


def test_eq_52_first_branch() -> None:
    assert scaling.quantum_factor(10**6, 2) == 4.0
    assert scaling.quantum_factor(100, 1) == 2.0


@pytest.mark.parametrize(("n_qubits", "quoted"), [(8, 45_794.67), (68, 15_707)])
def test_eq_51_falls_with_qubits(n_qubits: int, quoted: float) -> None:
    # with the error of eq. 21 the printed speed-up is N_t sqrt(N_s / N_q)
    error = scaling.sampling_error("ours", 1000, n_qubits)
    assert scaling.theoretical_speedup(4096, n_qubits, error) == pytest.approx(4096 * math.sqrt(1000 / n_qubits))
    assert scaling.theoretical_speedup(4096, n_qubits, error) == pytest.approx(quoted, rel=1e-4)


@pytest.mark.parametrize(("d", "first"), [(3, 31), (5, 120), (7, 276), (15, 1670), (25, 5368)])
def test_eq_61_breaks_the_singleton_bound(d: int, first: int) -> None:
    assert scaling.physical_qubits_claim(first, d) < first
    assert scaling.physical_qubits_claim(first - 1, d) >= first - 1


def test_eq_61_against_counted_qubits() -> None:
    for d in (3, 25):
        assert 41 <= surface_code_qubits(100, d) / scaling.physical_qubits_claim(100, d) <= 43.5
    # production size, L = 10: distance 23 and 319,300 qubits
    claim = scaling.physical_qubits_claim(108, 23)
    assert claim == pytest.approx(2_477, rel=1e-3)
    bill = estimate_counts(LogicalCounts(n_qubits=108, t=219_096), hardware="gidney_fowler", model="gidney_fowler")
    assert (bill.physical_qubits or 0) / claim == pytest.approx(129, rel=5e-3)


def test_error_orders() -> None:
    assert scaling.logical_error_order("ours", 1e-3, 15) == pytest.approx(1e-24)
    # 98 without c**((d+1)/2) is 16 orders below the fit of eq. 60
    assert math.log10(0.032 * (155e-3) ** 8 / 1e-24) == pytest.approx(16, abs=0.1)
    ratio = scaling.logical_error_order("previous", 1e-3, 7) / scaling.logical_error_order("ours", 1e-3, 7)
    assert ratio == pytest.approx(31.6, rel=1e-3)
    at = scaling.logical_error_order("previous", 0.227, 7) / scaling.logical_error_order("ours", 0.227, 7)
    assert at == pytest.approx(2.1, rel=1e-2)
    assert code_named("memory_fit").threshold < 0.227
    near = scaling.logical_error_order("stabilizer", 1e-3, 7) / scaling.logical_error_order("previous", 1e-3, 7)
    assert near == pytest.approx(1.001)


@given(st.floats(2, 1e12))
def test_sampling_laws(n: float) -> None:
    e = {law: scaling.sampling_error(law, n) for law in scaling.SAMPLING_LAWS}
    assert e["classical"] <= e["hybrid"] <= e["previous"]
    assert e["ours"] == e["classical"]
    for law, slope in (("classical", -1 / 2), ("previous", -1 / 3), ("hybrid", -2 / 5)):
        assert math.log(scaling.sampling_error(law, 2 * n) / e[law], 2) == pytest.approx(slope)


def test_more_quantum_repetitions_meet_a_floor() -> None:
    """Means of N_s samples, each seen through N_q coin flips: the law promises what the spread of samples forbids."""
    import numpy as np

    rng = np.random.default_rng(3)
    p = rng.uniform(0.2, 0.8, size=(2000, 100))
    seen = rng.binomial(1024, p) / 1024
    rms = float(np.sqrt(np.mean((seen.mean(axis=1) - 0.5) ** 2)))
    floor = math.sqrt(0.6**2 / 12 / 100)
    assert rms == pytest.approx(floor, rel=0.1)
    assert rms > 4 * scaling.sampling_error("ours", 100, 1024)


def test_routing_laws() -> None:
    assert scaling.routing_accuracy("ours_product", E, 8) == pytest.approx(0.99999999977, abs=1e-11)
    assert scaling.routing_accuracy("ours_ratio", E, 8) == pytest.approx(0.5139, abs=1e-4)
    assert scaling.routing_accuracy("ours_ratio", E, 17) == pytest.approx(0.784, abs=1e-3)
    assert scaling.routing_accuracy("ours_product", E, 17) == pytest.approx(1.0)
    # at the smallest register, N_q = log2 E, eq. 58 is one constant for every E
    for experts in (2, 16, 256, 4096):
        assert scaling.routing_accuracy("ours_ratio", experts, math.log2(experts)) == pytest.approx(0.5139, abs=1e-4)
    # the two readings move in opposite directions, and "hybrid" is behind "previous"
    assert scaling.routing_accuracy("ours_product", 64, 8) < scaling.routing_accuracy("ours_product", 256, 8)
    assert scaling.routing_accuracy("ours_ratio", 64, 8) > scaling.routing_accuracy("ours_ratio", 256, 8)
    assert scaling.routing_accuracy("hybrid", E) < scaling.routing_accuracy("previous", E)
    assert scaling.routing_accuracy("classical", 16) < scaling.routing_accuracy("classical", 256)


@pytest.mark.parametrize(
    "call",
    [
        lambda: scaling.attention_cost("mine", 2),
        lambda: scaling.sampling_error("mine", 2),
        lambda: scaling.routing_accuracy("mine", 2),
        lambda: scaling.logical_error_order("mine", 0.1, 3),
    ],
)
def test_unknown_laws(call: object) -> None:
    with pytest.raises(InputError, match="use one of"):
        call()  # type: ignore[operator]


def test_the_classical_split() -> None:
    p = cost.PRINTED
    assert p.classical == pytest.approx(6.0e6)
    assert [round(x / p.classical, 3) for x in (p.hardware, p.energy, p.infrastructure)] == [0.7, 0.2, 0.1]


def test_eqs_107_to_110_from_their_own_inputs() -> None:
    p = cost.PRINTED
    assert cost.hardware_cost(p.hardware, 100, 671e9) == pytest.approx(6.3e-4, rel=0.01)
    assert cost.qubits_needed(p.new_hardware, p.hardware, 671e9) == pytest.approx(1.7e11, rel=0.02)
    assert cost.energy_cost(p.energy, p.quantum_s, p.classical_s) == pytest.approx(36_584, rel=1e-4)
    assert cost.energy_ratio_needed(p.new_energy, p.energy) == 0.5
    assert p.quantum_s / p.classical_s == pytest.approx(0.1746, abs=1e-4)
    assert cost.speed_ratio_needed(p.new_infrastructure, p.infrastructure) == 0.25
    assert cost.infrastructure_cost(p.infrastructure, 1, 4) == pytest.approx(p.new_infrastructure)
    total = cost.total_cost(p.new_hardware, p.new_energy, p.new_infrastructure)
    assert total == pytest.approx(1.5e6)
    assert cost.reduction(1.5e6, p.classical) == pytest.approx(0.75)


def test_eq_46_contradicts_eq_110() -> None:
    p = cost.PRINTED
    assert cost.efficiency_ratio(1.5e6, p.classical) == pytest.approx(0.25)
    assert p.efficiency * p.classical == pytest.approx(5.7e6)


def test_unknown_stays_unknown_and_nothing_divides_by_zero() -> None:
    assert cost.total_cost(1.0, 1.0, 1.0, quantum_hardware=None) is None
    with pytest.raises(InputError):
        cost.efficiency_ratio(1.0, 0.0)
