"""Qualtran's own physical cost model beside ours, for the same counts, distance and factory.

The only module that imports qualtran, and only inside functions. Importing qualtran replaces a check in Cirq for the
whole process; `load_qualtran` puts the check back.
"""

from __future__ import annotations

import importlib
import warnings
from types import ModuleType
from typing import Any

from attrs import frozen

from estimates.codes import code_named
from estimates.counts import LogicalCounts
from estimates.data_blocks import block_named
from estimates.models.design import Design
from estimates.result import Estimate
from qcompile.errors import InputError

__all__ = ["QualtranCost", "Term", "as_bloq", "compare", "load_qualtran", "qualtran_cost", "qualtran_model"]

QUALTRAN_T_PER_ROTATION = 11
"""What `GateCounts.total_t_and_ccz_count` takes for every rotation, whatever the budget."""


@frozen
class QualtranCost:
    """What `qualtran.surface_code.PhysicalCostModel` says.

    Attributes:
        error: Sum of the failure probabilities of states and data; Qualtran leaves out rotation errors.
    """

    physical_qubits: int
    cycles: int
    seconds: float
    error: float


@frozen
class Term:
    """One figure of both models; `note` names the reason of a difference, empty where they agree."""

    figure: str
    ours: float | int | None
    qualtran: float | int | None
    note: str

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain JSON values."""
        return {"figure": self.figure, "ours": self.ours, "qualtran": self.qualtran, "note": self.note}


def load_qualtran() -> ModuleType:
    """Import `qualtran.surface_code` and undo what the import does to Cirq.

    qualtran.cirq_interop replaces `cirq.ops.controlled_gate._validate_sub_object` by a function that accepts anything.
    """
    import cirq.ops.controlled_gate as controlled_gate

    # The name is private to Cirq: its type stubs do not show it.
    before = controlled_gate.__dict__["_validate_sub_object"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("qualtran.cirq_interop")  # does the replacing: now, so that it does not happen later
        surface_code = importlib.import_module("qualtran.surface_code")
    if before.__module__.startswith("cirq."):
        controlled_gate.__dict__["_validate_sub_object"] = before
    return surface_code


def qualtran_model(design: Design, *, p: float, cycle_s: float) -> Any:
    """Return Qualtran's `PhysicalCostModel` with the design's code, block, distance, factory and copies.

    A factory that Qualtran lacks becomes one of its `MagicStateFactory` type with our qubits, cycles and errors.
    """
    sc = load_qualtran()
    if not design.feasible or design.distance is None:
        raise InputError("has no design", where="estimate", hint=design.reason)
    code = code_named(design.code)
    blocks = {
        "simple": sc.SimpleDataBlock,
        "compact": sc.CompactDataBlock,
        "intermediate": sc.IntermediateDataBlock,
        "fast": sc.FastDataBlock,
    }
    block = blocks[design.data_block](data_d=design.distance)
    if design.factory.startswith("CCZ2T("):
        l1, l2 = (int(x) for x in design.factory[len("CCZ2T(") : -1].split(","))
        factory: Any = sc.CCZ2TFactory(l1, l2)
        if (design.n_factories or 1) > 1:
            factory = sc.MultiFactory(factory, design.n_factories)
    else:
        factory = _adapted(sc, design)
    return sc.PhysicalCostModel(
        sc.PhysicalParameters(physical_error=p, cycle_time_us=cycle_s * 1e6),
        block,
        factory,
        sc.QECScheme(error_rate_scaler=code.prefactor, error_rate_threshold=code.threshold),
    )


def _adapted(sc: ModuleType, design: Design) -> Any:
    base: Any = sc.MagicStateFactory

    class AdaptedFactory(base):  # type: ignore[misc]  # a base without types
        """Our factory, all copies, in Qualtran's terms."""

        def n_physical_qubits(self) -> int:
            return design.factory_qubits or 0

        def n_cycles(self, n_logical_gates: Any, logical_error_model: Any) -> int:
            return design.factory_cycles or 0

        def factory_error(self, n_logical_gates: Any, logical_error_model: Any) -> float:
            return design.spent.distillation

    return AdaptedFactory()


def _summary(sc: ModuleType, design: Design, n_qubits: int) -> Any:
    from qualtran.resource_counting import GateCounts

    gates = GateCounts(t=design.n_t or 0, toffoli=design.n_ccz or 0)
    return sc.AlgorithmSummary(n_algo_qubits=n_qubits, n_logical_gates=gates)


