"""The bill of a whole program: every readout, how often it runs, and the forward pass."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from estimates.bill import estimate_counts
from estimates.budget import ErrorBudget
from estimates.counts import Count, LogicalCounts, sympy_number
from estimates.figures import Quality
from estimates.hardware import FtHardware
from estimates.result import Estimate, content_id
from qcompile.errors import InputError
from qcompile.units import format_count, format_seconds

if TYPE_CHECKING:
    from qcompile.ir.program import Program
    from qcompile.ir.readout import Readout
    from qcompile.tape import Tape

__all__ = ["ProgramEstimate", "ReadoutCounts", "ReadoutEstimate", "counts_of_program", "estimate_program"]


@frozen(kw_only=True)
class ReadoutCounts:
    """One kind of circuit and how often a forward pass runs it.

    Attributes:
        counts: Of one execution.
        runs: Different circuits of this kind in one forward pass.
        shots: Executions of each, None where nothing fixes it.
        quality: EXACT for counts of a circuit, BOUND where they are an upper bound.
        overlap_qubits: Width of the states whose overlap the readout measures, None for other values.
    """

    name: str
    counts: LogicalCounts
    runs: Count = 1
    shots: int | None = None
    quality: Quality = Quality.EXACT
    overlap_qubits: int | None = None


@frozen(kw_only=True)
class ReadoutEstimate:
    """The estimate of one readout, with its part of the forward pass."""

    name: str
    estimate: Estimate
    runs: int
    shots: int | None
    overlap_qubits: int | None = None

    @property
    def executions(self) -> int | None:
        """Runs times shots, None while the shots are unknown."""
        return None if self.shots is None else self.runs * self.shots

    @property
    def seconds_per_pass(self) -> float | None:
        """Machine time of one forward pass on one machine, None where unknown."""
        if self.executions is None or self.estimate.seconds is None:
            return None
        return self.executions * self.estimate.seconds

    def to_dict(self) -> dict[str, Any]:
        """Return one row of a bill as plain JSON values."""
        d = self.estimate.design
        return {
            "name": self.name,
            "feasible": d.feasible,
            "reason": d.reason,
            "algorithm_qubits": self.estimate.counts.n_qubits,
            "t_per_rotation": d.t_per_rotation,
            "t_count": d.n_t,
            "toffoli_count": self.estimate.counts.ccz,
            "code_distance": d.distance,
            "physical_qubits": d.physical_qubits,
            "seconds_per_shot": d.seconds,
            "runs": self.runs,
            "shots": self.shots,
            "executions": self.executions,
            "seconds_per_pass": self.seconds_per_pass,
            "estimate": self.estimate.to_dict(),
        }


@frozen(kw_only=True)
class ProgramEstimate:
    """What a forward pass costs.

    Attributes:
        readouts: In the program's order.
        n_overlaps: Overlaps of one forward pass, None where the program does not say.
        n_machines: Machines that share the executions.
    """

    name: str
    readouts: tuple[ReadoutEstimate, ...]
    n_overlaps: int | None = None
    n_machines: int = 1

    @property
    def content_id(self) -> str:
        """SHA-256 of the questions of all readouts."""
        parts = [[r.name, r.estimate.content_id, r.runs, r.shots] for r in self.readouts]
        return content_id({"readouts": parts, "n_overlaps": self.n_overlaps, "n_machines": self.n_machines})

    @property
    def feasible(self) -> bool:
        """Whether every readout has a design."""
        return all(r.estimate.feasible for r in self.readouts)

    @property
    def physical_qubits(self) -> int | None:
        """Qubits of the machine that can run every readout, one at a time; None where one has no design."""
        sizes = [r.estimate.physical_qubits for r in self.readouts]
        return None if not sizes or None in sizes else max(s for s in sizes if s is not None)

    @property
    def seconds_per_pass(self) -> float | None:
        """Wall time of one forward pass, the executions of a readout shared by the machines; None where unknown."""
        total = 0.0
        for r in self.readouts:
            if r.executions is None or r.estimate.seconds is None:
                return None
            total += math.ceil(r.executions / self.n_machines) * r.estimate.seconds
        return total

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader must not miss: overlaps, executions, total time, what is unknown."""
        out = []
        if self.n_overlaps is not None:
            out.append(f"{format_count(self.n_overlaps)} overlaps per forward pass")
        if self.seconds_per_pass is not None:
            total = sum(r.executions or 0 for r in self.readouts)
            out.append(
                f"{format_count(total)} executions and {format_seconds(self.seconds_per_pass)} of machine time per "
                f"forward pass on {self.n_machines} machine{'s' if self.n_machines > 1 else ''}"
            )
        else:
            missing = ", ".join(r.name for r in self.readouts if r.seconds_per_pass is None)
            known = sum(r.seconds_per_pass or 0.0 for r in self.readouts) / self.n_machines
            out.append(
                f"time per forward pass is at least {format_seconds(known)}: no shots or no design for {missing}"
                if known
                else f"time per forward pass is unknown: no shots or no design for {missing}"
            )
        for r in self.readouts:
            # The mean squared overlap of generic states is 2**-n; with fewer shots than 2**n it reads 0.
            if r.shots is not None and r.overlap_qubits is not None and r.shots < 2**r.overlap_qubits:
                out.append(
                    f"{r.name}: a generic overlap of {r.overlap_qubits} qubits is about 2^-{r.overlap_qubits}; "
                    f"{format_count(r.shots)} shots do not resolve it"
                )
        return tuple(out)

    def to_dict(self) -> dict[str, Any]:
        """Return the bill as plain JSON values."""
        assumptions = dict.fromkeys(a for r in self.readouts for a in r.estimate.assumptions)
        return {
            "schema": "program-estimate/1",
            "content_id": self.content_id,
            "name": self.name,
            "feasible": self.feasible,
            "circuits": [r.to_dict() for r in self.readouts],
            "n_overlaps": self.n_overlaps,
            "n_machines": self.n_machines,
            "physical_qubits": self.physical_qubits,
            "seconds_per_pass": self.seconds_per_pass,
            "remarks": list(self.remarks),
            "assumptions": list(assumptions),
        }

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(r.name)}</td><td>{html.escape(str(r.estimate))}</td><td>{r.runs:,}</td>"
            f"<td>{'unknown' if r.shots is None else f'{r.shots:,}'}</td></tr>"
            for r in self.readouts
        )
        notes = "".join(f"<li>{html.escape(remark)}</li>" for remark in self.remarks)
        head = "<tr><th>readout</th><th>one execution</th><th>runs</th><th>shots</th></tr>"
        return f"<table>{head}{rows}</table><ul>{notes}</ul>"


