"""Tapes as OpenQASM 3 or 2: what is written reads back as the same circuit, global phase included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from qcompile.errors import InputError
from qcompile.kernels.euler import zyz_angles
from qcompile.tape.expr import Angle, Expr, infix
from qcompile.tape.opcodes import SPECS, Op
from qcompile.tape.qasm_gates import natives
from qcompile.tape.qasm_write_gates import DEFINITIONS, angle_text, definition_text, spelled
from qcompile.tape.records import Condition
from qcompile.tape.tape import Tape

__all__ = ["write_qasm"]

_VERSIONS = {"2": 2, "2.0": 2, "3": 3, "3.0": 3}
_KEYWORDS = frozenset(
    """OPENQASM include gate opaque qreg creg qubit bit measure reset barrier if else for in while def input output
    const let int uint float angle bool complex duration stretch array box delay ctrl negctrl inv pow gphase pi tau
    euler sin cos tan arcsin arccos arctan exp log sqrt abs mod U true false return end extern cal defcal switch case
    default break continue pragma dim sizeof readonly mutable creg void nop e q""".split()  # noqa: SIM905 - a word list
)
_TOO_WIDE = "synthesize the circuit first"


def write_qasm(tape: Tape, *, version: str = "3.0") -> str:
    """Return a tape as OpenQASM.

    Version 3.0 holds parameters as `input float[64]` and the global phase as `gphase`; version 2.0 notes the phase in
    a comment that `read_qasm` reads. Gates that the standard libraries lack are defined at the top. Names that the
    language does not allow are changed, which a comment tells.

    Args:
        tape: Its calls are unrolled; tags, origins and fences are not written.
        version: `3.0` or `2.0`.

    Raises:
        InputError: Matrices on several qubits, channels, or in version 2.0 parameters, delays and conditions that it
            cannot say.
    """
    if version not in _VERSIONS:
        raise InputError(f"is {version!r}", where="version", hint="use 3.0 or 2.0")
    return _Writer(tape.inlined(), _VERSIONS[version]).text()


class _Writer:
    def __init__(self, tape: Tape, version: int) -> None:
        self.tape, self.version = tape, version
        if version == 2 and tape.parameters:
            raise InputError(
                f"holds the parameter {tape.parameters[0]!r}", where="circuit", hint="bind it, or write version 3.0"
            )
        self.sizes: dict[str, int] = {}
        for row in np.flatnonzero(tape.opcode == Op.MEASURE):
            record = tape.measurements[tape.payload[row]]
            end = record.offset + int(tape.arity[row])
            self.sizes[record.key] = max(end, self.sizes.get(record.key, 0))
        taken = {*_KEYWORDS, *natives(3, library=True), *natives(2, library=True), *DEFINITIONS}
        self.keys = _identifiers(self.sizes, taken)
        self.names = _identifiers(tape.parameters, taken | set(self.keys.values()))
        self.phase: list[Angle] = [tape.phase]
        self.defined: dict[str, None] = {}  # lines, in order

    def text(self) -> str:
        """Return the whole program."""
        body = self.rows()
        out = ["OPENQASM 3.0;", 'include "stdgates.inc";'] if self.version == 3 else []
        out = out or ["OPENQASM 2.0;", 'include "qelib1.inc";']
        for old, new in (*self.names.items(), *self.keys.items()):
            if old != new:
                out.append(f"// {new} stands for {' '.join(old.split())}")
        out += self.defined
        out += [f"input float[64] {self.names[name]};" for name in self.tape.parameters]
        qubits, bits = (
            ("qubit[{1}] {0};", "bit[{1}] {0};") if self.version == 3 else ("qreg {0}[{1}];", "creg {0}[{1}];")
        )
        if self.tape.n_qubits:
            out.append(qubits.format("q", self.tape.n_qubits))
        out += [bits.format(self.keys[key], size) for key, size in self.sizes.items()]
        out += body
        phase = Expr.total(self.phase)
        if not phase.is_number or phase.const:
            out.append(
                f"gphase({self.angle(phase)});" if self.version == 3 else f"// global phase: {phase.const!r} rad"
            )
        return "\n".join(out) + "\n"

    def angle(self, value: Angle) -> str:
        """Return an angle as text."""
        if not isinstance(value, Expr) or value.is_number:
            return angle_text(float(value))
        return re.sub(r"\b(a)(sin|cos|tan)\(", r"arc\2(", infix(value.tokens(), names=self.names))

    def rows(self) -> list[str]:
        """Return one line a row, or more."""
        tape, out = self.tape, list[str]()
        q = [f"q[{k}]" for k in range(tape.n_qubits)]
        codes, pairs, angles = tape.opcode.tolist(), tape.qubits.tolist(), tape.angle.tolist()
        names = {int(op): spelled(op, self.version) for op in SPECS}
        plain = (tape.wide < 0) & (tape.condition < 0) & (tape.payload < 0) & ~tape.is_symbolic
        is_plain = (plain & (tape.opcode != Op.BARRIER)).tolist()
        n_angles = {int(op): spec.n_angles for op, spec in SPECS.items()}
        for row, code in enumerate(codes):
            name, needs = names[code]
            if is_plain[row] and not needs and code < Op.MCX:
                a, b = pairs[row]
                n = n_angles[code]
                text = f"{name}({', '.join(map(angle_text, angles[row][:n]))})" if n else name
                out.append(f"{text} {q[a]}, {q[b]};" if b >= 0 else f"{text} {q[a]};")
                continue
            lines = self.row(row, Op(code), [q[k] for k in tape.qubits_of(row)])
            if tape.condition[row] >= 0:
                test = self.condition(tape.conditions[tape.condition[row]])
                lines = [f"if ({test}) {line}" for line in lines]
            out += lines
        return out

    def row(self, row: int, op: Op, where: list[str]) -> list[str]:
        """Return the lines of any row, without its condition."""
        tape = self.tape
        on = ", ".join(where)
        if op is Op.MEASURE:
            return self.measurement(row, where)
        if op is Op.BARRIER:
            return [f"barrier {on};"] if where else []
        if op is Op.RESET:
            return [f"reset {on};"]
        if op is Op.OPAQUE:
            return [self.opaque(tape.opaques[tape.payload[row]], on, len(where))]
        if op is Op.MAT1:
            found, phase = zyz_angles(np.ascontiguousarray(tape.mat1[tape.payload[row]])[None])
            phi, theta, lam = (float(v) for v in found[0])
            if tape.condition[row] < 0:
                self.phase.append(float(phase[0]) - (phi + lam) / 2)
            return [f"u3({angle_text(theta)}, {angle_text(phi)}, {angle_text(lam)}) {on};"]
        if op in (Op.MAT2, Op.MAT3):
            raise InputError(
                f"holds a matrix on {len(where)} qubits, which OpenQASM cannot say", where="circuit", hint=_TOO_WIDE
            )
        angles = f"({', '.join(self.angle(v) for v in tape.angles_of(row))})" if SPECS[op].n_angles else ""
        return [f"{self.gate(op, len(where))}{angles} {on};"]

    def gate(self, op: Op, n_qubits: int) -> str:
        """Return how a gate is called, defining it where needed."""
        if op in (Op.MCX, Op.MCP):
            small = {1: (Op.X, Op.P), 2: (Op.CX, Op.CP)}.get(n_qubits)
            if small:
                return spelled(small[op is Op.MCP], self.version)[0]
            if self.version == 3:
                return f"ctrl({n_qubits - 1}) @ {'x' if op is Op.MCX else 'p'}"
            name = {(Op.MCX, 3): "ccx", (Op.MCX, 4): "c3x", (Op.MCX, 5): "c4x", (Op.MCP, 3): "ccp"}.get((op, n_qubits))
            if name is None:
                raise InputError(
                    f"holds a gate with {n_qubits - 1} controls, which OpenQASM 2.0 cannot say",
                    where="circuit",
                    hint=f"{_TOO_WIDE}, or write version 3.0",
                )
            needs = name == "ccp"
        else:
            name, needs = spelled(op, self.version)
        if needs:
            self.defined.update(dict.fromkeys(definition_text(name, self.version)))
        return name

    def measurement(self, row: int, where: list[str]) -> list[str]:
        record = self.tape.measurements[self.tape.payload[row]]
        register, out = self.keys[record.key], list[str]()
        flips = [q for q, flip in zip(where, record.invert, strict=False) if flip]
        # X before flips the outcome, X after restores the qubit.
        out += [f"x {q};" for q in flips]
        for k, q in enumerate(where):
            bit = f"{register}[{record.offset + k}]"
            out.append(f"{bit} = measure {q};" if self.version == 3 else f"measure {q} -> {bit};")
        return out + [f"x {q};" for q in flips]

    def opaque(self, item: Any, on: str, n_qubits: int) -> str:
        duration = getattr(item.payload, "duration", None)
        if duration is not None and self.version == 3 and type(item.payload).__name__.startswith("WaitGate"):
            try:
                return f"delay[{float(duration.total_nanos())!r}ns] {on};"
            except TypeError:
                raise InputError("holds a delay of symbolic length", where="circuit", hint="give a number") from None
        if item.payload is None and self.version == 2:
            name, _, args = item.text.partition("(")
            params = ", ".join(f"p{k}" for k in range(args.count(",") + 1)) if args else ""
            qubits = ", ".join(f"a{k}" for k in range(n_qubits))
            self.defined[f"opaque {name}{f'({params})' if params else ''} {qubits};"] = None
            return f"{item.text} {on};"
        raise InputError(
            f"holds {item.text!r}, which OpenQASM {self.version}.0 cannot say", where="circuit", hint="remove it"
        )

    def condition(self, test: Condition) -> str:
        """Return a condition as text."""
        unknown = [key for key in test.keys if key not in self.sizes]
        if unknown or test.kind == "cirq":
            what = f"on {unknown[0]!r}, which is not measured" if unknown else f"that only Cirq can say: {test.payload}"
            raise InputError(f"holds a condition {what}", where="circuit", hint="rewrite it")
        if test.kind == "nonzero":
            sign = "==" if test.negate else "!="
            if self.version == 2:
                if len(test.keys) != 1 or (not test.negate and self.sizes[test.keys[0]] != 1):
                    raise self.unsaid(test)
                return f"{self.keys[test.keys[0]]} == {0 if test.negate else 1}"
            if len(test.keys) == 1:
                return f"{self.keys[test.keys[0]]} {sign} 0"
            if not test.negate:
                raise self.unsaid(test)
            return " && ".join(f"{self.keys[key]} == 0" for key in test.keys)
        key = test.keys[0]
        whole = tuple((key, k) for k in reversed(range(self.sizes[key])))
        if test.bits == whole and (self.version == 3 or not test.negate):
            return f"{self.keys[key]} {'!=' if test.negate else '=='} {test.value}"
        if self.version == 2:
            raise self.unsaid(test)
        terms = [
            f"{self.keys[key]}[{bit}] == {test.value >> k & 1}" for k, (key, bit) in enumerate(reversed(test.bits))
        ]
        text = " && ".join(terms)
        return f"!({text})" if test.negate else text

    def unsaid(self, test: Condition) -> InputError:
        return InputError(
            f"holds a condition on {', '.join(test.keys)} that OpenQASM {self.version}.0 cannot say",
            where="circuit",
            hint="write version 3.0" if self.version == 2 else "use conditions on one key",
        )


def _identifiers(names: Iterable[str], taken: Iterable[str]) -> Mapping[str, str]:
    """Return a legal and unused identifier for each name, the name itself where possible."""
    used, out = set(taken), dict[str, str]()
    listed = list(names)
    for name in listed:
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) and name not in used:
            out[name] = name
    used |= set(out)
    for name in listed:
        if name in out:
            continue
        base = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "x"
        base = base if base[0].isalpha() else f"x{base}"
        chosen, k = base, 0
        while chosen in used:
            k += 1
            chosen = f"{base}_{k}"
        used.add(chosen)
        out[name] = chosen
    return out
