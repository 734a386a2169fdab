"""OpenQASM statements that act on qubits: gate calls with modifiers, definitions, measurements, barriers, delays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from qcompile.errors import InputError, nearest
from qcompile.tape.builder import TapeBuilder
from qcompile.tape.control import controlled, power
from qcompile.tape.expr import Angle, Expr
from qcompile.tape.opcodes import Op
from qcompile.tape.qasm_gates import LIBRARY_TEXT, Definition, library_names, natives, same_native
from qcompile.tape.qasm_scan import Scanner
from qcompile.tape.qasm_state import State
from qcompile.tape.records import Opaque
from qcompile.tape.tape import Tape

__all__ = ["Calls"]

_MODIFIERS = ("ctrl", "negctrl", "inv", "pow")
_DURATION = re.compile(r"([0-9.]+(?:[eE][+-]?\d+)?)\s*(ns|us|µs|μs|ms|s|dt)")
_PICOSECONDS = {"ns": 1e3, "us": 1e6, "µs": 1e6, "μs": 1e6, "ms": 1e9, "s": 1e12}
_MAX_CONTROLS = 1000
_ROWS = tuple[tuple[int, tuple[int, ...], tuple[float, ...]], ...]


class Calls(State):
    """Reads statements that act on qubits."""

    def __init__(self, scan: Scanner, builder: TapeBuilder | None = None) -> None:
        super().__init__(scan, builder)
        self.expanded: dict[tuple[str, str], tuple[_ROWS, float] | None] = {}

    def plain_call(self, name: str, args: str | None, operands: str) -> bool:
        """Append `name(args) operands` when gate, angles and qubits are plain; False leaves it to `call`."""
        found = self.gates.get(name)
        if found is None or self.condition is not None:
            return False
        lookup = self.lookup
        try:
            if "," in operands:
                where = [lookup[part.strip()] for part in operands.split(",")]
                if len(set(where)) != len(where):
                    return False
            else:
                where = [lookup[operands.rstrip()]]
        except KeyError:
            return False
        if len(where) != found.n_qubits:
            return False
        if found.op is None or found.phase:
            return self.plain_defined(found, args, where)
        angles: tuple[float, ...] = ()
        if args is not None:
            numbers = self.plain_numbers(args)
            if numbers is None or len(numbers) != len(found.params):
                return False
            angles = numbers
        elif found.params:
            return False
        if self.pending:
            self.flush()
        if len(where) <= 2:
            return self.b.add_plain(found.op, where, angles)
        self.b.add(found.op, *where, angles=angles)
        return True

    def plain_defined(self, found: Definition, args: str | None, where: Sequence[int]) -> bool:
        """Append a defined gate whose rows are all short and numeric; the rows of each call are worked out once."""
        key = (found.name, args or "")
        if key not in self.expanded:
            self.expanded[key] = self.expand(found, args)
        rows = self.expanded[key]
        if rows is None:
            return False
        self.flush()
        for code, local, angles in rows[0]:
            self.b.add_plain(code, [where[k] for k in local], angles)
        if rows[1]:
            self.b.phase = self.b.phase + rows[1]
        return True

    def expand(self, found: Definition, args: str | None) -> tuple[_ROWS, float] | None:
        numbers = self.plain_numbers(args) if args else ()
        if numbers is None or found.opaque or len(numbers) != len(found.params):
            return None
        tape = self.gate_tape(found, numbers)
        short = not tape.is_symbolic.any() and tape.phase.is_number and not tape.calls and (tape.wide < 0).all()
        payload = (tape.payload >= 0) | (tape.opcode == Op.BARRIER)
        if not short or payload.any():
            return None
        rows = tuple(
            (int(tape.opcode[r]), tape.qubits_of(r), tuple(float(a) for a in tape.angles_of(r)))
            for r in range(len(tape))
        )
        return rows, tape.phase.const

    # Any call ----------------------------------------------------------------------------------------------------

    def call(self) -> None:
        """Read and append a gate call of any form."""
        scan = self.scan
        modifiers = self.modifiers()
        at = scan.next_at()
        name = scan.name("a statement")
        angles = self.arguments()
        if name == "gphase" and self.version == 3:
            if len(angles) != 1:
                raise scan.error(f"gives {len(angles)} angles to 'gphase'", hint="it takes 1")
            builder = TapeBuilder(0)
            builder.phase = Expr.of(angles[0])
            self.apply(builder.build(), modifiers, name)
            return
        found = self.find(name)
        if found is None:
            raise self.unknown(name, at)
        if len(angles) != len(found.params):
            raise scan.error(f"gives {len(angles)} angles to {name!r}", at=at, hint=f"it takes {len(found.params)}")
        if found.opaque:
            text = name + (f"({','.join(map(str, angles))})" if angles else "")
            for where in self.operands(found.n_qubits, name):
                self.b.opaque(Opaque(text, None), *where, condition=self.condition)
        elif found.op is not None and not modifiers and not found.phase:
            for where in self.operands(found.n_qubits, name):
                self.b.add(found.op, *where, angles=angles, condition=self.condition)
        else:
            self.apply(self.gate_tape(found, angles), modifiers, name)

    def apply(self, tape: Tape, modifiers: Sequence[tuple[str, Angle]], name: str) -> None:
        """Append a gate, given as a tape, under its modifiers; the one nearest to the gate acts first."""
        controls: list[int] = []
        for kind, value in reversed(modifiers):
            if kind in ("ctrl", "negctrl"):
                controls = [int(kind == "ctrl")] * int(float(value)) + controls
                continue
            if controls:
                tape, controls = controlled(tape, controls), []
            if kind == "inv":
                tape = tape.adjoint()
            elif isinstance(value, Expr):
                raise self.scan.error("has a power that is no number")
            else:
                tape = power(tape, value)
        if controls:
            tape = controlled(tape, controls)
        tape, phase = tape.replace(phase=Expr()), tape.phase
        for where in self.operands(tape.n_qubits, name):
            if self.condition is None:
                self.b.phase = self.b.phase + phase
            self.b.extend(tape, where, condition=self.condition)

    def modifiers(self) -> list[tuple[str, Angle]]:
        """Read `ctrl(n) @`, `negctrl(n) @`, `inv @` and `pow(k) @`."""
        scan, out = self.scan, list[tuple[str, Angle]]()
        while self.version == 3 and scan.peek() in _MODIFIERS:
            kind = scan.take()
            value: Angle = 1.0
            if scan.next_is("("):
                text, start = scan.until(")")
                scan.take(")")
                expr = self.expression(text, start)
                value = expr.const if expr.is_number else expr
                if kind != "pow" and not 1 <= self.integer(text, start) <= _MAX_CONTROLS:
                    raise scan.error(f"has {text} controls", at=start, hint=f"use 1 to {_MAX_CONTROLS}")
            elif kind == "pow":
                raise scan.error("has a 'pow' without its exponent", hint="write pow(k) @")
            scan.take("@")
            out.append((kind, value))
        return out

    def arguments(self) -> list[Angle]:
        """Read the angles of a call, if any."""
        scan, out = self.scan, list[Angle]()
        if scan.next_is("("):
            if scan.next_is(")"):
                return out
            while True:
                expr = self.expression(*scan.until(",)"))
                out.append(expr.const if expr.is_number else expr)
                if scan.take() == ")":
                    break
        return out

    def operands(self, n: int, name: str) -> list[list[int]]:
        """Read the qubits of a call up to the semicolon, registers broadcast: one list a call.

        Raises:
            InputError: The number of operands, or the sizes of registers, do not fit.
        """
        scan = self.scan
        found: list[tuple[list[int], bool]] = []
        start = scan.next_at()
        if n or scan.peek() != ";":
            while True:
                found.append(self.qubits())
                if not scan.next_is(","):
                    break
        scan.take(";")
        if len(found) != n:
            raise scan.error(f"gives {len(found)} qubits to {name!r}", at=start, hint=f"it takes {n}")
        sizes = {len(qubits) for qubits, many in found if many}
        if len(sizes) > 1:
            raise scan.error(
                f"applies {name!r} to registers of sizes {sorted(sizes)}", at=start, hint="use equal sizes"
            )
        calls = [[qs[k] if many else qs[0] for qs, many in found] for k in range(max(sizes, default=1))]
        for where in calls:
            if len(set(where)) != len(where):
                raise scan.error(f"applies {name!r} twice to one qubit", at=start)
        return calls

    def find(self, name: str) -> Definition | None:
        """Return a gate by name; gates of the standard library are built when first used."""
        found = self.gates.get(name)
        if found is None and name in self.library:
            inner = type(self)(Scanner(LIBRARY_TEXT[name], "standard library"))
            inner.gates = natives(3, library=True) | natives(2, library=True)
            inner.library = library_names(2)
            inner.definition()
            found = self.gates[name] = inner.gates[name]
        return found

    def unknown(self, name: str, at: int) -> InputError:
        """Return the error for a name that is no gate."""
        if name in self.constants:
            return self.scan.error(f"assigns to {name!r}", at=at, hint="variables that change are not supported")
        include = "qelib1.inc" if self.version == 2 else "stdgates.inc"
        hint = nearest(name, [*self.gates, *self.library])
        if name in natives(self.version, library=True) and not self.in_gate:
            hint = f'write include "{include}"; or define it'
        return self.scan.error(f"has the unknown gate {name!r}", at=at, hint=hint)

    def gate_tape(self, found: Definition, angles: Sequence[Angle]) -> Tape:
        """Return one call of a gate as a tape on qubits 0, 1, ..."""
        if found.tape is not None:
            values = dict(zip(found.params, angles, strict=True))
            used = set(found.tape.parameters)
            return found.tape.bind({name: value for name, value in values.items() if name in used})
        builder = TapeBuilder(found.n_qubits)
        if found.op is None:
            raise self.scan.error(f"uses the opaque gate {found.name!r} inside another gate")
        builder.add(found.op, *range(found.n_qubits), angles=angles)
        builder.phase = Expr(found.phase)
        return builder.build()

    # Definitions -------------------------------------------------------------------------------------------------

    def signature(self) -> tuple[str, list[str], list[str]]:
        """Read `name(params) qubits`."""
        scan = self.scan
        at = scan.next_at()
        name = scan.name("the name of a gate")
        params: list[str] = []
        if scan.next_is("("):
            while not scan.next_is(")"):
                params.append(scan.name("the name of an angle"))
                if scan.peek() != ")":
                    scan.take(",")
        names = [scan.name("the name of a qubit")]
        while scan.next_is(","):
            names.append(scan.name("the name of a qubit"))
        if len(set(params)) != len(params) or len(set(names)) != len(names):
            raise scan.error(f"defines {name!r} with one name twice", at=at)
        old = self.gates.get(name)
        if old is not None and (old.tape is not None or old.opaque):
            raise scan.error(f"defines {name!r} twice", at=at)
        return name, params, names

    def definition(self) -> None:
        """Read a gate definition."""
        scan = self.scan
        scan.take("gate")
        name, params, names = self.signature()
        scan.take("{")
        inner: Any = self.child(names, params)
        inner.statements("}")
        made = Definition(name, len(names), tuple(params), None, inner.tape())
        self.gates[name] = same_native(made)
        self.expanded = {key: rows for key, rows in self.expanded.items() if key[0] != name}

    def opaque(self) -> None:
        """Read the declaration of a gate without a body."""
        self.scan.take("opaque")
        name, params, names = self.signature()
        self.scan.take(";")
        self.gates[name] = Definition(name, len(names), tuple(params), opaque=True)

    # Other statements --------------------------------------------------------------------------------------------

    def targets(self) -> list[int]:
        """Read qubits up to the semicolon, without repetition; none named means all."""
        scan = self.scan
        if scan.next_is(";"):
            return list(range(self.b.n_qubits))
        out: dict[int, None] = {}
        while True:
            out.update(dict.fromkeys(self.qubits()[0]))
            if not scan.next_is(","):
                break
        scan.take(";")
        return list(out)

    def barrier(self) -> None:
        """Read a barrier."""
        self.scan.take("barrier")
        where = self.targets()
        if where:
            self.b.add(Op.BARRIER, *where)

    def reset(self) -> None:
        """Read a reset."""
        self.scan.take("reset")
        for q in self.targets():
            self.b.add(Op.RESET, q, condition=self.condition)

    def delay(self) -> None:
        """Read a delay: an opaque wait."""
        import cirq

        scan = self.scan
        scan.take("delay")
        scan.take("[")
        text, start = scan.until("]")
        scan.take("]")
        match = _DURATION.fullmatch(text)
        if match is None or match[2] == "dt":
            raise scan.error(f"has the duration {text!r}", at=start, hint="use a number with a unit: s, ms, us or ns")
        gate = cirq.WaitGate(cirq.Duration(picos=float(match[1]) * _PICOSECONDS[match[2]]))
        for q in self.targets():
            self.b.opaque(Opaque(str(gate), gate), q, condition=self.condition)

    def measure(self) -> None:
        """Read `measure q -> c;` or `measure q;`."""
        scan = self.scan
        scan.take("measure")
        qubits, _ = self.qubits()
        if self.version == 3 and scan.next_is(";"):
            self.flush()
            self.b.measure(*qubits, key="discarded", condition=self.condition)
            return
        scan.take("->")
        bits = self.bit_operand()
        scan.take(";")
        self.measure_into(qubits, bits)
