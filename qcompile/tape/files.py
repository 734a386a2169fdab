"""Circuit files, told apart by what is in them and not by how they are called."""

from __future__ import annotations

import json
import re
from os import PathLike
from pathlib import Path

from qcompile.errors import InputError, nearest
from qcompile.tape.qasm_read import read_qasm
from qcompile.tape.tape import Tape

__all__ = ["MAX_BYTES", "load_circuit"]

MAX_BYTES = 512 * 1024 * 1024
_QASM = re.compile(
    r"\s*(?:(?://[^\n]*|/\*.*?\*/)\s*)*(?:OPENQASM\b|include\b|qreg\b|qubit\b|gate\b|input\b)", re.DOTALL
)
_FORMS = "use OpenQASM 2 or 3, or the JSON of cirq.to_json"


def load_circuit(path: str | PathLike[str]) -> Tape:
    """Return the circuit in a file: OpenQASM 2 or 3, or Cirq's JSON.

    Raises:
        InputError: No such file, a directory, an empty, binary or too large file, or a circuit that cannot be read.
    """
    file = Path(path)
    text = _text(file)
    if text.lstrip()[:1] in ("{", "["):
        return _from_json(text, str(path))
    if _QASM.match(text):
        return read_qasm(text, where=str(path))
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")[:60]
    hint = _FORMS
    if re.match(r"[\w-]+\s*:", first):
        hint = "this looks like a YAML file; a circuit is OpenQASM 2 or 3, or the JSON of cirq.to_json"
    raise InputError(f"is no circuit: it begins with {first!r}", where=str(path), hint=hint)


def _text(file: Path) -> str:
    """Return the text of a file that is worth reading."""
    where = str(file)
    try:
        if file.is_dir():
            raise InputError("is a directory", where=where, hint="name a file in it")
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"has {size} bytes", where=where, hint=f"use a file of at most {MAX_BYTES} bytes")
        if not file.is_file():
            raise InputError("is no regular file", where=where, hint=_FORMS)
        data = file.read_bytes()
    except FileNotFoundError:
        there = file.parent.is_dir()
        beside = [p.name for p in file.parent.iterdir() if p.suffix == file.suffix and p.is_file()] if there else []
        hint = nearest(file.name, beside) if there else f"there is no directory {file.parent}"
        if there and not 0 < len(beside) <= 10 and not hint.startswith("did you mean"):
            hint = f"{file.parent} has {len(beside) or 'no'} {file.suffix or 'such'} files"
        raise InputError("does not exist", where=where, hint=hint) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}", where=where) from None
    if not data.strip():
        raise InputError("is empty", where=where, hint=_FORMS)
    if b"\0" in data[:4096]:
        raise InputError("is a binary file", where=where, hint=_FORMS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is no UTF-8 text: byte {error.start}", where=where, hint=_FORMS) from None


def _from_json(text: str, where: str) -> Tape:
    """Return a circuit that Cirq wrote."""
    try:
        kind = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"is broken JSON: {error.msg}", where=f"{where}: line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise InputError("is nested too deeply", where=where) from None
    found = kind.get("cirq_type") if isinstance(kind, dict) else None
    if found not in ("Circuit", "FrozenCircuit", "VAL", "_ContextualSerialization"):
        what = f"a {found}" if found else "JSON without a cirq_type"
        raise InputError(f"holds {what}, not a circuit", where=where, hint="write it with cirq.to_json(circuit)")
    import cirq

    if '"cirq.google.' in text:
        import cirq_google  # noqa: F401 - tells Cirq how to read its gates

    try:
        circuit = cirq.read_json(json_text=text)
    except InputError:
        raise
    except Exception as error:  # whatever a constructor of Cirq says about its arguments
        raise InputError(f"cannot be read by Cirq: {error}", where=where, hint="write it with cirq.to_json") from None
    if not isinstance(circuit, cirq.AbstractCircuit):
        raise InputError(f"holds a {type(circuit).__name__}, not a circuit", where=where)
    try:
        return Tape.from_cirq(circuit)
    except InputError as error:
        raise error.inside(where) from None
