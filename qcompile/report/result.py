"""The sections of a report on a compile, from `result.json` alone."""

from __future__ import annotations

from typing import Any

from qcompile.report.document import Section, Table, number, percent
from qcompile.units import format_count, format_seconds

__all__ = [
    "section_of_rewrites",
    "section_of_verification",
    "sections_of_estimate",
    "sections_of_result",
    "sections_of_verdict",
]

Json = dict[str, Any]


def sections_of_result(result: Json) -> list[Section]:
    """Return every section of a compile's result."""
    sections = [_overview(result), _circuits(result), section_of_verification(result["circuits"])]
    if result.get("closed_forms"):
        known = [(c["name"], c["value"], c["equation"], c["runs"], c["reason"]) for c in result["closed_forms"]]
        table = Table(("readout", "value", "equation", "runs", "reason"), known)
        sections.append(Section("Values known without a circuit", [table]))
    if result.get("rewrites"):
        sections.append(section_of_rewrites(result["rewrites"]))
    sections += sections_of_verdict(result["verdict"])
    if result.get("estimate"):
        sections += sections_of_estimate(result["estimate"])
    if result.get("conventions"):
        rows = [(key, choice) for key, choice in result["conventions"].items()]
        sections.append(Section("Conventions", [Table(("id", "choice"), rows)]))
    if result.get("notes"):
        sections.append(Section("Notes", remarks=result["notes"]))
    return sections


def _overview(result: Json) -> Section:
    target = result["target"]
    rows = [
        ("what", f"{result['kind']} {result['name']}"),
        ("machine", f"{target['name']}, {target['n_qubits']} qubits, native {', '.join(target['natives'])}"),
        ("granted", "; ".join(result["granted"]) or "nothing: any inputs, all outputs"),
        ("seed", str(result["seed"])),
        ("content id", result["content_id"]),
        ("versions", ", ".join(f"{k} {v}" for k, v in result["versions"].items())),
    ]
    overlaps = result.get("overlaps_per_forward_pass")
    if overlaps:
        rows.insert(1, ("overlaps per forward pass", f"{overlaps['formula']} = {number(overlaps['value'])}"))
    return Section("Compile", [Table(("", ""), rows)])


def _circuits(result: Json) -> Section:
    columns = ("circuit", "qubits", "2q gates", "2q depth", "depth", "swaps", "makespan", "of T1", "of T2", "esp")
    rows = []
    for c in result["circuits"]:
        rows.append(
            (
                c["name"],
                f"{c['qubits']} ({c['active_qubits']} used)",
                number(c["two_qubit_gates"]),
                number(c["two_qubit_depth"]),
                number(c["depth"]),
                number(c["swaps"]),
                format_seconds(c["makespan_s"]),
                percent(c["exposure_t1"]),
                percent(c["exposure_t2"]),
                number(c["esp"]),
            )
        )
    remarks = [f"{c['name']}: esp lacks {', '.join(c['esp_missing'])}" for c in result["circuits"] if c["esp_missing"]]
    short = [c["name"] for c in result["circuits"] if c.get("cut_short")]
    if short:
        remarks.append(f"search ended by the time limit, more time may give less: {', '.join(short)}")
    return Section("Circuits", [Table(columns, rows)], remarks)


def section_of_verification(circuits: list[Json]) -> Section:
    """Return distances, methods and outcomes, circuit by circuit."""
    rows, remarks = [], []
    for c in circuits:
        cert = c["certificate"]
        distance = "unknown" if cert["distance"] is None else f"{cert['distance']:.2e}"
        status = "verified" if cert["ok"] else "NOT VERIFIED"
        rows.append((c["name"], cert["contract"], distance, f"{cert['tolerance']:.0e}", cert["method"], status))
        remarks += [f"cannot see: {text}" for text in cert["blind_to"]]
    columns = ("circuit", "contract", "distance", "tolerance", "method", "outcome")
    return Section("Verification against the theory", [Table(columns, rows)], list(dict.fromkeys(remarks)))


def section_of_rewrites(rewrites: list[Json]) -> Section:
    """Return what each structural rule did and saved."""
    rows = []
    for r in rewrites:
        parts = [(k.replace("_", " "), v) for k, v in r["saved"].items() if v]
        saved = ", ".join(f"{number(v)} {k}" for k, v in parts if not _is_negative(v)) or "nothing counted"
        costs = ", ".join(f"{number(-v)} {k}" for k, v in parts if _is_negative(v))
        if not r["is_exact"] and saved != "nothing counted":
            saved = f"about {saved}"  # counts of state preparations are upper bounds until the data are synthesized
        rows.append((r["rule"], r["readout"], f"{saved}; costs {costs}" if costs else saved, r["contract"], r["why"]))
    return Section("Structural rewrites", [Table(("rule", "readout", "saved", "keeps", "why"), rows)])


def _is_negative(value: object) -> bool:
    return isinstance(value, int | float) and value < 0


def sections_of_verdict(verdict: Json) -> list[Section]:
    """Return the verdict line by line: limits, then the requirement as information."""
    out = []
    for title, key in (("Limits", "limits"), ("The paper's requirement, for information", "requirement")):
        lines = verdict.get(key) or []
        if not lines:
            continue
        rows = [(line["name"], line["limit"], line["found"], line["status"], line.get("note", "")) for line in lines]
        out.append(Section(title, [Table(("line", "limit", "found", "status", "note"), rows)]))
    if not out:
        out.append(Section("Limits", remarks=["none were given"]))
    return out


def sections_of_estimate(estimate: Json) -> list[Section]:
    """Return the error-corrected bill."""
    what, cost = (
        ("circuit", "algorithm qubits", "Toffoli", "T per rotation", "T"),
        ("distance", "physical qubits", "per shot"),
    )
    columns = (*what, *cost, "runs", "shots")
    rows = []
    for e in estimate["circuits"]:
        feasible = e["feasible"]
        rows.append(
            (
                e["name"],
                number(e["algorithm_qubits"]),
                number(e["toffoli_count"]),
                number(e["t_per_rotation"]),
                number(e["t_count"]),
                number(e["code_distance"]) if feasible else "none",
                format_count(e["physical_qubits"]) if feasible else e["reason"],
                format_seconds(e["seconds_per_shot"]) if feasible else "",
                number(e["runs"]),
                number(e["shots"]),
            )
        )
    remarks = list(estimate.get("remarks", []))
    sections = [Section("Error-corrected bill", [Table(columns, rows)], remarks)]
    if estimate.get("qualtran"):
        sections.append(_beside_qualtran(estimate["qualtran"]))
    if estimate.get("assumptions"):
        sections.append(Section("Assumptions of the bill", remarks=estimate["assumptions"]))
    return sections


def _beside_qualtran(terms: list[Json]) -> Section:
    """Return one row a circuit, `ours / Qualtran` where they differ, and each reason once."""
    figures = list(dict.fromkeys(t["figure"] for t in terms))
    rows: dict[str, dict[str, str]] = {}
    for t in terms:
        ours, theirs = number(t["ours"]), number(t["qualtran"])
        rows.setdefault(t["name"], {})[t["figure"]] = ours if ours == theirs else f"{ours} / {theirs}"
    table = Table(("circuit", *figures), [(name, *(row.get(f, "") for f in figures)) for name, row in rows.items()])
    remarks = dict.fromkeys(f"{t['figure']}: {t['note']}" for t in terms if t["note"])
    title = "The same design in Qualtran's own model (ours / Qualtran where they differ)"
    return Section(title, [table], list(remarks))
