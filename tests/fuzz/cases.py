"""One fuzz case: a circuit, a machine, options; and everything that must hold of what the compiler makes of them."""

from __future__ import annotations

from typing import Any

import cirq
import numpy as np
from attrs import frozen

import qcompile as qc
from qcompile.api.compiled import Compiled
from qcompile.api.legality import diagnose
from qcompile.errors import InputError
from qcompile.passes.wires import NO_TOUCH
from qcompile.tape import Op, Tape
from qcompile.tape.cirq_out import to_cirq
from qcompile.tape.qasm_read import read_qasm
from qcompile.target import Target
from qcompile.target.views import cirq_qubits
from tests.fuzz.circuits import random_circuit
from tests.fuzz.machines import random_machine
from tests.fuzz.oracle import TooManyHistories, distance, embedded, histories, records_of
from tests.fuzz.recount import illegal_rows, metrics_again, n_swaps_again

__all__ = ["Case", "case", "failures"]

TOLERANCE = 3e-8
#: How far apart the oracle may call two states a column, two columns, whose operators are at distance one.
_ERRORS = 4.0
_OBJECTIVES = ("two_qubit_gates", "two_qubit_gates", "depth", "makespan", "esp", "swaps")


@frozen(eq=False)
class Case:
    """What is compiled, for what, and how."""

    family: str
    tape: Tape
    target: Target
    options: dict[str, Any]

    def __str__(self) -> str:
        gates = "+".join(g.name for g in self.target.natives)
        edges = [tuple(int(v) for v in e) for e in self.target.edges]
        return f"{self.family} of {self.tape.n_qubits} on {self.target.n_qubits} {edges} {gates}, {self.options}"


def case(seed: int, number: int) -> Case:
    """Return case `number` of a stream; each is a function of the two numbers alone."""
    rng = np.random.default_rng([seed, number])
    n = int(rng.choice([1, 2, 3, 4, 5], p=[0.06, 0.14, 0.3, 0.3, 0.2]))
    family, tape = random_circuit(rng, n)
    target = random_machine(rng, n)
    options: dict[str, Any] = {
        "seed": int(rng.integers(100)),
        "effort": int(rng.choice([0, 1, 2, 3], p=[0.15, 0.6, 0.2, 0.05])),
        "objective": str(rng.choice(_OBJECTIVES)),
    }
    usable = np.flatnonzero(target.enabled)
    if rng.random() < 0.15:
        options["initial_layout"] = [int(q) for q in rng.permutation(usable)[:n]]
    elif rng.random() < 0.1:
        options["allowed_qubits"] = sorted(
            int(q) for q in rng.permutation(usable)[: int(rng.integers(n, len(usable) + 1))]
        )
    room = np.array(options.get("allowed_qubits", usable))
    if not (tape.inlined().opcode == Op.MEASURE).any() and rng.random() < 0.25:
        options["final_layout"] = "same" if rng.random() < 0.6 else [int(q) for q in rng.permutation(room)[:n]]
    if rng.random() < 0.35:
        options["inputs"] = "zero"
    if rng.random() < 0.3:
        options["outputs"] = "measured"
    if rng.random() < 0.3:
        options["ancillas"] = True
    if rng.random() < 0.1:
        options["max_error"] = float(10 ** rng.uniform(-4, -0.5))
    return Case(family, tape, target, options)


def may_be_refused(one: Case) -> bool:
    """Return whether there is a reason that may leave no room for the circuit: qubits in parts, protected gates."""
    if "allowed_qubits" in one.options or not one.target.is_connected:
        return True
    # A protected gate stays as it is, which not every machine can play.
    return any(NO_TOUCH in tags for tags in one.tape.inlined().tags)


def failures(one: Case, *, seed: int = 0) -> tuple[str, list[str]]:
    """Return `ok`, `refused` or `failed`, and what does not hold."""
    rng = np.random.default_rng(seed)
    try:
        built = qc.compile(one.tape, target=one.target, **one.options)
    except InputError as error:
        return ("refused", [str(error)]) if may_be_refused(one) else ("failed", [f"refused: {error}"])
    found = [f"illegal: {text}" for text in illegal_rows(built.tape, one.target)]
    found += [f"diagnose: {v.text}" for v in diagnose(built.tape, one.target)]
    certificate = qc.certify(built, tolerance=TOLERANCE)
    if not certificate.ok or certificate.replay.ok is False:
        found.append(f"certificate: {certificate} {certificate.replay}")
    if built.steps and not certificate.replay.covers:
        found.append(f"replay does not cover: {certificate.replay.message}")
    if n_swaps_again(built) != built.n_swaps:
        found.append(f"{built.n_swaps} swaps, witnesses hold {n_swaps_again(built)}")
    if built.error_bound > one.options.get("max_error", 0.0):
        found.append(f"differs by {built.error_bound:.3g}, more than was granted")
    found += _layouts(one, built)
    found += _kept_rows(one.tape.inlined(), built.tape)
    found += _meaning(one, built, rng)
    if rng.random() < 0.3:
        again = qc.compile(one.tape, target=one.target, **one.options)
        if again.tape.digest != built.tape.digest:
            found.append("the same seed gave another tape")
    return ("failed" if found else "ok"), found