def counts_of_program(program: Program, *, tapes: Mapping[str, Tape] | None = None) -> tuple[ReadoutCounts, ...]:
    """Return the counts of every readout of a program, with its sizes put in.

    Args:
        tapes: Logical circuits by readout; where there is one it is counted instead of the block's formulas.

    Raises:
        InputError: The value of a readout was computed classically when compiling.
    """
    from estimates.block_counts import counts_of_formulas
    from estimates.tape_counts import counts_of_tape

    out = []
    sizes = dict(program.sizes)
    for readout in program.readouts:
        if readout.precomputed:
            raise InputError(
                f"cannot be priced: {readout.precomputed}",
                where=f"readout {readout.name}",
                hint="price the circuit that estimates it: simplify without eigenbasis-of-powers",
            )
        if tapes and readout.name in tapes:
            counts, quality = counts_of_tape(tapes[readout.name]), Quality.EXACT
            if not counts.measurements:
                counts = counts + LogicalCounts(n_qubits=counts.n_qubits, measurements=len(readout.measured))
        else:
            formulas = readout.counts()
            counts = counts_of_formulas(formulas, readout.block)
            counts = counts.evaluate(**{k: v for k, v in sizes.items() if k in counts.symbols})
            quality = Quality.EXACT if formulas.is_exact else Quality.BOUND
        runs = sympy_number(readout.runs, sizes)
        out.append(
            ReadoutCounts(
                name=readout.name,
                counts=counts,
                runs=runs,
                shots=readout.shots,
                quality=quality,
                overlap_qubits=_overlap_qubits(readout),
            )
        )
    return tuple(out)


