"""Written results judged and verified again, from the files alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcompile.api.document import certificate_json
from qcompile.api.folder import read_result
from qcompile.errors import InputError
from qcompile.tape import Tape
from qcompile.tape.cirq_in import from_cirq
from qcompile.target import Target
from qcompile.target.views import cirq_qubits

if TYPE_CHECKING:
    from qcompile.api.front import Progress
    from qcompile.spec import ModelSpec
    from qcompile.verify import Certificate

__all__ = ["certify_again", "judge_again", "read_circuit"]

Json = dict[str, Any]


def read_circuit(folder: Path, row: Json, target: Target) -> Tape:
    """Return a compiled circuit as it was written, on the machine's qubits.

    Raises:
        InputError: The file is missing or damaged.
    """
    import cirq

    path = folder / row["files"]["cirq"]
    try:
        circuit = cirq.read_json(path)
    except FileNotFoundError:
        raise InputError("is missing", where=str(path), hint="compile again") from None
    except Exception as error:  # a damaged file can fail in any part of the JSON reader
        raise InputError(f"cannot be read ({type(error).__name__}: {error})", where=str(path)) from None
    try:
        return from_cirq(circuit, qubit_order=cirq_qubits(target))
    except ValueError as error:
        raise InputError(f"does not fit {target.name} ({error})", where=str(path), hint="compile again") from None


def load_target(result: Json) -> Target:
    """Return the machine of a result, and refuse one whose data have changed since.

    Raises:
        InputError: The machine is gone or has other data now.
    """
    target = Target.load(result["target"]["name"])
    if target.content_hash != result["target"]["content_hash"]:
        raise InputError(
            "has other data than at the time of the compile",
            where=f"machine {target.name}",
            hint="compile again with this version",
        )
    return target


def _spec(folder: Path) -> ModelSpec:
    from qcompile.spec import load_model

    return load_model(folder / "model.json")


def judge_again(folder: Path) -> Json:
    """Return the verdict on the written circuits: scheduled again, limits compared again.

    Raises:
        InputError: The folder is no result, or is damaged.
    """
    from qcompile.api.verdict import verdict_json, verdict_of_tapes

    result = read_result(folder)
    target = load_target(result)
    spec = _spec(folder) if result["kind"] == "model" else None
    tapes = {row["name"]: read_circuit(folder, row, target) for row in result["circuits"]}
    distances = {row["name"]: row["certificate"]["distance"] for row in result["circuits"]}
    verdict = verdict_of_tapes(tapes, target, spec=spec, distances=distances, physical_qubits=_largest(result))
    return verdict_json(verdict)


def _largest(result: Json) -> int | None:
    sizes = [c["physical_qubits"] for c in result["estimate"]["circuits"]]
    return None if None in sizes or not sizes else max(sizes)


def certify_again(folder: Path, *, progress: Progress | None = None) -> Json:
    """Return certificates of the written circuits: against the theory for a model, against the source for a circuit.

    Raises:
        InputError: The folder is no result, or is damaged.
    """
    result = read_result(folder)
    target = load_target(result)
    check = _against_theory if result["kind"] == "model" else _against_source
    rows = []
    for k, row in enumerate(result["circuits"]):
        if progress:
            progress(row["name"], k, len(result["circuits"]))
        certificate = check(folder, result, row, read_circuit(folder, row, target))
        rows.append({"name": row["name"], "certificate": certificate_json(certificate)})
        if progress:
            progress(row["name"], k + 1, len(result["circuits"]))
    return {"circuits": rows, "verified": all(r["certificate"]["ok"] for r in rows)}


def _against_theory(folder: Path, result: Json, row: Json, tape: Tape) -> Certificate:
    from qcompile.api.simplified import simplify
    from qcompile.spec import lower_spec
    from qcompile.verify import certify_readout

    program = lower_spec(_spec(folder))
    simplified, _ = simplify(
        program,
        target=load_target(result),
        without=result["options"].get("no_simplify", ()),
        objective=result["options"]["objective"],
        options={k: v for k, v in result["options"].items() if k not in ("no_simplify", "objective")},
        seed=result["seed"],
    )
    made = simplified[row["name"]]
    return certify_readout(program[row["name"]], tape, made=made, seed=result["seed"])


def _against_source(folder: Path, result: Json, row: Json, tape: Tape) -> Certificate:
    import cirq

    from qcompile.ir import Contract
    from qcompile.tape.cirq_out import to_cirq
    from qcompile.tape.files import load_circuit
    from qcompile.verify import Subject, certify

    source = load_circuit(folder / "source.qasm")
    line = cirq.LineQubit.range(source.n_qubits)
    # By way of Cirq, as the compiled circuit went: bits of one register that are measured apart have keys of their own.
    logical = from_cirq(to_cirq(source, qubits=line), qubit_order=line)
    kind, _, promise = row["contract"].partition(",")
    zero = tuple(range(logical.n_qubits)) if "start in 0" in promise else ()
    subject = Subject(
        logical=logical,
        physical=tape,
        initial_layout=row["initial_layout"],
        final_layout=row["final_layout"],
        contract=Contract(kind, zero),
    )
    return certify(subject, seed=result["seed"])
