"""`model="beverland"` gives the numbers of the Azure Quantum resource estimator (qsharp 1.31), to the last qubit."""

from __future__ import annotations

import pytest

from estimates.bill import estimate_counts
from estimates.budget import ErrorBudget
from estimates.codes import code_named
from estimates.counts import LogicalCounts
from estimates.factories.round_based import _units_for

T8 = LogicalCounts(n_qubits=100, t=10**8)
ISING = LogicalCounts(n_qubits=100, rotations=30_100, rotation_depth=501)
ISING_MEASURED = LogicalCounts(n_qubits=100, rotations=30_100, rotation_depth=501, measurements=1_400_000)
MODEL = LogicalCounts(n_qubits=30, rotations=50_000, rotation_depth=2_500, ccz=20_000, measurements=30)
# Beverland et al., arXiv:2211.07629, appendix F, chemistry
CHEMISTRY = LogicalCounts(
    n_qubits=1318,
    t=55_300_000,
    rotations=206_000_000,
    rotation_depth=205_000_000,
    ccz=135_000_000_000,
    measurements=1_370_000_000,
)
CASES = [
    # counts, hardware, budget, physical qubits, seconds, distance, T factories (None: not printed)
    (LogicalCounts(n_qubits=50, t=10**6), "gate_ns_e3", 0.01, 321_938, None, None, None),
    (LogicalCounts(n_qubits=500, t=10**9), "gate_ns_e3", 0.01, 1_764_410, None, None, None),
    (LogicalCounts(n_qubits=100, t=10**6, rotations=10**5, ccz=10**6), "gate_ns_e3", 1e-3, 743_140, None, None, None),
    (MODEL, "gate_ns_e3", 0.01, 1_592_506, 1.054204, 17, 86),
    (CHEMISTRY, "gate_ns_e4", 0.01, 1_855_720, 2_798_548.84, 17, 17),
    (LogicalCounts(n_qubits=500, t=10**9), "gate_ns_e4", 0.01, 446_370, None, None, 15),
    (MODEL, "gate_ns_e4", 0.01, 137_914, 0.558108, 9, 64),
    (CHEMISTRY, "gate_ns_e3", 0.01, 6_904_080, 5_432_477.16, 33, 17),
    (T8, "gate_ns_e3", 0.01, 709_820, 920.0, 23, 14),
    (T8, "gate_ns_e4", 0.01, 123_420, 440.0, 11, 14),
    (T8, "gate_us_e3", 0.01, 402_180, 1_380_000.0, 23, 11),
    (T8, "gate_us_e4", 0.01, 91_300, 660_000.0, 11, 11),
    (T8, "maj_ns_e4_surface", 0.01, 754_060, 3_800.0, 19, 15),
    (T8, "maj_ns_e4", 0.01, 479_160, 330.0, 11, 16),
    (T8, "maj_ns_e6_surface", 0.01, 49_980, 1_400.0, 7, 14),
    (T8, "maj_ns_e6", 0.01, 69_960, 150.0, 5, 15),
    (ISING, "gate_ns_e3", 1e-3, 4_002_940, 0.2694092, 17, 215),
    (ISING, "gate_ns_e4", 1e-3, 646_380, 0.1426284, 9, 188),
    (ISING_MEASURED, "gate_ns_e3", 1e-3, 292_860, 12.0927996, 21, 5),
    (ISING_MEASURED, "gate_ns_e4", 1e-3, 71_860, 6.3343236, 11, 5),
]


@pytest.mark.parametrize(("counts", "hardware", "eps", "qubits", "seconds", "distance", "factories"), CASES)
def test_equal_to_the_last_qubit(
    counts: LogicalCounts,
    hardware: str,
    eps: float,
    qubits: int,
    seconds: float | None,
    distance: int | None,
    factories: int | None,
) -> None:
    d = estimate_counts(counts, hardware=hardware, model="beverland", error_budget=eps).design
    assert d.physical_qubits == qubits
    assert seconds is None or d.seconds == pytest.approx(seconds, rel=1e-12)
    assert distance is None or d.distance == distance
    assert factories is None or d.n_factories == factories


def test_chemistry_of_the_paper_within_two_percent() -> None:
    # arXiv:2211.07629, appendix F: distance 17, 17 factories of 16,000 qubits, 1.86 M qubits, 2.80e6 s
    d = estimate_counts(CHEMISTRY, hardware="gate_ns_e4", model="beverland", error_budget=0.01).design
    assert (d.distance, d.n_factories) == (17, 17)
    assert d.physical_qubits == pytest.approx(1.86e6, rel=0.02)
    assert d.seconds == pytest.approx(2.80e6, rel=0.02)
    assert (d.factory_qubits or 0) / 17 == pytest.approx(16_000, rel=0.02)
    assert d.n_patches == pytest.approx(2740, abs=1)


def test_the_budget_may_be_given_in_parts() -> None:
    thirds = ErrorBudget(rotations=0.01 / 3, distillation=0.01 / 3, logical=0.01 / 3)
    parts = estimate_counts(MODEL, model="beverland", error_budget=thirds)
    assert parts.design == estimate_counts(MODEL, model="beverland", error_budget=0.01).design


def test_units_per_round_are_the_smallest_that_fill_the_next() -> None:
    from scipy.stats import binom

    for needed, fail, allowed in [(1, 0.015, 0.005), (15, 0.015, 0.005), (15, 0.6, 0.0033), (300, 0.75, 0.0033)]:
        n = _units_for(needed, fail, allowed)
        assert binom.cdf(needed - 1, n, 1 - fail) < allowed
        assert n == needed or binom.cdf(needed - 1, n - 1, 1 - fail) >= allowed


def test_the_logical_error_law_is_theirs() -> None:
    code = code_named("beverland")
    assert code.logical_error(9, 1e-4) == pytest.approx(0.03 * 1e-2**5)
    assert code.smallest_distance(1e-3, 1e-11) == 19