def _layouts(one: Case, built: Compiled) -> list[str]:
    found, n = [], one.tape.n_qubits
    for name, wanted in (("initial", one.options.get("initial_layout")), ("final", one.options.get("final_layout"))):
        have = getattr(built, f"{name}_layout")[:n].tolist()
        wish = built.initial_layout[:n].tolist() if wanted == "same" else wanted
        if wish is not None and have != wish:
            found.append(f"{name} layout {have}, wanted {wish}")
    allowed = one.options.get("allowed_qubits")
    if allowed is not None:
        used = {q for row in range(len(built.tape)) for q in built.tape.qubits_of(row)}
        if not used <= set(allowed):
            found.append(f"used {sorted(used - set(allowed))}, not allowed")
    return found


def _kept_rows(old: Tape, new: Tape) -> list[str]:
    """Return whether protected rows were dropped."""
    protected = [
        sum(any(t == NO_TOUCH for t in tape.tags[k]) for k in tape.tag.tolist() if k >= 0) for tape in (old, new)
    ]
    return [] if protected[0] <= protected[1] else [f"{protected[0]} protected rows became {protected[1]}"]


def _meaning(one: Case, built: Compiled, rng: np.random.Generator) -> list[str]:
    """Compare source and result at a random point by Cirq's matrices, bound in both ways, and through OpenQASM."""
    names = one.tape.parameters
    values = {name: float(rng.uniform(-3, 3)) for name in names}
    numeric = built.tape.bind({k: v for k, v in values.items() if k in built.tape.parameters})
    tapes = {"tape": numeric}
    if names:
        tapes["bind"] = built.bind({k: v for k, v in values.items() if k in built.parameters}).tape
        found = [f"bound: illegal {text}" for text in illegal_rows(tapes["bind"], one.target)]
    else:
        found = []
        if rng.random() < 0.2 and not (numeric.opcode == Op.OPAQUE).any():
            tapes["qasm"] = read_qasm(built.qasm)
    counted = metrics_again(numeric)
    if not names and any(built.metrics[k] != v for k, v in counted.items()):
        found.append(f"metrics {built.metrics}, counted {counted}")
    source = to_cirq(one.tape.bind(values))
    for label, tape in tapes.items():
        try:
            gap = _gap(one, built, source, tape, rng, label)
        except TooManyHistories:
            continue
        if gap > TOLERANCE + _ERRORS * built.error_bound:
            found.append(f"{label} is {gap:.3g} away")
    return found


def _gap(one: Case, built: Compiled, source: cirq.Circuit, tape: Tape, rng: np.random.Generator, label: str) -> float:
    n, m = one.tape.n_qubits, built.tape.n_qubits
    if one.options.get("inputs") == "zero":
        start = np.eye(2**n, 1, dtype=np.complex128)
    elif one.tape.is_unitary and m <= 7:
        start = np.eye(2**n, dtype=np.complex128)
    else:
        start = rng.normal(size=(2**n, 2)) + 1j * rng.normal(size=(2**n, 2))
        start /= np.linalg.norm(start, axis=0)
    qubits = list(cirq_qubits(one.target))
    circuit = to_cirq(tape, qubits=qubits)
    wanted = histories(source, cirq.LineQubit.range(n), start)
    found = histories(circuit, qubits, embedded(start, built.initial_layout[:n].tolist(), m))
    if one.options.get("outputs") == "measured" and any(record for record, _ in wanted):
        p, q = records_of(wanted), records_of(found)
        zero = np.zeros(start.shape[1])
        return max(float(np.abs(p.get(r, zero) - q.get(r, zero)).max()) for r in {*p, *q})
    placed = [(record, embedded(state, built.final_layout[:n].tolist(), m)) for record, state in wanted]
    return distance(placed, found, phase=one.tape.is_unitary and label != "qasm")
