"""OpenQASM 2 and a broad subset of OpenQASM 3 as tapes.

Plain gate lines go a short way through one regular expression; everything else is parsed token by token. What the gate
names mean, global phase included, is said in `qasm_gates`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcompile.errors import InputError
from qcompile.tape.builder import TapeBuilder
from qcompile.tape.expr import Expr
from qcompile.tape.qasm_calls import Calls
from qcompile.tape.qasm_flow import Flow
from qcompile.tape.qasm_gates import library_names, natives
from qcompile.tape.qasm_scan import Scanner
from qcompile.tape.tape import Tape

__all__ = ["read_qasm"]

# name (angles without brackets) operands ;
_PLAIN_LINE = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:\(([^(){};]*)\))?\s*([\w\[\], \t]+);")
_VERSION = re.compile(r"\s*OPENQASM\s+([0-9]+(?:\.[0-9]+)?)\s*;")
# Written by write_qasm for version 2.0, which has no statement for it.
_PHASE_NOTE = re.compile(r"^// global phase: (\S+) rad$", re.MULTILINE)
_UNSUPPORTED = {"def", "while", "switch", "extern", "cal", "defcal", "defcalgrammar", "return", "break", "continue"} | {
    "end",
    "array",
    "duration",
    "stretch",
    "complex",
}
_TYPES = ("int", "uint", "float", "angle", "bool")
# The first word of a statement, and the method that reads it.
_READERS = {
    "include": "include",
    "qreg": "qreg",
    "creg": "creg",
    "qubit": "qubit",
    "bit": "bit",
    "gate": "definition",
    "opaque": "opaque",
    "barrier": "barrier",
    "measure": "measure",
    "reset": "reset",
    "if": "conditional",
    "for": "loop",
    "const": "constant",
    "input": "input",
    "output": "output",
    "let": "alias",
    "delay": "delay",
    "box": "box",
    **dict.fromkeys(_TYPES, "constant"),
}
_IN_VERSION_2 = {"include", "qreg", "creg", "gate", "opaque", "barrier", "measure", "reset", "if"}
_IN_GATE = {"barrier", "for", "const", "if", *_TYPES}


def read_qasm(text: str, *, where: str = "circuit.qasm") -> Tape:
    """Return an OpenQASM program as a tape.

    OpenQASM 2: all of it, `qelib1.inc` known. OpenQASM 3: `stdgates.inc`, registers and aliases, `input` angles as
    parameters, constants, gate definitions, `ctrl`, `negctrl`, `inv`, `pow`, `gphase`, `for` over ranges (unrolled),
    `if` and `else` on measured bits, `barrier`, `reset`, `delay`.

    Args:
        text: The program.
        where: Name used by errors.

    Returns:
        A tape whose qubits are the declared ones in order, unused ones counted. A register of bits is a measurement
        key; its bit 0 is the least significant in conditions, as the language says.

    Raises:
        InputError: Anything else; names line and column.
    """
    reader = _Reader(Scanner(text, where))
    reader.header()
    try:
        reader.statements()
    except RecursionError:
        raise reader.scan.error("is nested too deeply", hint="flatten it") from None
    if reader.version == 2:
        for note in _PHASE_NOTE.findall(text):
            try:
                reader.b.phase = reader.b.phase + float(note)
            except ValueError:
                raise InputError(f"has the global phase {note!r}", where=where, hint="use a number") from None
    return reader.tape()


class _Reader(Flow, Calls):
    """The state of one reading; `Calls` reads gates and measurements, `Flow` reads conditions, loops and constants."""

    def header(self) -> None:
        """Read the version and take the built-in gates."""
        match = _VERSION.match(self.scan.text)
        if match:
            self.scan.at = match.end()
            if match[1].split(".")[0] not in ("2", "3"):
                raise self.scan.error(f"is OpenQASM {match[1]}", at=match.start(1), hint="use version 2.0 or 3.0")
            self.version = int(match[1][0])
        else:
            self.version = 2 if re.search(r"\bqreg\b", self.scan.text) else 3
        self.gates.update(natives(self.version, library=False))

    def child(self, names: Sequence[str], params: Sequence[str]) -> _Reader:
        """Return a reader of a gate's body."""
        inner = _Reader(self.scan, TapeBuilder(len(names)))
        inner.version, inner.gates, inner.library = self.version, self.gates, self.library
        inner.in_gate, inner.steps = True, self.steps
        inner.lookup = {name: k for k, name in enumerate(names)}
        inner.constants = {**self.constants, **{name: Expr.symbol(name) for name in params}}
        return inner

    def statements(self, end: str = "") -> None:
        """Read statements up to the end of the text or a closing brace, which is taken."""
        scan, match_line = self.scan, _PLAIN_LINE.match
        text = scan.text
        while True:
            match = match_line(text, scan.at)
            if match is not None and self.plain_call(*match.groups()):
                scan.at = match.end()
                continue
            token = scan.peek()
            if token == end:
                if end:
                    scan.take()
                return
            self.statement(token)

    def block(self) -> None:
        """Read one statement, or several in braces."""
        if self.scan.next_is("{"):
            self.statements("}")
        else:
            self.statement(self.scan.peek())

    def statement(self, token: str) -> None:
        """Read one statement that begins with `token`."""
        scan = self.scan
        if not token:
            raise scan.error("ends too early")
        if token == ";":
            scan.take()
            return
        if self.version == 3 and token in ("@", "#", "pragma"):  # annotations and pragmas fill their line
            scan.take()
            end = scan.text.find("\n", scan.at)
            scan.at = len(scan.text) if end < 0 else end
            return
        method = _READERS.get(token) if self.version == 3 or token in _IN_VERSION_2 else None
        if self.in_gate and token not in _IN_GATE:
            method = None
        start = scan.place()
        try:
            if method is None and self.is_assignment(token):
                self.assignment()
                return
            if token != "measure":
                self.flush()
            if method is not None:
                getattr(self, method)()
            elif self.version == 3 and token in _UNSUPPORTED:
                raise scan.error(f"has a {token!r} statement", hint="it is not supported: write the gates out")
            else:
                self.call()
        except InputError as error:
            if error.where.startswith((scan.where, "standard library")):
                raise
            raise InputError(f"{error.where} {error.what}".strip(), where=start, hint=error.hint) from None

    def include(self) -> None:
        scan = self.scan
        scan.take("include")
        at = scan.next_at()
        name = scan.take().strip('"').rsplit("/", 1)[-1]
        scan.take(";")
        if name not in ("qelib1.inc", "stdgates.inc"):
            raise scan.error(
                f"includes {name!r}", at=at, hint="only qelib1.inc and stdgates.inc are known: paste its gates in"
            )
        version = 2 if name == "qelib1.inc" else 3
        for gate, definition in natives(version, library=True).items():
            self.gates.setdefault(gate, definition)
        self.library |= library_names(version)

    def tape(self) -> Tape:
        """Return what was read."""
        self.flush()
        if not self.in_gate and not (len(self.registers) == 1 and "q" in self.registers):
            names = [f"{reg}[{k}]" for reg, at in self.registers.items() for k in range(len(at))]
            if len(names) == self.b.n_qubits and len(set(names)) == len(names):
                self.b.qubit_names = tuple(names)
        return self.b.build()
