"""Legality, swaps and metrics, counted again by other code than the compiler's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from qcompile.api.compiled import Compiled
from qcompile.tape import LayoutWitness, Op, Tape
from qcompile.tape.simulate import row_matrix
from qcompile.target import Target

__all__ = ["illegal_rows", "log10_esp", "metrics_again", "n_swaps_again"]

_PULSES = {
    "phxz": {"phxz", "rz", "p"},
    "zsx": {"sx", "x", "rz", "p"},
    "gpi": {"gpi", "gpi2", "rz", "p"},
}
_GATE = {"cz": "cz", "ecr": "ecr", "cx": "cx", "sqrtiswap": "sqiswap", "syc": "syc", "iswap": "iswap"} | {
    "rzz": "rzz",
    "rxx": "rxx",
}


def _name(tape: Tape, row: int) -> str:
    return Op(int(tape.opcode[row])).name.lower()


def illegal_rows(tape: Tape, target: Target) -> list[str]:
    """Return what a machine cannot play: gate, coupling, direction, angle or dead qubit."""
    gates = {_GATE[g.name]: g for g in target.natives}
    out = []
    for row in range(len(tape)):
        name, qubits = _name(tape, row), tape.qubits_of(row)
        if name != "barrier" and not all(target.enabled[q] for q in qubits):
            out.append(f"{name} {qubits}: dead qubit")
        if name in ("measure", "reset", "barrier", "opaque"):
            continue
        if len(qubits) == 1:
            if name not in _PULSES[target.one_qubit]:
                out.append(f"{name}: no pulse of {target.one_qubit}")
            continue
        if name not in gates or len(qubits) != 2:
            out.append(f"{name}: not native")
            continue
        edge = next((k for k, e in enumerate(target.edges.tolist()) if sorted(qubits) == e), -1)
        gate = gates[name]
        if edge < 0 or not gate.available[edge]:
            out.append(f"{name} {qubits}: not coupled")
        elif name in ("ecr", "cx") and gate.direction[edge] and (qubits[0] < qubits[1]) != (gate.direction[edge] > 0):
            out.append(f"{name} {qubits}: wrong way round")
    return out


def n_swaps_again(built: Compiled) -> int:
    """Return the swaps that the witnesses of layouts insert."""
    total = 0
    for step in built.steps:
        if isinstance(step.witness, LayoutWitness):
            total += sum(1 for old, _ in step.witness.events.tolist() if old < 0)
    return total


def metrics_again(tape: Tape) -> dict[str, Any]:
    """Return n2, d2, depth and pulses by walking over rows with a matrix for each qubit."""
    n = tape.n_qubits
    run: list[Any] = [np.eye(2, dtype=complex) for _ in range(n)]
    any_run = [False] * n
    depth, d2 = [0] * n, [0] * n
    n2 = pulses = 0

    def close(q: int) -> None:
        nonlocal pulses
        if any_run[q] and max(abs(run[q][0, 1]), abs(run[q][1, 0])) > 1e-9:
            pulses += 1
            depth[q] += 1
        run[q], any_run[q] = np.eye(2, dtype=complex), False

    for row in range(len(tape)):
        qubits, name = tape.qubits_of(row), _name(tape, row)
        if name == "barrier":
            continue
        if name in ("measure", "reset", "opaque"):
            for q in qubits:
                close(q)
        elif len(qubits) == 1:
            run[qubits[0]] = row_matrix(tape, row) @ run[qubits[0]]
            any_run[qubits[0]] = True
        else:
            n2 += 1
            for q in qubits:
                close(q)
            for layers in (depth, d2):
                layers[qubits[0]] = layers[qubits[1]] = 1 + max(layers[qubits[0]], layers[qubits[1]])
    for q in range(n):
        close(q)
    return {"n2": n2, "d2": max(d2, default=0), "depth": max(depth, default=0), "pulses": pulses}


def log10_esp(tape: Tape, *, f1: float, f2: float, t1q_s: float, t2q_s: float, T_s: float) -> float:
    """Return log10 of f1^pulses f2^n2 exp(-idle / T), ASAP, idle from a qubit's first gate to the end."""
    n = tape.n_qubits
    run: list[Any] = [np.eye(2, dtype=complex) for _ in range(n)]
    clock, first, busy = [0.0] * n, [math.nan] * n, [0.0] * n
    pulses = n2 = 0

    def close(q: int) -> None:
        nonlocal pulses
        if max(abs(run[q][0, 1]), abs(run[q][1, 0])) > 1e-9:
            pulses += 1
            first[q] = clock[q] if math.isnan(first[q]) else first[q]
            clock[q] += t1q_s
            busy[q] += t1q_s
        run[q] = np.eye(2, dtype=complex)

    for row in range(len(tape)):
        qubits = tape.qubits_of(row)
        if _name(tape, row) == "barrier":
            continue
        if len(qubits) == 1 and _name(tape, row) not in ("measure", "reset", "opaque"):
            run[qubits[0]] = row_matrix(tape, row) @ run[qubits[0]]
            continue
        for q in qubits:
            close(q)
        if _name(tape, row) in ("measure", "reset", "opaque"):
            continue
        n2 += 1
        start = max(clock[q] for q in qubits)
        for q in qubits:
            first[q] = start if math.isnan(first[q]) else first[q]
            clock[q] = start + t2q_s
            busy[q] += t2q_s
    for q in range(n):
        close(q)
    end = max(clock, default=0.0)
    idle = sum(end - first[q] - busy[q] for q in range(n) if not math.isnan(first[q]))
    return pulses * math.log10(f1) + n2 * math.log10(f2) - idle / T_s / math.log(10)
