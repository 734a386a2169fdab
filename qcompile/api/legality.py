"""The last check of every compile: each row is a native gate, on a coupling, in a direction that works."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from qcompile.synthesis.two_qubit import NATIVE_OPS
from qcompile.tape import SPECS, Op, Tape
from qcompile.target import Target

__all__ = ["Violation", "diagnose"]

# Virtual Z rotations are native everywhere; a pulse has the form of the machine's one-qubit set.
_ONE_QUBIT = {
    "phxz": {Op.PHXZ, Op.RZ, Op.P},
    "zsx": {Op.SX, Op.X, Op.RZ, Op.P},
    "gpi": {Op.GPI, Op.GPI2, Op.RZ, Op.P},
}
_KEPT = {Op.MEASURE, Op.RESET, Op.BARRIER, Op.OPAQUE}


@frozen
class Violation:
    """One thing that a machine cannot do.

    Attributes:
        code: `gate`, `coupling`, `direction`, `angle` or `qubit`.
        row: Row of the tape.
        text: What it is, with qubits.
        hint: How to mend it.
    """

    code: str
    row: int
    text: str
    hint: str


def diagnose(tape: Tape, target: Target, *, most: int = 20) -> list[Violation]:
    """Return what in a physical tape the machine cannot do, at most `most` entries; empty when all is well."""
    found: list[Violation] = []

    def report(code: str, rows: np.ndarray, hint: str) -> None:
        for row in rows[: max(0, most - len(found))]:
            where = ", ".join(target.qubit_names[q] for q in tape.qubits_of(int(row)))
            name = SPECS[Op(int(tape.opcode[row]))].name
            found.append(Violation(code, int(row), f"{name} on {where}", hint))

    opcode = tape.opcode
    used = tape.qubits[tape.qubits >= 0]
    if len(used) and not target.enabled[used].all():
        dead = ~target.enabled[np.clip(tape.qubits, 0, None)] & (tape.qubits >= 0)
        report("qubit", np.flatnonzero(dead.any(axis=1) & (opcode != Op.BARRIER)), "this qubit is switched off")
    natives = {int(NATIVE_OPS[g.name]): g for g in target.natives if g.name in NATIVE_OPS}
    kind = np.zeros(256, dtype=np.int8)
    kind[[*_KEPT, *_ONE_QUBIT[target.one_qubit]]] = 1
    kind[list(natives)] = 2
    kinds = kind[opcode]
    report("gate", np.flatnonzero(kinds == 0), "translate it to the machine's native gates")
    if tape.holds(Op.OPAQUE):
        wide_opaque = (opcode == Op.OPAQUE) & (tape.arity > 1)
        report("gate", np.flatnonzero(wide_opaque), "an unknown gate on several qubits cannot be routed")
    rows = np.flatnonzero(kinds == 2)
    if len(rows):
        edge = _edge_rows(tape, target, rows)
        report("coupling", rows[edge < 0], "these qubits are not coupled")
        rows, edge = rows[edge >= 0], edge[edge >= 0]
        forward = tape.qubits[rows, 0] < tape.qubits[rows, 1]
        for code, gate in natives.items():
            mine = opcode[rows] == code
            at, e = rows[mine], edge[mine]
            report("coupling", at[~gate.available[e]], f"{gate.name} does not work on this coupling")
            if gate.name in ("ecr", "cx"):
                wrong = (gate.direction[e] > 0) & ~forward[mine] | (gate.direction[e] < 0) & forward[mine]
                report("direction", at[wrong], f"{gate.name} works only the other way round here")
            if gate.angle_range is not None:
                low, high = gate.angle_range
                angle = tape.angle[at, 0]
                bad = (tape.expr[at, 0] < 0) & ((angle < low - 1e-9) | (angle > high + 1e-9))
                report("angle", at[bad], f"use an angle from {low:.4g} to {high:.4g}")
    return sorted(found, key=lambda v: v.row)


def _edge_rows(tape: Tape, target: Target, rows: np.ndarray) -> np.ndarray:
    """Return the row of `target.edges` under each two-qubit row, -1 where there is none."""
    n = np.int64(target.n_qubits)
    pairs = tape.qubits[rows].astype(np.int64)
    wanted = pairs.min(axis=1) * n + pairs.max(axis=1)
    known = target.edges[:, 0] * n + target.edges[:, 1]  # ascending, as the edges are
    if not len(known):
        return np.full(len(rows), -1)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, at, -1)
