"""Qualtran's own cost model says the same as ours, and importing it leaves Cirq as it was."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.bill import estimate_counts
from estimates.counts import LogicalCounts
from estimates.qualtran_view import as_bloq, compare, load_qualtran, qualtran_cost


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 500),
    t=st.integers(0, 10**8),
    ccz=st.integers(0, 10**8),
    rotations=st.integers(0, 10**5),
    copies=st.integers(1, 5),
    block=st.sampled_from(["simple", "compact", "intermediate", "fast"]),
    l1=st.sampled_from([13, 15, 17]),
)
def test_gidney_fowler_is_qualtrans_model(
    n: int, t: int, ccz: int, rotations: int, copies: int, block: str, l1: int
) -> None:
    bill = estimate_counts(
        LogicalCounts(n_qubits=n, t=t, ccz=ccz, rotations=rotations),
        hardware="gidney_fowler",
        model="gidney_fowler",
        error_budget=0.1,
        n_factories=copies,
        data_block=block,
        l1=l1,
    )
    if not bill.feasible:
        assert compare(bill) == ()
        return
    theirs, d = qualtran_cost(bill), bill.design
    assert theirs.physical_qubits == d.physical_qubits
    assert theirs.cycles == d.cycles
    assert theirs.error == d.spent.distillation + d.spent.logical
    assert theirs.seconds == pytest.approx(d.seconds, rel=1e-12)


@pytest.mark.parametrize("model", ["best", "beverland", "gidney_fowler"])
def test_every_difference_is_named(model: str) -> None:
    c = LogicalCounts(n_qubits=100, t=10**6, rotations=500, rotation_depth=50, ccz=1000)
    bill = estimate_counts(c, model=model, hardware="gidney_fowler", error_budget=0.05)
    rows = compare(bill)
    assert {row.figure for row in rows} >= {"physical qubits", "cycles", "T per rotation", "error of states and data"}
    for row in rows:
        assert row.note or row.ours == row.qualtran
    if model == "gidney_fowler":
        assert [r.figure for r in rows if r.note] == ["T per rotation", "error of rotations"]


def test_a_one_level_factory_of_qualtran_is_the_tables() -> None:
    from estimates.factories.catalogue import litinski_factories

    sc = load_qualtran()
    from qualtran.resource_counting import GateCounts

    row = next(f for f in litinski_factories(1e-4) if f.name == "15-to-1(7,3,3)")
    theirs = sc.FifteenToOne(7, 3, 3)
    law = sc.LogicalErrorModel(physical_error=1e-4, qec_scheme=sc.QECScheme.make_gidney_fowler())
    gates = GateCounts(t=10**6)
    assert theirs.n_physical_qubits() == row.qubits
    assert theirs.factory_error(gates, law) == pytest.approx(row.error(10**6, 0), rel=0.05)
    assert float(theirs.n_cycles(gates, law)) == pytest.approx(row.cycles(10**6, 0), rel=0.01)


def test_counts_as_a_bloq() -> None:
    import sympy

    load_qualtran()
    from qualtran.resource_counting import QECGatesCost, get_cost_value

    n, layers = sympy.symbols("n L", positive=True, integer=True)
    c = LogicalCounts(n_qubits=n, rotations=3 * n * layers, cnot=(n - 1) * layers, cliffords=(n - 1) * layers, t=n)
    found = get_cost_value(as_bloq(c), QECGatesCost())
    assert found.rotation == 3 * n * layers
    assert found.t == n
    assert sympy.expand(found.clifford - (n - 1) * layers) == 0


def test_importing_qualtran_leaves_cirqs_check_in_place() -> None:
    code = """
import cirq
before = cirq.ops.controlled_gate._validate_sub_object
from estimates.qualtran_view import load_qualtran
load_qualtran()
import qualtran.cirq_interop
assert cirq.ops.controlled_gate._validate_sub_object is before
try:
    cirq.ControlledGate(cirq.MeasurementGate(1))
except ValueError:
    print("checked")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "checked"
    assert done.stderr == ""
