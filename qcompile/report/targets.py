"""The list of machines and the sheet of one, without cirq."""

from __future__ import annotations

from typing import Any

import numpy as np

from qcompile.report.console import print_sections
from qcompile.report.document import Section, Table, number
from qcompile.units import format_seconds

__all__ = ["show_target", "show_targets", "target_summary", "targets_summary"]

Json = dict[str, Any]


def _median(values: Any) -> float | None:
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else None


def _row(target: Any, profile: Any) -> Json:
    natives = []
    for gate in target.natives:
        natives.append(
            {
                "name": gate.name,
                "n_edges": int(np.count_nonzero(gate.available)),
                "median_process_error": _median(gate.error),
                "median_duration_s": _median(gate.duration_s),
            }
        )
    return {
        "name": target.name,
        "kind": str(getattr(profile, "kind", "device")),
        "display_name": getattr(profile, "display_name", target.name),
        "n_qubits": int(target.enabled.sum()),
        "n_couplings": int(target.n_edges),
        "all_to_all": bool(target.all_to_all),
        "one_qubit": target.one_qubit,
        "natives": natives,
        "median_t1_s": _median(target.t1_s),
        "median_t2_s": _median(target.t2_s),
        "median_error_1q": _median(target.error_1q),
        "median_readout_error": _median((target.readout_p10 + target.readout_p01) / 2),
        "median_duration_readout_s": _median(target.duration_readout_s),
        "date": str(getattr(profile, "snapshot", "") or ""),
        "sources": list(target.sources),
        "notes": list(target.notes),
    }


def targets_summary() -> list[Json]:
    """Return one row a machine that circuits can be compiled for."""
    from hardware_profiles import list_profiles, load_profile
    from qcompile.target import Target

    rows = []
    for name in list_profiles():
        profile = load_profile(name)
        if str(profile.kind) in ("device", "model"):
            rows.append(_row(Target.from_profile(profile), profile))
    return rows


def target_summary(name: str) -> Json:
    """Return the sheet of one machine.

    Raises:
        InputError: There is no such machine.
    """
    from qcompile.target import Target

    target = Target.load(name)
    if target.profile_id is None:
        return _row(target, None)
    from hardware_profiles import load_profile

    return _row(target, load_profile(name))


def _natives(row: Json) -> str:
    return ", ".join(gate["name"] for gate in row["natives"])


def show_targets(rows: list[Json]) -> None:
    """Print the list."""
    columns = ("name", "qubits", "couplings", "native", "1q error", "2q error", "readout", "T1", "T2")
    cells = []
    for row in rows:
        errors = [g["median_process_error"] for g in row["natives"] if g["median_process_error"] is not None]
        cells.append(
            (
                row["name"],
                number(row["n_qubits"]),
                "all" if row["all_to_all"] else number(row["n_couplings"]),
                _natives(row),
                number(row["median_error_1q"]),
                number(min(errors) if errors else None),
                number(row["median_readout_error"]),
                format_seconds(row["median_t1_s"]),
                format_seconds(row["median_t2_s"]),
            )
        )
    remark = "errors are medians of process infidelity; `qcompile targets NAME` shows one machine with its sources"
    print_sections([Section("Machines", [Table(columns, cells)], [remark])])


def show_target(row: Json) -> None:
    """Print one sheet."""
    cells = [
        ("what", row["display_name"]),
        ("calibration", row["date"] or "none"),
        ("qubits", number(row["n_qubits"])),
        ("couplings", "all pairs" if row["all_to_all"] else number(row["n_couplings"])),
        ("one-qubit gates", row["one_qubit"]),
        ("T1, T2", f"{format_seconds(row['median_t1_s'])}, {format_seconds(row['median_t2_s'])} (medians)"),
        ("one-qubit process error", number(row["median_error_1q"])),
        (
            "readout error",
            f"{number(row['median_readout_error'])} in {format_seconds(row['median_duration_readout_s'])}",
        ),
    ]
    for gate in row["natives"]:
        text = f"process error {number(gate['median_process_error'])}, {format_seconds(gate['median_duration_s'])}"
        cells.append((f"native {gate['name']}", f"{text}, on {gate['n_edges']} couplings"))
    remarks = [f"source: {s}" for s in row["sources"]] + row["notes"]
    print_sections([Section(row["name"], [Table(("", ""), cells)], remarks)])
