"""Within limits? The spec's limits line by line, then the paper's requirement for information."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qcompile.api.compiled import Compiled, CompiledProgram
from qcompile.api.figures import figures_of
from qcompile.budget import Found, Line, Verdict
from qcompile.budget import check as check_limits
from qcompile.errors import InputError
from qcompile.schedule import Schedule, schedule
from qcompile.tape import Tape
from qcompile.target import Target
from qcompile.units import format_seconds

if TYPE_CHECKING:
    from qcompile.spec import ModelSpec

__all__ = ["circuit_figures", "verdict_json", "verdict_of", "verdict_of_tapes"]

Json = dict[str, Any]
_FROM_CIRCUIT = {
    "esp": "esp",
    "exposure_t1": "exposure_t1",
    "exposure_t2": "exposure_t2",
    "makespan_s": "makespan_s",
    "depth": "depth",
    "two_qubit_gates": "two_qubit_gates",
    "qubits": "active_qubits",
}


def circuit_figures(one: Compiled) -> Json:
    """Return the figures of a compiled circuit."""
    return figures_of(one.tape, one.schedule, one.target)


def verdict_of(built: Any, *, certificates: Any = None, physical_qubits: int | None = None) -> Verdict:
    """Return the verdict on what `compile` returned.

    Args:
        built: A compiled circuit or program.
        certificates: From `certify`; made when the spec limits the distance and none are given.
        physical_qubits: Of the error-corrected bill, for a limit on it.

    Raises:
        InputError: `built` is something else.
    """
    if isinstance(built, Compiled):
        circuits, spec = {built.name: built}, None
        found = (
            {built.name: certificates}
            if certificates is not None and not isinstance(certificates, dict)
            else certificates
        )
    elif isinstance(built, CompiledProgram):
        circuits, spec, found = dict(built), built.spec, certificates
        if found is None and spec is not None and "distance" in spec.limits:
            from qcompile.api.results import certify

            found = certify(built)
    else:
        raise InputError(f"is a {type(built).__name__}", where="check", hint="give what qc.compile returned")
    distances = {name: c.distance for name, c in (found or {}).items()}
    return _judge(
        {name: (one.tape, one.schedule) for name, one in circuits.items()},
        next(iter(circuits.values())).target if circuits else built.target,
        spec,
        distances,
        physical_qubits,
        runtime_s=_runtime(built) if isinstance(built, CompiledProgram) else None,
    )


def verdict_of_tapes(
    tapes: Mapping[str, Tape],
    target: Target,
    *,
    spec: ModelSpec | None,
    distances: Mapping[str, float | None],
    physical_qubits: int | None = None,
) -> Verdict:
    """Return the verdict on native tapes, scheduled here."""
    plans = {name: (tape, schedule(tape, target)) for name, tape in tapes.items()}
    return _judge(plans, target, spec, distances, physical_qubits, runtime_s=None)


def _runtime(built: CompiledProgram) -> float | None:
    """Return seconds of a forward pass on one machine: runs x shots x (makespan), None while shots are unknown."""
    total = 0.0
    for name, one in built.items():
        executions, makespan = built.program.executions(name), one.schedule.makespan_s
        if not isinstance(executions, int) or makespan is None:
            return None
        total += executions * makespan
    return total


def _judge(
    plans: Mapping[str, tuple[Tape, Schedule]],
    target: Target,
    spec: ModelSpec | None,
    distances: Mapping[str, float | None],
    physical_qubits: int | None,
    *,
    runtime_s: float | None,
) -> Verdict:
    limits = {name: str(limit) for name, limit in spec.limits.items()} if spec is not None else {}
    results: dict[str, dict[str, Found | float | None]] = {}
    for name, (tape, plan) in plans.items():
        figures = figures_of(tape, plan, target)
        row: dict[str, Found | float | None] = {limit: figures[key] for limit, key in _FROM_CIRCUIT.items()}
        if figures["esp"] is None:
            missing = ", ".join(figures["esp_missing"])
            row["esp"] = Found(at_most=figures["esp_at_most"], note=f"not known: {missing}")
        row["distance"] = distances.get(name)
        results[name] = row
    whole: dict[str, Found | float | None] = {}
    if "physical_qubits" in limits:
        whole["physical_qubits"] = physical_qubits
    if "runtime_s" in limits:
        whole["runtime_s"] = runtime_s
    if whole:
        results["forward pass"] = whole
    return check_limits(results, limits, criteria=_requirement(target, spec), machine=target.name)


def _requirement(target: Target, spec: ModelSpec | None) -> tuple[Any, ...]:
    if target.profile_id is None:
        return ()
    from hardware_profiles import load_profile
    from hardware_profiles.requirement import check

    reading = spec.conventions.fidelity_reading if spec is not None else "two_qubit"
    profile = load_profile(target.profile_id)
    if reading == "one_qubit":
        return check(profile, "paper-minimum", fidelity_reading="single_qubit")
    return check(profile, "paper-minimum", fidelity_reading="two_qubit")


def verdict_json(verdict: Verdict) -> Json:
    """Return a verdict as plain JSON values: limits, the requirement, and whether every limit holds."""
    return {
        "ok": verdict.ok,
        "status": verdict.status.value,
        "limits": [_line_json(line) for line in verdict.lines if line.binding],
        "requirement": [_line_json(line) for line in verdict.lines if not line.binding],
    }


def _line_json(line: Line) -> Json:
    found = line.found
    shown = "unknown" if found is None else found if isinstance(found, str) else f"{found:.4g}"
    if line.name in ("t2", "makespan_s", "runtime_s", "control_latency") and isinstance(found, float):
        shown = format_seconds(found)
    name = f"{line.subject}: {line.name}" if line.binding else line.name
    return {
        "name": name,
        "subject": line.subject,
        "quantity": line.name,
        "limit": line.limit,
        "found": shown,
        "value": found if isinstance(found, int | float) else None,
        "status": line.status.value,
        "note": line.note,
    }
