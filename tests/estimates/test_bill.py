"""The front door: identity of a question, plain output, and what is not imported."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import sympy

from estimates.bill import estimate, estimate_counts
from estimates.counts import LogicalCounts
from estimates.figures import Quality
from estimates.result import Estimate
from qcompile.errors import InputError
from qcompile.tape import TapeBuilder

COUNTS = LogicalCounts(n_qubits=13, rotations=372, cnot=120, cliffords=120)


def test_neither_cirq_nor_qualtran_nor_sympy_is_needed() -> None:
    code = """
import sys
import estimates
from estimates import LogicalCounts, estimate
bills = [estimate(LogicalCounts(n_qubits=13, rotations=372), model=m) for m in ("best", "gidney_fowler", "beverland")]
assert all(b.feasible for b in bills)
[b.to_dict() for b in bills]
print(sorted({"cirq", "qualtran", "sympy", "numba", "scipy", "pandas"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_content_id_is_that_of_the_question() -> None:
    a, b = estimate_counts(COUNTS), estimate_counts(LogicalCounts(n_qubits=13, rotations=372, cnot=120, cliffords=120))
    assert a.content_id == b.content_id
    assert a == b
    assert len(a.content_id) == 64
    others = [
        estimate_counts(COUNTS, error_budget=2e-3),
        estimate_counts(COUNTS, model="beverland"),
        estimate_counts(COUNTS, hardware="gate_ns_e4"),
        estimate_counts(COUNTS, objective="time"),
        estimate_counts(COUNTS * 2),
        estimate_counts(COUNTS, max_qubits=10**9),
    ]
    assert len({a.content_id, *(o.content_id for o in others)}) == 7


def test_the_same_answer_in_another_process() -> None:
    code = "from estimates import *; from estimates import estimate, LogicalCounts; import json;"
    code += "print(json.dumps(estimate(LogicalCounts(n_qubits=13, rotations=372)).to_dict()))"
    code = code.replace("from estimates import *; ", "")
    runs = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(runs) == 1
    assert json.loads(next(iter(runs))) == estimate_counts(LogicalCounts(n_qubits=13, rotations=372)).to_dict()


@pytest.mark.parametrize("model", ["best", "gidney_fowler", "beverland"])
def test_every_figure_has_a_source_and_a_quality(model: str) -> None:
    bill = estimate_counts(COUNTS, model=model)
    for figure in bill.figures:
        assert figure.source
        assert figure.quality in Quality
        assert figure.value is not None
    text = json.dumps(bill.to_dict(), allow_nan=False)
    assert json.loads(text)["content_id"] == bill.content_id
    page = bill._repr_html_()
    assert "physical qubits" in page
    assert all(a in bill.to_dict()["assumptions"] for a in bill.assumptions)


def test_distances_beyond_what_was_simulated_are_extrapolated() -> None:
    bill = estimate_counts(LogicalCounts(n_qubits=100, t=10**9), error_budget=1e-2)
    assert {f.name: f.quality for f in bill.figures}["physical qubits"] is Quality.EXTRAPOLATED


def test_a_tape_a_compiled_circuit_and_the_wrong_thing() -> None:
    builder = TapeBuilder(2)
    builder.add("rz", 0, angles=[0.3])
    logical = builder.build()
    bill = estimate(logical)
    assert isinstance(bill, Estimate)
    assert bill.counts.rotations == 1

    class Compiled:
        source, tape = logical, TapeBuilder(3).build()  # the logical circuit counts, not the routed one

    assert estimate(Compiled()) == bill
    with pytest.raises(InputError, match="estimate is a str"):
        estimate("a circuit")


def test_open_sizes_are_named() -> None:
    n = sympy.Symbol("n")
    with pytest.raises(InputError, match=r"sizes n; bind them: evaluate\(n=\.\.\.\)"):
        estimate_counts(LogicalCounts(n_qubits=n, rotations=3 * n))


def test_the_front_door_names_are_all_there() -> None:
    import estimates

    for name in estimates.__all__:
        assert getattr(estimates, name) is not None
    assert set(estimates.__all__) == set(estimates._HOMES)
    assert callable(estimates.estimate)
    with pytest.raises(AttributeError):
        estimates.bills  # noqa: B018  # looking it up is the test


def test_the_norm_of_rotation_errors_is_said() -> None:
    assert any("diamond norm" in a for a in estimate_counts(COUNTS).assumptions)
    assert any("operator norm" in a for a in estimate_counts(COUNTS, formula="diagonal").assumptions)
    assert not any("norm" in a for a in estimate_counts(LogicalCounts(n_qubits=2, t=1)).assumptions)