def _overlap_qubits(readout: Readout) -> int | None:
    """Return the width of the states compared by a readout of an overlap; one ancilla in Hadamard and swap tests."""
    from qcompile.ir.overlap import BellMeasurement, ComputeUncompute, HadamardTest, SwapTest

    if isinstance(readout.block, ComputeUncompute | HadamardTest | SwapTest | BellMeasurement):
        return readout.block.unitary.width
    # A rewritten overlap is a plain circuit whose all-zero outcome is the squared modulus.
    return len(readout.measured) if readout.post == "all_zero" else None


def estimate_program(
    program: Program | Iterable[ReadoutCounts],
    *,
    tapes: Mapping[str, Tape] | None = None,
    n_machines: int = 1,
    scope: str = "per_shot",
    hardware: str | FtHardware = "gate_ns_e3",
    model: str = "best",
    error_budget: float | ErrorBudget = 1e-3,
    formula: str = "mixed_fallback",
    objective: str = "volume",
    **options: Any,
) -> ProgramEstimate:
    """Return the bill of a program, or of readouts counted elsewhere.

    Args:
        scope: "per_shot": each execution may spend the error budget. "forward_pass": all executions of a pass share it,
            which needs runs and shots of every readout.

    Raises:
        InputError: A size is not bound, or the scope needs shots that are not given.
    """
    name, n_overlaps = "", None
    readouts: tuple[ReadoutCounts, ...]
    if hasattr(program, "readouts"):
        known: Any = program
        name = str(known.name)
        value = sympy_number(known.n_overlaps, dict(known.sizes))
        n_overlaps = value if isinstance(value, int) and value else None
        readouts = counts_of_program(known, tapes=tapes)
    else:
        readouts = tuple(program)
    if scope == "forward_pass":
        error_budget = _shared(error_budget, readouts)
    elif scope != "per_shot":
        raise InputError(f"is {scope!r}", where="scope", hint="use per_shot or forward_pass")
    found: list[ReadoutEstimate] = []
    for r in readouts:
        if not isinstance(r.runs, int):
            raise InputError(f"is {r.runs}", where=f"readout {r.name}: runs", hint="bind its sizes first")
        bill = estimate_counts(
            r.counts,
            hardware=hardware,
            model=model,
            error_budget=error_budget,
            formula=formula,
            objective=objective,
            counts_quality=r.quality,
            **options,
        )
        found.append(
            ReadoutEstimate(name=r.name, estimate=bill, runs=r.runs, shots=r.shots, overlap_qubits=r.overlap_qubits)
        )
    return ProgramEstimate(name=name, readouts=tuple(found), n_overlaps=n_overlaps, n_machines=n_machines)


def _shared(error_budget: float | ErrorBudget, readouts: tuple[ReadoutCounts, ...]) -> float | ErrorBudget:
    """Return the part of one execution when all of a forward pass share a budget evenly."""
    total = 0
    for r in readouts:
        if r.shots is None:
            raise InputError("has no shots", where=f"readout {r.name}", hint="give shots, or use scope per_shot")
        total += int(r.runs) * r.shots
    if isinstance(error_budget, ErrorBudget):
        return ErrorBudget(
            rotations=error_budget.rotations / total,
            distillation=error_budget.distillation / total,
            logical=error_budget.logical / total,
        )
    return error_budget / total
