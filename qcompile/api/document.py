"""A compile as plain JSON values and files: what is printed is what is written."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from qcompile.api.compiled import Compiled, CompiledProgram
from qcompile.api.folder import canonical_json, file_stem
from qcompile.api.front import as_tape, as_target
from qcompile.api.front import compile as compile_
from qcompile.api.results import certify
from qcompile.api.verdict import circuit_figures, verdict_json, verdict_of
from qcompile.target import Target
from qcompile.verify import Certificate
from qcompile.versions import versions

if TYPE_CHECKING:
    from qcompile.api.front import Progress
    from qcompile.ir.rules import Trace
    from qcompile.spec import ModelSpec
    from qcompile.tape import Tape

__all__ = ["certificate_json", "compile_to_result"]

Json = dict[str, Any]
FORMAT = "qcompile-result/1"


def compile_to_result(
    source: ModelSpec | Tape,
    *,
    name: str,
    target: str | Target,
    seed: int | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> tuple[Json, dict[str, str]]:
    """Compile, verify, judge and price.

    Args:
        source: A model spec or a logical circuit.
        name: Of the circuit, for files and reports; a model brings its own.
        target: The machine.
        seed: See `compile`.
        progress: Called with (what, done, total).
        options: See `compile`.

    Returns:
        The result as plain JSON values, and every file of it by path: circuits, schedules, `result.json`, `report.md`.
    """
    from qcompile.report import render_markdown, sections_of_result

    machine = as_target(target)
    built = compile_(source, target=machine, seed=seed, progress=progress, **options)
    if isinstance(built, CompiledProgram):
        circuits, kind, title = dict(built), "model", built.program.name
    else:
        circuits, kind, title = {name: built}, "circuit", name
    certificates = _certificates(built, name, progress)
    files: dict[str, str] = {}
    rows = []
    for key, one in circuits.items():
        rows.append(_circuit_json(key, one, built, certificates[key], files))
    bill = _bill(built, name, progress)
    sizes = [c["physical_qubits"] for c in bill["circuits"]]
    verdict = verdict_of(
        built, certificates=certificates, physical_qubits=None if None in sizes else max(sizes, default=None)
    )
    result: Json = {
        "format": FORMAT,
        "kind": kind,
        "name": title,
        "seed": built.seed if isinstance(built, CompiledProgram) else built.options.seed,
        "options": {k: v for k, v in sorted(options.items()) if v not in (None, ())}
        | {"objective": next((one.options.objective for one in circuits.values()), "two_qubit_gates")},
        "granted": list(dict.fromkeys(text for one in circuits.values() for text in _granted(one))),
        "versions": versions(),
        "target": _target_json(machine),
        "circuits": rows,
        "verified": all(c.ok for c in certificates.values()),
        "verdict": verdict_json(verdict),
        "estimate": bill,
        "content_id": _content_id(source, machine, built, options),
    }
    if isinstance(built, CompiledProgram):
        result |= _program_json(built)
        if built.spec is not None:
            files["model.json"] = canonical_json(built.spec.model_dump(mode="json", exclude_none=True, by_alias=True))
    else:
        files["source.qasm"] = _source_qasm(as_tape(source))
    result["files"] = sorted([*files, "report.md", "result.json"])
    files["report.md"] = render_markdown(f"{title} on {machine.name}", sections_of_result(result))
    files["result.json"] = canonical_json(result)
    return result, files


def _granted(one: Compiled) -> list[str]:
    """Return in words what the compile was allowed to rely on beyond the strict contract."""
    words = {
        "every qubit starts in 0": one.options.inputs == "zero",
        "only measured bits count": one.options.outputs == "measured" and one.contract.kind == "outcomes",
        "idle qubits start in 0, may help, and return to 0": one.options.ancillas,
        f"the circuit may differ by {one.options.max_error:g} in operator norm": one.options.max_error > 0,
    }
    return [text for text, granted in words.items() if granted]


def _certificates(built: Compiled | CompiledProgram, name: str, progress: Progress | None) -> dict[str, Certificate]:
    found = certify(built, progress=_named(progress, "verify"))
    return found if isinstance(found, dict) else {name: found}


def _named(progress: Progress | None, what: str) -> Progress | None:
    if progress is None:
        return None
    return lambda name, done, total: progress(f"{what} {name}", done, total)


def _bill(built: Compiled | CompiledProgram, name: str, progress: Progress | None) -> Json:
    from qcompile.api.bill import bill_of_program, bill_of_tape, estimate_options
    from qcompile.api.priced import priced

    if isinstance(built, CompiledProgram):
        spec = built.spec
        n_machines = spec.devices.count if spec is not None and spec.devices is not None else 1
        program, tapes = priced(built)
        return bill_of_program(
            program, tapes=tapes, options=estimate_options(spec), n_machines=n_machines, progress=progress
        )
    return bill_of_tape(built.source, name=name, options=estimate_options(None))


def _source_qasm(tape: Tape) -> str:
    from qcompile.tape.qasm_write import write_qasm

    return write_qasm(tape)


def _circuit_json(key: str, one: Compiled, built: Any, certificate: Certificate, files: dict[str, str]) -> Json:
    import cirq

    stem = file_stem(key)
    names = {"cirq": f"circuits/{stem}.json", "qasm": f"circuits/{stem}.qasm", "schedule": f"schedules/{stem}.json"}
    files[names["cirq"]] = cirq.to_json(one.circuit, indent=1) + "\n"
    files[names["qasm"]] = one.qasm
    files[names["schedule"]] = canonical_json(schedule_json(one))
    row: Json = {
        "name": key,
        "qubits": one.n_qubits,
        "swaps": one.n_swaps,
        "contract": str(one.contract),
        "initial_layout": one.initial_layout[: one.n_qubits].tolist(),
        "final_layout": one.final_layout[: one.n_qubits].tolist(),
        "certificate": certificate_json(certificate),
        "passes": [
            {"name": e.name, "rows": e.rows_after, "two_qubit": e.two_qubit_after, "depth": e.depth_after}
            for e in one.ledger
        ],
        "files": names,
        "cut_short": one.cut_short,
        **circuit_figures(one),
    }
    if one.readout is not None:
        runs = built.program.runs(key)
        row |= {
            "equation": one.readout.equation,
            "runs": int(runs) if isinstance(runs, int) else str(runs),
            "runs_formula": str(one.readout.runs),
            "shots": one.readout.shots,
            "note": "; ".join(filter(None, (one.readout.note, one.readout.precomputed))),
        }
    return row


def certificate_json(certificate: Certificate) -> Json:
    """Return a certificate as plain JSON values."""
    return {
        "contract": str(certificate.contract),
        "method": certificate.method,
        "distance": certificate.distance,
        "tolerance": certificate.tolerance,
        "ok": certificate.ok,
        "proof": certificate.proof,
        "active_qubits": certificate.n_active,
        "dropped_bound": certificate.dropped_bound,
        "witnesses_replayed": certificate.replay.n_steps,
        "witnesses_ok": certificate.replay.ok,
        "blind_to": list(certificate.cannot_see),
        "details": dict(certificate.details),
    }


def schedule_json(one: Compiled) -> Json:
    """Return a schedule as plain JSON values: start and length of each row in picoseconds, null where unknown."""
    plan = one.schedule
    lines = plan.tape.ops()
    rows = [
        {
            "operation": text,
            "start_ps": int(start) if start >= 0 else None,
            "duration_ps": int(length) if length >= 0 else None,
        }
        for text, start, length in zip(lines, plan.start_ps, plan.duration_ps, strict=True)
    ]
    return {"kind": plan.kind, "makespan_ps": plan.makespan_ps, "machine": one.target.name, "rows": rows}


def _target_json(target: Target) -> Json:
    return {
        "name": target.name,
        "profile": target.profile_id,
        "content_hash": target.content_hash,
        "n_qubits": int(np.count_nonzero(target.enabled)),
        "natives": [gate.name for gate in target.natives],
        "notes": list(target.notes),
    }


def rewrites_json(trace: Trace) -> list[Json]:
    """Return what each structural rule did, as plain JSON values."""
    return [
        {
            "rule": f"{s.id} {s.rule}",
            "readout": s.where,
            "contract": s.keeps.value,
            "saved": {k: int(v) if isinstance(v, int) else str(v) for k, v in s.saved().items()},
            "is_exact": bool(s.before.is_exact and s.after.is_exact),
            "why": s.note,
        }
        for s in trace.steps
    ]


def _program_json(built: CompiledProgram) -> Json:
    from qcompile.ir.diagnostics import remarks
    from qcompile.target.paths import path_cap

    program = built.program
    overlaps = program.n_overlaps_value
    return {
        "overlaps_per_forward_pass": {
            "formula": str(program.n_overlaps),
            "value": int(overlaps) if isinstance(overlaps, int) else str(overlaps),
        },
        "conventions": dict(program.conventions),
        "notes": [*program.notes, *map(str, remarks(program, longest_path=path_cap(built.target)))],
        "rewrites": rewrites_json(built.trace),
        "closed_forms": [
            {
                "name": c.name,
                "value": str(c.value),
                "reason": c.reason,
                "equation": c.equation,
                "runs": str(built.program.value_of(c.runs)),
            }
            for c in program.closed_forms
        ],
    }


def _content_id(source: Any, target: Target, built: Any, options: Json) -> str:
    """Return the SHA-256 of the question: what was compiled, for which machine, with which options and versions."""
    spec = getattr(built, "spec", None)
    what = (
        spec.model_dump(mode="json", by_alias=True)
        if spec is not None
        else {"tapes": {k: one.source.digest for k, one in built.items()}}
        if isinstance(built, CompiledProgram)
        else built.source.digest
    )
    question = {
        "what": what,
        "target": target.content_hash,
        "seed": built.seed if isinstance(built, CompiledProgram) else built.options.seed,
        "options": {k: str(v) for k, v in options.items()},
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()
