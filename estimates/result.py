"""The answer: an estimate with its question, its assumptions and the worth of every figure."""

from __future__ import annotations

import hashlib
import html
import json
import math
from typing import Any

from attrs import frozen

from estimates.counts import LogicalCounts
from estimates.figures import Figure, Quality
from estimates.hardware import FtHardware
from estimates.models.design import Design
from estimates.rotations import rotation_formula
from qcompile.units import format_count, format_seconds

__all__ = ["Estimate", "content_id"]

SCHEMA = "estimate/1"


def content_id(question: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a question (sorted keys, no spaces, shortest floats)."""
    text = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


@frozen(kw_only=True)
class Estimate:
    """What one execution of a circuit costs on an error-corrected machine.

    Attributes:
        question: Everything the answer depends on, as canonical JSON text; `content_id` is its SHA-256.
        counts: Logical counts that went in.
        design: The design that the model found, or why there is none.
        frontier: Other designs worth having: less time for more qubits, fastest last (model "best" only).
    """

    question: str
    counts: LogicalCounts
    hardware: FtHardware
    design: Design
    counts_quality: Quality = Quality.EXACT
    frontier: tuple[Design, ...] = ()

    @property
    def content_id(self) -> str:
        """SHA-256 of the question."""
        return hashlib.sha256(self.question.encode()).hexdigest()

    @property
    def feasible(self) -> bool:
        """Whether a design meets the budget; `design.reason` says why not."""
        return self.design.feasible

    @property
    def physical_qubits(self) -> int | None:
        """Physical qubits, None where there is no design."""
        return self.design.physical_qubits

    @property
    def seconds(self) -> float | None:
        """Seconds per execution, None where there is no design."""
        return self.design.seconds

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the model takes for granted."""
        if not self.counts.rotations:
            return self.design.assumptions
        norm = rotation_formula(self.design.rotation_formula).norm
        note = f"the error of a rotation is bounded in {norm} norm, formula {self.design.rotation_formula}"
        return (*self.design.assumptions, note)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure with unit, quality and source."""
        d, sources = self.design, dict(self.design.sources)
        code, factory = sources.get("code", d.model), sources.get("factory", d.model)
        exact, model = Quality.EXACT, d.quality
        spent = d.spent.to_dict()
        rows: list[tuple[str, Any, str, Quality, str]] = [
            ("algorithm qubits", self.counts.n_qubits, "qubits", self.counts_quality, "logical counts"),
            ("T gates", self.counts.t, "gates", self.counts_quality, "logical counts"),
            ("CCZ states", self.counts.ccz, "states", self.counts_quality, "logical counts"),
            ("rotations", self.counts.rotations, "gates", self.counts_quality, "logical counts"),
            ("T per rotation", d.t_per_rotation, "gates", Quality.MODEL, sources.get("t_per_rotation", d.model)),
            (
                "T states",
                d.n_t,
                "states",
                Quality.MODEL if self.counts.rotations else exact,
                "counts and T per rotation",
            ),
            ("code distance", d.distance, "", model, code),
            ("data patches", d.n_patches, "patches", Quality.MODEL, sources.get("data_block", d.model)),
            ("data qubits", d.data_qubits, "qubits", model, "patches times qubits per patch"),
            ("factory", d.factory or None, "", Quality.MODEL, factory),
            ("factories", d.n_factories, "copies", Quality.MODEL, factory),
            ("factory qubits", d.factory_qubits, "qubits", Quality.MODEL, factory),
            ("physical qubits", d.physical_qubits, "qubits", model, f"model {d.model}"),
            ("time", d.seconds, "s", model, f"model {d.model}, limited by {d.limited_by}"),
            (
                "error of rotations",
                spent["rotations"],
                "",
                Quality.BOUND,
                "budget spent whole; T per rotation is rounded up",
            ),
            ("error of states", spent["distillation"], "", model, factory),
            ("error of data", spent["logical"], "", model, code),
            ("error", spent["total"], "", model, "sum of the parts"),
        ]
        return tuple(Figure(*row) for row in rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values; unknown is None."""
        d = self.design
        return {
            "schema": SCHEMA,
            "content_id": self.content_id,
            "question": json.loads(self.question),
            "feasible": d.feasible,
            "reason": d.reason,
            "model": d.model,
            "hardware": self.hardware.to_dict(),
            "counts": self.counts.to_dict(),
            "t_per_rotation": d.t_per_rotation,
            "n_t": d.n_t,
            "n_ccz": d.n_ccz,
            "code": d.code,
            "code_distance": d.distance,
            "data_block": d.data_block,
            "factory": d.factory,
            "n_factories": d.n_factories,
            "physical_qubits": d.physical_qubits,
            "data_qubits": d.data_qubits,
            "factory_qubits": d.factory_qubits,
            "cycles": d.cycles,
            "seconds": d.seconds,
            "limited_by": d.limited_by,
            "budget": d.budget.to_dict(),
            "spent": d.spent.to_dict(),
            "assumptions": list(self.assumptions),
            "figures": [figure.to_dict() for figure in self.figures],
            "frontier": [
                {
                    "physical_qubits": f.physical_qubits,
                    "seconds": f.seconds,
                    "factory": f.factory,
                    "copies": f.n_factories,
                }
                for f in self.frontier
            ],
        }

    def __str__(self) -> str:
        d = self.design
        if not d.feasible:
            return f"no design ({d.model}): {d.reason}"
        return (
            f"{format_count(d.physical_qubits)} physical qubits, {format_seconds(d.seconds)}, distance {d.distance}, "
            f"{d.n_factories} x {d.factory}, {format_count(d.n_t)} T ({d.model})"
        )

    def _repr_html_(self) -> str:
        head = f"<p>{html.escape(str(self))}</p>"
        rows = "".join(
            f"<tr><td>{html.escape(f.name)}</td><td>{html.escape(_shown(f))}</td><td>{f.quality.value}</td>"
            f"<td>{html.escape(f.source)}</td></tr>"
            for f in self.figures
        )
        notes = "".join(f"<li>{html.escape(a)}</li>" for a in self.assumptions)
        table = f"<table><tr><th>figure</th><th>value</th><th>quality</th><th>source</th></tr>{rows}</table>"
        return f"{head}{table}<ul>{notes}</ul>"


def _shown(figure: Figure) -> str:
    value = figure.value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "unknown"
    if figure.unit == "s":
        return format_seconds(float(value))
    if isinstance(value, str):
        return value
    return f"{value:.3g}" if isinstance(value, float) else format_count(value)
