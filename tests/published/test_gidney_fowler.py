"""`model="gidney_fowler"`: the paper's spreadsheet, Qualtran's examples, and a table of circuits of the paper."""

from __future__ import annotations

import pytest

from estimates.bill import estimate_counts
from estimates.budget import ErrorBudget
from estimates.codes import code_named
from estimates.counts import LogicalCounts
from estimates.factories.ccz2t import Ccz2tFactory
from estimates.hardware import hardware_named
from estimates.models.design import Design

SPREADSHEET = LogicalCounts(n_qubits=100, t=10**8, ccz=10**8)

# One U_att, physical budget 1e-3 and rotation budget 5e-4, 3 log2(1/eps) T a rotation, p = 1e-3, cycle 1 us:
# name, n, rotations, T per rotation, T, distance, physical qubits, seconds as printed
TABLE = [
    ("nano", 4, 22, 47, 1_034, 15, 150_604, 0.10),
    ("dev", 8, 222, 57, 12_654, 19, 156_568, 1.3),
    ("v2lite dev", 11, 312, 58, 18_096, 19, 160_178, 1.8),
    ("v3 dev", 13, 372, 59, 21_948, 19, 162_344, 2.2),
    ("v3 dev with eq. 7", 13, 16_754, 75, 1_256_550, 23, 169_064, 127),
    ("v3 test", 27, 792, 62, 49_104, 21, 184_066, 4.9),
    ("prod 68", 68, 2_022, 66, 133_452, 23, 255_820, 13),
    ("prod 92", 92, 2_742, 68, 186_456, 23, 293_908, 19),
    ("prod 108", 108, 3_222, 68, 219_096, 23, 319_300, 22),
    ("prod 108, L=100", 108, 32_202, 78, 2_511_756, 25, 350_404, 253),
    ("stress 432, L=100", 432, 129_402, 84, 10_869_768, 27, 1_092_688, 1_095),
]


@pytest.mark.parametrize(("name", "n", "rotations", "per", "t", "distance", "qubits", "seconds"), TABLE)
def test_circuits_of_the_paper(
    name: str, n: int, rotations: int, per: int, t: int, distance: int, qubits: int, seconds: float
) -> None:
    # The table spends 1e-3 on states and data and another half of it on rotations: 1.5e-3 in all.
    budget = ErrorBudget(rotations=5e-4, distillation=5e-4, logical=5e-4)
    d = estimate_counts(
        LogicalCounts(n_qubits=n, rotations=rotations),
        hardware="gidney_fowler",
        model="gidney_fowler",
        error_budget=budget,
        formula="three_log",
    ).design
    assert (d.t_per_rotation, d.n_t, d.distance, d.physical_qubits) == (per, t, distance, qubits)
    assert d.seconds == pytest.approx(seconds, rel=0.05)


def test_number_of_angles_in_the_table() -> None:
    for n, layers, rotations in [(4, 2, 22), (8, 10, 222), (108, 100, 32_202), (432, 100, 129_402)]:
        assert 3 * n * layers - 2 * (layers - 1) == rotations


def test_the_spreadsheet() -> None:
    # arXiv:1812.01238: 100 qubits, 1e8 T + 1e8 Toffoli, p = 1e-3, 1 us -> 4.00e5 qubits, 7.53 h, failure 0.0084
    d = estimate_counts(SPREADSHEET, hardware="gidney_fowler", model="gidney_fowler", error_budget=1e-2).design
    assert (d.distance, d.physical_qubits) == (29, 400_204)
    assert (d.seconds or 0) / 3600 == pytest.approx(7.535, rel=1e-4)
    assert d.spent.total == pytest.approx(0.00841, rel=1e-3)


@pytest.mark.parametrize(
    ("block", "copies", "distance", "qubits", "hours"),
    [("simple", 4, 27, 810_316, 1.884), ("fast", 4, 27, 926_956, 1.884)],
)
def test_more_factories_and_another_block(block: str, copies: int, distance: int, qubits: int, hours: float) -> None:
    d = estimate_counts(
        SPREADSHEET,
        hardware="gidney_fowler",
        model="gidney_fowler",
        error_budget=1e-2,
        n_factories=copies,
        data_block=block,
    ).design
    assert (d.distance, d.physical_qubits) == (distance, qubits)
    assert (d.seconds or 0) / 3600 == pytest.approx(hours, rel=1e-3)


def grid(copies: int) -> list[Design]:
    """Qualtran's grid of factories: l1 from 5 to 23, l2 from l1 + 2 to 41."""
    found = []
    for l1 in range(5, 25, 2):
        for l2 in range(l1 + 2, 43, 2):
            d = estimate_counts(
                SPREADSHEET,
                hardware="gidney_fowler",
                model="gidney_fowler",
                error_budget=1e-2,
                n_factories=copies,
                l1=l1,
                l2=l2,
            ).design
            if d.feasible:
                found.append(d)
    return found


def test_search_over_factories_like_qualtrans_grid() -> None:
    small = min(grid(1), key=lambda d: d.physical_qubits or 0)
    assert (small.factory, small.distance, small.physical_qubits) == ("CCZ2T(17,25)", 27, 369_676)
    assert (small.seconds or 0) / 3600 == pytest.approx(8.507, rel=1e-3)
    fast = grid(16)
    for best in (min(fast, key=lambda d: d.seconds or 0), min(fast, key=lambda d: d.volume)):
        assert (best.distance, best.physical_qubits) == (27, 2_241_100)
        assert (best.seconds or 0) / 3600 == pytest.approx(0.471, rel=1e-3)


def test_the_factory_of_the_paper() -> None:
    code, p = code_named("gidney_fowler"), hardware_named("gidney_fowler").p
    published = Ccz2tFactory(15, 31, code, p)
    assert published.qubits == 147_904
    assert 1 / published.state_error == pytest.approx(1.9e10, rel=0.02)  # the paper says about 1e10
    assert published.cycles(0, 1) == 171
    larger = Ccz2tFactory(17, 31, code, p)
    assert larger.qubits == 172_480  # + 17 %
    assert 1 / larger.state_error == pytest.approx(1e12, rel=0.5)  # the paper says about 1e12