def qualtran_cost(estimate: Estimate) -> QualtranCost:
    """Return Qualtran's figures for the design of an estimate: same T and CCZ states, distance, block and factory."""
    sc = load_qualtran()
    model = qualtran_model(estimate.design, p=estimate.hardware.p, cycle_s=estimate.hardware.cycle_s)
    summary = _summary(sc, estimate.design, estimate.counts.n_qubits)
    return QualtranCost(
        physical_qubits=int(model.n_phys_qubits(summary)),
        cycles=int(model.n_cycles(summary)),
        seconds=float(model.duration_hr(summary)) * 3600.0,
        error=float(model.error(summary)),
    )


def compare(estimate: Estimate) -> tuple[Term, ...]:
    """Return our figures beside Qualtran's, each difference with its reason; nothing where there is no design."""
    if not estimate.feasible:
        return ()
    theirs, d = qualtran_cost(estimate), estimate.design
    assert d.distance is not None
    per_rotation = d.t_per_rotation or 0
    rotation_note = ""
    if estimate.counts.rotations and per_rotation != QUALTRAN_T_PER_ROTATION:
        rotation_note = "Qualtran takes 11 T per rotation whatever the budget; the rows below use our T states for both"
    rows = [
        Term(
            "T per rotation",
            per_rotation,
            QUALTRAN_T_PER_ROTATION if estimate.counts.rotations else 0,
            rotation_note,
        ),
        Term("physical qubits", d.physical_qubits, theirs.physical_qubits, _qubits_note(d)),
        Term("cycles", d.cycles, theirs.cycles, _cycles_note(d)),
        Term("seconds", d.seconds, theirs.seconds, _cycles_note(d)),
        Term("error of states and data", d.spent.distillation + d.spent.logical, theirs.error, _error_note(d)),
        Term(
            "error of rotations",
            d.spent.rotations,
            0.0,
            "Qualtran's model leaves the error of approximated rotations out" if d.spent.rotations else "",
        ),
    ]
    return tuple(row if row.ours != row.qualtran else Term(row.figure, row.ours, row.qualtran, "") for row in rows)


def _qubits_note(d: Design) -> str:
    code = code_named(d.code)
    if code.tile != (2, 0):
        return f"Qualtran's patches have 2 d^2 qubits, those of {code.name} {code.tile[0]} d^2 + {code.tile[1]} (d - 1)"
    return f"{block_named(d.data_block).name} data block"


def _cycles_note(d: Design) -> str:
    if d.limited_by == "logical steps":
        return (
            "ours counts measurements, rotation layers and three steps per CCZ; Qualtran the longer of making states "
            "and using them"
        )
    if d.limited_by == "reaction":
        return "ours has the chain of T gates times the reaction time as a floor; Qualtran has no reaction time"
    return "durations are the same product of cycles and cycle time, up to rounding"


def _error_note(d: Design) -> str:
    if code_named(d.code).per == "step":
        return "ours takes the logical error per step of d cycles, as this code's source does; Qualtran per cycle"
    return "data live for the cycles of the row above"


def as_bloq(counts: LogicalCounts, name: str = "counted circuit") -> Any:
    """Return a Qualtran `Bloq` whose call graph holds the counts, sympy formulas included."""
    load_qualtran()
    from functools import cached_property

    import attrs
    from qualtran import Bloq, QAny, Register, Signature
    from qualtran.bloqs.basic_gates import CNOT, Hadamard, Rz, TGate, Toffoli

    base: Any = Bloq

    @attrs.frozen
    class CountedBloq(base):  # type: ignore[misc]  # a base without types
        """A circuit known by its counts."""

        title: str = name

        @cached_property
        def signature(self) -> Any:
            return Signature([Register("x", QAny(counts.n_qubits))])

        def build_call_graph(self, ssa: Any) -> Any:
            calls = {
                Rz(ssa.new_symbol("theta")): counts.rotations,
                TGate(): counts.t,
                Toffoli(): counts.ccz,
                CNOT(): counts.cnot,
                Hadamard(): counts.cliffords - counts.cnot,
            }
            return {bloq: number for bloq, number in calls.items() if number != 0}

    return CountedBloq()
